//! A group of alarms as a table: a row for each thing that is watched, a column for each alarm, the usual threshold once at the top. Where there is no
//! room for a table, a list.

use super::group::{Group, Row};
use crate::catalogue::AlarmSpec;
use crate::plan::PlannedAlarm;
use crate::report::Layout;
use crate::report::page::{Line, Page, Tone, shorten, shorten_path};
use crate::report::words::{count, short_name, sign, tight};

/// The widest cell.
const WIDEST_CELL: usize = 28;
/// The longest subtitle, since a stage's name may be any intrinsic function.
const WIDEST_SUBTITLE: usize = 60;
/// A table is not drawn with less room for names than this, unless the names are shorter.
const NARROWEST_LABEL: usize = 20;
/// Between columns, where there is room.
const WIDE_GAP: usize = 2;
/// Between columns, where there is little.
const SMALL_GAP: usize = 1;

/// A group, with its heading.
pub(super) fn page(group: &Group<'_>, layout: Layout) -> Page {
    let mut page = Page::default();
    title(&mut page, group, layout.width);
    if group.alarms().next().is_none() {
        for row in &group.rows {
            page.push(Line::default().with(Tone::Dim, format!("  {}", label(row, verb_width(group), layout.width))));
        }
        return page;
    }
    let table = Table::new(group);
    let longest = longest_label(group, table.verbs);
    let gaps = [WIDE_GAP, SMALL_GAP].map(|gap| (gap, table.room_for_labels(layout.width, gap)));
    let whole = gaps.iter().find(|(_, room)| *room >= longest);
    match whole.or(gaps.iter().find(|(_, room)| *room >= NARROWEST_LABEL)) {
        Some((gap, room)) => {
            Drawing { table: &table, label: longest.min(*room), gap: *gap, width: layout.width }.draw(&mut page)
        }
        None => table.list(layout.width, &mut page),
    }
    page
}

/// `OrdersApi · REST API · stage prod · 30 alarms`.
fn title(page: &mut Page, group: &Group<'_>, width: usize) {
    let mut line = Line::new(Tone::Strong, shorten(&group.title, WIDEST_SUBTITLE));
    let mut parts: Vec<String> = group.subtitles().iter().map(|part| shorten(part, WIDEST_SUBTITLE)).collect();
    let alarms = group.alarms().count() * group.copies();
    if alarms > 0 {
        parts.push(count(alarms, "alarm"));
    }
    parts.extend(group.conditions());
    for part in parts {
        let fits = line.width() + 3 + part.chars().count() <= width;
        if !fits {
            page.push(std::mem::take(&mut line));
        }
        line = line.with(Tone::Dim, if fits { " · " } else { "  " }).with(Tone::Plain, part);
    }
    page.push(line);
}

fn verb_width(group: &Group<'_>) -> usize {
    group.rows.iter().map(|row| row.verb.chars().count()).max().unwrap_or_default()
}

/// `GET    /orders`, in so many columns.
fn label(row: &Row<'_>, verbs: usize, room: usize) -> String {
    if row.verb.is_empty() {
        return shorten_path(row.name, room);
    }
    format!("{:verbs$} {}", row.verb, shorten_path(row.name, room.saturating_sub(verbs + 1)))
}

fn longest_label(group: &Group<'_>, verbs: usize) -> usize {
    group.rows.iter().map(|row| label(row, verbs, usize::MAX).chars().count()).max().unwrap_or_default()
}

/// A column: an alarm, the threshold that it usually has, and its width.
struct Column<'p> {
    row: &'p AlarmSpec,
    name: String,
    usual: Option<&'p str>,
    width: usize,
}

impl<'p> Column<'p> {
    fn new(group: &Group<'p>, row: &'p AlarmSpec) -> Self {
        let (name, usual) = (short_name(row), group.usual_threshold(row));
        let mut column = Self { row, name, usual, width: 0 };
        let cells =
            group.rows.iter().filter_map(|row| row.alarm(column.row)).map(|alarm| column.cell(alarm).width()).max();
        let heading = column.name.chars().count().max(column.threshold().chars().count());
        column.width = heading.max(cells.unwrap_or_default());
        column
    }

    fn threshold(&self) -> String {
        self.usual.map(|usual| shorten(&tight(usual), WIDEST_CELL)).unwrap_or_default()
    }

    /// The sign of the severity, and the threshold where it is not the usual one.
    fn cell(&self, alarm: &PlannedAlarm) -> Line {
        let (tone, sign) = sign(alarm.severity);
        let line = Line::new(if alarm.present { Tone::Dim } else { tone }, sign);
        if self.usual == Some(alarm.threshold.as_str()) {
            return line;
        }
        line.with(Tone::Plain, " ").with(Tone::Strong, shorten(&tight(&alarm.threshold), WIDEST_CELL))
    }
}

struct Table<'g, 'p> {
    group: &'g Group<'p>,
    columns: Vec<Column<'p>>,
    verbs: usize,
    price: usize,
}

impl<'g, 'p> Table<'g, 'p> {
    fn new(group: &'g Group<'p>) -> Self {
        let columns = group.columns().into_iter().map(|row| Column::new(group, row)).collect();
        let price = group.rows.iter().map(|row| group.price(row).len()).max().unwrap_or_default();
        Self { group, columns, verbs: verb_width(group), price: price.max("a month".len()) }
    }

    /// The room for names in a table of that width.
    fn room_for_labels(&self, width: usize, gap: usize) -> usize {
        let columns: usize = self.columns.iter().map(|column| column.width + gap).sum();
        width.saturating_sub(2 + columns + gap + self.price)
    }

    /// What differs from the heading: the condition of the row, and of single alarms in it.
    fn conditions(&self, row: &Row<'_>) -> Vec<String> {
        let words = |when: Option<&str>| when.map_or_else(|| "always".to_owned(), |when| format!("only if {when}"));
        let mut notes = Vec::new();
        if row.condition() != self.group.condition {
            notes.push(words(row.condition()));
        }
        for alarm in row.alarms.iter().filter(|alarm| alarm.when.as_deref() != row.condition()) {
            notes.push(format!("{} {}", short_name(&alarm.row), words(alarm.when.as_deref())));
        }
        notes
    }

    /// The group as a list, for narrow terminals: the usual thresholds once, then what differs below each name.
    fn list(&self, width: usize, page: &mut Page) {
        self.list_usual(width, page);
        for row in &self.group.rows {
            let price = if row.alarms.is_empty() { row.remark.to_owned() } else { self.group.price(row) };
            let room = width.saturating_sub(2 + WIDE_GAP + price.chars().count());
            let tone = if row.alarms.is_empty() { Tone::Dim } else { Tone::Plain };
            let line = Line::new(tone, format!("  {}", label(row, self.verbs, room)));
            page.push(line.up_to(width.saturating_sub(price.chars().count())).with(Tone::Dim, price));
            if row.alarms.is_empty() {
                continue;
            }
            for column in &self.columns {
                match row.alarm(column.row) {
                    Some(alarm) if column.usual != Some(alarm.threshold.as_str()) => {
                        let (tone, sign) = sign(alarm.severity);
                        let line =
                            Line::new(tone, format!("    {sign} ")).with(Tone::Plain, format!("{} ", column.name));
                        page.push(line.with(Tone::Strong, shorten(&tight(&alarm.threshold), width.saturating_sub(12))));
                    }
                    Some(_) => {}
                    None => page.push(Line::new(Tone::Dim, format!("    – no {}", column.name))),
                }
            }
            for note in self.conditions(row) {
                page.prose(Line::default(), 4, Tone::Dim, &note, Some(width));
            }
        }
    }

    fn list_usual(&self, width: usize, page: &mut Page) {
        let mut line = Line::default();
        for column in self.columns.iter().filter(|column| column.usual.is_some()) {
            let alarm = self.group.alarms().find(|alarm| alarm.row.id == column.row.id);
            let Some((tone, sign)) = alarm.map(|alarm| sign(alarm.severity)) else { continue };
            let text = format!("{} {}", column.name, column.threshold());
            if line.width() > 0 && line.width() + text.chars().count() + 5 > width {
                page.push(std::mem::take(&mut line));
            }
            line = line.with(Tone::Plain, "  ").with(tone, sign).with(Tone::Plain, format!(" {text}"));
        }
        if line.width() > 0 {
            page.push(line);
        }
    }
}

/// A table with the widths that it is drawn in.
struct Drawing<'t, 'g, 'p> {
    table: &'t Table<'g, 'p>,
    label: usize,
    gap: usize,
    width: usize,
}

impl Drawing<'_, '_, '_> {
    /// The first column behind the names.
    fn start(&self) -> usize {
        2 + self.label + self.gap
    }

    fn draw(&self, page: &mut Page) {
        let (mut names, mut thresholds) = (Line::default(), Line::default());
        let mut at = self.start();
        for column in &self.table.columns {
            names = names.up_to(at).with(Tone::Strong, &column.name);
            thresholds = thresholds.up_to(at).with(Tone::Plain, column.threshold());
            at += column.width + self.gap;
        }
        page.push(names.up_to((at + self.table.price).saturating_sub("a month".len())).with(Tone::Dim, "a month"));
        page.push(thresholds);
        for row in &self.table.group.rows {
            self.draw_row(row, page);
        }
    }

    fn draw_row(&self, row: &Row<'_>, page: &mut Page) {
        let text = label(row, self.table.verbs, self.label);
        let mut line = Line::default().with(Tone::Plain, "  ");
        if row.alarms.is_empty() {
            line = line.with(Tone::Dim, text).up_to(self.start()).with(Tone::Dim, row.remark);
            return page.push(line);
        }
        line = line.with(if row.verb.is_empty() { Tone::Strong } else { Tone::Plain }, text);
        let mut at = self.start();
        for column in &self.table.columns {
            line = line.up_to(at);
            line = match row.alarm(column.row) {
                Some(alarm) => column.cell(alarm).spans().fold(line, |line, (tone, text)| line.with(tone, text)),
                None => line.with(Tone::Dim, "–"),
            };
            at += column.width + self.gap;
        }
        let price = self.table.group.price(row);
        line = line.up_to((at + self.table.price).saturating_sub(price.len())).with(Tone::Dim, price);
        self.push_with_conditions(row, line, page);
    }

    /// The conditions behind the row, or below it where they are long.
    fn push_with_conditions(&self, row: &Row<'_>, line: Line, page: &mut Page) {
        let notes = self.table.conditions(row);
        let length: usize = notes.iter().map(|note| note.chars().count() + WIDE_GAP).sum();
        if line.width() + length <= self.width {
            let line = notes.iter().fold(line, |line, note| line.with(Tone::Dim, format!("  {note}")));
            return page.push(line);
        }
        page.push(line);
        for note in notes {
            page.prose(Line::default(), 4, Tone::Dim, &note, Some(self.width));
        }
    }
}
