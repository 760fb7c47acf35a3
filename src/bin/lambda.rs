//! The macro's Lambda function: CloudFormation's event in, its response out. Logs request id, counts, codes and duration, and nothing of the template.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value, value::RawValue};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;
use toprail::macro_event::{Response, failure, respond_to_bytes};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing_subscriber::fmt().json().flatten_event(true).with_target(false).with_current_span(false).init();
    // The default hook would print the panic's message, which may hold a piece of the template.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line())).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Box<RawValue>>| {
        Ok::<Value, Error>(answer(event.payload.get()))
    }))
    .await
}

fn answer(event: &str) -> Value {
    let started = Instant::now();
    let Response { body, summary } = catch_unwind(AssertUnwindSafe(|| respond_to_bytes(event.as_bytes())))
        .unwrap_or_else(|_| {
            let request_id = toprail::macro_event::request_id_in(event.as_bytes());
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
