//! `RequiredTags`: which resources lack them, and what counts as having them.

use super::support::{transform_in, yaml};
use super::{context, under};
use serde_json::{Value, json};
use toprail::finding::Level;

/// What is said about the tags of one resource, which has `properties`.
fn said(required: &str, kind: &str, properties: &str, config: &str) -> Vec<(Level, String)> {
    let policy = json!({"Enforced": {"RequiredTags": yaml(&format!("x: {required}"))["x"]}});
    let resource = json!({"Type": kind, "Properties": yaml(properties)});
    let config: Value = if config.is_empty() { json!({}) } else { yaml(config) };
    let template =
        json!({"Metadata": {"Toprail": config}, "Parameters": {"P": {"Type": "String"}}, "Resources": {"R": resource}});
    let out = transform_in(template, context(&policy));
    let findings = out.findings("TR505");
    assert!(findings.iter().all(|finding| finding.policy.is_some()));
    findings.iter().map(|finding| (finding.level, finding.what.clone())).collect()
}

const QUEUE: &str = "AWS::SQS::Queue";

#[test]
fn a_tag_that_is_there_is_there_however_it_is_written() {
    for (kind, properties) in [
        (QUEUE, "Tags: [{Key: Team, Value: x}]"),
        (QUEUE, "Tags: [{Key: Team, Value: !Ref P}]"),
        (QUEUE, "Tags: [{Key: Other, Value: y}, {Key: Team, Value: !If [C, a, b]}]"),
        ("AWS::SSM::Parameter", "Tags: {Team: x}"),
        ("AWS::Cognito::UserPool", "UserPoolTags: {Team: x}"),
        ("AWS::IAM::Role", "Tags: [{Key: team, Value: x}]"),
        ("AWS::Serverless::Function", "Tags: {Team: x}"),
        ("AWS::Lambda::Permission", "Action: x"),
        ("Custom::Thing", "A: b"),
    ] {
        assert_eq!(said("[{Key: Team, Level: Deny}]", kind, properties, ""), [], "{kind} {properties}");
    }
}

#[test]
fn a_tag_that_is_missing_or_wrong_is_reported_at_its_level() {
    for (required, properties, level, part) in [
        ("[{Key: Team}]", "QueueName: q", Level::Warn, "R lacks the tag `Team`"),
        ("[{Key: Team, Level: Deny}]", "Tags: [{Key: team, Value: x}]", Level::Error, "R lacks the tag `Team`"),
        ("[{Key: Team, Values: [a, b]}]", "Tags: [{Key: Team, Value: c}]", Level::Warn, "a value that is not allowed"),
        (
            "[{Key: Team, Pattern: 'cc-*'}]",
            "Tags: [{Key: Team, Value: 4711}]",
            Level::Warn,
            "a value that is not allowed",
        ),
        ("[{Key: Team, Level: Deny}]", "Tags: !If [C, [], []]", Level::Info, "is not known"),
    ] {
        let said = said(required, QUEUE, properties, "");
        assert!(said.len() == 1 && said[0].0 == level && said[0].1.contains(part), "{required} {properties}: {said:?}");
    }
    assert_eq!(said("[{Key: Team, Values: [a, b]}]", QUEUE, "Tags: [{Key: Team, Value: b}]", ""), []);
    assert_eq!(said("[{Key: Team, Pattern: 'cc-*-x'}]", QUEUE, "Tags: [{Key: Team, Value: cc-1-x}]", ""), []);
}

#[test]
fn default_tags_that_are_added_count() {
    let required = "[{Key: Team, Values: [a]}]";
    assert_eq!(said(required, QUEUE, "QueueName: q", "Tags: {Team: a}"), []);
    assert_eq!(said(required, QUEUE, "QueueName: q", "Tags: {Team: !Ref P}"), []);
    assert_eq!(
        said(required, QUEUE, "QueueName: q", "Tags: {Team: b}").len(),
        1,
        "they need a value that is allowed as well"
    );
    let only_reported = "{Tags: {Team: a}, Guardrails: {missing-default-tags: Warn}}";
    assert_eq!(said(required, QUEUE, "QueueName: q", only_reported).len(), 1, "they are not added then");
}

#[test]
fn a_type_is_meant_before_sam_and_after() {
    let required = "[{Key: Team, Types: [AWS::Lambda::Function, 'AWS::S3::*']}]";
    for (kind, count) in [
        ("AWS::Lambda::Function", 1),
        ("AWS::Serverless::Function", 1),
        ("AWS::S3::Bucket", 1),
        (QUEUE, 0),
        ("AWS::Serverless::SimpleTable", 0),
    ] {
        assert_eq!(said(required, kind, "A: b", "").len(), count, "{kind}");
    }
}

#[test]
fn deny_fails_the_transform_and_an_audit_does_not() {
    let policy = "Enforced: {RequiredTags: [{Key: Team, Level: Deny, Types: AWS::SNS::Topic}]}";
    assert!(under(policy, "").outcome.failed());
    let audit = under(policy, "Mode: Audit");
    assert!(!audit.outcome.failed() && audit.findings("TR505").len() == 1);
}

#[test]
fn a_template_may_require_more_and_change_what_is_only_a_default() {
    let required = |policy: &str, config: &str| {
        under(policy, config).findings("TR505").iter().filter(|one| one.what.starts_with("T ")).count()
    };
    assert_eq!(required("Defaults: {RequiredTags: [{Key: A}]}", "RequiredTags: [{Key: B}]"), 2);
    assert_eq!(required("Defaults: {RequiredTags: [{Key: A}]}", "RequiredTags: [{Key: A, Types: AWS::S3::Bucket}]"), 0);
    assert_eq!(required("Enforced: {RequiredTags: [{Key: A}]}", "RequiredTags: [{Key: A, Types: AWS::S3::Bucket}]"), 1);
    assert_eq!(required("Defaults: {}", "RequiredTags: [{Key: A}]"), 1);
}

#[test]
fn a_missing_tag_may_be_suppressed_in_one_place_unless_that_is_forbidden() {
    let policy =
        |more: &str| format!("Enforced: {{RequiredTags: [{{Key: Team, Level: Deny, Types: AWS::SNS::Topic}}]{more}}}");
    let config = "Suppress: [{Id: missing-required-tag, Where: T, Reason: r}]";
    assert!(!under(&policy(""), config).outcome.failed());
    assert!(under(&policy(", NoSuppress: [missing-required-tag]"), config).outcome.failed());
}

#[test]
fn a_tag_on_a_resource_with_another_value_than_the_policys_stays_and_is_reported() {
    let policy = json!({"Enforced": {"Tags": {"Organisation": "bank"}}});
    let queue = |value: Value| json!({"Resources": {"R": {"Type": QUEUE, "Properties": {"Tags": [{"Key": "Organisation", "Value": value}]}}}});
    let out = transform_in(queue(json!("shop")), context(&policy));
    assert_eq!(out.finding("TR220").policy.as_ref().unwrap().as_str(), "/Enforced/Tags/Organisation");
    assert_eq!(out.at("/Resources/R/Properties/Tags"), &json!([{"Key": "Organisation", "Value": "shop"}]));
    for value in [json!("bank"), json!({"Ref": "AWS::StackName"})] {
        assert!(transform_in(queue(value), context(&policy)).findings("TR220").is_empty());
    }
}
