//! `missing-reserved-concurrency`: each function has a number of places of its own, which is also the most that it can take from the others.

use super::FUNCTIONS;
use super::possible::{lacks, under};
use crate::catalogue::guards::functions::MISSING_RESERVED_CONCURRENCY;
use crate::guard::check::{Check, Entry, Violation};
use crate::template::When;

pub(super) const ENTRY: Entry = (&MISSING_RESERVED_CONCURRENCY, look);
const PROPERTY: &str = "ReservedConcurrentExecutions";

fn look(check: &mut Check<'_, '_, '_>) {
    for function in check.written(FUNCTIONS) {
        let when = lacks(check.template(), function, PROPERTY);
        if when != When::Never {
            let what = format!(
                "{} has no reserved concurrency{}: it shares the account's with all other functions, and one of them can use it up",
                function.id,
                under(&when)
            );
            let help = format!("set `{PROPERTY}` of {} to the most that it should run at once", function.id);
            check.report(Violation::new(function.property_at(PROPERTY), function.id, what, help));
        }
    }
}
