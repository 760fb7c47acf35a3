//! `missing-default-tags`: the configured tags are on every resource that can take them without being replaced.

use super::tags::{self, Addition, Refusal};
use crate::catalogue::GuardLevel;
use crate::catalogue::guards::ownership::MISSING_DEFAULT_TAGS as GUARD;
use crate::config::suppress::{Subject, Suppressions};
use crate::config::{Origin, Settings};
use crate::edit::Edit;
use crate::finding::Finding;
use crate::guard::{Change, Proposals};
use crate::template::{Resource, Template};
use serde_json::Value;

/// The tags that each resource lacks.
pub(crate) fn propose(
    template: &Template<'_>,
    settings: &Settings,
    suppressions: &mut Suppressions,
    proposals: &mut Proposals,
) {
    let level = settings.guard_level(&GUARD);
    let globals = template.section("Globals").map(|globals| Value::Object(globals.clone()));
    for resource in template
        .resources
        .values()
        .filter(|resource| level != GuardLevel::Off && settings.is_resource_enabled(resource.id))
        .filter(|resource| resource.takes_properties())
    {
        let wanted = settings.tags(resource.id);
        if wanted.is_empty() {
            continue;
        }
        let Some(result) = tags::addition(resource.object, globals.as_ref(), &wanted) else {
            continue;
        };
        if matches!(result, Ok((_, Addition::Nothing))) {
            continue;
        }
        let owners = [resource.id.to_owned()];
        let subject = Subject { ids: &[GUARD.id, GUARD.code.id], owners: &owners, at: &resource.at, method: None };
        if suppressions.reason(subject).is_none() {
            propose_one(resource, level, result, settings.tags_from(resource.id), proposals);
        }
    }
}

fn propose_one(
    resource: &Resource<'_>,
    level: GuardLevel,
    result: Result<(tags::TagShape, Addition), Refusal>,
    from: Vec<Origin>,
    proposals: &mut Proposals,
) {
    let id = resource.id;
    match result {
        Ok((shape, addition)) if level == GuardLevel::Fix => {
            let at = resource.property_at(shape.property);
            let (edits, count) = edits(&at, addition);
            proposals.edits.extend(edits);
            let what = format!("{count} default {}", if count == 1 { "tag" } else { "tags" });
            proposals.changes.push(Change { guard: GUARD.id, at, what, owner: id.to_owned(), stage: None, from });
        }
        Ok((shape, _)) => {
            let Some(level) = level.finding() else { return };
            let what = format!("{id} lacks default tags");
            let help = "add them, or set the guardrail `missing-default-tags` to `Fix`";
            proposals
                .findings
                .push(Finding::new(&GUARD.code, resource.property_at(shape.property), what, help).at_level(level));
        }
        Err(refusal) => {
            let Some(level) = level.finding() else { return };
            // What cannot be added safely is worth knowing, and no reason to fail a deployment.
            let level = level.min(crate::finding::Level::Info);
            let what = format!("the default tags are not added to {id}: {refusal}");
            let finding =
                Finding::new(&GUARD.code, resource.at.clone(), what, "add them by hand where they are needed");
            proposals.findings.push(finding.at_level(level));
        }
    }
}

fn edits(at: &crate::template::Pointer, addition: Addition) -> (Vec<Edit>, usize) {
    match addition {
        Addition::Nothing => (Vec::new(), 0),
        Addition::Set(value) => {
            let count = value.as_array().map_or_else(|| value.as_object().map_or(0, serde_json::Map::len), Vec::len);
            (vec![Edit::Insert { at: at.clone(), value }], count)
        }
        Addition::Append(items) => {
            let count = items.len();
            (items.into_iter().map(|value| Edit::Append { at: at.clone(), value }).collect(), count)
        }
        Addition::Insert(pairs) => {
            let count = pairs.len();
            (pairs.into_iter().map(|(key, value)| Edit::Insert { at: at.child(&key), value }).collect(), count)
        }
    }
}

/// The tags that new alarms get at once.
pub(crate) fn alarm_tags(settings: &Settings) -> Vec<(String, Value)> {
    if settings.guard_level(&GUARD) == GuardLevel::Fix { settings.tags("") } else { Vec::new() }
}
