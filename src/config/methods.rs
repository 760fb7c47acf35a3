//! Reads `Methods`, `AnyMethods` and `Throttle`.

use super::alarm_options::{alarm_names, alarm_options};
use super::layer::Sourced;
use super::raw::{MethodEntry, Throttle};
use super::reader::Reader;
use crate::catalogue::VERBS;
use crate::template::{Pointer, intrinsic};
use indexmap::IndexMap;
use serde_json::Value;

/// Reads the value of the setting; mistakes go to the reader.
pub(super) fn methods(reader: &mut Reader, value: &Value, at: &Pointer) -> Vec<MethodEntry> {
    let Some(object) = value.as_object() else {
        reader.wrong(at, value, "an object whose keys are methods, such as \"GET /orders/{id}\" or \"* /admin/*\"");
        return Vec::new();
    };
    let rows = reader.rows().clone();
    let mut keys = alarm_names(&rows, "Stage");
    keys.extend(["Enabled", "Throttle", "AnyMethods"]);
    object.iter().filter_map(|(pattern, value)| method(reader, pattern, value, &at.child(pattern), &keys)).collect()
}

fn method(reader: &mut Reader, pattern: &str, value: &Value, at: &Pointer, keys: &[&str]) -> Option<MethodEntry> {
    let mut entry = MethodEntry {
        pattern: pattern.to_owned(),
        from: reader.sourced((), at).from,
        alarms: IndexMap::new(),
        enabled: None,
        throttle: None,
        any_methods: None,
    };
    if let Some((verb, path)) = pattern.split_once(' ')
        && (!VERBS.contains(&verb) && !matches!(verb, "*" | "ANY") || !path.starts_with(['/', '*']))
    {
        reader.mistake(
            at,
            format!("`{pattern}` is not a method"),
            "write a verb and a path: \"GET /orders/{id}\", \"* /admin/*\"".to_owned(),
        );
        return None;
    }
    if let Some(flag) = intrinsic::as_bool(value) {
        entry.enabled = Some(reader.sourced(flag, at));
        return Some(entry);
    }
    reader.each(value, at, keys, |reader, key, value, at| match key {
        "Enabled" => entry.enabled = reader.boolean(value, at),
        "Throttle" => entry.throttle = throttle(reader, value, at),
        "AnyMethods" => entry.any_methods = verbs(reader, value, at),
        name => {
            if let Some(options) = alarm_options(reader, value, at, false) {
                entry.alarms.insert(name.to_owned(), options);
            }
        }
    });
    Some(entry)
}

/// Reads the value of the setting; mistakes go to the reader.
pub(super) fn verbs(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Sourced<Vec<String>>> {
    let verbs: Option<Vec<String>> = value.as_array().map(|items| {
        items.iter().filter_map(Value::as_str).filter(|verb| VERBS.contains(verb)).map(str::to_owned).collect()
    });
    match verbs {
        Some(verbs) if Some(verbs.len()) == value.as_array().map(Vec::len) => Some(reader.sourced(verbs, at)),
        _ => {
            reader.wrong(at, value, "a list of verbs in capitals, such as [GET, POST]");
            None
        }
    }
}

/// Reads the value of the setting; mistakes go to the reader.
pub(super) fn throttle_or_off(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Sourced<Option<Throttle>>> {
    if intrinsic::as_bool(value) == Some(false) {
        return Some(reader.sourced(None, at));
    }
    throttle(reader, value, at).map(|throttle| Sourced { value: Some(throttle.value), from: throttle.from })
}

pub(super) fn throttle(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Sourced<Throttle>> {
    let (mut rate, mut burst) = (None, None);
    let mistakes = reader.mistakes.len();
    reader.each(value, at, &["Rate", "Burst"], |reader, key, value, at| match key {
        "Rate" => rate = reader.amount(value, at),
        _ => burst = reader.amount(value, at),
    });
    if let Some(burst) =
        burst.as_ref().filter(|burst| intrinsic::as_number(&burst.value).is_some_and(|number| number.fract() != 0.0))
    {
        reader.wrong(&burst.from.at, &burst.value, "a whole number of requests");
        return None;
    }
    match (rate, burst) {
        (Some(rate), Some(burst)) => Some(reader.sourced(Throttle { rate: rate.value, burst: burst.value }, at)),
        _ => {
            if reader.mistakes.len() == mistakes {
                reader.mistake(
                    at,
                    "a throttle needs both `Rate` and `Burst`".to_owned(),
                    "write {Rate: 100, Burst: 200} (requests/s and requests)".to_owned(),
                );
            }
            None
        }
    }
}
