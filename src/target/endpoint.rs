//! Amazon SageMaker endpoints, once for each production variant, which their configuration names.

use super::items::{is_partly_unknown, items, leaves};
use super::properties::{Answer, Properties};
use super::relation::named;
use super::resource::{Found, Search, attribute, unknown_list};
use crate::catalogue::rows::machine_learning::{VARIANT, VARIANT_INSTANCES};
use crate::catalogue::{Kind, Test};
use crate::finding::{Finding, UNRELATED};
use crate::template::intrinsic::is_no_value;
use crate::template::text::Text;
use crate::template::{Object, Resource, Template, When};
use serde_json::Value;

const CONFIGURATION: &[&str] = &["AWS::SageMaker::EndpointConfig"];

/// Not for a serverless variant, which has no instances.
const HAS_INSTANCES: Test = Test::Not(&Test::Has("ServerlessConfig"));

/// Finds variants.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for endpoint in template.of_types(VARIANT.types) {
        let Some(name) = endpoint.own("EndpointConfigName") else { continue };
        for (name, when) in leaves(name) {
            match configuration(template, name) {
                Some(configuration) => variants(search, endpoint, configuration, &when.and(configuration.when())),
                None => search.findings.push(elsewhere(endpoint)),
            }
        }
    }
}

/// The configuration that a name is of: its attribute, its `Ref`, or the name that it alone has.
fn configuration<'a, 't>(template: &'a Template<'t>, name: &Value) -> Option<&'a Resource<'t>> {
    if let Some((found, _)) = named(template, name, CONFIGURATION).first() {
        return Some(found);
    }
    let name = Text::read(name).filter(Text::is_visible)?;
    let is_its_name = |one: &&Resource<'_>| one.own("EndpointConfigName").and_then(Text::read).as_ref() == Some(&name);
    let mut all = template.of_types(CONFIGURATION).filter(is_its_name);
    all.next().filter(|_| all.next().is_none())
}

/// The production variants. What shadows answer, nobody sees.
fn variants<'t>(search: &mut Search<'_, 't>, endpoint: &Resource<'t>, configuration: &Resource<'t>, when: &When) {
    let Some(list) = configuration.own("ProductionVariants") else { return };
    if is_partly_unknown(list) {
        search.findings.push(unknown_list(&VARIANT, configuration, "ProductionVariants"));
    }
    for (variant, own) in items(list) {
        let (Some(name), Some(object)) = (variant.get("VariantName"), variant.as_object()) else { continue };
        let when = own.and(when.clone());
        add(search, &VARIANT, endpoint, name, when.clone());
        add(search, &VARIANT_INSTANCES, endpoint, name, when.and(has_instances(search.template, object)));
    }
}

fn add<'t>(search: &mut Search<'_, 't>, kind: &'static Kind, endpoint: &Resource<'t>, name: &Value, when: When) {
    let Some(part) = Text::read(name).filter(|part| part.is_visible() && !is_no_value(name)) else { return };
    search.add(Found {
        kind,
        resource: endpoint,
        part: Some(part),
        // Not a piece of the ARN that `Ref` gives, which has the name in lower case.
        dimensions: vec![attribute(endpoint.id, "EndpointName"), name.clone()],
        when,
        properties: Properties::Of(endpoint.id),
    });
}

fn has_instances<'t>(template: &Template<'t>, variant: &'t Object) -> When {
    match Properties::Part(variant).test(template, HAS_INSTANCES) {
        Answer::When(when) => when,
        Answer::Unknown(_) => When::Never,
    }
}

fn elsewhere(endpoint: &Resource<'_>) -> Finding {
    let what = format!("the variants of {} are defined elsewhere: they are not watched here", endpoint.id);
    let help = "move the endpoint's configuration into this template, or add alarms by hand";
    Finding::new(&UNRELATED, endpoint.property_at("EndpointConfigName"), what, help)
}

#[cfg(test)]
mod tests {
    use super::super::resource::{found_by, said_by};
    use super::*;
    use serde_json::json;

    fn fragment(name: Value, variants: Value) -> Value {
        json!({"Resources": {
            "E": {"Type": "AWS::SageMaker::Endpoint", "Properties": {"EndpointConfigName": name}},
            "C": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {"EndpointConfigName": "blue", "ProductionVariants": variants}},
            "D": {"Type": "AWS::SageMaker::EndpointConfig", "Condition": "Green", "Properties": {"ProductionVariants": [{"VariantName": "a"}]}},
        }})
    }

    fn names(fragment: &Value) -> Vec<(String, When)> {
        found_by(find, fragment).into_iter().map(|(name, _, when)| (name, when)).collect()
    }

    fn holds(name: &str) -> When {
        When::Holds(name.to_owned())
    }

    #[test]
    fn a_configuration_is_known_in_every_form() {
        let variants = json!([{"VariantName": "a"}]);
        for name in [
            json!({"Fn::GetAtt": ["C", "EndpointConfigName"]}),
            json!({"Fn::Sub": "${C.EndpointConfigName}"}),
            json!({"Ref": "C"}),
            json!("blue"),
        ] {
            let found = found_by(find, &fragment(name, variants.clone()));
            let dimensions = vec![json!({"Fn::GetAtt": ["E", "EndpointName"]}), json!("a")];
            let one = ("E a".to_owned(), dimensions, When::Always);
            assert_eq!(found, [one.clone(), one]);
        }
    }

    #[test]
    fn each_variant_is_watched_under_its_condition() {
        let no_value = json!({"Ref": "AWS::NoValue"});
        let variants =
            json!([{"VariantName": "a"}, {"Fn::If": ["Two", {"VariantName": "b", "ServerlessConfig": {}}, no_value]}]);
        let found = names(&fragment(json!({"Ref": "C"}), variants));
        let expected = [("E a", When::Always), ("E a", When::Always), ("E b", holds("Two"))];
        assert_eq!(found, expected.map(|(name, when)| (name.to_owned(), when)));
        let sometimes = json!({"Fn::If": ["Small", {"MaxConcurrency": 5}, no_value]});
        let found = names(&fragment(json!({"Ref": "C"}), json!([{"VariantName": "a", "ServerlessConfig": sometimes}])));
        let whens: Vec<_> = found.into_iter().map(|(_, when)| when).collect();
        assert_eq!(whens, [When::Always, holds("Small").negate()]);
    }

    #[test]
    fn both_configurations_of_a_choice_are_followed() {
        let choice = json!({"Fn::If": ["X", {"Ref": "C"}, {"Ref": "D"}]});
        let found = names(&fragment(choice, json!([{"VariantName": {"Ref": "Name"}}])));
        let (first, second) = (holds("X"), holds("X").negate().and(holds("Green")));
        let expected = [("E ${Name}", first.clone()), ("E ${Name}", first), ("E a", second.clone()), ("E a", second)];
        assert_eq!(found, expected.map(|(name, when)| (name.to_owned(), when)));
    }

    #[test]
    fn variants_elsewhere_are_said() {
        for name in [json!({"Ref": "Config"}), json!({"Fn::ImportValue": "x"}), json!("green"), json!(["x"])] {
            let fragment = fragment(name, json!([]));
            assert_eq!((found_by(find, &fragment).len(), said_by(find, &fragment).len()), (0, 1), "{fragment}");
        }
        let unknown = fragment(json!({"Ref": "C"}), json!({"Ref": "P"}));
        assert_eq!((found_by(find, &unknown).len(), said_by(find, &unknown).len()), (0, 1));
    }

    #[test]
    fn what_has_no_name_is_left_alone() {
        for odd in [json!("a"), json!({}), json!({"VariantName": ["x"]}), json!({"VariantName": ""}), json!(null)] {
            assert_eq!(found_by(find, &fragment(json!({"Ref": "C"}), json!([odd]))), []);
        }
    }
}
