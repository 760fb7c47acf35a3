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
    page!("observability/missing_detailed_metrics.md"),
)
.fixed_by("the setting for all methods");

/// Stages of REST APIs send traces to X-Ray. Not fixed by default: the first traced stage of an account needs a service-linked role, and whoever
/// deploys needs the permission to create it.
pub static UNTRACED_STAGE: Guard = Guard::new(
    ("TR506", "untraced-stage"),
    Observability,
    [Info, Warn, Warn],
    "Stages of REST APIs send traces to X-Ray.",
    page!("observability/untraced_stage.md"),
)
.fixed_by("`TracingEnabled`");

/// Functions send traces to X-Ray. Not fixed by default: a role that gets its permission in the same deployment may get it too late.
pub static UNTRACED_FUNCTION: Guard = Guard::new(
    ("TR507", "untraced-function"),
    Observability,
    [Info, Info, Warn],
    "Functions send traces to X-Ray.",
    page!("observability/untraced_function.md"),
)
.fixed_by("active tracing, and the permission for it in the function's role");

/// State machines send traces to X-Ray. Not fixed by default: whoever deploys may not be allowed to give the role a policy.
pub static UNTRACED_STATE_MACHINE: Guard = Guard::new(
    ("TR508", "untraced-state-machine"),
    Observability,
    [Info, Info, Warn],
    "State machines send traces to X-Ray.",
    page!("observability/untraced_state_machine.md"),
)
.fixed_by("tracing, and the permission for it in the state machine's role");

/// GraphQL APIs send traces to X-Ray.
pub static UNTRACED_GRAPHQL_API: Guard = Guard::new(
    ("TR509", "untraced-graphql-api"),
    Observability,
    [Info, Warn, Warn],
    "GraphQL APIs send traces to X-Ray.",
    page!("observability/untraced_graphql_api.md"),
)
.fixed_by("`XrayEnabled`");

/// Stages write access logs.
pub static MISSING_ACCESS_LOGS: Guard = Guard::new(
    ("TR510", "missing-access-logs"),
    Observability,
    [Info, Warn, Warn],
    "Stages write access logs.",
    page!("observability/missing_access_logs.md"),
)
.fixed_by("access logs to where `AccessLogs` says");

/// Log groups have a retention.
pub static UNLIMITED_LOG_RETENTION: Guard = Guard::new(
    ("TR511", "unlimited-log-retention"),
    Observability,
    [Info, Warn, Warn],
    "Log groups do not keep their entries for ever.",
    page!("observability/unlimited_log_retention.md"),
)
.fixed_by("what `LogRetention` says");

/// Topics of alarms take messages from CloudWatch.
pub static UNREACHABLE_TOPIC: Guard = Guard::new(
    ("TR512", "unreachable-topic"),
    Observability,
    [Warn, Warn, Warn],
    "Topics that alarms notify take messages from CloudWatch.",
    page!("observability/unreachable_topic.md"),
);

pub(super) static ALL: &[&Guard] = &[
    &MISSING_DETAILED_METRICS,
    &UNTRACED_STAGE,
    &UNTRACED_FUNCTION,
    &UNTRACED_STATE_MACHINE,
    &UNTRACED_GRAPHQL_API,
    &MISSING_ACCESS_LOGS,
    &UNLIMITED_LOG_RETENTION,
    &UNREACHABLE_TOPIC,
];
