//! How functions are set up.

use super::Concern::Functions;
use super::Guard;
use super::GuardLevel::{Info, Off, Warn};

/// A function behind an API ends before the API stops waiting for it.
pub static TIMEOUT_OVER_API_LIMIT: Guard = Guard::new(
    ("TR526", "timeout-over-api-limit"),
    Functions,
    [Warn, Warn, Warn],
    "Functions behind an API end before the API stops waiting for them.",
    page!("functions/timeout_over_api_limit.md"),
);

/// Where users wait for a function, it gives up before they do.
pub static LONG_USER_FACING_TIMEOUT: Guard = Guard::new(
    ("TR527", "long-user-facing-timeout"),
    Functions,
    [Off, Info, Warn],
    "Functions that users wait for give up after three seconds at most.",
    page!("functions/long_user_facing_timeout.md"),
);

/// Each function has a number of places of its own.
pub static MISSING_RESERVED_CONCURRENCY: Guard = Guard::new(
    ("TR528", "missing-reserved-concurrency"),
    Functions,
    [Off, Off, Off],
    "Functions have reserved concurrency.",
    page!("functions/missing_reserved_concurrency.md"),
);

/// Events that a function cannot handle are kept.
pub static MISSING_FAILURE_DESTINATION: Guard = Guard::new(
    ("TR529", "missing-failure-destination"),
    Functions,
    [Info, Warn, Warn],
    "Asynchronous functions have a dead-letter queue or a destination for failures.",
    page!("functions/missing_failure_destination.md"),
);

/// Messages that nobody can handle leave the queue for a dead-letter queue.
pub static MISSING_REDRIVE_POLICY: Guard = Guard::new(
    ("TR530", "missing-redrive-policy"),
    Functions,
    [Info, Warn, Warn],
    "Queues have a dead-letter queue.",
    page!("functions/missing_redrive_policy.md"),
);

/// A message stays out of sight while a function works on it.
pub static SHORT_VISIBILITY_TIMEOUT: Guard = Guard::new(
    ("TR531", "short-visibility-timeout"),
    Functions,
    [Warn, Warn, Warn],
    "Queues hide a message for at least six times the timeout of the function that reads them.",
    page!("functions/short_visibility_timeout.md"),
)
.fixed_by("`VisibilityTimeout`, where there is none");

/// A function is in a VPC because something there needs it to be.
pub static UNNEEDED_VPC: Guard = Guard::new(
    ("TR532", "unneeded-vpc"),
    Functions,
    [Off, Info, Info],
    "Functions are in a VPC only where something there needs it.",
    page!("functions/unneeded_vpc.md"),
);

/// Somebody has chosen how much memory a function has.
pub static DEFAULT_MEMORY: Guard = Guard::new(
    ("TR533", "default-memory"),
    Functions,
    [Off, Off, Info],
    "Functions have more than the least memory there is.",
    page!("functions/default_memory.md"),
);

/// Functions that would run on arm64 as they are run there.
pub static X86_FUNCTION: Guard = Guard::new(
    ("TR534", "x86-function"),
    Functions,
    [Off, Off, Info],
    "Functions whose runtime has arm64 run there.",
    page!("functions/x86_function.md"),
);

/// Somebody is told before the environments that are kept ready are all in use.
pub static UNWATCHED_PROVISIONED_CONCURRENCY: Guard = Guard::new(
    ("TR538", "unwatched-provisioned-concurrency"),
    Functions,
    [Info, Warn, Warn],
    "The use of provisioned concurrency is watched.",
    page!("functions/unwatched_provisioned_concurrency.md"),
);

pub(super) static ALL: &[&Guard] = &[
    &TIMEOUT_OVER_API_LIMIT,
    &LONG_USER_FACING_TIMEOUT,
    &MISSING_RESERVED_CONCURRENCY,
    &MISSING_FAILURE_DESTINATION,
    &MISSING_REDRIVE_POLICY,
    &SHORT_VISIBILITY_TIMEOUT,
    &UNNEEDED_VPC,
    &DEFAULT_MEMORY,
    &X86_FUNCTION,
    &UNWATCHED_PROVISIONED_CONCURRENCY,
];
