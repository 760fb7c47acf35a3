//! Elastic Load Balancing: Classic, Application, Network and Gateway load balancers, and target groups.
//!
//! Load balancers of three sorts are one resource type, and so are their target groups: `Type` and `Protocol` tell them apart. The names of rows
//! differ between the sorts, because a type may be a parameter.
//!
//! `HTTPCode_ELB_5XX_Count` counts requests for which no target could be chosen, and `RequestCount` does not: the rate is taken of both together.
//! Where no target is registered, `RequestCount` is not reported at all and the rate has no data: `LoadBalancer.Unavailable` is for that.

use crate::catalogue::build::{alarm, metric, number, one};
use crate::catalogue::kind::{Dimension, Kind, by_attribute, by_ref, found};
use crate::catalogue::spec::{AlarmSpec, MetricUse, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::{Test, is_by_default};

const V2: &[&str] = &["AWS::ElasticLoadBalancingV2::LoadBalancer"];
const TARGET_GROUPS: &[&str] = &["AWS::ElasticLoadBalancingV2::TargetGroup"];
const FULL_NAME: &[Dimension] = &[by_attribute("LoadBalancer", "LoadBalancerFullName", None)];
const GROUP_AND_BALANCER: &[Dimension] =
    &[by_attribute("TargetGroup", "TargetGroupFullName", None), found("LoadBalancer")];

/// A Classic Load Balancer.
pub(crate) static CLASSIC: Kind = Kind::new(
    "Classic Load Balancer",
    "Classic Load Balancers",
    &["ClassicLoadBalancer"],
    "AWS/ELB",
    &["AWS::ElasticLoadBalancing::LoadBalancer"],
    &[by_ref("LoadBalancerName", "LoadBalancerName")],
);

/// An Application Load Balancer: what a load balancer is by default.
pub(crate) static APPLICATION: Kind = Kind::new(
    "Application Load Balancer",
    "Application Load Balancers",
    &["LoadBalancer"],
    "AWS/ApplicationELB",
    V2,
    FULL_NAME,
)
.only(is_by_default!("Type", "application"));

/// A Network Load Balancer.
pub(crate) static NETWORK: Kind = Kind::new(
    "Network Load Balancer",
    "Network Load Balancers",
    &["NetworkLoadBalancer"],
    "AWS/NetworkELB",
    V2,
    FULL_NAME,
)
.only(Test::Is("Type", &["network"]));

/// A Gateway Load Balancer.
pub(crate) static GATEWAY: Kind = Kind::new(
    "Gateway Load Balancer",
    "Gateway Load Balancers",
    &["GatewayLoadBalancer"],
    "AWS/GatewayELB",
    V2,
    FULL_NAME,
)
.only(Test::Is("Type", &["gateway"]));

/// A target group behind an Application Load Balancer: once for each.
pub(crate) static APPLICATION_TARGETS: Kind = Kind::new(
    "target group",
    "target groups of Application Load Balancers",
    &["TargetGroup"],
    "AWS/ApplicationELB",
    TARGET_GROUPS,
    GROUP_AND_BALANCER,
)
.only(Test::Any(&[Test::Is("Protocol", &["HTTP", "HTTPS"]), LAMBDA]))
.found_by_code();

/// A target group behind a Network Load Balancer: once for each. Nobody counts the health of a load balancer that is a target.
pub(crate) static NETWORK_TARGETS: Kind = Kind::new(
    "network target group",
    "target groups of Network Load Balancers",
    &["NetworkTargetGroup"],
    "AWS/NetworkELB",
    TARGET_GROUPS,
    GROUP_AND_BALANCER,
)
.only(Test::All(&[
    Test::Is("Protocol", &["TCP", "UDP", "TCP_UDP", "TLS", "QUIC", "TCP_QUIC"]),
    Test::Not(&Test::Is("TargetType", &["alb"])),
]))
.found_by_code();

/// A target group behind a Gateway Load Balancer: once for each.
pub(crate) static GATEWAY_TARGETS: Kind = Kind::new(
    "gateway target group",
    "target groups of Gateway Load Balancers",
    &["GatewayTargetGroup"],
    "AWS/GatewayELB",
    TARGET_GROUPS,
    GROUP_AND_BALANCER,
)
.only(Test::Is("Protocol", &["GENEVE"]))
.found_by_code();

const LAMBDA: Test = Test::Is("TargetType", &["lambda"]);
const NOT_LAMBDA: Test = Test::Not(&LAMBDA);

/// Functions as targets have health checks only where somebody switched them on.
const HEALTH_CHECKED: Test = Test::Any(&[NOT_LAMBDA, Test::Is("HealthCheckEnabled", &["true"])]);

const REQUESTS: MetricUse = metric("c", "RequestCount", "Sum");

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] =
    &[&CLASSIC, &APPLICATION, &NETWORK, &GATEWAY, &APPLICATION_TARGETS, &NETWORK_TARGETS, &GATEWAY_TARGETS];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("ClassicLoadBalancer.BackendErrorRate", &[&CLASSIC], &[metric("e", "HTTPCode_Backend_5XX", "Sum"), REQUESTS])
        .gated("IF(e >= {min}, 100 * e / c, 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("More than {threshold} of the requests are answered by the instances with a 5xx error, and at least {min} {per}.", "Look at the application's log on the instances, and whether all of them fail or one.")
        .source("Our own, as for APIs: a rate of HTTPCode_Backend_5XX in RequestCount, gated on failures, 3 of 5."),
    alarm("ClassicLoadBalancer.ConnectionErrors", &[&CLASSIC], &[one("BackendConnectionErrors", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("The load balancer has failed to connect to instances in each of the last five minutes.", "Look at whether the instances accept connections: their load, open ports and security groups.")
        .source("Classic Load Balancer guide, BackendConnectionErrors; it retries, so only if it persists."),
    alarm("ClassicLoadBalancer.ElbErrorRate", &[&CLASSIC], &[metric("e", "HTTPCode_ELB_5XX", "Sum"), REQUESTS])
        .gated("IF(e >= {min}, 100 * e / (c + e), 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("More than {threshold} of the requests get a 5xx error from the load balancer itself, and at least {min} {per}.", "Look at healthy instances and the surge queue: no instance is healthy, all are busy, or they close connections too early.")
        .source("Our own, as for APIs: a rate of HTTPCode_ELB_5XX, gated on failures, 3 of 5."),
    alarm("ClassicLoadBalancer.LatencyP99", &[&CLASSIC], &[
            metric("l", "Latency", "p99"),
            metric("r", "Latency", "PR(:{threshold})"),
            metric("n", "Latency", "SampleCount"),
        ])
        .gated("IF((100 - r) * n / 100 > {gate}, l, 0)", 10)
        .above(number(5.0), Unit::Seconds)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says("One request in a hundred takes longer than {threshold}, and at least {min} {per} do.", "Look at the instances' CPU and at what the application waits for: a database or another service.")
        .source("Our own, as for APIs: Latency p99 (s), gated on slow requests, 3 of 5."),
    alarm("ClassicLoadBalancer.NoHealthyInstances", &[&CLASSIC], &[one("HealthyHostCount", "Maximum")])
        .below(number(1.0), Unit::Count)
        .of(3, 3, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("No instance behind the load balancer has been healthy for three minutes.", "Look at the instances' state in the load balancer's list and at what the health check's path answers.")
        .source("Our own; without registered instances the metric is not reported, which is no alarm."),
    alarm("ClassicLoadBalancer.Spillover", &[&CLASSIC], &[one("SpilloverCount", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(2, 5, 60)
        .is(Severity::Critical, Profile::Standard)
        .says("The load balancer turns requests away, because its queue for busy instances is full.", "Look at the instances' load; add instances, then find what makes them slow.")
        .source("Classic Load Balancer guide, SpilloverCount: requests rejected at a full surge queue of 1,024."),
    alarm("ClassicLoadBalancer.SurgeQueue", &[&CLASSIC], &[one("SurgeQueueLength", "Maximum")])
        .above(number(512.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("More than {threshold} requests wait for an instance; at 1,024 the load balancer turns requests away.", "Look at the instances' load, and whether scaling follows it.")
        .source("Classic Load Balancer guide, SurgeQueueLength: the queue holds 1,024; half of it."),
    alarm("ClassicLoadBalancer.UnhealthyInstances", &[&CLASSIC], &[one("UnHealthyHostCount", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(10, 10, 60)
        .is(Severity::Warning, Profile::Standard)
        .says("An instance behind the load balancer has been unhealthy for ten minutes.", "Look at the instance's state and reason in the load balancer's list, then at its log.")
        .source("Our own: above 0 for longer than a deployment or scaling takes."),
    alarm("GatewayLoadBalancer.RefusedFlows", &[&GATEWAY], &[one("RejectedFlowCount", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says("The gateway load balancer rejects flows: traffic that should be inspected is lost.", "Look at the healthy appliances of its target group and at their capacity.")
        .source("Gateway Load Balancer guide, RejectedFlowCount; AWS's networking best practices: alarm above 0."),
    alarm("GatewayTargetGroup.NoHealthyAppliances", &[&GATEWAY_TARGETS], &[one("HealthyHostCount", "Maximum")])
        .below(number(1.0), Unit::Count)
        .of(3, 3, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("No appliance behind the gateway load balancer has been healthy for three minutes: traffic through it is cut.", "Look at the appliances' health in the target group, and at their health check's port.")
        .source("Gateway Load Balancer guide, HealthyHostCount; Maximum below 1, as for network load balancers."),
    alarm("GatewayTargetGroup.UnhealthyAppliances", &[&GATEWAY_TARGETS], &[one("UnHealthyHostCount", "Minimum")])
        .above(number(0.0), Unit::Count)
        .of(10, 10, 60)
        .is(Severity::Warning, Profile::Standard)
        .says("An appliance behind the gateway load balancer has been unhealthy for ten minutes.", "Look at the appliance's health in the target group, then at the appliance.")
        .source("AWS's networking best practices: UnHealthyHostCount staying above 0."),
    alarm("LoadBalancer.ElbErrorRate", &[&APPLICATION], &[metric("e", "HTTPCode_ELB_5XX_Count", "Sum"), REQUESTS])
        .gated("IF(e >= {min}, 100 * e / (c + e), 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("More than {threshold} of the requests get a 5xx error from the load balancer itself, and at least {min} {per}.", "Look at which code it is: 503 is no target registered, 502 a target that closes connections, 504 a target that does not answer in time.")
        .source("Our own, as for APIs: a rate of HTTPCode_ELB_5XX_Count, gated on failures, 3 of 5; AWS recommends none for load balancers."),
    alarm("LoadBalancer.RejectedConnections", &[&APPLICATION], &[one("RejectedConnectionCount", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Standard)
        .says("The load balancer refuses connections, because it has reached the most it can hold.", "Look at ActiveConnectionCount and at who connects: a client without keep-alive, an attack, or real growth.")
        .source("Application Load Balancer guide, RejectedConnectionCount; AWS's networking best practices: alarm whenever it rises."),
    alarm("LoadBalancer.TlsErrors", &[&APPLICATION], &[one("ClientTLSNegotiationErrorCount", "Sum")])
        .above(Threshold::Yours, Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("More than {threshold} clients {per} have failed to agree on TLS with the load balancer.", "Look at the certificate's names and expiry, and at the security policy: old clients may be shut out.")
        .source("Application Load Balancer guide, ClientTLSNegotiationErrorCount; scanners of the internet cause some, so no number fits everybody."),
    alarm("LoadBalancer.Unavailable", &[&APPLICATION], &[one("HTTPCode_ELB_503_Count", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("The load balancer answers with 503 in 3 of 5 minutes: for some requests it has no target at all.", "Look at whether the target group of the listener or rule has registered targets, and whether its service or group is scaled to zero.")
        .source("Our own: RequestCount is reported only if there are registered targets, so a rate cannot see this; single minutes do not count."),
    alarm("NetworkLoadBalancer.PortAllocationErrors", &[&NETWORK], &[one("PortAllocationErrorCount", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(2, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("The load balancer drops client connections, because it has no free port towards its targets.", "Add targets, or let the target group keep the clients' addresses.")
        .source("Network Load Balancer guide, PortAllocationErrorCount: any value means dropped connections; AWS's networking best practices: above 0."),
    alarm("NetworkLoadBalancer.RejectedFlows", &[&NETWORK], &[one("RejectedFlowCount", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says("The network load balancer rejects connections of clients.", "Look at healthy targets in each zone, and at how many connections each holds.")
        .source("Network Load Balancer guide, RejectedFlowCount; AWS's networking best practices: alarm above 0."),
    alarm("NetworkLoadBalancer.TargetTlsErrors", &[&NETWORK], &[one("TargetTLSNegotiationErrorCount", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("The load balancer's TLS listener fails to agree on TLS with targets.", "Look at the targets' certificates, protocols and ciphers.")
        .source("Network Load Balancer guide, TargetTLSNegotiationErrorCount: published when not zero."),
    alarm("NetworkTargetGroup.NoHealthyBackends", &[&NETWORK_TARGETS], &[one("HealthyHostCount", "Maximum")])
        .below(number(1.0), Unit::Count)
        .of(3, 3, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("No target of the group has been healthy for three minutes.", "Look at the targets' health and reason in the target group, and at the health check's port.")
        .source("Network Load Balancer guide advises an alarm when the maximum of HealthyHostCount falls to 0; without targets it is not reported."),
    alarm("NetworkTargetGroup.UnhealthyBackends", &[&NETWORK_TARGETS], &[one("UnHealthyHostCount", "Minimum")])
        .above(number(0.0), Unit::Count)
        .of(10, 10, 60)
        .is(Severity::Warning, Profile::Standard)
        .says("A target of the group has been unhealthy for ten minutes.", "Look at the target's health and reason in the target group, then at its log.")
        .source("Network Load Balancer guide advises the minimum of UnHealthyHostCount above 0; for longer than a deployment takes."),
    alarm("TargetGroup.ClientErrorRate", &[&APPLICATION_TARGETS], &[metric("e", "HTTPCode_Target_4XX_Count", "Sum"), REQUESTS])
        .gated("IF(e >= {min}, 100 * e / c, 0)", 5)
        .above(Threshold::Yours, Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("More than {threshold} of the requests are answered by the targets with a 4xx error, and at least {min} {per}.", "Look at the access log for the codes and paths: a changed route, a broken client, or a scanner.")
        .source("Our own; what is open to the internet is scanned for pages that do not exist, so no number fits everybody."),
    alarm("TargetGroup.ConnectionErrors", &[&APPLICATION_TARGETS], &[one("TargetConnectionErrorCount", "Sum")])
        .only(NOT_LAMBDA)
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("The load balancer has failed to connect to targets in each of the last five minutes.", "Look at whether the targets accept connections: their load, open ports and security groups.")
        .source("Application Load Balancer guide, TargetConnectionErrorCount; AWS's networking best practices: when it persists."),
    alarm("TargetGroup.FunctionErrorRate", &[&APPLICATION_TARGETS], &[metric("e", "LambdaUserError", "Sum"), REQUESTS])
        .only(LAMBDA)
        .gated("IF(e >= {min}, 100 * e / (c + e), 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Standard)
        .says("More than {threshold} of the requests fail in the function behind the load balancer, and at least {min} {per}.", "Look at the function's log, its permission for the load balancer, and the size and form of its answers.")
        .source("Application Load Balancer guide, LambdaUserError: errors of the function; a rate, gated, 3 of 5."),
    alarm("TargetGroup.FunctionPlatformErrors", &[&APPLICATION_TARGETS], &[one("LambdaInternalError", "Sum")])
        .only(LAMBDA)
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says("Requests fail because of the load balancer or Lambda, not because of the function.", "Look at the AWS Health Dashboard and at the function's throttles.")
        .source("Application Load Balancer guide, LambdaInternalError: errors of the load balancer or of Lambda."),
    alarm("TargetGroup.LatencyP95", &[&APPLICATION_TARGETS], &[
            metric("l", "TargetResponseTime", "p95"),
            metric("r", "TargetResponseTime", "PR(:{threshold})"),
            metric("n", "TargetResponseTime", "SampleCount"),
        ])
        .gated("IF((100 - r) * n / 100 > {gate}, l, 0)", 8)
        .above(number(2.5), Unit::Seconds)
        .of(2, 2, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("One request in twenty waits longer than {threshold} for a target, and at least {min} {per} do.", "Look at the targets' CPU and at what the application waits for: a database or another service.")
        .source("Our own, as for APIs: TargetResponseTime (s) p95, gated on slow requests, over ten minutes."),
    alarm("TargetGroup.LatencyP99", &[&APPLICATION_TARGETS], &[
            metric("l", "TargetResponseTime", "p99"),
            metric("r", "TargetResponseTime", "PR(:{threshold})"),
            metric("n", "TargetResponseTime", "SampleCount"),
        ])
        .gated("IF((100 - r) * n / 100 > {gate}, l, 0)", 10)
        .above(number(5.0), Unit::Seconds)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("One request in a hundred waits longer than {threshold} for a target, and at least {min} {per} do.", "Look at the targets' CPU and at what the application waits for: a database or another service.")
        .source("Our own, as for APIs: TargetResponseTime (s) p99, gated on slow requests, 3 of 5."),
    alarm("TargetGroup.NoHealthyTargets", &[&APPLICATION_TARGETS], &[one("HealthyHostCount", "Maximum")])
        .only(HEALTH_CHECKED)
        .below(number(1.0), Unit::Count)
        .of(3, 3, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("No target of the group has been healthy for three minutes.", "Look at the targets' health and reason in the target group, and at what the health check's path answers.")
        .source("Elastic Load Balancing advises an alarm when the maximum of HealthyHostCount falls to 0; without targets it is not reported."),
    alarm("TargetGroup.ServerErrorRate", &[&APPLICATION_TARGETS], &[metric("e", "HTTPCode_Target_5XX_Count", "Sum"), REQUESTS])
        .gated("IF(e >= {min}, 100 * e / c, 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("More than {threshold} of the requests are answered by the targets with a 5xx error, and at least {min} {per}.", "Look at the application's log, and whether all targets fail or one.")
        .source("Our own, as for APIs: a rate of HTTPCode_Target_5XX_Count in RequestCount, gated on failures, 3 of 5."),
    alarm("TargetGroup.UnhealthyTargets", &[&APPLICATION_TARGETS], &[one("UnHealthyHostCount", "Minimum")])
        .only(HEALTH_CHECKED)
        .above(number(0.0), Unit::Count)
        .of(10, 10, 60)
        .is(Severity::Warning, Profile::Standard)
        .says("A target of the group has been unhealthy for ten minutes.", "Look at the target's health and reason in the target group, then at its log.")
        .source("Elastic Load Balancing advises the minimum of UnHealthyHostCount above 0; for longer than a deployment takes."),
];
