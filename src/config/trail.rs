//! How the settings of an alarm came about: what holds, where that stands, and what it holds over.

use super::layer::{Origin, Sourced};
use super::raw::AlarmOptions;
use crate::catalogue::{AlarmSpec, Missing, Severity};
use crate::template::text::{Text, thousands};
use serde_json::Value;
use std::borrow::Cow;

/// A setting of an alarm that somebody set.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its key in a configuration.
    pub key: &'static str,
    /// What holds, for people.
    pub value: String,
    /// Where that stands.
    pub from: Origin,
    /// What would hold without it, and where that stands; none: the default.
    pub over: Option<(String, Origin)>,
}

/// All settings that were set, with what each holds over. `layers` are all that was said, the last one on top; `result` is what came of it.
pub(super) fn trail(row: &AlarmSpec, layers: &[Cow<'_, AlarmOptions>], result: &AlarmOptions) -> Vec<Step> {
    let number = |number: &u32| number.to_string();
    let amount = |value: &Value| amount(row, value);
    let text = String::clone;
    let steps = [
        step("Enabled", layers, result, |options| &options.enabled, bool::to_string),
        step("Threshold", layers, result, |options| &options.threshold, amount),
        step("Period", layers, result, |options| &options.period, |seconds| format!("{seconds} s")),
        step("EvaluationPeriods", layers, result, |options| &options.evaluation_periods, number),
        step("DatapointsToAlarm", layers, result, |options| &options.datapoints, number),
        step("Statistic", layers, result, |options| &options.statistic, text),
        step(
            "TreatMissingData",
            layers,
            result,
            |options| &options.missing,
            |missing: &Missing| missing.as_str().to_owned(),
        ),
        step("MinSamples", layers, result, |options| &options.min_samples, number),
        step(
            "Severity",
            layers,
            result,
            |options| &options.severity,
            |severity: &Severity| severity.as_str().to_owned(),
        ),
        step("Runbook", layers, result, |options| &options.runbook, text),
        step("Description", layers, result, |options| &options.description, text),
    ];
    steps.into_iter().flatten().collect()
}

fn step<T>(
    key: &'static str,
    layers: &[Cow<'_, AlarmOptions>],
    result: &AlarmOptions,
    field: impl Fn(&AlarmOptions) -> &Option<Sourced<T>>,
    show: impl Fn(&T) -> String,
) -> Option<Step> {
    let set = field(result).as_ref()?;
    let below = layers.iter().rev().filter_map(|layer| field(layer).as_ref()).find(|other| other.from != set.from);
    let over = below.map(|below| (show(&below.value), below.from.clone()));
    Some(Step { key, value: show(&set.value), from: set.from.clone(), over })
}

/// A threshold with its unit.
pub(super) fn amount(row: &AlarmSpec, value: &Value) -> String {
    let number = crate::template::intrinsic::as_number(value).map(|number| thousands(&number.to_string()));
    let text = number.or_else(|| Text::read(value).map(|text| text.display()));
    format!("{}{}", text.unwrap_or_else(|| "an intrinsic".to_owned()), row.unit.suffix())
}
