//! Amazon SageMaker endpoints, once for each production variant, which their configuration names.

use super::items::{is_partly_unknown, items};
use super::properties::Properties;
use super::relation::named;
use super::resource::{Found, Search, attribute, unknown_list};
use crate::catalogue::rows::machine_learning::{VARIANT, VARIANT_INSTANCES};
use crate::finding::{Finding, UNRELATED};
use crate::template::Resource;
use crate::template::text::Text;

const CONFIGURATION: &[&str] = &["AWS::SageMaker::EndpointConfig"];

/// Finds variants.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for endpoint in template.of_types(VARIANT.types) {
        let configurations =
            endpoint.own("EndpointConfigName").map(|name| named(template, name, CONFIGURATION)).unwrap_or_default();
        if configurations.is_empty() {
            search.findings.push(elsewhere(endpoint));
        }
        for (configuration, when) in configurations {
            let Some(list) = configuration.own("ProductionVariants") else { continue };
            if is_partly_unknown(list) {
                search.findings.push(unknown_list(&VARIANT, configuration, "ProductionVariants"));
            }
            for (variant, own) in items(list) {
                let (Some(name), Some(object)) = (variant.get("VariantName"), variant.as_object()) else { continue };
                let when = own.and(when.clone()).and(configuration.when());
                for kind in [&VARIANT, &VARIANT_INSTANCES] {
                    // A serverless variant has no instances.
                    if *kind == VARIANT_INSTANCES && variant.get("ServerlessConfig").is_some() {
                        continue;
                    }
                    search.add(Found {
                        kind,
                        resource: endpoint,
                        part: Text::read(name),
                        dimensions: vec![attribute(endpoint.id, "EndpointName"), name.clone()],
                        when: when.clone(),
                        properties: Properties::Part(object),
                    });
                }
            }
        }
    }
}

fn elsewhere(endpoint: &Resource<'_>) -> Finding {
    let what = format!("the variants of {} are not in this template: they are not watched here", endpoint.id);
    let help = "add Toprail to the template that has the endpoint's configuration, or alarms by hand";
    Finding::new(&UNRELATED, endpoint.at.clone(), what, help)
}

#[cfg(test)]
mod tests {
    use super::super::resource::{found_by, said_by};
    use super::*;
    use crate::template::When;
    use serde_json::{Value, json};

    fn fragment(name: Value, variants: Value) -> Value {
        json!({"Resources": {
            "E": {"Type": "AWS::SageMaker::Endpoint", "Properties": {"EndpointConfigName": name}},
            "C": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {"ProductionVariants": variants}},
        }})
    }

    #[test]
    fn each_variant_is_watched_under_its_condition() {
        let no_value = json!({"Ref": "AWS::NoValue"});
        let variants =
            json!([{"VariantName": "a"}, {"Fn::If": ["Two", {"VariantName": "b", "ServerlessConfig": {}}, no_value]}]);
        let found = found_by(find, &fragment(json!({"Fn::GetAtt": ["C", "EndpointConfigName"]}), variants));
        let names: Vec<_> = found.iter().map(|(name, _, when)| (name.as_str(), when.clone())).collect();
        assert_eq!(names, [("E a", When::Always), ("E a", When::Always), ("E b", When::Holds("Two".to_owned()))]);
    }

    #[test]
    fn variants_elsewhere_are_reported() {
        let fragment = fragment(json!({"Ref": "Config"}), json!([]));
        assert_eq!((found_by(find, &fragment).len(), said_by(find, &fragment).len()), (0, 1));
    }
}
