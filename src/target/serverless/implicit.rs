//! The implicit APIs, which SAM makes for events that name no API. They have no resource in the template: their settings come from `Globals`.

use super::events::Event;
use super::{REST, add_settings, globals_at};
use crate::edit::Edit;
use crate::target::api::{Api, Protocol, Stage, StageOrigin};
use crate::target::name::api_name;
use crate::target::settings::StageSettings;
use crate::template::intrinsic::make_ref;
use crate::template::text::Text;
use crate::template::{Object, Resource, Template, When};
use serde_json::{Value, json};

const IMPLICIT_REST: &str = "ServerlessRestApi";
const IMPLICIT_HTTP: &str = "ServerlessHttpApi";

/// The implicit API for the events that name none. It exists when one of its functions does.
pub(super) fn api<'t>(template: &Template<'t>, events: &[Event<'t>], protocol: Protocol) -> Option<Api<'t>> {
    let (id, section) = if protocol == Protocol::Rest { (IMPLICIT_REST, "Api") } else { (IMPLICIT_HTTP, "HttpApi") };
    let mine = |event: &&Event| event.protocol == protocol && event.api.as_deref().is_none_or(|api| api == id);
    let globals = template.globals(section);
    let dimension = match protocol {
        Protocol::Rest => api_name(
            id,
            globals.and_then(|globals| globals.get("Name")),
            Some(&json!({"info": {"title": make_ref("AWS::StackName")}})),
        ),
        Protocol::Http | Protocol::WebSocket => Some(make_ref(id)),
    };
    let mut api: Option<Api<'t>> = None;
    for event in events.iter().filter(mine) {
        let api =
            api.get_or_insert_with(|| Api::new(id, protocol, dimension.clone(), When::Never, event.route.at.clone()));
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
    let settings = if template.takes_globals(section) { settings } else { settings.fixed() };
    let name = Text::literal(if protocol == Protocol::Rest { "Prod" } else { "$default" });
    let at = api.at.clone();
    api.stages.push(Stage { name, owner: None, origin: StageOrigin::Implicit, when: When::Always, at, settings });
    for event in events.iter().filter(mine) {
        add_settings(&mut api, event);
    }
    Some(api)
}

/// The implicit REST API. Its settings can only come from `Globals.Api.MethodSettings`, which SAM puts before the lists of the other APIs too.
/// So that no API gets two entries for all methods, an API with a list of its own is told to ignore that one, and the others inherit it.
pub(super) fn rest<'t>(template: &Template<'t>, events: &[Event<'t>]) -> Option<Api<'t>> {
    let mut api = api(template, events, Protocol::Rest)?;
    let stage = api.stages.first_mut()?;
    let global = template.globals("Api").and_then(|globals| globals.get("MethodSettings"));
    if stage.settings.has_default() {
        return Some(api);
    }
    let settings = std::mem::replace(&mut stage.settings, StageSettings::unreadable(stage.at.clone()));
    let others = || template.of_kind(REST).filter(|other| !template.ignores_globals(other, "MethodSettings"));
    stage.settings = match global {
        None => others()
            .filter(|other| other.own("MethodSettings").is_some())
            .fold(settings, |settings, other| settings.besides(ignore(other))),
        // An API whose own list cannot be read might get a second entry for all methods.
        Some(_) if others().any(|other| !own_settings(other).is_readable()) => settings.fixed(),
        Some(_) => settings,
    };
    Some(api)
}

/// The other APIs inherit the entry that is written to `Globals` for the implicit one. One that has an entry for all methods of its own would get
/// a second one: it is told to ignore the list in `Globals`, and gets a copy of what the author wrote there.
pub(super) fn share_globals<'t>(template: &Template<'t>, rest: &mut [Api<'t>], implicit: &Api<'_>) {
    let writes_globals =
        implicit.stages.first().is_some_and(|stage| stage.settings.is_readable() && !stage.settings.has_default());
    let global = template.globals("Api").and_then(|globals| globals.get("MethodSettings"));
    for stage in rest.iter_mut().filter(|_| writes_globals).flat_map(|api| api.stages.iter_mut()) {
        let Some(own) = stage.owner.and_then(|owner| template.resources.get(owner)) else { continue };
        if template.ignores_globals(own, "MethodSettings") {
            continue;
        }
        let list = own.own("MethodSettings").and_then(Value::as_array);
        match (global.and_then(Value::as_array), list) {
            (Some(global), Some(list)) if own_settings(own).has_default() => {
                stage.settings = own_settings(own).with_copies(list.len(), global, ignore(own));
            }
            (None, Some(_)) => {}
            _ => {
                let settings = std::mem::replace(&mut stage.settings, StageSettings::unreadable(stage.at.clone()));
                stage.settings = settings.inherited();
            }
        }
    }
}

/// The settings that an API has itself.
fn own_settings<'t>(api: &Resource<'t>) -> StageSettings<'t> {
    StageSettings::method_settings(api.own("MethodSettings"), api.property_at("MethodSettings"))
}

/// Tells SAM to keep `Globals.Api.MethodSettings` away from an API.
fn ignore(api: &Resource<'_>) -> Edit {
    let at = api.at.child("IgnoreGlobals");
    match api.object.get("IgnoreGlobals") {
        Some(_) => Edit::Append { at, value: json!("MethodSettings") },
        None => Edit::Insert { at, value: json!(["MethodSettings"]) },
    }
}
