//! Amazon OpenSearch Service: domains and serverless collections.

use crate::catalogue::build::{alarm, metric, number, one, share};
use crate::catalogue::kind::{Kind, by_id, by_property, by_ref, pseudo};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::{Need, Test};

/// An OpenSearch domain.
pub(crate) static DOMAIN: Kind = Kind::new(
    "OpenSearch domain",
    "OpenSearch domains",
    &["SearchDomain"],
    "AWS/ES",
    &["AWS::OpenSearchService::Domain"],
    &[by_ref("DomainName", "DomainName"), pseudo("ClientId", "AWS::AccountId")],
)
.only(Test::Not(&Test::Starts("EngineVersion", &["Elasticsearch"])));

/// A domain of the new type that still runs Elasticsearch: one metric has its old name.
pub(crate) static OLD_DOMAIN: Kind = Kind::new(
    "Elasticsearch domain",
    "Elasticsearch domains",
    &["SearchDomain"],
    "AWS/ES",
    &["AWS::OpenSearchService::Domain"],
    &[by_ref("DomainName", "DomainName"), pseudo("ClientId", "AWS::AccountId")],
)
.only(Test::Starts("EngineVersion", &["Elasticsearch"]))
.renaming(&[("OpenSearchRequests", "ElasticsearchRequests")]);

/// A domain of the old type.
pub(crate) static ELASTICSEARCH: Kind = Kind::new(
    "domain of Amazon Elasticsearch Service",
    "domains of Amazon Elasticsearch Service",
    &["SearchDomain"],
    "AWS/ES",
    &["AWS::Elasticsearch::Domain"],
    &[by_ref("DomainName", "DomainName"), pseudo("ClientId", "AWS::AccountId")],
)
.renaming(&[("OpenSearchRequests", "ElasticsearchRequests")]);

/// A serverless collection.
pub(crate) static COLLECTION: Kind = Kind::new(
    "OpenSearch collection",
    "OpenSearch collections",
    &["SearchCollection"],
    "AWS/AOSS",
    &["AWS::OpenSearchServerless::Collection"],
    &[by_id("CollectionId"), by_property("CollectionName", "Name"), pseudo("ClientId", "AWS::AccountId")],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&DOMAIN, &OLD_DOMAIN, &ELASTICSEARCH, &COLLECTION];

/// Domains with dedicated masters; the property has another name in the old type.
const DEDICATED_MASTERS: Test = Test::Any(&[
    Test::Is("ClusterConfig.DedicatedMasterEnabled", &["true"]),
    Test::Is("ElasticsearchClusterConfig.DedicatedMasterEnabled", &["true"]),
]);
/// `Nodes` counts masters, warm nodes and coordinators too; `InstanceCount` does not.
const ONLY_DATA_NODES: Test = Test::Not(&Test::Any(&[
    Test::Is("ClusterConfig.DedicatedMasterEnabled", &["true"]),
    Test::Is("ClusterConfig.WarmEnabled", &["true"]),
    Test::Has("ClusterConfig.NodeOptions"),
]));
const ENCRYPTED: Need = Need {
    on: Test::Is("EncryptionAtRestOptions.Enabled", &["true"]),
    fix: None,
    help: "Add EncryptionAtRestOptions: {Enabled: true}; on a domain that exists it may replace the domain or start a blue/green deployment.",
};

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("SearchCollection.IngestionErrors", &[&COLLECTION], &[one("IngestionRequestErrors", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .says("Requests to index documents into this collection fail.", "Read the error in the client's response: data access policy, mapping, or capacity (429).")
        .source("Our own number: Monitoring OpenSearch Serverless with Amazon CloudWatch; three minutes of five."),
    alarm("SearchCollection.SearchErrors", &[&COLLECTION], &[one("SearchRequestErrors", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .says("Searches in this collection fail.", "Read the error in the client's response: data access policy, query, or capacity (429).")
        .source("Our own number: Monitoring OpenSearch Serverless with Amazon CloudWatch; three minutes of five."),
    alarm("SearchCollection.SearchLatency", &[&COLLECTION], &[one("SearchRequestLatency", "Average")])
        .above(Threshold::Yours, Unit::Milliseconds)
        .of(5, 5, 60)
        .says("Searches in this collection take more than {threshold} on average.", "Look at SearchOCU against the account's maximum, and at expensive queries.")
        .source("Our own: Monitoring OpenSearch Serverless with Amazon CloudWatch; what is slow depends on the application."),
    alarm("SearchCollection.ServerErrors", &[&COLLECTION], &[one("5xx", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("The collection answers requests with errors of its own (5xx).", "Look at the AWS Health Dashboard and the account's OCU maximum.")
        .source("Our own number: Monitoring OpenSearch Serverless with Amazon CloudWatch; three minutes of five."),
    alarm("SearchDomain.ClusterRed", &[&DOMAIN, &OLD_DOMAIN, &ELASTICSEARCH], &[one("ClusterStatus.red", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("The cluster is red: a primary shard is on no node, and its data cannot be searched or written.", "Run GET _cluster/allocation/explain; then look at free storage and failed nodes.")
        .source("AWS recommends ClusterStatus.red Maximum at 1 or more, 1 of 1: Recommended CloudWatch alarms for Amazon OpenSearch Service."),
    alarm("SearchDomain.ClusterYellow", &[&DOMAIN, &OLD_DOMAIN, &ELASTICSEARCH], &[one("ClusterStatus.yellow", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("The cluster is yellow: a replica shard is on no node. With one node, replicas have no place.", "Run GET _cluster/allocation/explain; on one node, set number_of_replicas to 0.")
        .source("AWS recommends ClusterStatus.yellow Maximum at 1 or more, 5 of 5; 15, because deployments are yellow for a while."),
    alarm("SearchDomain.CpuUtilization", &[&DOMAIN, &OLD_DOMAIN, &ELASTICSEARCH], &[one("CPUUtilization", "Maximum")])
        .above(number(80.0), Unit::Percent)
        .of(3, 3, 900)
        .is(Severity::Warning, Profile::Critical)
        .says("A data node has been above {threshold} CPU for 45 minutes.", "Look at hot threads and slow logs; use larger data nodes, or more of them.")
        .source("AWS recommends CPUUtilization Maximum at 80 or more, 15 minutes, 3 times: Recommended CloudWatch alarms."),
    alarm("SearchDomain.FreeStorage", &[&DOMAIN, &OLD_DOMAIN, &ELASTICSEARCH], &[metric("m", "FreeStorageSpace", "Minimum")])
        .math("m * 1048576")
        .below(share(25, "EBSOptions.VolumeSize", 1_073_741_824.0, None), Unit::Bytes)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("A data node has less than {threshold} free: a quarter. When it is full, the cluster refuses writes.", "Delete old indices or enlarge the volumes; look for shards that lie unevenly.")
        .source("AWS recommends FreeStorageSpace Minimum below 25 % of a node's storage; the metric is in MiB, the property in GiB."),
    alarm("SearchDomain.IndexWritesBlocked", &[&DOMAIN, &OLD_DOMAIN, &ELASTICSEARCH], &[one("ClusterIndexWritesBlocked", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Critical, Profile::Essential)
        .says("The cluster refuses to index documents: writes are blocked.", "Look at free storage and JVM memory pressure: either blocks writes.")
        .source("AWS recommends ClusterIndexWritesBlocked at 1 or more, 5 minutes, 1 of 1: Recommended CloudWatch alarms."),
    alarm("SearchDomain.JvmMemoryPressure", &[&DOMAIN, &OLD_DOMAIN, &ELASTICSEARCH], &[one("JVMMemoryPressure", "Maximum")])
        .above(number(95.0), Unit::Percent)
        .of(3, 3, 60)
        .says("A data node's heap is more than {threshold} full; it may run out of memory.", "Look for large aggregations and many shards; use nodes with more memory.")
        .source("AWS recommends JVMMemoryPressure Maximum at 95 or more, 1 minute, 3 times: Recommended CloudWatch alarms."),
    alarm("SearchDomain.KmsKeyError", &[&DOMAIN, &OLD_DOMAIN, &ELASTICSEARCH], &[one("KMSKeyError", "Maximum")])
        .needs(ENCRYPTED)
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .is(Severity::Critical, Profile::Standard)
        .says("The key that encrypts the domain is disabled; the domain stops working.", "Enable the KMS key again, then look who disabled it and why.")
        .source("AWS recommends KMSKeyError at 1 or more, 1 minute, 1 of 1: Recommended CloudWatch alarms."),
    alarm("SearchDomain.KmsKeyInaccessible", &[&DOMAIN, &OLD_DOMAIN, &ELASTICSEARCH], &[one("KMSKeyInaccessible", "Maximum")])
        .needs(ENCRYPTED)
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .is(Severity::Critical, Profile::Standard)
        .says("The key that encrypts the domain is deleted or its grant revoked; the data is lost soon.", "Cancel the key's deletion if that is still possible, and take the last snapshot.")
        .source("AWS recommends KMSKeyInaccessible at 1 or more, 1 minute, 1 of 1: Recommended CloudWatch alarms."),
    alarm("SearchDomain.MasterCpu", &[&DOMAIN, &OLD_DOMAIN, &ELASTICSEARCH], &[one("MasterCPUUtilization", "Maximum")])
        .only(DEDICATED_MASTERS)
        .above(number(50.0), Unit::Percent)
        .of(3, 3, 900)
        .is(Severity::Warning, Profile::Critical)
        .says("A dedicated master has been above {threshold} CPU for 45 minutes.", "Look at the number of shards and mapping changes; use larger masters.")
        .source("AWS recommends MasterCPUUtilization Maximum at 50 or more, 15 minutes, 3 times: Recommended CloudWatch alarms."),
    alarm("SearchDomain.MasterJvmMemoryPressure", &[&DOMAIN, &OLD_DOMAIN, &ELASTICSEARCH], &[one("MasterJVMMemoryPressure", "Maximum")])
        .only(DEDICATED_MASTERS)
        .above(number(95.0), Unit::Percent)
        .of(3, 3, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("A dedicated master's heap is more than {threshold} full.", "Look at the number of shards; use larger masters.")
        .source("AWS recommends MasterJVMMemoryPressure Maximum at 95 or more, 1 minute, 3 times: Recommended CloudWatch alarms."),
    alarm("SearchDomain.MasterUnreachable", &[&DOMAIN, &OLD_DOMAIN, &ELASTICSEARCH], &[one("MasterReachableFromNode", "Maximum")])
        .only(DEDICATED_MASTERS)
        .below(number(1.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Critical, Profile::Standard)
        .says("The nodes do not reach the master; the cluster cannot change.", "Look at the masters' CPU and memory, then open a case with AWS Support.")
        .source("AWS recommends MasterReachableFromNode Maximum below 1, 5 minutes, 1 of 1: Recommended CloudWatch alarms."),
    alarm("SearchDomain.Nodes", &[&DOMAIN, &OLD_DOMAIN], &[one("Nodes", "Maximum")])
        .only(ONLY_DATA_NODES)
        .below(share(100, "ClusterConfig.InstanceCount", 1.0, Some(1.0)), Unit::Count)
        .of(3, 3, 3600)
        .says("The cluster has fewer nodes than its template says.", "Look at the domain's notifications for a failed node, and at free storage.")
        .source("AWS recommends Nodes Minimum below the number of nodes, 1 day; Maximum over hours, so that one lost minute does not count."),
    alarm("SearchDomain.ServerErrors", &[&DOMAIN, &OLD_DOMAIN, &ELASTICSEARCH], &[metric("e", "5xx", "Sum"), metric("r", "OpenSearchRequests", "Sum")])
        .gated("IF(e >= {min}, 100 * e / r, 0)", 5)
        .above(number(10.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Standard)
        .says("The domain fails more than {threshold} of the requests (at least {min} a minute).", "Look at cluster health, JVM memory pressure and rejected requests.")
        .source("AWS recommends 5xx alarms at 10 % of OpenSearchRequests: Recommended CloudWatch alarms; the gate is ours."),
    alarm("SearchDomain.Snapshot", &[&DOMAIN, &OLD_DOMAIN, &ELASTICSEARCH], &[one("AutomatedSnapshotFailure", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .says("The domain's automated snapshot has failed; a red cluster takes none.", "Look at cluster health; the next hourly snapshot should work.")
        .source("AWS recommends AutomatedSnapshotFailure Maximum at 1 or more, 1 minute, 1 of 1: Recommended CloudWatch alarms."),
    alarm("SearchDomain.WritesRejected", &[&DOMAIN, &OLD_DOMAIN, &ELASTICSEARCH], &[metric("m", "ThreadpoolWriteRejected", "Sum")])
        .math("DIFF(m)")
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("The domain rejects writes because its queue is full.", "Look at the rate of bulk requests and their size; use larger data nodes.")
        .source("AWS recommends the growth of ThreadpoolWriteRejected, DIFF: Recommended CloudWatch alarms; three minutes of five."),
];
