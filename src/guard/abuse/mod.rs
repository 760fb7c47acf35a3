//! Who may use how much.

mod api_keys;
mod cache;
mod idle_cache;
mod missing_usage_plan;
mod missing_web_acl;
mod stage_name;
mod unencrypted_cache;
mod unthrottled_method;
pub(super) mod unthrottled_stage;
mod weak_tls_policy;
mod weak_web_acl;
mod web_acl;

use super::check::Entry;

/// Who looks.
pub(super) static CHECKS: &[Entry] = &[
    unthrottled_method::ENTRY,
    missing_usage_plan::ENTRY,
    missing_web_acl::ENTRY,
    weak_web_acl::ENTRY,
    unencrypted_cache::ENTRY,
    idle_cache::ENTRY,
    weak_tls_policy::ENTRY,
];
