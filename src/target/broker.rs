//! Brokers: each node of Amazon MQ for ActiveMQ, each broker of a Kafka cluster.

use super::properties::{Answer, Properties};
use super::resource::{Found, Search, unknown_property};
use crate::catalogue::Test;
use crate::catalogue::rows::brokers::{ACTIVEMQ, KAFKA_BROKER};
use crate::template::intrinsic::as_number;
use crate::template::text::Text;
use crate::template::{Resource, When};
use serde_json::json;

/// So many brokers of a cluster are watched: each has several alarms, and a template has room for 500 resources.
const MOST_BROKERS: u32 = 15;
const HAS_STANDBY: Test = Test::Is("DeploymentMode", &["ACTIVE_STANDBY_MULTI_AZ"]);

/// Finds both.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for broker in template.of_types(ACTIVEMQ.types) {
        active_mq(search, broker);
    }
    for cluster in template.of_types(KAFKA_BROKER.types) {
        kafka(search, cluster);
    }
}

/// CloudWatch knows the nodes as `name-1` and, where there is a standby, `name-2`.
fn active_mq<'t>(search: &mut Search<'_, 't>, broker: &Resource<'t>) {
    let Some(name) = broker.own("BrokerName").and_then(Text::read) else { return };
    let standby = match Properties::Of(broker.id).test(search.template, HAS_STANDBY) {
        Answer::When(when) => when,
        Answer::Unknown(_) => When::Never,
    };
    for (number, when) in [("1", When::Always), ("2", standby)] {
        let mut node = name.clone();
        node.push_literal(&format!("-{number}"));
        search.add(Found {
            kind: &ACTIVEMQ,
            resource: broker,
            part: Some(Text::literal(number)),
            dimensions: vec![node.to_value()],
            when,
            properties: Properties::Of(broker.id),
        });
    }
}

fn kafka<'t>(search: &mut Search<'_, 't>, cluster: &Resource<'t>) {
    let Some(name) = cluster.own("ClusterName").filter(|name| Text::read(name).is_some()) else { return };
    let number = cluster.own("NumberOfBrokerNodes");
    let Some(count) = number.and_then(as_number).filter(|count| *count >= 1.0) else {
        if number.is_some() {
            search.findings.push(unknown_property(&KAFKA_BROKER, cluster, "NumberOfBrokerNodes"));
        }
        return;
    };
    for id in (1..=MOST_BROKERS).take_while(|id| f64::from(*id) <= count) {
        search.add(Found {
            kind: &KAFKA_BROKER,
            resource: cluster,
            part: Some(Text::literal(id.to_string())),
            dimensions: vec![name.clone(), json!(id.to_string())],
            when: When::Always,
            properties: Properties::Of(cluster.id),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::resource::{found_by, said_by};
    use super::*;
    use serde_json::Value;

    fn broker(properties: Value) -> Value {
        json!({
            "Parameters": {"Mode": {"Type": "String"}},
            "Resources": {"B": {"Type": "AWS::AmazonMQ::Broker", "Properties": properties}},
        })
    }

    #[test]
    fn a_standby_is_a_node_of_its_own() {
        let mode =
            |mode: Value| broker(json!({"EngineType": "ActiveMQ", "BrokerName": {"Ref": "N"}, "DeploymentMode": mode}));
        let found = found_by(find, &mode(json!({"Ref": "Mode"})));
        let is_standby = When::Equals("Mode".to_owned(), "ACTIVE_STANDBY_MULTI_AZ".to_owned());
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].1, [json!({"Fn::Sub": "${N}-1"})]);
        assert_eq!((&found[1].0, &found[1].2), (&"B 2".to_owned(), &is_standby));
        assert_eq!(found_by(find, &mode(json!("SINGLE_INSTANCE"))).len(), 1);
        assert_eq!(found_by(find, &broker(json!({"EngineType": "RabbitMQ", "BrokerName": "r"}))), []);
    }

    #[test]
    fn the_brokers_of_a_cluster_are_counted() {
        let cluster = |number: Value| json!({"Resources": {"K": {"Type": "AWS::MSK::Cluster", "Properties": {"ClusterName": "k", "NumberOfBrokerNodes": number}}}});
        let found = found_by(find, &cluster(json!("3")));
        assert_eq!(found.iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>(), ["K 1", "K 2", "K 3"]);
        assert_eq!(found_by(find, &cluster(json!(90))).len(), 15);
        let unknown = cluster(json!({"Ref": "P"}));
        assert_eq!((found_by(find, &unknown).len(), said_by(find, &unknown).len()), (0, 1));
    }
}
