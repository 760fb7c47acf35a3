//! The nine laws of Toprail. Each test fails if its law breaks.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on should stop")]

mod support;

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::catch_unwind;
use support::{
    Out, conditions, publishes, soundness, transform, transform_in, transform_unchecked, transform_yaml, yaml,
};
use toprail::Context;

/// Every section, REST both ways, functions, an alarm of the author, a full configuration.
const REST: &str = r#"
Parameters: {Env: {Type: String}, Pager: {Type: String}}
Metadata:
  Other: [1, 2]
  Toprail:
    Profile: Essential
    Notify: {Critical: "arn:aws:sns:eu-west-1:123456789012:pager", Warning: [!Ref Pager]}
    Tags: {Team: payments}
    Alarms: {Api: {LatencyP99: {Threshold: 2000, Period: 60}}, Function: {Throttles: false}}
    Methods: {"GET /x": {LatencyP95: {Threshold: 5}, Throttle: {Rate: 2, Burst: 3}}, "* /a*": {Enabled: true}}
    Suppress: [{Id: TR303, Where: Api, Reason: known}]
Conditions: {IsProd: !Equals [!Ref Env, prod]}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: !If [IsProd, a, !Ref AWS::NoValue]
      Tags: [{Key: a, Value: b}]
      Body:
        openapi: 3.0.1
        info: {title: !Sub "${Env}-orders"}
        paths:
          /x: {get: {responses: {}}, post: !If [IsProd, {}, !Ref AWS::NoValue]}
          /a: !If [IsProd, {x-amazon-apigateway-any-method: {}}, {get: {}}]
  Root: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: tree}}
  Leaf: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !Ref Root, PathPart: "{id}"}}
  Method: {Type: AWS::ApiGateway::Method, Condition: IsProd, Properties: {RestApiId: !Ref Api, ResourceId: !Ref Leaf, HttpMethod: PUT}}
  Deployment: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api}}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      DeploymentId: !Ref Deployment
      StageName: !Ref Env
      MethodSettings: [{ResourcePath: /*, HttpMethod: "*", LoggingLevel: INFO}, {ResourcePath: /~1x, HttpMethod: GET, ThrottlingRateLimit: 1}]
  Function: {Type: AWS::Lambda::Function, Condition: IsProd, Properties: {FunctionName: f, Timeout: 3, Tags: [{Key: k, Value: v}]}}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Condition: IsProd
    Properties:
      Namespace: AWS/Lambda
      MetricName: Errors
      Statistic: Sum
      Dimensions: [{Name: FunctionName, Value: !Ref Function}]
  Table: {Type: AWS::DynamoDB::Table, Properties: {Tags: [{Key: a, Value: !Ref Env}]}}
"#;

/// SAM before it is expanded.
const SAM: &str = r#"
Globals:
  Api: {MethodSettings: [{ResourcePath: /*, HttpMethod: "*", MetricsEnabled: true}], Name: !Ref AWS::StackName}
  HttpApi: {DefaultRouteSettings: {ThrottlingBurstLimit: 5}, RouteSettings: {GET /y: {ThrottlingRateLimit: 1}}}
  Function: {Timeout: 5, Tags: {a: b}}
Metadata: {Toprail: {Tags: {Team: t}, Throttle: {Rate: 5, Burst: 6}}}
Conditions: {C: !Equals [a, b]}
Resources:
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: prod, DefinitionBody: {info: {title: t}, paths: {/z: {get: {}}}}, MethodSettings: [{ResourcePath: /z, HttpMethod: GET, CachingEnabled: true}]}}
  Http: {Type: AWS::Serverless::HttpApi, Properties: {StageName: v1, RouteSettings: {GET /y: {ThrottlingBurstLimit: 1}}}}
  Socket: {Type: AWS::Serverless::WebSocketApi, Properties: {StageName: v1, Routes: {$connect: {}}}}
  Function:
    Type: AWS::Serverless::Function
    Condition: C
    Metadata: {Toprail: {Alarms: {Function: {Duration: {Threshold: 7}}}}}
    IgnoreGlobals: [Timeout]
    Properties:
      Timeout: !Ref AWS::NoValue
      Tags: {x: y}
      Events:
        Implicit: {Type: Api, Properties: {Path: /i, Method: get}}
        Explicit: {Type: Api, Properties: {Path: /e, Method: post, RestApiId: !Ref Api}}
        Http: {Type: HttpApi, Properties: {Path: /y, Method: GET, ApiId: !Ref Http}}
        Default: {Type: HttpApi}
  Machine: {Type: AWS::Serverless::StateMachine, Properties: {Events: {E: {Type: Api, Properties: {Path: /s, Method: any}}}}}
"#;

/// HTTP and WebSocket APIs, and a stage that a deployment names.
const HTTP: &str = r#"
Parameters: {Id: {Type: String}}
Metadata: {Toprail: {Profile: Essential, AnyMethods: [GET], Guardrails: {unthrottled-stage: Warn}, DetailedMetrics: true, AlarmNames: Generated}}
Conditions: {C: !Equals [a, b], D: !Not [!Condition C]}
Resources:
  Http: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: h, ProtocolType: HTTP, Tags: {a: b}}}
  HttpStage: {Type: AWS::ApiGatewayV2::Stage, Condition: C, Properties: {ApiId: !Ref Http, StageName: $default, DefaultRouteSettings: {ThrottlingRateLimit: 1}, RouteSettings: {GET /x: {LoggingLevel: INFO}}}}
  Route: {Type: AWS::ApiGatewayV2::Route, Condition: D, Properties: {ApiId: !Ref Http, RouteKey: !Sub "GET /${Id}/x"}}
  Any: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Http, RouteKey: ANY /any, Target: !Join [/, [integrations, x]]}}
  Quick: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: q, ProtocolType: HTTP, Target: !Ref Id, RouteKey: GET /q}}
  Open: {Type: AWS::ApiGatewayV2::Api, Properties: {Body: {openapi: 3.0.1, paths: {/o: {get: {}}, $default: {x-amazon-apigateway-any-method: {}}}}}}
  OpenStage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Open, StageName: o}}
  Socket: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: s, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}}
  SocketStage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Socket, StageName: s}}
  Connect: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Socket, RouteKey: $connect}}
  Rest: {Type: AWS::ApiGateway::RestApi, Properties: {Name: r}}
  Deployment: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Rest, StageName: live, StageDescription: {MethodSettings: []}}}
  Elsewhere: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !ImportValue id, RouteKey: GET /far}}
"#;

/// Pointers to all values inside a value.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    let mut inner = |key: &str, value: &Value| {
        let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        out.push(at.clone());
        places(value, &at, out);
    };
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| inner(key, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| inner(&index.to_string(), value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What stands in a place where something else is expected.
fn strange_values() -> [Value; 12] {
    [
        json!(null),
        json!(true),
        json!(-7.5),
        json!("/ü ${"),
        json!([null, {"Ref": "X"}]),
        json!({}),
        json!({"Ref": "X"}),
        json!({"Ref": ["X"]}),
        json!({"Ref": "AWS::NoValue"}),
        json!({"Fn::If": ["X", {"a": 1}, [2]]}),
        json!({"Fn::Sub": ["${x", 1]}),
        json!({"Fn::Transform": {"Name": "AWS::Include"}}),
    ]
}

/// Puts strange values in every place of a template. Returns what was wrong with the results, each with the cases where it was.
fn broken_by_strange_values(template: &Value) -> BTreeMap<String, Vec<String>> {
    let mut pointers = Vec::new();
    places(template, "", &mut pointers);
    let mut complaints: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (at, strange) in pointers.iter().flat_map(|at| strange_values().map(|strange| (at, strange))) {
        let mut mutated = template.clone();
        *mutated.pointer_mut(at).unwrap() = strange.clone();
        let found = match catch_unwind(|| transform_unchecked(mutated, Context::default())) {
            Err(_) => vec!["panics".to_owned()],
            Ok(out) => {
                // Without its parameters, a topic that `Notify` refers to is a mistake in the configuration.
                let is_excused = ["/Metadata", "/Parameters"].iter().any(|section| at.starts_with(section));
                let is_configuration = is_excused || at.contains("Metadata/Toprail") || !out.outcome.failed();
                let failure = (!is_configuration).then(|| format!("fails: {:?}", out.errors()));
                soundness::complaints(&out).into_iter().chain(failure).collect()
            }
        };
        for complaint in found {
            complaints.entry(complaint).or_default().push(format!("{at} = {strange}"));
        }
    }
    complaints
}

fn assert_unbroken(template: &str) {
    let complaints = broken_by_strange_values(&yaml(template));
    let line =
        |(what, cases): (&String, &Vec<String>)| format!("{what}\n  in {} cases, such as {}", cases.len(), cases[0]);
    let shown: Vec<_> = complaints.iter().map(line).collect();
    assert!(complaints.is_empty(), "{}", shown.join("\n"));
}

#[test]
fn law_1_no_value_in_a_rest_template_can_break_a_deployment() {
    assert_unbroken(REST);
}

#[test]
fn law_1_no_value_in_a_serverless_template_can_break_a_deployment() {
    assert_unbroken(SAM);
}

#[test]
fn law_1_no_value_in_an_http_template_can_break_a_deployment() {
    assert_unbroken(HTTP);
}

#[test]
fn law_1_a_shape_that_is_not_known_stays_byte_for_byte_and_is_reported() {
    let strange = r#"{"Anything":[1.50,1E2,"é\u0000",{"Ref":"A","And":"more"}],"Resources":{"Odd":7,"Loop":{"Properties":{"x":null}},"Fn::ForEach::L":["I",["a"],{"R${I}":{"Type":"T"}}],"New":{"Type":"AWS::Future::Thing","Properties":{"Tags":9,"Deep":[[[{"k":-0.0}]]]}}}}"#;
    let before: Value = serde_json::from_str(strange).unwrap();
    let out = transform(before.clone());
    assert_eq!(out.fragment().to_string(), before.to_string());
    let places: Vec<_> = out.outcome.findings.iter().map(|finding| (finding.code.id, finding.at.to_string())).collect();
    let expected = [("TR101", "/Resources/Fn::ForEach::L"), ("TR102", "/Resources/Loop"), ("TR102", "/Resources/Odd")];
    assert_eq!(places, expected.map(|(code, at)| (code, at.to_owned())));
}

#[test]
fn law_1_every_reason_for_a_failure_is_named_at_once_with_its_place_and_what_to_do() {
    let out = transform_yaml(
        "
        Metadata: {Toprail: {Mode: Inject, Profil: Standard, Alarms: {Api: {LatencyP99: {Period: 61}}}, Guardrails: {unthrottled-stage: Deny}}}
        Resources:
          A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: x}}
          S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}
          F: {Type: AWS::Lambda::Function, Metadata: {Toprail: {Enabled: perhaps}}}
        ",
    );
    let errors = out.errors();
    assert_eq!(errors.len(), 4, "{errors:#?}");
    for (at, help) in [
        ("/Metadata/Toprail/Alarms/Api/LatencyP99/Period", "a multiple of 60"),
        ("/Metadata/Toprail/Profil", "did you mean `Profile`?"),
        ("/Resources/F/Metadata/Toprail/Enabled", "write true or false"),
        ("/Resources/S", "unthrottled-stage"),
    ] {
        assert!(
            errors.iter().any(|error| error.starts_with(&format!("{at}: ")) && error.contains(help)),
            "{errors:#?}"
        );
    }
    assert_eq!(out.fragment(), &out.before);
}

#[test]
fn law_2_what_the_author_set_for_a_stage_stays() {
    let out = transform_yaml(
        "
        Metadata: {Toprail: {Throttle: {Rate: 9, Burst: 9}, Methods: {GET /x: {Throttle: {Rate: 8, Burst: 8}}}, Tags: {team: ours, More: m}}}
        Resources:
          A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: x, Tags: [{Key: team, Value: theirs}], Body: {paths: {/x: {get: {}}, /y: {get: {}}}}}}
          S:
            Type: AWS::ApiGateway::Stage
            Properties:
              RestApiId: !Ref A
              StageName: prod
              MethodSettings:
                - {ResourcePath: /~1x, HttpMethod: GET, ThrottlingBurstLimit: 1, MetricsEnabled: false}
                - {ResourcePath: /*, HttpMethod: '*', ThrottlingRateLimit: 0, LoggingLevel: 'OFF', MetricsEnabled: 'true'}
        ",
    );
    assert_eq!(
        out.at("/Resources/S/Properties/MethodSettings"),
        &out.before["Resources"]["S"]["Properties"]["MethodSettings"]
    );
    let tags = json!([{"Key": "team", "Value": "theirs"}, {"Key": "More", "Value": "m"}]);
    assert_eq!(out.at("/Resources/A/Properties/Tags"), &tags);
    // The author's choice for one method: it has no metrics, so it has no alarms.
    assert_eq!(out.places(), ["A prod", "A prod GET /y"]);
    assert_eq!(out.findings("TR306").len(), 1);
}

/// A REST API with one method, a named function, and an alarm of the author.
fn with_alarm(properties: &Value, condition: Option<&str>) -> Out {
    let mut template = yaml(
        "
        Parameters: {Name: {Type: String}}
        Conditions: {C: !Equals [a, b]}
        Resources:
          A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: !Sub '${Name}-api', Body: {paths: {/x: {get: {}}}}}}
          S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}
          F: {Type: AWS::Lambda::Function, Properties: {FunctionName: fn}}
          Mine: {Type: AWS::CloudWatch::Alarm}
        ",
    );
    template["Resources"]["Mine"]["Properties"] = properties.clone();
    if let Some(condition) = condition {
        template["Resources"]["Mine"]["Condition"] = json!(condition);
    }
    transform(template)
}

#[test]
fn law_2_an_authors_alarm_on_the_same_metric_is_not_doubled_in_whatever_form_it_is_written() {
    let names = [json!({"Fn::Sub": "${Name}-api"}), json!({"Fn::Join": ["-", [{"Ref": "Name"}, "api"]]})];
    let stages = [json!("prod"), json!({"Ref": "S"}), json!({"Fn::Sub": "${S}"})];
    for (name, stage) in names.iter().flat_map(|name| stages.iter().map(move |stage| (name, stage))) {
        let dimensions = json!([
            {"Name": "Method", "Value": "GET"}, {"Name": "Resource", "Value": "/x"},
            {"Name": "ApiName", "Value": name}, {"Name": "Stage", "Value": stage},
        ]);
        let metric = json!({"Namespace": "AWS/ApiGateway", "MetricName": "5XXError", "Dimensions": dimensions});
        let mut single = metric.clone();
        single["Statistic"] = json!("Sum");
        let math = json!({"Metrics": [
            {"Id": "e", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}, "ReturnData": false},
            {"Id": "r", "Expression": "e * 1"},
        ]});
        for alarm in [single, math] {
            let out = with_alarm(&alarm, None);
            assert!(!out.has("GET /x", "ServerErrorRate"), "{alarm}");
            assert!(out.has("A prod", "ServerErrorRate") && out.has("GET /x", "ClientErrorRate"), "{alarm}");
            assert_eq!(out.finding("TR401").at.as_str(), "/Resources/Mine");
        }
    }
}

#[test]
fn law_2_an_authors_alarm_that_may_not_exist_is_stood_in_for_where_it_does_not() {
    for value in [json!("fn"), json!({"Ref": "F"}), json!({"Fn::Sub": "${F}"})] {
        let alarm = json!({"Namespace": "AWS/Lambda", "MetricName": "Errors", "Statistic": "Sum", "Dimensions": [{"Name": "FunctionName", "Value": value}]});
        let out = with_alarm(&alarm, Some("C"));
        let ours = out.alarm("F", "ErrorRate").condition().expect("a condition");
        assert_eq!(out.at(&format!("/Conditions/{ours}")), &json!({"Fn::Not": [{"Condition": "C"}]}), "{value}");
        assert!(!with_alarm(&alarm, None).has("F", "ErrorRate"), "{value}");
    }
}

#[test]
fn law_2_an_authors_alarm_on_something_else_replaces_none_of_ours() {
    let dimension = |name: &str, value: &str| json!({"Name": name, "Value": value});
    for (namespace, metric, dimensions) in [
        ("AWS/Lambda", "Errors", json!([dimension("FunctionName", "other")])),
        ("AWS/Lambda", "Errors", json!([])),
        ("AWS/Lambda", "Errors", json!([dimension("FunctionName", "fn"), dimension("Resource", "fn:live")])),
        ("Custom", "Errors", json!([dimension("FunctionName", "fn")])),
        ("AWS/Lambda", "Invocations", json!([dimension("FunctionName", "fn")])),
    ] {
        let alarm = json!({"Namespace": namespace, "MetricName": metric, "Statistic": "Sum", "Dimensions": dimensions});
        let out = with_alarm(&alarm, None);
        assert_eq!(out.alarms().len(), 5 + 5 + 3, "{alarm}");
    }
}

#[test]
fn law_3_the_same_input_gives_the_same_bytes_whatever_came_before() {
    let alone = [REST, SAM, HTTP].map(|template| transform_yaml(template).fragment().to_string());
    let reversed = [HTTP, SAM, REST].map(|template| transform_yaml(template).fragment().to_string());
    assert!(alone.iter().eq(reversed.iter().rev()));
    // Account, region and parameter values are no part of the result, except for what depends on the length of names.
    let context = Context { account: "1".into(), region: "eu-west-1".into(), ..Context::default() };
    assert_eq!(transform_in(yaml(SAM), context).fragment().to_string(), alone[1]);
}

#[test]
fn law_3_twice_is_once() {
    // `transform_yaml` runs every result through a second pass; here also a third, and the plan agrees.
    for template in [REST, SAM, HTTP] {
        let out = transform_yaml(template);
        let again = transform(out.fragment().clone());
        assert_eq!(again.lines(), Vec::<String>::new());
        assert_eq!(again.outcome.plan.alarms.len(), out.outcome.plan.alarms.len());
        assert!(again.outcome.plan.changes.is_empty(), "{:#?}", again.outcome.plan.changes);
    }
}

/// The same value with the keys of every object the other way round.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(object) => object.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect(),
        Value::Array(items) => items.iter().map(reversed).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

#[test]
fn law_3_the_order_of_keys_in_the_configuration_means_nothing() {
    let template = yaml(
        "
        Metadata:
          Toprail:
            Notify: {Critical: 'arn:aws:sns:eu-west-1:123456789012:p', Warning: 'arn:aws:sns:eu-west-1:123456789012:w'}
            Alarms: {Api: {Enabled: true, LatencyP99: {Threshold: 1, Period: 120}, LatencyP95: false}, Stage: {LatencyP99: {Threshold: 2}}}
            Methods:
              'GET /a*': {LatencyP99: {Threshold: 3}}
              'GET *ab': {LatencyP99: {Threshold: 4}}
              'GET *aa': {LatencyP99: {Threshold: 5}}
              '* /ab': {ClientErrorRate: false}
        Resources:
          A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: x, Body: {paths: {/ab: {get: {}}, /aa: {get: {}, post: {}}}}}}
          S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod}}
        ",
    );
    let mut other = template.clone();
    other["Metadata"] = reversed(&template["Metadata"]);
    assert_eq!(
        transform(template).fragment()["Resources"].to_string(),
        transform(other).fragment()["Resources"].to_string()
    );
}

const NASTY: &str = r#"
Parameters: {Env: {Type: String}}
Conditions: {C: !Equals [!Ref Env, prod]}
Resources:
  A:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: !Ref Env
      Body:
        paths:
          /: {get: {}}
          /a/b: {get: {}, post: {}}
          /ab: {get: {}}
          /users/{id}: {get: {}}
          /users/id: {get: {}}
          /my-res/{proxy+}: {get: {}}
          /v1.0/ü~x: {delete: {}}
          /a%20b/c:d: {patch: {}}
  S1: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: v-1}}
  S2: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: !Sub "${Env}_x"}}
  Ab: {Type: AWS::ApiGateway::RestApi, Properties: {Name: ab}}
  S3: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Ab, StageName: v1}}
  H: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: h, ProtocolType: HTTP}}
  HS: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref H, StageName: $default}}
  HR: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref H, RouteKey: "POST /a/{b}"}}
  W: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: w, ProtocolType: WEBSOCKET}}
  WS: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref W, StageName: live}}
  WR: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref W, RouteKey: $connect}}
  F: {Type: AWS::Lambda::Function, Condition: C, Properties: {}}
  Events: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: Api, Properties: {Path: /e, Method: get}}}}}
"#;

fn ids(out: &Out) -> Vec<String> {
    out.alarms().iter().map(|alarm| format!("{} {} {}", alarm.id(), alarm.place(), alarm.name())).collect()
}

#[test]
fn law_4_the_logical_ids_are_frozen() {
    let ids = ids(&transform_yaml(NASTY)).join("\n") + "\n";
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ids.golden");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(golden, &ids).unwrap();
    }
    let frozen = std::fs::read_to_string(golden).unwrap();
    assert_eq!(
        ids, frozen,
        "a changed id deletes and recreates people's alarms; if that is meant: UPDATE=1, and say so in the release notes"
    );
}

#[test]
fn law_4_an_id_depends_on_what_is_watched_only() {
    let plain = ids(&transform_yaml(NASTY));
    let mut template = yaml(NASTY);
    template["Metadata"] = yaml(
        "
        Toprail:
          Alarms: {Api: {LatencyP99: {Threshold: 1, Period: 300, EvaluationPeriods: 2, Severity: Warning}}}
          Throttle: false
          Tags: {Team: t}
          Notify: {Critical: arn:aws:sns:eu-west-1:123456789012:t}
        ",
    );
    template["Resources"]["Another"] = json!({"Type": "AWS::Lambda::Function", "Properties": {}});
    template["Resources"]["A"]["Properties"]["Name"] = json!("renamed");
    template["Resources"]["A"]["Properties"]["Body"]["paths"]["/new"] = json!({"get": {}});
    template["Resources"]["A"]["Condition"] = json!("C");
    template["Resources"] = reversed_once(&template["Resources"]);
    let configured: BTreeSet<_> = ids(&transform(template)).into_iter().collect();
    let lost: Vec<_> = plain.iter().filter(|id| !configured.contains(*id)).collect();
    assert!(lost.is_empty(), "{lost:#?}");
}

fn reversed_once(object: &Value) -> Value {
    object.as_object().unwrap().iter().rev().map(|(key, value)| (key.clone(), value.clone())).collect()
}

#[test]
fn law_4_an_id_that_the_template_uses_otherwise_is_not_taken() {
    let template = yaml(NASTY);
    let plain = transform(template.clone());
    let alarms = plain.alarms();
    let (first, second) = (alarms[0].id(), alarms[1].id());
    let mut crowded = template.clone();
    crowded["Resources"][first] = json!({"Type": "AWS::SSM::Parameter"});
    crowded["Parameters"][second] = json!({"Type": "String"});
    let out = transform(crowded);
    assert_eq!(out.lines(), plain.lines());
    assert!(out.alarms().iter().all(|alarm| alarm.id() != first && alarm.id() != second));
    let changed = ids(&out).iter().zip(ids(&plain)).filter(|(a, b)| *a != b).count();
    assert_eq!(changed, 2);
}

#[test]
fn law_4_two_stages_of_one_name_under_two_conditions_are_one_stage() {
    let out = transform_yaml(
        "
        Conditions: {C: !Equals [a, b], NotC: !Not [!Condition C]}
        Resources:
          A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: x, Body: {paths: {/x: {get: {}}}}}}
          S1: {Type: AWS::ApiGateway::Stage, Condition: C, Properties: {RestApiId: !Ref A, StageName: prod}}
          S2: {Type: AWS::ApiGateway::Stage, Condition: NotC, Properties: {RestApiId: !Ref A, StageName: prod}}
        ",
    );
    assert_eq!(out.places(), ["A prod", "A prod GET /x"]);
    for values in conditions::assignments(&[]) {
        assert_eq!(conditions::watched(&conditions::deployed(out.fragment(), &values)).len(), 10);
    }
    for stage in ["S1", "S2"] {
        assert_eq!(out.at(&format!("/Resources/{stage}/Properties/MethodSettings/0/MetricsEnabled")), true);
    }
}

#[test]
fn law_5_every_alarm_on_a_method_has_its_metrics_switched_on() {
    let out = transform_yaml(NASTY);
    let stages = [("A v-1", "S1"), ("A ${Env}_x", "S2"), ("H $default", "HS")];
    let mut checked = 0;
    for (place, stage) in stages {
        let properties = &out.fragment()["Resources"][stage]["Properties"];
        for alarm in out.alarms() {
            if let Some((verb, path)) =
                alarm.place().strip_prefix(&format!("{place} ")).and_then(|rest| rest.split_once(' '))
            {
                assert!(publishes(properties, verb, path), "{}", alarm.place());
                checked += 1;
            }
        }
    }
    assert_eq!(checked, (9 + 9 + 1) * 5);
    assert_eq!(out.at("/Resources/WS/Properties/DefaultRouteSettings/DetailedMetricsEnabled"), true);
    assert_eq!(out.at("/Globals/Api/MethodSettings/0/MetricsEnabled"), true);
}

#[test]
fn law_5_where_the_author_switched_metrics_off_the_stage_is_watched_instead() {
    let out = transform_yaml(
        "
        Resources:
          A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: x, Body: {paths: {/x: {get: {}}}}}}
          S: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: prod, MethodSettings: [{ResourcePath: /*, HttpMethod: '*', MetricsEnabled: false}]}}
          H: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: h, ProtocolType: HTTP}}
          T: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref H, StageName: t, DefaultRouteSettings: {DetailedMetricsEnabled: 'false'}}}
          R: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref H, RouteKey: GET /y}}
          Q: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: q, ProtocolType: HTTP, Target: t, RouteKey: GET /q}}
        ",
    );
    assert_eq!(out.places(), ["A prod", "H t", "Q $default"]);
    assert!(out.has("A prod", "LatencyP99") && out.has("H t", "SuccessRate"));
    let places: Vec<_> = out.findings("TR306").iter().map(|finding| finding.at.to_string()).collect();
    assert_eq!(places, ["/Resources/Q", "/Resources/S", "/Resources/T"]);
}

#[test]
fn law_5_the_metrics_and_statistics_of_all_alarms_exist() {
    let rest = ["4XXError", "5XXError", "Count", "Latency"];
    let http = ["4xx", "5xx", "Count", "Latency"];
    let socket = ["ClientError", "ExecutionError", "IntegrationError", "IntegrationLatency"];
    let function = ["Duration", "Errors", "Invocations", "Throttles"];
    for alarm in transform_yaml(NASTY).alarms() {
        let dimensions = alarm.dimensions();
        let names: Vec<_> = dimensions.split(' ').filter_map(|pair| Some(pair.split_once('=')?.0)).collect();
        let known = match names[..] {
            ["ApiName", "Stage"] | ["ApiName", "Stage", "Resource", "Method"] => rest,
            ["ApiId", "Stage"] if dimensions.contains("\"H\"") => http,
            ["ApiId", "Stage", "Resource", "Method"] => http,
            ["ApiId", "Stage"] | ["ApiId", "Stage", "Route"] => socket,
            ["FunctionName"] => function,
            _ => panic!("{dimensions}"),
        };
        for metric in alarm.metrics() {
            let (name, statistic) = metric.split_once(' ').unwrap();
            assert!(known.contains(&name), "{dimensions}: {name}");
            let is_known = ["Sum", "Average", "SampleCount"].contains(&statistic)
                || statistic.strip_prefix('p').is_some_and(|percentile| percentile.parse::<f64>().is_ok())
                || statistic
                    .strip_prefix("PR(:")
                    .and_then(|rest| rest.strip_suffix(')'))
                    .is_some_and(|n| n.parse::<f64>().is_ok());
            assert!(is_known, "{statistic}");
        }
    }
}

/// What an alarm's comparison says for one period, where `value` gives each metric and statistic its value.
fn is_breaching(alarm: &support::Alarm<'_>, value: impl Fn(&str, &str) -> f64) -> bool {
    let series = alarm.metrics();
    let values = series.iter().map(|series| series.split_once(' ').unwrap()).map(|(name, stat)| value(name, stat));
    let result = match alarm.property("Metrics").as_array() {
        None => values.into_iter().next().unwrap(),
        Some(metrics) => {
            let ids = metrics.iter().skip(1).map(|metric| metric["Id"].as_str().unwrap().to_owned());
            support::math::evaluate(&alarm.expression(), &ids.zip(values).collect())
        }
    };
    let threshold = alarm.threshold().as_f64().unwrap();
    match alarm.property("ComparisonOperator").as_str().unwrap() {
        "GreaterThanThreshold" => result > threshold,
        "LessThanThreshold" => result < threshold,
        other => panic!("{other}"),
    }
}

#[test]
fn law_5_every_alarm_fires_when_everything_fails_and_is_silent_when_nothing_does() {
    let is_count = |name: &str, stat: &str| matches!(name, "Count" | "Invocations") || stat == "SampleCount";
    let failing = |requests: f64| {
        move |name: &str, stat: &str| match stat {
            _ if is_count(name, stat) => requests,
            "Sum" => requests,
            "Average" => 1.0,
            rank if rank.starts_with("PR(") => 0.0,
            _ => 1e6,
        }
    };
    let healthy = |requests: f64| {
        move |name: &str, stat: &str| match stat {
            _ if is_count(name, stat) => requests,
            rank if rank.starts_with("PR(") => 100.0,
            p if p.starts_with('p') => 10.0,
            _ => 0.0,
        }
    };
    for alarm in transform_yaml(NASTY).alarms() {
        let line = format!("{} {}: {}", alarm.place(), alarm.name(), alarm.expression());
        assert!([20.0, 1e6].iter().all(|&requests| is_breaching(&alarm, failing(requests))), "{line}");
        assert!([1.0, 20.0, 1e6].iter().all(|&requests| !is_breaching(&alarm, healthy(requests))), "{line}");
        // One odd request is not enough: it is below the gate, or it has to happen again.
        let again = alarm.property("DatapointsToAlarm").as_u64().unwrap() >= 2;
        assert!(again || !is_breaching(&alarm, failing(1.0)), "{line}");
    }
}

/// Transforming and deploying gives the alarms that deploying and transforming would give, for all parameter values.
fn assert_conditions_travel(template: &str, parameters: &[&str]) {
    let template = yaml(template);
    let out = transform(template.clone());
    for values in conditions::assignments(parameters) {
        let ours = conditions::watched(&conditions::deployed(out.fragment(), &values));
        let alone = transform(conditions::deployed(&template, &values));
        let theirs = conditions::watched(alone.fragment());
        let missing: Vec<_> = theirs.iter().filter(|alarm| !ours.contains(alarm)).collect();
        let surplus: Vec<_> = ours.iter().filter(|alarm| !theirs.contains(alarm)).collect();
        assert!(missing.is_empty() && surplus.is_empty(), "{values:?}: missing {missing:#?}, surplus {surplus:#?}");
        assert_eq!(ours.len(), theirs.len(), "{values:?}: an alarm is there twice");
    }
}

#[test]
fn law_6_rest_alarms_exist_exactly_when_api_stage_path_and_method_do() {
    assert_conditions_travel(
        "
        Conditions:
          A: !Equals [!Ref PA, 'yes']
          B: !Equals [!Ref PB, 'yes']
          C: !Equals [!Ref PC, 'yes']
          D: !And [!Condition A, !Not [!Condition B]]
        Resources:
          Api:
            Type: AWS::ApiGateway::RestApi
            Condition: A
            Properties:
              Name: !If [B, b, !Ref AWS::NoValue]
              Body:
                Fn::If:
                - C
                - info: {title: t}
                  paths:
                    /x: {get: !If [B, {}, !Ref AWS::NoValue], put: !If [B, {a: 1}, {a: 2}]}
                    /y: !If [B, {get: {}}, {get: {}, post: {}}]
                - {info: {title: u}, paths: {/x: {get: {}}, /z: {get: {}}}}
          Stage: {Type: AWS::ApiGateway::Stage, Condition: A, Properties: {RestApiId: !Ref Api, StageName: prod}}
          Extra: {Type: AWS::ApiGateway::Stage, Condition: D, Properties: {RestApiId: !Ref Api, StageName: extra}}
          Tree: {Type: AWS::ApiGateway::RestApi, Properties: {Name: tree}}
          TreeStage: {Type: AWS::ApiGateway::Stage, Condition: B, Properties: {RestApiId: !Ref Tree, StageName: prod}}
          Part: {Type: AWS::ApiGateway::Resource, Condition: A, Properties: {RestApiId: !Ref Tree, ParentId: !GetAtt Tree.RootResourceId, PathPart: part}}
          Leaf: {Type: AWS::ApiGateway::Resource, Condition: A, Properties: {RestApiId: !Ref Tree, ParentId: !Ref Part, PathPart: leaf}}
          Get: {Type: AWS::ApiGateway::Method, Condition: D, Properties: {RestApiId: !Ref Tree, ResourceId: !Ref Leaf, HttpMethod: GET}}
          Other: {Type: AWS::ApiGateway::Method, Condition: C, Properties: {RestApiId: !Ref Tree, ResourceId: !GetAtt Tree.RootResourceId, HttpMethod: GET}}
          Same: {Type: AWS::ApiGateway::Method, Condition: A, Properties: {RestApiId: !Ref Tree, ResourceId: !GetAtt Tree.RootResourceId, HttpMethod: GET}}
        ",
        &["PA", "PB", "PC"],
    );
}

#[test]
fn law_6_http_alarms_exist_exactly_when_api_stage_and_route_do() {
    assert_conditions_travel(
        "
        Conditions: {A: !Equals [!Ref PA, 'yes'], B: !Equals [!Ref PB, 'yes'], NotA: !Not [!Condition A]}
        Resources:
          H:  {Type: AWS::ApiGatewayV2::Api, Condition: A, Properties: {Name: h, ProtocolType: HTTP}}
          HS: {Type: AWS::ApiGatewayV2::Stage, Condition: A, Properties: {ApiId: !Ref H, StageName: $default}}
          HR: {Type: AWS::ApiGatewayV2::Route, Condition: B, Properties: {ApiId: !Ref H, RouteKey: GET /x}}
          W:  {Type: AWS::ApiGatewayV2::Api, Properties: {Name: w, ProtocolType: WEBSOCKET}}
          W1: {Type: AWS::ApiGatewayV2::Stage, Condition: A, Properties: {ApiId: !Ref W, StageName: live}}
          W2: {Type: AWS::ApiGatewayV2::Stage, Condition: NotA, Properties: {ApiId: !Ref W, StageName: live}}
          WR: {Type: AWS::ApiGatewayV2::Route, Condition: B, Properties: {ApiId: !Ref W, RouteKey: $connect}}
          Q:  {Type: AWS::ApiGatewayV2::Api, Condition: B, Properties: {Name: q, ProtocolType: HTTP, Target: t}}
          F:  {Type: AWS::Lambda::Function, Condition: NotA, Properties: {Timeout: 10}}
        ",
        &["PA", "PB"],
    );
}

#[test]
fn law_6_an_authors_conditional_alarms_leave_no_gap_and_no_double() {
    assert_conditions_travel(
        "
        Conditions:
          A: !Equals [!Ref PA, 'yes']
          B: !Equals [!Ref PB, 'yes']
          NotB: !Not [!Condition B]
        Resources:
          F: {Type: AWS::Lambda::Function, Condition: A, Properties: {}}
          G: {Type: AWS::Lambda::Function, Properties: {}}
          FErrors: {Type: AWS::CloudWatch::Alarm, Condition: B, Properties: {Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Dimensions: [{Name: FunctionName, Value: !Ref F}], ComparisonOperator: GreaterThanThreshold, Threshold: 1, EvaluationPeriods: 1}}
          GErrors: {Type: AWS::CloudWatch::Alarm, Condition: B, Properties: {Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Dimensions: [{Name: FunctionName, Value: !Ref G}], ComparisonOperator: GreaterThanThreshold, Threshold: 2, EvaluationPeriods: 1}}
          GMore: {Type: AWS::CloudWatch::Alarm, Condition: NotB, Properties: {Namespace: AWS/Lambda, MetricName: Errors, Statistic: Sum, Dimensions: [{Name: FunctionName, Value: !Ref G}], ComparisonOperator: GreaterThanThreshold, Threshold: 3, EvaluationPeriods: 1}}
          GThrottles: {Type: AWS::CloudWatch::Alarm, Condition: A, Properties: {Namespace: AWS/Lambda, MetricName: Throttles, Statistic: Sum, Dimensions: [{Name: FunctionName, Value: !Ref G}], ComparisonOperator: GreaterThanThreshold, Threshold: 4, EvaluationPeriods: 1}}
        ",
        &["PA", "PB"],
    );
}

#[test]
fn law_6_stages_of_one_name_keep_their_own_settings() {
    assert_conditions_travel(
        "
        Conditions: {A: !Equals [!Ref PA, 'yes'], NotA: !Not [!Condition A], B: !Equals [!Ref PB, 'yes']}
        Resources:
          Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: x, Body: {paths: {/x: {get: {}, put: !If [B, {}, !Ref AWS::NoValue]}}}}}
          Off: {Type: AWS::ApiGateway::Stage, Condition: A, Properties: {RestApiId: !Ref Api, StageName: prod, MethodSettings: [{ResourcePath: /*, HttpMethod: '*', MetricsEnabled: false}]}}
          Plain: {Type: AWS::ApiGateway::Stage, Condition: NotA, Properties: {RestApiId: !Ref Api, StageName: prod}}
          Live: {Type: AWS::ApiGateway::Deployment, Condition: B, Properties: {RestApiId: !Ref Api, StageName: live}}
          H: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: h, ProtocolType: HTTP}}
          R: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref H, RouteKey: GET /h}}
          One: {Type: AWS::ApiGatewayV2::Stage, Condition: A, Properties: {ApiId: !Ref H, StageName: s, DefaultRouteSettings: {DetailedMetricsEnabled: false}}}
          Two: {Type: AWS::ApiGatewayV2::Stage, Condition: NotA, Properties: {ApiId: !Ref H, StageName: s}}
        ",
        &["PA", "PB"],
    );
}

#[test]
fn law_6_what_would_need_a_condition_that_cannot_be_added_is_reported() {
    let template = yaml(
        "
        A: {Type: AWS::ApiGateway::RestApi, Condition: C, Properties: {Name: x, Body: {paths: {/x: {get: !If [D, {}, !Ref AWS::NoValue]}, /y: {get: {}}}}}}
        S: {Type: AWS::ApiGateway::Stage, Condition: C, Properties: {RestApiId: !Ref A, StageName: prod}}
        ",
    );
    let out = transform(template);
    assert_eq!(out.places(), ["A prod", "A prod GET /y"]);
    assert!(out.alarms().iter().all(|alarm| alarm.condition() == Some("C")));
    assert!(out.findings("TR104").len() > 1);
}

#[test]
fn law_6_serverless_alarms_exist_exactly_when_their_functions_do() {
    let out = transform_yaml(
        "
        Conditions: {A: !Equals [!Ref PA, 'yes'], B: !Equals [!Ref PB, 'yes'], C: !Equals [!Ref PC, 'yes']}
        Resources:
          F: {Type: AWS::Serverless::Function, Condition: A, Properties: {Events: {E: {Type: Api, Properties: {Path: /f, Method: get}}, S: {Type: Api, Properties: {Path: /s, Method: get}}}}}
          G: {Type: AWS::Serverless::Function, Condition: B, Properties: {Events: {E: {Type: Api, Properties: {Path: /g, Method: get}}, S: {Type: Api, Properties: {Path: /s, Method: get}}}}}
          H: {Type: AWS::Serverless::HttpApi, Condition: C}
          K: {Type: AWS::Serverless::Function, Condition: A, Properties: {Events: {E: {Type: HttpApi, Properties: {Path: /k, Method: get, ApiId: !Ref H}}}}}
        ",
    );
    let expected = |values: &conditions::Values| {
        let is = |name: &str| values[name] == "yes";
        let mut places = vec![];
        if is("PA") || is("PB") {
            places.push("ServerlessRestApi Prod");
            places.push("ServerlessRestApi Prod GET /s");
        }
        for (exists, own) in [
            (is("PA"), "ServerlessRestApi Prod GET /f"),
            (is("PB"), "ServerlessRestApi Prod GET /g"),
            (is("PA"), "F"),
            (is("PB"), "G"),
            (is("PA"), "K"),
            (is("PC"), "H $default"),
            (is("PC") && is("PA"), "H $default GET /k"),
        ] {
            places.extend(exists.then_some(own));
        }
        places.sort_unstable();
        places.iter().map(|place| (*place).to_owned()).collect::<Vec<_>>()
    };
    for values in conditions::assignments(&["PA", "PB", "PC"]) {
        let exists = |alarm: &support::Alarm<'_>| {
            alarm.condition().is_none_or(|name| conditions::holds(out.fragment(), name, &values))
        };
        let mut places: Vec<_> = out.alarms().iter().filter(|alarm| exists(alarm)).map(|alarm| alarm.place()).collect();
        places.sort();
        places.dedup();
        assert_eq!(places, expected(&values), "{values:?}");
    }
}

#[test]
fn law_6_more_conditions_than_one_function_takes_are_nested() {
    let conditions = (0..14).map(|n| (format!("C{n}"), json!({"Fn::Equals": [{"Ref": format!("P{n}")}, "yes"]})));
    let functions = (0..14).map(|n| {
        let events = json!({"E": {"Type": "Api", "Properties": {"Path": "/same", "Method": "get"}}});
        (format!("F{n}"), json!({"Type": "AWS::Serverless::Function", "Condition": format!("C{n}"), "Properties": {"Events": events}}))
    });
    let out = transform(json!({"Conditions": support::object(conditions), "Resources": support::object(functions)}));
    let condition = out.alarm("GET /same", "LatencyP99").condition().unwrap();
    let names: Vec<_> = (0..14).map(|n| format!("P{n}")).collect();
    let value = |on: Option<usize>| {
        let pairs =
            names.iter().enumerate().map(|(n, name)| (name.clone(), json!(if Some(n) == on { "yes" } else { "no" })));
        pairs.collect::<conditions::Values>()
    };
    assert!(!conditions::holds(out.fragment(), condition, &value(None)));
    assert!((0..14).all(|n| conditions::holds(out.fragment(), condition, &value(Some(n)))));
}

#[test]
fn law_7_no_value_of_the_deployment_is_copied_or_told() {
    const SECRET: &str = "hunter2";
    let template = format!(
        "
        Parameters:
          Password: {{Type: String, NoEcho: true, Default: default-{SECRET}}}
          Env: {{Type: String}}
          Pager: {{Type: String}}
          Slack: {{Type: String}}
        Metadata: {{Other: meta-{SECRET}, Toprail: {{Tags: {{Env: !Ref Env}}}}}}
        Mappings: {{M: {{a: {{b: map-{SECRET}}}}}}}
        Resources:
          A: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: !Ref Env, Description: d-{SECRET}, Body: {{info: {{title: x}}, paths: {{/x: {{get: {{description: body-{SECRET}, x-amazon-apigateway-integration: {{credentials: cred-{SECRET}}}}}}}}}}}}}}}
          S: {{Type: AWS::ApiGateway::Stage, Properties: {{RestApiId: !Ref A, StageName: !Ref Env, Variables: {{k: var-{SECRET}}}}}}}
          F: {{Type: AWS::Lambda::Function, Properties: {{Timeout: !Ref Env, Environment: {{Variables: {{TOKEN: env-{SECRET}}}}}, Code: {{ZipFile: code-{SECRET}}}}}}}
          Odd: odd-{SECRET}
          I: {{Type: AWS::EC2::Instance, Properties: {{UserData: user-{SECRET}, Tags: [{{Key: k, Value: tag-{SECRET}}}]}}}}
        "
    );
    let topic = format!("arn:aws:sns:eu-west-1:123456789012:{SECRET}");
    let values = json!({"Password": SECRET, "Env": format!("env-{SECRET}"), "Pager": topic, "Slack": "s"});
    let out = transform_in(yaml(&template), deployment(&json!({"NotifyCritical": topic}), &values));
    assert!(!out.outcome.failed(), "{:#?}", out.errors());
    let told = format!("{:?} {:?}", out.outcome.findings, out.outcome.plan);
    assert!(!told.contains(SECRET), "{told}");
    let additions = out.additions();
    let copied: Vec<_> = additions.lines().filter(|line| line.contains(SECRET)).collect();
    assert!(copied.is_empty(), "{} additions hold a parameter's value, such as {}", copied.len(), copied[0]);
    assert_eq!(out.alarm("F", "ErrorRate").property("AlarmActions"), &json!([{"Ref": "Pager"}]));
}

fn deployment(params: &Value, values: &Value) -> Context {
    let object = |value: &Value| value.as_object().unwrap().clone();
    Context { params: object(params), parameter_values: object(values), ..Context::default() }
}

#[test]
fn law_7_a_parameters_value_becomes_a_reference_again_also_where_two_have_it_or_it_is_a_list() {
    let template = "
        Parameters: {Pager: {Type: String}, Slack: {Type: String}, All: {Type: CommaDelimitedList}}
        Resources: {F: {Type: AWS::Lambda::Function, Properties: {}}}
        ";
    let topic = "arn:aws:sns:eu-west-1:123456789012:hunter2";
    let values = json!({"Pager": topic, "Slack": topic, "All": [format!("{topic}-1"), format!("{topic}-2")]});
    let twice = transform_in(yaml(template), deployment(&json!({"NotifyCritical": topic}), &values));
    assert_eq!(twice.alarm("F", "ErrorRate").property("AlarmActions"), &json!([{"Ref": "Pager"}]));
    let list = transform_in(yaml(template), deployment(&json!({"NotifyCritical": values["All"]}), &values));
    assert!(!list.additions().contains("hunter2"), "{}", list.alarm("F", "ErrorRate").property("AlarmActions"));
}

#[test]
fn law_7_a_failure_tells_places_not_values() {
    const SECRET: &str = "hunter2";
    let event = json!({
        "requestId": "r-1", "region": "eu-west-1", "accountId": "1",
        "params": {"Mode": "Injekt"},
        "templateParameterValues": {"P": SECRET},
        "fragment": {
            "Metadata": {"Toprail": {"Colour": {"Password": SECRET}, "Notify": {"Critical": [SECRET.repeat(60), {"x": SECRET}]}, "Tags": [SECRET]}},
            "Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Environment": {"Variables": {"T": SECRET}}}}},
        },
    });
    let response = toprail::macro_event::respond(event);
    assert_eq!(response.body["status"], "failure");
    assert!(!response.body.to_string().contains(SECRET), "{}", response.body);
    assert!(!format!("{:?}", response.summary).contains(SECRET));
}

/// 450 repositories and a REST API with 30 methods.
fn large() -> Value {
    let topics = (0..447).map(|n| (format!("T{n}"), json!({"Type": "AWS::ECR::Repository"})));
    let paths = (0..30).map(|n| (format!("/p{n}"), json!({"get": {}})));
    let mut resources = support::object(topics);
    resources["A"] = json!({"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "x", "Body": {"paths": support::object(paths)}}});
    resources["S"] =
        json!({"Type": "AWS::ApiGateway::Stage", "Properties": {"RestApiId": {"Ref": "A"}, "StageName": "prod"}});
    resources["F"] = json!({"Type": "AWS::Lambda::Function", "Properties": {}});
    json!({"Resources": resources})
}

fn large_without_topics() -> Value {
    let mut template = large();
    template["Resources"].as_object_mut().unwrap().retain(|id, _| !id.starts_with('T'));
    template
}

#[test]
fn law_8_no_template_gets_more_than_five_hundred_resources_and_what_is_left_out_is_named() {
    let out = transform(large());
    assert_eq!(out.fragment()["Resources"].as_object().unwrap().len(), 500);
    // 30 methods x 5, one stage x 5, one function x 3.
    let all = transform(large_without_topics()).lines();
    let lost: Vec<_> = all.iter().filter(|line| !out.lines().contains(line)).collect();
    assert_eq!((all.len(), lost.len()), (158, 108));
    // Each finding names one alarm and how many places lack it; together they name every alarm that was left out.
    let findings = out.findings("TR402");
    for line in &lost {
        let name = line.rsplit_once(' ').unwrap().1;
        let finding = findings.iter().find(|finding| finding.what.contains(&format!(".{name} of ")));
        let count = lost.iter().filter(|other| other.ends_with(&format!(" {name}"))).count();
        let what = &finding.unwrap_or_else(|| panic!("{line}")).what;
        assert!(
            what.contains(&format!(".{name} of {count} targets does not fit beside 450 resources")),
            "{line}: {what}"
        );
    }
    // Least important first: all that is critical and essential of stage and function is there, and nothing that is less.
    for (place, name) in [("A prod", "ServerErrorRate"), ("A prod", "LatencyP99"), ("F", "ErrorRate")] {
        assert!(out.has(place, name), "{place} {name}");
    }
    assert!(out.alarms().iter().all(|alarm| alarm.planned.severity.as_str() == "Critical"));
    assert!((0..20).all(|n| out.has(&format!("GET /p{n}"), "ServerErrorRate")));
    assert_eq!(out.outcome.plan.resources_after, 500);
}

#[test]
fn law_8_what_is_left_out_stays_the_same_when_something_unrelated_changes() {
    let plain = transform(large());
    let mut other = large();
    other["Metadata"] =
        json!({"Toprail": {"Tags": {"Team": "t"}, "Alarms": {"Api": {"LatencyP99": {"Threshold": 1}}}}});
    other["Description"] = json!("changed");
    assert_eq!(transform(other).lines(), plain.lines());
}

#[test]
fn law_8_no_template_grows_beyond_a_megabyte() {
    let mut template = large_without_topics();
    template["Resources"]["Big"] = json!({"Type": "AWS::SNS::Topic", "Metadata": {"x": "é".repeat(460_000)}});
    template["Metadata"] = json!({"Toprail": {"Tags": {"Team": "t"}}});
    let out = transform(template);
    let bytes = out.fragment().to_string().len();
    assert!(bytes <= 1_000_000 && bytes > 900_000, "{bytes}");
    assert!(!out.findings("TR402").is_empty());
    assert!(out.has("A prod", "ServerErrorRate") && !out.has("GET /p29", "LatencyP95"));
}

#[test]
fn law_8_names_and_descriptions_stay_inside_cloudwatchs_limits() {
    let path = format!("/{}", ["a-rather-long-segment", "{identifier}"].repeat(14).join("/"));
    let template = json!({
        "Parameters": {"Env": {"Type": "String"}},
        "Metadata": {"Toprail": {"Runbook": "https://wiki.example.com/{alarm}/{resource}/{stage}/{method}{path}"}},
        "Resources": {
            "A": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "x", "Body": {"paths": {path.clone(): {"get": {}, "put": {}}, format!("{path}/x"): {"get": {}}}}}},
            "S": {"Type": "AWS::ApiGateway::Stage", "Properties": {"RestApiId": {"Ref": "A"}, "StageName": {"Fn::Sub": "${Env}-${AWS::Region}"}}},
        },
    });
    // The lengths are checked for every transform; names must also stay apart.
    let out = transform(template);
    let names: BTreeSet<_> = out.alarms().iter().map(|alarm| alarm.property("AlarmName").to_string()).collect();
    assert_eq!(names.len(), 4 * 5);
}

/// What is watched, with SAM's own ways to name things taken away.
fn watched_anyhow(out: &Out) -> Vec<String> {
    let plain = |signature: String| signature.replace("\"ServerlessHttpApi\"", "\"H\"");
    let mut all: Vec<_> = out.signatures().into_iter().map(plain).collect();
    all.sort();
    all
}

#[test]
fn law_9_an_implicit_rest_api_is_watched_alike_before_and_after_sam() {
    let before = transform_yaml(
        "
        Conditions: {C: !Equals [a, b]}
        Globals: {Function: {Timeout: 7}}
        Resources:
          F: {Type: AWS::Serverless::Function, Properties: {Events: {A: {Type: Api, Properties: {Path: /x, Method: get}}, B: {Type: Api, Properties: {Path: /y, Method: any}}}}}
          G: {Type: AWS::Serverless::Function, Condition: C, Properties: {Timeout: 9, Events: {A: {Type: Api, Properties: {Path: /z, Method: POST}}}}}
        ",
    );
    let after = transform_yaml(
        "
        Conditions: {C: !Equals [a, b]}
        Resources:
          F: {Type: AWS::Lambda::Function, Properties: {Timeout: 7, Tags: [{Key: 'lambda:createdBy', Value: SAM}]}}
          G: {Type: AWS::Lambda::Function, Condition: C, Properties: {Timeout: 9}}
          ServerlessRestApi:
            Type: AWS::ApiGateway::RestApi
            Properties:
              Body:
                swagger: '2.0'
                info: {version: '1.0', title: !Ref AWS::StackName}
                paths:
                  /x: {get: {x-amazon-apigateway-integration: {type: aws_proxy}}}
                  /y: {x-amazon-apigateway-any-method: {}}
                  /z: !If [C, {post: !If [C, {}, !Ref AWS::NoValue]}, !Ref AWS::NoValue]
          ServerlessRestApiDeploymentabc: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref ServerlessRestApi, StageName: Stage, Description: 'RestApi deployment id: abc'}}
          ServerlessRestApiProdStage: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref ServerlessRestApi, DeploymentId: !Ref ServerlessRestApiDeploymentabc, StageName: Prod}}
        ",
    );
    assert_eq!(watched_anyhow(&before), watched_anyhow(&after));
    assert_eq!(before.places().len(), 1 + 2 + 2);
    let condition = |out: &Out, place: &str| out.alarm(place, "LatencyP99").condition().map(str::to_owned);
    assert_eq!(condition(&before, "POST /z"), Some("C".to_owned()));
    assert_eq!(condition(&after, "POST /z"), Some("C".to_owned()));
}

#[test]
fn law_9_explicit_apis_are_watched_alike_before_and_after_sam() {
    let before = transform_yaml(
        "
        Parameters: {Env: {Type: String}}
        Resources:
          A: {Type: AWS::Serverless::Api, Properties: {StageName: !Ref Env, Name: !Sub 'a-${Env}'}}
          H: {Type: AWS::Serverless::HttpApi}
          F:
            Type: AWS::Serverless::Function
            Properties:
              Timeout: 4
              Events:
                A: {Type: Api, Properties: {Path: '/x/{id}', Method: put, RestApiId: !Ref A}}
                H: {Type: HttpApi, Properties: {Path: /h, Method: delete, ApiId: !Ref H}}
                D: {Type: HttpApi, Properties: {ApiId: !Ref H}}
        ",
    );
    let after = transform_yaml(
        "
        Parameters: {Env: {Type: String}}
        Resources:
          F: {Type: AWS::Lambda::Function, Properties: {Timeout: 4}}
          A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: !Sub 'a-${Env}', Body: {info: {title: !Ref AWS::StackName}, paths: {'/x/{id}': {put: {}}}}}}
          AStage: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref A, StageName: !Ref Env}}
          H: {Type: AWS::ApiGatewayV2::Api, Properties: {Body: {openapi: 3.0.1, info: {title: !Ref AWS::StackName}, paths: {/h: {delete: {}}, $default: {x-amazon-apigateway-any-method: {isDefaultRoute: true}}}}}}
          HApiGatewayDefaultStage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref H, StageName: $default, AutoDeploy: true}}
        ",
    );
    assert_eq!(watched_anyhow(&before), watched_anyhow(&after));
    assert_eq!(before.places().len(), 2 + 2 + 1);
    // The same names and ids too, so that moving Toprail in the list replaces nothing.
    let sorted = |out: &Out| ids(out).into_iter().collect::<BTreeSet<_>>();
    assert_eq!(sorted(&before), sorted(&after));
}
