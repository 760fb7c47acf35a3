"""The bill of materials: complete, well formed, and the same every time."""

import json
import re
import subprocess
import sys
import tomllib

import pytest
from programs import ROOT


@pytest.fixture(scope="module")
def bill(tmp_path_factory):
    """The document as text, made afresh."""
    path = tmp_path_factory.mktemp("sbom") / "bill.json"
    subprocess.run([sys.executable, ROOT / "scripts/sbom.py", path], check=True, capture_output=True)
    return path.read_text(encoding="utf-8")


def locked():
    """Name and version of every crate in the lock file but our own."""
    crates = tomllib.loads((ROOT / "Cargo.lock").read_text(encoding="utf-8"))["package"]
    return {(crate["name"], crate["version"]) for crate in crates if "source" in crate}


def test_every_crate_of_the_lock_file_is_in_it_once(bill):
    components = json.loads(bill)["components"]
    assert len(components) == len(locked())
    assert {(entry["name"], entry["version"]) for entry in components} == locked()


def test_every_crate_has_a_licence_a_hash_and_a_package_url(bill):
    for entry in json.loads(bill)["components"]:
        assert entry["purl"] == f"pkg:cargo/{entry['name']}@{entry['version']}"
        assert entry["licenses"][0]["expression"], entry["name"]
        assert re.fullmatch("[0-9a-f]{64}", entry["hashes"][0]["content"]), entry["name"]


def test_what_is_deployed_is_told_from_what_only_builds_or_tests(bill):
    parts = {entry["name"]: {part["value"] for part in entry["properties"]} for entry in json.loads(bill)["components"]}
    assert parts["serde_json"] == {"function", "command"}
    assert parts["lambda_runtime"] == {"function"}
    assert parts["clap"] == {"command"}
    assert parts["proptest"] == parts["libtest-mimic"] == set()


def test_the_dependency_graph_refers_to_what_is_there(bill):
    document = json.loads(bill)
    known = {entry["bom-ref"] for entry in document["components"]} | {document["metadata"]["component"]["bom-ref"]}
    assert {entry["ref"] for entry in document["dependencies"]} == known
    assert {ref for entry in document["dependencies"] for ref in entry["dependsOn"]} <= known


def test_the_same_lock_file_gives_the_same_bytes(bill, tmp_path):
    again = tmp_path / "again.json"
    subprocess.run([sys.executable, ROOT / "scripts/sbom.py", again], check=True, capture_output=True)
    assert again.read_text(encoding="utf-8") == bill
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", json.loads(bill)["serialNumber"])
