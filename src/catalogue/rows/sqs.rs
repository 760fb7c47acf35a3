//! Amazon SQS. A queue is a queue like others, or somebody's dead-letter queue.

use crate::catalogue::build::{alarm, number, one, share};
use crate::catalogue::kind::{Dimension, Kind, by_attribute};
use crate::catalogue::spec::{AlarmSpec, Missing, Profile, Severity, Threshold, Unit};

const NAME: &[Dimension] = &[by_attribute("QueueName", "QueueName", Some("QueueName"))];

/// A queue with consumers.
pub(crate) static QUEUE: Kind =
    Kind::new("SQS queue", "SQS queues", &["Queue"], "AWS/SQS", &["AWS::SQS::Queue"], NAME).found_by_code();

/// A queue that takes what another queue, function, topic, rule or schedule could not deliver.
pub(crate) static DEAD_LETTER_QUEUE: Kind =
    Kind::new("dead-letter queue", "dead-letter queues", &["DeadLetterQueue"], "AWS/SQS", &["AWS::SQS::Queue"], NAME)
        .found_by_code();

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&QUEUE, &DEAD_LETTER_QUEUE];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("DeadLetterQueue.Messages", &[&DEAD_LETTER_QUEUE], &[one("ApproximateNumberOfMessagesVisible", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .missing(Missing::Ignore)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "A message could not be handled and waits in this dead-letter queue.",
            "Read a message and its attributes, find the consumer's error, then redrive the queue.",
        )
        .source("Our own: AWS recommends nothing for dead-letter queues; NumberOfMessagesSent does not count redriven messages. A queue that goes quiet keeps its state."),
    alarm("Queue.Age", &[&QUEUE], &[one("ApproximateAgeOfOldestMessage", "Maximum")])
        .above(share(25, "MessageRetentionPeriod", 1.0, Some(345_600.0)), Unit::Seconds)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "The oldest message has waited longer than {threshold}: a quarter of the time after which SQS deletes it.",
            "Look at the consumer: is it running, throttled or failing? Compare messages received with messages deleted.",
        )
        .source("AWS recommends ApproximateAgeOfOldestMessage Maximum, 15 of 15, threshold by situation; a share of the retention period, after which messages are lost."),
    alarm("Queue.Depth", &[&QUEUE], &[one("ApproximateNumberOfMessagesVisible", "Average")])
        .above(Threshold::Yours, Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "More than {threshold} messages wait in the queue.",
            "Look at the consumer's throughput and errors, and at what sends more than usual.",
        )
        .source("AWS recommends ApproximateNumberOfMessagesVisible Average, 15 of 15, threshold from the queue's history."),
    alarm("Queue.InFlight", &[&QUEUE], &[one("ApproximateNumberOfMessagesNotVisible", "Maximum")])
        .above(number(96_000.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "More than {threshold} messages are in flight: 80 % of what SQS allows; at 120,000 consumers get no more.",
            "Look for consumers that do not delete messages, or a visibility timeout that is much too long.",
        )
        .source("AWS recommends ApproximateNumberOfMessagesNotVisible, 15 of 15, by situation; 80 % of the quota of 120,000 in flight, the same for FIFO queues (SQS quotas)."),
    alarm("Queue.SentLow", &[&QUEUE], &[one("NumberOfMessagesSent", "Sum")])
        .below(Threshold::Yours, Unit::Count)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "Fewer than {threshold} messages {per} have been sent to the queue for 15 minutes.",
            "Look at the senders: are they running, and may they send?",
        )
        .source("AWS recommends NumberOfMessagesSent Sum <= 0, 15 of 15; quiet queues are common, so it is off until you say what is normal."),
];
