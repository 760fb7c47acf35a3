//! Which REST APIs have methods that ask for an API key.

use crate::guard::access::policy::settings;
use crate::guard::ids;
use crate::guard::methods::{Form, Is, Method, is_on};
use crate::target::{Protocol, entries};
use crate::template::{Template, When};
use serde_json::Value;
use std::collections::BTreeSet;

/// The APIs with a method that asks for a key, by logical id.
pub(super) fn with_keys<'v>(template: &Template<'_>, methods: &[Method<'v, '_>]) -> BTreeSet<&'v str> {
    let of_rest = methods.iter().filter(|method| method.api.protocol == Protocol::Rest);
    ids(of_rest.filter(|method| asks(template, method)).map(|method| method.api.id.as_str()))
}

/// Whether a method asks for a key, at least under a condition.
fn asks(template: &Template<'_>, method: &Method<'_, '_>) -> bool {
    let auth = settings(template, template.resources.get(method.api.id.as_str()), "Auth");
    let of_api = || may_be_on(auth.iter().find_map(|auth| auth.get("ApiKeyRequired")));
    match method.form {
        Form::Method => may_be_on(method.owner.own("ApiKeyRequired")),
        Form::Event(properties) => {
            let own = properties.and_then(|properties| properties.get("Auth")?.get("ApiKeyRequired"));
            own.map_or_else(of_api, |own| may_be_on(Some(own)))
        }
        Form::Operation { body, .. } => {
            let is_written = method.operations().iter().any(|(operation, _)| names_key(body, operation));
            is_written || (method.owner.is_serverless() && of_api())
        }
        Form::Route | Form::QuickCreate | Form::SamRoute(_) => false,
    }
}

/// Whether a switch is on, always or under a condition. What only CloudFormation knows is not.
fn may_be_on(switch: Option<&Value>) -> bool {
    match is_on(switch) {
        Is::Yes => true,
        Is::No(when) => when != When::Always,
        Is::Unknown => false,
    }
}

/// Whether an operation's `security` asks for a key. The definition's own `security` does not count: API Gateway ignores it. Source: API Gateway
/// developer guide, "Amazon API Gateway important notes", REST APIs.
fn names_key(body: &Value, operation: &Value) -> bool {
    let required = operation.get("security").map(entries).unwrap_or_default();
    let mut names = required.iter().filter_map(|(one, _)| one.as_object()).flat_map(|one| one.keys());
    names.any(|name| is_key(body, name))
}

/// Whether a security scheme is API Gateway's key. Source: API Gateway developer guide, "Set up API keys using OpenAPI".
fn is_key(body: &Value, name: &str) -> bool {
    let modern = body.get("components").and_then(|components| components.get("securitySchemes"));
    let scheme = modern.or_else(|| body.get("securityDefinitions")).and_then(|schemes| schemes.get(name));
    let is = |key: &str, value: &str| {
        scheme
            .and_then(|scheme| scheme.get(key))
            .and_then(Value::as_str)
            .is_some_and(|own| own.eq_ignore_ascii_case(value))
    };
    let has_authorizer = scheme.is_some_and(|scheme| scheme.get("x-amazon-apigateway-authorizer").is_some());
    is("type", "apiKey") && is("name", "x-api-key") && !has_authorizer
}
