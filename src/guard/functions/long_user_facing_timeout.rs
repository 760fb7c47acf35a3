//! `long-user-facing-timeout`: where users wait for a function, it gives up before they do.

use super::behind::other_doors;
use super::possible::{possible, worst};
use super::timeout_over_api_limit::{DEFAULT_TIMEOUT, over};
use crate::catalogue::guards::functions::LONG_USER_FACING_TIMEOUT;
use crate::guard::check::{Check, Entry, Violation};
use indexmap::IndexMap;

pub(super) const ENTRY: Entry = (&LONG_USER_FACING_TIMEOUT, look);

/// How many seconds a user waits: Lambda's default timeout too.
const PATIENCE: f64 = DEFAULT_TIMEOUT;

fn look(check: &mut Check<'_, '_, '_>) {
    let template = check.template();
    // What is over the API's own limit is told by that guardrail.
    let told: Vec<&str> = over(template, check.view.fronts()).into_iter().map(|(id, ..)| id).collect();
    let mut doors: IndexMap<&str, String> = IndexMap::new();
    for (id, fronts) in check.view.fronts() {
        if let Some(front) = fronts.first() {
            doors.insert(id, format!("the {} API {}", front.protocol.as_str(), front.api));
        }
    }
    for (id, door) in other_doors(template) {
        doors.entry(id).or_insert_with(|| door.to_owned());
    }
    for (id, door) in doors.into_iter().filter(|(id, _)| !told.contains(id)) {
        let Some(function) = template.resources.get(id) else { continue };
        let timeouts = possible(template, function, "Timeout", DEFAULT_TIMEOUT);
        let long = timeouts.into_iter().filter(|timeout| timeout.number > PATIENCE && timeout.is_sure).collect();
        let Some(timeout) = worst(long) else { continue };
        let what = format!(
            "users of {door} may wait {} s{} for {id}: {PATIENCE} s is what most of them wait",
            timeout.number,
            timeout.under()
        );
        let help = format!(
            "set `Timeout` of {id} a little above its slowest good answer, so that what hangs fails soon and frees its place"
        );
        check.report(Violation::new(function.property_at("Timeout"), id, what, help));
    }
}
