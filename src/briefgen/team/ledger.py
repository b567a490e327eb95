"""A person's ledger in a team: every change is in the team's store before it is in their own file.

Reads come from the person's own ledger. Writes are collected by triggers and go to the store, under
the lease's fence, before the file's transaction ends. So the store is never behind, and the next
worker knows what a dead one began. The table of states is the same.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

from briefgen.delivery.ledger import COLUMNS, Ledger, as_faults
from briefgen.team.store import KEPT, Entry, Lease

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
