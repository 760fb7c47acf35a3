//! Amazon EC2 Auto Scaling: groups, and their instances taken together.

use crate::catalogue::build::{alarm, metric, number, one, share};
use crate::catalogue::kind::{Kind, by_ref};
use crate::catalogue::spec::{AlarmSpec, Missing, Profile, Severity, Unit};
use crate::catalogue::test::{Need, Test};

/// A group. What waits in its warm pool is not in service, and is not counted here.
pub(crate) static AUTO_SCALING_GROUP: Kind = Kind::new(
    "Auto Scaling group",
    "Auto Scaling groups",
    &["AutoScalingGroup"],
    "AWS/AutoScaling",
    &["AWS::AutoScaling::AutoScalingGroup"],
    &[by_ref("AutoScalingGroupName", "AutoScalingGroupName")],
);

/// The instances of a group, of which EC2 has averages.
pub(crate) static GROUP_INSTANCES: Kind = Kind::new(
    "group of instances",
    "instances of Auto Scaling groups",
    &["AutoScalingGroup"],
    "AWS/EC2",
    &["AWS::AutoScaling::AutoScalingGroup"],
    &[by_ref("AutoScalingGroupName", "AutoScalingGroupName")],
);

/// Group metrics are free, and switching them on interrupts nothing.
const GROUP_METRICS: Need = Need {
    // An entry without a list of metrics collects all of them.
    on: Test::ItemWithout("MetricsCollection", "Metrics"),
    fix: Some(("MetricsCollection", r#"[{"Granularity": "1Minute"}]"#)),
    help: "add `MetricsCollection: [{Granularity: 1Minute}]` to the group; it is free",
};

/// A group that may be empty has no minimum to fall below.
const HAS_MINIMUM: Test = Test::Not(&Test::Is("MinSize", &["0"]));

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&AUTO_SCALING_GROUP, &GROUP_INSTANCES];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("AutoScalingGroup.AtMaximum", &[&AUTO_SCALING_GROUP], &[
            metric("d", "GroupDesiredCapacity", "Minimum"),
            metric("x", "GroupMaxSize", "Maximum"),
            metric("n", "GroupMinSize", "Maximum"),
        ])
        // A group of a fixed size is always at its maximum.
        .math("IF(d >= x AND x > n, 1, 0)")
        .needs(GROUP_METRICS)
        .above(number(0.0), Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "The group has been at its maximum size for 15 minutes and cannot grow further.",
            "Look at what drives the scaling policy; raise MaxSize if the load is real.",
        )
        .source("Our own: a group at its maximum no longer follows its load; groups of a fixed size are left out."),
    alarm("AutoScalingGroup.BelowMinimum", &[&AUTO_SCALING_GROUP], &[one("GroupInServiceCapacity", "Maximum")])
        .only(HAS_MINIMUM)
        .needs(GROUP_METRICS)
        .below(share(100, "MinSize", 1.0, None), Unit::Count)
        .of(10, 10, 60)
        .missing(Missing::Missing)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "For ten minutes less than {threshold} of the group's capacity has been in service: less than its minimum size.",
            "Read the group's activity history: instances fail to launch, or fail their health checks and are replaced over and over.",
        )
        .source("AWS recommends GroupInServiceCapacity below the minimum that is needed, 10 of 10, missing data breaching; a new group has none yet, so missing."),
    alarm("AutoScalingGroup.CpuUtilization", &[&GROUP_INSTANCES], &[one("CPUUtilization", "Average")])
        .above(number(80.0), Unit::Percent)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The CPUs of the group's instances have been above {threshold} on average for 15 minutes.",
            "Look at whether the group is at its maximum size, and whether its scaling policy follows this load.",
        )
        .source("AWS recommends CPUUtilization Average > 80, 3 of 3 of five minutes, for instances; the same for the group's average."),
    alarm("AutoScalingGroup.MissingCapacity", &[&AUTO_SCALING_GROUP], &[
            metric("d", "GroupDesiredCapacity", "Minimum"),
            metric("s", "GroupInServiceCapacity", "Maximum"),
        ])
        .math("d - s")
        .needs(GROUP_METRICS)
        .above(number(0.0), Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "For 15 minutes the group has had less capacity in service than it wants.",
            "Read the group's activity history for failed launches, and the instances' health checks.",
        )
        .source("Our own: AWS recommends GroupInServiceCapacity against a number; the desired capacity moves, so the difference, for longer than a launch takes."),
];
