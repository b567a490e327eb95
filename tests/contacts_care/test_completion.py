"""The Tab key offers contacts and meetings, and puts nothing dangerous into the line."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from briefgen.workspace import Workspace

FEED = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//x//EN
BEGIN:VEVENT
UID:one@acme.example
DTSTAMP:20261101T000000Z
DTSTART:20261124T090000Z
SUMMARY:Service levels, draft
END:VEVENT
BEGIN:VEVENT
UID:two@acme.example
DTSTAMP:20261101T000000Z
DTSTART:20261125T090000Z
SUMMARY:Service; touch pwned $(touch pwned) `touch pwned`
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def filled(home: Workspace, tmp_path: Path) -> Workspace:
    """A workspace with people and meetings, and a `briefgen` on the PATH."""
    (home.root / "data" / "calendar.ics").write_text(FEED.replace("\n", "\r\n"))
    for stem, name in (("dana-smith", "Dana Smith"), ("jörg", "Jörg Müller"), ("eve", "Eve")):
        (home.contacts / f"{stem}.yaml").write_text(f"name: {name}\n")
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "briefgen"
    program.write_text(
        f'#!/bin/sh\nexec {sys.executable} -c "from briefgen.cli import main;'
        ' main(prog_name=\'briefgen\')" "$@"\n'
    )
    program.chmod(0o700)
    return home


def offered(home: Workspace, shell: str, words: str, current: int) -> list[str]:
    """What the shell's own script is told for a line."""
    environment = {
        **os.environ,
        "COMP_WORDS": words,
        "COMP_CWORD": str(current) if shell != "fish" else words.rsplit(maxsplit=1)[-1],
        "_BRIEFGEN_COMPLETE": f"{shell}_complete",
    }
    done = subprocess.run(
        [home.root.parent / "bin" / "briefgen"],
        env=environment,
        cwd=home.root,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_contacts_are_offered_by_file_and_name(filled: Workspace, shell: str) -> None:
    """Also by the last name."""
    for begun in ("smi",):
        lines = "\n".join(offered(filled, shell, f"briefgen contacts show {begun}", 3))
        assert "dana-smith" in lines
        assert "eve" not in lines


def test_meetings_are_offered_by_title_or_time(filled: Workspace) -> None:
    """A title that a shell would run is offered as its time alone."""
    lines = offered(filled, "bash", "briefgen show --as-of 2026-11-22T09:00 Ser", 4)
    assert lines == [r"plain,Service\\ levels,\\ draft"]
    lines = offered(filled, "zsh", "briefgen show --as-of 2026-11-22T09:00 2026-11-25", 4)
    assert r"2026-11-25T10\:00" in lines
    assert not [line for line in offered(filled, "bash", "briefgen show S", 2) if "pwned" in line]


def test_outside_of_a_workspace_nothing_is_offered(filled: Workspace, tmp_path: Path) -> None:
    """And nothing is said."""
    nowhere = Workspace(root=tmp_path / "bin")
    (tmp_path / "bin" / "bin").mkdir()
    shutil.copy(tmp_path / "bin" / "briefgen", tmp_path / "briefgen")
    environment = {
        **os.environ,
        "COMP_WORDS": "briefgen contacts show d",
        "COMP_CWORD": "3",
        "_BRIEFGEN_COMPLETE": "bash_complete",
    }
    environment.pop("BRIEFGEN_WORKSPACE", None)
    done = subprocess.run(
        [tmp_path / "briefgen"], env=environment, cwd=nowhere.root, capture_output=True, check=True
    )
    assert (done.stdout.strip(), done.stderr) == (b"", b"")


def test_in_a_real_bash_the_word_is_put_in_as_one(filled: Workspace) -> None:
    """The script that bash is given completes a title with spaces so that it stays one word."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    script = """
    PATH="$PWD/../bin:$PATH"
    eval "$(_BRIEFGEN_COMPLETE=bash_source briefgen)"
    COMP_WORDS=(briefgen show --as-of 2026-11-22T09:00 Serv)
    COMP_CWORD=4
    _briefgen_completion briefgen
    printf '%s\\n' "${COMPREPLY[@]}"
    eval "set -- ${COMPREPLY[0]}"
    echo "$#"
    """
    done = subprocess.run(
        [bash, "--norc", "-c", script], cwd=filled.root, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [r"Service\ levels,\ draft", "1"]
    assert not (filled.root / "pwned").exists()
