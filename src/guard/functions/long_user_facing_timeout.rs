//! `long-user-facing-timeout`: where users wait for a function, it gives up before they do.

use super::behind::other_doors;
use super::possible::{possible, worst};
use super::timeout_over_api_limit::{DEFAULT_TIMEOUT, over};
use crate::catalogue::guards::functions::LONG_USER_FACING_TIMEOUT;
use crate::guard::check::{Check, Entry, Violation};

pub(super) const ENTRY: Entry = (&LONG_USER_FACING_TIMEOUT, look);

/// How many seconds a user waits: Lambda's default timeout too.
const PATIENCE: f64 = DEFAULT_TIMEOUT;

fn look(check: &mut Check<'_, '_, '_>) {
    let template = check.template();
    // What is over the API's own limit is told by that guardrail.
    let told: Vec<&str> = over(template, check.view.fronts()).into_iter().map(|(id, ..)| id).collect();
    let fronts = check.view.fronts();
    let of_apis = fronts.iter().filter_map(|(id, fronts)| Some((*id, fronts.first()?)));
    let of_apis = of_apis.map(|(id, front)| (id, format!("the {} API {}", front.protocol.as_str(), front.api)));
    let others = other_doors(template).into_iter().filter(|(id, _)| !fronts.contains_key(id));
    let doors = of_apis.chain(others.map(|(id, door)| (id, door.to_owned())));
    for (id, door) in doors.filter(|(id, _)| !told.contains(id)) {
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
