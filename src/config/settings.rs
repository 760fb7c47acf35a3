//! What the layers come to. The only configuration that later stages see.

use super::alarm_settings::{AlarmSettings, Untouched, combine};
use super::enforce;
use super::layer::{Origin, Sourced};
use super::logs::AccessLogs;
use super::pattern::Pattern;
use super::raw::{AlarmNames, AlarmOptions, DEFAULT_THROTTLE, MethodEntry, Mode, Notify, Raw, Suppression, Throttle};
use super::required_tags::RequiredTag;
use super::trail::{Step, trail};
use super::usage_plans::UsagePlans;
use crate::catalogue::{AlarmSpec, Guard, GuardLevel, Profile, Rows, VERBS, guard, guards};
use crate::finding::{Finding, UNUSED_ENTRY};
use indexmap::{Equivalent, IndexMap};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::sync::Arc;

/// The settings of a template.
#[derive(Debug)]
pub struct Settings {
    /// The policy's defaults, then the template, then the transform. What the policy enforces has replaced what was laxer, but for single alarms.
    pub(super) layers: Vec<Raw>,
    /// How many of them are the policy's.
    pub(super) of_policy: usize,
    /// By logical id.
    pub(super) resources: IndexMap<String, Raw>,
    /// What the policy enforces.
    pub(super) enforced: Raw,
    /// The rows that can be configured.
    pub(super) rows: Rows,
}

impl Settings {
    fn last<T: Clone>(&self, field: impl Fn(&Raw) -> &Option<Sourced<T>>) -> Option<Sourced<T>> {
        self.layers.iter().rev().find_map(|layer| field(layer).clone())
    }

    /// The same, where a resource may say more.
    fn last_for<T: Clone>(&self, owners: &[String], field: impl Fn(&Raw) -> &Option<Sourced<T>>) -> Option<Sourced<T>> {
        let own = owners.iter().rev().filter_map(|owner| self.resources.get(owner)).find_map(|raw| field(raw).clone());
        own.or_else(|| self.last(field))
    }

    /// The rows that there are.
    pub(crate) fn rows(&self) -> &Rows {
        &self.rows
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

    /// Where the profile and the levels of guardrails come from, as far as they are not the defaults, and what they hold over. The profile is always
    /// there.
    pub(crate) fn trail(&self) -> Vec<Step> {
        let profile = self.profile();
        let below = |from: &Origin, of: &dyn Fn(&Raw) -> Option<(String, Origin)>| {
            self.layers.iter().rev().filter_map(of).find(|(_, other)| other != from)
        };
        let own = |raw: &Raw| raw.profile.as_ref().map(|set| (set.value.as_str().to_owned(), set.from.clone()));
        let over = below(&profile.from, &own);
        let value = profile.value.as_str().to_owned();
        let mut trail = vec![Step { key: "Profile", value, from: profile.from, over }];
        for (id, level) in self.guard_levels_set() {
            let own =
                |raw: &Raw| Some(raw.guardrails.get(id)?).map(|set| (set.value.as_str().to_owned(), set.from.clone()));
            let over = below(&level.from, &own);
            if guard(id).is_some_and(|guard| guard.default(self.profile().value) != level.value) {
                trail.push(Step { key: id, value: level.value.as_str().to_owned(), from: level.from, over });
            }
        }
        trail
    }

    /// The throttle that the policy enforces, and where.
    pub(crate) fn enforced_throttle(&self) -> Option<(&Throttle, &Origin)> {
        let set = self.enforced.throttle.as_ref()?;
        Some((set.value.as_ref()?, &set.from))
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

    /// Whether what these resources own is to be traced; none: nobody said.
    pub(crate) fn tracing(&self, owners: &[String]) -> Option<Sourced<bool>> {
        self.last_for(owners, |raw| &raw.tracing)
    }

    /// Where the access logs of a stage go; none: nobody said.
    pub(crate) fn access_logs(&self, owners: &[String]) -> Option<Sourced<AccessLogs>> {
        self.last_for(owners, |raw| &raw.access_logs)
    }

    /// What usage plans allow, by tier.
    pub(crate) fn usage_plans(&self) -> UsagePlans {
        self.layers.iter().flat_map(|layer| layer.usage_plans.clone()).collect()
    }

    /// For how many days logs are kept; none: nobody said.
    pub(crate) fn log_retention(&self, owners: &[String]) -> Option<Sourced<u32>> {
        self.last_for(owners, |raw| &raw.log_retention)
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

    /// Where that stands; none: it is the default.
    pub(crate) fn throttle_from(&self, owners: &[String]) -> Vec<Origin> {
        self.last_for(owners, |raw| &raw.throttle).map(|throttle| throttle.from).into_iter().collect()
    }

    /// Where the default tags of a resource stand, each place once.
    pub(crate) fn tags_from(&self, id: &str) -> Vec<Origin> {
        self.tags_of(id).into_values().map(|tag| tag.from.clone()).collect()
    }

    /// The default tags of a resource, the template's keys first.
    pub(crate) fn tags(&self, id: &str) -> Vec<(String, Value)> {
        self.tags_of(id).into_iter().map(|(key, tag)| (key.to_owned(), tag.value.clone())).collect()
    }

    fn tags_of(&self, id: &str) -> IndexMap<&str, &Sourced<Value>> {
        let mut tags = IndexMap::new();
        for layer in self.layers.iter().chain(self.resources.get(id)) {
            tags.extend(layer.tags.iter().map(|(key, tag)| (key.as_str(), tag)));
        }
        tags
    }

    pub(crate) fn guard_level(&self, guard: &Guard) -> GuardLevel {
        self.guard_level_set(guard).map_or_else(|| guard.default(self.profile().value), |level| level.value)
    }

    /// Whether somebody said what a guardrail should do, so that its level is not just the default.
    pub(crate) fn sets_guard(&self, guard: &Guard) -> bool {
        self.layers.iter().chain([&self.enforced]).any(|layer| layer.guardrails.contains_key(guard.id))
    }

    /// The levels of guardrails that somebody set, in the order of the guardrails.
    pub(crate) fn guard_levels_set(&self) -> Vec<(&'static str, Sourced<GuardLevel>)> {
        guards().filter_map(|guard| Some((guard.id, self.guard_level_set(guard)?))).collect()
    }

    /// What somebody set; where nobody did, what the policy enforces, if that is stricter than the default.
    fn guard_level_set(&self, guard: &Guard) -> Option<Sourced<GuardLevel>> {
        let set = self.layers.iter().rev().find_map(|layer| layer.guardrails.get(guard.id));
        let default = guard.default(self.profile().value).strictness();
        let floor = || self.enforced.guardrails.get(guard.id).filter(|floor| floor.value.strictness() > default);
        set.or_else(floor).cloned()
    }

    pub(crate) fn suppressions(&self) -> impl Iterator<Item = Suppression> {
        self.layers.iter().flat_map(|layer| layer.suppress.clone())
    }

    /// The tags that resources must have: of those with the same key the last one, and all that the policy enforces.
    pub(crate) fn required_tags(&self) -> Vec<&RequiredTag> {
        let mut tags: IndexMap<&str, Vec<&RequiredTag>> = IndexMap::new();
        for layer in &self.layers {
            let mut own: IndexMap<&str, Vec<&RequiredTag>> = IndexMap::new();
            for tag in &layer.required_tags {
                own.entry(&tag.key).or_default().push(tag);
            }
            tags.extend(own);
        }
        tags.into_values().flatten().chain(&self.enforced.required_tags).collect()
    }

    /// The tags that the policy enforces, with who says so.
    pub(crate) fn enforced_tags(&self) -> &IndexMap<String, Sourced<Value>> {
        &self.enforced.tags
    }

    /// The entries of `Methods` for a method, the more specific later; those of the policy before all others.
    fn methods(&self, owners: &[String], verb: &str, path: &str) -> Vec<&MethodEntry> {
        let policy = self.layers.iter().take(self.of_policy).flat_map(|layer| matching(&[layer], verb, path));
        policy.chain(matching(&self.of_author(owners), verb, path)).collect()
    }

    /// The layers that are the author's: the template's, the transform's and those of resources.
    fn of_author(&self, owners: &[String]) -> Vec<&Raw> {
        let resources = owners.iter().filter_map(|owner| self.resources.get(owner));
        self.layers.iter().skip(self.of_policy).chain(resources).collect()
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

    /// Where that stands.
    pub(crate) fn method_throttle_from(&self, owners: &[String], verb: &str, path: &str) -> Vec<Origin> {
        let entries = self.methods(owners, verb, path).into_iter().rev();
        entries.filter_map(|entry| entry.throttle.as_ref()).map(|throttle| throttle.from.clone()).take(1).collect()
    }

    /// The settings of one alarm of one target.
    pub(crate) fn alarm(
        &self,
        row: &AlarmSpec,
        groups: &[&str],
        owners: &[String],
        method: Option<(&str, &str)>,
        untouched: &mut Untouched,
    ) -> Arc<AlarmSettings> {
        let layers = self.alarm_layers(row, groups, owners, method);
        let profile = self.profile();
        if layers.is_empty() && self.enforced.alarms.is_empty() {
            if let Some(settings) = untouched.get(&*row.id) {
                return Arc::clone(settings);
            }
            let settings = Arc::new(AlarmSettings::new(row, &profile, AlarmOptions::default()));
            untouched.insert(row.id.to_string(), Arc::clone(&settings));
            return settings;
        }
        let mut options = combine(layers.iter().map(AsRef::as_ref));
        let floor = combine(alarms_in(&self.enforced, row, groups));
        let replaced = enforce::alarm::hold(row, profile.value, &mut options, &floor);
        let trail = trail(row, &layers, &options);
        let settings = AlarmSettings::new(row, &profile, options);
        Arc::new(AlarmSettings { floor: floor.threshold, trail, replaced, ..settings })
    }

    /// All that is said about one alarm of one target, the last one on top.
    fn alarm_layers<'s>(
        &'s self,
        row: &AlarmSpec,
        groups: &[&str],
        owners: &[String],
        method: Option<(&str, &str)>,
    ) -> Vec<Cow<'s, AlarmOptions>> {
        let mut options = Vec::new();
        let switched =
            |enabled: &Option<_>| Cow::Owned(AlarmOptions { enabled: enabled.clone(), ..AlarmOptions::default() });
        let push_methods = |options: &mut Vec<_>, entries: Vec<&'s MethodEntry>| {
            for entry in entries {
                options.extend(entry.enabled.is_some().then(|| switched(&entry.enabled)));
                options.extend(entry.alarms.get(row.name()).map(Cow::Borrowed));
            }
        };
        for (index, layer) in self.layers.iter().enumerate() {
            options.extend(alarms_in(layer, row, groups).map(Cow::Borrowed));
            if let Some((verb, path)) = method.filter(|_| index < self.of_policy) {
                push_methods(&mut options, matching(&[layer], verb, path));
            }
        }
        for resource in owners.iter().filter_map(|owner| self.resources.get(owner)) {
            if resource.enabled.is_some() {
                options.push(switched(&resource.enabled));
            }
            options.extend(alarms_in(resource, row, groups).map(Cow::Borrowed));
        }
        if let Some((verb, path)) = method {
            push_methods(&mut options, matching(&self.of_author(owners), verb, path));
        }
        options
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
        // A policy speaks for all templates: what is not in this one is in another.
        let layers = self.layers.iter().skip(self.of_policy).chain(self.resources.values());
        let entries = layers.flat_map(|layer| &layer.methods);
        let unused = entries.filter(|entry| !used(entry)).map(|entry| {
            let what = format!("no method of this template is `{}`", entry.pattern);
            let help = "correct the verb or the path; `toprail plan` lists the methods";
            entry.from.finding(&UNUSED_ENTRY, what, help)
        });
        unused.collect()
    }
}

/// What a layer says about an alarm, the whole group first.
fn alarms_in<'l, 'r>(
    layer: &'l Raw,
    row: &'r AlarmSpec,
    groups: &'r [&'r str],
) -> impl Iterator<Item = &'l AlarmOptions> + use<'l, 'r> {
    let names = groups.iter().flat_map(|group| ["", row.name()].map(|name| GroupAndName(group, name)));
    names.filter_map(|name| layer.alarms.get(&name))
}

/// A key of an [`AlarmTable`](super::raw::AlarmTable), borrowed: it hashes as the pair does.
#[derive(Hash)]
struct GroupAndName<'a>(&'a str, &'a str);

impl Equivalent<(String, String)> for GroupAndName<'_> {
    fn equivalent(&self, (group, name): &(String, String)) -> bool {
        self.0 == group && self.1 == name
    }
}

/// The entries of `Methods` of some layers that are for a method, the more specific later.
fn matching<'l>(layers: &[&'l Raw], verb: &str, path: &str) -> Vec<&'l MethodEntry> {
    let entries =
        layers.iter().enumerate().flat_map(|(layer, raw)| raw.methods.iter().map(move |entry| (layer, entry)));
    let mut entries: Vec<_> = entries.filter(|(_, entry)| Pattern::read(&entry.pattern).matches(verb, path)).collect();
    // Of two equally specific ones the later layer wins, and within a layer the text decides: the order of keys means nothing.
    entries
        .sort_unstable_by_key(|(layer, entry)| (Pattern::read(&entry.pattern).rank(), *layer, entry.pattern.as_str()));
    entries.into_iter().map(|(_, entry)| entry).collect()
}
