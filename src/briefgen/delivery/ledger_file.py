"""The ledger's file: opened, made where there is none, and looked at for damage."""

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Final

from briefgen.delivery.ledger import (
    COLUMNS,
    NIGHT_COLUMNS,
    UNREADABLE,
    Ledger,
    LedgerBroken,
    LedgerFault,
    as_faults,
    delivery_of,
    night_of,
)
from briefgen.workspace.atomic import FILE_MODE, make_folder

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
    """Within the block, every ledger that is opened to be written is one of these."""
    token = _MAKE.set(make)
    try:
        yield
    finally:
        _MAKE.reset(token)


@contextmanager
def open_ledger(folder: Path) -> Iterator[Ledger]:
    """The ledger in `.briefgen/`, made where there is none, for as long as the block runs.

    All of it is looked at once, so that damage is found before anything is decided by it.

    Raises:
        LedgerBroken: where the file is no ledger, or damaged.
        LedgerFault: where it cannot be read or written.
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
            # FULL does not sync the folder once the journal is removed: a loss of power could bring
            # it back, and undo the last transaction (https://sqlite.org/pragma.html).
            connection.execute("PRAGMA synchronous = EXTRA")
            connection.execute("PRAGMA secure_delete = ON")
            prepare(connection, path)
            _look_at_all(connection, path)
        yield _MAKE.get()(connection, path)
    finally:
        connection.close()


@contextmanager
def read_ledger(folder: Path) -> Iterator[Ledger]:
    """The ledger to look at only; an empty one where there is none. Nothing is written.

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
            prepare(connection, path)
        yield Ledger(connection, path)
    finally:
        connection.close()


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables where there are none.

    Raises:
        LedgerBroken: where the database holds something else.
        LedgerFault: where a newer briefgen wrote it.
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
    """Raise where a page, an index or an entry of the file is not what was written."""
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
