"""Whole nights: from a workspace to a folder and a mailbox, through the command line."""

import contextlib
import errno
import io
import json
import logging
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pikepdf
import pypdf
import pytest
from mail_servers import PASSWORD, Authority
from night_house import CONTACT, LATER, NIGHT, House, each_ahead, event

from briefgen.brief.brief import Brief
from briefgen.day.pack import PlannedPacket
from briefgen.day.prepare import Day
from briefgen.delivery.ledger import Ledger, LedgerBroken
from briefgen.delivery.ledger_entry import Delivery
from briefgen.delivery.ledger_file import open_ledger
from briefgen.page.look import Look, MadePage
from briefgen.page.workers import Failure
from briefgen.workspace.folder import Workspace, only_run


def test_a_night_and_the_night_after(house: House) -> None:
    """Written, mailed and reported; run again, nothing is written and nothing is sent."""
    first = house.night()
    assert first["status"] == 0
    assert [brief["state"] for brief in first["briefs"]] == ["written", "written"]
    assert house.files() == ["1000-review.pdf", "1400-lunch.pdf", "report.json"]
    again = house.night(LATER)
    assert again["status"] == 0
    assert [brief["state"] for brief in again["briefs"]] == ["unchanged", "unchanged"]
    assert again["deliveries"] == first["deliveries"]
    assert first["window"]["start"] == "2026-11-22T22:10:00+01:00"
    assert first["window"]["end"] == "2026-11-24T00:00:00+01:00"
    (message,) = house.office.mailbox.messages
    assert message["Subject"] == "Monday, 23 November: 2 meetings, the first at 10:00"
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "10:00–11:00  Review" in text
    assert "Dana Smith: send the draft (today)" in text
    names = [part.get_filename() for part in message.iter_attachments()]
    assert names == ["10.00 Review.pdf", "14.00 Lunch.pdf"]
    stored = json.loads((house.root / "briefings/2026-11-23/report.json").read_text())
    assert stored["deliveries"] == first["deliveries"]
    assert stored["deliveries"][0]["state"] == "sent"


def test_what_the_mail_attaches_is_the_brief(typeset_house: House) -> None:
    """The attached PDF is the file in the folder: one page with the meeting's title on it."""
    typeset_house.night()
    (message,) = typeset_house.office.mailbox.messages
    first = next(iter(message.iter_attachments()))
    written = typeset_house.root / "briefings/2026-11-23/1000-review.pdf"
    assert first.get_content() == written.read_bytes()
    reader = pypdf.PdfReader(written)
    assert len(reader.pages) == 1
    assert "Review" in reader.pages[0].extract_text()


def test_moved_and_cancelled(house: House) -> None:
    """The folder mirrors the calendar, and the mails say what changed, in one thread."""
    house.night()
    (house.root / "briefings/2026-11-23/notes.txt").write_text("mine")
    house.calendar(event("a", "20261123T150000"), event("b", "20261123T140000", title="Lunch"))
    house.night(LATER)
    assert house.files() == ["1400-lunch.pdf", "1500-review.pdf", "notes.txt", "report.json"]
    cancelled = event("b", "20261123T140000", title="Lunch", status="CANCELLED")
    house.calendar(event("a", "20261123T150000"), cancelled)
    house.night("2026-11-23T06:00")
    house.night("2026-11-23T06:15")
    assert house.subjects[1:] == ["Updated: moved to 15:00 – Review", "Cancelled: Lunch, 14:00"]
    first, second, third = house.office.mailbox.messages
    assert second["In-Reply-To"] == first["Message-ID"]
    assert third["References"] == f"{first['Message-ID']} {second['Message-ID']}"
    names = [part.get_filename() for part in second.iter_attachments()]
    assert names == ["14.00 Lunch.pdf", "15.00 Review.pdf"], "lunch is right before it now"
    assert list(third.iter_attachments()) == []
    assert house.files() == ["1500-review.pdf", "notes.txt", "report.json"]


def test_moved_to_next_month_is_not_cancelled(house: House) -> None:
    """A meeting that left the window is looked for before it is called gone."""
    house.night()
    house.calendar(event("a", "20261215T100000"), event("b", "20261123T140000", title="Lunch"))
    house.night(LATER)
    assert house.subjects[1:] == ["Updated: moved to 15 Dec, 10:00 – Review"]


@pytest.mark.parametrize(
    ("start", "change"), [("20261123T100000", "10:00"), ("20261122T150000", "22 Nov, 15:00")]
)
def test_moved_to_a_time_gone_by(house: House, start: str, change: str) -> None:
    """A meeting that was put earlier and has begun by now is moved, and neither gone nor silent."""
    house.night()
    house.calendar(event("a", "20261123T160000"), event("b", start, title="Lunch"))
    house.night("2026-11-23T10:05")
    assert "cancelled" not in house.subjects[-1]
    text = house.office.mailbox.messages[-1].get_body(("plain",)).get_content()
    assert f"Lunch: moved to {change} (was " in " ".join(text.split())
    house.night("2026-11-23T10:20")
    assert len(house.subjects) == 2


def test_a_broken_calendar_cancels_nothing(house: House) -> None:
    """A feed that is gone or torn takes no brief away, and nobody is told of cancellations."""
    house.night()
    calendar = house.root / "data" / "calendar.ics"
    calendar.write_bytes(calendar.read_bytes()[:-300])
    assert house.night(LATER)["status"] == 3
    assert house.files() == ["1000-review.pdf", "1400-lunch.pdf", "report.json"]
    assert len(house.subjects) == 1


def test_what_is_over_stays(house: House) -> None:
    """At noon, the brief of the morning and its line in the report are still there."""
    house.night()
    report = house.night("2026-11-23T12:00")
    assert [brief["title"] for brief in report["briefs"]] == ["Lunch"]
    house.calendar(event("a", "20261123T100000"), event("b", "20261123T160000", title="Lunch"))
    house.night("2026-11-23T12:15")
    assert house.files() == ["1000-review.pdf", "1600-lunch.pdf", "report.json"]
    stored = json.loads((house.root / "briefings/2026-11-23/report.json").read_text())
    assert [brief["title"] for brief in stored["briefs"]] == ["Review", "Lunch"]
    assert house.subjects[1:] == ["Updated: moved to 16:00 – Lunch"]


def test_a_machine_that_slept(house: House) -> None:
    """A run at nine in the morning makes up for the night: what is left of today, and tomorrow."""
    house.calendar(
        event("early", "20261123T080000"),
        event("a", "20261123T100000"),
        event("next", "20261124T100000", title="Tomorrow"),
    )
    house.night("2026-11-23T09:00")
    assert house.files() == ["1000-review.pdf", "report.json"]
    assert house.files("2026-11-24") == ["1000-tomorrow.pdf", "report.json"]
    assert len(house.subjects) == 2


def test_dry_run_does_nothing(house: House) -> None:
    """A dry run says what a night would do, and why, and leaves no trace but the index."""
    result = house.run("nightly", "--dry-run")
    assert result.exit_code == 0
    assert "planned" in result.stdout
    assert "day 2026-11-23 to robin@keller.example: not sent yet" in result.stdout
    assert house.subjects == []
    assert house.files() == []
    assert not (house.root / ".briefgen" / "state.sqlite").exists()


def test_each_meeting_hours_before(house: House) -> None:
    """With `when: 2h`, a mail a meeting, two hours before it and not sooner; updates follow."""
    each_ahead(house)
    house.night()
    house.night("2026-11-23T07:45")
    assert house.subjects == []
    house.night("2026-11-23T08:00")
    house.night("2026-11-23T08:15")
    assert house.subjects == ["10:00 Review"]
    house.calendar(event("a", "20261123T150000"), event("b", "20261123T140000", title="Lunch"))
    house.night("2026-11-23T08:30")
    assert house.subjects[1:] == ["Updated: moved to 15:00 – Review"]
    house.calendar(event("b", "20261123T140000", title="Lunch"))
    house.night("2026-11-23T08:45")
    assert house.subjects[2:] == ["Cancelled: Review, 15:00"]
    house.night("2026-11-23T12:00")
    assert house.subjects[3:] == ["14:00 Lunch"]


@pytest.mark.parametrize(
    ("when", "days", "due"), [("48h", 1, "2026-11-21T10:00"), ("12h", 0, "2026-11-22T22:00")]
)
def test_further_ahead_than_the_days_looked_at(
    house: House, when: str, days: int, due: str
) -> None:
    """A mail that is due before its meeting's day comes into sight goes out when it is due.

    A packet of that day is made when the day comes.
    """
    house.settings(days=days, packet=True)
    each_ahead(house, when)
    assert "packet.pdf" not in house.run("nightly", "--dry-run", as_of=due).output
    house.settings(days=days)
    each_ahead(house, when)
    house.night(due)
    assert house.subjects == ["10:00 Review"]


def test_a_series_that_moved_hours_before(house: House) -> None:
    """A whole series that is put to another time is reported as moved, in the same thread, once."""
    each_ahead(house)

    def weekly(time: str) -> str:
        rule = "RRULE:FREQ=WEEKLY\r\nSUMMARY"
        return event("a", f"20261102T{time}").replace("SUMMARY", rule)

    house.calendar(weekly("100000"))
    house.night("2026-11-23T08:00")
    house.calendar(weekly("120000"))
    for clock in ("08:15", "08:30", "10:00", "10:15"):
        house.night(f"2026-11-23T{clock}")
    assert house.subjects == ["10:00 Review", "Updated: moved to 12:00 – Review"]
    first, second = house.office.mailbox.messages
    assert second["References"] == first["Message-ID"]


@pytest.mark.parametrize("uid", ["", "UID:same@acme.example\r\n"])
def test_meetings_that_share_a_uid_hours_before(house: House, uid: str) -> None:
    """Two events under one UID, or without any, have a mail each, and no mail of each other."""
    each_ahead(house)
    one = event("a", "20261123T100000").replace("UID:a@acme.example\r\n", uid)
    other = event("b", "20261123T103000", title="Lunch").replace("UID:b@acme.example\r\n", uid)
    house.calendar(one, other)
    for clock in ("08:00", "08:15", "08:30", "08:45", "09:00", "10:15"):
        house.night(f"2026-11-23T{clock}")
    assert house.subjects == ["10:00 Review", "10:30 Lunch"]


def test_meetings_without_uid_at_one_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has its own page in the mail and in the packet."""

    def titled_pages(briefs: Sequence[Brief], _: Look, **__: object) -> Iterator[object]:
        for at, brief in enumerate(briefs):
            out = io.BytesIO()
            with pikepdf.new() as pdf:
                pdf.add_blank_page()
                pdf.docinfo["/Title"] = brief.title
                pdf.save(out)
            yield at, MadePage(pdf=out.getvalue())

    monkeypatch.setattr("briefgen.day.make.make_pages", titled_pages)
    packed: list[str] = []

    def packet(_: Day, planned: PlannedPacket) -> None:
        assert planned.contents is not None
        packed.extend(brief.title for brief in planned.contents.briefs)

    monkeypatch.setattr("briefgen.night.steps.make_packet_of_day", packet)
    house.settings(packet=True)
    house.calendar(
        event("a", "20261123T100000").replace("UID:a@acme.example\r\n", ""),
        event("b", "20261123T100000", title="Lunch").replace("UID:b@acme.example\r\n", ""),
    )
    house.night()
    (message,) = house.office.mailbox.messages
    pages = [pypdf.PdfReader(io.BytesIO(p.get_content())) for p in message.iter_attachments()]
    titles = [page.metadata.title for page in pages if page.metadata]
    assert sorted(titles) == sorted(packed) == ["Lunch", "Review"]


@pytest.mark.parametrize("title", ["Review", "", " Review "])
def test_what_stands_in_as_text_does_so_in_the_packet(
    house: House, monkeypatch: pytest.MonkeyPatch, title: str
) -> None:
    """A page that could not be made is not tried again for the packet, whatever its title."""

    def no_pages(briefs: Sequence[Brief], _: Look, **__: object) -> Iterator[object]:
        return ((at, Failure(kind="time", reason="took too long")) for at in range(len(briefs)))

    as_text: list[int] = []

    def packet(*_: object, plain: dict[int, str]) -> None:
        as_text.extend(plain)

    monkeypatch.setattr("briefgen.day.make.make_pages", no_pages)
    monkeypatch.setattr("briefgen.day.pack.write_packet", packet)
    house.settings(packet=True)
    house.calendar(event("a", "20261123T100000", title=title))
    house.night()
    assert as_text == [0]


def test_the_lock(house: House) -> None:
    """While another run holds the workspace, a night ends with status 75 and does nothing."""
    with only_run(Workspace(root=house.root)):
        result = house.run("nightly")
    assert result.exit_code == 75
    assert house.files() == []


def test_refused_mail(house: House) -> None:
    """The briefs are written all the same; status 3, and the command for failures is run."""
    house.settings(f"on_failure_command: {sys.executable} -c \"import os, sys; open('told', 'w')"
                   '.write(sys.stdin.read())"')  # fmt: skip
    house.office.mailbox.refused["robin@keller.example"] = "550 no such user"
    report = house.night()
    assert report["status"] == 3
    assert [one["state"] for one in report["deliveries"]] == ["failed"]
    assert house.files() == ["1000-review.pdf", "1400-lunch.pdf", "report.json"]
    assert "550 no such user" in (house.root / "told").read_text()
    assert house.night(LATER)["status"] == 3, "nobody has got it yet"
    del house.office.mailbox.refused["robin@keller.example"]
    assert house.run("send").exit_code == 0
    assert house.night("2026-11-22T23:30")["status"] == 0


def test_nothing_can_be_made(house: House) -> None:
    """A night without any calendar says so by mail, once, and ends with status 1."""
    (house.root / "data" / "calendar.ics").unlink()
    assert house.night()["status"] == 1
    assert house.night(LATER)["status"] == 1
    assert house.subjects == ["Sunday, 22 November: no briefs could be made"]


def test_no_meetings_known_of_in_a_lost_calendar(house: House) -> None:
    """A feed that is lost says so by mail, once a day, also where its last copy has no meeting."""
    house.night()
    (house.root / "data" / "calendar.ics").write_text("<html>Please sign in</html>")
    house.night("2026-11-23T06:00")
    assert len(house.subjects) == 1, "the briefs of the day say how old the calendar is"
    for time_of_day in ("22:00", "23:00"):
        assert house.night(f"2026-11-23T{time_of_day}")["status"] == 3
    assert house.subjects[1:] == ["Monday, 23 November: no briefs could be made"]
    text = house.office.mailbox.messages[-1].get_body(("plain",)).get_content()
    assert "a web page came instead of a calendar" in " ".join(text.split())


def test_a_feed_that_was_never_read(house: House) -> None:
    """Beside one that was, the command for failures mentions it, and the mail goes."""
    house.settings(f"on_failure_command: {sys.executable} -c \"import sys; open('told', 'w')"
                   '.write(sys.stdin.read())"')  # fmt: skip
    settings = house.root / "briefgen.yaml"
    settings.write_text(settings.read_text().replace("calendar.ics]", "calendar.ics, other.ics]"))
    assert house.night()["status"] == 3
    assert "other.ics: cannot be read" in (house.root / "told").read_text()
    assert len(house.subjects) == 1


def test_a_packet_that_breaks_costs_no_mail(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever its making ends in, it is a problem of the packet alone."""

    def breaks(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("briefgen.night.steps.make_packet_of_day", breaks)
    house.settings(packet=True)
    report = house.night()
    assert report["status"] == 3
    assert [p["file"] for p in report["problems"]] == ["briefings/2026-11-23/packet.pdf"]
    assert len(house.subjects) == 1


def test_settings_that_cannot_be_followed(house: House) -> None:
    """The command for failures is run all the same, where the rest of the file lets it be read."""
    house.settings(f"on_failure_command: {sys.executable} -c \"import sys; open('told', 'w')"
                   '.write(sys.stdin.read())"\nnonsense: 1')  # fmt: skip
    assert house.run("nightly", "--dry-run").exit_code == 1
    assert not (house.root / "told").exists()
    assert house.run("nightly").exit_code == 1
    assert "briefgen check" in (house.root / "told").read_text()


def test_the_command_for_failures_tells_the_same_thing_once_a_day(house: House) -> None:
    """Every quarter of an hour nothing is reported twice, but what is new, and all of it tomorrow.

    What the command failed to pass on is reported again.
    """
    house.settings(f"on_failure_command: {sys.executable} -c \"import sys; open('told', 'a')"
                   '.write(sys.stdin.read()); open(\'ready\')"')  # fmt: skip
    settings, told = house.root / "briefgen.yaml", house.root / "told"
    settings.write_text(settings.read_text().replace("calendar.ics]", "calendar.ics, other.ics]"))

    def times(reason: str) -> int:
        return told.read_text().count(reason)

    house.night("2026-11-22T20:00")
    (house.root / "ready").touch()
    for time_of_day in ("20:15", "20:30"):
        house.night(f"2026-11-22T{time_of_day}")
    assert times("other.ics: cannot be read") == 2, "the first time the command had failed"
    settings.write_text(settings.read_text().replace("other.ics]", "other.ics, third.ics]"))
    house.night("2026-11-22T20:45")
    assert times("third.ics: cannot be read") == 1
    house.night("2026-11-23T06:00")
    assert times("third.ics: cannot be read") == 2


def test_a_broken_ledger(house: House) -> None:
    """A ledger that is no database is set aside and mentioned once; the mail goes, once."""
    (house.root / ".briefgen").mkdir()
    (house.root / ".briefgen" / "state.sqlite").write_bytes(b"no database" * 500)
    report = house.night()
    assert report["status"] == 3
    assert any("set aside" in problem["message"] for problem in report["problems"])
    assert len(house.subjects) == 1
    again = house.night(LATER)
    assert (again["status"], again["problems"]) == (0, [])
    assert len(house.subjects) == 1


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize(
    "damage", ["torn in the middle", "an unreadable row", "no database", "a name that is no text"]
)
def test_a_ledger_damaged_between_nights(house: House, damage: str, *, ahead: bool) -> None:
    """What was sent is not sent again: the ledger's own rows, or the day's report, know of it."""
    if ahead:
        each_ahead(house, "24h")
    house.night()
    mails = len(house.subjects)
    path = house.root / ".briefgen" / "state.sqlite"
    if damage == "an unreadable row":
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE deliveries SET facts = '{torn'")
            connection.execute("UPDATE nights SET summary = ']'")
        connection.close()
    elif damage == "no database":
        path.write_bytes(b"no database" * 500)
    elif damage == "a name that is no text":  # SQLite quotes it in its message
        content = path.read_bytes()
        path.write_bytes(content.replace(b"CREATE TABLE nights", b"CREATE T\xb3\xb3LE nights"))
    else:
        content = path.read_bytes()
        path.write_bytes(content[:4096] + b"\0" * (len(content) - 4096))
    report = house.night(LATER)
    assert report["status"] == 3
    assert [brief["state"] for brief in report["briefs"]] == ["unchanged", "unchanged"]
    assert len(house.subjects) == mails
    assert house.night("2026-11-22T23:30")["status"] == 0
    house.calendar(event("a", "20261123T150000"))
    house.night("2026-11-22T23:45")
    assert len(house.subjects) > mails, "a real change is told"


def test_send_by_hand_with_a_damaged_ledger(house: House) -> None:
    """It is rebuilt there too, and told; what was mailed is not mailed again."""
    house.night()
    (house.root / ".briefgen" / "state.sqlite").write_bytes(b"no database" * 500)
    sent = house.run("send")
    assert sent.exit_code == 3
    assert "set aside" in sent.stderr
    assert len(house.subjects) == 1
    assert house.run("send").exit_code == 0


def test_a_ledger_that_fails_while_the_night_is_planned(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The briefs are made all the same, nothing is sent, and the next night completes."""
    thread = Ledger.thread

    def broken(ledger: Ledger, *about: str) -> tuple[Delivery, ...]:
        if ledger._path.exists():
            raise LedgerBroken("state.sqlite: database disk image is malformed")
        return thread(ledger, *about)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "thread", broken)
        report = house.night()
    assert report["status"] == 3
    assert house.files() == ["1000-review.pdf", "1400-lunch.pdf", "report.json"]
    assert house.subjects == []
    assert house.night(LATER)["status"] == 0
    assert len(house.subjects) == 1


def test_a_clock_a_year_ahead(house: House) -> None:
    """One night by such a clock strikes nothing: the day is not mailed again, its briefs stay."""
    for day in ("2026-11-20", "2026-11-21", "2026-11-22"):
        house.night(f"{day}T20:00")
    sent, files = len(house.subjects), house.files()
    assert sent
    house.night("2027-11-22T22:00")
    house.night("2026-11-22T22:10")
    assert len(house.subjects) == sent
    assert house.files() == files


def test_no_ledger(house: House) -> None:
    """Where there can be no ledger, briefs are written and nothing is sent."""
    (house.root / ".briefgen" / "state.sqlite").mkdir(parents=True)
    report = house.night()
    assert report["status"] == 3
    assert house.files() == ["1000-review.pdf", "1400-lunch.pdf", "report.json"]
    assert house.subjects == []


def test_no_room_for_the_briefs(house: House) -> None:
    """A folder that cannot be made is named; the next night completes."""
    (house.root / "briefings").write_text("a file where the folder should be")
    report = house.night()
    assert report["status"] in {1, 3}
    assert any("briefings/2026-11-23" in p["file"] for p in report["problems"])
    (house.root / "briefings").unlink()
    assert house.night(LATER)["status"] == 0
    assert house.files() == ["1000-review.pdf", "1400-lunch.pdf", "report.json"]


@pytest.mark.parametrize(
    ("as_of", "start", "end"),
    [
        ("2026-03-28T22:10", "2026-03-28T22:10:00+01:00", "2026-03-30T00:00:00+02:00"),
        ("2026-10-24T22:10", "2026-10-24T22:10:00+02:00", "2026-10-26T00:00:00+01:00"),
    ],
)
def test_the_night_of_the_change(house: House, as_of: str, start: str, end: str) -> None:
    """Into and out of summer time: a day has 23 or 25 hours, and each meeting its own time."""
    day = datetime.fromisoformat(end).date().toordinal() - 1
    tomorrow = datetime.fromordinal(day)
    house.calendar(event("a", f"{tomorrow:%Y%m%d}T013000"), event("b", f"{tomorrow:%Y%m%d}T100000"))
    report = house.night(as_of)
    assert (report["window"]["start"], report["window"]["end"]) == (start, end)
    assert [brief["start"][11:16] for brief in report["briefs"]] == ["01:30", "10:00"]
    assert house.night(as_of)["deliveries"] == report["deliveries"]
    assert len(house.subjects) == 1


def test_one_time_for_the_whole_night(house: House) -> None:
    """A night that starts at 23:59 goes by that time to its end, however late that is."""
    report = house.night("2026-11-22T23:59")
    assert report["as_of"] == "2026-11-22T23:59:00+01:00"
    assert house.night("2026-11-23T00:03")["status"] == 0
    assert len(house.subjects) == 1


def test_the_clock_set_back(house: House) -> None:
    """With the clock set back an hour, or a day, nothing is sent twice."""
    house.night()
    house.night("2026-11-22T21:10")
    house.night("2026-11-21T22:10")
    assert len(house.subjects) == 1


def test_changed_after_a_night_without_changes(house: House) -> None:
    """A night in which nothing has changed says so; the next one sees notes and missing files."""
    house.night()
    again = house.night("2026-11-22T22:15")
    assert {brief["state"] for brief in again["briefs"]} == {"unchanged"}
    (house.root / "briefings/2026-11-23/1000-review.pdf").unlink()
    house.night("2026-11-22T22:20")
    assert "1000-review.pdf" in house.files()
    contact = house.root / "data/contacts/dana.yaml"
    contact.write_text(CONTACT + "title: VP Operations\n")
    states = [brief["state"] for brief in house.night("2026-11-22T22:30")["briefs"]]
    assert states == ["written", "written"]


def test_locked_attachments_keep_the_body_to_the_calendar(house: House) -> None:
    """With a password on the attachments, nothing from contact files is in the open."""
    text = (house.root / "briefgen.yaml").read_text()
    command = "  attachment_password_command: echo geheim\n  to: [robin"
    (house.root / "briefgen.yaml").write_text(text.replace("  to: [robin", command))
    house.night()
    (message,) = house.office.mailbox.messages
    assert "send the draft" not in message.as_string()
    first = next(iter(message.iter_attachments()))
    reader = pypdf.PdfReader(io.BytesIO(first.get_content()))
    assert reader.is_encrypted
    assert reader.decrypt("geheim")


def test_send_by_hand(house: House) -> None:
    """`send` mails what is written, says what is not, and writes the mail as a file if asked."""
    assert house.run("send").exit_code == 1
    house.run("run")
    dry = house.run("send", "--dry-run")
    assert dry.stdout.strip() == "written  briefings/2026-11-23/mail-1.eml"
    assert house.subjects == []
    assert house.run("send").exit_code == 0
    assert "nothing to send" in house.run("send").stdout
    assert len(house.subjects) == 1


def test_log(house: House) -> None:
    """`log` shows nights and deliveries, newest first."""
    house.night()
    house.night(LATER)
    nights = json.loads(house.run("log", "--json").stdout)["nights"]
    assert [night["status"] for night in nights] == [0, 0]
    assert nights[1]["summary"] == {"written": 2, "mail sent": 1, "problems": 0}
    assert "mail for 2026-11-23 to robin@keller.example: sent" in house.run(
        "log", "--deliveries"
    ).stdout  # fmt: skip


def test_log_lines(house: House) -> None:
    """Log lines are JSON if asked for, and hold neither password nor the address of a feed."""
    result = house.run("nightly", "--log-format", "json")
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert [line["event"] for line in lines][:2] == ["begun", "planned"]
    assert lines[-1]["event"] == "ended"
    assert PASSWORD not in result.output
    assert logging.getLogger().handlers == [] or all(
        "briefgen" not in type(handler).__module__ for handler in logging.getLogger().handlers
    )


def test_killed_at_any_moment(typeset_house: House, authority: Authority) -> None:
    """A night ended by SIGKILL after more and more time: the next one completes, once each."""
    environment = {
        **os.environ,
        "SSL_CERT_FILE": str(authority.file),
        "BRIEFGEN_SMTP_PASSWORD": PASSWORD,
        "PYTHONPATH": str(Path(sys.modules["briefgen"].__file__ or "").parent.parent),
    }
    command = [
        sys.executable,
        "-m",
        "briefgen",
        "nightly",
        "-w",
        str(typeset_house.root),
        "--as-of",
        NIGHT,
    ]
    for wait in (0.7, 1.4, 2.1):
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
    report = typeset_house.night(LATER)
    assert report["status"] == 0
    for name in ("1000-review.pdf", "1400-lunch.pdf"):
        assert len(pypdf.PdfReader(typeset_house.root / "briefings/2026-11-23" / name).pages) == 1
    assert len(set(typeset_house.office.mailbox.ids)) == 1
    assert len(typeset_house.office.mailbox.ids) <= 4
    with open_ledger(typeset_house.root / ".briefgen") as ledger:
        assert [one.state for one in ledger.latest(9)] == ["sent"]


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.parametrize("limit", ["nothing larger than 1 byte", "no more open files"])
def test_no_room_and_no_files(house: House, limit: str) -> None:
    """With a quota or too many open files, what was there stays, the next night completes."""
    house.night()
    kept = (house.root / "briefings/2026-11-23/1000-review.pdf").read_bytes()
    house.calendar(event("a", "20261123T100000", title="Review, again"))
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        if limit.startswith("nothing"):
            resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))
        else:
            resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
        with contextlib.suppress(BaseException):
            os._exit(house.run("nightly", as_of=LATER).exit_code)
        os._exit(99)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) not in {0, 75}
    assert (house.root / "briefings/2026-11-23/1000-review.pdf").read_bytes() == kept
    assert len(house.subjects) == 1
    assert house.night("2026-11-22T23:20")["status"] == 0
    assert house.files() == ["1000-review-again.pdf", "report.json"]
    assert len(house.subjects) == 2


def test_read_only(house: House) -> None:
    """Where the day's folder cannot be written, the path is named and the night goes on."""
    house.night()
    house.calendar(event("a", "20261123T100000", title="Other"))
    folder = house.root / "briefings/2026-11-23"
    folder.rename(folder.with_name("aside"))
    folder.symlink_to("/proc")
    report = house.night(LATER)
    assert report["status"] in {1, 3}
    assert any(p["file"].startswith("briefings/2026-11-23") for p in report["problems"])
    folder.unlink()
    folder.with_name("aside").rename(folder)
    assert house.night("2026-11-22T23:20")["status"] == 0


def test_what_cannot_be_removed_stops_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A brief of a meeting that is gone, in a folder turned read-only, is named; the mail goes."""
    house.night()
    house.calendar(event("a", "20261123T100000"))

    def read_only(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), "1400-lunch.pdf")

    monkeypatch.setattr("briefgen.delivery.folder.DayFolder.without", read_only)
    report = house.night(LATER)
    assert [p["file"] for p in report["problems"]] == ["briefings/2026-11-23"]
    assert house.subjects[1:] == ["Cancelled: Lunch, 14:00"]


def test_what_a_killed_run_left_half_written(house: House) -> None:
    """It is removed after a day; what is younger may still be being written."""
    house.night()
    day = house.root / "briefings/2026-11-23"
    for name, age in ((".briefgen-old.part", 2), (".briefgen-young.part", 0), ("own.part", 2)):
        (day / name).write_bytes(b"half a brief")
        then = time.time() - age * 86_400
        os.utime(day / name, (then, then))
    house.night(LATER)
    left = [".briefgen-young.part", "1000-review.pdf", "1400-lunch.pdf", "own.part", "report.json"]
    assert house.files() == left


def test_a_workspace_that_cannot_be_written(house: House) -> None:
    """Where not even the lock can be had, the path is named and the command for failures is run."""
    house.settings(f"on_failure_command: {sys.executable} -c \"import sys; open('told', 'w')"
                   '.write(sys.stdin.read())"')  # fmt: skip
    (house.root / ".briefgen").write_text("a file where the folder should be")
    result = house.run("nightly")
    assert result.exit_code == 1
    assert ".briefgen" in result.stderr
    assert ".briefgen" in (house.root / "told").read_text()
    assert house.files() == []


def test_the_log_says_why(house: House) -> None:
    """A night that failed is listed with its reasons."""
    house.office.mailbox.refused["robin@keller.example"] = "550 no such user"
    house.night()
    said = house.run("log").stdout
    assert "partly done: 2 written, 1 mail failed" in said
    assert "    mail to robin@keller.example: the server said about the recipient" in said
