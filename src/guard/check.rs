//! How a guardrail looks and tells. A guardrail names what it misses and, where there is one, the fix; what becomes of it (nothing, a finding, a
//! failed deployment, an addition) is decided here, the same for all of them.

use super::functions::behind::{Fronts, fronts};
use super::methods::{Method, methods};
use super::{Change, Proposals};
use crate::alarm::Alarm;
use crate::catalogue::{Guard, GuardLevel};
use crate::config::suppress::{Subject, Suppressions};
use crate::config::{Origin, Settings};
use crate::edit::Edit;
use crate::finding::{Finding, Level};
use crate::target::Api;
use crate::template::{Pointer, Resource, Template};
use std::cell::OnceCell;

/// What all guardrails see.
pub(crate) struct View<'v, 't> {
    /// The template.
    pub(crate) template: &'v Template<'t>,
    /// Its APIs.
    pub(crate) apis: &'v [Api<'t>],
    /// What was asked for.
    pub(crate) settings: &'v Settings,
    /// The alarms that the template will have. None yet for guardrails that look before there are any.
    pub(crate) alarms: &'v [Alarm<'v>],
    /// What has been found in it.
    pub(crate) shared: &'v Shared<'v, 't>,
}

/// What several guardrails look for, found once.
#[derive(Default)]
pub(crate) struct Shared<'v, 't> {
    methods: OnceCell<Vec<Method<'v, 't>>>,
    fronts: OnceCell<Fronts<'t>>,
}

impl<'v, 't> View<'v, 't> {
    /// The methods of all APIs whose definition can be read.
    pub(super) fn methods(&self) -> &'v [Method<'v, 't>] {
        self.shared.methods.get_or_init(|| methods(self.template, self.apis))
    }

    /// The functions that APIs wait for.
    pub(super) fn fronts(&self) -> &'v Fronts<'t> {
        self.shared.fronts.get_or_init(|| fronts(self.template, self.apis))
    }
}

/// How a guardrail looks.
pub(super) type Look = for<'c, 'v, 't> fn(&mut Check<'c, 'v, 't>);

/// A guardrail and how it looks.
pub(super) type Entry = (&'static Guard, Look);

/// A guardrail at work.
pub(super) struct Check<'c, 'v, 't> {
    /// What it sees.
    pub(super) view: &'c View<'v, 't>,
    guard: &'static Guard,
    level: GuardLevel,
    /// How many resources still fit into the template.
    room: &'c mut usize,
    suppressions: &'c mut Suppressions,
    proposals: &'c mut Proposals,
}

/// Something that a guardrail misses.
#[derive(Debug)]
pub(super) struct Violation {
    at: Pointer,
    owners: Vec<String>,
    stage: Option<String>,
    method: Option<(String, String)>,
    what: String,
    help: String,
    is_unknown: bool,
    is_asked_for: bool,
    fix: Option<Fix>,
}

/// What would set it right.
#[derive(Debug)]
struct Fix {
    what: String,
    edits: Vec<Edit>,
    from: Vec<Origin>,
}

impl Violation {
    /// Something is missing at a place. `owner` is the logical id of the resource (or the API) that it belongs to; `what` is one sentence with names and
    /// limits, never with values that could be secret; `help` says what to do.
    pub(super) fn new(at: Pointer, owner: &str, what: impl Into<String>, help: impl Into<String>) -> Self {
        let (what, help, owners) = (what.into(), help.into(), vec![owner.to_owned()]);
        Self { at, owners, stage: None, method: None, what, help, is_unknown: false, is_asked_for: false, fix: None }
    }

    /// Another resource whose metadata speaks for it.
    pub(super) fn of(mut self, owner: &str) -> Self {
        self.owners.push(owner.to_owned());
        self
    }

    /// The stage that it belongs to.
    pub(super) fn in_stage(mut self, stage: String) -> Self {
        self.stage = Some(stage);
        self
    }

    /// The method that it is about.
    pub(super) fn of_method(mut self, verb: &str, path: &str) -> Self {
        self.method = Some((verb.to_owned(), path.to_owned()));
        self
    }

    /// Whether it is missing cannot be told from the template: worth knowing, and no reason to fail a deployment.
    pub(super) fn unknown(mut self) -> Self {
        self.is_unknown = true;
        self
    }

    /// The configuration asks for what is missing, apart from the guardrail's level: it is fixed, unless somebody said that the guardrail should do
    /// something else.
    pub(super) fn asked_for(mut self, is_asked_for: bool) -> Self {
        self.is_asked_for = is_asked_for;
        self
    }

    /// What would set it right, in words (`tracing`) and as additions; `from` is where the settings stand that it comes from, none for a default.
    pub(super) fn fixed_by(mut self, what: impl Into<String>, edits: Vec<Edit>, from: Vec<Origin>) -> Self {
        self.fix = Some(Fix { what: what.into(), edits, from });
        self
    }
}

impl<'v, 't> Check<'_, 'v, 't> {
    /// The template.
    pub(super) fn template(&self) -> &'v Template<'t> {
        self.view.template
    }

    /// The resources of some types that the author wrote.
    pub(super) fn written(
        &self,
        types: &'static [&'static str],
    ) -> impl Iterator<Item = &'v Resource<'t>> + use<'v, 't> {
        self.view.template.resources.values().filter(move |resource| types.contains(&resource.kind))
    }

    /// Whether what is missing will be added, where it can be. A guardrail that prepares an expensive fix may ask first.
    pub(super) fn fixes(&self) -> bool {
        self.level == GuardLevel::Fix
    }

    /// Tells what is missing.
    pub(super) fn report(&mut self, violation: Violation) {
        let Violation { at, owners, stage, method, what, help, is_unknown, is_asked_for, fix } = violation;
        if !owners.iter().all(|owner| self.view.settings.is_resource_enabled(owner)) {
            return;
        }
        let named = method.as_ref().map(|(verb, path)| (verb.as_str(), path.as_str()));
        let ids = [self.guard.id, self.guard.code.id];
        if self.suppressions.reason(Subject { ids: &ids, owners: &owners, at: &at, method: named }).is_some() {
            return;
        }
        let is_fixable = fix.is_some();
        let fixes = self.fixes() || (is_asked_for && !self.view.settings.sets_guard(self.guard));
        let level = if fixes { GuardLevel::Fix } else { self.level };
        let fix = fix.filter(|_| fixes).and_then(|fix| self.take_room(fix));
        if let Some(fix) = fix {
            let known = &mut self.proposals.edits;
            let new: Vec<_> = fix.edits.into_iter().filter(|edit| !known.contains(edit)).collect();
            known.extend(new);
            let owner = owners.into_iter().next().unwrap_or_default();
            let change = Change { guard: self.guard.id, at, what: fix.what, owner, stage, from: fix.from };
            self.proposals.changes.push(change);
        } else if let Some(level) = level.finding() {
            let level = if is_unknown { level.min(Level::Info) } else { level };
            let or_fix = format!("{help}, or set the guardrail `{}` to `Fix`", self.guard.id);
            let help = if is_fixable && !fixes { or_fix } else { help };
            let mut finding = Finding::new(&self.guard.code, at, what, help).at_level(level);
            finding.method = method;
            self.proposals.findings.push(finding);
        }
    }

    /// A fix that adds more resources than CloudFormation takes is none.
    fn take_room(&mut self, fix: Fix) -> Option<Fix> {
        let resources_at = self.view.template.resources_at();
        let is_resource = |edit: &&Edit| resources_at.is_some() && edit.at().parent() == resources_at;
        let new = fix.edits.iter().filter(is_resource).count();
        *self.room = self.room.checked_sub(new)?;
        Some(fix)
    }
}

/// Lets guardrails look, each unless it is off.
pub(super) fn look(
    checks: &[Entry],
    view: &View<'_, '_>,
    room: &mut usize,
    suppressions: &mut Suppressions,
    proposals: &mut Proposals,
) {
    for (guard, look) in checks {
        let level = view.settings.guard_level(guard);
        if level != GuardLevel::Off {
            look(&mut Check { view, guard, level, room, suppressions, proposals });
        }
    }
}
