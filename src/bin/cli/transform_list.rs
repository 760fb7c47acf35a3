//! The `Transform` section as CloudFormation reads it: which macros are called, and Toprail's own call among them.

use serde_json::{Map, Value};
use toprail::template::Pointer;

/// The two keys that call macros for a whole template.
const KEYS: [&str; 2] = ["Transform", "Fn::Transform"];

/// What a template says about macros.
#[derive(Debug, Default)]
pub(crate) struct TransformList {
    /// The keys as they stood: index in the template, key, value.
    sections: Vec<(usize, &'static str, Value)>,
}

/// A call of Toprail.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    /// Where it stands in the file.
    pub(crate) at: Pointer,
    /// Its parameters.
    pub(crate) parameters: Option<&'a Map<String, Value>>,
}

impl TransformList {
    /// Takes the section out of a template, as CloudFormation does before it calls a macro.
    pub(crate) fn take(template: &mut Map<String, Value>) -> Self {
        // From the back, so that each index is the one that the key had.
        let mut found: Vec<_> =
            KEYS.iter().filter_map(|key| Some((template.keys().position(|other| other == key)?, *key))).collect();
        found.sort_by_key(|(index, _)| std::cmp::Reverse(*index));
        let sections = found.into_iter().filter_map(|(index, key)| Some((index, key, template.shift_remove(key)?)));
        Self { sections: sections.collect() }
    }

    /// The first call of Toprail.
    pub(crate) fn call(&self) -> Option<Call<'_>> {
        self.sections.iter().rev().find_map(|(_, key, section)| {
            let at = Pointer::root().child(*key);
            let call = |entry, at| {
                is_toprail(entry).then(|| Call { at, parameters: entry.get("Parameters").and_then(Value::as_object) })
            };
            match section.as_array() {
                Some(entries) => entries.iter().enumerate().find_map(|(index, entry)| call(entry, at.child(index))),
                None => call(section, at),
            }
        })
    }

    /// Puts the section back without Toprail; other macros stay.
    pub(crate) fn put_back(self, template: &mut Map<String, Value>) {
        for (index, key, section) in self.sections.into_iter().rev() {
            let mut rest = section;
            let is_call = match rest.as_array_mut() {
                Some(entries) => {
                    entries.retain(|entry| !is_toprail(entry));
                    entries.is_empty()
                }
                None => is_toprail(&rest),
            };
            if !is_call {
                template.shift_insert(index.min(template.len()), key.to_owned(), rest);
            }
        }
    }
}

/// `Toprail`, `{Name: Toprail}`, and whatever else an organisation has called it: `111122223333::toprail-beta`.
fn is_toprail(entry: &Value) -> bool {
    let name = entry.as_str().or_else(|| entry.get("Name")?.as_str());
    name.is_some_and(|name| name.to_ascii_lowercase().contains("toprail"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(transform: Value, at: &str, rest: Option<Value>) {
        let mut template = json!({"Description": "d", "Transform": transform, "Resources": {}});
        let map = template.as_object_mut().expect("a mapping");
        let list = TransformList::take(map);
        assert!(!map.contains_key("Transform"));
        assert_eq!(list.call().map(|call| call.at.to_string()).unwrap_or_default(), at);
        list.put_back(map);
        assert_eq!(map.get("Transform"), rest.as_ref());
        assert_eq!(map.keys().next_back().map(String::as_str), Some("Resources"));
    }

    #[test]
    fn toprail_is_taken_out_and_other_macros_stay() {
        check(json!("Toprail"), "/Transform", None);
        check(json!({"Name": "toprail-beta", "Parameters": {}}), "/Transform", None);
        check(
            json!(["AWS::Serverless-2016-10-31", "Toprail"]),
            "/Transform/1",
            Some(json!(["AWS::Serverless-2016-10-31"])),
        );
        check(json!(["1::Toprail", {"Name": "AWS::Include"}]), "/Transform/0", Some(json!([{"Name": "AWS::Include"}])));
        check(json!("AWS::Serverless-2016-10-31"), "", Some(json!("AWS::Serverless-2016-10-31")));
    }
}
