"""Tables in files: text in any charset, and spreadsheets (.xlsx, .xls, .ods) by python-calamine."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import BinaryIO, Final, TextIO

from briefgen.contacts.exchange.charset import Charset, detect_charset
from briefgen.contacts.exchange.columns import find_header
from briefgen.contacts.exchange.person import Item, Remark
from briefgen.contacts.exchange.table import HEADER_WITHIN, Row, never_closed, read_rows
from briefgen.workspace.phrase import Phrase

MAX_CELL: Final = 256 * 1024
"""The longest cell, in characters."""
MAX_LINE: Final = 4 * 1024 * 1024
"""The longest line of the file, in characters."""
_DELIMITERS: Final = ",;\t|"
MAX_BYTES: Final = 64 * 1024 * 1024
"""The largest spreadsheet that is opened."""


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


class NoLibrary(ValueError):  # noqa: N818  # names what is wrong
    """python-calamine is not installed."""


def spreadsheet_rows(path: Path) -> Iterator[Row]:
    """The rows of the first sheet that has any, each with its number.

    Raises:
        NoLibrary: where python-calamine is missing.
        ValueError: where the file cannot be read.
    """
    try:
        from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  # an extra
    except ImportError:
        raise NoLibrary(
            Phrase(
                "a spreadsheet; install what reads it (pip install "
                "'briefgen[spreadsheets]'), or save it as CSV"
            )
        ) from None
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(
            Phrase("larger than {max_bytes} MB; save it as CSV", max_bytes=MAX_BYTES // 2**20)
        )
    try:
        book = CalamineWorkbook.from_path(path)
        sheets = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
        rows = next((rows for rows in sheets if rows), [])
    except CalamineError as error:
        raise ValueError(Phrase("the spreadsheet cannot be read: {error}", error=error)) from None
    for number, cells in enumerate(rows, 1):
        yield number, [_text(cell) for cell in cells]


def _text(cell: object) -> str:
    """A cell as CSV would write it: dates as ISO 8601, whole numbers without a point."""
    if isinstance(cell, datetime):
        is_date = cell.time() == time()
        return cell.date().isoformat() if is_date else cell.isoformat(sep=" ")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
