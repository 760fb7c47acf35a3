"""Stacks that are refused, stacks that are updated, and stacks that are deleted."""

import json

import cloud
import pytest
from cloud import alarms
from conftest import TEMPLATES, deploy

WRONG = """
Transform: Toprail
Metadata:
  Toprail: { Alarms: { Function: { Throttels: false } }, Mode: Injekt }
Resources:
  Queue: { Type: AWS::SQS::Queue }
"""
ANOTHER_METHOD = """
  Remove:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Delete: { Type: Api, Properties: { Path: "/orders/{id}", Method: delete } }
"""


def alarms_of(stack):
    """The alarms of a stack by name, with when each was last put, and without their states, which go on changing."""
    ids = stack.physical_ids.values()
    found = {name: alarm for name, alarm in alarms().items() if name in ids}
    return {
        name: {key: value for key, value in alarm.items() if not key.startswith("State")}
        for name, alarm in found.items()
    }


@pytest.fixture(scope="module")
def rest(macro, toprail, tmp_path_factory):
    """A stack of its own for updates: the template, and its stack."""
    path = tmp_path_factory.mktemp("rest") / "rest-updates.yaml"
    path.write_text(TEMPLATES["rest-events"].read_text())
    deployed = deploy(toprail, path)
    assert deployed.stack.status == "CREATE_COMPLETE", deployed.stack.failures
    return path, deployed


def test_a_wrong_configuration_fails_the_stack_with_every_mistake(macro):
    stack = cloud.create("wrong", WRONG)
    assert stack.status in {"CREATE_FAILED", "ROLLBACK_COMPLETE"}
    assert "000000000000::Toprail failed with: " in stack.reason
    assert "Throttels" in stack.reason
    assert "did you mean" in stack.reason
    assert "Injekt" in stack.reason
    assert stack.physical_ids == {}


def test_the_same_template_again_changes_nothing(rest):
    path, deployed = rest
    before, ids = alarms_of(deployed.stack), deployed.stack.physical_ids
    stack = cloud.update(deployed.stack.name, path.read_text())
    assert stack is None or stack.status == "UPDATE_COMPLETE"
    assert cloud.describe(deployed.stack.name).physical_ids == ids
    assert alarms_of(deployed.stack) == before
    assert len(before) > 10


def test_another_method_adds_its_alarms_and_no_others(rest, toprail):
    path, deployed = rest
    before = alarms_of(deployed.stack)
    template = path.read_text() + ANOTHER_METHOD
    stack = cloud.update(deployed.stack.name, template)
    assert stack.status == "UPDATE_COMPLETE", stack.failures
    after = alarms_of(stack)
    assert {name: after.get(name) for name in before} == before
    added = after.keys() - before.keys()
    method = {name for name in added if "DELETE /orders/{id}" in name}
    function = {name for name in added if name.startswith(f"{stack.name} Remove ")}
    assert added == method | function
    assert (len(method), len(function)) == (5, 3), json.dumps(sorted(added))


def test_deleting_a_stack_deletes_its_alarms(macro, toprail):
    # Not the stack above: LocalStack does not delete what an update has added.
    deployed = deploy(toprail, TEMPLATES["function"], "deleted")
    names = alarms_of(deployed.stack).keys()
    assert names & alarms().keys()
    cloud.delete("deleted")
    assert not names & alarms().keys()
