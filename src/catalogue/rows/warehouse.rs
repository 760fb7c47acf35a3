//! Where data is analysed: Amazon Redshift, Athena, AWS Glue, Timestream, QuickSight.

use crate::catalogue::build::{alarm, metric, number, one, share};
use crate::catalogue::kind::{Kind, by_attribute, by_property, by_ref, fixed};
use crate::catalogue::spec::{AlarmSpec, Missing, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::{Need, Test};

/// A Redshift cluster.
pub(crate) static WAREHOUSE: Kind = Kind::new(
    "Redshift cluster",
    "Redshift clusters",
    &["Warehouse"],
    "AWS/Redshift",
    &["AWS::Redshift::Cluster"],
    &[by_ref("ClusterIdentifier", "ClusterIdentifier")],
);

/// A workgroup of Redshift Serverless.
pub(crate) static SERVERLESS_WAREHOUSE: Kind = Kind::new(
    "Redshift Serverless workgroup",
    "Redshift Serverless workgroups",
    &["ServerlessWarehouse"],
    "AWS/Redshift-Serverless",
    &["AWS::RedshiftServerless::Workgroup"],
    &[by_ref("Workgroup", "WorkgroupName")],
);

/// An Athena workgroup.
pub(crate) static WORKGROUP: Kind = Kind::new(
    "Athena workgroup",
    "Athena workgroups",
    &["QueryWorkgroup"],
    "AWS/Athena",
    &["AWS::Athena::WorkGroup"],
    &[by_ref("WorkGroup", "Name")],
);

/// The failed queries of an Athena workgroup.
pub(crate) static FAILED_QUERIES: Kind = Kind::new(
    "Athena workgroup's failed queries",
    "Athena workgroups' failed queries",
    &["QueryWorkgroup"],
    "AWS/Athena",
    &["AWS::Athena::WorkGroup"],
    &[by_ref("WorkGroup", "Name"), fixed("QueryState", "FAILED"), fixed("QueryType", "DML")],
);

/// The counters of a Glue job, over all of its runs.
pub(crate) static JOB_COUNT: Kind = Kind::new(
    "Glue job",
    "Glue jobs",
    &["DataJob"],
    "Glue",
    &["AWS::Glue::Job"],
    &[by_ref("JobName", "Name"), fixed("JobRunId", "ALL"), fixed("Type", "count")],
);

/// The gauges of a Glue job, over all of its runs.
pub(crate) static JOB_GAUGE: Kind = Kind::new(
    "Glue job's gauges",
    "Glue jobs' gauges",
    &["DataJob"],
    "Glue",
    &["AWS::Glue::Job"],
    &[by_ref("JobName", "Name"), fixed("JobRunId", "ALL"), fixed("Type", "gauge")],
);

/// A table of Timestream for LiveAnalytics, as writers see it.
pub(crate) static SERIES_TABLE: Kind = Kind::new(
    "Timestream table",
    "Timestream tables",
    &["SeriesTable"],
    "AWS/Timestream",
    &["AWS::Timestream::Table"],
    &[
        by_property("DatabaseName", "DatabaseName"),
        by_attribute("TableName", "Name", Some("TableName")),
        fixed("Operation", "WriteRecords"),
    ],
);

/// A QuickSight dashboard.
pub(crate) static DASHBOARD: Kind = Kind::new(
    "QuickSight dashboard",
    "QuickSight dashboards",
    &["BusinessDashboard"],
    "AWS/QuickSight",
    &["AWS::QuickSight::Dashboard"],
    &[by_property("DashboardId", "DashboardId")],
);

/// A QuickSight data set that QuickSight keeps in memory.
pub(crate) static DATA_SET: Kind = Kind::new(
    "QuickSight data set",
    "QuickSight data sets",
    &["DataSet"],
    "AWS/QuickSight",
    &["AWS::QuickSight::DataSet"],
    &[by_property("DatasetId", "DataSetId")],
)
.only(Test::Is("ImportMode", &["SPICE"]));

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[
    &WAREHOUSE,
    &SERVERLESS_WAREHOUSE,
    &WORKGROUP,
    &FAILED_QUERIES,
    &JOB_COUNT,
    &JOB_GAUGE,
    &SERIES_TABLE,
    &DASHBOARD,
    &DATA_SET,
];

/// Glue publishes job metrics if the argument is there; its value does not matter.
const JOB_METRICS: Need = Need {
    on: Test::Has("DefaultArguments.--enable-metrics"),
    fix: None,
    help: "Add \"--enable-metrics\": \"true\" to DefaultArguments; CloudWatch bills the metrics as custom metrics.",
};
/// A workgroup made by the API or CloudFormation says itself whether it publishes metrics.
const QUERY_METRICS: Need = Need {
    on: Test::Is("WorkGroupConfiguration.PublishCloudWatchMetricsEnabled", &["true"]),
    fix: None,
    help: "Add WorkGroupConfiguration: {PublishCloudWatchMetricsEnabled: true}.",
};
/// Spark jobs have these metrics; Python shell jobs do not.
const SPARK: Test = Test::Is("Command.Name", &["glueetl", "gluestreaming"]);

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("BusinessDashboard.VisualErrors", &[&DASHBOARD], &[one("VisualLoadErrorCount", "Sum")])
        .above(number(5.0), Unit::Count)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Critical)
        .says("Visuals of the dashboard fail to load, more than {threshold} in five minutes.", "Open the dashboard: the visual says whether its data source, a field or a permission is missing.")
        .source("Our own number: Monitoring Amazon QuickSight with Amazon CloudWatch."),
    alarm("DataJob.FailedTasks", &[&JOB_COUNT], &[one("glue.driver.aggregate.numFailedTasks", "Sum")])
        .only(SPARK)
        .needs(JOB_METRICS)
        .above(Threshold::Yours, Unit::Count)
        .of(1, 1, 300)
        .says("More than {threshold} tasks of the job have failed in five minutes; Spark repeats some, then the run fails.", "Read the run's error log, and look at skewed partitions and memory.")
        .source("Our own: Monitoring AWS Glue using Amazon CloudWatch metrics; single failed tasks are repeated and normal. Failed runs are events, not metrics."),
    alarm("DataJob.HeapUsage", &[&JOB_GAUGE], &[metric("m", "glue.ALL.jvm.heap.usage", "Average")])
        .math("100 * m")
        .only(SPARK)
        .needs(JOB_METRICS)
        .above(number(90.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("The job's executors use more than {threshold} of their memory and may run out of it.", "Look at skewed partitions and caching; use a larger worker type, or more workers.")
        .source("Our own number: Monitoring AWS Glue using Amazon CloudWatch metrics; the metric is a fraction of 1."),
    alarm("DataSet.IngestionErrors", &[&DATA_SET], &[one("IngestionErrorCount", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .says("The data set could not be refreshed; dashboards show old data.", "Read the data set's refresh history: credentials, a changed column, SPICE capacity.")
        .source("Our own: one failed refresh is one too many; Monitoring Amazon QuickSight with Amazon CloudWatch."),
    alarm("QueryWorkgroup.FailedQueries", &[&FAILED_QUERIES], &[one("TotalExecutionTime", "SampleCount")])
        .needs(QUERY_METRICS)
        .above(Threshold::Yours, Unit::Count)
        .of(1, 1, 300)
        .says("More than {threshold} queries of this workgroup have failed in five minutes.", "Look at the workgroup's query history for the errors.")
        .source("Our own: TotalExecutionTime has a sample a query; Monitor Athena query metrics with CloudWatch. People mistype queries, so the number is yours."),
    alarm("QueryWorkgroup.ProcessedBytes", &[&WORKGROUP], &[one("ProcessedBytes", "Sum")])
        .needs(QUERY_METRICS)
        .above(Threshold::Yours, Unit::Bytes)
        .of(1, 1, 3600)
        .is(Severity::Warning, Profile::Critical)
        .says("Queries of this workgroup have scanned more than {threshold} in an hour; Athena bills by what is scanned.", "Look for a query without a partition filter in the query history.")
        .source("Our own: Monitor Athena query metrics with CloudWatch; what is normal depends on the data."),
    alarm("SeriesTable.WriteLatency", &[&SERIES_TABLE], &[one("SuccessfulRequestLatency", "Average")])
        .above(Threshold::Yours, Unit::Milliseconds)
        .of(10, 10, 60)
        .says("Timestream takes more than {threshold} on average to write to this table.", "Look at batch sizes and throttled requests of the writers.")
        .source("Our own: Timestream metrics and dimensions; errors have no table among their dimensions."),
    alarm("ServerlessWarehouse.Capacity", &[&SERVERLESS_WAREHOUSE], &[one("ComputeCapacity", "Average")])
        .above(share(90, "MaxCapacity", 1.0, None), Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("The workgroup has used more than {threshold} RPUs for 15 minutes, close to its MaxCapacity; then queries wait.", "Look at the running queries; raise MaxCapacity if they are what they should be.")
        .source("Our own: 90 % of MaxCapacity; Monitoring Amazon Redshift Serverless with CloudWatch metrics."),
    alarm("ServerlessWarehouse.Connections", &[&SERVERLESS_WAREHOUSE], &[one("DatabaseConnections", "Maximum")])
        .above(Threshold::Yours, Unit::Count)
        .of(5, 5, 60)
        .says("The workgroup has more than {threshold} connections; at 2,000 it refuses further ones.", "Look for clients that do not close their connections.")
        .source("Our own: Monitoring Amazon Redshift Serverless with CloudWatch metrics; what is normal depends on the clients."),
    alarm("Warehouse.CpuUtilization", &[&WAREHOUSE], &[one("CPUUtilization", "Average")])
        .above(number(95.0), Unit::Percent)
        .of(12, 12, 300)
        .is(Severity::Warning, Profile::Critical)
        .says("The cluster's CPU has been above {threshold} for an hour.", "Look at the longest running queries, and at concurrency scaling.")
        .source("Our own number: Redshift performance data; queries use all CPU for minutes, so only an hour says that it is too small."),
    alarm("Warehouse.DiskUsage", &[&WAREHOUSE], &[one("PercentageDiskSpaceUsed", "Average")])
        .above(number(85.0), Unit::Percent)
        .of(3, 3, 300)
        .is(Severity::Critical, Profile::Essential)
        .says("More than {threshold} of the cluster's disk are used; at 100 % queries and loads fail.", "Look for queries that spill to disk, unsorted and deleted rows (VACUUM), then resize the cluster.")
        .source("Our own number: Redshift performance data; queries need space for intermediate results."),
    alarm("Warehouse.Health", &[&WAREHOUSE], &[metric("h", "HealthStatus", "Minimum"), metric("d", "MaintenanceMode", "Maximum")])
        .math("IF(d > 0, 1, h)")
        .below(number(1.0), Unit::Count)
        .of(5, 5, 60)
        .missing(Missing::Missing)
        .is(Severity::Critical, Profile::Essential)
        .says("The cluster is not healthy: it has not answered a simple query for five minutes, outside of maintenance.", "Look at the cluster's events and status.")
        .source("Our own window: HealthStatus and MaintenanceMode, Redshift performance data; a paused cluster has no data."),
    alarm("Warehouse.QueryQueue", &[&WAREHOUSE], &[one("WLMQueueLength", "Maximum")])
        .above(Threshold::Yours, Unit::Count)
        .of(3, 3, 300)
        .says("More than {threshold} queries wait to run.", "Look at the running queries and locks, and at the queues of workload management.")
        .source("Our own: Redshift performance data; how long queries may wait depends on the application."),
];
