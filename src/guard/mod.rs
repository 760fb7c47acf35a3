//! What is enforced: one guardrail a module, with its page beside it. A guardrail proposes additions or reports; [`crate::edit`] applies them.

mod missing_default_tags;
mod missing_detailed_metrics;
mod missing_required_tags;
pub(crate) mod stages;
pub(crate) mod tags;
pub(crate) mod unpublished;
mod unthrottled_stage;

pub(crate) use missing_default_tags::{alarm_tags, propose as propose_tags};
pub(crate) use missing_detailed_metrics::will_have_metrics;
pub(crate) use missing_required_tags::propose as propose_required_tags;

use crate::config::Origin;
use crate::edit::Edit;
use crate::finding::Finding;
use crate::template::Pointer;

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
