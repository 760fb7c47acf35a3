//! Networks: NAT gateways, transit gateways, PrivateLink, Global Accelerator.

use crate::catalogue::build::{alarm, metric, number, one};
use crate::catalogue::kind::{Kind, by_id, by_property, found};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::{Test, is_by_default};

/// A NAT gateway of one zone. One of a whole region has metrics by zone only, and no property names its zones.
pub(crate) static NAT_GATEWAY: Kind = Kind::new(
    "NAT gateway",
    "NAT gateways",
    &["NatGateway"],
    "AWS/NATGateway",
    &["AWS::EC2::NatGateway"],
    &[by_id("NatGatewayId")],
)
.only(is_by_default!("AvailabilityMode", "zonal"));

/// A transit gateway.
pub(crate) static TRANSIT_GATEWAY: Kind = Kind::new(
    "transit gateway",
    "transit gateways",
    &["TransitGateway"],
    "AWS/TransitGateway",
    &["AWS::EC2::TransitGateway"],
    &[by_id("TransitGateway")],
);

/// An attachment to a transit gateway, which may belong to another account.
pub(crate) static ATTACHMENT: Kind = Kind::new(
    "transit gateway attachment",
    "transit gateway attachments",
    &["TransitGatewayAttachment"],
    "AWS/TransitGateway",
    &[
        "AWS::EC2::TransitGatewayAttachment",
        "AWS::EC2::TransitGatewayVpcAttachment",
        "AWS::EC2::TransitGatewayPeeringAttachment",
        "AWS::EC2::TransitGatewayConnect",
    ],
    &[by_id("TransitGatewayAttachment")],
);

/// An interface endpoint, or one of a Gateway Load Balancer. Gateway endpoints and those to another region have no metrics.
pub(crate) static ENDPOINT: Kind = Kind::new(
    "VPC endpoint",
    "VPC endpoints",
    &["VpcEndpoint"],
    "AWS/PrivateLinkEndpoints",
    &["AWS::EC2::VPCEndpoint"],
    &[
        by_property("Endpoint Type", "VpcEndpointType"),
        by_property("Service Name", "ServiceName"),
        by_id("VPC Endpoint Id"),
        by_property("VPC Id", "VpcId"),
    ],
)
.only(Test::All(&[
    Test::Is("VpcEndpointType", &["Interface", "GatewayLoadBalancer"]),
    Test::Not(&Test::Has("ServiceRegion")),
]));

/// An endpoint service.
pub(crate) static ENDPOINT_SERVICE: Kind = Kind::new(
    "endpoint service",
    "endpoint services",
    &["VpcEndpointService"],
    "AWS/PrivateLinkServices",
    &["AWS::EC2::VPCEndpointService"],
    &[by_id("Service Id")],
);

/// A standard accelerator. CloudWatch knows it by the end of its ARN, and in one region only.
pub(crate) static ACCELERATOR: Kind = Kind::new(
    "accelerator",
    "accelerators",
    &["Accelerator"],
    "AWS/GlobalAccelerator",
    &["AWS::GlobalAccelerator::Accelerator"],
    &[found("Accelerator")],
)
.only_in("us-west-2")
.found_by_code();

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] =
    &[&NAT_GATEWAY, &TRANSIT_GATEWAY, &ATTACHMENT, &ENDPOINT, &ENDPOINT_SERVICE, &ACCELERATOR];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("Accelerator.NoHealthyEndpoints", &[&ACCELERATOR], &[one("HealthyEndpointCount", "Maximum")])
        .below(number(1.0), Unit::Count)
        .of(3, 3, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "No endpoint behind the accelerator has been healthy for three minutes.",
            "Look at the endpoint groups in the Global Accelerator console, then at the load balancers or instances behind.",
        )
        .source("Global Accelerator guide, HealthyEndpointCount; a disabled accelerator has no data, which is no alarm."),
    alarm("Accelerator.UnhealthyEndpoints", &[&ACCELERATOR], &[one("UnhealthyEndpointCount", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(10, 10, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "An endpoint behind the accelerator has been unhealthy for ten minutes; others take its traffic.",
            "See which endpoint group it is, then look at the load balancer or instance and its health check.",
        )
        .source("Global Accelerator guide, UnhealthyEndpointCount; for longer than a deployment takes."),
    alarm("NatGateway.PacketsDropped", &[&NAT_GATEWAY], &[
            metric("d", "PacketsDropCount", "Sum"),
            metric("s", "PacketsInFromSource", "Sum"),
            metric("r", "PacketsInFromDestination", "Sum"),
        ])
        .gated("IF(d >= {min}, 100 * d / (s + r), 0)", 10)
        .above(number(0.01), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The NAT gateway drops more than {threshold} of its packets, and at least {min} {per}.",
            "Look at the AWS Health Dashboard for an issue of the zone; then at whether the gateway's bandwidth is exhausted.",
        )
        .source("AWS recommends PacketsDropCount, 5 of 5, number by situation; the VPC user guide takes above 0.01 % of the traffic as an issue."),
    alarm("NatGateway.PortAllocationErrors", &[&NAT_GATEWAY], &[one("ErrorPortAllocation", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "For 15 minutes the NAT gateway has had no free port for some destination: new connections to it fail.",
            "Find who opens many connections to one address; reuse connections, or add addresses to the gateway.",
        )
        .source("AWS recommends ErrorPortAllocation Sum > 0, 15 of 15."),
    alarm("TransitGateway.BlackholeDrops", &[&TRANSIT_GATEWAY], &[one("PacketDropCountBlackhole", "Sum")])
        .above(Threshold::Yours, Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The transit gateway drops more than {threshold} packets {per}, because they match a blackhole route.",
            "Look for routes to attachments that were deleted; blackholes that are meant to be need a higher threshold.",
        )
        .source("Transit Gateway guide, PacketDropCountBlackhole; blackholes may be on purpose, so no number fits everybody."),
    alarm("TransitGateway.NoRouteDrops", &[&TRANSIT_GATEWAY], &[one("PacketDropCountNoRoute", "Sum")])
        .above(Threshold::Yours, Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The transit gateway drops more than {threshold} packets {per}, because it has no route for them.",
            "Compare the route tables with what is attached: a route that is not propagated, or a default route too wide.",
        )
        .source("Transit Gateway guide, PacketDropCountNoRoute; default routes into the gateway cause some, so no number fits everybody."),
    alarm("TransitGatewayAttachment.BlackholeDrops", &[&ATTACHMENT], &[one("PacketDropCountBlackhole", "Sum")])
        .above(Threshold::Yours, Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "More than {threshold} packets {per} of the attachment are dropped, because they match a blackhole route.",
            "Look for routes to attachments that were deleted in the route table that the attachment uses.",
        )
        .source("Transit Gateway guide, PacketDropCountBlackhole by attachment; blackholes may be on purpose."),
    alarm("TransitGatewayAttachment.NoRouteDrops", &[&ATTACHMENT], &[one("PacketDropCountNoRoute", "Sum")])
        .above(Threshold::Yours, Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "More than {threshold} packets {per} of the attachment are dropped, because the transit gateway has no route for them.",
            "Compare the route table that the attachment uses with what is attached.",
        )
        .source("Transit Gateway guide, PacketDropCountNoRoute by attachment; default routes into the gateway cause some."),
    alarm("VpcEndpoint.PacketsDropped", &[&ENDPOINT], &[one("PacketsDropped", "Sum")])
        .above(Threshold::Yours, Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The VPC endpoint has dropped more than {threshold} packets {per} for five minutes.",
            "Look at whether the endpoint service behind is healthy, and whether the endpoint has subnets in enough zones.",
        )
        .source("AWS recommends PacketsDropped Sum, 5 of 5, number by situation; of the endpoint rather than of each subnet."),
    alarm("VpcEndpoint.ResetsReceived", &[&ENDPOINT], &[one("RstPacketsReceived", "Sum")])
        .above(Threshold::Yours, Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "The VPC endpoint has received more than {threshold} connection resets {per} for five minutes: the service behind may be unhealthy.",
            "Look at the endpoint service's targets, or the AWS Health Dashboard for a service of AWS.",
        )
        .source("PrivateLink guide, RstPacketsReceived: rising values may mean an unhealthy service; some resets are normal."),
    alarm("VpcEndpointService.ResetsSent", &[&ENDPOINT_SERVICE], &[one("RstPacketsSent", "Sum")])
        .above(Threshold::Yours, Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The endpoint service has reset more than {threshold} connections {per} for five minutes: there may be unhealthy targets.",
            "Look at the health of the targets behind the service's load balancers.",
        )
        .source("AWS recommends RstPacketsSent Sum, 5 of 5, number by situation; of the service rather than of each zone and load balancer."),
];
