"""A damaged ledger: set aside, and rebuilt from what can still be read or is known elsewhere."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from briefgen.delivery.ledger import (
    COLUMNS,
    NIGHT_COLUMNS,
    UNREADABLE,
    Ledger,
    LedgerBroken,
    as_faults,
    as_text,
    delivery_of,
    night_of,
    utc_text,
)
from briefgen.delivery.ledger_file import LEDGER_FILE, open_ledger, prepare
from briefgen.workspace.atomic import read_regular, sync_folder, write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

_JOURNALS: Final = ("-journal", "-wal", "-shm")
"""How the names of the files end that SQLite keeps beside a database."""
_MOST_LOST: Final = 2_000
"""How many unreadable rows in succession end the search."""


class Rebuilt(Value, frozen=True, kw_only=True):
    """What became of a damaged ledger.

    Attributes:
        aside: where the damaged file is now, for anyone who wants to look at it.
        deliveries: how many entries are in the new one.
    """

    aside: Path
    deliveries: int


class _Reported(Value, frozen=True, kw_only=True):
    """What the report of a day that is still to come knows."""

    day: date
    meetings: tuple[dict[str, Any], ...]
    mails: tuple[Mapping[str, Any], ...]

    def facts(self, about: str) -> str:
        """What a mail about this said, if the report knows; else empty."""
        of_day = about == f"day {self.day}"
        told = [
            one for one in self.meetings if of_day or about.startswith(f"meeting {one['uid']} ")
        ]
        return as_text({"meetings": told} if told else {})


@contextmanager
def open_whole_ledger(workspace: Workspace, as_of: datetime, faults: list[str]) -> Iterator[Ledger]:
    """The ledger, rebuilt first where it is damaged; `faults` gets a line about that.

    Raises:
        LedgerFault: where it cannot be read or written.
    """
    with ExitStack() as stack:
        try:
            ledger = stack.enter_context(open_ledger(workspace.memory))
        except LedgerBroken as error:
            rebuilt = rebuild(workspace.memory, workspace.briefings, as_of)
            faults.append(
                Phrase(
                    "{error}; it was set aside as {name}, and a new one made with the "
                    "{deliveries} entries that are still known",
                    error=error,
                    name=rebuilt.aside.name,
                    deliveries=rebuilt.deliveries,
                )
            )
            ledger = stack.enter_context(open_ledger(workspace.memory))
        yield ledger


def rebuild(folder: Path, reports: Path, as_of: datetime) -> Rebuilt:
    """Replace a damaged ledger by a new one, of what can still be read and is known elsewhere.

    What the damaged file has lost of whole days' mails comes from the days' reports. A kill or a
    loss of power leaves the damaged file, to be rebuilt then, or all of the new one.

    Raises:
        LedgerFault: where that cannot be done.
    """
    path = folder / LEDGER_FILE
    told = tuple(_reports(reports, as_of))
    saved = [_whole_delivery(row, told, as_of) for row in _rows(path, "deliveries", COLUMNS)]
    safe = {"as_of": utc_text(as_of), "ended": None, "summary": "{}"}
    nights = [_whole(row, safe, night_of) for row in _rows(path, "nights", NIGHT_COLUMNS)]
    known = {row["message_id"] for row in saved}
    entries = [entry for report in told for entry in _entries(report, as_of)]
    saved += [entry for entry in entries if entry["message_id"] not in known]
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection, as_faults(path):
        prepare(connection, path)
        kept = _insert(connection, "deliveries", saved)
        _insert(connection, "nights", nights)
        content = connection.serialize()
        aside = path.with_name(f"state-broken-{as_of:%Y%m%dT%H%M%S}.sqlite")
        _set_aside(path, aside)
        write_whole(path, content)
    return Rebuilt(aside=aside, deliveries=kept)


def _set_aside(path: Path, aside: Path) -> None:
    """Link a damaged ledger under its other name too, and move its journals there.

    SQLite would play a journal of the old file into the new one, so it is moved away first.
    """
    aside.unlink(missing_ok=True)
    try:
        aside.hardlink_to(path)
    except OSError:  # a file system without links
        shutil.copyfile(path, aside)
    for ending in _JOURNALS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).replace(aside.with_name(aside.name + ending))
    sync_folder(path.parent)


def _insert(connection: sqlite3.Connection, table: str, rows: list[dict[str, Any]]) -> int:
    """Insert the rows that the table accepts; returns how many these are."""
    before = connection.total_changes
    for row in rows:
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        with suppress(sqlite3.IntegrityError, sqlite3.ProgrammingError):
            connection.execute(
                f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})",  # noqa: S608  # our own words
                tuple(row.values()),
            )
    return connection.total_changes - before


def _rows(path: Path, table: str, columns: str) -> Iterator[dict[str, Any]]:
    """Every row of a damaged file that can still be read, one by one."""
    names = [name.strip() for name in columns.split(",")]
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(address, uri=True)
    except sqlite3.Error:
        return
    connection.text_factory = lambda text: text.decode("utf-8", "replace")
    last, lost, read = 0, 0, set()
    while lost < _MOST_LOST:
        try:
            row = connection.execute(
                f"SELECT {columns} FROM {table} NOT INDEXED WHERE number >= ?"  # noqa: S608  # our own words
                " ORDER BY number LIMIT 1",
                (last + 1,),  # `> last` would look for `last` first, on the damaged page before
            ).fetchone()
        except (sqlite3.Error, UnicodeDecodeError):
            last, lost = last + 1, lost + 1
            continue
        if row is None:
            break
        last, lost = max(last + 1, row[0]), 0 if row[0] > last else lost + 1
        if row[0] not in read:  # a damaged tree may lead back to a row again and again
            read.add(row[0])
            yield dict(zip(names, row, strict=True))
    connection.close()


def _whole_delivery(
    row: dict[str, Any], reports: tuple[_Reported, ...], as_of: datetime
) -> dict[str, Any]:
    """A row that can be read again, with what the day's report knows where its facts are lost."""
    about, moment = str(row["about"]), utc_text(as_of)
    day = about.removeprefix("day ") if about.startswith("day ") else as_of.date().isoformat()
    safe = {"day": day, "attempts": 0, "retry_at": None, "facts": "{}", "changed": moment}
    whole = _whole(row, safe, delivery_of)
    facts = next((one.facts(about) for one in reports if str(one.day) == whole["day"]), "{}")
    return {**whole, "facts": facts} if whole["facts"] == "{}" else whole


def _whole(
    row: dict[str, Any], safe: dict[str, Any], read: Callable[[tuple[Any, ...]], object]
) -> dict[str, Any]:
    """The row if it can be read; otherwise its unreadable values are replaced by safe ones."""
    if _is_readable(row, read):
        return row
    whole = {**row, **safe}
    for name in safe:
        if _is_readable(tried := {**whole, name: row[name]}, read):
            whole = tried
    return whole


def _is_readable(row: dict[str, Any], read: Callable[[tuple[Any, ...]], object]) -> bool:
    try:
        read(tuple(row.values()))
    except UNREADABLE:
        return False
    return True


def _reports(folder: Path, as_of: datetime) -> Iterator[_Reported]:
    """The reports of today and of the days to come that can be read."""
    for file in sorted(folder.glob("????-??-??/report.json")):
        with suppress(OSError, KeyError, *UNREADABLE):
            day = date.fromisoformat(file.parent.name)
            report = json.loads(read_regular(file))
            if day >= as_of.date():
                yield _Reported(
                    day=day,
                    meetings=tuple(_told(brief) for brief in report["briefs"]),
                    mails=tuple(one for one in report["deliveries"] if one["channel"] == "mail"),
                )


def _entries(report: _Reported, as_of: datetime) -> Iterator[dict[str, Any]]:
    """The mails that a report has as sent, as entries of the ledger."""
    about = f"day {report.day}"
    for mail in report.mails:
        if mail["state"] in {"sent", "unsure"}:
            yield {
                "number": None,
                "channel": "mail",
                "about": about,
                "day": report.day.isoformat(),
                "recipient": str(mail["recipient"]),
                "version": "",
                "message_id": str(mail["message_id"]),
                "kind": "first",
                "state": str(mail["state"]),
                "attempts": 1,
                "resent": 0,
                "retry_at": None,
                "reason": "",
                "job": None,
                "facts": report.facts(about),
                "changed": utc_text(as_of),
            }


def _told(brief: Mapping[str, Any]) -> dict[str, Any]:
    """What a mail said about a meeting, if the day's report knows."""
    people = [one["email"] or one["name"] for one in brief["participants"]]
    return {
        **{name: brief[name] for name in ("uid", "recurrence_id", "start", "end", "title")},
        "place": "",
        "people": sorted(str(name).casefold() for name in people),
        "digest": "",
    }
