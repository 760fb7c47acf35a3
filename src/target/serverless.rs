//! APIs before SAM has expanded them: `AWS::Serverless::Api`, `HttpApi` and `WebSocketApi`, the `Events` of functions and state machines, and the
//! implicit APIs `ServerlessRestApi` and `ServerlessHttpApi`. What is found here is what SAM will make.
//! Source of the rules: SAM specification; checked against aws-sam-translator in `tests/acceptance`.

use super::api::{Api, Protocol, Route, Stage, StageOrigin, Verb};
use super::http::split_key;
use super::name::api_name;
use super::rest::{add_body, body_elsewhere, report_unknown_name};
use super::settings::StageSettings;
use crate::edit::Edit;
use crate::finding::Finding;
use crate::template::intrinsic::{make_ref, reference};
use crate::template::text::Text;
use crate::template::{Object, Pointer, Resource, Template, When};
use serde_json::{Value, json};

const REST: &str = "AWS::Serverless::Api";
const IMPLICIT_REST: &str = "ServerlessRestApi";
const IMPLICIT_HTTP: &str = "ServerlessHttpApi";

/// Adds what SAM will make of the template.
pub(crate) fn add<'t>(template: &Template<'t>, apis: &mut Vec<Api<'t>>, findings: &mut Vec<Finding>) {
    if !template.resources.values().any(Resource::is_serverless) {
        return;
    }
    let events = events(template);
    let mut rest: Vec<_> = template.of_kind(REST).map(|resource| rest_api(template, resource, findings)).collect();
    let mut http: Vec<_> = template.of_kind("AWS::Serverless::HttpApi").map(|resource| http_api(template, resource, findings)).collect();
    for event in &events {
        let (list, kind) = if event.protocol == Protocol::Rest { (&mut rest, REST) } else { (&mut http, "AWS::Serverless::HttpApi") };
        let managed = |id: &str| template.resources.get(id).is_some_and(|resource| resource.kind == kind && takes_events(template, resource));
        match &event.api {
            Some(id) if managed(id) => {
                if let Some(api) = list.iter_mut().find(|api| api.id == *id) {
                    api.add_route(event.route.clone());
                }
            }
            Some(_) | None => {}
        }
    }
    if let Some(api) = implicit_rest(template, &events) {
        share_globals(template, &mut rest, &api);
        rest.push(api);
    }
    http.extend(implicit(template, &events, Protocol::Http));
    apis.extend(rest);
    apis.extend(http);
    apis.extend(template.of_kind("AWS::Serverless::WebSocketApi").map(|resource| websocket_api(template, resource)));
}

/// An event of a function or state machine that makes a route.
struct Event {
    protocol: Protocol,
    /// The API it names; none: the implicit one.
    api: Option<String>,
    route: Route,
}

fn events(template: &Template<'_>) -> Vec<Event> {
    let makers = template.resources.values().filter(|r| matches!(r.kind, "AWS::Serverless::Function" | "AWS::Serverless::StateMachine"));
    let mut events = Vec::new();
    for resource in makers {
        let at = resource.property_at("Events");
        for (id, event) in resource.own("Events").and_then(Value::as_object).into_iter().flatten() {
            events.extend(read_event(event, at.child(id), resource.when()));
        }
    }
    events
}

fn read_event(event: &Value, at: Pointer, when: When) -> Option<Event> {
    let empty = Value::Null;
    let properties = event.get("Properties").unwrap_or(&empty);
    let text = |name: &str| properties.get(name).and_then(Value::as_str);
    let (protocol, api_key) = match event.get("Type")?.as_str()? {
        "Api" => (Protocol::Rest, "RestApiId"),
        "HttpApi" => (Protocol::Http, "ApiId"),
        _ => return None,
    };
    let api = match properties.get(api_key) {
        None => None,
        Some(value) => Some(reference(value).or(value.as_str()).unwrap_or_default().to_owned()),
    };
    let (verb, path) = match (protocol, text("Method"), text("Path")) {
        (Protocol::Http, None, None) => (Verb::Any, "$default"),
        (Protocol::Http, None, Some(path)) => (Verb::Any, path),
        (_, Some(verb), Some(path)) => (Verb::read(verb), path),
        (Protocol::Rest | Protocol::Http | Protocol::WebSocket, _, _) => return None,
    };
    Some(Event { protocol, api, route: Route { verb, path: Text::literal(path), when, at } })
}

/// Whether SAM adds the events of functions to an API's definition: not where the author wrote it or keeps it in S3.
fn takes_events(template: &Template<'_>, resource: &Resource<'_>) -> bool {
    let has = |name: &str| template.property(resource, name).is_some();
    let merges = template.property(resource, "MergeDefinitions").and_then(crate::template::intrinsic::as_bool) == Some(true);
    match resource.kind {
        REST => merges || !(has("DefinitionBody") || has("DefinitionUri")),
        _ => !has("DefinitionUri"),
    }
}

fn base_api<'t>(id: &str, protocol: Protocol, dimension: Option<Value>, when: When, at: Pointer) -> Api<'t> {
    Api { id: id.to_owned(), protocol, dimension, when, at, stages: Vec::new(), routes: Vec::new() }
}

fn declared<'t>(resource: &Resource<'t>, name: Text, settings: StageSettings<'t>) -> Stage<'t> {
    let at = resource.property_at("StageName");
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
    let mut api = base_api(resource.id, Protocol::Rest, dimension, resource.when(), resource.at.clone());
    report_unknown_name(&api, findings);
    definition(template, resource, &mut api, findings);
    if let Some(name) = resource.own("StageName").and_then(Text::read) {
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
    let mut api = base_api(resource.id, Protocol::Http, Some(make_ref(resource.id)), resource.when(), resource.at.clone());
    definition(template, resource, &mut api, findings);
    let settings = route_settings(template, resource, "HttpApi");
    let name = resource.own("StageName").and_then(Text::read).unwrap_or_else(|| Text::literal("$default"));
    api.stages.push(declared(resource, name, settings));
    api
}

fn websocket_api<'t>(template: &Template<'t>, resource: &Resource<'t>) -> Api<'t> {
    let mut api = base_api(resource.id, Protocol::WebSocket, Some(make_ref(resource.id)), resource.when(), resource.at.clone());
    for (key, _) in template.property(resource, "Routes").and_then(Value::as_object).into_iter().flatten() {
        if let Some((verb, path)) = split_key(&Text::literal(key.as_str()), Protocol::WebSocket) {
            api.add_route(Route { verb, path, when: When::Always, at: resource.property_at("Routes").child(key) });
        }
    }
    let settings = route_settings(template, resource, "WebSocketApi");
    let name = template.property(resource, "StageName").and_then(Text::read).unwrap_or_else(|| Text::literal("default"));
    api.stages.push(declared(resource, name, settings));
    api
}

fn route_settings<'t>(template: &Template<'t>, resource: &Resource<'t>, section: &str) -> StageSettings<'t> {
    let inherits = template.global(resource, "DefaultRouteSettings").is_some() || template.global(resource, "RouteSettings").is_some();
    let globals = template.globals(section).filter(|_| inherits);
    let objects: Vec<&'t Object> = resource.properties.into_iter().chain(globals).collect();
    StageSettings::route_settings(&objects, resource.at.child("Properties"))
}

/// The implicit API for the events that name none. It exists when one of its functions does.
fn implicit<'t>(template: &Template<'t>, events: &[Event], protocol: Protocol) -> Option<Api<'t>> {
    let (id, section) = if protocol == Protocol::Rest { (IMPLICIT_REST, "Api") } else { (IMPLICIT_HTTP, "HttpApi") };
    let mine = |event: &&Event| event.protocol == protocol && event.api.as_deref().is_none_or(|api| api == id);
    let globals = template.globals(section);
    let dimension = match protocol {
        Protocol::Rest => api_name(id, globals.and_then(|globals| globals.get("Name")), Some(&json!({"info": {"title": make_ref("AWS::StackName")}}))),
        Protocol::Http | Protocol::WebSocket => Some(make_ref(id)),
    };
    let mut api: Option<Api<'t>> = None;
    for event in events.iter().filter(mine) {
        let api = api.get_or_insert_with(|| base_api(id, protocol, dimension.clone(), When::Never, event.route.at.clone()));
        api.when = api.when.clone().or(event.route.when.clone());
        api.add_route(event.route.clone());
    }
    let mut api = api?;
    let settings = match protocol {
        Protocol::Rest => {
            let at = globals_at(section).child("MethodSettings");
            StageSettings::method_settings(globals.and_then(|globals| globals.get("MethodSettings")), at)
        }
        Protocol::Http | Protocol::WebSocket => {
            let objects: Vec<&'t Object> = globals.into_iter().collect();
            StageSettings::route_settings(&objects, globals_at(section))
        }
    };
    let name = Text::literal(if protocol == Protocol::Rest { "Prod" } else { "$default" });
    let at = api.at.clone();
    api.stages.push(Stage { name, owner: None, origin: StageOrigin::Implicit, when: When::Always, at, settings });
    Some(api)
}

/// The implicit REST API. Its settings can only come from `Globals.Api.MethodSettings`, which SAM puts before the lists of the other APIs too.
/// So that no API gets two entries for all methods, an API with a list of its own is told to ignore that one, and the others inherit it.
fn implicit_rest<'t>(template: &Template<'t>, events: &[Event]) -> Option<Api<'t>> {
    let mut api = implicit(template, events, Protocol::Rest)?;
    let stage = api.stages.first_mut()?;
    let global = template.globals("Api").and_then(|globals| globals.get("MethodSettings"));
    if stage.settings.has_default() {
        return Some(api);
    }
    let settings = std::mem::replace(&mut stage.settings, StageSettings::unreadable(stage.at.clone()));
    let others: Vec<_> = template.of_kind(REST).filter(|other| !template.ignores_globals(other, "MethodSettings")).collect();
    stage.settings = match others.is_empty() || global.is_none() {
        true => others.iter().filter(|other| other.own("MethodSettings").is_some()).fold(settings, |s, other| s.besides(ignore(other))),
        false => settings.fixed(),
    };
    Some(api)
}

/// APIs without a list of their own inherit the entry that is written to `Globals` for the implicit API.
fn share_globals(template: &Template<'_>, rest: &mut [Api<'_>], implicit: &Api<'_>) {
    let writes_globals = implicit.stages.first().is_some_and(|stage| stage.settings.is_readable() && !stage.settings.has_default());
    for stage in rest.iter_mut().filter(|_| writes_globals).flat_map(|api| api.stages.iter_mut()) {
        let own = stage.owner.and_then(|owner| template.resources.get(owner));
        if own.is_some_and(|own| own.own("MethodSettings").is_none() && !template.ignores_globals(own, "MethodSettings")) {
            let settings = std::mem::replace(&mut stage.settings, StageSettings::unreadable(stage.at.clone()));
            stage.settings = settings.inherited();
        }
    }
}

/// Tells SAM to keep `Globals.Api.MethodSettings` away from an API.
fn ignore(api: &Resource<'_>) -> Edit {
    let at = api.at.child("IgnoreGlobals");
    match api.object.get("IgnoreGlobals") {
        Some(_) => Edit::Append { at, value: json!("MethodSettings") },
        None => Edit::Insert { at, value: json!(["MethodSettings"]) },
    }
}
