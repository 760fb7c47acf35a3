//! Everything about every alarm and change: logical id, threshold and where it comes from, window, condition.

use crate::config::{Layer, Origin, Step};
use crate::plan::PlannedAlarm;
use crate::report::page::{Line, Page, Tone};
use crate::report::words::{money, sign, tight, window};
use crate::report::{Report, Source};
use crate::target::Place;

/// The details of a plan.
pub(super) fn page(report: &Report<'_>) -> Page {
    let mut page = Page::default();
    let plan = &report.outcome.plan;
    if !plan.settings.is_empty() {
        page.push(Line::new(Tone::Strong, "Settings"));
    }
    for step in &plan.settings {
        let line = Line::new(Tone::Plain, format!("  {} {}", step.key, step.value));
        page.push(line.with(Tone::Dim, format!(": {}", origin(&report.source, step))));
    }
    if !plan.alarms.is_empty() {
        page.push(Line::new(Tone::Strong, "Alarms"));
    }
    for alarm in &plan.alarms {
        page.append(one(&report.source, alarm));
    }
    if !plan.changes.is_empty() {
        page.gap();
        page.push(Line::new(Tone::Strong, "Changes"));
    }
    for change in &plan.changes {
        let owner = format!("{} {}", change.owner, change.stage.as_deref().unwrap_or_default());
        let line = Line::new(Tone::Good, "  + ")
            .with(Tone::Strong, owner.trim_end())
            .with(Tone::Plain, format!(": {}", change.what));
        page.push(line.with(Tone::Dim, format!(" ({})", change.guard)));
        page.push(Line::new(Tone::Dim, format!("      {}", report.source.place(&change.at))));
        let from: Vec<_> = change.from.iter().map(|from| report.source.origin(from)).collect();
        if !from.is_empty() {
            page.push(Line::new(Tone::Dim, format!("      from {}", from.join(", "))));
        }
    }
    page
}

pub(super) fn one(source: &Source<'_>, alarm: &PlannedAlarm) -> Page {
    let mut page = Page::default();
    let (tone, sign) = sign(alarm.severity);
    let line = Line::new(tone, format!("  {sign} ")).with(Tone::Strong, &alarm.logical_id);
    page.push(line.with(Tone::Dim, if alarm.present { "  (there already)" } else { "" }));
    let mut parts =
        vec![format!("{} for {}", alarm.row.id, place(&alarm.place)), tight(&alarm.threshold), window(alarm.window)];
    parts.push(format!("{} a month", money(alarm.cost)));
    parts.extend(alarm.when.as_ref().map(|when| format!("only if {when}")));
    page.push(Line::new(Tone::Plain, format!("      {}", parts.join(" · "))));
    let threshold = alarm.threshold.trim_start_matches(['>', '<', ' ']);
    let set = alarm.trail.iter().rev().find(|step| step.key == "Threshold");
    let origin = set.map_or_else(|| default(source, &alarm.threshold_origin), |step| origin(source, step));
    page.push(Line::new(Tone::Dim, format!("      Threshold {threshold}: {origin}")));
    for step in alarm.trail.iter().filter(|step| step.key != "Threshold") {
        page.push(Line::new(Tone::Dim, format!("      {} {}: {}", step.key, step.value, self::origin(source, step))));
    }
    if let Some(filter) = &alarm.metric_filter {
        page.push(Line::new(Tone::Dim, format!("      with the metric filter {filter}")));
    }
    page
}

/// Where a threshold stands that nobody set.
fn default(source: &Source<'_>, from: &Origin) -> String {
    let place = source.origin(from);
    if from.layer.is_built_in() { place } else { format!("{place}  {}", from.at) }
}

/// `template.yaml:14:9  /Metadata/…, over 2,500 ms at policy.yaml:3:9`.
fn origin(source: &Source<'_>, step: &Step) -> String {
    let mut text = source.origin(&step.from);
    if !step.from.layer.is_built_in() {
        text.push_str(&format!("  {}", step.from.at));
    }
    if step.from.layer == Layer::Enforced {
        text.push_str(", enforced");
    }
    if let Some((value, from)) = &step.over {
        let word = if step.from.layer == Layer::Enforced { "in place of" } else { "over" };
        let whose = if from.layer.is_policy() { "the policy's " } else { "" };
        text.push_str(&format!(", {word} {whose}{value} at {}", source.origin(from)));
    }
    text
}

/// `GET /orders of OrdersApi prod`.
fn place(place: &Place) -> String {
    match place {
        Place::Stage { api, stage, .. } => format!("{api} {stage}"),
        Place::Route { api, stage, verb, path, .. } => {
            format!("{api} {stage} {}", format!("{verb} {path}").trim_start())
        }
        Place::Resource { name, .. } => name.clone(),
    }
}
