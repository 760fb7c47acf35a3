//! Which tags a resource has, as far as the template says.
//!
//! It must not look at other resources or resolve an intrinsic: a tag list that is not all written out is known in part.

use super::addition::Scope;
use super::shapes::{Form, TagShape, shape_of};
use serde_json::{Map, Value};

/// The tags of a resource.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Present<'t> {
    /// Those that are written out, with their values.
    pub(crate) tags: Vec<(String, &'t Value)>,
    /// Whether there may be others.
    pub(crate) is_partly_known: bool,
}

/// The tags of a resource (all of it: `Type`, `Properties`, …), and how they are written; `None` where the type does not take tags.
pub(crate) fn present<'t>(
    resource: &'t Map<String, Value>,
    globals: Option<&'t Value>,
) -> Option<(TagShape, Present<'t>)> {
    let resource_type = resource.get("Type")?.as_str()?;
    let shape = shape_of(resource_type)?;
    let scope = Scope { resource, resource_type, globals };
    let mut present = Present::default();
    if let Some(own) = scope.own(shape.property) {
        present.read(shape.form, own);
    }
    if let Some(global) = scope.global("Tags") {
        present.read(Form::Map, global);
    }
    // Tags of an OpenAPI definition are the API's.
    if let Some(tags) = scope.own("DefinitionBody").or_else(|| scope.own("Body")).and_then(|body| body.get("tags")) {
        for tag in tags.as_array().into_iter().flatten() {
            let value = tag.get("x-amazon-apigateway-tag-value").or_else(|| tag.get("description"));
            present.push(tag.get("name"), value);
        }
    }
    Some((shape, present))
}

impl<'t> Present<'t> {
    fn read(&mut self, form: Form, tags: &'t Value) {
        match (form, tags) {
            (Form::Map, Value::Object(map)) if !is_function(map) => {
                self.tags.extend(map.iter().map(|(key, value)| (key.clone(), value)));
            }
            (Form::List | Form::ListPropagate, Value::Array(items)) => {
                for item in items {
                    self.push(item.get("Key"), item.get("Value"));
                }
            }
            (Form::Map | Form::List | Form::ListPropagate, _) => self.is_partly_known = true,
        }
    }

    fn push(&mut self, key: Option<&Value>, value: Option<&'t Value>) {
        let key = match key {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => None,
        };
        match (key, value) {
            (Some(key), Some(value)) => self.tags.push((key, value)),
            _ => self.is_partly_known = true,
        }
    }
}

fn is_function(map: &Map<String, Value>) -> bool {
    map.keys().any(|key| key.starts_with("Fn::")) || (map.len() == 1 && map.contains_key("Ref"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(resource: Value, globals: Value, keys: &[&str], is_partly_known: bool) {
        let (_, present) = present(resource.as_object().unwrap(), Some(&globals)).unwrap();
        let found: Vec<&str> = present.tags.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!((found.as_slice(), present.is_partly_known), (keys, is_partly_known), "{resource}");
    }

    #[test]
    fn tags_are_read_in_every_form() {
        let list = json!([{"Key": "a", "Value": "1"}, {"Key": 7, "Value": {"Ref": "X"}}]);
        check(json!({"Type": "AWS::SQS::Queue", "Properties": {"Tags": list}}), json!({}), &["a", "7"], false);
        check(json!({"Type": "AWS::SSM::Parameter", "Properties": {"Tags": {"a": "1"}}}), json!({}), &["a"], false);
        check(json!({"Type": "AWS::SQS::Queue"}), json!({}), &[], false);
        let globals = json!({"Function": {"Tags": {"b": "2"}}});
        let function = json!({"Type": "AWS::Serverless::Function", "Properties": {"Tags": {"a": "1"}}});
        check(function, globals, &["a", "b"], false);
    }

    #[test]
    fn what_is_not_written_out_is_known_to_be_unknown() {
        let queue = |tags: Value| json!({"Type": "AWS::SQS::Queue", "Properties": {"Tags": tags}});
        check(queue(json!({"Fn::If": ["C", [], []]})), json!({}), &[], true);
        check(queue(json!([{"Fn::If": ["C", {}, {}]}, {"Key": "a", "Value": "1"}])), json!({}), &["a"], true);
        let map = json!({"Type": "AWS::SSM::Parameter", "Properties": {"Tags": {"Ref": "Tags"}}});
        check(map, json!({}), &[], true);
    }
}
