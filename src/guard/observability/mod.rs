//! What can be seen of a system.

pub(super) mod missing_detailed_metrics;
pub(crate) mod unpublished;
mod untraced_graphql_api;

use super::check::Entry;

/// Who looks.
pub(super) static CHECKS: &[Entry] = &[untraced_graphql_api::ENTRY];
