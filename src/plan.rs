//! What was added, for people: grouped by what it protects. Owned data, without a line of the template in it.

use crate::alarm::Alarm;
use crate::budget::resources_after_sam;
use crate::catalogue::{Cents, Severity, custom_metrics_cost};
use crate::config::{Origin, Settings, Step};
use crate::guard::Change;
use crate::target::{Api, Place};
use crate::template::{Pointer, Template};
use std::collections::BTreeSet;

/// An alarm in a plan.
#[derive(Debug, Clone)]
pub struct PlannedAlarm {
    /// Its logical id.
    pub logical_id: String,
    /// The row: `Api.LatencyP99`.
    pub row: crate::catalogue::Row,
    /// What it watches.
    pub place: Place,
    /// Where that stands.
    pub at: Pointer,
    /// `> 2,500 ms`.
    pub threshold: String,
    /// Where the threshold comes from.
    pub threshold_origin: Origin,
    /// Where all that was set comes from, and what it holds over.
    pub trail: Vec<Step>,
    /// Period and M of N.
    pub window: crate::catalogue::Window,
    /// How urgent it is.
    pub severity: Severity,
    /// The condition under which it exists, in words; none: always.
    pub when: Option<String>,
    /// What it costs a month.
    pub cost: Cents,
    /// Whether the template has it already, from an earlier pass.
    pub present: bool,
    /// The logical id of the metric filter that counts for it, where it watches logs.
    pub metric_filter: Option<String>,
}

/// A method that is watched at stage level only.
#[derive(Debug, Clone)]
pub struct UnwatchedRoute {
    /// The API's logical id.
    pub api: String,
    /// Verb.
    pub verb: String,
    /// Path or route key.
    pub path: String,
}

/// All that is added to a template.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The alarms, in the order of targets and rows.
    pub alarms: Vec<PlannedAlarm>,
    /// What guardrails add.
    pub changes: Vec<Change>,
    /// The profile and the levels of guardrails that are not the defaults, each with where it stands.
    pub settings: Vec<Step>,
    /// What detailed metrics that are switched on cost a month.
    pub metrics_cost: Cents,
    /// Methods without alarms of their own (`ANY`, `OPTIONS`, no detailed metrics).
    pub unwatched: Vec<UnwatchedRoute>,
    /// Resources of the template before.
    pub resources_before: usize,
    /// Resources after, with the alarms and what SAM makes of its types, counted upwards.
    pub resources_after: usize,
}

impl Plan {
    pub(crate) fn new(
        template: &Template<'_>,
        apis: &[Api<'_>],
        settings: &Settings,
        alarms: &[Alarm<'_>],
        changes: Vec<Change>,
    ) -> Self {
        let resources_before = template.resources.len();
        let added = alarms.iter().map(Alarm::resources).sum::<usize>();
        let alarms: Vec<_> = alarms.iter().map(planned).collect();
        Self {
            metrics_cost: switched_on(apis, &changes),
            unwatched: unwatched(apis, &alarms),
            alarms,
            changes,
            settings: settings.trail(),
            resources_before,
            resources_after: resources_after_sam(template) + added,
        }
    }

    /// What everything costs a month.
    pub fn cost(&self) -> Cents {
        self.metrics_cost + self.alarms.iter().filter(|alarm| !alarm.present).map(|alarm| alarm.cost).sum::<Cents>()
    }
}

fn planned(alarm: &Alarm<'_>) -> PlannedAlarm {
    PlannedAlarm {
        logical_id: alarm.id.clone(),
        row: alarm.row.clone(),
        place: alarm.target.place.clone(),
        at: alarm.target.at.clone(),
        threshold: alarm.threshold(),
        threshold_origin: alarm.threshold_origin(),
        trail: alarm.settings.trail.clone(),
        window: alarm.window(),
        severity: alarm.severity(),
        when: (alarm.when != crate::template::When::Always).then(|| alarm.when.to_string()),
        cost: alarm.cost(),
        present: alarm.present,
        metric_filter: alarm.filter.as_ref().map(|filter| filter.id.clone()),
    }
}

/// The price of the detailed metrics that a change switches on.
fn switched_on(apis: &[Api<'_>], changes: &[Change]) -> Cents {
    let cost_of = |change: &Change| {
        let api = apis.iter().find(|api| api.id == change.owner)?;
        let methods = api.routes.values().filter(|route| route.verb.as_str() != "OPTIONS").count();
        Some(custom_metrics_cost(api.protocol.detailed_metrics() * methods))
    };
    changes.iter().filter(|change| change.guard == "missing-detailed-metrics").filter_map(cost_of).sum()
}

fn unwatched(apis: &[Api<'_>], alarms: &[PlannedAlarm]) -> Vec<UnwatchedRoute> {
    let mut watched = BTreeSet::new();
    for alarm in alarms {
        if let Place::Route { api, verb, path, .. } = &alarm.place {
            // A method that is watched by its verbs (`AnyMethods`) is watched.
            watched.extend([(api, verb.as_str(), path), (api, "ANY", path)]);
        }
    }
    let mut out = Vec::new();
    for (api, route) in apis.iter().flat_map(|api| api.routes.values().map(move |route| (api, route))) {
        let (verb, path) = (route.verb.as_str(), route.path.display());
        if !watched.contains(&(&api.id, verb, &path)) {
            out.push(UnwatchedRoute { api: api.id.clone(), verb: verb.to_owned(), path });
        }
    }
    out
}
