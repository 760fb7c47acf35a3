//! MediaLive channels, once for each of their pipelines.

use super::properties::{Answer, Properties};
use super::resource::{Found, Search, attribute, piece, unknown_property};
use crate::catalogue::Test;
use crate::catalogue::rows::media::PIPELINE;
use crate::template::When;
use crate::template::text::Text;
use serde_json::json;

/// A channel has two pipelines unless it says otherwise.
const SINGLE: Test = Test::Is("ChannelClass", &["SINGLE_PIPELINE"]);

/// Finds pipelines.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for channel in template.of_types(PIPELINE.types) {
        let has_second = match Properties::Of(channel.id).test(template, SINGLE) {
            Answer::When(single) => single.negate(),
            Answer::Unknown(property) => {
                search.findings.push(unknown_property(&PIPELINE, channel, property));
                When::Never
            }
        };
        // The ARN ends in the number by which CloudWatch knows the channel.
        let id = piece(&attribute(channel.id, "Arn"), ":", 6);
        for (pipeline, when) in [("0", When::Always), ("1", has_second)] {
            search.add(Found {
                kind: &PIPELINE,
                resource: channel,
                part: Some(Text::literal(pipeline)),
                dimensions: vec![id.clone(), json!(pipeline)],
                when,
                properties: Properties::Of(channel.id),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::resource::{found_by, said_by};
    use super::*;
    use serde_json::Value;

    fn fragment(class: Value) -> Value {
        json!({
            "Parameters": {"Class": {"Type": "String"}},
            "Resources": {"C": {"Type": "AWS::MediaLive::Channel", "Properties": {"ChannelClass": class}}},
        })
    }

    fn found(class: Value) -> Vec<(String, When)> {
        found_by(find, &fragment(class)).into_iter().map(|(name, _, when)| (name, when)).collect()
    }

    fn both(second: When) -> [(String, When); 2] {
        [("C 0".to_owned(), When::Always), ("C 1".to_owned(), second)]
    }

    #[test]
    fn a_channel_has_one_pipeline_or_two() {
        for class in [json!("STANDARD"), json!({"Ref": "AWS::NoValue"})] {
            assert_eq!(found(class), both(When::Always));
        }
        assert_eq!(found(json!("SINGLE_PIPELINE")), both(When::Never)[..1]);
    }

    #[test]
    fn a_class_that_is_chosen_makes_a_condition() {
        let choice = json!({"Fn::If": ["Small", "SINGLE_PIPELINE", "STANDARD"]});
        assert_eq!(found(choice), both(When::Holds("Small".to_owned()).negate()));
        let single = When::Equals("Class".to_owned(), "SINGLE_PIPELINE".to_owned());
        assert_eq!(found(json!({"Ref": "Class"})), both(single.negate()));
    }

    #[test]
    fn a_class_that_is_unknown_leaves_the_first_pipeline() {
        for class in [json!({"Fn::ImportValue": "x"}), json!(["x"])] {
            assert_eq!(found(class.clone()), both(When::Never)[..1]);
            assert_eq!(said_by(find, &fragment(class)).len(), 1);
        }
    }

    #[test]
    fn a_channel_is_known_by_the_number_in_its_arn() {
        let found = found_by(find, &fragment(json!("SINGLE_PIPELINE")));
        let id = json!({"Fn::Select": [6, {"Fn::Split": [":", {"Fn::GetAtt": ["C", "Arn"]}]}]});
        assert_eq!(found, [("C 0".to_owned(), vec![id, json!("0")], When::Always)]);
    }
}
