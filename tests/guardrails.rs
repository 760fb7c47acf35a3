//! Default throttles, detailed metrics and default tags: what is fixed, what is reported, and what is left alone.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod support;

use serde_json::{Value, json};
use support::{Out, transform, transform_resources, transform_yaml};

/// A REST API with `GET /x` and `POST /orders/{id}` in stage `prod`.
fn rest(config: &Value, settings: Option<&Value>) -> Out {
    let mut stage = json!({"RestApiId": {"Ref": "A"}, "StageName": "prod"});
    if let Some(settings) = settings {
        stage["MethodSettings"] = settings.clone();
    }
    transform(json!({
        "Metadata": {"Toprail": config},
        "Parameters": {"Rate": {"Type": "Number"}},
        "Resources": {
            "A": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "x", "Body": {"paths": {"/x": {"get": {}}, "/orders/{id}": {"post": {}}}}}},
            "S": {"Type": "AWS::ApiGateway::Stage", "Properties": stage},
        },
    }))
}

fn settings(out: &Out) -> Value {
    out.at("/Resources/S/Properties/MethodSettings").clone()
}

#[test]
fn a_stage_without_a_limit_gets_the_default_one() {
    let all = json!([{"ResourcePath": "/*", "HttpMethod": "*", "MetricsEnabled": true, "ThrottlingRateLimit": 1000, "ThrottlingBurstLimit": 500}]);
    let out = rest(&json!({}), None);
    assert_eq!(settings(&out), all);
    let whats: Vec<_> = out.outcome.plan.changes.iter().map(|change| change.what.as_str()).collect();
    assert_eq!(whats, ["detailed metrics for all methods", "throttle of 1,000 requests/s, burst 500"]);
}

#[test]
fn a_limit_may_be_configured_or_switched_off() {
    for (throttle, rate, burst) in [
        (json!({"Rate": 5, "Burst": 10}), json!(5), json!(10)),
        (json!({"Rate": "5", "Burst": "10"}), json!("5"), json!("10")),
        (json!({"Rate": {"Ref": "Rate"}, "Burst": 10}), json!({"Ref": "Rate"}), json!(10)),
        (json!({"Rate": 0.5, "Burst": 1}), json!(0.5), json!(1)),
        (json!(false), Value::Null, Value::Null),
        (json!("false"), Value::Null, Value::Null),
    ] {
        let entry = settings(&rest(&json!({"Throttle": throttle}), None))[0].clone();
        assert_eq!((&entry["ThrottlingRateLimit"], &entry["ThrottlingBurstLimit"]), (&rate, &burst), "{throttle}");
    }
}

#[test]
fn an_authors_limit_is_never_completed_or_changed() {
    for limit in [
        json!({"ThrottlingRateLimit": 1}),
        json!({"ThrottlingBurstLimit": {"Ref": "Rate"}}),
        json!({"ThrottlingRateLimit": 0, "ThrottlingBurstLimit": 0}),
    ] {
        let mut entry = json!({"ResourcePath": "/*", "HttpMethod": "*"});
        entry.as_object_mut().unwrap().extend(limit.as_object().unwrap().clone());
        let mut expected = entry.clone();
        expected["MetricsEnabled"] = json!(true);
        assert_eq!(settings(&rest(&json!({}), Some(&json!([entry])))), json!([expected]));
    }
}

#[test]
fn one_method_may_have_a_limit_of_its_own() {
    let out = rest(&json!({"Methods": {"POST /orders/{id}": {"Throttle": {"Rate": 20, "Burst": 40}}}}), None);
    let expected = json!({"ResourcePath": "/~1orders~1{id}", "HttpMethod": "POST", "MetricsEnabled": true, "ThrottlingRateLimit": 20, "ThrottlingBurstLimit": 40});
    assert_eq!(settings(&out)[1], expected);
    let theirs = json!([{"ResourcePath": "/~1orders~1{id}", "HttpMethod": "POST", "ThrottlingRateLimit": 1, "MetricsEnabled": true}]);
    let out = rest(&json!({"Methods": {"POST /orders/{id}": {"Throttle": {"Rate": 20, "Burst": 40}}}}), Some(&theirs));
    assert_eq!(settings(&out)[0], theirs[0]);
}

#[test]
fn a_limit_for_a_method_that_may_not_exist_exists_with_it_or_is_reported() {
    let out = transform_yaml(
        "
        Conditions: {C: !Equals [a, b]}
        Metadata: {Toprail: {Methods: {GET /x: {Throttle: {Rate: 2, Burst: 3}}, GET /y: {Throttle: {Rate: 2, Burst: 3}}}}}
        Resources:
          A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: x, Body: {paths: {/x: {get: !If [C, {}, !Ref AWS::NoValue]}}}}}
          S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}
          H: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: h, ProtocolType: HTTP}}
          R: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref H, RouteKey: GET /y}}
          T: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref H, StageName: live}}
        ",
    );
    let rest = &out.at("/Resources/S/Properties/MethodSettings/1/Fn::If");
    assert_eq!(
        (&rest[0], &rest[1]["ResourcePath"], &rest[2]),
        (&json!("C"), &json!("/~1x"), &json!({"Ref": "AWS::NoValue"}))
    );
    // The route may be created after the stage, which would fail the deployment.
    assert_eq!(out.at("/Resources/T/Properties/RouteSettings"), &Value::Null);
    assert!(out.finding("TR502").what.contains("GET /y"), "{}", out.finding("TR502").what);
}

#[test]
fn every_level_of_a_guardrail_means_something() {
    let level = |level: &str| rest(&json!({"Guardrails": {"unthrottled-stage": level}}), None);
    for (word, expected) in [("Off", None), ("Info", Some("info")), ("Warn", Some("warning")), ("Deny", Some("error"))]
    {
        let out = level(word);
        let found = out.findings("TR502").first().map(|finding| finding.level.as_str());
        assert_eq!((found, out.outcome.failed()), (expected, word == "Deny"), "{word}");
        assert!(!settings(&out).to_string().contains("Throttling"), "{word}");
    }
    let fixed = level("Fix");
    assert!(fixed.findings("TR502").is_empty() && settings(&fixed).to_string().contains("Throttling"));
}

#[test]
fn metrics_that_may_not_be_switched_on_leave_the_stage_watched() {
    for config in [
        json!({"DetailedMetrics": false}),
        json!({"DetailedMetrics": "false"}),
        json!({"Guardrails": {"missing-detailed-metrics": "Off"}}),
        json!({"Guardrails": {"missing-detailed-metrics": "Warn"}}),
    ] {
        let out = rest(&config, None);
        assert_eq!(out.places(), ["A prod"], "{config}");
        assert!(!settings(&out).to_string().contains("MetricsEnabled"), "{config}");
    }
    let warned = rest(&json!({"Guardrails": {"missing-detailed-metrics": "Warn"}}), None);
    assert_eq!(warned.finding("TR501").at.as_str(), "/Resources/S");
}

#[test]
fn metrics_are_not_switched_on_where_no_alarm_needs_them() {
    let out = rest(&json!({"Throttle": false, "Methods": {"* /*": {"Enabled": false}}}), None);
    assert_eq!((out.places(), settings(&out)), (vec!["A prod".to_owned()], Value::Null));
    let bare = transform_resources(
        "
        A: {Type: AWS::ApiGateway::RestApi, Metadata: {Toprail: {Throttle: false}}, Properties: {Name: x}}
        S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}
        ",
    );
    assert_eq!(bare.at("/Resources/S"), &bare.before["Resources"]["S"]);
}

#[test]
fn a_suppressed_guardrail_does_nothing_at_that_place() {
    let out = transform_yaml(
        "
        Metadata: {Toprail: {Suppress: [{Id: unthrottled-stage, Where: A, Reason: internal callers only}]}}
        Resources:
          A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
          S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}
          B: {Type: AWS::ApiGateway::RestApi, Properties: {Name: b}}
          T: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref B, StageName: prod}}
        ",
    );
    assert_eq!(out.at("/Resources/S"), &out.before["Resources"]["S"]);
    assert_eq!(out.at("/Resources/T/Properties/MethodSettings/0/ThrottlingRateLimit"), &json!(1000));
    assert!(out.findings("TR210").is_empty());
}

#[test]
fn tags_are_written_in_each_types_own_form_and_the_authors_win() {
    let out = transform_yaml(
        "
        Parameters: {Env: {Type: String}}
        Metadata: {Toprail: {Tags: {Team: payments, Env: !Ref Env, Number: 7}}}
        Resources:
          List: {Type: AWS::SNS::Topic, Properties: {Tags: [{Key: Team, Value: theirs}]}}
          Map: {Type: AWS::SSM::Parameter, Properties: {Tags: {Env: theirs}}}
          New: {Type: AWS::DynamoDB::Table, Properties: {}}
          Bare: {Type: AWS::SQS::Queue}
          Sam: {Type: AWS::Serverless::Function, Properties: {Tags: {Team: theirs}}}
        ",
    );
    let env = json!({"Ref": "Env"});
    let pair = |key: &str, value: Value| json!({"Key": key, "Value": value});
    assert_eq!(
        out.at("/Resources/List/Properties/Tags"),
        &json!([pair("Team", json!("theirs")), pair("Env", env.clone()), pair("Number", json!("7"))])
    );
    assert_eq!(out.at("/Resources/Map/Properties/Tags"), &json!({"Env": "theirs", "Team": "payments", "Number": "7"}));
    let all = json!([pair("Team", json!("payments")), pair("Env", env.clone()), pair("Number", json!("7"))]);
    assert_eq!((out.at("/Resources/New/Properties/Tags"), out.at("/Resources/Bare/Properties/Tags")), (&all, &all));
    assert_eq!(out.at("/Resources/Sam/Properties/Tags"), &json!({"Team": "theirs", "Env": env, "Number": "7"}));
    assert_eq!(out.alarm("Sam", "ErrorRate").property("Tags"), &all);
}

#[test]
fn tags_that_cannot_be_read_stay_and_are_reported() {
    for tags in [
        json!({"Fn::If": ["C", [], []]}),
        json!([{"Fn::If": ["C", {"Key": "a", "Value": "b"}, {"Ref": "AWS::NoValue"}]}]),
        json!("text"),
        json!({"Ref": "P"}),
    ] {
        let out = transform(json!({
            "Metadata": {"Toprail": {"Tags": {"Team": "t"}}},
            "Conditions": {"C": {"Fn::Equals": ["a", "b"]}},
            "Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"Tags": tags}}},
        }));
        assert!(!out.outcome.failed());
        let is_left = out.at("/Resources/T/Properties/Tags") == &tags;
        assert!(is_left && out.findings("TR503").len() == 1 || !is_left && out.additions().contains("Team"), "{tags}");
    }
}

#[test]
fn resources_that_take_no_tags_or_would_be_replaced_get_none() {
    let out = transform_yaml(
        "
        Metadata: {Toprail: {Tags: {Team: t}}}
        Resources:
          Policy: {Type: AWS::IAM::Policy, Properties: {}}
          Permission: {Type: AWS::Lambda::Permission, Properties: {}}
          Unknown: {Type: Custom::Thing, Properties: {}}
          Future: {Type: AWS::Future::Thing, Properties: {Tags: []}}
        ",
    );
    assert_eq!(out.additions(), "");
}

#[test]
fn without_configured_tags_nothing_is_tagged() {
    let out = transform_resources("T: {Type: AWS::ECR::Repository}");
    assert_eq!((out.additions(), out.findings("TR503").len()), (String::new(), 0));
}

#[test]
fn a_guardrail_that_only_warns_adds_no_tags() {
    let out = transform_yaml(
        "
        Metadata: {Toprail: {Tags: {Team: t}, Guardrails: {missing-default-tags: Warn}}}
        Resources: {T: {Type: AWS::ECR::Repository, Properties: {}}}
        ",
    );
    assert_eq!((out.additions(), out.findings("TR503").len()), (String::new(), 1));
}

#[test]
fn a_resource_may_have_tags_of_its_own_configuration() {
    let out = transform_yaml(
        "
        Metadata: {Toprail: {Tags: {Team: everybody}}}
        Resources:
          T: {Type: AWS::SNS::Topic, Metadata: {Toprail: {Tags: {Team: one, Extra: e}}}, Properties: {}}
          Q: {Type: AWS::SQS::Queue, Metadata: {Toprail: {Enabled: false}}, Properties: {}}
        ",
    );
    assert_eq!(
        out.at("/Resources/T/Properties/Tags"),
        &json!([{"Key": "Team", "Value": "one"}, {"Key": "Extra", "Value": "e"}])
    );
    assert_eq!(out.at("/Resources/Q"), &out.before["Resources"]["Q"]);
}
