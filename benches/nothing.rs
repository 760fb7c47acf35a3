//! A Lambda function that does nothing: `scripts/bench` takes its cold start off ours.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value, value::RawValue};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing_subscriber::fmt().json().with_target(false).with_current_span(false).init();
    lambda_runtime::run(service_fn(async |_: LambdaEvent<Box<RawValue>>| Ok::<Value, Error>(Value::Null))).await
}
