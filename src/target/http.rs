//! HTTP and WebSocket APIs as CloudFormation has them: `AWS::ApiGatewayV2::Api` with its definition or `Route`s, `Stage`s, and quick create.
//! Their dimension `ApiId` is a `Ref`, so even an API of another stack can be watched.

use super::api::{Api, Protocol, Route, Stage, StageOrigin, Verb, find_or_make};
use super::rest::{add_body, body_elsewhere};
use super::settings::StageSettings;
use crate::finding::{API_ELSEWHERE, Finding, UNKNOWN_PATH};
use crate::template::intrinsic::make_ref;
use crate::template::text::{Part, Text, referred};
use crate::template::{Object, Resource, Template, When};
use serde_json::Value;

/// The HTTP and WebSocket APIs of a template, with what their own resources say.
pub(crate) fn apis<'t>(template: &Template<'t>, findings: &mut Vec<Finding>) -> Vec<Api<'t>> {
    template.of_kind("AWS::ApiGatewayV2::Api").filter_map(|resource| api(resource, findings)).collect()
}

/// Adds the routes and stages that are resources: to these APIs, to those that SAM will make, and to those of other stacks.
pub(crate) fn add_routes_and_stages<'t>(template: &Template<'t>, apis: &mut Vec<Api<'t>>, findings: &mut Vec<Finding>) {
    for resource in template.of_kind("AWS::ApiGatewayV2::Route") {
        add_route(template, apis, resource, findings);
    }
    for resource in template.of_kind("AWS::ApiGatewayV2::Stage") {
        add_stage(template, apis, resource, findings);
    }
}

fn api<'t>(resource: &Resource<'t>, findings: &mut Vec<Finding>) -> Option<Api<'t>> {
    let protocol = match resource.own("ProtocolType") {
        None => Protocol::Http,
        Some(value) => protocol(value)?,
    };
    let dimension = Some(make_ref(resource.id));
    let mut api = Api::new(resource.id, protocol, dimension, resource.when(), resource.at.clone());
    if resource.own("BodyS3Location").is_some() {
        findings.push(body_elsewhere(resource, "BodyS3Location"));
    }
    if let Some(body) = resource.own("Body") {
        add_body(&mut api, body, resource, "Body", resource.own("BasePath").and_then(Value::as_str), findings);
    }
    quick_create(&mut api, resource);
    Some(api)
}

fn protocol(value: &Value) -> Option<Protocol> {
    match value.as_str()? {
        "HTTP" => Some(Protocol::Http),
        "WEBSOCKET" => Some(Protocol::WebSocket),
        _ => None,
    }
}

/// An API with a `Target` gets a route and the stage `$default` from API Gateway.
fn quick_create(api: &mut Api<'_>, resource: &Resource<'_>) {
    if resource.own("Target").is_none() {
        return;
    }
    let key = resource.own("RouteKey").and_then(Text::read).unwrap_or_else(|| Text::literal("$default"));
    if let Some((verb, path)) = split_key(&key, Protocol::Http) {
        api.add_route(Route { verb, path, when: When::Always, at: resource.at.clone() });
    }
    api.stages.push(Stage {
        name: Text::literal("$default"),
        owner: None,
        origin: StageOrigin::Managed,
        when: When::Always,
        at: resource.at.clone(),
        settings: StageSettings::unreadable(resource.at.clone()),
    });
}

fn add_route(template: &Template<'_>, apis: &mut Vec<Api<'_>>, resource: &Resource<'_>, findings: &mut Vec<Finding>) {
    let Some(key) = resource.own("RouteKey").and_then(Text::read) else {
        return;
    };
    let guess =
        if key.as_literal().is_some_and(|key| key.contains(" /")) { Protocol::Http } else { Protocol::WebSocket };
    let Some(api) = owner(template, apis, resource, Some(guess)) else {
        return;
    };
    match split_key(&key, api.protocol) {
        Some((verb, path)) => api.add_route(Route { verb, path, when: resource.when(), at: resource.at.clone() }),
        None => {
            let what = format!(
                "the route key of {} cannot be told from this template: it is watched at stage level only",
                resource.id
            );
            let help = "write the verb literally: `GET /path`";
            findings.push(Finding::new(&UNKNOWN_PATH, resource.at.clone(), what, help));
        }
    }
}

/// `GET /orders` of an HTTP API is verb and path; `$default` is any verb. The key of a WebSocket route is a path without verb.
pub(crate) fn split_key(key: &Text, protocol: Protocol) -> Option<(Verb, Text)> {
    if protocol == Protocol::WebSocket {
        return Some((Verb::Named(String::new()), key.clone()));
    }
    if key.as_literal() == Some("$default") {
        return Some((Verb::Any, key.clone()));
    }
    let (first, rest) = key.parts().split_first()?;
    let Part::Literal(start) = first else {
        return None;
    };
    let (verb, path_start) = start.split_once(' ')?;
    let mut path = Text::literal(path_start.trim_start());
    for part in rest {
        path.push_part(part.clone());
    }
    Some((Verb::read(verb), path))
}

fn add_stage<'t>(
    template: &Template<'t>,
    apis: &mut Vec<Api<'t>>,
    resource: &Resource<'t>,
    findings: &mut Vec<Finding>,
) {
    let Some(name) = resource.own("StageName").and_then(Text::read).filter(Text::is_visible) else {
        return;
    };
    let Some(api) = owner(template, apis, resource, None) else {
        let what = format!(
            "the API of {} is not in this template, nor its routes, so its kind is unknown: it is not watched here",
            resource.id
        );
        let help = "add Toprail to the template that has the API";
        findings.push(Finding::new(&API_ELSEWHERE, resource.at.clone(), what, help));
        return;
    };
    static EMPTY: std::sync::OnceLock<Object> = std::sync::OnceLock::new();
    let properties = resource.properties.unwrap_or_else(|| EMPTY.get_or_init(Object::new));
    let settings = StageSettings::route_settings(&[properties], resource.at.child("Properties"));
    api.stages.push(Stage {
        name,
        owner: Some(resource.id),
        origin: StageOrigin::Declared,
        when: resource.when(),
        at: resource.at.clone(),
        settings: if resource.takes_properties() { settings } else { settings.fixed() },
    });
}

/// The API that a route or stage belongs to. One of another stack is made up from what refers to it, if its kind can be guessed.
fn owner<'a, 't>(
    template: &Template<'_>,
    apis: &'a mut Vec<Api<'t>>,
    resource: &Resource<'_>,
    guess: Option<Protocol>,
) -> Option<&'a mut Api<'t>> {
    let value = resource.own("ApiId")?;
    let text = Text::read(value)?;
    let id = referred(value, "ApiId").unwrap_or_else(|| text.display());
    find_or_make(
        apis,
        |api| api.id == id,
        || {
            // One that is here and yet not found has a shape that nobody knows.
            (!template.resources.contains_key(id.as_str())).then_some(())?;
            Some(Api::new(&id, guess?, Some(value.clone()), When::Always, resource.at.clone()))
        },
    )
}
