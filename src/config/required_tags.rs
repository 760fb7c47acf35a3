//! Reads `RequiredTags`: which tags resources must have, with which values.

use super::layer::{Origin, Sourced};
use super::pattern::glob;
use super::reader::Reader;
use crate::finding::Level;
use crate::template::Pointer;
use serde_json::Value;

/// The keys of an entry.
pub(crate) const KEYS: &[&str] = &["Key", "Pattern", "Values", "Types", "Level"];

/// What happens where a required tag is missing.
pub(crate) const LEVELS: &[(&str, Level)] = &[("Warn", Level::Warn), ("Deny", Level::Error)];

/// The types that SAM makes of its own, where they are what its tags end up on.
const MADE_BY_SAM: &[(&str, &str)] = &[
    ("AWS::Serverless::Api", "AWS::ApiGateway::Stage"),
    ("AWS::Serverless::Function", "AWS::Lambda::Function"),
    ("AWS::Serverless::HttpApi", "AWS::ApiGatewayV2::Api"),
    ("AWS::Serverless::SimpleTable", "AWS::DynamoDB::Table"),
    ("AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine"),
];

/// A tag that resources must have.
#[derive(Debug, Clone)]
pub(crate) struct RequiredTag {
    /// Its key.
    pub(crate) key: String,
    /// What its value must look like; `*` stands for any characters.
    pub(crate) pattern: Option<String>,
    /// The values that it may have; none: any.
    pub(crate) values: Vec<String>,
    /// The resource types, or patterns of them; none: all.
    pub(crate) on: Vec<String>,
    /// How much it matters; none: as much as the guardrail says.
    pub(crate) level: Option<Level>,
    /// Who asks for it.
    pub(crate) from: Origin,
}

impl RequiredTag {
    /// Whether resources of a type must have it. What SAM will make of a type counts, so that the order of transforms means nothing.
    pub(crate) fn is_for(&self, resource_type: &str) -> bool {
        let made = MADE_BY_SAM.iter().find(|(sam, _)| *sam == resource_type).map(|(_, made)| *made);
        let matches = |pattern: &String| glob(pattern, resource_type) || made.is_some_and(|made| glob(pattern, made));
        self.on.is_empty() || self.on.iter().any(matches)
    }

    /// Whether a value is allowed.
    pub(crate) fn allows(&self, value: &str) -> bool {
        self.pattern.as_deref().is_none_or(|pattern| glob(pattern, value))
            && (self.values.is_empty() || self.values.iter().any(|allowed| allowed == value))
    }

    /// What is allowed, in words.
    pub(crate) fn allowed(&self) -> String {
        let mut parts = Vec::new();
        if !self.values.is_empty() {
            parts.push(format!(
                "one of {}",
                self.values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
            ));
        }
        parts.extend(self.pattern.as_ref().map(|pattern| format!("a value like `{pattern}`")));
        if parts.is_empty() { "any value".to_owned() } else { parts.join(", ") }
    }
}

/// Reads the value of the setting; mistakes go to the reader.
pub(super) fn required_tags(reader: &mut Reader, value: &Value, at: &Pointer) -> Vec<RequiredTag> {
    let Some(items) = value.as_array() else {
        reader.wrong(at, value, "a list of {Key, Pattern, Values, Types, Level}");
        return Vec::new();
    };
    let mut tags: Vec<RequiredTag> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let at = at.child(index);
        let Some(tag) = required_tag(reader, item, &at) else { continue };
        if let Some(same) = tags.iter().find(|other| other.key == tag.key && other.on == tag.on) {
            let what = format!("the tag `{}` is required twice, here and at {}", tag.key, same.from.at);
            reader.mistake(&at, what, "keep one of them, or give each its own `Types`".to_owned());
        }
        tags.push(tag);
    }
    tags
}

fn required_tag(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<RequiredTag> {
    let (mut key, mut pattern, mut values, mut on, mut level) = (None, None, Vec::new(), Vec::new(), None);
    let mistakes = reader.mistakes.len();
    reader.each(value, at, KEYS, |reader, name, value, at| match name {
        "Key" => key = reader.text(value, at, 128),
        "Pattern" => pattern = reader.text(value, at, 256),
        "Values" => values = reader.texts(value, at),
        "Types" => on = reader.texts(value, at),
        _ => level = reader.word(value, at, LEVELS),
    });
    for kind in on.iter().filter(|kind| !kind.value.contains("::") && !kind.value.contains('*')) {
        reader.wrong(
            &kind.from.at,
            &Value::from(kind.value.as_str()),
            "a resource type, or a pattern such as AWS::Lambda::*",
        );
    }
    if key.is_none() && reader.mistakes.len() == mistakes {
        reader.mistake(
            at,
            "a required tag needs a `Key`".to_owned(),
            "write {Key: CostCentre}; the rest is optional".to_owned(),
        );
    }
    let texts = |texts: Vec<Sourced<String>>| texts.into_iter().map(|text| text.value).collect();
    Some(RequiredTag {
        key: key?.value,
        pattern: pattern.map(|pattern| pattern.value),
        values: texts(values),
        on: texts(on),
        level: level.map(|level| level.value),
        from: reader.sourced((), at).from,
    })
}
