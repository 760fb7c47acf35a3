//! Reads `Notify`, `Tags`, `Guardrails` and `Suppress`.

use super::layer::Sourced;
use super::raw::Suppression;
use super::reader::Reader;
use crate::catalogue::{GuardLevel, guards};
use crate::template::{Pointer, intrinsic};
use indexmap::IndexMap;
use serde_json::Value;

/// A topic or a list of at most five (CloudWatch's limit for each kind of action).
pub(crate) fn topics(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Sourced<Vec<Value>>> {
    let items = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    let is_topic = |item: &Value| match item.as_str() {
        Some(text) => text.starts_with("arn:") || (!text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric())),
        None => intrinsic::function(item).is_some(),
    };
    if items.is_empty() || items.len() > 5 || !items.iter().all(is_topic) {
        reader.wrong(
            at,
            value,
            "a topic's ARN, the logical id of a topic, an intrinsic such as !Ref, or a list of one to five of them",
        );
        return None;
    }
    Some(reader.sourced(items, at))
}

/// Reads the value of the setting; mistakes go to the reader.
pub(super) fn tags(reader: &mut Reader, value: &Value, at: &Pointer) -> IndexMap<String, Sourced<Value>> {
    let mut tags = IndexMap::new();
    let Some(object) = value.as_object().filter(|_| intrinsic::function(value).is_none()) else {
        reader.wrong(at, value, "an object of keys and values");
        return tags;
    };
    for (key, value) in object {
        let at = at.child(key.as_str());
        let text = crate::template::text::Text::read(value);
        let fits = text.is_some_and(|text| text.as_literal().is_none_or(|text| text.chars().count() <= 256));
        if key.is_empty() || key.chars().count() > 128 || key.to_ascii_lowercase().starts_with("aws:") {
            reader.mistake(
                &at,
                format!("`{key}` is not a tag key"),
                "use 1 to 128 characters that do not start with `aws:`".to_owned(),
            );
        } else if !fits || intrinsic::is_no_value(value) {
            reader.wrong(&at, value, "a text of at most 256 characters, or an intrinsic");
        } else {
            let value = if value.is_object() { value.clone() } else { Value::from(plain_text(value)) };
            tags.insert(key.clone(), reader.sourced(value, &at));
        }
    }
    tags
}

fn plain_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Reads the value of the setting; mistakes go to the reader.
pub(super) fn guardrails(
    reader: &mut Reader,
    value: &Value,
    at: &Pointer,
) -> IndexMap<&'static str, Sourced<GuardLevel>> {
    let mut levels = IndexMap::new();
    let ids: Vec<&'static str> = guards().map(|guard| guard.id).collect();
    reader.each(value, at, &ids, |reader, id, value, at| {
        // YAML 1.1 takes the word `Off` for `false`.
        let word = if intrinsic::as_bool(value) == Some(false) { &Value::from("Off") } else { value };
        if let Some(level) = reader.word(word, at, GuardLevel::WORDS) {
            levels.insert(id, level);
        }
    });
    levels
}

/// Reads the value of the setting; mistakes go to the reader.
pub(super) fn suppressions(reader: &mut Reader, value: &Value, at: &Pointer) -> Vec<Suppression> {
    let Some(items) = value.as_array() else {
        reader.wrong(at, value, "a list of {Id, Where, Reason}");
        return Vec::new();
    };
    items.iter().enumerate().filter_map(|(index, item)| suppression(reader, item, &at.child(index))).collect()
}

fn suppression(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Suppression> {
    let (mut id, mut place, mut reason) = (None, None, None);
    let mistakes = reader.mistakes.len();
    reader.each(value, at, &["Id", "Where", "Reason"], |reader, key, value, at| match key {
        "Id" => id = reader.text(value, at, 255),
        "Where" => place = reader.text(value, at, 1024),
        _ => reason = reader.text(value, at, 1024),
    });
    if let Some(id) = id.as_ref().filter(|id| !crate::config::suppress::is_known_id(reader.rows(), &id.value)) {
        let help = "name an alarm (`Api.LatencyP99`), a guardrail (`unthrottled-stage`) or a finding (`TR303`, `any-method`); `toprail list` shows them";
        reader.mistake(&id.from.at, format!("`{}` is nothing that can be suppressed", id.value), help.to_owned());
    }
    match (id, reason) {
        (Some(id), Some(reason)) => Some(Suppression {
            id: id.value,
            place: place.map(|place| place.value),
            reason: reason.value,
            from: reader.sourced((), at).from,
        }),
        _ => {
            if reader.mistakes.len() == mistakes {
                reader.mistake(
                    at,
                    "a suppression needs `Id` and `Reason`".to_owned(),
                    "add the missing one; `Where` is optional".to_owned(),
                );
            }
            None
        }
    }
}
