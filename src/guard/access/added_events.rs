//! The events of SAM that decide about operations of an author's definition: where SAM merges both, and where an event overrides. Found once, because a
//! definition may have as many operations as there are events.

use crate::guard::methods::Method;
use crate::target::Verb;
use crate::template::intrinsic::as_bool;
use crate::template::text::{Text, referred};
use crate::template::{Resource, Template};
use serde_json::Value;

/// One of them.
pub(super) struct AddedEvent<'t> {
    api: &'t str,
    verb: Verb,
    path: Text,
    /// Its `Properties`.
    pub(super) properties: &'t Value,
    /// Whether it is added to what the definition says, and does not replace it.
    pub(super) is_merged: bool,
}

/// All of a template.
pub(super) fn added_events<'t>(template: &Template<'t>) -> Vec<AddedEvent<'t>> {
    let makers = template.of_types(&["AWS::Serverless::Function", "AWS::Serverless::StateMachine"]);
    let events = makers.filter_map(|maker| maker.own("Events")?.as_object()).flat_map(|events| events.values());
    let of_apis = events.filter(|event| event.get("Type").is_some_and(|kind| kind == "Api"));
    of_apis.filter_map(|event| read(template, event.get("Properties")?)).collect()
}

/// The one that is for a method.
pub(super) fn event_of<'e, 't>(events: &'e [AddedEvent<'t>], method: &Method<'_, 't>) -> Option<&'e AddedEvent<'t>> {
    let route = method.route;
    events.iter().find(|event| event.api == method.owner.id && event.verb == route.verb && event.path == route.path)
}

fn read<'t>(template: &Template<'t>, properties: &'t Value) -> Option<AddedEvent<'t>> {
    let api = template.resources.get(referred(properties.get("RestApiId")?, "RestApiId")?.as_str())?;
    let is_merged = merges(template, api);
    if api.kind != "AWS::Serverless::Api" || !(is_merged || overrides(properties)) {
        return None;
    }
    let verb = Verb::read(properties.get("Method")?.as_str()?);
    Some(AddedEvent { api: api.id, verb, path: Text::read(properties.get("Path")?)?, properties, is_merged })
}

/// Whether SAM adds what events say to the definition of an author.
fn merges(template: &Template<'_>, api: &Resource<'_>) -> bool {
    template.property(api, "MergeDefinitions").and_then(as_bool) == Some(true)
}

/// Whether an event's `Auth` replaces what the definition says. Source: SAM specification, `ApiFunctionAuth`.
fn overrides(properties: &Value) -> bool {
    properties.get("Auth").and_then(|auth| auth.get("OverrideApiAuth")).and_then(as_bool) == Some(true)
}
