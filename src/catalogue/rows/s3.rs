//! Amazon S3: requests by filter, replication by rule, Object Lambda.

use crate::catalogue::build::{alarm, metric, number, one};
use crate::catalogue::kind::{Kind, by_ref, found};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::{Need, Test};

/// A bucket and one of its request metrics configurations.
pub(crate) static BUCKET_FILTER: Kind = Kind::new(
    "bucket with request metrics",
    "buckets with request metrics",
    &["Bucket"],
    "AWS/S3",
    &["AWS::S3::Bucket"],
    &[by_ref("BucketName", "BucketName"), found("FilterId")],
)
.found_by_code();

/// A replication rule with metrics.
pub(crate) static REPLICATION: Kind = Kind::new(
    "bucket replication",
    "bucket replications",
    &["Bucket", "BucketReplication"],
    "AWS/S3",
    &["AWS::S3::Bucket"],
    &[by_ref("SourceBucket", "BucketName"), found("DestinationBucket"), found("RuleId")],
)
.found_by_code();

/// An Object Lambda access point.
pub(crate) static OBJECT_LAMBDA: Kind = Kind::new(
    "Object Lambda access point",
    "Object Lambda access points",
    &["ObjectLambda"],
    "AWS/S3ObjectLambda",
    &["AWS::S3ObjectLambda::AccessPoint"],
    &[by_ref("AccessPointName", "Name"), found("DataSourceARN")],
)
.found_by_code();

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&BUCKET_FILTER, &REPLICATION, &OBJECT_LAMBDA];

const REQUEST_METRICS: Need = Need {
    on: Test::Has("MetricsConfigurations"),
    fix: None,
    help: "Add MetricsConfigurations: [{Id: EntireBucket}] to the bucket; CloudWatch bills request metrics as custom metrics.",
};
const OBJECT_LAMBDA_METRICS: Need = Need {
    on: Test::Is("ObjectLambdaConfiguration.CloudWatchMetricsEnabled", &["true"]),
    fix: None,
    help: "Add CloudWatchMetricsEnabled: true to ObjectLambdaConfiguration; CloudWatch bills the metrics as custom metrics.",
};

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("Bucket.ClientErrorRate", &[&BUCKET_FILTER], &[metric("e", "4xxErrors", "Sum"), metric("r", "4xxErrors", "Average")])
        .gated("IF(e >= {min}, 100 * r, 0)", 20)
        .needs(REQUEST_METRICS)
        .above(number(5.0), Unit::Percent)
        .of(15, 15, 60)
        .says("S3 refuses more than {threshold} of the requests to this bucket (at least {min} a minute): objects not found, or access denied.", "Look at the server access log or CloudTrail data events for the key and the caller.")
        .source("AWS recommends 4xxErrors Average above 0.05, 15 of 15; the gate is ours."),
    alarm("Bucket.FirstByteLatency", &[&BUCKET_FILTER], &[one("FirstByteLatency", "p99")])
        .needs(REQUEST_METRICS)
        .above(Threshold::Yours, Unit::Milliseconds)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("One request in a hundred waits more than {threshold} for S3's first byte.", "Look at the rate of requests by prefix and at 503 answers.")
        .source("Our own: Amazon S3 metrics and dimensions; what is slow depends on the application."),
    alarm("Bucket.RequestLatency", &[&BUCKET_FILTER], &[one("TotalRequestLatency", "p99")])
        .needs(REQUEST_METRICS)
        .above(Threshold::Yours, Unit::Milliseconds)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("One request in a hundred takes more than {threshold}, transfer included.", "Look at object sizes, at the clients' network, and at the rate of requests by prefix.")
        .source("Our own: Amazon S3 metrics and dimensions; how long a request takes depends on the objects."),
    alarm("Bucket.ServerErrorRate", &[&BUCKET_FILTER], &[metric("e", "5xxErrors", "Sum"), metric("r", "5xxErrors", "Average")])
        .gated("IF(e >= {min}, 100 * r, 0)", 5)
        .needs(REQUEST_METRICS)
        .above(number(5.0), Unit::Percent)
        .of(15, 15, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("S3 fails more than {threshold} of the requests to this bucket (at least {min} a minute): errors, or 503 Slow Down.", "Look at the rate of requests by prefix: S3 scales gradually. Then at the AWS Health Dashboard.")
        .source("AWS recommends 5xxErrors Average above 0.05, 15 of 15; the gate is ours."),
    alarm("BucketReplication.ReplicationFailures", &[&REPLICATION], &[one("OperationsFailedReplication", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .is(Severity::Warning, Profile::Essential)
        .says("An object could not be replicated, and S3 does not try again.", "Check the replication role, both KMS keys and the destination's policy; then run S3 Batch Replication.")
        .source("AWS recommends OperationsFailedReplication Maximum above 0, 5 of 5; one object is one too many, and without traffic there is no data."),
    alarm("ObjectLambda.ClientErrorRate", &[&OBJECT_LAMBDA], &[metric("m", "4xxErrors", "Average")])
        .math("100 * m")
        .needs(OBJECT_LAMBDA_METRICS)
        .above(number(5.0), Unit::Percent)
        .of(15, 15, 60)
        .says("More than {threshold} of the requests to this access point are refused.", "Look at CloudTrail for the callers; check the access point's policy and the function's.")
        .source("AWS recommends 4xxErrors Average above 0.05, 15 of 15."),
    alarm("ObjectLambda.FunctionErrorRate", &[&OBJECT_LAMBDA], &[metric("m", "LambdaResponse4xx", "Average")])
        .math("100 * m")
        .needs(OBJECT_LAMBDA_METRICS)
        .above(number(5.0), Unit::Percent)
        .of(15, 15, 60)
        .says("The access point's function answers more than {threshold} of the requests with an error.", "Read the function's log for the errors that it returned.")
        .source("AWS recommends LambdaResponse4xx Average above 0.05, 15 of 15."),
    alarm("ObjectLambda.ServerErrorRate", &[&OBJECT_LAMBDA], &[metric("m", "5xxErrors", "Average")])
        .math("100 * m")
        .needs(OBJECT_LAMBDA_METRICS)
        .above(number(5.0), Unit::Percent)
        .of(15, 15, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("More than {threshold} of the requests to this access point fail.", "Look at the function: errors, timeouts, throttles. Then at the AWS Health Dashboard.")
        .source("AWS recommends 5xxErrors Average above 0.05, 15 of 15."),
];
