//! A template file as CloudFormation would hand it to the macro: the fragment without `Transform`, the call's parameters, the template's parameters.

use crate::args::Deployment;
use crate::input;
use crate::policy_file::PolicyFile;
use crate::transform_list::TransformList;
use anyhow::bail;
use serde_json::{Map, Value};
use std::path::Path;
use std::sync::Arc;
use toprail::report::{Reach, Report, Source};
use toprail::template::Pointer;
use toprail::template::document::{Document, LoadError, MAX_BYTES};
use toprail::{Context, Outcome};

/// So many mistakes of a file are named.
const NAMED: usize = 10;

/// A file that has been read, and what came of it.
pub(crate) struct TemplateFile<'p> {
    /// Its name, for people.
    pub(crate) name: String,
    /// Whether it is JSON.
    pub(crate) is_json: bool,
    /// Its other macros.
    pub(crate) transforms: TransformList,
    /// What Toprail made of it.
    pub(crate) outcome: Outcome,
    /// What the reader should know.
    pub(crate) notes: Vec<String>,
    /// The names of its parameters.
    pub(crate) parameters: Vec<String>,
    document: Document,
    call: Option<Pointer>,
    reach: Reach,
    policy: Option<&'p PolicyFile>,
}

impl<'p> TemplateFile<'p> {
    /// Reads a file and has the engine work on it, under a policy if there is one.
    pub(crate) fn read(path: &Path, deployment: &Deployment, policy: Option<&'p PolicyFile>) -> anyhow::Result<Self> {
        let name = input::name(path);
        let bytes = input::read(path, MAX_BYTES)?;
        if bytes.len() > MAX_BYTES {
            bail!("{name}: larger than {} MiB: CloudFormation takes 1 MB at most", MAX_BYTES / (1024 * 1024));
        }
        let mut document = match Document::load(&bytes) {
            Ok(document) => document,
            Err(errors) => bail!(mistakes(&name, &errors)),
        };
        // The places of the document are still needed; its value becomes the fragment.
        let mut fragment = document.value.take();
        let transforms = fragment.as_object_mut().map(TransformList::take).unwrap_or_default();
        let mut notes = Vec::new();
        let mut context = context(&fragment, &transforms, deployment, &mut notes);
        context.policy = policy.map(|file| Arc::clone(&file.policy));
        if let Some(file) = policy.filter(|file| file.policy.has_accounts()) {
            for (option, value) in [("--account", &deployment.account), ("--region", &deployment.region)] {
                if value.is_empty() {
                    notes.push(format!(
                        "{} differs by account: {option} is not given, so its entries for one do not count",
                        file.name
                    ));
                }
            }
        }
        let call = transforms.call().map(|call| call.at);
        let parameters = section(&fragment, "Parameters").map(|(name, _)| name.clone()).collect();
        let before = fragment.clone();
        let outcome = toprail::transform(fragment, &context);
        let reach = reach(call.is_some(), &outcome, &before);
        let is_json = bytes.trim_ascii_start().starts_with(b"{");
        Ok(Self { name, is_json, transforms, outcome, notes, parameters, document, call, reach, policy })
    }

    /// It and what came of it, for a renderer.
    pub(crate) fn report(&self) -> Report<'_> {
        let policy = self.policy.map(PolicyFile::source);
        let source = Source { name: &self.name, document: Some(&self.document), call: self.call.as_ref(), policy };
        Report { source, outcome: &self.outcome, reach: self.reach, notes: &self.notes }
    }
}

/// All that is wrong with a file, a line each.
pub(crate) fn mistakes(name: &str, errors: &[LoadError]) -> String {
    let one = |error: &LoadError| {
        let is_of_file = error.span.start == error.span.end && error.span.start.byte == 0;
        if is_of_file { format!("{name}: {}", error.message) } else { format!("{name}:{error}") }
    };
    let mut lines: Vec<String> = errors.iter().take(NAMED).map(one).collect();
    if errors.len() > NAMED {
        lines.push(format!("{name}: and {} more mistakes", errors.len() - NAMED));
    }
    lines.join("\n")
}

fn reach(is_listed: bool, outcome: &Outcome, before: &Value) -> Reach {
    let has_additions = !outcome.plan.changes.is_empty() || outcome.plan.alarms.iter().any(|alarm| !alarm.present);
    if !is_listed {
        Reach::Unlisted
    } else if has_additions && !outcome.failed() && outcome.fragment == *before {
        Reach::Audits
    } else {
        Reach::Adds
    }
}

fn context(fragment: &Value, transforms: &TransformList, deployment: &Deployment, notes: &mut Vec<String>) -> Context {
    let mut context =
        Context { account: deployment.account.clone(), region: deployment.region.clone(), ..Context::default() };
    for (name, parameter) in section(fragment, "Parameters") {
        if let Some(value) = parameter_value(name, parameter, deployment) {
            context.parameter_values.insert(name.clone(), value);
        }
    }
    for (name, value) in transforms.call().and_then(|call| call.parameters).into_iter().flatten() {
        match resolve(value, &context) {
            Ok(value) => {
                context.params.insert(name.clone(), value);
            }
            Err(why) => notes.push(format!("the parameter `{name}` of Toprail's call is left out: {why}")),
        }
    }
    context
}

fn section<'v>(fragment: &'v Value, name: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    fragment.get(name).and_then(Value::as_object).into_iter().flatten()
}

/// The value that CloudFormation would send: a text, or a list of texts.
fn parameter_value(name: &str, parameter: &Value, deployment: &Deployment) -> Option<Value> {
    let kind = parameter.get("Type").and_then(Value::as_str).unwrap_or_default();
    let given = deployment.params.iter().rev().find(|(given, _)| given == name).map(|(_, value)| value.clone());
    let text = given.or_else(|| match parameter.get("Default")? {
        // The default of such a parameter is the name of what holds the value.
        _ if kind.starts_with("AWS::SSM::Parameter::Value") => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    })?;
    let is_list = kind == "CommaDelimitedList" || kind.starts_with("List<");
    Some(if is_list { text.split(',').map(str::trim).collect() } else { Value::String(text) })
}

/// A parameter of the call as CloudFormation resolves it before the macro is called.
fn resolve(value: &Value, context: &Context) -> Result<Value, String> {
    match value {
        Value::Array(items) => items.iter().map(|item| resolve(item, context)).collect(),
        Value::Object(map) => resolve_function(map, context),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(value.clone()),
    }
}

fn resolve_function(map: &Map<String, Value>, context: &Context) -> Result<Value, String> {
    let known = |text: &str, option: &str| match text {
        "" => Err(format!("it needs {option}")),
        text => Ok(Value::from(text)),
    };
    match map.iter().next() {
        Some((function, Value::String(name))) if function == "Ref" && map.len() == 1 => match name.as_str() {
            "AWS::Region" => known(&context.region, "--region"),
            "AWS::AccountId" => known(&context.account, "--account"),
            _ => context
                .parameter_values
                .get(name)
                .cloned()
                .ok_or_else(|| format!("the value of `{name}` is not known, give --param {name}=…")),
        },
        Some((function, _)) if map.len() == 1 && function.starts_with("Fn::") => {
            Err(format!("only CloudFormation can resolve its `{function}`"))
        }
        _ => Err("it has to be a text, a number, a boolean or a list of these".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn parameters_of_the_call_are_resolved_from_those_of_the_template() {
        let mut template = json!({
            "Transform": {"Name": "Toprail", "Parameters": {
                "NotifyCritical": [{"Ref": "Topic"}], "Profile": {"Ref": "Profile"}, "Mode": {"Fn::Sub": "x"}, "NotifyOk": {"Ref": "Secret"},
            }},
            "Parameters": {
                "Topic": {"Type": "String"},
                "Profile": {"Type": "String", "Default": "Essential"},
                "Subnets": {"Type": "CommaDelimitedList", "Default": "a, b"},
                "Secret": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/path"},
            },
        });
        let deployment = Deployment { params: vec![("Topic".to_owned(), "arn:x".to_owned())], ..Deployment::default() };
        let transforms = TransformList::take(template.as_object_mut().expect("a mapping"));
        let mut notes = Vec::new();
        let context = context(&template, &transforms, &deployment, &mut notes);
        assert_eq!(Value::Object(context.params), json!({"NotifyCritical": ["arn:x"], "Profile": "Essential"}));
        assert_eq!(
            Value::Object(context.parameter_values),
            json!({"Topic": "arn:x", "Profile": "Essential", "Subnets": ["a", "b"]})
        );
        assert_eq!(notes.len(), 2);
        assert!(notes.iter().any(|note| note.contains("--param Secret=")), "{notes:?}");
    }
}
