//! Who may use how much.

use super::Concern::Abuse;
use super::Guard;
use super::GuardLevel::Fix;

/// Every stage of a REST or HTTP API has a request limit of its own.
pub static UNTHROTTLED_STAGE: Guard = Guard::new(
    ("TR502", "unthrottled-stage"),
    Abuse,
    [Fix, Fix, Fix],
    "Stages of REST and HTTP APIs have a request limit.",
    include_str!("../../guard/abuse/unthrottled_stage.md"),
)
.fixed_by("1,000 requests/s with a burst of 500, or what `Throttle` says");

pub(super) static ALL: &[&Guard] = &[&UNTHROTTLED_STAGE];
