"""Where the built programs and the test data are, and the notes that tests leave at the end of a run."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTES = []


def target_directory():
    """Cargo's target directory."""
    command = ["cargo", "metadata", "--format-version=1", "--no-deps", "--offline"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return Path(json.loads(found.stdout)["target_directory"])


def built(variable, path):
    """A program, from an environment variable or from the target directory."""
    program = Path(os.environ.get(variable) or target_directory() / path)
    if not program.is_file():
        pytest.fail(f"{program} is not there: scripts/test builds it")
    return program


@pytest.fixture(scope="session")
def toprail():
    """The command."""
    return built("TOPRAIL_BIN", "debug/toprail")


@pytest.fixture(scope="session")
def corpus():
    """The directory of public templates, or None."""
    directory = Path(os.environ.get("TOPRAIL_CORPUS") or ROOT.parent / "shared" / "corpus")
    if not directory.is_dir():
        NOTES.append(f"the public templates are not at {directory}: only the repository's own were tested")
        return None
    return directory


@pytest.fixture
def note():
    """Leaves a line in the summary at the end of the run."""
    return NOTES.append


def pytest_terminal_summary(terminalreporter):
    """Print the notes."""
    if NOTES:
        terminalreporter.section("notes")
        for line in NOTES:
            terminalreporter.line(line)
