//! Which functions serve users, for guardrails that ask so: in the forms of API Gateway and of SAM.

mod support;

use serde_json::{Value, json};
use support::transform;

#[test]
fn an_authorizer_serves_users_although_it_is_called_by_a_role() {
    let uri =
        json!({"Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations"});
    let scheme =
        json!({"Own": {"type": "apiKey", "x-amazon-apigateway-authorizer": {"type": "request", "authorizerUri": uri}}});
    let body = json!({"paths": {}, "components": {"securitySchemes": scheme}});
    for (kind, properties) in [
        ("ApiGateway::Authorizer", json!({"AuthorizerUri": uri, "Type": "REQUEST"})),
        ("ApiGatewayV2::Authorizer", json!({"AuthorizerUri": uri, "AuthorizerType": "REQUEST"})),
        ("ApiGateway::RestApi", json!({"Body": body})),
        ("ApiGatewayV2::Api", json!({"Body": body})),
        ("Serverless::HttpApi", json!({"DefinitionBody": body})),
    ] {
        let api = json!({"Type": format!("AWS::{kind}"), "Properties": properties});
        let out = transform(json!({"Resources": {"F": {"Type": "AWS::Lambda::Function"}, "A": api}}));
        assert_eq!(out.findings("TR535").len(), 1, "{kind}");
    }
}

#[test]
fn an_authorizer_of_sam_serves_users() {
    let auth = json!({"Authorizers": {"Own": {"FunctionArn": {"Fn::GetAtt": ["F", "Arn"]}}}});
    let reported = |globals: Value, api: Value| {
        let resources = json!({"F": {"Type": "AWS::Serverless::Function"}, "A": api});
        transform(json!({"Globals": globals, "Resources": resources})).findings("TR535").len()
    };
    for kind in ["Api", "HttpApi"] {
        let api = |properties: &Value| json!({"Type": format!("AWS::Serverless::{kind}"), "Properties": properties});
        assert_eq!(reported(json!({}), api(&json!({"StageName": "live", "Auth": auth}))), 1, "{kind}");
        assert_eq!(reported(json!({kind: {"Auth": auth}}), api(&json!({"StageName": "live"}))), 1, "{kind}");
        // The API that SAM makes for events without one.
        assert_eq!(reported(json!({kind: {"Auth": auth}}), json!({"Type": "AWS::SNS::Topic"})), 1, "{kind}");
    }
}

#[test]
fn a_function_that_api_gateway_may_invoke_serves_users_before_and_after_sam() {
    let reported = |function: &Value, name: &str, principal: &str| {
        let permission =
            json!({"FunctionName": {"Ref": name}, "Principal": principal, "Action": "lambda:InvokeFunction"});
        let resources = json!({
            "F": function,
            "FAliaslive": {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "F"}, "Name": "live"}},
            "P": {"Type": "AWS::Lambda::Permission", "Properties": permission},
        });
        transform(json!({"Resources": resources})).findings("TR535").len()
    };
    let before = json!({"Type": "AWS::Serverless::Function", "Properties": {"AutoPublishAlias": "live"}});
    let after = json!({"Type": "AWS::Lambda::Function"});
    assert_eq!(reported(&before, "F.Alias", "apigateway.amazonaws.com"), 1);
    assert_eq!(reported(&after, "FAliaslive", "apigateway.amazonaws.com"), 1);
    assert_eq!(
        reported(&after, "FAliaslive", "events.amazonaws.com"),
        0,
        "nobody waits for what runs in the background"
    );
}

#[test]
fn an_event_of_an_api_with_a_definition_says_nothing_of_who_waits() {
    let function = |more: &str| format!("arn:aws:apigateway:${{AWS::Region}}:lambda:path/functions/${{F.Arn}}/{more}");
    let reported = |integration: Value| {
        let operation = json!({"post": {"x-amazon-apigateway-integration": integration}});
        let body = json!({"openapi": "3.0.1", "info": {"title": "a"}, "paths": {"/x": operation}});
        let event = json!({"Type": "Api", "Properties": {"Path": "/x", "Method": "post", "RestApiId": {"Ref": "A"}}});
        let resources = json!({
            "A": {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "live", "DefinitionBody": body}},
            "F": {"Type": "AWS::Serverless::Function", "Properties": {"Timeout": 20, "Events": {"E": event}}},
        });
        let out = transform(json!({"Resources": resources}));
        (out.findings("TR527").len(), out.findings("TR535").len())
    };
    assert_eq!(reported(json!({"type": "aws_proxy", "uri": {"Fn::Sub": function("invocations")}})), (1, 1));
    let streamed = json!({"Fn::Sub": function("response-streaming-invocations")});
    assert_eq!(reported(json!({"type": "aws_proxy", "responseTransferMode": "STREAM", "uri": streamed})), (0, 1));
}
