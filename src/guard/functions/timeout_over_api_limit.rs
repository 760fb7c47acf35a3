//! `timeout-over-api-limit`: a function behind an API ends before the API stops waiting for it.

use super::behind::{Front, Fronts};
use super::possible::{Possible, possible, worst};
use crate::catalogue::guards::functions::TIMEOUT_OVER_API_LIMIT;
use crate::guard::check::{Check, Entry, Violation};
use crate::target::Protocol;
use crate::template::{Resource, Template};

pub(super) const ENTRY: Entry = (&TIMEOUT_OVER_API_LIMIT, look);

/// Lambda's default, in seconds. Source: Lambda developer guide, "Configure Lambda function timeout".
pub(super) const DEFAULT_TIMEOUT: f64 = 3.0;

/// A function that may run longer than an API waits: the API that waits shortest, how long it waits, and the timeout.
pub(super) type Over<'t> = (&'t str, Front, f64, Possible);

/// The functions that may run longer than their API waits.
pub(super) fn over<'t>(template: &Template<'t>, fronts: &Fronts<'t>) -> Vec<Over<'t>> {
    let shortest = |fronts: &[Front]| {
        let known = fronts.iter().filter_map(|front| Some((front.limit?, front.clone())));
        known.min_by(|(a, _), (b, _)| a.total_cmp(b))
    };
    let found = fronts.iter().filter_map(|(function, fronts)| {
        let (limit, front) = shortest(fronts)?;
        let function = template.resources.get(*function)?;
        let timeouts = possible(template, function, "Timeout", DEFAULT_TIMEOUT);
        let timeout = worst(timeouts.into_iter().filter(|timeout| timeout.number > limit).collect())?;
        Some((function.id, front, limit, timeout))
    });
    found.collect()
}

fn look(check: &mut Check<'_, '_, '_>) {
    for (id, front, limit, timeout) in over(check.template(), check.view.fronts()) {
        let Some(function) = check.template().resources.get(id) else { continue };
        let violation = violation(function, &front, limit, &timeout);
        check.report(if timeout.is_sure { violation } else { violation.unknown() });
    }
}

fn violation(function: &Resource<'_>, front: &Front, limit: f64, timeout: &Possible) -> Violation {
    let (api, protocol, id) = (&front.api, front.protocol.as_str(), function.id);
    let runs = match timeout.is_sure {
        true => format!("{id} may run for {} s{}", timeout.number, timeout.under()),
        false => format!("{id} may run longer unless the parameter in its `Timeout` is changed"),
    };
    let what = format!(
        "{runs}, but the {protocol} API {api} waits {limit} s for it: then the client gets an error and the function goes on"
    );
    let or_wait = match front.protocol {
        Protocol::Rest => {
            ", or let the integration wait longer (regional and private REST APIs, after a raise of the quota)"
        }
        Protocol::Http | Protocol::WebSocket => "",
    };
    let help =
        format!("set `Timeout` of {id} to {limit} s or less, hand long work to a queue or a state machine{or_wait}");
    Violation::new(function.property_at("Timeout"), id, what, help)
}
