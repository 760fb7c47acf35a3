//! HTTP and WebSocket APIs in the shapes that CloudFormation gives them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod support;

use serde_json::{Value, json};
use support::{Out, transform, transform_resources, transform_yaml};

/// An HTTP API `H` with the route of `R` in stage `live`.
fn route(key: &Value) -> Out {
    transform(json!({
        "Parameters": {"P": {"Type": "String"}},
        "Resources": {
            "H": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "h", "ProtocolType": "HTTP"}},
            "R": {"Type": "AWS::ApiGatewayV2::Route", "Properties": {"ApiId": {"Ref": "H"}, "RouteKey": key}},
            "S": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {"ApiId": {"Ref": "H"}, "StageName": "live"}},
        },
    }))
}

#[test]
fn a_route_is_watched_on_api_stage_resource_and_method() {
    let out = route(&json!("POST /orders/{id}"));
    let alarm = out.alarm("H live POST /orders/{id}", "ClientErrorRate");
    assert_eq!(alarm.dimensions(), r#"ApiId={"Ref":"H"} Stage=live Resource=/orders/{id} Method=POST"#);
    assert_eq!(alarm.metrics(), ["4xx Sum", "Count SampleCount"]);
    assert_eq!(
        out.names_of("H live"),
        ["ClientErrorRate", "LatencyP95", "LatencyP99", "ServerErrorRate", "SuccessRate"]
    );
}

#[test]
fn a_route_key_may_be_put_together() {
    for (key, resource) in [
        (json!({"Fn::Sub": "GET /${P}/x"}), json!({"Fn::Sub": "/${P}/x"})),
        (json!({"Fn::Join": [" ", ["GET", "/x"]]}), json!("/x")),
        (json!({"Fn::Join": ["", ["GET ", {"Ref": "P"}]]}), json!({"Ref": "P"})),
    ] {
        let out = route(&key);
        let alarm = out.alarms().into_iter().find(|alarm| !alarm.dimension("Method").is_null()).unwrap();
        assert_eq!((alarm.dimension("Method"), alarm.dimension("Resource")), (json!("GET"), resource), "{key}");
    }
    for key in [json!({"Ref": "P"}), json!({"Fn::Sub": "${P} /x"}), json!({"Fn::ImportValue": "k"})] {
        let out = route(&key);
        assert_eq!(
            (out.places(), out.finding("TR305").at.as_str()),
            (vec!["H live".to_owned()], "/Resources/R"),
            "{key}"
        );
    }
}

#[test]
fn the_default_route_and_any_are_watched_at_stage_level() {
    for key in ["$default", "ANY /x", "ANY /{proxy+}"] {
        let out = route(&json!(key));
        assert_eq!((out.places(), out.findings("TR303").len()), (vec!["H live".to_owned()], 1), "{key}");
    }
}

#[test]
fn an_api_may_be_referred_to_in_any_form_that_means_it() {
    for reference in [json!({"Ref": "H"}), json!({"Fn::Sub": "${H}"}), json!({"Fn::GetAtt": ["H", "ApiId"]})] {
        let out = transform(json!({"Resources": {
            "H": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "h", "ProtocolType": "HTTP"}},
            "R": {"Type": "AWS::ApiGatewayV2::Route", "Properties": {"ApiId": reference, "RouteKey": "GET /x"}},
            "S": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {"ApiId": reference, "StageName": "live"}},
        }}));
        assert_eq!(out.places(), ["H live", "H live GET /x"], "{reference}");
    }
}

#[test]
fn quick_create_makes_a_stage_that_cannot_be_configured() {
    let out = transform_resources(
        "
        Q: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: q, ProtocolType: HTTP, Target: 'https://example.com', RouteKey: GET /x}}
        D: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: d, ProtocolType: HTTP, Target: !GetAtt F.Arn}}
        ",
    );
    assert_eq!(out.places(), ["Q $default", "D $default"]);
    assert_eq!(out.alarm("Q $default", "LatencyP99").dimensions(), r#"ApiId={"Ref":"Q"} Stage=$default"#);
    assert_eq!(out.finding("TR306").at.as_str(), "/Resources/Q");
    assert_eq!(
        (out.at("/Resources/Q"), out.at("/Resources/D")),
        (&out.before["Resources"]["Q"], &out.before["Resources"]["D"])
    );
}

#[test]
fn the_routes_of_an_http_api_may_stand_in_an_openapi_definition() {
    let out = transform_resources(
        "
        H: {Type: AWS::ApiGatewayV2::Api, Properties: {Body: {openapi: 3.0.1, info: {title: t}, paths: {/x: {get: {}, parameters: []}, $default: {x-amazon-apigateway-any-method: {}}}}}}
        S: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref H, StageName: $default}}
        E: {Type: AWS::ApiGatewayV2::Api, Properties: {BodyS3Location: {Bucket: b, Key: k}}}
        T: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref E, StageName: $default}}
        ",
    );
    assert_eq!(out.places(), ["H $default", "H $default GET /x", "E $default"]);
    assert_eq!(out.finding("TR302").at.as_str(), "/Resources/E/Properties/BodyS3Location");
    assert_eq!(out.finding("TR303").what, "ANY $default of H is watched at stage level only");
}

#[test]
fn the_settings_of_an_http_stage_are_completed_entry_by_entry() {
    let out = transform_resources(
        "
        H: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: h, ProtocolType: HTTP}}
        R: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref H, RouteKey: GET /x}}
        S: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref H, StageName: live, DefaultRouteSettings: {ThrottlingRateLimit: 7}, RouteSettings: {GET /x: {ThrottlingBurstLimit: 2}, GET /y: {DetailedMetricsEnabled: false}}}}
        ",
    );
    let settings = out.at("/Resources/S/Properties");
    assert_eq!(settings["DefaultRouteSettings"], json!({"ThrottlingRateLimit": 7, "DetailedMetricsEnabled": true}));
    let routes = json!({"GET /x": {"ThrottlingBurstLimit": 2, "DetailedMetricsEnabled": true}, "GET /y": {"DetailedMetricsEnabled": false}});
    assert_eq!(settings["RouteSettings"], routes);
}

#[test]
fn an_http_stage_gets_the_default_throttle_and_a_websocket_stage_does_not() {
    let out = transform_resources(
        "
        H: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: h, ProtocolType: HTTP}}
        S: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref H, StageName: live}}
        W: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: w, ProtocolType: WEBSOCKET}}
        T: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref W, StageName: live}}
        ",
    );
    let limits = json!({"ThrottlingRateLimit": 1000, "ThrottlingBurstLimit": 500});
    assert_eq!(out.at("/Resources/S/Properties/DefaultRouteSettings"), &limits);
    assert_eq!(out.at("/Resources/T"), &out.before["Resources"]["T"]);
}

#[test]
fn websocket_routes_are_watched_by_their_keys() {
    let out = transform_yaml(
        "
        Conditions: {C: !Equals [a, b]}
        Resources:
          W: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: w, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}}
          S: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref W, StageName: live}}
          R1: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref W, RouteKey: $connect}}
          R2: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref W, RouteKey: $default}}
          R3: {Type: AWS::ApiGatewayV2::Route, Condition: C, Properties: {ApiId: !Ref W, RouteKey: send message}}
        ",
    );
    assert_eq!(out.places(), ["W live", "W live $connect", "W live $default", "W live send message"]);
    let rows = ["ClientErrorRate", "ExecutionErrorRate", "IntegrationErrorRate", "IntegrationLatencyP99"];
    assert_eq!(out.names_of("W live $connect"), rows);
    let alarm = out.alarm("W live send message", "ExecutionErrorRate");
    assert_eq!(alarm.dimensions(), r#"ApiId={"Ref":"W"} Stage=live Route=send message"#);
    assert_eq!((alarm.condition(), alarm.expression().as_str()), (Some("C"), "IF(s >= 3, 100 * a, 0)"));
    assert_eq!(out.at("/Resources/S/Properties/DefaultRouteSettings/DetailedMetricsEnabled"), true);
}

#[test]
fn routes_of_an_api_of_another_stack_are_watched_through_its_id() {
    for id in [json!({"Fn::ImportValue": "api"}), json!({"Ref": "P"}), json!("a1b2c3d4e5")] {
        let out = transform(json!({
            "Parameters": {"P": {"Type": "String"}},
            "Resources": {
                "R": {"Type": "AWS::ApiGatewayV2::Route", "Properties": {"ApiId": id, "RouteKey": "GET /x"}},
                "S": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {"ApiId": id, "StageName": "live"}},
            },
        }));
        assert_eq!(out.alarm("GET /x", "LatencyP99").dimension("ApiId"), id);
        assert_eq!(out.places().len(), 2, "{id}");
    }
}

#[test]
fn two_imported_apis_do_not_become_one() {
    let out = transform_resources(
        "
        R1: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !ImportValue one, RouteKey: GET /x}}
        S1: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !ImportValue one, StageName: live}}
        R2: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !ImportValue two, RouteKey: GET /y}}
        S2: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !ImportValue two, StageName: live}}
        ",
    );
    let of = |name: &str| {
        let value = json!({"Fn::ImportValue": name});
        let mut paths: Vec<_> = out
            .alarms()
            .iter()
            .filter(|alarm| alarm.dimension("ApiId") == value)
            .map(|alarm| alarm.dimension("Resource").to_string())
            .collect();
        paths.sort();
        paths.dedup();
        paths
    };
    assert_eq!(
        (of("one"), of("two")),
        (vec!["\"/x\"".to_owned(), "null".to_owned()], vec!["\"/y\"".to_owned(), "null".to_owned()])
    );
}

#[test]
fn an_api_whose_protocol_cannot_be_told_is_reported() {
    let out = transform_yaml(
        "
        Parameters: {P: {Type: String}}
        Resources:
          H: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: h, ProtocolType: !Ref P}}
          S: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref H, StageName: live}}
        ",
    );
    assert_eq!(out.lines(), Vec::<String>::new());
    assert!(!out.outcome.findings.is_empty());
}
