"""The roster: whose nights are run; a few people are read at a time, to save memory."""

import codecs
import hashlib
import os
import re
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import Field

from briefgen.workspace.document import Document, Keys, Plain, parse_document
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, errors
from briefgen.workspace.settings import Layer, Settings
from briefgen.workspace.validation import field_schema, nearest_field, validate
from briefgen.workspace.values import Part, Text

MOST_BYTES: Final = 256 * 1024 * 1024
_AT_ONCE: Final = 50
"""How many people are parsed together."""
_OWN: Final = frozenset({"person", "workspace"})
_REMOTE: Final = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"(?i)\s*(https?|webcal)s?:")


class Person(Part):
    """One member of a team."""

    person: Text
    """Your name or number for them, used in reports and in the ledger."""
    workspace: Text
    """Their workspace: a path, or an fsspec address like s3://briefs/ann."""


class Head(Part):
    """What a roster says about everyone."""

    version: Literal["1"] = "1"
    """The version of this format."""
    common: dict[str, Any] = Field(default_factory=dict)
    """Settings that everyone's own are laid over."""
    contacts: Text | None = None
    """The firm's contacts: a folder under each person's own."""
    ledger: Text | None = None
    """postgresql://… for several machines; else an SQLite file beside the roster."""
    mails_per_minute: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """The most mails a minute that one mail server gets from one sender."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """One person of a roster, with their settings.

    Attributes:
        line: where they are in the roster.
        settings: what the roster says of their settings, laid over their workspace's own.
    """

    person: str
    workspace: str
    line: int
    settings: Mapping[str, Any] = field(repr=False)

    @property
    def remote(self) -> bool:
        """Whether the workspace is copied here first."""
        return bool(_REMOTE.match(self.workspace))


@dataclass(frozen=True, kw_only=True)
class Roster:
    """A readable roster; its people are read on demand.

    Attributes:
        starts: where in the content each person begins.
        end: where the last one ends.
    """

    file: str
    folder: Path
    head: Head
    head_line: int
    content: bytes = field(repr=False)
    starts: "array[int]" = field(repr=False)
    end: int

    def layers(self, member: Member) -> tuple[Layer, Layer]:
        """The settings laid over a person's own, and those laid under them."""
        over = Layer(data=member.settings, file=self.file, line=member.line)
        under = dict(self.head.common)
        me = under.get("me")
        under["me"] = (
            {"author": member.person, **me} if isinstance(me, dict) else {"author": member.person}
        )
        if self.head.contacts is not None:
            under["shared_contacts"] = str(self.folder / Path(self.head.contacts).expanduser())
        return over, Layer(data=under, file=self.file, line=self.head_line)

    @property
    def store(self) -> str:
        """Where leases and results are kept: a PostgreSQL address, or a file."""
        ledger = self.head.ledger
        if ledger is not None and is_server(ledger):
            return ledger
        path = Path(ledger).expanduser() if ledger else Path(".briefgen") / "team.sqlite"
        return str(self.folder / path)

    def people(self, *, shard: tuple[int, int] | None = None) -> Iterator[Member | Problem]:
        """Everyone in turn, each once, and the problems of unusable entries.

        `shard` is `(i, n)`: only the i-th of n parts, which depend on each person's name alone.
        """
        seen: set[int] = set()
        for document in self._documents():
            if isinstance(document, Problem):
                yield document
            else:
                yield from self._members(document, seen, shard)

    def place(self, workspace: str) -> str:
        """Where a workspace is: a path is relative to the roster."""
        if _REMOTE.match(workspace):
            return workspace.rstrip("/")
        return os.path.normpath(self.folder / Path(workspace).expanduser())

    def _repeated(self, member: Member, seen: set[int]) -> Phrase | None:
        """What a member has in common with an earlier one, who keeps it; `seen` holds hashes."""
        own = {"person": member.person, "workspace": self.place(member.workspace)}
        for what, value in own.items():
            mark = _hash(f"{what} {value}")
            if mark in seen:
                return Phrase(
                    "{what}: {told} is already on line {line}; delete one of them",
                    what=what,
                    told=getattr(member, what),
                    line=self._first_line(what, value),
                )
            seen.add(mark)
        return None

    def _first_line(self, what: str, value: str) -> int:
        """The first line of a person or workspace; `seen` holds no lines, to stay small."""
        given = re.compile(rf"\b{what}:\s*[\"']?([^,\"'}}#\r]+)")
        for number, text in enumerate(self.content.decode().split("\n"), start=1):
            if found := given.search(text):
                told = found[1].strip()
                if value == (self.place(told) if what == "workspace" else told):
                    return number
        return 0

    def _documents(self) -> Iterator[Document | Problem]:
        for at in range(0, len(self.starts), _AT_ONCE):
            yield from self._parsed(at, min(at + _AT_ONCE, len(self.starts)))

    def _parsed(self, at: int, after: int) -> Iterator[Document | Problem]:
        """The people from `at` to `after`; each alone where one of them cannot be read."""
        begin = self.starts[at]
        end = self.starts[after] if after < len(self.starts) else self.end
        # Blank lines in front keep the line numbers right.
        above = b"\n" * (self.content.count(b"\n", 0, begin) - 1) + b"people:\n"
        document, problems = parse_document(above + self.content[begin:end], self.file)
        if document is not None:
            yield from problems
            yield document
        elif after - at > 1:
            for one in range(at, after):
                yield from self._parsed(one, one + 1)
        else:
            yield from problems

    def _members(
        self, document: Document, seen: set[int], shard: tuple[int, int] | None
    ) -> Iterator[Member | Problem]:
        rows = document.data.get("people")
        for at, row in enumerate(rows if isinstance(rows, list) else []):
            line = document.line("people", at) or 1
            member, problems = _member(document, at, row, line)
            yield from problems
            if member is None:
                continue
            repeated = self._repeated(member, seen)
            if repeated is not None:
                yield document.problem(("people", at), repeated)
            elif shard is None or _hash(member.person) % shard[1] == shard[0]:
                yield member


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def _member(
    document: Document, at: int, row: Plain, line: int
) -> tuple[Member | None, tuple[Problem, ...]]:
    """One row as a person, or what is wrong with it."""
    keys = ("people", at)
    if not isinstance(row, dict):
        message = Phrase("must be `field: value` lines with a `person` and a `workspace`")
        return None, (document.problem(keys, message),)
    part = Document(
        file=document.file,
        text="",
        data={key: value for key, value in row.items() if key in _OWN},
        lines={(): line, **{(key,): document.line(*keys, key) or line for key in row}},
    )
    person, _, problems = validate(Person, part)
    found = (*problems, *_overlay_problems(document, keys, row))
    if person is None or found:
        return None, tuple(replace(one, line=one.line or line) for one in found)
    if _has_password(person.workspace):
        return None, (document.problem((*keys, "workspace"), _PASSWORD),)
    settings = {key: value for key, value in row.items() if key not in _OWN}
    return Member(
        person=person.person, workspace=person.workspace, line=line, settings=settings
    ), ()


_PASSWORD: Final = Phrase(
    "holds a password, and this file is sent to other machines; leave it out and let the"
    " machines know it (PGPASSFILE, or the variables of the object store)"
)
_SECRET: Final = Phrase(
    "an address of a calendar is a secret, and this file is sent to other machines; write"
    " `url_command`"
)


@cache
def _known(inside: Keys) -> frozenset[str]:
    """The names of the settings in a group; empty if any name is allowed."""
    nodes = field_schema(Settings, inside) or ()
    return frozenset(name for node in nodes for name in node.get("properties", ()))


def _unknown(
    document: Document, keys: Keys, layer: Mapping[str, Plain], inside: Keys = ()
) -> Iterator[Problem]:
    """Unknown settings, also a `password`, which would be sent to other machines."""
    known = _known(inside)
    for key, value in layer.items():
        here = (*inside, key)
        if known and key not in known:
            near = nearest_field(Settings, here)
            message = (
                Phrase("unknown field '{name}'; did you mean '{near}'?", name=key, near=near)
                if near
                else Phrase("unknown field '{name}'; delete it", name=key)
            )
            yield document.problem((*keys, *here), message)
        elif isinstance(value, dict):
            yield from _unknown(document, keys, value, here)


def _overlay_problems(
    document: Document, keys: Keys, layer: Mapping[str, Plain]
) -> Iterator[Problem]:
    """Unknown settings, and secrets where only a reference to one is allowed."""
    own = _OWN if keys[0] == "people" else ()
    yield from _unknown(document, keys, {k: v for k, v in layer.items() if k not in own})
    feeds = layer.get("feeds")
    for at, feed in enumerate(feeds if isinstance(feeds, list) else []):
        group = feed if isinstance(feed, dict) else {"path": feed}
        if group.get("url") or _ADDRESS.match(str(group.get("path"))):
            yield document.problem((*keys, "feeds", at), _SECRET)
        yield from _unknown(document, keys, group, ("feeds", at))


def _has_password(address: str) -> bool:
    """Whether an address contains a password or a key before its host."""
    if not _REMOTE.match(address):
        return False
    try:
        return urlsplit(address).password is not None or "password=" in address
    except ValueError:
        return False


def is_server(ledger: str) -> bool:
    """Whether a ledger's address is a PostgreSQL server's."""
    return ledger.startswith(("postgresql://", "postgres://"))


def parse_roster(
    content: bytes, *, file: str, folder: Path
) -> tuple[Roster | None, tuple[Problem, ...]]:
    """A roster without its people, who are read later; None if it cannot be used.

    People follow one another, each after a `- ` of the same indentation.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = Phrase("not UTF-8 text; save it as UTF-8")
        return None, (Problem(file=file, line=line, message=message),)
    head_of_list = _PEOPLE.search(content)
    begin = head_of_list.end() if head_of_list else len(content)
    after = _AFTER_LIST.search(content, begin)
    end = after.start() if after else len(content)
    blank = b"\n" * content.count(b"\n", begin, end)
    document, problems = parse_document(content[:begin] + blank + content[end:], file)
    if document is None:
        return None, problems
    rows = document.data.pop("people", None)
    if rows is not None:
        message = Phrase("write each person on a separate line, after `- `")
        return None, (*problems, document.problem(("people",), message))
    head, _, faults = validate(Head, document)
    problems += faults
    common = document.data.get("common")
    if isinstance(common, dict):
        problems += tuple(_overlay_problems(document, ("common",), common))
    ledger = document.data.get("ledger")
    if isinstance(ledger, str) and _has_password(ledger):
        problems += (document.problem(("ledger",), _PASSWORD),)
    starts = array("Q", _starts(content, begin, end))
    if not starts:
        message = Phrase("names nobody; list the team under `people:`")
        line = content.count(b"\n", 0, begin) or 1
        problems += (Problem(file=file, line=line, field="people", message=message),)
    if head is None or errors(problems):
        return None, problems
    roster = Roster(
        file=file,
        folder=folder,
        head=head,
        head_line=document.line("common") or 1,
        content=content,
        starts=starts,
        end=end,
    )
    return roster, problems


_PEOPLE: Final = re.compile(rb"^people:[ \t]*(?:#.*)?\r?(?:\n|\Z)", re.MULTILINE)
_AFTER_LIST: Final = re.compile(rb"^[^ #\-\r\n]", re.MULTILINE)
_ITEM: Final = re.compile(rb"^( *)-(?=\s|\Z)", re.MULTILINE)


def _starts(content: bytes, begin: int, end: int) -> Iterator[int]:
    """Where each person begins: at a `- ` of the first one's indentation."""
    indent = None
    for item in _ITEM.finditer(content, begin, end):
        if indent is None or item[1] == indent:
            indent = item[1]
            yield item.start()
