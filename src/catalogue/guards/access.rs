//! Who may do what.

use super::Concern::Access;
use super::Guard;
use super::GuardLevel::{Info, Warn};

/// Every method asks who calls.
pub static MISSING_AUTHORIZATION: Guard = Guard::new(
    ("TR520", "missing-authorization"),
    Access,
    [Info, Warn, Warn],
    "Methods and function URLs are authorised, or named as public with a reason.",
    page!("access/missing_authorization.md"),
);

/// Browsers are told which sites may read answers.
pub static WILDCARD_CORS_ORIGIN: Guard = Guard::new(
    ("TR521", "wildcard-cors-origin"),
    Access,
    [Info, Warn, Warn],
    "APIs and function URLs tell browsers which sites may read their answers, not that all may.",
    page!("access/wildcard_cors_origin.md"),
);

/// A permission is for one caller of a service, not for all.
pub static UNSCOPED_LAMBDA_PERMISSION: Guard = Guard::new(
    ("TR522", "unscoped-lambda-permission"),
    Access,
    [Info, Warn, Warn],
    "Permissions that let a service call a function say on whose behalf.",
    page!("access/unscoped_lambda_permission.md"),
);

/// Secrets are kept where they can be guarded and changed.
pub static PLAIN_SECRET: Guard = Guard::new(
    ("TR523", "plain-secret"),
    Access,
    [Warn, Warn, Warn],
    "Environment variables hold no secrets.",
    page!("access/plain_secret.md"),
);

pub(super) static ALL: &[&Guard] =
    &[&MISSING_AUTHORIZATION, &WILDCARD_CORS_ORIGIN, &UNSCOPED_LAMBDA_PERMISSION, &PLAIN_SECRET];
