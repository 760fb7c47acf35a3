//! What can be seen of a system.

mod log_format;
pub(super) mod missing_access_logs;
pub(super) mod missing_detailed_metrics;
mod statements;
mod tracing;
mod tracing_role;
mod unlimited_log_retention;
pub(crate) mod unpublished;
mod unreachable_topic;
mod untraced_function;
mod untraced_graphql_api;
mod untraced_stage;
mod untraced_state_machine;

use super::check::Entry;

/// Who looks.
pub(super) static CHECKS: &[Entry] = &[
    untraced_stage::ENTRY,
    untraced_function::ENTRY,
    untraced_state_machine::ENTRY,
    untraced_graphql_api::ENTRY,
    missing_access_logs::ENTRY,
    unlimited_log_retention::ENTRY,
    unreachable_topic::ENTRY,
];
