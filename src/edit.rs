//! The only code that changes JSON. It adds members and list entries; it never overwrites, moves or removes anything.

use crate::template::{Pointer, Writer, Written};
use serde::de::Deserialize;
use serde_json::{Map, Value};

/// One addition to the fragment.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// A new member of an object; objects that are missing on the way are created.
    Insert {
        /// Where the new member will stand.
        at: Pointer,
        /// What it is.
        value: Value,
    },
    /// A new entry at the end of a list, which is created where it is missing.
    Append {
        /// Where the list stands.
        at: Pointer,
        /// The new entry.
        value: Value,
    },
}

impl Edit {
    /// Where it changes something.
    pub fn at(&self) -> &Pointer {
        match self {
            Self::Insert { at, .. } | Self::Append { at, .. } => at,
        }
    }
}

/// A resource that is added, written already: hundreds of alarms join the fragment as texts and never become values.
#[derive(Debug)]
pub(crate) struct NewResource {
    /// Its logical id.
    pub(crate) id: String,
    /// All of it.
    pub(crate) text: Written,
}

/// What stands around a resource: quotes, colon, comma.
const AROUND: usize = 4;

/// A fragment and the resources that join it when it is written, at the end of its other ones.
#[derive(Debug)]
pub struct Extended {
    fragment: Value,
    /// Where the resources stand.
    at: Pointer,
    resources: Vec<NewResource>,
}

impl Extended {
    /// A fragment to which nothing is added.
    pub(crate) fn unchanged(fragment: Value) -> Self {
        Self { fragment, at: Pointer::root(), resources: Vec::new() }
    }

    /// Applies additions in order. Returns the pointers where an addition met something that was there already (it is then left out).
    pub(crate) fn new(
        mut fragment: Value,
        edits: Vec<Edit>,
        at: Pointer,
        mut resources: Vec<NewResource>,
    ) -> (Self, Vec<Pointer>) {
        let mut refused = apply(&mut fragment, edits);
        let there = at.resolve(&fragment).and_then(Value::as_object);
        resources.retain(|new| {
            let fits = there.is_some_and(|there| !there.contains_key(&new.id));
            if !fits {
                refused.push(at.child(&new.id));
            }
            fits
        });
        (Self { fragment, at, resources }, refused)
    }

    /// About how many bytes the resources take.
    pub(crate) fn added(&self) -> usize {
        self.resources.iter().map(|new| new.id.len() + new.text.as_str().len() + AROUND).sum()
    }

    /// Writes it.
    pub(crate) fn write(&self, out: &mut Writer) {
        match self.fragment.as_object().filter(|_| !self.resources.is_empty()) {
            Some(object) => write(out, object, self.at.segments().next().as_deref(), &self.resources),
            None => out.value(&self.fragment),
        }
    }

    /// The fragment as one value.
    pub fn into_value(self) -> Value {
        let Self { mut fragment, at, resources } = self;
        if let Some(there) = fragment.pointer_mut(at.as_str()).and_then(Value::as_object_mut) {
            there.extend(resources.into_iter().filter_map(|new| Some((new.id, read(new.text.as_str())?))));
        }
        fragment
    }
}

/// Reads what was written here, however deep an intrinsic of the template is in it.
pub(crate) fn read(text: &str) -> Option<Value> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.disable_recursion_limit();
    Value::deserialize(&mut deserializer).ok()
}

/// An object that gets resources, itself or in a section of it.
fn write(out: &mut Writer, object: &Map<String, Value>, section: Option<&str>, resources: &[NewResource]) {
    out.object(|members| {
        for (key, value) in object {
            let out = members.key(key);
            match value.as_object().filter(|_| section == Some(key)) {
                Some(object) => write(out, object, None, resources),
                None => out.value(value),
            }
        }
        for NewResource { id, text } in resources.iter().filter(|_| section.is_none()) {
            members.key(id).written(text);
        }
    });
}

/// Applies additions in order. Returns the pointers where an addition met something that was there already (it is then left out).
pub(crate) fn apply(fragment: &mut Value, edits: Vec<Edit>) -> Vec<Pointer> {
    let mut refused = Vec::new();
    for edit in edits {
        let at = edit.at().clone();
        if apply_one(fragment, edit).is_none() {
            refused.push(at);
        }
    }
    refused
}

fn apply_one(fragment: &mut Value, edit: Edit) -> Option<()> {
    let segments: Vec<String> = edit.at().segments().map(|segment| segment.to_string()).collect();
    let (last, parents) = segments.split_last()?;
    let mut here = fragment;
    for segment in parents {
        here = step(here, segment)?;
    }
    match edit {
        Edit::Insert { value, .. } => {
            let object = here.as_object_mut()?;
            if object.contains_key(last) {
                return None;
            }
            object.insert(last.clone(), value);
        }
        Edit::Append { value, .. } => match here {
            Value::Object(object) => {
                object.entry(last.as_str()).or_insert_with(|| Value::Array(Vec::new())).as_array_mut()?.push(value)
            }
            Value::Array(items) => items.get_mut(last.parse::<usize>().ok()?)?.as_array_mut()?.push(value),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return None,
        },
    }
    Some(())
}

fn step<'v>(here: &'v mut Value, segment: &str) -> Option<&'v mut Value> {
    match here {
        Value::Object(object) => Some(object.entry(segment).or_insert_with(|| Value::Object(Map::new()))),
        Value::Array(items) => items.get_mut(segment.parse::<usize>().ok()?),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(text: &str) -> Pointer {
        Pointer::parse(text).expect("a pointer")
    }

    #[test]
    fn what_is_there_stays_and_what_is_missing_is_made() {
        let mut value = json!({"A": {"x": 1}, "L": [{"k": 1}]});
        let refused = apply(
            &mut value,
            vec![
                Edit::Insert { at: at("/A/x"), value: json!(2) },
                Edit::Insert { at: at("/A/y/z"), value: json!(3) },
                Edit::Insert { at: at("/L/0/m"), value: json!(4) },
                Edit::Append { at: at("/L"), value: json!(5) },
                Edit::Append { at: at("/A/new"), value: json!(6) },
                Edit::Insert { at: at("/A/x/deeper"), value: json!(7) },
            ],
        );
        assert_eq!(value, json!({"A": {"x": 1, "y": {"z": 3}, "new": [6]}, "L": [{"k": 1, "m": 4}, 5]}));
        assert_eq!(refused, [at("/A/x"), at("/A/x/deeper")]);
    }

    #[test]
    fn a_fragment_is_written_as_it_is_read_wherever_its_resources_stand() {
        let text = |write: &dyn Fn(&mut Writer)| {
            let mut out = Writer::with_room(0);
            write(&mut out);
            out.finish()
        };
        let new = |id: &str| NewResource { id: id.to_owned(), text: text(&|out| out.value(&json!(1.5))) };
        for (fragment, resources) in [
            (json!({"Resources": {"A": {"Resources": {}}}, "Outputs": {}}), "/Resources"),
            (json!({"A": {"Resources": {}}}), ""),
        ] {
            let edits = vec![Edit::Insert { at: at(&format!("{resources}/A/x")), value: json!(2) }];
            let (extended, refused) = Extended::new(fragment, edits, at(resources), vec![new("A"), new("B")]);
            assert_eq!(refused, [at(&format!("{resources}/A"))]);
            let written = text(&|out| extended.write(out));
            let value = extended.into_value();
            assert_eq!(at(&format!("{resources}/B")).resolve(&value), Some(&json!(1.5)));
            assert_eq!(written.as_str(), value.to_string());
        }
    }
}
