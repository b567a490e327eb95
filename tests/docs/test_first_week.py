"""The first week works as it is written."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from whole_book import read_book

from briefgen.cli import main
from briefgen.contacts.book import parse_contact
from briefgen.workspace.folder import Workspace

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


def test_the_commands_of_the_first_week_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a fresh workspace, with an address book of one."""
    (tmp_path / "contacts.vcf").write_text(CARDS)
    monkeypatch.delenv("BRIEFGEN_WORKSPACE", raising=False)
    monkeypatch.chdir(tmp_path)
    said = ""
    for line in ["briefgen init --sample ~/meetings", *"".join(blocks("sh")).splitlines()]:
        command, *arguments = shlex.split(line.replace("~", str(tmp_path)))
        if command == "cd":
            monkeypatch.chdir(arguments[0])
            continue
        assert command == "briefgen"
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 0, (line, done.output)
        said += done.stdout
    assert "new: Dana Smith → dana-smith.yaml" in said
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
