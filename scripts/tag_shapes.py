#!/usr/bin/env python3
"""Writes src/guard/ownership/tags/shapes.tsv: the resource types that take tags without being replaced.

usage: tag_shapes.py [--check]

Reads the CloudFormation registry schemas that cfn-lint bundles, so it needs exactly the pinned version:
    pip install cfn-lint==1.58.0
With --check it writes nothing and exits 1 when the file is not what would be written.

A type is in the table when its schema says that it can be tagged on creation and later
(`taggable`, `tagOnCreate`, `tagUpdatable`), the tag property is at the top of `properties`, no part of it is
create-only, conditionally create-only or read-only, and its shape is one of FORMS. Whatever is not understood is
left out: an untagged resource is a nuisance, a replaced one is data loss.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import sys
from collections.abc import Iterator
from pathlib import Path

CFN_LINT = "1.58.0"
TABLE = Path(__file__).resolve().parent.parent / "src" / "guard" / "ownership" / "tags" / "shapes.tsv"
FLAGS = ("taggable", "tagOnCreate", "tagUpdatable")
# AWS allows 50 tags of one's own on a resource. Schemas that state more bound the length of a request.
MOST_TAGS = 50

# The schema has no `tagging` block, or says tagOnCreate: false although the create handler does tag (Route 53), but
# the CloudFormation resource specification (the one bundled in cfn-lint 0.87.7) says UpdateType: Mutable.
ALSO = {
    "AWS::CodeBuild::Project": "Tags",
    "AWS::DMS::ReplicationInstance": "Tags",
    "AWS::DocDB::DBCluster": "Tags",
    "AWS::DocDB::DBInstance": "Tags",
    "AWS::EMR::Cluster": "Tags",
    "AWS::Elasticsearch::Domain": "Tags",
    "AWS::FSx::FileSystem": "Tags",
    "AWS::Route53::HealthCheck": "HealthCheckTags",
    "AWS::Route53::HostedZone": "HostedZoneTags",
}

# Their tags become stack tags, which CloudFormation passes on to every resource of a template that we cannot see,
# replacing those whose tags are create-only (aws-cloudformation/cloudformation-coverage-roadmap#2270).
NEVER = {
    "AWS::CloudFormation::Stack",
    "AWS::CloudFormation::StackSet",
    "AWS::ServiceCatalog::CloudFormationProvisionedProduct",
}


def schemas(root: Path) -> Iterator[tuple[str, dict]]:
    """Every resource type with its schema: us-east-1's, then those that only other regions have."""
    providers = root / "providers"
    regions = sorted(p for p in providers.glob("*-*.json"))
    regions.sort(key=lambda p: p.stem != "us-east-1")
    hashes: dict[str, str] = {}
    for region in regions:
        for resource_type, digest in json.loads(region.read_text()).items():
            hashes.setdefault(resource_type, digest)
    for resource_type, digest in sorted(hashes.items()):
        yield resource_type, json.loads((root / "resources" / f"{digest}.json").read_text())


def resolve(schema: dict, node: dict) -> dict:
    """`node`, or what its `$ref` stands for."""
    while "$ref" in node:
        target = schema
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def tag_property(resource_type: str, schema: dict) -> str | None:
    """The name of the property that can be tagged on creation and later, or None."""
    if resource_type in NEVER:
        return None
    if resource_type in ALSO:
        return ALSO[resource_type]
    tagging = schema.get("tagging", {})
    if not all(tagging.get(flag) is True for flag in FLAGS):
        return None
    # the registry's own default, where a schema names no property
    return tagging.get("tagProperty", "/properties/Tags").removeprefix("/properties/")


def replaces(schema: dict, name: str) -> bool:
    """Whether a change of the property, or of a part of it, would replace the resource or be refused."""
    lists = ("createOnlyProperties", "conditionalCreateOnlyProperties", "readOnlyProperties")
    whole = f"/properties/{name}"
    return any(pointer == whole or pointer.startswith(whole + "/") for key in lists for pointer in schema.get(key, []))


def form(schema: dict, node: dict) -> str | None:
    """How the property is written: `list`, `map`, `list+propagate`, or None where that is not certain."""
    if "items" in node:
        item = resolve(schema, node["items"])
        # AppStream: {Key, Value}, or the deprecated {TagKey, TagValue}
        keys = [set(one.get("properties", {})) for one in item.get("oneOf", [item])]
        if {"Key", "Value", "PropagateAtLaunch"} in keys:
            return "list+propagate"
        return "list" if {"Key", "Value"} in keys else None
    if node.get("properties"):
        return None
    patterns = [resolve(schema, value) for value in node.get("patternProperties", {}).values()]
    if patterns:
        return "map" if all(value.get("type") == "string" for value in patterns) else None
    # free-form JSON (Glue): the services take a map of strings
    types = node.get("type")
    return "map" if types == "object" or types == ["object", "string"] else None


def row(resource_type: str, schema: dict) -> str | None:
    """One line of the table, without the columns at its end that hold their default."""
    name = tag_property(resource_type, schema)
    if name is None or name not in schema["properties"] or replaces(schema, name):
        return None
    node = resolve(schema, schema["properties"][name])
    shape = form(schema, node)
    if shape is None:
        return None
    if not resource_type.startswith("AWS::"):
        raise SystemExit(f"{resource_type}: the table drops the prefix AWS::, which this type does not have")
    most = node.get("maxItems", node.get("maxProperties", MOST_TAGS))
    columns = [
        resource_type.removeprefix("AWS::"),
        "" if name == "Tags" else name,
        "" if shape == "list" else shape,
        "" if most >= MOST_TAGS else str(most),
    ]
    return "\t".join(columns).rstrip("\t")


def table(root: Path) -> str:
    """The whole file."""
    rows = [line for resource_type, schema in schemas(root) if (line := row(resource_type, schema))]
    rows.sort(key=lambda line: line.split("\t")[0].encode())
    header = (
        f"# Written by scripts/tag_shapes.py from the schemas in cfn-lint {CFN_LINT}. "
        "AWS:: type, property (Tags), form (list), most tags (50): the default where blank.\n"
    )
    return header + "".join(line + "\n" for line in rows)


def main() -> int:
    """Writes the table, or checks it."""
    arguments = argparse.ArgumentParser(description="Writes or checks src/guard/ownership/tags/shapes.tsv.")
    arguments.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file differs")
    check = arguments.parse_args().check
    version = importlib.metadata.version("cfn-lint")
    if version != CFN_LINT:
        print(f"tag_shapes.py: cfn-lint {version} is installed, the table is made from {CFN_LINT}", file=sys.stderr)
        return 2
    package = importlib.metadata.distribution("cfn-lint").locate_file("cfnlint/data/schemas")
    wanted = table(Path(str(package)))
    if not check:
        TABLE.write_text(wanted)
        return 0
    if TABLE.is_file() and TABLE.read_text() == wanted:
        return 0
    print(f"tag_shapes.py: {TABLE.name} is not up to date: run scripts/tag_shapes.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
