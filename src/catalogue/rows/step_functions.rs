//! AWS Step Functions: standard and express state machines, activities.

use crate::catalogue::build::{alarm, metric, number, one};
use crate::catalogue::kind::{Dimension, Kind, by_id};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Threshold, Unit};
use crate::catalogue::test::Test;

const TYPES: &[&str] = &["AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"];
const ARN: &[Dimension] = &[by_id("StateMachineArn")];
/// CloudFormation calls the property `StateMachineType`, SAM `Type`.
const IS_EXPRESS: Test = Test::Any(&[Test::Is("StateMachineType", &["EXPRESS"]), Test::Is("Type", &["EXPRESS"])]);

/// A standard state machine: each execution counts.
pub(crate) static STANDARD: Kind =
    Kind::new("state machine", "state machines", &["StateMachine"], "AWS/States", TYPES, ARN)
        .only(Test::Not(&IS_EXPRESS));

/// An express state machine: many short executions, of which a share may fail.
pub(crate) static EXPRESS: Kind = Kind::new(
    "express state machine",
    "express state machines",
    &["StateMachine", "ExpressStateMachine"],
    "AWS/States",
    TYPES,
    ARN,
)
.only(IS_EXPRESS);

/// An activity: work that somebody outside fetches.
pub(crate) static ACTIVITY: Kind = Kind::new(
    "activity",
    "activities",
    &["Activity"],
    "AWS/States",
    &["AWS::StepFunctions::Activity"],
    &[by_id("ActivityArn")],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&STANDARD, &EXPRESS, &ACTIVITY];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("Activity.Failures", &[&ACTIVITY], &[one("ActivitiesFailed", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Workers report failures of this activity in 3 of 5 minutes.",
            "Look at the worker's log and at the error that it sends with SendTaskFailure.",
        )
        .source("Our own: Step Functions metrics; ActivitiesFailed Sum, several minutes, because states retry."),
    alarm("Activity.HeartbeatTimeouts", &[&ACTIVITY], &[one("ActivitiesHeartbeatTimedOut", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "A worker has stopped to send heartbeats for a task of this activity.",
            "Look at whether the worker died, and whether HeartbeatSeconds leaves it enough time.",
        )
        .source("Our own: Step Functions metrics; a lost worker is worth a look."),
    alarm("Activity.Timeouts", &[&ACTIVITY], &[one("ActivitiesTimedOut", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "A task of this activity has timed out: no worker has finished it in time.",
            "Look at whether workers poll for the activity, and how long it takes them.",
        )
        .source("Our own: Step Functions metrics; a task that nobody finished."),
    alarm("ExpressStateMachine.ExpressFailureRate", &[&EXPRESS], &[
            metric("f", "ExecutionsFailed", "Sum"),
            metric("n", "ExecutionsStarted", "Sum"),
        ])
        .gated("IF(f >= {min}, 100 * f / n, 0)", 3)
        .above(number(5.0), Unit::Percent)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "More than {threshold} of the executions fail, and at least {min} {per}.",
            "Look at the state machine's log group for the failing state and its cause; express executions have no history without logs.",
        )
        .source("Our own, as for APIs: a rate of ExecutionsFailed, gated on failures, 3 of 5; AWS recommends nothing for Step Functions."),
    alarm("ExpressStateMachine.ExpressTimeouts", &[&EXPRESS], &[one("ExecutionsTimedOut", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Standard)
        .says(
            "Executions have timed out in 3 of 5 minutes; an express execution may take five minutes.",
            "Look at the state machine's log group: which state was the last?",
        )
        .source("Our own: ExecutionsTimedOut Sum, in several minutes, because express executions are many."),
    alarm("StateMachine.Aborted", &[&STANDARD], &[one("ExecutionsAborted", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "An execution of the state machine has been stopped by somebody.",
            "Look at who called StopExecution, and whether its work must be done again.",
        )
        .source("Our own: Step Functions metrics; ExecutionsAborted is a person or a program that gave up."),
    alarm("StateMachine.Duration", &[&STANDARD, &EXPRESS], &[one("ExecutionTime", "p95")])
        .above(Threshold::Yours, Unit::Milliseconds)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "One execution in twenty takes longer than {threshold}.",
            "Look at which state takes the time: a slow task, retries, or a Wait.",
        )
        .source("Our own: ExecutionTime p95; how long an execution may take is known to its author only."),
    alarm("StateMachine.Failures", &[&STANDARD], &[one("ExecutionsFailed", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "An execution of the state machine has failed: its work is not done.",
            "Open the failed execution in the console, read the cause of the failing state, then redrive it.",
        )
        .source("Our own: an execution that failed after all its retries is work undone; slic-watch and lumigo alarm on it too."),
    alarm("StateMachine.Throttles", &[&STANDARD, &EXPRESS], &[one("ExecutionThrottled", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "State transitions or retries have been throttled in each of the last five minutes: executions are delayed.",
            "Look at the account's quotas of state transitions, and spread the load.",
        )
        .source("Our own: ExecutionThrottled Sum, five minutes in a row, as for functions."),
    alarm("StateMachine.Timeouts", &[&STANDARD], &[one("ExecutionsTimedOut", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "An execution of the state machine has timed out: its work is not done.",
            "Open the execution in the console: which state waits, for a callback, a task or a nested execution?",
        )
        .source("Our own: an execution that ran into TimeoutSeconds is work undone."),
];
