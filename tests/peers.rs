//! Defects of other tools that make alarms from templates, as behaviours we want. The id in each comment is the defect's in the survey of them;
//! the templates are the smallest that showed it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod support;

use serde_json::{Value, json};
use support::{Out, transform, transform_resources, transform_with, transform_yaml};

const FIVE: [&str; 5] = ["ClientErrorRate", "LatencyP95", "LatencyP99", "ServerErrorRate", "SuccessRate"];

/// A REST API `A` with `GET /x` in stage `prod`, with more properties.
fn rest(properties: &Value) -> Out {
    let mut api = json!({"Body": {"openapi": "3.0.1", "paths": {"/x": {"get": {}}}}});
    api.as_object_mut().unwrap().extend(properties.as_object().unwrap().clone());
    transform(json!({"Resources": {
        "A": {"Type": "AWS::ApiGateway::RestApi", "Properties": api},
        "D": {"Type": "AWS::ApiGateway::Deployment", "Properties": {"RestApiId": {"Ref": "A"}}},
        "S": {"Type": "AWS::ApiGateway::Stage",
              "Properties": {"RestApiId": {"Ref": "A"}, "DeploymentId": {"Ref": "D"}, "StageName": "prod"}},
    }}))
}

// D-SW1
#[test]
fn any_intrinsic_may_name_an_api() {
    for name in [
        json!({"Fn::Join": ["-", [{"Ref": "AWS::StackName"}, "api"]]}),
        json!({"Fn::If": ["IsProd", "a", "b"]}),
        json!({"Fn::ImportValue": "n"}),
        json!({"Fn::GetAtt": ["F", "Arn"]}),
        json!({"Fn::Sub": ["${s}-api", {"s": {"Ref": "Stage"}}]}),
        json!({"Fn::Sub": "${AWS::StackName}-api"}),
        json!({"Fn::FindInMap": ["Names", {"Ref": "AWS::Region"}, "Api"]}),
        json!({"Ref": "Name"}),
    ] {
        let out = rest(&json!({"Name": name}));
        assert_eq!(out.names_of("A prod GET /x"), FIVE, "{name}");
        for alarm in out.alarms() {
            assert_eq!(alarm.dimension("ApiName"), name);
            assert!(alarm.id().starts_with("AProd"), "{}", alarm.id());
        }
    }
}

// D-SW2
#[test]
fn an_api_whose_name_is_unknown_is_left_out_and_the_deployment_goes_on() {
    for api in [
        json!({"BodyS3Location": {"Bucket": "b", "Key": "k"}}),
        json!({"Body": {"openapi": "3.0.1", "paths": {"/x": {"get": {}}}}}),
        json!({"Body": {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/k"}}}}),
        json!({"CloneFrom": "abc"}),
        json!({}),
        json!(null),
    ] {
        let out = transform(json!({"Resources": {
            "A": {"Type": "AWS::ApiGateway::RestApi", "Properties": api},
            "S": {"Type": "AWS::ApiGateway::Stage", "Properties": {"RestApiId": {"Ref": "A"}, "StageName": "prod"}},
            "F": {"Type": "AWS::Lambda::Function", "Properties": {}},
        }}));
        assert!(!out.outcome.failed());
        assert_eq!(out.places(), ["F"], "{api}");
        assert_eq!(out.finding("TR301").at.as_str(), "/Resources/A");
    }
    let bare = transform_resources("A: {Type: AWS::ApiGateway::RestApi}");
    assert_eq!((bare.lines(), bare.outcome.failed()), (Vec::new(), false));
}

// D-SW3
#[test]
fn apis_whose_names_read_alike_keep_all_their_alarms() {
    let out = transform_resources(
        "
        my1:  {Type: AWS::ApiGateway::RestApi, Properties: {Name: my-api}}
        my2:  {Type: AWS::ApiGateway::RestApi, Properties: {Name: my_api}}
        S1: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref my1, StageName: v-1}}
        S2: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref my1, StageName: v_1}}
        S3: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref my2, StageName: v1}}
        ",
    );
    assert_eq!(out.names_of("my1 v-1"), FIVE);
    assert_eq!(out.names_of("my1 v_1"), FIVE);
    assert_eq!(out.names_of("my2 v1"), FIVE);
    assert_eq!(out.alarm("my2 v1", "LatencyP99").dimensions(), "ApiName=my_api Stage=v1");
}

// D-SW3
#[test]
fn a_resource_of_the_author_that_has_an_alarms_id_stays() {
    let plain = rest(&json!({"Name": "x"}));
    let id = plain.alarm("GET /x", "LatencyP99").id().to_owned();
    let mut template = plain.before.clone();
    template["Resources"][&id] = json!({"Type": "AWS::SNS::Topic"});
    let out = transform(template);
    assert_eq!(out.at(&format!("/Resources/{id}")), &json!({"Type": "AWS::SNS::Topic"}));
    let alarm = out.alarm("GET /x", "LatencyP99");
    assert_ne!(alarm.id(), id);
    assert_eq!(alarm.dimensions(), "ApiName=x Stage=prod Resource=/x Method=GET");
}

// D-SW4
#[test]
fn each_stage_is_watched_by_itself() {
    let out = transform_resources(
        "
        A:  {Type: AWS::ApiGateway::RestApi, Properties: {Name: x, Body: {paths: {/y: {get: {}}}}}}
        S1: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: dev}}
        S2: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}
        ",
    );
    assert_eq!(out.places(), ["A dev", "A dev GET /y", "A prod", "A prod GET /y"]);
    assert_eq!(out.alarm("A dev", "ServerErrorRate").dimensions(), "ApiName=x Stage=dev");
    assert_eq!(out.alarm("A prod GET /y", "LatencyP95").dimensions(), "ApiName=x Stage=prod Resource=/y Method=GET");
}

// D-SW5, D-LU8
#[test]
fn http_websocket_and_serverless_apis_are_watched() {
    let out = transform_resources(
        "
        H:  {Type: AWS::ApiGatewayV2::Api, Properties: {Name: h, ProtocolType: HTTP}}
        HS: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref H, StageName: $default}}
        HR: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref H, RouteKey: GET /x}}
        W:  {Type: AWS::ApiGatewayV2::Api, Properties: {Name: w, ProtocolType: WEBSOCKET}}
        WS: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref W, StageName: live}}
        WR: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref W, RouteKey: $connect}}
        R:  {Type: AWS::Serverless::Api, Properties: {StageName: v1, DefinitionBody: {info: {title: r}, paths: {/x: {get: {}}}}}}
        ",
    );
    let http = out.alarm("H $default GET /x", "ServerErrorRate");
    assert_eq!(http.dimensions(), r#"ApiId={"Ref":"H"} Stage=$default Resource=/x Method=GET"#);
    assert_eq!(http.metrics(), ["5xx Sum", "Count SampleCount"]);
    let socket = out.alarm("W live $connect", "IntegrationErrorRate");
    assert_eq!(socket.dimensions(), r#"ApiId={"Ref":"W"} Stage=live Route=$connect"#);
    assert_eq!(out.alarm("R v1 GET /x", "LatencyP99").dimensions(), "ApiName=r Stage=v1 Resource=/x Method=GET");
}

// D-SW6, D-LU13
#[test]
fn an_alarm_exists_only_where_its_resource_does() {
    let out = transform_yaml(
        "
        Conditions: {C: !Equals [a, b]}
        Resources:
          A: {Type: AWS::ApiGateway::RestApi, Condition: C, Properties: {Name: x}}
          S: {Type: AWS::ApiGateway::Stage, Condition: C, Properties: {RestApiId: !Ref A, StageName: prod}}
          F: {Type: AWS::Lambda::Function, Condition: C, Properties: {}}
        ",
    );
    assert_eq!(out.alarms().len(), FIVE.len() + 3);
    assert!(out.alarms().iter().all(|alarm| alarm.condition() == Some("C")));
}

// D-SW7
#[test]
fn the_configuration_of_one_template_does_not_reach_the_next() {
    let second = "Resources: {A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: two}}, \
                  S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}}";
    let alone = transform_yaml(second).fragment().to_string();
    let first = transform_yaml(
        "
        Metadata: {Toprail: {Throttle: false, Tags: {Team: a}, Alarms: {Api: {LatencyP99: {Threshold: 1}, ClientErrorRate: false}}}}
        Resources:
          A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: one}}
          S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}
        ",
    );
    assert_eq!(first.alarm("A prod", "LatencyP99").threshold(), &json!(1));
    assert_eq!(transform_yaml(second).fragment().to_string(), alone);
}

// D-SW8
#[test]
fn a_topic_may_be_any_intrinsic() {
    for topic in [
        json!({"Ref": "T"}),
        json!({"Fn::ImportValue": "topic"}),
        json!({"Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:t"}),
        json!({"Fn::If": ["C", {"Ref": "T"}, "arn:aws:sns:eu-west-1:123456789012:t"]}),
    ] {
        let out = transform(json!({
            "Conditions": {"C": {"Fn::Equals": ["a", "b"]}},
            "Metadata": {"Toprail": {"Notify": {"Critical": topic, "Warning": topic}}},
            "Resources": {"T": {"Type": "AWS::SNS::Topic"}, "F": {"Type": "AWS::Lambda::Function", "Properties": {}}},
        }));
        assert_eq!(out.alarm("F", "ErrorRate").property("AlarmActions"), &json!([topic]));
        assert!(!out.codes().contains(&"TR202"));
    }
}

// D-SW9
#[test]
fn switched_off_is_off_for_the_template_and_for_a_resource() {
    let off = transform_yaml(
        "
        Metadata: {Toprail: {Enabled: false}}
        Resources: {F: {Type: AWS::Lambda::Function, Properties: {}}}
        ",
    );
    assert_eq!((off.lines(), off.additions()), (Vec::new(), String::new()));
    let one_off = transform_resources(
        "
        F: {Type: AWS::Lambda::Function, Metadata: {Toprail: {Enabled: false}}, Properties: {}}
        G: {Type: AWS::Lambda::Function, Properties: {}}
        ",
    );
    assert_eq!(one_off.places(), ["G"]);
}

// D-SW10
#[test]
fn the_timeout_of_a_function_may_be_an_intrinsic() {
    let out = transform_yaml(
        "
        Parameters: {T: {Type: Number, Default: 20}}
        Resources:
          F: {Type: AWS::Lambda::Function, Properties: {Timeout: !Ref T}}
          G: {Type: AWS::Lambda::Function, Properties: {Timeout: 20}}
        ",
    );
    // Duration in ms, divided by a hundredth of the timeout in ms, is percent of the timeout.
    let alarm = out.alarm("F", "Duration");
    assert_eq!(alarm.threshold(), &json!(90));
    assert_eq!(alarm.expression(), r#"{"Fn::Sub":"d / (10 * ${T})"}"#);
    assert!(!alarm.property("AlarmDescription").to_string().contains("object"));
    assert_eq!(out.alarm("G", "Duration").threshold(), &json!(18_000));
}

// D-SW2, D-SW11, D-SW12, D-SW14
#[test]
fn resources_that_others_stumble_over_pass_unharmed() {
    let out = transform_resources(
        "
        C: {Type: AWS::ECS::Cluster}
        E: {Type: AWS::ECS::Service, Properties: {Cluster: !GetAtt [C, Arn]}}
        N: {Type: AWS::ECS::Service}
        L: {Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: {}}
        T: {Type: AWS::DynamoDB::Table, Properties: {GlobalSecondaryIndexes: !If [C, [], []]}}
        G: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: !Sub '${AWS::StackName}-g'}}
        Q: {Type: AWS::SQS::Queue}
        ",
    );
    assert!(!out.outcome.failed());
    assert_eq!(out.alarm("E", "CpuUtilization").dimension("ClusterName"), json!({"Ref": "C"}));
    assert_eq!(out.alarm("N", "CpuUtilization").dimension("ClusterName"), json!("default"));
    assert!(!out.additions().contains("[object Object]"));
}

// D-SW17, D-LU11
#[test]
fn the_defaults_are_those_of_the_catalogue_and_quiet_data_is_no_alarm() {
    let out = rest(&json!({"Name": "x"}));
    for (name, threshold, window) in [
        ("ClientErrorRate", 15, "60 s, 5 of 5"),
        ("LatencyP95", 2500, "300 s, 2 of 2"),
        ("LatencyP99", 5000, "60 s, 3 of 5"),
        ("ServerErrorRate", 5, "60 s, 3 of 5"),
        ("SuccessRate", 85, "300 s, 2 of 2"),
    ] {
        let alarm = out.alarm("GET /x", name);
        assert_eq!((alarm.threshold(), alarm.window().as_str()), (&json!(threshold), window), "{name}");
        assert_eq!(alarm.property("TreatMissingData"), "notBreaching", "{name}");
        // D-SW19: a period without one of the metrics is no reason to be silent, and is not filled either.
        assert!(alarm.expression().starts_with("IF(") && !alarm.expression().contains("FILL"), "{name}");
    }
}

// D-SW18
#[test]
fn an_alarm_option_of_cloudwatch_is_an_option_here() {
    let out = transform_yaml(
        "
        Metadata: {Toprail: {Alarms: {Function: {Duration: {EvaluationPeriods: 4, DatapointsToAlarm: 2, Statistic: Maximum}}}}}
        Resources: {F: {Type: AWS::Lambda::Function, Properties: {}}}
        ",
    );
    let alarm = out.alarm("F", "Duration");
    assert_eq!((alarm.window().as_str(), alarm.metrics()[0].as_str()), ("300 s, 2 of 4", "Duration Maximum"));
}

// D-SW18
#[test]
fn a_resources_own_configuration_is_as_strict_as_the_templates() {
    let out = transform_resources(
        "
        F: {Type: AWS::Lambda::Function, Metadata: {Toprail: {Alarms: {Function: {Duration: {Threshold: oops, Treshold: 1}}}}}}
        ",
    );
    let at = "/Resources/F/Metadata/Toprail/Alarms/Function/Duration";
    let errors = out.errors();
    assert_eq!(errors.len(), 2, "{errors:#?}");
    assert!(errors[0].starts_with(&format!("{at}/Threshold: `oops`")), "{errors:#?}");
    assert!(errors[1].starts_with(&format!("{at}/Treshold: ")) && errors[1].contains("did you mean `Threshold`?"));
}

// D-SW18, D-LU13
#[test]
fn a_hundred_and_thirty_functions_stay_inside_the_limits_of_a_template() {
    let functions = (0..130).map(|n| (format!("F{n}"), json!({"Type": "AWS::Lambda::Function", "Properties": {}})));
    let out = transform(json!({"Resources": support::object(functions)}));
    assert_eq!(out.fragment()["Resources"].as_object().unwrap().len(), 500);
    let all_have = |name: &str| (0..130).all(|n| out.has(&format!("F{n}"), name));
    assert!(all_have("ErrorRate") && all_have("Throttles") && !all_have("Duration"));
    assert!(out.finding("TR402").what.starts_with("Function.Duration of 20 targets does not fit beside 130 resources"));
}

// D-SW18, 2.5 (9)
#[test]
fn a_loop_that_is_not_expanded_is_left_alone_and_reported() {
    let out = transform_resources(
        "
        Fn::ForEach::Topics: [Name, [a, b], {'T${Name}': {Type: AWS::SNS::Topic}}]
        F: {Type: AWS::Lambda::Function, Properties: {}}
        ",
    );
    assert_eq!(out.places(), ["F"]);
    assert_eq!(out.finding("TR101").at.as_str(), "/Resources/Fn::ForEach::Topics");
}

// D-SW19
#[test]
fn a_function_whose_every_invocation_is_throttled_is_noticed() {
    let out = transform_resources("F: {Type: AWS::Lambda::Function, Properties: {}}");
    let alarm = out.alarm("F", "Throttles");
    // A count of its own: there is no data of `Invocations` to divide by while everything is throttled.
    assert_eq!((alarm.metrics(), alarm.expression()), (vec!["Throttles Sum".to_owned()], String::new()));
    assert_eq!((alarm.threshold(), alarm.property("ComparisonOperator")), (&json!(0), &json!("GreaterThanThreshold")));
    assert_eq!(alarm.dimensions(), r#"FunctionName={"Ref":"F"}"#);
}

// D-SW20
#[test]
fn an_api_that_comes_as_a_parameter_is_referred_to_as_one() {
    let out = transform_yaml(
        "
        Parameters: {Api: {Type: String}}
        Resources:
          S: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Api, StageName: $default}}
          R: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: GET /x}}
        ",
    );
    let alarm = out.alarm("GET /x", "ServerErrorRate");
    assert_eq!(alarm.dimensions(), r#"ApiId={"Ref":"Api"} Stage=$default Resource=/x Method=GET"#);
    assert!(!out.additions().contains("GetAtt"));
}

// D-SW21
#[test]
fn numbers_keep_their_digits() {
    let text = r#"{"Resources":{"J":{"Type":"AWS::Glue::Job","Properties":{"GlueVersion":4.0,"A":1e3,"B":12345678901234567890123,"C":-0.10}},"F":{"Type":"AWS::Lambda::Function","Properties":{}}}}"#;
    let out = transform(serde_json::from_str(text).unwrap());
    let job = r#""J":{"Type":"AWS::Glue::Job","Properties":{"GlueVersion":4.0,"A":1e3,"B":12345678901234567890123,"C":-0.10}}"#;
    let result = out.fragment().to_string();
    assert!(
        result.contains(&job.replace("1e3", "1e+3")) || result.contains(job),
        "{}",
        out.fragment()["Resources"]["J"]
    );
}

// D-LU1
#[test]
fn every_api_has_its_own_methods_under_its_own_name() {
    let out = transform_resources(
        "
        A:  {Type: AWS::ApiGateway::RestApi, Properties: {Name: a, Body: {paths: {/x: {get: {}}}}}}
        B:  {Type: AWS::ApiGateway::RestApi, Properties: {Name: b}}
        RB: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref B, ParentId: !GetAtt [B, RootResourceId], PathPart: y}}
        MB: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref B, ResourceId: !Ref RB, HttpMethod: GET}}
        SA: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}
        SB: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref B, StageName: prod}}
        ",
    );
    assert_eq!(out.places(), ["A prod", "A prod GET /x", "B prod", "B prod GET /y"]);
    assert_eq!(out.alarm("GET /x", "SuccessRate").dimensions(), "ApiName=a Stage=prod Resource=/x Method=GET");
    assert_eq!(out.alarm("GET /y", "SuccessRate").dimensions(), "ApiName=b Stage=prod Resource=/y Method=GET");
}

// D-LU2
#[test]
fn the_title_of_the_definition_names_an_api_that_has_no_name() {
    let out = transform_resources(
        "
        A: {Type: AWS::ApiGateway::RestApi, Properties: {Body: {info: {title: titled}, paths: {/x: {get: {}}}}}}
        S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}
        ",
    );
    assert_eq!(out.alarm("A prod", "LatencyP95").dimensions(), "ApiName=titled Stage=prod");
}

// D-LU3
#[test]
fn only_verbs_are_methods() {
    let out = rest(&json!({"Name": "x", "Body": {"paths": {"/x": {
        "parameters": [], "summary": "s", "description": "d", "servers": [], "x-amazon-apigateway-any-method": {},
        "options": {}, "trace": {}, "$ref": "#/x", "get": {}, "Post": {},
    }}}}));
    assert_eq!(out.places(), ["A prod", "A prod GET /x", "A prod POST /x"]);
    assert_eq!(out.finding("TR303").what, "ANY /x of A is watched at stage level only");
}

// D-LU4
#[test]
fn any_path_gives_valid_logical_ids() {
    let out = rest(
        &json!({"Name": "x", "Body": {"paths": {"/my-res/{proxy+}": {"get": {}}, "/a.b_c/~d": {"get": {}}, "/ü": {"get": {}}}}}),
    );
    assert_eq!(out.alarm("GET /my-res/{proxy+}", "LatencyP99").dimension("Resource"), "/my-res/{proxy+}");
    assert_eq!(out.alarm("GET /a.b_c/~d", "LatencyP99").dimension("Resource"), "/a.b_c/~d");
    assert!(out.alarms().iter().all(|alarm| alarm.id().chars().all(|c| c.is_ascii_alphanumeric())));
}

// D-LU5
#[test]
fn paths_that_read_alike_keep_all_their_alarms() {
    let paths = ["/a/b", "/ab", "/users/{id}", "/users/id", "/Users/id", "/users/i-d"];
    let items = paths.map(|path| (path.to_owned(), json!({"get": {}})));
    let out = rest(&json!({"Name": "x", "Body": {"paths": support::object(items)}}));
    for path in paths {
        assert_eq!(out.names_of(&format!("GET {path}")), FIVE, "{path}");
        assert_eq!(out.alarm(&format!("GET {path}"), "LatencyP99").dimension("Resource"), path);
    }
    assert_eq!(out.fragment()["Resources"].as_object().unwrap().len(), 3 + 5 + 30);
}

// D-LU6
#[test]
fn a_method_that_cannot_be_placed_leaves_the_others_alone() {
    let out = transform_yaml(
        "
        Parameters: {P: {Type: String}, M: {Type: String}}
        Resources:
          A:  {Type: AWS::ApiGateway::RestApi, Properties: {Name: x, Body: {info: {}}}}
          B:  {Type: AWS::ApiGateway::RestApi}
          M1: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, ResourceId: !Ref P, HttpMethod: GET}}
          M2: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, ResourceId: !GetAtt A.RootResourceId, HttpMethod: !Ref M}}
          M3: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, ResourceId: !GetAtt A.RootResourceId, HttpMethod: GET}}
          M4: {Type: AWS::ApiGateway::Method}
          S:  {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}
          Q:  {Type: AWS::SSM::Parameter}
        ",
    );
    assert_eq!(out.places(), ["A prod", "A prod GET /"]);
    let places: Vec<_> = out.findings("TR305").iter().map(|finding| finding.at.as_str().to_owned()).collect();
    assert_eq!(places, ["/Resources/M1", "/Resources/M2"]);
}

// D-LU7
#[test]
fn an_imported_resource_is_not_the_root() {
    let out = transform_resources(
        "
        A:  {Type: AWS::ApiGateway::RestApi, Properties: {Name: x}}
        M1: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, ResourceId: !ImportValue orders, HttpMethod: GET}}
        M2: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, ResourceId: !GetAtt A.RootResourceId, HttpMethod: POST}}
        S:  {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}
        ",
    );
    assert_eq!(out.places(), ["A prod", "A prod POST /"]);
    assert_eq!(out.finding("TR305").at.as_str(), "/Resources/M1");
}

// D-LU8
#[test]
fn what_cannot_be_watched_per_method_is_reported() {
    let out = transform_yaml(
        "
        Parameters: {Api: {Type: String}}
        Resources:
          A:  {Type: AWS::ApiGateway::RestApi, Properties: {Name: x, BodyS3Location: {Bucket: b, Key: k}}}
          S:  {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}
          M1: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: r, HttpMethod: GET}}
          M2: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !ImportValue api, ResourceId: r, HttpMethod: GET}}
          S1: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !ImportValue api, StageName: prod}}
        ",
    );
    assert_eq!(out.places(), ["A prod"]);
    assert_eq!(out.names_of("A prod"), FIVE);
    assert_eq!(out.finding("TR302").at.as_str(), "/Resources/A/Properties/BodyS3Location");
    assert_eq!(out.findings("TR307").len(), 3);
}

// D-LU9
#[test]
fn the_configuration_of_one_function_is_not_that_of_another() {
    let out = transform_resources(
        "
        F: {Type: AWS::Lambda::Function, Metadata: {Toprail: {Alarms: {Function: {ErrorRate: false}}}}, Properties: {}}
        G: {Type: AWS::Lambda::Function, Properties: {}}
        ",
    );
    assert_eq!(out.names_of("F"), ["Duration", "Throttles"]);
    assert_eq!(out.names_of("G"), ["Duration", "ErrorRate", "Throttles"]);
}

// D-LU10
#[test]
fn a_configuration_that_is_accepted_has_an_effect() {
    let out = transform_yaml(
        "
        Metadata: {Toprail: {Alarms: {Function: {Throttles: {Threshold: 0, EvaluationPeriods: 1, Severity: Critical}}}}}
        Resources: {F: {Type: AWS::Lambda::Function, Properties: {}}}
        ",
    );
    // D-LU11: one throttled invocation can alarm.
    let alarm = out.alarm("F", "Throttles");
    assert_eq!((alarm.threshold(), alarm.window().as_str()), (&json!(0), "60 s, 1 of 1"));
    assert_eq!(alarm.planned.severity.as_str(), "Critical");
}

// D-LU12
#[test]
fn the_stage_comes_from_the_template_and_values_from_the_deployment() {
    let out = transform_yaml(
        "
        Parameters: {Env: {Type: String, Default: dev}, Slow: {Type: Number, Default: 100}}
        Metadata: {Toprail: {Alarms: {Api: {LatencyP99: {Threshold: !Ref Slow}}}}}
        Resources:
          A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: x, Body: {paths: {/x: {get: {}}}}}}
          S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: !Ref Env}}
        ",
    );
    let alarm = out.alarm("GET /x", "LatencyP99");
    assert_eq!(alarm.dimensions(), r#"ApiName=x Stage={"Ref":"Env"} Resource=/x Method=GET"#);
    assert_eq!(alarm.threshold(), &json!({"Ref": "Slow"}));
    assert_eq!(alarm.metrics()[1], r#"Latency {"Fn::Sub":"PR(:${Slow})"}"#);
}

// D-LU13
#[test]
fn an_alarm_is_named_after_what_it_watches_not_after_its_threshold() {
    let template = |threshold: u32| {
        format!(
            "
            Metadata: {{Toprail: {{Alarms: {{Api: {{LatencyP99: {{Threshold: {threshold}}}}}}}}}}}
            Resources:
              A:  {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: x}}}}
              S1: {{Type: AWS::ApiGateway::Stage, Properties: {{RestApiId: !Ref A, StageName: dev}}}}
              S2: {{Type: AWS::ApiGateway::Stage, Properties: {{RestApiId: !Ref A, StageName: prod}}}}
            "
        )
    };
    let (low, high) = (transform_yaml(&template(10)), transform_yaml(&template(20)));
    for stage in ["dev", "prod"] {
        let place = format!("A {stage}");
        let (low, high) = (low.alarm(&place, "LatencyP99"), high.alarm(&place, "LatencyP99"));
        assert_eq!(low.id(), high.id());
        assert_eq!(low.property("AlarmName"), high.property("AlarmName"));
        assert_eq!(low.property("AlarmName"), &json!({"Fn::Sub": format!("${{AWS::StackName}} A {stage} LatencyP99")}));
    }
    let ids: std::collections::BTreeSet<_> = low.alarms().iter().map(|alarm| alarm.id().to_owned()).collect();
    assert_eq!(ids.len(), 10);
}

// D-LU14, 2.5 (10)
#[test]
fn the_metrics_that_method_alarms_need_are_switched_on() {
    let out = transform_resources(
        "
        A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: x, Body: {paths: {/x: {get: {}}}}}}
        S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}
        H: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: h, ProtocolType: HTTP}}
        T: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref H, StageName: $default}}
        R: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref H, RouteKey: GET /y}}
        ",
    );
    assert!(out.has("GET /x", "LatencyP99") && out.has("GET /y", "LatencyP99"));
    let rest = out.at("/Resources/S/Properties/MethodSettings/0");
    assert_eq!((&rest["ResourcePath"], &rest["HttpMethod"]), (&json!("/*"), &json!("*")));
    assert_eq!(rest["MetricsEnabled"], true);
    assert_eq!(out.at("/Resources/T/Properties/DefaultRouteSettings/DetailedMetricsEnabled"), true);
}

// 2.5 (4)
#[test]
fn a_deployment_may_name_the_stage() {
    let out = transform_resources(
        "
        A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: x, Body: {paths: {/x: {get: {}}}}}}
        D: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref A, StageName: live}}
        ",
    );
    assert_eq!(out.places(), ["A live", "A live GET /x"]);
    assert_eq!(out.at("/Resources/D/Properties/StageDescription/MethodSettings/0/MetricsEnabled"), true);
}

// D-SW9: Mode and parameters of the transform are read too.
#[test]
fn a_transform_parameter_can_switch_everything_off() {
    let template = "Resources: {F: {Type: AWS::Lambda::Function, Properties: {}}}";
    for off in [json!(false), json!("false")] {
        assert_eq!(transform_with(template, &json!({"Enabled": off})).additions(), "");
    }
}
