//! What a policy comes to for an account, region and environment, setting by setting, as it was written and where.

use super::{Destination, Policy};
use crate::catalogue::{AlarmSpec, Rows};
use crate::config::alarm_options::speaks_for;
use crate::config::layer::{Layer, Origin};
use crate::config::reference::{Stricter, key_at};
use crate::template::{Pointer, intrinsic};
use indexmap::IndexMap;
use serde_json::Value;

/// A setting that a policy states.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated {
    /// Its path: `Alarms.Api.LatencyP99.Threshold`.
    pub path: String,
    /// Its value, as it was written.
    pub value: Value,
    /// Who states it, and where.
    pub from: Origin,
    /// What it does to a template's value, in a word or two; none: it is a default.
    pub effect: Option<&'static str>,
}

impl Policy {
    /// All that it states for a deployment: defaults, then what is enforced. What a more specific entry replaces is not there.
    pub fn stated(&self, destination: Destination<'_>) -> Vec<Stated> {
        let entries = self.entries(destination);
        let places = |layer: Layer, of_accounts: Layer, key: &str| {
            let general = std::iter::once((layer, Pointer::root().child(key)));
            let special = entries.iter().map(move |entry| (of_accounts, entry.at.child(key)));
            general.chain(special).collect::<Vec<_>>()
        };
        let mut stated = Vec::new();
        for sections in [
            places(Layer::PolicyDefaults, Layer::Account, "Defaults"),
            places(Layer::Enforced, Layer::Enforced, "Enforced"),
        ] {
            let mut found = IndexMap::new();
            for (layer, at) in sections {
                if let Some(section) = at.resolve(&self.value) {
                    let mut walk = Walk { layer, rows: self.rows(), found: &mut found };
                    walk.value(&mut Vec::new(), section, &at);
                }
            }
            stated.extend(found.into_values());
        }
        stated
    }
}

/// What an enforced setting does to a template's value.
fn effect(path: &str, rows: &Rows) -> Option<&'static str> {
    let path: Vec<&str> = path.split('.').collect();
    let key = key_at(&path).or_else(|| key_at(path.get(..1)?))?;
    Some(match key.stricter? {
        Stricter::True => "stays on",
        Stricter::Order(_) => "at least",
        Stricter::Smaller => "at most",
        Stricter::Locked => "locked",
        Stricter::Added => "added",
        Stricter::Sooner if row_at(&path, rows).is_some_and(|row| !row.comparison.is_upper()) => "at least",
        Stricter::Sooner => "at most",
    })
}

/// The row that a path below `Alarms` is about.
fn row_at<'r>(path: &[&str], rows: &'r Rows) -> Option<&'r AlarmSpec> {
    let (group, name) = (path.get(1)?, path.get(2)?);
    rows.all().find(|row| row.name() == *name && speaks_for(group, row))
}

struct Walk<'w> {
    layer: Layer,
    rows: &'w Rows,
    found: &'w mut IndexMap<String, Stated>,
}

impl Walk<'_> {
    fn value(&mut self, path: &mut Vec<String>, value: &Value, at: &Pointer) {
        match value {
            Value::Object(map) if intrinsic::function(value).is_none() => {
                for (key, value) in map {
                    path.push(key.clone());
                    self.value(path, value, &at.child(key));
                    path.pop();
                }
            }
            Value::Array(items) if items.iter().all(|item| item.is_object() && intrinsic::function(item).is_none()) => {
                for (index, item) in items.iter().enumerate() {
                    let name = ["Key", "Id"].iter().find_map(|key| item.get(key)?.as_str()).unwrap_or_default();
                    self.leaf(path, Some(name), item, &at.child(index));
                }
            }
            Value::Array(items) if path.last().is_some_and(|name| name == "NoSuppress") => {
                for (index, item) in items.iter().enumerate() {
                    self.leaf(path, item.as_str(), item, &at.child(index));
                }
            }
            // `LatencyP99: false` says the same as `LatencyP99: {Enabled: false}`.
            Value::Bool(_) if is_switch(path) => self.leaf(path, Some("Enabled"), value, at),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                self.leaf(path, None, value, at);
            }
        }
    }

    fn leaf(&mut self, path: &[String], name: Option<&str>, value: &Value, at: &Pointer) {
        let path = path.iter().map(String::as_str).chain(name).collect::<Vec<_>>().join(".");
        let effect = if self.layer == Layer::Enforced { effect(&path, self.rows) } else { None };
        let from = Origin { layer: self.layer, at: at.clone() };
        let stated = Stated { path: path.clone(), value: value.clone(), from, effect };
        self.found.insert(path, stated);
    }
}

fn is_switch(path: &[String]) -> bool {
    let in_table = path.first().is_some_and(|first| first == "Alarms" || first == "Methods");
    in_table && path.len() > 1 && path.last().is_some_and(|last| last != "Enabled")
}
