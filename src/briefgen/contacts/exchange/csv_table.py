"""Tables as text: commas, semicolons, tabs or bars between cells, in any charset."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO, Final, TextIO

from briefgen.contacts.exchange.charset import Charset, detect_charset
from briefgen.contacts.exchange.columns import find_header
from briefgen.contacts.exchange.person import Item, Remark
from briefgen.contacts.exchange.table import HEADER_WITHIN, Row, never_closed, read_rows

MAX_CELL: Final = 256 * 1024
"""The longest cell, in characters."""
MAX_LINE: Final = 4 * 1024 * 1024
"""The longest line of the file, in characters."""
_DELIMITERS: Final = ",;\t|"


def read_table(
    stream: BinaryIO,
    *,
    columns: Mapping[str, str],
    day_first: bool | None = None,
    charset: Charset | None = None,
) -> Iterator[Item]:
    """Each row as a person, or why it cannot be taken; see `read_rows`.

    Raises:
        ValueError: where the file has no header, or none of its columns says who somebody is.
    """
    charset = charset or detect_charset(stream)
    if charset.remark:
        yield Remark(text=charset.remark)
    text = io.TextIOWrapper(stream, encoding=charset.codec, errors="replace", newline="")
    try:
        yield from read_rows(_rows(text, columns), columns, day_first=day_first)
    finally:
        text.detach()  # the stream is its owner's


def _rows(text: TextIO, columns: Mapping[str, str]) -> Iterator[Row]:
    """The rows, each with the line it begins on; why, for one that cannot be read."""
    start = [line for _ in range(HEADER_WITHIN) if (line := text.readline(MAX_LINE))]
    before = 0
    delimiter = None
    if start and (found := re.match(r"sep=(.)\s*\Z", start[0])) is not None:  # as Excel marks it
        delimiter, before = found[1], 1
        start = start[1:]
    lines = _Lines(start, text)
    reader = csv.reader(lines, delimiter=delimiter or _delimiter(start, columns))
    previous = csv.field_size_limit(MAX_CELL)
    try:
        while True:
            number = before + reader.line_num + 1
            lines.quotes = 0
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield number, "the row cannot be read: a cell or line is too long"
                continue
            last = before + reader.line_num
            is_open = last > number and lines.quotes % 2
            yield number, never_closed(last) if is_open else row
    finally:
        csv.field_size_limit(previous)


def _delimiter(start: Sequence[str], columns: Mapping[str, str]) -> str:
    """What separates the cells: that by which a header is found, else what stands most often."""

    def known(delimiter: str) -> tuple[int, int, bool]:
        try:
            rows = list(csv.reader(start, delimiter=delimiter))
        except csv.Error:
            rows = []
        _, count = find_header(rows, columns)
        most = max((line.count(delimiter) for line in start), default=0)
        return count, most, delimiter == ","

    return max(_DELIMITERS, key=known)


class _Lines:
    """The lines of a file, of which no one is read whole that is too long.

    Attributes:
        quotes: the quotation marks seen since it was last set to 0.
    """

    def __init__(self, first: Sequence[str], text: TextIO) -> None:
        self.quotes = 0
        self._first = list(reversed(first))
        self._text = text

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._first.pop() if self._first else self._text.readline(MAX_LINE)
        if not line:
            raise StopIteration
        self.quotes += line.count('"')
        return line
