"""A workspace of version 0.1 opens with this one: `workspace-0.1` was made and run by 0.1.0."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from briefgen.cli import main

AFTER_THE_NIGHT = "2026-11-22T22:30"
"""Twenty minutes after the night in which 0.1 mailed the brief of the next day."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A copy of it, readable by its owner alone as 0.1 left it."""
    root = tmp_path / "w"
    shutil.copytree(Path(__file__).parent / "workspace-0.1", root)
    for path in (root, *root.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return root


def call(old: Path, *words: str) -> Result:
    """A command of this version in it."""
    return CliRunner().invoke(main, [*words, "-w", str(old), "--as-of", AFTER_THE_NIGHT])


def found(old: Path) -> dict[str, dict[str, str]]:
    """What the doctor finds, by its subject."""
    document: Any = json.loads(call(old, "doctor", "--offline", "--json").stdout)
    return {finding["subject"]: finding for finding in document["findings"]}


def test_settings_and_contacts_are_read_without_a_problem(old: Path) -> None:
    """Only the copy of a template that the new design replaced is reported, with what to do."""
    checked = call(old, "check")
    errors = [line for line in checked.output.splitlines() if line.startswith(("error", "warn"))]
    assert len(errors) == 1
    assert errors[0].startswith(
        "error: templates/brief.html.j2: was copied from the previous design"
    )
    shutil.rmtree(old / "templates")
    assert call(old, "check").exit_code == 0


def test_a_mail_of_the_old_version_is_not_sent_again(old: Path) -> None:
    """The night finds it in the ledger: no server listens here, so a second try would fail."""
    night = call(old, "nightly", "--json")
    assert night.exit_code == 0, night.output
    report = json.loads(night.stdout)
    (brief,) = report["briefs"]
    assert brief["pages"] == 1
    assert not [one for one in report["deliveries"] if one["state"] != "sent"]


def test_the_code_on_a_sheet_that_is_already_printed_still_leads_to_its_meeting(old: Path) -> None:
    """`H5RP` is on the paper of 0.1."""
    assert "[H5RP]" in call(old, "list", "--date", "2026-11-23").output
    assert call(old, "show", "H5RP").output.startswith("Spring list with Linden Books")


def test_the_doctor_says_what_changed_until_it_is_mended(old: Path) -> None:
    """The version that set it up, where to read what is new, and the old template."""
    before = found(old)
    assert "set up by briefgen 0.1;" in before["version"]["message"]
    assert "briefgen docs changes" in before["version"]["message"]
    assert "does not fit" in before["templates/brief.html.j2"]["message"]
    mended = before["version"]["mend"].split()[1:]
    assert call(old, *mended).exit_code == 0
    (old / "templates/brief.html.j2").unlink()
    after = found(old)
    assert "version" not in after
    assert "templates/brief.html.j2" not in after


def test_what_is_new_is_installed(old: Path) -> None:
    """`briefgen docs changes`, which the doctor names, is there."""
    assert call(old, "docs", "changes").output.startswith("# Changelog")
