//! Which APIs let only some callers through, whatever the method: private ones, and those with a resource policy.

use super::mutual_tls::asks_for_certificates;
use crate::guard::ids;
use crate::guard::methods::{Form, Is, Method, has_entry, judge};
use crate::target::entries;
use crate::template::intrinsic::is_intrinsic;
use crate::template::{Object, Resource, Template};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Whether only some callers reach an API. `owner` is the resource of the API; an implicit API of SAM has none, but `Globals`.
pub(in crate::guard) fn limits_callers(template: &Template<'_>, owner: Option<&Resource<'_>>) -> Is {
    let globals = template.globals("Api");
    let property = |name: &str| match owner {
        Some(owner) => template.property(owner, name),
        None => globals?.get(name),
    };
    let body = property("Body").or_else(|| property("DefinitionBody"));
    let policies = [property("Policy"), body.and_then(|body| body.get("x-amazon-apigateway-policy"))];
    let configured =
        policies.into_iter().flatten().fold(is_private(&property), |is, policy| is.or(policy_limits(policy)));
    let auth = settings(template, owner, "Auth").into_iter().filter_map(|auth| auth.get("ResourcePolicy"));
    auth.fold(configured, |is, policy| is.or(sam_policy_limits(policy))).or(asks_for_certificates(template, owner))
}

/// The APIs that have a resource policy from an event of SAM. It is the policy of the whole API: methods that it does not name are closed.
pub(in crate::guard) fn limited_by_events<'v>(methods: &[Method<'v, '_>]) -> BTreeSet<&'v str> {
    let has_policy = |method: &&Method<'_, '_>| match method.form {
        Form::Event(Some(properties)) => {
            let policy = properties.get("Auth").and_then(|auth| auth.get("ResourcePolicy"));
            policy.is_some_and(|policy| matches!(sam_policy_limits(policy), Is::Yes | Is::Unknown))
        }
        Form::Event(None)
        | Form::Operation { .. }
        | Form::Method
        | Form::Route
        | Form::QuickCreate
        | Form::SamRoute(_) => false,
    };
    ids(methods.iter().filter(has_policy).map(|method| method.api.id.as_str()))
}

/// The objects that a setting of an API is merged from: its own, then the one of `Globals`.
pub(in crate::guard) fn settings<'t>(
    template: &Template<'t>,
    owner: Option<&Resource<'t>>,
    name: &str,
) -> Vec<&'t Object> {
    let global = match owner {
        Some(owner) => template.global(owner, name),
        None => template.globals("Api").and_then(|globals| globals.get(name)),
    };
    let own = owner.and_then(|owner| owner.own(name));
    own.into_iter().chain(global).filter_map(Value::as_object).collect()
}

/// Private APIs are reached through VPC endpoints only, and need a resource policy. In CloudFormation a list of `Types`; SAM takes a text as well, or `Type`.
pub(in crate::guard) fn is_private<'t>(property: &dyn Fn(&str) -> Option<&'t Value>) -> Is {
    let is_word = |value: &Value| value == "PRIVATE";
    judge(property("EndpointConfiguration"), &|configuration| match configuration.get("Types") {
        Some(types) => has_entry(types, &is_word),
        None => judge(Some(configuration.get("Type").unwrap_or(configuration)), &|kind| Is::from(is_word(kind))),
    })
}

/// Whether a resource policy is more than "anybody may". One that cannot be read counts: somebody wrote it for a reason.
pub(super) fn policy_limits(policy: &Value) -> Is {
    judge(Some(policy), &|policy| match policy {
        Value::Null => Is::from(false),
        Value::Object(policy) => Is::from(policy.get("Statement").is_none_or(statements_limit)),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Is::Yes,
    })
    .or(if is_intrinsic(policy) && policy.get("Fn::If").is_none() { Is::Yes } else { Is::from(false) })
}

/// A `Deny` of all but some limits the callers; without one, they are as soon as no statement lets everybody in without a condition.
fn statements_limit(statements: &Value) -> bool {
    let listed = entries(statements);
    let all: Vec<&Value> =
        if statements.is_object() { vec![statements] } else { listed.iter().map(|(one, _)| *one).collect() };
    let is_effect = |statement: &Value, effect: &str| statement.get("Effect").is_some_and(|own| own == effect);
    // `NotPrincipal` is everybody but some.
    let is_everybodys = |statement: &Value| statement.get("Principal").is_none_or(is_everybody);
    let is_open = |statement: &Value| {
        is_effect(statement, "Allow") && statement.get("Condition").is_none() && is_everybodys(statement)
    };
    let limits = |statement: &&Value| {
        is_effect(statement, "Deny") && is_everybodys(statement) && denies_others(statement.get("Condition"))
    };
    all.iter().any(limits) || !all.iter().any(|statement| is_open(statement))
}

/// Whether a denial is of all but some (`NotIpAddress`, `StringNotEquals`, `Null`), not of some: whoever is on no list of the denied gets in.
fn denies_others(condition: Option<&Value>) -> bool {
    match condition {
        Some(Value::Object(operators)) if !condition.is_some_and(is_intrinsic) => {
            operators.keys().any(|operator| operator.contains("Not") || operator.contains("Null"))
        }
        _ => true,
    }
}

/// `"*"`, `{AWS: "*"}`, `{AWS: ["*"]}`.
fn is_everybody(principal: &Value) -> bool {
    match principal {
        Value::String(text) => text == "*",
        Value::Array(all) => all.iter().any(is_everybody),
        Value::Object(kinds) => kinds.get("AWS").is_some_and(is_everybody),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// SAM's `ResourcePolicy`: lists of who may and who may not, and statements.
fn sam_policy_limits(policy: &Value) -> Is {
    judge(Some(policy), &|policy| {
        let Some(policy) = policy.as_object() else { return Is::from(!policy.is_null()) };
        let statements: Vec<Value> = policy.iter().flat_map(|(key, list)| statements_of_sam(key, list)).collect();
        Is::from(!statements.is_empty() && statements_limit(&Value::from(statements)))
    })
}

/// What SAM makes of one of the lists. Each list of addresses or VPCs lets everybody in and keeps some out again. Source: `SwaggerEditor` of
/// aws-sam-translator 1.115.
fn statements_of_sam(key: &str, list: &Value) -> Vec<Value> {
    if list.is_null() || list.as_array().is_some_and(Vec::is_empty) {
        return Vec::new();
    }
    let of_accounts = |effect: &str| vec![json!({"Effect": effect, "Principal": {"AWS": list}})];
    let of_origins = |operator: &str| {
        vec![
            json!({"Effect": "Allow", "Principal": "*"}),
            json!({"Effect": "Deny", "Principal": "*", "Condition": {operator: {}}}),
        ]
    };
    match key {
        "CustomStatements" if list.is_object() => vec![list.clone()],
        "CustomStatements" => entries(list).into_iter().map(|(statement, _)| statement.clone()).collect(),
        "AwsAccountWhitelist" => of_accounts("Allow"),
        "AwsAccountBlacklist" => of_accounts("Deny"),
        _ if key.ends_with("Whitelist") => of_origins("StringNotEquals"),
        _ if key.ends_with("Blacklist") => of_origins("StringEquals"),
        _ => Vec::new(),
    }
}
