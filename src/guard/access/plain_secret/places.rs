//! Where templates write environment variables.

use crate::template::intrinsic::{as_bool, branches, is_intrinsic};
use crate::template::{Pointer, Template};
use serde_json::Value;

/// A variable.
pub(super) struct Variable<'t> {
    /// The logical id of the resource that has it, or `Globals`.
    pub(super) owner: String,
    /// Its name.
    pub(super) name: String,
    /// What it is.
    pub(super) value: &'t Value,
    /// Where the value stands.
    pub(super) at: Pointer,
}

/// Resource types and the way to their variables: objects of values, or lists of `Name` and `Value`. Source: CloudFormation reference of each type.
const PLACES: &[(&str, &[&str])] = &[
    ("AWS::Lambda::Function", &["Environment", "Variables"]),
    ("AWS::Serverless::Function", &["Environment", "Variables"]),
    ("AWS::ECS::TaskDefinition", &["ContainerDefinitions", "Environment"]),
    ("AWS::CodeBuild::Project", &["Environment", "EnvironmentVariables"]),
    ("AWS::Batch::JobDefinition", &["ContainerProperties", "Environment"]),
    ("AWS::Batch::JobDefinition", &["NodeProperties", "NodeRangeProperties", "Container", "Environment"]),
    ("AWS::Batch::JobDefinition", &["EcsProperties", "TaskProperties", "Containers", "Environment"]),
    (
        "AWS::AppRunner::Service",
        &["SourceConfiguration", "ImageRepository", "ImageConfiguration", "RuntimeEnvironmentVariables"],
    ),
    (
        "AWS::AppRunner::Service",
        &[
            "SourceConfiguration",
            "CodeRepository",
            "CodeConfiguration",
            "CodeConfigurationValues",
            "RuntimeEnvironmentVariables",
        ],
    ),
    ("AWS::Amplify::App", &["EnvironmentVariables"]),
    ("AWS::Amplify::Branch", &["EnvironmentVariables"]),
];

/// All variables of a template.
pub(super) fn variables<'t>(template: &Template<'t>) -> Vec<Variable<'t>> {
    let mut out = Vec::new();
    for resource in template.resources.values() {
        for (_, path) in PLACES.iter().filter(|(kind, _)| *kind == resource.kind) {
            if let Some(properties) = resource.object.get("Properties") {
                walk(properties, &resource.at.child("Properties"), path, resource.id, &mut out);
            }
        }
    }
    if let Some(globals) = template.section("Globals").and_then(|globals| globals.get("Function")) {
        let at = Pointer::root().child("Globals").child("Function");
        walk(globals, &at, &["Environment", "Variables"], "Globals", &mut out);
    }
    out
}

/// Goes along a path of keys, through lists and `Fn::If`.
fn walk<'t>(value: &'t Value, at: &Pointer, path: &[&str], owner: &str, out: &mut Vec<Variable<'t>>) {
    if let Some((_, yes, no)) = branches(value) {
        walk(yes, &at.child("Fn::If").child(1), path, owner, out);
        walk(no, &at.child("Fn::If").child(2), path, owner, out);
    } else if let Value::Array(items) = value {
        for (index, item) in items.iter().enumerate() {
            walk(item, &at.child(index), path, owner, out);
        }
    } else if let Some((key, rest)) = path.split_first() {
        if let Some(inner) = value.get(key) {
            walk(inner, &at.child(*key), rest, owner, out);
        }
    } else if !is_intrinsic(value) {
        collect(value, at, owner, out);
    }
}

fn collect<'t>(value: &'t Value, at: &Pointer, owner: &str, out: &mut Vec<Variable<'t>>) {
    let pair = value.get("Name").and_then(Value::as_str).zip(value.get("Value"));
    let is_in_list = at.last().is_some_and(|last| last.chars().all(|c| c.is_ascii_digit()));
    let variable = |name: &str, value: &'t Value, at: Pointer| Variable {
        owner: owner.to_owned(),
        name: name.to_owned(),
        value,
        at,
    };
    match pair {
        // CodeBuild looks values of other types up.
        Some((name, inner)) if is_in_list => {
            let is_plain = value.get("Type").is_none_or(|kind| kind == "PLAINTEXT");
            out.extend(is_plain.then(|| variable(name, inner, at.child("Value"))));
        }
        _ if is_in_list => {}
        _ => {
            let all = value.as_object().into_iter().flatten().filter(|(_, value)| as_bool(value).is_none());
            out.extend(all.map(|(name, value)| variable(name, value, at.child(name))));
        }
    }
}
