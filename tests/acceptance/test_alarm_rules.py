"""Each rule of the checker catches an alarm that breaks it, and a good alarm breaks none."""

import copy
import json
import subprocess
import sys
from pathlib import Path

import alarm_rules
import pytest

DIMENSIONS = [
    {"Name": "ApiName", "Value": "orders"},
    {"Name": "Stage", "Value": {"Ref": "Stage"}},
    {"Name": "Resource", "Value": "/orders/{id}"},
    {"Name": "Method", "Value": "GET"},
]
SINGLE = {
    "AlarmName": {"Fn::Sub": "${AWS::StackName} orders GET /orders/${!id}"},
    "Namespace": "AWS/ApiGateway",
    "MetricName": "Latency",
    "Dimensions": DIMENSIONS,
    "ExtendedStatistic": "p99",
    "Period": 60,
    "EvaluationPeriods": 5,
    "DatapointsToAlarm": 3,
    "Threshold": 2500,
    "ComparisonOperator": "GreaterThanThreshold",
}


def metric(identifier, name, statistic):
    stat = {
        "Metric": {"Namespace": "AWS/ApiGateway", "MetricName": name, "Dimensions": DIMENSIONS},
        "Period": 300,
        "Stat": statistic,
    }
    return {"Id": identifier, "MetricStat": stat, "ReturnData": False}


MATH = {
    "Metrics": [
        {"Id": "rate", "Expression": "IF(errors >= 3, errors * 100 / calls, 0)", "Label": "rate", "ReturnData": True},
        metric("errors", "5XXError", "Sum"),
        metric("calls", "Count", "SampleCount"),
    ],
    "EvaluationPeriods": "5",
    "DatapointsToAlarm": 3,
    "Threshold": "5",
    "ComparisonOperator": "GreaterThanThreshold",
}


def template(**alarms):
    """A template with one stage, and alarms given as properties or as whole resources."""
    resources = {"Stage": {"Type": "AWS::ApiGateway::Stage", "Properties": {"StageName": "prod"}}}
    for name, alarm in alarms.items():
        resources[name] = alarm if "Type" in alarm else {"Type": alarm_rules.ALARM, "Properties": alarm}
    return {"Resources": resources}


def problems(output):
    return [str(problem) for problem in alarm_rules.check(output, {"Resources": {"Stage": {}}})]


def rules(output):
    return {problem.rule for problem in alarm_rules.check(output, {"Resources": {"Stage": {}}})}


def changed(alarm, **changes):
    """`alarm` with properties set, or removed where the new value is `...`."""
    alarm = copy.deepcopy(alarm)
    for key, value in changes.items():
        alarm.pop(key, None)
        if value is not ...:
            alarm[key] = value
    return alarm


def with_query(index, **changes):
    alarm = copy.deepcopy(MATH)
    alarm["Metrics"][index] = changed(alarm["Metrics"][index], **changes)
    return alarm


def with_stat(**changes):
    return with_query(1, MetricStat=changed(MATH["Metrics"][1]["MetricStat"], **changes))


def test_good_alarms_have_no_problem():
    assert problems(template(Single=SINGLE, Math=MATH)) == []


def test_what_was_there_before_is_not_judged():
    output = template(Mine=changed(SINGLE, Threshold=...))
    assert alarm_rules.check(output, output) == []


GOOD = {
    "band": changed(
        MATH,
        Metrics=[
            metric("m1", "Latency", "p95") | {"ReturnData": True},
            {"Id": "ad1", "Expression": "ANOMALY_DETECTION_BAND(m1, 2)"},
        ],
        Threshold=...,
        ThresholdMetricId="ad1",
    ),
    "percentile rank": with_stat(Stat="PR(:2500)"),
    "percentile rank with both bounds": with_stat(Stat="PR(100:2500.5)"),
    "percentile rank with a reference": with_stat(Stat={"Fn::Sub": "PR(:${Limit})"}) | {},
    "an hour for a week": changed(SINGLE, Period=3600, EvaluationPeriods=168),
    "threshold by reference": changed(SINGLE, Threshold={"Fn::If": ["Production", 1, 2]}),
    "p100": changed(SINGLE, ExtendedStatistic="p100"),
}
ENVIRONMENT = {"Parameters": {"Limit": {"Type": "Number"}}, "Conditions": {"Production": {"Fn::Equals": ["a", "a"]}}}


@pytest.mark.parametrize("name", GOOD)
def test_unusual_but_valid(name):
    assert problems(template(Alarm=GOOD[name]) | ENVIRONMENT) == []


BAD = [
    ("metric_source", "no statistic", changed(SINGLE, ExtendedStatistic=...)),
    ("metric_source", "both statistics", changed(SINGLE, Statistic="Sum")),
    ("metric_source", "a metric beside Metrics", changed(MATH, MetricName="Latency")),
    ("metric_source", "a period beside Metrics", changed(MATH, Period=60)),
    ("metric_source", "no metric", changed(SINGLE, MetricName=..., ExtendedStatistic=...)),
    ("statistic", "p101", changed(SINGLE, ExtendedStatistic="p101")),
    ("statistic", "p-1", changed(SINGLE, ExtendedStatistic="p-1")),
    ("statistic", "a percentile as Statistic", changed(SINGLE, ExtendedStatistic=..., Statistic="p99")),
    ("statistic", "a plain one as ExtendedStatistic", changed(SINGLE, ExtendedStatistic="Average")),
    ("statistic", "PR without bounds", with_stat(Stat="PR(:)")),
    ("statistic", "a trimmed count by value", with_stat(Stat="TC(:2500)")),
    ("statistic", "none in a MetricStat", with_stat(Stat=None)),
    ("period", "10 s on AWS/", changed(SINGLE, Period=10)),
    ("period", "90 s", changed(SINGLE, Period=90)),
    ("period", "none", changed(SINGLE, Period=...)),
    ("period", "10 s in a MetricStat", with_stat(Period=10)),
    ("period", "two in one alarm", with_stat(Period=60)),
    ("window", "over a day", changed(SINGLE, Period=300, EvaluationPeriods=289)),
    ("window", "over a week", changed(SINGLE, Period=3600, EvaluationPeriods=169)),
    ("threshold", "none", changed(SINGLE, Threshold=...)),
    ("threshold", "null", changed(SINGLE, Threshold=None)),
    ("threshold", "NaN", changed(SINGLE, Threshold="NaN")),
    ("threshold", "a JavaScript object", changed(SINGLE, Threshold="[object Object]")),
    ("threshold", "true", changed(SINGLE, Threshold=True)),
    ("threshold", "beside a band", changed(GOOD["band"], Threshold=1)),
    ("threshold", "a band that is not there", changed(GOOD["band"], ThresholdMetricId="ad2")),
    ("evaluation", "no EvaluationPeriods", changed(SINGLE, EvaluationPeriods=...)),
    ("evaluation", "none of them", changed(SINGLE, EvaluationPeriods=0)),
    ("evaluation", "half of one", changed(SINGLE, EvaluationPeriods=1.5)),
    ("evaluation", "4 of 3", changed(SINGLE, EvaluationPeriods=3, DatapointsToAlarm=4)),
    ("evaluation", "0 of 3", changed(SINGLE, DatapointsToAlarm=0)),
    ("metric_math", "two returned", with_query(1, ReturnData=True)),
    ("metric_math", "returned by default", with_query(1, ReturnData=...)),
    ("metric_math", "none returned", with_query(0, ReturnData="false")),
    ("metric_math", "a capital id", with_query(1, Id="Errors")),
    ("metric_math", "an id twice", with_query(1, Id="calls")),
    ("metric_math", "an unknown id", with_query(0, Expression="errors / count")),
    ("metric_math", "an unused metric", with_query(0, Expression="errors + 1")),
    ("metric_math", "itself", with_query(0, Expression="rate + errors / calls")),
    ("metric_math", "FILL", with_query(0, Expression="FILL(errors, 0) / calls")),
    ("metric_math", "SEARCH", with_query(0, Expression="SEARCH('x', 'Sum') + errors / calls")),
    ("metric_math", "a long expression", with_query(0, Expression="errors / calls" + " + 1" * 600)),
    ("metric_math", "neither metric nor expression", with_query(1, MetricStat=...)),
    (
        "metric_math",
        "11 metrics",
        changed(
            MATH,
            Metrics=[{"Id": "e", "Expression": " + ".join(f"m{n}" for n in range(11))}]
            + [metric(f"m{n}", "Count", "Sum") for n in range(11)],
        ),
    ),
    ("lengths", "a long name", changed(SINGLE, AlarmName="n" * 256)),
    ("lengths", "with the stack's", changed(SINGLE, AlarmName={"Fn::Sub": "${AWS::StackName}" + "n" * 128})),
    ("lengths", "a long name with a parameter", changed(SINGLE, AlarmName={"Fn::Sub": "${Stage}" + "n" * 224})),
    ("lengths", "a long joined name", changed(SINGLE, AlarmName={"Fn::Join": ["-", [{"Ref": "Stage"}, "n" * 223]]})),
    ("lengths", "no name", changed(SINGLE, AlarmName="")),
    ("lengths", "a long description", changed(SINGLE, AlarmDescription="d" * 1025)),
    ("lengths", "six actions", changed(SINGLE, AlarmActions=["arn"] * 6)),
    ("metric_exists", "HTTP's metric on a REST API", changed(SINGLE, MetricName="5xx")),
    ("metric_exists", "missing dimension", changed(SINGLE, Dimensions=DIMENSIONS[:3])),
    ("metric_exists", "unknown namespace", changed(SINGLE, Namespace="AWS/APIGateway")),
    ("metric_exists", "in a MetricStat", with_stat(Metric={"Namespace": "AWS/Lambda", "MetricName": "Error"})),
    ("metric_exists", "no value", changed(SINGLE, Dimensions=[*DIMENSIONS[:3], {"Name": "Method", "Value": ""}])),
    ("reference", "Ref of nothing", changed(SINGLE, AlarmActions=[{"Ref": "Topic"}])),
    ("reference", "GetAtt of nothing", changed(SINGLE, AlarmActions=[{"Fn::GetAtt": ["Topic", "Arn"]}])),
    ("reference", "Sub of nothing", changed(SINGLE, AlarmName={"Fn::Sub": "${Topic.Arn}"})),
    ("reference", "If on nothing", changed(SINGLE, Threshold={"Fn::If": ["Nothing", 1, 2]})),
]


@pytest.mark.parametrize(
    ("rule", "alarm"), [(rule, alarm) for rule, _, alarm in BAD], ids=[f"{r}: {n}" for r, n, _ in BAD]
)
def test_bad_alarm_is_caught(rule, alarm):
    assert rules(template(Alarm=alarm)) >= {rule}


def test_every_rule_has_a_bad_alarm():
    assert set(alarm_rules.ALARM_RULES) <= {rule for rule, _, _ in BAD}


def test_unknown_condition_is_caught():
    alarm = {"Type": alarm_rules.ALARM, "Condition": "Nothing", "Properties": SINGLE}
    assert rules(template(Alarm=alarm)) == {"reference"}


def test_unknown_dependency_is_caught():
    alarm = {"Type": alarm_rules.ALARM, "DependsOn": ["Nothing"], "Properties": SINGLE}
    assert rules(template(Alarm=alarm)) == {"reference"}


def test_invalid_logical_id_is_caught():
    assert rules(template(**{"Get-orders": SINGLE})) == {"logical_id"}


def test_alarms_of_one_name_are_caught():
    assert rules(template(A=SINGLE, B=SINGLE)) == {"same_name"}


def test_too_many_resources_are_caught():
    assert rules(template(**{f"A{n}": changed(SINGLE, AlarmName=str(n)) for n in range(500)})) == {"template"}


def test_too_large_a_template_is_caught():
    assert rules(template(A=SINGLE) | {"Metadata": {"text": "x" * 1_000_000}}) == {"template"}


def equals(parameter, value):
    return {"Fn::Equals": [{"Ref": parameter}, value]}


CONDITIONS = {
    "Prod": equals("Env", "prod"),
    "Test": equals("Env", "test"),
    "ProdToo": {"Fn::Equals": ["prod", {"Ref": "Env"}]},
    "Watched": equals("Watch", "yes"),
    "Both": {"Fn::And": [{"Condition": "Prod"}, {"Condition": "Watched"}]},
    "Either": {"Fn::Or": [{"Condition": "Prod"}, {"Condition": "Test"}]},
    "NotTest": {"Fn::Not": [{"Condition": "Test"}]},
    "Always": {"Fn::Equals": ["x", "x"]},
}


@pytest.mark.parametrize(
    ("stage", "alarm", "dimension", "holds"),
    [
        (None, None, {"Ref": "Stage"}, True),
        ("Prod", None, {"Ref": "Stage"}, False),
        ("Prod", "Prod", {"Ref": "Stage"}, True),
        ("Prod", "ProdToo", {"Ref": "Stage"}, True),
        ("Prod", "Both", {"Ref": "Stage"}, True),
        ("Both", "Prod", {"Ref": "Stage"}, False),
        ("Either", "Test", {"Ref": "Stage"}, True),
        ("NotTest", "Prod", {"Ref": "Stage"}, True),
        ("NotTest", "Watched", {"Ref": "Stage"}, False),
        ("Always", None, {"Ref": "Stage"}, True),
        ("Prod", None, {"Fn::If": ["Prod", {"Ref": "Stage"}, "none"]}, True),
        ("Prod", None, {"Fn::If": ["Prod", "none", {"Ref": "Stage"}]}, False),
        ("Prod", None, {"Fn::Sub": "${Stage}"}, False),
    ],
)
def test_a_conditional_resource_is_referred_to_only_where_it_exists(stage, alarm, dimension, holds):
    output = template(Alarm=SINGLE)
    output["Conditions"] = CONDITIONS
    output["Parameters"] = {"Env": {"Type": "String"}, "Watch": {"Type": "String"}}
    dimensions = [DIMENSIONS[0], {"Name": "Stage", "Value": dimension}, *DIMENSIONS[2:]]
    output["Resources"]["Alarm"]["Properties"] = changed(SINGLE, Dimensions=dimensions)
    for name, condition in (("Stage", stage), ("Alarm", alarm)):
        if condition:
            output["Resources"][name]["Condition"] = condition
    assert rules(output) == (set() if holds else {"reference"})


def test_a_name_that_the_author_did_not_define_is_not_our_mistake():
    output = template(Alarm=changed(SINGLE, AlarmActions=[{"Ref": "Topic"}]))
    source = {"Resources": {"Stage": {"Properties": {"Variables": {"Topic": {"Ref": "Topic"}}}}}}
    assert rules(output) == {"reference"}
    assert alarm_rules.check(output, source) == []


def test_what_sam_will_generate_can_be_referred_to_before_it_has():
    output = template(Alarm=changed(SINGLE, AlarmName={"Fn::Sub": "${Api.Stage} ${ServerlessRestApi}"}))
    assert rules(output) == {"reference"}
    output["Resources"]["Api"] = {"Type": "AWS::Serverless::Api", "Properties": {}}
    assert alarm_rules.check(output, {"Resources": {"Stage": {}, "Api": {}}}) == []


def test_as_a_command(tmp_path):
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(template(Alarm=SINGLE)))
    bad.write_text(json.dumps(template(Alarm=changed(SINGLE, Threshold=...))))
    command = [sys.executable, Path(alarm_rules.__file__)]
    assert subprocess.run([*command, good], capture_output=True, check=False).returncode == 0
    result = subprocess.run([*command, good, bad], capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stdout.startswith(f"{bad}: Alarm: threshold: ")
