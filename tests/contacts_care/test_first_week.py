"""The first week works as it is written."""

import os
import re
import subprocess
import sys
from pathlib import Path

from briefgen.contacts.reader import parse_contact, read_book
from briefgen.workspace import Workspace

PAGE = Path(__file__).parents[2] / "docs" / "first-week.md"
CARDS = """\
BEGIN:VCARD
VERSION:3.0
FN:Dana Smith
EMAIL:dana.smith@acme.example
END:VCARD
"""


def blocks(language: str) -> list[str]:
    """The fenced blocks of the page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)


def test_the_commands_of_the_first_week_work(tmp_path: Path) -> None:
    """In a fresh workspace, with an address book of one."""
    commands = tmp_path / "bin"
    commands.mkdir()
    script = commands / "briefgen"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m briefgen "$@"\n')
    script.chmod(0o755)
    (tmp_path / "contacts.vcf").write_text(CARDS)
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("BRIEFGEN")},
        "HOME": str(tmp_path),
        "PATH": f"{commands}:{os.environ['PATH']}",
    }
    steps = ["cd ~", "briefgen init ~/meetings", *blocks("sh")]
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(steps)],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "new: Dana Smith → dana-smith.yaml" in done.stdout
    book, problems = read_book(Workspace(root=tmp_path / "meetings"))
    assert book.by_stem("dana-smith") is not None
    assert not problems
    assert list((tmp_path / "meetings" / "briefings").rglob("*.pdf"))


def test_the_contact_of_the_first_week_is_right() -> None:
    """Five lines, each of them read."""
    (block,) = blocks("yaml")
    contact, problems = parse_contact(block.encode(), "data/contacts/dana-smith.yaml")
    assert contact is not None
    assert not problems
