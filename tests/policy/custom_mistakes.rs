//! What can be wrong in an organisation's own rows, and where that is said.

use super::support::yaml;
use toprail::config::Policy;

/// A row that is right.
const ROW: &str = "Id: A.B, ResourceTypes: X::Y, Namespace: N, MetricName: M, Dimensions: {D: Ref}, Statistic: Sum, \
                   ComparisonOperator: GreaterThanThreshold, Threshold: 1, Description: d";

/// What is written in place of what in that row, where the mistake is, and a part of what is said about it.
const MISTAKES: &[(&str, &str, &str, &str)] = &[
    ("Id: A.B", "Id: Api.LatencyP99", "Id", "is an alarm of the catalogue"),
    ("Id: A.B", "Id: api.latencyp99", "Id", "a group and a name"),
    ("Id: A.B", "Id: Queue.AGE", "Id", "is an alarm of the catalogue"),
    ("Id: A.B", "Id: Backlog", "Id", "a group and a name"),
    ("Id: A.B", "Id: Stage.B", "Id", "neither the group `Stage`"),
    ("Id: A.B", "Id: A.Enabled", "Id", "nor the name `Enabled`"),
    ("Id: A.B, ", "", "", "lacks `Id`"),
    ("Namespace: N, MetricName: M, ", "", "", "lacks `Namespace`, `MetricName`"),
    ("Description: d", "Treshold: 1", "Treshold", "did you mean `Threshold`?"),
    ("X::Y", "Queue", "ResourceTypes", "a resource type such as"),
    ("X::Y", "[X::Y, 'AWS::SQS::*']", "ResourceTypes/1", "a resource type such as"),
    ("X::Y", "AWS::CloudWatch::Alarm", "ResourceTypes", "Toprail adds resources of this one itself"),
    ("Namespace: N", "Namespace: ':N'", "Namespace", "a namespace of CloudWatch"),
    ("MetricName: M", "MetricName: Ü", "MetricName", "a name in ASCII"),
    ("{D: Ref}", "{D: QueueName}", "Dimensions/D", "{GetAtt: Attribute}"),
    ("{D: Ref}", "{D: {GetAt: Arn}}", "Dimensions/D/GetAt", "did you mean `GetAtt`?"),
    ("{D: Ref}", "{D: !Ref Queue}", "Dimensions/D", "{Property: Name}"),
    ("{D: Ref}", "{D: {Value: !Ref Queue}}", "Dimensions/D/Value", "is a part of a template"),
    ("{D: Ref}", "{D: {Value: x}}", "Dimensions", "all resources would have the same metric"),
    ("{D: Ref}", "{':D': Ref}", "Dimensions/:D", "is not the name of a dimension"),
    ("Statistic: Sum", "Statistic: Median", "Statistic", "a statistic of CloudWatch"),
    ("GreaterThanThreshold", "GreaterThan", "ComparisonOperator", "did you mean `GreaterThanThreshold`?"),
    ("Threshold: 1", "Threshold: !ImportValue x", "Threshold", "a number of at least 0"),
    ("Threshold: 1", "Threshold: 100, Unit: Percent", "Threshold", "could never change its state"),
    ("Threshold: 1", "Period: 15", "Period", "10, 20, 30, or a multiple of 60"),
    ("Namespace: N", "Namespace: AWS/SQS, Period: 10", "Period", "from 60"),
    ("Threshold: 1", "DatapointsToAlarm: 3, EvaluationPeriods: 2", "DatapointsToAlarm", "is more than"),
    ("Threshold: 1", "EvaluationPeriods: 1440, Period: 120", "EvaluationPeriods", "looks back 86400 s at most"),
    ("Statistic: Sum", "Statistic: Sum, LogPattern: x", "Statistic", "has no meaning beside `LogPattern`"),
    (
        "Statistic: Sum",
        "Statistic: Sum, Expression: m",
        "Statistic",
        "has no meaning beside `Metrics` and `Expression`",
    ),
    ("Statistic: Sum", "Statistic: Sum, Expression: m", "", "lacks `Metrics`"),
    ("Threshold: 1", "MinSamples: 3", "MinSamples", "without an `Expression`"),
    ("Threshold: 1", "Threshold: {Property: Timeout}", "Threshold", "the share lacks `Percent`"),
    ("Threshold: 1", "Threshold: {Property: !Ref X, Percent: 0}", "Threshold/Percent", "from 1 to 1000"),
    ("Threshold: 1", "Threshold: {Property: X, Percent: 9, Scale: 0}", "Threshold/Scale", "a number above 0"),
    ("Threshold: 1", "Threshold: {Property: X, Percentage: 9}", "Threshold/Percentage", "did you mean `Percent`?"),
];

/// A row with metric math that is right, and the same of it.
const MATH: &str = "Id: A.B, ResourceTypes: X::Y, Namespace: N, Dimensions: {D: Ref}, ComparisonOperator: GreaterThanThreshold, Threshold: 1, \
                    Metrics: [{Id: e, MetricName: E, Statistic: Sum}, {Id: n, MetricName: N, Statistic: p99}], MinSamples: 3, \
                    Expression: 'IF(e >= {min}, 100 * e / n, 0)', Description: d";
const MISTAKES_OF_MATH: &[(&str, &str, &str, &str)] = &[
    ("Id: n,", "Id: N,", "Metrics/1/Id", "a small letter"),
    ("Id: n,", "Id: alarm,", "Metrics/1/Id", "not `alarm`"),
    ("Id: n,", "Id: e,", "Metrics/1/Id", "`e` is there twice"),
    ("Id: n, ", "", "Metrics/1", "lacks `Id`"),
    ("p99", "PR(:)", "Metrics/1/Statistic", "a statistic of CloudWatch"),
    ("/ n,", "/ requests,", "Expression", "`requests` is none of the row's metrics"),
    ("/ n,", ",", "Metrics", "does not use the metric `n`"),
    ("100 * e", "SUMM(e)", "Expression", "did you mean `SUM`?"),
    ("/ n,", "/ SEARCH(n),", "Expression", "`SEARCH` is not possible"),
    ("/ n,", "/ (n,", "Expression", "leaves 1 of its brackets open"),
    ("/ n,", "/ n),", "Expression", "closes nothing"),
    ("MinSamples: 3, ", "", "Expression", "which the row lacks"),
    ("e >= {min}", "e >= 3", "MinSamples", "has no effect"),
    ("Description: d", "Description: d, MetricName: M", "MetricName", "has no meaning beside `Metrics`"),
    (
        "Threshold: 1, Metrics: [{Id: e, MetricName: E, Statistic: Sum}",
        "Threshold: {Property: P, Percent: 9}, Metrics: [{Id: e, MetricName: E, Statistic: 'PR(:{threshold})'}",
        "Metrics/0/Statistic",
        "put the metric that has the threshold's unit first",
    ),
    ("Description: d", "Description: d, LogPattern: x", "Expression", "has no meaning beside `LogPattern`"),
    (
        "[{Id: e, MetricName: E, Statistic: Sum}, {Id: n, MetricName: N, Statistic: p99}]",
        "[]",
        "Metrics",
        "a list of metrics",
    ),
];

#[test]
fn mistakes_in_rows_are_named_with_their_place() {
    for is_right in [ROW, MATH] {
        let policy = Policy::read(&yaml(&format!("{{Version: 1, Custom: [{{{is_right}}}]}}")));
        assert!(policy.mistakes().is_empty(), "{:?}", policy.mistakes());
    }
    let cases = MISTAKES.iter().map(|case| (ROW, case)).chain(MISTAKES_OF_MATH.iter().map(|case| (MATH, case)));
    for (base, (right, wrong, place, text)) in cases {
        let row = base.replacen(right, wrong, 1);
        assert_ne!(&row, base, "{right}");
        let policy = Policy::read(&yaml(&format!("{{Version: 1, Custom: [{{{row}}}]}}")));
        let at = format!("/Custom/0/{place}");
        let there = policy.mistakes().iter().any(|mistake| {
            let is_there = mistake.policy.as_ref().is_some_and(|found| found.as_str() == at.trim_end_matches('/'));
            is_there && format!("{} {}", mistake.what, mistake.help).contains(text)
        });
        assert!(there, "{wrong}: {at} {text}: {:#?}", policy.mistakes());
    }
}

#[test]
fn all_mistakes_are_named_at_once_and_settings_for_a_wrong_row_are_none() {
    let policy = Policy::read(&yaml(
        "{Version: 1, Defaults: {Alarms: {A: {B: {Threshold: 2}, C: false}}}, \
         Custom: [{Id: A.B, Period: 1}, {Id: A.B, LogPattern: x, Description: d}, {Id: x}]}",
    ));
    let places: Vec<_> = policy.mistakes().iter().filter_map(|mistake| mistake.policy.as_ref()).collect();
    let places: Vec<_> = places.iter().map(|place| place.as_str()).collect();
    assert_eq!(
        places,
        ["/Custom/0", "/Custom/0/Period", "/Custom/1/Id", "/Custom/2", "/Custom/2/Id", "/Defaults/Alarms/A/C"]
    );
}

#[test]
fn a_wrong_metric_is_one_mistake_and_the_expression_none() {
    for (right, wrong) in [("Id: n,", "Id: N,"), ("Statistic: p99", "Statistic: Median"), ("MetricName: N, ", "")] {
        let row = MATH.replacen(right, wrong, 1);
        let policy = Policy::read(&yaml(&format!("{{Version: 1, Custom: [{{{row}}}]}}")));
        assert_eq!(policy.mistakes().len(), 1, "{wrong}: {:#?}", policy.mistakes());
    }
}
