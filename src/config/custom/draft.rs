//! One row as it was written, and the row of the catalogue's shape that it is.

use super::{KEYS, NEEDED, NEEDED_OF_MATH, math, reads, threshold};
use crate::catalogue::{
    self, AlarmSpec, Comparison, Missing, Own, OwnMetric, Profile, Reads, Severity, THRESHOLD, Threshold, Unit,
    ValueFrom, Window,
};
use crate::config::alarm_options::{period, statistic};
use crate::config::layer::Sourced;
use crate::config::reader::Reader;
use crate::template::{Object, Pointer};
use serde_json::Value;
use std::borrow::Cow;

/// The longest id: names of alarms are made from it.
const LONGEST_ID: usize = 64;

/// What a row can be on.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    /// One metric.
    One,
    /// Metric math over several.
    Math,
    /// The lines of functions' logs.
    Log,
}

impl Form {
    fn of(written: &Object) -> Self {
        match () {
            () if written.contains_key("LogPattern") => Self::Log,
            () if written.contains_key("Metrics") || written.contains_key("Expression") => Self::Math,
            () => Self::One,
        }
    }

    fn needed(self) -> &'static [&'static str] {
        match self {
            Self::One => NEEDED,
            Self::Math => NEEDED_OF_MATH,
            Self::Log => &["Description"],
        }
    }

    /// The keys of other forms.
    fn strangers(self) -> &'static [&'static str] {
        match self {
            Self::One => &["MinSamples"],
            Self::Math => &["MetricName", "Statistic"],
            Self::Log => &[
                "ResourceTypes",
                "Namespace",
                "MetricName",
                "Dimensions",
                "Statistic",
                "Metrics",
                "Expression",
                "MinSamples",
            ],
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::One => "without an `Expression` that has `{min}` or `{gate}`",
            Self::Math => "beside `Metrics` and `Expression`, which have names and statistics of their own",
            Self::Log => "beside `LogPattern`, whose metric is Toprail's own",
        }
    }
}

/// A row as it was written.
#[derive(Default)]
pub(super) struct Draft {
    id: Option<Sourced<String>>,
    types: Vec<String>,
    namespace: Option<Sourced<String>>,
    metric: Option<Sourced<String>>,
    dimensions: Vec<(String, ValueFrom)>,
    statistic: Option<Sourced<String>>,
    metrics: Vec<OwnMetric>,
    expression: Option<Sourced<String>>,
    min_samples: Option<Sourced<u32>>,
    pattern: Option<Sourced<String>>,
    comparison: Option<Sourced<Comparison>>,
    threshold: Option<Threshold>,
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

impl Draft {
    pub(super) fn read(reader: &mut Reader, value: &Value, at: &Pointer) -> Self {
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
            "Metrics" => draft.metrics = math::metrics(reader, value, at),
            "Expression" => draft.expression = reader.text(value, at, math::LONGEST_EXPRESSION),
            "MinSamples" => draft.min_samples = reader.whole(value, at, 1..=1_000_000),
            "LogPattern" => draft.pattern = reader.text(value, at, 1024),
            "ComparisonOperator" => draft.comparison = reader.word(value, at, Comparison::WORDS),
            "Threshold" => draft.threshold = threshold::read(reader, value, at),
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
    pub(super) fn check(&self, reader: &mut Reader, value: &Value, at: &Pointer) {
        let Some(written) = value.as_object() else { return };
        let form = Form::of(written);
        for key in form.strangers().iter().filter(|key| written.contains_key(**key)) {
            let what = format!("`{key}` has no meaning {}", form.words());
            reader.mistake(&at.child(*key), what, "remove one of them".to_owned());
        }
        if let (Form::Log, Some(Threshold::Share(_))) = (form, &self.threshold) {
            let what = "a share of a property has no meaning beside `LogPattern`, which counts lines".to_owned();
            reader.mistake(&at.child("Threshold"), what, "write a number of lines".to_owned());
        }
        let ranks_threshold = self.metrics.first().is_some_and(|first| first.stat.contains(THRESHOLD));
        if let (Some(Threshold::Share(_)), true) = (&self.threshold, ranks_threshold) {
            let what =
                "a share of a property is compared with the first metric, which `{threshold}` makes a rank in percent"
                    .to_owned();
            let help = "put the metric that has the threshold's unit first, and the rank after it";
            reader.mistake(&at.child("Metrics").child(0).child("Statistic"), what, help.to_owned());
        }
        let lacks: Vec<_> = ["Id"].iter().chain(form.needed()).filter(|key| !written.contains_key(**key)).collect();
        if !lacks.is_empty() {
            let names = lacks.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            let help = match form {
                Form::One => {
                    "add what is missing; a row on the logs of functions has `LogPattern` in place of a metric"
                }
                Form::Math | Form::Log => "add what is missing",
            };
            reader.mistake(at, format!("the row lacks {names}"), help.to_owned());
        }
        // Where a metric is wrong itself, the expression may be right.
        let is_whole = |items: &Vec<Value>| items.len() == self.metrics.len();
        let is_known = form == Form::Math && written.get("Metrics").and_then(Value::as_array).is_some_and(is_whole);
        if let Some(expression) = self.expression.as_ref().filter(|_| is_known) {
            math::check(reader, expression, &self.metrics, self.min_samples.as_ref(), &at.child("Metrics"));
        }
    }

    /// Its id, if it has the form of one and no other row has it.
    pub(super) fn own_id(&self, reader: &mut Reader, others: &[AlarmSpec]) -> Option<String> {
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

    pub(super) fn row(self, id: String, index: usize) -> AlarmSpec {
        let text = |text: Option<Sourced<String>>| text.map(|text| text.value).unwrap_or_default();
        let (reads, metrics, default) = match self.pattern {
            // The metric's name is another one for each log group.
            Some(pattern) => {
                let lines = OwnMetric::only(String::new(), "Sum".to_owned());
                (Reads::Log { pattern: pattern.value }, vec![lines], Threshold::Number(0.0))
            }
            None => {
                let only = OwnMetric::only(text(self.metric), text(self.statistic));
                let metrics = if self.metrics.is_empty() { vec![only] } else { self.metrics };
                let reads = Reads::Metric { namespace: text(self.namespace), dimensions: self.dimensions };
                (reads, metrics, Threshold::Yours)
            }
        };
        let evaluation_periods = self.evaluation_periods.map_or(1, |periods| periods.value);
        let window = Window {
            period: self.period.map_or(60, |period| period.value),
            // As CloudWatch has it.
            datapoints: self.datapoints.map_or(evaluation_periods, |datapoints| datapoints.value),
            evaluation_periods,
        };
        let own = Own { index, types: self.types, reads, metrics, runbook: self.runbook.map(|runbook| runbook.value) };
        let source = self.source.map_or(Cow::Borrowed("the organisation's policy"), |source| source.value.into());
        AlarmSpec {
            comparison: self.comparison.map_or(Comparison::Above, |comparison| comparison.value),
            expression: self.expression.map(|expression| expression.value.into()),
            min_samples: self.min_samples.map(|min| min.value),
            threshold: self.threshold.unwrap_or(default),
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
