//! Amazon ElastiCache, Amazon MemoryDB and DynamoDB Accelerator (DAX).

use crate::catalogue::build::{alarm, metric, number, one};
use crate::catalogue::kind::{Kind, by_ref, found};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::Test;

/// A cache cluster.
pub(crate) static CACHE: Kind = Kind::new(
    "cache cluster",
    "cache clusters",
    &["Cache"],
    "AWS/ElastiCache",
    &["AWS::ElastiCache::CacheCluster"],
    &[by_ref("CacheClusterId", "ClusterName")],
);

/// A member of a replication group without shards: ElastiCache calls them `<group>-001` and so on.
pub(crate) static MEMBER: Kind = Kind::new(
    "cache node",
    "cache nodes",
    &["CacheGroup", "Cache"],
    "AWS/ElastiCache",
    &["AWS::ElastiCache::ReplicationGroup"],
    &[found("CacheClusterId")],
)
.found_by_code();

/// A replication group with shards, of a node type that has metrics for the group.
pub(crate) static GROUP: Kind = Kind::new(
    "cache group",
    "cache groups",
    &["CacheGroup"],
    "AWS/ElastiCache",
    &["AWS::ElastiCache::ReplicationGroup"],
    &[by_ref("ReplicationGroupId", "ReplicationGroupId")],
)
.only(Test::All(&[
    SHARDED,
    Test::Starts(
        "CacheNodeType",
        &[
            "cache.r5.",
            "cache.r6g.",
            "cache.r6gd.",
            "cache.r7g.",
            "cache.m5.",
            "cache.m6g.",
            "cache.m7g.",
            "cache.c7gn.",
        ],
    ),
]));

/// A MemoryDB cluster.
pub(crate) static MEMORY_DATABASE: Kind = Kind::new(
    "MemoryDB cluster",
    "MemoryDB clusters",
    &["MemoryDatabase"],
    "AWS/MemoryDB",
    &["AWS::MemoryDB::Cluster"],
    &[by_ref("ClusterName", "ClusterName")],
);

/// A DAX cluster.
pub(crate) static ACCELERATOR_CACHE: Kind = Kind::new(
    "DAX cluster",
    "DAX clusters",
    &["AcceleratorCache"],
    "AWS/DAX",
    &["AWS::DAX::Cluster"],
    &[by_ref("ClusterId", "ClusterName")],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&CACHE, &MEMBER, &GROUP, &MEMORY_DATABASE, &ACCELERATOR_CACHE];

/// Cluster mode, as far as a replication group itself says so: one shard is no cluster mode yet.
pub(crate) const SHARDED: Test = Test::Any(&[
    Test::Has("NodeGroupConfiguration"),
    Test::Is("ClusterMode", &["enabled", "compatible"]),
    Test::All(&[Test::Has("NumNodeGroups"), Test::Not(&Test::Is("NumNodeGroups", &["1"]))]),
]);
/// Redis OSS or Valkey: a replication group without `Engine` is that too.
const NOT_MEMCACHED: Test = Test::Not(&MEMCACHED);
const MEMCACHED: Test = Test::Is("Engine", &["memcached"]);
/// At least one replica, so that there is something to lag.
const HAS_REPLICAS: Test = Test::Any(&[
    Test::All(&[Test::Has("NumCacheClusters"), Test::Not(&Test::Is("NumCacheClusters", &["1"]))]),
    Test::Is("AutomaticFailoverEnabled", &["true"]),
]);

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("AcceleratorCache.CacheMemory", &[&ACCELERATOR_CACHE], &[one("CacheMemoryUtilization", "Maximum")])
        .above(number(95.0), Unit::Percent)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("The cache uses more than {threshold} of its memory and evicts items.", "Look at EvictedSize and hit rates; use larger nodes, or a shorter time to live.")
        .source("Our own number: Monitoring DAX with Amazon CloudWatch; a full cache works, only less well."),
    alarm("AcceleratorCache.CpuUtilization", &[&ACCELERATOR_CACHE], &[one("CPUUtilization", "Maximum")])
        .above(number(90.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Essential)
        .says("A node of the DAX cluster has been above {threshold} CPU for five minutes.", "Add nodes or use larger ones; look for scans.")
        .source("As for ElastiCache, where AWS recommends CPU Average above 90, 5 of 5; Maximum over the cluster's nodes."),
    alarm(
        "AcceleratorCache.FaultRate",
        &[&ACCELERATOR_CACHE],
        &[metric("f", "FaultRequestCount", "Sum"), metric("t", "TotalRequestCount", "Sum")],
    )
    .gated("IF(f >= {min}, 100 * f / t, 0)", 5)
    .above(number(5.0), Unit::Percent)
    .of(3, 5, 60)
    .is(Severity::Critical, Profile::Standard)
    .says("More than {threshold} of the requests (at least {min} a minute) fail inside DAX.", "Look at the cluster's events and at DynamoDB's health; clients can read DynamoDB itself.")
    .source("Our own number: Monitoring DAX with Amazon CloudWatch."),
    alarm("AcceleratorCache.Throttles", &[&ACCELERATOR_CACHE], &[one("ThrottledRequestCount", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .says("The DAX cluster throttles requests.", "Add nodes or use larger ones; look at the tables' throttles too.")
        .source("Our own number: Monitoring DAX with Amazon CloudWatch; clients retry single throttles, five minutes in a row hurt."),
    alarm("Cache.Connections", &[&CACHE, &MEMBER], &[one("CurrConnections", "Average")])
        .above(Threshold::Yours, Unit::Count)
        .of(10, 10, 60)
        .says("The cache node has more than {threshold} connections; at 65,000 it refuses further ones.", "Look for clients that open connections without a pool.")
        .source("AWS recommends CurrConnections Average, 10 of 10, threshold by situation."),
    alarm("Cache.CpuUtilization", &[&CACHE], &[one("CPUUtilization", "Average")])
        .only(MEMCACHED)
        .above(number(90.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Essential)
        .says("The cache's CPU has been above {threshold} for five minutes.", "Add nodes or use larger ones; look for hot keys.")
        .source("AWS recommends CPUUtilization Average above 90, 5 of 5, for Memcached: it uses all cores."),
    alarm("Cache.EngineCpu", &[&CACHE, &MEMBER], &[one("EngineCPUUtilization", "Average")])
        .only(NOT_MEMCACHED)
        .above(number(90.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Essential)
        .says("The engine's thread has been above {threshold} CPU for five minutes; every command waits for it.", "Look at the slow log for expensive commands; read from replicas, or add shards.")
        .source("AWS recommends EngineCPUUtilization Average above 90, 5 of 5: the engine has one thread."),
    alarm("Cache.Evictions", &[&CACHE, &MEMBER], &[one("Evictions", "Sum")])
        .above(Threshold::Yours, Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("The cache evicts more than {threshold} items a minute to make room.", "Look at hit rate and time to live, or use nodes with more memory.")
        .source("Our own: AWS says to choose the threshold by the application's needs; for many caches evictions are normal."),
    alarm("Cache.Memory", &[&CACHE, &MEMBER], &[one("DatabaseMemoryUsagePercentage", "Average")])
        .only(NOT_MEMCACHED)
        .above(number(90.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Essential)
        .says("The cache uses more than {threshold} of its memory; then it evicts keys or refuses writes.", "Look for keys without expiry and for the eviction policy; use nodes with more memory.")
        .source("AWS recommends DatabaseMemoryUsagePercentage Average, 5 of 5, threshold by situation; 90 % leave time to scale."),
    alarm("Cache.ReplicationLag", &[&MEMBER], &[one("ReplicationLag", "Average")])
        .only(HAS_REPLICAS)
        .above(Threshold::Yours, Unit::Seconds)
        .of(15, 15, 60)
        .says("This replica is more than {threshold} behind its primary.", "Look at the primary's write load and network, and at the replica's CPU.")
        .source("AWS recommends ReplicationLag Average, 15 of 15, threshold by situation; only the node that is a replica has it."),
    alarm("Cache.SwapUsage", &[&CACHE], &[one("SwapUsage", "Average")])
        .only(MEMCACHED)
        .above(number(52_428_800.0), Unit::Bytes)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("The cache node swaps more than {threshold} (50 MB) and gets slow.", "Raise memcached_connections_overhead in its parameter group, or use larger nodes.")
        .source("AWS advises that swap stays below 50 MB: Which metrics should I monitor?, Amazon ElastiCache."),
    alarm("CacheGroup.GroupEngineCpu", &[&GROUP], &[one("EngineCPUUtilization", "Maximum")])
        .above(number(90.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Essential)
        .says("The engine's thread on a node of the group has been above {threshold} CPU for five minutes.", "Look for a hot shard and expensive commands; add shards or replicas.")
        .source("AWS recommends EngineCPUUtilization above 90, 5 of 5, by node; Maximum over the group, because no template names its nodes."),
    alarm("CacheGroup.GroupMemory", &[&GROUP], &[one("DatabaseMemoryUsageCountedForEvictPercentage", "Maximum")])
        .above(number(90.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Essential)
        .says("A node of the group uses more than {threshold} of its memory; then it evicts keys or refuses writes.", "Look for a hot shard and keys without expiry; add shards, or use larger nodes.")
        .source("Our own number: the memory that counts for evictions, by group; AWS recommends memory by node, threshold by situation."),
    alarm("MemoryDatabase.AuthenticationFailures", &[&MEMORY_DATABASE], &[one("AuthenticationFailures", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("Clients fail to log in to the cluster, again and again.", "Compare the clients' secrets with the users of the cluster's ACL.")
        .source("Our own number: Metrics for MemoryDB; three minutes of five, none is expected."),
    alarm("MemoryDatabase.EngineCpu", &[&MEMORY_DATABASE], &[one("EngineCPUUtilization", "Maximum")])
        .above(number(90.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Essential)
        .says("The engine's thread on a node has been above {threshold} CPU for five minutes; every command waits for it.", "Look for a hot shard and expensive commands; add shards or replicas.")
        .source("AWS advises EngineCPUUtilization at 90 %: Which metrics should I monitor?, MemoryDB; Maximum over the nodes."),
    alarm("MemoryDatabase.Evictions", &[&MEMORY_DATABASE], &[one("Evictions", "Sum")])
        .above(Threshold::Yours, Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("The cluster evicts more than {threshold} keys a minute: data is lost unless it is a cache.", "Look at maxmemory-policy of the parameter group, and at memory.")
        .source("Our own: Metrics for MemoryDB; with the default policy (noeviction) there are none."),
    alarm("MemoryDatabase.Memory", &[&MEMORY_DATABASE], &[one("DatabaseMemoryUsagePercentage", "Maximum")])
        .above(number(90.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("A node uses more than {threshold} of its memory; at 100 % the cluster refuses writes.", "Look for a hot shard and keys that should expire; add shards, or use larger nodes.")
        .source("Our own number: Metrics for MemoryDB; the default policy is noeviction, so full memory means errors."),
    alarm("MemoryDatabase.ReplicationLag", &[&MEMORY_DATABASE], &[one("ReplicationLag", "Maximum")])
        .above(Threshold::Yours, Unit::Seconds)
        .of(15, 15, 60)
        .says("A replica is more than {threshold} behind its primary.", "Look at write load and network of the primary, and at the replica's CPU.")
        .source("Our own: Metrics for MemoryDB; how stale reads may be depends on the application."),
];
