//! Work in batches and platforms around it: AWS Batch, Amazon EMR, AWS Elastic Beanstalk.

use crate::catalogue::build::{alarm, number, one};
use crate::catalogue::kind::{Kind, by_id, by_ref, found};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Threshold, Unit};

/// A queue of AWS Batch. CloudFormation gives its ARN only, of which the name is the end.
pub(crate) static JOB_QUEUE: Kind = Kind::new(
    "Batch job queue",
    "Batch job queues",
    &["JobQueue"],
    "AWS/Batch",
    &["AWS::Batch::JobQueue"],
    &[found("JobQueueName")],
)
.found_by_code();

/// An EMR cluster.
pub(crate) static EMR_CLUSTER: Kind = Kind::new(
    "EMR cluster",
    "EMR clusters",
    &["Emr"],
    "AWS/ElasticMapReduce",
    &["AWS::EMR::Cluster"],
    &[by_id("JobFlowId")],
);

/// A Beanstalk environment with enhanced health reporting.
pub(crate) static BEANSTALK: Kind = Kind::new(
    "Elastic Beanstalk environment",
    "Elastic Beanstalk environments",
    &["Beanstalk"],
    "AWS/ElasticBeanstalk",
    &["AWS::ElasticBeanstalk::Environment"],
    &[by_ref("EnvironmentName", "EnvironmentName")],
)
.found_by_code();

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&JOB_QUEUE, &EMR_CLUSTER, &BEANSTALK];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("Beanstalk.Degraded", &[&BEANSTALK], &[one("EnvironmentHealth", "Minimum")])
        .above(number(15.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "The environment's health has been Degraded or Severe for five minutes: requests or instances fail in numbers.",
            "Read the causes on the environment's health page, then the instances' logs.",
        )
        .source("Elastic Beanstalk guide, EnvironmentHealth: 15 is Warning, 20 Degraded, 25 Severe."),
    alarm("Beanstalk.Warned", &[&BEANSTALK], &[one("EnvironmentHealth", "Minimum")])
        .above(number(10.0), Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The environment's health has been Warning or worse for 15 minutes.",
            "Read the causes on the environment's health page: some requests fail, or an instance is slow or out of date.",
        )
        .source("Elastic Beanstalk guide, EnvironmentHealth: 10 is no data, 15 Warning; for longer than a deployment takes."),
    alarm("Emr.HdfsUtilization", &[&EMR_CLUSTER], &[one("HDFSUtilization", "Average")])
        .above(number(80.0), Unit::Percent)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "More than {threshold} of the cluster's HDFS is used; when it is full, jobs fail.",
            "Delete intermediate data, add core nodes, or keep the data in S3.",
        )
        .source("EMR management guide, HDFSUtilization; 80 % is our own."),
    alarm("Emr.MissingBlocks", &[&EMR_CLUSTER], &[one("MissingBlocks", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(2, 2, 300)
        .is(Severity::Critical, Profile::Standard)
        .says(
            "HDFS has blocks without any replica: data is missing, and jobs that read it fail.",
            "See which files are affected (`hdfs fsck /`) and which core nodes are gone.",
        )
        .source("EMR management guide, MissingBlocks: blocks in which HDFS has no replicas; they may be corrupt."),
    alarm("Emr.UnhealthyNodes", &[&EMR_CLUSTER], &[one("MRUnhealthyNodes", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "YARN has marked a node of the cluster as unhealthy for 15 minutes, and gives it no work.",
            "Look at the node's disks first: YARN takes a node out when a disk is 90 % full.",
        )
        .source("EMR management guide, MRUnhealthyNodes: nodes available to jobs that are marked UNHEALTHY."),
    alarm("Emr.YarnMemory", &[&EMR_CLUSTER], &[one("YARNMemoryAvailablePercentage", "Average")])
        .below(number(15.0), Unit::Percent)
        .of(6, 6, 300)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "For half an hour less than {threshold} of the cluster's memory has been free: containers wait.",
            "Look at pending containers and running applications; add nodes, or let managed scaling do so.",
        )
        .source("EMR management guide, YARNMemoryAvailablePercentage: 15 % is what its default scaling rule grows at."),
    alarm("JobQueue.FailedJobs", &[&JOB_QUEUE], &[one("JobsMovedToFailed", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "A job of the queue has failed after all its attempts, or was cancelled: its work is not done.",
            "Read the job's status reason and log, then submit it again.",
        )
        .source("Batch user guide, JobsMovedToFailed, published when a job fails, retries excepted; one failed job is work that nobody repeats."),
    alarm("JobQueue.WaitingTime", &[&JOB_QUEUE], &[one("JobAttemptRunnableToStartingDuration", "Maximum")])
        .above(Threshold::Yours, Unit::Milliseconds)
        .of(1, 1, 900)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "A job of the queue has waited longer than {threshold} for a place to run.",
            "Look at the compute environments: their maximum of vCPUs, their state, and whether the instance types can be had.",
        )
        .source("Batch user guide, JobAttemptRunnableToStartingDuration (ms), published when a job starts; how long a job may wait is yours to say."),
];
