//! `untraced-stage`: stages of REST APIs send traces to X-Ray. HTTP and WebSocket APIs cannot.

use super::tracing::{Traced, report};
use crate::catalogue::guards::observability::UNTRACED_STAGE;
use crate::edit::Edit;
use crate::guard::check::{Check, Entry};
use crate::guard::stage_property::{StageProperty, named};
use crate::guard::state::state;
use crate::target::Protocol;
use crate::template::intrinsic::as_bool;
use serde_json::Value;

const PROPERTY: &str = "TracingEnabled";

pub(super) const ENTRY: Entry = (&UNTRACED_STAGE, look);

fn look(check: &mut Check<'_, '_, '_>) {
    let (template, apis) = (check.template(), check.view.apis);
    for api in apis.iter().filter(|api| api.protocol == Protocol::Rest) {
        for stage in &api.stages {
            let Some(property) = StageProperty::find(template, api, stage, PROPERTY) else { continue };
            let (name, owners) = named(api, stage);
            let edit = Edit::Insert { at: property.at, value: Value::Bool(true) };
            let help = match (property.is_free, property.value) {
                (false, None) => "set `TracingEnabled: true` in `Globals.Api`, where the other APIs inherit it",
                _ => "set `TracingEnabled: true`",
            };
            let traced = Traced {
                name,
                owners,
                stage: Some(stage.name.display()),
                at: stage.at.clone(),
                property: PROPERTY,
                state: state(property.value, &[], &as_bool),
                help: help.to_owned(),
                fix: property.is_free.then(|| vec![edit]),
            };
            report(check, traced);
        }
    }
}
