//! Amazon CloudWatch Synthetics.

use crate::catalogue::build::{alarm, number, one, share};
use crate::catalogue::kind::{Kind, by_ref};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Unit};
use crate::catalogue::test::Test;

/// A canary, by its name.
pub(crate) static CANARY: Kind = Kind::new(
    "canary",
    "canaries",
    &["Canary"],
    "CloudWatchSynthetics",
    &["AWS::Synthetics::Canary"],
    &[by_ref("CanaryName", "Name")],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&CANARY];

/// Canaries that run at least every five minutes: each period of five minutes has a run, so that two bad ones in a row mean something. Of others,
/// most periods have none, and M of N would never come together.
const FREQUENT: Test = Test::Starts(
    "Schedule.Expression",
    &["rate(1 minute", "rate(2 minute", "rate(3 minute", "rate(4 minute", "rate(5 minute"],
);

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("Canary.Duration", &[&CANARY], &[one("Duration", "Maximum")])
        .above(share(80, "RunConfig.TimeoutInSeconds", 1_000.0, None), Unit::Milliseconds)
        .of(1, 1, 300)
        .is(Severity::Warning, Profile::Critical)
        .says("A run of the canary took longer than {threshold}: most of the time after which it is cut off and fails.", "Look at the run's steps in the canary's report: which page or call has become slow?")
        .source("Our own share of the run's timeout: CloudWatch metrics published by canaries, Duration (ms)."),
    alarm("Canary.FailedRun", &[&CANARY], &[one("SuccessPercent", "Average")])
        .only(Test::Not(&FREQUENT))
        .below(number(90.0), Unit::Percent)
        .of(1, 1, 300)
        .is(Severity::Critical, Profile::Essential)
        .says("The last run of the canary failed: what it checks does not work as a user would expect.", "Open the run in the canary's report: the failed step, its screenshot and log; then try the same by hand.")
        .source("CloudWatch metrics published by canaries: SuccessPercent; our own number, and each run counts where runs are rare."),
    alarm("Canary.SuccessPercent", &[&CANARY], &[one("SuccessPercent", "Average")])
        .only(FREQUENT)
        .below(number(90.0), Unit::Percent)
        .of(2, 3, 300)
        .is(Severity::Critical, Profile::Essential)
        .says("Fewer than {threshold} of the canary's runs succeed, again and again: what it checks does not work as a user would expect.", "Open a failed run in the canary's report: the step, its screenshot and log; then try the same by hand.")
        .source("CloudWatch metrics published by canaries: SuccessPercent; our own number, 2 of 3, so that one odd run wakes nobody."),
];
