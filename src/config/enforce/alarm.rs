//! Floors and locks for the settings of one alarm. Stricter is what fires earlier or says more: a threshold that is crossed sooner, fewer and shorter
//! periods, fewer samples, a higher severity, an alarm that is on.

use super::{laxer, not_comparable, not_the_policys, shown};
use crate::catalogue::{AlarmSpec, Comparison, Profile, Severity, Threshold};
use crate::config::alarm_settings::is_on;
use crate::config::layer::Sourced;
use crate::config::raw::AlarmOptions;
use crate::finding::Finding;
use crate::template::intrinsic::as_number;
use serde_json::Value;

/// Whether a threshold is crossed later than another one.
pub(crate) fn is_laxer(comparison: Comparison, own: f64, floor: f64) -> bool {
    if comparison.is_upper() { own > floor } else { own < floor }
}

/// Replaces what is laxer than the floor, whoever said it, the catalogue included; the findings are about what the template said.
pub(in crate::config) fn hold(
    row: &AlarmSpec,
    profile: Profile,
    options: &mut AlarmOptions,
    floor: &AlarmOptions,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(floor) = &floor.threshold {
        findings.extend(threshold(row, &mut options.threshold, floor));
    }
    if let Some(on) = floor.enabled.as_ref().filter(|on| on.value) {
        let is_kept = options.enabled.as_ref().map_or_else(|| is_on(row, profile, options), |enabled| enabled.value);
        if !is_kept {
            findings.extend(options.enabled.as_ref().and_then(|off| laxer(&row.id, "off", &off.from, "on", &on.from)));
            options.enabled = Some(on.clone());
        }
    }
    window(row, options, floor, &mut findings);
    let min_samples = row.min_samples.filter(|_| floor.min_samples.is_some());
    if let Some(default) = min_samples {
        findings.extend(cap("MinSamples", &mut options.min_samples, default, &floor.min_samples));
    }
    if let Some(at_least) = &floor.severity {
        let severity = options.severity.as_ref().map_or(row.severity, |severity| severity.value);
        if severity < at_least.value {
            let own = options.severity.as_ref();
            let name = Severity::as_str;
            let finding =
                own.and_then(|own| laxer("Severity", name(own.value), &own.from, name(at_least.value), &at_least.from));
            findings.extend(finding);
            options.severity = Some(at_least.clone());
        }
    }
    lock("Statistic", &mut options.statistic, &floor.statistic, String::clone, &mut findings);
    lock(
        "TreatMissingData",
        &mut options.missing,
        &floor.missing,
        |missing| missing.as_str().to_owned(),
        &mut findings,
    );
    lock("Runbook", &mut options.runbook, &floor.runbook, |text| format!("`{text}`"), &mut findings);
    lock("Description", &mut options.description, &floor.description, |text| format!("`{text}`"), &mut findings);
    findings
}

/// A threshold that follows a property is not known here: see [`super::super::alarm_settings::AlarmSettings::hold_derived`].
fn threshold(row: &AlarmSpec, set: &mut Option<Sourced<Value>>, floor: &Sourced<Value>) -> Option<Finding> {
    let limit = as_number(&floor.value)?;
    let Some(own) = set else {
        let follows = matches!(row.threshold, Threshold::Share(_));
        let is_strict = matches!(row.threshold, Threshold::Number(number) if !is_laxer(row.comparison, number, limit));
        if !follows && !is_strict {
            *set = Some(floor.clone());
        }
        return None;
    };
    let text = format!("{}{}", shown(&floor.value), row.unit.suffix());
    let finding = match as_number(&own.value) {
        Some(number) if !is_laxer(row.comparison, number, limit) => return None,
        Some(number) => laxer("Threshold", &format!("{number}{}", row.unit.suffix()), &own.from, &text, &floor.from),
        None => not_comparable("Threshold", &own.from, &text, &floor.from),
    };
    *set = Some(floor.clone());
    finding
}

fn window(row: &AlarmSpec, options: &mut AlarmOptions, floor: &AlarmOptions, findings: &mut Vec<Finding>) {
    findings.extend(cap("Period", &mut options.period, row.window.period, &floor.period));
    findings.extend(cap("DatapointsToAlarm", &mut options.datapoints, row.window.datapoints, &floor.datapoints));
    // Who sets M alone gets at least that N.
    let least = options.datapoints.as_ref().map_or(0, |m| m.value).max(row.window.evaluation_periods);
    let before = options.evaluation_periods.as_ref().map_or(least, |n| n.value);
    findings.extend(cap("EvaluationPeriods", &mut options.evaluation_periods, least, &floor.evaluation_periods));
    let (Some(n), Some(m)) = (&options.evaluation_periods, &options.datapoints) else { return };
    if n.value < before && m.value > n.value {
        options.datapoints = Some(n.clone());
    }
}

/// A number that may be at most the floor's.
fn cap(key: &str, set: &mut Option<Sourced<u32>>, default: u32, floor: &Option<Sourced<u32>>) -> Option<Finding> {
    let floor = floor.as_ref()?;
    if set.as_ref().map_or(default, |own| own.value) <= floor.value {
        return None;
    }
    let own = set.replace(floor.clone())?;
    laxer(key, &own.value.to_string(), &own.from, &floor.value.to_string(), &floor.from)
}

fn lock<T: Clone + PartialEq>(
    key: &str,
    set: &mut Option<Sourced<T>>,
    lock: &Option<Sourced<T>>,
    show: impl Fn(&T) -> String,
    findings: &mut Vec<Finding>,
) {
    let Some(lock) = lock else { return };
    if set.as_ref().is_some_and(|own| own.value == lock.value) {
        return;
    }
    if let Some(own) = set.replace(lock.clone()) {
        findings.extend(not_the_policys(key, &show(&own.value), &own.from, &show(&lock.value), &lock.from));
    }
}
