//! Amazon DynamoDB: tables, their indexes, operations, replicas and streams.

use crate::catalogue::build::{alarm, metric, number, one};
use crate::catalogue::kind::{Kind, by_ref, fixed, found};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::{Test, is_by_default};

/// A table. SAM's simple tables keep their logical id and `TableName`.
pub(crate) static TABLE: Kind = Kind::new(
    "DynamoDB table",
    "DynamoDB tables",
    &["Table"],
    "AWS/DynamoDB",
    &["AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable"],
    &[by_ref("TableName", "TableName")],
);

/// A global secondary index of a table.
pub(crate) static INDEX: Kind = Kind::new(
    "DynamoDB index",
    "DynamoDB indexes",
    &["Table", "TableIndex"],
    "AWS/DynamoDB",
    &["AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"],
    &[by_ref("TableName", "TableName"), found("GlobalSecondaryIndexName")],
)
.found_by_code();

/// One operation of a table: the metrics of requests exist by operation only.
pub(crate) static OPERATION: Kind = Kind::new(
    "DynamoDB operation",
    "DynamoDB operations",
    &["Table", "TableOperation"],
    "AWS/DynamoDB",
    &["AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable"],
    &[by_ref("TableName", "TableName"), found("Operation")],
)
.found_by_code();

/// A replica of a global table in another region, as seen from the region of the stack.
pub(crate) static REPLICA: Kind = Kind::new(
    "DynamoDB replica",
    "DynamoDB replicas",
    &["Table", "TableReplica"],
    "AWS/DynamoDB",
    &["AWS::DynamoDB::GlobalTable"],
    &[by_ref("TableName", "TableName"), found("ReceivingRegion")],
)
.found_by_code();

/// The stream of a table.
pub(crate) static STREAM: Kind = Kind::new(
    "DynamoDB stream",
    "DynamoDB streams",
    &["Table", "TableStream"],
    "AWS/DynamoDB",
    &["AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"],
    &[by_ref("TableName", "TableName"), fixed("Operation", "GetRecords")],
)
.only(Test::Has("StreamSpecification"));

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&TABLE, &INDEX, &OPERATION, &REPLICA, &STREAM];

/// Tables that pay for provisioned capacity: `Table` has that by default, `GlobalTable` only where it says so.
const PROVISIONED: Test = Test::Any(&[
    Test::All(&[is_by_default!("BillingMode", "PROVISIONED"), Test::Has("ProvisionedThroughput")]),
    Test::All(&[Test::Is("BillingMode", &["PROVISIONED"]), Test::Has("WriteProvisionedThroughputSettings")]),
]);

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm(
        "Table.ReadCapacity",
        &[&TABLE],
        &[metric("c", "ConsumedReadCapacityUnits", "Sum"), metric("p", "ProvisionedReadCapacityUnits", "Average")],
    )
    .math("100 * c / (PERIOD(c) * p)")
    .only(PROVISIONED)
    .above(number(90.0), Unit::Percent)
    .of(3, 3, 300)
    .is(Severity::Warning, Profile::Critical)
    .says(
        "The table uses more than {threshold} of its provisioned read capacity; above it, reads are throttled.",
        "Raise the provisioned capacity or the maximum of its auto scaling, or switch to on-demand billing.",
    )
    .source("Our own: the provisioned metric and not the property, because auto scaling changes it; published every 5 minutes. 90 %, above the usual target of 70 %."),
    alarm("Table.ReadThrottles", &[&TABLE], &[one("ReadThrottleEvents", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "DynamoDB has throttled reads of this table for five minutes without a break.",
            "Compare consumed with provisioned (or maximum on-demand) capacity; with capacity to spare, look for a hot partition key.",
        )
        .source("AWS recommends ReadThrottleEvents Sum, 5 of 5, threshold by situation; SDKs retry single throttles, five minutes in a row hurt."),
    alarm(
        "Table.WriteCapacity",
        &[&TABLE],
        &[metric("c", "ConsumedWriteCapacityUnits", "Sum"), metric("p", "ProvisionedWriteCapacityUnits", "Average")],
    )
    .math("100 * c / (PERIOD(c) * p)")
    .only(PROVISIONED)
    .above(number(90.0), Unit::Percent)
    .of(3, 3, 300)
    .is(Severity::Warning, Profile::Critical)
    .says(
        "The table uses more than {threshold} of its provisioned write capacity; above it, writes are throttled.",
        "Raise the provisioned capacity or the maximum of its auto scaling, or switch to on-demand billing.",
    )
    .source("Our own: the provisioned metric and not the property, because auto scaling changes it; published every 5 minutes. 90 %, above the usual target of 70 %."),
    alarm("Table.WriteThrottles", &[&TABLE], &[one("WriteThrottleEvents", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "DynamoDB has throttled writes to this table for five minutes without a break.",
            "Compare consumed with provisioned (or maximum on-demand) capacity, of its indexes too; with capacity to spare, look for a hot partition key.",
        )
        .source("AWS recommends WriteThrottleEvents Sum, 5 of 5, threshold by situation; SDKs retry single throttles, five minutes in a row hurt."),
    alarm("TableIndex.IndexReadThrottles", &[&INDEX], &[one("ReadThrottleEvents", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "DynamoDB has throttled reads of this index for five minutes without a break.",
            "Compare the index's consumed with its provisioned capacity; with capacity to spare, look for a hot key of the index.",
        )
        .source("AWS recommends ReadThrottleEvents Sum by index, 5 of 5, threshold by situation; five minutes in a row outlast retries."),
    alarm("TableIndex.IndexWriteThrottles", &[&INDEX], &[one("WriteThrottleEvents", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "This index cannot take the table's writes: DynamoDB throttles them, and with them writes to the table.",
            "Give the index as much write capacity as the table, and look for a key of the index with few values.",
        )
        .source("AWS recommends WriteThrottleEvents Sum by index, 5 of 5, threshold by situation; five minutes in a row outlast retries."),
    alarm("TableOperation.OperationLatency", &[&OPERATION], &[one("SuccessfulRequestLatency", "Average")])
        .above(Threshold::Yours, Unit::Milliseconds)
        .of(10, 10, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "This operation has taken DynamoDB more than {threshold} on average for ten minutes.",
            "Look at item sizes and at the AWS Health Dashboard; then at the client's timeouts and connections.",
        )
        .source("AWS recommends SuccessfulRequestLatency Average, 10 of 10, threshold by situation."),
    alarm("TableOperation.SystemErrors", &[&OPERATION], &[one("SystemErrors", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "DynamoDB has failed requests of this operation with errors of its own for 15 minutes.",
            "Look at the AWS Health Dashboard, and check that the client retries HTTP 500.",
        )
        .source("AWS recommends SystemErrors Sum by table, 15 of 15; the documented dimensions are TableName and Operation. None is expected."),
    alarm("TableReplica.ReplicationLatency", &[&REPLICA], &[one("ReplicationLatency", "Average")])
        .above(number(180_000.0), Unit::Milliseconds)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Changes of this table need more than {threshold} to reach the replica in another region.",
            "Look for throttled writes in the other region: the replica needs as much write capacity as this table.",
        )
        .source("AWS recommends ReplicationLatency Average, 15 of 15, and to investigate above 3 minutes (180,000 ms)."),
    alarm("TableStream.ThrottledStreamReads", &[&STREAM], &[one("ThrottledRequests", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(10, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "DynamoDB throttles readers of the table's stream; they fall behind.",
            "Count the stream's readers: more than two on one shard are too many.",
        )
        .source("Our own: ThrottledRequests with Operation GetRecords, DynamoDB metrics and dimensions; two readers a shard is the stream's limit."),
];
