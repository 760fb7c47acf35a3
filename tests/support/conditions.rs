//! A small CloudFormation: evaluates conditions for given parameter values, and gives the template that is left.

use serde_json::{Map, Value, json};

/// The parameter values of one deployment.
pub(crate) type Values = Map<String, Value>;

/// All ways to give each parameter `yes` or `no`.
pub(crate) fn assignments(parameters: &[&str]) -> Vec<Values> {
    (0..1_u32 << parameters.len())
        .map(|bits| {
            let value = |index: usize| if bits >> index & 1 == 1 { "yes" } else { "no" };
            parameters.iter().enumerate().map(|(index, name)| ((*name).to_owned(), json!(value(index)))).collect()
        })
        .collect()
}

/// Whether a condition of a template holds.
pub(crate) fn holds(template: &Value, name: &str, values: &Values) -> bool {
    let condition = template["Conditions"].get(name).unwrap_or_else(|| panic!("no condition {name}"));
    evaluate(template, condition, values)
}

fn evaluate(template: &Value, condition: &Value, values: &Values) -> bool {
    let (function, argument) = condition.as_object().and_then(|object| object.iter().next()).expect("a condition");
    let operands = || {
        let operands = argument.as_array().expect("operands");
        assert!((2..=10).contains(&operands.len()), "CloudFormation takes 2 to 10 operands: {condition}");
        operands
    };
    match function.as_str() {
        "Condition" => holds(template, argument.as_str().expect("a name"), values),
        "Fn::Not" => !evaluate(template, &argument[0], values),
        "Fn::And" => operands().iter().all(|operand| evaluate(template, operand, values)),
        "Fn::Or" => operands().iter().any(|operand| evaluate(template, operand, values)),
        "Fn::Equals" => parameter(&argument[0], values) == parameter(&argument[1], values),
        other => panic!("{other} is no condition"),
    }
}

fn parameter(value: &Value, values: &Values) -> Value {
    match value.get("Ref").and_then(Value::as_str) {
        // A deployment is in one region.
        Some("AWS::Region") => Value::from("eu-west-1"),
        Some(name) => values.get(name).unwrap_or_else(|| panic!("no parameter {name}")).clone(),
        None => value.clone(),
    }
}

/// The template of one deployment: without conditions, with what exists only.
pub(crate) fn deployed(template: &Value, values: &Values) -> Value {
    let mut out = json!({});
    for (section, value) in template.as_object().expect("a template") {
        if section != "Conditions" && section != "Resources" {
            out[section] = resolved(template, value, values).unwrap_or(Value::Null);
        }
    }
    let exists = |resource: &Value| {
        resource.get("Condition").and_then(Value::as_str).is_none_or(|name| holds(template, name, values))
    };
    let resources = template["Resources"].as_object().expect("resources").iter();
    out["Resources"] = resources
        .filter(|(_, resource)| exists(resource))
        .filter_map(|(id, resource)| {
            let mut resource = resolved(template, resource, values)?;
            resource.as_object_mut()?.shift_remove("Condition");
            Some((id.clone(), resource))
        })
        .collect();
    out
}

/// A value with its `Fn::If`s decided; none where nothing is left.
fn resolved(template: &Value, value: &Value, values: &Values) -> Option<Value> {
    if *value == json!({"Ref": "AWS::NoValue"}) {
        return None;
    }
    Some(match value {
        Value::Object(object) if object.len() == 1 && object.contains_key("Fn::If") => {
            let branches = &object["Fn::If"];
            let holds = holds(template, branches[0].as_str().expect("a name"), values);
            return resolved(template, &branches[if holds { 1 } else { 2 }], values);
        }
        Value::Object(object) => {
            let members =
                object.iter().filter_map(|(key, value)| Some((key.clone(), resolved(template, value, values)?)));
            Value::Object(members.collect())
        }
        Value::Array(items) => items.iter().filter_map(|item| resolved(template, item, values)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    })
}

/// What the alarms of a deployment watch.
pub(crate) fn watched(deployed: &Value) -> Vec<String> {
    let resources = deployed["Resources"].as_object().expect("resources").values();
    let alarms = resources.filter(|resource| resource["Type"] == "AWS::CloudWatch::Alarm");
    let mut signatures: Vec<_> = alarms.map(super::signature).collect();
    signatures.sort();
    signatures
}
