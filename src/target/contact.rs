//! Amazon Connect: instances that keep recordings; flows and queues, which CloudWatch knows by the instance's id too.

use super::properties::{Answer, Properties};
use super::relation::named;
use super::resource::{Found, Search, attribute, piece};
use crate::catalogue::rows::contact_center::{FLOW, QUEUE, RECORDINGS};
use crate::catalogue::{Kind, Test};
use crate::finding::{Finding, METRIC_NOT_PUBLISHED, UNRELATED};
use crate::template::intrinsic::{branches, function, is_no_value};
use crate::template::text::Text;
use crate::template::{Resource, Template, When};
use serde_json::{Value, json};

const INSTANCE: &[&str] = &["AWS::Connect::Instance"];
const STORAGE: &[&str] = &["AWS::Connect::InstanceStorageConfig"];

/// A place where recordings are kept.
const KEEPS_RECORDINGS: Test = Test::Is("ResourceType", &["CALL_RECORDINGS"]);
/// A flow that nobody can be led through.
const ARCHIVED: Test = Test::Is("State", &["ARCHIVED"]);

/// Finds all three.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for instance in template.of_types(RECORDINGS.types) {
        let when = keeps_recordings(template, instance);
        let found = Found::whole(template, &RECORDINGS, instance);
        found.into_iter().for_each(|found| search.add(found.only_when(when.clone())));
    }
    for flow in template.of_types(FLOW.types) {
        // Where only CloudFormation knows the state, it is the usual one.
        let archived = match Properties::Of(flow.id).test(template, ARCHIVED) {
            Answer::When(when) => when,
            Answer::Unknown(_) => When::Never,
        };
        of_instance(search, &FLOW, "ContactFlow", flow, archived.negate());
    }
    for queue in template.of_types(QUEUE.types) {
        of_instance(search, &QUEUE, "Queue", queue, When::Always);
    }
}

/// When an instance has a place for recordings. One that is not in the template is none that we know of: recordings are optional.
fn keeps_recordings(template: &Template<'_>, instance: &Resource<'_>) -> When {
    template.of_types(STORAGE).fold(When::Never, |all, storage| {
        let Answer::When(keeps) = Properties::Of(storage.id).test(template, KEEPS_RECORDINGS) else { return all };
        let instances = storage.own("InstanceArn").map(|arn| named(template, arn, INSTANCE)).unwrap_or_default();
        let ours = instances.into_iter().filter(|(found, _)| found.id == instance.id);
        let is_ours = ours.fold(When::Never, |all, (_, when)| all.or(when));
        all.or(keeps.and(is_ours).and(storage.when()))
    })
}

/// A flow or a queue: its name tells it apart within its instance.
fn of_instance<'t>(search: &mut Search<'_, 't>, kind: &'static Kind, group: &str, resource: &Resource<'t>, when: When) {
    let (Some(arn), Some(name)) = (resource.own("InstanceArn"), resource.own("Name")) else { return };
    let Some(text) = Text::read(name).filter(|_| !is_no_value(name) && when != When::Never) else { return };
    if text.as_literal().is_some_and(|name| !name.is_ascii()) {
        return search.findings.push(unpublished(resource));
    }
    let Some(id) = instance_id(search.template, arn) else {
        return search.findings.push(unrelated(resource));
    };
    search.add(Found {
        kind,
        resource,
        part: None,
        dimensions: vec![id, json!(group), name.clone()],
        when,
        properties: Properties::Of(resource.id),
    });
}

/// The id of the instance that an ARN names.
fn instance_id(template: &Template<'_>, arn: &Value) -> Option<Value> {
    if let Some((condition, yes, no)) = branches(arn) {
        let (yes, no) = (instance_id(template, yes)?, instance_id(template, no)?);
        return Some(json!({"Fn::If": [condition, yes, no]}));
    }
    if let Some((found, _)) = named(template, arn, INSTANCE).first() {
        return Some(attribute(found.id, "Id"));
    }
    match Text::read(arn)?.as_literal() {
        Some(text) => text.split_once("instance/").map(|(_, id)| json!(id)),
        None => function(arn).filter(|_| !is_no_value(arn)).map(|_| piece(arn, "instance/", 1)),
    }
}

fn unpublished(resource: &Resource<'_>) -> Finding {
    let what = format!("{} is not watched: CloudWatch has no metrics of a name that is not plain ASCII", resource.id);
    Finding::new(&METRIC_NOT_PUBLISHED, resource.property_at("Name"), what, "choose a `Name` of plain ASCII characters")
}

fn unrelated(resource: &Resource<'_>) -> Finding {
    let what = format!("{} is not watched: `InstanceArn` is not the ARN of an instance", resource.id);
    let help = "write `!GetAtt Instance.Arn`, the ARN itself, or a parameter that has it";
    Finding::new(&UNRELATED, resource.property_at("InstanceArn"), what, help)
}

#[cfg(test)]
mod tests {
    use super::super::resource::{found_by, said_by};
    use super::*;
    use std::slice;

    fn holds(name: &str) -> When {
        When::Holds(name.to_owned())
    }

    fn queue(arn: Value, name: Value) -> Value {
        json!({"Resources": {
            "I": {"Type": "AWS::Connect::Instance"},
            "Q": {"Type": "AWS::Connect::Queue", "Properties": {"InstanceArn": arn, "Name": name}},
        }})
    }

    fn ids(arn: Value) -> Vec<Value> {
        found_by(find, &queue(arn, json!("support"))).into_iter().map(|(_, values, _)| values[0].clone()).collect()
    }

    #[test]
    fn a_queue_is_known_by_its_instance_in_every_form() {
        let id = json!({"Fn::GetAtt": ["I", "Id"]});
        for arn in [json!({"Fn::GetAtt": ["I", "Arn"]}), json!({"Ref": "I"}), json!({"Fn::Sub": "${I.Arn}"})] {
            assert_eq!(ids(arn), slice::from_ref(&id));
        }
        assert_eq!(ids(json!("arn:aws:connect:eu-west-2:1:instance/abc")), [json!("abc")]);
        let split = json!({"Fn::Select": [1, {"Fn::Split": ["instance/", {"Ref": "P"}]}]});
        assert_eq!(ids(json!({"Ref": "P"})), slice::from_ref(&split));
        let choice = json!({"Fn::If": ["C", {"Ref": "I"}, {"Ref": "P"}]});
        assert_eq!(ids(choice), [json!({"Fn::If": ["C", id, split]})]);
    }

    #[test]
    fn what_is_no_arn_is_said() {
        for odd in [json!("abc"), json!(["x"]), json!({"a": 1}), json!({"Ref": "AWS::NoValue"}), json!(null)] {
            let fragment = queue(odd, json!("support"));
            assert_eq!((found_by(find, &fragment).len(), said_by(find, &fragment).len()), (0, 1), "{fragment}");
        }
    }

    #[test]
    fn a_name_that_cloudwatch_cannot_have_is_said() {
        let fragment = queue(json!({"Ref": "I"}), json!("Größe"));
        assert_eq!((found_by(find, &fragment).len(), said_by(find, &fragment).len()), (0, 1));
    }

    #[test]
    fn all_dimensions_are_there_in_order() {
        let found = found_by(find, &queue(json!({"Ref": "I"}), json!({"Ref": "Name"})));
        let dimensions = vec![json!({"Fn::GetAtt": ["I", "Id"]}), json!("Queue"), json!({"Ref": "Name"})];
        assert_eq!(found, [("Q".to_owned(), dimensions, When::Always)]);
    }

    #[test]
    fn recordings_are_watched_where_they_are_kept() {
        let keeps = |arn: Value, what: &str| {
            let fragment = json!({"Resources": {
                "I": {"Type": "AWS::Connect::Instance", "Condition": "Own"},
                "S": {"Type": "AWS::Connect::InstanceStorageConfig", "Condition": "Keep", "Properties": {"InstanceArn": arn, "ResourceType": what}},
            }});
            found_by(find, &fragment).into_iter().map(|(_, _, when)| when).collect::<Vec<_>>()
        };
        let both = holds("Own").and(holds("Keep"));
        assert_eq!(keeps(json!({"Ref": "I"}), "CALL_RECORDINGS"), slice::from_ref(&both));
        let choice = json!({"Fn::If": ["C", {"Fn::GetAtt": "I.Arn"}, {"Ref": "Elsewhere"}]});
        assert_eq!(keeps(choice, "CALL_RECORDINGS"), [both.and(holds("C"))]);
        assert_eq!(keeps(json!({"Ref": "I"}), "CHAT_TRANSCRIPTS"), []);
        assert_eq!(keeps(json!({"Ref": "Elsewhere"}), "CALL_RECORDINGS"), []);
    }

    #[test]
    fn an_archived_flow_is_not_watched() {
        let whens = |state: Value| {
            let properties = json!({"InstanceArn": {"Ref": "P"}, "Name": "welcome", "State": state});
            let fragment = json!({"Resources": {"F": {"Type": "AWS::Connect::ContactFlow", "Properties": properties}}});
            found_by(find, &fragment).into_iter().map(|(_, _, when)| when).collect::<Vec<_>>()
        };
        assert_eq!(whens(json!("ACTIVE")), [When::Always]);
        assert_eq!(whens(json!("ARCHIVED")), []);
        assert_eq!(whens(json!({"Fn::If": ["Old", "ARCHIVED", "ACTIVE"]})), [holds("Old").negate()]);
        assert_eq!(whens(json!({"Fn::ImportValue": "x"})), [When::Always]);
    }
}
