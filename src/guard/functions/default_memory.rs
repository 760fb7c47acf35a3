//! `default-memory`: somebody has chosen how much memory, and so how much processor, a function has.

use super::FUNCTIONS;
use super::behind::at_deployments;
use super::possible::possible;
use crate::catalogue::guards::functions::DEFAULT_MEMORY;
use crate::guard::check::{Check, Entry, Violation};

pub(super) const ENTRY: Entry = (&DEFAULT_MEMORY, look);
const PROPERTY: &str = "MemorySize";

/// In MB, and the least there is. Source: Lambda developer guide, "Configure Lambda function memory".
const DEFAULT: f64 = 128.0;

fn look(check: &mut Check<'_, '_, '_>) {
    let skipped = at_deployments(check.template());
    for function in check.written(FUNCTIONS).filter(|function| !skipped.contains(function.id)) {
        let sizes = possible(check.template(), function, PROPERTY, DEFAULT);
        let Some(size) = sizes.into_iter().find(|size| size.is_sure && size.number <= DEFAULT) else { continue };
        let id = function.id;
        let what = format!(
            "{id} has {DEFAULT} MB of memory, the least there is{}: it gets the smallest share of a processor too",
            size.under()
        );
        let help =
            format!("measure {id} with more `{PROPERTY}` (256 to 1,024 MB): it often costs the same and is quicker");
        check.report(Violation::new(function.property_at(PROPERTY), id, what, help));
    }
}
