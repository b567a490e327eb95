"""The ledger's file: opened, created if there is none, and checked for damage.

A damaged one is set aside, and rebuilt from what can still be read or is known elsewhere. Over 400
lines, because creating, checking and repairing the file must agree on every column.
"""

import json
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from contextvars import ContextVar
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from briefgen.delivery.ledger import (
    COLUMNS,
    NIGHT_COLUMNS,
    UNREADABLE,
    Ledger,
    LedgerBroken,
    LedgerFault,
    as_faults,
    as_text,
    delivery_of,
    night_of,
    utc_text,
)
from briefgen.workspace.atomic import (
    FILE_MODE,
    make_folder,
    read_regular,
    sync_folder,
    write_whole,
)
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

LEDGER_FILE: Final = "state.sqlite"

_VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE deliveries (
    number     INTEGER PRIMARY KEY,
    channel    TEXT NOT NULL CHECK (channel IN ('mail', 'print')),
    about      TEXT NOT NULL,
    day        TEXT NOT NULL,
    recipient  TEXT NOT NULL,
    version    TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    kind       TEXT NOT NULL CHECK (kind IN ('first', 'update', 'cancellation')),
    state      TEXT NOT NULL CHECK (state IN ('intent', 'sending', 'sent', 'failed', 'unsure')),
    attempts   INTEGER NOT NULL DEFAULT 0,
    resent     INTEGER NOT NULL DEFAULT 0,
    retry_at   TEXT,
    reason     TEXT NOT NULL DEFAULT '',
    job        TEXT,
    facts      TEXT NOT NULL DEFAULT '{}',
    changed    TEXT NOT NULL
);
CREATE INDEX deliveries_thread ON deliveries (channel, about, recipient);
CREATE INDEX deliveries_day ON deliveries (day);
CREATE TABLE nights (
    number  INTEGER PRIMARY KEY,
    as_of   TEXT NOT NULL,
    ended   TEXT,
    status  INTEGER,
    summary TEXT NOT NULL DEFAULT '{}'
);
"""


Make = Callable[[sqlite3.Connection, Path], Ledger]

_MAKE: ContextVar[Make] = ContextVar("_MAKE", default=Ledger)


@contextmanager
def ledgers_made_by(make: Make) -> Iterator[None]:
    """Within the block, every ledger opened for writing is of this kind."""
    token = _MAKE.set(make)
    try:
        yield
    finally:
        _MAKE.reset(token)


@contextmanager
def open_ledger(folder: Path) -> Iterator[Ledger]:
    """The ledger in `.briefgen/`, created if there is none, for as long as the block runs.

    All of it is checked once, so that damage is found before any decision depends on it.

    Raises:
        LedgerBroken: if the file is not a ledger, or is damaged.
        LedgerFault: if it cannot be read or written.
    """
    path = folder / LEDGER_FILE
    with as_faults(path):
        make_folder(folder)
        flags = os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(path, flags, FILE_MODE)
        regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
        os.close(descriptor)
    if not regular:
        raise LedgerFault(f"{path}: is not a regular file")
    with as_faults(path):
        connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    try:
        with as_faults(path):
            # FULL does not sync the folder after the journal is removed: a power cut could bring it
            # back, and undo the last transaction (https://sqlite.org/pragma.html).
            connection.execute("PRAGMA synchronous = EXTRA")
            connection.execute("PRAGMA secure_delete = ON")
            _prepare(connection, path)
            _look_at_all(connection, path)
        yield _MAKE.get()(connection, path)
    finally:
        connection.close()


@contextmanager
def read_ledger(folder: Path) -> Iterator[Ledger]:
    """The ledger, for reading only; an empty one if there is none. Nothing is written.

    Raises:
        LedgerFault: as `open_ledger`.
    """
    path = folder / LEDGER_FILE
    with as_faults(path):
        if path.is_file() and path.stat().st_size:
            address = f"{path.absolute().as_uri()}?mode=ro"
            connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=10)
        else:
            connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        with as_faults(path):
            _prepare(connection, path)
        yield Ledger(connection, path)
    finally:
        connection.close()


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Create the tables if there are none.

    Raises:
        LedgerBroken: if the database holds something else.
        LedgerFault: if a newer briefgen wrote it.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > _VERSION:
        raise LedgerFault(f"{path}: written by a newer briefgen; use that one")
    if version == 0:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
            raise LedgerBroken(f"{path}: is not a ledger")
        script = f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;"
        connection.executescript(script)


def _look_at_all(connection: sqlite3.Connection, path: Path) -> None:
    """Raise if a page, an index or an entry of the file is not what was written."""
    (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise LedgerBroken(f"{path}: {found}")
    try:
        for row in connection.execute(f"SELECT {COLUMNS} FROM deliveries"):  # noqa: S608  # our own words
            delivery_of(row)
        for row in connection.execute(f"SELECT {NIGHT_COLUMNS} FROM nights"):  # noqa: S608  # as above
            night_of(row)
    except UNREADABLE as error:
        raise LedgerBroken(f"{path}: an entry cannot be read: {error}") from error


_JOURNALS: Final = ("-journal", "-wal", "-shm")
"""The endings of the files that SQLite keeps beside a database."""
_MOST_LOST: Final = 2_000
"""How many unreadable rows in succession end the search."""


class Rebuilt(Value, frozen=True, kw_only=True):
    """The result of rebuilding a damaged ledger.

    Attributes:
        aside: where the damaged file is now, for inspection.
        deliveries: how many entries are in the new one.
    """

    aside: Path
    deliveries: int


class _Reported(Value, frozen=True, kw_only=True):
    """What the report of a future day knows."""

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
    """The ledger, rebuilt first if it is damaged; `faults` gets a line about that.

    Raises:
        LedgerFault: if it cannot be read or written.
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
    """Replace a damaged ledger by a new one, from what can be read and is known elsewhere.

    Mails of whole days that the damaged file has lost come from the days' reports. A kill or a
    power cut leaves either the damaged file, to be rebuilt later, or the complete new one.

    Raises:
        LedgerFault: if that cannot be done.
    """
    path = folder / LEDGER_FILE
    told = tuple(_reports(reports, as_of))
    found = [_whole_delivery(row, told, as_of) for row in _rows(path, "deliveries", COLUMNS)]
    saved = [row for row in found if _is_readable(row, delivery_of)]
    safe = {"as_of": utc_text(as_of), "ended": None, "status": None, "summary": "{}"}
    nights = [_whole(row, safe, night_of) for row in _rows(path, "nights", NIGHT_COLUMNS)]
    known = {row["message_id"] for row in saved}
    entries = [entry for report in told for entry in _entries(report, as_of)]
    saved += [entry for entry in entries if entry["message_id"] not in known]
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection, as_faults(path):
        _prepare(connection, path)
        kept = _insert(connection, "deliveries", saved)
        _insert(connection, "nights", nights)
        content = connection.serialize()
        aside = path.with_name(f"state-broken-{as_of:%Y%m%dT%H%M%S}.sqlite")
        _set_aside(path, aside)
        write_whole(path, content)
    return Rebuilt(aside=aside, deliveries=kept)


def _set_aside(path: Path, aside: Path) -> None:
    """Link a damaged ledger under a second name, and move its journals there.

    SQLite would apply a journal of the old file to the new one, so it is moved away first.
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
    """Insert the rows that the table accepts; returns how many."""
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
    """A row made readable; if its facts are lost, with what the day's report knows."""
    about, moment = str(row["about"]), utc_text(as_of)
    day = about.removeprefix("day ") if about.startswith("day ") else as_of.date().isoformat()
    safe = {
        "day": day,
        "version": "",
        "attempts": 0,
        "resent": 0,
        "retry_at": None,
        "reason": "",
        "job": None,
        "facts": "{}",
        "changed": moment,
    }
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
    """The mails that were sent according to a report, as entries of the ledger."""
    about = f"day {report.day}"
    for mail in report.mails:
        if mail["state"] in {"sent", "unsure"}:
            yield {
                "channel": "mail",
                "about": about,
                "day": report.day.isoformat(),
                "recipient": str(mail["recipient"]),
                "version": "",
                "message_id": str(mail["message_id"]),
                "kind": "first",
                "state": str(mail["state"]),
                "attempts": 1,
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
