//! Work in batches and platforms around it: Amazon EMR, AWS Elastic Beanstalk. AWS Batch has no metrics of queues.

use crate::catalogue::build::{alarm, number, one};
use crate::catalogue::kind::{Kind, by_id, by_ref};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Unit};

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
pub(super) static KINDS: &[&Kind] = &[&EMR_CLUSTER, &BEANSTALK];

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
];
