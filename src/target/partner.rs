//! Transfer servers to which partners send AS2 messages.

use super::items::entries;
use super::resource::{Found, Search};
use crate::catalogue::rows::transfer::MESSAGE_SERVER;
use crate::template::{Resource, When};

/// Finds servers that speak AS2.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for server in template.of_types(MESSAGE_SERVER.types) {
        let when = speaks_as2(server);
        let found = Found::whole(template, &MESSAGE_SERVER, server);
        found.into_iter().for_each(|found| search.add(found.only_when(when.clone())));
    }
}

/// When AS2 is among a server's protocols. Protocols that only CloudFormation knows are most likely others, and need no mention.
fn speaks_as2(server: &Resource<'_>) -> When {
    let protocols = server.own("Protocols").map(entries).unwrap_or_default();
    let as2 = protocols.into_iter().filter(|(protocol, _)| protocol.as_str() == Some("AS2"));
    as2.fold(When::Never, |all, (_, when)| all.or(when))
}

#[cfg(test)]
mod tests {
    use super::super::resource::{found_by, said_by};
    use super::*;
    use serde_json::{Value, json};

    fn fragment(properties: Value) -> Value {
        json!({"Resources": {"S": {"Type": "AWS::Transfer::Server", "Properties": properties}}})
    }

    fn found(protocols: Value) -> Vec<When> {
        found_by(find, &fragment(json!({"Protocols": protocols}))).into_iter().map(|(_, _, when)| when).collect()
    }

    #[test]
    fn only_servers_that_speak_as2_have_messages() {
        let found_whole = found_by(find, &fragment(json!({"Protocols": ["SFTP", "AS2"]})));
        let id = json!({"Fn::GetAtt": ["S", "ServerId"]});
        assert_eq!(found_whole, [("S".to_owned(), vec![id], When::Always)]);
        assert_eq!(found(json!(["SFTP"])), []);
        assert_eq!(found_by(find, &fragment(json!({}))), []);
    }

    #[test]
    fn conditions_of_lists_and_items_travel() {
        let holds = When::Holds("C".to_owned());
        let no_value = json!({"Ref": "AWS::NoValue"});
        assert_eq!(found(json!(["SFTP", {"Fn::If": ["C", "AS2", no_value]}])), std::slice::from_ref(&holds));
        assert_eq!(found(json!({"Fn::If": ["C", ["AS2"], ["SFTP"]]})), [holds]);
        assert_eq!(found(json!({"Fn::If": ["C", ["AS2"], ["SFTP", "AS2"]]})), [When::Always]);
    }

    #[test]
    fn protocols_that_are_unknown_are_left_alone() {
        for odd in [json!({"Ref": "P"}), json!([{"Ref": "P"}]), json!("AS2"), json!([["AS2"]]), json!(null)] {
            let fragment = fragment(json!({"Protocols": odd}));
            assert_eq!((found_by(find, &fragment), said_by(find, &fragment).len()), (vec![], 0));
        }
    }
}
