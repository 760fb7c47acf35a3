//! Amazon EKS: control planes, and nodes where the CloudWatch add-on runs.

use crate::catalogue::build::{alarm, metric, number, one};
use crate::catalogue::kind::{Kind, by_property, by_ref};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Unit};
use crate::catalogue::test::Test;

/// A cluster's control plane.
pub(crate) static EKS_CLUSTER: Kind = Kind::new(
    "EKS cluster",
    "EKS clusters",
    &["Kubernetes"],
    "AWS/EKS",
    &["AWS::EKS::Cluster"],
    &[by_ref("ClusterName", "Name")],
)
// The control plane of a local cluster is on an Outpost, and publishes nothing.
.only(Test::Not(&Test::Has("OutpostConfig")));

/// The nodes of a cluster, seen by the CloudWatch add-on; its resource names the cluster.
pub(crate) static EKS_NODES: Kind = Kind::new(
    "EKS nodes",
    "nodes of EKS clusters",
    &["KubernetesNodes"],
    "ContainerInsights",
    &["AWS::EKS::Addon"],
    &[by_property("ClusterName", "ClusterName")],
)
.only(Test::Is("AddonName", &["amazon-cloudwatch-observability"]));

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&EKS_CLUSTER, &EKS_NODES];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("Kubernetes.ApiErrorRate", &[&EKS_CLUSTER], &[
            metric("e", "apiserver_request_total_5XX", "Sum"),
            metric("c", "apiserver_request_total", "Sum"),
        ])
        .gated("IF(e >= {min}, 100 * e / c, 0)", 10)
        .above(number(5.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Standard)
        .says(
            "More than {threshold} of the requests to the cluster's API server fail with a 5xx error, and at least {min} {per}.",
            "Look at admission webhooks first (a webhook without pods fails requests), then at the control plane's logs.",
        )
        .source("AWS recommends apiserver_request_total_5xx Sum > 10, 5 of 5, of Container Insights; the free metric of AWS/EKS as a rate, with 10 as the gate."),
    alarm("Kubernetes.ApiLatency", &[&EKS_CLUSTER], &[one("apiserver_request_duration_seconds_GET_P99", "Average")])
        .above(number(1.0), Unit::Seconds)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "One read in a hundred of the cluster's API server has taken longer than {threshold} for 15 minutes.",
            "Look at which clients ask most (a controller that lists everything) and at throttled requests.",
        )
        .source("EKS user guide, control plane metrics; one second for a read is the objective that Kubernetes sets itself."),
    alarm("Kubernetes.EtcdSize", &[&EKS_CLUSTER], &[one("etcd_mvcc_db_total_size_in_use_in_bytes", "Maximum")])
        // Larger control planes have a larger database.
        .only(Test::Not(&Test::Has("ControlPlaneScalingConfig")))
        .above(number(6_871_947_674.0), Unit::Bytes)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Standard)
        .says(
            "The cluster's etcd database is 80 % full; when it is full, the cluster can only be read.",
            "Count objects by kind and delete what is left over: completed jobs, events, reports, old secrets and config maps.",
        )
        .source("EKS user guide: the size in use decides on read-only mode (control plane metrics), and etcd is limited to 8 GiB (clusters); 80 % of it."),
    alarm("Kubernetes.UnschedulablePods", &[&EKS_CLUSTER], &[one("scheduler_pending_pods_UNSCHEDULABLE", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "For 15 minutes there have been pods for which the scheduler finds no node.",
            "Read the events of pending pods: not enough CPU or memory, a taint, a volume in another zone; then look at the autoscaler.",
        )
        .source("EKS user guide, control plane metrics; AWS recommends more than 3 pending pods, 8 of 10, of a namespace; longer than new nodes take to join."),
    alarm("KubernetesNodes.CpuUtilization", &[&EKS_NODES], &[one("node_cpu_utilization", "Maximum")])
        .above(number(80.0), Unit::Percent)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "In each of the last 15 minutes a node of the cluster has used more than {threshold} of its CPU.",
            "Look at the busiest pods of the node and whether they have limits and requests that fit.",
        )
        .source("AWS recommends node_cpu_utilization Maximum > 80, 3 of 3; 15 of 15, because a build or a start-up is no incident."),
    alarm("KubernetesNodes.DiskUsage", &[&EKS_NODES], &[one("node_filesystem_utilization", "Maximum")])
        .above(number(85.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "A node's disk is more than {threshold} full; at 90 % Kubernetes evicts its pods.",
            "Look at images and logs on the node; raise the volume's size in the launch template.",
        )
        .source("AWS recommends node_filesystem_utilization Maximum, 5 of 5, number by situation; the kubelet starts to delete images at 85 %."),
    alarm("KubernetesNodes.FailedNodes", &[&EKS_NODES], &[one("cluster_failed_node_count", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(10, 10, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "For ten minutes at least one node of the cluster has been in a failed condition.",
            "List the nodes and their conditions: not ready, memory or disk pressure; drain and replace the node.",
        )
        .source("CloudWatch user guide, Container Insights metrics of EKS: nodes with any node condition; for longer than a replacement takes."),
    alarm("KubernetesNodes.MemoryUtilization", &[&EKS_NODES], &[one("node_memory_utilization", "Maximum")])
        .above(number(80.0), Unit::Percent)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "In each of the last 15 minutes a node of the cluster has used more than {threshold} of its memory.",
            "Look at the largest pods of the node, whether they have limits, and whether one leaks.",
        )
        .source("AWS recommends node_memory_utilization Maximum > 80, 2 of 3, missing data breaching; 15 of 15, and clusters may have no nodes."),
];
