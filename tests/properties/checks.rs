//! What must hold for any bytes whatever. The fuzz targets call these with bytes that they search for, `main` with bytes that were found.

use crate::grammar;
use crate::support::{Out, soundness, transform_unchecked, yaml as read};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use toprail::config::{Destination, Policy};
use toprail::macro_event::{Response, request_id_in, respond_to_bytes};
use toprail::template::Pointer;
use toprail::template::document::{Document, MAX_DEPTH};
use toprail::{Context, report};

/// Bytes as an event: the answer is well formed, it echoes the id, loses nothing, and is the same the second time.
pub(crate) fn event(bytes: &[u8]) {
    let response = respond_to_bytes(None, bytes);
    assert_well_formed(&response);
    let Ok(Value::Object(mut event)) = serde_json::from_slice::<Value>(bytes) else {
        assert_eq!(response.body["status"], "failure");
        if serde_json::from_slice::<Value>(bytes).is_err() {
            assert_eq!(response.body["requestId"], request_id_in(bytes));
        }
        return;
    };
    let id = event.get("requestId").and_then(Value::as_str).unwrap_or_default();
    assert_eq!(response.body["requestId"], id);
    let Some(after) = response.body.get("fragment") else { return };
    let losses = soundness::losses(&event["fragment"], after);
    assert!(losses.is_empty(), "{}", losses.join("\n"));
    event["fragment"] = after.clone();
    let again = respond_to_bytes(None, Value::Object(event).to_string().as_bytes());
    assert_eq!(again.body["status"], "success", "{}", again.body);
    assert_eq!(again.body["fragment"].to_string(), after.to_string(), "a second pass changes something");
}

/// What CloudFormation requires of a response.
fn assert_well_formed(response: &Response) {
    let body = response.body.as_object().expect("an object");
    assert!(body["requestId"].is_string());
    let last = match body["status"].as_str() {
        Some("success") => "fragment",
        Some("failure") => "errorMessage",
        other => panic!("{other:?} is no status"),
    };
    assert!(body.keys().eq(["requestId", "status", last]), "{:?}", body.keys().collect::<Vec<_>>());
    if let Some(message) = body.get("errorMessage") {
        let message = message.as_str().expect("a text");
        assert!(!message.is_empty() && message.chars().count() <= 3100, "{message}");
    }
    assert_eq!(response.summary.success, last == "fragment");
}

/// Bytes as a template file: what can be read has places, can be written as YAML and read again, and can be transformed.
pub(crate) fn yaml(bytes: &[u8]) {
    let document = match Document::load(bytes) {
        Ok(document) => document,
        Err(errors) => return assert!(!errors.is_empty() && errors.iter().all(|error| !error.to_string().is_empty())),
    };
    assert!(document.value.is_object() && depth(&document.value) <= MAX_DEPTH);
    assert_has_places(&document, &document.value, &Pointer::root());
    let written = report::yaml::to_yaml(&document.value);
    match Document::parse(&written) {
        Ok(again) => assert_eq!(again.value.to_string(), document.value.to_string(), "written as:\n{written}"),
        Err(errors) => panic!("cannot be read again: {errors:?}\n{written}"),
    }
    toprail::transform(document.value, &Context::default());
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

fn assert_has_places(document: &Document, value: &Value, at: &Pointer) {
    assert!(document.nearest(at).is_some(), "{at} has no place");
    if let Value::Object(members) = value {
        members.iter().for_each(|(key, value)| assert_has_places(document, value, &at.child(key)));
    }
}

/// APIs of each protocol, a function with its log group and a queue: something for every setting to act on.
const CONFIGURED: &str = r#"
Parameters: {Env: {Type: String}, Topic: {Type: String}}
Conditions: {C: !Equals [!Ref Env, prod]}
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a, Body: {paths: {/x: {get: {}, post: !If [C, {}, {}]}, /any: {x-amazon-apigateway-any-method: {}}}}}}
  Stage: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: !Ref Env}}
  Http: {Type: AWS::ApiGatewayV2::Api, Condition: C, Properties: {Name: h, ProtocolType: HTTP}}
  HttpStage: {Type: AWS::ApiGatewayV2::Stage, Condition: C, Properties: {ApiId: !Ref Http, StageName: $default}}
  Route: {Type: AWS::ApiGatewayV2::Route, Condition: C, Properties: {ApiId: !Ref Http, RouteKey: GET /x}}
  Socket: {Type: AWS::Serverless::WebSocketApi, Properties: {StageName: v1}}
  Function: {Type: AWS::Lambda::Function, Properties: {Timeout: 3, FunctionName: f}}
  Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub "/aws/lambda/${Function}"}}
  Queue: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: !If [C, 30, !Ref AWS::NoValue]}}
"#;

/// A text as configuration: it is refused as a whole or applied soundly, and means the same wherever it stands.
pub(crate) fn config(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let params = Map::from_iter([("Config".to_owned(), json!(text))]);
    let called = transform_unchecked(read(CONFIGURED), Context { params, ..Context::default() });
    assert_sound(&called);
    let Ok(document) = Document::parse(text) else {
        return assert!(called.outcome.failed(), "a configuration that cannot be read is applied");
    };
    let mut template = read(CONFIGURED);
    template["Metadata"] = json!({"Toprail": document.value});
    let written = transform_unchecked(template, Context::default());
    assert_sound(&written);
    assert_eq!(called.outcome.failed(), written.outcome.failed(), "{:?} {:?}", called.errors(), written.errors());
    assert_eq!(called.fragment()["Resources"].to_string(), written.fragment()["Resources"].to_string());
}

/// A text as an organisation's policy: a wrong one fails every transform, naming places that are there; a right one is applied soundly.
pub(crate) fn policy(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let policy = Policy::parse(text);
    let is_right = policy.mistakes().is_empty();
    if let Ok(document) = Document::parse(text) {
        let places = |policy: &Policy| policy.mistakes().iter().map(|one| one.policy.clone()).collect::<Vec<_>>();
        assert_eq!(places(&Policy::read(&document.value)), places(&policy));
        for at in places(&policy) {
            let at = at.expect("a place in the policy");
            assert!(at.resolve(&document.value).is_some(), "{at} is not there");
        }
    } else {
        assert!(!is_right, "a policy that cannot be read is right");
    }
    policy.stated(Destination::default());
    let account = "111122223333".to_owned();
    let context =
        Context { account, region: "eu-west-1".to_owned(), policy: Some(Arc::new(policy)), ..Context::default() };
    let out = transform_unchecked(read(CONFIGURED), context);
    assert!(is_right || out.outcome.failed(), "a wrong policy is applied");
    assert_sound(&out);
}

/// Choices as a template: all that holds for every transform holds, and a configuration without a mistake fails nothing.
pub(crate) fn transform(bytes: &[u8]) {
    let complaints = complaints(bytes);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// What is wrong with the template that the bytes choose; its text comes last.
pub(crate) fn complaints(bytes: &[u8]) -> Vec<String> {
    let case = grammar::Case::from_bytes(bytes);
    let out = transform_unchecked(case.template, case.context);
    let mut complaints = soundness::complaints(&out);
    if out.outcome.failed() {
        complaints.extend(out.errors());
    }
    if !complaints.is_empty() {
        complaints.push(format!("params {:?}\n{}", out.context.params, out.before));
    }
    complaints
}

/// What holds for all transforms.
pub(crate) fn assert_sound(out: &Out) {
    let complaints = soundness::complaints(out);
    assert!(complaints.is_empty(), "{}\n{}", complaints.join("\n"), out.before);
}
