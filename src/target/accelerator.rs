//! Accelerators of AWS Global Accelerator that have endpoints: without any, none could be healthy. CloudWatch knows them by the end of their ARN.

use super::items::{entries, is_partly_unknown};
use super::properties::Properties;
use super::relation::named;
use super::resource::{Found, Search, piece};
use crate::catalogue::rows::network::ACCELERATOR;
use crate::template::intrinsic::make_ref;
use crate::template::{Resource, Template, When};

const LISTENER: &[&str] = &["AWS::GlobalAccelerator::Listener"];
const ENDPOINT_GROUP: &[&str] = &["AWS::GlobalAccelerator::EndpointGroup"];

/// Finds accelerators.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for accelerator in template.of_types(ACCELERATOR.types) {
        search.add(Found {
            kind: &ACCELERATOR,
            resource: accelerator,
            part: None,
            dimensions: vec![piece(&make_ref(accelerator.id), "/", 1)],
            when: has_endpoints(template, accelerator),
            properties: Properties::Of(accelerator.id),
        });
    }
}

/// When some endpoint group behind the accelerator has endpoints. Those that are added elsewhere are not known here.
fn has_endpoints(template: &Template<'_>, accelerator: &Resource<'_>) -> When {
    let mut when = When::Never;
    for group in template.of_types(ENDPOINT_GROUP) {
        let listeners = group.own("ListenerArn").map(|arn| named(template, arn, LISTENER)).unwrap_or_default();
        for (listener, names) in listeners {
            let accelerators = listener.own("AcceleratorArn").map(|arn| named(template, arn, ACCELERATOR.types));
            let here = accelerators.into_iter().flatten().filter(|(found, _)| found.id == accelerator.id);
            let behind = here.fold(When::Never, |all, (_, one)| all.or(one)).and(listener.when()).and(names);
            when = when.or(behind.and(endpoints(group)).and(group.when()));
        }
    }
    when
}

/// When an endpoint group has endpoints. A list that only CloudFormation knows is there for a reason.
fn endpoints(group: &Resource<'_>) -> When {
    match group.own("EndpointConfigurations") {
        Some(list) if list.is_array() || !is_partly_unknown(list) => {
            entries(list).into_iter().fold(When::Never, |all, (_, one)| all.or(one))
        }
        Some(_) => When::Always,
        None => When::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::super::resource::{found_by, said_by};
    use super::*;
    use serde_json::{Value, json};

    fn fragment(accelerator_arn: Value, listener_arn: Value, endpoints: Value) -> Value {
        json!({"Resources": {
            "Front": {"Type": "AWS::GlobalAccelerator::Accelerator"},
            "Listener": {"Type": "AWS::GlobalAccelerator::Listener", "Properties": {"AcceleratorArn": accelerator_arn}},
            "Group": {"Type": "AWS::GlobalAccelerator::EndpointGroup", "Condition": "G", "Properties": {
                "ListenerArn": listener_arn, "EndpointConfigurations": endpoints}},
        }})
    }

    fn whens(accelerator_arn: Value, listener_arn: Value, endpoints: Value) -> Vec<When> {
        let found = found_by(find, &fragment(accelerator_arn, listener_arn, endpoints));
        found.into_iter().map(|(_, _, when)| when).collect()
    }

    fn expected() -> When {
        When::Holds("G".to_owned()).and(When::Equals("AWS::Region".to_owned(), "us-west-2".to_owned()))
    }

    #[test]
    fn an_accelerator_with_endpoints_is_known_by_the_end_of_its_arn() {
        let endpoints = json!([{"EndpointId": {"Ref": "Lb"}}]);
        let found = found_by(find, &fragment(json!({"Ref": "Front"}), json!({"Ref": "Listener"}), endpoints));
        let id = json!({"Fn::Select": [1, {"Fn::Split": ["/", {"Ref": "Front"}]}]});
        assert_eq!(found, [("Front".to_owned(), vec![id], expected())]);
    }

    #[test]
    fn it_is_named_in_every_form_and_conditions_travel() {
        let (front, listener) = (json!({"Ref": "Front"}), json!({"Ref": "Listener"}));
        let endpoint = json!({"EndpointId": "x"});
        let attribute = json!({"Fn::GetAtt": ["Front", "AcceleratorArn"]});
        let sub = json!({"Fn::Sub": "${Listener.ListenerArn}"});
        assert_eq!(whens(attribute, sub, json!([endpoint])), [expected()]);
        let choice = json!({"Fn::If": ["C", front, {"Ref": "Elsewhere"}]});
        let c = When::Holds("C".to_owned());
        assert_eq!(whens(choice, listener.clone(), json!([endpoint])), [expected().and(c.clone())]);
        let some = json!({"Fn::If": ["C", [endpoint], {"Ref": "AWS::NoValue"}]});
        assert_eq!(whens(front.clone(), listener.clone(), some), [expected().and(c)]);
        assert_eq!(whens(front, listener, json!({"Ref": "List"})), [expected()]);
    }

    #[test]
    fn without_endpoints_there_is_nothing_to_watch() {
        let (front, listener) = (json!({"Ref": "Front"}), json!({"Ref": "Listener"}));
        let one = json!([{"EndpointId": "x"}]);
        for (accelerator_arn, listener_arn, endpoints) in [
            (front.clone(), listener.clone(), json!([])),
            (front.clone(), listener.clone(), json!({"Ref": "AWS::NoValue"})),
            (front.clone(), json!({"Fn::ImportValue": "l"}), one.clone()),
            (json!("arn:aws:globalaccelerator::1:accelerator/x"), listener.clone(), one.clone()),
            (json!([3]), listener, one),
        ] {
            let fragment = fragment(accelerator_arn, listener_arn, endpoints);
            assert_eq!((found_by(find, &fragment).len(), said_by(find, &fragment).len()), (0, 0));
        }
    }
}
