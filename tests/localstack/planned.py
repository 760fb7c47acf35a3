"""What the `toprail` command plans for a template, in the shape in which CloudWatch describes alarms."""

import json
import subprocess
from typing import NamedTuple

from resolve import NO_VALUE, PSEUDO, attributes

ALARM = "AWS::CloudWatch::Alarm"
NUMBERS = {"DatapointsToAlarm", "EvaluationPeriods", "Period", "Threshold"}
DEFAULTS = {
    "ActionsEnabled": True,
    "AlarmActions": [],
    "Dimensions": [],
    "InsufficientDataActions": [],
    "OKActions": [],
}
# What CloudWatch adds, and what LocalStack's CloudFormation does not pass on.
NOT_COMPARED = {
    "AlarmArn",
    "AlarmConfigurationUpdatedTimestamp",
    "StateReason",
    "StateReasonData",
    "StateTransitionedTimestamp",
    "StateUpdatedTimestamp",
    "StateValue",
    "Tags",
}


class Plan(NamedTuple):
    """What `plan` and `transform` say of one template."""

    reach: str
    alarms: dict
    template: dict

    @property
    def alarm_resources(self):
        """The alarms of the transformed template by logical id, the author's own among them."""
        resources = self.template["Resources"].items()
        return {name: resource for name, resource in resources if resource["Type"] == ALARM}

    @property
    def attributes(self):
        """The attributes that alarms ask for, each with the condition under which it is asked for."""
        found = {}
        for resource in self.alarm_resources.values():
            for name in attributes(resource["Properties"]):
                found[name] = resource.get("Condition")
        return dict(sorted(found.items()))


def plan(toprail, path):
    """The plan for a template file."""
    place = ["--region", PSEUDO["AWS::Region"], "--account", PSEUDO["AWS::AccountId"], str(path)]
    [shown] = _run(toprail, "plan", "--fail-on=never", *place)["templates"]
    alarms = {alarm["logicalId"]: alarm for alarm in shown["alarms"]}
    return Plan(shown["reach"], alarms, _run(toprail, "transform", *place))


def catalogue(toprail):
    """Every row of the catalogue."""
    return _run(toprail, "list", "alarms")


def _run(toprail, command, *arguments):
    result = subprocess.run(
        [toprail, command, "--format=json", *arguments], capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise AssertionError(f"toprail {command}: exit {result.returncode}: {result.stderr}")
    return json.loads(result.stdout)


def expected_alarm(resolver, resource, physical_id):
    """An alarm of the transformed template as CloudWatch is to describe it."""
    properties = resolver.value(resource["Properties"])
    properties.setdefault("AlarmName", physical_id)
    return _comparable(DEFAULTS | properties)


def deployed_alarm(description):
    """An alarm as CloudWatch describes it, without what is not Toprail's."""
    return _comparable(description)


def expected_tags(resolver, resource):
    """The tags of a resource of a template."""
    tags = resolver.value(resource.get("Properties", {}).get("Tags", []))
    if isinstance(tags, dict):
        return {name: str(value) for name, value in tags.items()}
    return {tag["Key"]: str(tag["Value"]) for tag in tags if tag is not NO_VALUE}


def _comparable(value):
    if isinstance(value, list):
        return [_comparable(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: float(part) if name in NUMBERS else _comparable(part)
        for name, part in value.items()
        if name not in NOT_COMPARED
    }
