//! AWS Lambda: functions, what invokes them, their aliases and URLs.

use crate::catalogue::build::{alarm, metric, number, one, share};
use crate::catalogue::kind::{Dimension, Kind, by_id, by_ref, found};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::{Test, is_by_default};

const TYPES: &[&str] = &["AWS::Lambda::Function", "AWS::Serverless::Function"];
const NAME: &[Dimension] = &[by_ref("FunctionName", "FunctionName")];
/// `Resource` is `function:alias`.
const ALIAS_DIMENSIONS: &[Dimension] = &[found("FunctionName"), found("Resource")];
const ALIASES: &[&str] = &["AWS::Lambda::Alias", "AWS::Serverless::Function"];

/// A function.
pub(crate) static FUNCTION: Kind = Kind::new("function", "Lambda functions", &["Function"], "AWS/Lambda", TYPES, NAME);

/// A function that reads a stream: only event sources with a position have an age.
pub(crate) static STREAM_READER: Kind =
    Kind::new("function that reads a stream", "functions that read streams", &["Function"], "AWS/Lambda", TYPES, NAME)
        .found_by_code();

/// A function that somebody invokes asynchronously: events wait, and may be dropped.
pub(crate) static ASYNC_FUNCTION: Kind = Kind::new(
    "function invoked asynchronously",
    "functions invoked asynchronously",
    &["Function"],
    "AWS/Lambda",
    TYPES,
    NAME,
)
.found_by_code();

/// A function that sends results or failures on: only then can a delivery fail.
pub(crate) static SENDER: Kind =
    Kind::new("function with destinations", "functions with destinations", &["Function"], "AWS/Lambda", TYPES, NAME)
        .found_by_code();

/// A function that reads a Kafka topic: it has an offset, and no iterator.
pub(crate) static KAFKA_READER: Kind =
    Kind::new("function that reads Kafka", "functions that read Kafka", &["Function"], "AWS/Lambda", TYPES, NAME)
        .found_by_code();

/// A function with the layer of Lambda Insights, which has a namespace of its own.
pub(crate) static INSIGHTS_FUNCTION: Kind = Kind::new(
    "function with Lambda Insights",
    "functions with Lambda Insights",
    &["Function"],
    "LambdaInsights",
    TYPES,
    &[by_ref("function_name", "FunctionName")],
)
.found_by_code();

/// An event source mapping of a stream or topic that publishes what it does with events.
pub(crate) static EVENT_SOURCE: Kind = Kind::new(
    "event source mapping",
    "event source mappings",
    &["EventSource"],
    "AWS/Lambda",
    &["AWS::Lambda::EventSourceMapping"],
    &[by_id("EventSourceMappingUUID")],
)
.found_by_code();

/// A function with a URL of its own.
pub(crate) static URL_FUNCTION: Kind = Kind::new(
    "function URL",
    "function URLs",
    &["FunctionUrl"],
    "AWS/Lambda",
    &["AWS::Lambda::Function", "AWS::Lambda::Url", "AWS::Serverless::Function"],
    NAME,
)
.found_by_code();

/// An alias that is deployed gradually: its own error rate, for the rollback.
pub(crate) static ALIAS: Kind =
    Kind::new("function alias", "function aliases", &["Alias"], "AWS/Lambda", ALIASES, ALIAS_DIMENSIONS)
        .found_by_code();

/// An alias that keeps execution environments ready.
pub(crate) static PROVISIONED_ALIAS: Kind = Kind::new(
    "alias with provisioned concurrency",
    "aliases with provisioned concurrency",
    &["Alias"],
    "AWS/Lambda",
    ALIASES,
    ALIAS_DIMENSIONS,
)
.found_by_code();

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[
    &FUNCTION,
    &STREAM_READER,
    &KAFKA_READER,
    &ASYNC_FUNCTION,
    &SENDER,
    &INSIGHTS_FUNCTION,
    &EVENT_SOURCE,
    &URL_FUNCTION,
    &ALIAS,
    &PROVISIONED_ALIAS,
];

/// SAM calls the property `DeadLetterQueue`.
const HAS_DEAD_LETTER: Test = Test::Any(&[Test::Has("DeadLetterConfig"), Test::Has("DeadLetterQueue")]);

/// A function that runs one at a time on purpose is at its limit whenever it runs; one with 0 is switched off.
const HAS_RESERVE: Test = Test::All(&[
    Test::Has("ReservedConcurrentExecutions"),
    Test::Not(&Test::Is("ReservedConcurrentExecutions", &["0", "1"])),
]);

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("Alias.AliasDuration", &[&ALIAS], &[
            metric("d", "Duration", "p95"),
            metric("r", "Duration", "PR(:{threshold})"),
            metric("n", "Duration", "SampleCount"),
        ])
        .gated("IF((100 - r) * n / 100 > {gate}, d, 0)", 3)
        .above(share(90, "Timeout", 1000.0, Some(3.0)), Unit::Milliseconds)
        .of(2, 3, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "One invocation of this alias in twenty takes longer than {threshold}, close to the function's timeout, and at least {min} {per} do.",
            "If a deployment is under way, it should be rolled back; compare the durations of the two versions.",
        )
        .source("Our own: like Function.Duration, of the alias that is deployed gradually, and quicker, because a deployment takes minutes."),
    alarm("Alias.AliasErrorRate", &[&ALIAS], &[metric("e", "Errors", "Sum"), metric("i", "Invocations", "Sum")])
        .gated("IF(e >= {min}, 100 * e / i, 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(2, 3, 60)
        .is(Severity::Critical, Profile::Standard)
        .says(
            "More than {threshold} of the invocations of this alias fail, and at least {min} {per}.",
            "If a deployment is under way, it should be rolled back; look at the log of the new version.",
        )
        .source("Our own: like Function.ErrorRate, of the alias that is deployed gradually, and quicker, because a deployment takes minutes."),
    alarm("Alias.ProvisionedUtilization", &[&PROVISIONED_ALIAS], &[metric("m", "ProvisionedConcurrencyUtilization", "Maximum")])
        .math("100 * m")
        .above(number(80.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "More than {threshold} of the environments that are kept ready are in use.",
            "Raise the provisioned concurrency, or let Application Auto Scaling do so.",
        )
        .source("Our own: Lambda developer guide, concurrency metrics; above 80 % the next requests may start cold."),
    alarm("Alias.Spillover", &[&PROVISIONED_ALIAS], &[one("ProvisionedConcurrencySpilloverInvocations", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Invocations have found no environment that was kept ready in each of the last five minutes: they start cold.",
            "Raise the provisioned concurrency, or look at what makes invocations longer.",
        )
        .source("Our own: Lambda developer guide, concurrency metrics; five minutes in a row."),
    alarm("EventSource.DroppedEvents", &[&EVENT_SOURCE], &[one("DroppedEventCount", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "Lambda has given up on records of the source: they were too old or tried too often, and are sent nowhere.",
            "Look at the function's log for the error; give the event source mapping a destination for failures.",
        )
        .source("Our own: Lambda developer guide, event source mapping metrics; dropped records that a destination took are not counted, so each is lost."),
    alarm("Function.AsyncEventAge", &[&ASYNC_FUNCTION], &[one("AsyncEventAge", "Maximum")])
        // The properties are those of the function's EventInvokeConfig: see the finder.
        .above(share(50, "MaximumEventAgeInSeconds", 1000.0, Some(21_600.0)), Unit::Milliseconds)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Events for this function wait longer than {threshold}: half of the time after which Lambda drops them.",
            "Look at the function's throttles and concurrency, then at its errors: failed events are tried again later.",
        )
        .source("Our own: Lambda developer guide, AsyncEventAge; a share of MaximumEventAgeInSeconds (6 hours by default, as little as a minute)."),
    alarm("Function.AsyncEventsDropped", &[&ASYNC_FUNCTION], &[one("AsyncEventsDropped", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "Lambda has given up on an event for this function: it was tried and not handled.",
            "Look at the function's log for the error; the event is in the dead-letter queue or at the failure destination, if there is one.",
        )
        .source("Our own: Lambda developer guide, asynchronous invocation metrics; each is work undone."),
    alarm("Function.Concurrency", &[&FUNCTION], &[one("ConcurrentExecutions", "Maximum")])
        .only(HAS_RESERVE)
        .above(share(90, "ReservedConcurrentExecutions", 1.0, None), Unit::Count)
        .of(10, 10, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The function has used more than {threshold} of its reserved concurrency for ten minutes; at the limit it is throttled.",
            "Look at whether invocations became longer or more; then raise ReservedConcurrentExecutions.",
        )
        .source("AWS recommends ConcurrentExecutions Maximum, 10 of 10, at 90 % of the quota; here of the function's own; not of 1, which is always used up."),
    alarm("Function.DeadLetterErrors", &[&FUNCTION], &[one("DeadLetterErrors", "Sum")])
        .only(HAS_DEAD_LETTER)
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "An event that the function could not handle could not be sent to the dead-letter queue either: it is lost.",
            "Look at the function role's permission to send there, and at the queue's policy and KMS key.",
        )
        .source("Our own: Lambda developer guide, DeadLetterErrors; each is a lost event."),
    alarm("Function.DestinationFailures", &[&SENDER], &[one("DestinationDeliveryFailures", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .is(Severity::Critical, Profile::Standard)
        .says(
            "Lambda could not deliver the result of an invocation to its destination.",
            "Look at the function role's permission for the destination, and whether the destination exists.",
        )
        .source("Our own: Lambda developer guide, DestinationDeliveryFailures; each is a lost result."),
    alarm("Function.DurableFailures", &[&FUNCTION], &[one("DurableExecutionFailed", "Sum")])
        .only(Test::Has("DurableConfig"))
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "A durable execution of the function has failed: its work is not done.",
            "Open the execution's history in the console: which step failed for good, and with which error?",
        )
        .source("Our own, as for state machines: DurableExecutionFailed Sum; an execution that failed after its retries is work undone."),
    alarm("Function.DurableTimeouts", &[&FUNCTION], &[one("DurableExecutionTimedOut", "Sum")])
        .only(Test::Has("DurableConfig"))
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "A durable execution of the function has run into its ExecutionTimeout: its work is not done.",
            "Open the execution's history in the console: what does it wait for, a callback, a timer or another function?",
        )
        .source("Our own, as for state machines: DurableExecutionTimedOut Sum."),
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
    alarm("Function.IteratorAge", &[&STREAM_READER], &[one("IteratorAge", "Maximum")])
        .above(number(600_000.0), Unit::Milliseconds)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "The function is more than {threshold} behind its stream: ten minutes; records that are not read in time are lost.",
            "Look at errors (a bad record blocks its shard), duration and the batch size; raise the parallelization factor.",
        )
        .source("Our own: IteratorAge Maximum, 5 of 5; above the longest batch window (5 min), far below a stream's retention (24 h)."),
    alarm("Function.MemoryUtilization", &[&INSIGHTS_FUNCTION], &[one("memory_utilization", "Average")])
        .above(number(90.0), Unit::Percent)
        .of(10, 10, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The function has used more than {threshold} of its memory for ten minutes; above all of it, invocations are killed.",
            "Look for what grows from one invocation to the next, or raise MemorySize.",
        )
        .source("AWS recommends memory_utilization of Lambda Insights Average > 90, 10 of 10."),
    alarm("Function.OffsetLag", &[&KAFKA_READER], &[one("OffsetLag", "Maximum")])
        .above(Threshold::Yours, Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "The function is more than {threshold} records behind its Kafka topic.",
            "Look at the function's errors and duration, the batch size, and the number of partitions.",
        )
        .source("Lambda developer guide, OffsetLag: records that the function's consumer group has not read; how many a topic has in a minute differs."),
    alarm("Function.RecursiveDrops", &[&FUNCTION], &[one("RecursiveInvocationsDropped", "Sum")])
        .only(is_by_default!("RecursiveLoop", "Terminate"))
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "Lambda has stopped this function from calling itself in a loop.",
            "Look at where the function writes: a queue, topic or bucket that invokes it again.",
        )
        .source("Our own: Lambda developer guide, RecursiveInvocationsDropped; any is a loop."),
    alarm("Function.Throttles", &[&FUNCTION], &[metric("t", "Throttles", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Essential)
        .says("Invocations have been throttled in each of the last five minutes.", "Look at ConcurrentExecutions against the function's reserved concurrency and the account's quota.")
        .source("AWS recommends Throttles Sum at a number greater than 0, 5 of 5."),
    alarm("FunctionUrl.UrlClientErrorRate", &[&URL_FUNCTION], &[metric("e", "Url4xxCount", "Sum"), metric("c", "UrlRequestCount", "Sum")])
        .gated("IF(e >= {min}, 100 * e / c, 0)", 5)
        .above(number(15.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "More than {threshold} of the requests to the function's URL are answered with a 4xx error, and at least {min} {per}.",
            "Look at who calls: 403 is authorisation, 429 the function's concurrency, others are the function's own.",
        )
        .source("Our own, as for APIs: Url4xxCount in UrlRequestCount, gated, 5 of 5."),
    alarm("FunctionUrl.UrlLatencyP99", &[&URL_FUNCTION], &[
            metric("l", "UrlRequestLatency", "p99"),
            metric("r", "UrlRequestLatency", "PR(:{threshold})"),
            metric("n", "UrlRequestLatency", "SampleCount"),
        ])
        .gated("IF((100 - r) * n / 100 > {gate}, l, 0)", 10)
        // A streamed answer takes as long as it has something to say.
        .only(is_by_default!("InvokeMode", "BUFFERED"))
        .above(number(5000.0), Unit::Milliseconds)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "One request in a hundred to the function's URL takes longer than {threshold}, and at least {min} {per} do.",
            "Find the slow part in a trace or the log; look at cold starts.",
        )
        .source("Our own, as for APIs: UrlRequestLatency p99, gated on slow requests, 3 of 5."),
    alarm("FunctionUrl.UrlServerErrorRate", &[&URL_FUNCTION], &[metric("e", "Url5xxCount", "Sum"), metric("c", "UrlRequestCount", "Sum")])
        .gated("IF(e >= {min}, 100 * e / c, 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "More than {threshold} of the requests to the function's URL fail with a 5xx error, and at least {min} {per}.",
            "Look at the function's log for the exception, a timeout, or an answer of the wrong form.",
        )
        .source("Our own, as for APIs: Url5xxCount in UrlRequestCount, gated, 3 of 5."),
];
