//! A policy that is wrong: every mistake with its place, all at once, and no transform passes.

use super::support::{transform_unchecked, yaml};
use super::template;
use serde_json::{Value, json};
use std::sync::Arc;
use toprail::Context;
use toprail::config::Policy;
use toprail::macro_event::respond_under;
use toprail::template::Pointer;

/// Policies that are wrong, where they are, and a part of what is said about it.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("Version: 2", "/Version", "write 1"),
    ("Default: {}", "/Default", "did you mean `Defaults`?"),
    ("Custom: {}", "/Custom", "a list of rows"),
    ("Defaults: []", "/Defaults", "an object with"),
    ("Defaults: {Environment: prod}", "/Defaults/Environment", "is not a setting"),
    ("Defaults: {NoSuppress: [TR202]}", "/Defaults/NoSuppress", "is not a setting"),
    (
        "Defaults: {Alarms: {Api: {LatencyP99: {Treshold: 1}}}}",
        "/Defaults/Alarms/Api/LatencyP99/Treshold",
        "did you mean `Threshold`?",
    ),
    ("Defaults: {Notify: {Critical: !Ref Topic}}", "/Defaults/Notify/Critical", "`Topic` is a part of a template"),
    ("Defaults: {Tags: {A: !Sub '${Team}-x'}}", "/Defaults/Tags/A", "`Team` is a part of a template"),
    ("Defaults: {Budget: !FindInMap [M, a, b]}", "/Defaults/Budget", "what `Fn::FindInMap` names"),
    (
        "Defaults: {Alarms: {Api: {ServerErrorRate: {Threshold: 100}}}}",
        "/Defaults/Alarms/Api/ServerErrorRate/Threshold",
        "could never fire",
    ),
    (
        "Defaults: {Alarms: {Api: {SuccessRate: {Statistic: p90}}}}",
        "/Defaults/Alarms/Api/SuccessRate/Statistic",
        "has no effect",
    ),
    (
        "Defaults: {Alarms: {Function: {Throttles: {MinSamples: 2}}}}",
        "/Defaults/Alarms/Function/Throttles/MinSamples",
        "has no effect",
    ),
    (
        "Defaults: {Methods: {GET /x: {LatencyP99: {DatapointsToAlarm: 3, EvaluationPeriods: 2}}}}",
        "/Defaults/Methods/GET ~1x/LatencyP99/DatapointsToAlarm",
        "is more than",
    ),
    ("Defaults: {RequiredTags: {Key: Team}}", "/Defaults/RequiredTags", "a list of {Key"),
    ("Defaults: {RequiredTags: [{Pattern: x}]}", "/Defaults/RequiredTags/0", "needs a `Key`"),
    ("Defaults: {RequiredTags: [{Key: Team, Types: Queue}]}", "/Defaults/RequiredTags/0/Types", "a resource type"),
    ("Defaults: {RequiredTags: [{Key: Team, Level: Error}]}", "/Defaults/RequiredTags/0/Level", "`Warn`, `Deny`"),
    ("Defaults: {RequiredTags: [{Key: Team}, {Key: Team}]}", "/Defaults/RequiredTags/1", "is required twice"),
    ("Enforced: {Methods: {}}", "/Enforced/Methods", "is not a setting"),
    ("Enforced: {Suppress: []}", "/Enforced/Suppress", "did you mean `NoSuppress`?"),
    ("Enforced: {Enabled: false}", "/Enforced/Enabled", "enforces nothing"),
    ("Enforced: {Mode: Audit}", "/Enforced/Mode", "enforces nothing"),
    ("Enforced: {Profile: Essential}", "/Enforced/Profile", "enforces nothing"),
    ("Enforced: {Throttle: false}", "/Enforced/Throttle", "enforces nothing"),
    ("Enforced: {Guardrails: {unthrottled-stage: Off}}", "/Enforced/Guardrails/unthrottled-stage", "enforces nothing"),
    ("Enforced: {Alarms: {Api: false}}", "/Enforced/Alarms/Api", "enforces nothing"),
    ("Enforced: {Alarms: {Api: {LatencyP99: false}}}", "/Enforced/Alarms/Api/LatencyP99", "enforces nothing"),
    ("Enforced: {Throttle: {Rate: !ImportValue r, Burst: 1}}", "/Enforced/Throttle", "cannot be compared"),
    (
        "Enforced: {Alarms: {Api: {LatencyP99: {Threshold: !ImportValue t}}}}",
        "/Enforced/Alarms/Api/LatencyP99/Threshold",
        "cannot be compared",
    ),
    ("Enforced: {NoSuppress: [TR999]}", "/Enforced/NoSuppress/0", "nothing that can be suppressed"),
    ("Enforced: {NoSuppress: [Api.Latency]}", "/Enforced/NoSuppress/0", "did you mean `Api.LatencyP9"),
    ("Accounts: {}", "/Accounts", "a list of {Account"),
    ("Accounts: [{Defaults: {}}]", "/Accounts/0", "does not say what it is for"),
    ("Accounts: [{Account: 1111}]", "/Accounts/0/Account", "12 digits"),
    ("Accounts: [{Account: prod}]", "/Accounts/0/Account", "12 digits"),
    ("Accounts: [{Region: []}]", "/Accounts/0/Region", "at least one"),
    ("Accounts: [{Region: eu-*, Default: {}}]", "/Accounts/0/Default", "did you mean `Defaults`?"),
    ("Accounts: [{Region: eu-*, Enforced: {Mode: Audit}}]", "/Accounts/0/Enforced/Mode", "enforces nothing"),
];

#[test]
fn mistakes_are_named_with_place_value_and_help() {
    for (text, at, part) in MISTAKES {
        let mut value = yaml(text);
        value.as_object_mut().unwrap().entry("Version").or_insert(json!(1));
        let policy = Policy::read(&value);
        let said: Vec<_> = policy
            .mistakes()
            .iter()
            .map(|mistake| (mistake.policy.as_ref().unwrap().as_str(), format!("{} ({})", mistake.what, mistake.help)))
            .collect();
        assert!(said.iter().any(|(place, said)| place == at && said.contains(part)), "{text}: {said:#?}");
        assert!(policy.mistakes().iter().all(|mistake| mistake.code.id == "TR203" && mistake.at.is_root()), "{text}");
    }
}

#[test]
fn all_mistakes_are_named_at_once_and_none_twice() {
    let policy = Policy::parse(
        "{Defaults: {Colour: blue, Mode: x, Budget: !Ref B}, Enforced: {Mode: Audit, Budget: lots}, Accounts: [{Account: x, Region: 7}], Extra: 1}",
    );
    let places: Vec<_> = policy.mistakes().iter().map(|mistake| mistake.policy.as_ref().unwrap().as_str()).collect();
    assert_eq!(
        places,
        [
            "",
            "/Accounts/0/Account",
            "/Accounts/0/Region",
            "/Defaults/Budget",
            "/Defaults/Colour",
            "/Defaults/Mode",
            "/Enforced/Budget",
            "/Enforced/Mode",
            "/Extra"
        ]
    );
}

fn event() -> Value {
    json!({"requestId": "r", "accountId": "1", "region": "eu-west-1", "params": {}, "templateParameterValues": {}, "fragment": template(&json!({}))})
}

#[test]
fn a_wrong_policy_fails_every_transform_with_all_reasons() {
    for (policy, parts) in [
        (
            Policy::parse("Version: 1\nDefaults: {Alarm: {}, Mode: x}"),
            vec!["2 problems", "TR203", "(policy /Defaults/Alarm)", "(policy /Defaults/Mode)"],
        ),
        (Policy::parse("Version: 1\n\tDefaults: {}"), vec!["1 problem", "the policy cannot be read: 1:"]),
        (Policy::parse(""), vec!["the file is empty"]),
        (Policy::unreadable(["TOPRAIL_POLICY_FILE /opt/x: no such file".to_owned()]), vec!["/opt/x"]),
    ] {
        let policy = Arc::new(policy);
        for config in [json!({}), json!({"Enabled": false})] {
            let mut event = event();
            event["fragment"]["Metadata"] = json!({"Toprail": config});
            let body = respond_under(Some(Arc::clone(&policy)), event).body;
            assert_eq!((&body["status"], &body["requestId"]), (&json!("failure"), &json!("r")));
            let message = body["errorMessage"].as_str().unwrap();
            assert!(parts.iter().all(|part| message.contains(part)), "{message}");
        }
    }
}

#[test]
fn a_right_policy_reaches_the_macro() {
    let policy = Policy::parse(
        "{Version: 1, Accounts: [{Account: '*', Region: eu-west-1, Defaults: {Alarms: {Api: {LatencyP99: {Threshold: 77}}}}}]}",
    );
    assert_eq!(policy.mistakes(), []);
    let body = respond_under(Some(Arc::new(policy)), event()).body;
    assert_eq!(body["status"], "success");
    assert!(body["fragment"].to_string().contains("\"Threshold\":77"));
}

#[test]
fn mistakes_of_the_template_are_named_beside_those_of_the_policy() {
    let context = Context { policy: Some(Arc::new(Policy::parse("Version: 1\nExtra: 1"))), ..Context::default() };
    let out = transform_unchecked(template(&json!({"Mode": "x"})), context);
    assert_eq!((out.findings("TR203").len(), out.findings("TR201").len()), (1, 1));
}

/// Pointers to all values inside a value.
fn places(value: &Value, at: &Pointer, out: &mut Vec<Pointer>) {
    out.push(at.clone());
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| places(value, &at.child(key), out)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| places(item, &at.child(index), out)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn strange_values_anywhere_in_a_policy_are_mistakes_or_harmless() {
    for text in [
        include_str!("../../examples/policies/regulated.yaml"),
        include_str!("../../examples/policies/platform-team.yaml"),
    ] {
        let policy = yaml(text);
        let mut all = Vec::new();
        places(&policy, &Pointer::root(), &mut all);
        for at in &all {
            for strange in [
                json!(null),
                json!(-7.5),
                json!(""),
                json!([[]]),
                json!({"": {}}),
                json!({"Ref": "X"}),
                json!({"Fn::If": ["A", 1, 2]}),
            ] {
                let mut policy = policy.clone();
                *policy.pointer_mut(at.as_str()).unwrap() = strange.clone();
                let policy = Policy::read(&policy);
                let is_right = policy.mistakes().is_empty();
                let context =
                    Context { policy: Some(Arc::new(policy)), region: "us-east-1".into(), ..Context::default() };
                let out = transform_unchecked(template(&json!({})), context);
                assert!(is_right || out.outcome.failed(), "{at} {strange}");
            }
        }
    }
}
