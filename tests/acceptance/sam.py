"""The real `AWS::Serverless-2016-10-31` transform, offline: aws-sam-translator after what packaging does."""

import copy
import os

from evaluate import ACCOUNT, PSEUDO, REGION

os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
os.environ.setdefault("AWS_DEFAULT_REGION", REGION)

from samtranslator.internal.managed_policies import get_bundled_managed_policy_map
from samtranslator.translator.transform import transform

IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/repository:tag"
# Properties that name a local file, and what packaging would have put in its place.
ARTEFACTS = {
    "AWS::Serverless::Function": ("CodeUri", "s3://bucket/code.zip"),
    "AWS::Serverless::LayerVersion": ("ContentUri", "s3://bucket/layer.zip"),
    "AWS::Serverless::Api": ("DefinitionUri", "s3://bucket/api.yaml"),
    "AWS::Serverless::HttpApi": ("DefinitionUri", "s3://bucket/api.yaml"),
    "AWS::Serverless::StateMachine": ("DefinitionUri", "s3://bucket/definition.json"),
    "AWS::Serverless::GraphQLApi": ("SchemaUri", "s3://bucket/schema.graphql"),
    "AWS::Serverless::Application": ("Location", "https://s3.amazonaws.com/bucket/app.yaml"),
}
REMOTE = ("s3://", "https://", "http://")


class _BundledPolicies:
    """Managed policies from the list that aws-sam-translator ships: no call to IAM."""

    def load(self):
        return get_bundled_managed_policy_map("aws") or {}


def package(template):
    """A copy of `template` with local artefacts replaced by URIs: CloudFormation never sees local paths."""
    template = copy.deepcopy(template)
    defaults = (template.get("Globals") or {}).get("Function") or {}
    _replace_local(defaults, *ARTEFACTS["AWS::Serverless::Function"])
    for resource in (template.get("Resources") or {}).values():
        kind = resource.get("Type") if isinstance(resource, dict) else None
        if not isinstance(kind, str) or not kind.startswith("AWS::Serverless::"):
            continue
        properties = resource.setdefault("Properties", {})
        if kind in ARTEFACTS:
            _replace_local(properties, *ARTEFACTS[kind])
        if kind == "AWS::Serverless::Function":
            _give_code(properties, defaults)
    return template


def _replace_local(properties, key, uri):
    value = properties.get(key)
    if isinstance(value, str) and not value.startswith(REMOTE):
        properties[key] = uri


def _give_code(properties, defaults):
    if properties.get("PackageType") == "Image":
        properties.pop("CodeUri", None)
        properties.setdefault("ImageUri", IMAGE)
    elif not any("CodeUri" in place for place in (properties, defaults)) and "InlineCode" not in properties:
        properties["CodeUri"] = ARTEFACTS["AWS::Serverless::Function"][1]


def expand(template, parameters, metadata=False):
    """The CloudFormation template that SAM makes of a packaged `template`, which is left alone.

    With `metadata`, a resource's `Metadata` is also copied to what SAM generates from it (a mode of the service).
    """
    values = {name: PSEUDO[name] for name in ("AWS::Region", "AWS::Partition")} | copy.deepcopy(parameters)
    expanded = transform(copy.deepcopy(template), values, _BundledPolicies(), passthrough_metadata=metadata)
    expanded.pop("Transform", None)
    return expanded
