"""Contacts in spreadsheets: CSV as Google, Outlook, HubSpot and Salesforce write it, and ours.

What their columns are called is data, `columns.yaml` beside this module.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import BinaryIO, Final, TextIO

from briefgen.contacts.book import name_key
from briefgen.contacts.contact import Contact
from briefgen.contacts.dates import PartialDate
from briefgen.contacts.exchange.person import (
    Incoming,
    Reading,
    Refused,
    sorted_addresses,
)
from briefgen.contacts.exchange.text import one_line
from briefgen.workspace.document import read_built_in

MAX_ROWS: Final = 100_000
"""The most rows that are read of one file."""
MAX_CELL: Final = 256 * 1024
"""The longest cell, in signs."""
MAX_LINE: Final = 4 * 1024 * 1024
"""The longest line of the file, in signs."""

FIELDS: Final = (
    "name", "first name", "middle name", "last name", "alias", "email", "organization", "title",
    "telephone", "timezone", "pronouns", "birthday", "anniversary", "notes",
)  # fmt: skip
"""What a column can be."""

_NAMES: Final = ("name", "first name", "middle name", "last name")
_COLUMNS_SHOWN: Final = 12
_COLUMN_SIGNS: Final = 40
_NUMBERED: Final = (
    (re.compile(r"e-?mail \d+(?: address| - value)?\Z"), "email"),
    (re.compile(r"phone \d+ - value\Z"), "telephone"),
)
_EVENT_LABEL = re.compile(r"event (\d+) - (?:label|type)\Z")
_SEVERAL = re.compile(r"\s*(?: ::: |;|\n)\s*")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_NO_DATE: Final = frozenset(
    {"0/0/00", "00/00/00", "0.0.00", "00.00.00", "0-0-00", "0000-00-00", "--", "1/1/4501"}
)


@cache
def _columns() -> Mapping[str, str]:
    """What the columns of the known exports hold, by their names without case."""
    data = read_built_in("briefgen.contacts.exchange", "columns.yaml").data
    named: dict[str, dict[str, list[str]]] = data  # type: ignore[assignment]
    return {
        name.casefold(): kind
        for kinds in named.values()
        for kind, names in kinds.items()
        for name in names
    }


def read_table(
    stream: BinaryIO, *, columns: Mapping[str, str], day_first: bool | None = None
) -> Iterator[Incoming | Refused]:
    """Each row as a person, or why it cannot be taken.

    `columns` names what further columns are, each one of `FIELDS`; it wins over what is known.

    Raises:
        ValueError: where the file has no header, or none of its columns says who somebody is.
    """
    text = io.TextIOWrapper(stream, encoding=_encoding(stream), errors="replace", newline="")
    try:
        yield from _people(_rows(text), columns, day_first=day_first)
    finally:
        text.detach()  # the stream is its owner's


def _people(
    rows: Iterator[tuple[int, list[str] | str]],
    columns: Mapping[str, str],
    *,
    day_first: bool | None,
) -> Iterator[Incoming | Refused]:
    _, header = next(rows, (0, ""))
    if isinstance(header, str) or not header:
        raise ValueError(header or "the file is empty")
    fields = _fields(header, columns)
    events = _events(header)
    if not {"name", "first name", "last name", "email"} & set(fields.values()):
        raise ValueError(_no_name_among(header))
    for count, (line, row) in enumerate(rows, 1):
        if count > MAX_ROWS:
            reason = f"only the first {MAX_ROWS:,} rows are read; split the file"
            yield Refused(line=line, reason=reason)
            return
        if isinstance(row, str):
            yield Refused(line=line, reason=row)
        elif any(cell.strip() for cell in row):
            yield _person(line, row, header, fields, events, day_first=day_first)


def _no_name_among(header: Sequence[str]) -> str:
    """That no column is known, those that are there, and how to name one."""
    columns = [name for cell in header if (name := one_line(cell).strip())]
    shown = ", ".join(_short(name) for name in columns[:_COLUMNS_SHOWN])
    more = f" and {len(columns) - _COLUMNS_SHOWN} more" if len(columns) > _COLUMNS_SHOWN else ""
    example = _short(columns[0]) if columns else "Kontakt"
    return (
        f"no column is known that says who somebody is; it has {shown or 'none'}{more}; "
        f"name one, like --map '{example}=name'"
    )


def _short(name: str) -> str:
    return name if len(name) <= _COLUMN_SIGNS else f"{name[:_COLUMN_SIGNS]}…"


def _encoding(stream: BinaryIO) -> str:
    """UTF-8 with or without a mark, UTF-16 by its mark, else Windows-1252."""
    start = stream.read(MAX_LINE)
    stream.seek(0)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        start[: max(start.rfind(b"\n"), 0) or len(start)].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _rows(text: TextIO) -> Iterator[tuple[int, list[str] | str]]:
    """The rows, each with the line it begins on; why, for one that cannot be read."""
    first = text.readline(MAX_LINE)
    if (found := re.match(r"sep=(.)\s*\Z", first)) is not None:  # as Excel marks it
        delimiter, first = found[1], ""
        before = 1
    else:
        delimiter, before = max(",;\t", key=lambda sign: (first.count(sign), sign == ",")), 0
    lines = _Lines(first, text)
    reader = csv.reader(lines, delimiter=delimiter)
    previous = csv.field_size_limit(MAX_CELL)
    try:
        while True:
            line = before + reader.line_num + 1
            lines.quotes = 0
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield line, "the row cannot be read: a cell or line is too long"
                continue
            last = before + reader.line_num
            yield line, _never_closed(last) if last > line and lines.quotes % 2 else row
    finally:
        csv.field_size_limit(previous)


class _Lines:
    """The lines of a file, of which no one is read whole that is too long.

    Attributes:
        quotes: the quotation marks seen since it was last set to 0.
    """

    def __init__(self, first: str, text: TextIO) -> None:
        self.quotes = 0
        self._first = first
        self._text = text

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line, self._first = self._first or self._text.readline(MAX_LINE), ""
        if not line:
            raise StopIteration
        self.quotes += line.count('"')
        return line


def _never_closed(last: int) -> str:
    return f"a quote is not closed: everything from here to line {last} is one row"


def _fields(header: list[str], columns: Mapping[str, str]) -> dict[int, str]:
    """What each column is, by its place."""
    given = {name.casefold().strip(): kind for name, kind in columns.items()}
    names = [one_line(cell).casefold() for cell in header]
    fields = {}
    for place, name in enumerate(names):
        kind = given.get(name) or _columns().get(name)
        kind = kind or next((kind for form, kind in _NUMBERED if form.match(name)), None)
        if kind is not None:
            fields[place] = kind
    if "job title" in names and "title" in names and "title" not in given:
        del fields[names.index("title")]  # Outlook's "Title" is Dr or Mrs
    return fields


def _events(header: list[str]) -> dict[int, int]:
    """Google's labelled dates: from the place of the label to that of the date."""
    names = [one_line(cell).casefold() for cell in header]
    found = {}
    for place, name in enumerate(names):
        if (label := _EVENT_LABEL.match(name)) and f"event {label[1]} - value" in names:
            found[place] = names.index(f"event {label[1]} - value")
    return found


def _person(
    line: int,
    row: list[str],
    header: list[str],
    fields: Mapping[int, str],
    events: Mapping[int, int],
    *,
    day_first: bool | None,
) -> Incoming | Refused:
    if any(cell.strip() for cell in row[len(header) :]):
        reason = f"{len(row)} cells under {len(header)} columns; a comma or quote is out of place"
        return Refused(line=line, reason=reason)
    cells: dict[str, list[str]] = {}
    for place, kind in fields.items():
        if place < len(row) and (cell := _unguarded(row[place]).strip()):
            cells.setdefault(kind, []).append(cell)
    if any("\n" in (cell := cells.get(kind, [""])[0]) and "@" in cell for kind in _NAMES):
        end = line + sum(cell.count("\n") for cell in row)
        return Refused(line=line, reason=_never_closed(end))
    name = _name(cells)
    given = [part for cell in cells.get("email", ()) for part in re.split(r"[;,\s]+|:::", cell)]
    emails, remarks = sorted_addresses([part for part in given if part])
    if not name:
        return Refused(line=line, reason="no name" + (f" for {emails[0]}" if emails else ""))
    reading = Reading(remarks=list(remarks))
    if any("\ufffd" in cell for cell in row):
        reading.remarks.append("signs that are not of the file's encoding are shown as \ufffd")
    zone = next(iter(cells.get("timezone", ())), None)
    dates = {
        kind: _date(cells, kind, reading, day_first=day_first)
        for kind in ("birthday", "anniversary")
    }
    happened = [(dates["anniversary"], "anniversary")]
    for label, value in events.items():
        if value < len(row) and row[value].strip():
            date = reading.date("date", row[value], day_first=day_first)
            happened.append((date, one_line(row[label]).casefold() or "a date"))
    return Incoming(
        line=line,
        name=name,
        emails=emails,
        aliases=tuple(n for n in _several(cells, "alias") if n != name),
        organization=_single(cells, "organization"),
        title=_single(cells, "title"),
        telephones=_several(cells, "telephone"),
        timezone=zone if zone and re.fullmatch(r"[A-Za-z]+/[A-Za-z_/+-]+", zone) else None,
        pronouns=_single(cells, "pronouns"),
        birthday=dates["birthday"],
        life_events=tuple((date, note) for date, note in happened if date is not None),
        notes=reading.notes(cells.get("notes", ())),
        remarks=tuple(reading.remarks),
    )


def _name(cells: Mapping[str, list[str]]) -> str:
    """The whole name; beside a first name that it does not hold, `Name` is the last name."""
    name, first, middle, last = (one_line(cells.get(kind, [""])[0]) for kind in _NAMES)
    is_whole = set(name_key(first).split()) <= set(name_key(name).split())
    if name and (last or is_whole):
        return name
    return one_line(" ".join((first, middle, last or name)))


def _unguarded(cell: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from taking it for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in _FORMULA else cell


def _single(cells: Mapping[str, list[str]], kind: str) -> str | None:
    return next((made for cell in cells.get(kind, ()) if (made := one_line(cell))), None)


def _several(cells: Mapping[str, list[str]], kind: str) -> tuple[str, ...]:
    parts = (part for cell in cells.get(kind, ()) for part in _SEVERAL.split(cell))
    return tuple(dict.fromkeys(made for part in parts if (made := one_line(part))))


def _date(
    cells: Mapping[str, list[str]], kind: str, reading: Reading, *, day_first: bool | None
) -> PartialDate | None:
    cell = next(iter(cells.get(kind, ())), "")
    return reading.date(kind, cell, day_first=day_first) if cell and cell not in _NO_DATE else None


# Writing.

_HEADER: Final = (
    "Name", "Email", "Additional email addresses", "Alias", "Organization", "Job Title",
    "Telephones", "Time Zone", "Pronouns", "Birthday",
)  # fmt: skip


def table_text(contacts: Iterable[Contact]) -> str:
    """Contacts as CSV (RFC 4180) that no spreadsheet takes for formulas: who, and how reached."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(_HEADER)
    for contact in contacts:
        cells = (
            contact.name,
            *(contact.emails[:1] or ("",)),
            "; ".join(contact.emails[1:]),
            "; ".join(contact.aliases),
            contact.organization or "",
            contact.title or "",
            "; ".join(contact.telephones),
            contact.timezone or "",
            contact.pronouns or "",
            str(contact.birthday or ""),
        )
        writer.writerow([_guarded(cell) for cell in cells])
    return made.getvalue()


def _guarded(cell: str) -> str:
    """A cell that stays text: an apostrophe before what a spreadsheet would calculate."""
    return f"'{cell}" if cell.lstrip(" '").startswith(_FORMULA) else cell
