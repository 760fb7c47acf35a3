//! What the statements of a policy document allow. Only what is written out is read: an intrinsic is an answer to nothing.

use crate::config::pattern::glob;
use crate::template::intrinsic::is_intrinsic;
use crate::template::text::{Part, Text};
use serde_json::Value;

/// The statements of a policy document, or none where they cannot be read.
pub(super) fn statements(document: &Value) -> Option<Vec<&Value>> {
    let statements = document.get("Statement")?;
    let list = statements.as_array().map_or_else(|| vec![statements], |list| list.iter().collect());
    list.iter().all(|statement| statement.is_object() && !is_intrinsic(statement)).then_some(list)
}

/// Whether a statement allows something rather than denies it.
pub(super) fn is_allowance(statement: &Value) -> bool {
    statement.get("Effect").and_then(Value::as_str) == Some("Allow")
}

/// Whether one of the actions of a statement covers another; IAM does not distinguish case. `None`: it cannot be told.
pub(super) fn covers(statement: &Value, action: &str) -> Option<bool> {
    let actions = texts(statement.get("Action")?)?;
    Some(actions.iter().any(|pattern| glob(&pattern.to_ascii_lowercase(), &action.to_ascii_lowercase())))
}

/// One text or a list of texts.
fn texts(value: &Value) -> Option<Vec<&str>> {
    match value.as_array() {
        Some(items) => items.iter().map(Value::as_str).collect(),
        None => value.as_str().map(|text| vec![text]),
    }
}

/// Whether a statement lets a service do something. Only a clear no is one: principals and actions that cannot be read, the account itself, and
/// conditions count as a yes, except a condition on another service's resources.
pub(super) fn lets_service(statement: &Value, service: &str, action: &str) -> bool {
    is_allowance(statement)
        && covers(statement, action) != Some(false)
        && statement.get("Principal").is_none_or(|principal| is_principal(principal, service))
        && !statement.get("Condition").is_some_and(|condition| is_on_others(condition, service))
}

fn is_principal(principal: &Value, service: &str) -> bool {
    let Some(object) = principal.as_object().filter(|_| !is_intrinsic(principal)) else { return true };
    object.iter().any(|(kind, value)| {
        let values = value.as_array().map_or_else(|| vec![value], |list| list.iter().collect());
        match kind.as_str() {
            "Service" => values.iter().any(|value| names(value, service)),
            "AWS" => values.iter().any(|value| is_account(value)),
            _ => false,
        }
    })
}

/// `cloudwatch.amazonaws.com`, in any form; what is left to CloudFormation may be it.
fn names(value: &Value, service: &str) -> bool {
    match Text::read(value).as_ref().map(Text::parts) {
        Some([Part::Literal(text), ..]) => text == "*" || text.starts_with(&format!("{service}.")),
        _ => true,
    }
}

/// Everybody, or an account as a whole, and not one role or user of it.
fn is_account(value: &Value) -> bool {
    let Some(text) = Text::read(value).map(|text| text.display()) else { return true };
    !(text.contains(":role/") || text.contains(":user/") || text.contains(":assumed-role/")) || text.contains('*')
}

/// Whether a condition asks for a source in a service that is not this one: `aws:SourceArn` of a bucket.
fn is_on_others(condition: &Value, service: &str) -> bool {
    let operators = condition.as_object().into_iter().flatten().filter(|(operator, _)| !operator.contains("Not"));
    let keys = operators.filter_map(|(_, keys)| keys.as_object()).flatten();
    let mut arns = keys.filter(|(key, _)| key.eq_ignore_ascii_case("aws:SourceArn"));
    arns.any(|(_, value)| {
        let values = value.as_array().map_or_else(|| vec![value], |list| list.iter().collect());
        values.iter().all(|value| {
            let text = Text::read(value).map(|text| text.display()).unwrap_or_default();
            let other = text.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(1)).unwrap_or("*");
            other != service && !other.contains(['*', '?', '$'])
        })
    })
}
