"""Files that are not read: the sheet says so, and takes nobody for a stranger."""

from collections.abc import Callable
from pathlib import Path

import pytest
from whole_book import read_book

from briefgen.brief.brief import Brief
from briefgen.contacts.book import ContactBook
from briefgen.contacts.index import open_book
from briefgen.workspace.folder import Workspace
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import Edition

from .conftest import Desk, attendee, every_line, texts

HELEN = """\
name: Helen Marsh
emails: [helen.marsh@tidewater.example]
interests: [allotment, "Test cricket]
interactions:
  - {date: 2026-11-02, channel: call, summary: Wants the plan by Friday.}
"""
MARCUS = """\
name: Marcus Bell
emails: [marcus.bell@copperline.example]
relationship: {state: strained, reason: the outage}
interactions:
  - {date: 2026-11-20, channel: email, summary: Sent the report., signals: [happy]}
"""


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A workspace in which Helen's file cannot be read, and Marcus's not as a whole."""
    folder = tmp_path / "data" / "contacts"
    folder.mkdir(parents=True)
    (folder / "helen-marsh.yaml").write_text(HELEN)
    (folder / "marcus-bell.yaml").write_text(MARCUS)
    return Workspace(root=tmp_path)


HELEN_INVITED = ("helen.marsh@tidewater.example", "Helen Marsh")
MARCUS_INVITED = ("marcus.bell@copperline.example", "Marcus Bell")


def brief_with(
    desk: Desk, place: Workspace, *people: tuple[str, str], edition: Edition = "full"
) -> Brief:
    """The brief of a meeting with these people, by what can be read of their files now."""
    desk.read, _ = open_book(place)
    desk.attendees = tuple(attendee(address, name) for address, name in people)
    return desk.compose(edition, title="Statement of work", description="1. The work\n2. Dates")


@pytest.mark.parametrize("read", [read_book, open_book])
@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("Helen.Marsh@tidewater.example", "H. M."),
        ("helen@elsewhere.example", "Marsh, Helen"),
    ],
)
def test_a_file_that_cannot_be_read_is_known_by_an_address_in_it_or_its_name(
    place: Workspace,
    read: Callable[[Workspace], tuple[ContactBook, tuple[Problem, ...]]],
    address: str,
    name: str,
) -> None:
    """Nobody whose file is broken is taken for someone without one."""
    book, problems = read(place)
    assert any(problem.file.endswith("helen-marsh.yaml") for problem in problems)
    assert book.by_address("helen.marsh@tidewater.example") == ()
    assert book.unread(address, name) == ("data/contacts/helen-marsh.yaml",)
    assert book.unread("somebody@tidewater.example", "Else") == ()


@pytest.mark.parametrize("read", [read_book, open_book])
@pytest.mark.parametrize("name", ["vik/lars.yaml", "lars-vik.yml"])
def test_a_file_in_the_wrong_place_is_known_too(
    place: Workspace, read: Callable[[Workspace], tuple[ContactBook, object]], name: str
) -> None:
    """Files in subfolders and `.yml` are not read, but whose they are is seen."""
    file = place.contacts / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("name: Lars Vik\nemails: [lars@vik.example]\n")
    book, _ = read(place)
    assert book.by_address("lars@vik.example") == ()
    assert book.unread("lars@vik.example", "") == (f"data/contacts/{name}",)


def test_somebody_whose_file_cannot_be_read_is_no_stranger(place: Workspace, desk: Desk) -> None:
    """The sheet names the file; it asks nobody of old what brings them here."""
    brief = brief_with(desk, place, HELEN_INVITED)
    assert brief.faces[0].remark == "not read: helen-marsh.yaml"
    assert brief.kind == "usual"
    assert brief.glance.stance is None
    assert not brief.glance.lines
    assert "not met" not in "\n".join(texts(every_line(brief)))


def test_beside_them_a_stranger_is_asked_as_ever(place: Workspace, desk: Desk) -> None:
    """What to find out is asked of those without a file alone."""
    brief = brief_with(desk, place, HELEN_INVITED, ("lars@vik.example", "Lars Vik"))
    assert brief.kind == "usual"
    said = "\n".join(texts(every_line(brief)))
    assert "What does Lars look after, and what does Lars hope for?" in said


def test_a_part_that_cannot_be_read_is_told_and_nothing_glad_is_guessed_without_it(
    place: Workspace, desk: Desk
) -> None:
    """What is lost of a relationship may be that it is strained: no cheer is on top."""
    brief = brief_with(desk, place, MARCUS_INVITED)
    assert brief.faces[0].remark == "part of marcus-bell.yaml cannot be read"
    assert brief.glance.stance is None
    whole = place.contacts / "marcus-bell.yaml"
    whole.write_text(MARCUS.replace("state: strained", "status: warm"))
    brief = brief_with(desk, place, MARCUS_INVITED)
    assert brief.faces[0].remark == ""
    assert brief.glance.stance is not None
    assert brief.glance.stance.text == "Enjoy it with them"


def test_the_client_reads_nothing_of_it(place: Workspace, desk: Desk) -> None:
    """On the table there is no word of files."""
    brief = brief_with(desk, place, HELEN_INVITED, MARCUS_INVITED, edition="table")
    assert [face.remark for face in brief.faces] == ["", ""]
