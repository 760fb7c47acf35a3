//! Amazon API Gateway: REST, HTTP and WebSocket APIs, by stage and by method.
//!
//! Deviations from AWS's recommended alarms (page "Best practice alarm recommendations" of the CloudWatch user guide), all for one reason, that one
//! odd request must not wake anybody while a sustained failure of a quiet API must: rates are gated on a number of failures, evaluated M of N, and
//! missing data is not breaching. `FILL` is not used: a late data point that was filled can hold an alarm in its state.

use crate::catalogue::build::{alarm, metric, number, one};
use crate::catalogue::kind::{Dimension, Kind, found};
use crate::catalogue::spec::{AlarmSpec, MetricUse, Missing, Profile, Severity, Threshold, Unit};

const NAMESPACE: &str = "AWS/ApiGateway";
const REST_STAGE_DIMENSIONS: &[Dimension] = &[found("ApiName"), found("Stage")];
const REST_METHOD_DIMENSIONS: &[Dimension] = &[found("ApiName"), found("Stage"), found("Resource"), found("Method")];
const STAGE_DIMENSIONS: &[Dimension] = &[found("ApiId"), found("Stage")];
const HTTP_ROUTE_DIMENSIONS: &[Dimension] = &[found("ApiId"), found("Stage"), found("Resource"), found("Method")];
const WEBSOCKET_ROUTE_DIMENSIONS: &[Dimension] = &[found("ApiId"), found("Stage"), found("Route")];

/// HTTP APIs have other names for two metrics. Source: API Gateway developer guide, "Working with metrics for HTTP APIs".
const HTTP_NAMES: &[(&str, &str)] = &[("4XXError", "4xx"), ("5XXError", "5xx")];

/// A stage of a REST API.
pub(crate) static REST_STAGE: Kind = Kind::new(
    "REST stage",
    "stages of REST APIs",
    &["Api", "Stage"],
    NAMESPACE,
    &["AWS::ApiGateway::Stage", "AWS::ApiGateway::Deployment", "AWS::Serverless::Api"],
    REST_STAGE_DIMENSIONS,
)
.found_by_code();

/// A method of a REST API in a stage. Its metrics exist only with detailed metrics switched on.
pub(crate) static REST_METHOD: Kind = Kind::new(
    "REST method",
    "methods of REST APIs",
    &["Api"],
    NAMESPACE,
    &[
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGateway::Method",
        "AWS::Serverless::Api",
        "AWS::Serverless::Function",
        "AWS::Serverless::StateMachine",
    ],
    REST_METHOD_DIMENSIONS,
)
.found_by_code();

/// A stage of an HTTP API.
pub(crate) static HTTP_STAGE: Kind = Kind::new(
    "HTTP stage",
    "stages of HTTP APIs",
    &["Api", "Stage"],
    NAMESPACE,
    &["AWS::ApiGatewayV2::Stage", "AWS::ApiGatewayV2::Api", "AWS::Serverless::HttpApi"],
    STAGE_DIMENSIONS,
)
.renaming(HTTP_NAMES)
.found_by_code();

/// A route of an HTTP API in a stage. Its metrics exist only with detailed metrics switched on.
pub(crate) static HTTP_ROUTE: Kind = Kind::new(
    "HTTP route",
    "routes of HTTP APIs",
    &["Api"],
    NAMESPACE,
    &["AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Route", "AWS::Serverless::HttpApi", "AWS::Serverless::Function"],
    HTTP_ROUTE_DIMENSIONS,
)
.renaming(HTTP_NAMES)
.found_by_code();

/// A stage of a WebSocket API.
pub(crate) static WEBSOCKET_STAGE: Kind = Kind::new(
    "WebSocket stage",
    "stages of WebSocket APIs",
    &["WebSocket", "Stage"],
    NAMESPACE,
    &["AWS::ApiGatewayV2::Stage", "AWS::Serverless::WebSocketApi"],
    STAGE_DIMENSIONS,
)
.found_by_code();

/// A route of a WebSocket API in a stage. Its metrics exist only with detailed metrics switched on.
pub(crate) static WEBSOCKET_ROUTE: Kind = Kind::new(
    "WebSocket route",
    "routes of WebSocket APIs",
    &["WebSocket"],
    NAMESPACE,
    &["AWS::ApiGatewayV2::Route", "AWS::Serverless::WebSocketApi"],
    WEBSOCKET_ROUTE_DIMENSIONS,
)
.found_by_code();

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] =
    &[&REST_STAGE, &REST_METHOD, &HTTP_STAGE, &HTTP_ROUTE, &WEBSOCKET_STAGE, &WEBSOCKET_ROUTE];

const API: &[&Kind] = &[&REST_STAGE, &REST_METHOD, &HTTP_STAGE, &HTTP_ROUTE];
const WEBSOCKET: &[&Kind] = &[&WEBSOCKET_STAGE, &WEBSOCKET_ROUTE];

const REQUESTS: MetricUse = metric("c", "Count", "SampleCount");
const SERVER_ERRORS: MetricUse = metric("s", "5XXError", "Sum");
const CLIENT_ERRORS: MetricUse = metric("e", "4XXError", "Sum");
const LATENCY_SAMPLES: MetricUse = metric("n", "Latency", "SampleCount");
const LATENCY_RANK: MetricUse = metric("r", "Latency", "PR(:{threshold})");

/// The percentile, or 0 while fewer than `{min}` requests of the period were slower than the threshold. `{gate}` is `{min}` less one half,
/// because the product is a count only up to the rounding of the percentile rank.
const SLOW_REQUESTS: &str = "IF((100 - r) * n / 100 > {gate}, l, 0)";

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("Api.ClientErrorRate", API, &[CLIENT_ERRORS, REQUESTS])
        .gated("IF(e >= {min}, 100 * e / c, 0)", 5)
        .above(number(15.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says("More than {threshold} of the requests are answered with a 4xx error, and at least {min} {per}.", "Look at the access log for the status codes: 401 or 403 point to authorisation, 404 to a client or route change, 429 to throttling.")
        .source("AWS recommends 4XXError Average > 0.05, 5 of 5; higher and gated, because clients make mistakes."),
    alarm("Api.LatencyP95", API, &[metric("l", "Latency", "p95"), LATENCY_RANK, LATENCY_SAMPLES])
        .gated(SLOW_REQUESTS, 8)
        .above(number(2500.0), Unit::Milliseconds)
        .of(2, 2, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("One request in twenty takes longer than {threshold}, and at least {min} {per} do.", "Compare Latency with IntegrationLatency: if both rise, the backend is slow; then look at its duration and its dependencies.")
        .source("AWS recommends Latency p90 >= 2500 ms, 5 of 5; p95 over five minutes, gated on slow requests."),
    alarm("Api.LatencyP99", API, &[metric("l", "Latency", "p99"), LATENCY_RANK, LATENCY_SAMPLES])
        .gated(SLOW_REQUESTS, 10)
        .above(number(5000.0), Unit::Milliseconds)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("One request in a hundred takes longer than {threshold}, and at least {min} {per} do.", "Compare Latency with IntegrationLatency: if both rise, the backend is slow; then look at its duration and its dependencies.")
        .source("AWS recommends Latency p90 >= 2500 ms, 5 of 5; p99 with twice the threshold for the tail, gated on slow requests."),
    alarm("Api.RequestsLow", API, &[one("Count", "SampleCount")])
        .below(Threshold::Yours, Unit::Count)
        .of(10, 10, 60)
        .missing(Missing::Breaching)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "Fewer than {threshold} requests {per} have arrived for ten minutes.",
            "Look at what stands before the API: DNS, the domain's certificate, WAF, clients.",
        )
        .source("AWS recommends Count SampleCount, 10 of 10, missing data breaching, threshold from the API's history."),
    alarm("Api.ServerErrorRate", API, &[SERVER_ERRORS, REQUESTS])
        .gated("IF(s >= {min}, 100 * s / c, 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("More than {threshold} of the requests fail with a 5xx error, and at least {min} {per}.", "Look at the backend's errors and timeouts: the function's log, its throttles, or the integration's own status codes.")
        .source("AWS recommends 5XXError Average > 0.05, 3 of 3; the same rate, gated, 3 of 5."),
    alarm("Api.SuccessRate", API, &[SERVER_ERRORS, CLIENT_ERRORS, REQUESTS])
        // A quiet API that is down: two requests in the period, and both failed with 5xx.
        .gated("IF(s + e >= {min}, 100 * (c - s - e) / c, IF(2 * s - c >= 2, 0, 100))", 3)
        .below(number(85.0), Unit::Percent)
        .of(2, 2, 300)
        .is(Severity::Critical, Profile::Standard)
        .says("Fewer than {threshold} of the requests succeed, and at least {min} {per} fail, or both of two.", "Look at the access log: are the failures 5xx (the backend) or 4xx (clients, authorisation, throttling)?")
        .source("Our own: neither 4xx nor 5xx, over five minutes, so that a quiet API that is down is noticed."),
    alarm("WebSocket.ClientErrorRate", WEBSOCKET, &[metric("e", "ClientError", "Sum"), metric("a", "ClientError", "Average")])
        .gated("IF(e >= {min}, 100 * a, 0)", 5)
        .above(number(15.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says("More than {threshold} of the messages are refused with a 4xx error before the integration is called, and at least {min} {per}.", "Look at the route selection and the authoriser: unknown routes and refused connections are counted here.")
        .source("AWS recommends ClientError Average > 0.05, 5 of 5; higher and gated, because clients make mistakes."),
    alarm("WebSocket.ExecutionErrorRate", WEBSOCKET, &[metric("s", "ExecutionError", "Sum"), metric("a", "ExecutionError", "Average")])
        .gated("IF(s >= {min}, 100 * a, 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("More than {threshold} of the messages fail while API Gateway calls the integration, and at least {min} {per}.", "Look at the integration's permissions and throttles, then at the API's execution log.")
        .source("AWS recommends ExecutionError Average > 0.05, 3 of 3; the same rate, gated, 3 of 5."),
    alarm("WebSocket.IntegrationErrorRate", WEBSOCKET, &[metric("s", "IntegrationError", "Sum"), metric("a", "IntegrationError", "Average")])
        .gated("IF(s >= {min}, 100 * a, 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("More than {threshold} of the messages get an error from the integration, and at least {min} {per}.", "Look at the log of the function or service behind the route.")
        .source("Our own, like ExecutionErrorRate: AWS recommends nothing for IntegrationError."),
    alarm("WebSocket.IntegrationLatencyP99", WEBSOCKET, &[
            metric("l", "IntegrationLatency", "p99"),
            metric("r", "IntegrationLatency", "PR(:{threshold})"),
            metric("n", "IntegrationLatency", "SampleCount"),
        ])
        .gated(SLOW_REQUESTS, 10)
        .above(number(5000.0), Unit::Milliseconds)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says("One message in a hundred waits longer than {threshold} for the integration, and at least {min} {per} do.", "Look at the duration of the function or service behind the route and at its dependencies.")
        .source("AWS recommends IntegrationLatency p90 >= 2000 ms, 5 of 5; the tail, gated on slow messages."),
    alarm("WebSocket.MessagesLow", WEBSOCKET, &[one("MessageCount", "SampleCount")])
        .below(Threshold::Yours, Unit::Count)
        .of(10, 10, 60)
        .missing(Missing::Breaching)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "Fewer than {threshold} messages {per} have arrived for ten minutes.",
            "Look at whether clients can connect: DNS, the domain's certificate, the authoriser.",
        )
        .source("AWS recommends MessageCount SampleCount, 10 of 10, missing data breaching, threshold from the API's history."),
];
