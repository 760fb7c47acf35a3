//! The first lines of a plan: the file, what was found in it, what is added, and what changes besides alarms.

use indexmap::{IndexMap, IndexSet};

use crate::catalogue::Severity;
use crate::guard::Change;
use crate::plan::Plan;
use crate::report::page::{Line, Page, Tone, shorten};
use crate::report::words::{count, money};
use crate::report::{Detail, Layout, Reach, Report};
use crate::target::Place;

/// So many limits of single methods, or tags, are listed one by one.
const LISTED: usize = 6;

/// The header.
pub(super) fn page(report: &Report<'_>, layout: Layout) -> Page {
    let plan = &report.outcome.plan;
    let mut page = Page::default();
    page.push(Line::new(Tone::Strong, report.source.name));
    let found = found(plan);
    if !found.is_empty() {
        joined(&mut page, &found, layout.width);
    }
    joined(&mut page, &added(report), layout.width);
    page.append(changes(plan, layout));
    page
}

/// What a template holds.
fn found(plan: &Plan) -> Vec<String> {
    let mut apis: IndexMap<&str, &str> = IndexMap::new();
    let mut routes: IndexSet<(&str, &str, &str)> = IndexSet::new();
    let mut resources: IndexMap<&str, IndexSet<&str>> = IndexMap::new();
    for alarm in &plan.alarms {
        match &alarm.place {
            Place::Stage { api, protocol, .. } => {
                apis.insert(api, protocol.as_str());
            }
            Place::Route { api, protocol, verb, path, .. } => {
                apis.insert(api, protocol.as_str());
                routes.insert((api, verb, path));
            }
            Place::Resource { id } => {
                resources.entry(alarm.row.group()).or_default().insert(id);
            }
        }
    }
    for route in &plan.unwatched {
        apis.entry(&route.api).or_insert("");
        routes.insert((&route.api, &route.verb, &route.path));
    }
    let mut protocols: IndexMap<&str, usize> = IndexMap::new();
    for protocol in apis.values() {
        *protocols.entry(protocol).or_default() += 1;
    }
    let mut found: Vec<String> =
        protocols.iter().map(|(protocol, number)| count(*number, format!("{protocol} API").trim_start())).collect();
    if !routes.is_empty() {
        found.push(count(routes.len(), "method"));
    }
    found.extend(resources.iter().map(|(group, ids)| count(ids.len(), &group.to_lowercase())));
    found
}

/// What is added, what it costs, and how full the template is.
fn added(report: &Report<'_>) -> Vec<String> {
    let plan = &report.outcome.plan;
    let new: Vec<_> = plan.alarms.iter().filter(|alarm| !alarm.present).collect();
    let critical = new.iter().filter(|alarm| alarm.severity == Severity::Critical).count();
    let there = plan.alarms.len() - new.len();
    if plan.alarms.is_empty() && plan.changes.is_empty() {
        return vec!["nothing to add".to_owned()];
    }
    let verb = if report.reach == Reach::Audits { "would add" } else { "adds" };
    let mut parts = Vec::new();
    match new.len() {
        0 => parts.push("no new alarms".to_owned()),
        all => parts.push(format!("{verb} {} ({critical} critical, {} warning)", count(all, "alarm"), all - critical)),
    }
    if there > 0 {
        parts.push(format!("{there} there already"));
    }
    let alarms = plan.cost() - plan.metrics_cost;
    parts.push(match (plan.cost(), plan.metrics_cost) {
        (total, 0) => format!("about {} a month", money(total)),
        (total, metrics) => format!("about {} a month (alarms {}, detailed metrics {})", money(total), money(alarms), money(metrics)),
    });
    parts.push(format!("resources {}", super::resources(report)));
    parts
}

/// Parts with dots between them, on as many lines as they need.
fn joined(page: &mut Page, parts: &[String], width: usize) {
    let mut line = Line::default();
    for part in parts {
        if line.width() > 0 && line.width() + 3 + part.chars().count() > width {
            page.push(std::mem::take(&mut line));
        }
        line = if line.width() > 0 { line.with(Tone::Dim, " · ") } else { line.with(Tone::Plain, "  ") };
        line = line.with(Tone::Plain, part);
    }
    page.push(line);
}

/// What guardrails add. Tags are summed up: `2 default tags on 14 resources`.
fn changes(plan: &Plan, layout: Layout) -> Page {
    let mut page = Page::default();
    if plan.changes.is_empty() {
        return page;
    }
    page.gap();
    let (stages, others): (Vec<&Change>, Vec<&Change>) = plan.changes.iter().partition(|change| change.stage.is_some());
    let mut by_stage: IndexMap<String, Vec<&str>> = IndexMap::new();
    for change in stages {
        let owner = format!("{} {}", change.owner, change.stage.as_deref().unwrap_or_default());
        by_stage.entry(owner).or_default().push(&change.what);
    }
    let longest = by_stage.keys().map(|owner| owner.chars().count()).max().unwrap_or_default();
    let column = longest.min(layout.width / 3);
    for (owner, whats) in &by_stage {
        let listed = if layout.detail == Detail::Everything { whats.len() } else { LISTED.min(whats.len()) };
        for (index, what) in whats.iter().take(listed).enumerate() {
            let owner = if index == 0 { shorten(owner, column) } else { String::new() };
            let first = Line::new(Tone::Good, "  + ").with(Tone::Strong, owner).up_to(column + 4);
            page.prose(first, column + 6, Tone::Plain, what, Some(layout.width));
        }
        if whats.len() > listed {
            let more = Line::default().up_to(column + 6).with(Tone::Dim, format!("… and {} more", whats.len() - listed));
            page.push(more);
        }
    }
    let mut by_what: IndexMap<&str, usize> = IndexMap::new();
    for change in others {
        *by_what.entry(&change.what).or_default() += 1;
    }
    for (what, number) in by_what {
        page.push(Line::new(Tone::Good, "  + ").with(Tone::Plain, format!("{what} on {}", count(number, "resource"))));
    }
    page
}
