//! A property of a stage, wherever the template has it: on the stage, in a deployment's description, on an API before SAM, or in `Globals` for the
//! implicit API.

use crate::guard::stages::owners;
use crate::target::{Api, Protocol, Stage, StageOrigin};
use crate::template::intrinsic::is_intrinsic;
use crate::template::text::referred;
use crate::template::{Pointer, Resource, Template};
use serde_json::Value;

const REST_API: &str = "AWS::Serverless::Api";

/// A property of a stage.
#[derive(Debug)]
pub(super) struct StageProperty<'t> {
    /// Where it stands, or would stand.
    pub(super) at: Pointer,
    /// Its value.
    pub(super) value: Option<&'t Value>,
    /// Whether nothing is there and it can be added, for this stage and no other.
    pub(super) is_free: bool,
}

impl<'t> StageProperty<'t> {
    /// Finds it. `merged` is a property that SAM puts together from `Globals` and the API's own.
    pub(super) fn find(template: &Template<'t>, api: &Api<'t>, stage: &Stage<'t>, name: &str) -> Option<Self> {
        match stage.origin {
            StageOrigin::Declared => declared(template, template.resources.get(stage.owner?)?, name),
            StageOrigin::Implicit => Some(implicit(template, api.protocol, name)),
            StageOrigin::Managed => Some(managed(template, api, name)),
        }
    }
}

fn declared<'t>(template: &Template<'t>, resource: &Resource<'t>, name: &str) -> Option<StageProperty<'t>> {
    if resource.kind != "AWS::ApiGateway::Deployment" {
        let value = template.property(resource, name);
        let is_free = value.is_none() && resource.takes_properties();
        return Some(StageProperty { at: resource.property_at(name), value, is_free });
    }
    let description = resource.own("StageDescription");
    let at = resource.property_at("StageDescription").child(name);
    match description {
        None => Some(StageProperty { at, value: None, is_free: resource.takes_properties() }),
        Some(Value::Object(object)) if !description.is_some_and(is_intrinsic) => {
            let value = object.get(name);
            Some(StageProperty { at, value, is_free: value.is_none() })
        }
        // Nothing can be told of a description that is an intrinsic as a whole.
        Some(_) => None,
    }
}

/// The implicit API takes its settings from `Globals`, which all other APIs of its kind inherit: nothing is added there when there are any. Whether one
/// has a setting of its own does not count, because a fix may be what gave it to it, and a second pass must add nothing.
fn implicit<'t>(template: &Template<'t>, protocol: Protocol, name: &str) -> StageProperty<'t> {
    let (section, kind) = match protocol {
        Protocol::Rest => ("Api", REST_API),
        Protocol::Http | Protocol::WebSocket => ("HttpApi", "AWS::Serverless::HttpApi"),
    };
    let value = template.globals(section).and_then(|globals| globals.get(name));
    let inherits = |api: &Resource<'t>| !template.ignores_globals(api, name);
    let is_free = value.is_none() && template.takes_globals(section) && !template.of_kind(kind).any(inherits);
    StageProperty { at: Pointer::root().child("Globals").child(section).child(name), value, is_free }
}

/// A stage that API Gateway makes itself is configured by `ApiGatewayManagedOverrides`, or not at all.
fn managed<'t>(template: &Template<'t>, api: &Api<'t>, name: &str) -> StageProperty<'t> {
    let overrides = template.of_kind("AWS::ApiGatewayV2::ApiGatewayManagedOverrides");
    let is_meant =
        |one: &&Resource<'t>| one.own("ApiId").and_then(|id| referred(id, "ApiId")).as_ref() == Some(&api.id);
    let stage = overrides.filter(is_meant).find_map(|one| one.own("Stage"));
    StageProperty { at: api.at.clone(), value: stage.and_then(|stage| stage.get(name)), is_free: false }
}

/// A stage as findings name it, with the resources that speak for it.
pub(super) fn named(api: &Api<'_>, stage: &Stage<'_>) -> (String, Vec<String>) {
    let name = stage.name.display();
    (format!("the stage {name} of {}", api.id), owners(api, stage))
}
