"""Deployed alarms at work: with bad data they go to ALARM, with good data back to OK.

One alarm for each row of the catalogue that is a plain metric; LocalStack evaluates neither percentiles nor metric
math. How LocalStack 4.14 evaluates: when an alarm is put, and every N periods from then on. It looks at the N periods
before, and at a few more (`periods_read`); M bad ones among all of these make an alarm. So that nobody waits for N
periods, the points have times in the past, and each evaluation is asked for by putting the alarm as it was described.
"""

import time
from datetime import UTC, datetime, timedelta

import pytest
from cloud import alarms, client, put_again
from conftest import TEMPLATES, stack_of
from planned import catalogue

STATISTICS = {"Average", "Maximum", "Minimum", "Sum"}
# Which way a value is bad, and whether the threshold itself is.
OPERATORS = {
    "GreaterThanThreshold": (1, False),
    "GreaterThanOrEqualToThreshold": (1, True),
    "LessThanThreshold": (-1, False),
    "LessThanOrEqualToThreshold": (-1, True),
}
# How long the oldest point stays within the periods that LocalStack reads.
MARGIN = 25
EVALUATION_SECONDS = 20


def rows(stacks):
    """One deployed alarm of each row that LocalStack can evaluate."""
    described, found = alarms(), {}
    for name in TEMPLATES:
        deployed = stack_of(stacks, name)
        ids = deployed.stack.physical_ids
        for logical_id, planned in deployed.plan.alarms.items():
            alarm = described.get(ids.get(logical_id))
            if alarm and alarm.get("Statistic") in STATISTICS:
                found.setdefault(planned["alarm"], alarm)
    return found


def periods_read(alarm):
    """How many periods LocalStack reads."""
    return alarm["EvaluationPeriods"] + max(alarm["EvaluationPeriods"] // 3, 2)


def values(alarm):
    """The worst value that is good, and the best one that is bad."""
    direction, is_bad = OPERATORS[alarm["ComparisonOperator"]]
    threshold = alarm["Threshold"]
    return (threshold - direction, threshold) if is_bad else (threshold, threshold + direction)


def put(alarm, now, points):
    """Put data: for each number of periods after the oldest that is read, a value."""
    oldest = now + timedelta(seconds=MARGIN - periods_read(alarm) * alarm["Period"])
    data = [
        {
            "MetricName": alarm["MetricName"],
            "Dimensions": alarm["Dimensions"],
            "Timestamp": oldest + timedelta(seconds=index * alarm["Period"]),
            "Value": value,
        }
        for index, value in points.items()
    ]
    client("cloudwatch").put_metric_data(Namespace=alarm["Namespace"], MetricData=data)


def evaluated(found):
    """The state of each alarm after one more evaluation."""
    for alarm in found.values():
        put_again(alarm)
    deadline = time.monotonic() + EVALUATION_SECONDS
    while True:
        now = alarms()
        states = {row: now[alarm["AlarmName"]]["StateValue"] for row, alarm in found.items()}
        if "INSUFFICIENT_DATA" not in states.values() or time.monotonic() > deadline:
            return states
        time.sleep(0.5)


@pytest.fixture(scope="module")
def driven(stacks):
    """The states of each row's alarm, all driven at once: one bad period too few, enough, then one too few again."""
    found, now = rows(stacks), datetime.now(UTC)
    for alarm in found.values():
        good, bad = values(alarm)
        bad_ones = alarm["DatapointsToAlarm"]
        put(alarm, now, {index: bad if index < bad_ones else good for index in range(1, periods_read(alarm))})
    one_too_few = evaluated(found)
    for alarm in found.values():
        put(alarm, now, {0: values(alarm)[1]})
    enough = evaluated(found)
    time.sleep(max(0, MARGIN + 2 - (datetime.now(UTC) - now).total_seconds()))
    return found, {"one too few": one_too_few, "enough": enough, "the oldest has passed": evaluated(found)}


def test_rows_can_be_driven(driven, toprail, note):
    found, _ = driven
    plain = [
        row["id"]
        for row in catalogue(toprail)
        if not row.get("expression") and row["metrics"][0]["statistic"] in STATISTICS
    ]
    note(f"driven to ALARM and back: {len(found)} rows: {', '.join(found)}")
    assert len(found) >= min(10, len(plain))


@pytest.mark.parametrize(
    ("step", "state"), [("one too few", "OK"), ("enough", "ALARM"), ("the oldest has passed", "OK")]
)
def test_alarms_follow_their_data(step, state, driven):
    found, states = driven
    assert states[step] == dict.fromkeys(found, state)
