//! Amazon Connect.

use crate::catalogue::build::{alarm, number, one};
use crate::catalogue::kind::{Kind, by_attribute, by_property, fixed, found};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Threshold, Unit};

/// The calls of a contact center.
pub(crate) static CALLS: Kind = Kind::new(
    "contact center",
    "contact centers",
    &["ContactCenter"],
    "AWS/Connect",
    &["AWS::Connect::Instance"],
    &[by_attribute("InstanceId", "Id", None), fixed("MetricGroup", "VoiceCalls")],
);

/// The recordings of a contact center that keeps some.
pub(crate) static RECORDINGS: Kind = Kind::new(
    "contact center's recordings",
    "contact centers' recordings",
    &["ContactCenter"],
    "AWS/Connect",
    &["AWS::Connect::Instance"],
    &[by_attribute("InstanceId", "Id", None), fixed("MetricGroup", "CallRecordings")],
)
.found_by_code();

/// A flow that leads a caller, by its name.
pub(crate) static FLOW: Kind = Kind::new(
    "contact flow",
    "contact flows",
    &["ContactFlow"],
    "AWS/Connect",
    &["AWS::Connect::ContactFlow"],
    &[found("InstanceId"), fixed("MetricGroup", "ContactFlow"), by_property("ContactFlowName", "Name")],
)
.found_by_code();

/// A queue in which callers wait, by its name.
pub(crate) static QUEUE: Kind = Kind::new(
    "contact queue",
    "contact queues",
    &["ContactQueue"],
    "AWS/Connect",
    &["AWS::Connect::Queue"],
    &[found("InstanceId"), fixed("MetricGroup", "Queue"), by_property("QueueName", "Name")],
)
.found_by_code();

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&CALLS, &RECORDINGS, &FLOW, &QUEUE];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("ContactCenter.CallsOverQuota", &[&CALLS], &[one("CallsBreachingConcurrencyQuota", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Critical, Profile::Essential)
        .says("More calls came at once than the instance may have, and callers were turned away.", "Ask for a higher quota of concurrent calls; meanwhile look at calls that do not end and at campaigns.")
        .source("Amazon Connect guide, metrics sent to CloudWatch: CallsBreachingConcurrencyQuota; each caller who is turned away counts."),
    alarm("ContactCenter.ConcurrentCalls", &[&CALLS], &[one("ConcurrentCallsPercentage", "Maximum")])
        .above(number(80.0), Unit::Percent)
        .of(3, 3, 60)
        .is(Severity::Warning, Profile::Standard)
        .says("More than {threshold} of the calls that the instance may have at once are in use; above all of them, callers are turned away.", "Ask for a higher quota of concurrent calls before the next peak.")
        .source("Our own number: Amazon Connect guide, metrics sent to CloudWatch, ConcurrentCallsPercentage."),
    alarm("ContactCenter.MisconfiguredNumbers", &[&CALLS], &[one("MisconfiguredPhoneNumbers", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("Somebody called a number that no contact flow answers.", "Look at which phone number has no flow, and give it one.")
        .source("Amazon Connect guide, metrics sent to CloudWatch: MisconfiguredPhoneNumbers; each caller who hears nothing counts."),
    alarm("ContactCenter.RecordingUploads", &[&RECORDINGS], &[one("CallRecordingUploadError", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("The recording of a call could not be stored.", "Look at the bucket for recordings: its policy, its key, and whether it exists.")
        .source("Amazon Connect guide, metrics sent to CloudWatch: CallRecordingUploadError; each lost recording counts."),
    alarm("ContactCenter.ThrottledCalls", &[&CALLS], &[one("ThrottledCalls", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Critical, Profile::Essential)
        .says("Calls came faster than the instance takes them, and callers were turned away.", "Look at what calls: a campaign, a wave of customers, or an attack; ask for a higher quota.")
        .source("Amazon Connect guide, metrics sent to CloudWatch: ThrottledCalls; each caller who is turned away counts."),
    alarm("ContactFlow.FatalErrors", &[&FLOW], &[one("ContactFlowFatalErrors", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(2, 3, 300)
        .is(Severity::Critical, Profile::Standard)
        .says("The contact flow fails with a system error again and again, and callers are cut off.", "Look at the flow's log for the block that failed, and at its last change.")
        .source("Our own, 2 of 3: Amazon Connect guide, metrics sent to CloudWatch, ContactFlowFatalErrors."),
    alarm("ContactQueue.CapacityErrors", &[&QUEUE], &[one("QueueCapacityExceededError", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Critical, Profile::Standard)
        .says("A caller was turned away because the queue was full.", "Look at how many agents serve the queue; raise MaxContacts or let callers be called back.")
        .source("Amazon Connect guide, metrics sent to CloudWatch: QueueCapacityExceededError; each caller who is turned away counts."),
    alarm("ContactQueue.WaitTime", &[&QUEUE], &[one("LongestQueueWaitTime", "Maximum")])
        .above(Threshold::Yours, Unit::Seconds)
        .of(3, 3, 60)
        .is(Severity::Warning, Profile::Standard)
        .says("Somebody has waited longer than {threshold} in the queue.", "Look at how many agents are there and free, and at how long calls take.")
        .source("Amazon Connect guide, metrics sent to CloudWatch: LongestQueueWaitTime (s); how long is too long is yours to say."),
];
