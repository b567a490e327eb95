"""Fixtures: a workspace without contacts, and the command line in it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from briefgen.cli import main
from briefgen.workspace.folder import Workspace

SETTINGS = """\
version: 1
me:
  name: Robin Keller
  emails: [robin@keller-advisory.example]
timezone: Europe/Berlin
feeds: [data/calendar.ics]
"""


@pytest.fixture
def home(tmp_path: Path) -> Workspace:
    """A workspace with settings and no contacts."""
    root = tmp_path / "home"
    (root / "data" / "contacts").mkdir(parents=True)
    (root / "briefgen.yaml").write_text(SETTINGS)
    (root / "data" / "calendar.ics").write_text("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    return Workspace(root=root)


Command = Callable[..., Result]


@pytest.fixture
def command(home: Workspace) -> Command:
    """`briefgen …` in the workspace, on 22 November 2026."""

    def run(*arguments: str, input: str | None = None) -> Result:  # noqa: A002  # as click's
        given = [*arguments, "--workspace", str(home.root), "--as-of", "2026-11-22T09:00"]
        return CliRunner().invoke(main, given, input=input)

    return run


@pytest.fixture
def reported(command: Command) -> Callable[..., Any]:
    """The JSON document that a command reports."""

    def run(*arguments: str) -> Any:  # noqa: ANN401  # whatever JSON can hold
        return json.loads(command(*arguments, "--json").stdout)

    return run
