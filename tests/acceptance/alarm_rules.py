"""What CloudFormation, CloudWatch and cfn-lint do not say before an alarm turns out to be wrong.

`check(output, source)` looks at every resource of `output` that is not in `source` and returns the problems. As a
command: `python alarm_rules.py OUTPUT.json [--source INPUT.json]`, or several outputs, each checked whole.

Sources of the limits: the API reference of PutMetricAlarm (periods, evaluation window, statistics, metric math,
actions), its user guide (10 metrics, no SEARCH), AWS's guidance for alarms (no FILL), CloudFormation's quotas.
"""

import argparse
import csv
import itertools
import json
import math
import re
import sys
from pathlib import Path
from typing import NamedTuple

from conditions import Conditions, TooManyVariables

ALARM = "AWS::CloudWatch::Alarm"
PSEUDO_PARAMETERS = {
    f"AWS::{name}"
    for name in ("AccountId", "NoValue", "NotificationARNs", "Partition", "Region", "StackId", "StackName", "URLSuffix")
}
STATISTICS = {"Average", "Maximum", "Minimum", "SampleCount", "Sum"}
PERCENT = r"(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)"
NUMBER = r"-?\d+(?:\.\d+)?"
EXTENDED = re.compile(
    rf"(?:p{PERCENT}|(?:tm|tc|ts|wm){PERCENT}|IQM|PR\((?:{NUMBER}:{NUMBER}|:{NUMBER}|{NUMBER}:)\)"
    rf"|(?:TM|TC|TS|WM)\((?:{PERCENT}%:{PERCENT}%|:{PERCENT}%|{PERCENT}%:)\))"
)
METRIC_ID = re.compile(r"[a-z][A-Za-z0-9_]*")
LOGICAL_ID = re.compile(r"[A-Za-z0-9]{1,255}")
SUB_VARIABLE = re.compile(r"\$\{(?!!)([^}]+)\}")
VARIABLE_WIDTH = {"AWS::StackName": 128}
ANY_VARIABLE_WIDTH = 32
DAY, WEEK, HOUR = 86_400, 604_800, 3_600
# Names that SAM gives to what it will generate, usable in `Ref` before it has.
SAM_ATTRIBUTES = ("Stage", "Deployment", "Alias", "Version", "DestinationTopic", "DestinationQueue")
SAM_IMPLICIT = ("ServerlessRestApi", "ServerlessHttpApi")


class Problem(NamedTuple):
    """One broken rule: which, in which resource, and how."""

    rule: str
    where: str
    message: str

    def __str__(self):
        return f"{self.where}: {self.rule}: {self.message}"


class Stat(NamedTuple):
    """One metric that an alarm reads; `id` is None when the alarm has no `Metrics`."""

    id: str | None
    namespace: object
    metric: object
    dimensions: list
    statistic: object
    period: object


def known_metrics():
    """The set of (namespace, metric, sorted dimension names) that exist."""
    table = Path(__file__).parent.parent / "metrics" / "known.tsv"
    with table.open(encoding="utf-8") as table:
        return {(row["namespace"], row["metric"], row["dimensions"]) for row in csv.DictReader(table, delimiter="\t")}


KNOWN_METRICS = known_metrics()


def check(output, source=None):
    """The problems of everything in `output` that is not in `source`.

    A name that nothing in `source` defines, and that `source` itself refers to, is the author's mistake.
    """
    source = source or {}
    added = {name: resource for name, resource in resources(output).items() if name not in resources(source)}
    excused = undefined(source)
    problems = [Problem("template", "template", message) for message in template_limits(output)]
    for name, resource in added.items():
        if not LOGICAL_ID.fullmatch(name):
            problems.append(Problem("logical_id", name, "not 1 to 255 letters and digits"))
        problems += [Problem("reference", name, message) for message in references(output, resource, excused)]
        if resource.get("Type") == ALARM:
            problems += check_alarm(name, resource.get("Properties") or {})
    problems += [Problem("same_name", name, message) for name, message in same_names(added)]
    return problems


def check_alarm(name, properties):
    """The problems of one alarm's properties."""
    return [Problem(rule, name, message) for rule, find in ALARM_RULES.items() for message in find(properties)]


# --- One alarm ---------------------------------------------------------------------------------------------------


def metric_source(alarm):
    """Exactly one source of the metric, and exactly one statistic with it."""
    sources = [key for key in ("Metrics", "MetricName", "EvaluationCriteria") if key in alarm]
    if len(sources) != 1:
        yield f"exactly one of Metrics, MetricName, EvaluationCriteria is needed: {sources}"
    statistics = [key for key in ("Statistic", "ExtendedStatistic") if key in alarm]
    if sources == ["MetricName"] and len(statistics) != 1:
        yield f"exactly one of Statistic, ExtendedStatistic is needed: {statistics}"
    if "Metrics" in alarm:
        for key in ("Dimensions", "Namespace", "Period", "Statistic", "ExtendedStatistic", "Unit"):
            if key in alarm:
                yield f"{key} stands beside Metrics"


def statistic(alarm):
    """Statistics that exist."""
    for key, valid in (("Statistic", is_basic), ("ExtendedStatistic", is_extended)):
        if key in alarm and not valid(alarm[key]):
            yield f"{key} {alarm[key]!r} does not exist"
    for stat in stats(alarm):
        if stat.id is not None and not (is_basic(stat.statistic) or is_extended(stat.statistic)):
            yield f"{stat.id}: statistic {stat.statistic!r} does not exist"


def period(alarm):
    """Periods that CloudWatch takes, and at which the metric has data; one for the whole alarm."""
    found = stats(alarm)
    for stat in found:
        seconds = number(stat.period)
        if seconds is None or not (seconds in (10, 20, 30) or (seconds >= 60 and seconds % 60 == 0)):
            yield f"period {stat.period!r} is not 10, 20, 30 or a multiple of 60"
        elif seconds < 60 and str(stat.namespace).startswith("AWS/"):
            yield f"period {stat.period!r} on {stat.namespace}, whose metrics come once a minute"
    if len({number(stat.period) for stat in found}) > 1:
        yield f"several periods: {sorted({str(stat.period) for stat in found})}"


def window(alarm):
    """Period x EvaluationPeriods within a day, or a week from one hour upwards."""
    seconds = max((number(stat.period) or 0 for stat in stats(alarm)), default=0)
    total = seconds * (number(alarm.get("EvaluationPeriods")) or 0)
    limit = WEEK if seconds >= HOUR else DAY
    if total > limit:
        yield f"{total:g} s are evaluated, at most {limit} can be"


def threshold(alarm):
    """A threshold that is a number when the alarm is made; for a band, ThresholdMetricId instead."""
    if ("Threshold" in alarm) == ("ThresholdMetricId" in alarm):
        yield "exactly one of Threshold, ThresholdMetricId is needed"
    if "Threshold" in alarm and number(alarm["Threshold"]) is None and not is_intrinsic(alarm["Threshold"]):
        yield f"Threshold {alarm['Threshold']!r} is no number"
    band = alarm.get("ThresholdMetricId")
    if band is not None and band not in [query.get("Id") for query in queries(alarm)]:
        yield f"ThresholdMetricId {band!r} is not in Metrics"


def evaluation(alarm):
    """M of N with M <= N, both whole."""
    n = alarm.get("EvaluationPeriods")
    if not is_count(n):
        yield f"EvaluationPeriods {n!r} is no whole number from 1"
    m = alarm.get("DatapointsToAlarm", n)
    if not is_count(m):
        yield f"DatapointsToAlarm {m!r} is no whole number from 1"
    elif number(m) is not None and number(n) is not None and number(m) > number(n):
        yield f"DatapointsToAlarm {m} is over EvaluationPeriods {n}"


def metric_math(alarm):
    """Unique and valid ids, one returned series, at most 10 metrics, expressions over ids that are there."""
    if "Metrics" not in alarm:
        return
    ids = [query.get("Id") for query in queries(alarm)]
    for identifier in ids:
        if not isinstance(identifier, str) or not METRIC_ID.fullmatch(identifier):
            yield f"metric id {identifier!r} is not valid"
    if len(set(map(str, ids))) != len(ids):
        yield f"metric ids are not unique: {ids}"
    returned = [query for query in queries(alarm) if not is_false(query.get("ReturnData"))]
    allowed = [query for query in returned if query.get("Id") != alarm.get("ThresholdMetricId")]
    if len(allowed) != 1:
        yield f"exactly one ReturnData must be true: {[query.get('Id') for query in returned]}"
    if len(stats(alarm)) > 10:
        yield f"{len(stats(alarm))} metrics, at most 10 can be"
    for query in queries(alarm):
        if ("Expression" in query) == ("MetricStat" in query):
            yield f"{query.get('Id')}: exactly one of Expression, MetricStat is needed"
    yield from expressions(alarm, ids, returned)


def expressions(alarm, ids, returned):
    """Every expression short, of functions that an alarm may use, over ids that exist; every id used."""
    used = {query.get("Id") for query in returned} | {alarm.get("ThresholdMetricId")}
    for query in queries(alarm):
        if "Expression" not in query:
            continue
        for text in texts(query["Expression"]):
            if len(text) > 2048:
                yield f"{query.get('Id')}: expression of {len(text)} characters, at most 2048 can be"
            for function in re.findall(r"\b(FILL|SEARCH)\s*\(", text):
                yield f"{query.get('Id')}: {function} does not belong in an alarm"
            named = expression_ids(text)
            used |= named
            for unknown in sorted(named - set(ids)):
                yield f"{query.get('Id')}: expression names {unknown!r}, which is not defined"
            if query.get("Id") in named:
                yield f"{query.get('Id')}: expression names itself"
    for unused in [identifier for identifier in ids if identifier not in used]:
        yield f"metric {unused!r} is not used"


def lengths(alarm):
    """Names and descriptions that fit, at most five actions for each state."""
    for key, limit in (("AlarmName", 255), ("AlarmDescription", 1024)):
        longest = max((len(text) for text in texts(alarm.get(key, ""))), default=0)
        if longest > limit:
            yield f"{key} of up to {longest} characters, at most {limit} can be"
    if "AlarmName" in alarm and alarm["AlarmName"] == "":
        yield "AlarmName is empty"
    for key in ("AlarmActions", "OKActions", "InsufficientDataActions"):
        actions = alarm.get(key) or []
        if isinstance(actions, list) and len(actions) > 5:
            yield f"{len(actions)} {key}, at most 5 can be"


def metric_exists(alarm):
    """Every metric with its dimensions is one that CloudWatch has."""
    for stat in stats(alarm):
        names = [dimension.get("Name") for dimension in stat.dimensions]
        row = (str(stat.namespace), str(stat.metric), ",".join(sorted(map(str, names))))
        if row not in KNOWN_METRICS:
            yield f"no such metric: {' '.join(row)}"
        for dimension in stat.dimensions:
            if dimension.get("Value") in (None, "", {}, []):
                yield f"dimension {dimension.get('Name')} has no value"


ALARM_RULES = {
    rule.__name__: rule
    for rule in (metric_source, statistic, period, window, threshold, evaluation, metric_math, lengths, metric_exists)
}


# --- The template ------------------------------------------------------------------------------------------------


def resources(template):
    """The resources of a template, without loops (`Fn::ForEach`), which are lists."""
    section = template.get("Resources") or {}
    return {name: resource for name, resource in section.items() if isinstance(resource, dict)}


def template_limits(template):
    """CloudFormation's limits on the whole."""
    count = len(template.get("Resources") or {})
    if count > 500:
        yield f"{count} resources, at most 500 can be"
    size = len(json.dumps(template, separators=(",", ":"), ensure_ascii=False).encode())
    if size > 1_000_000:
        yield f"{size} bytes, at most 1,000,000 can be"


def same_names(added):
    """Alarms that would overwrite each other, because they have one name."""
    seen = {}
    for name, resource in added.items():
        given = (resource.get("Properties") or {}).get("AlarmName") if resource.get("Type") == ALARM else None
        if given is None:
            continue
        key = json.dumps(given, sort_keys=True)
        if key in seen:
            yield name, f"has the AlarmName of {seen[key]}"
        seen.setdefault(key, name)


def references(template, resource, excused=()):
    """References of one resource that do not resolve, or not under every condition under which it exists."""
    conditions = Conditions(template)
    own = resource.get("Condition")
    if own is not None and own not in conditions:
        yield f"Condition {own!r} is not in Conditions"
    for name in found_conditions(resource.get("Properties")):
        if name not in conditions:
            yield f"Fn::If on {name!r}, which is not in Conditions"
    base = [(own, True)] if own is not None else []
    depends_on = resource.get("DependsOn") or []
    named = [(name, ()) for name in ([depends_on] if isinstance(depends_on, str) else depends_on)]
    for target, when in itertools.chain(named, found_references(resource.get("Properties"), template)):
        if not is_defined(target, template) and target not in excused:
            yield f"{target!r} is not defined"
        condition = resources(template).get(target, {}).get("Condition") if isinstance(target, str) else None
        premise = [*base, *when]
        if condition is not None and not implied(conditions, premise, condition):
            yield f"{target!r} exists only under {condition!r}, which {premise} does not imply"


def implied(conditions, premise, condition):
    """Whether `condition` holds whenever `premise` does; by name alone where there are too many to enumerate."""
    if (condition, True) in premise:
        return True
    try:
        return conditions.implies(premise, [[(condition, True)]])
    except TooManyVariables:
        return False


def undefined(template):
    """The names that a template refers to and does not define."""
    names = {name for name, _ in found_references(template, template) if isinstance(name, str)}
    return {name for name in names if not is_defined(name, template)}


def is_defined(name, template):
    """Whether `Ref` of `name` resolves, what SAM is going to generate included."""
    if name in PSEUDO_PARAMETERS or any(name in (template.get(key) or {}) for key in ("Parameters", "Resources")):
        return True
    known = resources(template)
    if not any(str(resource.get("Type")).startswith("AWS::Serverless::") for resource in known.values()):
        return False
    owner, _, attribute = str(name).partition(".")
    return attribute in ("", *SAM_ATTRIBUTES) and (owner in SAM_IMPLICIT or bool(attribute and owner in known))


def found_conditions(value):
    """Every condition that an `Fn::If` in `value` names."""
    if isinstance(value, dict):
        if isinstance(value.get("Fn::If"), list):
            yield value["Fn::If"][0]
        value = list(value.values())
    for item in value if isinstance(value, list) else []:
        yield from found_conditions(item)


def found_references(value, template, when=()):
    """Every logical id that `value` names, with the `Fn::If` branches around it."""
    if isinstance(value, list):
        for item in value:
            yield from found_references(item, template, when)
    if not isinstance(value, dict):
        return
    for key, inner in value.items():
        if key == "Ref":
            yield inner, when
        elif key == "Fn::GetAtt":
            yield (inner.split(".")[0] if isinstance(inner, str) else inner[0]), when
        elif key == "Fn::Sub":
            text, variables = inner if isinstance(inner, list) else (inner, {})
            for name in SUB_VARIABLE.findall(str(text)):
                if name not in variables:
                    yield (name if is_defined(name, template) else name.split(".")[0]), when
            yield from found_references(variables, template, when)
        elif key == "Fn::If" and isinstance(inner, list) and len(inner) == 3:
            yield from found_references(inner[1], template, (*when, (inner[0], True)))
            yield from found_references(inner[2], template, (*when, (inner[0], False)))
        else:
            yield from found_references(inner, template, when)


# --- Reading an alarm --------------------------------------------------------------------------------------------


def queries(alarm):
    """The items of `Metrics`."""
    metrics = alarm.get("Metrics")
    return [query for query in metrics if isinstance(query, dict)] if isinstance(metrics, list) else []


def stats(alarm):
    """Every metric that the alarm reads."""
    if "MetricName" in alarm:
        chosen = alarm.get("ExtendedStatistic", alarm.get("Statistic"))
        dimensions = alarm.get("Dimensions") or []
        return [Stat(None, alarm.get("Namespace"), alarm["MetricName"], dimensions, chosen, alarm.get("Period"))]
    found = []
    for query in queries(alarm):
        stat = query.get("MetricStat")
        if isinstance(stat, dict):
            metric = stat.get("Metric") or {}
            dimensions = metric.get("Dimensions") or []
            named = (metric.get("Namespace"), metric.get("MetricName"), dimensions)
            found.append(Stat(query.get("Id"), *named, stat.get("Stat"), stat.get("Period")))
    return found


def expression_ids(text):
    """The metric ids that a metric math expression names: functions are capitals, ids begin small."""
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", " ", text)
    return {word for word in re.findall(r"(?<![\w.])[A-Za-z_]\w*", bare) if word[0].islower()}


def texts(value):
    """The texts that `value` may come to, a variable standing as digits of the width it may have."""
    if not isinstance(value, dict):
        return [str(value)]
    if len(value) != 1:
        return []
    key, inner = next(iter(value.items()))
    if key == "Fn::Sub":
        text = inner[0] if isinstance(inner, list) else inner
        return [SUB_VARIABLE.sub(lambda match: _filler(match.group(1)), str(text)).replace("${!", "${")]
    if key == "Fn::Join" and isinstance(inner, list) and isinstance(inner[1], list):
        return [str(inner[0]).join(parts) for parts in itertools.product(*map(texts, inner[1]))]
    if key == "Fn::If" and isinstance(inner, list) and len(inner) == 3:
        return [*texts(inner[1]), *texts(inner[2])]
    return [_filler(inner if key == "Ref" else "")]


def _filler(variable):
    return "1" * VARIABLE_WIDTH.get(str(variable), ANY_VARIABLE_WIDTH)


def number(value):
    """`value` as a finite number, also where it is written as text; else None."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        parsed = float(value)
    except ValueError:
        return None
    return parsed if math.isfinite(parsed) else None


def is_count(value):
    """Whether `value` is a whole number from 1, or an intrinsic that may be."""
    parsed = number(value)
    return is_intrinsic(value) or (parsed is not None and parsed >= 1 and parsed == int(parsed))


def is_intrinsic(value):
    """Whether `value` is one intrinsic function."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    key = next(iter(value))
    return key == "Ref" or key.startswith("Fn::")


def is_basic(value):
    """Whether `value` is one of the five plain statistics."""
    return is_intrinsic(value) or value in STATISTICS


def is_extended(value):
    """Whether `value` is a percentile, a trimmed statistic or a percentile rank."""
    if isinstance(value, str):
        return bool(EXTENDED.fullmatch(value))
    if isinstance(value, dict) and "Fn::Sub" in value:
        return all(EXTENDED.fullmatch(text) for text in texts(value))
    return is_intrinsic(value)


def is_false(value):
    """False, also where it has become text."""
    return value is False or str(value).lower() == "false"


def main():
    """Check the templates named on the command line."""
    parser = argparse.ArgumentParser(description="checks the alarms of CloudFormation templates in JSON")
    parser.add_argument("outputs", nargs="+", metavar="OUTPUT")
    parser.add_argument("--source", help="the template before: what it holds is not checked")
    arguments = parser.parse_args()
    source = json.loads(Path(arguments.source).read_text(encoding="utf-8")) if arguments.source else None
    found = 0
    for path in arguments.outputs:
        for problem in check(json.loads(Path(path).read_text(encoding="utf-8")), source):
            found += 1
            print(f"{path}: {problem}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
