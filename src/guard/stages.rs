//! What the guardrails about stages come to for each stage: one set of additions to its settings, because detailed metrics, the default throttle and
//! the throttles of single methods meet in the same entries.

use super::abuse::unthrottled_stage;
use super::observability::missing_detailed_metrics;
use super::{Change, Proposals};
use crate::catalogue::guards::abuse::UNTHROTTLED_STAGE;
use crate::catalogue::guards::observability::MISSING_DETAILED_METRICS;
use crate::catalogue::{Guard, GuardLevel};
use crate::config::suppress::{Subject, Suppressions};
use crate::config::{Origin, Settings, Throttle};
use crate::edit::Edit;
use crate::finding::{Finding, Level};
use crate::target::{Api, MethodLimit, Protocol, Route, Stage, StageOrigin, Switch, Verb, Wanted};
use crate::template::Pointer;
use crate::template::intrinsic::as_number;
use crate::template::text::{Text, thousands};
use serde_json::Value;
use std::collections::BTreeSet;

/// The stages, by API and name, whose detailed metrics may be switched on: nothing is set, the fix is on and not suppressed.
pub(crate) fn switchable(
    apis: &[Api<'_>],
    settings: &Settings,
    suppressions: &mut Suppressions,
) -> BTreeSet<(String, String)> {
    let mut stages = BTreeSet::new();
    for (api, stage) in apis.iter().flat_map(|api| api.stages.iter().map(move |stage| (api, stage))) {
        let owners = owners(api, stage);
        let guard = &MISSING_DETAILED_METRICS;
        let subject = Subject { ids: &[guard.id, guard.code.id], owners: &owners, at: &stage.at, method: None };
        if missing_detailed_metrics::may_switch_on(settings, &owners, stage) && suppressions.reason(subject).is_none() {
            stages.insert((api.id.clone(), stage.name.display()));
        }
    }
    stages
}

/// What the proposals for stages are made from.
pub(crate) struct Stages<'a, 't> {
    /// All APIs.
    pub(crate) apis: &'a [Api<'t>],
    /// What was asked for.
    pub(crate) settings: &'a Settings,
    /// Whether an alarm needs detailed metrics in a stage, by API and name.
    pub(crate) needs_metrics: &'a dyn Fn(&str, &str) -> bool,
    /// The stages where they may be switched on, by API and name.
    pub(crate) switchable: &'a BTreeSet<(String, String)>,
}

/// Proposes for all stages.
pub(crate) fn propose(all: &Stages<'_, '_>, suppressions: &mut Suppressions, proposals: &mut Proposals) {
    let Stages { apis, settings, needs_metrics, switchable } = *all;
    let shares_globals = |of: &Api<'_>| apis.iter().filter(|api| api.protocol == of.protocol).count() > 1;
    let mut stages = Vec::new();
    for (api, stage) in apis.iter().flat_map(|api| api.stages.iter().map(move |stage| (api, stage))) {
        let owners = owners(api, stage);
        if owners.iter().all(|owner| settings.is_resource_enabled(owner)) {
            let may_switch_on = switchable.contains(&(api.id.clone(), stage.name.display()));
            let shares_globals = shares_globals(api);
            let one = OneStage { api, stage, settings, owners, shares_globals, may_switch_on };
            let wanted = one.wanted(needs_metrics, suppressions, proposals);
            stages.push((one, wanted));
        }
    }
    share(&mut stages);
    for (one, wanted) in &stages {
        one.propose(wanted, proposals);
    }
}

/// What stages want that inherit the entry of the implicit REST API is wanted of that entry.
fn share(stages: &mut [(OneStage<'_, '_>, Wanted)]) {
    let inheriting = stages.iter().filter(|(one, _)| one.stage.settings.is_inherited());
    let shared: Vec<Wanted> = inheriting.map(|(_, wanted)| wanted.clone()).collect();
    let implicit = stages
        .iter_mut()
        .find(|(one, _)| one.stage.origin == StageOrigin::Implicit && one.api.protocol == Protocol::Rest);
    if let Some((_, wanted)) = implicit {
        for other in shared {
            wanted.metrics |= other.metrics;
            wanted.throttle = wanted.throttle.take().or(other.throttle);
        }
    }
}

/// The resources whose metadata speaks for a stage.
pub(crate) fn owners(api: &Api<'_>, stage: &Stage<'_>) -> Vec<String> {
    std::iter::once(api.id.clone()).chain(stage.owner.filter(|owner| *owner != api.id).map(str::to_owned)).collect()
}

struct OneStage<'a, 't> {
    api: &'a Api<'t>,
    stage: &'a Stage<'t>,
    settings: &'a Settings,
    owners: Vec<String>,
    shares_globals: bool,
    may_switch_on: bool,
}

impl OneStage<'_, '_> {
    /// What should be added to the stage's settings.
    fn wanted(
        &self,
        needs_metrics: &dyn Fn(&str, &str) -> bool,
        suppressions: &mut Suppressions,
        proposals: &mut Proposals,
    ) -> Wanted {
        proposals.findings.extend(unthrottled_stage::laxer_limits(self.settings, &self.api.id, self.stage));
        let needed = needs_metrics(&self.api.id, &self.stage.name.display());
        if self.lacks_metrics() && !self.may_switch_on {
            self.report_metrics(suppressions, proposals);
        }
        let limit = unthrottled_stage::missing_limit(self.settings, &self.owners, self.api.protocol, self.stage);
        let is_limited = limit.is_some()
            && !self.is_suppressed(&UNTHROTTLED_STAGE, suppressions)
            && self.fix_or_report(&UNTHROTTLED_STAGE, "has no request limit", proposals);
        Wanted {
            // What the author switched on for all methods is repeated where an entry for one method does not say it.
            metrics: needed && (self.switches_on() || self.stage.settings.metrics() == Switch::On),
            throttle: limit.filter(|_| is_limited),
            methods: self.method_limits(proposals),
        }
    }

    fn propose(&self, wanted: &Wanted, proposals: &mut Proposals) {
        let edits = self.stage.settings.edits(wanted);
        // What an inheriting stage gets is written for another one, and yet it gets it.
        if !edits.is_empty() || self.stage.settings.is_inherited() {
            self.list_changes(wanted, proposals);
        }
        proposals.edits.extend(edits);
    }

    fn switches_on(&self) -> bool {
        self.lacks_metrics() && self.may_switch_on
    }

    fn lacks_metrics(&self) -> bool {
        self.settings.wants_detailed_metrics_of(&self.owners) && self.stage.settings.metrics() == Switch::Unset
    }

    /// Says that metrics are missing where they are not to be switched on.
    fn report_metrics(&self, suppressions: &mut Suppressions, proposals: &mut Proposals) {
        let has_methods = self.api.routes.values().any(|route| route.verb != Verb::Any);
        if has_methods
            && self.settings.guard_level(&MISSING_DETAILED_METRICS) != GuardLevel::Fix
            && !self.is_suppressed(&MISSING_DETAILED_METRICS, suppressions)
        {
            self.fix_or_report(&MISSING_DETAILED_METRICS, "has no detailed metrics", proposals);
        }
    }

    fn is_suppressed(&self, guard: &Guard, suppressions: &mut Suppressions) -> bool {
        suppressions
            .reason(Subject { ids: &[guard.id, guard.code.id], owners: &self.owners, at: &self.stage.at, method: None })
            .is_some()
    }

    /// Whether to fix; where not, there is a finding unless the guardrail is off.
    fn fix_or_report(&self, guard: &'static Guard, what: &str, proposals: &mut Proposals) -> bool {
        let level = self.settings.guard_level(guard);
        if level == GuardLevel::Fix {
            return true;
        }
        if let Some(level) = level.finding() {
            let what = format!("stage {} of {} {what}", self.stage.name.display(), self.api.id);
            let help = format!("set it, or set the guardrail `{}` to `Fix`", guard.id);
            proposals.findings.push(Finding::new(&guard.code, self.stage.at.clone(), what, help).at_level(level));
        }
        false
    }

    /// The limits that `Methods` asks for, where they can be set without harm.
    fn method_limits(&self, proposals: &mut Proposals) -> Vec<MethodLimit> {
        let mut limits = Vec::new();
        for route in self.api.routes.values() {
            let (verb, path) = (route.verb.as_str(), route.path.display());
            let Some(throttle) = self.settings.method_throttle(&self.owners, verb, &path) else { continue };
            if self.stage.settings.limits(verb, &path) {
                continue;
            }
            if let Some(obstacle) = self.obstacle(route) {
                let what = format!("the throttle of {verb} {path} is not set: {obstacle}");
                let help = "set it by hand in the stage's settings";
                let finding = Finding::new(&UNTHROTTLED_STAGE.code, route.at.clone(), what, help);
                proposals.findings.push(finding.at_level(Level::Warn));
                continue;
            }
            let (condition, definitions) = route.when.define();
            let conditions = Pointer::root().child("Conditions");
            let define = |(name, value): (String, Value)| Edit::Insert { at: conditions.child(&name), value };
            proposals.edits.extend(definitions.into_iter().map(define));
            limits.push(MethodLimit { verb: verb.to_owned(), path, throttle, condition });
        }
        limits
    }

    /// What stands in the way of a limit for a method.
    fn obstacle(&self, route: &Route) -> Option<&'static str> {
        let is_rest = self.api.protocol == Protocol::Rest;
        // A route in an API's definition lies deeper than one that is a resource of its own.
        let is_resource = route.at.segments().nth(2).is_none();
        if !self.stage.settings.is_readable() {
            Some("the stage's settings cannot be added to")
        } else if route.path.as_literal().is_none() {
            Some("its path is not literal")
        } else if is_rest && route.verb == Verb::Any {
            Some("it has no verb of its own")
        } else if is_resource && !is_rest {
            Some("its route may be created after the stage, and the deployment would fail")
        } else if self.stage.origin == StageOrigin::Implicit && self.shares_globals {
            Some("the implicit API is configured through `Globals`, which other APIs share")
        } else {
            None
        }
    }

    fn list_changes(&self, wanted: &Wanted, proposals: &mut Proposals) {
        let at = self.stage.at.clone();
        let mut list = |guard: &'static str, what: String, from: Vec<Origin>| {
            let stage = Some(self.stage.name.display());
            proposals.changes.push(Change { guard, at: at.clone(), what, owner: self.api.id.clone(), stage, from });
        };
        if wanted.metrics && self.switches_on() {
            list(MISSING_DETAILED_METRICS.id, "detailed metrics for all methods".to_owned(), Vec::new());
        }
        if let Some(throttle) = &wanted.throttle {
            let from = self.settings.throttle_from(&self.owners);
            list(UNTHROTTLED_STAGE.id, format!("throttle of {}", shown(throttle)), from);
        }
        for MethodLimit { verb, path, throttle, .. } in &wanted.methods {
            let from = self.settings.method_throttle_from(&self.owners, verb, path);
            list(UNTHROTTLED_STAGE.id, format!("throttle of {} for {verb} {path}", shown(throttle)), from);
        }
    }
}

/// `1,000 requests/s, burst 500`.
fn shown(throttle: &Throttle) -> String {
    let text = |value: &Value| match as_number(value) {
        Some(number) => thousands(&number.to_string()),
        None => Text::read(value).map_or_else(|| "?".to_owned(), |text| text.display()),
    };
    format!("{} requests/s, burst {}", text(&throttle.rate), text(&throttle.burst))
}
