"""Where the repository is, and where the programs are that the scripts build."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def target_directory():
    """Cargo's target directory."""
    command = ["cargo", "metadata", "--format-version=1", "--no-deps", "--offline"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return Path(json.loads(found.stdout)["target_directory"])


def built(variable, path):
    """A program, from an environment variable or from the target directory."""
    program = Path(os.environ.get(variable) or target_directory() / path)
    if not program.is_file():
        pytest.fail(f"{program} is not there: scripts/test and scripts/localstack build what they need")
    return program


@pytest.fixture(scope="session")
def toprail():
    """The command."""
    return built("TOPRAIL_BIN", "debug/toprail")
