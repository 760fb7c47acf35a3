//! How resources refer to each other: by `Ref`, `Fn::GetAtt`, `Fn::Sub`, by name and by ARN.

use crate::catalogue::{ValueOf, kinds};
use crate::template::intrinsic::{branches, is_no_value};
use crate::template::text::{Part, Text};
use crate::template::{Resource, Template, When};
use serde_json::Value;

/// Properties that hold the name of a resource whose type no kind of the catalogue has.
const NAMES: &[(&str, &str)] =
    &[("AWS::Events::EventBus", "Name"), ("AWS::Lambda::Alias", "Name"), ("AWS::Scheduler::ScheduleGroup", "Name")];

/// The resources of some types that a value names, each with the condition under which the value names it.
pub(crate) fn named<'a, 't>(
    template: &'a Template<'t>,
    value: &Value,
    types: &[&str],
) -> Vec<(&'a Resource<'t>, When)> {
    if let Some((condition, yes, no)) = branches(value) {
        let holds = When::named(Some(condition));
        let under = |branch: &Value, when: When| {
            let found = named(template, branch, types);
            found.into_iter().map(move |(resource, inner)| (resource, inner.and(when.clone())))
        };
        return under(yes, holds.clone()).chain(under(no, holds.negate())).collect();
    }
    let Some(text) = Text::read(value).filter(|_| !is_no_value(value)) else { return Vec::new() };
    let referred = text.parts().iter().find_map(|part| match part {
        Part::Ref(id) | Part::Attribute(id, _) => {
            template.any_resource(id).filter(|resource| types.contains(&resource.kind))
        }
        Part::Literal(_) | Part::Opaque(_) => None,
    });
    let resource = referred.or_else(|| by_name(template, &text.display(), types));
    resource.map(|resource| (resource, When::Always)).into_iter().collect()
}

/// The resource that has a name, where the text is the name, or an ARN that ends in it.
fn by_name<'a, 't>(template: &'a Template<'t>, text: &str, types: &[&str]) -> Option<&'a Resource<'t>> {
    let resources = template.resources.values().chain(template.made.values());
    resources.filter(|resource| types.contains(&resource.kind)).find(|resource| {
        let name = name_property(resource.kind).and_then(|property| Text::read(resource.own(property)?));
        name.map(|name| name.display()).is_some_and(|name| {
            !name.is_empty()
                && text.strip_suffix(&name).is_some_and(|before| before.is_empty() || before.ends_with([':', '/']))
        })
    })
}

/// The property in which the author chooses the name of a resource.
fn name_property(kind: &str) -> Option<&'static str> {
    let known = NAMES.iter().find(|(name, _)| *name == kind).map(|(_, property)| *property);
    known.or_else(|| {
        let dimensions = kinds().filter(|of| of.types.contains(&kind)).flat_map(|of| of.dimensions);
        let is_name = |value: ValueOf| matches!(value, ValueOf::Ref | ValueOf::Attribute(_));
        dimensions.filter(|dimension| is_name(dimension.value)).find_map(|dimension| dimension.chosen_by)
    })
}

/// All values below a key, at any depth.
pub(crate) fn values_of<'v>(value: &'v Value, key: &str, out: &mut Vec<&'v Value>) {
    let mut found = Vec::new();
    values_of_all(value, &[key], &mut found);
    out.extend(found.into_iter().map(|(_, value)| value));
}

/// All values below some keys, at any depth, with their keys: one look at a large value finds all of them.
pub(super) fn values_of_all<'k, 'v>(value: &'v Value, keys: &[&'k str], out: &mut Vec<(&'k str, &'v Value)>) {
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                if let Some(key) = keys.iter().find(|key| *key == name) {
                    out.push((key, inner));
                }
                values_of_all(inner, keys, out);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| values_of_all(item, keys, out)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Scope;
    use serde_json::json;

    fn names(value: Value) -> Vec<(String, When)> {
        let fragment = json!({"Resources": {
            "Dlq": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Sub": "${AWS::StackName}-dlq"}}},
            "Other": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "orders"}},
            "Topic": {"Type": "AWS::SNS::Topic"},
        }});
        let template = Template::read(&fragment, Scope::Template);
        named(&template, &value, &["AWS::SQS::Queue"])
            .into_iter()
            .map(|(found, when)| (found.id.to_owned(), when))
            .collect()
    }

    #[test]
    fn a_resource_is_known_in_every_form_of_its_name() {
        for value in [
            json!({"Ref": "Dlq"}),
            json!({"Fn::GetAtt": ["Dlq", "Arn"]}),
            json!({"Fn::Sub": "${Dlq.Arn}"}),
            json!({"Fn::Sub": "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${Dlq.QueueName}"}),
            json!({"Fn::Sub": "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${AWS::StackName}-dlq"}),
            json!({"Fn::Join": ["", ["arn:aws:sqs:eu-west-1:1:", {"Ref": "AWS::StackName"}, "-dlq"]]}),
        ] {
            assert_eq!(names(value.clone()), [("Dlq".to_owned(), When::Always)], "{value}");
        }
        assert_eq!(names(json!("arn:aws:sqs:eu-west-1:1:orders")), [("Other".to_owned(), When::Always)]);
    }

    #[test]
    fn what_is_elsewhere_is_not_found() {
        for value in [
            json!({"Ref": "Topic"}),
            json!("arn:aws:sqs:eu-west-1:1:my-orders"),
            json!({"Fn::ImportValue": "q"}),
            json!(3),
        ] {
            assert_eq!(names(value.clone()), [], "{value}");
        }
    }

    #[test]
    fn both_branches_of_an_if_are_followed() {
        let holds = When::Holds("C".to_owned());
        let found = names(json!({"Fn::If": ["C", {"Ref": "Dlq"}, {"Ref": "Other"}]}));
        assert_eq!(found, [("Dlq".to_owned(), holds.clone()), ("Other".to_owned(), holds.negate())]);
    }
}
