//! AWS Elemental MediaConvert and MediaLive.

use crate::catalogue::build::{alarm, number, one};
use crate::catalogue::kind::{Kind, by_attribute, found};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Threshold, Unit};

/// A queue of transcoding jobs, by its ARN.
pub(crate) static TRANSCODING_QUEUE: Kind = Kind::new(
    "transcoding queue",
    "transcoding queues",
    &["TranscodingQueue"],
    "AWS/MediaConvert",
    &["AWS::MediaConvert::Queue"],
    &[by_attribute("Queue", "Arn", None)],
);

/// One of the pipelines of a live channel.
pub(crate) static PIPELINE: Kind = Kind::new(
    "live channel's pipeline",
    "live channels' pipelines",
    &["LiveChannel"],
    "AWS/MediaLive",
    &["AWS::MediaLive::Channel"],
    &[found("ChannelId"), found("Pipeline")],
)
.found_by_code();

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&TRANSCODING_QUEUE, &PIPELINE];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("LiveChannel.ActiveAlerts", &[&PIPELINE], &[one("ActiveAlerts", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(2, 2, 60)
        .is(Severity::Critical, Profile::Essential)
        .says("The channel's pipeline reports a problem, and viewers may see it.", "Open the channel's alerts: most often an input is lost or an output cannot be written.")
        .source("Our own, 2 of 2: MediaLive guide, global metrics, ActiveAlerts; a channel that is stopped has no data."),
    alarm("LiveChannel.InputLoss", &[&PIPELINE], &[one("InputLossSeconds", "Sum")])
        .above(number(10.0), Unit::Seconds)
        .of(2, 3, 60)
        .is(Severity::Critical, Profile::Standard)
        .says("The input was lost for more than {threshold} {per}: viewers see black or a still picture.", "Look at the source and the network to it, then switch to another input.")
        .source("Our own number, 2 of 3: MediaLive guide, input metrics, InputLossSeconds; a short gap wakes nobody."),
    alarm("TranscodingQueue.ErroredJobs", &[&TRANSCODING_QUEUE], &[one("JobsErroredCount", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("A job failed, so its output does not exist.", "Look at the job's error code: an unreadable input, a missing permission, or settings that do not fit the input.")
        .source("MediaConvert guide, list of CloudWatch metrics: JobsErroredCount, sent at the end of every job; each job counts."),
    alarm("TranscodingQueue.StandbyTime", &[&TRANSCODING_QUEUE], &[one("StandbyTime", "Average")])
        .math("m / 1000")
        .above(Threshold::Yours, Unit::Seconds)
        .of(3, 3, 300)
        .is(Severity::Warning, Profile::Standard)
        .says("Jobs wait longer than {threshold} in the queue before anybody starts them.", "Look at how many jobs came in; use another queue, higher priorities, or more concurrent jobs.")
        .source("MediaConvert guide: StandbyTime (ms) shows a backlog; how long is too long depends on what the jobs are for."),
];
