//! Who may do what.

mod added_events;
mod authorisation;
mod missing_authorization;
mod mutual_tls;
mod plain_secret;
pub(in crate::guard) mod policy;
mod unscoped_lambda_permission;
mod wildcard_cors_origin;

use super::check::Entry;

/// Who looks.
pub(super) static CHECKS: &[Entry] = &[
    missing_authorization::ENTRY,
    wildcard_cors_origin::ENTRY,
    unscoped_lambda_permission::ENTRY,
    plain_secret::ENTRY,
];
