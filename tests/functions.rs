//! Lambda functions.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod support;

use serde_json::{Value, json};
use support::{Out, transform, transform_resources, transform_yaml};

fn function(properties: &Value) -> Out {
    transform(json!({
        "Parameters": {"T": {"Type": "Number"}},
        "Conditions": {"C": {"Fn::Equals": ["a", "b"]}},
        "Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": properties}},
    }))
}

#[test]
fn a_function_has_an_error_rate_throttles_and_a_duration() {
    let out = function(&json!({"Timeout": 10}));
    assert_eq!(out.names_of("F"), ["Duration", "ErrorRate", "Throttles"]);
    let rate = out.alarm("F", "ErrorRate");
    assert_eq!(rate.metrics(), ["Errors Sum", "Invocations Sum"]);
    assert_eq!((rate.threshold(), rate.planned.severity.as_str()), (&json!(5), "Critical"));
    for alarm in out.alarms() {
        assert_eq!(alarm.dimensions(), r#"FunctionName={"Ref":"F"}"#);
        assert_eq!(alarm.property("TreatMissingData"), "notBreaching");
        assert!(alarm.property("AlarmDescription").to_string().len() > 80);
    }
}

#[test]
fn the_duration_is_measured_against_the_timeout_in_every_form() {
    for (timeout, threshold) in
        [(json!(3), 2700), (json!("30"), 27_000), (json!(900), 810_000), (json!({"Ref": "AWS::NoValue"}), 2700)]
    {
        let out = function(&json!({"Timeout": timeout}));
        assert_eq!(out.alarm("F", "Duration").threshold(), &json!(threshold), "{timeout}");
        assert_eq!(out.alarm("F", "Duration").metrics()[0], "Duration p95");
    }
    for (timeout, expression) in [
        (json!({"Ref": "T"}), json!({"Fn::Sub": "d / (10 * ${T})"})),
        (
            json!({"Fn::FindInMap": ["M", "a", "b"]}),
            json!({"Fn::Join": ["", ["d / (10 * ", {"Fn::FindInMap": ["M", "a", "b"]}, ")"]]}),
        ),
    ] {
        let alarm = function(&json!({"Timeout": timeout}));
        let alarm = alarm.alarm("F", "Duration");
        assert_eq!((alarm.threshold(), alarm.expression()), (&json!(90), expression.to_string()));
    }
}

#[test]
fn a_timeout_that_is_no_number_is_reported_and_the_default_is_taken() {
    for timeout in [json!([3]), json!("soon"), json!({}), json!(0), json!(-1), json!(true)] {
        let out = function(&json!({"Timeout": timeout}));
        assert_eq!(out.alarm("F", "Duration").threshold(), &json!(2700), "{timeout}");
        assert_eq!(out.finding("TR405").at.as_str(), "/Resources/F", "{timeout}");
    }
}

#[test]
fn a_threshold_that_is_set_wins_over_the_timeout() {
    let out = transform_yaml(
        "
        Metadata: {Toprail: {Alarms: {Function: {Duration: {Threshold: 1234}}}}}
        Resources: {F: {Type: AWS::Lambda::Function, Properties: {Timeout: 10}}}
        ",
    );
    assert_eq!(out.alarm("F", "Duration").threshold(), &json!(1234));
}

#[test]
fn an_alarm_is_called_after_its_function_and_says_what_to_do() {
    let out = transform_resources("OrdersFunction: {Type: AWS::Lambda::Function, Properties: {Timeout: 10}}");
    let alarm = out.alarm("OrdersFunction", "Duration");
    assert_eq!(alarm.property("AlarmName"), &json!({"Fn::Sub": "${AWS::StackName} OrdersFunction Duration"}));
    let description = alarm.property("AlarmDescription").as_str().unwrap();
    for part in ["OrdersFunction: ", "9,000 ms", "trace"] {
        assert!(description.contains(part), "{description}");
    }
}

#[test]
fn a_rollback_alarm_of_the_author_on_an_alias_is_another_alarm() {
    let out = transform_resources(
        "
        F: {Type: AWS::Serverless::Function, Properties: {AutoPublishAlias: live, DeploymentPreference: {Type: Canary10Percent5Minutes, Alarms: [!Ref Mine]}}}
        Mine:
          Type: AWS::CloudWatch::Alarm
          Properties:
            Namespace: AWS/Lambda
            MetricName: Errors
            Statistic: Sum
            Dimensions: [{Name: FunctionName, Value: !Ref F}, {Name: Resource, Value: !Sub '${F}:live'}]
        ",
    );
    assert!(out.has("F", "ErrorRate"));
}

#[test]
fn a_timeout_under_a_condition_is_measured_on_both_sides() {
    let out = function(&json!({"Timeout": {"Fn::If": ["C", 10, {"Ref": "AWS::NoValue"}]}}));
    let alarm = out.alarm("F", "Duration");
    // Fn::Join takes texts, and the default of an absent timeout is 3 s.
    let share = json!({"Fn::Join": ["", ["d / (10 * ", {"Fn::If": ["C", "10", "3"]}, ")"]]});
    assert_eq!((alarm.threshold(), alarm.expression()), (&json!(90), share.to_string()));
}
