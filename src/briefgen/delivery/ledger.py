"""The ledger: what was to go out, what went out, and what nobody can know, outliving any death.

A delivery is one message (a day's or a meeting's) to one recipient in one version of its content,
or one print job. It goes from `intent` to `sending` to `sent`, `failed` or `unsure`:

- `intent`: decided, nothing has left yet; a death here costs nothing.
- `sending`: written down just before the step after which the other side may have it (the final
  dot of a mail, the start of `lp`). Whoever finds it later cannot know: it becomes `unsure`.
- `sent`: the other side has said so.
- `failed`: it has not gone; with `retry_at` a later run tries again, without it this is the end.
- `unsure`: it may have gone. A mail may be sent once more, under the same Message-ID.

SQLite with `synchronous=FULL`: what a method has written is on the disk when it returns.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal

from briefgen.workspace.atomic import FILE_MODE, make_folder

LEDGER_FILE: Final = "state.sqlite"

Channel = Literal["mail", "print"]
State = Literal["intent", "sending", "sent", "failed", "unsure"]
Kind = Literal["first", "update", "cancellation"]

FIRST_WAIT: Final = timedelta(minutes=15)
LONGEST_WAIT: Final = timedelta(hours=6)

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


_COLUMNS: Final = (
    "number, channel, about, day, recipient, version, message_id, kind, state,"
    " attempts, resent, retry_at, reason, job, facts, changed"
)


class LedgerFault(Exception):  # noqa: N818  # names what it is
    """The ledger cannot be read or written; the message names the file and why."""


class LedgerBroken(LedgerFault):
    """The file is no ledger, or damaged beyond reading."""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One entry of the ledger.

    Attributes:
        number: its key in the ledger.
        about: what it is of: `day 2026-11-23`, or `meeting <uid> <recurrence id>`.
        day: the day it is for; what is for a day gone by is not tried any more.
        recipient: a mail address, or the name of a printer's queue.
        version: a hash of what a reader would notice.
        message_id: with its angle brackets; the unique title of a print job.
        kind: the first of its thread, an update, or a cancellation.
        attempts: how often it was tried.
        resent: whether it was sent again after it had become `unsure`, or cannot be.
        retry_at: when a failed one may be tried again; None where it may not.
        reason: why it failed or is unsure.
        job: the id that the printer's queue gave.
        facts: what it told the reader, to know later what has changed.
        changed: when this entry was last written, in UTC.
    """

    number: int
    channel: Channel
    about: str
    day: date
    recipient: str
    version: str
    message_id: str
    kind: Kind = "first"
    state: State = "intent"
    attempts: int = 0
    resent: bool = False
    retry_at: datetime | None = None
    reason: str = ""
    job: str | None = None
    facts: Mapping[str, Any]
    changed: datetime

    @property
    def open(self) -> bool:
        """Whether a run may still have something to do for it."""
        if self.state == "unsure":
            return self.channel == "mail" and not self.resent
        return self.state in {"intent", "sending"} or self.retry_at is not None

    def as_json(self) -> dict[str, str]:
        """The delivery as the reports write it."""
        return {
            "channel": self.channel,
            "message_id": self.message_id,
            "recipient": self.recipient,
            "state": self.state,
        }


@dataclass(frozen=True, kw_only=True)
class Night:
    """One run of `nightly`, as `briefgen log` shows it.

    `ended` and `status` are None for a night that died.
    """

    number: int
    as_of: datetime
    ended: datetime | None = None
    status: int | None = None
    summary: Mapping[str, Any]


def wait_after(attempts: int) -> timedelta:
    """How long to leave a recipient alone after so many attempts: 15 minutes, doubling to 6 hours.

    >>> wait_after(1), wait_after(3), wait_after(50)
    (datetime.timedelta(seconds=900), datetime.timedelta(seconds=3600), \
datetime.timedelta(seconds=21600))
    """
    doubled: timedelta = FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 10)
    return min(doubled, LONGEST_WAIT)


def is_due(delivery: Delivery, as_of: datetime) -> bool:
    """Whether an open delivery may be tried now.

    A time to wait for that lies further ahead than any wait can be was written by a clock that
    has been set back since; it does not count.
    """
    if not delivery.open:
        return False
    if delivery.retry_at is None:
        return True
    return not as_of < delivery.retry_at <= as_of + LONGEST_WAIT


class Ledger:
    """An open ledger. Make it with `open_ledger` or `read_ledger`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def thread(self, channel: Channel, about: str, recipient: str) -> tuple[Delivery, ...]:
        """Everything that went, or was to go, to this recipient about this, oldest first."""
        return self._deliveries(
            "WHERE channel = ? AND about = ? AND recipient = ? ORDER BY number",
            (channel, about, recipient),
        )

    def of_day(self, day: date) -> tuple[Delivery, ...]:
        """Every delivery for a day, oldest first."""
        return self._deliveries("WHERE day = ? ORDER BY number", (day.isoformat(),))

    def since(self, day: date) -> tuple[Delivery, ...]:
        """Every delivery for a day and the days after it, oldest first."""
        return self._deliveries("WHERE day >= ? ORDER BY number", (day.isoformat(),))

    def in_state(self, state: State, channel: Channel) -> tuple[Delivery, ...]:
        """The deliveries of one channel in one state, oldest first."""
        return self._deliveries("WHERE state = ? AND channel = ? ORDER BY number", (state, channel))

    def latest(self, count: int) -> tuple[Delivery, ...]:
        """The last deliveries, newest first."""
        return self._deliveries("ORDER BY number DESC LIMIT ?", (count,))

    def intend(
        self,
        *,
        channel: Channel,
        about: str,
        day: date,
        recipient: str,
        version: str,
        message_id: str,
        kind: Kind = "first",
        facts: Mapping[str, Any] | None = None,
        as_of: datetime,
    ) -> Delivery:
        """Write down that this is to go out. The same message id is only ever one entry."""
        values = (channel, about, day.isoformat(), recipient, version, message_id, kind)
        with self._writing():
            self._connection.execute(
                "INSERT INTO deliveries (channel, about, day, recipient, version, message_id,"
                " kind, state, facts, changed) VALUES (?, ?, ?, ?, ?, ?, ?, 'intent', ?, ?)"
                " ON CONFLICT (message_id) DO NOTHING",
                (*values, _as_text(facts or {}), _utc(as_of)),
            )
        (delivery,) = self._deliveries("WHERE message_id = ?", (message_id,))
        return delivery

    def withdraw(self, delivery: Delivery) -> None:
        """Strike an entry of which nothing can have gone out: a newer version takes its place."""
        with self._writing():
            self._connection.execute(
                "DELETE FROM deliveries WHERE number = ? AND resent = 0"
                " AND state IN ('intent', 'failed')",
                (delivery.number,),
            )

    def sending(self, delivery: Delivery, as_of: datetime) -> Delivery:
        """Write down, just before, that the other side may have it from now on."""
        return self._turn(
            delivery,
            "state = 'sending', attempts = attempts + 1, retry_at = NULL,"
            " resent = resent OR state = 'unsure'",
            (),
            ("intent", "failed", "unsure"),
            as_of,
        )

    def sent(self, delivery: Delivery, as_of: datetime, *, job: str | None = None) -> Delivery:
        """Write down that the other side has it."""
        return self._turn(
            delivery,
            "state = 'sent', reason = '', retry_at = NULL, job = ?",
            (job,),
            ("sending", "unsure"),
            as_of,
        )

    def failed(self, delivery: Delivery, reason: str, as_of: datetime, *, again: bool) -> Delivery:
        """Write down that it has not gone, and whether a later run may try again.

        One that was unsure before stays unsure: the earlier try may have come through.
        """
        tried = delivery.attempts + (0 if delivery.state == "sending" else 1)
        return self._turn(
            delivery,
            "reason = ?, retry_at = ?, attempts = ?,"
            " state = CASE WHEN resent OR state = 'unsure' THEN 'unsure' ELSE 'failed' END,"
            " resent = resent OR (state = 'unsure' AND ?)",
            (reason, _utc(as_of + wait_after(tried)) if again else None, tried, not again),
            ("intent", "sending", "failed", "unsure"),
            as_of,
        )

    def unsure(self, delivery: Delivery, reason: str, as_of: datetime) -> Delivery:
        """Write down that nobody can know whether it has gone."""
        return self._turn(
            delivery,
            "state = 'unsure', reason = ?, retry_at = NULL",
            (reason,),
            ("sending", "unsure"),
            as_of,
        )

    def recover(self, channel: Channel, as_of: datetime) -> tuple[Delivery, ...]:
        """What a run that died left in `sending` becomes `unsure`. The caller holds the lock."""
        reason = "a run ended in the middle of it"
        return tuple(
            self.unsure(delivery, reason, as_of) for delivery in self.in_state("sending", channel)
        )

    def forget(self, words: Iterable[str]) -> int:
        """Strike from every entry what it told about the people these words name.

        Entries stay, so that nothing is sent twice; what they said goes. Gives how many changed.
        """
        wanted = [word.casefold() for word in words if word.strip()]
        with self._writing():
            changed = self._strike("deliveries", "facts", wanted)
            changed += self._strike("nights", "summary", wanted)
        if changed:
            self._run("VACUUM")
        return changed

    def _strike(self, table: str, column: str, words: list[str]) -> int:
        changed = 0
        rows = self._connection.execute(f"SELECT number, {column} FROM {table}").fetchall()  # noqa: S608  # our own words
        for number, told in rows:
            if any(word in told.casefold() for word in words):
                struck = _as_text(_without_words(json.loads(told), words))
                self._connection.execute(
                    f"UPDATE {table} SET {column} = ? WHERE number = ?",  # noqa: S608  # as above
                    (struck, number),
                )
                changed += 1
        return changed

    def begin_night(self, as_of: datetime) -> int:
        """Write down that a night has begun; gives its number."""
        with self._writing():
            cursor = self._connection.execute(
                "INSERT INTO nights (as_of) VALUES (?)", (_utc(as_of),)
            )
        return int(cursor.lastrowid or 0)

    def end_night(
        self, number: int, *, ended: datetime, status: int, summary: Mapping[str, Any]
    ) -> None:
        """Write down how a night ended."""
        with self._writing():
            self._connection.execute(
                "UPDATE nights SET ended = ?, status = ?, summary = ? WHERE number = ?",
                (_utc(ended), status, _as_text(summary), number),
            )

    def nights(self, count: int) -> tuple[Night, ...]:
        """The last nights, newest first."""
        rows = self._run(
            "SELECT number, as_of, ended, status, summary FROM nights ORDER BY number DESC LIMIT ?",
            (count,),
        )
        return tuple(
            Night(
                number=number,
                as_of=_moment(as_of),
                ended=_moment(ended) if ended else None,
                status=status,
                summary=json.loads(summary),
            )
            for number, as_of, ended, status, summary in rows
        )

    def clear_old(self, before: date) -> None:
        """Strike the deliveries and nights from before a day."""
        with self._writing():
            self._connection.execute("DELETE FROM deliveries WHERE day < ?", (before.isoformat(),))
            self._connection.execute("DELETE FROM nights WHERE as_of < ?", (before.isoformat(),))

    def _turn(
        self,
        delivery: Delivery,
        change: str,
        values: tuple[Any, ...],
        allowed: tuple[State, ...],
        as_of: datetime,
    ) -> Delivery:
        marks = ", ".join("?" * len(allowed))
        with self._writing():
            cursor = self._connection.execute(
                f"UPDATE deliveries SET {change}, changed = ?"  # noqa: S608  # our own words
                f" WHERE number = ? AND state IN ({marks})",
                (*values, _utc(as_of), delivery.number, *allowed),
            )
            if cursor.rowcount != 1:
                raise LedgerFault(f"{self._path}: {delivery.message_id} cannot change so")
        (turned,) = self._deliveries("WHERE number = ?", (delivery.number,))
        return turned

    def _deliveries(self, rest: str, values: tuple[Any, ...]) -> tuple[Delivery, ...]:
        rows = self._run(f"SELECT {_COLUMNS} FROM deliveries {rest}", values)  # noqa: S608  # our own words
        return tuple(_delivery(row) for row in rows)

    def _run(self, statement: str, values: tuple[Any, ...] = ()) -> list[Any]:
        with _as_faults(self._path):
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction: on the disk when the block ends, or not at all."""
        with _as_faults(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


@contextmanager
def open_ledger(folder: Path) -> Iterator[Ledger]:
    """The ledger in `.briefgen/`, made where there is none, for as long as the block runs.

    Raises:
        LedgerBroken: where the file is no ledger.
        LedgerFault: where it cannot be read or written.
    """
    path = folder / LEDGER_FILE
    try:
        make_folder(folder)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, FILE_MODE))
    except OSError as error:
        raise LedgerFault(f"{path}: {error.strerror}") from error
    with _as_faults(path):
        connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    try:
        with _as_faults(path):
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            _prepare(connection, path)
        yield Ledger(connection, path)
    finally:
        connection.close()


@contextmanager
def read_ledger(folder: Path) -> Iterator[Ledger]:
    """The ledger to look at only; an empty one where there is none. Nothing is written.

    Raises:
        LedgerFault: as `open_ledger`.
    """
    path = folder / LEDGER_FILE
    with _as_faults(path):
        if path.exists() and path.stat().st_size:
            address = f"{path.absolute().as_uri()}?mode=ro"
            connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=10)
        else:
            connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        with _as_faults(path):
            _prepare(connection, path)
        yield Ledger(connection, path)
    finally:
        connection.close()


def set_aside(folder: Path, as_of: datetime) -> Path:
    """Move a broken ledger out of the way, kept for whoever wants to look at it."""
    path = folder / LEDGER_FILE
    aside = path.with_name(f"state-broken-{as_of:%Y%m%dT%H%M%S}.sqlite")
    path.replace(aside)
    return aside


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > _VERSION:
        raise LedgerFault(f"{path}: written by a newer briefgen; use that one")
    if version == 0:
        script = f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;"
        connection.executescript(script)


@contextmanager
def _as_faults(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise LedgerFault(f"{path}: {error}") from error
    except sqlite3.DatabaseError as error:
        raise LedgerBroken(f"{path}: {error}") from error
    except OSError as error:
        raise LedgerFault(f"{path}: {error.strerror}") from error


def _delivery(row: tuple[Any, ...]) -> Delivery:
    return Delivery(
        number=row[0],
        channel=row[1],
        about=row[2],
        day=date.fromisoformat(row[3]),
        recipient=row[4],
        version=row[5],
        message_id=row[6],
        kind=row[7],
        state=row[8],
        attempts=row[9],
        resent=bool(row[10]),
        retry_at=_moment(row[11]) if row[11] else None,
        reason=row[12],
        job=row[13],
        facts=json.loads(row[14]),
        changed=_moment(row[15]),
    )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _as_text(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)


def _without_words(value: Any, words: list[str]) -> Any:  # noqa: ANN401  # whatever JSON can hold
    if isinstance(value, dict):
        return {key: _without_words(inner, words) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_words(inner, words) for inner in value]
    if isinstance(value, str) and any(word in value.casefold() for word in words):
        return ""
    return value
