//! Reads `Custom` of a policy: an organisation's own rows, in the catalogue's shape and held to what CloudWatch can evaluate.

mod draft;
mod math;
mod reads;
mod threshold;

pub(crate) use math::KEYS as METRIC_KEYS;
pub(crate) use threshold::KEYS as SHARE_KEYS;

use super::alarm_settings::AlarmSettings;
use super::layer::{Layer, Sourced};
use super::raw::AlarmOptions;
use super::reader::Reader;
use crate::catalogue::{AlarmSpec, Profile, Threshold, Unit};
use crate::template::Pointer;
use draft::Draft;
use serde_json::Value;

/// The keys of a row.
pub(crate) const KEYS: &[&str] = &[
    "Id",
    "ResourceTypes",
    "Namespace",
    "MetricName",
    "Dimensions",
    "Statistic",
    "Metrics",
    "Expression",
    "MinSamples",
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
/// What a row on one metric must say.
pub(crate) const NEEDED: &[&str] =
    &["ResourceTypes", "Namespace", "MetricName", "Dimensions", "Statistic", "ComparisonOperator", "Description"];
/// What a row on several metrics must say.
pub(crate) const NEEDED_OF_MATH: &[&str] =
    &["ResourceTypes", "Namespace", "Metrics", "Expression", "Dimensions", "ComparisonOperator", "Description"];

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

/// Notes what CloudWatch would refuse about a row, and what could never fire.
fn check_numbers(reader: &mut Reader, row: &AlarmSpec, value: &Value, at: &Pointer) {
    let place =
        |keys: &[&str]| keys.iter().find(|key| value.get(**key).is_some()).map_or(at.clone(), |key| at.child(*key));
    let settings = AlarmSettings::new(row, &Sourced::default_of(Profile::Standard), AlarmOptions::default());
    if let Some(what) = settings.window_mistake() {
        let help = "choose a shorter period or fewer periods, and at most as many datapoints as periods";
        reader.mistake(&place(&["DatapointsToAlarm", "EvaluationPeriods", "Period"]), what, help.to_owned());
    }
    if let (Threshold::Number(number), Unit::Percent) = (&row.threshold, row.unit)
        && !row.comparison.can_divide_percents(*number)
    {
        let what = format!("{} could never change its state with a threshold of {number} %", row.id);
        reader.mistake(&place(&["Threshold"]), what, "write a percentage that can be crossed".to_owned());
    }
}
