//! The events of functions and state machines that make a route.

use crate::target::api::{Protocol, Route, Verb};
use crate::template::intrinsic::reference;
use crate::template::text::Text;
use crate::template::{Pointer, Template, When};
use serde_json::Value;

/// An event that makes a route.
pub(super) struct Event {
    pub(super) protocol: Protocol,
    /// The API it names; none: the implicit one.
    pub(super) api: Option<String>,
    pub(super) route: Route,
}

/// All events of a template that make routes.
pub(super) fn events(template: &Template<'_>) -> Vec<Event> {
    let makers = template
        .resources
        .values()
        .filter(|r| matches!(r.kind, "AWS::Serverless::Function" | "AWS::Serverless::StateMachine"));
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
    let api = properties.get(api_key).map(|value| reference(value).or(value.as_str()).unwrap_or_default().to_owned());
    let (verb, path) = match (protocol, text("Method"), text("Path")) {
        (Protocol::Http, None, None) => (Verb::Any, "$default"),
        (Protocol::Http, None, Some(path)) => (Verb::Any, path),
        (_, Some(verb), Some(path)) => (Verb::read(verb), path),
        (Protocol::Rest | Protocol::Http | Protocol::WebSocket, _, _) => return None,
    };
    verb.is_known().then(|| Event { protocol, api, route: Route { verb, path: Text::literal(path), when, at } })
}
