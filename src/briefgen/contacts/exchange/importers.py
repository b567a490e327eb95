"""The kinds of files that people come from, in the order in which a file is tried."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, Final

from briefgen.contacts.book import name_key
from briefgen.contacts.exchange.markdown import MarkdownImporter
from briefgen.contacts.exchange.monica import MonicaImporter
from briefgen.contacts.exchange.person import (
    Importer,
    Incoming,
    Item,
    NotOfPeople,
    Options,
    Refused,
)
from briefgen.contacts.exchange.table_files import LdifImporter, read_spreadsheet, read_table
from briefgen.contacts.exchange.vcard import read_vcards
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.progress import waiting

_MARKS: Final = b"\xef\xbb\xbf\xff\xfe\r\n\t "
_START: Final = 4096
_LARGE: Final = 256 * 1024
"""Reading a file of fewer bytes needs no bar."""


class _VCards:
    def recognises(self, path: Path, start: bytes) -> bool:
        return start[:11].upper() == b"BEGIN:VCARD" or path.suffix.casefold() in {".vcf", ".vcard"}

    def read(self, path: Path, options: Options) -> Iterator[Item]:
        with _opened(path) as stream:
            yield from read_vcards(stream, options.charset)


class _Spreadsheets:
    def recognises(self, path: Path, start: bytes) -> bool:
        is_old = start.startswith(b"\xd0\xcf\x11\xe0")
        suffixes = {".xlsx", ".xlsm", ".xlsb", ".ods", ".xls"}
        return (start.startswith(b"PK") or is_old) and path.suffix.casefold() in suffixes

    def read(self, path: Path, options: Options) -> Iterator[Item]:
        yield from read_spreadsheet(path, options)


class _Tables:
    def recognises(self, path: Path, start: bytes) -> bool:  # noqa: ARG002  # whatever is left
        return True

    def read(self, path: Path, options: Options) -> Iterator[Item]:
        with _opened(path) as stream:
            yield from read_table(stream, options)


IMPORTERS: Final[tuple[Importer, ...]] = (
    _VCards(), MonicaImporter(), MarkdownImporter(), LdifImporter(),
    _Spreadsheets(), _Tables(),
)  # fmt: skip


def read_people(files: Iterable[Path], options: Options) -> Iterator[Item]:
    """Everything in the files, each item with the name of its file.

    Raises:
        OSError: where a file cannot be read.
        ValueError: naming the file that says nothing of people.
    """
    for file in files:
        try:
            for item in importer_of(file).read(file, options):
                yield _named(item, file.name)
        except ValueError as error:
            raise NotOfPeople(str(error), file=str(file)) from error


def _named(item: Item, name: str) -> Item:
    """The item with its file's name, and a person with a key that later imports know again."""
    if isinstance(item, Incoming):
        uid = item.uid or f"{name}:{name_key(item.name)}"
        return replace(item, source=name, uid=uid).without_doubles()
    if isinstance(item, Refused):
        return item.replace(source=name)
    return item.replace(file=name)


def importer_of(path: Path) -> Importer:
    """The importer for a file, recognised by its content.

    Raises:
        NotOfPeople: where it is of a kind that holds no people, or that cannot be read.
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
    if isinstance(found, _Tables):
        _refuse_others(start)
    return found


def _refuse_others(start: bytes) -> None:
    """A clear word about a file that is no table and has no importer."""
    if start.startswith(b"PK"):
        raise NotOfPeople(Phrase("a zipped file; unpack it first, or save it as CSV or vCard"))
    if start[:1] in {b"{", b"["}:
        raise NotOfPeople(
            Phrase("JSON, and no export of Monica's; export it as CSV or vCard instead")
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
        NotOfPeople: where a folder holds none.
    """
    if not path.is_dir():
        return (path,)
    suffixes = {".vcf", ".vcard", ".md", ".markdown"}
    found = [
        inner
        for inner in sorted(path.rglob("*"))
        if inner.suffix.casefold() in suffixes
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

    def __init__(self, stream: BinaryIO, step: Any) -> None:  # noqa: ANN401  # as `waiting` gives
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
