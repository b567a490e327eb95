"""A workspace in which meetings have just ended."""

from pathlib import Path

import pytest
from small_workspaces import DANA, REVIEW, SETTINGS, Place, event

LEE = """\
name: Lee Wong
emails: [lee.wong@acme.example]
organization: Acme Logistics
"""

STEERING = event(
    "steering@calendar.example",
    "20261123T140000",
    "20261123T150000",
    "Steering committee",
    attendees=(
        "CN=Dana Smith:mailto:dana.smith@acme.example",
        "CN=Lee Wong:mailto:lee.wong@acme.example",
    ),
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Dana at ten, Dana and Lee at two, on Monday 23 November 2026."""
    made = Place(tmp_path / "w")
    made.write("briefgen.yaml", SETTINGS)
    made.write("data/contacts/dana-smith.yaml", DANA)
    made.write("data/contacts/lee-wong.yaml", LEE)
    made.feed(REVIEW, STEERING)
    return made
