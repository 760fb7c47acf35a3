//! Guardrails on functions and their queues: the shapes that their pages leave out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod support;

use serde_json::{Value, json};
use support::{Out, transform, transform_in};
use toprail::Context;
use toprail::finding::Level;

/// A transform with guardrails at `Warn`.
fn at_warn(template: Value, guards: &[&str]) -> Out {
    at("Warn", template, guards)
}

fn at(level: &str, template: Value, guards: &[&str]) -> Out {
    let levels: serde_json::Map<_, _> = guards.iter().map(|id| ((*id).to_owned(), json!(level))).collect();
    let params = json!({"Config": json!({"Guardrails": levels}).to_string()}).as_object().unwrap().clone();
    transform_in(template, Context { params, ..Context::default() })
}

fn function(more: Value) -> Value {
    let mut properties =
        json!({"Runtime": "python3.13", "Handler": "a.b", "Role": "r", "Code": {"S3Bucket": "b", "S3Key": "k"}});
    properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"Type": "AWS::Lambda::Function", "Properties": properties})
}

fn sam(more: Value) -> Value {
    let mut properties = json!({"Runtime": "python3.13", "Handler": "a.b", "CodeUri": "s3://b/k"});
    properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"Type": "AWS::Serverless::Function", "Properties": properties})
}

fn whats<'o>(out: &'o Out, code: &str) -> Vec<&'o str> {
    out.findings(code).iter().map(|finding| finding.what.as_str()).collect()
}

#[test]
fn an_api_waits_for_a_function_however_it_is_named() {
    let path = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/";
    for uri in [
        json!({"Fn::Sub": format!("{path}${{F.Arn}}/invocations")}),
        json!({"Fn::Sub": [format!("{path}${{Arn}}/invocations"), {"Arn": {"Fn::GetAtt": "F.Arn"}}]}),
        json!({"Fn::Join": ["", ["arn:aws:apigateway:", {"Ref": "AWS::Region"}, ":lambda:path/2015-03-31/functions/", {"Fn::GetAtt": ["F", "Arn"]}, "/invocations"]]}),
        json!({"Fn::Sub": format!("{path}arn:aws:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:reports/invocations")}),
        json!({"Fn::If": ["C", {"Fn::Sub": format!("{path}${{F.Arn}}/invocations")}, "http://example.com"]}),
    ] {
        let out = transform(json!({"Conditions": {"C": {"Fn::Equals": ["a", {"Ref": "AWS::Region"}]}}, "Resources": {
            "F": function(json!({"Timeout": "40", "FunctionName": "reports"})),
            "A": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "x"}},
            "M": {"Type": "AWS::ApiGateway::Method", "Properties": {"RestApiId": {"Ref": "A"}, "ResourceId": {"Fn::GetAtt": ["A", "RootResourceId"]},
                "HttpMethod": "GET", "AuthorizationType": "AWS_IAM", "Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": uri.clone()}}},
        }}));
        assert_eq!(out.finding("TR526").at.as_str(), "/Resources/F/Properties/Timeout", "{uri}");
    }
}

#[test]
fn each_kind_of_api_has_its_own_limit() {
    let out = |timeout: u32, event: Value| {
        let resources = json!({"F": sam(json!({"Timeout": timeout, "Events": {"E": event}}))});
        transform(json!({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources})).findings("TR526").len()
    };
    let rest = |more: Value| {
        let mut properties = json!({"Path": "/x", "Method": "get"});
        properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"Type": "Api", "Properties": properties})
    };
    let http = |more: Value| json!({"Type": "HttpApi", "Properties": more});
    assert_eq!((out(29, rest(json!({}))), out(30, rest(json!({})))), (0, 1));
    assert_eq!((out(30, http(json!({}))), out(31, http(json!({})))), (0, 1));
    // The integration's own timeout counts, longer or shorter.
    assert_eq!(
        (out(60, rest(json!({"TimeoutInMillis": 60_000}))), out(10, http(json!({"TimeoutInMillis": 5000})))),
        (0, 1)
    );
    assert_eq!(out(60, rest(json!({"ResponseTransferMode": "STREAM"}))), 0);
    assert_eq!(out(60, rest(json!({"TimeoutInMillis": {"Ref": "P"}}))), 0);
}

#[test]
fn websocket_routes_and_quick_create_are_apis_too() {
    let out = transform(json!({"Resources": {
        "F": function(json!({"Timeout": 60})), "G": function(json!({"Timeout": 60})), "H": function(json!({"Timeout": 900})),
        "W": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "w", "ProtocolType": "WEBSOCKET", "RouteSelectionExpression": "$request.body.action"}},
        "I": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": {"ApiId": {"Ref": "W"}, "IntegrationType": "AWS_PROXY",
            "IntegrationUri": {"Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations"}}},
        "Q": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "q", "ProtocolType": "HTTP", "Target": {"Fn::GetAtt": ["G", "Arn"]}}},
        "U": {"Type": "AWS::Lambda::Url", "Properties": {"TargetFunctionArn": {"Ref": "H"}, "AuthType": "AWS_IAM"}},
    }}));
    let found = whats(&out, "TR526");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("F may run for 60 s, but the WebSocket API W waits 29 s"), "{}", found[0]);
    assert!(found[1].starts_with("G may run for 60 s, but the HTTP API Q waits 30 s"), "{}", found[1]);
}

#[test]
fn a_function_is_told_once_that_it_is_too_long() {
    let api = json!({"E": {"Type": "HttpApi"}});
    let out = at_warn(
        json!({"Resources": {"F": sam(json!({"Timeout": 60, "Events": api})), "G": sam(json!({"Timeout": 10, "Events": api}))}}),
        &["long-user-facing-timeout"],
    );
    assert_eq!((out.findings("TR526").len(), out.findings("TR527").len()), (1, 1));
    assert!(out.finding("TR527").what.contains("G"), "{}", out.finding("TR527").what);
}

#[test]
fn a_destination_in_one_branch_leaves_the_other_without() {
    let no_value = json!({"Ref": "AWS::NoValue"});
    let events = json!({"E": {"Type": "SNS", "Properties": {"Topic": "arn:aws:sns:eu-west-1:123456789012:t"}}});
    let queue = json!({"Type": "SQS", "TargetArn": "arn:aws:sqs:eu-west-1:123456789012:q"});
    let out = transform(json!({"Conditions": {"Prod": {"Fn::Equals": ["a", {"Ref": "AWS::Region"}]}}, "Resources": {
        "F": sam(json!({"Events": events.clone(), "DeadLetterQueue": {"Fn::If": ["Prod", queue.clone(), no_value]}})),
        "G": sam(json!({"Events": events.clone(), "DeadLetterQueue": queue})),
        "H": sam(json!({"Events": {"C": {"Type": "Cognito", "Properties": {"UserPool": {"Ref": "P"}, "Trigger": "PreSignUp"}}}})),
        "P": {"Type": "AWS::Cognito::UserPool"},
    }}));
    let found = whats(&out, "TR529");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("F is invoked asynchronously (when not Prod)"), "{}", found[0]);
}

#[test]
fn queues_that_are_for_failures_need_no_queue_behind_them() {
    let queue = |properties: Value| json!({"Type": "AWS::SQS::Queue", "Properties": properties});
    let arn = |id: &str| json!({"Fn::GetAtt": [id, "Arn"]});
    let out = transform(json!({"Resources": {
        "Dead": queue(json!({})), "Failed": queue(json!({})), "Allowed": queue(json!({"RedriveAllowPolicy": {"redrivePermission": "allowAll"}})),
        "OrdersDLQ": queue(json!({})),
        "Main": queue(json!({"RedrivePolicy": {"Fn::Sub": "{\"deadLetterTargetArn\": \"${Dead.Arn}\", \"maxReceiveCount\": 5}"}})),
        "F": function(json!({"DeadLetterConfig": {"TargetArn": arn("Failed")}})),
        "M": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {"FunctionName": {"Ref": "F"}, "EventSourceArn": arn("Main")}},
        "Redrive": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {"FunctionName": {"Ref": "F"}, "EventSourceArn": arn("Dead")}},
    }}));
    assert_eq!(whats(&out, "TR530"), Vec::<&str>::new());
}

/// A queue that functions read.
fn queue(properties: Value, timeouts: &[Value]) -> Value {
    let mut resources = json!({"Q": {"Type": "AWS::SQS::Queue", "Properties": properties}});
    for (index, timeout) in timeouts.iter().enumerate() {
        resources[format!("F{index}")] = function(json!({"Timeout": timeout}));
        resources[format!("M{index}")] = json!({"Type": "AWS::Lambda::EventSourceMapping", "Properties":
            {"FunctionName": {"Ref": format!("F{index}")}, "EventSourceArn": {"Fn::GetAtt": ["Q", "Arn"]}}});
    }
    json!({"Conditions": {"C": {"Fn::Equals": ["a", {"Ref": "AWS::Region"}]}}, "Resources": resources})
}

#[test]
fn the_most_demanding_function_decides_how_long_a_message_is_hidden() {
    let guards = ["short-visibility-timeout"];
    let fixed = at("Fix", queue(json!({}), &[json!(6), json!("10")]), &guards);
    assert_eq!((fixed.at("/Resources/Q/Properties/VisibilityTimeout"), fixed.findings("TR531").len()), (&json!(60), 0));
    // Five seconds are the most that the default of 30 is six times of.
    assert_eq!(at_warn(queue(json!({}), &[json!(5)]), &guards).findings("TR531").len(), 0);
    for (properties, timeout) in [
        (json!({"VisibilityTimeout": 59}), json!(10)),
        (json!({"VisibilityTimeout": {"Fn::If": ["C", 600, 59]}}), json!(10)),
        (json!({"VisibilityTimeout": 60}), json!({"Fn::If": ["C", 11, 1]})),
    ] {
        let template = queue(properties.clone(), &[timeout]);
        let out = at("Fix", template, &guards);
        assert_eq!(
            out.at("/Resources/Q/Properties/VisibilityTimeout"),
            &properties["VisibilityTimeout"],
            "what is written stays"
        );
        assert_eq!(out.finding("TR531").level, Level::Warn);
    }
    let refused = at_warn(queue(json!({}), &[json!(31)]), &guards);
    assert!(refused.finding("TR531").what.contains("the deployment fails"), "{}", refused.finding("TR531").what);
}

#[test]
fn branches_that_fit_together_pass() {
    let either = |yes: u32, no: u32| json!({"Fn::If": ["C", yes, no]});
    let out = transform(queue(json!({"VisibilityTimeout": either(600, 60)}), &[either(100, 10)]));
    assert_eq!(whats(&out, "TR531"), Vec::<&str>::new());
    // What only CloudFormation knows is not guessed.
    let out = transform(queue(json!({"VisibilityTimeout": {"Fn::ImportValue": "v"}}), &[json!(100)]));
    assert_eq!(whats(&out, "TR531"), Vec::<&str>::new());
}

#[test]
fn what_runs_at_deployments_or_at_the_edge_is_left_alone() {
    let guards = ["default-memory", "x86-function"];
    let out = at_warn(
        json!({"Resources": {
            "Setup": function(json!({})), "Custom": {"Type": "Custom::Setup", "Properties": {"ServiceToken": {"Fn::GetAtt": ["Setup", "Arn"]}}},
            "Edge": function(json!({"MemorySize": 256})), "EdgeVersion": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "Edge"}}},
            "Site": {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": {"Enabled": true, "DefaultCacheBehavior": {
                "TargetOriginId": "o", "ViewerProtocolPolicy": "https-only", "LambdaFunctionAssociations": [{"EventType": "viewer-request", "LambdaFunctionARN": {"Ref": "EdgeVersion"}}]}}}},
        }}),
        &guards,
    );
    assert_eq!((whats(&out, "TR533"), whats(&out, "TR534")), (vec![], vec![]));
}

#[test]
fn a_database_or_the_name_of_one_is_a_reason_for_a_vpc() {
    let vpc = json!({"SubnetIds": {"Ref": "Subnets"}, "SecurityGroupIds": ["sg-1"]});
    let with = |parameters: Value, more: Value| {
        let mut properties = json!({"VpcConfig": vpc.clone()});
        properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        at_warn(json!({"Parameters": parameters, "Resources": {"F": function(properties)}}), &["unneeded-vpc"])
            .findings("TR532")
            .len()
    };
    let subnets = json!({"Subnets": {"Type": "List<AWS::EC2::Subnet::Id>"}});
    assert_eq!(with(subnets.clone(), json!({})), 1);
    assert_eq!(with(subnets.clone(), json!({"Environment": {"Variables": {"DB_HOST": "x"}}})), 0);
    assert_eq!(with(subnets.clone(), json!({"FileSystemConfigs": [{"Arn": "a", "LocalMountPath": "/mnt/a"}]})), 0);
    let database = json!({"Subnets": {"Type": "List<AWS::EC2::Subnet::Id>"}, "RdsProxy": {"Type": "String"}});
    assert_eq!(with(database, json!({})), 0);
}

#[test]
fn provisioned_concurrency_is_watched_unless_its_alarm_is_suppressed() {
    let template = |config: Value| {
        json!({"Metadata": {"Toprail": config}, "Resources": {
            "F": function(json!({})),
            "Live": {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "F"}, "FunctionVersion": "1", "Name": "live",
                "ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 2}}},
        }})
    };
    assert_eq!(transform(template(json!({}))).findings("TR538").len(), 0);
    let suppressed =
        transform(template(json!({"Suppress": [{"Id": "Alias.ProvisionedUtilization", "Reason": "a test"}]})));
    assert_eq!(suppressed.finding("TR538").at.as_str(), "/Resources/Live/Properties/ProvisionedConcurrencyConfig");
    let essential = transform(template(json!({"Profile": "Essential"})));
    assert_eq!(essential.finding("TR538").level, Level::Info);
}

#[test]
fn a_queue_that_sam_makes_is_a_queue() {
    let event = |queue: Value| json!({"E": {"Type": "SNS", "Properties": {"Topic": "arn:aws:sns:eu-west-1:123456789012:t", "SqsSubscription": queue}}});
    let out = transform(json!({"Resources": {"F": sam(json!({"Timeout": 20, "Events": event(json!(true))}))}}));
    for code in ["TR530", "TR531"] {
        assert_eq!(out.finding(code).at.as_str(), "/Resources/F/Properties/Events/E", "{code}");
    }
    let own = json!({"QueueArn": {"Fn::GetAtt": ["Q", "Arn"]}, "QueueUrl": {"Ref": "Q"}});
    let queue = json!({"VisibilityTimeout": 120, "RedrivePolicy": {"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:123456789012:d", "maxReceiveCount": 5}});
    let out = transform(json!({"Resources": {
        "F": sam(json!({"Timeout": 20, "Events": event(own)})), "Q": {"Type": "AWS::SQS::Queue", "Properties": queue},
    }}));
    assert_eq!((whats(&out, "TR530"), whats(&out, "TR531")), (vec![], vec![]));
}

#[test]
fn what_a_condition_rules_out_is_not_reported() {
    let prod = |mut resource: Value| {
        resource["Condition"] = json!("Prod");
        resource
    };
    let either = |yes: Value, no: Value| json!({"Fn::If": ["Prod", yes, no]});
    let no_value = json!({"Ref": "AWS::NoValue"});
    let template = |wrap: &dyn Fn(Value) -> Value| {
        json!({"Conditions": {"Prod": {"Fn::Equals": ["a", {"Ref": "AWS::Region"}]}}, "Resources": {
            "F": wrap(function(json!({"Timeout": either(json!(3), json!(60)), "MemorySize": either(json!(512), no_value.clone())}))),
            "Topic": {"Type": "AWS::SNS::Subscription", "Properties": {"Protocol": "lambda", "Endpoint": {"Fn::GetAtt": ["F", "Arn"]}, "TopicArn": "t"}},
            "Config": wrap(json!({"Type": "AWS::Lambda::EventInvokeConfig", "Properties": {"FunctionName": {"Ref": "F"}, "Qualifier": "$LATEST",
                "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:eu-west-1:123456789012:q"}}}})),
            "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "q", "ProtocolType": "HTTP", "Target": {"Fn::GetAtt": ["F", "Arn"]}}},
        }})
    };
    let count = |template: Value| {
        let out = at_warn(template, &["default-memory"]);
        ["TR526", "TR529", "TR533"].map(|code| out.findings(code).len())
    };
    assert_eq!(count(template(&prod)), [0, 0, 0]);
    assert_eq!(count(template(&|resource| resource)), [1, 0, 1]);
}
