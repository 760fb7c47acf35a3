//! The cache of a REST stage, and which methods use it.

use crate::guard::stage_property::StageProperty;
use crate::guard::state::{State, state};
use crate::target::{Api, Protocol, Stage, entries};
use crate::template::intrinsic::{as_bool, is_intrinsic};
use crate::template::{Pointer, Template};
use serde_json::Value;

/// What a stage with a cache cluster says about caching.
pub(super) struct Cache<'t> {
    /// Where the list of settings stands, or would stand.
    pub(super) at: Pointer,
    /// The entries of `MethodSettings`.
    pub(super) entries: Vec<&'t Value>,
    /// Whether all of them can be read.
    pub(super) is_known: bool,
}

impl<'t> Cache<'t> {
    /// The cache of a stage that has a cluster for sure.
    pub(super) fn of(template: &Template<'t>, api: &Api<'t>, stage: &Stage<'t>) -> Option<Self> {
        if api.protocol != Protocol::Rest {
            return None;
        }
        let cluster = StageProperty::find(template, api, stage, "CacheClusterEnabled")?;
        if state(cluster.value, &[], &as_bool) != State::On {
            return None;
        }
        let settings = StageProperty::find(template, api, stage, "MethodSettings")?;
        let entries: Vec<&Value> =
            settings.value.map(entries).unwrap_or_default().into_iter().map(|(entry, _)| entry).collect();
        let is_known = settings.value.is_none_or(Value::is_array) && !entries.iter().any(|entry| is_intrinsic(entry));
        Some(Self { at: settings.at, entries, is_known })
    }
}

/// A switch of an entry; none where it is absent or only CloudFormation knows.
pub(super) fn switch(entry: &Value, name: &str) -> Option<bool> {
    entry.get(name).and_then(as_bool)
}
