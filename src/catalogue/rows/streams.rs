//! Amazon Kinesis: data streams, their consumers, video; Amazon Data Firehose; Apache Flink.

use crate::catalogue::build::{alarm, metric, number, one, share};
use crate::catalogue::kind::{Dimension, Kind, by_property, by_ref, found};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::{Test, is_by_default};

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

const DELIVERY_STREAM_NAME: &[Dimension] = &[by_ref("DeliveryStreamName", "DeliveryStreamName")];
const DELIVERY_STREAM_TYPES: &[&str] = &["AWS::KinesisFirehose::DeliveryStream"];

/// A delivery stream.
pub(crate) static DELIVERY_STREAM: Kind = Kind::new(
    "delivery stream",
    "delivery streams",
    &["DeliveryStream"],
    "AWS/Firehose",
    DELIVERY_STREAM_TYPES,
    DELIVERY_STREAM_NAME,
);

/// A delivery stream whose records a function transforms.
pub(crate) static TRANSFORMING_STREAM: Kind = Kind::new(
    "delivery stream with a transformation",
    "delivery streams with a transformation",
    &["DeliveryStream"],
    "AWS/Firehose",
    DELIVERY_STREAM_TYPES,
    DELIVERY_STREAM_NAME,
)
.found_by_code();

/// An Apache Flink application. Notebooks and SQL have other metrics.
pub(crate) static FLINK: Kind = Kind::new(
    "Flink application",
    "Flink applications",
    &["Flink"],
    "AWS/KinesisAnalytics",
    &["AWS::KinesisAnalyticsV2::Application"],
    &[by_ref("Application", "ApplicationName")],
)
.only(Test::Starts("RuntimeEnvironment", &["FLINK-"]));

/// Delivery to S3, by itself or as the way to another place.
const TO_S3: Test =
    Test::Any(&[Test::Has("ExtendedS3DestinationConfiguration"), Test::Has("S3DestinationConfiguration")]);
const TO_SPLUNK: Test = Test::Has("SplunkDestinationConfiguration");
const TO_REDSHIFT: Test = Test::Has("RedshiftDestinationConfiguration");
const TO_ELASTICSEARCH: Test = Test::Has("ElasticsearchDestinationConfiguration");
const TO_HTTP: Test = Test::Has("HttpEndpointDestinationConfiguration");
const TO_OPENSEARCH: Test = Test::Has("AmazonopensearchserviceDestinationConfiguration");
const TO_OPENSEARCH_SERVERLESS: Test = Test::Has("AmazonOpenSearchServerlessDestinationConfiguration");
const TO_SNOWFLAKE: Test = Test::Has("SnowflakeDestinationConfiguration");
const FROM_STREAM: Test = Test::Is("DeliveryStreamType", &["KinesisStreamAsSource"]);
const FROM_KAFKA: Test = Test::Is("DeliveryStreamType", &["MSKAsSource"]);
/// Who converts records says so with a schema; `Enabled` is true by default.
const CONVERTS: Test = Test::All(&[
    Test::Has("ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration"),
    Test::Not(&Test::Is("ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration.Enabled", &["false"])),
]);
const OWN_KEY: Test = Test::Is("DeliveryStreamEncryptionConfigurationInput.KeyType", &["CUSTOMER_MANAGED_CMK"]);
const CHECKPOINTS: &str =
    "ApplicationConfiguration.FlinkApplicationConfiguration.CheckpointConfiguration.CheckpointInterval";

const FRESHNESS: &str = "AWS recommends an alarm when DataFreshness exceeds the buffering limit of at most 15 minutes (Data Firehose developer guide); twice that, because deliveries are tried again.";

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] =
    &[&STREAM, &CONSUMER, &VIDEO_STREAM, &DELIVERY_STREAM, &TRANSFORMING_STREAM, &FLINK];

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
    alarm("DeliveryStream.ConversionFailures", &[&DELIVERY_STREAM], &[one("FailedConversion.Records", "Sum")])
        .only(CONVERTS)
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Records do not fit the schema and could not be converted; they lie under the error prefix of the bucket.",
            "Read one of them there, and compare it with the table in the Glue Data Catalog.",
        )
        .source("Our own: Data Firehose developer guide, FailedConversion.Records; each is missing from the table."),
    alarm("DeliveryStream.HttpFreshness", &[&DELIVERY_STREAM], &[one("DeliveryToHttpEndpoint.DataFreshness", "Maximum")])
        .only(TO_HTTP)
        .above(number(1800.0), Unit::Seconds)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "The oldest record has waited longer than {threshold} (half an hour) for its delivery to the HTTP endpoint.",
            "Look at the endpoint: its health, its access key, and what it answers.",
        )
        .source(FRESHNESS),
    alarm("DeliveryStream.KafkaLag", &[&DELIVERY_STREAM], &[one("KafkaOffsetLag", "Maximum")])
        .only(FROM_KAFKA)
        .above(Threshold::Yours, Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The delivery stream is more than {threshold} records behind the Kafka topic that it reads.",
            "Look at errors of the destination, and at the limit of bytes a second for each partition.",
        )
        .source("Data Firehose developer guide, KafkaOffsetLag; how many records a topic has in a minute differs."),
    alarm("DeliveryStream.KeyAccessDenied", &[&DELIVERY_STREAM], &[one("KMSKeyAccessDenied", "Sum")])
        .only(OWN_KEY)
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Standard)
        .says(
            "The delivery stream may not use its KMS key: records are refused.",
            "Look at the state of the key, its policy, and the role of the delivery stream.",
        )
        .source("Our own: Data Firehose developer guide, metrics of server-side encryption; several minutes, because calls are tried again."),
    alarm("DeliveryStream.KeyDisabled", &[&DELIVERY_STREAM], &[one("KMSKeyDisabled", "Sum")])
        .only(OWN_KEY)
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Standard)
        .says(
            "The KMS key of the delivery stream is disabled: records are refused.",
            "Look at the state of the key, its policy, and the role of the delivery stream.",
        )
        .source("Our own: Data Firehose developer guide, metrics of server-side encryption; several minutes, because calls are tried again."),
    alarm("DeliveryStream.OpenSearchFreshness", &[&DELIVERY_STREAM], &[one("DeliveryToAmazonOpenSearchService.DataFreshness", "Maximum")])
        .only(TO_OPENSEARCH)
        .above(number(1800.0), Unit::Seconds)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "The oldest record has waited longer than {threshold} (half an hour) for its delivery to the OpenSearch domain.",
            "Look at the domain's health, at its access policy, and at the records in the backup bucket.",
        )
        .source(FRESHNESS),
    alarm("DeliveryStream.OpenSearchServerlessFreshness", &[&DELIVERY_STREAM], &[one("DeliveryToAmazonOpenSearchServerless.DataFreshness", "Maximum")])
        .only(TO_OPENSEARCH_SERVERLESS)
        .above(number(1800.0), Unit::Seconds)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "The oldest record has waited longer than {threshold} (half an hour) for its delivery to the OpenSearch collection.",
            "Look at the collection's data access policy, and at the records in the backup bucket.",
        )
        .source(FRESHNESS),
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
        .source(FRESHNESS),
    alarm("DeliveryStream.S3Success", &[&DELIVERY_STREAM], &[metric("s", "DeliveryToS3.Success", "Average")])
        .only(TO_S3)
        .math("100 * s")
        .below(number(100.0), Unit::Percent)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Deliveries of records to S3 fail and are tried again.",
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
            "The domain refuses records of the delivery stream.",
            "Look at the records in the backup bucket for the reason, and at the domain's health.",
        )
        .source("Our own: Data Firehose developer guide, DeliveryToElasticsearch.Success."),
    alarm("DeliveryStream.SnowflakeFreshness", &[&DELIVERY_STREAM], &[one("DeliveryToSnowflake.DataFreshness", "Maximum")])
        .only(TO_SNOWFLAKE)
        .above(number(1800.0), Unit::Seconds)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "The oldest record has waited longer than {threshold} (half an hour) for its delivery to Snowflake.",
            "Look at the user, its key and role in Snowflake, and at the records in the backup bucket.",
        )
        .source(FRESHNESS),
    alarm("DeliveryStream.SplunkFreshness", &[&DELIVERY_STREAM], &[one("DeliveryToSplunk.DataFreshness", "Maximum")])
        .only(TO_SPLUNK)
        .above(number(1800.0), Unit::Seconds)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "The oldest record has waited longer than {threshold} (half an hour) for its delivery to Splunk.",
            "Look at the HTTP event collector: its health, token and acknowledgements.",
        )
        .source(FRESHNESS),
    alarm("DeliveryStream.Throttles", &[&DELIVERY_STREAM], &[one("ThrottledRecords", "Sum")])
        .only(is_by_default!("DeliveryStreamType", "DirectPut"))
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Producers have been throttled in each of the last five minutes, because the delivery stream is at its limit.",
            "Look for a producer that sends much more than usual; ask for a higher quota of the delivery stream.",
        )
        .source("AWS recommends an alarm on ThrottledRecords (Data Firehose developer guide, best practices with CloudWatch alarms)."),
    alarm("DeliveryStream.TransformSuccess", &[&TRANSFORMING_STREAM], &[metric("s", "ExecuteProcessing.Success", "Average")])
        .math("100 * s")
        .below(number(100.0), Unit::Percent)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "The function that transforms records fails; records go to the error prefix of the bucket instead.",
            "Look at the function's log and timeout, and at the size of what it answers.",
        )
        .source("Our own: Data Firehose developer guide, ExecuteProcessing.Success; invocations are tried again three times."),
    alarm("Flink.CheckpointDuration", &[&FLINK], &[one("lastCheckpointDuration", "Maximum")])
        .above(share(50, CHECKPOINTS, 1.0, Some(60_000.0)), Unit::Milliseconds)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "Checkpoints take longer than {threshold}: half of the time between two of them.",
            "Look at the size of the state and at back pressure; then raise the parallelism.",
        )
        .source("AWS recommends lastCheckpointDuration Maximum (Managed Service for Apache Flink developer guide, alarms); half of CheckpointInterval, 60 s by default."),
    alarm("Flink.CpuUtilization", &[&FLINK], &[one("cpuUtilization", "Maximum")])
        .above(number(80.0), Unit::Percent)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "A task manager has used more than {threshold} of its CPU for 15 minutes.",
            "Look for a hot key; then raise the parallelism, or let auto scaling do so.",
        )
        .source("AWS recommends cpuUtilization Maximum > 80 %, 3 of 3 (Managed Service for Apache Flink developer guide, alarms)."),
    alarm("Flink.Downtime", &[&FLINK], &[one("downtime", "Average")])
        .only(Test::Starts("RuntimeEnvironment", &["FLINK-1_"]))
        .above(number(0.0), Unit::Milliseconds)
        .of(3, 3, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "The application has not been running for three minutes: it fails, or restarts again and again.",
            "Look at the application's log for the exception, and at what was deployed last.",
        )
        .source("AWS recommends downtime Average > 0 (Managed Service for Apache Flink developer guide, alarms); 3 of 3, because maintenance restarts applications. Flink 2 has it no more."),
    alarm("Flink.FailedCheckpoints", &[&FLINK], &[metric("c", "numberOfFailedCheckpoints", "Average")])
        // It counts since the start of the application: only a rise is new.
        .math("RATE(c)")
        .above(number(0.0), Unit::Count)
        .of(2, 3, 300)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "Checkpoints fail: after a restart, the application goes back to the last one that worked.",
            "Look at the log for the reason, at the size of the state, and at back pressure.",
        )
        .source("AWS recommends RATE(numberOfFailedCheckpoints) Average > 0 (Managed Service for Apache Flink developer guide, alarms); 2 of 3, because one may fail."),
    alarm("Flink.HeapUtilization", &[&FLINK], &[one("heapMemoryUtilization", "Maximum")])
        .above(number(90.0), Unit::Percent)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "A task manager has used more than {threshold} of its Java heap for 15 minutes.",
            "Look for state that grows without end; then raise the parallelism.",
        )
        .source("AWS recommends heapMemoryUtilization Maximum > 90 %, 3 of 3 (Managed Service for Apache Flink developer guide, alarms)."),
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
    alarm("StreamConsumer.RateExceeded", &[&CONSUMER], &[one("SubscribeToShard.RateExceeded", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "The consumer cannot subscribe to shards in each of the last five minutes, because it tries too often or is subscribed already.",
            "Look for two applications that use the same consumer: each needs its own.",
        )
        .source("Our own: Kinesis Data Streams developer guide, SubscribeToShard.RateExceeded."),
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
