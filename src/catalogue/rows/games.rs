//! Amazon GameLift Servers.

use crate::catalogue::build::{alarm, metric, number, one, share};
use crate::catalogue::kind::{Kind, by_id, by_ref};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Unit};
use crate::catalogue::test::is_by_default;

/// A fleet of instances that run game servers. Anywhere fleets run on somebody else's hardware.
pub(crate) static FLEET: Kind = Kind::new(
    "game server fleet",
    "game server fleets",
    &["GameFleet"],
    "AWS/GameLift",
    &["AWS::GameLift::Fleet"],
    &[by_id("FleetId")],
)
.only(is_by_default!("ComputeType", "EC2"));

/// A queue of game sessions that wait for a place.
pub(crate) static QUEUE: Kind = Kind::new(
    "game session queue",
    "game session queues",
    &["GameQueue"],
    "AWS/GameLift",
    &["AWS::GameLift::GameSessionQueue"],
    &[by_ref("QueueName", "Name")],
);

/// A configuration by which players are matched.
pub(crate) static MATCHMAKING: Kind = Kind::new(
    "matchmaking configuration",
    "matchmaking configurations",
    &["Matchmaking"],
    "AWS/GameLift",
    &["AWS::GameLift::MatchmakingConfiguration"],
    &[by_ref("ConfigurationName", "Name")],
);

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&FLEET, &QUEUE, &MATCHMAKING];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("GameFleet.AvailableSessions", &[&FLEET], &[one("PercentAvailableGameSessions", "Average")])
        .below(number(5.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Standard)
        .says("Less than {threshold} of the fleet's game sessions are free; soon nobody can start a game.", "Look at the fleet's scaling policy and its maximum size, and at instances that do not start.")
        .source("Our own number: Amazon GameLift Servers guide, fleet metrics, PercentAvailableGameSessions."),
    alarm("GameFleet.Crashes", &[&FLEET], &[one("ServerProcessAbnormalTerminations", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("Server processes end abnormally again and again, and players in them are thrown out.", "Look at the game session logs of the processes that ended: crashes, failed health checks, or an end without ProcessEnding.")
        .source("Our own, 3 of 5: Amazon GameLift Servers guide, fleet metrics, ServerProcessAbnormalTerminations."),
    alarm("GameFleet.HealthyProcesses", &[&FLEET], &[one("PercentHealthyServerProcesses", "Average")])
        .below(number(80.0), Unit::Percent)
        .of(5, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("Fewer than {threshold} of the fleet's server processes report that they are healthy.", "Look at the game server's log, and at the CPU and memory of instances: too many processes for one, or a bad build.")
        .source("Our own number: Amazon GameLift Servers guide, fleet metrics, PercentHealthyServerProcesses."),
    alarm("GameQueue.TimedOutPlacements", &[&QUEUE], &[one("PlacementsTimedOut", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(3, 5, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("Players ask for a game, and none can be placed before the queue's time is over, again and again.", "Look at the fleets that the queue names: are they full, scaled to nothing, or not active?")
        .source("Our own, 3 of 5: Amazon GameLift Servers guide, queue metrics, PlacementsTimedOut."),
    alarm("GameQueue.WaitTime", &[&QUEUE], &[one("AverageWaitTime", "Average")])
        .above(share(50, "TimeoutInSeconds", 1.0, None), Unit::Seconds)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("Players wait longer than {threshold} for a game: half of the time after which the queue gives up.", "Look at the free game sessions of the fleets that the queue names, and at their order.")
        .source("Our own share of the queue's timeout: Amazon GameLift Servers guide, queue metrics, AverageWaitTime."),
    alarm("Matchmaking.TimeToMatch", &[&MATCHMAKING], &[one("TimeToMatch", "Average")])
        .above(share(50, "RequestTimeoutSeconds", 1.0, None), Unit::Seconds)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("Players wait longer than {threshold} for a match: half of the time after which the request is given up.", "Look at how many players ask, and at which rules fail most; let rules relax with time.")
        .source("Our own share of the request's timeout: Amazon GameLift Servers guide, matchmaking metrics, TimeToMatch."),
    alarm("Matchmaking.TimedOutTickets", &[&MATCHMAKING], &[
            metric("t", "TicketsTimedOut", "Sum"),
            metric("n", "TicketsStarted", "Sum"),
        ])
        .gated("IF(t >= {min}, 100 * t / n, 0)", 5)
        .above(number(20.0), Unit::Percent)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("More than {threshold} of the requests for a match find none in time, and at least {min} {per}.", "Look at how many players ask, and at which rules fail most; let rules relax with time.")
        .source("Our own number, a rate, gated: Amazon GameLift Servers guide, matchmaking metrics, TicketsTimedOut."),
];
