//! `missing-detailed-metrics`: stages publish metrics per method, because alarms on methods have no data without them.

use crate::catalogue::GuardLevel;
use crate::catalogue::guards::observability::MISSING_DETAILED_METRICS as GUARD;
use crate::config::Settings;
use crate::target::{Stage, Switch};

/// Whether a method will have metrics of its own, where `switchable` says whether its stage's may be switched on.
pub(crate) fn will_have_metrics(stage: &Stage<'_>, verb: &str, path: &str, switchable: bool) -> bool {
    match stage.settings.metrics_of(verb, path) {
        Switch::On => true,
        Switch::Off | Switch::Unknown => false,
        Switch::Unset => switchable,
    }
}

/// Whether the fix may be applied to a stage.
pub(in crate::guard) fn may_switch_on(settings: &Settings, owners: &[String], stage: &Stage<'_>) -> bool {
    stage.settings.metrics() == Switch::Unset
        && settings.guard_level(&GUARD) == GuardLevel::Fix
        && settings.wants_detailed_metrics_of(owners)
}
