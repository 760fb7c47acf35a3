//! Reads `Alarms`: groups, alarms and what can be set for one.

use super::layer::Sourced;
use super::raw::{AlarmOptions, AlarmTable};
use super::reader::Reader;
use crate::catalogue::{AlarmSpec, Missing, Rows, Severity};
use crate::template::{Pointer, intrinsic};
use serde_json::Value;

pub(crate) const ALARM_KEYS: &[&str] = &[
    "Enabled",
    "Threshold",
    "Period",
    "EvaluationPeriods",
    "DatapointsToAlarm",
    "Statistic",
    "TreatMissingData",
    "MinSamples",
    "Severity",
    "Runbook",
    "Description",
];
const ON_OFF: &str = "false, or an object";

/// Reads the value of the setting; mistakes go to the reader.
pub(super) fn alarm_table(reader: &mut Reader, value: &Value, at: &Pointer) -> AlarmTable {
    let mut table = AlarmTable::new();
    let rows = reader.rows().clone();
    let groups = groups(&rows);
    reader.each(value, at, &groups, |reader, group, value, at| {
        if let Some(false) = intrinsic::as_bool(value) {
            let off = AlarmOptions { enabled: Some(reader.sourced(false, at)), ..AlarmOptions::default() };
            table.insert((group.to_owned(), String::new()), off);
            return;
        }
        let mut names = alarm_names(&rows, group);
        names.push("Enabled");
        reader.each(value, at, &names, |reader, name, value, at| {
            if name == "Enabled" {
                let group_options = AlarmOptions { enabled: reader.boolean(value, at), ..AlarmOptions::default() };
                table.insert((group.to_owned(), String::new()), group_options);
            } else if let Some(options) = alarm_options(reader, value, at, is_fast(&rows, group, name)) {
                table.insert((group.to_owned(), name.to_owned()), options);
            }
        });
    });
    table
}

/// Whether all rows of a name take periods of less than a minute.
fn is_fast(rows: &Rows, group: &str, name: &str) -> bool {
    rows.all().filter(|row| speaks_for(group, row) && row.name() == name).all(AlarmSpec::takes_fast_periods)
}

/// The groups of `Alarms`: those of all rows, and `Stage` for the stage level alone.
pub(crate) fn groups(rows: &Rows) -> Vec<&str> {
    let mut groups: Vec<_> = rows.all().map(AlarmSpec::group).chain(["Stage"]).collect();
    // Rows of one group stand together: most of the work is done before the sort.
    groups.dedup();
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// Whether what a group says is said about a row: its own group's, or `Stage` for the rows that stages have too.
pub(crate) fn speaks_for(group: &str, row: &AlarmSpec) -> bool {
    group_speaks_for(group, row.group())
}

/// The same, for a row of this group.
pub(super) fn group_speaks_for(group: &str, of: &str) -> bool {
    of == group || (group == "Stage" && matches!(of, "Api" | "WebSocket"))
}

/// The alarms of a group.
pub(crate) fn alarm_names<'r>(rows: &'r Rows, group: &str) -> Vec<&'r str> {
    let mut names: Vec<_> = rows.all().filter(|row| speaks_for(group, row)).map(AlarmSpec::name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Reads the value of the setting; mistakes go to the reader. `is_fast` allows periods of less than a minute.
pub(super) fn alarm_options(reader: &mut Reader, value: &Value, at: &Pointer, is_fast: bool) -> Option<AlarmOptions> {
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
        "Period" => options.period = period(reader, value, at, is_fast),
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

/// Seconds, as CloudWatch takes them. Source: API reference of PutMetricAlarm, `Period`.
pub(super) fn period(reader: &mut Reader, value: &Value, at: &Pointer, is_fast: bool) -> Option<Sourced<u32>> {
    let period = reader.whole(value, at, if is_fast { 10 } else { 60 }..=86_400)?;
    if is_fast && matches!(period.value, 10 | 20 | 30) {
        return Some(period);
    }
    if is_fast && period.value % 60 != 0 {
        reader.wrong(at, value, "10, 20, 30, or a multiple of 60 (seconds)");
        return None;
    }
    if period.value % 60 != 0 {
        reader.wrong(at, value, "a multiple of 60 (seconds): metrics in AWS namespaces have one value a minute");
        return None;
    }
    Some(period)
}

pub(super) fn statistic(reader: &mut Reader, value: &Value, at: &Pointer) -> Option<Sourced<String>> {
    let text = reader.text(value, at, 20)?;
    if !is_statistic(&text.value) {
        wrong_statistic(reader, value, at);
        return None;
    }
    Some(text)
}

/// Whether it is a statistic without a range. Source: CloudWatch user guide, "CloudWatch statistics definitions".
pub(super) fn is_statistic(text: &str) -> bool {
    let percentile = |text: &str| text.parse::<f64>().is_ok_and(|percentile| (0.0..=100.0).contains(&percentile));
    match text {
        "SampleCount" | "Average" | "Sum" | "Minimum" | "Maximum" | "IQM" => true,
        other => ["p", "tm", "wm"].iter().any(|prefix| other.strip_prefix(prefix).is_some_and(percentile)),
    }
}

/// Notes a statistic that CloudWatch does not have.
pub(super) fn wrong_statistic(reader: &mut Reader, value: &Value, at: &Pointer) {
    reader.wrong(at, value, "a statistic of CloudWatch: `p95`, `tm99`, `wm99`, `IQM`, `Average`, `Sum`, `Minimum`, `Maximum` or `SampleCount`");
}
