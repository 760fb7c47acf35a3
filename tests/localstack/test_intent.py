"""What authors ask for in their templates is what CloudWatch has afterwards, said without the command's plan."""

import pytest
from cloud import alarms, client
from conftest import stack_of


@pytest.fixture(scope="module")
def described(stacks):
    """The alarms of all stacks by name."""
    return alarms()


@pytest.fixture
def of(stacks, described):
    """The alarms of a template's stack, by name without the stack's."""

    def find(name):
        prefix = stack_of(stacks, name).stack.name + " "
        return {key.removeprefix(prefix): alarm for key, alarm in described.items() if key.startswith(prefix)}

    return find


def test_an_alarm_of_the_author_is_not_doubled(of, stacks, described):
    found = of("author-alarm")
    assert "Login ErrorRate" in found
    assert "Login Throttles" not in found
    assert stack_of(stacks, "author-alarm").stack.physical_ids["LoginThrottles"] in described


def test_what_is_suppressed_or_disabled_has_no_alarm(of):
    found = of("suppressed")
    assert {"Batch ErrorRate", "Online ErrorRate", "Online Throttles"} <= found.keys()
    assert not {"Batch Throttles", "Batch Duration", "Online Duration"} & found.keys()
    assert not [name for name in found if name.startswith("Quiet")]


def test_an_audit_adds_nothing(of):
    assert of("audit") == {}


def test_alarms_exist_where_the_condition_of_their_resource_holds(of):
    found = of("conditional")
    assert {"Always ErrorRate", "ProdOnly ErrorRate"} <= found.keys()
    assert not [name for name in found if name.startswith("Test")]


def test_methods_have_their_own_settings(of):
    found = of("rest-methods")
    payments, admin = "ServerlessRestApi Prod POST /payments", "ServerlessRestApi Prod PUT /admin/refunds"
    assert not [name for name in found if "GET /health" in name]
    assert found[f"{payments} LatencyP99"]["Threshold"] == 8000
    assert found[f"{admin} LatencyP99"]["Threshold"] == 2000
    assert {one["MetricStat"]["Period"] for one in found[f"{admin} LatencyP99"]["Metrics"][1:]} == {300}
    assert f"{payments} ClientErrorRate" in found
    assert f"{admin} ClientErrorRate" not in found


def test_parameters_and_mappings_reach_the_thresholds(of):
    found = of("parameters")
    assert found["Api beta LatencyP95"]["Threshold"] == 1500
    assert found["Handler Throttles"]["Threshold"] == 7
    [duration] = [one["Expression"] for one in found["Handler Duration"]["Metrics"] if "Expression" in one]
    assert "(10 * 12)" in duration


def test_alarms_notify_the_topics_of_their_severity(of, stacks):
    ids = stack_of(stacks, "notify").stack.physical_ids
    pager, team = "arn:aws:sns:us-east-1:000000000000:pager", ids["Team"]
    found = of("notify")
    assert found["Index ErrorRate"]["AlarmActions"] == [pager, team]
    assert found["Index Duration"]["AlarmActions"] == [team]
    throttles = found["Index Throttles"]
    assert (throttles["AlarmActions"], throttles["OKActions"]) == ([pager, team], [team])
    window = [throttles[name] for name in ("Threshold", "Period", "DatapointsToAlarm", "EvaluationPeriods")]
    assert window == [3, 300, 2, 3]
    assert throttles["AlarmDescription"].endswith("Runbook: https://wiki.example.com/Index/Function.Throttles")


def test_parameters_of_the_transform_count(of):
    found = of("transform-parameters")
    assert found["Quote Throttles"]["Threshold"] == 2
    assert found["Quote ErrorRate"]["AlarmActions"] == ["arn:aws:sns:us-east-1:000000000000:pager"]
    assert "Quote Duration" not in found


def test_resources_get_the_default_tags(stacks):
    stack = stack_of(stacks, "notify").stack
    expected = {"Team": "search", "Stack": stack.name}
    topic = client("sns").list_tags_for_resource(ResourceArn=stack.physical_ids["Team"])["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in topic}.items() >= expected.items()
    function = client("lambda").get_function(FunctionName=stack.physical_ids["Index"])["Tags"]
    assert function.items() >= expected.items()
