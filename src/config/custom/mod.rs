//! Reads `Custom` of a policy: an organisation's own rows, in the catalogue's shape and held to what CloudWatch can evaluate.

mod reads;

use super::alarm_options::{period, statistic};
use super::alarm_settings::AlarmSettings;
use super::layer::{Layer, Sourced};
use super::raw::AlarmOptions;
use super::reader::Reader;
use crate::catalogue::{
    self, AlarmSpec, Comparison, Missing, Own, Profile, Reads, Severity, Threshold, Unit, ValueFrom, Window,
};
use crate::template::{Pointer, intrinsic};
use serde_json::Value;
use std::borrow::Cow;

/// The keys of a row.
pub(crate) const KEYS: &[&str] = &[
    "Id",
    "ResourceTypes",
    "Namespace",
    "MetricName",
    "Dimensions",
    "Statistic",
    "LogPattern",
    "ComparisonOperator",
    "Threshold",
    "Unit",
    "Period",
    "EvaluationPeriods",
    "DatapointsToAlarm",
    "TreatMissingData",
    "Severity",
    "Profile",
    "Description",
    "FirstLook",
    "Runbook",
    "Source",
];
/// What says which metric is read; a log pattern has its own.
const OF_METRICS: &[&str] = &["ResourceTypes", "Namespace", "MetricName", "Dimensions", "Statistic"];
/// What a row on a metric must say.
pub(crate) const NEEDED: &[&str] =
    &["ResourceTypes", "Namespace", "MetricName", "Dimensions", "Statistic", "ComparisonOperator", "Description"];
/// The longest id: names of alarms are made from it.
const LONGEST_ID: usize = 64;

/// A row as it was written.
#[derive(Default)]
struct Draft {
    id: Option<Sourced<String>>,
    types: Vec<String>,
    namespace: Option<Sourced<String>>,
    metric: Option<Sourced<String>>,
    dimensions: Vec<(String, ValueFrom)>,
    statistic: Option<Sourced<String>>,
    pattern: Option<Sourced<String>>,
    comparison: Option<Sourced<Comparison>>,
    threshold: Option<Sourced<f64>>,
    unit: Option<Sourced<Unit>>,
    period: Option<Sourced<u32>>,
    evaluation_periods: Option<Sourced<u32>>,
    datapoints: Option<Sourced<u32>>,
    missing: Option<Sourced<Missing>>,
    severity: Option<Sourced<Severity>>,
    profile: Option<Sourced<Profile>>,
    what: Option<Sourced<String>>,
    look: Option<Sourced<String>>,
    runbook: Option<Sourced<String>>,
    source: Option<Sourced<String>>,
}

/// Reads the rows; mistakes go to the reader. What has an id is a row, right or wrong, so that settings for it are no mistakes besides.
pub(super) fn rows(reader: &mut Reader, value: &Value, at: &Pointer) -> Vec<AlarmSpec> {
    let Some(items) = value.as_array() else {
        reader.wrong(at, value, "a list of rows: {Id, ResourceTypes, Namespace, MetricName, …} or {Id, LogPattern, …}");
        return Vec::new();
    };
    let mut rows: Vec<AlarmSpec> = Vec::new();
    reader.within(Layer::Custom, |reader| {
        for (index, item) in items.iter().enumerate() {
            let at = at.child(index);
            let draft = Draft::read(reader, item, &at);
            draft.check(reader, item, &at);
            let Some(id) = draft.own_id(reader, &rows) else { continue };
            let row = draft.row(id, index);
            check_numbers(reader, &row, item, &at);
            rows.push(row);
        }
    });
    rows
}

impl Draft {
    fn read(reader: &mut Reader, value: &Value, at: &Pointer) -> Self {
        let mut draft = Self::default();
        // AWS services publish one value a minute at most.
        let namespace = value.get("Namespace").and_then(Value::as_str);
        let is_fast = namespace.is_some_and(|namespace| !namespace.starts_with("AWS/"));
        reader.each(value, at, KEYS, |reader, key, value, at| match key {
            "Id" => draft.id = reader.text(value, at, LONGEST_ID),
            "ResourceTypes" => draft.types = reads::types(reader, value, at),
            "Namespace" => draft.namespace = reads::namespace(reader, value, at),
            "MetricName" => draft.metric = reads::name(reader, value, at),
            "Dimensions" => draft.dimensions = reads::dimensions(reader, value, at),
            "Statistic" => draft.statistic = statistic(reader, value, at),
            "LogPattern" => draft.pattern = reader.text(value, at, 1024),
            "ComparisonOperator" => draft.comparison = reader.word(value, at, Comparison::WORDS),
            "Threshold" => draft.threshold = threshold(reader, value, at),
            "Unit" => draft.unit = reader.word(value, at, Unit::WORDS),
            "Period" => draft.period = period(reader, value, at, is_fast),
            "EvaluationPeriods" => draft.evaluation_periods = reader.whole(value, at, 1..=1440),
            "DatapointsToAlarm" => draft.datapoints = reader.whole(value, at, 1..=1440),
            "TreatMissingData" => draft.missing = reader.word(value, at, Missing::WORDS),
            "Severity" => draft.severity = reader.word(value, at, Severity::WORDS),
            "Profile" => draft.profile = reader.word(value, at, Profile::WORDS),
            "Description" => draft.what = reader.text(value, at, 512),
            "FirstLook" => draft.look = reader.text(value, at, 256),
            "Runbook" => draft.runbook = reader.text(value, at, 512),
            _ => draft.source = reader.text(value, at, 512),
        });
        draft
    }

    /// Notes what is missing, and what cannot stand together.
    fn check(&self, reader: &mut Reader, value: &Value, at: &Pointer) {
        let Some(written) = value.as_object() else { return };
        let is_log = written.contains_key("LogPattern");
        for key in OF_METRICS.iter().filter(|key| is_log && written.contains_key(**key)) {
            let what = format!("`{key}` has no meaning beside `LogPattern`, whose metric is Toprail's own");
            reader.mistake(&at.child(*key), what, "remove one of them".to_owned());
        }
        let needed = if is_log { &["Description"] } else { NEEDED };
        let lacks: Vec<_> = ["Id"].iter().chain(needed).filter(|key| !written.contains_key(**key)).collect();
        if !lacks.is_empty() {
            let names = lacks.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            let help = match is_log {
                true => "add what is missing",
                false => "add what is missing; a row on the logs of functions has `LogPattern` in place of a metric",
            };
            reader.mistake(at, format!("the row lacks {names}"), help.to_owned());
        }
    }

    /// Its id, if it has the form of one and no other row has it.
    fn own_id(&self, reader: &mut Reader, others: &[AlarmSpec]) -> Option<String> {
        let id = self.id.as_ref()?;
        let is_word = |word: &str| {
            word.starts_with(|first: char| first.is_ascii_uppercase())
                && word.chars().all(|c| c.is_ascii_alphanumeric())
        };
        let (group, name) = id.value.split_once('.').unwrap_or((&id.value, ""));
        if !is_word(group) || !is_word(name) || group == "Stage" || name == "Enabled" {
            let found = Value::from(id.value.as_str());
            let expected = "a group and a name such as `Payments.BacklogAge`: letters and digits, each with a capital first, neither the group \
                            `Stage` nor the name `Enabled`";
            reader.wrong(&id.from.at, &found, expected);
            return None;
        }
        // Ids are found whatever their case.
        let is_same = |other: &AlarmSpec| other.id.eq_ignore_ascii_case(&id.value);
        if let Some(row) = catalogue::alarms().find(|row| is_same(row)) {
            let help = format!(
                "choose another id; `Alarms: {{{}: {{{}: …}}}}` sets what the alarm does",
                row.group(),
                row.name()
            );
            reader.mistake(&id.from.at, format!("`{}` is an alarm of the catalogue", row.id), help);
            return None;
        }
        if let Some(index) = others.iter().find(|row| is_same(row)).and_then(|row| Some(row.own.as_ref()?.index)) {
            let what = format!("`{}` is there twice, here and at /Custom/{index}", id.value);
            reader.mistake(&id.from.at, what, "choose another id".to_owned());
            return None;
        }
        Some(id.value.clone())
    }

    fn row(self, id: String, index: usize) -> AlarmSpec {
        let text = |text: Option<Sourced<String>>| text.map(|text| text.value).unwrap_or_default();
        let (reads, default) = match self.pattern {
            Some(pattern) => (Reads::Log { pattern: pattern.value }, Threshold::Number(0.0)),
            None => {
                let (namespace, name) = (text(self.namespace), text(self.metric));
                let reads = Reads::Metric { namespace, name, stat: text(self.statistic), dimensions: self.dimensions };
                (reads, Threshold::Yours)
            }
        };
        let evaluation_periods = self.evaluation_periods.map_or(1, |periods| periods.value);
        let window = Window {
            period: self.period.map_or(60, |period| period.value),
            // As CloudWatch has it.
            datapoints: self.datapoints.map_or(evaluation_periods, |datapoints| datapoints.value),
            evaluation_periods,
        };
        let own = Own { index, types: self.types, reads, runbook: self.runbook.map(|runbook| runbook.value) };
        let source = self.source.map_or(Cow::Borrowed("the organisation's policy"), |source| source.value.into());
        AlarmSpec {
            comparison: self.comparison.map_or(Comparison::Above, |comparison| comparison.value),
            threshold: self.threshold.map_or(default, |threshold| Threshold::Number(threshold.value)),
            unit: self.unit.map_or(Unit::Count, |unit| unit.value),
            window,
            missing: self.missing.map_or(Missing::NotBreaching, |missing| missing.value),
            severity: self.severity.map_or(Severity::Warning, |severity| severity.value),
            profile: self.profile.map_or(Profile::Standard, |profile| profile.value),
            what: text(self.what).into(),
            look: text(self.look).into(),
            source,
            ..AlarmSpec::of_organisation(id, own)
        }
    }
}

fn threshold(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Sourced<f64>> {
    match intrinsic::as_number(value).filter(|number| *number >= 0.0) {
        Some(number) => Some(reader.sourced(number, at)),
        None => {
            reader.wrong(at, value, "a number of at least 0; `Defaults` may have an intrinsic for it");
            None
        }
    }
}

/// Notes what CloudWatch would refuse about a row, and what could never fire.
fn check_numbers(reader: &mut Reader, row: &AlarmSpec, value: &Value, at: &Pointer) {
    let place =
        |keys: &[&str]| keys.iter().find(|key| value.get(**key).is_some()).map_or(at.clone(), |key| at.child(*key));
    let settings = AlarmSettings::new(row, &Sourced::default_of(Profile::Standard), AlarmOptions::default());
    if let Some(what) = settings.window_mistake() {
        let help = "choose a shorter period or fewer periods, and at most as many datapoints as periods";
        reader.mistake(&place(&["DatapointsToAlarm", "EvaluationPeriods", "Period"]), what, help.to_owned());
    }
    if let (Threshold::Number(number), Unit::Percent) = (row.threshold, row.unit)
        && !row.comparison.can_divide_percents(number)
    {
        let what = format!("{} could never change its state with a threshold of {number} %", row.id);
        reader.mistake(&place(&["Threshold"]), what, "write a percentage that can be crossed".to_owned());
    }
}
