//! What CloudWatch requires of an alarm beyond what `support::soundness` checks, and whether its metric exists. Sources: API references of
//! PutMetricAlarm, MetricDataQuery and MetricStat.

use crate::support::{Alarm, Out, publishes};
use serde_json::Value;
use std::collections::BTreeSet;
use toprail::target::Place;

/// What is wrong with the alarms that were added.
pub(crate) fn complaints(out: &Out) -> Vec<String> {
    let known = known_metrics();
    let mut complaints = Vec::new();
    for alarm in out.alarms() {
        let mut complain = |what: String| complaints.push(format!("{}: {what}", alarm.id()));
        for metric in metrics(&alarm) {
            if !known.contains(&metric) && !is_counted(out, &metric[1]) {
                complain(format!("no such metric: {metric:?}"));
            }
        }
        limits(&alarm, &mut complain);
        silent(out, &alarm, &mut complain);
    }
    complaints
}

/// Whether a metric filter of the template makes a metric of that name.
fn is_counted(out: &Out, name: &str) -> bool {
    let resources = out.fragment()["Resources"].as_object().into_iter().flatten();
    let mut filters = resources.filter(|(_, resource)| resource["Type"] == "AWS::Logs::MetricFilter");
    filters.any(|(_, filter)| filter["Properties"]["MetricTransformations"][0]["MetricName"] == name)
}

/// Namespace, metric and the names of the dimensions of what is known to exist.
fn known_metrics() -> BTreeSet<[String; 3]> {
    let lines = include_str!("../metrics/known.tsv").lines().skip(1);
    lines
        .filter_map(|line| {
            let mut fields = line.split('\t').map(str::to_owned);
            Some([fields.next()?, fields.next()?, fields.next()?])
        })
        .collect()
}

fn metrics(alarm: &Alarm<'_>) -> Vec<[String; 3]> {
    let of = |metric: &Value| {
        let dimensions = metric["Dimensions"].as_array().cloned().unwrap_or_default();
        let mut names: Vec<_> = dimensions.iter().filter_map(|dimension| dimension["Name"].as_str()).collect();
        names.sort_unstable();
        let text = |name: &str| metric[name].as_str().unwrap_or_default().to_owned();
        [text("Namespace"), text("MetricName"), names.join(",")]
    };
    match alarm.property("Metrics").as_array() {
        Some(entries) => entries.iter().filter_map(|entry| entry.pointer("/MetricStat/Metric")).map(of).collect(),
        None => vec![of(&alarm.resource["Properties"])],
    }
}

fn limits(alarm: &Alarm<'_>, complain: &mut impl FnMut(String)) {
    let entries = alarm.property("Metrics").as_array().cloned().unwrap_or_default();
    let ids: BTreeSet<_> = entries.iter().map(|entry| entry["Id"].as_str().unwrap_or_default()).collect();
    let is_id = |id: &str| {
        id.starts_with(|c: char| c.is_ascii_lowercase()) && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    if entries.len() > 10 || ids.len() != entries.len() || !ids.iter().all(|id| is_id(id)) {
        complain(format!("metrics called {ids:?}"));
    }
    // `ReturnData` is true unless it is said.
    let returned = entries.iter().filter(|entry| entry["ReturnData"] != false).count();
    if !entries.is_empty() && returned != 1 {
        complain(format!("{returned} metrics are returned"));
    }
    let own = entries.iter().filter_map(|entry| entry.pointer("/MetricStat/Period")).chain([alarm.property("Period")]);
    for period in own.filter_map(Value::as_u64) {
        let seconds = period * alarm.property("EvaluationPeriods").as_u64().unwrap_or(0);
        let longest = if period >= 3600 { 7 * 86_400 } else { 86_400 };
        if period % 60 != 0 || seconds > longest {
            complain(format!("{period} s, {seconds} s in all"));
        }
    }
    for name in ["AlarmActions", "OKActions", "InsufficientDataActions"] {
        if alarm.property(name).as_array().is_some_and(|actions| actions.is_empty() || actions.len() > 5) {
            complain(format!("{name}: {}", alarm.property(name)));
        }
    }
}

/// An alarm on a method whose stage publishes nothing for it can never fire.
fn silent(out: &Out, alarm: &Alarm<'_>, complain: &mut impl FnMut(String)) {
    let Place::Route { api, stage, verb, path, .. } = &alarm.planned.place else { return };
    let resources = out.fragment()["Resources"].as_object().into_iter().flatten();
    let is_of = |properties: &Value| {
        [&properties["RestApiId"], &properties["ApiId"]].iter().any(|owner| owner["Ref"] == api.as_str())
            && properties["StageName"] == stage.as_str()
    };
    let is_stage = |resource: &Value| resource["Type"].as_str().is_some_and(|kind| kind.ends_with("::Stage"));
    for (id, resource) in resources.filter(|(_, resource)| is_stage(resource)) {
        if is_of(&resource["Properties"]) && !verb.is_empty() && !publishes(&resource["Properties"], verb, path) {
            complain(format!("{id} publishes no metrics for {verb} {path}"));
        }
    }
}
