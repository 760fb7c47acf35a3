"""The running LocalStack: its clients, and stacks in it."""

import os
import time
from typing import NamedTuple

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "us-east-1"
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
STACK_SECONDS = 240
DEFINITION = {
    "ActionsEnabled",
    "AlarmActions",
    "AlarmDescription",
    "AlarmName",
    "ComparisonOperator",
    "DatapointsToAlarm",
    "Dimensions",
    "EvaluationPeriods",
    "InsufficientDataActions",
    "MetricName",
    "Namespace",
    "OKActions",
    "Period",
    "Statistic",
    "Threshold",
    "TreatMissingData",
}
CLIENTS = {}


def client(service):
    """A client of one of LocalStack's services."""
    if service not in CLIENTS:
        CLIENTS[service] = boto3.client(
            service,
            endpoint_url=os.environ["LOCALSTACK_URL"],
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"max_attempts": 0}, read_timeout=120, max_pool_connections=50),
        )
    return CLIENTS[service]


def prepare():
    """Make the clients that threads share: making one is not safe in several threads."""
    for service in ("cloudformation", "cloudwatch"):
        client(service)


class Stack(NamedTuple):
    """A stack at rest."""

    name: str
    status: str
    reason: str
    outputs: dict

    @property
    def physical_ids(self):
        """The physical ids by logical id."""
        found = client("cloudformation").describe_stack_resources(StackName=self.name)["StackResources"]
        return {one["LogicalResourceId"]: one.get("PhysicalResourceId") for one in found}

    @property
    def pretended(self):
        """The resources that LocalStack only pretends to have made: it does not know their types."""
        found = client("cloudformation").describe_stack_resources(StackName=self.name)["StackResources"]
        return {one["ResourceType"] for one in found if "not supported" in one.get("ResourceStatusReason", "")}

    @property
    def failures(self):
        """What went wrong, by resource."""
        events = client("cloudformation").describe_stack_events(StackName=self.name)["StackEvents"]
        failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
        return [f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}" for event in failed]

    @property
    def processed(self):
        """The template after its transforms."""
        return client("cloudformation").get_template(StackName=self.name, TemplateStage="Processed")["TemplateBody"]


def describe(name):
    """The stack as it is now."""
    found = client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    return Stack(
        name,
        found["StackStatus"],
        found.get("StackStatusReason", ""),
        {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])},
    )


def settled(name):
    """The stack, once CloudFormation has done with it."""
    deadline = time.monotonic() + STACK_SECONDS
    while (stack := describe(name)).status.endswith("IN_PROGRESS"):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name} is still {stack.status} after {STACK_SECONDS} s")
        time.sleep(0.2)
    return stack


def delete(name):
    """Delete a stack and wait until it is gone; LocalStack finds no such stack from the moment that it is asked to."""
    client("cloudformation").delete_stack(StackName=name)
    deadline = time.monotonic() + STACK_SECONDS
    while name not in _names("DELETE_COMPLETE"):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name} is still there after {STACK_SECONDS} s")
        time.sleep(0.2)


def _names(status):
    pages = client("cloudformation").get_paginator("list_stacks").paginate(StackStatusFilter=[status])
    return {stack["StackName"] for page in pages for stack in page["StackSummaries"]}


def create(name, template):
    """Create a stack from a template's text."""
    client("cloudformation").create_stack(StackName=name, TemplateBody=template, Capabilities=CAPABILITIES)
    return settled(name)


def update(name, template):
    """Update a stack; None where there was nothing to do."""
    try:
        client("cloudformation").update_stack(StackName=name, TemplateBody=template, Capabilities=CAPABILITIES)
    except ClientError as error:
        if "No updates are to be performed" in str(error):
            return None
        raise
    return settled(name)


def alarms():
    """All alarms by name."""
    pages = client("cloudwatch").get_paginator("describe_alarms").paginate()
    return {alarm["AlarmName"]: alarm for page in pages for alarm in page["MetricAlarms"]}


def put_again(alarm):
    """Put an alarm as it was described: LocalStack then evaluates it at once."""
    definition = {name: value for name, value in alarm.items() if name in DEFINITION}
    client("cloudwatch").put_metric_alarm(**definition)
