//! REST APIs in the shapes that CloudFormation gives them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod support;

use serde_json::{Value, json};
use support::{Out, transform, transform_resources, transform_yaml};

/// An API `A` called `x` with these paths in stage `prod`, whose settings are `S`'s.
fn api(body: &Value, stage: &Value, config: &Value) -> Out {
    let mut properties = json!({"RestApiId": {"Ref": "A"}, "StageName": "prod"});
    properties.as_object_mut().unwrap().extend(stage.as_object().unwrap().clone());
    transform(json!({
        "Metadata": {"Toprail": config},
        "Conditions": {"C": {"Fn::Equals": ["a", "b"]}},
        "Resources": {
            "A": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "x", "Body": body}},
            "S": {"Type": "AWS::ApiGateway::Stage", "Properties": properties},
        },
    }))
}

fn paths(paths: Value) -> Out {
    api(&json!({"paths": paths}), &json!({}), &json!({}))
}

const SETTINGS: &str = "/Resources/S/Properties/MethodSettings";

#[test]
fn openapi_2_and_3_are_read_alike() {
    let two = api(&json!({"swagger": "2.0", "paths": {"/x": {"get": {}}}}), &json!({}), &json!({}));
    let three = api(&json!({"openapi": "3.0.1", "paths": {"/x": {"get": {}}}}), &json!({}), &json!({}));
    assert_eq!(two.signatures(), three.signatures());
    assert_eq!(two.places(), ["A prod", "A prod GET /x"]);
}

#[test]
fn a_base_path_counts_where_it_is_prepended() {
    let with = |basepath: &str| {
        transform(json!({"Resources": {
            "A": {"Type": "AWS::ApiGateway::RestApi", "Properties": {
                "Name": "x", "Parameters": {"basepath": basepath},
                "Body": {"swagger": "2.0", "basePath": "/v1/", "paths": {"/x": {"get": {}}}},
            }},
            "S": {"Type": "AWS::ApiGateway::Stage", "Properties": {"RestApiId": {"Ref": "A"}, "StageName": "prod"}},
        }}))
    };
    assert_eq!(with("prepend").places(), ["A prod", "A prod GET /v1/x"]);
    assert_eq!(with("ignore").places(), ["A prod", "A prod GET /x"]);
    let split = with("split");
    assert_eq!((split.places(), split.codes().contains(&"TR102")), (vec!["A prod".to_owned()], true));
}

#[test]
fn a_part_that_is_included_is_reported_and_the_rest_is_watched() {
    let out = paths(json!({
        "/x": {"get": {}, "Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/k"}}},
        "Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/k"}},
    }));
    assert_eq!(out.places(), ["A prod", "A prod GET /x"]);
    assert_eq!(out.findings("TR103").len(), 2);
}

#[test]
fn paths_are_put_together_from_the_tree_of_resources() {
    let out = transform_yaml(
        "
        Parameters: {Version: {Type: String}}
        Resources:
          A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: x}}
          One: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref A, ParentId: !GetAtt A.RootResourceId, PathPart: !Sub 'v${Version}'}}
          Two: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref A, ParentId: !GetAtt [One, ResourceId], PathPart: '{id}'}}
          Three: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref A, ParentId: !Ref Two, PathPart: '{proxy+}'}}
          Loop: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref A, ParentId: !Ref Loop, PathPart: loop}}
          G: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, ResourceId: !Ref Three, HttpMethod: GET}}
          P: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, ResourceId: !Ref Two, HttpMethod: post}}
          R: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, ResourceId: !GetAtt A.RootResourceId, HttpMethod: ANY}}
          L: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, ResourceId: !Ref Loop, HttpMethod: GET}}
          S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}
        ",
    );
    assert_eq!(out.places(), ["A prod", "A prod GET /v${Version}/{id}/{proxy+}", "A prod POST /v${Version}/{id}"]);
    let resource = out.alarm("A prod GET /v${Version}/{id}/{proxy+}", "LatencyP99").dimension("Resource");
    assert_eq!(resource, json!({"Fn::Sub": "/v${Version}/{id}/{proxy+}"}));
    assert_eq!(out.finding("TR305").at.as_str(), "/Resources/L");
    assert_eq!(out.finding("TR303").at.as_str(), "/Resources/R");
}

#[test]
fn an_api_may_be_referred_to_in_any_form_that_means_it() {
    for reference in [
        json!({"Ref": "A"}),
        json!({"Fn::Sub": "${A}"}),
        json!({"Fn::GetAtt": ["A", "RestApiId"]}),
        json!({"Fn::GetAtt": "A.RestApiId"}),
        json!({"Fn::Join": ["", [{"Ref": "A"}]]}),
    ] {
        let out = transform(json!({"Resources": {
            "A": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "x"}},
            "M": {"Type": "AWS::ApiGateway::Method", "Properties": {"RestApiId": reference, "ResourceId": {"Fn::GetAtt": ["A", "RootResourceId"]}, "HttpMethod": "GET"}},
            "S": {"Type": "AWS::ApiGateway::Stage", "Properties": {"RestApiId": reference, "StageName": "prod"}},
        }}));
        assert_eq!(out.places(), ["A prod", "A prod GET /"], "{reference}");
    }
}

#[test]
fn the_root_may_be_referred_to_in_any_form_that_means_it() {
    for root in [
        json!({"Fn::GetAtt": ["A", "RootResourceId"]}),
        json!({"Fn::GetAtt": "A.RootResourceId"}),
        json!({"Fn::Sub": "${A.RootResourceId}"}),
    ] {
        let out = transform(json!({"Resources": {
            "A": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "x"}},
            "M": {"Type": "AWS::ApiGateway::Method", "Properties": {"RestApiId": {"Ref": "A"}, "ResourceId": root, "HttpMethod": "GET"}},
            "S": {"Type": "AWS::ApiGateway::Stage", "Properties": {"RestApiId": {"Ref": "A"}, "StageName": "prod"}},
        }}));
        assert_eq!(out.places(), ["A prod", "A prod GET /"], "{root}");
    }
}

#[test]
fn any_is_watched_at_stage_level_unless_verbs_are_asked_for() {
    let any = json!({"/x": {"x-amazon-apigateway-any-method": {}, "get": {}}, "/{proxy+}": {"x-amazon-apigateway-any-method": {}, "put": {}}});
    let plain = paths(any.clone());
    assert_eq!(plain.places(), ["A prod", "A prod GET /x", "A prod PUT /{proxy+}"]);
    assert_eq!(plain.findings("TR303").len(), 2);
    let asked = |config: Value| api(&json!({"paths": any}), &json!({}), &config);
    let everywhere = asked(json!({"AnyMethods": ["GET", "POST"]}));
    assert_eq!(
        everywhere.places(),
        [
            "A prod",
            "A prod GET /x",
            "A prod POST /x",
            "A prod GET /{proxy+}",
            "A prod POST /{proxy+}",
            "A prod PUT /{proxy+}"
        ]
    );
    assert_eq!(
        everywhere.alarm("POST /{proxy+}", "LatencyP95").dimensions(),
        "ApiName=x Stage=prod Resource=/{proxy+} Method=POST"
    );
    assert!(everywhere.findings("TR303").is_empty());
    let one = asked(json!({"Methods": {"ANY /{proxy+}": {"AnyMethods": ["DELETE"]}}}));
    assert_eq!(one.places(), ["A prod", "A prod GET /x", "A prod DELETE /{proxy+}", "A prod PUT /{proxy+}"]);
    assert_eq!(one.finding("TR303").what, "ANY /x of A is watched at stage level only");
}

#[test]
fn options_are_watched_only_when_asked_for() {
    let body = json!({"paths": {"/x": {"options": {}, "get": {}}, "/y": {"options": {}}}});
    assert_eq!(api(&body, &json!({}), &json!({})).places(), ["A prod", "A prod GET /x"]);
    let asked = api(&body, &json!({}), &json!({"Methods": {"OPTIONS /x": {"Enabled": true}}}));
    assert_eq!(asked.places(), ["A prod", "A prod OPTIONS /x", "A prod GET /x"]);
    let all_verbs = api(&body, &json!({}), &json!({"Methods": {"* /*": {"LatencyP95": false}}}));
    assert_eq!(all_verbs.places(), ["A prod", "A prod GET /x"], "a pattern for all verbs does not ask for OPTIONS");
}

#[test]
fn several_apis_and_stages_are_watched_in_all_combinations() {
    let out = transform_resources(
        "
        A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a, Body: {paths: {/x: {get: {}}, /y: {post: {}}}}}}
        B: {Type: AWS::ApiGateway::RestApi, Properties: {Name: b, Body: {paths: {/x: {get: {}}}}}}
        A1: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: dev}}
        A2: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref A, StageName: live}}
        A3: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref A}}
        B1: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref B, StageName: dev}}
        ",
    );
    let expected = [
        "A dev",
        "A dev GET /x",
        "A dev POST /y",
        "A live",
        "A live GET /x",
        "A live POST /y",
        "B dev",
        "B dev GET /x",
    ];
    assert_eq!(out.places(), expected);
    assert_eq!(out.alarms().len(), expected.len() * 5);
}

#[test]
fn a_stage_that_sam_made_unasked_is_not_watched() {
    let out = transform_resources(
        "
        A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
        D: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref A, StageName: Stage, Description: 'RestApi deployment id: 0123'}}
        S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, DeploymentId: !Ref D, StageName: Prod}}
        ",
    );
    assert_eq!(out.places(), ["A Prod"]);
    assert_eq!(out.at("/Resources/D"), &out.before["Resources"]["D"]);
}

#[test]
fn the_dimension_is_the_name_as_cloudwatch_shows_it() {
    for (name, body, dimension) in [
        (json!("Bücher"), json!({}), json!("Bcher")),
        (json!("本"), json!({}), json!({"Ref": "A"})),
        (json!("named"), json!({"info": {"title": "titled"}}), json!("named")),
        (json!({"Ref": "AWS::NoValue"}), json!({"info": {"title": "titled"}}), json!("titled")),
        (
            json!({"Fn::If": ["C", "named", {"Ref": "AWS::NoValue"}]}),
            json!({"info": {"title": "titled"}}),
            json!({"Fn::If": ["C", "named", "titled"]}),
        ),
        (json!(7), json!({}), json!("7")),
    ] {
        let out = transform(json!({
            "Conditions": {"C": {"Fn::Equals": ["a", "b"]}},
            "Resources": {
                "A": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": name, "Body": body}},
                "S": {"Type": "AWS::ApiGateway::Stage", "Properties": {"RestApiId": {"Ref": "A"}, "StageName": "prod"}},
            },
        }));
        assert_eq!(out.alarm("A prod", "LatencyP99").dimension("ApiName"), dimension, "{name}");
    }
}

#[test]
fn methods_without_a_stage_are_reported() {
    let out = transform_resources(
        "A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a, Body: {paths: {/x: {get: {}}}}}}",
    );
    assert_eq!((out.lines(), out.finding("TR304").at.as_str()), (Vec::new(), "/Resources/A"));
}

#[test]
fn a_method_that_is_declared_twice_is_one_method() {
    let out = transform_resources(
        "
        A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a, Body: {paths: {/: {get: {}}}}}}
        M: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, ResourceId: !GetAtt A.RootResourceId, HttpMethod: GET}}
        S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}
        ",
    );
    assert_eq!(out.places(), ["A prod", "A prod GET /"]);
}

#[test]
fn metrics_are_added_to_each_entry_that_does_not_speak_of_them() {
    let settings = json!([
        {"ResourcePath": "/~1x", "HttpMethod": "GET", "CachingEnabled": true},
        {"ResourcePath": "/~1y", "HttpMethod": "POST", "MetricsEnabled": true, "ThrottlingRateLimit": 3},
        {"ResourcePath": "/*", "HttpMethod": "*", "LoggingLevel": "INFO", "ThrottlingBurstLimit": "50"},
    ]);
    let body = json!({"paths": {"/x": {"get": {}}, "/y": {"post": {}}, "/z": {"get": {}}}});
    let out = api(&body, &json!({"MethodSettings": settings}), &json!({}));
    let expected = json!([
        {"ResourcePath": "/~1x", "HttpMethod": "GET", "CachingEnabled": true, "MetricsEnabled": true},
        {"ResourcePath": "/~1y", "HttpMethod": "POST", "MetricsEnabled": true, "ThrottlingRateLimit": 3},
        {"ResourcePath": "/*", "HttpMethod": "*", "LoggingLevel": "INFO", "ThrottlingBurstLimit": "50", "MetricsEnabled": true},
    ]);
    assert_eq!(out.at(SETTINGS), &expected);
    assert_eq!(out.places().len(), 4);
}

#[test]
fn settings_that_cannot_be_read_stay_and_the_stage_is_watched() {
    for settings in [
        json!({"Fn::If": ["C", [], []]}),
        json!([{"Fn::If": ["C", {"ResourcePath": "/*", "HttpMethod": "*"}, {"Ref": "AWS::NoValue"}]}]),
        json!([{"ResourcePath": {"Ref": "P"}, "HttpMethod": "*"}]),
        json!([{"ResourcePath": "/*", "HttpMethod": "*", "MetricsEnabled": {"Ref": "P"}}]),
    ] {
        let body = json!({"paths": {"/x": {"get": {}}}});
        let out = api(&body, &json!({"MethodSettings": settings}), &json!({"Throttle": false}));
        assert_eq!((out.places(), out.at(SETTINGS)), (vec!["A prod".to_owned()], &settings));
        assert_eq!(out.finding("TR306").at.as_str(), "/Resources/S");
    }
}

#[test]
fn a_deployments_own_description_of_the_stage_is_respected() {
    let out = transform_resources(
        "
        A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a, Body: {paths: {/x: {get: {}}}}}}
        D: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref A, StageName: off, StageDescription: {MetricsEnabled: false, ThrottlingRateLimit: 4}}}
        E: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref A, StageName: 'on', StageDescription: {MetricsEnabled: true, Variables: {a: b}}}}
        ",
    );
    assert_eq!(out.places(), ["A off", "A on", "A on GET /x"]);
    assert_eq!(out.at("/Resources/D"), &out.before["Resources"]["D"]);
    assert_eq!(out.at("/Resources/E/Properties/StageDescription/ThrottlingRateLimit"), &json!(1000));
}

#[test]
fn a_private_stage_name_is_copied_in_its_own_form() {
    for (stage, display) in [
        (json!({"Ref": "Env"}), "${Env}"),
        (json!({"Fn::Sub": "${Env}-1"}), "${Env}-1"),
        (json!({"Fn::ImportValue": "s"}), r#"${ImportValue "s"}"#),
    ] {
        let out = api(&json!({"paths": {"/x": {"get": {}}}}), &json!({"StageName": stage}), &json!({}));
        assert_eq!(out.places(), [format!("A {display}"), format!("A {display} GET /x")]);
        assert_eq!(out.alarm("GET /x", "SuccessRate").dimension("Stage"), stage);
    }
}

#[test]
fn two_stages_whose_names_are_imported_do_not_become_one() {
    let out = transform_resources(
        "
        A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
        S1: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: !ImportValue one}}
        S2: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: !ImportValue two}}
        ",
    );
    let stages: std::collections::BTreeSet<_> =
        out.alarms().iter().map(|alarm| alarm.dimension("Stage").to_string()).collect();
    assert_eq!((stages.len(), out.alarms().len()), (2, 10));
}
