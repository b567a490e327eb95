"""The kinds of files that people come from, in the order in which a file is tried."""

import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from briefgen.contacts.book import name_key
from briefgen.contacts.exchange.markdown import read_note
from briefgen.contacts.exchange.monica import read_monica
from briefgen.contacts.exchange.person import (
    Incoming,
    Item,
    NotOfPeople,
    Options,
    Refused,
)
from briefgen.contacts.exchange.table_files import read_ldif, read_spreadsheet, read_table
from briefgen.contacts.exchange.vcard import read_vcards
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.progress import waiting

_MARKS: Final = b"\xef\xbb\xbf\xff\xfe\r\n\t "
_START: Final = 4096
_LARGE: Final = 256 * 1024
"""Reading a smaller file (in bytes) needs no progress bar."""


class Importer(NamedTuple):
    """A kind of file that people can be read from.

    Attributes:
        recognises: whether a file is of this kind, by its path and its first bytes.
        read: the people in it, where its columns or properties go, and remarks about it; raises an
            OSError or, if there are no people in it, a ValueError.
    """

    recognises: Callable[[Path, bytes], bool]
    read: Callable[[Path, Options], Iterator[Item]]


_LDIF: Final = re.compile(rb"(?:version:[^\n]*\n\s*)?(?:#[^\n]*\n)*dn::? ?\S")
"""The line that every entry begins with."""
_VCARD_NAMES: Final = {".vcf", ".vcard"}
_NOTE_NAMES: Final = {".md", ".markdown"}
_SPREADSHEET_NAMES: Final = {".xlsx", ".xlsm", ".xlsb", ".ods", ".xls"}


def _read_cards(path: Path, options: Options) -> Iterator[Item]:
    with _opened(path) as stream:
        yield from read_vcards(stream, options.charset)


def _read_text_table(path: Path, options: Options) -> Iterator[Item]:
    with _opened(path) as stream:
        yield from read_table(stream, options)


_TABLES: Final = Importer(lambda path, start: True, _read_text_table)  # noqa: ARG005  # the rest
IMPORTERS: Final = (
    Importer(
        lambda path, start: start[:11].upper() == b"BEGIN:VCARD" or _is_named(path, _VCARD_NAMES),
        _read_cards,
    ),
    Importer(
        lambda _, start: start[:1] == b"{" and b'"account"' in start and b'"version"' in start,
        read_monica,
    ),
    Importer(lambda path, _: _is_named(path, _NOTE_NAMES), read_note),  # may begin with anything
    Importer(lambda _, start: _LDIF.match(start) is not None, read_ldif),
    Importer(
        lambda path, start: (
            start.startswith((b"PK", b"\xd0\xcf\x11\xe0")) and _is_named(path, _SPREADSHEET_NAMES)
        ),
        read_spreadsheet,
    ),
    _TABLES,
)


def _is_named(path: Path, endings: AbstractSet[str]) -> bool:
    return path.suffix.casefold() in endings


def read_people(files: Iterable[Path], options: Options) -> Iterator[Item]:
    """Everything in the files, each item with the name of its file.

    Raises:
        OSError: if a file cannot be read.
        ValueError: naming the file that has no people in it.
    """
    for file in files:
        try:
            for item in importer_of(file).read(file, options):
                yield _named(item, file.name)
        except ValueError as error:
            raise NotOfPeople(str(error), file=str(file)) from error


def _named(item: Item, name: str) -> Item:
    """The item with its file's name; a person gets a key that later imports recognise."""
    if isinstance(item, Incoming):
        uid = item.uid or f"{name}:{name_key(item.name)}"
        return replace(item, source=name, uid=uid).without_doubles()
    if isinstance(item, Refused):
        return item.replace(source=name)
    return item.replace(file=name)


def importer_of(path: Path) -> Importer:
    """The importer for a file, recognised by its content.

    Raises:
        NotOfPeople: if it is of a kind that holds no people, or cannot be read.
    """
    with path.open("rb") as stream:
        raw = stream.read(_START)
    start = raw.replace(b"\x00", b"").lstrip(_MARKS)
    if start[:15].upper() == b"BEGIN:VCALENDAR":
        raise NotOfPeople(
            Phrase("a calendar, not contacts; name it under `feeds` in briefgen.yaml")
        )
    if start.startswith((b'["vcard"', b'[["vcard"')):
        raise NotOfPeople(Phrase("a jCard (JSON); export it as vCard (.vcf) instead"))
    found = next(one for one in IMPORTERS if one.recognises(path, start))
    if found is _TABLES:
        _refuse_others(start)
    return found


def _refuse_others(start: bytes) -> None:
    """What to say about a file that is not a table and has no importer."""
    if start.startswith(b"PK"):
        raise NotOfPeople(Phrase("a zipped file; unpack it first, or save it as CSV or vCard"))
    if start[:1] in {b"{", b"["}:
        raise NotOfPeople(
            Phrase("JSON, but not an export from Monica; export it as CSV or vCard instead")
        )
    if start[:5].lower() in {b"<?xml", b"<html", b"<!doc"}:
        raise NotOfPeople(Phrase("a web page or XML; export it as CSV or vCard instead"))
    if re.match(rb"From [^\n]*\d{4}\s*\n|(?i:from|received|return-path|date|subject):", start):
        raise NotOfPeople(Phrase("mail; say --history to take it as past interactions"))
    if start.startswith(b"%PDF"):
        raise NotOfPeople(Phrase("a PDF; export CSV or vCard instead"))


def files_in(path: Path) -> tuple[Path, ...]:
    """The files that a path names: itself, or those of a folder that an importer takes.

    Raises:
        NotOfPeople: if a folder holds none.
    """
    if not path.is_dir():
        return (path,)
    found = [
        inner
        for inner in sorted(path.rglob("*"))
        if _is_named(inner, _VCARD_NAMES | _NOTE_NAMES)
        and inner.is_file()
        and not inner.is_symlink()
        and not any(part.startswith(".") for part in inner.relative_to(path).parts)
    ]
    if not found:
        message = Phrase("a folder without vCards (.vcf) or Markdown notes (.md)")
        raise NotOfPeople(message, file=str(path))
    return tuple(found)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file, opened; reading it advances the progress bar."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        if size < _LARGE:
            yield stream
            return
        with waiting(size, Phrase("Reading {name}", name=path.name)) as step:
            yield _Watched(stream, step)  # type: ignore[misc]  # reads and seeks, which is all


class _Watched:
    """A file that reports how far it has been read, counting each byte once."""

    def __init__(self, stream: BinaryIO, step: Any) -> None:  # noqa: ANN401  # from `waiting`
        self._stream = stream
        self._step = step
        self._told = 0

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(size)
        place = self._stream.tell()
        if place > self._told:
            self._step(place - self._told)
            self._told = place
        return chunk

    read1 = read

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the file has
        return getattr(self._stream, name)
