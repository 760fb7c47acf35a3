//! Tasks of the Database Migration Service: CloudWatch knows them by the name of their replication instance, which no attribute gives, and by the end of
//! their own ARN.

use super::properties::Properties;
use super::relation::named;
use super::resource::{Found, Search, piece};
use crate::catalogue::rows::migration::{INSTANCE, TASK};
use crate::finding::{Finding, UNRELATED};
use crate::template::intrinsic::{branches, is_no_value, make_ref};
use crate::template::text::{Part, Text};
use crate::template::{Resource, Template, When};
use serde_json::{Value, json};

const ARN: &str = "ReplicationInstanceArn";
const NAME: &str = "ReplicationInstanceIdentifier";

/// Finds tasks.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for task in template.of_types(TASK.types) {
        let Some(arn) = task.own(ARN) else { continue };
        match instance_name(template, arn) {
            Ok(name) => search.add(Found {
                kind: &TASK,
                resource: task,
                part: None,
                dimensions: vec![name, piece(&make_ref(task.id), ":", 6)],
                when: When::Always,
                properties: Properties::Of(task.id),
            }),
            Err(gap) => search.findings.push(gap.finding(task)),
        }
    }
}

/// Why the name of a task's instance is not known.
enum Gap {
    /// The instance is not in the template.
    Elsewhere,
    /// It is, but leaves its name to the service.
    Nameless(String),
}

impl Gap {
    fn finding(self, task: &Resource<'_>) -> Finding {
        let (why, help) = match self {
            Self::Elsewhere => (
                "its replication instance is not in this template, and CloudWatch knows the task by the instance's name".to_owned(),
                "add alarms for it by hand, with the name of its instance".to_owned(),
            ),
            Self::Nameless(id) => (
                format!("CloudWatch knows it by the name of its replication instance, and {id} has no `{NAME}`"),
                format!("set `{NAME}` on {id}, to have its tasks watched"),
            ),
        };
        Finding::new(&UNRELATED, task.property_at(ARN), format!("{} is not watched: {why}", task.id), help)
    }
}

fn instance_name(template: &Template<'_>, arn: &Value) -> Result<Value, Gap> {
    if let Some((condition, yes, no)) = branches(arn) {
        return Ok(json!({"Fn::If": [condition, instance_name(template, yes)?, instance_name(template, no)?]}));
    }
    let here = named(template, arn, INSTANCE.types);
    let (instance, _) = here.first().ok_or(Gap::Elsewhere)?;
    instance.own(NAME).and_then(stored).ok_or_else(|| Gap::Nameless(instance.id.to_owned()))
}

/// A name as the service stores it: in lower case, as far as it is written in the template.
fn stored(name: &Value) -> Option<Value> {
    if let Some((condition, yes, no)) = branches(name) {
        return Some(json!({"Fn::If": [condition, stored(yes)?, stored(no)?]}));
    }
    let text = Text::read(name).filter(|text| text.is_visible() && !is_no_value(name))?;
    let mut lower = Text::default();
    for part in text.parts() {
        match part {
            Part::Literal(literal) => lower.push_literal(&literal.to_lowercase()),
            Part::Ref(_) | Part::Attribute(..) | Part::Opaque(_) => lower.push_part(part.clone()),
        }
    }
    Some(if lower == text { name.clone() } else { lower.to_value() })
}

#[cfg(test)]
mod tests {
    use super::super::resource::{found_by, said_by};
    use super::*;

    fn fragment(arn: Value, name: Value) -> Value {
        json!({"Resources": {
            "Copy": {"Type": "AWS::DMS::ReplicationTask", "Condition": "Migrating", "Properties": {"ReplicationInstanceArn": arn}},
            "Rep": {"Type": "AWS::DMS::ReplicationInstance", "Properties": {"ReplicationInstanceIdentifier": name}},
            "Bare": {"Type": "AWS::DMS::ReplicationInstance", "Properties": {}},
        }})
    }

    fn name(arn: Value, name: Value) -> Option<Value> {
        let found = found_by(find, &fragment(arn, name));
        found.into_iter().next().and_then(|(_, dimensions, _)| dimensions.into_iter().next())
    }

    #[test]
    fn a_task_is_known_by_its_instance_and_the_end_of_its_arn() {
        let end = json!({"Fn::Select": [6, {"Fn::Split": [":", {"Ref": "Copy"}]}]});
        let found = found_by(find, &fragment(json!({"Ref": "Rep"}), json!("Orders-Rep")));
        let when = When::Holds("Migrating".to_owned());
        assert_eq!(found, [("Copy".to_owned(), vec![json!("orders-rep"), end], when)]);
    }

    #[test]
    fn the_name_of_the_instance_is_copied_in_lower_case() {
        for (written, expected) in [
            (json!({"Ref": "P"}), json!({"Ref": "P"})),
            (json!({"Fn::Join": ["-", ["rep", {"Ref": "P"}]]}), json!({"Fn::Join": ["-", ["rep", {"Ref": "P"}]]})),
            (json!({"Fn::Sub": "${P}-Rep"}), json!({"Fn::Sub": "${P}-rep"})),
            (json!({"Fn::If": ["C", "A", "b"]}), json!({"Fn::If": ["C", "a", "b"]})),
        ] {
            assert_eq!(name(json!({"Fn::Sub": "${Rep}"}), written), Some(expected));
        }
    }

    #[test]
    fn a_choice_of_instances_is_a_choice_of_names() {
        let same = json!({"Fn::If": ["C", {"Ref": "Rep"}, {"Ref": "Rep"}]});
        assert_eq!(name(same, json!("r")), Some(json!({"Fn::If": ["C", "r", "r"]})));
    }

    #[test]
    fn a_name_that_nobody_knows_is_asked_for() {
        for (arn, name, word) in [
            (json!({"Ref": "Bare"}), json!("r"), "Bare has no"),
            (json!({"Ref": "Rep"}), json!({"Ref": "AWS::NoValue"}), "Rep has no"),
            (json!({"Ref": "Rep"}), json!([1]), "Rep has no"),
            (json!({"Fn::If": ["C", {"Ref": "Rep"}, {"Ref": "Bare"}]}), json!("r"), "Bare has no"),
            (json!({"Fn::ImportValue": "arn"}), json!("r"), "not in this template"),
            (json!([]), json!("r"), "not in this template"),
        ] {
            let fragment = fragment(arn, name);
            assert_eq!(found_by(find, &fragment).len(), 0);
            assert!(said_by(find, &fragment).join("").contains(word), "{word}");
        }
    }
}
