"""Metrics that LocalStack publishes of its own accord, for functions that are called and for every queue: alarms on
them must have the dimensions that the service publishes, and see what happens to the resource.

This file comes before the tests that put data themselves.
"""

import time

import pytest
from cloud import alarms, client, put_again
from conftest import TEMPLATES, stack_of

CALLED = {"function": "Resize", "function-version": "Pricing"}
OF_QUEUES = {("AWS/SQS", f"ApproximateNumberOfMessages{which}") for which in ("Visible", "NotVisible", "Delayed")}
SECONDS = 40


def dimensions_of(metric):
    """A metric's dimensions as a set."""
    return frozenset((one["Name"], one["Value"]) for one in metric["Dimensions"])


def published():
    """The sets of dimensions that were published, by namespace and metric."""
    pages = client("cloudwatch").get_paginator("list_metrics").paginate()
    found = {}
    for page in pages:
        for metric in page["Metrics"]:
            found.setdefault((metric["Namespace"], metric["MetricName"]), set()).add(dimensions_of(metric))
    return found


def read_by(alarm):
    """The metrics that an alarm reads, with their dimensions."""
    metrics = [one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one]
    metrics += [alarm] if "MetricName" in alarm else []
    return {((one["Namespace"], one["MetricName"]), dimensions_of(one)) for one in metrics}


def eventually(attempt):
    """The first true value of `attempt`, or its last one."""
    deadline = time.monotonic() + SECONDS
    while not (value := attempt()) and time.monotonic() < deadline:
        time.sleep(1)
    return value


def alarms_of(stacks, name):
    """The deployed alarms of one template by the row that each is from."""
    deployed, described = stack_of(stacks, name), alarms()
    ids = deployed.stack.physical_ids
    return {planned["alarm"]: described[ids[key]] for key, planned in deployed.plan.alarms.items() if key in ids}


@pytest.mark.parametrize(("name", "function"), CALLED.items())
def test_a_function_that_fails_publishes_what_its_alarms_read(name, function, stacks):
    called = stack_of(stacks, name).stack.physical_ids[function]
    answer = client("lambda").invoke(FunctionName=called, Payload=b"{}")
    assert "FunctionError" in answer
    rate = alarms_of(stacks, name)["Function.ErrorRate"]
    assert {metric for metric, _ in read_by(rate)} == {("AWS/Lambda", "Errors"), ("AWS/Lambda", "Invocations")}
    errors = next(dimensions for (_, metric), dimensions in read_by(rate) if metric == "Errors")
    assert eventually(lambda: errors in published().get(("AWS/Lambda", "Errors"), ()))


def test_alarms_of_queues_have_the_dimensions_that_queues_publish(stacks, note):
    names = [name for name in TEMPLATES if stack_of(stacks, name).plan.reach == "adds"]
    read = {one for name in names for alarm in alarms_of(stacks, name).values() for one in read_by(alarm)}
    wanted = {(key, dimensions) for key, dimensions in read if key in OF_QUEUES}
    if not wanted:
        pytest.skip("the catalogue has no alarm on what LocalStack publishes of queues")

    def missing():
        found = published()
        return {(key, dimensions) for key, dimensions in wanted if dimensions not in found.get(key, ())}

    eventually(lambda: not missing())
    assert missing() == set()
    note(f"compared with what LocalStack publishes: {len(wanted)} metrics of queues")


def test_a_message_in_a_dead_letter_queue_sets_off_its_alarm(stacks):
    alarm = alarms_of(stacks, "queue-redrive").get("DeadLetterQueue.Messages")
    if not alarm:
        pytest.skip("the catalogue has no DeadLetterQueue.Messages")
    url = stack_of(stacks, "queue-redrive").stack.physical_ids["Failed"]
    client("sqs").send_message(QueueUrl=url, MessageBody="could not be worked off")

    def is_set_off():
        put_again(alarm)
        time.sleep(1)
        return alarms()[alarm["AlarmName"]]["StateValue"] == "ALARM"

    assert eventually(is_set_off)
