//! Connections to other networks: AWS Site-to-Site VPN, AWS Direct Connect.

use crate::catalogue::build::{alarm, number, one};
use crate::catalogue::kind::{Kind, by_attribute, by_id};
use crate::catalogue::spec::{AlarmSpec, Missing, Profile, Severity, Unit};

/// A Site-to-Site VPN connection, with its two tunnels.
pub(crate) static VPN: Kind = Kind::new(
    "VPN connection",
    "VPN connections",
    &["Vpn"],
    "AWS/VPN",
    &["AWS::EC2::VPNConnection"],
    &[by_id("VpnId")],
);

/// A physical connection of Direct Connect.
pub(crate) static DIRECT_CONNECT: Kind = Kind::new(
    "Direct Connect connection",
    "Direct Connect connections",
    &["DirectConnect"],
    "AWS/DX",
    &["AWS::DirectConnect::Connection"],
    &[by_attribute("ConnectionId", "ConnectionId", None)],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&VPN, &DIRECT_CONNECT];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("DirectConnect.Down", &[&DIRECT_CONNECT], &[one("ConnectionState", "Maximum")])
        .below(number(1.0), Unit::Count)
        .of(2, 2, 300)
        .missing(Missing::Missing)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "The physical Direct Connect connection has been down for ten minutes.",
            "Look for planned maintenance in the AWS Health Dashboard, then at your router's port, optics and cross connect.",
        )
        .source("Direct Connect user guide, ConnectionState: 0 is down; AWS's networking best practices: alarm whenever it is 0."),
    alarm("DirectConnect.Errors", &[&DIRECT_CONNECT], &[one("ConnectionErrorCount", "Sum")])
        .above(number(5.0), Unit::Count)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "The Direct Connect connection has had more than {threshold} errors {per} on the line for 15 minutes.",
            "Look at the light levels of the connection and of your router; clean or replace optics and patch cables.",
        )
        .source("AWS's networking best practices: ConnectionErrorCount above one a minute, if it persists."),
    alarm("Vpn.Down", &[&VPN], &[one("TunnelState", "Maximum")])
        // Between 0 and 1 a tunnel is up, whichever way the state of two tunnels is averaged.
        .below(number(0.5), Unit::Count)
        .of(3, 3, 300)
        .missing(Missing::Missing)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "No tunnel of the VPN connection has been up for 15 minutes: the other network cannot be reached through it.",
            "Look at the customer gateway: its internet access, IKE and BGP status; compare its log with the tunnel details in the VPC console.",
        )
        .source("Site-to-Site VPN user guide, TunnelState: 0 when all tunnels are down; our own, beside AWS's alarm for any tunnel."),
    alarm("Vpn.TunnelDown", &[&VPN], &[one("TunnelState", "Minimum")])
        .below(number(1.0), Unit::Count)
        .of(3, 3, 300)
        .missing(Missing::Missing)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "A tunnel of the VPN connection has been down for 15 minutes: if the other fails too, or AWS replaces it, the connection is gone.",
            "See in the VPC console which tunnel is down, and whether the customer gateway is configured for both.",
        )
        .source("AWS recommends TunnelState Minimum < 1, 3 of 3 of five minutes."),
];
