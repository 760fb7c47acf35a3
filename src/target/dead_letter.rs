//! Which queues are somebody's dead-letter queue, or the destination of failures: whatever resource says so, in whatever form.

use super::relation::{named, values_of_all};
use crate::template::{Template, When};
use indexmap::IndexMap;
use serde_json::Value;

/// The types of queues.
const QUEUES: &[&str] = &["AWS::SQS::Queue"];

/// Where resources name a dead-letter queue: a key at any depth, and the key below it (none: the value itself). Source: the CloudFormation reference of
/// SQS (`RedrivePolicy`), Lambda, EventBridge, Scheduler and Pipes (`DeadLetterConfig`), Lambda destinations (`OnFailure`), SNS (`RedrivePolicy`); SAM's
/// `DeadLetterQueue`.
const PLACES: &[(&str, Option<&str>)] = &[
    ("deadLetterTargetArn", None),
    ("DeadLetterConfig", Some("Arn")),
    ("DeadLetterConfig", Some("TargetArn")),
    ("DeadLetterQueue", Some("TargetArn")),
    ("OnFailure", Some("Destination")),
];

const POLICY: &str = "RedrivePolicy";
/// The keys of all of them.
const KEYS: &[&str] = &["deadLetterTargetArn", "DeadLetterConfig", "DeadLetterQueue", "OnFailure", POLICY];

/// The logical ids of dead-letter queues, each with when it is one.
pub(crate) fn queues<'t>(template: &Template<'t>) -> IndexMap<&'t str, When> {
    let mut queues: IndexMap<&'t str, When> = IndexMap::new();
    for resource in template.resources.values().chain(template.made.values()) {
        let Some(properties) = resource.object.get("Properties") else { continue };
        for value in named_in(properties) {
            for (queue, when) in named(template, value, QUEUES) {
                let when = when.and(resource.when());
                let all = queues.entry(queue.id).or_insert(When::Never);
                *all = all.clone().or(when);
            }
        }
    }
    queues
}

/// The values that name dead-letter queues.
fn named_in(properties: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    values_of_all(properties, KEYS, &mut found);
    let mut out = Vec::new();
    for (place, below) in PLACES {
        let values = found.iter().filter(|(key, _)| key == place).map(|(_, value)| *value);
        out.extend(values.filter_map(|value| match below {
            Some(below) => value.get(below),
            None => Some(value),
        }));
    }
    // A policy may be a JSON text, with the queue's ARN filled in by `Fn::Sub`.
    let policies = found.iter().filter(|(key, _)| *key == POLICY).map(|(_, value)| *value);
    out.extend(policies.filter(|policy| policy.get("deadLetterTargetArn").is_none()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Scope;
    use serde_json::json;

    #[test]
    fn dead_letter_queues_are_found_wherever_they_are_named() {
        let arn = |id: &str| json!({"Fn::GetAtt": [id, "Arn"]});
        let queue = |properties: Value| json!({"Type": "AWS::SQS::Queue", "Properties": properties});
        let fragment = json!({"Resources": {
            "Main": queue(json!({"RedrivePolicy": {"deadLetterTargetArn": arn("A"), "maxReceiveCount": 3}})),
            "Text": queue(json!({"RedrivePolicy": {"Fn::Sub": "{\"deadLetterTargetArn\": \"${B.Arn}\", \"maxReceiveCount\": 3}"}})),
            "A": queue(json!({})), "B": queue(json!({})), "C": queue(json!({})), "D": queue(json!({})), "E": queue(json!({})),
            "F": {"Type": "AWS::Lambda::Function", "Condition": "Prod", "Properties": {"DeadLetterConfig": {"TargetArn": arn("C")}}},
            "R": {"Type": "AWS::Events::Rule", "Properties": {"Targets": [{"Id": "t", "Arn": arn("F"), "DeadLetterConfig": {"Arn": arn("D")}}]}},
        }});
        let template = Template::read(&fragment, Scope::Template);
        let found: Vec<_> = queues(&template).into_iter().collect();
        let prod = When::Holds("Prod".to_owned());
        assert_eq!(found, [("A", When::Always), ("B", When::Always), ("C", prod), ("D", When::Always)]);
    }
}
