//! AWS Outposts, and AWS IoT Device Defender.

use crate::catalogue::build::{alarm, number, one};
use crate::catalogue::kind::{Kind, by_attribute, by_ref};
use crate::catalogue::spec::{AlarmSpec, Missing, Profile, Severity, Unit};

/// An Outpost.
pub(crate) static OUTPOST: Kind = Kind::new(
    "Outpost",
    "Outposts",
    &["Outpost"],
    "AWS/Outposts",
    &["AWS::Outposts::Outpost"],
    &[by_attribute("OutpostId", "OutpostId", None)],
);

/// How devices are expected to behave.
pub(crate) static DEVICE_SECURITY: Kind = Kind::new(
    "device security profile",
    "device security profiles",
    &["DeviceSecurity"],
    "AWS/IoT",
    &["AWS::IoT::SecurityProfile"],
    &[by_ref("SecurityProfileName", "SecurityProfileName")],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&OUTPOST, &DEVICE_SECURITY];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("DeviceSecurity.Violations", &[&DEVICE_SECURITY], &[one("Violations", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("A device behaves otherwise than the security profile allows: it may be broken, or somebody else's by now.", "Look at the violation: which device, which behaviour, since when; take the device off if it is not known to be well.")
        .source("Supported metrics for resource tags for telemetry: Violations by SecurityProfileName; each violation counts."),
    alarm("Outpost.ConnectedStatus", &[&OUTPOST], &[one("ConnectedStatus", "Average")])
        .below(number(1.0), Unit::Count)
        .of(5, 5, 60)
        .missing(Missing::Missing)
        .is(Severity::Critical, Profile::Essential)
        .says("The Outpost's link to its region has been impaired for 5 minutes.", "Look at the network on your side: firewall, NAT and uplink, and what was changed last; then call AWS Support.")
        .source("AWS Outposts guide, CloudWatch metrics: an average of ConnectedStatus below 1 is impaired; no data before it is installed says nothing."),
];
