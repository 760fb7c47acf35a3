//! Amazon DocumentDB and Amazon Neptune.

use crate::catalogue::build::{alarm, metric, number, one};
use crate::catalogue::kind::{Kind, by_ref};
use crate::catalogue::spec::{AlarmSpec, Missing, Profile, Severity, Threshold, Unit};

/// An instance of a DocumentDB cluster.
pub(crate) static DOCUMENT_DATABASE: Kind = Kind::new(
    "DocumentDB instance",
    "DocumentDB instances",
    &["DocumentDatabase"],
    "AWS/DocDB",
    &["AWS::DocDB::DBInstance"],
    &[by_ref("DBInstanceIdentifier", "DBInstanceIdentifier")],
);

/// An instance of a Neptune cluster.
pub(crate) static GRAPH_DATABASE: Kind = Kind::new(
    "Neptune instance",
    "Neptune instances",
    &["GraphDatabase"],
    "AWS/Neptune",
    &["AWS::Neptune::DBInstance"],
    &[by_ref("DBInstanceIdentifier", "DBInstanceIdentifier")],
);

/// A Neptune cluster: all of its instances, whoever made them.
pub(crate) static GRAPH_CLUSTER: Kind = Kind::new(
    "Neptune cluster",
    "Neptune clusters",
    &["GraphDatabaseCluster"],
    "AWS/Neptune",
    &["AWS::Neptune::DBCluster"],
    &[by_ref("DBClusterIdentifier", "DBClusterIdentifier")],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&DOCUMENT_DATABASE, &GRAPH_DATABASE, &GRAPH_CLUSTER];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("DocumentDatabase.BufferCacheHitRatio", &[&DOCUMENT_DATABASE], &[one("BufferCacheHitRatio", "Average")])
        .below(number(90.0), Unit::Percent)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "Less than {threshold} of the reads are served from memory: the working set does not fit.",
            "Look for queries without an index; otherwise use an instance class with more memory.",
        )
        .source("Our own number: AWS advises a ratio as high as possible; Monitoring Amazon DocumentDB with CloudWatch."),
    alarm(
        "DocumentDatabase.ConnectionUsage",
        &[&DOCUMENT_DATABASE],
        &[metric("c", "DatabaseConnections", "Maximum"), metric("l", "DatabaseConnectionsLimit", "Maximum")],
    )
    .math("100 * c / l")
    .above(number(80.0), Unit::Percent)
    .of(5, 5, 60)
    .says(
        "The instance uses more than {threshold} of the connections that its class allows.",
        "Look for clients without a pool, or with one too large.",
    )
    .source("Our own number: both metrics are in Monitoring Amazon DocumentDB with CloudWatch; the limit depends on the class."),
    alarm("DocumentDatabase.CpuUtilization", &[&DOCUMENT_DATABASE], &[one("CPUUtilization", "Average")])
        .above(number(90.0), Unit::Percent)
        .of(5, 5, 60)
        .missing(Missing::Missing)
        .is(Severity::Warning, Profile::Essential)
        .says("The instance's CPU has been above {threshold} for five minutes.", "Look at the slow queries (profiler) and at currentOp.")
        .source("As for RDS, where AWS recommends CPUUtilization Average above 90, 5 of 5; a stopped cluster has no data."),
    alarm("DocumentDatabase.CursorsTimedOut", &[&DOCUMENT_DATABASE], &[one("DatabaseCursorsTimedOut", "Sum")])
        .above(Threshold::Yours, Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("More than {threshold} cursors a minute time out.", "Look for clients that open cursors and neither read nor close them.")
        .source("Our own: Monitoring Amazon DocumentDB with CloudWatch; what is normal depends on the clients."),
    alarm("DocumentDatabase.FreeableMemory", &[&DOCUMENT_DATABASE], &[one("FreeableMemory", "Average")])
        .below(Threshold::Yours, Unit::Bytes)
        .of(15, 15, 60)
        .says("The instance has less than {threshold} of memory left.", "Look at connections and large aggregations, or use a class with more memory.")
        .source("As for RDS, where AWS recommends a share of the class's memory, 15 of 15; no property names that memory."),
    alarm("DocumentDatabase.LowMemThrottled", &[&DOCUMENT_DATABASE], &[one("LowMemNumOperationsThrottled", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Standard)
        .says("DocumentDB throttles requests because the instance is out of memory.", "Stop the queries that need most of it, then use a class with more memory.")
        .source("Our own number: Monitoring Amazon DocumentDB with CloudWatch; three minutes of five, none is expected."),
    alarm("GraphDatabase.BufferCacheHitRatio", &[&GRAPH_DATABASE], &[one("BufferCacheHitRatio", "Average")])
        .below(number(95.0), Unit::Percent)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "Less than {threshold} of the reads are served from memory: the working set does not fit.",
            "Look at the queries that touch most of the graph; otherwise use a class with more memory.",
        )
        .source("AWS advises a larger instance below 99.9 %, where latency matters; 95 % for 15 minutes is worth an alarm."),
    alarm("GraphDatabase.CpuUtilization", &[&GRAPH_DATABASE], &[one("CPUUtilization", "Average")])
        .above(number(90.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Essential)
        .says("The instance's CPU has been above {threshold} for five minutes.", "Look at the running queries with the status endpoint, and cancel what should not run.")
        .source("As for RDS, where AWS recommends CPUUtilization Average above 90, 5 of 5; Neptune sends only values that are not zero."),
    alarm("GraphDatabase.FreeableMemory", &[&GRAPH_DATABASE], &[one("FreeableMemory", "Average")])
        .below(Threshold::Yours, Unit::Bytes)
        .of(15, 15, 60)
        .says("The instance has less than {threshold} of memory left.", "Look at the running queries, or use a class with more memory.")
        .source("As for RDS, where AWS recommends a share of the class's memory, 15 of 15; no property names that memory."),
    alarm("GraphDatabase.PendingRequests", &[&GRAPH_DATABASE], &[one("MainRequestQueuePendingRequests", "Maximum")])
        .above(number(1000.0), Unit::Count)
        .of(5, 5, 60)
        .says(
            "More than {threshold} requests wait for this instance; at 8,192 Neptune refuses further ones.",
            "Look at the running queries; add a reader, or use a class with more vCPUs.",
        )
        .source("Our own number: an eighth of the queue's 8,192 places; Monitoring Neptune using Amazon CloudWatch."),
    alarm("GraphDatabaseCluster.ClusterCpuUtilization", &[&GRAPH_CLUSTER], &[one("CPUUtilization", "Maximum")])
        .above(number(90.0), Unit::Percent)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "An instance of the cluster, perhaps one that auto scaling added, has been above {threshold} CPU for 15 minutes.",
            "Look which instance it is, then at its running queries.",
        )
        .source("Our own: Maximum over the cluster's instances, also those that no template names; longer than the instances' alarm."),
];
