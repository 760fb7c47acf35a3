"""An organisation's own rows, in every form: cfn-lint and CloudWatch's rules take what the command makes of them."""

import json
import subprocess

import alarm_rules
import results

METRIC = {"Namespace": "AWS/SQS", "Dimensions": {"QueueName": {"GetAtt": "QueueName"}}}
ROW = {
    "ResourceTypes": "AWS::SQS::Queue",
    "ComparisonOperator": "GreaterThanThreshold",
    "Description": "More than {threshold}, at least {min}.",
    **METRIC,
}
SIZE = {"MetricName": "SentMessageSize", "Statistic": "p99"}
SHARE = {"Threshold": {"Property": "MaximumMessageSize", "Percent": 90, "Absent": 262144}, "Unit": "Bytes"}
RANKED = [
    {"Id": "m", **SIZE},
    {"Id": "r", "MetricName": "SentMessageSize", "Statistic": "PR(:{threshold})"},
    {"Id": "n", "MetricName": "SentMessageSize", "Statistic": "SampleCount"},
]
RATE = [
    {"Id": "empty", "MetricName": "NumberOfEmptyReceives", "Statistic": "Sum"},
    {"Id": "all", "MetricName": "NumberOfMessagesReceived", "Statistic": "Sum"},
]
POLICY = {
    "Version": 1,
    "Custom": [
        {"Id": "Own.Number", **ROW, **SIZE, "Threshold": 1000},
        {"Id": "Own.Share", **ROW, **SIZE, **SHARE},
        {
            "Id": "Own.Rate",
            **ROW,
            "Metrics": RATE,
            "Expression": "IF(empty >= {min}, 100 * empty / (empty + all), 0)",
            "MinSamples": 5,
            "Threshold": 90,
            "Unit": "Percent",
        },
        {
            "Id": "Own.Gated",
            **ROW,
            **SHARE,
            "Metrics": RANKED,
            "Expression": "IF((100 - r) * n / 100 > {gate}, m, 0)",
            "MinSamples": 3,
        },
        {"Id": "Own.Kilobytes", **ROW, **SHARE, "Metrics": [{"Id": "m", **SIZE}], "Expression": "m * 1024"},
        {"Id": "Own.Lines", "LogPattern": '"Task timed out"', "Description": "Timed out."},
    ],
}
SIZES = {"Absent": {}, "Number": {"MaximumMessageSize": 1024}, "Intrinsic": {"MaximumMessageSize": {"Ref": "Size"}}}
QUEUES = {name: {"Type": "AWS::SQS::Queue", "Properties": properties} for name, properties in SIZES.items()}
ROLE = "arn:aws:iam::111122223333:role/x"
CODE = {"Handler": "index.handler", "Runtime": "nodejs22.x", "Role": ROLE, "Code": {"ZipFile": "x"}}
TEMPLATE = {
    "Parameters": {"Size": {"Type": "Number", "Default": 2048}},
    "Resources": {
        **QUEUES,
        "F": {"Type": "AWS::Lambda::Function", "Properties": CODE},
        "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": {"Fn::Sub": "/aws/lambda/${F}"}}},
    },
}


def test_every_form_of_an_own_row_makes_alarms_that_cloudformation_takes(toprail, tmp_path):
    policy, template = tmp_path / "policy.json", tmp_path / "template.json"
    policy.write_text(json.dumps(POLICY), encoding="utf-8")
    template.write_text(json.dumps(TEMPLATE), encoding="utf-8")
    command = [toprail, "transform", "--policy", policy, "--format", "json", template]
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=True)
    output = json.loads(done.stdout)
    named = [json.dumps(resource) for resource in output["Resources"].values() if "Own." in json.dumps(resource)]
    assert len(named) == len(QUEUES) * (len(POLICY["Custom"]) - 1) + 1
    # No list of AWS's metrics has what a metric filter of this template makes.
    problems = [problem for problem in alarm_rules.check(output, TEMPLATE) if problem.rule != "metric_exists"]
    assert [str(problem) for problem in problems] == []
    assert results.lint_all({"own-rows.json": output}, tmp_path / "lint") == {"own-rows.json": set()}
