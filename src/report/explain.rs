//! The page of an alarm, a guardrail or a finding: what it means, its defaults and where they come from, how to change it and how to be spared it.

use super::list::{dimensions, min, per};
use super::page::{Line, Page, Tone};
use super::words::{decimal, default_threshold, duration, money, sign, tone};
use crate::catalogue::{AlarmSpec, Missing, Own, Reads, Rows, Threshold, row_cost};
use crate::catalogue::{Guard, Profile, codes, guards};
use crate::finding::Code;

/// Something that has a page.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'r> {
    /// An alarm.
    Alarm(&'r AlarmSpec),
    /// A guardrail.
    Guard(&'static Guard),
    /// A kind of finding.
    Finding(&'static Code),
}

/// Why an id names nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unknown<'r> {
    /// It is the name of several alarms.
    Ambiguous(Vec<&'r str>),
    /// Nothing has it; the nearest ids.
    Missing(Vec<&'r str>),
}

/// What an id names, whatever its case: `Api.LatencyP99`, `LatencyP99`, `unthrottled-stage`, `TR301`.
///
/// # Errors
/// If nothing has this id, or several alarms.
pub fn find<'r>(id: &str, rows: &'r Rows) -> Result<Subject<'r>, Unknown<'r>> {
    let is = |other: &str| other.eq_ignore_ascii_case(id);
    if let Some(row) = rows.all().find(|row| is(&row.id)) {
        return Ok(Subject::Alarm(row));
    }
    if let Some(guard) = guards().find(|guard| is(guard.id)) {
        return Ok(Subject::Guard(guard));
    }
    if let Some(code) = codes().find(|code| is(code.id) || is(code.name)) {
        return Ok(Subject::Finding(code));
    }
    let named: Vec<_> = rows.all().filter(|row| is(row.name())).collect();
    match named.as_slice() {
        [row] => Ok(Subject::Alarm(row)),
        [] => Err(Unknown::Missing(nearest(id, rows))),
        several => Err(Unknown::Ambiguous(several.iter().map(|row| &*row.id).collect())),
    }
}

/// Everything that has a page.
pub fn ids(rows: &Rows) -> impl Iterator<Item = &str> {
    rows.all().map(|row| &*row.id).chain(codes().flat_map(|code| [code.id, code.name]))
}

fn nearest<'r>(id: &str, rows: &'r Rows) -> Vec<&'r str> {
    let id = id.to_ascii_lowercase();
    let likeness = |other: &str| {
        let other = other.to_ascii_lowercase();
        let name = other.split_once('.').map_or(other.as_str(), |(_, name)| name);
        strsim::jaro_winkler(&id, &other).max(strsim::jaro_winkler(&id, name))
    };
    let mut near: Vec<_> =
        ids(rows).map(|other| (likeness(other), other)).filter(|(likeness, _)| *likeness > 0.82).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    near.dedup();
    near.into_iter().take(3).map(|(_, id)| id).collect()
}

/// The page of a subject.
pub fn page(subject: Subject<'_>, prose: Option<usize>) -> Page {
    match subject {
        Subject::Alarm(row) => alarm(row, prose),
        Subject::Guard(guard) => guardrail(guard, prose),
        Subject::Finding(code) => finding(code, prose),
    }
}

fn alarm(row: &AlarmSpec, prose: Option<usize>) -> Page {
    let mut page = Page::default();
    let (tone, sign) = sign(row.severity);
    let title = Line::new(tone, sign).with(Tone::Plain, " ").with(Tone::Strong, &*row.id);
    page.push(title.with(
        Tone::Dim,
        format!(" · {} alarm · profile {} and up", row.severity.as_str().to_lowercase(), row.profile.as_str()),
    ));
    page.gap();
    let limit = match &row.threshold {
        Threshold::Number(number) => format!("{}{}", decimal(*number), row.unit.suffix()),
        Threshold::Share(share) => format!("{} % of {}", share.percent, share.property),
        Threshold::Yours => "your number".to_owned(),
    };
    let what = row.what.replace("{threshold}", &limit).replace("{per}", &per(row)).replace("{min}", &min(row));
    page.prose(Line::default(), 2, Tone::Plain, &what, prose);
    page.gap();
    for (name, text) in facts(row) {
        page.prose(Line::new(Tone::Dim, format!("  {name}")), 14, Tone::Plain, &text, prose);
    }
    page.gap();
    page.push(Line::new(Tone::Strong, "To change it"));
    snippet(&mut page, &change(row));
    page.gap();
    page.push(Line::new(Tone::Strong, "To do without it in one place"));
    let place = match row.group() {
        "Api" => "GET /reports".to_owned(),
        "WebSocket" => "MyApi".to_owned(),
        group => format!("My{group}"),
    };
    snippet(&mut page, &suppression(&row.id, &place));
    page
}

fn facts(row: &AlarmSpec) -> Vec<(&'static str, String)> {
    let metrics: Vec<_> =
        row.metrics().map(|metric| format!("{} = {} {}", metric.id, metric.name, metric.stat)).collect();
    let namespace = row.on.first().map_or("", |kind| kind.namespace);
    let mut metrics = format!("{namespace}: {}", metrics.join("; ").replace("{threshold}", "threshold"));
    let mut places: Vec<String> =
        row.on.iter().map(|kind| format!("{} ({})", kind.plural, dimensions(kind).join(", "))).collect();
    if row.on.iter().any(|kind| kind.metric_name("4XXError") != "4XXError")
        && row.metrics().any(|metric| metric.name.contains("XXError"))
    {
        places.push("HTTP APIs call the metrics 4xx and 5xx".to_owned());
    }
    if let Some(own) = &row.own {
        places.push(own.watches());
        metrics = reads(own, row.expression.is_some());
    }
    let window = row.window;
    let missing = match row.missing {
        Missing::NotBreaching => "no data is good",
        Missing::Breaching => "no data is bad",
        Missing::Ignore => "no data changes nothing",
        Missing::Missing => "no data is INSUFFICIENT_DATA",
    };
    let absent = match &row.threshold {
        Threshold::Share(share) => share
            .absent
            .map_or_else(String::new, |absent| format!("; {} where the property is absent", decimal(absent))),
        Threshold::Yours => "; no number fits everybody, so it is off until you set one".to_owned(),
        Threshold::Number(_) => String::new(),
    };
    let mut facts = vec![("First look", row.look.to_string()), ("Watches", places.join("; ")), ("Metrics", metrics)];
    facts.extend(row.default_expression().map(|expression| ("Expression", expression)));
    facts.push(("Threshold", format!("{}{absent}", default_threshold(row))));
    facts.push((
        "Window",
        format!(
            "{} of {} periods of {}; {missing}",
            window.datapoints,
            window.evaluation_periods,
            duration(window.period)
        ),
    ));
    facts.push(("Cost", format!("{} a month for each alarm", money(row_cost(row)))));
    facts.extend(row.own.as_ref().and_then(|own| Some(("Runbook", own.runbook.clone()?))));
    facts.push(("Source", row.source.to_string()));
    facts.retain(|(_, text)| !text.is_empty());
    facts
}

/// What a row of an organisation reads; ids of metrics matter where there is an expression.
fn reads(own: &Own, has_expression: bool) -> String {
    match &own.reads {
        Reads::Metric { namespace, dimensions } => {
            let dimensions: Vec<_> =
                dimensions.iter().map(|(name, from)| format!("{name} = {}", from.words())).collect();
            let id = |id: &str| if has_expression { format!("{id} = ") } else { String::new() };
            let metrics: Vec<_> =
                own.metrics.iter().map(|one| format!("{}{} {}", id(&one.id), one.name, one.stat)).collect();
            format!(
                "{namespace}: {} ({})",
                metrics.join("; ").replace("{threshold}", "threshold"),
                dimensions.join(", ")
            )
        }
        Reads::Log { pattern } => format!("lines that match `{pattern}`, counted by a metric filter"),
    }
}

/// How a template sets another threshold.
fn change(row: &AlarmSpec) -> String {
    let threshold = match &row.threshold {
        Threshold::Number(number) if *number > 0.0 => decimal(*number).replace(',', ""),
        Threshold::Number(_) => "5".to_owned(),
        Threshold::Share(_) | Threshold::Yours => "2000".to_owned(),
    };
    let (group, name) = (row.group(), row.name());
    let mut text = format!(
        "Metadata:\n  Toprail:\n    Alarms:\n      {group}: {{ {name}: {{ Threshold: {threshold} }} }}   # or: {name}: false"
    );
    if group == "Api" {
        text.push_str(&format!("\n    Methods:\n      \"POST /payments\": {{ {name}: {{ Threshold: {threshold} }} }}"));
    }
    text
}

fn suppression(id: &str, place: &str) -> String {
    format!(
        "Metadata:\n  Toprail:\n    Suppress:\n      - {{ Id: {id}, Where: {place}, Reason: \"why it does not matter there\" }}"
    )
}

fn snippet(page: &mut Page, text: &str) {
    for line in text.lines() {
        page.push(Line::new(Tone::Good, format!("  {line}")));
    }
}

fn guardrail(guard: &Guard, prose: Option<usize>) -> Page {
    let mut page = Page::default();
    let title = Line::new(Tone::Strong, guard.id)
        .with(Tone::Dim, format!(" · {} guardrail · finding {}", guard.concern.as_str(), guard.code.id));
    page.push(title);
    page.gap();
    page.prose(Line::default(), 2, Tone::Plain, guard.summary, prose);
    page.gap();
    let levels = [Profile::Essential, Profile::Standard, Profile::Critical]
        .map(|profile| format!("{} in {}", guard.default(profile).as_str(), profile.as_str()));
    page.prose(Line::new(Tone::Dim, "  Default"), 14, Tone::Plain, &levels.join(", "), prose);
    page.prose(
        Line::new(Tone::Dim, "  Fix adds"),
        14,
        Tone::Plain,
        guard.fix.unwrap_or("nothing: it only reports"),
        prose,
    );
    page.gap();
    markdown(&mut page, guard.page, prose);
    page
}

fn finding(code: &Code, prose: Option<usize>) -> Page {
    let mut page = Page::default();
    let title = Line::new(tone(code.level), code.id).with(Tone::Plain, " ").with(Tone::Strong, code.name);
    page.push(title.with(Tone::Dim, format!(" · finding · {}", code.level.as_str())));
    page.gap();
    page.prose(Line::default(), 2, Tone::Plain, code.page, prose);
    let guard = guards().find(|guard| guard.code == *code);
    if let Some(guard) = guard {
        page.gap();
        page.push(Line::new(Tone::Dim, format!("  `toprail explain {}` tells all about the guardrail.", guard.id)));
    }
    if code.level < crate::finding::Level::Error {
        page.gap();
        page.push(Line::new(Tone::Strong, "To do without it in one place"));
        snippet(&mut page, &suppression(code.id, "MyResource"));
    }
    page
}

/// The page of a guardrail, which is Markdown, as far as these pages use it: headings, paragraphs, lists, tables and code.
fn markdown(page: &mut Page, text: &str, prose: Option<usize>) {
    let mut paragraph = String::new();
    let (mut is_code, mut is_below_heading) = (false, false);
    let mut headings: Vec<String> = Vec::new();
    for line in text.lines().skip_while(|line| line.starts_with("# ")).chain([""]) {
        let ends_paragraph = is_code
            || line.is_empty()
            || line.starts_with(['#', '|'])
            || line.starts_with("- ")
            || line.starts_with("```");
        if ends_paragraph {
            flush(page, &mut paragraph, prose);
        }
        if !line.starts_with('|') {
            headings.clear();
        }
        if let Some(language) = line.strip_prefix("```") {
            is_code = !is_code;
            if let Some((_, verdict)) = language.split_once(' ') {
                page.push(Line::new(Tone::Dim, format!("  An example that {verdict}:")));
            }
        } else if is_code {
            page.push(Line::new(Tone::Good, format!("  {line}")));
        } else if let Some(row) = line.strip_prefix("| ") {
            table_row(page, row, &mut headings, prose);
        } else if let Some(heading) = line.strip_prefix("## ") {
            page.gap();
            page.push(Line::new(Tone::Strong, heading));
            is_below_heading = true;
            continue;
        } else if line.is_empty() {
            if !is_below_heading {
                page.gap();
            }
        } else {
            paragraph.push_str(line);
            paragraph.push(' ');
        }
        is_below_heading = false;
    }
}

/// A row of a table: its first cell, and the others below it with their headings.
fn table_row(page: &mut Page, row: &str, headings: &mut Vec<String>, prose: Option<usize>) {
    let cells = row.trim_end_matches('|').split(" | ").map(|cell| cell.trim().replace("**", "")).collect::<Vec<_>>();
    let Some((first, others)) = cells.split_first().filter(|(first, _)| !first.starts_with("---")) else { return };
    if headings.is_empty() {
        return *headings = cells;
    }
    page.prose(Line::new(Tone::Plain, "  -"), 4, Tone::Plain, first, prose);
    let named = headings.iter().skip(1).zip(others).map(|(heading, cell)| format!("{heading}: {cell}"));
    page.prose(Line::default(), 6, Tone::Dim, &named.collect::<Vec<_>>().join(" · "), prose);
}

/// Writes the paragraph or list item that has been read.
fn flush(page: &mut Page, paragraph: &mut String, prose: Option<usize>) {
    let mut text = std::mem::take(paragraph);
    // `**Why.** Because…`: the bold words are a heading.
    if let Some((heading, rest)) = text.strip_prefix("**").and_then(|rest| rest.split_once("**")) {
        page.push(Line::new(Tone::Strong, heading.trim_end_matches('.')));
        text = rest.to_owned();
    }
    let text = text.replace("**", "");
    match text.strip_prefix("- ") {
        Some(item) => page.prose(Line::new(Tone::Plain, "  -"), 4, Tone::Plain, item, prose),
        None if text.trim().is_empty() => {}
        None => page.prose(Line::default(), 2, Tone::Plain, &text, prose),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_a_page_in_any_case() {
        let rows = Rows::default();
        for id in ids(&rows) {
            let subject = find(&id.to_uppercase(), &rows).unwrap_or_else(|_| panic!("{id}"));
            let text = page(subject, Some(80)).to_string();
            assert!(
                text.lines().count() > 2 && text.lines().filter(|line| !line.contains("Toprail:")).count() > 2,
                "{id}"
            );
            assert!(!text.contains("{threshold}") && !text.contains("{min}") && !text.contains("{per}"), "{id}");
        }
    }

    #[test]
    fn a_name_that_is_not_unique_or_not_known_gets_candidates() {
        let rows = Rows::default();
        let find = |id: &str| super::find(id, &rows);
        assert!(matches!(find("successrate"), Ok(Subject::Alarm(row)) if row.id == "Api.SuccessRate"));
        let Err(Unknown::Ambiguous(several)) = find("ClientErrorRate") else { panic!("several have it") };
        assert!(several.contains(&"Api.ClientErrorRate") && several.contains(&"WebSocket.ClientErrorRate"));
        let Err(Unknown::Missing(near)) = find("Api.LatencyP9") else { panic!("it is not known") };
        assert!(near.contains(&"Api.LatencyP99"), "{near:?}");
        assert_eq!(find("zzzz").err(), Some(Unknown::Missing(Vec::new())));
    }
}
