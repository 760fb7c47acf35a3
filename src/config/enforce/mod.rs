//! What the policy enforces over what was asked for: floors, which a team may pass on the strict side only, and locks. A laxer value is replaced, and
//! a finding names both places. Which way is stricter stands here for all settings but those of alarms, which are in `alarm`.

pub(super) mod alarm;
mod notify;

use super::alarm_settings::combine;
use super::layer::{Origin, Sourced, overlay as over};
use super::raw::{AlarmNames, DEFAULT_THROTTLE, Mode, Raw, Throttle};
use super::suppress::{is_forbidden, name_of};
use crate::catalogue::Profile;
use crate::finding::{FORBIDDEN_SUPPRESSION, Finding, LAXER_THAN_POLICY};
use crate::template::{Template, intrinsic};
use serde_json::{Value, json};

const HELP: &str = "write a value that is at least as strict, or remove yours; whoever keeps the policy can make an exception in its `Accounts`";

/// Lays the `Enforced` section of an account over the general one.
pub(super) fn overlay(lower: &mut Raw, higher: &Raw) {
    over(&mut lower.enabled, &higher.enabled);
    over(&mut lower.mode, &higher.mode);
    over(&mut lower.profile, &higher.profile);
    over(&mut lower.notify.critical, &higher.notify.critical);
    over(&mut lower.notify.warning, &higher.notify.warning);
    over(&mut lower.notify.ok, &higher.notify.ok);
    over(&mut lower.notify.insufficient_data, &higher.notify.insufficient_data);
    for (name, options) in &higher.alarms {
        let both = combine(lower.alarms.get(name).into_iter().chain([options]));
        lower.alarms.insert(name.clone(), both);
    }
    over(&mut lower.throttle, &higher.throttle);
    lower.tags.extend(higher.tags.clone());
    lower.required_tags.retain(|tag| !higher.required_tags.iter().any(|other| other.key == tag.key));
    lower.required_tags.extend(higher.required_tags.iter().cloned());
    over(&mut lower.tracing, &higher.tracing);
    over(&mut lower.detailed_metrics, &higher.detailed_metrics);
    lower.guardrails.extend(higher.guardrails.clone());
    lower.no_suppress.extend(higher.no_suppress.iter().cloned());
    over(&mut lower.alarm_names, &higher.alarm_names);
    over(&mut lower.runbook, &higher.runbook);
    over(&mut lower.budget, &higher.budget);
}

/// What the policy enforces where nobody says anything and the built-in default would be laxer.
pub(super) fn base(enforced: &Raw) -> Raw {
    let (rate, burst) = DEFAULT_THROTTLE;
    let throttle = Throttle { rate: json!(rate), burst: json!(burst) };
    Raw {
        mode: enforced.mode.clone(),
        profile: enforced.profile.clone().filter(|profile| profile.value > Profile::Standard),
        notify: enforced.notify.clone(),
        tags: enforced.tags.clone(),
        tracing: enforced.tracing.clone().filter(|on| on.value),
        alarm_names: enforced.alarm_names.clone(),
        runbook: enforced.runbook.clone(),
        budget: enforced.budget.clone(),
        throttle: enforced.throttle.as_ref().map(|floor| Sourced {
            value: floor.value.as_ref().map(|floor| capped(&throttle, floor)),
            from: floor.from.clone(),
        }),
        ..Raw::default()
    }
}

/// Replaces what is laxer in a layer, and says so.
pub(super) fn hold(raw: &mut Raw, enforced: &Raw, template: &Template<'_>, findings: &mut Vec<Finding>) {
    let mut floors = Floors { findings };
    floors.at_least("Enabled", &mut raw.enabled, &enforced.enabled, |on| *on, bool::to_string);
    floors.at_least("Tracing", &mut raw.tracing, &enforced.tracing, |on| *on, bool::to_string);
    floors.at_least(
        "DetailedMetrics",
        &mut raw.detailed_metrics,
        &enforced.detailed_metrics,
        |on| *on,
        bool::to_string,
    );
    floors.at_least("Mode", &mut raw.mode, &enforced.mode, |mode| *mode == Mode::Inject, |mode| format!("{mode:?}"));
    let name = |profile: &Profile| profile.as_str().to_owned();
    floors.at_least("Profile", &mut raw.profile, &enforced.profile, |profile| *profile, name);
    for (id, floor) in &enforced.guardrails {
        if let Some(level) = raw.guardrails.get(id).cloned() {
            let mut level = Some(level);
            let key = format!("Guardrails.{id}");
            floors.at_least(
                &key,
                &mut level,
                &Some(floor.clone()),
                |level| level.strictness(),
                |level| level.as_str().to_owned(),
            );
            raw.guardrails.extend(level.map(|level| (*id, level)));
        }
    }
    floors.throttles(raw, enforced);
    floors.budget(raw, enforced);
    floors.locked("AlarmNames", &mut raw.alarm_names, &enforced.alarm_names, |names| match names {
        AlarmNames::Readable => "Readable".to_owned(),
        AlarmNames::Generated => "Generated".to_owned(),
    });
    floors.locked("Runbook", &mut raw.runbook, &enforced.runbook, |url| format!("`{url}`"));
    for (key, floor) in &enforced.tags {
        let mut own = raw.tags.get(key).cloned();
        floors.locked(&format!("Tags.{key}"), &mut own, &Some(floor.clone()), shown);
        raw.tags.extend(own.map(|own| (key.clone(), own)));
    }
    notify::hold(&mut raw.notify, &enforced.notify, template, floors.findings);
    floors.suppressions(raw, enforced);
}

struct Floors<'f> {
    findings: &'f mut Vec<Finding>,
}

impl Floors<'_> {
    /// A setting whose values have an order.
    fn at_least<T: Clone, S: Ord>(
        &mut self,
        key: &str,
        set: &mut Option<Sourced<T>>,
        floor: &Option<Sourced<T>>,
        strictness: impl Fn(&T) -> S,
        show: impl Fn(&T) -> String,
    ) {
        let (Some(own), Some(floor)) = (set.as_ref(), floor) else { return };
        if strictness(&own.value) < strictness(&floor.value) {
            self.findings.extend(laxer(key, &show(&own.value), &own.from, &show(&floor.value), &floor.from));
            *set = Some(floor.clone());
        }
    }

    /// A setting that is the policy's alone.
    fn locked<T: Clone + PartialEq>(
        &mut self,
        key: &str,
        set: &mut Option<Sourced<T>>,
        lock: &Option<Sourced<T>>,
        show: impl Fn(&T) -> String,
    ) {
        let (Some(own), Some(lock)) = (set.as_ref(), lock) else { return };
        if own.value != lock.value {
            self.findings.extend(not_the_policys(key, &show(&own.value), &own.from, &show(&lock.value), &lock.from));
            *set = Some(lock.clone());
        }
    }

    /// The throttle of stages, and of methods, which may not have more than their stage.
    fn throttles(&mut self, raw: &mut Raw, enforced: &Raw) {
        let Some((floor, floor_from)) =
            enforced.throttle.as_ref().and_then(|set| Some((set.value.as_ref()?, &set.from)))
        else {
            return;
        };
        if let Some(set) = &mut raw.throttle {
            let held = set.value.as_ref().map_or_else(|| floor.clone(), |own| capped(own, floor));
            if set.value.as_ref() != Some(&held) {
                let own = set.value.as_ref().map_or_else(|| "off".to_owned(), limits);
                self.findings.extend(laxer("Throttle", &own, &set.from, &limits(&held), floor_from));
                *set = Sourced { value: Some(held), from: floor_from.clone() };
            }
        }
        for set in raw.methods.iter_mut().filter_map(|entry| entry.throttle.as_mut()) {
            let held = capped(&set.value, floor);
            if set.value != held {
                self.findings.extend(laxer("Throttle", &limits(&set.value), &set.from, &limits(&held), floor_from));
                *set = Sourced { value: held, from: floor_from.clone() };
            }
        }
    }

    fn budget(&mut self, raw: &mut Raw, enforced: &Raw) {
        let (Some(own), Some(floor)) = (&raw.budget, &enforced.budget) else { return };
        if smaller(&own.value, &floor.value) != own.value {
            self.findings.extend(laxer("Budget", &shown(&own.value), &own.from, &shown(&floor.value), &floor.from));
            raw.budget = Some(floor.clone());
        }
    }

    fn suppressions(&mut self, raw: &mut Raw, enforced: &Raw) {
        raw.suppress.retain(|entry| {
            let forbids = if entry.from.layer.is_policy() { None } else { is_forbidden(&entry.id, enforced) };
            if let Some(from) = forbids {
                let what = format!("`{}` may not be suppressed here: the policy forbids it", name_of(&entry.id));
                let help = "remove the suppression; whoever keeps the policy can suppress it there, with the place and the reason";
                let finding = entry.from.finding(&FORBIDDEN_SUPPRESSION, what, help);
                self.findings.push(finding.with_policy(from.at.clone()));
            }
            forbids.is_none()
        });
    }
}

/// The finding about a value that is replaced, unless it is the policy's own.
pub(super) fn laxer(key: &str, own: &str, from: &Origin, floor: &str, floor_from: &Origin) -> Option<Finding> {
    let what = format!("`{key}` {own} is laxer than the policy allows: {floor} holds instead");
    replaced(what, from, floor_from)
}

/// The finding about a value that the policy keeps to itself.
pub(super) fn not_the_policys(key: &str, own: &str, from: &Origin, lock: &str, lock_from: &Origin) -> Option<Finding> {
    replaced(format!("`{key}` {own} is not what the policy says: {lock} holds instead"), from, lock_from)
}

/// The finding about an intrinsic where only a number could be compared.
pub(super) fn not_comparable(key: &str, from: &Origin, floor: &str, floor_from: &Origin) -> Option<Finding> {
    let what =
        format!("`{key}` is an intrinsic, which cannot be compared with what the policy allows: {floor} holds instead");
    replaced(what, from, floor_from)
}

fn replaced(what: String, from: &Origin, floor_from: &Origin) -> Option<Finding> {
    let is_teams = !from.layer.is_policy() && !from.layer.is_built_in();
    is_teams.then(|| from.finding(&LAXER_THAN_POLICY, what, HELP).with_policy(floor_from.at.clone()))
}

/// A throttle with both limits at most those of the floor.
fn capped(own: &Throttle, floor: &Throttle) -> Throttle {
    Throttle { rate: smaller(&own.rate, &floor.rate), burst: smaller(&own.burst, &floor.burst) }
}

/// The value if it is a number that is at most the floor; else the floor.
fn smaller(own: &Value, floor: &Value) -> Value {
    let number = intrinsic::as_number;
    match (number(own), number(floor)) {
        (Some(own_number), Some(floor_number)) if own_number <= floor_number => own.clone(),
        _ => floor.clone(),
    }
}

fn limits(throttle: &Throttle) -> String {
    format!("{} requests/s, burst {}", shown(&throttle.rate), shown(&throttle.burst))
}

/// A value of the configuration in a few words.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.chars().take(40).collect(),
        Value::Object(_) | Value::Array(_) => "an intrinsic".to_owned(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}
