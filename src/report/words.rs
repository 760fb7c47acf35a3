//! Words and figures that several renderers share.

use crate::catalogue::{AlarmSpec, Cents, Severity, Threshold, Unit, Window};
use crate::finding::Level;

use super::page::Tone;

/// `1 method`, `6 methods`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = match noun.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{noun}s"),
    };
    format!("{} {}", thousands(number), if number == 1 { noun } else { &plural })
}

/// `12,345`.
pub fn thousands(number: usize) -> String {
    crate::template::text::thousands(&number.to_string())
}

/// `$1,234.50`.
pub(super) fn money(cents: Cents) -> String {
    format!("${}.{:02}", thousands(usize::try_from(cents / 100).unwrap_or(usize::MAX)), cents % 100)
}

/// The heading of an alarm's column: `p99`, `4xx`, `success`, `throttles`.
pub(super) fn short_name(row: &AlarmSpec) -> String {
    match row.name() {
        "ClientErrorRate" => return "4xx".to_owned(),
        "ServerErrorRate" => return "5xx".to_owned(),
        _ => {}
    }
    let mut words = String::new();
    for c in row.name().chars() {
        let starts_word = c.is_ascii_uppercase() && !words.is_empty();
        if starts_word {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    let words = words.strip_suffix(" rate").unwrap_or(&words);
    let words = words.replacen("latency ", "", 1);
    if words.ends_with("error") { format!("{words}s") } else { words }
}

/// The order of columns: how slow, how many fail, how many succeed, how many at all.
pub(super) fn rank(row: &AlarmSpec) -> (u8, String) {
    let rank = match row.unit {
        Unit::Milliseconds | Unit::Seconds | Unit::Days => 0,
        Unit::Percent if row.comparison.is_upper() => 1,
        Unit::Percent => 2,
        Unit::Count | Unit::Bytes => 3,
    };
    (rank, row.id.to_string())
}

/// `>2,500 ms` of `> 2,500 ms`.
pub(super) fn tight(threshold: &str) -> String {
    threshold.replacen("> ", ">", 1).replacen("< ", "<", 1)
}

/// The sign of a severity, so that it can be told without colours.
pub(super) fn sign(severity: Severity) -> (Tone, &'static str) {
    match severity {
        Severity::Critical => (Tone::Critical, "●"),
        Severity::Warning => (Tone::Warning, "○"),
    }
}

/// The tone of a level.
pub(super) fn tone(level: Level) -> Tone {
    match level {
        Level::Error => Tone::Critical,
        Level::Warn => Tone::Warning,
        Level::Info => Tone::Info,
    }
}

/// `3 of 5 × 1 min`.
pub(super) fn window(window: Window) -> String {
    format!("{} of {} × {}", window.datapoints, window.evaluation_periods, duration(window.period))
}

/// `1 min`, `90 s`.
pub(super) fn duration(seconds: u32) -> String {
    match (seconds % 3600, seconds % 60) {
        (0, _) => format!("{} h", seconds / 3600),
        (_, 0) => format!("{} min", seconds / 60),
        _ => format!("{seconds} s"),
    }
}

/// A row's default threshold in words: `> 2,500 ms`, `> 90 % of Timeout`.
pub(super) fn default_threshold(row: &AlarmSpec) -> String {
    let sign = row.comparison.sign();
    match &row.threshold {
        Threshold::Number(number) => format!("{sign} {}{}", decimal(*number), row.unit.suffix()),
        Threshold::Share(share) => format!("{sign} {} % of {}", share.percent, share.property),
        Threshold::Yours => format!("{sign} your number"),
    }
}

/// A number as people write it.
pub(super) fn decimal(number: f64) -> String {
    let text = format!("{number}");
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), thousands);
    fraction.map_or_else(|| whole.clone(), |fraction| format!("{whole}.{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{alarm, alarms};

    #[test]
    fn columns_have_short_names() {
        let name = |id: &str| short_name(alarm(id).expect("a row"));
        assert_eq!(name("Api.LatencyP99"), "p99");
        assert_eq!(name("Api.ServerErrorRate"), "5xx");
        assert_eq!(name("Api.SuccessRate"), "success");
        assert_eq!(name("Function.ErrorRate"), "errors");
        assert_eq!(name("WebSocket.IntegrationLatencyP99"), "integration p99");
        assert!(alarms().all(|row| !short_name(row).is_empty()));
    }

    #[test]
    fn figures_are_easy_to_read() {
        assert_eq!((count(1, "method"), count(1200, "policy")), ("1 method".to_owned(), "1,200 policies".to_owned()));
        assert_eq!((money(5), money(123_456)), ("$0.05".to_owned(), "$1,234.56".to_owned()));
        assert_eq!((decimal(2500.0), decimal(0.5)), ("2,500".to_owned(), "0.5".to_owned()));
    }
}
