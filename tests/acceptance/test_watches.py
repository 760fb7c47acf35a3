"""The comparison of what two sets of alarms watch, on its own."""

import alarm_rules
import watches
from evaluate import Values
from test_alarm_rules import MATH, SINGLE, changed, metric

STAGE = {"Type": "AWS::ApiGateway::Stage", "Properties": {"StageName": {"Ref": "Env"}}}


def watched(*alarms):
    resources = {"Stage": STAGE}
    resources |= {f"Alarm{n}": {"Type": alarm_rules.ALARM, "Properties": alarm} for n, alarm in enumerate(alarms)}
    template = {"Resources": resources}
    return watches.watches(template, Values(template, {"Env": "prod"}), {"Stage": STAGE})


def renamed(alarm, name):
    """The same alarm with the metric `errors` under another id, its list in another order."""
    queries = [metric(name, "5XXError", "Sum"), alarm["Metrics"][0], alarm["Metrics"][2]]
    queries[1] = queries[1] | {"Expression": queries[1]["Expression"].replace("errors", name)}
    return changed(alarm, Metrics=queries)


def test_names_and_ways_of_writing_make_no_difference():
    stage = {"Name": "Stage", "Value": {"Fn::Sub": "${Env}"}}
    same = changed(
        SINGLE, AlarmName=..., Threshold="2500", Dimensions=[stage, *SINGLE["Dimensions"][::2], SINGLE["Dimensions"][3]]
    )
    assert watched(SINGLE, MATH) == watched(renamed(MATH, "m5"), same)


def test_what_is_watched_makes_a_difference():
    others = [
        changed(SINGLE, Threshold=2501),
        changed(SINGLE, ExtendedStatistic="p95"),
        changed(SINGLE, Period=300),
        changed(SINGLE, EvaluationPeriods=6),
        changed(SINGLE, MetricName="IntegrationLatency"),
        changed(SINGLE, Dimensions=SINGLE["Dimensions"][:3]),
        changed(SINGLE, AlarmActions=["arn"]),
    ]
    assert all(watched(SINGLE) != watched(other) for other in others)
    assert watched(MATH) != watched(changed(MATH, Metrics=[*MATH["Metrics"][:2], metric("calls", "Count", "Sum")]))
    assert watched(SINGLE) != watched(SINGLE, SINGLE)


def test_alarms_that_were_there_do_not_count():
    template = {"Resources": {"Mine": {"Type": alarm_rules.ALARM, "Properties": SINGLE}}}
    assert not watches.watches(template, Values(template, {}), template["Resources"])
