//! Amazon RDS and Aurora: instances, clusters, proxies.

use crate::catalogue::build::{alarm, metric, number, one, share};
use crate::catalogue::kind::{Kind, by_ref, fixed};
use crate::catalogue::spec::{AlarmSpec, Missing, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::{Need, Test, is_by_default};

/// A DB instance of any engine, Aurora's too.
pub(crate) static DATABASE: Kind = Kind::new(
    "database",
    "databases",
    &["Database"],
    "AWS/RDS",
    &["AWS::RDS::DBInstance"],
    &[by_ref("DBInstanceIdentifier", "DBInstanceIdentifier")],
);

/// An Aurora cluster with an instance in the template, by its writer.
pub(crate) static AURORA_WRITER: Kind = Kind::new(
    "Aurora cluster",
    "Aurora clusters",
    &["DatabaseCluster"],
    "AWS/RDS",
    &["AWS::RDS::DBCluster"],
    &[by_ref("DBClusterIdentifier", "DBClusterIdentifier"), fixed("Role", "WRITER")],
)
.only(AURORA_CLUSTER)
.found_by_code();

/// The same, with two instances or more: one writes, the others replicate.
pub(crate) static AURORA_WITH_READERS: Kind = Kind::new(
    "Aurora cluster with readers",
    "Aurora clusters with readers",
    &["DatabaseCluster"],
    "AWS/RDS",
    &["AWS::RDS::DBCluster"],
    &[by_ref("DBClusterIdentifier", "DBClusterIdentifier"), fixed("Role", "WRITER")],
)
.only(AURORA_CLUSTER)
.found_by_code();

/// The volume of an Aurora MySQL cluster.
pub(crate) static AURORA_VOLUME: Kind = Kind::new(
    "Aurora MySQL volume",
    "Aurora MySQL volumes",
    &["DatabaseCluster"],
    "AWS/RDS",
    &["AWS::RDS::DBCluster"],
    &[by_ref("DBClusterIdentifier", "DBClusterIdentifier")],
)
.only(Test::All(&[AURORA_CLUSTER, Test::Is("Engine", &["aurora-mysql"])]));

/// A Multi-AZ cluster: its instances are in no template.
pub(crate) static MULTI_AZ_CLUSTER: Kind = Kind::new(
    "Multi-AZ database cluster",
    "Multi-AZ database clusters",
    &["DatabaseCluster"],
    "AWS/RDS",
    &["AWS::RDS::DBCluster"],
    &[by_ref("DBClusterIdentifier", "DBClusterIdentifier")],
)
.only(Test::All(&[Test::Has("DBClusterInstanceClass"), Test::Not(&Test::Starts("Engine", &["aurora"]))]));

/// A proxy.
pub(crate) static PROXY: Kind = Kind::new(
    "database proxy",
    "database proxies",
    &["DatabaseProxy"],
    "AWS/RDS",
    &["AWS::RDS::DBProxy"],
    &[by_ref("ProxyName", "DBProxyName")],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] =
    &[&DATABASE, &AURORA_WRITER, &AURORA_WITH_READERS, &AURORA_VOLUME, &MULTI_AZ_CLUSTER, &PROXY];

/// Not Aurora Serverless v1, which has no instances to watch.
const AURORA_CLUSTER: Test =
    Test::All(&[Test::Starts("Engine", &["aurora"]), is_by_default!("EngineMode", "provisioned")]);
const AURORA: Test = Test::Starts("Engine", &["aurora"]);
const AURORA_MYSQL: Test = Test::Is("Engine", &["aurora-mysql"]);
const SERVERLESS: Test = Test::Is("DBInstanceClass", &["db.serverless"]);
const NOT_AURORA: Test = Test::All(&[Test::Not(&AURORA), Test::Not(&Test::Has("DBClusterIdentifier"))]);
/// Volumes whose throughput bursts; `.only` of their balance.
const EBS_BURSTS: Test = Test::All(&[
    NOT_AURORA,
    Test::Any(&[
        Test::Starts("DBInstanceClass", &["db.t3.", "db.t4g."]),
        Test::Is("DBInstanceClass", &["db.m5.large", "db.m5.xlarge", "db.m5.2xlarge"]),
        Test::Is("DBInstanceClass", &["db.m6g.large", "db.m6g.xlarge", "db.m6g.2xlarge"]),
        Test::Is("DBInstanceClass", &["db.m6gd.large", "db.m6gd.xlarge", "db.m6gd.2xlarge"]),
        Test::Is("DBInstanceClass", &["db.m6i.large", "db.m6i.xlarge", "db.m6i.2xlarge", "db.m6i.4xlarge"]),
        Test::Is("DBInstanceClass", &["db.m7g.large", "db.m7g.xlarge", "db.m7g.2xlarge"]),
        Test::Is("DBInstanceClass", &["db.r5.large", "db.r5.xlarge", "db.r5.2xlarge"]),
        Test::Is("DBInstanceClass", &["db.r6g.large", "db.r6g.xlarge", "db.r6g.2xlarge"]),
        Test::Is("DBInstanceClass", &["db.r6gd.large", "db.r6gd.xlarge", "db.r6gd.2xlarge"]),
        Test::Is("DBInstanceClass", &["db.r6i.large", "db.r6i.xlarge", "db.r6i.2xlarge", "db.r6i.4xlarge"]),
        Test::Is("DBInstanceClass", &["db.r7g.large", "db.r7g.xlarge", "db.r7g.2xlarge"]),
    ]),
]);
/// Bytes in a GiB: `AllocatedStorage` is in GiB.
const GIB: f64 = 1_073_741_824.0;

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("Database.AcuUtilization", &[&DATABASE], &[one("ACUUtilization", "Average")])
        .only(SERVERLESS)
        .above(number(90.0), Unit::Percent)
        .of(15, 15, 60)
        .says(
            "The serverless instance uses more than {threshold} of the cluster's maximum capacity and cannot grow much more.",
            "Look at the top queries; if they are what they should be, raise MaxCapacity of the cluster.",
        )
        .source("Our own number; the metric is an instance's: Aurora user guide, performance and scaling for Aurora Serverless v2."),
    alarm("Database.AgentJobs", &[&DATABASE], &[one("FailedSQLServerAgentJobsCount", "Sum")])
        .only(Test::Starts("Engine", &["sqlserver"]))
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .says("A SQL Server Agent job has failed on this database.", "Read the history of the database's Agent jobs.")
        .source("Our own: one failed job is one too many; Amazon CloudWatch metrics for Amazon RDS."),
    alarm("Database.BlockedTransactions", &[&DATABASE], &[one("BlockedTransactions", "Average")])
        .only(AURORA_MYSQL)
        .above(Threshold::Yours, Unit::Count)
        .of(5, 5, 60)
        .says("More than {threshold} transactions a second wait for locks.", "Find the blocking transaction in performance_schema.data_lock_waits.")
        .source("Our own: Amazon CloudWatch metrics for Amazon Aurora; what is normal depends on the application."),
    alarm("Database.BufferCacheHitRatio", &[&DATABASE], &[one("BufferCacheHitRatio", "Average")])
        .only(AURORA)
        .below(number(80.0), Unit::Percent)
        .of(10, 10, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "Less than {threshold} of the reads are served from memory: the working set does not fit.",
            "Look at the queries that read most; otherwise use an instance class with more memory.",
        )
        .source("AWS recommends BufferCacheHitRatio Average below 80, 10 of 10."),
    alarm("Database.BurstBalance", &[&DATABASE], &[one("BurstBalance", "Average")])
        .only(Test::Is("StorageType", &["gp2"]))
        .below(number(20.0), Unit::Percent)
        .of(5, 5, 60)
        .says(
            "Less than {threshold} of the volume's I/O credits are left; without them it falls to its baseline.",
            "Look at ReadIOPS and WriteIOPS; gp3 storage has no such credits.",
        )
        .source("Our own number: Amazon CloudWatch metrics for Amazon RDS; General Purpose SSD gp2 only."),
    alarm("Database.Connections", &[&DATABASE], &[one("DatabaseConnections", "Average")])
        .above(Threshold::Yours, Unit::Count)
        .of(5, 5, 60)
        .says("The database has more than {threshold} connections.", "Look for clients without a pool, or with one too large; consider RDS Proxy.")
        .source("AWS recommends DatabaseConnections Average, 5 of 5, at 90 % or so of max_connections, which no template knows."),
    alarm("Database.CpuUtilization", &[&DATABASE], &[one("CPUUtilization", "Average")])
        .above(number(90.0), Unit::Percent)
        .of(5, 5, 60)
        .missing(Missing::Missing)
        .is(Severity::Warning, Profile::Essential)
        .says("The database's CPU has been above {threshold} for five minutes.", "Look at the load by query (Database Insights), and for a missing index.")
        .source("AWS recommends CPUUtilization Average above 90, 5 of 5, missing data breaching; a stopped database has no data, so we do not."),
    alarm("Database.DbLoad", &[&DATABASE], &[one("DBLoad", "Average")])
        .only(Test::Not(&SERVERLESS))
        .needs(Need {
            on: Test::Is("EnablePerformanceInsights", &["true"]),
            fix: None,
            help: "Add EnablePerformanceInsights: true; seven days of history are free, and the smallest instance classes do not support it.",
        })
        .above(Threshold::Yours, Unit::Count)
        .of(15, 15, 60)
        .says("More than {threshold} sessions are active on average.", "Look at the waits and the top queries in Database Insights.")
        .source("AWS recommends DBLoad Average, 15 of 15, above the number of vCPUs, which no property names."),
    alarm("Database.EbsByteBalance", &[&DATABASE], &[one("EBSByteBalance%", "Average")])
        .only(EBS_BURSTS)
        .below(number(10.0), Unit::Percent)
        .of(3, 3, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("Less than {threshold} of the instance's throughput credits are left; then storage gets slow.", "Look at ReadThroughput and WriteThroughput, or use a larger instance class.")
        .source("AWS recommends EBSByteBalance% Average below 10, 3 of 3; only instance sizes that burst."),
    alarm("Database.EbsIoBalance", &[&DATABASE], &[one("EBSIOBalance%", "Average")])
        .only(EBS_BURSTS)
        .below(number(10.0), Unit::Percent)
        .of(3, 3, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("Less than {threshold} of the instance's I/O credits are left; then storage gets slow.", "Look at ReadIOPS and WriteIOPS, or use a larger instance class.")
        .source("AWS recommends EBSIOBalance% Average below 10, 3 of 3; only instance sizes that burst."),
    alarm("Database.FreeLocalStorage", &[&DATABASE], &[one("FreeLocalStorage", "Average")])
        .only(Test::All(&[AURORA, Test::Not(&SERVERLESS)]))
        .below(Threshold::Yours, Unit::Bytes)
        .of(5, 5, 60)
        .says("Less than {threshold} of the instance's local storage are free; temporary tables and logs fill it.", "Look for queries that sort or join on disk; a larger class has more of it.")
        .source("AWS recommends FreeLocalStorage Average, 5 of 5, 10 to 20 % of the class's local storage, which no property names."),
    alarm("Database.FreeStorage", &[&DATABASE], &[one("FreeStorageSpace", "Minimum")])
        .only(Test::All(&[NOT_AURORA, Test::Not(&Test::Has("MaxAllocatedStorage"))]))
        .below(share(10, "AllocatedStorage", GIB, None), Unit::Bytes)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("Less than {threshold} of the storage are free: a tenth. Without any, the database stops.", "Raise AllocatedStorage now (it needs no downtime), then look at what grows: logs, temporary tables, replication slots.")
        .source("AWS recommends FreeStorageSpace Minimum below 10 % of the allocated storage, 5 of 5."),
    alarm("Database.FreeStorageAutoscaled", &[&DATABASE], &[one("FreeStorageSpace", "Minimum")])
        .only(Test::All(&[NOT_AURORA, Test::Has("MaxAllocatedStorage")]))
        .below(share(5, "AllocatedStorage", GIB, None), Unit::Bytes)
        .of(15, 15, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("Less than {threshold} of the storage are free, and autoscaling has not made it larger.", "Storage grows at most every six hours and up to MaxAllocatedStorage: raise that, or AllocatedStorage.")
        .source("Our own: autoscaling acts below 10 %, so 5 % of the first AllocatedStorage means that it cannot or has not."),
    alarm("Database.FreeableMemory", &[&DATABASE], &[one("FreeableMemory", "Average")])
        .below(Threshold::Yours, Unit::Bytes)
        .of(15, 15, 60)
        .says("The database has less than {threshold} of memory left.", "Look at connections and buffer sizes, or use a class with more memory.")
        .source("AWS recommends FreeableMemory Average, 15 of 15, a share of the class's memory, which no property names."),
    alarm("Database.OldUndo", &[&DATABASE], &[one("RollbackSegmentHistoryListLength", "Average")])
        .only(AURORA_MYSQL)
        .above(number(1_000_000.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("The undo history has more than {threshold} entries; queries get slow and so does a shutdown.", "Find the transaction that has been open longest, and end it.")
        .source("AWS recommends RollbackSegmentHistoryListLength Average above 1,000,000, 5 of 5."),
    alarm("Database.ReadLatency", &[&DATABASE], &[one("ReadLatency", "p90")])
        .above(Threshold::Yours, Unit::Seconds)
        .of(5, 5, 60)
        .says("Reads from storage take more than {threshold}.", "Look at IOPS and throughput against the volume's limits, and at queries that scan.")
        .source("AWS recommends ReadLatency p90, 5 of 5, threshold by situation; more than 20 ms are worth a look."),
    alarm("Database.ReplicaLag", &[&DATABASE], &[metric("m", "ReplicaLag", "Maximum")])
        .math("IF(m < 0, 86400, m)")
        .only(Test::Any(&[Test::Has("SourceDBInstanceIdentifier"), Test::Has("SourceDBClusterIdentifier")]))
        .above(number(600.0), Unit::Seconds)
        .of(10, 10, 60)
        .says("The replica is more than {threshold} behind its source, or replication has stopped.", "Look at the replica's status and error, then for long transactions or too small a class.")
        .source("AWS recommends ReplicaLag Maximum above 60, 10 of 10; an idle PostgreSQL source shows up to 300 s, so 600. -1 means stopped."),
    alarm("Database.ReplicationSlotLag", &[&DATABASE], &[one("OldestReplicationSlotLag", "Maximum")])
        .only(Test::Is("Engine", &["postgres"]))
        .above(share(10, "AllocatedStorage", GIB, None), Unit::Bytes)
        .of(5, 5, 60)
        .says("A replication slot holds back more than {threshold} of log, which fills the storage.", "Find the slot in pg_replication_slots: revive its consumer, or drop it.")
        .source("Our own number: Amazon CloudWatch metrics for Amazon RDS; a tenth of the storage."),
    alarm("Database.TransactionIds", &[&DATABASE], &[one("MaximumUsedTransactionIDs", "Average")])
        .only(Test::Is("Engine", &["postgres", "aurora-postgresql"]))
        .above(number(1_000_000_000.0), Unit::Count)
        .of(1, 1, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("More than {threshold} transaction ids are in use; at two billion PostgreSQL stops to take writes.", "Look for what keeps vacuum from freezing rows: long transactions, slots, autovacuum switched off.")
        .source("AWS recommends MaximumUsedTransactionIDs Average above 1,000,000,000, 1 of 1."),
    alarm("Database.WriteLatency", &[&DATABASE], &[one("WriteLatency", "p90")])
        .above(Threshold::Yours, Unit::Seconds)
        .of(5, 5, 60)
        .says("Writes to storage take more than {threshold}.", "Look at IOPS and throughput against the volume's limits.")
        .source("AWS recommends WriteLatency p90, 5 of 5, threshold by situation; more than 20 ms are worth a look."),
    alarm("DatabaseCluster.BinlogReplication", &[&AURORA_WRITER], &[one("AuroraBinlogReplicaLag", "Average")])
        .only(Test::All(&[AURORA_MYSQL, Test::Has("ReplicationSourceIdentifier")]))
        .below(number(0.0), Unit::Seconds)
        .of(2, 2, 60)
        .is(Severity::Critical, Profile::Standard)
        .says("Binlog replication into this cluster has stopped.", "Run SHOW REPLICA STATUS on the writer and read the last error.")
        .source("AWS recommends AuroraBinlogReplicaLag Average at -1, 2 of 2."),
    alarm("DatabaseCluster.ClusterCpuUtilization", &[&MULTI_AZ_CLUSTER], &[one("CPUUtilization", "Maximum")])
        .above(number(90.0), Unit::Percent)
        .of(5, 5, 60)
        .missing(Missing::Missing)
        .is(Severity::Warning, Profile::Essential)
        .says("An instance of the cluster has been above {threshold} CPU for five minutes.", "Look at the load by query (Database Insights), and for a missing index.")
        .source("AWS recommends CPUUtilization above 90, 5 of 5, of instances; Maximum over the cluster's, which no template names."),
    alarm("DatabaseCluster.ClusterFreeStorage", &[&MULTI_AZ_CLUSTER], &[one("FreeStorageSpace", "Minimum")])
        .below(share(10, "AllocatedStorage", GIB, None), Unit::Bytes)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("Less than {threshold} of an instance's storage are free: a tenth. Without any, the cluster stops.", "Raise AllocatedStorage now, then look at what grows.")
        .source("AWS recommends FreeStorageSpace Minimum below 10 % of the allocated storage, 5 of 5, of instances."),
    alarm("DatabaseCluster.ReplicaLag", &[&AURORA_WITH_READERS], &[one("AuroraReplicaLagMaximum", "Maximum")])
        .above(number(10_000.0), Unit::Milliseconds)
        .of(10, 10, 60)
        .says("A reader is more than {threshold} behind the writer; readers that fall far behind are restarted.", "Look at the readers' CPU and the writer's write load; make readers as large as the writer.")
        .source("Our own number: Amazon CloudWatch metrics for Amazon Aurora; replicas are usually less than 100 ms behind."),
    alarm("DatabaseCluster.StorageNetworkThroughput", &[&AURORA_WRITER], &[one("StorageNetworkThroughput", "Average")])
        .above(Threshold::Yours, Unit::Bytes)
        .of(5, 5, 60)
        .says("The writer exchanges more than {threshold} a second with its storage.", "Look for queries that read much, or use a larger class.")
        .source("AWS recommends StorageNetworkThroughput Average, 5 of 5, 80 to 90 % of the class's bandwidth, which no property names."),
    alarm("DatabaseCluster.VolumeSpace", &[&AURORA_VOLUME], &[one("AuroraVolumeBytesLeftTotal", "Average")])
        .below(number(10_995_116_277_760.0), Unit::Bytes)
        .of(5, 5, 60)
        .says("Less than {threshold} (10 TiB) remain until the cluster's volume has its maximum size.", "Look at what grows, and drop or move what nobody needs.")
        .source("AWS recommends AuroraVolumeBytesLeftTotal Average, 5 of 5, threshold by situation; 10 TiB leave time to act. Aurora MySQL only."),
    alarm("DatabaseCluster.WriterUptime", &[&AURORA_WRITER], &[one("EngineUptime", "Average")])
        .only(Test::All(&[
            Test::Not(&Test::Is("ServerlessV2ScalingConfiguration.MinCapacity", &["0"])),
            Test::Not(&Test::All(&[Test::Has("GlobalClusterIdentifier"), Test::Not(&Test::Has("MasterUsername"))])),
        ]))
        .below(number(1.0), Unit::Seconds)
        .of(5, 5, 60)
        .missing(Missing::Breaching)
        .is(Severity::Critical, Profile::Essential)
        .says("The cluster has had no running writer for five minutes.", "Look at the cluster's events and its instances' status. A cluster stopped on purpose alarms too.")
        .source("AWS recommends EngineUptime Average at 0 or less, 2 of 2, by writer; we wait for five minutes, because failovers take one or two."),
    alarm("DatabaseProxy.ClientAuthFailures", &[&PROXY], &[one("ClientConnectionsSetupFailedAuth", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("Clients fail to log in to the proxy, again and again.", "Compare the secrets in the proxy's Auth with the database's users, and the clients' use of TLS and IAM.")
        .source("Our own number: Monitoring RDS Proxy metrics with Amazon CloudWatch."),
    alarm("DatabaseProxy.ConnectionFailures", &[&PROXY], &[one("DatabaseConnectionsSetupFailed", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("The proxy cannot connect to its database.", "Look at the target's health and the proxy's log: secret, security group, max_connections.")
        .source("Our own number: Monitoring RDS Proxy metrics with Amazon CloudWatch."),
    alarm("DatabaseProxy.PoolUsage", &[&PROXY], &[metric("b", "DatabaseConnectionsCurrentlyBorrowed", "Sum"), metric("m", "MaxDatabaseConnectionsAllowed", "Sum")])
        .math("100 * b / m")
        .above(number(80.0), Unit::Percent)
        .of(5, 5, 60)
        .says("More than {threshold} of the proxy's connections are borrowed; then clients wait.", "Look for pinned sessions (DatabaseConnectionsCurrentlySessionPinned) and long transactions.")
        .source("Our own number: Monitoring RDS Proxy metrics with Amazon CloudWatch."),
];
