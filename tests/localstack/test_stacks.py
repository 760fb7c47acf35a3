"""Each template, deployed through the macro: what CloudWatch has afterwards is what the command had planned."""

import json
import re

import pytest
from cloud import alarms, client
from conftest import TEMPLATES, stack_of
from planned import ALARM, deployed_alarm, expected_alarm, expected_tags
from real import known

SHOWN = re.compile(r"([<>]=?) ([\d,]+(?:\.\d+)?)(?: (.+))?")
SIZES = {"KiB": 1024, "MiB": 1024**2, "GiB": 1024**3, "TiB": 1024**4}


@pytest.fixture(params=TEMPLATES)
def deployed(request, stacks):
    """One template's stack."""
    return stack_of(stacks, request.param)


@pytest.fixture(scope="module")
def described(stacks):
    """The alarms of all stacks by name."""
    return alarms()


def existing(deployed):
    """The planned alarms whose conditions hold, by logical id."""
    resolver, resources = deployed.resolver, deployed.plan.alarm_resources
    return {name: resource for name, resource in resources.items() if resolver.exists(resource)}


def metrics_of(alarm):
    """Each metric of an alarm, as CloudWatch describes it."""
    single = [alarm] if "MetricName" in alarm else []
    return single + [one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one]


def declared(deployed, dimension):
    """What LocalStack does not make: the names of APIs that are named by their bodies, and metrics of buckets."""
    resources = deployed.stack.processed["Resources"].values()
    if dimension == "ApiName":
        apis = [one["Properties"] for one in resources if one["Type"] == "AWS::ApiGateway::RestApi"]
        return {deployed.resolver.value(api["Body"]["info"]["title"]) for api in apis if "Name" not in api}
    if dimension == "FilterId":
        buckets = [one.get("Properties", {}) for one in resources if one["Type"] == "AWS::S3::Bucket"]
        return {metrics["Id"] for bucket in buckets for metrics in bucket.get("MetricsConfigurations", [])}
    return set()


def test_there_are_templates():
    assert len(TEMPLATES) >= 36


def test_the_stack_is_created(deployed):
    assert (deployed.stack.status, deployed.stack.failures) == ("CREATE_COMPLETE", [])


def test_localstack_made_every_resource(deployed):
    assert deployed.stack.pretended == set()
    # "unknown" is what LocalStack makes of an attribute that it does not know.
    assert "unknown" not in deployed.attribute_values.values(), deployed.attribute_values


def test_the_alarms_are_the_planned_ones(deployed, described):
    processed = deployed.stack.processed["Resources"]
    made = {name for name, resource in processed.items() if resource["Type"] == ALARM}
    assert made == set(deployed.plan.alarm_resources)
    assert made >= set(deployed.plan.alarms) or (deployed.plan.reach == "audits" and deployed.plan.alarms)
    ids = deployed.stack.physical_ids
    assert {name for name in ids if name in made} == set(existing(deployed))
    prefix = f"{deployed.stack.name} "
    assert {name for name in described if name.startswith(prefix)} == {
        ids[name] for name in existing(deployed) if ids[name].startswith(prefix)
    }


def test_each_alarm_is_as_planned(deployed, described):
    ids, resolver = deployed.stack.physical_ids, deployed.resolver
    for name, resource in existing(deployed).items():
        found = deployed_alarm(described[ids[name]])
        assert found == expected_alarm(resolver, resource, ids[name]), name


def test_the_plan_says_what_is_deployed(deployed, described):
    ids = deployed.stack.physical_ids
    for name in existing(deployed).keys() & deployed.plan.alarms.keys():
        planned, alarm = deployed.plan.alarms[name], described[ids[name]]
        periods = {alarm.get("Period")} | {one["MetricStat"]["Period"] for one in alarm.get("Metrics", [])[1:]}
        assert periods - {None} == {planned["period"]}, name
        assert alarm["DatapointsToAlarm"] == planned["datapointsToAlarm"], name
        assert alarm["EvaluationPeriods"] == planned["evaluationPeriods"], name
        assert alarm["AlarmName"].endswith(" " + planned["alarm"].partition(".")[2]), name
        assert_threshold(planned["threshold"], alarm, name)


def assert_threshold(shown, alarm, name):
    """What the plan shows, `> 2,500 ms`, is what the alarm has, where the plan can know it."""
    match = SHOWN.fullmatch(shown)
    if match:
        sign, number, unit = match.groups()
        operator = {">": "GreaterThan", "<": "LessThan"}[sign[0]] + ("OrEqualTo" if "=" in sign else "")
        assert alarm["ComparisonOperator"] == f"{operator}Threshold", name
        assert float(number.replace(",", "")) * SIZES.get(unit, 1) == alarm["Threshold"], name
    else:
        assert "${" in shown, (name, shown)


def test_each_dimension_is_what_its_service_calls_the_resource(deployed, described, note):
    ids = deployed.stack.physical_ids
    for name in existing(deployed):
        for metric in metrics_of(described[ids[name]]):
            for dimension in metric["Dimensions"]:
                key, value = dimension["Name"], dimension["Value"]
                allowed = declared(deployed, key) or known(key)
                if allowed is None:
                    note(f"no service was asked about {metric['Namespace']} {key} = {value}")
                    is_arn = value.startswith(("arn:", "http"))
                    assert is_arn == key.endswith(("Arn", "ARN", "LoadBalancer")), (name, key, value)
                else:
                    assert value in allowed, (name, key)


def test_each_alarm_watches_the_resource_that_the_plan_names(deployed, described):
    ids = deployed.stack.physical_ids
    for name in existing(deployed).keys() & deployed.plan.alarms.keys():
        place = deployed.plan.alarms[name]["place"]
        if place["type"] != "resource":
            continue
        physical = ids[place["id"]]
        called = {physical} | {physical.rpartition(mark)[2] for mark in "/:|"}
        for metric in metrics_of(described[ids[name]]):
            values = {dimension["Value"] for dimension in metric["Dimensions"]}
            assert values & called, (name, place["id"], physical, metric["Dimensions"])


def test_every_action_is_a_topic_that_exists(deployed, described):
    topics = {one["TopicArn"] for one in client("sns").list_topics()["Topics"]}
    given = json.dumps(deployed.plan.template)
    for name in existing(deployed).keys() & deployed.plan.alarms.keys():
        alarm = described[deployed.stack.physical_ids[name]]
        for topic in alarm["AlarmActions"] + alarm["OKActions"] + alarm["InsufficientDataActions"]:
            assert topic in topics or topic in given, name


def test_tags_are_the_planned_ones(deployed):
    # LocalStack's CloudFormation gives alarms no tags, so this reads the template that it deployed.
    processed, resolver = deployed.stack.processed["Resources"], deployed.resolver
    for name, resource in existing(deployed).items():
        assert expected_tags(resolver, processed[name]) == expected_tags(resolver, resource), name
