//! MediaLive channels, once for each pipeline, and Transfer servers that speak AS2: what they have tells a list or a class.

use super::items::entries;
use super::properties::{Answer, Properties};
use super::resource::{Found, Search, attribute, piece};
use crate::catalogue::Test;
use crate::catalogue::rows::media::PIPELINE;
use crate::catalogue::rows::transfer::MESSAGE_SERVER;
use crate::template::When;
use crate::template::text::Text;
use serde_json::json;

/// A channel has two pipelines unless it says otherwise.
const SINGLE: Test = Test::Is("ChannelClass", &["SINGLE_PIPELINE"]);

/// Finds both.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for channel in template.of_types(PIPELINE.types) {
        let second = match Properties::Of(channel.id).test(template, SINGLE) {
            Answer::When(single) => single.negate(),
            Answer::Unknown(_) => When::Never,
        };
        for (pipeline, when) in [("0", When::Always), ("1", second)] {
            search.add(Found {
                kind: &PIPELINE,
                resource: channel,
                part: Some(Text::literal(pipeline)),
                dimensions: vec![piece(&attribute(channel.id, "Arn"), ":", 6), json!(pipeline)],
                when,
                properties: Properties::Of(channel.id),
            });
        }
    }
    for server in template.of_types(MESSAGE_SERVER.types) {
        let protocols = server.own("Protocols").map(entries).unwrap_or_default();
        let speaks = protocols.into_iter().filter(|(protocol, _)| *protocol == "AS2");
        let when = speaks.fold(When::Never, |all, (_, when)| all.or(when));
        let found = Found::whole(template, &MESSAGE_SERVER, server);
        found.into_iter().for_each(|found| search.add(found.only_when(when.clone())));
    }
}

#[cfg(test)]
mod tests {
    use super::super::resource::found_by;
    use super::*;
    use serde_json::Value;

    fn names(kind: &str, properties: Value) -> Vec<(String, When)> {
        let fragment = json!({"Resources": {"R": {"Type": kind, "Properties": properties}}});
        found_by(find, &fragment).into_iter().map(|(name, _, when)| (name, when)).collect()
    }

    #[test]
    fn a_channel_has_one_pipeline_or_two() {
        let channel = |properties| names("AWS::MediaLive::Channel", properties).len();
        assert_eq!((channel(json!({})), channel(json!({"ChannelClass": "SINGLE_PIPELINE"}))), (2, 1));
    }

    #[test]
    fn only_servers_that_speak_as2_have_messages() {
        let server = |protocols: Value| names("AWS::Transfer::Server", json!({"Protocols": protocols}));
        let when = When::Holds("C".to_owned());
        let conditional = json!(["SFTP", {"Fn::If": ["C", "AS2", {"Ref": "AWS::NoValue"}]}]);
        assert_eq!(server(conditional), [("R".to_owned(), when)]);
        assert_eq!(server(json!(["SFTP"])), []);
        assert_eq!(server(json!({"Ref": "P"})), []);
    }
}
