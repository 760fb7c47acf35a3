//! Amazon ECS: services and clusters.

use crate::catalogue::build::{alarm, metric, number, one};
use crate::catalogue::kind::{Dimension, Kind, by_ref, found};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Unit};
use crate::catalogue::test::{Test, is_by_default};

const SERVICES: &[&str] = &["AWS::ECS::Service", "AWS::ECS::ExpressGatewayService"];
const SERVICE_DIMENSIONS: &[Dimension] = &[found("ClusterName"), found("ServiceName")];

/// Tasks outside AWS have no metrics in CloudWatch.
const IN_AWS: Test = Test::Not(&Test::Is("LaunchType", &["EXTERNAL"]));

/// A service.
pub(crate) static SERVICE: Kind =
    Kind::new("ECS service", "ECS services", &["Service"], "AWS/ECS", SERVICES, SERVICE_DIMENSIONS)
        .only(IN_AWS)
        .found_by_code();

/// A service in a cluster with Container Insights.
pub(crate) static SERVICE_INSIGHTS: Kind = Kind::new(
    "ECS service with Container Insights",
    "ECS services with Container Insights",
    &["Service"],
    "ECS/ContainerInsights",
    SERVICES,
    SERVICE_DIMENSIONS,
)
.only(IN_AWS)
.found_by_code();

/// A cluster with instances of its own: others reserve nothing.
pub(crate) static INSTANCE_CLUSTER: Kind = Kind::new(
    "ECS cluster on EC2",
    "ECS clusters on EC2",
    &["Cluster"],
    "AWS/ECS",
    &["AWS::ECS::Cluster"],
    &[by_ref("ClusterName", "ClusterName")],
)
.found_by_code();

/// It keeps a number of tasks running; a daemon runs where there are instances.
const REPLICA: Test = is_by_default!("SchedulingStrategy", "REPLICA");

/// Only tasks on Fargate report it; Express services run there, and are known by their container.
const FARGATE: Test = Test::Any(&[Test::Is("LaunchType", &["FARGATE"]), Test::Has("PrimaryContainer")]);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&SERVICE, &SERVICE_INSIGHTS, &INSTANCE_CLUSTER];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("Cluster.ReservedCpu", &[&INSTANCE_CLUSTER], &[one("CPUReservation", "Average")])
        .above(number(80.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "More than {threshold} of the CPU of the cluster's instances is reserved: further tasks may find no place.",
            "Add instances, or let a capacity provider with managed scaling do so.",
        )
        .source("AWS recommends CPUReservation Average > 80, 5 of 5; a cluster without tasks has no data, so missing data is good."),
    alarm("Cluster.ReservedMemory", &[&INSTANCE_CLUSTER], &[one("MemoryReservation", "Average")])
        .above(number(80.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "More than {threshold} of the memory of the cluster's instances is reserved: further tasks may find no place.",
            "Add instances, or let a capacity provider with managed scaling do so.",
        )
        .source("AWS recommends MemoryReservation Average > 80, 5 of 5; a cluster without tasks has no data, so missing data is good."),
    alarm("Service.CpuUtilization", &[&SERVICE], &[one("CPUUtilization", "Average")])
        .above(number(80.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The service's tasks have used more than {threshold} of their CPU for five minutes.",
            "Look at requests and at scaling: is the service at its maximum number of tasks? Else give tasks more CPU.",
        )
        .source("AWS recommends CPUUtilization Average > 80, 5 of 5; a service without tasks has no data, so missing data is good."),
    alarm("Service.EphemeralStorage", &[&SERVICE_INSIGHTS], &[
            metric("u", "EphemeralStorageUtilized", "Maximum"),
            metric("r", "EphemeralStorageReserved", "Maximum"),
        ])
        .only(FARGATE)
        .math("100 * u / r")
        .above(number(90.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "A task of the service has used more than {threshold} of its ephemeral storage; at 100 % it cannot write.",
            "Find what fills the disk: logs, downloads, temporary files; or raise EphemeralStorage in the task definition.",
        )
        .source("AWS recommends EphemeralStorageUtilized > 90, 5 of 5; the metric is in GB, so as a share of EphemeralStorageReserved. Fargate only."),
    alarm("Service.MemoryUtilization", &[&SERVICE], &[one("MemoryUtilization", "Average")])
        .above(number(80.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The service's tasks have used more than {threshold} of their memory for five minutes; at 100 % they are killed.",
            "Look at whether memory grows with requests or with time (a leak); restart tasks, then give them more.",
        )
        .source("AWS recommends MemoryUtilization Average > 80, 5 of 5; a service without tasks has no data, so missing data is good."),
    alarm("Service.MissingTasks", &[&SERVICE_INSIGHTS], &[
            metric("d", "DesiredTaskCount", "Minimum"),
            metric("t", "RunningTaskCount", "Maximum"),
        ])
        .math("d - t")
        .above(number(0.0), Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "For 15 minutes fewer tasks of the service have run than it wants.",
            "Read the service's events and the reason of stopped tasks: no capacity, no image, or a failing container.",
        )
        .source("Our own: RunningTaskCount against DesiredTaskCount, for longer than a deployment takes to start tasks."),
    alarm("Service.NoTasks", &[&SERVICE_INSIGHTS], &[
            metric("d", "DesiredTaskCount", "Minimum"),
            metric("t", "RunningTaskCount", "Maximum"),
        ])
        .only(REPLICA)
        // Nobody wants tasks of a service that is scaled to zero.
        .math("IF(d > 0 AND t < 1, 1, 0)")
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "No task of the service has run for five minutes, though it wants some.",
            "Read the service's events and the reason of stopped tasks: no capacity, no image, or a failing container.",
        )
        .source("AWS recommends RunningTaskCount <= 0, 5 of 5; only while DesiredTaskCount is above 0, since services are scaled to zero on purpose."),
    alarm("Service.VolumeUsage", &[&SERVICE], &[one("EBSFilesystemUtilization", "Maximum")])
        .only(Test::Has("VolumeConfigurations"))
        .above(number(90.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "A volume of the service's tasks is more than {threshold} full.",
            "Find what fills the volume, or raise SizeInGiB in the service's volume configuration.",
        )
        .source("AWS recommends EBSFilesystemUtilization > 90, 5 of 5; the fullest rather than the average."),
];
