//! Amazon Connect: instances that keep recordings; flows and queues, which CloudWatch knows by the instance's id too.

use super::properties::Properties;
use super::relation::named;
use super::resource::{Found, Search, attribute, piece};
use crate::catalogue::Kind;
use crate::catalogue::rows::contact_center::{FLOW, QUEUE, RECORDINGS};
use crate::template::intrinsic::{branches, function};
use crate::template::{Resource, Template, When};
use serde_json::{Value, json};

const INSTANCE: &[&str] = &["AWS::Connect::Instance"];

/// Finds all three.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for instance in template.of_types(INSTANCE) {
        let keeps = template.of_types(&["AWS::Connect::InstanceStorageConfig"]).filter(|config| {
            config.own("ResourceType").is_some_and(|kind| kind == "CALL_RECORDINGS")
                && config
                    .own("InstanceArn")
                    .is_some_and(|arn| named(template, arn, INSTANCE).iter().any(|(found, _)| found.id == instance.id))
        });
        let when = keeps.fold(When::Never, |all, config| all.or(config.when()));
        let found = Found::whole(template, &RECORDINGS, instance);
        found.into_iter().for_each(|found| search.add(found.only_when(when.clone())));
    }
    for (kind, group) in [(&FLOW, "ContactFlow"), (&QUEUE, "Queue")] {
        for part in template.of_types(kind.types) {
            of_instance(search, kind, group, part);
        }
    }
}

fn of_instance<'t>(search: &mut Search<'_, 't>, kind: &'static Kind, group: &str, part: &Resource<'t>) {
    let is_archived = part.own("State").is_some_and(|state| state == "ARCHIVED");
    let id = part.own("InstanceArn").and_then(|arn| instance_id(search.template, arn));
    let (Some(id), Some(name)) = (id, part.own("Name").filter(|_| !is_archived)) else { return };
    // CloudWatch has no metrics of what has other characters in its name.
    if name.as_str().is_some_and(|name| !name.is_ascii()) {
        return;
    }
    search.add(Found {
        kind,
        resource: part,
        part: None,
        dimensions: vec![id, json!(group), name.clone()],
        when: When::Always,
        properties: Properties::Of(part.id),
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
    match arn.as_str() {
        Some(text) => text.split_once("instance/").map(|(_, id)| json!(id)),
        None => function(arn).map(|_| piece(arn, "instance/", 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::resource::found_by;
    use super::*;

    #[test]
    fn a_queue_is_known_by_its_instance_in_every_form() {
        let queue = |arn: Value| {
            let fragment = json!({"Resources": {
                "I": {"Type": "AWS::Connect::Instance"},
                "Q": {"Type": "AWS::Connect::Queue", "Properties": {"InstanceArn": arn, "Name": "support"}},
            }});
            found_by(find, &fragment).into_iter().map(|(_, dimensions, _)| dimensions[0].clone()).collect::<Vec<_>>()
        };
        assert_eq!(queue(json!({"Fn::GetAtt": ["I", "Arn"]})), [json!({"Fn::GetAtt": ["I", "Id"]})]);
        assert_eq!(queue(json!("arn:aws:connect:eu-west-2:1:instance/abc")), [json!("abc")]);
        assert_eq!(
            queue(json!({"Ref": "P"})),
            [json!({"Fn::Select": [1, {"Fn::Split": ["instance/", {"Ref": "P"}]}]})]
        );
        assert_eq!(queue(json!(["x"])), [] as [Value; 0]);
    }
}
