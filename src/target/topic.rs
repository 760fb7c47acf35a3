//! SNS topics by what their subscriptions have: filters can refuse a message, dead-letter queues can fail.

use super::relation::named;
use super::resource::{Found, Search};
use crate::catalogue::rows::sns::{FILTERED_TOPIC, REDRIVEN_TOPIC, TOPIC};
use crate::template::When;
use crate::template::intrinsic::is_no_value;

/// Finds topics of which a subscription has something to watch.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for (kind, property) in [(&FILTERED_TOPIC, "FilterPolicy"), (&REDRIVEN_TOPIC, "RedrivePolicy")] {
        for topic in template.of_types(TOPIC.types) {
            let has = template
                .of_types(&["AWS::SNS::Subscription"])
                .filter(|subscription| subscription.own(property).is_some_and(|value| !is_no_value(value)));
            let when = has.fold(When::Never, |all, subscription| {
                let topics = subscription.own("TopicArn").map(|arn| named(template, arn, TOPIC.types));
                let own = topics.unwrap_or_default().into_iter().filter(|(found, _)| found.id == topic.id);
                own.fold(all, |all, (_, when)| all.or(when.and(subscription.when())))
            });
            let found = Found::whole(template, kind, topic);
            found.into_iter().for_each(|found| search.add(found.only_when(when.clone())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::resource::found_by;
    use super::*;
    use serde_json::{Value, json};

    fn found(subscription: Value) -> Vec<(String, When)> {
        let fragment = json!({"Resources": {
            "T": {"Type": "AWS::SNS::Topic"},
            "S": {"Type": "AWS::SNS::Subscription", "Condition": "C", "Properties": subscription},
        }});
        found_by(find, &fragment).into_iter().map(|(name, _, when)| (name, when)).collect()
    }

    #[test]
    fn only_topics_with_filters_can_refuse_messages() {
        let holds = When::Holds("C".to_owned());
        assert_eq!(found(json!({"TopicArn": {"Ref": "T"}, "FilterPolicy": {}})), [("T".to_owned(), holds)]);
        assert_eq!(found(json!({"TopicArn": {"Ref": "T"}})), []);
        assert_eq!(found(json!({"TopicArn": {"Fn::ImportValue": "t"}, "FilterPolicy": {}, "RedrivePolicy": {}})), []);
    }
}
