//! Amazon WorkSpaces and Amazon WorkSpaces Applications (AppStream 2.0).

use crate::catalogue::build::{alarm, number, one};
use crate::catalogue::kind::{Kind, by_id, by_ref};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Unit};
use crate::catalogue::test::Test;

/// A person's desktop.
pub(crate) static WORKSPACE: Kind = Kind::new(
    "WorkSpace",
    "WorkSpaces",
    &["Workspace"],
    "AWS/WorkSpaces",
    &["AWS::WorkSpaces::Workspace"],
    &[by_id("WorkspaceId")],
);

/// A fleet of streaming instances. Elastic fleets have no capacity of their own that could be used up.
pub(crate) static FLEET: Kind = Kind::new(
    "streaming fleet",
    "streaming fleets",
    &["StreamingFleet"],
    "AWS/AppStream",
    &["AWS::AppStream::Fleet"],
    &[by_ref("Fleet", "Name")],
)
.only(Test::Not(&Test::Is("FleetType", &["ELASTIC"])));

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&WORKSPACE, &FLEET];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("StreamingFleet.CapacityUtilization", &[&FLEET], &[one("CapacityUtilization", "Average")])
        .above(number(90.0), Unit::Percent)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("More than {threshold} of the fleet's instances are in use; soon people wait or are turned away.", "Look at the fleet's scaling policies and its maximum, and at sessions that nobody uses.")
        .source("Our own number: Amazon AppStream 2.0 metrics and dimensions, CapacityUtilization, every five minutes."),
    alarm("StreamingFleet.RejectedSessions", &[&FLEET], &[one("InsufficientCapacityError", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Warning, Profile::Essential)
        .says("Somebody was turned away because the fleet had no instance free.", "Raise the fleet's capacity, or let it scale out earlier; look at pending capacity and at sessions that nobody uses.")
        .source("Amazon AppStream 2.0 metrics and dimensions: InsufficientCapacityError counts people who were turned away; each one counts."),
    alarm("Workspace.ConnectionFailure", &[&WORKSPACE], &[one("ConnectionFailure", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(2, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("The person cannot connect to the WorkSpace, again and again.", "Ask for the client's error; look at the WorkSpace's state, the directory, and the network between them.")
        .source("Amazon WorkSpaces guide, CloudWatch metrics: ConnectionFailure; 2 of 3, so that one odd failure disturbs nobody."),
    alarm("Workspace.RootVolume", &[&WORKSPACE], &[one("RootVolumeDiskUsage", "Maximum")])
        .above(number(90.0), Unit::Percent)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Critical)
        .says("The WorkSpace's system volume is more than {threshold} full; when it is full, updates and logons fail.", "Remove what is not needed, or raise RootVolumeSizeGib.")
        .source("Our own number: Amazon WorkSpaces guide, CloudWatch metrics, RootVolumeDiskUsage."),
    alarm("Workspace.Unhealthy", &[&WORKSPACE], &[one("Unhealthy", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Essential)
        .says("The WorkSpace has not answered health checks for 15 minutes, so nobody can work in it.", "Reboot it; if that does not help, restore it. Look at its CPU and at software that blocks the network.")
        .source("Amazon WorkSpaces guide, CloudWatch metrics: Unhealthy, every five minutes; 3 of 3, since a reboot may look the same."),
    alarm("Workspace.UserVolume", &[&WORKSPACE], &[one("UserVolumeDiskUsage", "Maximum")])
        .above(number(90.0), Unit::Percent)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("The person's volume is more than {threshold} full; when it is full, work cannot be saved.", "Remove what is not needed, or raise UserVolumeSizeGib.")
        .source("Our own number: Amazon WorkSpaces guide, CloudWatch metrics, UserVolumeDiskUsage."),
];
