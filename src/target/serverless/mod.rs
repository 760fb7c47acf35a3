//! APIs before SAM has expanded them: `AWS::Serverless::Api`, `HttpApi` and `WebSocketApi`, the `Events` of functions and state machines, and the
//! implicit APIs `ServerlessRestApi` and `ServerlessHttpApi`. What is found here is what SAM will make.
//! Source of the rules: SAM specification; checked against aws-sam-translator in `tests/acceptance`.

mod events;
mod implicit;
mod made;

pub(super) use made::made;

use crate::finding::Finding;
use crate::target::api::{Api, Protocol, Route, Stage, StageOrigin};
use crate::target::http::split_key;
use crate::target::name::api_name;
use crate::target::rest::{add_body, body_elsewhere, report_unknown_name};
use crate::target::settings::{StageSettings, Switch};
use crate::template::intrinsic::make_ref;
use crate::template::text::Text;
use crate::template::{Object, Pointer, Resource, Template, When};
use serde_json::{Value, json};

const REST: &str = "AWS::Serverless::Api";

/// Adds what SAM will make of the template.
pub(crate) fn add<'t>(template: &Template<'t>, apis: &mut Vec<Api<'t>>, findings: &mut Vec<Finding>) {
    if !template.resources.values().any(Resource::is_serverless) {
        return;
    }
    let events = events::events(template, findings);
    let mut rest: Vec<_> = template.of_kind(REST).map(|resource| rest_api(template, resource, findings)).collect();
    let mut http: Vec<_> =
        template.of_kind("AWS::Serverless::HttpApi").map(|resource| http_api(template, resource, findings)).collect();
    for event in &events {
        let takes = |api: &&mut Api<'_>| {
            event.api.as_deref() == Some(&api.id) && takes_event(template, &api.id, event.protocol)
        };
        if let Some(api) = rest.iter_mut().chain(&mut http).find(takes) {
            api.add_event_route(event.route.clone());
            add_settings(api, event);
        }
    }
    if let Some(api) = implicit::rest(template, &events) {
        implicit::share_globals(template, &mut rest, &api);
        rest.push(api);
    }
    contest(&mut rest);
    http.extend(implicit::api(template, &events, Protocol::Http));
    apis.extend(rest);
    apis.extend(http);
    apis.extend(template.of_kind("AWS::Serverless::WebSocketApi").map(|resource| websocket_api(template, resource)));
}

/// SAM writes what an event says about its route into the stage's settings, with the function's condition around it.
fn add_settings<'t>(api: &mut Api<'t>, event: &events::Event<'t>) {
    let Some((settings, at)) = &event.settings else { return };
    for stage in &mut api.stages {
        stage.settings.add_route(event.route.verb.as_str(), &event.route.path.display(), settings, at.clone());
    }
}

/// Entries for one method in `Globals` belong to all APIs. Where one of these has metrics off, they are not switched on there for the others.
fn contest(rest: &mut [Api<'_>]) {
    let is_off = |stage: &Stage<'_>| matches!(stage.settings.metrics(), Switch::Off | Switch::Unknown);
    if rest.iter().flat_map(|api| &api.stages).any(is_off) {
        rest.iter_mut().flat_map(|api| &mut api.stages).for_each(|stage| stage.settings.contest());
    }
}

/// Whether SAM adds an event to an API's definition. It leaves a REST definition that the author wrote alone, but not for an `HttpApi` event, which
/// it adds even to a REST API; a definition in S3 is out of its reach.
fn takes_event(template: &Template<'_>, id: &str, event: Protocol) -> bool {
    let Some(resource) = template.resources.get(id) else {
        return false;
    };
    let has = |name: &str| template.property(resource, name).is_some();
    let merges =
        template.property(resource, "MergeDefinitions").and_then(crate::template::intrinsic::as_bool) == Some(true);
    match (resource.kind, event) {
        (REST, Protocol::Rest) => merges || !(has("DefinitionBody") || has("DefinitionUri")),
        (_, Protocol::Http) => !has("DefinitionUri"),
        (_, Protocol::Rest | Protocol::WebSocket) => false,
    }
}

fn declared<'t>(resource: &Resource<'t>, name: Text, settings: StageSettings<'t>) -> Stage<'t> {
    let at = resource.property_at("StageName");
    let settings = if resource.takes_properties() { settings } else { settings.fixed() };
    Stage { name, owner: Some(resource.id), origin: StageOrigin::Declared, when: When::Always, at, settings }
}

fn definition<'t>(template: &Template<'t>, resource: &Resource<'t>, api: &mut Api<'t>, findings: &mut Vec<Finding>) {
    if template.property(resource, "DefinitionUri").is_some() {
        findings.push(body_elsewhere(resource, "DefinitionUri"));
    }
    if let Some(body) = template.property(resource, "DefinitionBody") {
        add_body(api, body, resource, "DefinitionBody", None, findings);
    }
}

fn rest_api<'t>(template: &Template<'t>, resource: &Resource<'t>, findings: &mut Vec<Finding>) -> Api<'t> {
    let body = template.property(resource, "DefinitionBody");
    let elsewhere = template.property(resource, "DefinitionUri").is_some();
    let default_title = json!({"info": {"title": make_ref("AWS::StackName")}});
    let titled = body.or((!elsewhere).then_some(&default_title));
    let dimension = api_name(resource.id, template.property(resource, "Name"), titled);
    let mut api = Api::new(resource.id, Protocol::Rest, dimension, resource.when(), resource.at.clone());
    report_unknown_name(&api, findings);
    definition(template, resource, &mut api, findings);
    if let Some(name) = resource.own("StageName").and_then(Text::read).filter(Text::is_visible) {
        api.stages.push(declared(resource, name, rest_settings(template, resource)));
    }
    api
}

fn rest_settings<'t>(template: &Template<'t>, resource: &Resource<'t>) -> StageSettings<'t> {
    let at = resource.property_at("MethodSettings");
    let (own, global) = (resource.own("MethodSettings"), template.global(resource, "MethodSettings"));
    StageSettings::method_lists(&[(own, at.clone()), (global, globals_at("Api").child("MethodSettings"))], at)
}

fn globals_at(section: &str) -> Pointer {
    Pointer::root().child("Globals").child(section)
}

fn http_api<'t>(template: &Template<'t>, resource: &Resource<'t>, findings: &mut Vec<Finding>) -> Api<'t> {
    let mut api =
        Api::new(resource.id, Protocol::Http, Some(make_ref(resource.id)), resource.when(), resource.at.clone());
    definition(template, resource, &mut api, findings);
    let settings = route_settings(template, resource, "HttpApi");
    let name = resource
        .own("StageName")
        .and_then(Text::read)
        .filter(Text::is_visible)
        .unwrap_or_else(|| Text::literal("$default"));
    api.stages.push(declared(resource, name, settings));
    api
}

fn websocket_api<'t>(template: &Template<'t>, resource: &Resource<'t>) -> Api<'t> {
    let mut api =
        Api::new(resource.id, Protocol::WebSocket, Some(make_ref(resource.id)), resource.when(), resource.at.clone());
    for (key, _) in template.property(resource, "Routes").and_then(Value::as_object).into_iter().flatten() {
        if let Some((verb, path)) = split_key(&Text::literal(key.as_str()), Protocol::WebSocket) {
            api.add_route(Route { verb, path, when: When::Always, at: resource.property_at("Routes").child(key) });
        }
    }
    let settings = route_settings(template, resource, "WebSocketApi");
    let name =
        template.property(resource, "StageName").and_then(Text::read).unwrap_or_else(|| Text::literal("default"));
    api.stages.push(declared(resource, name, settings));
    api
}

fn route_settings<'t>(template: &Template<'t>, resource: &Resource<'t>, section: &str) -> StageSettings<'t> {
    let inherits = template.global(resource, "DefaultRouteSettings").is_some()
        || template.global(resource, "RouteSettings").is_some();
    let globals = template.globals(section).filter(|_| inherits);
    let objects: Vec<&'t Object> = resource.properties.into_iter().chain(globals).collect();
    StageSettings::route_settings(&objects, resource.at.child("Properties"))
}
