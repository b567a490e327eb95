"""The index of the contact files, so that a run reads only the files of the people it meets.

It lies in `.briefgen/index.sqlite` and can always be thrown away. A file counts as unchanged while
its path, size, mtime and ctime are those that were seen when it was read; where these were so
young that a later change could have left them as they are, its content's hash decides.
"""

import hashlib
import json
import os
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from pathlib import Path
from typing import Any, Final, NamedTuple

from briefgen import __version__
from briefgen.contacts.book import (
    AddressPlace,
    ContactBook,
    ContactFile,
    OrganizationFile,
    address_conflict,
    address_place,
    name_key,
)
from briefgen.contacts.dates import PartialDate, Span, whole_date
from briefgen.contacts.entry import Entry
from briefgen.contacts.reader import (
    parse_contact,
    parse_organization,
    read_book,
    read_contact,
    read_organization,
    yaml_files,
)
from briefgen.workspace.atomic import FILE_MODE, make_folder
from briefgen.workspace.document import read_bytes
from briefgen.workspace.folder import Workspace
from briefgen.workspace.problems import Problem
from briefgen.workspace.progress import waiting

GRAIN_NS: Final = 2_000_000_000
"""The coarsest clock of a file system (FAT: 2 s), in nanoseconds."""
MANY: Final = 1500
"""From so many files on, reading them is spread over the cores; below, starting costs more."""
_PART: Final = 250

_TABLES: Final = """
CREATE TABLE version (layout TEXT NOT NULL, listing BLOB);
CREATE TABLE files (
    file TEXT PRIMARY KEY, stem TEXT NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL,
    ctime INTEGER NOT NULL, unsure INTEGER NOT NULL, hash BLOB NOT NULL,
    organization TEXT, entry TEXT, problems TEXT
) WITHOUT ROWID;
CREATE TABLE addresses (
    address TEXT NOT NULL, file TEXT NOT NULL, line INTEGER, place INTEGER NOT NULL,
    PRIMARY KEY (address, file)
) WITHOUT ROWID;
CREATE INDEX addresses_by_file ON addresses (file);
CREATE TABLE names (key TEXT NOT NULL, file TEXT NOT NULL, PRIMARY KEY (key, file)) WITHOUT ROWID;
CREATE INDEX names_by_file ON names (file);
CREATE INDEX files_by_organization ON files (organization) WHERE organization IS NOT NULL;
CREATE INDEX files_by_stem ON files (stem);
CREATE INDEX faulty_files ON files (file) WHERE problems IS NOT NULL;
"""
_LAYOUT: Final = f"{__version__} {hashlib.sha256(_TABLES.encode()).hexdigest()[:16]}"
"""What an index must be of: this briefgen and these tables."""


def index_path(workspace: Workspace) -> Path:
    """Where the index of a workspace lies."""
    return workspace.memory / "index.sqlite"


def open_book(workspace: Workspace) -> tuple[ContactBook, tuple[Problem, ...]]:
    """The contact book of a workspace and everything wrong with its files, as `read_book` gives it.

    Only files that are new or changed are read now, and a contact's when it is asked for. Where
    there can be no index (a full or read-only disk), every file is read.
    """
    try:
        return _open_indexed(workspace)
    except sqlite3.OperationalError as error:
        if "no such" not in str(error):  # locked for long, read-only, full
            return read_book(workspace)
        index_path(workspace).unlink(missing_ok=True)  # tables of another make
    except sqlite3.DatabaseError:  # not a database, or a torn one
        index_path(workspace).unlink(missing_ok=True)
    except OSError:
        return read_book(workspace)
    try:
        return _open_indexed(workspace)
    except (sqlite3.DatabaseError, OSError):
        return read_book(workspace)


def _open_indexed(workspace: Workspace) -> tuple[ContactBook, tuple[Problem, ...]]:
    listing: list[_Stale] = []
    warned: list[Problem] = []
    for folder in (workspace.contacts, workspace.organizations):
        files, warnings = yaml_files(folder, workspace)
        prefix = f"{workspace.relative(folder)}/"
        listing += [_Stale(entry.path, prefix + entry.name, _seen(entry)) for entry in files]
        warned += warnings
    path = index_path(workspace)
    with _connected(path) as connection:
        os.utime(path)  # asks the file system itself for the time
        now = path.stat().st_mtime_ns
        _bring_up_to_date(connection, workspace, listing, now)
        problems = [*_problems(connection), *_conflicts(connection)]
    return IndexedBook(workspace), (*warned, *problems)


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    """The index to be written, made where there is none or one of another version."""
    if not path.exists():
        make_folder(path.parent)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, FILE_MODE))
    with closing(_opened(path, "rw")) as connection:
        connection.execute("PRAGMA secure_delete = ON")  # a person forgotten leaves no trace
        connection.execute("PRAGMA synchronous = NORMAL")
        if not _is_current(connection):
            _make_anew(connection)
        yield connection


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    place = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(
        place, uri=True, timeout=5, isolation_level=None, check_same_thread=False
    )


def _is_current(connection: sqlite3.Connection) -> bool:
    try:
        return bool(connection.execute("SELECT layout FROM version").fetchone() == (_LAYOUT,))
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return False
        raise


def _make_anew(connection: sqlite3.Connection) -> None:
    with _transaction(connection):
        if _is_current(connection):  # another run was quicker
            return
        for (table,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall():
            connection.execute(f'DROP TABLE "{table}"')
        for statement in _TABLES.split(";"):
            connection.execute(statement)
        connection.execute("INSERT INTO version VALUES (?, NULL)", (_LAYOUT,))


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


class _Seen(NamedTuple):
    """What tells whether a file is still the one that was read."""

    size: int
    mtime: int
    ctime: int


def _bring_up_to_date(
    connection: sqlite3.Connection, workspace: Workspace, listing: Sequence["_Stale"], now: int
) -> None:
    """Read what is new or changed, and take out what is gone."""
    mark = _hash(repr([(stale.file, *stale.seen) for stale in listing]).encode())
    (known_mark,) = connection.execute("SELECT listing FROM version").fetchone()
    if known_mark == mark:
        return
    known = {
        file: (_Seen(size, mtime, ctime), unsure)
        for file, size, mtime, ctime, unsure in connection.execute(
            "SELECT file, size, mtime, ctime, unsure FROM files"
        )
    }
    stale: list[_Stale] = []
    unsure: list[_Stale] = []
    for found in listing:
        was, doubtful = known.pop(found.file, (None, 0))
        if found.seen != was:
            stale.append(found)
        elif doubtful:
            unsure.append(found)
    stale += _changed_unseen(connection, unsure)
    settled = [u.file for u in unsure if u not in stale and not _is_young(u.seen, now)]
    rows = _read_all(stale, str(workspace.contacts))
    if not (stale or known or settled or known_mark) and unsure:
        return
    with _transaction(connection):
        connection.executemany("UPDATE files SET unsure = 0 WHERE file = ?", _singly(settled))
        _take_out(connection, [*known, *(s.file for s in stale)])
        _put_in(connection, stale, rows, now)
        connection.execute(
            "UPDATE version SET listing = iif((SELECT count(*) FROM files WHERE unsure), NULL, ?)",
            (mark,),
        )


def _singly(files: Iterable[str]) -> Iterator[tuple[str]]:
    return ((file,) for file in files)


def _seen(entry: "os.DirEntry[str]") -> _Seen:
    try:
        stat = entry.stat()
    except OSError:  # a link to nowhere, or gone meanwhile
        return _Seen(-1, -1, -1)
    return _Seen(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def _is_young(seen: _Seen, now: int) -> bool:
    """Whether a change after this reading could leave the file's times as they are."""
    return max(seen.mtime, seen.ctime) >= now - GRAIN_NS


class _Stale(NamedTuple):
    """A file to read, and how it looked just before."""

    path: str
    file: str
    seen: _Seen


def _changed_unseen(connection: sqlite3.Connection, files: Sequence[_Stale]) -> list[_Stale]:
    """Those of the young files whose content is another one than that which was read."""
    changed = []
    for stale in files:
        (known,) = connection.execute(
            "SELECT hash FROM files WHERE file = ?", (stale.file,)
        ).fetchone() or (b"",)
        try:
            same = _hash(read_bytes(Path(stale.path))) == known
        except OSError:
            same = False
        if not same:
            changed.append(stale)
    return changed


def _hash(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()


@dataclass(frozen=True, kw_only=True)
class _Row:
    """What the index keeps of one file."""

    stem: str
    hash: bytes = b""
    organization: str | None = None
    entry: str | None = None
    problems: str | None = None
    addresses: tuple[tuple[str, int | None, int], ...] = ()
    names: tuple[str, ...] = ()


def _read_all(stale: Sequence[_Stale], contacts: str) -> Sequence[_Row]:
    """Read files for the index, telling how far it is."""
    parts = [stale[at : at + _PART] for at in range(0, len(stale), _PART)]
    found: list[_Row] = []
    with waiting(len(stale), "Reading contacts") as step:
        for rows in _read_parts(parts, contacts):
            found += rows
            step(len(rows))
    return found


def _read_parts(parts: Sequence[Sequence[_Stale]], contacts: str) -> Iterator[Sequence[_Row]]:
    """Read files part by part, over all cores where there are many."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    done = 0
    if len(parts) * _PART >= MANY and (cores or 1) > 1:
        import multiprocessing  # noqa: PLC0415  # rarely needed
        from concurrent.futures import BrokenExecutor, ProcessPoolExecutor  # noqa: PLC0415

        context = multiprocessing.get_context("spawn")
        try:
            with ProcessPoolExecutor(max_workers=cores, mp_context=context) as pool:
                for rows in pool.map(_read_some, parts, repeat(contacts)):
                    done += 1
                    yield rows
        except (BrokenExecutor, OSError):  # a child was killed, or none may be started
            pass
    for part in parts[done:]:
        yield _read_some(part, contacts)


def _read_some(stale: Sequence[_Stale], contacts: str) -> list[_Row]:
    return [
        _contact_row(s) if s.path.startswith(contacts + os.sep) else _organization_row(s)
        for s in stale
    ]


def _contact_row(stale: _Stale) -> _Row:
    try:
        content = read_bytes(Path(stale.path))
    except OSError:
        _, problems = read_contact(Path(stale.path), stale.file)  # tells why
        return _Row(stem=Path(stale.file).stem, problems=_as_text(problems))
    contact, problems = parse_contact(content, stale.file)
    if contact is None:
        return _Row(stem=Path(stale.file).stem, hash=_hash(content), problems=_as_text(problems))
    places = ((a, address_place(contact, a)) for a in dict.fromkeys(contact.contact.emails))
    made = contact.contact
    return _Row(
        stem=contact.stem,
        hash=_hash(content),
        organization=made.organization.casefold() if made.organization else None,
        entry=_entry_text(Entry.of(made, stem=contact.stem, file=contact.file)),
        problems=_as_text(problems),
        addresses=tuple((address, place.line, place.at) for address, place in places),
        names=tuple({name_key(name) for name in (made.name, *made.aliases)}),
    )


def _organization_row(stale: _Stale) -> _Row:
    """An organization's file is found by its name, and in no list of contacts."""
    path = Path(stale.path)
    try:
        content = read_bytes(path)
    except OSError:
        _, problems = read_organization(path, stale.file)  # tells why
        return _Row(stem="", problems=_as_text(problems))
    made, problems = parse_organization(content, stale.file)
    names = (_organization_key(made.organization.name),) if made else ()
    return _Row(stem="", hash=_hash(content), problems=_as_text(problems), names=names)


def _organization_key(name: str) -> str:
    """An organization's name among the contacts' names, in whose keys there is no comma."""
    return f",{name.casefold()}"


def _as_text(problems: Iterable[Problem]) -> str | None:
    listed = [problem.as_json() for problem in problems]
    return json.dumps(listed) if listed else None


def _entry_text(entry: Entry) -> str:
    shown = {key: value for key, value in vars(entry).items() if value not in (None, (), False)}
    return json.dumps(shown, default=str, ensure_ascii=False)


def _entry(text: str) -> Entry:
    data: dict[str, Any] = json.loads(text)
    for key in ("aliases", "emails"):
        data[key] = tuple(data.get(key, ()))
    if "birthday" in data:
        data["birthday"] = PartialDate.parse(data["birthday"])
    if "stay_in_touch" in data:
        data["stay_in_touch"] = Span.parse(data["stay_in_touch"])
    for key in ("last", "due"):
        if key in data:
            data[key] = whole_date(data[key])
    return Entry(**data)


def _take_out(connection: sqlite3.Connection, files: Sequence[str]) -> None:
    for table in ("files", "addresses", "names"):
        connection.executemany(f"DELETE FROM {table} WHERE file = ?", _singly(files))  # noqa: S608  # named just above


def _put_in(
    connection: sqlite3.Connection, stale: Sequence[_Stale], rows: Sequence[_Row], now: int
) -> None:
    read = list(zip(stale, rows, strict=True))
    connection.executemany(
        "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((s.file, r.stem, *s.seen, _is_young(s.seen, now), r.hash, *_kept(r)) for s, r in read),
    )
    connection.executemany(
        "INSERT INTO addresses VALUES (?, ?, ?, ?)",
        ((address, s.file, line, at) for s, r in read for address, line, at in r.addresses),
    )
    connection.executemany(
        "INSERT INTO names VALUES (?, ?)", ((key, s.file) for s, r in read for key in r.names)
    )


def _kept(row: _Row) -> tuple[str | None, str | None, str | None]:
    return (row.organization, row.entry, row.problems)


def _problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    for (text,) in connection.execute(
        "SELECT problems FROM files WHERE problems IS NOT NULL ORDER BY file"
    ):
        for data in json.loads(text):
            yield Problem(**data)


def _conflicts(connection: sqlite3.Connection) -> Iterator[Problem]:
    """The addresses that stand in several files, as `book.conflicts` tells them."""
    places: dict[str, list[AddressPlace]] = {}
    for address, file, line, at in connection.execute(
        "SELECT address, file, line, place FROM addresses WHERE address IN"
        " (SELECT address FROM addresses GROUP BY address HAVING count(*) > 1) ORDER BY file"
    ):
        places.setdefault(address, []).append(AddressPlace(file=file, line=line, at=at))
    for address, found in places.items():
        yield from address_conflict(address, found)


class IndexedBook(ContactBook):
    """The contact book, looked up in the index: a file is read when its contact is asked for."""

    _workspace: Workspace
    _read: dict[str, ContactFile | None]
    _connection: sqlite3.Connection | None

    def __init__(self, workspace: Workspace) -> None:
        object.__setattr__(self, "_workspace", workspace)
        object.__setattr__(self, "_read", {})
        object.__setattr__(self, "_connection", None)

    def by_address(self, address: str) -> tuple[ContactFile, ...]:
        """The contacts that have exactly this address; more than one is a conflict."""
        wanted = address.casefold()
        found = self._files("SELECT file FROM addresses WHERE address = ? ORDER BY file", wanted)
        return tuple(contact for contact in found if wanted in contact.contact.emails)

    def by_name(self, name: str) -> tuple[ContactFile, ...]:
        """The contacts whose name or alias is this one, as `name_key` compares them."""
        return tuple(
            self._files("SELECT file FROM names WHERE key = ? ORDER BY file", name_key(name))
        )

    def by_stem(self, stem: str) -> ContactFile | None:
        """The contact in the file of this name."""
        return next(self._files("SELECT file FROM files WHERE stem = ?", stem), None)

    def of_organization(self, name: str) -> tuple[ContactFile, ...]:
        """The contacts whose organization has this name."""
        query = "SELECT file FROM files WHERE organization = ? ORDER BY file"
        return tuple(self._files(query, name.casefold()))

    def organization(self, name: str) -> OrganizationFile | None:
        """What is on file for the organization of this name."""
        query = "SELECT file FROM names WHERE key = ? ORDER BY file"
        for (file,) in self._ask(query, _organization_key(name)):
            found, _ = read_organization(self._workspace.root / file, file)
            if found is not None:
                return found
        return None

    def colleagues(self, name: str) -> tuple[Entry, ...]:
        """As `of_organization`, but only what lists need of them, without reading a file."""
        query = "SELECT entry FROM files WHERE organization = ? AND entry NOTNULL ORDER BY file"
        return tuple(_entry(text) for (text,) in self._ask(query, name.casefold()))

    def entries(self) -> tuple[Entry, ...]:
        """Every contact as lists and searches need it, without reading a file."""
        rows = self._ask("SELECT entry FROM files WHERE entry IS NOT NULL ORDER BY stem")
        return tuple(_entry(text) for (text,) in rows)

    @cached_property
    def contacts(self) -> tuple[ContactFile, ...]:
        """Every contact; reads every file."""
        query = "SELECT file FROM files WHERE entry IS NOT NULL ORDER BY file"
        return tuple(self._files(query))

    @cached_property
    def organizations(self) -> tuple[OrganizationFile, ...]:
        """Every organization; reads every file of one."""
        rows = self._ask("SELECT file FROM names WHERE key >= ',' AND key < '-' ORDER BY file")
        read = (read_organization(self._workspace.root / file, file)[0] for (file,) in rows)
        return tuple(made for made in read if made is not None)

    def _files(self, query: str, *values: str) -> Iterator[ContactFile]:
        """The contacts of the files that a query gives, each read once."""
        for (file,) in self._ask(query, *values):
            if file not in self._read:
                self._read[file], _ = read_contact(self._workspace.root / file, file)
            if (contact := self._read[file]) is not None:
                yield contact

    def _ask(self, query: str, *values: str) -> list[tuple[str]]:
        """The rows of a query; where the index got lost since, it is made anew."""
        try:
            return self._open().execute(query, values).fetchall()
        except sqlite3.DatabaseError:
            open_book(self._workspace)
            object.__setattr__(self, "_connection", None)
            return self._open().execute(query, values).fetchall()

    def _open(self) -> sqlite3.Connection:
        """The index to be read; it is closed with the book."""
        if self._connection is None:
            connection = _opened(index_path(self._workspace), "ro")
            weakref.finalize(self, connection.close)
            object.__setattr__(self, "_connection", connection)
            return connection
        return self._connection

    def __reduce__(self) -> tuple[type["IndexedBook"], tuple[Workspace]]:
        return (IndexedBook, (self._workspace,))
