"""A cache of what the contact files say, so that a run reads only the files it needs.

It is `.briefgen/index.json` and can always be deleted. Of 10,000 files, reading all takes 6 s and
reading the cache 0.1. A file counts as unchanged while its path, size, mtime and ctime are as they
were when it was read; if those were so recent that a later change could have the same ones, its
content's hash decides.

Over 400 lines, because reading files, keeping what they say and looking it up share one form of
row.
"""

import hashlib
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import chain, repeat
from pathlib import Path
from typing import Any, Final, NamedTuple

from msgspec import MsgspecError, field
from msgspec.json import Decoder, decode, encode

from briefgen import __version__
from briefgen.contacts.book import (
    AddressPlace,
    ContactBook,
    ContactFile,
    OrganizationFile,
    address_conflict,
    address_place,
    name_key,
    parse_contact,
    parse_organization,
    read_contact,
    read_organization,
    signs_in,
    signs_of,
    signs_of_ignored,
    yaml_files,
)
from briefgen.contacts.entry import Days, Entry, Figures, days_of
from briefgen.workspace.atomic import FILE_MODE, make_folder, write_whole
from briefgen.workspace.document import read_bytes
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, kept_problem
from briefgen.workspace.progress import waiting
from briefgen.workspace.value import Value

GRAIN_NS: Final = 2_000_000_000
"""The coarsest clock of a file system (FAT: 2 s), in nanoseconds."""
MANY: Final = 1500
"""The fewest files worth spreading over the cores; for fewer, starting a process costs more."""
_PART: Final = 250
_LOOK_UPS: Final = ("addresses", "names", "members", "organizations", "unread")
_LAYOUT: Final = f"{__version__} 6"
"""What a cache must be from: this briefgen and this format."""


def index_path(workspace: Workspace) -> Path:
    """The file of a workspace's cache."""
    return workspace.memory / "index.json"


def open_book(
    workspace: Workspace,
    *,
    seen: Callable[[ContactFile], ContactFile] = lambda file: file,
    is_mine: Callable[[str | None], bool] = lambda _: True,
) -> tuple[ContactBook, tuple[Problem, ...]]:
    """The contact book of a workspace, and everything wrong with its files.

    Only new or changed files are read now, and a contact's when it is asked for. If nothing can be
    written (a full or read-only disk), every file is read each time.

    Args:
        workspace: whose files they are.
        seen: turns each contact into what its reader may see.
        is_mine: whether a signature is the reader's.
    """
    listing: list[_Listed] = []
    warned: list[Problem] = []
    for folder in (workspace.contacts, workspace.organizations):
        files, warnings = yaml_files(folder, workspace)
        prefix = f"{workspace.relative(folder)}/"
        listing += [_Listed(entry.path, prefix + entry.name, _seen(entry)) for entry in files]
        warned += warnings
    cache = _up_to_date(workspace, listing)
    problems = tuple(map(kept_problem, cache.problems))
    book = IndexedBook(workspace, cache, seen, is_mine, is_some_ignored=bool(warned))
    return book, (*warned, *problems)


class _Seen(NamedTuple):
    """The data that show whether a file is still the one that was read."""

    size: int
    mtime: int
    ctime: int


class _Listed(NamedTuple):
    """A file, and how it looks now."""

    path: str
    file: str
    seen: _Seen


class _Row(NamedTuple):
    """What is kept about one file.

    Attributes:
        seen: how it looked when it was read.
        is_young: whether a change after it was read could have left its times the same.
        mark: the hash of its content; empty if it could not be read.
        facts: `_Facts` as JSON, since a run needs those of few files.
        figures: a contact's `Figures` as JSON, since few commands need them.
    """

    seen: _Seen
    is_young: bool
    mark: str
    facts: str
    figures: str = ""


class _Facts(Value, frozen=True, kw_only=True, omit_defaults=True):
    """What lists and look-ups need from a file.

    Attributes:
        signed: the entry's days as each author who signed something in the file sees them.
        addresses: each with its line and its place among the contact's addresses.
        keys: what the file is found by, for each of the other look-ups.
    """

    entry: Entry | None = None
    signed: dict[str, Days] = field(default_factory=dict)
    addresses: tuple[tuple[str, int | None, int], ...] = ()
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: tuple[dict[str, Any], ...] = ()


class _Cache(Value, frozen=True, kw_only=True):
    """What `index.json` holds.

    Attributes:
        look_ups: the files that contain each address, name or organization.
    """

    layout: str = _LAYOUT
    files: dict[str, _Row] = field(default_factory=dict)
    problems: tuple[dict[str, Any], ...] = ()
    look_ups: dict[str, dict[str, list[str]]] = field(default_factory=dict)


_FACTS: Final = Decoder(_Facts)
_FIGURES: Final = Decoder(Figures)


def _seen(entry: "os.DirEntry[str]") -> _Seen:
    try:
        stat = entry.stat()
    except OSError:  # a link to nowhere, or gone meanwhile
        return _Seen(-1, -1, -1)
    return _Seen(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def _up_to_date(workspace: Workspace, listing: Sequence[_Listed]) -> _Cache:
    """The cache, after reading the files that are new or changed."""
    path = index_path(workspace)
    cache = _stored(path)
    known = cache.files
    now = _time_there(path)
    for old in ("index.sqlite", "figures.json"):  # of earlier versions
        with suppress(OSError):
            (workspace.memory / old).unlink(missing_ok=True)
    rows: dict[str, _Row] = {}
    stale: list[_Listed] = []
    for one in listing:
        row = known.get(one.file)
        if row is None or not _is_same(one, row):
            stale.append(one)
            row = _Row(one.seen, is_young=True, mark="", facts="{}")  # keeps its place
        elif row.is_young and not _is_young(one.seen, now):
            row = row._replace(is_young=False)
        rows[one.file] = row
    found = _read_all(stale, str(workspace.contacts))
    for one, read in zip(stale, found, strict=True):
        rows[one.file] = _Row(one.seen, _is_young(one.seen, now), *read)
    if rows != known or not known:
        cache = _with_look_ups(rows)
        with suppress(OSError):  # a full or read-only disk: the files are read again next time
            write_whole(path, encode(cache))
    return cache


def _with_look_ups(rows: dict[str, _Row]) -> _Cache:
    """The cache of these files, with the look-ups by address, name and organization."""
    look_ups: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    problems: list[dict[str, Any]] = []
    places: dict[str, list[AddressPlace]] = defaultdict(list)
    for file, row in rows.items():
        facts = _FACTS.decode(row.facts)
        problems += facts.problems
        for address, line, at in facts.addresses:
            look_ups["addresses"][address].append(file)
            places[address].append(AddressPlace(file=file, line=line, at=at))
        for name, keys in facts.keys.items():
            for key in keys:
                look_ups[name][key].append(file)
    shared = (address_conflict(a, found) for a, found in places.items() if len(found) > 1)
    problems += [problem.as_kept() for found in shared for problem in found]
    return _Cache(files=rows, problems=tuple(problems), look_ups=look_ups)


def _stored(path: Path) -> _Cache:
    """The cache as it was written; an empty one if unreadable, or from another version."""
    with suppress(OSError, MsgspecError, UnicodeDecodeError):
        stored = decode(path.read_bytes(), type=_Cache)
        if stored.layout == _LAYOUT:
            return stored
    return _Cache()


def _time_there(path: Path) -> int:
    """The time by the clock of the cache's file system, in nanoseconds.

    If nothing can be written there, a time long ago, so that every file counts as young.
    """
    try:
        if not path.exists():
            make_folder(path.parent)
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, FILE_MODE))
        os.utime(path)
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _is_young(seen: _Seen, now: int) -> bool:
    return max(seen.mtime, seen.ctime) >= now - GRAIN_NS


def _is_same(listed: _Listed, row: _Row) -> bool:
    """Whether a file is still the one that was read."""
    if row.seen != listed.seen or not row.is_young:
        return row.seen == listed.seen
    try:
        return _hash(read_bytes(Path(listed.path))) == row.mark
    except OSError:
        return False


def _hash(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


class _Read(NamedTuple):
    """What is kept about a file, as in `_Row`."""

    mark: str
    facts: str
    figures: str = ""


def _read_all(stale: Sequence[_Listed], contacts: str) -> Sequence[_Read]:
    """Read files, reporting progress."""
    parts = [stale[at : at + _PART] for at in range(0, len(stale), _PART)]
    found: list[_Read] = []
    with waiting(len(stale), Phrase("Reading contacts")) as step:
        for read in _read_parts(parts, contacts):
            found += read
            step(len(read))
    return found


def _read_parts(parts: Sequence[Sequence[_Listed]], contacts: str) -> Iterator[Sequence[_Read]]:
    """Read files part by part, over all cores if there are many."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    done = 0
    if len(parts) * _PART >= MANY and (cores or 1) > 1:
        import multiprocessing  # noqa: PLC0415  # rarely needed
        from concurrent.futures import BrokenExecutor, ProcessPoolExecutor  # noqa: PLC0415

        context = multiprocessing.get_context("spawn")
        try:
            with ProcessPoolExecutor(max_workers=cores, mp_context=context) as pool:
                for read in pool.map(_read_some, parts, repeat(contacts)):
                    done += 1
                    yield read
        except (BrokenExecutor, OSError):  # a child was killed, or none can be started
            pass
    for part in parts[done:]:
        yield _read_some(part, contacts)


def _read_some(stale: Sequence[_Listed], contacts: str) -> list[_Read]:
    return [
        _of_contact(one) if one.path.startswith(contacts + os.sep) else _of_organization(one)
        for one in stale
    ]


def _of_contact(listed: _Listed) -> _Read:
    path = Path(listed.path)
    try:
        content = read_bytes(path)
    except OSError:
        told = read_contact(path, listed.file)[1]  # says why
        return _Read("", _facts(told, keys={"unread": signs_in(b"", path.stem)}))
    contact, problems = parse_contact(content, listed.file)
    if contact is None:
        facts = _facts(problems, keys={"unread": signs_in(content, path.stem)})
        return _Read(_hash(content), facts)
    made = contact.contact
    authors = {i.author for i in made.interactions} | {p.author for p in made.promises}
    places = ((a, address_place(contact, a)) for a in dict.fromkeys(made.emails))
    facts = _facts(
        problems,
        entry=Entry.of(made, stem=contact.stem, file=contact.file),
        signed={author: days_of(made, author) for author in sorted(filter(None, authors))},
        addresses=tuple((address, place.line, place.at) for address, place in places),
        keys={
            "names": tuple(sorted({name_key(name) for name in (made.name, *made.aliases)})),
            "members": (made.organization.casefold(),) if made.organization else (),
        },
    )
    return _Read(_hash(content), facts, encode(contact.figures()).decode())


def _of_organization(listed: _Listed) -> _Read:
    path = Path(listed.path)
    try:
        content = read_bytes(path)
    except OSError:
        return _Read("", _facts(read_organization(path, listed.file)[1]))  # says why
    made, problems = parse_organization(content, listed.file)
    keys = {"organizations": (made.organization.name.casefold(),)} if made else {}
    return _Read(_hash(content), _facts(problems, keys=keys))


def _facts(problems: Iterable[Problem], **facts: Any) -> str:  # noqa: ANN401  # of `_Facts`
    listed = tuple(problem.as_kept() for problem in problems)
    return encode(_Facts(problems=listed, **facts)).decode()


def _with_shared_names(look_up: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """A look-up whose files' names are held once, for programs that run long."""
    return {key: tuple(map(sys.intern, files)) for key, files in look_up.items()}


class IndexedBook:
    """The contact book by the cache: a file is read when its contact is asked for."""

    def __init__(
        self,
        workspace: Workspace,
        cache: _Cache,
        seen: Callable[[ContactFile], ContactFile],
        is_mine: Callable[[str | None], bool],
        *,
        is_some_ignored: bool,
    ) -> None:
        self._workspace, self._seen, self._is_mine = workspace, seen, is_mine
        self._is_some_ignored = is_some_ignored
        self._cache = {name: _with_shared_names(cache.look_ups.get(name, {})) for name in _LOOK_UPS}
        self._facts = {sys.intern(file): row.facts for file, row in cache.files.items()}
        self._marks = {sys.intern(file): row.mark for file, row in cache.files.items()}
        self._read: dict[str, ContactFile | None] = {}

    def __iter__(self) -> Iterator[ContactFile]:
        return iter(self.contacts)

    def by_address(self, address: str) -> tuple[ContactFile, ...]:
        """As `ContactBook.by_address`."""
        wanted = address.casefold()
        found = self._files(self._cache["addresses"].get(wanted, ()))
        return tuple(contact for contact in found if wanted in contact.contact.emails)

    def by_name(self, name: str) -> tuple[ContactFile, ...]:
        """As `ContactBook.by_name`."""
        return tuple(self._files(self._cache["names"].get(name_key(name), ())))

    def by_stem(self, stem: str) -> ContactFile | None:
        """As `ContactBook.by_stem`."""
        file = f"{self._workspace.relative(self._workspace.contacts)}/{stem}.yaml"
        return next(self._files([file] if file in self._facts else []), None)

    def of_organization(self, name: str) -> tuple[ContactFile, ...]:
        """As `ContactBook.of_organization`."""
        return tuple(self._files(self._cache["members"].get(name.casefold(), ())))

    def unread(self, address: str | None, name: str) -> tuple[str, ...]:
        """As `ContactBook.unread`."""
        sought = signs_of(address, name)
        found = (self._cache["unread"].get(sign, ()) for sign in sought)
        ignored = (file for file, signs in self._ignored if not set(sought).isdisjoint(signs))
        return tuple(dict.fromkeys((*chain.from_iterable(found), *ignored)))

    @cached_property
    def _ignored(self) -> Sequence[tuple[str, tuple[str, ...]]]:
        return signs_of_ignored(self._workspace) if self._is_some_ignored else ()

    def colleagues(self, name: str) -> tuple[Entry, ...]:
        """As `ContactBook.colleagues`, without reading a file."""
        files = self._cache["members"].get(name.casefold(), ())
        return tuple(entry for file in files if (entry := self._entry(file)))

    def entries(self) -> tuple[Entry, ...]:
        """As `ContactBook.entries`, without reading a file."""
        return self._entries

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        """Parsed once, since every brief asks for them: for 10,000 contacts it takes 46 ms."""
        return tuple(entry for file in self._facts if (entry := self._entry(file)))

    def figures(self) -> tuple[Figures, ...]:
        """As `ContactBook.figures`; a file is read only if the cache does not have its figures."""
        kept, found = _stored(index_path(self._workspace)).files, list[Figures]()
        for file, mark in self._marks.items():
            row = kept.get(file)
            if row is None or row.mark != mark:
                found += (one.figures() for one in self._files([file] if self._entry(file) else []))
            elif row.figures:
                found.append(_FIGURES.decode(row.figures).seen(self._is_mine))
        return tuple(found)

    def organization(self, name: str) -> OrganizationFile | None:
        """As `ContactBook.organization`."""
        named = self._cache["organizations"].get(name.casefold(), ())
        return next(self._organizations(named), None)

    @cached_property
    def contacts(self) -> tuple[ContactFile, ...]:
        """Every contact; reads every file."""
        return tuple(self._files(file for file in self._facts if self._entry(file)))

    @cached_property
    def organizations(self) -> tuple[OrganizationFile, ...]:
        """Every organization; reads every file of one."""
        files = (file for found in self._cache["organizations"].values() for file in found)
        return tuple(self._organizations(sorted(files)))

    def _entry(self, file: str) -> Entry | None:
        """What lists need of a contact; None for an organization or a file that cannot be read."""
        facts = _FACTS.decode(self._facts[file])
        entry = facts.entry
        if entry is None or not (facts.signed or not self._is_mine(None)):
            return entry
        by_author = [(None, (entry.last, entry.due)), *facts.signed.items()]
        mine = [days for author, days in by_author if self._is_mine(author)]
        last = max((last for last, _ in mine if last), default=None)
        return entry.replace(last=last, due=min((due for _, due in mine if due), default=None))

    def _files(self, files: Iterable[str]) -> Iterator[ContactFile]:
        """The contacts of these files, each read once."""
        for file in files:
            if file not in self._read:
                found, _ = read_contact(self._workspace.root / file, file)
                self._read[file] = found and self._seen(found)
            if (contact := self._read[file]) is not None:
                yield contact

    def _organizations(self, files: Iterable[str]) -> Iterator[OrganizationFile]:
        for file in files:
            found, _ = read_organization(self._workspace.root / file, file)
            if found is not None:
                yield found
