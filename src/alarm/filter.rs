//! The metric filter behind an alarm on a log pattern: it counts the lines of a log group that match. Sources: CloudFormation template reference,
//! `AWS::Logs::MetricFilter`; CloudWatch Logs user guide, "Creating metrics from log events using filters".

use super::select::Alarm;
use crate::catalogue::Reads;
use crate::identity;
use crate::template::{Object, Template};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const TYPE: &str = "AWS::Logs::MetricFilter";

/// A metric filter that an alarm needs.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// Its logical id.
    pub(crate) id: String,
    /// Whether the template has it already, from an earlier pass.
    pub(crate) present: bool,
}

impl Filter {
    /// That of an alarm, whose pieces of identity these are.
    pub(super) fn name(template: &Template<'_>, pieces: &[&str], taken: &BTreeSet<String>) -> Option<Self> {
        let pieces: Vec<&str> = pieces.iter().copied().chain(["MetricFilter"]).collect();
        (0..).find_map(|attempt| {
            let id = identity::logical_id(&pieces, attempt);
            match template.resources.get(id.as_str()) {
                Some(resource) => (resource.kind == TYPE).then_some(Self { id, present: true }),
                None if template.has_name(&id) || taken.contains(&id) => None,
                None => Some(Self { id, present: false }),
            }
        })
    }
}

/// The resource, under the condition of its alarm; none: the alarm needs none, or it is there already.
pub(crate) fn resource(alarm: &Alarm<'_>, condition: Option<&str>) -> Option<(String, Value)> {
    let filter = alarm.filter.as_ref().filter(|filter| !filter.present)?;
    let (own, reads) = (alarm.target.own.as_ref()?, &alarm.row.own.as_ref()?.reads);
    let (Reads::Log { pattern }, Some(log)) = (reads, &own.log) else { return None };
    let mut resource = Object::new();
    resource.insert("Type".to_owned(), json!(TYPE));
    if let Some(condition) = condition {
        resource.insert("Condition".to_owned(), json!(condition));
    }
    let transformation = json!({"MetricNamespace": own.namespace, "MetricName": log.metric, "MetricValue": "1"});
    let properties =
        json!({"LogGroupName": log.group, "FilterPattern": pattern, "MetricTransformations": [transformation]});
    resource.insert("Properties".to_owned(), properties);
    Some((filter.id.clone(), Value::Object(resource)))
}
