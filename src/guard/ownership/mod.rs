//! Who owns and pays.

mod missing_default_tags;
mod missing_required_tag;
mod over_budget;
mod tags;

pub(crate) use missing_default_tags::{alarm_tags, propose as propose_tags};
pub(crate) use missing_required_tag::propose as propose_required_tags;
pub(crate) use over_budget::finding as over_budget;
