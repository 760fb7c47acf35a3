//! What the guardrails about tracing have in common: how the configuration speaks for a resource, and what findings say.

use crate::edit::Edit;
use crate::guard::check::{Check, Violation};
use crate::guard::state::State;
use crate::template::Pointer;

/// Something that could be traced.
pub(super) struct Traced {
    /// What findings call it: "the function F".
    pub(super) name: String,
    /// The resources that speak for it, its own first.
    pub(super) owners: Vec<String>,
    /// The stage that it is, for the plan.
    pub(super) stage: Option<String>,
    /// Where the finding is.
    pub(super) at: Pointer,
    /// The property that says whether it is traced.
    pub(super) property: &'static str,
    /// What that says.
    pub(super) state: State,
    /// What to do.
    pub(super) help: String,
    /// What would switch it on, where nothing is set and that is possible.
    pub(super) fix: Option<Vec<Edit>>,
}

/// Tells what is not traced. `Tracing: false` silences it, `Tracing: true` asks for the fix.
pub(super) fn report(check: &mut Check<'_, '_, '_>, traced: Traced) {
    let wanted = check.view.settings.tracing(&traced.owners);
    if wanted.as_ref().is_some_and(|wanted| !wanted.value) {
        return;
    }
    let Traced { name, owners, stage, at, property, state, help, fix } = traced;
    let what = match &state {
        State::On => return,
        State::Off => format!("{name} has tracing switched off"),
        State::Unset => format!("{name} is not traced"),
        State::OffWhere(when) => format!("{name} is not traced where {when}"),
        State::Unknown => format!("{name} may be traced or not: only CloudFormation knows the value of `{property}`"),
    };
    let is_fixable = state == State::Unset && fix.is_some() && wanted.is_none();
    let help = if is_fixable { format!("{help}, or `Tracing: true` in Toprail's configuration") } else { help };
    let mut owners = owners.iter();
    let first = owners.next().map_or("", String::as_str);
    let mut violation = owners.fold(Violation::new(at, first, what, help), |violation, owner| violation.of(owner));
    if let Some(stage) = stage {
        violation = violation.in_stage(stage);
    }
    if state == State::Unknown {
        violation = violation.unknown();
    }
    if let Some(edits) = fix.filter(|_| state == State::Unset) {
        let from = wanted.iter().map(|wanted| wanted.from.clone()).collect();
        violation = violation.asked_for(wanted.is_some()).fixed_by("tracing", edits, from);
    }
    check.report(violation);
}
