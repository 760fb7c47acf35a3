//! The transform's parameters: flat, because CloudFormation passes strings, numbers, booleans and lists only; `Config` is a JSON or YAML text of the
//! whole configuration.

use super::entries::topics;
use super::raw::{Raw, TEMPLATE_KEYS};
use super::reader::Reader;
use crate::Context;
use crate::template::document::Document;
use crate::template::{Pointer, intrinsic};
use serde_json::Value;

pub(crate) const PARAMETERS: &[&str] = &[
    "Config",
    "Enabled",
    "Mode",
    "Profile",
    "Environment",
    "NotifyCritical",
    "NotifyWarning",
    "NotifyOk",
    "NotifyInsufficientData",
];

/// Reads the parameters; those that stand alone win over `Config`.
pub(crate) fn read(reader: &mut Reader, context: &Context) -> Raw {
    let at = Pointer::root().child("Transform").child("Parameters");
    let parameters = Value::Object(context.params.clone());
    let mut raw =
        context.params.get("Config").map_or_else(Raw::default, |text| config_text(reader, text, &at.child("Config")));
    reader.each(&parameters, &at, PARAMETERS, |reader, key, value, at| {
        let notify = |reader: &mut Reader| topics(reader, &as_references(value, context), at);
        match key {
            "Config" => {}
            "NotifyCritical" => raw.notify.critical = notify(reader),
            "NotifyWarning" => raw.notify.warning = notify(reader),
            "NotifyOk" => raw.notify.ok = notify(reader),
            "NotifyInsufficientData" => raw.notify.insufficient_data = notify(reader),
            other => raw.take(reader, other, value, at),
        }
    });
    raw
}

fn config_text(reader: &mut Reader, text: &Value, at: &Pointer) -> Raw {
    let Some(text) = text.as_str() else {
        reader.wrong(at, text, "a JSON or YAML text");
        return Raw::default();
    };
    match Document::parse(text) {
        Ok(document) => Raw::read(reader, &document.value, at, TEMPLATE_KEYS),
        Err(errors) => {
            for error in errors {
                reader.mistake(
                    at,
                    format!("`Config` cannot be read: {error}"),
                    "write the configuration as JSON or YAML".to_owned(),
                );
            }
            Raw::default()
        }
    }
}

/// CloudFormation resolves `!Ref Topic` in a transform's parameters before it calls a macro. A value that is a template parameter's is written as a
/// `Ref` to it again (to the first, where several have it), so that no parameter's value is copied into the template.
fn as_references(value: &Value, context: &Context) -> Value {
    let is_topic = |value: &Value| value.as_str().is_some_and(|text| text.starts_with("arn:"));
    let same = context.parameter_values.iter().find(|(_, parameter)| *parameter == value).map(|(name, _)| name);
    match (same, value.as_array()) {
        (Some(name), Some(items)) if items.iter().all(is_topic) => intrinsic::make_ref(name),
        (Some(name), None) if is_topic(value) => intrinsic::make_ref(name),
        (_, Some(items)) => items.iter().map(|item| as_references(item, context)).collect(),
        _ => value.clone(),
    }
}
