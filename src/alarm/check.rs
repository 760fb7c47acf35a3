//! Settings of an alarm that the policy replaced, that CloudWatch would refuse, that could never have an effect, or that would make an alarm that
//! never fires.

use super::select::Alarm;
use super::threshold::Limit;
use crate::catalogue::{AlarmSpec, Comparison, Unit};
use crate::config::alarm_settings::AlarmSettings;
use crate::finding::{Finding, NEEDS_THRESHOLD, THRESHOLD_FALLBACK, UNUSED_ENTRY, WRONG_CONFIGURATION};
use crate::target::Target;

/// Notes what is wrong with the settings of an alarm.
pub(super) fn settings(row: &AlarmSpec, settings: &AlarmSettings, findings: &mut Vec<Finding>) {
    findings.extend(settings.replaced.iter().cloned());
    if let Some(mistake) = settings.window_mistake() {
        let help = "choose a shorter period or fewer periods, and at most as many datapoints as periods";
        findings.push(settings.window.from.finding(&WRONG_CONFIGURATION, mistake, help));
    }
    if let Some(samples) = settings.min_samples.as_ref().filter(|_| row.min_samples.is_none()) {
        let what = format!("{} has no gate on samples, so `MinSamples` has no effect", row.id);
        findings.push(samples.from.finding(&UNUSED_ENTRY, what, "remove it"));
    }
    if let Some(statistic) = settings.statistic.as_ref().filter(|_| !row.takes_statistic()) {
        let what = format!("{} is a rate of counts, so `Statistic` has no effect", row.id);
        findings.push(statistic.from.finding(&UNUSED_ENTRY, what, "remove it"));
    }
}

/// Says that there is no number to measure a target against.
pub(super) fn no_threshold(row: &AlarmSpec, target: &Target<'_>) -> Finding {
    let what = format!("{} of {} has no threshold that follows from the template", row.id, target.name.display());
    let help = format!("set `Alarms.{}.{}.Threshold` to have it", row.group(), row.name());
    Finding::new(&NEEDS_THRESHOLD, target.at.clone(), what, help)
}

/// Notes what is wrong with the threshold of an alarm. `fallback` says that a property could not be read.
pub(super) fn threshold(alarm: &Alarm<'_>, fallback: bool, findings: &mut Vec<Finding>) {
    let row = &alarm.row;
    if fallback {
        let name = alarm.target.name.display();
        let what = format!("{} of {name} follows a property that is no number here: its default is used", row.id);
        let help = format!("set `Alarms.{}.{}.Threshold`", row.group(), row.name());
        findings.push(Finding::new(&THRESHOLD_FALLBACK, alarm.target.at.clone(), what, help));
    }
    let (Limit::Number(number), Unit::Percent, Some(set)) = (&alarm.limit, row.unit, &alarm.settings.threshold) else {
        return;
    };
    let allowed = match row.comparison {
        Comparison::Above | Comparison::AtMost => "from 0 to below 100",
        Comparison::AtLeast | Comparison::Below => "above 0 and at most 100",
    };
    if !row.comparison.can_divide_percents(*number) {
        let what = format!("{} could never fire with a threshold of {number} %", row.id);
        let help = format!("write a percentage {allowed}");
        findings.push(set.from.finding(&WRONG_CONFIGURATION, what, help));
    }
}
