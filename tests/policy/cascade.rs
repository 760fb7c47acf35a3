//! Later wins: catalogue, profile, policy defaults, accounts, template, transform, resource, methods.

use super::support::transform_in;
use super::{context, step, template, under};
use serde_json::{Value, json};
use toprail::config::Layer;

/// The layers that can set a threshold, lowest first.
const LAYERS: [Layer; 6] =
    [Layer::PolicyDefaults, Layer::Account, Layer::Template, Layer::Transform, Layer::Resource, Layer::Method];

fn threshold(number: u32) -> Value {
    json!({"Api": {"LatencyP99": {"Threshold": number}}})
}

#[test]
fn of_every_set_of_layers_the_last_one_holds_and_is_named() {
    for set in 0_u32..64 {
        let has = |layer: usize| set & (1 << layer) != 0;
        let (mut policy, mut config, mut params) = (json!({"Defaults": {}}), json!({}), json!({}));
        if has(0) {
            policy["Defaults"]["Alarms"] = threshold(1000);
        }
        if has(1) {
            policy["Accounts"] = json!([{"Account": "1111*", "Defaults": {"Alarms": threshold(1001)}}]);
        }
        if has(2) {
            config["Alarms"] = threshold(1002);
        }
        if has(3) {
            params["Config"] = json!(json!({"Alarms": threshold(1003)}).to_string());
        }
        if has(5) {
            config["Methods"] = json!({"GET /x": {"LatencyP99": {"Threshold": 1005}}});
        }
        let mut template = template(&config);
        if has(4) {
            template["Resources"]["A"]["Metadata"] = json!({"Toprail": {"Alarms": threshold(1004)}});
        }
        let mut context = context(&policy);
        context.account = "111122223333".to_owned();
        context.params = params.as_object().unwrap().clone();
        let out = transform_in(template, context);
        let expected = (0..6).rev().find(|layer| has(*layer));
        let alarm = out.alarm("GET /x", "LatencyP99");
        let number = expected.map_or(5000, |layer| 1000 + layer);
        assert_eq!(alarm.threshold(), &json!(number), "{set:06b}");
        let layer = expected.map_or(Layer::Catalogue, |layer| LAYERS[layer]);
        assert_eq!(alarm.planned.threshold_origin.layer, layer, "{set:06b}");
        let below = (0..expected.unwrap_or(0)).rev().find(|layer| has(*layer));
        let over = step(&out, "GET /x", "LatencyP99", "Threshold").and_then(|step| step.over);
        assert_eq!(over.map(|(_, from)| from.layer), below.map(|layer| LAYERS[layer]), "{set:06b}");
    }
}

#[test]
fn the_policys_profile_holds_until_the_template_names_one() {
    let names = |policy: &str, config: &str| under(policy, config).names_of("GET /x").len();
    assert_eq!(names("Defaults: {Profile: Essential}", ""), 2);
    assert_eq!(names("Defaults: {Profile: Essential}", "Profile: Standard"), 5);
    assert_eq!(names("Defaults: {}", "Profile: Essential"), 2);
}

#[test]
fn methods_of_the_policy_are_defaults_and_those_of_the_template_win() {
    let policy = "Defaults: {Methods: {GET /health: false, '*': {LatencyP99: {Threshold: 700}}}}";
    let out = under(policy, "");
    assert!(!out.has("GET /health", "LatencyP99") && out.has("GET /x", "LatencyP95"));
    assert_eq!(out.alarm("GET /x", "LatencyP99").threshold(), &json!(700));
    assert!(under(policy, "Methods: {GET /health: true}").has("GET /health", "LatencyP99"));
    let out = under(policy, "Alarms: {Api: {LatencyP99: {Threshold: 800}}}");
    assert_eq!(
        out.alarm("GET /x", "LatencyP99").threshold(),
        &json!(800),
        "any layer of the template is above the policy's"
    );
}

#[test]
fn what_matches_nothing_in_a_template_is_no_finding_if_the_policy_says_it() {
    let policy = "Defaults: {Methods: {GET /nowhere: false}, Suppress: [{Id: TR301, Reason: r}]}";
    assert!(under(policy, "").findings("TR210").is_empty());
    assert_eq!(under(policy, "Suppress: [{Id: TR301, Reason: r}]").findings("TR210").len(), 1);
}

#[test]
fn topics_and_tags_of_the_policy_reach_every_template() {
    let policy = "Defaults: {Notify: {Critical: !Sub 'arn:aws:sns:${AWS::Region}:111122223333:pager'}, Tags: {Owner: platform, Team: none}}";
    let out = under(policy, "Tags: {Team: payments}");
    let topic = json!([{"Fn::Sub": "arn:aws:sns:${AWS::Region}:111122223333:pager"}]);
    assert_eq!(out.alarm("G", "ErrorRate").property("AlarmActions"), &topic);
    let tags = json!([{"Key": "Owner", "Value": "platform"}, {"Key": "Team", "Value": "payments"}]);
    assert_eq!(out.at("/Resources/G/Properties/Tags"), &tags);
}

#[test]
fn without_a_policy_and_with_an_empty_one_the_same_comes_out() {
    let config = json!({"Alarms": threshold(4), "Methods": {"GET /x": {"Throttle": {"Rate": 1, "Burst": 2}}}});
    let without = transform_in(template(&config), toprail::Context::default());
    let with = transform_in(template(&config), context(&json!({"Defaults": {}, "Enforced": {}, "Accounts": []})));
    assert_eq!(without.fragment(), with.fragment());
    assert_eq!(without.outcome.findings, with.outcome.findings);
}
