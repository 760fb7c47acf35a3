//! An organisation's policy with rows of its own, in every form, on metrics that exist; and with floors.

use super::Maker;
use serde_json::{Value, json};
use std::sync::Arc;
use toprail::config::Policy;

/// A row on a metric of a queue, but for what says which and when.
fn of_queue(id: &str, more: Value) -> Value {
    let mut row = json!({
        "Id": id, "ResourceTypes": "AWS::SQS::Queue", "Namespace": "AWS/SQS",
        "Dimensions": {"QueueName": {"GetAtt": "QueueName"}}, "ComparisonOperator": "GreaterThanThreshold",
        "Description": "More than {threshold}.",
    });
    row.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    row
}

/// Rows of every form.
fn rows() -> Vec<Value> {
    let age = json!({"MetricName": "ApproximateAgeOfOldestMessage", "Statistic": "Maximum", "Threshold": 60});
    let rate = json!({
        "Metrics": [
            {"Id": "empty", "MetricName": "NumberOfEmptyReceives", "Statistic": "Sum"},
            {"Id": "full", "MetricName": "NumberOfMessagesReceived", "Statistic": "Sum"},
        ],
        "Expression": "IF(empty >= {min}, 100 * empty / (empty + full), 0)", "MinSamples": 5, "Threshold": 90, "Unit": "Percent",
    });
    let share = json!({"Property": "VisibilityTimeout", "Percent": 50, "Absent": 30});
    let share = json!({
        "Metrics": [{"Id": "m", "MetricName": "ApproximateAgeOfOldestMessage", "Statistic": "Maximum"}],
        "Expression": "m / 1", "Threshold": share, "Unit": "Seconds",
    });
    let duration = |id: &str, statistic: &str| json!({"Id": id, "MetricName": "Duration", "Statistic": statistic});
    let ranked = json!({
        "Id": "Own.Slow", "ResourceTypes": ["AWS::Lambda::Function"], "Namespace": "AWS/Lambda",
        "Dimensions": {"FunctionName": "Ref"}, "ComparisonOperator": "GreaterThanThreshold", "Description": "Slow.",
        "Metrics": [duration("m", "p99"), duration("r", "PR(:{threshold})"), duration("n", "SampleCount")],
        "Expression": "IF((100 - r) * n / 100 > {gate}, m, 0)", "MinSamples": 3, "Unit": "Milliseconds",
        "Threshold": {"Property": "Timeout", "Percent": 50, "Scale": 1000, "Absent": 3},
    });
    vec![
        of_queue("Own.Age", age),
        of_queue("Own.EmptyRate", rate),
        of_queue("Own.Share", share),
        ranked,
        json!({"Id": "Own.Lines", "LogPattern": "\"Task timed out\"", "Description": "A function has timed out."}),
    ]
}

impl Maker<'_> {
    /// A policy with some of the rows, set and held in some way.
    pub(super) fn policy(&mut self) -> Arc<Policy> {
        let rows: Vec<Value> = rows().into_iter().filter(|_| !self.choices.once_in(4)).collect();
        let set = |row: &Value, options: Value| {
            let name = row["Id"].as_str().and_then(|id| id.split_once('.')).expect("an id").1;
            json!({"Alarms": {"Own": {name: options}}})
        };
        let mut policy = json!({"Version": 1, "Custom": rows});
        if let Some(row) = rows.first() {
            match self.choices.below(4) {
                1 => policy["Defaults"] = set(row, json!({"Threshold": 7, "Severity": "Critical"})),
                2 => policy["Enforced"] = set(row, json!({"Threshold": 5, "Enabled": true})),
                3 => policy["Defaults"] = set(row, json!({"Period": 300, "EvaluationPeriods": 3})),
                _ => {}
            }
        }
        let policy = Policy::read(&policy);
        assert!(policy.mistakes().is_empty(), "{:#?}", policy.mistakes());
        Arc::new(policy)
    }
}
