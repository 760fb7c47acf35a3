//! Amazon CloudFront: distributions, and functions at the edge. All metrics are in one region, whatever region a stack is in.

use crate::catalogue::build::{alarm, metric, number, one};
use crate::catalogue::kind::{Kind, by_id, by_property, fixed, found};
use crate::catalogue::spec::{AlarmSpec, MetricUse, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::Test;

const NAMESPACE: &str = "AWS/CloudFront";

/// A distribution.
pub(crate) static DISTRIBUTION: Kind = Kind::new(
    "CloudFront distribution",
    "CloudFront distributions",
    &["Distribution"],
    NAMESPACE,
    &["AWS::CloudFront::Distribution"],
    &[by_id("DistributionId"), fixed("Region", "Global")],
)
.only_in("us-east-1");

/// A distribution with additional metrics, which cost money: the subscription is the resource that switches them on.
pub(crate) static SUBSCRIPTION: Kind = Kind::new(
    "CloudFront distribution with additional metrics",
    "CloudFront distributions with additional metrics",
    &["Distribution"],
    NAMESPACE,
    &["AWS::CloudFront::MonitoringSubscription"],
    &[by_property("DistributionId", "DistributionId"), fixed("Region", "Global")],
)
.only(Test::Is(
    "MonitoringSubscription.RealtimeMetricsSubscriptionConfig.RealtimeMetricsSubscriptionStatus",
    &["Enabled"],
))
.only_in("us-east-1");

/// A CloudFront function in a distribution.
pub(crate) static EDGE_FUNCTION: Kind = Kind::new(
    "CloudFront function",
    "CloudFront functions",
    &["EdgeFunction"],
    NAMESPACE,
    &["AWS::CloudFront::Distribution"],
    &[by_id("DistributionId"), found("FunctionName"), fixed("Region", "Global")],
)
.only_in("us-east-1")
.found_by_code();

const REQUESTS: MetricUse = metric("c", "Requests", "Sum");

/// The rate, or 0 while fewer than `{min}` requests of the period failed: CloudFront counts requests, and gives errors as a percentage of them.
const RATE: &str = "IF(p * c / 100 > {gate}, p, 0)";

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&DISTRIBUTION, &SUBSCRIPTION, &EDGE_FUNCTION];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("Distribution.CacheHitRate", &[&SUBSCRIPTION], &[one("CacheHitRate", "Average")])
        .below(Threshold::Yours, Unit::Percent)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "Less than {threshold} of the cacheable requests have been served from the cache for 15 minutes; the origin takes the rest.",
            "Look for a change of cache policies, of headers such as Cache-Control, or of query strings; or an invalidation.",
        )
        .source("CloudFront developer guide, CacheHitRate, an additional metric; what is normal depends on the content."),
    alarm("Distribution.ClientErrorRate", &[&DISTRIBUTION], &[metric("p", "4xxErrorRate", "Average"), REQUESTS])
        .gated(RATE, 20)
        .above(Threshold::Yours, Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "More than {threshold} of the requests are answered with a 4xx error, and at least {min} {per}.",
            "Look at the access log for codes and paths: a missing object, a changed path, a blocked country, or a scanner.",
        )
        .source("Our own; sites are scanned for pages that do not exist, so no number fits everybody."),
    alarm("Distribution.OriginLatencyP90", &[&SUBSCRIPTION], &[one("OriginLatency", "p90")])
        .above(Threshold::Yours, Unit::Milliseconds)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "One request in ten to the origin has waited longer than {threshold} for its first byte, for five minutes.",
            "Look at the origin: its own latency, load and errors; then at the network between.",
        )
        .source("AWS recommends OriginLatency p90, 5 of 5, below the origin's time-out, number by situation; an additional metric."),
    alarm("Distribution.ServerErrorRate", &[&DISTRIBUTION], &[metric("p", "5xxErrorRate", "Average"), REQUESTS])
        .gated(RATE, 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "More than {threshold} of the requests are answered with a 5xx error, and at least {min} {per}.",
            "Look at the origin first: 502 and 504 mean that CloudFront cannot reach it or that it is slow; else at functions at the edge.",
        )
        .source("AWS recommends 5xxErrorRate Average, 5 of 5, number by situation; 5 % as for APIs, gated on failures, 3 of 5."),
    alarm("EdgeFunction.ExecutionErrors", &[&EDGE_FUNCTION], &[one("FunctionExecutionErrors", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Standard)
        .says(
            "The CloudFront function has failed in each of the last five minutes; those requests get an error.",
            "Read the function's log in us-east-1, then test the event that fails in the CloudFront console.",
        )
        .source("AWS recommends FunctionExecutionErrors Sum > 0, 5 of 5."),
    alarm("EdgeFunction.Throttles", &[&EDGE_FUNCTION], &[one("FunctionThrottles", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Standard)
        .says(
            "The CloudFront function has been throttled in each of the last five minutes, because it computes too long.",
            "Look at FunctionComputeUtilization: make the function do less, or leave paths out that do not need it.",
        )
        .source("AWS recommends FunctionThrottles Sum > 0, 5 of 5."),
    alarm("EdgeFunction.ValidationErrors", &[&EDGE_FUNCTION], &[one("FunctionValidationErrors", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(2, 2, 60)
        .is(Severity::Critical, Profile::Standard)
        .says(
            "The CloudFront function returns what CloudFront cannot use; those requests get an error.",
            "Test the function in the CloudFront console: a header in capitals, or a status or body of the wrong type.",
        )
        .source("AWS recommends FunctionValidationErrors Sum > 0, 2 of 2."),
];
