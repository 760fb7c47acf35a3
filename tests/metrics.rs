//! The catalogue against what is known of CloudWatch: every metric that a row reads exists with its dimensions, and what AWS recommends or publishes
//! is watched, or left out for a reason that is written down. `tests/metrics/README.md` says where the tables come from.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

use std::collections::{BTreeMap, BTreeSet};
use toprail::catalogue::{alarms, kinds};

/// Namespace, metric, dimensions: sorted, with commas between.
type Tuple = (String, String, String);

/// The lines of a table below its heading, in columns.
fn table(name: &str) -> Vec<Vec<String>> {
    let path = format!("{}/tests/metrics/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn sorted(dimensions: &str) -> String {
    let mut names: Vec<&str> = dimensions.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    names.join(",")
}

/// Every tuple that a row reads, with the rows that read it.
fn read() -> BTreeMap<Tuple, Vec<&'static str>> {
    let mut tuples: BTreeMap<Tuple, Vec<&'static str>> = BTreeMap::new();
    for row in alarms() {
        for kind in row.on {
            let names: Vec<&str> = kind.dimensions.iter().map(|dimension| dimension.name).collect();
            for metric in row.metrics() {
                let name = kind.metric_name(metric.name).to_owned();
                tuples.entry((kind.namespace.to_owned(), name, sorted(&names.join(",")))).or_default().push(&row.id);
            }
        }
    }
    tuples
}

#[test]
fn every_metric_of_a_row_exists_with_its_dimensions() {
    let known: BTreeSet<Tuple> =
        table("known.tsv").into_iter().map(|line| (line[0].clone(), line[1].clone(), line[2].clone())).collect();
    let unknown: Vec<_> = read().into_iter().filter(|(tuple, _)| !known.contains(tuple)).collect();
    assert!(unknown.is_empty(), "not in tests/metrics/known.tsv: {unknown:#?}");
}

#[test]
fn every_known_metric_says_where_it_is_documented() {
    let lines = table("known.tsv");
    assert!(lines.iter().all(|line| line.len() == 5 && !line[4].is_empty() && line[2] == sorted(&line[2])));
    assert!(lines.is_sorted_by(|a, b| a[..3] < b[..3]), "sorted, and each once");
}

#[test]
fn what_aws_recommends_is_watched_or_left_out_for_a_reason() {
    let read = read();
    let left_out = table("left_out.tsv");
    let is_left_out = |tuple: &Tuple| {
        left_out.iter().any(|line| {
            line[0] == tuple.0
                && (line[1] == "*" || line[1] == tuple.1)
                && (line[2] == "*" || sorted(&line[2]) == tuple.2)
        })
    };
    let recommended = table("recommended.tsv").into_iter().map(|line| {
        let dimensions = line[2].split(',').map(|name| name.split('=').next().unwrap_or_default().trim().to_owned());
        (
            line[0].clone(),
            line[1].clone(),
            sorted(&dimensions.filter(|name| name != "(none)").collect::<Vec<_>>().join(",")),
        )
    });
    let (mut missing, mut needless) = (Vec::new(), Vec::new());
    for tuple in recommended {
        match (read.contains_key(&tuple), is_left_out(&tuple)) {
            (false, false) => missing.push(tuple),
            (true, true) if left_out.iter().any(|line| line[1] == tuple.1 && sorted(&line[2]) == tuple.2) => {
                needless.push(tuple);
            }
            _ => {}
        }
    }
    assert!(missing.is_empty(), "neither watched nor in tests/metrics/left_out.tsv: {missing:#?}");
    assert!(needless.is_empty(), "watched, and yet in tests/metrics/left_out.tsv: {needless:#?}");
}

#[test]
fn every_resource_type_with_metrics_is_watched_or_left_out_for_a_reason() {
    let kinds: Vec<_> = alarms().flat_map(|row| row.on).collect();
    let watched: BTreeSet<(&str, &str)> =
        kinds.iter().flat_map(|kind| kind.types.iter().map(|name| (kind.namespace, *name))).collect();
    let lines = table("left_out.tsv");
    let left_out: BTreeSet<(&str, &str)> = lines
        .iter()
        .filter(|line| line[1] == "*" && line[2] == "*")
        .map(|line| (line[0].as_str(), line[3].as_str()))
        .collect();
    let path = format!("{}/tests/metrics/resource_types.txt", env!("CARGO_MANIFEST_DIR"));
    let types = std::fs::read_to_string(path).unwrap();
    let is_told = |name: &&str| watched.iter().chain(&left_out).any(|(_, other)| other == name);
    let missing: Vec<_> = types.lines().filter(|name| !is_told(name)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
    let needless: Vec<_> = left_out.intersection(&watched).collect();
    assert!(needless.is_empty(), "watched, and yet left out: {needless:#?}");
}

#[test]
fn every_reason_for_leaving_out_is_a_sentence() {
    for line in table("left_out.tsv") {
        assert_eq!(line.len(), 5, "{line:?}");
        assert!(line[4].len() > 20, "{line:?}");
    }
}

#[test]
fn alarms_of_one_resource_type_have_different_names() {
    // The logical id of an alarm is made of the resource's id, its part and the alarm's name.
    let mut names: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for kind in kinds().filter(|kind| !kind.groups.contains(&"Api") && !kind.groups.contains(&"WebSocket")) {
        for (row, of) in kind.alarms().flat_map(|row| kind.types.iter().map(move |of| (row, of))) {
            let other = names.insert((of, row.name()), &*row.id);
            assert!(other.is_none_or(|other| other == row.id), "{} and {other:?} on {of}", row.id);
        }
    }
}
