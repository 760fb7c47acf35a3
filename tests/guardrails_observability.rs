//! Tracing, access logs, retention and topics: what is fixed when it is asked for, what is left alone, and what is no finding at all.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod support;

use serde_json::{Value, json};
use support::{Out, transform, transform_yaml};

const XRAY: &str = "arn:${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess";

/// A function with a role of the template.
fn function(config: Value, role: Value) -> Out {
    transform(json!({
        "Metadata": {"Toprail": config},
        "Resources": {
            "F": {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::GetAtt": ["R", "Arn"]}, "Code": {"ZipFile": "x"}}},
            "G": {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::Sub": "${R.Arn}"}, "Code": {"ZipFile": "x"}, "TracingConfig": {}}},
            "R": {"Type": "AWS::IAM::Role", "Properties": role},
        },
    }))
}

#[test]
fn nothing_is_traced_unless_somebody_asks() {
    for config in
        [json!({}), json!({"Tracing": false}), json!({"Tracing": true, "Guardrails": {"untraced-function": "Warn"}})]
    {
        let out = function(config.clone(), json!({}));
        assert_eq!(out.at("/Resources/R"), &out.before["Resources"]["R"], "{config}");
        let expected = if config == json!({"Tracing": false}) { 0 } else { 2 };
        assert_eq!(out.findings("TR507").len(), expected, "{config}");
    }
}

#[test]
fn functions_that_share_a_role_are_traced_with_one_policy() {
    for config in [json!({"Tracing": true}), json!({"Guardrails": {"untraced-function": "Fix"}})] {
        let out = function(config, json!({"ManagedPolicyArns": ["arn:aws:iam::aws:policy/X"]}));
        assert_eq!(out.findings("TR507").len(), 0);
        let policies = out.at("/Resources/R/Properties/ManagedPolicyArns");
        assert_eq!(policies, &json!(["arn:aws:iam::aws:policy/X", {"Fn::Sub": XRAY}]));
        for id in ["F", "G"] {
            assert_eq!(out.at(&format!("/Resources/{id}/Properties/TracingConfig")), &json!({"Mode": "Active"}));
        }
    }
}

#[test]
fn a_role_that_may_trace_already_gets_nothing() {
    let statement = json!({"Effect": "Allow", "Action": ["xray:Put*"], "Resource": "*"});
    for role in [
        json!({"ManagedPolicyArns": ["arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess"]}),
        json!({"ManagedPolicyArns": [{"Fn::Sub": XRAY}]}),
        json!({"Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": [statement]}}]}),
        json!({"Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": statement}}]}),
    ] {
        let out = function(json!({"Tracing": true}), role.clone());
        assert_eq!(out.at("/Resources/R/Properties"), &role);
        assert_eq!(out.at("/Resources/F/Properties/TracingConfig/Mode"), "Active", "{role}");
    }
}

#[test]
fn a_role_that_cannot_be_given_the_permission_leaves_the_function_untraced() {
    for role in [
        json!({"PermissionsBoundary": "arn:aws:iam::111122223333:policy/b"}),
        json!({"ManagedPolicyArns": {"Ref": "Arns"}}),
        json!({"ManagedPolicyArns": vec!["arn:aws:iam::aws:policy/X"; 10]}),
    ] {
        let out = function(json!({"Tracing": true}), role.clone());
        assert_eq!(out.at("/Resources/R/Properties"), &role);
        assert_eq!(out.at("/Resources/F"), &out.before["Resources"]["F"]);
        assert!(out.findings("TR507")[0].help.contains("AWSXRayDaemonWriteAccess"), "{:?}", out.findings("TR507"));
    }
}

#[test]
fn functions_at_the_edge_are_not_asked_to_be_traced() {
    let trust = json!({"Statement": [{"Effect": "Allow", "Principal": {"Service": ["edgelambda.amazonaws.com"]}, "Action": "sts:AssumeRole"}]});
    let out = function(json!({"Tracing": true}), json!({"AssumeRolePolicyDocument": trust}));
    assert_eq!((out.findings("TR507").len(), out.at("/Resources/F")), (0, &out.before["Resources"]["F"]));
}

#[test]
fn a_resource_may_say_that_it_is_not_to_be_traced() {
    let out = transform_yaml(
        "
        Metadata: {Toprail: {Tracing: true}}
        Resources:
          A: {Type: AWS::Serverless::Api, Properties: {StageName: a}}
          B: {Type: AWS::Serverless::Api, Metadata: {Toprail: {Tracing: false}}, Properties: {StageName: b}}
          M: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: x}}
          Q: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: q, AuthenticationType: AWS_IAM}}
        ",
    );
    assert_eq!(out.at("/Resources/A/Properties/TracingEnabled"), true);
    assert_eq!(out.at("/Resources/B/Properties/TracingEnabled"), &Value::Null);
    assert_eq!(out.at("/Resources/M/Properties/Tracing/Enabled"), true);
    assert_eq!(out.at("/Resources/Q/Properties/XrayEnabled"), true);
    assert_eq!(out.findings("TR506").len(), 0);
}

#[test]
fn the_implicit_api_is_traced_where_no_other_api_inherits_that() {
    let template = |other: &str| {
        format!(
            "
            Metadata: {{Toprail: {{Tracing: true}}}}
            Resources:
              F:
                Type: AWS::Serverless::Function
                Properties: {{InlineCode: x, Handler: h, Runtime: python3.13, Events: {{E: {{Type: Api, Properties: {{Path: /x, Method: get}}}}}}}}
              {other}
            "
        )
    };
    let alone = transform_yaml(&template(""));
    assert_eq!(alone.at("/Globals/Api/TracingEnabled"), true);
    let ignoring =
        transform_yaml(&template("A: {Type: AWS::Serverless::Api, IgnoreGlobals: '*', Properties: {StageName: a}}"));
    assert_eq!(ignoring.at("/Globals/Api/TracingEnabled"), true);
    let inheriting = transform_yaml(&template("A: {Type: AWS::Serverless::Api, Properties: {StageName: a}}"));
    assert_eq!(inheriting.at("/Globals/Api/TracingEnabled"), &Value::Null);
    assert!(inheriting.finding("TR506").what.contains("ServerlessRestApi"));
}

#[test]
fn sams_own_second_stage_is_no_ones_to_trace() {
    let out = transform_yaml(
        "
        Resources:
          A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
          D: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref A, StageName: Stage, Description: 'RestApi deployment id: 1'}}
          S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod, TracingEnabled: true}}
        ",
    );
    assert_eq!((out.findings("TR506").len(), out.findings("TR510").len()), (0, 1));
}

#[test]
fn a_log_group_exists_when_its_stage_does_and_keeps_its_id() {
    let with = |config: &str| {
        transform_yaml(&format!(
            "
            Metadata: {{Toprail: {config}}}
            Conditions: {{C: !Equals [a, b], D: !Equals [a, b]}}
            Resources:
              A: {{Type: AWS::ApiGatewayV2::Api, Condition: C, Properties: {{Name: a, ProtocolType: WEBSOCKET}}}}
              S: {{Type: AWS::ApiGatewayV2::Stage, Condition: D, DependsOn: [A], Properties: {{ApiId: !Ref A, StageName: live}}}}
              Account: {{Type: AWS::ApiGateway::Account, Properties: {{CloudWatchRoleArn: 'arn:aws:iam::111122223333:role/r'}}}}
            "
        ))
    };
    let out = with("{AccessLogs: {CreateLogGroup: true}, LogRetention: 30, Profile: Critical, Tags: {Team: t}}");
    let setting = out.at("/Resources/S/Properties/AccessLogSettings");
    let id = setting["DestinationArn"]["Fn::GetAtt"][0].as_str().unwrap().to_owned();
    let group = out.at(&format!("/Resources/{id}"));
    assert_eq!(group["Properties"]["RetentionInDays"], 30);
    assert_eq!(group["Properties"]["Tags"], json!([{"Key": "Team", "Value": "t"}]));
    let condition = group["Condition"].as_str().unwrap();
    assert_eq!(
        out.at(&format!("/Conditions/{condition}")),
        &json!({"Fn::And": [{"Condition": "C"}, {"Condition": "D"}]})
    );
    assert_eq!(out.at("/Resources/S/DependsOn"), &json!(["A", "Account"]));
    assert!(setting["Format"].as_str().unwrap().contains("\"connectionId\":\"$context.connectionId\""));
    let other = with("{AccessLogs: {CreateLogGroup: true, RetentionInDays: 7, Format: $context.requestId}}");
    assert_eq!(other.at(&format!("/Resources/{id}/Properties/RetentionInDays")), 7);
    assert_eq!(other.at("/Resources/S/Properties/AccessLogSettings/Format"), "$context.requestId");
}

#[test]
fn access_logs_need_one_destination() {
    for (logs, mistakes) in [
        (json!({}), 1),
        (json!({"Destination": "arn:aws:logs:r:1:log-group:x", "CreateLogGroup": true}), 1),
        (json!({"Destination": "logs"}), 1),
        (json!({"Destination": {"Fn::GetAtt": ["Missing", "Arn"]}}), 1),
        (json!({"Destination": {"Fn::ImportValue": "logs"}}), 0),
        (json!({"CreateLogGroup": true, "RetentionInDays": 8}), 1),
        (json!({"CreateLogGroup": false}), 0),
    ] {
        let out = transform(json!({"Metadata": {"Toprail": {"AccessLogs": logs}}, "Resources": {}}));
        assert_eq!(out.errors().len(), mistakes, "{logs} {:?}", out.errors());
    }
}

#[test]
fn quick_create_is_logged_through_its_overrides() {
    let out = transform_yaml(
        "
        Metadata: {Toprail: {AccessLogs: {CreateLogGroup: true}}}
        Resources:
          A: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP, Target: 'https://example.com'}}
          B: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: b, ProtocolType: HTTP, Target: 'https://example.com'}}
          O: {Type: AWS::ApiGatewayV2::ApiGatewayManagedOverrides, Properties: {ApiId: !Ref B, Stage: {AccessLogSettings: {DestinationArn: !Ref X, Format: f}}}}
        ",
    );
    assert!(out.finding("TR510").what.contains("of A "), "{}", out.finding("TR510").what);
}

#[test]
fn the_log_group_of_a_function_is_known_in_every_form() {
    let out = transform_yaml(
        "
        Parameters: {Name: {Type: String}}
        Resources:
          A: {Type: AWS::Lambda::Function, Properties: {}}
          AL: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Join ['', [/aws/lambda/, !Ref A]], RetentionInDays: 3}}
          B: {Type: AWS::Serverless::Function, Properties: {FunctionName: !Sub '${Name}-b'}}
          BL: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub '/aws/lambda/${Name}-b', RetentionInDays: 3}}
          C: {Type: AWS::Lambda::Function, Properties: {LoggingConfig: {LogGroup: !Ref Shared}}}
          Shared: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: shared, RetentionInDays: !Ref Name}}
          D: {Type: AWS::Lambda::Function, Properties: {LoggingConfig: {LogFormat: JSON}}}
        ",
    );
    let finding = out.finding("TR511");
    assert!(finding.what.starts_with("the function D has no log group"), "{}", finding.what);
}

/// A topic that an alarm notifies.
fn topic(resources: Value) -> Out {
    let mut all = json!({
        "T": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": {"Ref": "K"}}},
        "A": {"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": {"AlarmRule": "TRUE", "OKActions": {"Fn::If": ["C", [{"Ref": "T"}], []]}}},
    });
    all.as_object_mut().unwrap().extend(resources.as_object().unwrap().clone());
    transform(json!({"Conditions": {"C": {"Fn::Equals": ["a", "b"]}}, "Resources": all}))
}

#[test]
fn a_key_that_lets_cloudwatch_in_is_no_finding() {
    let root = json!({"Effect": "Allow", "Principal": {"AWS": {"Fn::Join": ["", ["arn:aws:iam::", {"Ref": "AWS::AccountId"}, ":root"]]}}, "Action": "kms:*", "Resource": "*"});
    let grant = |principal: Value, action: Value| json!({"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"});
    let both = json!(["kms:Decrypt", "kms:GenerateDataKey*"]);
    for (second, found) in [
        (grant(json!({"Service": "cloudwatch.amazonaws.com"}), both.clone()), 0),
        (grant(json!({"Service": {"Fn::Sub": "cloudwatch.${AWS::URLSuffix}"}}), json!("kms:*")), 0),
        (grant(json!("*"), json!("kms:*")), 0),
        (grant(json!({"Service": {"Ref": "P"}}), both.clone()), 0),
        (grant(json!({"Service": "cloudwatch.amazonaws.com"}), json!("kms:Decrypt")), 1),
        (grant(json!({"Service": "sns.amazonaws.com"}), both.clone()), 1),
        (grant(json!({"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}), both), 1),
    ] {
        let policy = json!({"Version": "2012-10-17", "Statement": [root, second]});
        let out = topic(json!({"K": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}}}));
        assert_eq!(out.findings("TR512").len(), found, "{second}");
    }
    let unreadable = topic(json!({"K": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Ref": "P"}}}}));
    assert_eq!(unreadable.findings("TR512").len(), 0);
}

#[test]
fn a_topic_policy_counts_by_whom_it_lets_publish() {
    let statement = |principal: Value, condition: Value| json!({"Effect": "Allow", "Principal": principal, "Action": "SNS:Publish", "Resource": {"Ref": "T"}, "Condition": condition});
    for (statement, found) in [
        (statement(json!({"Service": ["events.amazonaws.com", "cloudwatch.amazonaws.com"]}), json!({})), 0),
        (statement(json!({"AWS": "*"}), json!({"StringEquals": {"AWS:SourceOwner": {"Ref": "AWS::AccountId"}}})), 0),
        (statement(json!({"AWS": {"Ref": "AWS::AccountId"}}), json!({})), 0),
        (statement(json!({"AWS": "*"}), json!({"ArnLike": {"aws:SourceArn": "arn:aws:s3:*:*:bucket"}})), 1),
        (statement(json!({"AWS": "*"}), json!({"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:*:*:alarm:*"}})), 0),
        (statement(json!({"Service": "s3.amazonaws.com"}), json!({})), 1),
        (statement(json!({"AWS": "arn:aws:iam::111122223333:role/r"}), json!({})), 1),
    ] {
        let policy = json!({"Type": "AWS::SNS::TopicPolicy", "Properties": {"Topics": [{"Ref": "T"}], "PolicyDocument": {"Statement": [statement]}}});
        let out = topic(json!({"T": {"Type": "AWS::SNS::Topic"}, "P": policy}));
        assert_eq!(out.findings("TR512").len(), found, "{statement}");
    }
}

#[test]
fn the_key_that_aws_manages_is_known_by_its_arn_and_behind_a_condition() {
    for key in [
        json!({"Fn::Sub": "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/aws/sns"}),
        json!({"Fn::If": ["C", {"Ref": "AWS::NoValue"}, "alias/aws/sns"]}),
    ] {
        let out = topic(json!({"T": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": key}}}));
        assert_eq!(out.finding("TR512").at.as_str(), "/Resources/T/Properties/KmsMasterKeyId");
    }
}

#[test]
fn a_policy_can_enforce_tracing() {
    let policy = json!({"Version": 1, "Enforced": {"Tracing": true}});
    let context = toprail::Context {
        policy: Some(std::sync::Arc::new(toprail::config::Policy::read(&policy))),
        ..Default::default()
    };
    let template = json!({
        "Metadata": {"Toprail": {"Tracing": false}},
        "Resources": {"A": {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "a"}}},
    });
    let out = support::transform_in(template, context);
    assert_eq!(out.at("/Resources/A/Properties/TracingEnabled"), true);
    assert_eq!(out.findings("TR220").len(), 1);
}
