"""The ledger's file: how it is opened, and what is looked at."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefgen.delivery.ledger import Ledger, LedgerBroken, LedgerFault
from briefgen.delivery.ledger_file import ledgers_made_by, open_ledger, read_ledger

NOW = datetime(2026, 11, 22, 22, 10, tzinfo=UTC)


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[sqlite3.Connection]]:
    """The connections that were made."""
    made: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def keep(*given: object, **options: object) -> sqlite3.Connection:
        made.append(connect(*given, **options))  # type: ignore[call-overload]
        return made[-1]

    monkeypatch.setattr(sqlite3, "connect", keep)
    yield made
    for one in made:
        one.close()


def is_closed(connection: sqlite3.Connection) -> bool:
    """Whether it can no longer be used."""
    try:
        connection.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        return True
    return False


def test_how_it_is_opened(tmp_path: Path, connections: list[sqlite3.Connection]) -> None:
    """What is written is on the disk at once; what is removed is overwritten; it is closed."""
    with open_ledger(tmp_path / "new" / "folder"):
        (one,) = connections
        assert one.execute("PRAGMA synchronous").fetchone() == (3,)
        assert one.execute("PRAGMA secure_delete").fetchone() == (1,)
        assert one.execute("PRAGMA user_version").fetchone() == (1,)
    assert is_closed(one)
    assert (tmp_path / "new" / "folder").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "new" / "folder" / "state.sqlite").stat().st_mode & 0o777 == 0o600


def test_how_it_is_read(tmp_path: Path, connections: list[sqlite3.Connection]) -> None:
    """Nothing can be written, and at last it is closed."""
    with open_ledger(tmp_path) as ledger:
        ledger.begin_night(NOW)
    with read_ledger(tmp_path) as ledger:
        assert len(ledger.nights(9)) == 1
        with pytest.raises(LedgerFault, match="readonly"):
            ledger.begin_night(NOW)
    assert all(map(is_closed, connections))


@pytest.mark.parametrize("content", [None, b""])
def test_none_is_read_as_an_empty_one(tmp_path: Path, content: bytes | None) -> None:
    """If there is no file, or an empty one; it stays so."""
    path = tmp_path / "state.sqlite"
    if content is not None:
        path.write_bytes(content)
    with read_ledger(tmp_path) as ledger:
        assert ledger.latest(9) == ()
        assert ledger.nights(9) == ()
    assert path.exists() == (content is not None)
    assert content is None or path.read_bytes() == b""


def test_opening_leaves_nothing_open(tmp_path: Path) -> None:
    """The look at what kind of file it is keeps no descriptor."""

    def number() -> int:
        return len(list(Path("/dev/fd").iterdir()))

    with open_ledger(tmp_path):
        pass
    before = number()
    with open_ledger(tmp_path):
        pass
    assert number() == before


@pytest.mark.parametrize(("table", "column"), [("deliveries", "changed"), ("nights", "as_of")])
def test_every_entry_is_looked_at(tmp_path: Path, table: str, column: str) -> None:
    """One that cannot be read is found when the ledger is opened, a night as well as a mail."""
    with open_ledger(tmp_path) as ledger:
        ledger.begin_night(NOW)
        ledger.intend(
            channel="mail", about="day 2026-11-23", day=NOW.date(), recipient="r", version="v",
            message_id="<a>", as_of=NOW,
        )  # fmt: skip
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection, connection:
        connection.execute(f"UPDATE {table} SET {column} = 'x'")
    with pytest.raises(LedgerBroken, match="an entry cannot be read"), open_ledger(tmp_path):
        pass


@pytest.mark.parametrize("version", [2, 99])
def test_a_newer_one_is_refused(tmp_path: Path, version: int) -> None:
    """A ledger of a later version is refused for writing and for reading."""
    with open_ledger(tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection, connection:
        connection.execute(f"PRAGMA user_version = {version}")
    for way in (open_ledger, read_ledger):
        with pytest.raises(LedgerFault, match="newer briefgen"), way(tmp_path):
            pass


def test_another_programs_database_is_no_ledger(tmp_path: Path) -> None:
    """Nothing is added to it."""
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection, connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    before = (tmp_path / "state.sqlite").read_bytes()
    with pytest.raises(LedgerBroken, match="is not a ledger"), open_ledger(tmp_path):
        pass
    assert (tmp_path / "state.sqlite").read_bytes() == before


def test_a_damaged_index_is_found(tmp_path: Path) -> None:
    """An index that does not go with its table, which no entry shows."""
    with open_ledger(tmp_path) as ledger:
        for number in range(3):
            ledger.intend(
                channel="mail", about="day 2026-11-23", day=NOW.date(), recipient="r", version="v",
                message_id=f"<{number}>", as_of=NOW,
            )  # fmt: skip
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_master WHERE name = 'deliveries_day'")
        connection.execute("UPDATE deliveries SET day = '2026-11-25'")
    content = (tmp_path / "state.sqlite").read_bytes()
    assert content
    with pytest.raises(LedgerBroken), open_ledger(tmp_path):
        pass


def test_who_makes_ledgers(tmp_path: Path) -> None:
    """Within the block those of another kind are opened, and after it ours again."""

    class Shared(Ledger):
        pass

    with ledgers_made_by(Shared), open_ledger(tmp_path) as ledger:
        assert isinstance(ledger, Shared)
    with open_ledger(tmp_path) as ledger:
        assert not isinstance(ledger, Shared)
