//! Amazon SQS.

use crate::catalogue::build::{alarm, number, one, share};
use crate::catalogue::kind::{Kind, by_attribute};
use crate::catalogue::spec::{AlarmSpec, Profile, Severity, Unit};

/// A queue.
pub(crate) static QUEUE: Kind = Kind::new(
    "SQS queue",
    "SQS queues",
    &["Queue"],
    "AWS/SQS",
    &["AWS::SQS::Queue"],
    &[by_attribute("QueueName", "QueueName", Some("QueueName"))],
)
.found_by_code();

/// A queue that takes what another queue, function, topic or rule could not deliver.
pub(crate) static DEAD_LETTER_QUEUE: Kind = Kind::new(
    "dead-letter queue",
    "dead-letter queues",
    &["DeadLetterQueue"],
    "AWS/SQS",
    &["AWS::SQS::Queue"],
    &[by_attribute("QueueName", "QueueName", Some("QueueName"))],
)
.found_by_code();

/// The kinds of this file.
pub(crate) static KINDS: &[&Kind] = &[&QUEUE, &DEAD_LETTER_QUEUE];

/// The alarms of this file.
pub(crate) static ROWS: &[AlarmSpec] = &[
    alarm("DeadLetterQueue.Messages", &[&DEAD_LETTER_QUEUE], &[one("ApproximateNumberOfMessagesVisible", "Maximum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "A message could not be handled and waits in this dead-letter queue.",
            "Read a message and its attributes, find the consumer's error, then redrive the queue.",
        )
        .source("Our own: AWS recommends nothing for dead-letter queues; NumberOfMessagesSent does not count redriven messages."),
    alarm("Queue.Age", &[&QUEUE], &[one("ApproximateAgeOfOldestMessage", "Maximum")])
        .above(share(50, "MessageRetentionPeriod", 1.0, Some(345_600.0)), Unit::Seconds)
        .of(15, 15, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "The oldest message has waited longer than {threshold}: half of the time after which SQS deletes it.",
            "Look at the consumer: is it running, throttled or failing? Compare messages sent with messages deleted.",
        )
        .source("AWS recommends ApproximateAgeOfOldestMessage Maximum, 15 of 15, threshold by situation; a share of the retention period."),
];
