//! Amazon EventBridge: rules of the default bus and of others, schedules, pipes.

use crate::catalogue::build::{alarm, number, one};
use crate::catalogue::kind::{Kind, by_ref, found};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Unit};
use crate::catalogue::test::Test;

/// A rule of the default bus.
pub(crate) static RULE: Kind = Kind::new(
    "EventBridge rule",
    "EventBridge rules",
    &["Rule"],
    "AWS/Events",
    &["AWS::Events::Rule"],
    &[by_ref("RuleName", "Name")],
)
.found_by_code();

/// A rule of another bus: CloudWatch knows it by both.
pub(crate) static BUS_RULE: Kind = Kind::new(
    "rule of a custom bus",
    "rules of custom buses",
    &["Rule"],
    "AWS/Events",
    &["AWS::Events::Rule"],
    &[found("EventBusName"), found("RuleName")],
)
.found_by_code();

/// A group of schedules: EventBridge Scheduler counts by group.
pub(crate) static SCHEDULE_GROUP: Kind = Kind::new(
    "schedule group",
    "schedule groups",
    &["ScheduleGroup"],
    "AWS/Scheduler",
    &["AWS::Scheduler::ScheduleGroup", "AWS::Scheduler::Schedule"],
    &[found("ScheduleGroup")],
)
.found_by_code();

/// A pipe.
pub(crate) static PIPE: Kind = Kind::new(
    "EventBridge pipe",
    "EventBridge pipes",
    &["Pipe"],
    "AWS/EventBridge/Pipes",
    &["AWS::Pipes::Pipe"],
    &[by_ref("PipeName", "Name")],
);

/// A bus of one's own.
pub(crate) static EVENT_BUS: Kind = Kind::new(
    "event bus",
    "event buses",
    &["EventBus"],
    "AWS/Events",
    &["AWS::Events::EventBus"],
    &[by_ref("EventBusName", "Name")],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&RULE, &BUS_RULE, &EVENT_BUS, &SCHEDULE_GROUP, &PIPE];

/// A target without a dead-letter queue has nowhere to fail to send to, nor has a rule without targets.
const HAS_DEAD_LETTER: Test =
    Test::All(&[Test::Has("Targets"), Test::Not(&Test::ItemWithout("Targets", "DeadLetterConfig"))]);

const RULES: &[&Kind] = &[&RULE, &BUS_RULE];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("EventBus.EncryptionFailures", &[&EVENT_BUS], &[one("EventBusEncryptionFailed", "Sum")])
        .only(Test::Has("KmsKeyIdentifier"))
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "EventBridge could not encrypt the configuration of the bus anew after a change.",
            "Look at the KMS key: is it enabled, and does its policy let EventBridge use it?",
        )
        .source("Our own: EventBridge user guide, EventBusEncryptionFailed, sent only when it is not 0."),
    alarm("Pipe.Failures", &[&PIPE], &[one("ExecutionFailed", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "Executions of the pipe have failed in 3 of 5 minutes.",
            "Look at the pipe's log for the stage: enrichment or target, and at the permissions of its role.",
        )
        .source("Our own: EventBridge user guide, monitoring Pipes; sources with retries make single failures harmless."),
    alarm("Pipe.PartialFailures", &[&PIPE], &[one("ExecutionPartiallyFailed", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The target of the pipe has refused some events of a batch in 3 of 5 minutes.",
            "Look at the pipe's log for the refused events: a record too large, a throttled stream, a bad item.",
        )
        .source("Our own: EventBridge user guide, monitoring Pipes; ExecutionPartiallyFailed, as for failures."),
    alarm("Pipe.Throttles", &[&PIPE], &[one("ExecutionThrottled", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Executions of the pipe have been throttled in each of the last five minutes.",
            "Look at the account's quota of concurrent pipe executions, and at a slow target.",
        )
        .source("Our own: EventBridge user guide, monitoring Pipes; five minutes in a row."),
    alarm("Pipe.Timeouts", &[&PIPE], &[one("ExecutionTimeout", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Executions of the pipe have timed out in 3 of 5 minutes.",
            "Look at how long enrichment and target take; a pipe has five minutes.",
        )
        .source("Our own: EventBridge user guide, monitoring Pipes."),
    alarm("Rule.DeadLetterFailures", RULES, &[one("InvocationsFailedToBeSentToDlq", "Sum")])
        .only(HAS_DEAD_LETTER)
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .is(Severity::Critical, Profile::Standard)
        .says(
            "An event could be delivered neither to the rule's target nor to the dead-letter queue: it is lost.",
            "Look at the policy and KMS key of the dead-letter queue: EventBridge must be allowed to send there.",
        )
        .source("Our own: EventBridge user guide, monitoring; each is a lost event."),
    alarm("Rule.Failures", RULES, &[one("FailedInvocations", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "A target of the rule could not be called, and EventBridge has given up: the event is lost, unless there is a dead-letter queue.",
            "Look at the target's permission for this rule, and whether the target still exists.",
        )
        .source("EventBridge user guide: FailedInvocations counts what failed for good, retries apart, and is sent only when it is not 0."),
    alarm("Rule.Throttles", RULES, &[one("ThrottledRules", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "EventBridge has throttled this rule in each of the last five minutes: events arrive late.",
            "Look at the account's quota of invocations, and at an event pattern that matches too much.",
        )
        .source("Our own: ThrottledRules Sum; throttled invocations are retried for 24 hours."),
    alarm("ScheduleGroup.Dropped", &[&SCHEDULE_GROUP], &[one("InvocationDroppedCount", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "A schedule of this group has given up on its target: what was scheduled is not done.",
            "Look at the target's permission and errors, and at the dead-letter queue of the schedule.",
        )
        .source("AWS recommends InvocationDroppedCount Sum > 0, 1 of 1; by group."),
    alarm("ScheduleGroup.LostToDeadLetter", &[&SCHEDULE_GROUP], &[one("InvocationsFailedToBeSentToDeadLetterCount", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .is(Severity::Critical, Profile::Standard)
        .says(
            "An event of a schedule could not be sent to its dead-letter queue: it is lost.",
            "Look at the queue's policy and KMS key, and at the role of the schedule.",
        )
        .source("AWS recommends InvocationsFailedToBeSentToDeadLetterCount Sum > 0, 15 of 15; each is a lost event, so one is enough."),
    alarm("ScheduleGroup.TargetErrors", &[&SCHEDULE_GROUP], &[one("TargetErrorCount", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 15, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Targets of this group's schedules have answered with errors in 3 of 15 minutes.",
            "Look at the target's own errors, and at the role that the schedule uses to call it.",
        )
        .source("Our own: EventBridge Scheduler user guide, TargetErrorCount; Scheduler retries, so single errors do not count."),
    alarm("ScheduleGroup.TargetThrottles", &[&SCHEDULE_GROUP], &[one("TargetErrorThrottledCount", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Targets of this group's schedules have throttled calls for 15 minutes.",
            "Look at the target's limits; spread schedules with a flexible time window.",
        )
        .source("AWS recommends TargetErrorThrottledCount Sum > 0, 15 of 15; by group."),
    alarm("ScheduleGroup.Throttles", &[&SCHEDULE_GROUP], &[one("InvocationThrottleCount", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "EventBridge Scheduler has throttled calls of this group for 15 minutes: what was scheduled runs late.",
            "Look at the account's quota of invocations; spread schedules with a flexible time window.",
        )
        .source("AWS recommends InvocationThrottleCount Sum > 0, 15 of 15; by group."),
];
