"""A firm's contact files under a person's own: what is merged, and who said it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image
from pypdf import PdfReader

from briefgen.cli import main
from briefgen.contacts.entry import Entry
from briefgen.contacts.layered_book import open_layered_book
from briefgen.workspace.folder import Workspace
from briefgen.workspace.settings import Me

SETTINGS = """\
version: 1
me: {name: Ann Lee, author: ann, emails: [ann@firm.example], internal_domains: [firm.example]}
timezone: Europe/Berlin
feeds: [data/calendar.ics]
shared_contacts: ../firm
"""
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//briefgen//test//EN\r\nBEGIN:VEVENT\r\n"
    "UID:a@acme.example\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:20261123T090000Z\r\n"
    "DTEND:20261123T100000Z\r\nSUMMARY:Review\r\nORGANIZER:mailto:ann@firm.example\r\n"
    "ATTENDEE;CN=Dana Smith:mailto:dana@acme.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
FIRM = """\
version: 1
name: Dana Smith
emails: [dana@acme.example, d.smith@acme.example]
organization: Acme
title: VP Operations
photo: photos/dana.png
avoid: [golf]
promises:
  - {by: me, author: ann, text: send the blue draft, made: 2026-11-02, due: 2026-11-20}
  - {by: me, author: bob, text: visit the green site, made: 2026-11-02, due: 2026-11-20}
  - {by: me, text: find the red plan, made: 2026-11-02, due: 2026-11-20}
interactions:
  - date: 2026-11-12
    channel: call
    author: bob
    summary: She wants a named engineer.
    reflection: {needs_answered: no, adjust: bring the price list}
  - {date: 2026-06-10, channel: meeting, author: ann, summary: Went through the contract.}
"""
OWN = """\
version: 1
name: Dana Smith
emails: [dana@acme.example]
title: Chief of Operations
notes: mine
promises:
  - {by: me, text: find the yellow form, made: 2026-11-03, due: 2026-11-21}
interactions:
  - {date: 2026-11-01, channel: call, summary: She asked for the form.}
  - {date: 2026-06-10, channel: meeting, summary: Went through the contract.}
"""
AFTER = "2026-11-23T12:00"


class Office:
    """Ann's workspace beside the firm's contacts."""

    def __init__(self, root: Path) -> None:
        self.root, self.firm = root / "ann", root / "firm"
        (self.root / "data/contacts").mkdir(parents=True)
        (self.firm / "photos").mkdir(parents=True)
        (self.root / "briefgen.yaml").write_text(SETTINGS)
        (self.root / "data/calendar.ics").write_bytes(CALENDAR.encode())
        (self.firm / "dana.yaml").write_text(FIRM)

    @property
    def own(self) -> Path:
        """Ann's own file of Dana; not there at first."""
        return self.root / "data/contacts/dana-smith.yaml"

    def run(self, *arguments: str, as_of: str = "2026-11-22T22:10", status: int = 0) -> str:
        """What a command prints."""
        name, *options = arguments
        result = CliRunner().invoke(
            main, [name, "-w", str(self.root), "--as-of", as_of, *options], catch_exceptions=False
        )
        assert result.exit_code == status, result.output
        return result.stdout

    def undo(self) -> None:
        """Take the last change back."""
        result = CliRunner().invoke(main, ["contacts", "undo", "-w", str(self.root)])
        assert result.exit_code == 0, result.output

    def report(self, *arguments: str) -> dict[str, Any]:
        """What a command tells a program."""
        told: dict[str, Any] = json.loads(self.run(*arguments, "--json"))
        return told


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """The firm's file of Dana, and none of Ann's own."""
    return Office(tmp_path)


def test_own_fields_win_and_histories_are_together(office: Office) -> None:
    """What is in both is taken once; each value knows the file and line it is in."""
    office.own.write_text(OWN)
    workspace = Workspace(root=office.root)
    me = Me(name="Ann Lee", author="ann", emails=("ann@firm.example",))
    book, problems = open_layered_book(workspace, "../firm", me=me)
    assert problems == ()
    (dana,) = book
    assert book.by_stem("dana") == book.by_stem("dana-smith") == dana
    assert book.by_address("d.smith@acme.example") == (dana,)
    assert [entry.stem for entry in book.entries()] == ["dana-smith"]
    contact = dana.contact
    assert (contact.title, contact.organization, contact.notes) == (
        "Chief of Operations",
        "Acme",
        "mine",
    )
    assert contact.avoid == ("golf",)
    assert contact.emails == ("dana@acme.example", "d.smith@acme.example")
    told = [(one.day.isoformat(), one.interaction.author) for one in dana.timeline]
    assert told == [("2026-11-12", "bob"), ("2026-11-01", None), ("2026-06-10", None)]
    firm = str(office.firm / "dana.yaml")
    assert dana.location("title") == ("data/contacts/dana-smith.yaml", 4)
    assert dana.location("organization") == (firm, 4)
    assert dana.location("interactions", 2) == (firm, 13)
    assert dana.location("promises", 0) == ("data/contacts/dana-smith.yaml", 7)
    assert dana.location("promises", 1) == (firm, 9)


def test_a_colleagues_talk_is_not_ones_own(office: Office) -> None:
    """It is told with its author; when you last spoke, and what you noted, is not taken from it."""
    said = office.run("show", "Review", "--format", "text")
    assert "She wants a named engineer." in said
    assert "noted by bob" in said
    assert "price list" not in said
    assert "Last spoke 12 Nov (call)" not in said
    assert "in June" in said or "10 Jun" in said


def test_promises_are_told_by_who_made_them(office: Office) -> None:
    """Also on the command line; nobody ticks off what a colleague promised."""
    office.own.write_text(OWN)
    told = {one["text"]: one for one in office.report("promises")["promises"]}
    assert {text: one["by"] for text, one in told.items()} == {
        "find the yellow form": "me",
        "send the blue draft": "me",
        "visit the green site": "colleague",
        "find the red plan": "colleague",
    }
    assert told["find the yellow form"]["file"] == "data/contacts/dana-smith.yaml"
    assert told["send the blue draft"]["file"] == str(office.firm / "dana.yaml")
    listed = office.run("promises")
    assert "you to Dana Smith: send the blue draft" in listed
    assert "bob to Dana Smith: visit the green site" in listed
    assert "a colleague to Dana Smith: find the red plan" in listed
    office.run("done", "green site", status=2)
    office.run("done", "blue draft")
    assert "send the blue draft" not in office.run("promises")
    assert "kept: 2026-11-22" in (office.firm / "dana.yaml").read_text()


def test_lists_count_what_is_ones_own(office: Office) -> None:
    """Not a colleague's talk or promise, and not what nobody signed; on a second reading too."""
    workspace = Workspace(root=office.root)
    firm = (
        "version: 1\nname: Ben Ode\nemails: [ben@acme.example]\n"
        "promises:\n"
        "  - {by: me, author: bob, text: visit the green site, due: 2026-11-20}\n"
        "  - {by: me, text: find the red plan, due: 2026-11-21}\n"
        "  - {by: me, author: ann, text: send the blue draft, due: 2026-11-24}\n"
        "interactions:\n"
        "  - {date: 2026-11-12, channel: call, author: bob, summary: He wants a named engineer.}\n"
        "  - {date: 2026-11-11, channel: call, summary: He called.}\n"
        "  - {date: 2026-06-10, channel: meeting, author: ann, summary: Went through the plan.}\n"
    )
    (office.firm / "ben.yaml").write_text(firm)
    office.own.write_text(
        "version: 1\nname: Dana Smith\n"
        "promises: [{by: me, author: Ann Lee, text: a, due: 2026-11-25}]\n"
        "interactions: [{date: 2026-11-02, channel: call, author: bob, summary: b}]\n"
    )
    (office.firm / "dana.yaml").unlink()
    me = Me(name="Ann Lee", author="ann", emails=("ann@firm.example",))
    for _ in range(2):
        book, _ = open_layered_book(workspace, "../firm", me=me)
        told = {one.name: (str(one.last), str(one.due)) for one in book.entries()}
        assert told == {
            "Ben Ode": ("2026-06-10", "2026-11-24"),
            "Dana Smith": ("None", "2026-11-25"),
        }
        read = {one.stem: Entry.of(one.contact, stem=one.stem, file=one.file) for one in book}
        assert {one.name: (str(one.last), str(one.due)) for one in read.values()} == told


def test_silence_is_counted_from_ones_own_talks(office: Office) -> None:
    """`contacts list --silent` names someone with whom only a colleague has talked."""
    signed = "interactions: [{date: 2026-11-20, channel: call, author: %s, summary: a}]\n"
    office.own.write_text("version: 1\nname: Dana Smith\n" + signed % "bob")
    (office.own.parent / "ben.yaml").write_text("version: 1\nname: Ben Ode\n" + signed % "ann")
    words = ["contacts", "list", "-w", str(office.root), "--as-of", "2026-11-22", "--silent", "9d"]
    told = CliRunner().invoke(main, words).output
    assert "Dana Smith" in told
    assert "Ben Ode" not in told


def test_answers_about_a_contact_of_the_firm_go_into_a_file_of_ones_own(office: Office) -> None:
    """It is made for them, and the firm's file stays as it is, whatever was answered."""
    answers = office.root / "answers.yaml"
    answers.write_text(
        "summary: She liked it.\nunsaid: she may leave\nneeds_answered: yes\nsignals: [anxious]\n"
        "promises: [{by: me, text: call the depot}, {by: them, text: name a lead}]\n"
        "concerns: [support is slow]\ninterests: [rowing]\n"
    )
    notice = "Dana Smith: your answers go into a new file of your own, which your colleagues"
    assert notice in office.run("reflect", "Review", as_of=AFTER, status=1)
    written = office.run("reflect", "Review", "--from", str(answers), as_of=AFTER)
    assert "data/contacts/dana.yaml" in written
    assert (office.firm / "dana.yaml").read_text() == FIRM
    mine = (office.root / "data/contacts/dana.yaml").read_text()
    for said in ("name: Dana Smith", "she may leave", "call the depot", "rowing", "anxious"):
        assert said in mine
    assert "author" not in mine
    assert notice not in office.run("reflect", "Review", as_of=AFTER, status=1)
    told = {one["text"]: one["by"] for one in office.report("promises")["promises"]}
    assert (told["call the depot"], told["visit the green site"]) == ("me", "colleague")
    assert "VP Operations" in office.run("show", "Review", "--format", "text")
    office.undo()
    assert not (office.root / "data/contacts/dana.yaml").exists()


@pytest.mark.parametrize("own", [None, OWN])
def test_what_is_open_in_the_firms_file_is_settled_there(office: Office, own: str | None) -> None:
    """By the one who promised it; one `undo` takes back what both files got."""
    if own is not None:
        office.own.write_text(own)
    answers = office.root / "answers.yaml"
    answers.write_text(
        "summary: She liked it.\n"
        "promises: [{by: me, text: send the blue draft, kept: 2026-11-23}]\n"
    )
    written = office.run("reflect", "Review", "--from", str(answers), as_of=AFTER)
    assert written.count("your colleagues can read this file") == 1
    firm = (office.firm / "dana.yaml").read_text()
    assert "due: 2026-11-20, kept: 2026-11-23}" in firm
    assert "She liked it" not in firm
    files = [file.read_text() for file in (office.root / "data/contacts").glob("*.yaml")]
    assert "She liked it" in files[0]
    assert "blue draft" not in files[0]
    office.undo()
    assert (office.firm / "dana.yaml").read_text() == FIRM
    files = [file.read_text() for file in (office.root / "data/contacts").glob("*.yaml")]
    assert files == [own] * (own is not None)


def test_a_firms_file_that_may_not_be_written_stops_no_reflection(office: Office) -> None:
    """Only what is to be settled in it is refused."""
    (office.firm / "dana.yaml").chmod(0o444)
    answers = office.root / "answers.yaml"
    answers.write_text("promises: [{by: me, text: send the blue draft, kept: 2026-11-23}]\n")
    words = ("reflect", "Review", "--from", str(answers))
    refused = json.loads(office.run(*words, "--json", as_of=AFTER, status=1))
    assert "read-only" in refused["problems"][0]["message"]
    assert refused["contacts"] == []
    answers.write_text("summary: She liked it.\n")
    office.run(*words, as_of=AFTER)
    assert "She liked it" in (office.root / "data/contacts/dana.yaml").read_text()


def test_a_colleagues_reflection_is_not_ones_own(office: Office) -> None:
    """Their note of the same meeting in the firm's file is not the user's answer, and stays."""
    (office.firm / "dana.yaml").write_text(
        FIRM.replace(
            "  - date: 2026-11-12\n",
            "  - date: 2026-11-23\n    meeting: {uid: a@acme.example}\n",
        )
    )
    before = (office.firm / "dana.yaml").read_text()
    assert "Review" in office.run("reflect", "--due", as_of=AFTER)
    answers = office.root / "answers.yaml"
    answers.write_text("summary: She liked it.\nneeds_answered: yes\n")
    office.run("reflect", "Review", "--from", str(answers), as_of=AFTER)
    assert (office.firm / "dana.yaml").read_text() == before
    assert "Review" not in office.run("reflect", "--due", as_of=AFTER)


def test_a_photo_of_the_firm_is_on_the_sheet(office: Office) -> None:
    """From the firm's folder, and only from there."""
    Image.new("RGB", (400, 400), "red").save(office.firm / "photos/dana.png")
    (brief,) = office.report("run")["briefs"]
    (page,) = PdfReader(office.root / brief["path"]).pages
    assert len(page.images) == 1
    Image.new("RGB", (400, 400), "red").save(office.firm.parent / "secret.png")
    (office.firm / "dana.yaml").write_text(FIRM.replace("photos/dana.png", "../secret.png"))
    (brief,) = office.report("run")["briefs"]
    (page,) = PdfReader(office.root / brief["path"]).pages
    assert len(page.images) == 0


def _forget(office: Office, *options: str) -> Result:
    words = ["contacts", "forget", "dana", *options, "-w", str(office.root)]
    return CliRunner().invoke(main, words, catch_exceptions=False)


def test_forgetting_says_what_stays_with_colleagues(office: Office) -> None:
    """One's own goes; the shared file, and whatever shared names them, stays and is named."""
    office.own.write_text(OWN)
    memory, theirs = office.root / ".briefgen", office.firm / "dana.yaml"
    lee = office.firm / "lee.yaml"
    lee.write_text("name: Lee Wong\nnotes: reports to Dana Smith\n")
    history = memory / "history" / str(theirs).replace("/", "%2F")
    history.mkdir(parents=True)
    done = _forget(office, "--yes")
    assert done.exit_code == 0, done.output
    assert not office.own.exists()
    assert not history.exists(), "what this machine kept of the shared file is theirs too"
    assert theirs.read_text() == FIRM
    told = done.stderr.splitlines()
    assert any(f"{theirs}: stays, and your briefs still read it" in line for line in told)
    assert any(f"{lee}:2: names them too" in line for line in told)


def test_somebody_whom_only_colleagues_have_is_forgotten_here(office: Office) -> None:
    """What is kept of them here goes; that the shared file stays is reported."""
    draft = office.root / ".briefgen/drafts/a.yaml"
    draft.parent.mkdir(parents=True)
    draft.write_text("contact: dana\nsummary: x\n")
    assert "stays, and your briefs" in _forget(office, "--dry-run").stderr
    assert draft.exists()
    assert _forget(office, "--yes").exit_code == 0
    assert not draft.exists()
    assert (office.firm / "dana.yaml").exists()
