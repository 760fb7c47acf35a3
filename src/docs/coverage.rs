//! `docs/coverage.md`: resource type by resource type, what Toprail, its peers and AWS's recommendations watch.

use super::{NOTE, push};
use crate::catalogue::kinds;
use std::collections::{BTreeMap, BTreeSet};

/// The tables that the page is made from, as they stand in `tests/metrics`.
#[derive(Debug, Clone, Copy)]
pub struct Tables<'a> {
    /// Resource type and metric, and a column for each peer: `yes`, nothing, or what is wrong with its alarm.
    pub peers: &'a str,
    /// Namespace, metric, dimensions, and the resource types whose templates name these dimensions, of each recommendation of AWS.
    pub recommended: &'a str,
    /// Namespace, metric, dimensions, resource type and reason of what is left out.
    pub left_out: &'a str,
    /// The resource types with metrics in AWS's service specification.
    pub types: &'a str,
}

/// What is known of one resource type.
#[derive(Debug, Default)]
struct Coverage<'a> {
    alarms: Vec<String>,
    recommended: usize,
    watched: usize,
    /// By peer: alarms that work, and that do not.
    peers: BTreeMap<&'a str, (usize, usize)>,
}

/// The page.
pub fn coverage(tables: Tables<'_>) -> String {
    let names: Vec<&str> = tables.peers.lines().next().unwrap_or_default().split('\t').skip(2).collect();
    let types = by_type(&tables, &names);
    let mut page = format!("# Coverage\n\n{NOTE}");
    page.push_str(
        "What is watched of each resource type. *AWS* counts the rows of AWS's recommended alarms that a template can name, and how many of them \
         Toprail watches, with a threshold or with one that you set. A peer's cell counts the metrics it has alarms on; in brackets those whose \
         alarm cannot work, by the survey of its code. Where the facts come from stands in `tests/metrics/README.md`.\n\n",
    );
    push(&mut page, format_args!("| resource type | Toprail | AWS | {} |\n", names.join(" | ")));
    push(&mut page, format_args!("|---|---|---|{}\n", "---|".repeat(names.len())));
    for (name, of) in &types {
        let cells: Vec<String> = names.iter().map(|peer| peer_cell(of.peers.get(peer))).collect();
        let aws = if of.recommended > 0 { format!("{} of {}", of.watched, of.recommended) } else { String::new() };
        let alarms = of.alarms.join(", ");
        push(&mut page, format_args!("| `{name}` | {alarms} | {aws} | {} |\n", cells.join(" | ")));
    }
    page.push_str("\n## Left out\n\n| resource type | metric | why |\n|---|---|---|\n");
    for line in rows(tables.left_out) {
        if let [namespace, metric, dimensions, name, reason] = line.as_slice() {
            let what = match (*metric, *dimensions) {
                ("*", _) => (*namespace).to_owned(),
                (metric, "*" | "") => format!("{namespace} {metric}"),
                (metric, dimensions) => format!("{namespace} {metric} ({})", dimensions.replace(',', ", ")),
            };
            push(&mut page, format_args!("| {} | {what} | {reason} |\n", code(name)));
        }
    }
    page
}

fn code(name: &str) -> String {
    if name.contains("::") { format!("`{name}`") } else { name.to_owned() }
}

fn peer_cell(counts: Option<&(usize, usize)>) -> String {
    match counts {
        None | Some((0, 0)) => String::new(),
        Some((works, 0)) => works.to_string(),
        Some((works, fails)) => format!("{works} ({fails})"),
    }
}

fn by_type<'a>(tables: &Tables<'a>, peers: &[&'a str]) -> BTreeMap<&'a str, Coverage<'a>> {
    let mut types: BTreeMap<&'a str, Coverage<'a>> = BTreeMap::new();
    for name in tables.types.lines() {
        types.entry(name).or_default();
    }
    let mut watched = BTreeSet::new();
    for kind in kinds() {
        let mut dimensions: Vec<&str> = kind.dimensions.iter().map(|dimension| dimension.name).collect();
        dimensions.sort_unstable();
        for row in kind.alarms() {
            for name in kind.types {
                let of = types.entry(name).or_default();
                let alarm = format!("`{}`", row.id);
                if !of.alarms.contains(&alarm) {
                    of.alarms.push(alarm);
                }
            }
            for (metric, name) in row.metrics().flat_map(|metric| kind.types.iter().map(move |name| (metric, *name))) {
                watched.insert((name, kind.namespace, kind.metric_name(metric.name), dimensions.join(",")));
            }
        }
    }
    for line in rows(tables.recommended) {
        let [namespace, metric, dimensions, names, ..] = line.as_slice() else { continue };
        let mut sorted: Vec<&str> =
            dimensions.split(',').filter_map(|name| name.split('=').next()).map(str::trim).collect();
        sorted.sort_unstable();
        let dimensions = sorted.join(",");
        for name in names.split(',').map(str::trim).filter(|name| name.contains("::")) {
            let of = types.entry(name).or_default();
            of.recommended += 1;
            of.watched += usize::from(watched.contains(&(name, *namespace, *metric, dimensions.clone())));
        }
    }
    for line in rows(tables.peers) {
        let Some((name, cells)) = line.first().map(|name| (*name, line.iter().skip(2))) else { continue };
        let of = types.entry(name).or_default();
        for (peer, cell) in peers.iter().zip(cells) {
            let counts = of.peers.entry(peer).or_default();
            counts.0 += usize::from(*cell == "yes");
            counts.1 += usize::from(!cell.is_empty() && *cell != "yes");
        }
    }
    types
}

/// The lines of a table below its heading, in columns.
fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table.lines().skip(1).map(|line| line.split('\t').collect())
}
