//! AWS Database Migration Service and AWS DataSync.

use crate::catalogue::build::{alarm, number, one, share};
use crate::catalogue::kind::{Kind, found, piece_of_ref};
use crate::catalogue::spec::{AlarmSpec, Missing, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::Test;

/// A replication instance, by the last part of its ARN.
pub(crate) static INSTANCE: Kind = Kind::new(
    "replication instance",
    "replication instances",
    &["ReplicationInstance"],
    "AWS/DMS",
    &["AWS::DMS::ReplicationInstance"],
    &[piece_of_ref("ReplicationInstanceExternalResourceId", ":", 6)],
);

/// A replication task, by the name of its instance and the last part of its own ARN.
pub(crate) static TASK: Kind = Kind::new(
    "replication task",
    "replication tasks",
    &["ReplicationTask"],
    "AWS/DMS",
    &["AWS::DMS::ReplicationTask"],
    &[found("ReplicationInstanceIdentifier"), found("ReplicationTaskIdentifier")],
)
.found_by_code();

/// A DataSync task, by the last part of its ARN.
pub(crate) static TRANSFER: Kind = Kind::new(
    "DataSync task",
    "DataSync tasks",
    &["TransferTask"],
    "AWS/DataSync",
    &["AWS::DataSync::Task"],
    &[piece_of_ref("TaskId", "/", 1)],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&INSTANCE, &TASK, &TRANSFER];

/// Tasks that go on after the first load.
const ONGOING: Test = Test::Is("MigrationType", &["cdc", "full-load-and-cdc"]);

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("ReplicationInstance.CpuUtilization", &[&INSTANCE], &[one("CPUUtilization", "Average")])
        .above(number(90.0), Unit::Percent)
        .of(15, 15, 60)
        .says("The replication instance's CPU has been above {threshold} for 15 minutes; its tasks fall behind.", "Look at the number of tasks and their parallel loads; use a larger class.")
        .source("Our own number: AWS DMS metrics, replication instance."),
    alarm("ReplicationInstance.FreeStorage", &[&INSTANCE], &[one("FreeStorageSpace", "Minimum")])
        .below(share(10, "AllocatedStorage", 1_073_741_824.0, Some(50.0)), Unit::Bytes)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("The replication instance has less than {threshold} of storage free: a tenth. Without any, its tasks fail.", "Look at task logs and at changes that wait on disk; raise AllocatedStorage.")
        .source("Our own share: AWS DMS metrics, replication instance; AllocatedStorage is 50 GB by default."),
    alarm("ReplicationInstance.FreeableMemory", &[&INSTANCE], &[one("FreeableMemory", "Average")])
        .below(Threshold::Yours, Unit::Bytes)
        .of(15, 15, 60)
        .says("The replication instance has less than {threshold} of memory left; then it swaps or tasks fail.", "Look at the tasks' memory and LOB settings; use a class with more memory.")
        .source("Our own: AWS DMS metrics, replication instance; a share of the class's memory, which no property names."),
    alarm("ReplicationTask.SourceLatency", &[&TASK], &[one("CDCLatencySource", "Maximum")])
        .only(ONGOING)
        .above(Threshold::Yours, Unit::Seconds)
        .of(15, 15, 60)
        .says("The task is more than {threshold} behind its source.", "Read the task's log; look at the source's load and log retention, and at the replication instance.")
        .source("Our own: AWS DMS metrics, replication task; how far behind is too far depends on the migration."),
    alarm("ReplicationTask.TargetLatency", &[&TASK], &[one("CDCLatencyTarget", "Maximum")])
        .only(ONGOING)
        .above(Threshold::Yours, Unit::Seconds)
        .of(15, 15, 60)
        .says("Changes reach the target more than {threshold} after they were made.", "Compare with the latency of the source; then look at the target's load, indexes and locks.")
        .source("Our own: AWS DMS metrics, replication task; how far behind is too far depends on the migration."),
    alarm("TransferTask.BytesTransferred", &[&TRANSFER], &[one("BytesTransferred", "Sum")])
        .only(Test::Has("Schedule"))
        .below(Threshold::Yours, Unit::Bytes)
        .of(1, 1, 86_400)
        .missing(Missing::Breaching)
        .is(Severity::Warning, Profile::Standard)
        .says("The scheduled task has transferred less than {threshold} in a day, perhaps because it did not run.", "Look at the task's last execution and its error, then at the agent and the locations.")
        .source("Our own: Monitoring AWS DataSync with Amazon CloudWatch; no metric counts failed executions, so only you know what a day should bring."),
];
