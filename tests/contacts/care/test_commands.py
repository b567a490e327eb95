"""`briefgen contacts …` as a user sees it."""

import base64
import contextlib
import io
import json
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from PIL import Image
from whole_book import read_book

from briefgen.brief.sheet_codes import SheetCode, read_codes, write_codes
from briefgen.contacts.index import index_path
from briefgen.workspace.folder import Workspace

Command = Callable[..., Result]
Reported = Callable[..., Any]


def put(home: Workspace, stem: str, text: str) -> Path:
    """Write a contact file."""
    path = home.contacts / f"{stem}.yaml"
    path.write_text(text)
    return path


def photo() -> str:
    """A photo as vCards carry it."""
    made = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(made, "PNG")
    return base64.b64encode(made.getvalue()).decode()


DANA = """\
# how I know Dana
name: Dana Smith
emails: [dana.smith@acme.example]   # work
title: 'VP Operations'
interactions:
- date: 2026-11-02
  summary: spoke of service levels
"""


def test_list_finds_the_silent_the_strained_and_the_birthdays(
    home: Workspace, reported: Reported
) -> None:
    """Each by its option, the longest silence and the next birthday first."""
    put(home, "ann", "name: Ann\nbirthday: 12-20\ninteractions: [{date: 2026-11-20}]\n")
    put(home, "ben", "name: Ben\nbirthday: 1980-11-25\ninteractions: [{date: 2026-01-05}]\n")
    put(home, "eve", "name: Eve\nrelationship: {status: strained}\n")

    def stems(*options: str) -> list[str]:
        return [one["contact"] for one in reported("contacts", "list", *options)["contacts"]]

    assert stems() == ["ann", "ben", "eve"]
    assert stems("--silent", "60d") == ["eve", "ben"]
    assert stems("--birthday", "30d") == ["ben", "ann"]
    assert stems("--birthday", "5d") == ["ben"]
    assert stems("--strained") == ["eve"]


def test_a_wrong_length_of_time_is_wrong_use(command: Command) -> None:
    """With the way to write it."""
    done = command("contacts", "list", "--silent", "long")
    assert done.exit_code == 2
    assert "10d, 6w, 3m or 4y" in done.stderr


def test_find_forgives_letters(home: Workspace, reported: Reported, command: Command) -> None:
    """A wrong one, a missing one, another order, a piece of the organization."""
    put(home, "dana", DANA + "organization: Acme Logistics\n")
    put(home, "eve", "name: Eve Jones\n")
    for text in ("dnaa", "smith dana", "Smiht", "logistics", "dana.smith@acme.example"):
        assert [c["contact"] for c in reported("contacts", "find", text)["contacts"]] == ["dana"]
    assert command("contacts", "find", "nobody at all").exit_code == 1


@pytest.mark.parametrize("asked", [("find", "dana"), ("duplicates",), ("list",)])
def test_a_list_says_that_a_file_may_be_missing_from_it(
    home: Workspace, reported: Reported, command: Command, asked: tuple[str, ...]
) -> None:
    """A contact whose file is faulty is not simply nowhere."""
    put(home, "dana", "name: [Dana\n")
    assert reported("contacts", *asked)["problems"][0]["file"] == "data/contacts/dana.yaml"
    assert "1 problem in the files" in command("contacts", *asked).stderr


def test_show_tells_what_is_on_file(home: Workspace, command: Command) -> None:
    """By a piece of the name; with several of them, which."""
    put(home, "dana", DANA)
    put(home, "dan", "name: Dan Brown\n")
    assert "spoke of service levels" in command("contacts", "show", "smith").stdout
    several = command("contacts", "show", "dan b")
    assert several.exit_code == 0
    several = command("contacts", "show", "an")
    assert several.exit_code == 2
    assert "dan: Dan Brown" in several.stderr
    assert "did you mean dana" in command("contacts", "show", "danna").stderr


def test_duplicates_are_pairs_with_a_reason(home: Workspace, reported: Reported) -> None:
    """One address, one name in another order, a letter's difference."""
    put(home, "a", "name: Dana Smith\nemails: [x@acme.example]\n")
    put(home, "b", "name: D. S.\nemails: [x@acme.example]\n")
    put(home, "c", "name: Smith, Dana\n")
    put(home, "d", "name: Dana Smyth\n")
    found = {
        tuple(Path(f).stem for f in pair["files"]): pair["reason"]
        for pair in reported("contacts", "duplicates")["duplicates"]
    }
    assert found["a", "b"] == "both have x@acme.example"
    assert found["a", "c"] == "the same name"
    assert found["a", "d"] == "nearly the same name"


def test_new_makes_a_commented_file_and_never_overwrites(home: Workspace, command: Command) -> None:
    """A second of the same name gets a number."""
    first = command("contacts", "new", "Zoë O'Neil: x", "--email", "zoe@acme.example", "--no-edit")
    assert first.exit_code == 0
    assert command("contacts", "new", "Zoë O'Neil: x", "--no-edit").exit_code == 0
    book, problems = read_book(home)
    assert not problems
    assert {(c.stem, c.contact.name) for c in book} == {
        ("zoë-o-neil-x", "Zoë O'Neil: x"),
        ("zoë-o-neil-x-2", "Zoë O'Neil: x"),
    }
    text = (home.contacts / "zoë-o-neil-x.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=")
    assert "# birthday: 03-26" in text


def test_every_hint_of_a_new_file_can_be_used(home: Workspace, command: Command) -> None:
    """Taking away the number signs gives a file that is read without a problem."""
    command("contacts", "new", "Ann", "--no-edit")
    lines = (home.contacts / "ann.yaml").read_text().splitlines()
    used = [line.removeprefix("# ") if ":" in line or "- " in line else line for line in lines[1:]]
    put(home, "ann", "\n".join(used) + "\n")
    _, problems = read_book(home)
    assert not problems


def test_new_opens_the_editor_that_is_asked_for(
    home: Workspace, command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And says what is wrong in the file afterwards."""
    editor = tmp_path / "edit.sh"
    editor.write_text('#!/bin/sh\necho "nope: 1" >> "$1"\n')
    editor.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.delenv("VISUAL", raising=False)
    done = command("contacts", "new", "Ann", "--edit")
    assert "unknown field 'nope'" in done.stderr


VCF = f"""\
BEGIN:VCARD
VERSION:3.0
FN:Dana Smith
EMAIL:dana.smith@acme.example
EMAIL:dana@home.example
TITLE:COO
ORG:Acme Logistics
BDAY:1980-03-26
PHOTO;ENCODING=b;TYPE=PNG:{photo()}
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Eve Jones
EMAIL:eve@b.example
END:VCARD
BEGIN:VCARD
VERSION:3.0
EMAIL:noname@b.example
END:VCARD
"""


def test_import_shows_a_plan_and_a_dry_run_writes_nothing(
    home: Workspace, reported: Reported, tmp_path: Path
) -> None:
    """New, merged with which, refused with its line."""
    path = put(home, "dana", DANA)
    (tmp_path / "book.vcf").write_text(VCF)
    plan = reported("contacts", "import", str(tmp_path / "book.vcf"), "--dry-run")
    assert [(p["action"], p["file"], p["source"]) for p in plan["people"]] == [
        ("merge", "data/contacts/dana.yaml", "book.vcf:1"),
        ("new", "data/contacts/eve-jones.yaml", "book.vcf:11"),
        ("refused", None, "book.vcf:16"),
    ]
    assert plan["people"][0]["adds"] == ["organization", "birthday", "emails", "photo"]
    assert plan["people"][0]["remarks"] == ["title stays as it is, not 'COO'"]
    assert path.read_text() == DANA
    assert [p.name for p in home.contacts.iterdir()] == ["dana.yaml"]


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_an_import_into_a_full_disk_writes_nothing_and_says_which_file(
    home: Workspace, command: Command, tmp_path: Path
) -> None:
    """All or nothing: files made before are taken back, merged ones read as before."""
    path = put(home, "dana", DANA)
    note = "met at the fair. " * 2000
    people = "".join(
        f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nNOTE:{text}\nEND:VCARD\n"
        for name, text in (("Eve Jones", "x"), ("Big Note", note), ("Lee Wong", "x"))
    )
    (tmp_path / "book.vcf").write_text(VCF[: VCF.index("BEGIN:VCARD", 1)] + people)
    said = tmp_path / "said"
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000))
        with contextlib.suppress(BaseException):
            done = command("contacts", "import", str(tmp_path / "book.vcf"))
            said.write_text(done.stderr[:8000])
            os._exit(done.exit_code)
        os._exit(99)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 1
    fault = "data/contacts/big-note.yaml: Big Note: cannot be written: File too large; nothing of"
    assert fault in said.read_text()
    names = {path.name for path in home.contacts.iterdir()} - {"photos"}
    assert names == {"dana.yaml"}
    assert not list(home.photos.glob("*.jpg"))
    assert path.read_text() == DANA
    done = command("contacts", "import", str(tmp_path / "book.vcf"))
    assert done.exit_code == 0, done.output
    assert {c.contact.name for c in read_book(home)[0]} >= {"Big Note", "Eve Jones", "Lee Wong"}


def test_import_adds_and_touches_nothing_that_was_written(
    home: Workspace, command: Command, tmp_path: Path
) -> None:
    """Every line is still there; once more changes nothing; undo takes it back."""
    path = put(home, "dana", DANA)
    (tmp_path / "book.vcf").write_text(VCF)
    done = command("contacts", "import", str(tmp_path / "book.vcf"))
    assert done.exit_code == 3
    text = path.read_text()
    for line in DANA.splitlines():
        assert line.replace("]", "") in text.replace(", dana@home.example]", "]").replace("]", "")
    book, problems = read_book(home)
    assert not problems
    dana = book.by_stem("dana")
    assert dana is not None
    assert dana.contact.emails == ("dana.smith@acme.example", "dana@home.example")
    assert dana.contact.photo == "photos/dana.jpg"
    assert (home.photos / "dana.jpg").stat().st_mode & 0o777 == 0o600
    assert book.by_stem("eve-jones") is not None
    before = {p: p.read_bytes() for p in home.contacts.rglob("*") if p.is_file()}
    again = command("contacts", "import", str(tmp_path / "book.vcf"))
    assert "2 unchanged" in again.stdout
    assert {p: p.read_bytes() for p in home.contacts.rglob("*") if p.is_file()} == before
    assert command("contacts", "undo", "dana").exit_code == 0
    assert path.read_text() == DANA


def test_an_import_of_new_people_is_taken_back_whole(
    home: Workspace, command: Command, tmp_path: Path
) -> None:
    """`undo` takes their files away, and no older change; so it does with one made by `new`."""
    path = put(home, "dana", DANA)
    (tmp_path / "note.csv").write_text("Name,Email,Title\nDana Smith,dana.smith@acme.example,VP\n")
    (tmp_path / "new.csv").write_text("Name,Email\nEve Jones,eve@x.example\nAl Roe,al@x.example\n")
    command("contacts", "import", str(tmp_path / "note.csv"))
    with_title = path.read_text()
    command("contacts", "import", str(tmp_path / "new.csv"))
    assert command("contacts", "new", "Kim Poe").exit_code == 0
    undone = command("contacts", "undo")
    assert "kim-poe.yaml: was new, and is removed" in undone.stdout
    undone = command("contacts", "undo")
    assert "eve-jones.yaml: was new, and is removed" in undone.stdout
    assert sorted(one.name for one in home.contacts.glob("*.yaml")) == ["dana.yaml"]
    assert path.read_text() == with_title


def test_doubtful_people_are_told_and_not_taken(
    home: Workspace, reported: Reported, tmp_path: Path
) -> None:
    """A namesake with other addresses; addresses of two people; a name of two people."""
    put(home, "dana", DANA)
    put(home, "a", "name: Ann A\nemails: [a@x.example]\n")
    put(home, "b", "name: Ann B\nemails: [b@x.example]\naliases: [Annie]\n")
    put(home, "c", "name: Annie\n")
    (tmp_path / "b.csv").write_text(
        "Name,Email\nDana Smith,other@acme.example\nWho,a@x.example; b@x.example\nAnnie,\n"
    )
    plan = reported("contacts", "import", str(tmp_path / "b.csv"))
    assert [p["action"] for p in plan["people"]] == ["doubtful"] * 3
    assert "no address of these" in plan["people"][0]["remarks"][0]
    assert "a.yaml and b.yaml" in plan["people"][1]["remarks"][0]
    assert "b.yaml and c.yaml" in plan["people"][2]["remarks"][0]
    assert [p["line"] for p in plan["problems"]] == [2, 3, 4]


def test_a_person_in_several_rows_becomes_one_file(
    home: Workspace, command: Command, tmp_path: Path
) -> None:
    """Of two rows with one address, the second adds to the first."""
    (tmp_path / "b.csv").write_text(
        "Name,Email,Title\nDana Smith,d@acme.example,\nD. Smith,d@acme.example,VP\n"
    )
    command("contacts", "import", str(tmp_path / "b.csv"))
    (dana,) = read_book(home)[0]
    assert (dana.contact.name, dana.contact.title) == ("Dana Smith", "VP")


@pytest.mark.parametrize("name", ['"=cmd|calc"', "#hash", "no", "a: b", "- x", "*bold*", "'", "😀"])
def test_any_name_makes_a_file_that_says_it(
    home: Workspace, command: Command, tmp_path: Path, name: str
) -> None:
    """YAML's own signs are quoted."""
    (tmp_path / "b.csv").write_text(f"Name,Notes\n{name},{name}\n")
    assert command("contacts", "import", str(tmp_path / "b.csv")).exit_code == 0
    ((contact,), problems) = read_book(home)
    assert not problems
    assert contact.contact.name == name.strip('"')
    assert contact.contact.notes == name.strip('"')


def test_a_linked_or_read_only_contact_is_left_alone(
    home: Workspace, reported: Reported, tmp_path: Path
) -> None:
    """And told; the others are done."""
    (tmp_path / "elsewhere.yaml").write_text(DANA)
    (home.contacts / "dana.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    (tmp_path / "book.vcf").write_text(VCF)
    done = reported("contacts", "import", str(tmp_path / "book.vcf"))
    assert [p["action"] for p in done["people"]] == ["refused", "new", "refused"]
    assert "symbolic link" in done["people"][0]["remarks"][-1]
    assert (tmp_path / "elsewhere.yaml").read_text() == DANA


def test_a_file_that_is_not_there_or_says_nothing(command: Command, tmp_path: Path) -> None:
    """Status 1 and one line."""
    assert command("contacts", "import", str(tmp_path / "no.vcf")).exit_code == 1
    (tmp_path / "x.csv").write_bytes(b"")
    assert "empty" in command("contacts", "import", str(tmp_path / "x.csv")).stderr
    (tmp_path / "x.csv").write_text("A,B\n1,2\n")
    assert "--map" in command("contacts", "import", str(tmp_path / "x.csv")).stderr


MBOX = b"""\
From - Mon Nov  2 10:00:00 2026
From: Dana Smith <dana.smith@acme.example>
To: Robin <robin@keller-advisory.example>
Date: Mon, 02 Nov 2026 23:30:00 -0500
Subject: =?utf-8?q?Re=3A_Service_levels_=E2=80=93_draft?=

Secret body: the price is 100.
From here on it is still the body.

From - Tue Nov  3 10:00:00 2026
From: robin@keller-advisory.example
To: dana.smith@acme.example, stranger@x.example
Cc: Eve <eve@b.example>
Date: Tue, 03 Nov 2026 10:00:00 +0100
Subject: Fwd: plan
 for Monday

body

From - x
From: dana.smith@acme.example
Subject: no date

From - x
From: dana.smith@acme.example
Date: Tue, 03 Nov 2020 10:00:00 +0100
Subject: too long ago

"""


def test_history_comes_from_headers_alone(
    home: Workspace, command: Command, tmp_path: Path
) -> None:
    """Who, when, what about, in which direction; the body is never taken; once more adds none."""
    path = put(home, "dana", DANA)
    put(home, "eve", "name: Eve\nemails: [eve@b.example]\n")
    (tmp_path / "mail.mbox").write_bytes(MBOX)
    done = command("contacts", "import", "--history", str(tmp_path / "mail.mbox"))
    assert done.exit_code == 0, done.output
    assert "mail.mbox:20: the message has no date" in done.stderr
    book, problems = read_book(home)
    assert not problems
    dana, eve = book
    assert [(str(i.date), i.channel, i.summary) for i in dana.contact.interactions] == [
        ("2026-11-02", "meeting", "spoke of service levels"),
        ("2026-11-02", "email", "Received: Service levels – draft"),
        ("2026-11-03", "email", "Wrote: plan for Monday"),
    ]
    assert [i.summary for i in eve.contact.interactions] == ["Wrote: plan for Monday"]
    assert "Secret" not in path.read_text()
    before = path.read_bytes()
    assert (
        "nothing new"
        in command("contacts", "import", "--history", str(tmp_path / "mail.mbox")).stdout
    )
    assert path.read_bytes() == before


def test_history_reads_a_maildir_and_single_messages(
    home: Workspace, reported: Reported, tmp_path: Path
) -> None:
    """Whatever the mail program keeps."""
    put(home, "dana", DANA)
    message = MBOX.split(b"\n", 1)[1].split(b"\n\n")[0] + b"\n\nbody\n"
    for folder in ("cur", "new", "tmp"):
        (tmp_path / "Maildir" / folder).mkdir(parents=True)
    (tmp_path / "Maildir" / "cur" / "1:2,S").write_bytes(message)
    (tmp_path / "one.eml").write_bytes(message.replace(b"02 Nov", b"05 Nov"))
    for source, count in (("Maildir", 1), ("one.eml", 1)):
        done = reported("contacts", "import", "--history", str(tmp_path / source))
        assert done["contacts"] == [{"contact": "dana", "interactions": count}]


def test_export_and_import_go_round(home: Workspace, command: Command, tmp_path: Path) -> None:
    """CSV and both vCards bring everyone back."""
    put(home, "dana", DANA + "birthday: 03-26\naliases: [Dee]\ntelephones: ['+1 555 0100']\n")
    put(home, "eve", "name: '=Eve'\norganization: A, B\n")
    for form in ("csv", "vcard", "vcard4"):
        target = tmp_path / f"out.{form}"
        assert command("contacts", "export", "--format", form, "-o", str(target)).exit_code == 0
        text = target.read_text()
        assert "service levels" not in text
        there = Workspace(root=tmp_path / form)
        there.contacts.mkdir(parents=True)
        (there.root / "briefgen.yaml").write_text("version: 1\n")
        from click.testing import CliRunner

        from briefgen.cli import main

        done = CliRunner().invoke(main, ["contacts", "import", str(target), "-w", str(there.root)])
        assert done.exit_code == 0, done.output
        back = {c.contact.name: c.contact for c in read_book(there)[0]}
        assert back["=Eve"].organization == "A, B"
        dana = back["Dana Smith"]
        assert str(dana.birthday) == "03-26"
        assert dana.telephones == ("+1 555 0100",)
        assert dana.aliases == ("Dee",)


def test_an_export_reports_as_json(home: Workspace, reported: Reported, tmp_path: Path) -> None:
    """With `--json` the text is in the one document, or the document names its file."""
    put(home, "dana", DANA)
    done = reported("contacts", "export")
    assert (done["contacts"], done["format"], done["file"]) == (["dana"], "vcard", None)
    assert done["text"].startswith("BEGIN:VCARD")
    target = tmp_path / "out.csv"
    done = reported("contacts", "export", "--format", "csv", "-o", str(target))
    assert (done["file"], done["text"]) == (str(target), None)
    assert "Dana Smith" in target.read_text()


def brief_of(home: Workspace, day: str, name: str, contact: str | None, code: str) -> None:
    """A written brief in a day's report."""
    folder = home.briefings / day
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.pdf").write_bytes(b"%PDF")
    report = folder / "report.json"
    known = json.loads(report.read_text()) if report.exists() else {"briefs": [], "problems": []}
    known["briefs"].append(
        {
            "path": f"briefings/{day}/{name}.pdf",
            "title": "x",
            "code": code,
            "participants": [{"name": "Somebody", "email": None, "contact": contact}],
        }
    )
    report.write_text(json.dumps(known))


def test_forget_shows_first_and_then_leaves_no_trace(home: Workspace, command: Command) -> None:
    """File, photo, history, drafts, briefs, packets, codes, index; nobody else's."""
    put(home, "dana", DANA + "photo: photos/dana.jpg\n")
    put(home, "eve", "name: Eve\nnotes: reports to Dana Smith\n")
    home.photos.mkdir()
    (home.photos / "dana.jpg").write_bytes(b"x")
    history = home.memory / "history" / "dana"
    history.mkdir(parents=True)
    (history / "000001-aaaaaaaa-bbbbbbbbbbbbbbbb.yaml").write_text(DANA)
    (home.memory / "drafts").mkdir()
    (home.memory / "drafts" / "one.yaml").write_text("contact: dana\nsummary: x\n")
    (home.memory / "drafts" / "two.yaml").write_text("contact: eve\n")
    brief_of(home, "2026-11-20", "1000-review", "dana", "K7Q4")
    brief_of(home, "2026-11-20", "1100-other", "eve", "AAAA")
    (home.briefings / "2026-11-20" / "packet.pdf").write_bytes(b"%PDF")
    codes = {
        code: SheetCode(uid=code, recurrence_id=None, start="", title="x", used="2026-11-20")
        for code in ("K7Q4", "AAAA")
    }
    write_codes(home, codes)
    (home.memory / "nightly.log").write_text("a\nproblem of dana.smith@acme.example\nb\n")
    (home.memory / "last-night.json").write_text('{"briefs": [{"name": "Dana Smith"}]}')
    (home.memory / "other.json").write_text('{"name": "Eve"}')
    (home.memory / "state-broken-20261101T000000.sqlite").write_bytes(b"\0Dana Smith\0")
    command("contacts", "list")
    assert b"dana" in index_path(home).read_bytes().lower()

    asked = command("contacts", "forget", "dana", input="n\n")
    assert asked.exit_code == 0
    assert "removes data/contacts/dana.yaml" in asked.stdout
    assert "removes briefings/2026-11-20/1000-review.pdf" in asked.stdout
    assert "data/contacts/eve.yaml:2" in asked.stderr
    assert (home.contacts / "dana.yaml").exists()
    assert command("contacts", "forget", "dana", input="").exit_code == 2

    done = command("contacts", "forget", "Dana Smith", "--yes")
    assert done.exit_code == 0, done.output
    left = {p for p in home.root.rglob("*") if p.is_file() and p.name != "eve.yaml"}
    for path in left:
        assert b"dana" not in path.read_bytes().lower(), path
        assert "dana" not in path.name
    folder = home.briefings / "2026-11-20"
    assert sorted(p.name for p in folder.iterdir()) == ["1100-other.pdf", "report.json"]
    assert list(read_codes(home)) == ["AAAA"]
    assert (home.memory / "nightly.log").read_text() == "a\nb\n"
    assert (home.memory / "other.json").exists()
    assert (home.memory / "drafts" / "two.yaml").exists()
    assert not (home.photos / "dana.jpg").exists()


def test_a_contact_that_cannot_be_read_can_still_be_forgotten(
    home: Workspace, command: Command
) -> None:
    """By its file's name."""
    put(home, "dana", "name: [\n")
    assert command("contacts", "forget", "dana", "--yes").exit_code == 0
    assert not (home.contacts / "dana.yaml").exists()


FEED = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//x//EN
BEGIN:VEVENT
UID:one@acme.example
DTSTAMP:20261101T000000Z
DTSTART;TZID=America/New_York:20261124T090000
DTEND;TZID=America/New_York:20261124T093000
SUMMARY:Service levels
ORGANIZER;CN=Dana Smith:mailto:dana.smith@acme.example
ATTENDEE;CN=Robin Keller:mailto:robin@keller-advisory.example
ATTENDEE:mailto:lee.wong@north-star.example
ATTENDEE;CN=Eve Jones:mailto:eve@b.example
ATTENDEE;CN=Pat:mailto:pat@gmail.com
END:VEVENT
END:VCALENDAR
"""


def test_new_files_for_a_meetings_unknown_attendees(home: Workspace, command: Command) -> None:
    """Name, address, organization and zone from the feed; those on file get none."""
    (home.root / "data" / "calendar.ics").write_text(FEED.replace("\n", "\r\n"))
    put(home, "eve", "name: Eve\nemails: [eve@b.example]\n")
    put(home, "old", "name: Old\nemails: [old@acme.example]\norganization: Acme Logistics\n")
    done = command("contacts", "new", "--meeting", "service", "--no-edit")
    assert done.exit_code == 0, done.output
    book, problems = read_book(home)
    assert not problems
    made = {c.stem: c.contact for c in book}
    assert set(made) == {"dana-smith", "eve", "lee-wong", "old", "pat"}
    assert made["dana-smith"].organization == "Acme Logistics"
    assert made["dana-smith"].timezone == "America/New_York"
    assert (made["lee-wong"].name, made["lee-wong"].organization) == ("Lee Wong", "North Star")
    assert made["lee-wong"].timezone is None
    assert made["pat"].organization is None
    again = command("contacts", "new", "--meeting", "service", "--no-edit")
    assert "everyone in 'Service levels' has a file" in again.stderr
    assert command("contacts", "new", "--meeting", "nothing", "--no-edit").exit_code == 2
    assert command("contacts", "new").exit_code == 2
    looked = ["--meeting", "service", "--no-edit", "--date", "yesterday"]
    assert "no meeting 'service' in these days" in command("contacts", "new", *looked).stderr


def test_a_faulty_file_is_told_before_another_is_made_of_the_same_person(
    home: Workspace, command: Command
) -> None:
    """The attendee seems to have no file; the line says where the one that is there is wrong."""
    (home.root / "data" / "calendar.ics").write_text(FEED.replace("\n", "\r\n"))
    put(home, "dana", "name: Dana\nemails: [dana.smith@acme.example\n")
    done = command("contacts", "new", "--meeting", "service", "--no-edit")
    assert "error: data/contacts/dana.yaml:2: brackets are not closed" in done.stderr


def test_a_new_file_with_an_address_that_is_on_file_is_refused(
    home: Workspace, command: Command
) -> None:
    """Two files with one address are a fault: the one that is there is named instead."""
    put(home, "dana", "name: Dana Smith\nemails: [dana@acme.example]\n")
    done = command("contacts", "new", "D. Smith", "--email", "Dana@acme.example", "--no-edit")
    assert done.exit_code == 2
    assert "dana@acme.example is in data/contacts/dana.yaml already" in done.stderr
    assert [path.name for path in home.contacts.iterdir()] == ["dana.yaml"]


def test_a_new_file_of_a_name_that_is_on_file_says_so(home: Workspace, command: Command) -> None:
    """Two people may have one name; who makes the same file twice learns of it."""
    put(home, "dana", "name: Dana Smith\n")
    done = command("contacts", "new", "Smith, Dana", "--no-edit")
    assert done.exit_code == 0
    assert "data/contacts/dana.yaml has this name too" in done.output


def test_a_contact_that_is_not_found_may_be_in_a_faulty_file(
    home: Workspace, command: Command
) -> None:
    """Every command that looks for a contact reports the files that it cannot read."""
    put(home, "dana", "name: Dana Smith\nemails: [dana@acme.example\nx: y\n")
    fault = "error: data/contacts/dana.yaml:2: brackets are not closed"
    for words in (["contacts", "show"], ["contacts", "export"], ["contacts", "undo"], ["stats"]):
        done = command(*words, "dana")
        assert done.exit_code == 2
        assert fault in done.stderr
        assert "no contact 'dana'; briefgen contacts list shows all" in done.stderr


def test_one_of_a_kind_is_counted_as_one(home: Workspace, command: Command) -> None:
    """One error, one contact, and the day before is yesterday."""
    put(home, "dana", "name: Dana\ninteractions: [{date: 2026-11-21, summary: x}]\nbirthday: no\n")
    assert "1 error, 0 warnings" in command("check").output
    assert "2026-11-21 (yesterday)" in command("contacts", "list").output
    out = home.root / "out.vcf"
    assert "1 contact in" in command("contacts", "export", "-o", str(out)).stderr


def test_new_opens_a_plain_editor_where_nobody_chose_one(
    home: Workspace, command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What the system calls its editor comes before vi; one that is missing is said in words."""
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    done = command("contacts", "new", "Ann", "--edit")
    assert done.exit_code == 1
    assert "the editor 'vi' cannot be started; open the file in one of yours" in done.stderr
    assert (home.contacts / "ann.yaml").exists()
    (tmp_path / "nano").write_text('#!/bin/sh\necho "nope: 1" >> "$1"\n')
    (tmp_path / "nano").chmod(0o700)
    assert "unknown field 'nope'" in command("contacts", "new", "Bob", "--edit").stderr
