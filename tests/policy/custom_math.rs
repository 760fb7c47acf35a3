//! An organisation's own rows over several metrics, with a gate, and with thresholds that follow a property.

use super::context;
use super::support::{Out, transform_in, yaml};
use serde_json::{Value, json};

/// A rate with a gate, a tail latency with a gate, and a share of a property.
const CUSTOM: &str = r#"
    Custom:
      - Id: Payments.FailureRate
        ResourceTypes: [Acme::Payments::Gateway]
        Namespace: Acme/Payments
        Dimensions: {Gateway: Ref}
        Metrics:
          - {Id: failures, MetricName: Failures, Statistic: Sum}
          - {Id: calls, MetricName: Calls, Statistic: Sum}
        Expression: IF(failures >= {min}, 100 * failures / calls, 0)
        MinSamples: 3
        ComparisonOperator: GreaterThanThreshold
        Threshold: 5
        Unit: Percent
        Description: More than {threshold} of the calls fail, at least {min} of them. ({threshold})
      - Id: Payments.SlowCalls
        ResourceTypes: [Acme::Payments::Gateway]
        Namespace: Acme/Payments
        Dimensions: {Gateway: Ref}
        Metrics:
          - {Id: slow, MetricName: Duration, Statistic: p99}
          - {Id: rank, MetricName: Duration, Statistic: "PR(:{threshold})"}
          - {Id: n, MetricName: Duration, Statistic: SampleCount}
        Expression: IF((100 - rank) * n / 100 > {gate}, slow, 0)
        MinSamples: 4
        ComparisonOperator: GreaterThanThreshold
        Threshold: {Property: Client.TimeoutSeconds, Percent: 80, Scale: 1000, Absent: 30}
        Unit: Milliseconds
        Description: One call in a hundred takes longer than {threshold}.
      - Id: Payments.Queued
        ResourceTypes: [Acme::Payments::Gateway]
        Namespace: Acme/Payments
        Dimensions: {Gateway: Ref}
        Metrics: [{Id: a, MetricName: A, Statistic: Sum}, {Id: b, MetricName: B, Statistic: Sum}]
        Expression: a - b
        ComparisonOperator: GreaterThanThreshold
        Threshold: {Property: QueueLength, Percent: 50}
        Description: The queue is half full.
    "#;

fn with(config: Value, properties: &str) -> Out {
    let gateway = yaml(&format!("{{Type: Acme::Payments::Gateway, Properties: {properties}}}"));
    let template = json!({
        "Metadata": {"Toprail": config}, "Parameters": {"Size": {"Type": "Number"}}, "Resources": {"G": gateway},
    });
    transform_in(template, context(&yaml(CUSTOM)))
}

/// What an alarm compares with what.
fn compared(out: &Out, name: &str) -> (String, Value) {
    let alarm = out.alarm("G", name);
    (alarm.expression(), alarm.threshold().clone())
}

#[test]
fn a_rate_reads_all_its_metrics_in_one_namespace() {
    let out = with(json!({}), "{}");
    let alarm = out.alarm("G", "FailureRate");
    let metric = |id: &str, name: &str| {
        let metric = json!({"Namespace": "Acme/Payments", "MetricName": name, "Dimensions": [{"Name": "Gateway", "Value": {"Ref": "G"}}]});
        json!({"Id": id, "ReturnData": false, "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}})
    };
    let result = json!({
        "Id": "alarm", "Label": "FailureRate (%)", "ReturnData": true,
        "Expression": "IF(failures >= 3, 100 * failures / calls, 0)",
    });
    assert_eq!(
        alarm.resource["Properties"]["Metrics"],
        json!([result, metric("failures", "Failures"), metric("calls", "Calls")])
    );
    assert_eq!(alarm.planned.cost, 20, "two metrics");
    let description = alarm.resource["Properties"]["AlarmDescription"].to_string();
    assert!(description.contains("More than 5 % of the calls fail, at least 3 of them. (5 %)"), "{description}");
}

#[test]
fn the_gate_is_a_setting_like_any_other() {
    let config = json!({"Alarms": {"Payments": {"FailureRate": {"MinSamples": 10}, "SlowCalls": {"Threshold": 500}}}});
    let out = with(config, "{}");
    assert_eq!(compared(&out, "FailureRate").0, "IF(failures >= 10, 100 * failures / calls, 0)");
    assert_eq!(out.alarm("G", "SlowCalls").metrics(), ["Duration p99", "Duration PR(:500)", "Duration SampleCount"]);
    assert!(out.outcome.findings.iter().all(|finding| !finding.what.contains("no effect")), "{:?}", out.codes());
}

#[test]
fn a_threshold_follows_the_property_whatever_its_form() {
    let gated = "IF((100 - rank) * n / 100 > 3.5, slow, 0)";
    let slow = |properties: &str| compared(&with(json!({}), properties), "SlowCalls");
    assert_eq!(slow("{}"), (gated.to_owned(), json!(24_000)), "80 % of the 30 s that hold without");
    assert_eq!(slow("{Client: {TimeoutSeconds: 5}}"), (gated.to_owned(), json!(4000)));
    let (expression, threshold) = slow("{Client: {TimeoutSeconds: !Ref Size}}");
    assert_eq!(
        (expression.as_str(), threshold),
        (r#"{"Fn::Sub":"slow / (10 * ${Size})"}"#, json!(80)),
        "a rank cannot take an intrinsic: the metric alone"
    );
    let queued = |properties: &str| compared(&with(json!({}), properties), "Queued");
    assert_eq!(queued("{QueueLength: 100}"), ("a - b".to_owned(), json!(50)));
    let divided = r#"{"Fn::Sub":"(a - b) / (0.01 * ${Size})"}"#;
    assert_eq!(queued("{QueueLength: !Ref Size}"), (divided.to_owned(), json!(50)));
    let without = with(json!({}), "{}");
    assert!(!without.has("G", "Queued"));
    assert!(without.findings("TR406").iter().any(|finding| finding.what.contains("Payments.Queued")));
}
