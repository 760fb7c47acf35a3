//! The macro's Lambda function: CloudFormation's event in, its response out. Logs request id, counts, codes and duration, and nothing of the template.
//! The organisation's policy is read once, at start; one that is wrong or missing fails every transform with the reason.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::value::RawValue;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;
use toprail::config::Policy;
use toprail::macro_event::{Response, Written, answer, failure, request_id_in};

// Not `current_thread`: that leaves the scheduler for several threads in the program, 21 kB of the package.
#[tokio::main(flavor = "local")]
async fn main() -> Result<(), Error> {
    tracing_subscriber::fmt().json().flatten_event(true).with_target(false).with_current_span(false).init();
    // The default hook would print the panic's message, which may hold a piece of the template.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line())).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
    let policy = policy().map(Arc::new);
    for mistake in policy.iter().flat_map(|policy| policy.mistakes()) {
        tracing::error!(
            code = mistake.code.id,
            at = mistake.policy.as_ref().map(ToString::to_string),
            what = mistake.what,
            "policy"
        );
    }
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Box<RawValue>>| {
        Ok::<Written, Error>(respond(policy.clone(), event.payload))
    }))
    .await
}

/// The policy of `TOPRAIL_POLICY_FILE` or of `TOPRAIL_POLICY`, if either is set to something.
fn policy() -> Option<Policy> {
    #[allow(clippy::disallowed_methods, reason = "the environment is read here, once, and nowhere else")]
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    match (set("TOPRAIL_POLICY_FILE"), set("TOPRAIL_POLICY")) {
        (Some(_), Some(_)) => {
            Some(Policy::unreadable(["set either TOPRAIL_POLICY_FILE or TOPRAIL_POLICY, not both".to_owned()]))
        }
        (Some(file), None) => Some(match std::fs::read_to_string(&file) {
            Ok(text) => Policy::parse(&text),
            Err(error) => Policy::unreadable([format!("TOPRAIL_POLICY_FILE {file}: {error}")]),
        }),
        (None, Some(text)) => Some(Policy::parse(&text)),
        (None, None) => None,
    }
}

fn respond(policy: Option<Arc<Policy>>, event: Box<RawValue>) -> Written {
    let started = Instant::now();
    let request_id = request_id_in(event.get().as_bytes());
    let event = Box::<str>::from(event).into_string();
    let Response { body, summary } = catch_unwind(AssertUnwindSafe(|| answer(policy, event))).unwrap_or_else(|_| {
        failure(
            request_id,
            "TR900 internal: Toprail stopped on a mistake of its own. Nothing was changed. Please report it.",
        )
    });
    tracing::info!(
        request_id = summary.request_id,
        success = summary.success,
        alarms = summary.alarms,
        changes = summary.changes,
        findings = summary.codes,
        duration_ms = started.elapsed().as_secs_f64() * 1000.0,
        "transform"
    );
    body
}
