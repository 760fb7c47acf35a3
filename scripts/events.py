#!/usr/bin/env python3
"""Writes events/*.json, the macro events that tests and the README use.

They follow from examples/ and events/templates/, so that they stay in step with them:

    python3 -m venv .venv && .venv/bin/pip install aws-sam-translator==1.115.0 pyyaml
    .venv/bin/python scripts/events.py            # writes them
    .venv/bin/python scripts/events.py --check    # exit status 1 where one is out of step

An event has what CloudFormation sends: the fragment is JSON with long-form functions and without `Transform`,
and a template that has been through SAM was expanded by the real translator.
"""

import argparse
import copy
import importlib.metadata
import json
import logging
import os
import pathlib
import sys
import uuid

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
TRANSLATOR = "1.115.0"  # another release may name or order what it generates differently
ACCOUNT = "111122223333"
REGION = "eu-west-1"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:on-call"
SAM = "AWS::Serverless-2016-10-31"


class Loader(yaml.SafeLoader):
    """CloudFormation's YAML: dates stay text."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def long_form(loader, name, node):
    """`!GetAtt A.B` to `{"Fn::GetAtt": ["A", "B"]}`, and every other short tag likewise."""
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


Loader.add_multi_constructor("!", long_form)


def load(path):
    """A template as CloudFormation reads it, without its `Transform`."""
    template = yaml.load((ROOT / path).read_text(encoding="utf-8"), Loader=Loader)
    template.pop("Transform", None)
    return template


def package(template):
    """Puts an artifact in S3 in place of local code, as `sam package` does."""
    function = template["Globals"]["Function"]
    function["CodeUri"] = f"s3://artifacts-{ACCOUNT}-{REGION}/7d1f0c2b9a4e.zip"
    return template


class BundledPolicies:
    """Names of managed policies from the map that the translator ships, for want of an AWS account."""

    def load(self):
        from samtranslator.internal.managed_policies import get_bundled_managed_policy_map

        return get_bundled_managed_policy_map("aws")


def after_sam(template, values):
    """The template that the SAM transform hands to the macro after it."""
    os.environ["AWS_DEFAULT_REGION"] = REGION
    from samtranslator.translator.transform import transform

    pseudo = {
        "AWS::AccountId": ACCOUNT,
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::URLSuffix": "amazonaws.com",
    }
    expanded = transform({"Transform": SAM, **copy.deepcopy(template)}, pseudo | values, BundledPolicies())
    expanded.pop("Transform", None)
    return expanded


def event(name, fragment, values=None, params=None):
    """The request that CloudFormation makes of a macro."""
    return {
        "region": REGION,
        "accountId": ACCOUNT,
        "fragment": fragment,
        "transformId": f"{ACCOUNT}::Toprail",
        "params": params or {},
        "requestId": str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
        "templateParameterValues": values or {},
    }


ORDERS = {
    "UserPoolArn": f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_Xq3bT9kLm",
    "PaymentProviderUrl": "https://api.payments.example.com/v2",
    "PagerEndpoint": "https://events.pager.example.com/integration/orders/enqueue",
    "TeamEmail": "orders-team@example.com",
}
BOOKINGS = {"Issuer": "https://login.example.com/", "AlertTopicArn": TOPIC}
INVENTORY = {
    "ArtifactBucket": f"artifacts-{ACCOUNT}-{REGION}",
    "ArtifactKey": "inventory/2f9c1e7.zip",
    "AlertTopicArn": TOPIC,
    "WithStaging": "true",
}
CHAT = {"AlertTopicArn": TOPIC}

# Each of these is wrong in another way; a refusal names them all at once.
WRONG_CONFIG = {
    "Mode": "Injct",
    "Profile": "Standard",
    "Notify": {"Critical": "on-call", "Pager": {"Ref": "AlertTopicArn"}},
    "Alarms": {"Api": {"LatencyP99": {"Treshold": 2000}, "ClientErrorRate": {"Threshold": "many"}}},
    "Methods": {"FETCH /items": {"Enabled": False}},
    "Throttle": {"Rate": -1},
    "Tags": ["Team"],
    "Colour": "blue",
}

CONFIG_TEXT = {
    "Tags": {"Team": "warehouse"},
    "Alarms": {"Api": {"LatencyP95": {"Enabled": False}}},
    "Methods": {"GET /items": {"LatencyP99": {"Threshold": 1500}}},
}


def events():
    """Every event by its file's name."""
    orders = package(load("examples/orders-api/template.yaml"))
    bookings = package(load("examples/http-api/template.yaml"))
    inventory = load("examples/rest-cloudformation/template.yaml")
    chat = load("events/templates/websocket.yaml")
    unconfigured = {key: value for key, value in inventory.items() if key != "Metadata"}
    params = {"Profile": "Essential", "NotifyCritical": TOPIC, "Config": json.dumps(CONFIG_TEXT)}
    fragments = {
        "rest-after-sam": (after_sam(orders, ORDERS), ORDERS),
        "rest-before-sam": (orders, ORDERS),
        "http-api": (after_sam(bookings, BOOKINGS), BOOKINGS),
        "cloudformation-rest": (inventory, INVENTORY),
        "websocket": (chat, CHAT),
        "fragment-one-resource": (inventory["Resources"]["StagingStage"], INVENTORY),
        "fragment-resources": (inventory["Resources"], INVENTORY),
        "params-config": (unconfigured, INVENTORY, params),
        "refused-wrong-config": ({**inventory, "Metadata": {"Toprail": WRONG_CONFIG}}, INVENTORY),
        "refused-not-a-template": ("s3://templates/inventory.yaml", {}),
    }
    return {f"{name}.json": event(name, *rest) for name, rest in fragments.items()}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--check", action="store_true", help="compare, write nothing")
    check = arguments.parse_args().check
    logging.disable(logging.CRITICAL)  # the translator's remarks on its own metrics and toggles
    installed = importlib.metadata.version("aws-sam-translator")
    if installed != TRANSLATOR:
        sys.exit(f"events.py: aws-sam-translator {TRANSLATOR} is needed, {installed} is installed")
    wanted = {name: json.dumps(value, indent=2, ensure_ascii=False) + "\n" for name, value in events().items()}
    folder = ROOT / "events"
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    stale = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    if check and stale:
        sys.exit("events.py: out of step, run scripts/events.py: " + ", ".join(f"events/{name}" for name in stale))
    if not check:
        for name in stale:
            if name in wanted:
                (folder / name).write_text(wanted[name], encoding="utf-8")
                print(f"wrote events/{name}")
            else:
                print(f"events/{name} is not made by this script", file=sys.stderr)


if __name__ == "__main__":
    main()
