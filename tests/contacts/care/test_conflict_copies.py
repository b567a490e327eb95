"""A sync tool's conflict copy of a contact file does not make both files doubtful."""

from pathlib import Path

import pytest
from whole_book import read_book

from briefgen.contacts.book import copied_file
from briefgen.contacts.index import open_book
from briefgen.workspace.folder import Workspace

DANA = "name: Dana Smith\nemails: [dana@acme.example]\n"
COPIES = [
    "dana (Robin's conflicted copy 2026-11-23).yaml",
    "dana (conflicted copy 2026-11-23 101010).yaml",
    "dana (In Konflikt stehende Kopie von Robin 2026-11-23).yaml",
    "dana (Copie en conflit de Robin 2026-11-23).yaml",
    "dana_conflict-20261123-101010.yaml",
    "dana.sync-conflict-20261123-101010-ABCDEFG.yaml",
    "dana (1).yaml",
    "dana 2.yaml",
    "dana(2).yaml",
    "dana - Copy.yaml",
    "dana copy 2.yaml",
    "dana~.yaml",
    "dana.yaml~",
]


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A workspace with one contact."""
    made = Workspace(root=tmp_path)
    made.contacts.mkdir(parents=True)
    (made.contacts / "dana.yaml").write_text(DANA)
    return made


@pytest.mark.parametrize("name", COPIES)
def test_the_plain_file_is_used_and_the_copy_is_a_warning(place: Workspace, name: str) -> None:
    """By the plain reader and by the index, with the file and what to do."""
    (place.contacts / name).write_text(DANA.replace("Smith", "Smyth"))
    for book, problems in (read_book(place), open_book(place), open_book(place)):
        (found,) = book.by_address("dana@acme.example")
        assert found.contact.name == "Dana Smith"
        ((file, severity, message),) = [(p.file, p.severity, p.message) for p in problems]
        assert (file, severity) == (f"data/contacts/{name}", "warning")
        assert "of dana.yaml, which is used" in message


@pytest.mark.parametrize("name", [*COPIES[:3], "dana (1).yaml"])
def test_a_copy_whose_plain_file_is_gone_is_read(place: Workspace, name: str) -> None:
    """It may be all that is left."""
    (place.contacts / "dana.yaml").rename(place.contacts / name)
    book, problems = read_book(place)
    assert [file.contact.name for file in book] == ["Dana Smith"]
    assert not problems


@pytest.mark.parametrize(
    "name",
    ["dana-2.yaml", "dana-conflitti.yml.bak", "dana (sales).yaml", "dana smith.yaml",
     "conflict.yaml", "copy.yaml", "notes~", "dana-smith-jones.yaml"],
)  # fmt: skip
def test_other_names_are_no_copies(name: str) -> None:
    """Namesakes have a number behind a hyphen."""
    assert copied_file(name) is None


def test_a_copy_of_an_organizations_file_is_a_warning(place: Workspace) -> None:
    """There too the plain file is used."""
    place.organizations.mkdir()
    (place.organizations / "acme.yaml").write_text("name: Acme\n")
    (place.organizations / "acme (1).yaml").write_text("name: Acme\n")
    book, problems = read_book(place)
    assert [o.stem for o in book.organizations] == ["acme"]
    assert [p.severity for p in problems] == ["warning"]


def test_yml_and_subfolders_are_a_warning(place: Workspace) -> None:
    """What is not read is reported."""
    (place.contacts / "eve.yml").write_text("name: Eve\n")
    (place.contacts / "old").mkdir()
    (place.contacts / "old" / "ben.yaml").write_text("name: Ben\n")
    _, problems = read_book(place)
    assert [(p.file, p.severity) for p in problems] == [
        ("data/contacts/eve.yml", "warning"), ("data/contacts/old", "warning"),
    ]  # fmt: skip
