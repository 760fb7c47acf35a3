//! The rows. Sorted by id; checked by the tests below and by `tests/catalogue.rs`.
//!
//! Deviations from AWS's recommended alarms (page "Best practice alarm recommendations" of the CloudWatch user guide), all for one reason, that one
//! odd request must not wake anybody while a sustained failure of a quiet API must: rates are gated on a number of failures, evaluated M of N, and
//! missing data is not breaching. `FILL` is not used: a late data point that was filled can hold an alarm in its state.

use super::kind::Kind;
use super::spec::{AlarmSpec, Comparison, MetricUse, Missing, Profile, Severity, Threshold, Unit, Window};

const API: &[Kind] = &[Kind::RestStage, Kind::RestMethod, Kind::HttpStage, Kind::HttpRoute];
const WEBSOCKET: &[Kind] = &[Kind::WebSocketStage, Kind::WebSocketRoute];
const FUNCTION: &[Kind] = &[Kind::Function];

const fn metric(id: &'static str, name: &'static str, stat: &'static str) -> MetricUse {
    MetricUse { id, name, stat }
}

const REQUESTS: MetricUse = metric("c", "Count", "SampleCount");
const SERVER_ERRORS: MetricUse = metric("s", "5XXError", "Sum");
const CLIENT_ERRORS: MetricUse = metric("e", "4XXError", "Sum");
const LATENCY_SAMPLES: MetricUse = metric("n", "Latency", "SampleCount");
const LATENCY_RANK: MetricUse = metric("r", "Latency", "PR(:{threshold})");

/// The percentile, or 0 while fewer than `{min}` requests of the period were slower than the threshold. `{gate}` is `{min}` less one half,
/// because the product is a count only up to the rounding of the percentile rank.
const SLOW_REQUESTS: &str = "IF((100 - r) * n / 100 > {gate}, l, 0)";

/// All alarms that Toprail knows.
pub static ALARMS: &[AlarmSpec] = &[
    AlarmSpec {
        id: "Api.ClientErrorRate",
        on: API,
        metrics: &[CLIENT_ERRORS, REQUESTS],
        expression: Some("IF(e >= {min}, 100 * e / c, 0)"),
        comparison: Comparison::Above,
        threshold: Threshold::Number(15.0),
        unit: Unit::Percent,
        window: Window::new(60, 5, 5),
        min_samples: Some(5),
        missing: Missing::NotBreaching,
        severity: Severity::Warning,
        profile: Profile::Standard,
        what: "More than {threshold} of the requests are answered with a 4xx error, and at least {min} {per}.",
        look: "Look at the access log for the status codes: 401 or 403 point to authorisation, 404 to a client or route change, 429 to throttling.",
        source: "AWS recommends 4XXError Average > 0.05, 5 of 5; higher and gated, because clients make mistakes.",
    },
    AlarmSpec {
        id: "Api.LatencyP95",
        on: API,
        metrics: &[metric("l", "Latency", "p95"), LATENCY_RANK, LATENCY_SAMPLES],
        expression: Some(SLOW_REQUESTS),
        comparison: Comparison::Above,
        threshold: Threshold::Number(2500.0),
        unit: Unit::Milliseconds,
        window: Window::new(300, 2, 2),
        min_samples: Some(8),
        missing: Missing::NotBreaching,
        severity: Severity::Warning,
        profile: Profile::Standard,
        what: "One request in twenty takes longer than {threshold}, and at least {min} {per} do.",
        look: "Compare Latency with IntegrationLatency: if both rise, the backend is slow; then look at its duration and its dependencies.",
        source: "AWS recommends Latency p90 >= 2500 ms, 5 of 5; p95 over five minutes, gated on slow requests.",
    },
    AlarmSpec {
        id: "Api.LatencyP99",
        on: API,
        metrics: &[metric("l", "Latency", "p99"), LATENCY_RANK, LATENCY_SAMPLES],
        expression: Some(SLOW_REQUESTS),
        comparison: Comparison::Above,
        threshold: Threshold::Number(5000.0),
        unit: Unit::Milliseconds,
        window: Window::new(60, 3, 5),
        min_samples: Some(10),
        missing: Missing::NotBreaching,
        severity: Severity::Critical,
        profile: Profile::Essential,
        what: "One request in a hundred takes longer than {threshold}, and at least {min} {per} do.",
        look: "Compare Latency with IntegrationLatency: if both rise, the backend is slow; then look at its duration and its dependencies.",
        source: "AWS recommends Latency p90 >= 2500 ms, 5 of 5; p99 with twice the threshold for the tail, gated on slow requests.",
    },
    AlarmSpec {
        id: "Api.ServerErrorRate",
        on: API,
        metrics: &[SERVER_ERRORS, REQUESTS],
        expression: Some("IF(s >= {min}, 100 * s / c, 0)"),
        comparison: Comparison::Above,
        threshold: Threshold::Number(5.0),
        unit: Unit::Percent,
        window: Window::new(60, 3, 5),
        min_samples: Some(3),
        missing: Missing::NotBreaching,
        severity: Severity::Critical,
        profile: Profile::Essential,
        what: "More than {threshold} of the requests fail with a 5xx error, and at least {min} {per}.",
        look: "Look at the backend's errors and timeouts: the function's log, its throttles, or the integration's own status codes.",
        source: "AWS recommends 5XXError Average > 0.05, 3 of 3; the same rate, gated, 3 of 5.",
    },
    AlarmSpec {
        id: "Api.SuccessRate",
        on: API,
        metrics: &[SERVER_ERRORS, CLIENT_ERRORS, REQUESTS],
        // A quiet API that is down: two requests in the period, and both failed with 5xx.
        expression: Some("IF(s + e >= {min}, 100 * (c - s - e) / c, IF(2 * s - c >= 2, 0, 100))"),
        comparison: Comparison::Below,
        threshold: Threshold::Number(85.0),
        unit: Unit::Percent,
        window: Window::new(300, 2, 2),
        min_samples: Some(3),
        missing: Missing::NotBreaching,
        severity: Severity::Critical,
        profile: Profile::Standard,
        what: "Fewer than {threshold} of the requests succeed, and at least {min} {per} fail, or both of two.",
        look: "Look at the access log: are the failures 5xx (the backend) or 4xx (clients, authorisation, throttling)?",
        source: "Our own: neither 4xx nor 5xx, over five minutes, so that a quiet API that is down is noticed.",
    },
    AlarmSpec {
        id: "Function.Duration",
        on: FUNCTION,
        metrics: &[
            metric("d", "Duration", "p95"),
            metric("r", "Duration", "PR(:{threshold})"),
            metric("n", "Duration", "SampleCount"),
        ],
        // At least {min} slow invocations, or all of a quiet function.
        expression: Some("IF((100 - r) * n / 100 > {gate}, d, IF(r <= 0, d, 0))"),
        comparison: Comparison::Above,
        threshold: Threshold::PercentOfSeconds { property: "Timeout", percent: 90, absent: 3 },
        unit: Unit::Milliseconds,
        window: Window::new(300, 3, 3),
        min_samples: Some(3),
        missing: Missing::NotBreaching,
        severity: Severity::Warning,
        profile: Profile::Standard,
        what: "One invocation in twenty takes longer than {threshold}, close to the function's timeout, and at least {min} {per} do, or all.",
        look: "Find the slow part in a trace or the log; a timeout is counted as an error and the work is lost or repeated.",
        source: "AWS recommends Duration p90 below the timeout, 15 of 15; p95 against 90 % of it, gated, over 15 minutes.",
    },
    AlarmSpec {
        id: "Function.ErrorRate",
        on: FUNCTION,
        metrics: &[metric("e", "Errors", "Sum"), metric("i", "Invocations", "Sum")],
        // At least {min} errors, or all invocations of a quiet function.
        expression: Some("IF(e >= {min}, 100 * e / i, IF(2 * e - i >= 1, 100, 0))"),
        comparison: Comparison::Above,
        threshold: Threshold::Number(5.0),
        unit: Unit::Percent,
        window: Window::new(60, 6, 15),
        min_samples: Some(2),
        missing: Missing::NotBreaching,
        severity: Severity::Critical,
        profile: Profile::Essential,
        what: "More than {threshold} of the invocations fail in 6 of 15 minutes, and at least {min} {per}, or all.",
        look: "Look at the function's log for the exception, a timeout, or out of memory.",
        source: "AWS recommends Errors Sum above a number greater than 0, 3 of 3; a rate, gated, 6 of 15.",
    },
    AlarmSpec {
        id: "Function.Throttles",
        on: FUNCTION,
        metrics: &[metric("t", "Throttles", "Sum")],
        expression: None,
        comparison: Comparison::Above,
        threshold: Threshold::Number(0.0),
        unit: Unit::Count,
        window: Window::new(60, 5, 5),
        min_samples: None,
        missing: Missing::NotBreaching,
        severity: Severity::Warning,
        profile: Profile::Essential,
        what: "Invocations have been throttled in each of the last five minutes.",
        look: "Look at ConcurrentExecutions against the function's reserved concurrency and the account's quota.",
        source: "AWS recommends Throttles Sum at a number greater than 0, 5 of 5.",
    },
    AlarmSpec {
        id: "WebSocket.ClientErrorRate",
        on: WEBSOCKET,
        metrics: &[metric("e", "ClientError", "Sum"), metric("a", "ClientError", "Average")],
        expression: Some("IF(e >= {min}, 100 * a, 0)"),
        comparison: Comparison::Above,
        threshold: Threshold::Number(15.0),
        unit: Unit::Percent,
        window: Window::new(60, 5, 5),
        min_samples: Some(5),
        missing: Missing::NotBreaching,
        severity: Severity::Warning,
        profile: Profile::Standard,
        what: "More than {threshold} of the messages are refused with a 4xx error before the integration is called, and at least {min} {per}.",
        look: "Look at the route selection and the authoriser: unknown routes and refused connections are counted here.",
        source: "AWS recommends ClientError Average > 0.05, 5 of 5; higher and gated, because clients make mistakes.",
    },
    AlarmSpec {
        id: "WebSocket.ExecutionErrorRate",
        on: WEBSOCKET,
        metrics: &[metric("s", "ExecutionError", "Sum"), metric("a", "ExecutionError", "Average")],
        expression: Some("IF(s >= {min}, 100 * a, 0)"),
        comparison: Comparison::Above,
        threshold: Threshold::Number(5.0),
        unit: Unit::Percent,
        window: Window::new(60, 3, 5),
        min_samples: Some(3),
        missing: Missing::NotBreaching,
        severity: Severity::Critical,
        profile: Profile::Essential,
        what: "More than {threshold} of the messages fail while API Gateway calls the integration, and at least {min} {per}.",
        look: "Look at the integration's permissions and throttles, then at the API's execution log.",
        source: "AWS recommends ExecutionError Average > 0.05, 3 of 3; the same rate, gated, 3 of 5.",
    },
    AlarmSpec {
        id: "WebSocket.IntegrationErrorRate",
        on: WEBSOCKET,
        metrics: &[metric("s", "IntegrationError", "Sum"), metric("a", "IntegrationError", "Average")],
        expression: Some("IF(s >= {min}, 100 * a, 0)"),
        comparison: Comparison::Above,
        threshold: Threshold::Number(5.0),
        unit: Unit::Percent,
        window: Window::new(60, 3, 5),
        min_samples: Some(3),
        missing: Missing::NotBreaching,
        severity: Severity::Critical,
        profile: Profile::Essential,
        what: "More than {threshold} of the messages get an error from the integration, and at least {min} {per}.",
        look: "Look at the log of the function or service behind the route.",
        source: "Our own, like ExecutionErrorRate: AWS recommends nothing for IntegrationError.",
    },
    AlarmSpec {
        id: "WebSocket.IntegrationLatencyP99",
        on: WEBSOCKET,
        metrics: &[
            metric("l", "IntegrationLatency", "p99"),
            metric("r", "IntegrationLatency", "PR(:{threshold})"),
            metric("n", "IntegrationLatency", "SampleCount"),
        ],
        expression: Some(SLOW_REQUESTS),
        comparison: Comparison::Above,
        threshold: Threshold::Number(5000.0),
        unit: Unit::Milliseconds,
        window: Window::new(60, 3, 5),
        min_samples: Some(10),
        missing: Missing::NotBreaching,
        severity: Severity::Warning,
        profile: Profile::Standard,
        what: "One message in a hundred waits longer than {threshold} for the integration, and at least {min} {per} do.",
        look: "Look at the duration of the function or service behind the route and at its dependencies.",
        source: "AWS recommends IntegrationLatency p90 >= 2000 ms, 5 of 5; the tail, gated on slow messages.",
    },
];

/// The row with an id such as `Api.LatencyP99`.
pub fn alarm(id: &str) -> Option<&'static AlarmSpec> {
    ALARMS.iter().find(|row| row.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_unique_and_sorted() {
        assert!(ALARMS.is_sorted_by(|a, b| a.id < b.id));
    }

    #[test]
    fn every_row_can_be_evaluated_by_cloudwatch() {
        for row in ALARMS {
            let Window { period, datapoints, evaluation_periods } = row.window;
            assert!(period >= 60 && period % 60 == 0, "{}", row.id);
            assert!(datapoints >= 1 && datapoints <= evaluation_periods, "{}", row.id);
            assert!(period * evaluation_periods <= if period < 3600 { 86_400 } else { 604_800 }, "{}", row.id);
            assert!(row.metrics.len() <= 10 && !row.metrics.is_empty(), "{}", row.id);
            let expression = row.expression.unwrap_or_default();
            assert!(!expression.contains("FILL") && !expression.contains("SEARCH"), "{}", row.id);
            let is_gated = expression.contains("{min}") || expression.contains("{gate}");
            assert_eq!(is_gated, row.min_samples.is_some(), "{}", row.id);
            assert!(row.expression.is_some() || row.metrics.len() == 1, "{}", row.id);
        }
    }

    #[test]
    fn every_row_says_what_is_wrong_where_to_look_and_where_its_numbers_come_from() {
        for row in ALARMS {
            assert!(
                [row.what, row.look, row.source]
                    .iter()
                    .all(|text| text.len() > 30 && text.ends_with('.') || text.ends_with('?')),
                "{}",
                row.id
            );
        }
    }
}
