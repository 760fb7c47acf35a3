//! A resource that a fix adds: it exists exactly when what it is for exists, and it is finished, so that a second pass finds nothing to add to it.

use super::alarm_tags;
use crate::config::Settings;
use crate::edit::Edit;
use crate::identity;
use crate::template::{Pointer, Template, When};
use serde_json::{Value, json};

/// What is added.
pub(super) struct NewResource<'a> {
    /// What makes it this one: the pieces of its logical id.
    pub(super) identity: Vec<String>,
    /// Its `Type`; one that takes `Tags` as a list.
    pub(super) kind: &'a str,
    /// Its `Properties`, without tags.
    pub(super) properties: Value,
    /// When it exists.
    pub(super) when: When,
    /// What must be there first, by logical id.
    pub(super) after: Vec<String>,
    /// Whether it takes tags.
    pub(super) takes_tags: bool,
}

impl NewResource<'_> {
    /// Its logical id, and the additions. None: there is no place for it.
    pub(super) fn edits(self, template: &Template<'_>, settings: &Settings) -> Option<(String, Vec<Edit>)> {
        let resources = template.resources_at()?;
        let (condition, definitions) = self.when.define();
        if !definitions.is_empty() && !template.takes_conditions() {
            return None;
        }
        let is_taken = |id: &String| template.any_resource(id).is_some() || template.has_name(id);
        let id = (0..).map(|attempt| identity::logical_id(&self.identity, attempt)).find(|id| !is_taken(id))?;
        let mut properties = self.properties;
        let tags = alarm_tags(settings).into_iter().map(|(key, value)| json!({"Key": key, "Value": value}));
        let tags: Vec<Value> = tags.collect();
        if let (Value::Object(properties), false, true) = (&mut properties, tags.is_empty(), self.takes_tags) {
            properties.insert("Tags".to_owned(), Value::from(tags));
        }
        let metadata = json!({"Toprail": {"Enabled": false}});
        let mut resource = json!({"Type": self.kind, "Metadata": metadata, "Properties": properties});
        if let Value::Object(resource) = &mut resource {
            resource.extend(condition.map(|condition| ("Condition".to_owned(), Value::from(condition))));
            if !self.after.is_empty() {
                resource.insert("DependsOn".to_owned(), json!(self.after));
            }
        }
        let conditions = Pointer::root().child("Conditions");
        let there = template.section("Conditions");
        let new = definitions.into_iter().filter(|(name, _)| !there.is_some_and(|there| there.contains_key(name)));
        let mut edits: Vec<Edit> =
            new.map(|(name, value)| Edit::Insert { at: conditions.child(&name), value }).collect();
        edits.push(Edit::Insert { at: resources.child(&id), value: resource });
        Some((id, edits))
    }
}
