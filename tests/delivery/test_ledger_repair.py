"""What a damaged ledger is rebuilt from, value by value."""

import errno
import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from briefgen.delivery import ledger_file
from briefgen.delivery.ledger import COLUMNS, LedgerFault
from briefgen.delivery.ledger_entry import Delivery
from briefgen.delivery.ledger_file import Rebuilt, open_ledger, open_whole_ledger, rebuild
from briefgen.workspace.folder import Workspace

NOW = datetime(2026, 11, 22, 22, 10, tzinfo=UTC)
DAY = date(2026, 11, 23)
TOLD = {"meetings": [{"title": "Review"}]}


def mailed(folder: Path, about: str = "day 2026-11-23", number: int = 1, **more: Any) -> Delivery:  # noqa: ANN401  # a field each
    """Write down a mail that was sent."""
    with open_ledger(folder) as ledger:
        given: dict[str, Any] = {
            "channel": "mail",
            "about": about,
            "day": DAY,
            "recipient": "robin@keller.example",
            "version": "v1",
            "message_id": f"<{number}@keller.example>",
            "facts": TOLD,
            "as_of": NOW,
        }
        one = ledger.intend(**{**given, **more})
        return ledger.sent(ledger.sending(one, NOW), NOW)


def spoil(folder: Path, **columns: object) -> None:
    """Write values into all rows that nobody can read."""
    with closing(sqlite3.connect(folder / "state.sqlite")) as connection, connection:
        for column, value in columns.items():
            connection.execute(f"UPDATE deliveries SET {column} = ?", (value,))


def report(
    folder: Path, day: str, *uids: str, deliveries: list[dict[str, str]] | None = None
) -> None:
    """The report of a day with these meetings and deliveries."""
    briefs = [
        {
            "uid": uid, "recurrence_id": None, "title": f"About {uid}",
            "start": f"{day}T10:00:00+01:00", "end": f"{day}T11:00:00+01:00",
            "participants": [
                {"name": "Dana", "email": "Dana@acme.example", "contact": None},
                {"name": "Lee WONG", "email": None, "contact": None},
            ],
        }
        for uid in uids
    ]  # fmt: skip
    path = folder / "briefings" / day / "report.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"briefs": briefs, "deliveries": deliveries or []}))


def rebuilt(folder: Path, as_of: datetime = NOW) -> tuple[Rebuilt, tuple[Delivery, ...]]:
    """The ledger rebuilt, and what is in it, oldest first."""
    done = rebuild(folder, folder / "briefings", as_of)
    with open_ledger(folder) as ledger:
        return done, ledger.latest(1000)[::-1]


def delivered(day: str, state: str = "sent", channel: str = "mail") -> dict[str, str]:
    """A delivery as a report has it."""
    return {
        "channel": channel, "message_id": f"<{day} {state}>".replace(" sent", f" {channel}"),
        "recipient": "robin@keller.example",
        "state": state,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("about", "uids"),
    [("day 2026-11-23", ["a", "b"]), ("meeting a None", ["a"]), ("meeting c None", None)],
)
def test_lost_facts_come_from_the_report(
    tmp_path: Path, about: str, uids: list[str] | None
) -> None:
    """A day's mail told of all its meetings, a meeting's of that one; what is unknown is empty."""
    mailed(tmp_path, about)
    spoil(tmp_path, facts="{torn")
    report(tmp_path, "2026-11-23", "a", "b")
    report(tmp_path, "2026-11-24", "a")
    _, (one,) = rebuilt(tmp_path)
    told = one.facts.get("meetings", [])
    assert [meeting["uid"] for meeting in told] == (uids or [])
    assert all(meeting["start"].startswith("2026-11-23") for meeting in told)
    assert all(meeting["people"] == ["dana@acme.example", "lee wong"] for meeting in told)
    assert uids or one.facts == {}


def test_facts_that_can_be_read_are_kept(tmp_path: Path) -> None:
    """Whatever a report of that day says by now."""
    mailed(tmp_path)
    spoil(tmp_path, retry_at="x")
    report(tmp_path, "2026-11-23", "a", "b")
    _, (one,) = rebuilt(tmp_path)
    assert one.facts == TOLD


@pytest.mark.parametrize("about", ["day 2026-11-24", "meeting a None"])
def test_only_what_cannot_be_read_is_replaced(tmp_path: Path, about: str) -> None:
    """Its day comes from what it is about, else it is today; every other value stays."""
    made = mailed(tmp_path, about)
    spoil(tmp_path, day="someday", retry_at="x")
    _, (one,) = rebuilt(tmp_path)
    day = date(2026, 11, 24) if about.startswith("day") else NOW.date()
    assert one == made.replace(day=day)


def test_all_values_that_cannot_be_read(tmp_path: Path) -> None:
    """Each has one that is safe: nothing is tried sooner, later or again because of it."""
    mailed(tmp_path)
    spoil(tmp_path, day=b"\xff", attempts=b"\xff", retry_at="x", facts="{torn", changed="")
    _, (one,) = rebuilt(tmp_path, NOW + timedelta(hours=1))
    assert (one.day, one.attempts, one.retry_at, one.facts) == (DAY, 0, None, {})
    assert one.changed == NOW + timedelta(hours=1)
    assert one.state == "sent"


@pytest.mark.parametrize("column", COLUMNS.replace(",", "").split()[1:])
def test_a_delivery_with_one_damaged_value(tmp_path: Path, column: str) -> None:
    """What comes of it can be read: the entry with a safe value, or none, and the rest is kept."""
    mailed(tmp_path)
    other = mailed(tmp_path, "day 2026-11-24", number=2)
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(
            f"UPDATE deliveries SET {column} = x'ff00' WHERE number = 1"
        )  # our own names
    done, entries = rebuilt(tmp_path)
    named = {"channel", "about", "recipient", "message_id", "kind", "state"}
    assert len(entries) == done.deliveries == (1 if column in named else 2)
    assert entries[-1].message_id == other.message_id


@pytest.mark.parametrize("column", ["as_of", "ended", "status", "summary"])
def test_a_night_with_one_damaged_value(tmp_path: Path, column: str) -> None:
    """The ledger can be read again, and the next run is not stopped by it (life 937)."""
    mailed(tmp_path)
    with open_ledger(tmp_path) as ledger:
        ledger.end_night(ledger.begin_night(NOW), ended=NOW, status=3, summary={"written": 2})
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection, connection:
        connection.execute(f"UPDATE nights SET {column} = x'ff00'")  # our own names
    rebuilt(tmp_path)
    with open_ledger(tmp_path) as ledger:
        (night,) = ledger.nights(9)
    assert night.status == (None if column == "status" else 3)


def test_which_mails_of_reports_are_taken(tmp_path: Path) -> None:
    """Those sent or unsure, for today or later, that the ledger has lost; no print, no failure."""
    mailed(tmp_path, number=7, day=date(2026, 11, 22))
    spoil(tmp_path, retry_at="x")
    for day in ("2026-11-21", "2026-11-22", "2026-11-23"):
        known = {**delivered(day, "unsure"), "message_id": "<7@keller.example>"}
        states = [delivered(day, state) for state in ("sent", "failed", "intent")]
        report(tmp_path, day, "a", deliveries=[*states, known, delivered(day, "sent", "print")])
    done, entries = rebuilt(tmp_path)
    assert done.deliveries == 3
    assert [one.message_id for one in entries] == [
        "<7@keller.example>", "<2026-11-22 mail>", "<2026-11-23 mail>",
    ]  # fmt: skip
    one = entries[1]
    assert (one.channel, one.about, one.day) == ("mail", "day 2026-11-22", date(2026, 11, 22))
    assert (one.recipient, one.kind, one.state) == ("robin@keller.example", "first", "sent")
    assert (one.attempts, one.resent, one.retry_at, one.job) == (1, False, None, None)
    assert (one.changed, len(one.facts["meetings"])) == (NOW, 1)
    assert entries[0].state == "sent", "the ledger's own row counts more"


def test_nights_are_kept(tmp_path: Path) -> None:
    """Those that can be read as they are; of others, that there was one."""
    with open_ledger(tmp_path) as ledger:
        number = ledger.begin_night(NOW)
        ledger.end_night(number, ended=NOW, status=3, summary={"written": 2})
        ledger.begin_night(NOW - timedelta(days=1))
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection, connection:
        connection.execute("UPDATE nights SET as_of = 'x', summary = '{torn' WHERE number = 2")
    rebuild(tmp_path, tmp_path / "briefings", NOW)
    with open_ledger(tmp_path) as ledger:
        broken, whole = ledger.nights(9)
    assert (whole.status, whole.ended, whole.summary) == (3, NOW, {"written": 2})
    assert (broken.as_of, broken.ended, broken.summary) == (NOW, None, {})


def test_every_row_on_another_page_is_read(tmp_path: Path) -> None:
    """None more is lost than lay on the page that was overwritten.

    The first row of the page after it was lost too, and its mail sent again.
    """
    with open_ledger(tmp_path):
        pass
    path = tmp_path / "state.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        for number in range(1, 200):
            connection.execute(
                "INSERT INTO deliveries (channel, about, day, recipient, version, message_id, kind,"
                " state, facts, changed) VALUES ('mail', 'day 2026-11-23', '2026-11-23', 'r', 'v',"
                " ?, 'first', 'sent', ?, '2026-11-22T21:00:00Z')",
                (f"<{number}>", json.dumps({"x": f"marked {number}!" * 20})),
            )
    content = bytearray(path.read_bytes())
    middle = content.index(b"marked 90!") // 4096 * 4096
    content[middle : middle + 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    left = {number for number in range(1, 200) if f'"marked {number}!'.encode() in content}
    done, entries = rebuilt(tmp_path)
    assert {int(one.message_id[1:-1]) for one in entries} == left
    assert done.deliveries == len(left) < 199


def test_where_the_damaged_file_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the new one, with its journals, and its new names are on the disk before that one."""
    mailed(tmp_path)
    spoil(tmp_path, retry_at="x")
    path = tmp_path / "state.sqlite"
    damaged, steps = path.read_bytes(), list[object]()
    for ending in ("-journal", "-wal", "-shm"):
        (tmp_path / f"state.sqlite{ending}").write_text(ending)
    write = ledger_file.write_whole
    monkeypatch.setattr(ledger_file, "sync_folder", steps.append)
    monkeypatch.setattr(
        ledger_file, "write_whole", lambda *given: (steps.append(given[0]), write(*given))
    )
    done = rebuild(tmp_path, tmp_path / "briefings", NOW)
    assert done.aside.read_bytes() == damaged
    assert steps == [tmp_path, path]
    for ending in ("-journal", "-wal", "-shm"):
        assert (tmp_path / f"{done.aside.name}{ending}").read_text() == ending
        assert not (tmp_path / f"state.sqlite{ending}").exists()


def test_a_file_system_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There the damaged file is copied, whole."""
    mailed(tmp_path)
    spoil(tmp_path, retry_at="x")
    damaged = (tmp_path / "state.sqlite").read_bytes()

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    done, (one,) = rebuilt(tmp_path)
    assert done.aside.read_bytes() == damaged
    assert one.state == "sent"


def test_broken_off_after_it_was_set_aside(tmp_path: Path) -> None:
    """The next run of the same second finds both names for one file, and goes on."""
    mailed(tmp_path)
    spoil(tmp_path, retry_at="x")
    path = tmp_path / "state.sqlite"
    os.link(path, tmp_path / "state-broken-20261122T221000.sqlite")
    done, (one,) = rebuilt(tmp_path)
    assert one.state == "sent"
    assert not done.aside.samefile(path)


def test_who_opens_it_is_told(tmp_path: Path) -> None:
    """Where the damaged ledger is now, and with how many entries the new one begins; once."""
    workspace, told = Workspace(root=tmp_path), list[str]()
    mailed(workspace.memory)
    spoil(workspace.memory, retry_at="x")
    with open_whole_ledger(workspace, NOW, told) as ledger:
        assert len(ledger.latest(9)) == 1
    (line,) = told
    assert "set aside as state-broken-20261122T221000.sqlite" in line
    assert "with the 1 entries" in line
    with open_whole_ledger(workspace, NOW, told):
        assert len(told) == 1


def test_a_folder_in_its_place_is_a_fault(tmp_path: Path) -> None:
    """It is not taken for a damaged ledger: nothing is set aside."""
    workspace = Workspace(root=tmp_path)
    (workspace.memory / "state.sqlite").mkdir(parents=True)
    with pytest.raises(LedgerFault), open_whole_ledger(workspace, NOW, []):
        pass
    assert [path.name for path in workspace.memory.iterdir()] == ["state.sqlite"]


def test_what_is_no_database_ends_empty(tmp_path: Path) -> None:
    """The search for rows ends, though none can be read."""
    (tmp_path / "state.sqlite").write_bytes(b"no database" * 500)
    done, entries = rebuilt(tmp_path)
    assert (done.deliveries, entries) == (0, ())


def test_a_large_ledger_is_kept_whole(tmp_path: Path) -> None:
    """More rows than the search would pass over if they could not be read."""
    with open_ledger(tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection, connection:
        connection.executemany(
            "INSERT INTO deliveries (channel, about, day, recipient, version, message_id, kind,"
            " state, changed) VALUES ('mail', 'a', '2026-11-23', 'r', 'v', ?, 'first', 'sent',"
            " '2026-11-22T21:00:00Z')",
            [(f"<{number}>",) for number in range(2100)],
        )
    assert rebuild(tmp_path, tmp_path / "briefings", NOW).deliveries == 2100
