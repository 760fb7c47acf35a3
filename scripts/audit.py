#!/usr/bin/env python3
"""Audits the crates that Cargo.lock names: licences, sources, duplicate versions, withdrawn versions.

usage: audit.py

Reads what cargo has fetched and asks nobody else. Withdrawn (yanked) versions are told from cargo's copy of the
registry's index; published advisories only where `cargo audit` and its database are installed.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

REGISTRY = "registry+https://github.com/rust-lang/crates.io-index"
LICENCES = {"Apache-2.0", "Apache-2.0 WITH LLVM-exception", "MIT", "Unicode-3.0", "Unlicense", "Zlib"}
# Crates that may be there in two versions, and why.
DUPLICATES = {"syn": "only runs while compiling; what lambda_runtime and tracing bring has not moved to version 3"}


def packages():
    """Every crate of the dependency graph, all features and platforms."""
    command = ["cargo", "metadata", "--locked", "--all-features", "--format-version=1"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["packages"]


def allowed(expression):
    """Whether an SPDX expression can be met with the allowed licences."""
    words = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))
    value, rest = _either(words)
    return value and not rest


def _either(words):
    value, words = _both(words)
    while words and words[0] == "OR":
        other, words = _both(words[1:])
        value = value or other
    return value, words


def _both(words):
    value, words = _licence(words)
    while words and words[0] == "AND":
        other, words = _licence(words[1:])
        value = value and other
    return value, words


def _licence(words):
    if words and words[0] == "(":
        value, words = _either(words[1:])
        return value, words[1:]
    length = 3 if words[1:2] == ["WITH"] else 1
    return " ".join(words[:length]) in LICENCES, words[length:]


def unlicensed(found):
    """Crates whose licence is not allowed, or not said."""
    for package in found:
        if not allowed(package["license"] or ""):
            yield f"{package['name']} {package['version']}: licence {package['license']!r} is not allowed"


def foreign(found):
    """Crates from anywhere but crates.io and this repository."""
    for package in found:
        if package["source"] not in (REGISTRY, None):
            yield f"{package['name']} {package['version']}: comes from {package['source']}"


def duplicated(found):
    """Crates in several versions without a reason, and reasons that no longer hold."""
    versions = defaultdict(set)
    for package in found:
        versions[package["name"]].add(package["version"])
    several = {name for name, known in versions.items() if len(known) > 1}
    for name in sorted(several - DUPLICATES.keys()):
        yield f"{name}: {' and '.join(sorted(versions[name]))}"
    for name in sorted(DUPLICATES.keys() - several):
        yield f"{name}: there is one version again; take it off the list"


def withdrawn(found):
    """Versions that their authors have withdrawn, by cargo's copy of the index."""
    index = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo")) / "registry" / "index"
    for package in found:
        entries = index.glob(f"*/.cache/{_index_path(package['name'])}") if package["source"] else ()
        for entry in entries:
            for line in entry.read_bytes().split(b"\0"):
                if line.startswith(b"{"):
                    release = json.loads(line)
                    if release["vers"] == package["version"] and release["yanked"]:
                        yield f"{package['name']} {package['version']}: withdrawn by its author"


def _index_path(name):
    name = name.lower()
    folder = {1: "1", 2: "2", 3: f"3/{name[0]}"}.get(len(name), f"{name[:2]}/{name[2:4]}")
    return f"{folder}/{name}"


def advised():
    """What `cargo audit` says, where it and its database are there."""
    database = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo")) / "advisory-db"
    if not (shutil.which("cargo-audit") and database.is_dir()):
        print("audit: advisories not checked: `cargo audit` or its database is not installed")
        return
    if subprocess.run(["cargo", "audit", "--no-fetch", "--deny", "warnings"], check=False).returncode:
        yield "cargo audit: see above"


def main():
    """Print what is wrong; 1 when something is."""
    found = packages()
    wrong = [*unlicensed(found), *foreign(found), *duplicated(found), *withdrawn(found), *advised()]
    for line in wrong:
        print(f"audit: {line}")
    print(f"audit: {len(found)} crates, {len(wrong)} problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
