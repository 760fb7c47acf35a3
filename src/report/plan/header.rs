//! The first lines of a plan: the file, what was found in it, what is added, and what changes besides alarms.

use indexmap::{IndexMap, IndexSet};

use crate::catalogue::{Severity, group_kind};
use crate::guard::Change;
use crate::plan::Plan;
use crate::report::page::{Line, Page, Tone, shorten};
use crate::report::words::{count, money, sign, thousands};
use crate::report::{Detail, Layout, Reach, Report};
use crate::target::{Place, Protocol};

/// So many changes of one stage are listed one by one.
const LISTED: usize = 6;
/// The changes of so many stages are listed stage by stage.
const MOST_STAGES: usize = 4;
/// A stage's name may be any intrinsic function.
const WIDEST_STAGE: usize = 40;

/// Where the facts start.
const COLUMN: usize = 13;

/// The header.
pub(super) fn page(report: &Report<'_>, layout: Layout) -> Page {
    let plan = &report.outcome.plan;
    let mut page = Page::default();
    page.push(Line::new(Tone::Strong, report.source.name));
    page.gap();
    let found = found(plan);
    if plan.alarms.is_empty() && plan.changes.is_empty() {
        let why = if found.is_empty() { "nothing here that Toprail watches".to_owned() } else { found.join(" · ") };
        page.push(Line::new(Tone::Plain, format!("  Nothing to add: {why}")));
        return page;
    }
    let facts = [("Found", found.join(" · ")), ("Cost", cost(plan)), ("Resources", super::resources(report))];
    for (index, (name, text)) in facts.iter().enumerate() {
        if !text.is_empty() {
            page.prose(Line::new(Tone::Dim, format!("  {name}")), COLUMN, Tone::Plain, text, Some(layout.width));
        }
        if index == 0 {
            page.push(alarms(report));
        }
    }
    page.append(changes(plan, layout));
    page
}

/// `42 added: ● 22 critical, ○ 20 warning`.
fn alarms(report: &Report<'_>) -> Line {
    let alarms = &report.outcome.plan.alarms;
    let line = Line::new(Tone::Dim, "  Alarms").up_to(COLUMN);
    let there = alarms.iter().filter(|alarm| alarm.present).count();
    let new = alarms.len() - there;
    let mut line = match new {
        0 => line.with(Tone::Plain, "none to add"),
        _ => line.with(Tone::Strong, thousands(new)).with(
            Tone::Plain,
            if report.reach == Reach::Audits || report.outcome.failed() { " would be added: " } else { " added: " },
        ),
    };
    let severities = [Severity::Critical, Severity::Warning];
    let number = |severity| alarms.iter().filter(|alarm| !alarm.present && alarm.severity == severity).count();
    for (index, severity) in severities.into_iter().filter(|severity| number(*severity) > 0).enumerate() {
        let (tone, sign) = sign(severity);
        let words = format!(" {} {}", thousands(number(severity)), severity.as_str().to_lowercase());
        line = line.with(Tone::Plain, if index > 0 { ", " } else { "" }).with(tone, sign).with(Tone::Plain, words);
    }
    let filters = alarms.iter().filter(|alarm| !alarm.present && alarm.metric_filter.is_some()).count();
    if filters > 0 {
        line = line.with(Tone::Plain, format!(", and {}", count(filters, "metric filter")));
    }
    if there > 0 { line.with(Tone::Dim, format!(" ({there} there already)")) } else { line }
}

fn cost(plan: &Plan) -> String {
    let (total, metrics) = (plan.cost(), plan.metrics_cost);
    if total == 0 {
        return String::new();
    }
    if metrics == 0 {
        return format!("about {} a month", money(total));
    }
    format!("about {} a month (alarms {}, detailed metrics {})", money(total), money(total - metrics), money(metrics))
}

/// What a template holds: `1 REST API`, `6 methods`, `4 functions`.
fn found(plan: &Plan) -> Vec<String> {
    let mut apis: IndexMap<&str, Option<Protocol>> = IndexMap::new();
    let mut routes: IndexSet<(&str, &str, &str)> = IndexSet::new();
    let mut resources: IndexMap<&str, IndexSet<&str>> = IndexMap::new();
    for alarm in &plan.alarms {
        match &alarm.place {
            Place::Stage { api, protocol, .. } => {
                apis.insert(api, Some(*protocol));
            }
            Place::Route { api, protocol, verb, path, .. } => {
                apis.insert(api, Some(*protocol));
                routes.insert((api, verb, path));
            }
            Place::Resource { name, .. } => {
                resources.entry(alarm.row.group()).or_default().insert(name);
            }
        }
    }
    for route in &plan.unwatched {
        apis.entry(&route.api).or_insert(None);
        routes.insert((&route.api, &route.verb, &route.path));
    }
    // Each fact with its number, in the order in which it is told.
    let mut facts: IndexMap<String, usize> = IndexMap::new();
    for protocol in apis.values() {
        *facts
            .entry(protocol.map_or("API".to_owned(), |protocol| format!("{} API", protocol.as_str())))
            .or_default() += 1;
    }
    for (api, _, _) in &routes {
        let noun = match apis.get(api).copied().flatten() {
            Some(Protocol::Rest) | None => "method",
            Some(Protocol::Http | Protocol::WebSocket) => "route",
        };
        *facts.entry(noun.to_owned()).or_default() += 1;
    }
    let apis = facts.iter().map(|(noun, number)| count(*number, noun));
    let others = resources.iter().filter_map(|(group, names)| {
        let kind = group_kind(group)?;
        Some(if names.len() == 1 {
            format!("1 {}", kind.noun)
        } else {
            format!("{} {}", thousands(names.len()), kind.plural)
        })
    });
    apis.chain(others).collect()
}

/// What guardrails add: stage by stage, or summed up where there are many. Tags are always summed up: `2 default tags on 14 resources`.
fn changes(plan: &Plan, layout: Layout) -> Page {
    let mut page = Page::default();
    let owners: IndexSet<String> = plan.changes.iter().filter_map(stage).collect();
    let lists_stages = layout.detail == Detail::Everything || owners.len() <= MOST_STAGES;
    let mut lines: Vec<String> = Vec::new();
    for owner in owners.iter().filter(|_| lists_stages) {
        let whats: Vec<_> = plan.changes.iter().filter(|change| stage(change).as_ref() == Some(owner)).collect();
        let listed = if layout.detail == Detail::Everything { whats.len() } else { LISTED.min(whats.len()) };
        lines.extend(whats.iter().take(listed).map(|change| format!("{owner}: {}", change.what)));
        if whats.len() > listed {
            lines.push(format!("{owner}: and {} more (--verbose shows them)", whats.len() - listed));
        }
    }
    let mut by_what: IndexMap<(&str, &str), usize> = IndexMap::new();
    for change in plan.changes.iter().filter(|change| change.stage.is_none() || !lists_stages) {
        let noun = if change.stage.is_some() { "stage" } else { "resource" };
        *by_what.entry((&change.what, noun)).or_default() += 1;
    }
    lines.extend(by_what.iter().map(|((what, noun), number)| format!("{what} on {}", count(*number, noun))));
    for (index, text) in lines.iter().enumerate() {
        let first = Line::new(Tone::Dim, if index == 0 { "  Changes" } else { "" });
        page.prose(first, COLUMN, Tone::Plain, text, Some(layout.width));
    }
    page
}

/// `OrdersApi prod`.
fn stage(change: &Change) -> Option<String> {
    let stage = change.stage.as_deref()?;
    Some(format!("{} {}", change.owner, shorten(stage, WIDEST_STAGE)))
}
