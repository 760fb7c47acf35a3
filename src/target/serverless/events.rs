//! The events of functions and state machines that make a route.

use crate::finding::{API_ELSEWHERE, Finding, UNKNOWN_PATH};
use crate::target::api::{Protocol, Route, Verb};
use crate::template::text::{Text, referred};
use crate::template::{Pointer, Template, When};
use serde_json::Value;

/// An event that makes a route.
pub(super) struct Event<'t> {
    pub(super) protocol: Protocol,
    /// The API it names; none: the implicit one.
    pub(super) api: Option<String>,
    pub(super) route: Route,
    /// What an `HttpApi` event says about its route in the stage's settings, and where.
    pub(super) settings: Option<(&'t Value, Pointer)>,
}

/// All events of a template that make routes.
pub(super) fn events<'t>(template: &Template<'t>, findings: &mut Vec<Finding>) -> Vec<Event<'t>> {
    let makers = template
        .resources
        .values()
        .filter(|r| matches!(r.kind, "AWS::Serverless::Function" | "AWS::Serverless::StateMachine"));
    let mut events = Vec::new();
    for resource in makers {
        let at = resource.property_at("Events");
        for (id, event) in resource.own("Events").and_then(Value::as_object).into_iter().flatten() {
            events.extend(read_event(event, at.child(id), resource.when(), findings));
        }
    }
    events
}

fn read_event<'t>(event: &'t Value, at: Pointer, when: When, findings: &mut Vec<Finding>) -> Option<Event<'t>> {
    let (protocol, api_key) = match event.get("Type")?.as_str()? {
        "Api" => (Protocol::Rest, "RestApiId"),
        "HttpApi" => (Protocol::Http, "ApiId"),
        _ => return None,
    };
    let property = |name: &str| event.get("Properties").and_then(|properties| properties.get(name));
    let api = match property(api_key) {
        None => None,
        Some(value) => match referred(value, api_key).or_else(|| value.as_str().map(str::to_owned)) {
            Some(id) => Some(id),
            None => {
                let what = "the API of this event is not in this template: nothing can watch it here";
                let help = "add Toprail to the template that has the API";
                findings.push(Finding::new(&API_ELSEWHERE, at, what, help));
                return None;
            }
        },
    };
    let Some((verb, path)) = verb_and_path(protocol, property("Method"), property("Path")) else {
        let what = "the path or the verb of this event cannot be told: its method is watched at stage level only";
        findings.push(Finding::new(&UNKNOWN_PATH, at, what, "write the verb literally, and the path as a text"));
        return None;
    };
    let place = || at.child("Properties").child("RouteSettings");
    let settings = property("RouteSettings").filter(|_| protocol == Protocol::Http).map(|settings| (settings, place()));
    verb.is_known().then_some(Event { protocol, api, route: Route { verb, path, when, at }, settings })
}

/// An `HttpApi` event without a method is for any, and one without a path is the default route.
fn verb_and_path(protocol: Protocol, method: Option<&Value>, path: Option<&Value>) -> Option<(Verb, Text)> {
    match (protocol, method, path) {
        (Protocol::Http, None, None) => Some((Verb::Any, Text::literal("$default"))),
        (Protocol::Http, None, Some(path)) => Some((Verb::Any, Text::read(path)?)),
        (_, Some(method), Some(path)) => Some((Verb::read(method.as_str()?), Text::read(path)?)),
        (Protocol::Rest | Protocol::Http | Protocol::WebSocket, _, _) => None,
    }
}
