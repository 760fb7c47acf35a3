//! Amazon EC2: instances and capacity reservations. Volumes have a file of their own.

use crate::catalogue::build::{alarm, number, one};
use crate::catalogue::kind::{Kind, by_id};
use crate::catalogue::spec::{AlarmSpec, Missing, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::{Test, is_by_default};

/// An instance. Instances of Auto Scaling groups come and go: those are watched as a group.
pub(crate) static INSTANCE: Kind = Kind::new(
    "EC2 instance",
    "EC2 instances",
    &["Instance"],
    "AWS/EC2",
    &["AWS::EC2::Instance"],
    &[by_id("InstanceId")],
);

/// Capacity that is paid for, used or not.
pub(crate) static CAPACITY_RESERVATION: Kind = Kind::new(
    "capacity reservation",
    "capacity reservations",
    &["CapacityReservation"],
    "AWS/EC2CapacityReservations",
    &["AWS::EC2::CapacityReservation"],
    &[by_id("CapacityReservationId")],
);

/// Families on Xen: the check of attached volumes is published for instances on Nitro only.
const XEN: &[&str] = &[
    "t1.", "t2.", "m1.", "m2.", "m3.", "m4.", "c1.", "c3.", "c4.", "r3.", "r4.", "i2.", "d2.", "hs1.", "h1.", "g2.",
    "g3.", "g3s.", "p2.", "p3.2x", "p3.8x", "p3.16x", "x1.", "x1e.", "f1.", "cc2.", "cr1.",
];

/// A type that is known here, not that of a launch template, and on Nitro.
const NITRO: Test = Test::All(&[Test::Has("InstanceType"), Test::Not(&Test::Starts("InstanceType", XEN))]);

/// Burstable, and held at its baseline when the credits are spent. Without a `CreditSpecification`, t2 is standard; t3, t3a and t4g are unlimited.
const CREDITS_RUN_OUT: Test = Test::Any(&[
    Test::All(&[Test::Starts("InstanceType", &["t2."]), is_by_default!("CreditSpecification.CPUCredits", "standard")]),
    Test::All(&[
        Test::Starts("InstanceType", &["t3.", "t3a.", "t4g."]),
        Test::Is("CreditSpecification.CPUCredits", &["standard"]),
    ]),
]);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&INSTANCE, &CAPACITY_RESERVATION];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("CapacityReservation.Utilization", &[&CAPACITY_RESERVATION], &[one("InstanceUtilization", "Average")])
        .below(Threshold::Yours, Unit::Percent)
        .of(12, 12, 300)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "Less than {threshold} of the reserved instances have been in use for an hour; the rest is paid for and idle.",
            "Look at which instances should run in the reservation: type, platform and zone must match it.",
        )
        .source("EC2 user guide, CloudWatch metrics of capacity reservations; no number fits a reservation that is kept for emergencies."),
    alarm("Instance.AttachedVolumes", &[&INSTANCE], &[one("StatusCheckFailed_AttachedEBS", "Maximum")])
        .only(NITRO)
        .above(number(0.0), Unit::Count)
        .of(10, 10, 60)
        .missing(Missing::Missing)
        .is(Severity::Critical, Profile::Standard)
        .says(
            "A volume attached to the instance has not completed its I/O for ten minutes.",
            "Look at the instance's status checks and at the volumes' status in the EBS console; restore from a snapshot if a volume is lost.",
        )
        .source("AWS recommends StatusCheckFailed_AttachedEBS Maximum >= 1, 10 of 10; only instances on Nitro have it."),
    alarm("Instance.CpuCredits", &[&INSTANCE], &[one("CPUCreditBalance", "Maximum")])
        .only(CREDITS_RUN_OUT)
        .below(number(1.0), Unit::Count)
        .of(6, 6, 300)
        .missing(Missing::Missing)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The burstable instance has spent its CPU credits for half an hour and is held at its baseline.",
            "Compare CPUUtilization with the baseline of the instance type; take a larger type, or credits `unlimited`.",
        )
        .source("EC2 user guide, burstable instances: at 0 credits the CPU is held at its baseline; t3 and t4g start at 0, hence half an hour."),
    alarm("Instance.CpuUtilization", &[&INSTANCE], &[one("CPUUtilization", "Average")])
        .above(number(80.0), Unit::Percent)
        .of(3, 3, 300)
        .missing(Missing::Missing)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The instance's CPU has been above {threshold} for 15 minutes.",
            "Look at the busiest processes on the instance, and whether traffic or a job explains them.",
        )
        .source("AWS recommends CPUUtilization Average > 80, 3 of 3 of five minutes."),
    alarm("Instance.StatusCheck", &[&INSTANCE], &[one("StatusCheckFailed", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(2, 2, 300)
        .missing(Missing::Missing)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "The instance, or the hardware under it, fails its status checks: it cannot be reached or does not run.",
            "See in the EC2 console which check fails: for the system check, stop and start the instance; for the instance check, read its system log.",
        )
        .source("AWS recommends StatusCheckFailed Maximum >= 1, 2 of 2 of five minutes; a stopped instance has no data, which is no alarm."),
];
