//! AWS Lambda.

use crate::catalogue::build::{alarm, metric, number, share};
use crate::catalogue::kind::{Kind, by_ref};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Unit};

/// A function.
pub(crate) static FUNCTION: Kind = Kind::new(
    "function",
    "Lambda functions",
    &["Function"],
    "AWS/Lambda",
    &["AWS::Lambda::Function", "AWS::Serverless::Function"],
    &[by_ref("FunctionName", "FunctionName")],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&FUNCTION];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("Function.Duration", &[&FUNCTION], &[
            metric("d", "Duration", "p95"),
            metric("r", "Duration", "PR(:{threshold})"),
            metric("n", "Duration", "SampleCount"),
        ])
        // At least {min} slow invocations, or all of a quiet function.
        .gated("IF((100 - r) * n / 100 > {gate}, d, IF(r <= 0, d, 0))", 3)
        .above(share(90, "Timeout", 1000.0, Some(3.0)), Unit::Milliseconds)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("One invocation in twenty takes longer than {threshold}, close to the function's timeout, and at least {min} {per} do, or all.", "Find the slow part in a trace or the log; a timeout is counted as an error and the work is lost or repeated.")
        .source("AWS recommends Duration p90 below the timeout, 15 of 15; p95 against 90 % of it, gated, over 15 minutes."),
    alarm("Function.ErrorRate", &[&FUNCTION], &[metric("e", "Errors", "Sum"), metric("i", "Invocations", "Sum")])
        // At least {min} errors, or all invocations of a quiet function.
        .gated("IF(e >= {min}, 100 * e / i, IF(2 * e - i >= 1, 100, 0))", 2)
        .above(number(5.0), Unit::Percent)
        .of(6, 15, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("More than {threshold} of the invocations fail in 6 of 15 minutes, and at least {min} {per}, or all.", "Look at the function's log for the exception, a timeout, or out of memory.")
        .source("AWS recommends Errors Sum above a number greater than 0, 3 of 3; a rate, gated, 6 of 15."),
    alarm("Function.Throttles", &[&FUNCTION], &[metric("t", "Throttles", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Essential)
        .says("Invocations have been throttled in each of the last five minutes.", "Look at ConcurrentExecutions against the function's reserved concurrency and the account's quota.")
        .source("AWS recommends Throttles Sum at a number greater than 0, 5 of 5."),
];
