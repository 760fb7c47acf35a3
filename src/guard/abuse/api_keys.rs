//! Which REST APIs have methods that ask for an API key.

use crate::guard::methods::{Form, Is, Method, is_on};
use crate::target::{Protocol, entries};
use crate::template::Template;
use serde_json::Value;
use std::collections::BTreeSet;

/// The APIs with a method that asks for a key, by logical id.
pub(super) fn with_keys<'v>(template: &Template<'_>, methods: &[Method<'v, '_>]) -> BTreeSet<&'v str> {
    let of_rest = methods.iter().filter(|method| method.api.protocol == Protocol::Rest);
    of_rest.filter(|method| asks(template, method)).map(|method| method.api.id.as_str()).collect()
}

fn asks(template: &Template<'_>, method: &Method<'_, '_>) -> bool {
    let api = template.resources.get(method.api.id.as_str());
    let auth = match api {
        Some(api) => api.own("Auth").or_else(|| template.global(api, "Auth")),
        None => template.globals("Api").and_then(|globals| globals.get("Auth")),
    };
    let of_api = || is_on(auth.and_then(|auth| auth.get("ApiKeyRequired"))) == Is::Yes;
    match method.form {
        Form::Method => is_on(method.owner.own("ApiKeyRequired")) == Is::Yes,
        Form::Event(properties) => {
            let own =
                properties.and_then(|properties| properties.get("Auth")).and_then(|auth| auth.get("ApiKeyRequired"));
            own.map_or_else(of_api, |own| is_on(Some(own)) == Is::Yes)
        }
        Form::Operation { body, .. } => {
            let names_key = |operation: &Value| {
                let security = operation.get("security").or_else(|| body.get("security"));
                let required = security.map(entries).unwrap_or_default();
                let mut names = required.iter().filter_map(|(one, _)| one.as_object()).flat_map(|one| one.keys());
                names.any(|name| is_key(body, name))
            };
            method.operations().iter().any(|(operation, _)| names_key(operation))
                || (method.owner.is_serverless() && of_api())
        }
        Form::Route | Form::QuickCreate | Form::SamRoute(_) => false,
    }
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
