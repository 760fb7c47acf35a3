//! AWS CodeBuild.

use crate::catalogue::build::{alarm, number, one, share};
use crate::catalogue::kind::{Kind, by_ref};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Unit};
use crate::catalogue::test::Test;

/// A build project, by its name.
pub(crate) static PROJECT: Kind = Kind::new(
    "build project",
    "build projects",
    &["Build"],
    "AWS/CodeBuild",
    &["AWS::CodeBuild::Project"],
    &[by_ref("ProjectName", "Name")],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&PROJECT];

/// Projects that no webhook starts. Builds of pushes and pull requests fail all day, and whoever pushed is told by the repository.
const NO_WEBHOOK: Test = Test::Not(&Test::Is("Triggers.Webhook", &["true"]));

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("Build.Duration", &[&PROJECT], &[one("Duration", "Maximum")])
        .above(share(80, "TimeoutInMinutes", 60.0, Some(60.0)), Unit::Seconds)
        .of(1, 1, 300)
        .is(Severity::Warning, Profile::Critical)
        .says("A build took longer than {threshold}: most of the time after which it is stopped and fails.", "Compare the phases with an earlier build: a cold cache, slow downloads or tests that have grown.")
        .source("AWS CodeBuild guide, CloudWatch alarms, names Duration; our own share of the timeout, which is 60 minutes by default."),
    alarm("Build.FailedBuilds", &[&PROJECT], &[one("FailedBuilds", "Sum")])
        .only(NO_WEBHOOK)
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("A build has failed or timed out: what a pipeline, a schedule or somebody started is not built.", "Look at the first failed phase in the build's log.")
        .source("AWS CodeBuild guide, CloudWatch alarms, names FailedBuilds; each one counts where no webhook starts builds."),
];
