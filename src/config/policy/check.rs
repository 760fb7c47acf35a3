//! What is wrong with a policy beyond its single values: names that only a template has, floors that hold nothing, alarms that could never fire.

use crate::catalogue::{AlarmSpec, GuardLevel, Profile, Unit};
use crate::config::alarm_options::speaks_for;
use crate::config::alarm_settings::AlarmSettings;
use crate::config::layer::{Origin, Sourced};
use crate::config::raw::{AlarmOptions, Mode, Raw};
use crate::config::reader::Reader;
use crate::template::{Pointer, intrinsic};
use serde_json::Value;

/// Functions whose arguments name a part of a template.
const NAMING: &[&str] = &["Fn::GetAtt", "Fn::If", "Fn::FindInMap", "Condition", "Fn::Transform"];

/// Notes references to what only a template has: a policy is for all templates, and those without it would fail.
pub(super) fn foreign_names(reader: &mut Reader, value: &Value, at: &Pointer) {
    if let Some(name) = foreign_name(value) {
        let help = "use values, pseudo parameters (`AWS::Region`) in `!Sub`, or `!ImportValue`";
        reader.mistake(
            at,
            format!("{name} is a part of a template, and a policy is for all templates"),
            help.to_owned(),
        );
        return;
    }
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| foreign_names(reader, value, &at.child(key))),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| foreign_names(reader, item, &at.child(index)));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn foreign_name(value: &Value) -> Option<String> {
    let (function, argument) = intrinsic::function(value)?;
    let foreign = |name: &str| (!name.starts_with("AWS::")).then(|| format!("`{name}`"));
    match (function, argument) {
        ("Ref", Value::String(name)) => foreign(name),
        ("Fn::Sub", Value::String(text)) => variables(text).find_map(foreign),
        ("Fn::Sub", Value::Array(items)) => {
            let own = |name: &str| items.get(1).is_some_and(|own| own.get(name).is_some());
            let text = items.first().and_then(Value::as_str).unwrap_or_default();
            variables(text).filter(|name| !own(name)).find_map(foreign)
        }
        (function, _) if NAMING.contains(&function) => Some(format!("what `{function}` names")),
        _ => None,
    }
}

/// The names in `${…}`; `${!…}` is no name.
fn variables(text: &str) -> impl Iterator<Item = &str> {
    let names = text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.trim());
    names.filter(|name| !name.starts_with('!'))
}

/// Notes values of `Enforced` that every value is at least as strict as, and those that cannot be compared.
pub(super) fn floors(reader: &mut Reader, raw: &Raw) {
    let mut weakest = |set: Option<&Origin>, key: &str| {
        if let Some(from) = set {
            let what = format!("`{key}` enforces nothing: every other value is at least as strict");
            reader.mistake(&from.at, what, "remove it, or put it under `Defaults`".to_owned());
        }
    };
    let off = |flag: &Option<Sourced<bool>>| flag.as_ref().filter(|flag| !flag.value).map(|flag| flag.from.clone());
    weakest(off(&raw.enabled).as_ref(), "Enabled: false");
    weakest(off(&raw.tracing).as_ref(), "Tracing: false");
    weakest(off(&raw.detailed_metrics).as_ref(), "DetailedMetrics: false");
    weakest(raw.mode.as_ref().filter(|mode| mode.value == Mode::Audit).map(|mode| &mode.from), "Mode: Audit");
    let essential = raw.profile.as_ref().filter(|profile| profile.value == Profile::Essential);
    weakest(essential.map(|profile| &profile.from), "Profile: Essential");
    weakest(raw.throttle.as_ref().filter(|set| set.value.is_none()).map(|set| &set.from), "Throttle: false");
    for level in raw.guardrails.values().filter(|level| level.value == GuardLevel::Off) {
        weakest(Some(&level.from), "Off");
    }
    for options in raw.alarms.values() {
        weakest(off(&options.enabled).as_ref(), "false");
    }
    let limits = raw.throttle.iter().filter_map(|set| Some((set.value.as_ref()?, &set.from)));
    let limits = limits.flat_map(|(throttle, from)| [(&throttle.rate, from), (&throttle.burst, from)]);
    let thresholds = raw.alarms.values().filter_map(|options| options.threshold.as_ref());
    let numbers = thresholds.chain(&raw.budget).map(|set| (&set.value, &set.from)).chain(limits);
    for (value, from) in numbers.filter(|(value, _)| intrinsic::as_number(value).is_none()) {
        reader.wrong(&from.at, value, "a number: an intrinsic cannot be compared with what templates say");
    }
}

/// Notes settings of alarms that CloudWatch would refuse, that could never fire, or that have no effect.
pub(super) fn alarms(reader: &mut Reader, raw: &Raw) {
    let methods = raw.methods.iter().flat_map(|entry| &entry.alarms);
    let of_methods = methods.map(|(name, options)| ("Stage", name.as_str(), options));
    let of_groups = raw.alarms.iter().map(|((group, name), options)| (group.as_str(), name.as_str(), options));
    let rows = reader.rows().clone();
    for (group, name, options) in of_groups.chain(of_methods) {
        for row in rows.all().filter(|row| row.name() == name && speaks_for(group, row)) {
            alarm(reader, row, options);
        }
    }
}

fn alarm(reader: &mut Reader, row: &AlarmSpec, options: &AlarmOptions) {
    let mut mistake = |from: &Origin, what: String, help: &str| {
        let already = reader.mistakes.iter().any(|mistake| mistake.policy.as_ref() == Some(&from.at));
        if !already {
            reader.mistake(&from.at, what, help.to_owned());
        }
    };
    let settings = AlarmSettings::new(row, &Sourced::default_of(Profile::Standard), options.clone());
    if let Some(what) = settings.window_mistake() {
        mistake(
            &settings.window.from,
            what,
            "choose a shorter period or fewer periods, and at most as many datapoints as periods",
        );
    }
    if let Some(samples) = options.min_samples.as_ref().filter(|_| row.min_samples.is_none()) {
        mistake(
            &samples.from,
            format!("{} has no gate on samples, so `MinSamples` has no effect", row.id),
            "remove it",
        );
    }
    if let Some(statistic) = options.statistic.as_ref().filter(|_| !row.takes_statistic()) {
        mistake(&statistic.from, format!("{} is a rate of counts, so `Statistic` has no effect", row.id), "remove it");
    }
    let Some((threshold, number)) =
        options.threshold.as_ref().and_then(|set| Some((set, intrinsic::as_number(&set.value)?)))
    else {
        return;
    };
    if row.unit == Unit::Percent && !row.comparison.can_divide_percents(number) {
        let what = format!("{} could never fire with a threshold of {number} %", row.id);
        mistake(&threshold.from, what, "write a percentage that can be crossed");
    }
}
