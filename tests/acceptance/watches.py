"""What alarms watch, without their ids, names and descriptions: for comparing two sets of alarms."""

import re
from collections import Counter

import alarm_rules
from targets import named_values


def watches(template, values, before):
    """How often each thing is watched by the alarms of `template` that are not in `before`."""
    return Counter(
        watch(resource, values)
        for name, resource in (template.get("Resources") or {}).items()
        if name not in before and isinstance(resource, dict) and resource.get("Type") == alarm_rules.ALARM
        # What a condition removes is watched by neither.
        if "Condition" not in resource or values.condition(resource["Condition"])
    )


def watch(resource, values):
    """One alarm as one line: metric or expression, comparison, threshold, evaluation, actions."""
    alarm = resource.get("Properties") or {}
    keys = ("ComparisonOperator", "Threshold", "EvaluationPeriods", "DatapointsToAlarm", "TreatMissingData")
    said = " ".join(values.text(alarm[key]) for key in keys if key in alarm)
    actions = [values.text(action) for key in ("AlarmActions", "OKActions") for action in alarm.get(key) or []]
    exists = values.condition(resource["Condition"]) if "Condition" in resource else True
    return f"{watched_series(alarm, values)} {said} {actions} exists: {exists}"


def watched_series(alarm, values):
    """The series that the alarm compares, every id in its expression replaced by what it stands for."""
    definitions = {stat.id: metric_text(stat, values) for stat in alarm_rules.stats(alarm)}
    if None in definitions:
        return definitions[None]
    expressions = {q["Id"]: values.text(q["Expression"]) for q in alarm_rules.queries(alarm) if "Expression" in q}
    for _ in expressions:
        for identifier, text in expressions.items():
            definitions[identifier] = re.sub(
                r"(?<![\w.])[a-z]\w*\b", lambda match: f"({definitions.get(match[0], match[0])})", text
            )
    returned = [q["Id"] for q in alarm_rules.queries(alarm) if not alarm_rules.is_false(q.get("ReturnData"))]
    return " and ".join(definitions[identifier] for identifier in returned)


def metric_text(stat, values):
    """One metric as text."""
    dimensions = ", ".join(f"{name}={value}" for name, value in sorted(named_values(stat, values)))
    statistic, period = values.text(stat.statistic), values.text(stat.period)
    return f"{stat.namespace} {stat.metric} [{dimensions}] {statistic} {period}s"
