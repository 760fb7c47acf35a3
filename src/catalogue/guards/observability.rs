//! What can be seen of a system.

use super::Concern::Observability;
use super::Guard;
use super::GuardLevel::{Fix, Info, Warn};

/// Stages publish metrics per method, because alarms on methods have no data without them.
pub static MISSING_DETAILED_METRICS: Guard = Guard::new(
    ("TR501", "missing-detailed-metrics"),
    Observability,
    [Fix, Fix, Fix],
    "Stages publish metrics per method, where alarms need them.",
    include_str!("../../guard/observability/missing_detailed_metrics.md"),
)
.fixed_by("the setting for all methods");

/// GraphQL APIs send traces to X-Ray.
pub static UNTRACED_GRAPHQL_API: Guard = Guard::new(
    ("TR509", "untraced-graphql-api"),
    Observability,
    [Info, Warn, Warn],
    "GraphQL APIs send traces to X-Ray.",
    include_str!("../../guard/observability/untraced_graphql_api.md"),
)
.fixed_by("`XrayEnabled`");

pub(super) static ALL: &[&Guard] = &[&MISSING_DETAILED_METRICS, &UNTRACED_GRAPHQL_API];
