"""What a team shares: who works on whose night, what was mailed, and how fast.

All workers use one database: PostgreSQL, or an SQLite file if they are all on one machine.

A lease ends with the connection (PostgreSQL's advisory lock) or the process (flock) that holds it,
so no clock is involved: when a worker is killed, its lease is free at once. Each time it is taken
its fence grows by one, and the holder of an older fence cannot write. A machine that falls silent
loses it after two and a half minutes, when any message it was sending is settled.

Over 400 lines, because the store, its two databases and a person's ledger in it share their rows.
"""

import fcntl
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from briefgen.delivery.ledger import COLUMNS, Ledger, LedgerFault, as_faults
from briefgen.team.roster import is_server
from briefgen.workspace.atomic import FILE_MODE, make_folder
from briefgen.workspace.phrase import Phrase

if TYPE_CHECKING:
    import psycopg

_TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS team_nights (
        person TEXT NOT NULL, night TEXT NOT NULL, fence INTEGER NOT NULL, state TEXT NOT NULL,
        result TEXT NOT NULL DEFAULT '{}', PRIMARY KEY (night, person))""",
    """CREATE TABLE IF NOT EXISTS team_deliveries (
        number {serial}, person TEXT NOT NULL, message_id TEXT NOT NULL, day TEXT NOT NULL,
        state TEXT NOT NULL, changed TEXT NOT NULL, fence INTEGER NOT NULL, entry TEXT NOT NULL,
        UNIQUE (person, message_id))""",
    """CREATE TABLE IF NOT EXISTS team_rates (
        server TEXT NOT NULL, sender TEXT NOT NULL, free_at DOUBLE PRECISION NOT NULL,
        PRIMARY KEY (server, sender))""",
)
_KEEP_ALIVE: Final = (
    "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=20 -c tcp_keepalives_count=6"
)
"""After 150 seconds of silence the server drops a machine; a message is settled within 120."""
_CONNECT_SECONDS: Final = 10
KEPT: Final = timedelta(days=90)
"""How long a team's store holds what was mailed, and how a night went."""


class LeaseTaken(Exception):  # noqa: N818  # names the state
    """Another worker is busy with this person's night."""


class Entry(NamedTuple):
    """A delivery as the team keeps it: the columns that decide, and the whole row."""

    message_id: str
    day: str
    state: str
    changed: str
    row: str


class _Database(Protocol):
    """What differs between the two databases."""

    serial: str
    now: str
    alone: str

    def run(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement, with `?` for each value."""

    def transaction(self) -> Any:  # noqa: ANN401  # a context manager
        """All that is run in its block, or nothing."""

    def lock(self, person: str) -> Any: ...  # noqa: ANN401  # as above


class Store:
    """An open store. Make it with `open_store`."""

    def __init__(self, database: _Database) -> None:
        self._database = database
        self.run, self.transaction = database.run, database.transaction

    @contextmanager
    def lease(self, person: str, night: date) -> Iterator["Lease"]:
        """The right to work on a person's night, for as long as the block runs.

        Raises:
            LeaseTaken: if another worker has it.
            LedgerFault: if the store cannot be read or written.
        """
        with self._database.lock(person):
            ((fence,),) = self.run(
                "INSERT INTO team_nights (person, night, fence, state) VALUES (?, ?, 1, 'running')"
                " ON CONFLICT (night, person) DO UPDATE SET fence = team_nights.fence + 1,"
                " state = 'running' RETURNING fence",
                (person, night.isoformat()),
            )
            yield Lease(store=self, person=person, night=night, fence=int(fence))

    def results(self, night: date) -> Iterator[dict[str, Any]]:
        """The outcome of each person's night, by person; `running` if it has not ended."""
        last = ""
        while rows := self.run(
            "SELECT person, state, result FROM team_nights WHERE night = ? AND person > ?"
            " ORDER BY person LIMIT 500",
            (night.isoformat(), last),
        ):
            for person, state, result in rows:
                yield {"person": person, "state": state, **json.loads(result)}
            last = rows[-1][0]

    def nights(self) -> list[str]:
        """The nights that are known, the newest first."""
        rows = self.run("SELECT DISTINCT night FROM team_nights ORDER BY 1 DESC")
        return [night for (night,) in rows]

    def wait_for_turn(self, server: str, sender: str, count: int, *, per_minute: int) -> float:
        """Seconds until that many mails may go from a sender to a server; they are counted now."""
        cost, now = count * 60 / per_minute, self._database.now
        ((wait,),) = self.run(
            "INSERT INTO team_rates (server, sender, free_at)"  # noqa: S608  # our own words
            f" VALUES (?, ?, {now} + ?) ON CONFLICT (server, sender) DO UPDATE SET free_at ="
            f" CASE WHEN team_rates.free_at > {now} THEN team_rates.free_at ELSE {now} END + ?"
            f" RETURNING free_at - {now} - ?",
            (server, sender, cost, cost, cost),
        )
        return max(0.0, float(wait))

    def forget_before(self, day: date) -> None:
        """Remove everyone's deliveries for earlier days, and earlier nights."""
        with self.transaction():
            self.run("DELETE FROM team_deliveries WHERE day < ?", (day.isoformat(),))
            self.run("DELETE FROM team_nights WHERE night < ?", (day.isoformat(),))

    def clock(self) -> float:
        """The time by the database's clock, in seconds since 1970."""
        ((now,),) = self.run(f"SELECT {self._database.now}")  # our own words
        return float(now)


@dataclass(frozen=True, kw_only=True)
class Lease:
    """The right to work on one person's night."""

    store: Store
    person: str
    night: date
    fence: int

    def entries(self, since: date) -> list[Entry]:
        """The person's deliveries for a day and later ones, in the order they were decided."""
        rows = self.store.run(
            "SELECT message_id, day, state, changed, entry FROM team_deliveries"
            " WHERE person = ? AND day >= ? ORDER BY number",
            (self.person, since.isoformat()),
        )
        return [Entry(*row) for row in rows]

    def keep(self, entries: Sequence[Entry], gone: Sequence[str]) -> None:
        """Write deliveries and delete others; nothing if the lease was lost.

        Raises:
            LedgerFault: if it was lost, or nothing can be written.
        """
        with self.store.transaction():
            self._check()
            for one in entries:
                self.store.run(
                    "INSERT INTO team_deliveries"
                    " (person, fence, message_id, day, state, changed, entry)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (person, message_id) DO UPDATE SET"
                    " state = excluded.state, changed = excluded.changed,"
                    " fence = excluded.fence, entry = excluded.entry",
                    (self.person, self.fence, *one),
                )
            for message_id in gone:
                self.store.run(
                    "DELETE FROM team_deliveries WHERE person = ? AND message_id = ?",
                    (self.person, message_id),
                )

    def finish(self, state: str, result: Mapping[str, Any]) -> None:
        """Store the outcome of the night."""
        with self.store.transaction():
            self._check()
            self.store.run(
                "UPDATE team_nights SET state = ?, result = ? WHERE person = ? AND night = ?",
                (state, json.dumps(result), self.person, self.night.isoformat()),
            )

    def _check(self) -> None:
        held = self.store.run(
            "UPDATE team_nights SET fence = fence WHERE person = ? AND night = ? AND fence = ?"
            " RETURNING fence",
            (self.person, self.night.isoformat(), self.fence),
        )
        if not held:
            raise LedgerFault(Phrase("another worker has taken this night over"))


@contextmanager
def open_store(address: str) -> Iterator[Store]:
    """The store at a PostgreSQL address or in an SQLite file, created if it does not exist.

    Raises:
        LedgerFault: if it cannot be opened.
    """
    with _postgres(address) if is_server(address) else _sqlite(Path(address)) as database:
        store = Store(database)
        try:
            store.run("SELECT 1 FROM team_nights LIMIT 1")
        except LedgerFault:
            with store.transaction():
                store.run(database.alone)
                for table in _TABLES:
                    store.run(table.replace("{serial}", database.serial))
        yield store


class _Sqlite:
    serial = "INTEGER PRIMARY KEY"
    alone = "SELECT 1"  # a transaction that writes is alone
    now = "((julianday('now') - 2440587.5) * 86400.0)"

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection, self._path = connection, path

    def run(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise LedgerFault(f"{self._path}: {error}") from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    @contextmanager
    def lock(self, person: str) -> Iterator[None]:
        descriptor = _lock_file(self._path, hashlib.sha256(person.encode()).hexdigest()[:16])
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LeaseTaken from None
            yield
        finally:
            os.close(descriptor)


def _lock_file(path: Path, name: str) -> int:
    folder = path.with_name(f"{path.name}.locks")
    try:
        make_folder(folder)
        return os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    except OSError as error:
        raise LedgerFault(f"{folder}: {error.strerror}") from error


@contextmanager
def _sqlite(path: Path) -> Iterator[_Sqlite]:
    try:
        make_folder(path.parent)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, FILE_MODE))
        connection = sqlite3.connect(path, isolation_level=None, timeout=60)
    except (OSError, sqlite3.Error) as error:
        raise LedgerFault(f"{path}: {error}") from error
    try:
        database = _Sqlite(connection, path)
        descriptor = _lock_file(path, "opening")  # SQLite does not wait for it
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            database.run("PRAGMA journal_mode = WAL")
        finally:
            os.close(descriptor)
        database.run("PRAGMA synchronous = FULL")
        database.run("PRAGMA secure_delete = ON")
        yield database
    finally:
        connection.close()


class _Postgres:
    serial = "BIGSERIAL PRIMARY KEY"
    alone = "SELECT pg_advisory_xact_lock(20261130)"  # two at once would make the same table
    now = "extract(epoch FROM clock_timestamp())::float8"

    def __init__(self, connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
        self._connection = connection

    def run(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with _faults():
            done = self._connection.execute(statement.replace("?", "%s").encode(), values)
            return done.fetchall() if done.description else []

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with _faults(), self._connection.transaction():
            yield

    @contextmanager
    def lock(self, person: str) -> Iterator[None]:
        key = int.from_bytes(hashlib.sha256(person.encode()).digest()[:8], signed=True)
        ((got,),) = self.run("SELECT pg_try_advisory_lock(?)", (key,))
        if not got:
            raise LeaseTaken
        try:
            yield
        finally:
            with suppress(LedgerFault):  # where the connection is lost, so is the lock
                self.run("SELECT pg_advisory_unlock(?)", (key,))


@contextmanager
def _postgres(address: str) -> Iterator[_Postgres]:
    try:
        import psycopg  # noqa: PLC0415  # an extra
    except ImportError:
        raise LedgerFault(Phrase("the team's ledger needs: pip install 'briefgen[team]'")) from None
    with _faults():
        connection = psycopg.connect(
            address, autocommit=True, connect_timeout=_CONNECT_SECONDS, options=_KEEP_ALIVE
        )
    with closing(connection):
        yield _Postgres(connection)


@contextmanager
def _faults() -> Iterator[None]:
    """Faults of the server as those of a ledger, in their first line."""
    import psycopg  # noqa: PLC0415  # an extra

    try:
        yield
    except psycopg.Error as error:
        first_line = str(error).strip().split("\n", 1)[0]
        raise LedgerFault("the team's ledger: {error}", error=first_line) from None


_NAMES: Final = tuple(name.strip() for name in COLUMNS.split(","))[1:]
_KEPT: Final = ", ".join(_NAMES)
_AT: Final = {name: at for at, name in enumerate(_NAMES)}
_TRIGGERS: Final = "".join(
    f"CREATE TEMP TRIGGER touched_{event} AFTER {event} ON main.deliveries BEGIN"  # noqa: S608
    f" INSERT INTO touched VALUES ({row}.message_id); END;"  # our own words
    for event, row in (("INSERT", "new"), ("UPDATE", "new"), ("DELETE", "old"))
)


class TeamLedger(Ledger):
    """A person's own ledger whose changes go to the team's store first."""

    def __init__(
        self, connection: sqlite3.Connection, path: Path, *, lease: Lease, since: date
    ) -> None:
        super().__init__(connection, path)
        self._lease = lease
        self.owner = lease.person
        with as_faults(path):
            connection.executescript(
                f"CREATE TEMP TABLE touched (message_id TEXT NOT NULL); {_TRIGGERS}"
            )
        self._agree(since)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with super()._writing():
            yield
            self._share()

    def _share(self) -> None:
        touched = [row[0] for row in self._run("SELECT DISTINCT message_id FROM touched")]
        if not touched:
            return
        self._run("DELETE FROM touched")
        entries, gone = [], []
        for message_id in touched:
            rows = self._run(f"SELECT {_KEPT} FROM deliveries WHERE message_id = ?", (message_id,))  # noqa: S608  # our own words
            if rows:
                entries.append(_entry(rows[0]))
            else:
                gone.append(message_id)
        self._lease.keep(entries, gone)

    def _agree(self, since: date) -> None:
        """Take newer entries from the store, and send it those it does not have.

        If both changed at the same moment, the store counts as newer. The facts of an entry come
        from the person's own file, since a contact may have been forgotten there meanwhile; so all
        entries in the store are compared, however old.
        """
        recent, since = since.isoformat(), self._lease.night - KEPT
        shared = {one.message_id: one for one in self._lease.entries(since)}
        rows = self._run(f"SELECT {_KEPT} FROM deliveries WHERE day >= ?", (since.isoformat(),))  # noqa: S608  # our own words
        own = {row[_AT["message_id"]]: row for row in rows}
        better = [
            one
            for one in shared.values()
            if one.day >= recent and _is_ahead(one, own.get(one.message_id))
        ]
        unknown = [
            message_id
            for message_id, row in own.items()
            if (
                json.loads(shared[message_id].row) != list(row)
                if message_id in shared
                else str(row[_AT["day"]]) >= recent
            )
        ]
        if not better and not unknown:
            return
        with self._writing():
            for one in better:
                self._take(one, own.get(one.message_id))
            for message_id in unknown:
                self._run("INSERT INTO touched VALUES (?)", (message_id,))

    def _take(self, one: Entry, own: tuple[object, ...] | None) -> None:
        row = json.loads(one.row)
        if own is not None:
            row[_AT["facts"]] = own[_AT["facts"]]
        marks = ", ".join("?" * len(_NAMES))
        changed = ", ".join(f"{name} = excluded.{name}" for name in _NAMES)
        self._run(
            f"INSERT INTO deliveries ({_KEPT}) VALUES ({marks})"  # noqa: S608  # our own words
            f" ON CONFLICT (message_id) DO UPDATE SET {changed}",
            tuple(row),
        )


def _entry(row: tuple[object, ...]) -> Entry:
    decisive = (str(row[_AT[name]]) for name in Entry._fields[:-1])
    return Entry._make((*decisive, json.dumps(row)))


def _is_ahead(shared: Entry, own: tuple[object, ...] | None) -> bool:
    if own is None:
        return True
    if _without_facts(json.loads(shared.row)) == _without_facts(list(own)):
        return False
    return shared.changed >= str(own[_AT["changed"]])


def _without_facts(row: list[object]) -> list[object]:
    return [value for at, value in enumerate(row) if at != _AT["facts"]]
