//! One layer of configuration as it was written: `Metadata.Toprail` of the template or of a resource, or the transform's parameters. Every value knows
//! its place. Nothing is combined here.

use super::layer::Sourced;
use super::reader::Reader;
use crate::catalogue::{ALARMS, Missing, Profile, Severity};
use crate::guard::{self, GuardLevel};
use crate::target::Throttle;
use crate::template::{Pointer, intrinsic};
use indexmap::IndexMap;
use serde_json::Value;

/// Whether findings only are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Alarms and fixes are added.
    #[default]
    Inject,
    /// Nothing is changed.
    Audit,
}

/// How alarms are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlarmNames {
    /// Stack, API, stage, method and alarm.
    Readable,
    /// CloudFormation makes a name.
    Generated,
}

/// The four lists of `Notify`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Notify {
    pub(crate) critical: Option<Sourced<Vec<Value>>>,
    pub(crate) warning: Option<Sourced<Vec<Value>>>,
    pub(crate) ok: Option<Sourced<Vec<Value>>>,
    pub(crate) insufficient_data: Option<Sourced<Vec<Value>>>,
}

/// What can be set for an alarm.
#[derive(Debug, Clone, Default)]
pub(crate) struct AlarmOptions {
    pub(crate) enabled: Option<Sourced<bool>>,
    pub(crate) threshold: Option<Sourced<Value>>,
    pub(crate) period: Option<Sourced<u32>>,
    pub(crate) evaluation_periods: Option<Sourced<u32>>,
    pub(crate) datapoints: Option<Sourced<u32>>,
    pub(crate) statistic: Option<Sourced<String>>,
    pub(crate) missing: Option<Sourced<Missing>>,
    pub(crate) min_samples: Option<Sourced<u32>>,
    pub(crate) severity: Option<Sourced<Severity>>,
    pub(crate) runbook: Option<Sourced<String>>,
    pub(crate) description: Option<Sourced<String>>,
}

/// `Alarms`: by group, then alarm. The name "" speaks for the whole group.
pub(crate) type AlarmTable = IndexMap<(String, String), AlarmOptions>;

/// An entry of `Methods`.
#[derive(Debug, Clone)]
pub(crate) struct MethodEntry {
    pub(crate) pattern: String,
    pub(crate) at: Pointer,
    pub(crate) alarms: IndexMap<String, AlarmOptions>,
    pub(crate) enabled: Option<Sourced<bool>>,
    pub(crate) throttle: Option<Sourced<Throttle>>,
    pub(crate) any_methods: Option<Sourced<Vec<String>>>,
}

/// An entry of `Suppress`.
#[derive(Debug, Clone)]
pub(crate) struct Suppression {
    pub(crate) id: String,
    pub(crate) place: Option<String>,
    pub(crate) reason: String,
    pub(crate) at: Pointer,
}

/// One layer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Raw {
    pub(crate) enabled: Option<Sourced<bool>>,
    pub(crate) mode: Option<Sourced<Mode>>,
    pub(crate) profile: Option<Sourced<Profile>>,
    pub(crate) notify: Notify,
    pub(crate) alarms: AlarmTable,
    pub(crate) methods: Vec<MethodEntry>,
    /// `Throttle: false` is no throttle at all.
    pub(crate) throttle: Option<Sourced<Option<Throttle>>>,
    pub(crate) tags: IndexMap<String, Sourced<Value>>,
    pub(crate) detailed_metrics: Option<Sourced<bool>>,
    pub(crate) guardrails: IndexMap<&'static str, Sourced<GuardLevel>>,
    pub(crate) suppress: Vec<Suppression>,
    pub(crate) any_methods: Option<Sourced<Vec<String>>>,
    pub(crate) alarm_names: Option<Sourced<AlarmNames>>,
    pub(crate) runbook: Option<Sourced<String>>,
    pub(crate) budget: Option<Sourced<Value>>,
}

/// The keys of the template's configuration.
pub(crate) const TEMPLATE_KEYS: &[&str] = &[
    "Enabled", "Mode", "Profile", "Notify", "Alarms", "Methods", "Throttle", "Tags", "DetailedMetrics", "Guardrails", "Suppress", "AnyMethods",
    "AlarmNames", "Runbook", "Budget",
];
/// The keys of a resource's configuration.
pub(crate) const RESOURCE_KEYS: &[&str] = &["Enabled", "Alarms", "Methods", "Throttle", "Tags", "DetailedMetrics", "AnyMethods"];
const ALARM_KEYS: &[&str] = &[
    "Enabled", "Threshold", "Period", "EvaluationPeriods", "DatapointsToAlarm", "Statistic", "TreatMissingData", "MinSamples", "Severity", "Runbook",
    "Description",
];
const VERBS: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
const ON_OFF: &str = "false, or an object";

impl Raw {
    /// Reads a layer; mistakes go to the reader.
    pub(crate) fn read(reader: &mut Reader, value: &Value, at: &Pointer, keys: &[&'static str]) -> Self {
        let mut raw = Self::default();
        reader.each(value, at, keys, |reader, key, value, at| raw.take(reader, key, value, at));
        raw
    }

    /// Takes one top-level key.
    pub(crate) fn take(&mut self, reader: &mut Reader, key: &str, value: &Value, at: &Pointer) {
        match key {
            "Enabled" => self.enabled = reader.boolean(value, at),
            "Mode" => self.mode = reader.word(value, at, &[("Inject", Mode::Inject), ("Audit", Mode::Audit)]),
            "Profile" => self.profile = reader.word(value, at, Profile::WORDS),
            "Notify" => self.read_notify(reader, value, at),
            "Alarms" => self.alarms = alarm_table(reader, value, at),
            "Methods" => self.methods = methods(reader, value, at),
            "Throttle" => self.throttle = throttle_or_off(reader, value, at),
            "Tags" => self.tags = tags(reader, value, at),
            "DetailedMetrics" => self.detailed_metrics = reader.boolean(value, at),
            "Guardrails" => self.guardrails = guardrails(reader, value, at),
            "Suppress" => self.suppress = suppressions(reader, value, at),
            "AnyMethods" => self.any_methods = verbs(reader, value, at),
            "AlarmNames" => {
                self.alarm_names = reader.word(value, at, &[("Readable", AlarmNames::Readable), ("Generated", AlarmNames::Generated)]);
            }
            "Runbook" => self.runbook = reader.text(value, at, 512),
            "Budget" => self.budget = reader.amount(value, at),
            _ => {}
        }
    }

    fn read_notify(&mut self, reader: &mut Reader, value: &Value, at: &Pointer) {
        reader.each(value, at, &["Critical", "Warning", "Ok", "InsufficientData"], |reader, key, value, at| {
            let topics = topics(reader, value, at);
            match key {
                "Critical" => self.notify.critical = topics,
                "Warning" => self.notify.warning = topics,
                "Ok" => self.notify.ok = topics,
                _ => self.notify.insufficient_data = topics,
            }
        });
    }
}

/// A topic or a list of at most five (CloudWatch's limit for each kind of action).
pub(crate) fn topics(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Sourced<Vec<Value>>> {
    let items = match value {
        Value::Array(items) => items.clone(),
        one => vec![one.clone()],
    };
    let is_topic = |item: &Value| match item {
        Value::String(text) => text.starts_with("arn:") || (!text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric())),
        _ => intrinsic::function(item).is_some(),
    };
    if items.is_empty() || items.len() > 5 || !items.iter().all(is_topic) {
        reader.wrong(at, value, "a topic's ARN, the logical id of a topic, an intrinsic such as !Ref, or a list of one to five of them");
        return None;
    }
    Some(reader.sourced(items, at))
}

fn alarm_table(reader: &mut Reader, value: &Value, at: &Pointer) -> AlarmTable {
    let mut table = AlarmTable::new();
    let groups: Vec<&'static str> = groups();
    reader.each(value, at, &groups, |reader, group, value, at| {
        if let Some(false) = intrinsic::as_bool(value) {
            let off = AlarmOptions { enabled: Some(reader.sourced(false, at)), ..AlarmOptions::default() };
            table.insert((group.to_owned(), String::new()), off);
            return;
        }
        let mut names = alarm_names(group);
        names.push("Enabled");
        reader.each(value, at, &names, |reader, name, value, at| {
            if name == "Enabled" {
                let group_options = AlarmOptions { enabled: reader.boolean(value, at), ..AlarmOptions::default() };
                table.insert((group.to_owned(), String::new()), group_options);
            } else if let Some(options) = alarm_options(reader, value, at) {
                table.insert((group.to_owned(), name.to_owned()), options);
            }
        });
    });
    table
}

/// The groups of `Alarms`: those of the catalogue, and `Stage` for the stage level alone.
pub(crate) fn groups() -> Vec<&'static str> {
    let mut groups: Vec<_> = ALARMS.iter().map(crate::catalogue::AlarmSpec::group).chain(["Stage"]).collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// The alarms of a group.
pub(crate) fn alarm_names(group: &str) -> Vec<&'static str> {
    let in_group = |row: &&crate::catalogue::AlarmSpec| row.group() == group || (group == "Stage" && matches!(row.group(), "Api" | "WebSocket"));
    let mut names: Vec<_> = ALARMS.iter().filter(in_group).map(crate::catalogue::AlarmSpec::name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn alarm_options(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<AlarmOptions> {
    let mut options = AlarmOptions::default();
    if let Some(flag) = intrinsic::as_bool(value) {
        options.enabled = Some(reader.sourced(flag, at));
        return Some(options);
    }
    if !value.is_object() {
        reader.wrong(at, value, ON_OFF);
        return None;
    }
    reader.each(value, at, ALARM_KEYS, |reader, key, value, at| match key {
        "Enabled" => options.enabled = reader.boolean(value, at),
        "Threshold" => options.threshold = reader.amount(value, at),
        "Period" => options.period = period(reader, value, at),
        "EvaluationPeriods" => options.evaluation_periods = reader.whole(value, at, 1..=1440),
        "DatapointsToAlarm" => options.datapoints = reader.whole(value, at, 1..=1440),
        "Statistic" => options.statistic = statistic(reader, value, at),
        "TreatMissingData" => options.missing = reader.word(value, at, Missing::WORDS),
        "MinSamples" => options.min_samples = reader.whole(value, at, 1..=1_000_000),
        "Severity" => options.severity = reader.word(value, at, Severity::WORDS),
        "Runbook" => options.runbook = reader.text(value, at, 512),
        _ => options.description = reader.text(value, at, 512),
    });
    Some(options)
}

fn period(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Sourced<u32>> {
    let period = reader.whole(value, at, 60..=86_400)?;
    if period.value % 60 != 0 {
        reader.wrong(at, value, "a multiple of 60 (seconds): metrics in AWS namespaces have one value a minute");
        return None;
    }
    Some(period)
}

fn statistic(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Sourced<String>> {
    let text = reader.text(value, at, 20)?;
    let percentile = |text: &str| text.parse::<f64>().is_ok_and(|percentile| (0.0..=100.0).contains(&percentile));
    let known = match text.value.as_str() {
        "SampleCount" | "Average" | "Sum" | "Minimum" | "Maximum" | "IQM" => true,
        other => ["p", "tm", "wm"].iter().any(|prefix| other.strip_prefix(prefix).is_some_and(percentile)),
    };
    if !known {
        reader.wrong(at, value, "a statistic of CloudWatch: `p95`, `tm99`, `wm99`, `IQM`, `Average`, `Sum`, `Minimum`, `Maximum` or `SampleCount`");
        return None;
    }
    Some(text)
}

fn methods(reader: &mut Reader, value: &Value, at: &Pointer) -> Vec<MethodEntry> {
    let Some(object) = value.as_object() else {
        reader.wrong(at, value, "an object whose keys are methods, such as \"GET /orders/{id}\" or \"* /admin/*\"");
        return Vec::new();
    };
    object.iter().filter_map(|(pattern, value)| method(reader, pattern, value, &at.child(pattern.as_str()))).collect()
}

fn method(reader: &mut Reader, pattern: &str, value: &Value, at: &Pointer) -> Option<MethodEntry> {
    let mut entry =
        MethodEntry { pattern: pattern.to_owned(), at: at.clone(), alarms: IndexMap::new(), enabled: None, throttle: None, any_methods: None };
    if let Some((verb, path)) = pattern.split_once(' ') {
        if !VERBS.contains(&verb) && !matches!(verb, "*" | "ANY") || !path.starts_with(['/', '*']) {
            reader.mistake(at, format!("`{pattern}` is not a method"), "write a verb and a path: \"GET /orders/{id}\", \"* /admin/*\"".to_owned());
            return None;
        }
    }
    if let Some(flag) = intrinsic::as_bool(value) {
        entry.enabled = Some(reader.sourced(flag, at));
        return Some(entry);
    }
    let mut keys = alarm_names("Stage");
    keys.extend(["Enabled", "Throttle", "AnyMethods"]);
    reader.each(value, at, &keys, |reader, key, value, at| match key {
        "Enabled" => entry.enabled = reader.boolean(value, at),
        "Throttle" => entry.throttle = throttle(reader, value, at),
        "AnyMethods" => entry.any_methods = verbs(reader, value, at),
        name => {
            if let Some(options) = alarm_options(reader, value, at) {
                entry.alarms.insert(name.to_owned(), options);
            }
        }
    });
    Some(entry)
}

fn verbs(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Sourced<Vec<String>>> {
    let verbs: Option<Vec<String>> =
        value.as_array().map(|items| items.iter().filter_map(Value::as_str).filter(|verb| VERBS.contains(verb)).map(str::to_owned).collect());
    match verbs {
        Some(verbs) if Some(verbs.len()) == value.as_array().map(Vec::len) => Some(reader.sourced(verbs, at)),
        _ => {
            reader.wrong(at, value, "a list of verbs in capitals, such as [GET, POST]");
            None
        }
    }
}

fn throttle_or_off(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Sourced<Option<Throttle>>> {
    if intrinsic::as_bool(value) == Some(false) {
        return Some(reader.sourced(None, at));
    }
    throttle(reader, value, at).map(|throttle| Sourced { value: Some(throttle.value), from: throttle.from })
}

fn throttle(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Sourced<Throttle>> {
    let (mut rate, mut burst) = (None, None);
    let mistakes = reader.mistakes.len();
    reader.each(value, at, &["Rate", "Burst"], |reader, key, value, at| match key {
        "Rate" => rate = reader.amount(value, at),
        _ => burst = reader.amount(value, at),
    });
    if let Some(burst) = burst.as_ref().filter(|burst| intrinsic::as_number(&burst.value).is_some_and(|number| number.fract() != 0.0)) {
        reader.wrong(&burst.from.at, &burst.value, "a whole number of requests");
        return None;
    }
    match (rate, burst) {
        (Some(rate), Some(burst)) => Some(reader.sourced(Throttle { rate: rate.value, burst: burst.value }, at)),
        _ => {
            if reader.mistakes.len() == mistakes {
                reader.mistake(at, "a throttle needs both `Rate` and `Burst`".to_owned(), "write {Rate: 100, Burst: 200} (requests/s and requests)".to_owned());
            }
            None
        }
    }
}

fn tags(reader: &mut Reader, value: &Value, at: &Pointer) -> IndexMap<String, Sourced<Value>> {
    let mut tags = IndexMap::new();
    let Some(object) = value.as_object().filter(|_| intrinsic::function(value).is_none()) else {
        reader.wrong(at, value, "an object of keys and values");
        return tags;
    };
    for (key, value) in object {
        let at = at.child(key.as_str());
        let text = crate::template::text::Text::read(value);
        let fits = text.is_some_and(|text| text.as_literal().is_none_or(|text| text.chars().count() <= 256));
        if key.is_empty() || key.chars().count() > 128 || key.to_ascii_lowercase().starts_with("aws:") {
            reader.mistake(&at, format!("`{key}` is not a tag key"), "use 1 to 128 characters that do not start with `aws:`".to_owned());
        } else if !fits || intrinsic::is_no_value(value) {
            reader.wrong(&at, value, "a text of at most 256 characters, or an intrinsic");
        } else {
            let value = if value.is_object() { value.clone() } else { Value::from(plain_text(value)) };
            tags.insert(key.clone(), reader.sourced(value, &at));
        }
    }
    tags
}

fn plain_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn guardrails(reader: &mut Reader, value: &Value, at: &Pointer) -> IndexMap<&'static str, Sourced<GuardLevel>> {
    let mut levels = IndexMap::new();
    let ids: Vec<&'static str> = guard::GUARDS.iter().map(|guard| guard.id).collect();
    reader.each(value, at, &ids, |reader, id, value, at| {
        if let Some(level) = reader.word(value, at, GuardLevel::WORDS) {
            levels.insert(id, level);
        }
    });
    levels
}

fn suppressions(reader: &mut Reader, value: &Value, at: &Pointer) -> Vec<Suppression> {
    let Some(items) = value.as_array() else {
        reader.wrong(at, value, "a list of {Id, Where, Reason}");
        return Vec::new();
    };
    items.iter().enumerate().filter_map(|(index, item)| suppression(reader, item, &at.child(index))).collect()
}

fn suppression(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Suppression> {
    let (mut id, mut place, mut reason) = (None, None, None);
    let mistakes = reader.mistakes.len();
    reader.each(value, at, &["Id", "Where", "Reason"], |reader, key, value, at| match key {
        "Id" => id = reader.text(value, at, 255),
        "Where" => place = reader.text(value, at, 1024),
        _ => reason = reader.text(value, at, 1024),
    });
    if let Some(id) = id.as_ref().filter(|id| !crate::config::suppress::is_known_id(&id.value)) {
        let help = "name an alarm (`Api.LatencyP99`), a guardrail (`unthrottled-stage`) or a finding (`TR303`, `any-method`); `toprail list` shows them";
        reader.mistake(&id.from.at, format!("`{}` is nothing that can be suppressed", id.value), help.to_owned());
    }
    match (id, reason) {
        (Some(id), Some(reason)) => {
            Some(Suppression { id: id.value, place: place.map(|place| place.value), reason: reason.value, at: at.clone() })
        }
        _ => {
            if reader.mistakes.len() == mistakes {
                reader.mistake(at, "a suppression needs `Id` and `Reason`".to_owned(), "add the missing one; `Where` is optional".to_owned());
            }
            None
        }
    }
}
