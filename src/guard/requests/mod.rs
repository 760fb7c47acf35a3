//! What a request may look like, and how long it may take.

mod missing_request_validation;
mod slow_integration_timeout;

use super::check::Entry;

/// Who looks.
pub(super) static CHECKS: &[Entry] = &[missing_request_validation::ENTRY, slow_integration_timeout::ENTRY];
