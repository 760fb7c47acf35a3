//! Required tags: which resources lack them, or have values that are not allowed. It reports; what can be added is a default tag.

use super::tags::{self, Present, TagShape};
use crate::catalogue::GuardLevel;
use crate::catalogue::guards::ownership::{MISSING_DEFAULT_TAGS, MISSING_REQUIRED_TAG as GUARD};
use crate::config::required_tags::RequiredTag;
use crate::config::suppress::{Subject, Suppressions};
use crate::config::{Layer, Settings, Sourced};
use crate::finding::{Finding, LAXER_THAN_POLICY, Level};
use crate::guard::Proposals;
use crate::template::{Resource, Template};
use serde_json::Value;

/// Looks at the tags of all resources.
pub(crate) fn propose(
    template: &Template<'_>,
    settings: &Settings,
    suppressions: &mut Suppressions,
    proposals: &mut Proposals,
) {
    let required = settings.required_tags();
    if required.is_empty() && settings.enforced_tags().is_empty() {
        return;
    }
    let globals = template.section("Globals").map(|globals| Value::Object(globals.clone()));
    let resources = template.resources.values().filter(|resource| settings.is_resource_enabled(resource.id));
    for resource in resources {
        let Some((shape, present)) = tags::present(resource.object, globals.as_ref()) else { continue };
        let added = added(resource, globals.as_ref(), settings);
        let check = Check { resource, shape, present: &present, added: &added, default: settings.guard_level(&GUARD) };
        for tag in required.iter().filter(|tag| tag.is_for(resource.kind)) {
            if let Some(finding) = check.finding(tag)
                && !is_suppressed(resource, suppressions)
            {
                proposals.findings.push(finding);
            }
        }
        proposals.findings.extend(check.others_than_enforced(settings));
    }
}

/// The default tags that the resource will be given.
fn added(resource: &Resource<'_>, globals: Option<&Value>, settings: &Settings) -> Vec<(String, Value)> {
    let wanted = settings.tags(resource.id);
    let takes = resource.takes_properties() && settings.guard_level(&MISSING_DEFAULT_TAGS) == GuardLevel::Fix;
    match tags::addition(resource.object, globals, &wanted) {
        Some(Ok(_)) if takes => wanted,
        Some(Ok(_) | Err(_)) | None => Vec::new(),
    }
}

fn is_suppressed(resource: &Resource<'_>, suppressions: &mut Suppressions) -> bool {
    let owners = [resource.id.to_owned()];
    let subject = Subject { ids: &[GUARD.id, GUARD.code.id], owners: &owners, at: &resource.at, method: None };
    suppressions.reason(subject).is_some()
}

struct Check<'c, 't> {
    resource: &'c Resource<'t>,
    shape: TagShape,
    present: &'c Present<'c>,
    added: &'c [(String, Value)],
    /// What the guardrail says.
    default: GuardLevel,
}

impl Check<'_, '_> {
    /// Tags that the author wrote with another value than the policy's. They stay: a tag that is written on a resource is never overwritten.
    fn others_than_enforced(&self, settings: &Settings) -> Vec<Finding> {
        let own = |key: &str| self.present.tags.iter().find(|(own, _)| self.shape.keys.same(own, key));
        let differs = |value: &Value, enforced: &Value| {
            literal(value).zip(literal(enforced)).is_some_and(|(own, other)| own != other)
        };
        let others = settings
            .enforced_tags()
            .iter()
            .filter(|(key, enforced)| own(key).is_some_and(|(_, value)| differs(value, &enforced.value)));
        let finding = |(key, enforced): (&String, &Sourced<Value>)| {
            let what = format!(
                "the tag `{key}` of {} is not what the policy says; it stays, being written there",
                self.resource.id
            );
            let at = self.resource.property_at(self.shape.property);
            enforced.from.on(Finding::new(
                &LAXER_THAN_POLICY,
                at,
                what,
                "remove it: the policy's is added in its place",
            ))
        };
        others.map(finding).collect()
    }

    /// What is wrong with one tag of the resource.
    fn finding(&self, tag: &RequiredTag) -> Option<Finding> {
        let own =
            self.present.tags.iter().find(|(key, _)| self.shape.keys.same(key, &tag.key)).map(|(_, value)| *value);
        let value = own.or_else(|| self.added.iter().find(|(key, _)| *key == tag.key).map(|(_, value)| value));
        let id = self.resource.id;
        let key = &tag.key;
        let level = level(tag, self.default)?;
        let (what, level) = match value {
            Some(value) => {
                let text = literal(value)?;
                if tag.allows(&text) {
                    return None;
                }
                (format!("the tag `{key}` of {id} has a value that is not allowed"), level)
            }
            None if self.present.is_partly_known => (
                format!("whether {id} has the tag `{key}` is not known: its tags are not all written out"),
                Level::Info,
            ),
            None => (format!("{id} lacks the tag `{key}`"), level),
        };
        let help = format!(
            "give it `{key}` ({}), or set it for all resources with `Tags` in `Metadata.Toprail`",
            tag.allowed()
        );
        let at = self.resource.property_at(self.shape.property);
        let finding = Finding::new(&GUARD.code, at, what, help).at_level(level);
        Some(tag.from.on(finding))
    }
}

/// How much a tag matters: what its entry says, else what the guardrail says. A template cannot switch off what the policy enforces.
fn level(tag: &RequiredTag, default: GuardLevel) -> Option<Level> {
    let floor = (tag.from.layer == Layer::Enforced).then_some(Level::Warn);
    tag.level.or_else(|| default.finding().max(floor))
}

/// A value that is written out; what is an intrinsic is accepted as it is.
fn literal(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
