//! Amazon SNS.

use crate::catalogue::build::{alarm, number, one};
use crate::catalogue::kind::{Dimension, Kind, by_attribute};
use crate::catalogue::spec::{AlarmSpec, Missing, Profile, Severity, Threshold, Unit};

/// `Ref` of a topic is its ARN; CloudWatch has its name.
const NAME: &[Dimension] = &[by_attribute("TopicName", "TopicName", Some("TopicName"))];
const TYPES: &[&str] = &["AWS::SNS::Topic"];

/// A topic.
pub(crate) static TOPIC: Kind = Kind::new("SNS topic", "SNS topics", &["Topic"], "AWS/SNS", TYPES, NAME);

/// A topic with a subscription that filters: only filters can refuse a message.
pub(crate) static FILTERED_TOPIC: Kind =
    Kind::new("topic with filters", "topics with filters", &["Topic"], "AWS/SNS", TYPES, NAME).found_by_code();

/// A topic with a subscription that has a dead-letter queue.
pub(crate) static REDRIVEN_TOPIC: Kind =
    Kind::new("topic with dead-letter queues", "topics with dead-letter queues", &["Topic"], "AWS/SNS", TYPES, NAME)
        .found_by_code();

/// The kinds of this file.
pub(super) static KINDS: &[&Kind] = &[&TOPIC, &FILTERED_TOPIC, &REDRIVEN_TOPIC];

/// The alarms of this file.
pub(super) static ROWS: &[AlarmSpec] = &[
    alarm("Topic.DeadLetterFailures", &[&REDRIVEN_TOPIC], &[one("NumberOfNotificationsFailedToRedriveToDlq", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(1, 1, 60)
        .is(Severity::Critical, Profile::Essential)
        .says(
            "A notification could be delivered neither to its subscriber nor to the dead-letter queue: it is lost.",
            "Look at the dead-letter queue's policy and KMS key: SNS must be allowed to send there.",
        )
        .source("AWS recommends NumberOfNotificationsFailedToRedriveToDlq Sum > 0, 5 of 5; each is a lost message, so one is enough."),
    alarm("Topic.DeliveredLow", &[&TOPIC], &[one("NumberOfNotificationsDelivered", "Sum")])
        .below(Threshold::Yours, Unit::Count)
        .of(5, 5, 60)
        .missing(Missing::Breaching)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "Fewer than {threshold} notifications {per} have been delivered to the topic's subscribers.",
            "Look at the failed notifications, at filters, and at whether anything is published.",
        )
        .source("AWS recommends NumberOfNotificationsDelivered Sum, 5 of 5, missing data breaching, threshold from the topic's traffic."),
    alarm("Topic.DeliveryFailures", &[&TOPIC], &[one("NumberOfNotificationsFailed", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Essential)
        .says(
            "Notifications of the topic have failed in each of the last five minutes.",
            "Look at the subscribers: a missing permission, a deleted queue or function, an endpoint that is down. Switch delivery status logging on.",
        )
        .source("AWS recommends NumberOfNotificationsFailed Sum, 5 of 5, 0 where subscribers are SQS, Lambda or Firehose."),
    alarm("Topic.InvalidFilterAttributes", &[&FILTERED_TOPIC], &[one("NumberOfNotificationsFilteredOut-InvalidAttributes", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Messages are filtered out because their attributes cannot be read: subscribers miss them.",
            "Look at the type of the attributes that publishers send; JSON arrays must be of type String.Array.",
        )
        .source("AWS recommends NumberOfNotificationsFilteredOut-InvalidAttributes Sum > 0, 5 of 5."),
    alarm("Topic.InvalidFilterBody", &[&FILTERED_TOPIC], &[one("NumberOfNotificationsFilteredOut-InvalidMessageBody", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Messages are filtered out because their body is no JSON that a filter can read: subscribers miss them.",
            "Look at what publishers send, and at the subscriptions whose filter policy has the scope MessageBody.",
        )
        .source("AWS recommends NumberOfNotificationsFilteredOut-InvalidMessageBody Sum > 0, 5 of 5."),
    alarm("Topic.PublishedLow", &[&TOPIC], &[one("NumberOfMessagesPublished", "Sum")])
        .below(Threshold::Yours, Unit::Count)
        .of(5, 5, 60)
        .missing(Missing::Breaching)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "Fewer than {threshold} messages {per} have been published to the topic.",
            "Look at the publishers: are they running, and may they publish?",
        )
        .source("AWS recommends NumberOfMessagesPublished Sum, 5 of 5, threshold from the topic's history."),
    alarm("Topic.Redriven", &[&REDRIVEN_TOPIC], &[one("NumberOfNotificationsRedrivenToDlq", "Sum")])
        .above(number(0.0), Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Standard)
        .says(
            "Notifications have gone to a dead-letter queue in each of the last five minutes, because a subscriber cannot take them.",
            "Look at the subscriber, then redrive the dead-letter queue.",
        )
        .source("AWS recommends NumberOfNotificationsRedrivenToDlq Sum > 0, 5 of 5; the queue's own alarm is sooner."),
    alarm("Topic.SmsSpend", &[&TOPIC], &[one("SMSMonthToDateSpentUSD", "Maximum")])
        .above(Threshold::Yours, Unit::Count)
        .of(1, 1, 300)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "More than {threshold} US dollars have been spent on text messages this month.",
            "Look for a loop or abuse (pumping); at the account's spend limit SNS stops to send.",
        )
        .source("AWS recommends SMSMonthToDateSpentUSD Maximum, threshold below the account's spend limit."),
    alarm("Topic.SmsSuccessRate", &[&TOPIC], &[one("SMSSuccessRate", "Average")])
        .below(Threshold::Yours, Unit::Count)
        .of(5, 5, 60)
        .is(Severity::Warning, Profile::Critical)
        .says(
            "Less than {threshold} (1 is all) of the text messages arrive.",
            "Look at the delivery status logs for the reason that carriers give, by country.",
        )
        .source("AWS recommends SMSSuccessRate Average, 5 of 5, threshold by tolerance; low is bad."),
];
