//! Who may use how much.

use super::Concern::Abuse;
use super::Guard;
use super::GuardLevel::{Fix, Info, Off, Warn};

/// Every stage of a REST or HTTP API has a request limit of its own.
pub static UNTHROTTLED_STAGE: Guard = Guard::new(
    ("TR502", "unthrottled-stage"),
    Abuse,
    [Fix, Fix, Fix],
    "Stages of REST and HTTP APIs have a request limit.",
    page!("abuse/unthrottled_stage.md"),
)
.fixed_by("1,000 requests/s with a burst of 500, or what `Throttle` says");

/// Methods that change data have a limit of their own.
pub static UNTHROTTLED_METHOD: Guard = Guard::new(
    ("TR513", "unthrottled-method"),
    Abuse,
    [Off, Off, Info],
    "Methods that change data have a request limit of their own.",
    page!("abuse/unthrottled_method.md"),
);

/// An API that asks for keys has usage plans that limit what a key may do.
pub static MISSING_USAGE_PLAN: Guard = Guard::new(
    ("TR514", "missing-usage-plan"),
    Abuse,
    [Info, Warn, Warn],
    "APIs that ask for API keys have usage plans with throttle and quota.",
    page!("abuse/missing_usage_plan.md"),
)
.fixed_by("usage plans of the tiers in `UsagePlans`");

/// A web ACL stands before each public REST stage.
pub static MISSING_WEB_ACL: Guard = Guard::new(
    ("TR515", "missing-web-acl"),
    Abuse,
    [Off, Info, Warn],
    "A web ACL stands before each public stage of a REST API.",
    page!("abuse/missing_web_acl.md"),
)
.fixed_by("a web ACL with a rate limit and two managed rule groups, associated with each stage");

/// A web ACL before an API limits each client and knows SQL injection.
pub static WEAK_WEB_ACL: Guard = Guard::new(
    ("TR516", "weak-web-acl"),
    Abuse,
    [Info, Warn, Warn],
    "Web ACLs before APIs limit the rate of each client and stop SQL injection.",
    page!("abuse/weak_web_acl.md"),
);

/// What a stage keeps in its cache is encrypted.
pub static UNENCRYPTED_CACHE: Guard = Guard::new(
    ("TR517", "unencrypted-cache"),
    Abuse,
    [Warn, Warn, Warn],
    "Responses in the cache of a stage are encrypted.",
    page!("abuse/unencrypted_cache.md"),
)
.fixed_by("`CacheDataEncrypted` to settings that switch caching on");

/// A cache that is paid for is used.
pub static IDLE_CACHE: Guard = Guard::new(
    ("TR518", "idle-cache"),
    Abuse,
    [Info, Info, Info],
    "The cache of a stage is used by its methods.",
    page!("abuse/idle_cache.md"),
);

/// Custom domains refuse TLS 1.0 and 1.1.
pub static WEAK_TLS_POLICY: Guard = Guard::new(
    ("TR519", "weak-tls-policy"),
    Abuse,
    [Info, Warn, Warn],
    "Custom domains accept TLS 1.2 and newer only.",
    page!("abuse/weak_tls_policy.md"),
);

pub(super) static ALL: &[&Guard] = &[
    &UNTHROTTLED_STAGE,
    &UNTHROTTLED_METHOD,
    &MISSING_USAGE_PLAN,
    &MISSING_WEB_ACL,
    &WEAK_WEB_ACL,
    &UNENCRYPTED_CACHE,
    &IDLE_CACHE,
    &WEAK_TLS_POLICY,
];
