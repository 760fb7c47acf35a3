//! The one table: a figure, its goal, and whether it is met.

use std::fmt;

/// The rows so far.
#[derive(Default)]
pub(crate) struct Table(Vec<[String; 4]>);

/// What a figure is to be.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
    /// It is only shown.
    None,
}

impl Table {
    /// Adds a figure that is judged by its goal.
    pub(crate) fn add(&mut self, what: &str, value: f64, unit: &str, goal: Goal) {
        let (goal, verdict) = match goal {
            Goal::AtMost(most) => (format!("≤ {}", shown(most, unit)), if value <= most { "met" } else { "missed" }),
            Goal::AtLeast(least) => {
                (format!("≥ {}", shown(least, unit)), if value >= least { "met" } else { "missed" })
            }
            Goal::None => (String::new(), ""),
        };
        self.0.push([what.to_owned(), shown(value, unit), goal, verdict.to_owned()]);
    }

    /// Says why a figure is not there.
    pub(crate) fn skip(&mut self, what: &str, why: &str) {
        self.0.push([what.to_owned(), format!("skipped: {why}"), String::new(), String::new()]);
    }
}

/// A number with three digits that matter, and its unit.
fn shown(value: f64, unit: &str) -> String {
    let decimals = match value.abs() {
        large if large >= 100.0 => 0,
        medium if medium >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{value:.decimals$}");
    if unit.is_empty() { text } else { format!("{text} {unit}") }
}

/// A table in Markdown, its columns aligned.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["what", "measured", "goal", ""].map(str::to_owned);
        let width =
            |column: usize| self.0.iter().chain([&head]).map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths = [0, 1, 2, 3].map(|column| width(column).max(3));
        let mut line = |row: &[String; 4]| {
            let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
            writeln!(f, "| {} |", cells.collect::<Vec<_>>().join(" | "))
        };
        line(&head)?;
        line(&widths.map(|width| "-".repeat(width)))?;
        self.0.iter().try_for_each(line)
    }
}
