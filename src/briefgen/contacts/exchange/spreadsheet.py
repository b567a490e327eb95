"""Tables in spreadsheets (.xlsx, .xls, .ods), read with python-calamine."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from briefgen.contacts.exchange.table import Row
from briefgen.workspace.phrase import Phrase

MAX_BYTES: Final = 64 * 1024 * 1024
"""The largest file that is opened."""


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
