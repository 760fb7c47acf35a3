//! What is enforced: one guardrail a file, with its page beside it, in a folder for each concern of the go-live list. A guardrail proposes additions or
//! reports (`check`); [`crate::edit`] applies them. What it is called and what it does by default is in [`crate::catalogue`].

mod abuse;
mod access;
mod check;
mod functions;
mod methods;
mod new_resource;
mod observability;
mod ownership;
mod releases;
mod requests;
mod stage_property;
pub(crate) mod stages;
mod state;

pub(crate) use check::{Shared, View};
pub(crate) use observability::missing_detailed_metrics::will_have_metrics;
pub(crate) use observability::unpublished;
pub(crate) use ownership::{alarm_tags, over_budget, propose_required_tags, propose_tags};

use crate::config::Origin;
use crate::config::suppress::Suppressions;
use crate::edit::Edit;
use crate::finding::Finding;
use crate::template::Pointer;
use std::collections::BTreeSet;

/// Something that a guardrail adds to what the author wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The guardrail's id.
    pub guard: &'static str,
    /// Where it adds.
    pub at: Pointer,
    /// What, in words.
    pub what: String,
    /// The logical id of the API or resource it belongs to.
    pub owner: String,
    /// The stage it belongs to.
    pub stage: Option<String>,
    /// Where the settings stand that it comes from; none: it is a default.
    pub from: Vec<Origin>,
}

/// What guardrails come to.
#[derive(Debug, Default)]
pub(crate) struct Proposals {
    pub(crate) edits: Vec<Edit>,
    pub(crate) changes: Vec<Change>,
    pub(crate) findings: Vec<Finding>,
}

/// The guardrails that need nothing but the template. `room` is how many resources still fit into it.
pub(crate) fn look(view: &View<'_, '_>, room: &mut usize, suppressions: &mut Suppressions, proposals: &mut Proposals) {
    for checks in [observability::CHECKS, abuse::CHECKS, access::CHECKS, requests::CHECKS, functions::CHECKS] {
        check::look(checks, view, room, suppressions, proposals);
    }
}

/// The guardrails that look at the alarms which the template will have.
pub(crate) fn look_at_alarms(
    view: &View<'_, '_>,
    room: &mut usize,
    suppressions: &mut Suppressions,
    proposals: &mut Proposals,
) {
    check::look(releases::CHECKS, view, room, suppressions, proposals);
    check::look(functions::AT_ALARMS, view, room, suppressions, proposals);
}

/// A set of logical ids. `collect` would sort them first, and such a sort is compiled for each type of item.
fn ids<'t>(ids: impl Iterator<Item = &'t str>) -> BTreeSet<&'t str> {
    let mut set = BTreeSet::new();
    set.extend(ids);
    set
}
