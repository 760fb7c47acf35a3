//! An organisation's own alarms: on any metric of any resource type, and on patterns in the logs of functions; configured, held and refused like the
//! catalogue's.

use super::context;
use super::support::{Out, transform_in, yaml};
use serde_json::{Value, json};

/// A row on a metric, a row on a type that nobody knows, and one on logs.
const CUSTOM: &str = r#"
    Custom:
      - Id: Payments.BacklogAge
        ResourceTypes: AWS::SQS::Queue
        Namespace: AWS/SQS
        MetricName: ApproximateAgeOfOldestMessage
        Dimensions: {QueueName: {GetAtt: QueueName}}
        Statistic: Maximum
        ComparisonOperator: GreaterThanOrEqualToThreshold
        Threshold: 300
        Unit: Seconds
        EvaluationPeriods: 5
        DatapointsToAlarm: 3
        Description: The oldest message has waited for {threshold}.
        FirstLook: Look at the consumer.
        Runbook: https://wiki.example.com/backlog
      - Id: Robots.Battery
        ResourceTypes: [Custom::Robot, Acme::Robots::Robot]
        Namespace: Acme/Robots
        MetricName: Battery
        Dimensions: {Id: Ref, Model: {Property: Model.Name}, Region: {Value: !Ref AWS::Region}}
        Statistic: p10
        ComparisonOperator: LessThanThreshold
        Threshold: 20
        Unit: Percent
        Period: 10
        Severity: Critical
        Profile: Essential
        TreatMissingData: breaching
        Description: A robot runs out of power.
      - Id: Logs.TimedOut
        LogPattern: '"Task timed out"'
        Description: A function has timed out.
    "#;

fn policy(more: &str) -> Value {
    let mut policy = yaml(CUSTOM);
    if !more.is_empty() {
        policy.as_object_mut().unwrap().extend(yaml(more).as_object().unwrap().clone());
    }
    policy
}

/// What comes of resources under the policy with more in it, and a configuration of the template.
fn under(more: &str, config: Value, resources: &str) -> Out {
    let mut template = json!({"Metadata": {"Toprail": config}, "Resources": yaml(resources)});
    template["Conditions"] = json!({"C": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}});
    transform_in(template, context(&policy(more)))
}

fn property<'o>(out: &'o Out, place: &str, row: &str, name: &str) -> &'o Value {
    let (_, alarm) = row.split_once('.').unwrap();
    &out.alarm(place, alarm).resource["Properties"][name]
}

const QUEUE: &str = "Q: {Type: AWS::SQS::Queue}";
const LOGGED: &str = "
    F: {Type: AWS::Lambda::Function, Condition: C}
    FLogs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub '/aws/lambda/${F}'}}
    ";

#[test]
fn a_row_is_an_alarm_on_every_resource_of_its_types() {
    let out = under("", json!({}), QUEUE);
    let alarm = out.alarm("Q", "BacklogAge").resource;
    assert_eq!(
        alarm["Properties"],
        json!({
            "AlarmName": {"Fn::Sub": "${AWS::StackName} Q Payments.BacklogAge"},
            "AlarmDescription": "Q: The oldest message has waited for 300 s. Look at the consumer. Runbook: https://wiki.example.com/backlog",
            "Namespace": "AWS/SQS",
            "MetricName": "ApproximateAgeOfOldestMessage",
            "Dimensions": [{"Name": "QueueName", "Value": {"Fn::GetAtt": ["Q", "QueueName"]}}],
            "Statistic": "Maximum",
            "Period": 60,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Threshold": 300,
            "EvaluationPeriods": 5,
            "DatapointsToAlarm": 3,
            "TreatMissingData": "notBreaching",
        })
    );
    assert!(out.has("Q", "Age"), "the catalogue's alarms are there besides");
}

#[test]
fn types_that_nobody_knows_are_watched_with_every_form_of_dimension() {
    let robots = "
        R: {Type: Custom::Robot, Condition: C, Properties: {Model: {Name: !Ref AWS::StackName}}}
        S: {Type: Acme::Robots::Robot, Properties: {Model: {Name: !If [C, x, !Ref AWS::NoValue]}}}
        Nameless: {Type: Custom::Robot, Properties: {Model: {}}}
        ";
    let out = under("", json!({}), robots);
    let alarm = out.alarm("R", "Battery").resource;
    assert_eq!(
        alarm["Properties"]["Dimensions"],
        json!([
            {"Name": "Id", "Value": {"Ref": "R"}},
            {"Name": "Model", "Value": {"Ref": "AWS::StackName"}},
            {"Name": "Region", "Value": {"Ref": "AWS::Region"}},
        ])
    );
    assert_eq!((&alarm["Condition"], &alarm["Properties"]["ExtendedStatistic"]), (&json!("C"), &json!("p10")));
    assert_eq!((&alarm["Properties"]["Period"], out.alarm("R", "Battery").planned.cost), (&json!(10), 30));
    assert_eq!(out.alarm("S", "Battery").resource["Condition"], "C", "without a value there is no dimension");
    assert!(!out.has("Nameless", "Battery"));
    assert!(out.findings("TR308").iter().any(|finding| finding.what.contains("`Model.Name`")), "{:?}", out.codes());
}

#[test]
fn before_and_after_sam_the_same_is_watched() {
    let row = "{Id: A.B, ResourceTypes: [TYPE], Namespace: N, MetricName: M, Dimensions: {F: Ref}, Statistic: Sum, \
               ComparisonOperator: GreaterThanThreshold, Threshold: 1, Description: x}";
    for named in ["AWS::Serverless::Function", "AWS::Lambda::Function"] {
        let policy = yaml(&format!("Custom: [{}]", row.replace("TYPE", named)));
        for kind in ["AWS::Serverless::Function", "AWS::Lambda::Function"] {
            let template = json!({"Resources": {"F": {"Type": kind}}});
            assert!(transform_in(template, context(&policy)).has("F", "B"), "{named} {kind}");
        }
    }
}

#[test]
fn the_cascade_is_that_of_the_catalogue() {
    let defaults = "Defaults: {Alarms: {Payments: {BacklogAge: {Threshold: 200}}}}";
    let threshold = |more: &str, config: Value, queue: &str| {
        property(&under(more, config, queue), "Q", "Payments.BacklogAge", "Threshold").clone()
    };
    let template = json!({"Alarms": {"Payments": {"BacklogAge": {"Threshold": 100}}}});
    let resource =
        "Q: {Type: AWS::SQS::Queue, Metadata: {Toprail: {Alarms: {Payments: {BacklogAge: {Threshold: 50}}}}}}";
    assert_eq!(threshold("", json!({}), QUEUE), 300);
    assert_eq!(threshold(defaults, json!({}), QUEUE), 200);
    assert_eq!(threshold(defaults, template.clone(), QUEUE), 100);
    assert_eq!(threshold(defaults, template, resource), 50);
    let accounts = "Accounts: [{Environment: prod, Defaults: {Alarms: {Payments: {BacklogAge: {Threshold: 7}}}}}]";
    assert_eq!(threshold(accounts, json!({"Environment": "prod"}), QUEUE), 7);
    for off in [
        json!({"Alarms": {"Payments": false}}),
        json!({"Alarms": {"Payments": {"BacklogAge": false}}}),
        json!({"Profile": "Essential"}),
        json!({"Suppress": [{"Id": "Payments.BacklogAge", "Where": "Q", "Reason": "r"}]}),
    ] {
        assert!(!under("", off.clone(), QUEUE).has("Q", "BacklogAge"), "{off}");
    }
}

#[test]
fn every_value_says_that_the_row_holds_it() {
    let out = under("", json!({}), QUEUE);
    let origin = &out.alarm("Q", "BacklogAge").planned.threshold_origin;
    assert_eq!((origin.layer.as_str(), origin.at.as_str()), ("custom", "/Custom/0"));
}

#[test]
fn what_is_enforced_holds_for_own_rows_too() {
    let floors = "Enforced: {Alarms: {Payments: {BacklogAge: {Enabled: true, Threshold: 120}}, Robots: {Battery: {Threshold: 30}}}}";
    let out = under(floors, json!({"Alarms": {"Payments": {"BacklogAge": {"Threshold": 900}}}}), QUEUE);
    assert_eq!(property(&out, "Q", "Payments.BacklogAge", "Threshold"), 120);
    assert_eq!(out.findings("TR220").len(), 1);
    let suppressed = json!({"Suppress": [{"Id": "Payments.BacklogAge", "Reason": "r"}]});
    assert!(under(floors, suppressed, QUEUE).has("Q", "BacklogAge"));
    let robot = "R: {Type: Custom::Robot, Properties: {Model: {Name: x}}}";
    let out = under(floors, json!({}), robot);
    assert_eq!(property(&out, "R", "Robots.Battery", "Threshold"), 30, "below is the other side");
}

#[test]
fn a_log_pattern_is_a_metric_filter_and_an_alarm_on_the_log_group() {
    let out = under("", json!({}), LOGGED);
    let alarm = out.alarm("FLogs", "TimedOut");
    let filter = alarm.planned.metric_filter.clone().unwrap();
    let metric = alarm.resource["Properties"]["MetricName"].clone();
    assert_eq!(
        out.fragment()["Resources"][&filter],
        json!({
            "Type": "AWS::Logs::MetricFilter",
            "Condition": "C",
            "Properties": {
                "LogGroupName": {"Ref": "FLogs"},
                "FilterPattern": "\"Task timed out\"",
                "MetricTransformations": [{
                    "MetricNamespace": {"Fn::Sub": "Toprail/${AWS::StackName}"}, "MetricName": metric, "MetricValue": "1",
                }],
            },
        })
    );
    let properties = &alarm.resource["Properties"];
    assert_eq!(properties["Namespace"], json!({"Fn::Sub": "Toprail/${AWS::StackName}"}));
    assert_eq!((&properties["Threshold"], &properties["Statistic"]), (&json!(0), &json!("Sum")));
    assert_eq!(alarm.resource["Condition"], "C");
    assert_eq!(alarm.planned.cost, 40, "the alarm and its custom metric");
    let plan = &out.outcome.plan;
    let resources = out.fragment()["Resources"].as_object().unwrap().len();
    assert_eq!(plan.resources_after, resources);
}

#[test]
fn a_log_group_that_is_elsewhere_is_named_and_nothing_is_made() {
    let out = under("", json!({}), "F: {Type: AWS::Lambda::Function}");
    let finding = &out.findings("TR312")[0];
    assert_eq!(finding.at.as_str(), "/Resources/F");
    assert!(finding.what.contains("Logs.TimedOut") && finding.help.contains("/aws/lambda/${F}"), "{finding:?}");
    assert!(!out.fragment().to_string().contains("MetricFilter"));
    let off = under("", json!({"Alarms": {"Logs": false}}), "F: {Type: AWS::Lambda::Function}");
    assert!(off.findings("TR312").is_empty(), "what nobody wants is not missed");
    let infrequent = LOGGED.replace("Properties: {", "Properties: {LogGroupClass: INFREQUENT_ACCESS, ");
    assert!(!under("", json!({}), &infrequent).has("FLogs", "TimedOut"), "that class takes no metric filters");
}

#[test]
fn functions_that_share_a_log_group_share_its_alarm() {
    let shared = "
        F: {Type: AWS::Lambda::Function, Condition: C, Properties: {LoggingConfig: {LogGroup: !Ref L}}}
        G: {Type: AWS::Serverless::Function, Properties: {LoggingConfig: {LogGroup: !Ref L}}}
        L: {Type: AWS::Logs::LogGroup}
        ";
    let out = under("", json!({}), shared);
    let alarms: Vec<_> = out.alarms().into_iter().filter(|alarm| alarm.name() == "TimedOut").collect();
    assert_eq!(alarms.len(), 1);
    assert_eq!(alarms[0].resource["Condition"], Value::Null, "one of them is always there");
}

#[test]
fn two_resources_of_the_limit_go_to_one_alarm_on_logs() {
    let mut resources = yaml(LOGGED);
    for index in 0..497 {
        resources[format!("T{index}")] =
            json!({"Type": "AWS::SNS::Topic", "Metadata": {"Toprail": {"Enabled": false}}});
    }
    let template = json!({
        "Metadata": {"Toprail": {"Alarms": {"Function": false}}},
        "Conditions": {"C": {"Fn::Equals": ["a", "a"]}}, "Resources": resources,
    });
    let out = transform_in(template, context(&policy("")));
    assert!(out.alarms().is_empty(), "there is room for one resource only: {:?}", out.lines());
    assert!(out.findings("TR402").iter().any(|finding| finding.what.contains("Logs.TimedOut")));
}

#[test]
fn ids_are_a_function_of_resource_and_row() {
    let id = |more: &str, config: Value| under(more, config, QUEUE).alarm("Q", "BacklogAge").id().to_owned();
    let known = "QPaymentsBacklogAgecadb29b0";
    assert_eq!(id("", json!({})), known);
    let other = "Defaults: {Alarms: {Payments: {BacklogAge: {Threshold: 1, Period: 300}}}}";
    assert_eq!(id(other, json!({"Profile": "Critical"})), known);
}

#[test]
fn the_order_of_keys_means_nothing() {
    let more = "{Defaults: {Alarms: {Payments: {BacklogAge: {Threshold: 200}}}}, Enforced: {Alarms: {Logs: {TimedOut: {Severity: Critical}}}}}";
    let template =
        json!({"Conditions": {"C": {"Fn::Equals": ["a", "a"]}}, "Resources": yaml(&format!("    {QUEUE}{LOGGED}"))});
    let policy = policy(more);
    let out = transform_in(template.clone(), context(&policy));
    let back = transform_in(template, context(&reversed(&policy)));
    let alarms = |out: &Out| {
        let mut all: Vec<_> = out.alarms().iter().map(|alarm| alarm.resource.clone()).map(|it| sorted(&it)).collect();
        all.sort();
        all
    };
    assert_eq!(alarms(&out), alarms(&back));
}

/// The same with the keys of all objects in the opposite order.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            Value::Object(map.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect())
        }
        Value::Array(items) => items.iter().map(reversed).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// An alarm as a text, its dimensions in the order of their names.
fn sorted(alarm: &Value) -> String {
    let mut alarm = alarm.clone();
    if let Some(dimensions) = alarm.pointer_mut("/Properties/Dimensions").and_then(Value::as_array_mut) {
        dimensions.sort_by_key(Value::to_string);
    }
    alarm.to_string()
}

#[test]
fn a_template_that_misspells_a_row_is_told_what_is_near() {
    let template = json!({"Metadata": {"Toprail": {"Alarms": {"Payments": {"BacklogAges": false}}}}, "Resources": {}});
    let out = super::support::transform_unchecked(template, context(&policy("")));
    let findings = out.findings("TR201");
    assert!(findings[0].help.contains("did you mean `BacklogAge`?"), "{findings:?}");
}
