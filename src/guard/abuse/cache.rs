//! The cache of a REST stage, and which of its settings use it.

use crate::guard::stage_property::StageProperty;
use crate::target::{Api, Protocol, Stage, StageOrigin, entries, leaves};
use crate::template::intrinsic::{as_bool, as_number, is_intrinsic, is_no_value};
use crate::template::{Pointer, Template, When};
use serde_json::Value;

/// The field that encrypts what an entry caches.
pub(super) const ENCRYPTED: &str = "CacheDataEncrypted";

/// What a stage with a cache cluster says about caching.
pub(super) struct Cache<'t> {
    /// When the stage has the cluster.
    pub(super) when: When,
    /// The settings for methods.
    pub(super) entries: Vec<Entry<'t>>,
    /// Whether all of them can be read.
    pub(super) is_known: bool,
}

/// Settings for some methods.
pub(super) struct Entry<'t> {
    settings: &'t Value,
    /// Where it stands, if a field can be added to it for this stage alone.
    pub(super) at: Option<Pointer>,
}

impl<'t> Cache<'t> {
    /// The cache of a stage that has a cluster, at least under a condition.
    pub(super) fn of(template: &Template<'t>, api: &Api<'t>, stage: &Stage<'t>) -> Option<Self> {
        if api.protocol != Protocol::Rest {
            return None;
        }
        let cluster = StageProperty::find(template, api, stage, "CacheClusterEnabled")?.value?;
        let is_on = |(leaf, when): (&Value, When)| (as_bool(leaf) == Some(true)).then_some(when);
        let when = leaves(cluster).into_iter().filter_map(is_on).reduce(When::or)?;
        let mut cache = Self { when, entries: Vec::new(), is_known: true };
        let settings = StageProperty::find(template, api, stage, "MethodSettings")?;
        let own =
            template.at(&settings.at).map(|_| settings.at.clone()).filter(|_| stage.origin != StageOrigin::Implicit);
        cache.read(settings.value, own);
        let resource = stage.owner.and_then(|owner| template.resources.get(owner));
        // SAM puts the lists of `Globals` and of the API together.
        let shared = resource.filter(|resource| resource.own("MethodSettings").is_some());
        cache.read(shared.and_then(|resource| template.global(resource, "MethodSettings")), None);
        // The description of a deployment's stage has settings for all methods itself.
        if let Some(description) = resource.and_then(|resource| resource.own("StageDescription")) {
            cache.entries.push(Entry { settings: description, at: None });
        }
        Some(cache)
    }

    fn read(&mut self, list: Option<&'t Value>, at: Option<Pointer>) {
        let Some(list) = list else { return };
        self.is_known &= list.is_array();
        let plain = list.as_array().filter(|list| list.iter().all(|entry| !is_intrinsic(entry)));
        for (index, (settings, _)) in entries(list).into_iter().enumerate() {
            self.is_known &= !is_intrinsic(settings);
            self.entries
                .push(Entry { settings, at: at.as_ref().filter(|_| plain.is_some()).map(|at| at.child(index)) });
        }
    }
}

impl<'t> Entry<'t> {
    /// Whether responses are kept. A stage with a cluster keeps none until somebody says so, for all methods or for one (API Gateway developer guide, "Set
    /// up a stage for a REST API"), and none for zero seconds ("Cache settings for REST APIs"). None: only CloudFormation knows.
    pub(super) fn caches(&self) -> Option<bool> {
        let is_instant = self.field("CacheTtlInSeconds").and_then(as_number) == Some(0.0);
        self.field("CachingEnabled").map_or(Some(false), |flag| as_bool(flag).map(|flag| flag && !is_instant))
    }

    /// Whether what is kept is encrypted, where the settings say so themselves.
    pub(super) fn is_encrypted(&self) -> Option<bool> {
        self.field(ENCRYPTED).map(|flag| as_bool(flag) != Some(false))
    }

    /// Whether it is for all methods.
    pub(super) fn is_for_all(&self) -> bool {
        self.field("ResourcePath").is_none_or(|path| path == "/*" || path == "*")
    }

    /// Whether something is written for a field, be it that it is nothing.
    pub(super) fn has_field(&self, name: &str) -> bool {
        self.settings.get(name).is_some()
    }

    fn field(&self, name: &str) -> Option<&'t Value> {
        self.settings.get(name).filter(|value| !is_no_value(value))
    }
}
