"""A small workspace for each test."""

from pathlib import Path

import pytest
from small_workspaces import DANA, REVIEW, SETTINGS, Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A workspace with Dana on file and one meeting with her on Monday at ten."""
    made = Place(tmp_path / "w")
    made.write("briefgen.yaml", SETTINGS)
    made.write("data/contacts/dana-smith.yaml", DANA)
    made.feed(REVIEW)
    return made
