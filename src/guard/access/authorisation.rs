//! Whether a method asks who calls. API keys count, because machine clients have nothing better; so do private APIs and resource policies.

use super::added_events::{AddedEvent, event_of};
use super::mutual_tls::asks_for_certificates;
use super::policy::{limits_callers, policy_limits, settings};
use crate::guard::methods::{Form, Is, Method, is_on, judge};
use crate::target::{Api, Protocol};
use crate::template::{Object, Resource, Template, When};
use serde_json::Value;

/// Whether a method itself is authorised.
pub(super) fn is_authorised<'t>(template: &Template<'t>, method: &Method<'_, 't>, events: &[AddedEvent<'t>]) -> Is {
    let api = template.resources.get(method.api.id.as_str());
    match method.form {
        Form::Method | Form::Route => by_type(method.owner),
        Form::QuickCreate => Is::from(false),
        Form::Event(properties) => by_event(template, method, api, properties),
        Form::SamRoute(route) => by_sam_auth(template, method.owner).or(is_on(route.get("ApiKeyRequired"))),
        Form::Operation { body, .. } => {
            let by_definition = || by_operation(template, method, api, body);
            match event_of(events, method) {
                Some(event) => {
                    let added = by_event(template, method, api, Some(event.properties));
                    if event.is_merged { by_definition().or(added) } else { added }
                }
                None => by_definition(),
            }
        }
    }
}

/// Whether only some callers reach an API, whatever the method.
pub(super) fn is_closed(template: &Template<'_>, api: &Api<'_>) -> Is {
    let resource = template.resources.get(api.id.as_str());
    match api.protocol {
        Protocol::Rest => limits_callers(template, resource),
        Protocol::Http => asks_for_certificates(template, resource),
        Protocol::WebSocket => Is::from(false),
    }
}

/// `AuthorizationType`, or an API key.
fn by_type(resource: &Resource<'_>) -> Is {
    names_one(resource.own("AuthorizationType")).or(is_on(resource.own("ApiKeyRequired")))
}

/// Whether a text names a kind of authorisation, or an authoriser, other than `NONE`.
fn names_one(value: Option<&Value>) -> Is {
    judge(value, &|value| Is::from(value.as_str().is_some_and(|name| !name.is_empty() && !is_none(name))))
}

fn is_none(name: &str) -> bool {
    name.eq_ignore_ascii_case("NONE")
}

/// SAM's WebSocket API: `Auth` with an `AuthType`, for `$connect`. Source: SAM specification, `AWS::Serverless::WebSocketApi`.
fn by_sam_auth(template: &Template<'_>, owner: &Resource<'_>) -> Is {
    judge(template.property(owner, "Auth"), &|auth| names_one(auth.get("AuthType")))
}

/// The objects of `Auth` that speak for a method of an API of SAM.
fn api_auth<'t>(template: &Template<'t>, method: &Method<'_, 't>, api: Option<&Resource<'t>>) -> Vec<&'t Object> {
    if api.is_none() && method.api.protocol == Protocol::Http {
        let auth = template.globals("HttpApi").and_then(|globals| globals.get("Auth"));
        return auth.and_then(Value::as_object).into_iter().collect();
    }
    settings(template, api, "Auth")
}

/// An event's `Auth`, and what it does not say, from the API's.
fn by_event<'t>(
    template: &Template<'t>,
    method: &Method<'_, 't>,
    api: Option<&Resource<'t>>,
    properties: Option<&'t Value>,
) -> Is {
    let of_api = api_auth(template, method, api);
    let setting = |auth: &Value, own: &str, general: &str| {
        let inherited = of_api.iter().find_map(|auth| auth.get(general));
        auth.get(own).or(inherited).cloned()
    };
    judge(properties.and_then(|properties| properties.get("Auth")), &|auth| {
        let authorizer = setting(auth, "Authorizer", "DefaultAuthorizer");
        let key = setting(auth, "ApiKeyRequired", "ApiKeyRequired");
        names_one(authorizer.as_ref()).or(is_on(key.as_ref()))
    })
}

/// `security` of an operation, for an HTTP API else of the definition (a REST API ignores that: API Gateway developer guide, "Amazon API Gateway important
/// notes"); API Gateway's `x-amazon-apigateway-auth`; what SAM adds to an operation that says nothing.
fn by_operation<'t>(
    template: &Template<'t>,
    method: &Method<'_, 't>,
    api: Option<&Resource<'t>>,
    body: &'t Value,
) -> Is {
    let of_api = api_auth(template, method, api);
    let default = of_api.iter().find_map(|auth| auth.get("DefaultAuthorizer"));
    let key = of_api.iter().find_map(|auth| auth.get("ApiKeyRequired"));
    let is_sam = method.owner.is_serverless();
    let schemes = Schemes { body, others: &of_api, is_sam, protocol: method.api.protocol };
    let is_one_authorised = |operation: &Value| {
        let auth =
            operation.get("x-amazon-apigateway-auth").map_or(Is::from(false), |auth| names_one(auth.get("type")));
        // REST APIs ignore what the definition says for all operations.
        let general = body.get("security").filter(|_| method.api.protocol != Protocol::Rest);
        let written = operation.get("security").or(general);
        let says_nothing = written.is_none_or(|list| list.as_array().is_some_and(Vec::is_empty));
        let added = if is_sam && says_nothing { names_one(default).or(is_on(key)) } else { Is::from(false) };
        let limits = body.get("x-amazon-apigateway-policy").map_or(Is::from(false), policy_limits);
        auth.or(added).or(limits).or(judge(written, &|list| schemes.asks(list)))
    };
    let operations = method.operations();
    let exists = operations.iter().fold(When::Never, |all, (_, when)| all.or(when.clone()));
    match operations.iter().fold(Is::Yes, |all, (operation, when)| all.and(is_one_authorised(operation).only(when))) {
        Is::No(when) if when == exists => Is::from(false),
        is @ (Is::Yes | Is::No(_) | Is::Unknown) => is,
    }
}

/// The security schemes of a definition.
struct Schemes<'a, 't> {
    body: &'t Value,
    others: &'a [&'t Object],
    is_sam: bool,
    protocol: Protocol,
}

impl Schemes<'_, '_> {
    /// Whether one of the requirements of a list is something that API Gateway acts on.
    fn asks(&self, list: &Value) -> Is {
        let requirements = list.as_array().into_iter().flatten().filter_map(Value::as_object);
        let names = requirements.flat_map(|requirement| requirement.keys());
        names.fold(Is::from(false), |is, name| is.or(self.acts_on(name)))
    }

    /// API Gateway acts on schemes with its own extensions, and REST APIs on the header `x-api-key`; every other scheme is documentation. Source: API
    /// Gateway developer guide, "x-amazon-apigateway-authorizer object" and "Set up API keys using OpenAPI".
    fn acts_on(&self, name: &str) -> Is {
        if is_none(name) {
            return Is::from(false);
        }
        let modern = self.body.get("components").map(|components| components.get("securitySchemes"));
        let places = [modern.flatten(), self.body.get("securityDefinitions")];
        let Some(scheme) = places.into_iter().flatten().find_map(|schemes| schemes.get(name)) else {
            // SAM may add it; or it is included from elsewhere.
            let is_added = self.is_sam && !self.others.is_empty();
            return if is_added { Is::Yes } else { Is::Unknown };
        };
        let text = scheme.to_string();
        let is_extended = ["x-amazon-apigateway-authorizer", "x-amazon-apigateway-authtype", "Fn::", "$ref"]
            .iter()
            .any(|key| text.contains(key));
        let is_key = self.protocol == Protocol::Rest
            && scheme.get("type").is_some_and(|kind| kind == "apiKey")
            && scheme.get("name").and_then(Value::as_str).is_some_and(|name| name.eq_ignore_ascii_case("x-api-key"));
        Is::from(is_extended || is_key)
    }
}
