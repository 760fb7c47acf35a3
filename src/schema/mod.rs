//! JSON Schemas of the two configuration files, for editors: written from the reference of keys and the catalogue. The reader is the judge; a schema may
//! accept more (what an editor makes of `!Ref X` is a text), never less. The schema of templates knows an organisation's own rows where it is made with
//! its policy.

mod shapes;

use crate::catalogue::Rows;
use crate::config::reference::{
    ACCESS_LOG_KEYS, ALARM_KEYS, CUSTOM_KEYS, CUSTOM_NEEDED, DEFAULTS_KEYS, ENFORCED_KEYS, ENTRY_KEYS, KEYS, Key,
    METRIC_KEYS, NEEDED_OF_MATH, POLICY_KEYS, POLICY_NAMES, REQUIRED_TAG_KEYS, RESOURCE_KEYS, SHARE_KEYS,
    TEMPLATE_KEYS, TIERS, USAGE_PLAN_KEYS, alarm_names, groups, speaks_for,
};
use crate::docs;
use serde_json::{Map, Value, json};
use shapes::{flag, of, off};

const DIALECT: &str = "http://json-schema.org/draft-07/schema#";

/// The schema of a template, as far as it is Toprail's: `Metadata.Toprail` of the template and of its resources. All else may be anything.
/// `rows` are those that can be configured.
pub fn template(rows: &Rows) -> Value {
    let metadata = |name: &str| json!({"type": "object", "properties": {"Toprail": reference(name)}});
    let mut definitions = shared(rows);
    definitions.insert("template".to_owned(), object("", TEMPLATE_KEYS, KEYS));
    definitions.insert("resource".to_owned(), object("", RESOURCE_KEYS, KEYS));
    json!({
        "$schema": DIALECT,
        "title": "Toprail in a CloudFormation template",
        "description": "What `Metadata.Toprail` may hold. The rest of the template is not looked at.",
        "type": "object",
        "properties": {
            "Metadata": metadata("template"),
            "Resources": {
                "type": "object",
                "additionalProperties": {"type": ["object", "array"], "properties": {"Metadata": metadata("resource")}},
            },
        },
        "definitions": definitions,
    })
}

/// The schema of a policy file.
pub fn policy() -> Value {
    let mut definitions = shared(&Rows::default());
    // The policy itself says which rows it has besides.
    definitions.insert("alarms".to_owned(), alarms(&Rows::default(), true));
    definitions.insert("ownAlarm".to_owned(), json!({"anyOf": [flag(), {"type": "object"}]}));
    definitions.insert("defaults".to_owned(), object("", DEFAULTS_KEYS, KEYS));
    definitions.insert("enforced".to_owned(), object("", ENFORCED_KEYS, KEYS));
    let mut root = object("", POLICY_NAMES, POLICY_KEYS);
    if let Value::Object(root) = &mut root {
        let about = [
            ("$schema", json!(DIALECT)),
            ("title", json!("Policy of Toprail")),
            ("description", json!("What an organisation wants of all templates.")),
            ("required", json!(["Version"])),
            ("definitions", Value::Object(definitions)),
        ];
        root.extend(about.map(|(name, value)| (name.to_owned(), value)));
    }
    root
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/definitions/{name}")})
}

/// What both schemas refer to.
fn shared(rows: &Rows) -> Map<String, Value> {
    let definitions = [
        ("intrinsic", shapes::intrinsic()),
        ("alarm", json!({"anyOf": [flag(), object("Alarms.<Group>.<Alarm>", ALARM_KEYS, KEYS)]})),
        ("alarms", alarms(rows, false)),
        ("method", json!({"anyOf": [flag(), method()]})),
    ];
    definitions.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

/// An object with some of the keys below a path, and no others.
fn object(path: &str, names: &[&str], table: &[Key]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for key in table.iter().filter(|key| key.is_below(path) && names.contains(&key.name())) {
        properties.insert(key.name().to_owned(), property(key));
        if key.default == "required" {
            required.push(key.name());
        }
    }
    let mut schema = json!({"type": "object", "additionalProperties": false, "properties": properties});
    if let (Value::Object(schema), false) = (&mut schema, required.is_empty()) {
        schema.insert("required".to_owned(), json!(required));
    }
    schema
}

/// The schema of one key, with what an editor shows of it.
fn property(key: &Key) -> Value {
    let mut schema = match key.path {
        "Alarms" => json!({"allOf": [reference("alarms")]}),
        "Methods" => json!({"type": "object", "additionalProperties": reference("method")}),
        "Throttle" => json!({"anyOf": [off(), object("Throttle", &["Rate", "Burst"], KEYS)]}),
        "Methods.<Method>.Throttle" => object(key.path, &["Rate", "Burst"], KEYS),
        "Notify" => object("Notify", &["Critical", "Warning", "Ok", "InsufficientData"], KEYS),
        "AccessLogs" => object("AccessLogs", ACCESS_LOG_KEYS, KEYS),
        "UsagePlans" => tiers(),
        "UsagePlans.<Tier>.Throttle" => object(key.path, &["Rate", "Burst"], KEYS),
        "UsagePlans.<Tier>.Quota" => object(key.path, &["Limit", "Period"], KEYS),
        "RequiredTags" => list(object("RequiredTags[]", REQUIRED_TAG_KEYS, KEYS)),
        "Suppress" => list(object("Suppress[]", &["Id", "Where", "Reason"], KEYS)),
        "Defaults" | "Accounts[].Defaults" => json!({"allOf": [reference("defaults")]}),
        "Enforced" | "Accounts[].Enforced" => json!({"allOf": [reference("enforced")]}),
        "Custom" => list(own_row()),
        "Custom[].Metrics" => {
            json!({"type": "array", "items": object("Custom[].Metrics[]", METRIC_KEYS, POLICY_KEYS), "minItems": 1, "maxItems": 10})
        }
        "Custom[].Threshold" => json!({"anyOf": [of(key.shape), object(key.path, SHARE_KEYS, POLICY_KEYS)]}),
        "Accounts" => list(object("Accounts[]", ENTRY_KEYS, POLICY_KEYS)),
        _ => of(key.shape),
    };
    if let Value::Object(schema) = &mut schema {
        let enforced = key.stricter.map(|stricter| format!(" Enforced by a policy: {}.", stricter.words()));
        let description = format!("{}{}", key.description, enforced.unwrap_or_default());
        schema.insert("description".to_owned(), Value::from(description));
        schema.extend(default(key).map(|value| ("default".to_owned(), value)));
        let example = key.example.and_then(|example| serde_json::from_str::<Value>(example).ok());
        schema.extend(example.map(|example| ("examples".to_owned(), json!([example]))));
    }
    schema
}

/// A row of the organisation's own: on a metric, on several, or on a log pattern.
fn own_row() -> Value {
    let mut schema = object("Custom[]", CUSTOM_KEYS, POLICY_KEYS);
    if let Value::Object(schema) = &mut schema {
        schema.insert("required".to_owned(), json!(["Id", "Description"]));
        schema.insert(
            "anyOf".to_owned(),
            json!([{"required": ["LogPattern"]}, {"required": CUSTOM_NEEDED}, {"required": NEEDED_OF_MATH}]),
        );
    }
    schema
}

/// `UsagePlans`: a plan for each tier.
fn tiers() -> Value {
    let plan = || object("UsagePlans.<Tier>", USAGE_PLAN_KEYS, KEYS);
    let properties: Map<String, Value> = TIERS.iter().map(|tier| ((*tier).to_owned(), plan())).collect();
    json!({"type": "object", "additionalProperties": false, "properties": properties})
}

fn list(items: Value) -> Value {
    json!({"type": "array", "items": items})
}

/// The default, where it is a value and not a sentence.
fn default(key: &Key) -> Option<Value> {
    let text = key.default.strip_prefix('`')?.strip_suffix('`')?;
    // `Runbook` of an alarm defaults to another key, not to a word.
    let is_key =
        KEYS.iter().chain(POLICY_KEYS).any(|other| other.path == text || other.path == format!("Custom[].{text}"));
    (!is_key).then(|| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)))
}

/// `Alarms`: the groups with their alarms. Open ones take rows besides that are not known here.
fn alarms(rows: &Rows, is_open: bool) -> Value {
    let others = |schema: Value| if is_open { schema } else { Value::Bool(false) };
    let alarm = others(reference("ownAlarm"));
    let mut properties = Map::new();
    for group in groups(rows) {
        let mut alarms = Map::from_iter([("Enabled".to_owned(), flag())]);
        for name in alarm_names(rows, group) {
            let row = rows.all().find(|row| row.name() == name && speaks_for(group, row));
            let description = row.map(|row| {
                let window = row.window;
                format!(
                    "{}, {} of {} periods of {} s, {}, from profile {} on.",
                    docs::threshold(row),
                    window.datapoints,
                    window.evaluation_periods,
                    window.period,
                    row.severity.as_str(),
                    row.profile.as_str()
                )
            });
            alarms.insert(name.to_owned(), json!({"allOf": [reference("alarm")], "description": description}));
        }
        let object = json!({"type": "object", "additionalProperties": alarm, "properties": alarms});
        properties.insert(group.to_owned(), json!({"anyOf": [off(), object]}));
    }
    let group = others(json!({"anyOf": [off(), {"type": "object", "additionalProperties": alarm}]}));
    json!({"type": "object", "additionalProperties": group, "properties": properties})
}

/// An entry of `Methods`.
fn method() -> Value {
    let mut schema = object("Methods.<Method>", &["Enabled", "Throttle", "AnyMethods"], KEYS);
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.extend(
            alarm_names(&Rows::default(), "Stage").into_iter().map(|name| (name.to_owned(), reference("alarm"))),
        );
    }
    schema
}
