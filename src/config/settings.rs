//! What the layers come to. The only configuration that later stages see.

use super::alarm_settings::{AlarmSettings, combine};
use super::layer::Sourced;
use super::pattern::Pattern;
use super::raw::{AlarmNames, AlarmOptions, MethodEntry, Mode, Notify, Raw, Suppression, Throttle};
use crate::catalogue::{AlarmSpec, Guard, GuardLevel, Profile, VERBS};
use crate::finding::{Finding, UNUSED_ENTRY};
use indexmap::IndexMap;
use serde_json::{Value, json};

/// The default throttle of a stage: a tenth of the account's default quota of 10,000 requests/s, so that no API starves the region.
const DEFAULT_THROTTLE: (u32, u32) = (1000, 500);

/// The settings of a template.
#[derive(Debug)]
pub struct Settings {
    /// Template, then transform.
    layers: Vec<Raw>,
    /// By logical id.
    resources: IndexMap<String, Raw>,
}

impl Settings {
    pub(crate) fn new(layers: Vec<Raw>, resources: IndexMap<String, Raw>) -> Self {
        Self { layers, resources }
    }

    fn last<T: Clone>(&self, field: impl Fn(&Raw) -> &Option<Sourced<T>>) -> Option<Sourced<T>> {
        self.layers.iter().rev().find_map(|layer| field(layer).clone())
    }

    /// The same, where a resource may say more.
    fn last_for<T: Clone>(&self, owners: &[String], field: impl Fn(&Raw) -> &Option<Sourced<T>>) -> Option<Sourced<T>> {
        let own = owners.iter().rev().filter_map(|owner| self.resources.get(owner)).find_map(|raw| field(raw).clone());
        own.or_else(|| self.last(field))
    }

    /// Whether Toprail does anything.
    pub fn is_enabled(&self) -> bool {
        self.last(|raw| &raw.enabled).is_none_or(|enabled| enabled.value)
    }

    /// Whether it changes the template.
    pub fn mode(&self) -> Mode {
        self.last(|raw| &raw.mode).map_or(Mode::Inject, |mode| mode.value)
    }

    /// How much is watched.
    pub fn profile(&self) -> Sourced<Profile> {
        self.last(|raw| &raw.profile).unwrap_or_else(|| Sourced::default_of(Profile::Standard))
    }

    pub(crate) fn alarm_names(&self) -> AlarmNames {
        self.last(|raw| &raw.alarm_names).map_or(AlarmNames::Readable, |names| names.value)
    }

    pub(crate) fn runbook(&self) -> Option<Sourced<String>> {
        self.last(|raw| &raw.runbook)
    }

    pub(crate) fn budget(&self) -> Option<Sourced<Value>> {
        self.last(|raw| &raw.budget)
    }

    pub(crate) fn notify(&self) -> Notify {
        let mut all = Notify::default();
        for layer in &self.layers {
            super::layer::overlay(&mut all.critical, &layer.notify.critical);
            super::layer::overlay(&mut all.warning, &layer.notify.warning);
            super::layer::overlay(&mut all.ok, &layer.notify.ok);
            super::layer::overlay(&mut all.insufficient_data, &layer.notify.insufficient_data);
        }
        all
    }

    pub(crate) fn wants_detailed_metrics(&self) -> bool {
        self.last(|raw| &raw.detailed_metrics).is_none_or(|wanted| wanted.value)
    }

    /// Whether detailed metrics may be switched on for what these resources own.
    pub(crate) fn wants_detailed_metrics_of(&self, owners: &[String]) -> bool {
        self.last_for(owners, |raw| &raw.detailed_metrics).is_none_or(|wanted| wanted.value)
    }

    /// Whether a resource is to be left alone.
    pub(crate) fn is_resource_enabled(&self, id: &str) -> bool {
        self.resources.get(id).and_then(|raw| raw.enabled.as_ref()).is_none_or(|enabled| enabled.value)
    }

    /// The throttle for a stage; none: switched off.
    pub(crate) fn throttle(&self, owners: &[String]) -> Option<Throttle> {
        let (rate, burst) = DEFAULT_THROTTLE;
        match self.last_for(owners, |raw| &raw.throttle) {
            Some(throttle) => throttle.value,
            None => Some(Throttle { rate: json!(rate), burst: json!(burst) }),
        }
    }

    /// The default tags of a resource, the template's keys first.
    pub(crate) fn tags(&self, id: &str) -> Vec<(String, Value)> {
        let mut tags: IndexMap<&str, &Value> = IndexMap::new();
        for layer in self.layers.iter().chain(self.resources.get(id)) {
            tags.extend(layer.tags.iter().map(|(key, value)| (key.as_str(), &value.value)));
        }
        tags.into_iter().map(|(key, value)| (key.to_owned(), value.clone())).collect()
    }

    pub(crate) fn guard_level(&self, guard: &Guard) -> GuardLevel {
        let set = self.layers.iter().rev().find_map(|layer| layer.guardrails.get(guard.id));
        set.map_or(guard.default, |level| level.value)
    }

    pub(crate) fn suppressions(&self) -> impl Iterator<Item = Suppression> {
        self.layers.iter().flat_map(|layer| layer.suppress.clone())
    }

    /// The entries of `Methods` for a method, the more specific later.
    fn methods(&self, owners: &[String], verb: &str, path: &str) -> Vec<&MethodEntry> {
        let layers = self.layers.iter().chain(owners.iter().filter_map(|owner| self.resources.get(owner)));
        let entries = layers.enumerate().flat_map(|(layer, raw)| raw.methods.iter().map(move |entry| (layer, entry)));
        let mut entries: Vec<_> =
            entries.filter(|(_, entry)| Pattern::read(&entry.pattern).matches(verb, path)).collect();
        // Of two equally specific ones the later layer wins, and within a layer the text decides: the order of keys means nothing.
        entries.sort_by_key(|(layer, entry)| (Pattern::read(&entry.pattern).rank(), *layer, entry.pattern.as_str()));
        entries.into_iter().map(|(_, entry)| entry).collect()
    }

    /// The verbs that are watched of an `ANY` method.
    pub(crate) fn any_methods(&self, api: &str, path: &str) -> Vec<String> {
        let owners = [api.to_owned()];
        let entry = self.methods(&owners, "ANY", path).into_iter().rev().find_map(|entry| entry.any_methods.clone());
        entry.or_else(|| self.last_for(&owners, |raw| &raw.any_methods)).map(|verbs| verbs.value).unwrap_or_default()
    }

    /// Whether an entry of `Methods` names the verb of a method: `OPTIONS` is watched only then.
    pub(crate) fn asks_for(&self, api: &str, verb: &str, path: &str) -> bool {
        let is_asked = |entry: &&MethodEntry| {
            Pattern::read(&entry.pattern).names_verb(verb) && entry.enabled.as_ref().is_none_or(|on| on.value)
        };
        self.methods(&[api.to_owned()], verb, path).iter().any(is_asked)
    }

    /// The throttle of one method, where an entry of `Methods` has one.
    pub(crate) fn method_throttle(&self, owners: &[String], verb: &str, path: &str) -> Option<Throttle> {
        self.methods(owners, verb, path)
            .into_iter()
            .rev()
            .find_map(|entry| entry.throttle.clone())
            .map(|throttle| throttle.value)
    }

    /// The settings of one alarm of one target.
    pub(crate) fn alarm(
        &self,
        row: &AlarmSpec,
        groups: &[&str],
        owners: &[String],
        method: Option<(&str, &str)>,
    ) -> AlarmSettings {
        let mut options: Vec<AlarmOptions> = Vec::new();
        let own = owners.iter().filter_map(|owner| self.resources.get(owner)).map(|raw| (raw, true));
        for (layer, is_resource) in self.layers.iter().map(|layer| (layer, false)).chain(own) {
            if is_resource && layer.enabled.is_some() {
                options.push(AlarmOptions { enabled: layer.enabled.clone(), ..AlarmOptions::default() });
            }
            for group in groups {
                let named = |name: &str| layer.alarms.get(&((*group).to_owned(), name.to_owned())).cloned();
                options.extend(named(""));
                options.extend(named(row.name()));
            }
        }
        if let Some((verb, path)) = method {
            for entry in self.methods(owners, verb, path) {
                options.push(AlarmOptions { enabled: entry.enabled.clone(), ..AlarmOptions::default() });
                options.extend(entry.alarms.get(row.name()).cloned());
            }
        }
        AlarmSettings::new(row, &self.profile(), combine(options.iter()))
    }

    /// Entries of `Methods` that match none of the methods, given as verb and path; the verb `ANY` has all verbs.
    pub(crate) fn unused_methods(&self, methods: &[(&str, String)]) -> Vec<Finding> {
        let used = |entry: &&MethodEntry| {
            let pattern = Pattern::read(&entry.pattern);
            methods.iter().any(|(verb, path)| match *verb {
                "ANY" => VERBS.iter().chain(&["ANY"]).any(|verb| pattern.matches(verb, path)),
                verb => pattern.matches(verb, path),
            })
        };
        let entries = self.layers.iter().chain(self.resources.values()).flat_map(|layer| &layer.methods);
        let unused = entries.filter(|entry| !used(entry)).map(|entry| {
            let what = format!("no method of this template is `{}`", entry.pattern);
            let help = "correct the verb or the path; `toprail plan` lists the methods";
            Finding::new(&UNUSED_ENTRY, entry.at.clone(), what, help)
        });
        unused.collect()
    }
}
