//! Amazon Route 53: health checks, signed zones, resolver endpoints.

use crate::catalogue::build::{alarm, number, one};
use crate::catalogue::kind::{Kind, by_id, by_property};
use crate::catalogue::spec::{AlarmSpec, Missing, Profile, Severity, Unit};
use crate::catalogue::test::Test;

/// A health check. Route 53 has its metrics in one region.
pub(crate) static HEALTH_CHECK: Kind = Kind::new(
    "health check",
    "health checks",
    &["HealthCheck"],
    "AWS/Route53",
    &["AWS::Route53::HealthCheck"],
    &[by_id("HealthCheckId")],
)
// A routing control is a switch: off is as good as on.
.only(Test::Not(&Test::Is("HealthCheckConfig.Type", &["RECOVERY_CONTROL"])))
.only_in("us-east-1");

/// The DNSSEC signing of a public zone, without which the zone has no such metrics.
pub(crate) static SIGNED_ZONE: Kind = Kind::new(
    "signed zone",
    "signed zones",
    &["SignedZone"],
    "AWS/Route53",
    &["AWS::Route53::DNSSEC"],
    &[by_property("HostedZoneId", "HostedZoneId")],
)
.only_in("us-east-1");

/// An inbound or outbound endpoint of the resolver.
pub(crate) static RESOLVER_ENDPOINT: Kind = Kind::new(
    "resolver endpoint",
    "resolver endpoints",
    &["ResolverEndpoint"],
    "AWS/Route53Resolver",
    &["AWS::Route53Resolver::ResolverEndpoint"],
    &[by_id("EndpointId")],
);

/// Only checks of an endpoint are done by many checkers.
const OF_AN_ENDPOINT: Test =
    Test::Is("HealthCheckConfig.Type", &["HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"]);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&HEALTH_CHECK, &SIGNED_ZONE, &RESOLVER_ENDPOINT];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("HealthCheck.CheckersHealthy", &[&HEALTH_CHECK], &[one("HealthCheckPercentageHealthy", "Average")])
        .only(OF_AN_ENDPOINT)
        .below(number(75.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "Less than {threshold} of Route 53's checkers have reached the endpoint for five minutes.",
            "See in the health check's tab of checkers which regions fail and with what error: a network path, a firewall, or a slow answer.",
        )
        .source("Route 53 developer guide: an endpoint counts as unhealthy at 18 % of the checkers; earlier, while most still reach it."),
    alarm("HealthCheck.Status", &[&HEALTH_CHECK], &[one("HealthCheckStatus", "Minimum")])
        .below(number(1.0), Unit::Count)
        .of(3, 3, 60)
        .missing(Missing::Missing)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "Route 53 has found the endpoint unhealthy for three minutes, and answers DNS queries without it where it can.",
            "Open the address that the health check asks for; see its last failure reasons in the Route 53 console.",
        )
        .source("AWS recommends HealthCheckStatus < 1, 3 of 3, missing data breaching; a new check has no data yet, so missing."),
    alarm("ResolverEndpoint.Capacity", &[&RESOLVER_ENDPOINT], &[one("ResolverEndpointCapacityStatus", "Maximum")])
        .above(number(1.0), Unit::Count)
        .of(3, 3, 300)
        .missing(Missing::Ignore)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "A network interface of the resolver endpoint has used more than three quarters of its capacity for 15 minutes.",
            "Inbound: see whether one address takes most queries. Outbound: see whether the name servers are slow. Else add addresses.",
        )
        .source("Route 53 developer guide, ResolverEndpointCapacityStatus: 2 is above 75 % of capacity; it advises to ignore missing data."),
    alarm("ResolverEndpoint.UnhealthyInterfaces", &[&RESOLVER_ENDPOINT], &[one("EndpointUnhealthyENICount", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "A network interface of the resolver endpoint has been recovering for 15 minutes; the endpoint answers with limited capacity.",
            "Look at the endpoint's addresses in the Route 53 console, and whether somebody changed or deleted a network interface.",
        )
        .source("Route 53 developer guide, EndpointUnhealthyENICount; AWS's networking best practices: above 0 for more than ten minutes."),
    alarm("SignedZone.InternalFailure", &[&SIGNED_ZONE], &[one("DNSSECInternalFailure", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 14_400)
        .missing(Missing::Ignore)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "Signing of the zone fails: resolvers that validate may soon refuse all its names.",
            "Open the zone's DNSSEC tab in Route 53, then check that Route 53 may still use the KMS key.",
        )
        .source("Route 53 developer guide, configuring DNSSEC: an alarm for this metric is advised; one value every four hours."),
    alarm("SignedZone.KeysNeedAction", &[&SIGNED_ZONE], &[one("DNSSECKeySigningKeysNeedingAction", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 14_400)
        .missing(Missing::Ignore)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "A key-signing key of the zone cannot be used, because KMS refuses it; signatures run out within days.",
            "Check that the KMS key is enabled and that its policy lets Route 53 sign; then reactivate the key-signing key.",
        )
        .source("Route 53 developer guide, configuring DNSSEC: an alarm for this metric is advised; one value every four hours."),
];
