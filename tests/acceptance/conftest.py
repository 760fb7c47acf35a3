"""Where the test data are, and the notes that tests leave at the end of a run."""

import os
from pathlib import Path

import pytest
from programs import ROOT, toprail

__all__ = ["toprail"]

NOTES = []


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
