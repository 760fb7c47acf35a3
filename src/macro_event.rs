//! The macro protocol: CloudFormation's event in, its response out. Source: CloudFormation user guide, "Author a CloudFormation macro".
//! Whatever comes in, a well-formed response goes out; nothing of the template is logged or copied into a message.

use crate::config::Policy;
use crate::edit::{self, Extended};
use crate::finding::{Finding, Level};
pub use crate::template::Written;
use crate::template::{Members, Writer, json};
use crate::{Context, Outcome, transform_to_write};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Errors are named up to this many characters and then counted. Our own bound: no limit of `errorMessage`, or of the status reason that shows it,
/// is documented.
const LONGEST_MESSAGE: usize = 3000;

/// A response and what may be logged about it.
#[derive(Debug)]
pub struct Response<Body = Value> {
    /// The response to CloudFormation.
    pub body: Body,
    /// Counts and codes.
    pub summary: Summary,
}

/// What may be logged: nothing of the template.
#[derive(Debug, Default)]
pub struct Summary {
    /// The request's id.
    pub request_id: String,
    /// Whether the transform succeeded.
    pub success: bool,
    /// Alarms added.
    pub alarms: usize,
    /// Other additions.
    pub changes: usize,
    /// The codes of the findings, with how often each occurs.
    pub codes: String,
}

/// The response as CloudFormation takes it: `last` writes what a success or a failure has besides. `room` is about how many bytes it takes.
fn write(request_id: &str, status: &str, room: usize, last: impl FnOnce(&mut Members<'_>)) -> Written {
    let mut out = Writer::with_room(room);
    out.object(|body| {
        body.key("requestId").text(request_id);
        body.key("status").text(status);
        last(body);
    });
    out.finish()
}

/// Answers an event.
pub fn respond(event: Value) -> Response {
    respond_under(None, event)
}

/// Answers an event as a policy wants it.
pub fn respond_under(policy: Option<Arc<Policy>>, event: Value) -> Response {
    read(answer_event(policy, event, 0))
}

/// Answers the bytes of an event; bytes that are no JSON get a failure too.
pub fn respond_to_bytes(policy: Option<Arc<Policy>>, bytes: &[u8]) -> Response {
    read(answer(policy, bytes))
}

/// The same, written. Bytes that are handed over are gone while the template is worked on.
pub fn answer(policy: Option<Arc<Policy>>, bytes: impl AsRef<[u8]>) -> Response<Written> {
    match json::read(bytes.as_ref()) {
        Ok(event) => {
            let length = bytes.as_ref().len();
            drop(bytes);
            answer_event(policy, event, length)
        }
        Err(error) => failure(
            request_id_in(bytes.as_ref()),
            &format!("the event is not JSON that can be read (line {}, column {})", error.line(), error.column()),
        ),
    }
}

/// `length` is about how many bytes the event took.
fn answer_event(policy: Option<Arc<Policy>>, event: Value, length: usize) -> Response<Written> {
    let request_id = event.get("requestId").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Value::Object(mut event) = event else {
        return failure(
            request_id,
            "the event is not an object: this function answers CloudFormation macro events only",
        );
    };
    let Some(fragment) = event.shift_remove("fragment") else {
        return failure(
            request_id,
            "the event has no `fragment`: this function answers CloudFormation macro events only",
        );
    };
    let mut object = |name: &str| match event.shift_remove(name) {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    };
    let (params, parameter_values) = (object("params"), object("templateParameterValues"));
    let text = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let context = Context { account: text("accountId"), region: text("region"), params, parameter_values, policy };
    from_outcome(request_id, transform_to_write(fragment, &context), length)
}

/// A failure.
pub fn failure(request_id: String, message: &str) -> Response<Written> {
    let body = write(&request_id, "failure", 0, |body| body.key("errorMessage").text(message));
    Response { body, summary: Summary { request_id, ..Summary::default() } }
}

fn from_outcome(request_id: String, outcome: Outcome<Extended>, length: usize) -> Response<Written> {
    let summary = Summary {
        request_id,
        success: !outcome.failed(),
        alarms: outcome.plan.alarms.iter().filter(|alarm| !alarm.present).count(),
        changes: outcome.plan.changes.len(),
        codes: codes(&outcome.findings),
    };
    if !summary.success {
        let body = failure(summary.request_id.clone(), &message(&outcome.findings)).body;
        return Response { body, summary };
    }
    let fragment = outcome.fragment;
    let room = length + fragment.added();
    let body = write(&summary.request_id, "success", room, |body| {
        fragment.write(body.key("fragment"));
        // It is gone before somebody copies the text.
        drop(fragment);
    });
    Response { body, summary }
}

/// The response as a value, for whoever looks into it.
pub fn read(Response { body, summary }: Response<Written>) -> Response {
    Response { body: edit::read(body.as_str()).unwrap_or_default(), summary }
}

/// All errors, one after the other. Where they do not fit into [`LONGEST_MESSAGE`], the first of each kind comes before the second of any, and what
/// is left out is counted by kind.
fn message(findings: &[Finding]) -> String {
    let errors: Vec<&Finding> = findings.iter().filter(|finding| finding.level == Level::Error).collect();
    let head = format!("{} problem{}", errors.len(), if errors.len() == 1 { "" } else { "s" });
    let whole = errors.iter().enumerate().map(|(index, error)| numbered(index, error)).collect::<String>();
    if length(&head) + length(&whole) <= LONGEST_MESSAGE {
        return head + &whole;
    }
    let mut kinds = BTreeSet::new();
    let (first, more): (Vec<_>, Vec<_>) = errors.into_iter().partition(|error| kinds.insert(error.code.id));
    let errors = [first, more].concat();
    // What is left out is named in at most as much as if all were.
    let room = LONGEST_MESSAGE.saturating_sub(length(&left_out(&errors)));
    let mut text = head;
    for (index, error) in errors.iter().enumerate() {
        let mut line = numbered(index, error);
        let free = room.saturating_sub(length(&text));
        if length(&line) > free {
            // One that is too long for all the room is cut, so that something is said.
            if index > 0 {
                return text + &left_out(errors.get(index..).unwrap_or_default());
            }
            line = line.chars().take(free.saturating_sub(1)).chain(['…']).collect();
        }
        text.push_str(&line);
    }
    text + "; `toprail plan` shows it whole"
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// One error: what kind, where, why, and what to do.
fn numbered(index: usize, error: &Finding) -> String {
    let mut place = if error.at.is_root() { String::new() } else { format!(" at {}", error.at) };
    place.extend(error.policy.iter().map(|at| format!(" (policy {at})")));
    format!("; {}. {} {}{place}: {} ({})", index + 1, error.code.id, error.code.name, error.what, error.help)
}

/// `; and 198 more: TR201 wrong-configuration (190), TR505 missing-required-tag (8); `toprail plan` shows all with their lines`.
fn left_out(errors: &[&Finding]) -> String {
    let mut kinds: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for error in errors {
        *kinds.entry((error.code.id, error.code.name)).or_default() += 1;
    }
    let kinds: Vec<_> = kinds.iter().map(|((id, name), count)| format!("{id} {name} ({count})")).collect();
    format!("; and {} more: {}; `toprail plan` shows all with their lines", errors.len(), kinds.join(", "))
}

fn codes(findings: &[Finding]) -> String {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.code.id).or_insert(0_usize) += 1;
    }
    counts.iter().map(|(code, count)| format!("{code}:{count}")).collect::<Vec<_>>().join(" ")
}

/// The request's id in an event that cannot be parsed, so that CloudFormation can tell whose failure it is.
pub fn request_id_in(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let value = text
        .split_once("\"requestId\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .and_then(|(_, rest)| rest.split_once('"'));
    value
        .map(|(id, _)| id.chars().take(64).filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect())
        .unwrap_or_default()
}
