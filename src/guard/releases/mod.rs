//! How changes reach users.

mod all_at_once_deployment;
mod dependencies;
mod list;
mod missing_rollback_alarms;
mod role;
mod rollout;

use super::check::Entry;

/// Who looks.
pub(super) static CHECKS: &[Entry] = &[all_at_once_deployment::ENTRY, missing_rollback_alarms::ENTRY];
