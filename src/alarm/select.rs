//! Chooses the rows for each target: enabled, not suppressed, not watched already.

use super::check;
use super::existing::{Existing, Same};
use super::filter::Filter;
use super::threshold::{self, Limit};
use crate::catalogue::{
    AlarmSpec, Cents, MetricUse, Need, Row, Test, alarm_cost, custom_metrics_cost, fast_alarm_cost,
};
use crate::config::Settings;
use crate::config::alarm_settings::{AlarmSettings, Follows, Untouched};
use crate::config::suppress::{Subject, Suppressions};
use crate::finding::{ALREADY_WATCHED, Finding, METRIC_NOT_PUBLISHED, SUPPRESSED, UNKNOWN_PROPERTY};
use crate::identity;
use crate::target::{Answer, Target, place};
use crate::template::{Template, When};
use std::collections::BTreeSet;
use std::sync::Arc;

/// An alarm that a target should have.
#[derive(Debug, Clone)]
pub struct Alarm<'a> {
    /// Its logical id.
    pub id: String,
    /// The row.
    pub row: Row,
    /// What it watches.
    pub target: &'a Target<'a>,
    /// When it exists.
    pub when: When,
    /// Shared, because they are most of an alarm, and the same for thousands.
    pub(crate) settings: Arc<AlarmSettings>,
    pub(crate) limit: Limit,
    /// Whether the template has this very alarm already, from an earlier pass.
    pub(crate) present: bool,
    /// The metric filter that counts for it.
    pub(crate) filter: Option<Filter>,
}

impl Alarm<'_> {
    /// The threshold as a person writes it: `> 2,500 ms`.
    pub fn threshold(&self) -> String {
        format!("{} {}", self.row.comparison.sign(), self.limit.text(self.row.unit).display())
    }

    /// How urgent it is.
    pub fn severity(&self) -> crate::catalogue::Severity {
        self.settings.severity.value
    }

    /// Period and M of N.
    pub fn window(&self) -> crate::catalogue::Window {
        self.settings.window.value
    }

    /// Where its threshold comes from.
    pub fn threshold_origin(&self) -> crate::config::Origin {
        self.settings
            .threshold
            .as_ref()
            .map_or_else(|| crate::config::Origin::of_row(&self.row), |threshold| threshold.from.clone())
    }

    /// The metrics it reads.
    pub(crate) fn metrics(&self) -> impl Iterator<Item = MetricUse<'_>> {
        self.row.metrics().take(if self.is_without_gate() { 1 } else { usize::MAX })
    }

    /// Whether it is the first metric alone, because it is measured against a share of an intrinsic, which a percentile rank cannot take.
    pub(super) fn is_without_gate(&self) -> bool {
        matches!(self.limit, Limit::Part(..)) && self.row.ranks_threshold()
    }

    /// How many resources it adds: itself, and its metric filter.
    pub(crate) fn resources(&self) -> usize {
        usize::from(!self.present) + self.filter.iter().filter(|filter| !filter.present).count()
    }

    /// What it costs a month.
    pub fn cost(&self) -> Cents {
        let metrics = self.metrics().count();
        let alarm = if self.window().period < 60 { fast_alarm_cost(metrics) } else { alarm_cost(metrics) };
        // What a metric filter counts is a custom metric.
        alarm + self.filter.as_ref().map_or(0, |_| custom_metrics_cost(1))
    }
}

/// What the choice needs to know.
pub(crate) struct Selection<'a, 't> {
    pub(crate) template: &'a Template<'t>,
    pub(crate) settings: &'a Settings,
    pub(crate) existing: &'a Existing<'t>,
    /// Whether what a metric needs may be switched on for a target.
    pub(crate) may_switch_on: &'a dyn Fn(&Target<'_>, &Need) -> bool,
}

/// The alarms of all targets, in the order of targets and rows.
pub(crate) fn select<'a>(
    selection: &Selection<'_, '_>,
    targets: &'a [Target<'a>],
    suppressions: &mut Suppressions,
    findings: &mut Vec<Finding>,
) -> Vec<Alarm<'a>> {
    let mut alarms = Vec::new();
    let (mut taken, mut untouched) = (BTreeSet::new(), Untouched::new());
    for target in targets {
        for row in target.rows() {
            let Some(alarm) = selection.alarm(row, target, &mut untouched, suppressions, findings) else {
                continue;
            };
            let alarm = selection.name(alarm, &taken);
            taken.extend(std::iter::once(alarm.id.clone()).chain(alarm.filter.iter().map(|filter| filter.id.clone())));
            alarms.push(alarm);
        }
    }
    alarms
}

impl Selection<'_, '_> {
    fn alarm<'a>(
        &self,
        row: Row,
        target: &'a Target<'a>,
        untouched: &mut Untouched,
        suppressions: &mut Suppressions,
        findings: &mut Vec<Finding>,
    ) -> Option<Alarm<'a>> {
        let of_organisation = [row.group()];
        let groups = if target.own.is_some() { &of_organisation } else { target.kind.groups };
        let mut settings = self.settings.alarm(&row, groups, &target.owners, target.place.method(), untouched);
        check::settings(&row, &settings, findings);
        if !settings.enabled.value {
            return None;
        }
        let subject =
            Subject { ids: &[&row.id], owners: &target.owners, at: &target.at, method: target.place.method() };
        if let Some(reason) = suppressions.reason(subject) {
            let what = format!("{} of {} is suppressed: {reason}", row.id, target.name.display());
            findings.push(Finding::new(&SUPPRESSED, target.at.clone(), what, "nothing, while the reason holds"));
            return None;
        }
        let when = self.applies(&row, target, findings)?;
        let derive = |settings: &AlarmSettings| {
            let set = settings.threshold.as_ref().map(|threshold| &threshold.value);
            threshold::limit(&row, set, |path| target.properties.get(self.template, path))
        };
        let mut derived = derive(&settings);
        let follows = derived.as_ref().map_or(Follows::Nothing, |derived| derived.limit.follows());
        if settings.floor.is_some() && Arc::make_mut(&mut settings).hold_derived(&row, follows, &target.at, findings) {
            derived = derive(&settings);
        }
        let Some(derived) = derived else {
            findings.push(check::no_threshold(&row, target));
            return None;
        };
        let (id, limit) = (String::new(), derived.limit);
        let alarm = Alarm { id, row, target, when, settings, limit, present: false, filter: None };
        check::threshold(&alarm, derived.is_fallback, findings);
        Some(alarm)
    }

    /// When a row applies to a target and its metric exists; none: never, or it cannot be told.
    fn applies(&self, row: &AlarmSpec, target: &Target<'_>, findings: &mut Vec<Finding>) -> Option<When> {
        let mut test = |test: Test| match target.properties.test(self.template, test) {
            Answer::When(when) => Some(target.when.clone().and(when)),
            Answer::Unknown(property) => {
                findings.push(self.unknown(row, target, property));
                None
            }
        };
        let applies = test(row.applies).filter(|when| *when != When::Never)?;
        let Some(need) = row.need.as_ref().filter(|need| !(self.may_switch_on)(target, need)) else {
            return Some(applies);
        };
        let published = test(need.on)?.and(applies);
        if published == When::Never {
            let what = format!("{} of {} needs a metric that is not published", row.id, target.name.display());
            findings.push(Finding::new(&METRIC_NOT_PUBLISHED, target.at.clone(), what, need.help));
            return None;
        }
        Some(published)
    }

    fn unknown(&self, row: &AlarmSpec, target: &Target<'_>, property: &str) -> Finding {
        let what = format!(
            "whether {} applies to {} depends on `{property}`, whose value is not known here",
            row.id,
            target.name.display()
        );
        let owner = target.owners.last().and_then(|id| self.template.any_resource(id));
        let at = owner.map_or_else(|| target.at.clone(), |resource| place(resource, property));
        Finding::new(
            &UNKNOWN_PROPERTY,
            at,
            what,
            "write the value, or a parameter of type `String`, to have it watched",
        )
    }

    /// Gives the alarm its logical id. An alarm of the author that watches the same takes its place, as long as it exists.
    fn name<'a>(&self, mut alarm: Alarm<'a>, taken: &BTreeSet<String>) -> Alarm<'a> {
        let row = alarm.row.clone();
        let pieces: Vec<&str> = alarm.target.identity.iter().map(String::as_str).chain([row.label()]).collect();
        if alarm.target.own.as_ref().is_some_and(|own| own.log.is_some()) {
            alarm.filter = Filter::name(self.template, &pieces, taken);
        }
        for attempt in 0.. {
            let id = identity::logical_id(&pieces, attempt);
            alarm.present = self.existing.is_present(self.template, &alarm.row, alarm.target, &id);
            if alarm.present
                || !(self.template.resources.contains_key(id.as_str())
                    || self.template.has_name(&id)
                    || taken.contains(&id))
            {
                alarm.id = id;
                break;
            }
        }
        alarm
    }

    /// Takes away, where an author's alarm watches already, and says so.
    pub(crate) fn recognise(&self, alarms: &mut Vec<Alarm<'_>>, findings: &mut Vec<Finding>) {
        alarms.retain_mut(|alarm| {
            if alarm.present {
                return true;
            }
            for Same { id, when, laxer } in self.existing.watching(self.template, alarm) {
                let at = self.template.resources.get(id).map(|resource| resource.at.clone()).unwrap_or_default();
                let (row, name) = (alarm.row.id.clone(), alarm.target.name.display());
                if let Some(threshold) = laxer {
                    let what = format!(
                        "{id} watches the same as {row} would for {name}, but fires only at {threshold}: both stay"
                    );
                    let help = format!("remove it, or give {row} its threshold");
                    findings.push(Finding::new(&ALREADY_WATCHED, at, what, help));
                    continue;
                }
                alarm.when =
                    if *when == alarm.when { When::Never } else { alarm.when.clone().and(when.clone().negate()) };
                let what = format!("{id} watches the same as {row} would for {name}");
                findings.push(Finding::new(&ALREADY_WATCHED, at, what, "nothing: your alarm stays as it is"));
            }
            alarm.when != When::Never
        });
    }
}
