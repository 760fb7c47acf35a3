//! What templates may not suppress.

use super::support::transform_in;
use super::{context, template, under};
use serde_json::json;

#[test]
fn what_may_not_be_suppressed_is_not_and_both_places_are_named() {
    for (forbidden, id) in [
        ("unthrottled-stage", "unthrottled-stage"),
        ("unthrottled-stage", "TR502"),
        ("TR502", "unthrottled-stage"),
        ("unthrottled-*", "TR502"),
        ("Api.*", "Api.LatencyP99"),
        ("'*'", "nobody-notified"),
    ] {
        let out =
            under(&format!("Enforced: {{NoSuppress: [{forbidden}]}}"), &format!("Suppress: [{{Id: {id}, Reason: r}}]"));
        let finding = out.finding("TR221");
        assert_eq!(finding.at.as_str(), "/Metadata/Toprail/Suppress/0", "{forbidden} {id}");
        assert_eq!(finding.policy.as_ref().unwrap().as_str(), "/Enforced/NoSuppress/0", "{forbidden} {id}");
        assert!(out.has("GET /x", "LatencyP99") && !out.findings("TR202").is_empty());
        assert_eq!(out.at("/Resources/S/Properties/MethodSettings/0/ThrottlingRateLimit"), &json!(1000), "{id}");
        assert!(out.findings("TR210").is_empty(), "it is not called useless as well");
    }
}

#[test]
fn what_is_not_forbidden_may_be_suppressed() {
    let out = under("Enforced: {NoSuppress: [Function.*]}", "Suppress: [{Id: Api.LatencyP99, Reason: r}]");
    assert!(out.findings("TR221").is_empty() && !out.has("GET /x", "LatencyP99"));
}

#[test]
fn the_policy_itself_may_make_the_exception() {
    let policy = "{Defaults: {Suppress: [{Id: Api.LatencyP99, Where: GET /x, Reason: slow}]}, Enforced: {NoSuppress: '*', Alarms: {Api: {LatencyP99: true}}}}";
    let out = under(policy, "");
    assert!(!out.has("GET /x", "LatencyP99") && out.has("A prod", "LatencyP99"));
    assert!(out.finding("TR404").what.contains("slow"));
    assert!(out.findings("TR221").is_empty());
}

#[test]
fn an_account_may_forbid_more() {
    let policy = json!({"Enforced": {"NoSuppress": ["Function.*"]}, "Accounts": [{"Region": "eu-*", "Enforced": {"NoSuppress": ["Api.*"]}}]});
    let suppress = |id: &str| json!({"Id": id, "Reason": "r"});
    let config = json!({"Suppress": [suppress("Api.LatencyP99"), suppress("Function.ErrorRate")]});
    let mut context = context(&policy);
    context.region = "eu-west-1".to_owned();
    assert_eq!(transform_in(template(&config), context).findings("TR221").len(), 2);
}

#[test]
fn an_alarm_that_is_kept_on_at_stages_says_nothing_about_functions() {
    let policy = "Enforced: {Alarms: {Stage: {Enabled: true}}}";
    let forbidden = |id: &str| under(policy, &format!("Suppress: [{{Id: {id}, Reason: r}}]")).findings("TR221").len();
    assert_eq!((forbidden("Api.LatencyP99"), forbidden("Function.ErrorRate")), (1, 0));
}
