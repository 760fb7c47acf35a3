//! One policy for an organisation: what it changes, what it does not let pass, and what is said about it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "a test that cannot go on should stop"
)]

mod accounts;
mod cascade;
mod custom;
mod custom_math;
mod custom_mistakes;
mod examples;
mod floors;
mod laws;
mod mistakes;
mod required_tags;
#[path = "../support/mod.rs"]
mod support;
mod suppressions;

use serde_json::{Value, json};
use std::sync::Arc;
use support::{Out, transform_in, yaml};
use toprail::config::{Policy, Step};
use toprail::{Context, finding::Finding};

/// A REST API `A` with two methods in stage `prod`, a function `F` whose timeout is a parameter, one `G` with 3 s, and a topic `T`.
const TEMPLATE: &str = "
    Parameters: {P: {Type: String}, Stage: {Type: String, Default: prod}, Many: {Type: CommaDelimitedList}}
    Resources:
      A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: x, Body: {paths: {/x: {get: {}}, /health: {get: {}}}}}}
      S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}
      F: {Type: AWS::Lambda::Function, Properties: {Timeout: !Ref P}}
      G: {Type: AWS::Lambda::Function, Properties: {Timeout: 3}}
      T: {Type: AWS::SNS::Topic}
    ";

/// The template with a configuration.
fn template(config: &Value) -> Value {
    let mut template = yaml(TEMPLATE);
    template["Metadata"] = json!({"Toprail": config});
    template
}

/// A context with a policy.
fn context(policy: &Value) -> Context {
    let mut policy = policy.clone();
    policy["Version"] = json!(1);
    let policy = Policy::read(&policy);
    assert!(policy.mistakes().is_empty(), "{:#?}", policy.mistakes());
    Context { policy: Some(Arc::new(policy)), ..Context::default() }
}

/// What comes of the template with a configuration under a policy, both in YAML.
fn under(policy: &str, config: &str) -> Out {
    transform_in(template(&yaml_or_nothing(config)), context(&yaml(policy)))
}

fn yaml_or_nothing(text: &str) -> Value {
    if text.is_empty() { json!({}) } else { yaml(text) }
}

/// What came of a setting of an alarm, where somebody set it.
fn step(out: &Out, place: &str, alarm: &str, key: &str) -> Option<Step> {
    out.alarm(place, alarm).planned.trail.iter().find(|step| step.key == key).cloned()
}

/// The places in template and policy of what was replaced.
fn replaced(out: &Out) -> Vec<(String, String)> {
    let places = |finding: &&Finding| (finding.at.to_string(), finding.policy.as_ref().unwrap().to_string());
    out.findings("TR220").iter().map(places).collect()
}
