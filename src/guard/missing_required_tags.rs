//! Required tags: which resources lack them, or have values that are not allowed. It reports; what can be added is a default tag.

use super::Proposals;
use super::tags::{self, Present, TagShape};
use crate::catalogue::{GuardLevel, MISSING_DEFAULT_TAGS};
use crate::config::Settings;
use crate::config::required_tags::RequiredTag;
use crate::config::suppress::{Subject, Suppressions};
use crate::finding::{Finding, Level, MISSING_REQUIRED_TAG as CODE};
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
    if required.is_empty() {
        return;
    }
    let globals = template.section("Globals").map(|globals| Value::Object(globals.clone()));
    let resources = template.resources.values().filter(|resource| settings.is_resource_enabled(resource.id));
    for resource in resources {
        let Some((shape, present)) = tags::present(resource.object, globals.as_ref()) else { continue };
        let added = added(resource, globals.as_ref(), settings);
        let check = Check { resource, shape, present: &present, added: &added };
        for tag in required.iter().filter(|tag| tag.is_for(resource.kind)) {
            if let Some(finding) = check.finding(tag)
                && !is_suppressed(resource, suppressions)
            {
                proposals.findings.push(finding);
            }
        }
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
    let subject = Subject { ids: &[CODE.name, CODE.id], owners: &owners, at: &resource.at, method: None };
    suppressions.reason(subject).is_some()
}

struct Check<'c, 't> {
    resource: &'c Resource<'t>,
    shape: TagShape,
    present: &'c Present<'c>,
    added: &'c [(String, Value)],
}

impl Check<'_, '_> {
    /// What is wrong with one tag of the resource.
    fn finding(&self, tag: &RequiredTag) -> Option<Finding> {
        let own =
            self.present.tags.iter().find(|(key, _)| self.shape.keys.same(key, &tag.key)).map(|(_, value)| *value);
        let value = own.or_else(|| self.added.iter().find(|(key, _)| *key == tag.key).map(|(_, value)| value));
        let id = self.resource.id;
        let key = &tag.key;
        let (what, level) = match value {
            Some(value) => {
                let text = literal(value)?;
                if tag.allows(&text) {
                    return None;
                }
                (format!("the tag `{key}` of {id} has a value that is not allowed"), tag.level)
            }
            None if self.present.is_partly_known => (
                format!("whether {id} has the tag `{key}` is not known: its tags are not all written out"),
                Level::Info,
            ),
            None => (format!("{id} lacks the tag `{key}`"), tag.level),
        };
        let help = format!(
            "give it `{key}` ({}), or set it for all resources with `Tags` in `Metadata.Toprail`",
            tag.allowed()
        );
        let at = self.resource.property_at(self.shape.property);
        let finding = Finding::new(&CODE, at, what, help).at_level(level);
        Some(tag.from.on(finding))
    }
}

/// A value that is written out; what is an intrinsic is accepted as it is.
fn literal(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
