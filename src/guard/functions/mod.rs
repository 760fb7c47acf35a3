//! How functions are set up.

pub(in crate::guard) mod behind;
mod default_memory;
mod long_user_facing_timeout;
mod missing_failure_destination;
mod missing_redrive_policy;
mod missing_reserved_concurrency;
mod possible;
mod short_visibility_timeout;
mod timeout_over_api_limit;
mod unneeded_vpc;
mod unwatched_provisioned_concurrency;
mod x86_function;

use super::check::Entry;
use crate::template::{Resource, Template};

/// The types of functions, before and after SAM.
const FUNCTIONS: &[&str] = &["AWS::Lambda::Function", "AWS::Serverless::Function"];

/// Who looks.
pub(super) static CHECKS: &[Entry] = &[
    timeout_over_api_limit::ENTRY,
    long_user_facing_timeout::ENTRY,
    missing_reserved_concurrency::ENTRY,
    missing_failure_destination::ENTRY,
    missing_redrive_policy::ENTRY,
    short_visibility_timeout::ENTRY,
    unneeded_vpc::ENTRY,
    default_memory::ENTRY,
    x86_function::ENTRY,
];

/// Who looks at the alarms that there will be.
pub(super) static AT_ALARMS: &[Entry] = &[unwatched_provisioned_concurrency::ENTRY];

/// The resource of the author's that a resource is, or that SAM makes it from.
fn written_as(template: &Template<'_>, resource: &Resource<'_>) -> String {
    if template.resources.contains_key(resource.id) {
        return resource.id.to_owned();
    }
    let depth = template.resources_at().map_or(0, |at| at.segments().count());
    resource.at.segments().nth(depth).map(|id| id.to_string()).unwrap_or_default()
}
