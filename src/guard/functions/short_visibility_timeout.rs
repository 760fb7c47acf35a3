//! `short-visibility-timeout`: a message stays out of sight while a function works on it, and while Lambda tries again.

use super::possible::{Possible, possible, under};
use super::timeout_over_api_limit::DEFAULT_TIMEOUT;
use super::written_as;
use crate::catalogue::guards::functions::SHORT_VISIBILITY_TIMEOUT;
use crate::edit::Edit;
use crate::guard::check::{Check, Entry, Violation};
use crate::target::{functions_of, mappings, named};
use crate::template::text::thousands;
use crate::template::{Resource, Template, When};
use indexmap::IndexMap;
use serde_json::json;

pub(super) const ENTRY: Entry = (&SHORT_VISIBILITY_TIMEOUT, look);
const PROPERTY: &str = "VisibilityTimeout";

/// Of SQS, in seconds. Source: SQS developer guide, "Amazon SQS visibility timeout".
const DEFAULT_VISIBILITY: f64 = 30.0;
const LONGEST_VISIBILITY: f64 = 43_200.0;

/// Source: Lambda developer guide, "Creating and configuring an Amazon SQS event source mapping": six times the function's timeout, plus
/// `MaximumBatchingWindowInSeconds`.
const TIMES: f64 = 6.0;

/// What a function asks of a queue.
struct Demand<'t> {
    function: &'t str,
    timeout: f64,
    window: f64,
    needed: f64,
    when: When,
    is_sure: bool,
}

fn look(check: &mut Check<'_, '_, '_>) {
    let template = check.template();
    for (id, demands) in demands(template) {
        let Some(queue) = template.any_resource(id) else { continue };
        let visibilities = possible(template, queue, PROPERTY, DEFAULT_VISIBILITY);
        let short = visibilities.iter().flat_map(|visibility| demands.iter().map(move |demand| (visibility, demand)));
        let worst = short.filter(|(visibility, demand)| is_short(visibility, demand)).max_by(|(v, a), (w, b)| {
            let is_sure = |visibility: &Possible, demand: &Demand<'_>| visibility.is_sure && demand.is_sure;
            is_sure(v, a).cmp(&is_sure(w, b)).then((a.needed - v.number).total_cmp(&(b.needed - w.number)))
        });
        if let Some((visibility, demand)) = worst {
            report(check, queue, visibility, demand, &demands);
        }
    }
}

fn is_short(visibility: &Possible, demand: &Demand<'_>) -> bool {
    visibility.number < demand.needed && visibility.when.clone().and(demand.when.clone()) != When::Never
}

/// What functions ask of each queue of the template.
fn demands<'t>(template: &Template<'t>) -> IndexMap<&'t str, Vec<Demand<'t>>> {
    let mut all: IndexMap<&str, Vec<Demand<'_>>> = IndexMap::new();
    for mapping in mappings(template) {
        let queues = mapping.own("EventSourceArn").map(|arn| named(template, arn, &["AWS::SQS::Queue"]));
        let functions = mapping.own("FunctionName").map(|name| functions_of(template, name)).unwrap_or_default();
        let windows = possible(template, mapping, "MaximumBatchingWindowInSeconds", 0.0);
        for (queue, of_queue) in queues.unwrap_or_default() {
            for (function, of_function) in &functions {
                let exists = of_queue.clone().and(of_function.clone()).and(mapping.when());
                let timeouts = possible(template, function, "Timeout", DEFAULT_TIMEOUT);
                for (timeout, window) in timeouts.iter().flat_map(|t| windows.iter().map(move |w| (t, w))) {
                    all.entry(queue.id).or_default().push(Demand {
                        function: function.id,
                        timeout: timeout.number,
                        window: window.number,
                        needed: TIMES * timeout.number + window.number,
                        when: timeout.when.clone().and(window.when.clone()).and(exists.clone()),
                        is_sure: timeout.is_sure && window.is_sure,
                    });
                }
            }
        }
    }
    all
}

fn report(
    check: &mut Check<'_, '_, '_>,
    queue: &Resource<'_>,
    visibility: &Possible,
    demand: &Demand<'_>,
    demands: &[Demand<'_>],
) {
    let template = check.template();
    let is_sure = visibility.is_sure && demand.is_sure;
    let is_written = template.resources.contains_key(queue.id);
    // A queue that SAM makes for a subscription takes no settings: the author's own can be named there.
    let at = if is_written { queue.property_at(PROPERTY) } else { queue.at.clone() };
    let (what, help) = words(queue.id, visibility, demand, is_sure);
    let violation = Violation::new(at.clone(), &written_as(template, queue), what, help).of(demand.function);
    let most = demands.iter().map(|demand| demand.needed).fold(0.0, f64::max).ceil();
    let is_free = is_written
        && queue.own(PROPERTY).is_none()
        && queue.takes_properties()
        && demands.iter().all(|one| one.is_sure);
    check.report(match (is_sure, is_free && most <= LONGEST_VISIBILITY) {
        (false, _) => violation.unknown(),
        (true, false) => violation,
        (true, true) => {
            #[allow(clippy::cast_possible_truncation, reason = "at most 43,200")]
            let value = json!(most as i64);
            let what = format!("visibility timeout of {}", seconds(most));
            violation.fixed_by(what, vec![Edit::Insert { at, value }], Vec::new())
        }
    });
}

fn seconds(number: f64) -> String {
    format!("{} s", thousands(&number.to_string()))
}

/// What is wrong, and what to do. Of parameters no value is told.
fn words(queue: &str, visibility: &Possible, demand: &Demand<'_>, is_sure: bool) -> (String, String) {
    let Demand { function, timeout, window, needed, when, .. } = demand;
    if !is_sure {
        let what = format!(
            "the queue {queue} hides a message for less than six times the timeout of {function}, unless parameters are changed"
        );
        return (what, format!("set `{PROPERTY}` of {queue} to six times the timeout of {function} or more"));
    }
    let why = match visibility.number < *timeout {
        true => "Lambda refuses such an event source, and the deployment fails",
        false => "messages are handled twice when the function is slow or throttled",
    };
    let plus = if *window > 0.0 { format!(" plus the batching window of {}", seconds(*window)) } else { String::new() };
    let what = format!(
        "the queue {queue} hides a message for {}, less than six times the timeout of {function} ({}){plus}{}: {why}",
        seconds(visibility.number),
        seconds(*timeout),
        under(&visibility.when.clone().and(when.clone()))
    );
    (what, format!("set `{PROPERTY}` of {queue} to {} or more", seconds(*needed)))
}
