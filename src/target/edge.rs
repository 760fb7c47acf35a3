//! CloudFront functions, once for each distribution that runs them: CloudWatch knows them by both. Functions of Lambda at the edge are no functions of
//! CloudFront.

use super::items::{below, is_partly_unknown, items, leaves};
use super::properties::Properties;
use super::relation::named;
use super::resource::{Found, Search, piece, unknown_list};
use crate::catalogue::rows::cloudfront::EDGE_FUNCTION;
use crate::template::intrinsic::{function, make_ref};
use crate::template::text::Text;
use crate::template::{Resource, Template, When};
use serde_json::{Value, json};

const FUNCTION: &[&str] = &["AWS::CloudFront::Function"];

/// A function that a distribution runs.
struct Edge {
    /// Which: its logical id, or what names it where it is elsewhere.
    part: Text,
    /// `FunctionName`: the value of the dimension.
    name: Value,
    when: When,
}

/// Finds functions of distributions.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for distribution in template.of_types(EDGE_FUNCTION.types) {
        let behaviours = behaviours(search, distribution);
        for Edge { part, name, when } in functions(search, distribution, &behaviours) {
            search.add(Found {
                kind: &EDGE_FUNCTION,
                resource: distribution,
                part: Some(part),
                dimensions: vec![make_ref(distribution.id), name, json!("Global")],
                when,
                properties: Properties::Of(distribution.id),
            });
        }
    }
}

/// What a distribution does for its paths.
fn behaviours<'t>(search: &mut Search<'_, 't>, distribution: &Resource<'t>) -> Vec<(&'t Value, When)> {
    let configuration = distribution.own("DistributionConfig").map(leaves).unwrap_or_default();
    if configuration.iter().filter_map(|(one, _)| one.get("CacheBehaviors")).any(is_partly_unknown) {
        search.findings.push(unknown_list(&EDGE_FUNCTION, distribution, "DistributionConfig.CacheBehaviors"));
    }
    let mut behaviours = below(&configuration, "DefaultCacheBehavior", leaves);
    behaviours.extend(below(&configuration, "CacheBehaviors", items));
    behaviours
}

/// The functions of all behaviours; one that several behaviours run is one.
fn functions(search: &mut Search<'_, '_>, distribution: &Resource<'_>, behaviours: &[(&Value, When)]) -> Vec<Edge> {
    if behaviours.iter().filter_map(|(one, _)| one.get("FunctionAssociations")).any(is_partly_unknown) {
        let property = "DistributionConfig.DefaultCacheBehavior.FunctionAssociations";
        search.findings.push(unknown_list(&EDGE_FUNCTION, distribution, property));
    }
    let associations = below(behaviours, "FunctionAssociations", items);
    let mut all: Vec<Edge> = Vec::new();
    for (arn, when) in below(&associations, "FunctionARN", leaves) {
        let Some(mut found) = named_by(search.template, arn) else { continue };
        found.when = found.when.and(when);
        match all.iter_mut().find(|other| other.part == found.part) {
            Some(same) => same.when = same.when.clone().or(found.when),
            None => all.push(found),
        }
    }
    all
}

/// The function that an ARN names. `Ref` gives an ARN too.
fn named_by(template: &Template<'_>, arn: &Value) -> Option<Edge> {
    if let Some((here, _)) = named(template, arn, FUNCTION).first() {
        return of_template(here);
    }
    let part = Text::read(arn)?;
    match part.as_literal() {
        Some(arn) => {
            let (_, name) = arn.rsplit_once(":function/")?;
            let here = template.of_types(FUNCTION).find(|one| one.own("Name").is_some_and(|own| own == name));
            let elsewhere = || Some(Edge { part: Text::literal(name), name: json!(name), when: When::Always });
            here.map_or_else(elsewhere, of_template)
        }
        None if function(arn).is_some() => Some(Edge { part, name: piece(arn, ":function/", 1), when: When::Always }),
        None => None,
    }
}

fn of_template(function: &Resource<'_>) -> Option<Edge> {
    let name = function.own("Name").filter(|name| Text::read(name).is_some())?;
    Some(Edge { part: Text::literal(function.id), name: name.clone(), when: function.when() })
}

#[cfg(test)]
mod tests {
    use super::super::resource::{found_by, said_by};
    use super::*;

    fn fragment(configuration: Value) -> Value {
        json!({"Resources": {
            "Site": {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": configuration}},
            "Headers": {"Type": "AWS::CloudFront::Function", "Properties": {"Name": {"Fn::Sub": "${AWS::StackName}-headers"}}},
            "Login": {"Type": "AWS::CloudFront::Function", "Condition": "Private", "Properties": {"Name": "login"}},
        }})
    }

    fn runs(arns: &[Value]) -> Value {
        arns.iter().map(|arn| json!({"EventType": "viewer-request", "FunctionARN": arn})).collect()
    }

    fn found(configuration: Value) -> Vec<(String, Value, When)> {
        let name = |(name, mut dimensions, when): (String, Vec<Value>, When)| (name, dimensions.remove(1), when);
        found_by(find, &fragment(configuration)).into_iter().map(name).collect()
    }

    fn in_its_region() -> When {
        When::Equals("AWS::Region".to_owned(), "us-east-1".to_owned())
    }

    #[test]
    fn a_function_of_the_template_is_known_in_every_form() {
        let name = json!({"Fn::Sub": "${AWS::StackName}-headers"});
        for arn in [
            json!({"Fn::GetAtt": ["Headers", "FunctionARN"]}),
            json!({"Fn::GetAtt": "Headers.FunctionMetadata.FunctionARN"}),
            json!({"Ref": "Headers"}),
            json!({"Fn::Sub": "${Headers.FunctionARN}"}),
        ] {
            let found = found(json!({"DefaultCacheBehavior": {"FunctionAssociations": runs(&[arn])}}));
            assert_eq!(found, [("Site Headers".to_owned(), name.clone(), in_its_region())]);
        }
    }

    #[test]
    fn all_dimensions_are_there_in_order() {
        let behaviour = json!({"FunctionAssociations": runs(&[json!({"Ref": "Headers"})])});
        let found = found_by(find, &fragment(json!({"DefaultCacheBehavior": behaviour})));
        let dimensions = [json!({"Ref": "Site"}), json!({"Fn::Sub": "${AWS::StackName}-headers"}), json!("Global")];
        assert_eq!(found.first().map(|(_, values, _)| values.as_slice()), Some(dimensions.as_slice()));
    }

    #[test]
    fn a_function_elsewhere_is_named_by_its_arn() {
        let (literal, parameter) = ("arn:aws:cloudfront::1:function/old", json!({"Ref": "Arn"}));
        let found =
            found(json!({"DefaultCacheBehavior": {"FunctionAssociations": runs(&[json!(literal), parameter])}}));
        let split = json!({"Fn::Select": [1, {"Fn::Split": [":function/", {"Ref": "Arn"}]}]});
        let expected = [("Site old", json!("old")), ("Site ${Arn}", split)];
        assert_eq!(found, expected.map(|(name, value)| (name.to_owned(), value, in_its_region())));
    }

    #[test]
    fn a_function_of_several_behaviours_is_one_and_conditions_travel() {
        let login = json!("arn:aws:cloudfront::1:function/login");
        let no_value = json!({"Ref": "AWS::NoValue"});
        let default = json!({"FunctionAssociations": {"Fn::If": ["A", runs(&[json!({"Ref": "Login"})]), no_value]}});
        let other = json!({"Fn::If": ["B", {"FunctionAssociations": runs(&[login])}, no_value]});
        let found = found(json!({"DefaultCacheBehavior": default, "CacheBehaviors": [other]}));
        let holds = |name: &str| When::Holds(name.to_owned());
        let [a, b] = ["A", "B"].map(|name| holds(name).and(holds("Private")));
        assert_eq!(found, [("Site Login".to_owned(), json!("login"), a.or(b).and(in_its_region()))]);
    }

    #[test]
    fn what_is_no_function_is_left_alone() {
        let lambda =
            json!([{"EventType": "viewer-request", "LambdaFunctionARN": "arn:aws:lambda:us-east-1:1:function:x:1"}]);
        assert_eq!(found(json!({"DefaultCacheBehavior": {"LambdaFunctionAssociations": lambda}})), []);
        for odd in [json!(3), json!("name"), json!({"a": 1}), json!(null), json!(["x"])] {
            let behaviour = json!({"FunctionAssociations": runs(&[odd])});
            assert_eq!(found(json!({"DefaultCacheBehavior": behaviour})), []);
        }
        assert_eq!(found(json!("x")), []);
        let unknown = fragment(json!({"DefaultCacheBehavior": {"FunctionAssociations": {"Ref": "P"}}}));
        assert_eq!(said_by(find, &unknown).len(), 1);
    }
}
