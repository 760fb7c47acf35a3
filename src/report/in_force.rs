//! What a policy makes of the catalogue where no template says anything and no entry of `Accounts` matches.

use super::PolicySource;
use super::explain::Subject;
use super::policy::is_about;
use super::words::{default_threshold, window};
use crate::catalogue::{AlarmSpec, Guard, Rows, Severity, guards};
use crate::config::alarm_settings::{AlarmSettings, Untouched};
use crate::config::policy::Stated;
use crate::config::{Destination, Origin, Policy, Settings, Step};
use crate::finding::Code;
use serde_json::{Value, json};
use std::sync::Arc;

/// A policy, read.
#[derive(Debug)]
pub struct InForce<'p> {
    source: PolicySource<'p>,
    rows: &'p Rows,
    settings: Settings,
    stated: Vec<Stated>,
}

impl<'p> InForce<'p> {
    /// What a policy comes to.
    pub fn new(source: PolicySource<'p>, policy: &'p Policy) -> Self {
        let stated = policy.stated(Destination::default());
        Self { source, rows: policy.rows(), settings: policy.settings(), stated }
    }

    /// The catalogue's rows and the policy's own.
    pub(super) fn rows(&self) -> &'p Rows {
        self.rows
    }

    fn alarm(&self, row: &AlarmSpec) -> AlarmSettings {
        Arc::unwrap_or_clone(self.settings.alarm(row, &[row.group()], &[], None, &mut Untouched::new()))
    }

    /// Threshold, window, severity, and whether it is on.
    pub(super) fn cells(&self, row: &AlarmSpec) -> (String, String, Severity, bool) {
        let settings = self.alarm(row);
        let set = settings.trail.iter().find(|step| step.key == "Threshold");
        let threshold = set.map(|step| format!("{} {}", row.comparison.sign(), step.value));
        let threshold = threshold.unwrap_or_else(|| default_threshold(row));
        (threshold, window(settings.window.value), settings.severity.value, settings.enabled.value)
    }

    /// The same for programs, with where each setting stands.
    pub(super) fn alarm_json(&self, row: &AlarmSpec) -> Value {
        let settings = self.alarm(row);
        let window = settings.window.value;
        let set = |step: &Step| self.with_place([("key", json!(step.key)), ("value", json!(step.value))], &step.from);
        json!({
            "enabled": settings.enabled.value,
            "threshold": settings.threshold.map(|threshold| threshold.value),
            "loosestThreshold": settings.floor.map(|floor| floor.value),
            "period": window.period,
            "datapointsToAlarm": window.datapoints,
            "evaluationPeriods": window.evaluation_periods,
            "statistic": settings.statistic.map(|statistic| statistic.value),
            "minSamples": settings.min_samples.map(|samples| samples.value),
            "treatMissingData": settings.missing.value.as_str(),
            "severity": settings.severity.value.as_str(),
            "runbook": settings.runbook.or_else(|| self.settings.runbook()).map(|runbook| runbook.value),
            "settings": settings.trail.iter().map(set).collect::<Vec<_>>(),
        })
    }

    /// The level of a guardrail.
    pub(super) fn level(&self, guard: &Guard) -> &'static str {
        self.settings.guard_level(guard).as_str()
    }

    /// The same for programs, with where it stands.
    pub(super) fn level_json(&self, guard: &Guard) -> Value {
        match self.settings.guard_levels_set().into_iter().find(|(id, _)| *id == guard.id) {
            Some((_, level)) => self.with_place([("level", json!(level.value.as_str()))], &level.from),
            None => json!({"level": self.level(guard), "layer": Origin::catalogue().layer.as_str()}),
        }
    }

    /// What the policy says about a kind of finding.
    pub(super) fn about_json(&self, code: &'static Code) -> Value {
        let guard = guards().find(|guard| guard.code == *code);
        let subject = guard.map_or(Subject::Finding(code), Subject::Guard);
        let about = self.stated.iter().filter(|one| is_about(one, subject) || is_about(one, Subject::Finding(code)));
        about.map(|one| self.with_place([("path", json!(one.path)), ("value", one.value.clone())], &one.from)).collect()
    }

    fn with_place<const N: usize>(&self, facts: [(&str, Value); N], from: &Origin) -> Value {
        let position = if from.layer.is_policy() { self.source.position(&from.at) } else { None };
        let place = [
            ("layer", json!(from.layer.as_str())),
            ("pointer", json!(from.at)),
            ("line", json!(position.map(|at| at.line))),
            ("column", json!(position.map(|at| at.column))),
        ];
        Value::Object(facts.into_iter().chain(place).map(|(key, value)| (key.to_owned(), value)).collect())
    }
}
