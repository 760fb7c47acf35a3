//! What an organisation's own rows watch: resources of any type, and the log groups of functions.

use super::function_logs::{FUNCTIONS, groups};
use super::properties::{Answer, Properties, exists};
use super::resource::{attribute, place};
use super::target_list::{OwnLog, OwnTarget, Place, Target};
use crate::catalogue::{AlarmSpec, OWN_KIND, Own, Reads, Test, ValueFrom};
use crate::config::Settings;
use crate::config::alarm_settings::Untouched;
use crate::finding::{Finding, NO_LOG_GROUP, UNKNOWN_PROPERTY};
use crate::identity::logical_id;
use crate::template::intrinsic::{make_ref, single};
use crate::template::text::Text;
use crate::template::{Resource, Template, When};
use indexmap::IndexMap;
use serde_json::Value;
use std::sync::Arc;

/// The targets of all rows, in their order.
pub(super) fn targets<'t>(
    template: &Template<'t>,
    settings: &'t Settings,
    findings: &mut Vec<Finding>,
) -> Vec<Target<'t>> {
    let mut targets = Vec::new();
    let mut by_log = Vec::new();
    for row in settings.rows().own() {
        let Some(own) = &row.own else { continue };
        match &own.reads {
            Reads::Metric { .. } => targets.extend(on_metric(template, settings, row, own, findings)),
            Reads::Log { .. } => by_log.push(row),
        }
    }
    if !by_log.is_empty() {
        targets.extend(on_logs(template, settings, &by_log, findings));
    }
    targets
}

fn on_metric<'t>(
    template: &Template<'t>,
    settings: &Settings,
    row: &'t Arc<AlarmSpec>,
    own: &'t Own,
    findings: &mut Vec<Finding>,
) -> Vec<Target<'t>> {
    let Reads::Metric { namespace, dimensions } = &own.reads else { return Vec::new() };
    let types: Vec<&str> = own.types.iter().map(String::as_str).collect();
    let mut targets = Vec::new();
    for resource in template.of_types(&types) {
        let mut when = resource.when();
        let mut values = Vec::new();
        for (dimension, from) in dimensions {
            match value(template, resource, from) {
                Ok((value, given)) => {
                    when = when.and(given);
                    values.push((dimension.as_str(), value));
                }
                Err(property) if is_on(settings, row, &[resource.id.to_owned()]) => {
                    let what = format!(
                        "{} of {} needs `{property}` for the dimension `{dimension}`, and it is no text here",
                        row.id, resource.id
                    );
                    let help = "write it into the template; without, the alarm could never fire and is not made";
                    findings.push(Finding::new(&UNKNOWN_PROPERTY, place(resource, property), what, help));
                    break;
                }
                Err(_) => break,
            }
        }
        if values.len() == dimensions.len() && when != When::Never {
            let own = OwnTarget { row, namespace: Value::from(namespace.as_str()), log: None };
            targets.push(Target { dimensions: values, ..target(resource, own, when, Vec::new()) });
        }
    }
    targets
}

/// The value of a dimension, and when there is one; else the property that has none.
fn value<'f>(template: &Template<'_>, resource: &Resource<'_>, from: &'f ValueFrom) -> Result<(Value, When), &'f str> {
    match from {
        ValueFrom::Ref => Ok((make_ref(resource.id), When::Always)),
        ValueFrom::GetAtt(name) => Ok((attribute(resource.id, name), When::Always)),
        ValueFrom::Value(value) => Ok((value.clone(), When::Always)),
        ValueFrom::Property(path) => {
            let value = Properties::Of(resource.id).get(template, path).filter(|value| Text::read(value).is_some());
            let value = value.ok_or(path.as_str())?;
            let given = exists(&value);
            if given == When::Never { Err(path) } else { Ok((value, given)) }
        }
    }
}

fn target<'t>(resource: &Resource<'t>, own: OwnTarget<'t>, when: When, owners: Vec<String>) -> Target<'t> {
    let id = resource.id.to_owned();
    Target {
        kind: &OWN_KIND,
        own: Some(own),
        identity: vec![id.clone()],
        place: Place::Resource { id: id.clone(), name: id.clone() },
        name: Text::literal(resource.id),
        dimensions: Vec::new(),
        when,
        at: resource.at.clone(),
        owners: owners.into_iter().chain([id]).collect(),
        properties: Properties::Of(resource.id),
        after: Vec::new(),
    }
}

fn is_on(settings: &Settings, row: &AlarmSpec, owners: &[String]) -> bool {
    settings.alarm(row, &[row.group()], owners, None, &mut Untouched::new()).enabled.value
}

/// Metric filters are for log groups of the standard class. Source: CloudWatch Logs user guide, "Log classes".
const STANDARD: Test = Test::Any(&[Test::Not(&Test::Has("LogGroupClass")), Test::Is("LogGroupClass", &["STANDARD"])]);

/// A log group is watched once, however many functions write to it. One that is not in the template may not be there when the filter is made, and the
/// deployment would fail.
fn on_logs<'t>(
    template: &Template<'t>,
    settings: &Settings,
    rows: &[&'t Arc<AlarmSpec>],
    findings: &mut Vec<Finding>,
) -> Vec<Target<'t>> {
    let mut watched: IndexMap<&str, (When, Vec<String>)> = IndexMap::new();
    for function in template.of_types(FUNCTIONS) {
        let groups = groups(template, function);
        for (group, when) in &groups {
            let entry = watched.entry(group.id).or_insert((When::Never, Vec::new()));
            entry.0 = entry.0.clone().or(when.clone().and(function.when()));
            entry.1.push(function.id.to_owned());
        }
        let owners = [function.id.to_owned()];
        let wanted: Vec<&str> =
            rows.iter().filter(|row| groups.is_empty() && is_on(settings, row, &owners)).map(|row| &*row.id).collect();
        if !wanted.is_empty() {
            findings.push(not_here(function, &wanted));
        }
    }
    let mut targets = Vec::new();
    for row in rows {
        for (id, (when, functions)) in &watched {
            let Some(group) = template.any_resource(id) else { continue };
            let class = match Properties::Of(group.id).test(template, STANDARD) {
                Answer::When(class) => class,
                Answer::Unknown(_) => When::Never,
            };
            let when = when.clone().and(group.when()).and(class);
            if when == When::Never {
                continue;
            }
            let own = OwnTarget {
                row,
                // Two stacks of one account may have the same logical ids.
                namespace: single("Fn::Sub", Value::from("Toprail/${AWS::StackName}")),
                log: Some(OwnLog {
                    group: make_ref(group.id),
                    metric: logical_id(&[group.id.to_owned(), row.id.to_string()], 0),
                }),
            };
            targets.push(target(group, own, when, functions.clone()));
        }
    }
    targets
}

fn not_here(function: &Resource<'_>, rows: &[&str]) -> Finding {
    let what = format!(
        "the log group of {} is not in this template, so its lines are not watched for {}",
        function.id,
        rows.join(", ")
    );
    let help = format!(
        "add `AWS::Logs::LogGroup` with `LogGroupName: !Sub \"/aws/lambda/${{{}}}\"`, or name one in `LoggingConfig.LogGroup`; import the log group \
         first, if it is there already",
        function.id
    );
    Finding::new(&NO_LOG_GROUP, function.at.clone(), what, help)
}
