//! What a key takes, as a schema. Numbers and flags may be texts, as CloudFormation hands them on.

use crate::catalogue::{self, Profile, codes_by_id, guards};
use crate::config::reference::{DAYS, Shape};
use serde_json::{Map, Value, json};

/// What an editor makes of `!Ref Name`, `!GetAtt A.B` and the like: a text.
const NAME: &str = "^[A-Za-z][A-Za-z0-9:.]*$";

/// One with a digit that is not 0.
const POSITIVE: &str = r"^[0-9]*[1-9][0-9]*(\.[0-9]+)?$|^[0-9]+\.[0-9]*[1-9][0-9]*$";
const NUMBER: &str = r"^[0-9]+(\.[0-9]+)?$";
/// A statistic of CloudWatch.
const STATISTIC: &str = r"SampleCount|Average|Sum|Minimum|Maximum|IQM|(p|tm|wm)(100(\.0+)?|[0-9]{1,2}(\.[0-9]+)?)";
/// A rank, with the threshold or numbers as its bounds.
const RANK: &str =
    r"(PR|TC|TS)\((\{threshold\}|-?[0-9.]+):(\{threshold\}|-?[0-9.]+)?\)|(PR|TC|TS)\(:(\{threshold\}|-?[0-9.]+)\)";
/// The id of an organisation's own row.
const OWN_ID: &str = r"^[A-Z][A-Za-z0-9]*\.[A-Z][A-Za-z0-9]*$";

/// The schema of a shape that has no keys below it.
pub(super) fn of(shape: Shape) -> Value {
    match shape {
        Shape::Flag => flag(),
        Shape::Word(words) => json!({"enum": words.all()}),
        Shape::Amount => number(json!({"type": "number", "minimum": 0}), NUMBER),
        Shape::Burst => number(json!({"type": "integer", "minimum": 0}), "^[0-9]+$"),
        Shape::Whole(from, to) => whole(json!({"type": "integer", "minimum": from, "maximum": to})),
        Shape::Period => whole(json!({"type": "integer", "minimum": 60, "maximum": 86_400, "multipleOf": 60})),
        Shape::Days => {
            let days: Vec<Value> = DAYS.iter().flat_map(|days| [json!(days), json!(days.to_string())]).collect();
            json!({"enum": days})
        }
        Shape::LogDestination => {
            json!({"anyOf": [{"type": "string", "pattern": "^arn:"}, {"type": "string", "pattern": NAME}, intrinsic_reference()]})
        }
        Shape::Text(longest) => text(longest),
        Shape::Texts => one_or_more(&text(256)),
        Shape::Accounts => accounts(),
        Shape::Name => json!({"anyOf": [text(128), intrinsic_reference()]}),
        Shape::Statistic => json!({"type": "string", "pattern": format!("^({STATISTIC})$")}),
        Shape::RankStatistic => json!({"type": "string", "pattern": format!("^({STATISTIC}|{RANK})$")}),
        Shape::Topics => {
            let topic = json!({"anyOf": [{"type": "string", "minLength": 1}, intrinsic_reference()]});
            json!({"anyOf": [topic, {"type": "array", "items": topic, "minItems": 1, "maxItems": 5}]})
        }
        Shape::Verbs => json!({"type": "array", "items": {"enum": crate::catalogue::VERBS}}),
        Shape::Tags => json!({
            "type": "object",
            "propertyNames": {"minLength": 1, "maxLength": 128},
            "additionalProperties": {"anyOf": [
                {"type": "string", "maxLength": 256}, {"type": ["number", "boolean"]}, intrinsic_reference()
            ]},
        }),
        Shape::Guardrails => guardrails(),
        // Those of an organisation's own alarms besides.
        Shape::Id => json!({"anyOf": [{"enum": ids()}, {"type": "string", "pattern": OWN_ID}]}),
        Shape::Types => one_or_more(
            &json!({"type": "string", "pattern": "^[A-Za-z0-9_@-]+(::[A-Za-z0-9_@-]+)+$", "maxLength": 256}),
        ),
        Shape::OwnId => json!({"type": "string", "pattern": OWN_ID, "maxLength": 64}),
        Shape::NumberOrShare | Shape::Positive | Shape::MetricId | Shape::Expression => of_own_row(shape),
        Shape::FastPeriod => fast_period(),
        Shape::Dimensions => dimensions(),
        Shape::Object | Shape::ObjectOrFalse | Shape::ObjectOrFlag | Shape::List | Shape::As(_) => json!({}),
    }
}

/// What only an organisation's own rows take.
#[allow(clippy::wildcard_enum_match_arm, reason = "all other shapes are in `of`")]
fn of_own_row(shape: Shape) -> Value {
    let least = |least: Value, as_text: &str| json!({"anyOf": [least, {"type": "string", "pattern": as_text}]});
    match shape {
        Shape::NumberOrShare => least(json!({"type": "number", "minimum": 0}), NUMBER),
        Shape::Positive => least(json!({"type": "number", "exclusiveMinimum": 0}), POSITIVE),
        Shape::MetricId => json!({
            "type": "string", "pattern": "^[a-z][A-Za-z0-9_]*$", "maxLength": 255, "not": {"const": "alarm"}
        }),
        _ => text(2048),
    }
}

/// Account ids, or patterns of them.
fn accounts() -> Value {
    let id = json!({"type": "string", "pattern": "^([0-9]{12}|[0-9*]*[*][0-9*]*)$"});
    one_or_more(
        &json!({"anyOf": [id, {"type": "integer", "minimum": 100_000_000_000_u64, "maximum": 999_999_999_999_u64}]}),
    )
}

/// A period of seconds, or of minutes.
fn fast_period() -> Value {
    whole(json!({"anyOf": [
        {"enum": [10, 20, 30]}, {"type": "integer", "minimum": 60, "maximum": 86_400, "multipleOf": 60}
    ]}))
}

/// The dimensions of an organisation's row.
fn dimensions() -> Value {
    let name = json!({"type": "string", "minLength": 1, "maxLength": 255});
    let one = |key: &str, value: Value| json!({"type": "object", "properties": {key: value}, "required": [key], "additionalProperties": false});
    let value = json!({"anyOf": [{"type": ["string", "number", "boolean"]}, intrinsic_reference()]});
    json!({
        "type": "object",
        "minProperties": 1,
        "maxProperties": 30,
        "additionalProperties": {"anyOf": [
            {"enum": ["Ref"]}, one("GetAtt", name.clone()), one("Property", name), one("Value", value)
        ]},
    })
}

/// `true` or `false`, or their texts.
pub(super) fn flag() -> Value {
    json!({"enum": [true, false, "true", "false"]})
}

/// Switched off.
pub(super) fn off() -> Value {
    json!({"enum": [false, "false"]})
}

/// An intrinsic function in its long form.
pub(super) fn intrinsic() -> Value {
    json!({
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "patternProperties": {"^(Ref|Condition|Fn::[A-Za-z0-9:]+)$": {}},
        "additionalProperties": false,
    })
}

fn intrinsic_reference() -> Value {
    json!({"$ref": "#/definitions/intrinsic"})
}

fn number(number: Value, as_text: &str) -> Value {
    json!({"anyOf": [
        number, {"type": "string", "pattern": as_text}, {"type": "string", "pattern": NAME}, intrinsic_reference()
    ]})
}

fn whole(number: Value) -> Value {
    json!({"anyOf": [number, {"type": "string", "pattern": "^[0-9]+$"}]})
}

fn text(longest: usize) -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": longest, "pattern": r"\S"})
}

fn one_or_more(item: &Value) -> Value {
    json!({"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]})
}

fn guardrails() -> Value {
    let levels = crate::config::reference::Words::GuardLevel.all();
    let properties: Map<String, Value> = guards()
        .map(|guard| {
            // YAML 1.1 takes the word `Off` for `false`.
            let levels: Vec<Value> = levels.iter().map(|level| json!(level)).chain([json!(false)]).collect();
            let schema = json!({"enum": levels, "description": guard.summary, "default": guard.default(Profile::Standard).as_str()});
            (guard.id.to_owned(), schema)
        })
        .collect();
    json!({"type": "object", "additionalProperties": false, "properties": properties})
}

/// All that can be suppressed.
fn ids() -> Vec<&'static str> {
    let alarms = catalogue::alarms().map(|row| &*row.id);
    alarms.chain(codes_by_id().into_iter().flat_map(|code| [code.name, code.id])).collect()
}
