"""The ledger: what was to go out, what went out, and what is unknown; it survives any crash.

A delivery is one message (a day's or a meeting's) to one recipient in one version of its content,
or one print job. What can happen to it is a table in `ledger_entry`.

SQLite with `synchronous=EXTRA`: what a method has written is on the disk when it returns.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from msgspec import ValidationError, convert

from briefgen.delivery.ledger_entry import (
    TURNS,
    Channel,
    Delivery,
    Event,
    Kind,
    Night,
    State,
    is_repeated,
    state_of,
    wait_after,
)
from briefgen.workspace.problems import Stop

COLUMNS: Final = (
    "number, channel, about, day, recipient, version, message_id, kind, state,"
    " attempts, resent, retry_at, reason, job, facts, changed"
)
NIGHT_COLUMNS: Final = "number, as_of, ended, status, summary"
BELIEVED_AFTER: Final = 3
"""On how many days nights must have run before anything is removed for its age."""

UNREADABLE: Final = (ValueError, TypeError, AttributeError, ValidationError)
"""The exceptions that reading a damaged row raises."""

_Read = TypeVar("_Read")
_CORRUPT: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class LedgerFault(Stop):
    """The ledger cannot be read or written; the message names the file and why."""


class LedgerBroken(LedgerFault):
    """The file is not a ledger, or is damaged."""


@contextmanager
def as_faults(path: Path) -> Iterator[None]:
    """Raise every failure with the file as a fault that names its path.

    Raises:
        LedgerBroken: if its content is not what was written.
        LedgerFault: if it cannot be read or written at the moment.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
        broken = code & 0xFF in _CORRUPT or str(error).startswith(("no such ", "Could not decode"))
        raise (LedgerBroken if broken else LedgerFault)(f"{path}: {error}") from error
    except UnicodeDecodeError as error:
        # SQLite quotes the damaged name of a table, and Python cannot decode the message.
        raise LedgerBroken(f"{path}: a name in it cannot be read") from error
    except OSError as error:
        raise LedgerFault(f"{path}: {error.strerror}") from error


class Ledger:
    """An open ledger. Make it with `open_ledger` or `read_ledger`.

    Attributes:
        owner: whose it is, since several people's mails may share a sender and a recipient.
    """

    owner = ""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def thread(self, channel: Channel, about: str, recipient: str) -> tuple[Delivery, ...]:
        """Every delivery to this recipient about this, sent or not, oldest first."""
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
        """Record that this is to go out. A message id has only ever one entry."""
        values = (channel, about, day.isoformat(), recipient, version, message_id, kind)
        with self._writing():
            self._connection.execute(
                "INSERT INTO deliveries (channel, about, day, recipient, version, message_id,"
                " kind, state, facts, changed) VALUES (?, ?, ?, ?, ?, ?, ?, 'intent', ?, ?)"
                " ON CONFLICT (message_id) DO NOTHING",
                (*values, as_text(facts or {}), utc_text(as_of)),
            )
        (delivery,) = self._deliveries("WHERE message_id = ?", (message_id,))
        return delivery

    def withdraw(self, delivery: Delivery) -> None:
        """Remove an entry that cannot have gone out: a newer version takes its place."""
        self._turn(delivery, "withdrawn")

    def sending(self, delivery: Delivery, as_of: datetime) -> Delivery:
        """Record, just before, that the other side may have it from now on."""
        tried = delivery.attempts + 1
        return self._turn(delivery, "begun", attempts=tried, reason=delivery.reason, as_of=as_of)

    def sent(self, delivery: Delivery, as_of: datetime, *, job: str | None = None) -> Delivery:
        """Record that the other side has it."""
        return self._turn(delivery, "taken", attempts=delivery.attempts, job=job, as_of=as_of)

    def failed(self, delivery: Delivery, reason: str, as_of: datetime, *, again: bool) -> Delivery:
        """Record that it has not gone, and whether a later run may try again.

        One that was unsure before stays unsure: the earlier try may have succeeded.
        """
        tried = delivery.attempts + (0 if delivery.state == "sending" else 1)
        return self._turn(
            delivery,
            "put off" if again else "refused",
            attempts=tried,
            reason=reason,
            retry_at=as_of + wait_after(tried) if again else None,
            as_of=as_of,
        )

    def unsure(self, delivery: Delivery, reason: str, as_of: datetime) -> Delivery:
        """Record that it is unknown whether it has gone."""
        return self._turn(delivery, "lost", attempts=delivery.attempts, reason=reason, as_of=as_of)

    def recover(self, channel: Channel, as_of: datetime) -> tuple[Delivery, ...]:
        """Change what a run that died left in `sending` to `unsure`. The caller holds the lock."""
        reason = "a run ended in the middle of it"
        return tuple(
            self.unsure(delivery, reason, as_of) for delivery in self.in_state("sending", channel)
        )

    def forget(self, named: re.Pattern[str]) -> int:
        """Remove what every entry says about a person, found by the pattern.

        Entries stay, so that nothing is sent twice; their texts are overwritten in the file too
        (`secure_delete`). Returns how many changed.
        """
        with self._writing():
            changed = self._strike("deliveries", "facts", named)
            changed += self._strike("nights", "summary", named)
        return changed

    def _strike(self, table: str, column: str, named: re.Pattern[str]) -> int:
        changed = 0
        rows = self._connection.execute(f"SELECT number, {column} FROM {table}").fetchall()  # noqa: S608  # our own words
        for number, told in rows:
            before = json.loads(told)
            struck = _without_names(before, named)
            if struck != before:
                self._connection.execute(
                    f"UPDATE {table} SET {column} = ? WHERE number = ?",  # noqa: S608  # as above
                    (as_text(struck), number),
                )
                changed += 1
        return changed

    def begin_night(self, as_of: datetime) -> int:
        """Record that a night has begun; returns its number."""
        with self._writing():
            cursor = self._connection.execute(
                "INSERT INTO nights (as_of) VALUES (?)", (utc_text(as_of),)
            )
        return int(cursor.lastrowid or 0)

    def end_night(
        self, number: int, *, ended: datetime, status: int, summary: Mapping[str, Any]
    ) -> None:
        """Record how a night ended."""
        with self._writing():
            self._connection.execute(
                "UPDATE nights SET ended = ?, status = ?, summary = ? WHERE number = ?",
                (utc_text(ended), status, as_text(summary), number),
            )

    def nights(self, count: int) -> tuple[Night, ...]:
        """The last nights, newest first."""
        rows = self._run(
            f"SELECT {NIGHT_COLUMNS} FROM nights ORDER BY number DESC LIMIT ?",  # noqa: S608  # our own words
            (count,),
        )
        return self._read(night_of, rows)

    def clear_old(self, before: date) -> None:
        """Remove the deliveries and nights before a day."""
        with self._writing():
            self._connection.execute("DELETE FROM deliveries WHERE day < ?", (before.isoformat(),))
            self._connection.execute("DELETE FROM nights WHERE as_of < ?", (before.isoformat(),))

    def believed_day(self, as_of: datetime) -> date:
        """The day before which entries may be removed, even if the clock was wrong for a night.

        That is the third last day with a night, or the first if there are fewer.
        """
        rows = self._run(
            "SELECT DISTINCT substr(as_of, 1, 10) FROM nights ORDER BY 1 DESC LIMIT ?",
            (BELIEVED_AFTER,),
        )
        return min([as_of.date(), *(date.fromisoformat(day) for (day,) in rows)])

    def _turn(
        self,
        delivery: Delivery,
        event: Event,
        *,
        attempts: int = 0,
        reason: str = "",
        retry_at: datetime | None = None,
        job: str | None = None,
        as_of: datetime | None = None,
    ) -> Delivery:
        """Apply an event to an entry, by the table of states.

        Raises:
            LedgerFault: if the table has no such event for the entry's stage.
        """
        with self._writing():
            (found,) = self._deliveries("WHERE number = ?", (delivery.number,)) or (None,)
            stage = TURNS.get((found.stage, event)) if found is not None else None
            if found is None or stage is None:
                raise LedgerFault(f"{self._path}: {delivery.message_id} cannot change so")
            if stage == "gone":
                self._connection.execute("DELETE FROM deliveries WHERE number = ?", (found.number,))
                return found
            turned = found.replace(
                state=state_of(stage),
                resent=is_repeated(stage, before=found.resent),
                attempts=attempts,
                retry_at=retry_at,
                reason=reason,
                job=job,
                changed=(as_of or found.changed).astimezone(UTC).replace(microsecond=0),
            )
            self._connection.execute(
                "UPDATE deliveries SET state = ?, resent = ?, attempts = ?, retry_at = ?,"
                " reason = ?, job = ?, changed = ? WHERE number = ?",
                (*_columns(turned), turned.number),
            )
        return turned

    def _deliveries(self, rest: str, values: tuple[Any, ...]) -> tuple[Delivery, ...]:
        rows = self._run(f"SELECT {COLUMNS} FROM deliveries {rest}", values)  # noqa: S608  # our own words
        return self._read(delivery_of, rows)

    def _read(self, read: Callable[[tuple[Any, ...]], _Read], rows: list[Any]) -> tuple[_Read, ...]:
        try:
            return tuple(read(row) for row in rows)
        except UNREADABLE as error:
            raise LedgerBroken(f"{self._path}: an entry cannot be read: {error}") from error

    def _run(self, statement: str, values: tuple[Any, ...] = ()) -> list[Any]:
        with as_faults(self._path):
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction: on the disk when the block ends, or not at all."""
        with as_faults(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def delivery_of(row: tuple[Any, ...]) -> Delivery:
    """A row of `COLUMNS` as an entry.

    Raises:
        UNREADABLE: if the row is not what was written.
    """
    return _of_row(row, COLUMNS, "facts", Delivery)


def night_of(row: tuple[Any, ...]) -> Night:
    """A row of `NIGHT_COLUMNS` as a night; raises as `delivery_of`."""
    return _of_row(row, NIGHT_COLUMNS, "summary", Night)


def _of_row(row: tuple[Any, ...], columns: str, told: str, kind: type[_Read]) -> _Read:
    given = dict(zip(columns.replace(",", "").split(), row, strict=True))
    given[told] = json.loads(given[told])
    return convert(given, kind, strict=False)


def _columns(delivery: Delivery) -> tuple[object, ...]:
    return (
        delivery.state,
        delivery.resent,
        delivery.attempts,
        utc_text(delivery.retry_at) if delivery.retry_at else None,
        delivery.reason,
        delivery.job,
        utc_text(delivery.changed),
    )


def utc_text(moment: datetime) -> str:
    """A time as the ledger keeps it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_text(facts: Mapping[str, Any]) -> str:
    """Facts as the ledger keeps them; half a surrogate pair, which is not text, becomes `?`."""
    told = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    return told.encode("utf-8", "replace").decode()


def _without_names(value: Any, named: re.Pattern[str]) -> Any:  # noqa: ANN401  # whatever JSON can hold
    if isinstance(value, dict):
        return {key: _without_names(inner, named) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_names(inner, named) for inner in value]
    return "" if isinstance(value, str) and named.search(value) else value
