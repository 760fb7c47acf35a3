//! What the layers come to for one alarm of one target.

use super::enforce::alarm::is_laxer;
use super::layer::{Layer, Origin, Sourced, overlay};
use super::raw::AlarmOptions;
use super::trail::{Step, amount};
use crate::catalogue::{AlarmSpec, Missing, Profile, Severity, Threshold, Window};
use crate::finding::{Finding, LAXER_THAN_POLICY};
use crate::template::{Pointer, intrinsic};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The settings of one alarm; every value knows where it comes from.
#[derive(Debug, Clone)]
pub(crate) struct AlarmSettings {
    pub(crate) enabled: Sourced<bool>,
    /// None: the row's own.
    pub(crate) threshold: Option<Sourced<Value>>,
    pub(crate) window: Sourced<Window>,
    pub(crate) statistic: Option<Sourced<String>>,
    pub(crate) missing: Sourced<Missing>,
    pub(crate) min_samples: Option<Sourced<u32>>,
    pub(crate) severity: Sourced<Severity>,
    pub(crate) runbook: Option<Sourced<String>>,
    pub(crate) description: Option<Sourced<String>>,
    /// The loosest threshold that the policy allows.
    pub(crate) floor: Option<Sourced<Value>>,
    /// Where all that was set comes from.
    pub(crate) trail: Vec<Step>,
    /// What the policy replaced.
    pub(crate) replaced: Vec<Finding>,
}

/// The settings of rows of which nobody says anything, by id: thousands of alarms may share them.
pub(crate) type Untouched = BTreeMap<String, Arc<AlarmSettings>>;

/// Lays options over each other, the last one on top.
pub(crate) fn combine<'o>(options: impl Iterator<Item = &'o AlarmOptions>) -> AlarmOptions {
    let mut all = AlarmOptions::default();
    for one in options {
        overlay(&mut all.enabled, &one.enabled);
        overlay(&mut all.threshold, &one.threshold);
        overlay(&mut all.period, &one.period);
        overlay(&mut all.evaluation_periods, &one.evaluation_periods);
        overlay(&mut all.datapoints, &one.datapoints);
        overlay(&mut all.statistic, &one.statistic);
        overlay(&mut all.missing, &one.missing);
        overlay(&mut all.min_samples, &one.min_samples);
        overlay(&mut all.severity, &one.severity);
        overlay(&mut all.runbook, &one.runbook);
        overlay(&mut all.description, &one.description);
    }
    all
}

/// What a threshold that follows from the template came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Follows {
    /// A number.
    Number(f64),
    /// Something that CloudFormation resolves.
    Intrinsic,
    /// There is none.
    Nothing,
}

/// Whether an alarm is on unless somebody says otherwise. What needs a number is on as soon as it has one, whatever the profile.
pub(crate) fn is_on(row: &AlarmSpec, profile: Profile, options: &AlarmOptions) -> bool {
    match row.threshold {
        Threshold::Yours => options.threshold.is_some(),
        Threshold::Number(_) | Threshold::Share(_) => row.profile <= profile,
    }
}

/// What the row itself says.
fn default_of<T>(row: &AlarmSpec, value: T) -> Sourced<T> {
    Sourced { value, from: Origin::of_row(row) }
}

impl AlarmSettings {
    /// The row's defaults under what was set.
    pub(crate) fn new(row: &AlarmSpec, profile: &Sourced<Profile>, options: AlarmOptions) -> Self {
        let from = Origin { layer: Layer::Profile, at: profile.from.at.clone() };
        let own = row.own.as_ref().and_then(|own| own.runbook.clone());
        let in_profile = Sourced { value: is_on(row, profile.value, &options), from };
        let window = Self::window(row, &options);
        Self {
            enabled: options.enabled.unwrap_or(in_profile),
            threshold: options.threshold,
            window,
            statistic: options.statistic,
            missing: options.missing.unwrap_or_else(|| default_of(row, row.missing)),
            min_samples: options.min_samples.or_else(|| row.min_samples.map(|min| default_of(row, min))),
            severity: options.severity.unwrap_or_else(|| default_of(row, row.severity)),
            runbook: options.runbook.or_else(|| own.map(|own| default_of(row, own))),
            description: options.description,
            floor: None,
            trail: Vec::new(),
            replaced: Vec::new(),
        }
    }

    /// Puts the policy's floor in place of a threshold that follows a property of what stands at `at`, where that came out laxer or, being an
    /// intrinsic, cannot be compared. Says whether it did.
    pub(crate) fn hold_derived(
        &mut self,
        row: &AlarmSpec,
        follows: Follows,
        at: &Pointer,
        findings: &mut Vec<Finding>,
    ) -> bool {
        let Some(floor) = self.floor.clone().filter(|_| self.threshold.is_none()) else { return false };
        let Some(limit) = intrinsic::as_number(&floor.value) else { return false };
        if matches!(follows, Follows::Number(number) if !is_laxer(row.comparison, number, limit)) {
            return false;
        }
        let value = amount(row, &floor.value);
        if follows == Follows::Intrinsic {
            let what = format!(
                "{} follows an intrinsic here, which cannot be compared with what the policy allows: {value} holds instead",
                row.id
            );
            let help = "nothing, if that is below what can be reached; else write the property as a number";
            findings.push(Finding::new(&LAXER_THAN_POLICY, at.clone(), what, help).with_policy(floor.from.at.clone()));
        }
        self.trail.push(Step { key: "Threshold", value, from: floor.from.clone(), over: None });
        self.threshold = Some(floor);
        true
    }

    /// Period and M of N. Who sets N alone gets at most the row's M; who sets M alone gets at least that N.
    fn window(row: &AlarmSpec, options: &AlarmOptions) -> Sourced<Window> {
        let period = options.period.as_ref().map_or(row.window.period, |period| period.value);
        let (datapoints, evaluation_periods) = match (&options.datapoints, &options.evaluation_periods) {
            (None, None) => (row.window.datapoints, row.window.evaluation_periods),
            (Some(m), None) => (m.value, m.value.max(row.window.evaluation_periods)),
            (None, Some(n)) => (n.value.min(row.window.datapoints), n.value),
            (Some(m), Some(n)) => (m.value, n.value),
        };
        let from = [&options.datapoints, &options.evaluation_periods, &options.period].into_iter().flatten().next();
        let value = Window { period, datapoints, evaluation_periods };
        from.map_or_else(|| default_of(row, value), |origin| Sourced { value, from: origin.from.clone() })
    }

    /// What CloudWatch would refuse about the window, in words.
    pub(crate) fn window_mistake(&self) -> Option<String> {
        let Window { period, datapoints, evaluation_periods } = self.window.value;
        let longest: u64 = if period < 3600 { 86_400 } else { 604_800 };
        if datapoints > evaluation_periods {
            return Some(format!(
                "`DatapointsToAlarm` {datapoints} is more than `EvaluationPeriods` {evaluation_periods}"
            ));
        }
        let total = u64::from(period) * u64::from(evaluation_periods);
        (total > longest).then(|| {
            format!(
                "{evaluation_periods} periods of {period} s are {total} s; CloudWatch looks back {longest} s at most"
            )
        })
    }
}
