//! Amazon Kinesis: data streams, their consumers, video, analytics; Amazon Data Firehose.

use crate::catalogue::build::{alarm, metric, number, one, share};
use crate::catalogue::kind::{Kind, by_property, by_ref, found};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::Test;

/// A data stream.
pub(crate) static STREAM: Kind = Kind::new(
    "Kinesis stream",
    "Kinesis streams",
    &["Stream"],
    "AWS/Kinesis",
    &["AWS::Kinesis::Stream"],
    &[by_ref("StreamName", "Name")],
);

/// A consumer with a throughput of its own (enhanced fan-out).
pub(crate) static CONSUMER: Kind = Kind::new(
    "stream consumer",
    "stream consumers",
    &["StreamConsumer"],
    "AWS/Kinesis",
    &["AWS::Kinesis::StreamConsumer"],
    &[found("StreamName"), by_property("ConsumerName", "ConsumerName")],
)
.found_by_code();

/// A video stream.
pub(crate) static VIDEO_STREAM: Kind = Kind::new(
    "video stream",
    "video streams",
    &["VideoStream"],
    "AWS/KinesisVideo",
    &["AWS::KinesisVideo::Stream"],
    &[by_ref("StreamName", "Name")],
);

/// A delivery stream.
pub(crate) static DELIVERY_STREAM: Kind = Kind::new(
    "delivery stream",
    "delivery streams",
    &["DeliveryStream"],
    "AWS/Firehose",
    &["AWS::KinesisFirehose::DeliveryStream"],
    &[by_ref("DeliveryStreamName", "DeliveryStreamName")],
);

/// Delivery to S3, by itself or as the way to another place.
const TO_S3: Test =
    Test::Any(&[Test::Has("ExtendedS3DestinationConfiguration"), Test::Has("S3DestinationConfiguration")]);
const TO_SPLUNK: Test = Test::Has("SplunkDestinationConfiguration");
const TO_REDSHIFT: Test = Test::Has("RedshiftDestinationConfiguration");
const TO_ELASTICSEARCH: Test = Test::Has("ElasticsearchDestinationConfiguration");
const FROM_STREAM: Test = Test::Is("DeliveryStreamType", &["KinesisStreamAsSource"]);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&STREAM, &CONSUMER, &VIDEO_STREAM, &DELIVERY_STREAM];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("DeliveryStream.BehindSource", &[&DELIVERY_STREAM], &[one("KinesisMillisBehindLatest", "Maximum")])
        .only(FROM_STREAM)
        .above(number(600_000.0), Unit::Milliseconds)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The delivery stream is more than {threshold} behind the stream that it reads: ten minutes.",
            "Look at errors of the destination and at the read throughput of the source.",
        )
        .source("Our own: Data Firehose developer guide, KinesisMillisBehindLatest; far below a stream's retention."),
    alarm("DeliveryStream.RedshiftSuccess", &[&DELIVERY_STREAM], &[metric("s", "DeliveryToRedshift.Success", "Average")])
        .only(TO_REDSHIFT)
        .math("100 * s")
        .below(number(100.0), Unit::Percent)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "COPY commands into Redshift fail: data stays in S3.",
            "Look at STL_LOAD_ERRORS in the cluster, and at its user and network.",
        )
        .source("Our own: Data Firehose developer guide, DeliveryToRedshift.Success; retries take up to the retry duration."),
    alarm("DeliveryStream.S3Freshness", &[&DELIVERY_STREAM], &[one("DeliveryToS3.DataFreshness", "Maximum")])
        .only(TO_S3)
        .above(number(1800.0), Unit::Seconds)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "The oldest record has waited longer than {threshold} (half an hour) for its delivery to S3; after 24 hours records are lost.",
            "Look at the role's permission for the bucket and its KMS key, and at a transformation function that fails.",
        )
        .source("Our own: Data Firehose developer guide, DataFreshness; above the longest buffering interval (15 min)."),
    alarm("DeliveryStream.S3Success", &[&DELIVERY_STREAM], &[metric("s", "DeliveryToS3.Success", "Average")])
        .only(TO_S3)
        .math("100 * s")
        .below(number(100.0), Unit::Percent)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Deliveries to S3 fail.",
            "Look at the role's permission for the bucket and its KMS key, and whether the bucket exists.",
        )
        .source("Our own: Data Firehose developer guide, DeliveryToS3.Success."),
    alarm("DeliveryStream.SearchSuccess", &[&DELIVERY_STREAM], &[metric("s", "DeliveryToElasticsearch.Success", "Average")])
        .only(TO_ELASTICSEARCH)
        .math("100 * s")
        .below(number(100.0), Unit::Percent)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "The domain refuses records.",
            "Look at the records in the backup bucket for the reason, and at the domain's health.",
        )
        .source("Our own: Data Firehose developer guide, DeliveryToElasticsearch.Success."),
    alarm("DeliveryStream.SplunkFreshness", &[&DELIVERY_STREAM], &[one("DeliveryToSplunk.DataFreshness", "Maximum")])
        .only(TO_SPLUNK)
        .above(number(1800.0), Unit::Seconds)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "The oldest record has waited longer than {threshold} (half an hour) for its delivery to Splunk.",
            "Look at the HTTP event collector: its health, token and acknowledgements.",
        )
        .source("Our own: Data Firehose developer guide, DataFreshness."),
    alarm("Stream.FailedRecords", &[&STREAM], &[metric("f", "PutRecords.FailedRecords", "Sum"), metric("n", "PutRecords.TotalRecords", "Sum")])
        .gated("IF(f >= {min}, 100 * f / n, 0)", 5)
        .above(number(5.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "More than {threshold} of the records of PutRecords fail inside Kinesis, and at least {min} {per}.",
            "Look at the AWS Health Dashboard; check that producers send failed records again.",
        )
        .source("AWS recommends PutRecords.FailedRecords Sum, 5 of 5, threshold by tolerance; a rate, gated."),
    alarm("Stream.IteratorAge", &[&STREAM], &[one("GetRecords.IteratorAgeMilliseconds", "Maximum")])
        .above(share(50, "RetentionPeriodHours", 3_600_000.0, Some(24.0)), Unit::Milliseconds)
        .of(15, 15, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "A reader is more than {threshold} behind: half of the time after which the stream deletes records.",
            "Look at the slowest consumer: its errors, a record that blocks a shard, or too few shards.",
        )
        .source("AWS recommends GetRecords.IteratorAgeMilliseconds Maximum, 15 of 15, and names 50 % of the retention period as a risk."),
    alarm("Stream.PutRecordSuccess", &[&STREAM], &[metric("s", "PutRecord.Success", "Average")])
        .math("100 * s")
        .below(number(95.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Less than {threshold} of the calls of PutRecord succeed.",
            "Look at write throttling first: too few shards, or a hot partition key.",
        )
        .source("AWS recommends PutRecord.Success Average, 5 of 5, threshold by tolerance."),
    alarm("Stream.ReadSuccess", &[&STREAM], &[metric("s", "GetRecords.Success", "Average")])
        .math("100 * s")
        .below(number(95.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "Less than {threshold} of the calls of GetRecords succeed.",
            "Look at read throttling: more than two readers of a shard need enhanced fan-out.",
        )
        .source("AWS recommends GetRecords.Success Average, 5 of 5, threshold by tolerance."),
    alarm("Stream.ReadThrottles", &[&STREAM], &[metric("t", "ReadProvisionedThroughputExceeded", "Average")])
        .math("100 * t")
        .above(number(5.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "More than {threshold} of the reads are throttled: readers fall behind.",
            "Count the readers of the stream; use enhanced fan-out or more shards.",
        )
        .source("AWS recommends ReadProvisionedThroughputExceeded Average, 5 of 5; the metric is a fraction, 0 is too sensitive."),
    alarm("Stream.WriteThrottles", &[&STREAM], &[metric("t", "WriteProvisionedThroughputExceeded", "Average")])
        .math("100 * t")
        .above(number(5.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "More than {threshold} of the writes are throttled: producers lose records or fall behind.",
            "Look for a hot partition key; add shards, or use the on-demand mode.",
        )
        .source("AWS recommends WriteProvisionedThroughputExceeded Average, 5 of 5; the metric is a fraction, 0 is too sensitive."),
    alarm("StreamConsumer.Behind", &[&CONSUMER], &[one("SubscribeToShardEvent.MillisBehindLatest", "Average")])
        .above(number(600_000.0), Unit::Milliseconds)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "The consumer is more than {threshold} behind the stream: ten minutes.",
            "Look at the consumer's errors and duration; records that are not read in time are lost.",
        )
        .source("AWS recommends SubscribeToShardEvent.MillisBehindLatest Average, 5 of 5, threshold by tolerance; as for functions."),
    alarm("VideoStream.PutSuccess", &[&VIDEO_STREAM], &[one("PutMedia.Success", "Average")])
        .below(Threshold::Yours, Unit::Count)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Fewer fragments than {threshold} (1 is all) are written to the video stream.",
            "Look at the producer's connection and at the error acknowledgements that it gets.",
        )
        .source("Kinesis Video Streams developer guide, PutMedia.Success; cameras on bad lines lose fragments, so no number fits everybody."),
];
