//! Amazon CloudWatch itself: log groups, what is forwarded from them, metric streams.

use crate::catalogue::build::{alarm, metric, number, one};
use crate::catalogue::kind::{Kind, by_ref, found};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::{Test, is_by_default};

/// A log group. One of the class `DELIVERY` takes no logs of applications.
pub(crate) static LOG_GROUP: Kind = Kind::new(
    "log group",
    "log groups",
    &["LogGroup"],
    "AWS/Logs",
    &["AWS::Logs::LogGroup"],
    &[by_ref("LogGroupName", "LogGroupName")],
)
.only(Test::Not(&Test::Is("LogGroupClass", &["DELIVERY"])));

/// A log group that subscriptions forward: one, however many filters it has.
pub(crate) static FORWARDED_LOG_GROUP: Kind = Kind::new(
    "forwarded log group",
    "forwarded log groups",
    &["LogSubscription"],
    "AWS/Logs",
    &["AWS::Logs::SubscriptionFilter"],
    &[found("LogGroupName")],
)
.found_by_code();

/// A metric stream.
pub(crate) static METRIC_STREAM: Kind = Kind::new(
    "metric stream",
    "metric streams",
    &["MetricStream"],
    "AWS/CloudWatch/MetricStreams",
    &["AWS::CloudWatch::MetricStream"],
    &[by_ref("MetricStreamName", "Name")],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&LOG_GROUP, &FORWARDED_LOG_GROUP, &METRIC_STREAM];

/// Log groups of infrequent access have no embedded metrics.
const HAS_EMBEDDED_METRICS: Test = is_by_default!("LogGroupClass", "STANDARD");

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("LogGroup.EmbeddedMetricErrors", &[&LOG_GROUP], &[one("EMFParsingErrors", "Sum")])
        .only(HAS_EMBEDDED_METRICS)
        .above(number(0.0), Unit::Count)
        .of(3, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "Metrics that are embedded in this log cannot be read: they, and alarms on them, are missing.",
            "Look at the latest release of what writes them, and at lines that are cut off.",
        )
        .source("Our own: CloudWatch Logs user guide, EMFParsingErrors; several minutes, because one line is no release."),
    alarm("LogGroup.IncomingBytes", &[&LOG_GROUP], &[one("IncomingBytes", "Sum")])
        .above(Threshold::Yours, Unit::Bytes)
        .of(1, 1, 3600)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "More than {threshold} {per} are written to the log group, and paid for.",
            "Look for a loop or for debug logging that was left on.",
        )
        .source("Our own: CloudWatch Logs user guide, IncomingBytes; how much is normal differs."),
    alarm("LogGroup.Silent", &[&LOG_GROUP], &[one("IncomingLogEvents", "Sum")])
        .below(Threshold::Yours, Unit::Count)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "Fewer than {threshold} log events {per} arrive.",
            "Look at whether the application runs, and whether its agent or role may still write.",
        )
        .source("Our own: CloudWatch Logs user guide, IncomingLogEvents; set TreatMissingData to breaching where silence is an outage."),
    alarm("LogSubscription.DeliveryErrors", &[&FORWARDED_LOG_GROUP], &[one("DeliveryErrors", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "Log events cannot be forwarded to a subscription's destination; some errors are tried again for 24 hours, others are not.",
            "Look at the permission of CloudWatch Logs for the destination, and whether it still exists.",
        )
        .source("Our own: CloudWatch Logs user guide, DeliveryErrors; 3 of 5, because errors of the destination are tried again."),
    alarm("LogSubscription.DeliveryThrottling", &[&FORWARDED_LOG_GROUP], &[one("DeliveryThrottling", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The destination of a subscription has throttled log events for 15 minutes; after 24 hours they are lost.",
            "Give the stream more shards or the on-demand mode, or the function more concurrency.",
        )
        .source("Our own: CloudWatch Logs user guide, DeliveryThrottling; delivery is tried again for up to 24 hours."),
    alarm("MetricStream.PublishErrors", &[&METRIC_STREAM], &[metric("m", "PublishErrorRate", "Average")])
        .math("100 * m")
        .above(number(0.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "Metrics of the stream cannot be put into its Firehose delivery stream: whoever watches them elsewhere is blind.",
            "Look at the role of the metric stream, and at the delivery stream: does it exist, is it throttled?",
        )
        .source("CloudWatch user guide, monitoring metric streams: PublishErrorRate counts what cannot be sent again, from 0 to 1."),
    alarm("MetricStream.Silent", &[&METRIC_STREAM], &[one("MetricUpdate", "Sum")])
        .below(number(1.0), Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "The running metric stream has sent no metric for 15 minutes.",
            "Look at its filters: do they name a namespace that has metrics now?",
        )
        .source("CloudWatch user guide, monitoring metric streams: MetricUpdate is 0 where nothing is sent, and absent where the stream is stopped."),
];
