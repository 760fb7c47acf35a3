//! Parts of S3 that have metrics: a bucket's filters of request metrics, its replication rules, and the functions of Object Lambda access points.

use super::items::{below, is_partly_unknown, items, leaves};
use super::properties::{Answer, Properties};
use super::resource::{Found, Search, piece, place, unknown_list};
use crate::catalogue::rows::s3::{BUCKET_FILTER, OBJECT_LAMBDA, REPLICATION};
use crate::catalogue::{Kind, Test};
use crate::finding::{Code, Finding, METRIC_NOT_PUBLISHED, UNKNOWN_PROPERTY, UNRELATED};
use crate::template::intrinsic::{branches, function, is_no_value, make_ref};
use crate::template::text::{Part, Text};
use crate::template::{Resource, Template, When};
use serde_json::{Value, json};

const RULES: &str = "ReplicationConfiguration.Rules";
const FUNCTIONS: &str = "ObjectLambdaConfiguration.TransformationConfigurations";
/// Ends everything in a bucket's ARN that is not its name.
const BEFORE_NAME: &str = ":::";

/// Finds filters, replication rules and functions.
pub(super) fn find(search: &mut Search<'_, '_>) {
    let template = search.template;
    for bucket in template.of_types(BUCKET_FILTER.types) {
        filters(search, bucket);
        replications(search, bucket);
    }
    for point in template.of_types(OBJECT_LAMBDA.types) {
        functions(search, point);
    }
}

fn add<'t>(
    search: &mut Search<'_, 't>,
    kind: &'static Kind,
    resource: &Resource<'t>,
    part: Text,
    values: Vec<Value>,
    when: When,
) {
    let mut dimensions = vec![make_ref(resource.id)];
    dimensions.extend(values);
    search.add(Found { kind, resource, part: Some(part), dimensions, when, properties: Properties::Of(resource.id) });
}

/// The filters of a bucket's request metrics. A bucket without any has none of these metrics.
fn filters<'t>(search: &mut Search<'_, 't>, bucket: &Resource<'t>) {
    let list = bucket.own("MetricsConfigurations").filter(|list| !is_no_value(list));
    if list.is_some_and(is_partly_unknown) {
        search.findings.push(unknown_list(&BUCKET_FILTER, bucket, "MetricsConfigurations"));
    }
    if list.is_none_or(|list| list.as_array().is_some_and(Vec::is_empty)) {
        search.findings.push(no_filter(bucket));
    }
    for (filter, when) in list.map(items).unwrap_or_default() {
        let Some((id, text)) = filter.get("Id").and_then(|id| Some((id, Text::read(id)?))) else { continue };
        add(search, &BUCKET_FILTER, bucket, text, vec![id.clone()], when);
    }
}

fn no_filter(bucket: &Resource<'_>) -> Finding {
    let what = format!("requests to {} are not watched: the bucket has no request metrics", bucket.id);
    let help = "add `MetricsConfigurations: [{Id: EntireBucket}]` to the bucket; CloudWatch charges request metrics as custom metrics";
    Finding::new(&METRIC_NOT_PUBLISHED, bucket.at.clone(), what, help)
}

/// The replication rules of a bucket that publish metrics.
fn replications<'t>(search: &mut Search<'_, 't>, bucket: &Resource<'t>) {
    let configuration = bucket.own("ReplicationConfiguration").map(leaves).unwrap_or_default();
    if configuration.iter().filter_map(|(one, _)| one.get("Rules")).any(is_partly_unknown) {
        search.findings.push(unknown_list(&REPLICATION, bucket, RULES));
    }
    for (rule, when) in below(&configuration, "Rules", items) {
        match replication(search.template, rule) {
            Ok(None) => {}
            Ok(Some(Replication { part, id, destination, when: enabled })) => {
                add(search, &REPLICATION, bucket, part, vec![destination, id], when.and(enabled));
            }
            Err((code, why, help)) => {
                let what = format!("replication of {} is not watched: {why}", bucket.id);
                search.findings.push(Finding::new(code, place(bucket, RULES), what, help));
            }
        }
    }
}

/// A rule with metrics.
struct Replication {
    part: Text,
    id: Value,
    destination: Value,
    when: When,
}

/// Code, reason and help of a finding.
type Gap = (&'static Code, &'static str, &'static str);

/// What CloudWatch knows a rule by; nothing: it is switched off.
fn replication(template: &Template<'_>, rule: &Value) -> Result<Option<Replication>, Gap> {
    let properties = rule.as_object().map_or(Properties::None, Properties::Part);
    let is_on = |path| match properties.test(template, Test::Is(path, &["Enabled"])) {
        Answer::When(when) => Ok(when),
        Answer::Unknown(_) => Err(UNKNOWN_STATUS),
    };
    let enabled = is_on("Status")?;
    if enabled == When::Never {
        return Ok(None);
    }
    let when = is_on("Destination.Metrics.Status")?.and(enabled);
    if when == When::Never {
        return Err(NO_METRICS);
    }
    let id = properties.get(template, "Id").filter(|id| !has_gap(id)).ok_or(NO_ID)?;
    let part = Text::read(&id).filter(Text::is_visible).ok_or(NO_ID)?;
    let arn = properties.get(template, "Destination.Bucket").ok_or(NO_DESTINATION)?;
    let destination = bucket_name(template, &arn).ok_or(NO_DESTINATION)?;
    Ok(Some(Replication { part, id, destination, when }))
}

const UNKNOWN_STATUS: Gap = (
    &UNKNOWN_PROPERTY,
    "whether a rule and its metrics are on is not known here",
    "write `Enabled` for the rule and for `Metrics` of its destination, or a parameter of type `String`",
);
const NO_METRICS: Gap = (
    &METRIC_NOT_PUBLISHED,
    "a rule publishes no metrics",
    "add `Metrics: {Status: Enabled}` to the destination; CloudWatch charges replication metrics as custom metrics",
);
const NO_ID: Gap = (
    &UNRELATED,
    "a rule has no `Id`, by which CloudWatch knows it: S3 makes one up",
    "give every rule with metrics an `Id`",
);
const NO_DESTINATION: Gap = (
    &UNRELATED,
    "the name of a rule's destination cannot be told from this template",
    "write the destination as `!GetAtt Bucket.Arn` or as an ARN",
);

/// Whether a value may be absent.
fn has_gap(value: &Value) -> bool {
    branches(value).map_or_else(|| is_no_value(value), |(_, yes, no)| has_gap(yes) || has_gap(no))
}

/// The name of the bucket that an ARN is of.
fn bucket_name(template: &Template<'_>, arn: &Value) -> Option<Value> {
    if let Some((condition, yes, no)) = branches(arn) {
        return Some(json!({"Fn::If": [condition, bucket_name(template, yes)?, bucket_name(template, no)?]}));
    }
    let is_bucket = |id: &str| template.any_resource(id).is_some_and(|found| BUCKET_FILTER.types.contains(&found.kind));
    let text = Text::read(arn)?;
    match text.parts() {
        [Part::Attribute(id, attribute)] if is_bucket(id) && attribute == "Arn" => Some(make_ref(id)),
        // Not an ARN.
        [Part::Ref(id)] if is_bucket(id) || is_no_value(arn) => None,
        _ => after(&text)
            .or_else(|| last_joined(arn))
            .or_else(|| function(arn).map(|_| piece(arn, ":", 5)))
            .filter(|name| *name != ""),
    }
}

/// What stands behind the literal beginning of an ARN.
fn after(arn: &Text) -> Option<Value> {
    let mut name: Option<Text> = None;
    for part in arn.parts() {
        match (&mut name, part) {
            (Some(name), part) => name.push_part(part.clone()),
            (none, Part::Literal(text)) => *none = text.split_once(BEFORE_NAME).map(|(_, rest)| Text::literal(rest)),
            (None, Part::Ref(_) | Part::Attribute(..) | Part::Opaque(_)) => {}
        }
    }
    name.map(|name| name.to_value())
}

/// The same, where a `Fn::Join` ends in a function that [`Text`] leaves alone: `["", ["arn:aws:s3:::", X]]`.
fn last_joined(arn: &Value) -> Option<Value> {
    let ("Fn::Join", Value::Array(arguments)) = function(arn)? else { return None };
    let [Value::String(delimiter), Value::Array(pieces)] = arguments.as_slice() else { return None };
    match pieces.as_slice() {
        [.., Value::String(before), name] if delimiter.is_empty() && before.ends_with(BEFORE_NAME) => {
            Some(name.clone()).filter(|name| !is_no_value(name))
        }
        _ => None,
    }
}

/// The functions of an Object Lambda access point; requests that invoke one are counted by its ARN.
fn functions<'t>(search: &mut Search<'_, 't>, point: &Resource<'t>) {
    let configuration = point.own("ObjectLambdaConfiguration").map(leaves).unwrap_or_default();
    if configuration.iter().filter_map(|(one, _)| one.get("TransformationConfigurations")).any(is_partly_unknown) {
        search.findings.push(unknown_list(&OBJECT_LAMBDA, point, FUNCTIONS));
    }
    let transformations = below(&configuration, "TransformationConfigurations", items);
    let content = below(&transformations, "ContentTransformation", leaves);
    let mut all: Vec<(Text, &Value, When)> = Vec::new();
    for (arn, when) in below(&below(&content, "AwsLambda", leaves), "FunctionArn", leaves) {
        let Some(text) = Text::read(arn).filter(Text::is_visible) else { continue };
        match all.iter_mut().find(|(other, _, _)| *other == text) {
            Some((_, _, same)) => *same = same.clone().or(when),
            None => all.push((text, arn, when)),
        }
    }
    for (text, arn, when) in all {
        add(search, &OBJECT_LAMBDA, point, text, vec![arn.clone()], when);
    }
}

#[cfg(test)]
mod tests {
    use super::super::resource::{found_by, said_by};
    use super::*;

    fn fragment(properties: Value) -> Value {
        json!({"Parameters": {"OnOff": {"Type": "String"}}, "Resources": {
            "Source": {"Type": "AWS::S3::Bucket", "Properties": properties},
            "Copy": {"Type": "AWS::S3::Bucket", "Properties": {"MetricsConfigurations": [{"Id": "all"}]}},
        }})
    }

    /// What is found of the bucket `Source`.
    fn found(properties: Value) -> Vec<(String, Vec<Value>, When)> {
        let mut found = found_by(find, &fragment(properties));
        found.retain(|(name, _, _)| name.starts_with("Source"));
        found
    }

    fn replicating(rule: Value) -> Value {
        json!({"MetricsConfigurations": [], "ReplicationConfiguration": {"Rules": [rule]}})
    }

    fn rule(destination: Value) -> Value {
        json!({"Id": "r", "Status": "Enabled", "Destination": {"Bucket": destination, "Metrics": {"Status": "Enabled"}}})
    }

    #[test]
    fn each_filter_of_request_metrics_is_watched() {
        let no_value = json!({"Ref": "AWS::NoValue"});
        let list =
            json!([{"Id": "all"}, {"Fn::If": ["C", {"Id": {"Ref": "P"}, "Prefix": "x"}, no_value]}, 3, {"Id": []}]);
        let bucket = json!({"Ref": "Source"});
        let all = ("Source all".to_owned(), vec![bucket.clone(), json!("all")], When::Always);
        let other = ("Source ${P}".to_owned(), vec![bucket, json!({"Ref": "P"})], When::Holds("C".to_owned()));
        assert_eq!(found(json!({"MetricsConfigurations": list})), [all, other]);
    }

    #[test]
    fn a_bucket_without_request_metrics_is_said_once() {
        for properties in
            [json!({}), json!({"MetricsConfigurations": []}), json!({"MetricsConfigurations": {"Ref": "AWS::NoValue"}})]
        {
            let fragment = fragment(properties);
            assert_eq!(
                said_by(find, &fragment),
                ["requests to Source are not watched: the bucket has no request metrics"]
            );
        }
        let unknown = said_by(find, &fragment(json!({"MetricsConfigurations": {"Fn::Transform": {"Name": "X"}}})));
        assert!(unknown.len() == 1 && unknown.join("").contains("not wholly known"));
    }

    #[test]
    fn a_rule_is_known_by_its_destinations_name() {
        let split = |value: Value| json!({"Fn::Select": [5, {"Fn::Split": [":", value]}]});
        let import = json!({"Fn::ImportValue": "x"});
        for (arn, name) in [
            (json!({"Fn::GetAtt": ["Copy", "Arn"]}), json!({"Ref": "Copy"})),
            (json!({"Fn::Sub": "${Copy.Arn}"}), json!({"Ref": "Copy"})),
            (json!("arn:aws:s3:::backup"), json!("backup")),
            (json!({"Fn::Sub": "arn:${AWS::Partition}:s3:::${P}-copy"}), json!({"Fn::Sub": "${P}-copy"})),
            (json!({"Fn::Sub": ["arn:aws:s3:::${x}", {"x": {"Ref": "P"}}]}), json!({"Ref": "P"})),
            (json!({"Fn::Join": ["", ["arn:aws:s3:::", {"Ref": "P"}]]}), json!({"Ref": "P"})),
            (json!({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::", import]]}), import.clone()),
            (import.clone(), split(import)),
            (json!({"Ref": "Arn"}), split(json!({"Ref": "Arn"}))),
            (json!({"Fn::If": ["C", "arn:aws:s3:::a", "arn:aws:s3:::b"]}), json!({"Fn::If": ["C", "a", "b"]})),
        ] {
            let expected = ("Source r".to_owned(), vec![json!({"Ref": "Source"}), name, json!("r")], When::Always);
            assert_eq!(found(replicating(rule(arn))), [expected]);
        }
    }

    #[test]
    fn a_rule_and_its_metrics_may_hang_on_conditions() {
        let mut some = rule(json!("arn:aws:s3:::a"));
        some["Status"] = json!({"Ref": "OnOff"});
        some["Destination"]["Metrics"] = json!({"Fn::If": ["C", {"Status": "Enabled"}, {"Ref": "AWS::NoValue"}]});
        let on = When::Equals("OnOff".to_owned(), "Enabled".to_owned());
        let entry = json!({"Fn::If": ["D", some, {"Ref": "AWS::NoValue"}]});
        let expected = on.and(When::Holds("C".to_owned())).and(When::Holds("D".to_owned()));
        assert_eq!(found(replicating(entry)).into_iter().map(|(_, _, when)| when).collect::<Vec<_>>(), [expected]);
    }

    #[test]
    fn a_rule_that_publishes_nothing_is_left_alone() {
        let without = |key: &str| {
            let mut rule = rule(json!("arn:aws:s3:::a"));
            rule.as_object_mut().expect("a rule").shift_remove(key);
            rule
        };
        let unmeasured = json!({"Id": "r", "Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::a"}});
        let odd = rule(json!({"Ref": "Copy"}));
        for (rule, word) in [
            (unmeasured, "publishes no metrics"),
            (without("Id"), "has no `Id`"),
            (odd, "destination cannot be told"),
            (rule(json!([1])), "destination cannot be told"),
        ] {
            assert_eq!(found(replicating(rule.clone())), [], "{rule}");
            let said = said_by(find, &fragment(replicating(rule))).join("; ");
            assert!(said.contains(word), "{said}");
        }
        assert_eq!(found(replicating(without("Status"))), []);
        assert_eq!(said_by(find, &fragment(replicating(without("Status")))).len(), 1);
    }

    #[test]
    fn each_function_of_an_access_point_is_counted_once() {
        let by = |arn: Value| json!({"Actions": ["GetObject"], "ContentTransformation": {"AwsLambda": {"FunctionArn": arn}}});
        let arn = json!({"Fn::GetAtt": ["F", "Arn"]});
        let configurations =
            json!([by(arn.clone()), by(json!({"Fn::Sub": "${F.Arn}"})), by(json!("arn:aws:lambda:x:1:function:f")), 3]);
        let point = json!({"Type": "AWS::S3ObjectLambda::AccessPoint", "Properties": {"ObjectLambdaConfiguration": {"TransformationConfigurations": configurations}}});
        let found = found_by(find, &json!({"Resources": {"Point": point}}));
        let values: Vec<_> = found.into_iter().map(|(_, values, _)| values).collect();
        let point = json!({"Ref": "Point"});
        assert_eq!(values, [[point.clone(), arn], [point, json!("arn:aws:lambda:x:1:function:f")]]);
    }
}
