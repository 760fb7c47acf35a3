//! Message brokers: Amazon MQ (ActiveMQ, RabbitMQ) and Amazon MSK.

use crate::catalogue::build::{alarm, metric, number, one};
use crate::catalogue::kind::{Kind, by_property, found};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::Test;

/// An instance of an ActiveMQ broker: CloudWatch knows it by the broker's name with `-1` or `-2` behind it.
pub(crate) static ACTIVEMQ: Kind = Kind::new(
    "ActiveMQ broker",
    "ActiveMQ brokers",
    &["Broker"],
    "AWS/AmazonMQ",
    &["AWS::AmazonMQ::Broker"],
    &[found("Broker")],
)
.only(Test::Is("EngineType", &["ACTIVEMQ"]))
.found_by_code()
.renaming(&[("MessageCount", "TotalMessageCount")]);

/// A RabbitMQ broker; of a cluster, the sums over its nodes.
pub(crate) static RABBITMQ: Kind = Kind::new(
    "RabbitMQ broker",
    "RabbitMQ brokers",
    &["Broker"],
    "AWS/AmazonMQ",
    &["AWS::AmazonMQ::Broker"],
    &[by_property("Broker", "BrokerName")],
)
.only(Test::Is("EngineType", &["RABBITMQ"]))
.renaming(&[("CpuUtilization", "SystemCpuUtilization")]);

/// A provisioned Kafka cluster.
pub(crate) static KAFKA_CLUSTER: Kind = Kind::new(
    "Kafka cluster",
    "Kafka clusters",
    &["KafkaCluster"],
    "AWS/Kafka",
    &["AWS::MSK::Cluster"],
    &[by_property("Cluster Name", "ClusterName")],
);

/// A broker of a provisioned Kafka cluster.
pub(crate) static KAFKA_BROKER: Kind = Kind::new(
    "Kafka broker",
    "Kafka brokers",
    &["KafkaBroker"],
    "AWS/Kafka",
    &["AWS::MSK::Cluster"],
    &[by_property("Cluster Name", "ClusterName"), found("Broker ID")],
)
.found_by_code();

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&ACTIVEMQ, &RABBITMQ, &KAFKA_CLUSTER, &KAFKA_BROKER];

/// Express brokers have no disks, heaps or partitions that one must look after, and no metrics of them.
const STANDARD: Test = Test::Not(&Test::Starts("BrokerNodeGroupInfo.InstanceType", &["express."]));
/// With KRaft, controllers are no brokers. Its versions end in `.kraft`: those before 3.7 have none, those from 4 on have nothing else.
const ON_ZOOKEEPER: Test = Test::Any(&[
    Test::Starts("KafkaVersion", &["1.", "2.", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6"]),
    Test::Is("KafkaVersion", &["3.7.x", "3.8.x", "3.9.x"]),
]);
/// The CPU of a RabbitMQ cluster is a sum over three nodes, of which no share is known.
const HAS_OWN_CPU: Test =
    Test::Any(&[Test::Is("EngineType", &["ACTIVEMQ"]), Test::Is("DeploymentMode", &["SINGLE_INSTANCE"])]);

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("Broker.CpuUtilization", &[&ACTIVEMQ, &RABBITMQ], &[one("CpuUtilization", "Average")])
        .only(HAS_OWN_CPU)
        .above(number(90.0), Unit::Percent)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The broker has used more than {threshold} of its CPU for 15 minutes.",
            "Look at the rate of messages and connections; then choose a larger instance.",
        )
        .source("Our own, as for databases: Amazon MQ developer guide, CpuUtilization and SystemCpuUtilization."),
    alarm("Broker.DiskFree", &[&RABBITMQ], &[metric("f", "RabbitMQDiskFree", "Minimum"), metric("l", "RabbitMQDiskFreeLimit", "Maximum")])
        .math("100 * f / l")
        .below(number(150.0), Unit::Percent)
        .of(3, 3, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "The broker's free disk space is less than {threshold} of the limit at which it stops to take messages.",
            "Look for queues that nobody empties; consume or purge them.",
        )
        .source("Our own: Amazon MQ developer guide; below RabbitMQDiskFreeLimit producers are blocked, so half of it again is left."),
    alarm("Broker.HeapUsage", &[&ACTIVEMQ], &[one("HeapUsage", "Maximum")])
        .above(number(90.0), Unit::Percent)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The broker has used more than {threshold} of its Java heap for 15 minutes.",
            "Look for slow consumers, large messages and many destinations; then choose a larger instance.",
        )
        .source("Our own: Amazon MQ developer guide, HeapUsage; long, because a garbage collection brings it down."),
    alarm("Broker.MemoryUse", &[&RABBITMQ], &[metric("u", "RabbitMQMemUsed", "Maximum"), metric("l", "RabbitMQMemLimit", "Minimum")])
        .math("100 * u / l")
        .above(number(90.0), Unit::Percent)
        .of(3, 3, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "The broker uses more than {threshold} of the memory at which it stops to take messages.",
            "Look for long queues and many connections or channels; then choose a larger instance.",
        )
        .source("Our own: Amazon MQ developer guide; above RabbitMQMemLimit producers are blocked."),
    alarm("Broker.Messages", &[&ACTIVEMQ, &RABBITMQ], &[one("MessageCount", "Average")])
        .above(Threshold::Yours, Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "More than {threshold} messages wait on the broker.",
            "Look at which queue grows, and at its consumers.",
        )
        .source("Our own: Amazon MQ developer guide, TotalMessageCount and MessageCount; how many are normal differs."),
    alarm("Broker.StoreUse", &[&ACTIVEMQ], &[one("StorePercentUsage", "Maximum")])
        .above(number(80.0), Unit::Percent)
        .of(3, 3, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "The broker's message store is more than {threshold} full; when it is full, the broker refuses messages.",
            "Look for queues without consumers and durable subscribers that are gone; consume or purge them.",
        )
        .source("Our own: Amazon MQ developer guide, StorePercentUsage; at 100 messages are refused."),
    alarm("Broker.TempUse", &[&ACTIVEMQ], &[one("TempPercentUsage", "Maximum")])
        .above(number(80.0), Unit::Percent)
        .of(3, 3, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The broker's space for messages that are not persistent is more than {threshold} full; then producers are held back.",
            "Look for slow consumers of topics and queues with messages that are not persistent.",
        )
        .source("Our own: Amazon MQ developer guide, TempPercentUsage."),
    alarm("KafkaBroker.CpuUtilization", &[&KAFKA_BROKER], &[metric("u", "CpuUser", "Average"), metric("s", "CpuSystem", "Average")])
        .math("u + s")
        .above(number(60.0), Unit::Percent)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The broker has used more than {threshold} of its CPU for 15 minutes; when another broker fails, it has its load too.",
            "Look at whether partitions are spread evenly and clients send small batches; then scale the cluster.",
        )
        .source("Amazon MSK developer guide, best practices: keep CpuUser and CpuSystem together under 60 %."),
    alarm("KafkaBroker.HeapAfterGc", &[&KAFKA_BROKER], &[one("HeapMemoryAfterGC", "Average")])
        .only(STANDARD)
        .above(number(60.0), Unit::Percent)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "More than {threshold} of the broker's heap is in use even after a garbage collection.",
            "Look at the number of partitions, connections and transactional ids.",
        )
        .source("Amazon MSK developer guide, best practices: alarm when HeapMemoryAfterGC is above 60 %."),
    alarm("KafkaBroker.UnderMinIsr", &[&KAFKA_BROKER], &[one("UnderMinIsrPartitionCount", "Maximum")])
        .only(STANDARD)
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "Partitions have too few replicas in step for five minutes: producers that wait for all of them are refused.",
            "Look at which broker is down or behind, and at maintenance in the cluster's operations.",
        )
        .source("Amazon MSK developer guide, UnderMinIsrPartitionCount; five minutes outlast the restart of a broker in most clusters."),
    alarm("KafkaBroker.UnderReplicated", &[&KAFKA_BROKER], &[one("UnderReplicatedPartitions", "Maximum")])
        .only(STANDARD)
        .above(number(0.0), Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "Partitions have been without all their replicas for 15 minutes.",
            "Look at which broker is down or slow, and at maintenance in the cluster's operations.",
        )
        .source("Amazon MSK developer guide, UnderReplicatedPartitions; 15 minutes, because rolling maintenance restarts brokers."),
    alarm("KafkaCluster.DiskUse", &[&KAFKA_CLUSTER], &[one("KafkaDataLogsDiskUsed", "Maximum")])
        .only(STANDARD)
        .above(number(85.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "The disk of a broker is more than {threshold} full; a broker with a full disk stops.",
            "Shorten the retention of large topics or raise the volume size; storage auto scaling does it in time.",
        )
        .source("Amazon MSK developer guide, best practices: alarm when KafkaDataLogsDiskUsed reaches 85 %."),
    alarm("KafkaCluster.NoController", &[&KAFKA_CLUSTER], &[one("ActiveControllerCount", "Maximum")])
        .only(ON_ZOOKEEPER)
        .below(number(1.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Standard)
        .says(
            "The cluster has had no active controller for five minutes: topics cannot change, and nothing replaces a leader that fails.",
            "Look at the state of the cluster and of its brokers; reboot the broker that is stuck.",
        )
        .source("Amazon MSK developer guide, ActiveControllerCount: one is expected. Not with KRaft, whose controllers are no brokers."),
    alarm("KafkaCluster.OfflinePartitions", &[&KAFKA_CLUSTER], &[one("OfflinePartitionsCount", "Maximum")])
        .only(STANDARD)
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "Partitions have no leader: nobody can write to or read from them.",
            "Look at which brokers are down, and at topics with a single replica.",
        )
        .source("Amazon MSK developer guide, OfflinePartitionsCount; none is normal, some minutes because a leader is elected."),
];
