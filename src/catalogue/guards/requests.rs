//! What a request may look like, and how long it may take.

use super::Concern::Requests;
use super::Guard;
use super::GuardLevel::{Info, Off, Warn};

/// API Gateway refuses requests that cannot be right.
pub static MISSING_REQUEST_VALIDATION: Guard = Guard::new(
    ("TR524", "missing-request-validation"),
    Requests,
    [Off, Info, Warn],
    "Methods of REST APIs that take a body or required parameters validate them.",
    page!("requests/missing_request_validation.md"),
);

/// An API waits as long as what it waits for works, and no longer than it may.
pub static SLOW_INTEGRATION_TIMEOUT: Guard = Guard::new(
    ("TR525", "slow-integration-timeout"),
    Requests,
    [Off, Info, Info],
    "Timeouts of integrations are within API Gateway's limits, and not shorter than their functions'.",
    page!("requests/slow_integration_timeout.md"),
);

pub(super) static ALL: &[&Guard] = &[&MISSING_REQUEST_VALIDATION, &SLOW_INTEGRATION_TIMEOUT];
