#!/usr/bin/env python3
"""Writes the software bill of materials, CycloneDX 1.6 as JSON: every crate that Cargo.lock names, where it is used.

usage: sbom.py [FILE]

FILE is target/toprail.cdx.json unless it is named. The same lock file gives the same bytes: no time, no random number.
"""

import hashlib
import json
import subprocess
import sys
import tomllib
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What is shipped, by the feature that makes it.
PARTS = {"function": "lambda", "command": "cli"}


def metadata(*features):
    """What cargo knows of the dependency graph."""
    command = ["cargo", "metadata", "--locked", "--format-version=1", *features]
    return json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def shipped(feature):
    """The ids of the crates that are compiled into what a feature makes."""
    resolve = metadata("--no-default-features", "--features", feature)["resolve"]
    nodes = {node["id"]: node for node in resolve["nodes"]}
    found, waiting = set(), [resolve["root"]]
    while waiting:
        crate = waiting.pop()
        if crate not in found:
            found.add(crate)
            waiting += [
                dep["pkg"] for dep in nodes[crate]["deps"] if any(kind["kind"] is None for kind in dep["dep_kinds"])
            ]
    return found


def reference(package):
    """The package URL, which is also what other entries refer to."""
    return f"pkg:cargo/{package['name']}@{package['version']}"


def component(package, checksums, parts):
    """One crate."""
    entry = {
        "type": "library",
        "bom-ref": reference(package),
        "name": package["name"],
        "version": package["version"],
        # What only builds or tests is not in what is deployed.
        "scope": "required" if parts else "excluded",
        "purl": reference(package),
        "properties": [{"name": "toprail:part", "value": part} for part in parts],
    }
    if package["license"]:
        # The older way to write `OR`.
        entry["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
    checksum = checksums.get((package["name"], package["version"]))
    if checksum:
        entry["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    if package["repository"]:
        entry["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
    return entry


def bill():
    """The document."""
    lock = (ROOT / "Cargo.lock").read_bytes()
    locked = tomllib.loads(lock.decode())["package"]
    checksums = {(crate["name"], crate["version"]): crate.get("checksum") for crate in locked}
    everything = metadata("--all-features")
    packages = {package["id"]: package for package in everything["packages"]}
    parts = {part: shipped(feature) for part, feature in PARTS.items()}
    root = packages[everything["resolve"]["root"]]
    components = [
        component(package, checksums, [part for part, crates in parts.items() if crate in crates])
        for crate, package in packages.items()
        if package is not root
    ]
    dependencies = [
        {
            "ref": reference(packages[node["id"]]),
            "dependsOn": sorted({reference(packages[dep["pkg"]]) for dep in node["deps"]}),
        }
        for node in everything["resolve"]["nodes"]
    ]
    main = {"type": "application", "bom-ref": reference(root), "name": root["name"], "version": root["version"]}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.UUID(bytes=hashlib.sha256(lock).digest()[:16], version=5)}",
        "version": 1,
        "metadata": {"component": main | {"purl": reference(root)}},
        "components": sorted(components, key=lambda entry: entry["bom-ref"]),
        "dependencies": sorted(dependencies, key=lambda entry: entry["ref"]),
    }


def main():
    """Write the file."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "target" / "toprail.cdx.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    document = bill()
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(f"sbom: {len(document['components'])} crates in {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
