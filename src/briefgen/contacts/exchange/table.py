"""A row of a table read as a person or organization, whatever file it came from."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Final

from msgspec import field

from briefgen.contacts.book import name_key
from briefgen.contacts.dates import PartialDate
from briefgen.contacts.exchange.columns import (
    PARTS,
    Column,
    column_words,
    distinguishes_number,
    is_own_label,
)
from briefgen.contacts.exchange.person import Incoming, Pairs, Refused
from briefgen.contacts.exchange.values import (
    EVERYBODY,
    Reading,
    address_of,
    event_note,
    turned_name,
    web_address,
    whole_name,
)
from briefgen.workspace.phrase import one_line
from briefgen.workspace.value import Value

_SEVERAL = re.compile(r"\s*(?: ::: |;|\n)\s*")
_NUMBERS = re.compile(
    r"\s*(?: ::: |;|\n|[,/|]\s*(?=\+|00|[^\W\d][^:\d]*:\s*[+(\d])|(?<=\))\s*[,/|])\s*"
)
_ROUNDED = re.compile(r"\d[.,]\d+E\+\d+")
_TAGS = re.compile(r"\s*(?::::|[;,\n])\s*")
_RELATED = re.compile(r"\s*\((https://[^()\s]+)\)")
"""The page of a related row, which Notion writes after its name."""
_LINKED = re.compile(r",(?=[^\W\d_])(?!(?i:inc|ltd|llc|gmbh|co|corp|plc|s\.)\b)")
"""The comma without a space between linked records, as Airtable writes them."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_TAG = re.compile(
    r"(?i)</?(?:p|br|div|span|a|b|i|u|ul|ol|li|strong|em|font|table|t[dr]|h\d)(?:[\s/][^<>]*)?>"
)
_BREAK = re.compile(r"(?i)<br\b[^<>]*>|</(?:p|div|li|tr|h\d)>")
_HTML = re.compile(_TAG.pattern + r"|&(?:[a-z]{2,8}|#\d{1,7}|#x[0-9a-f]{1,6});")
_LABELLED_NUMBER = re.compile(
    r"(?P<before>[^\W\d][^:\d]{0,30}):\s*(?P<number>[+(\d].*)\Z"
    r"|(?P<bare>[+(\d][\d\s()/.+-]*?)\s*\((?P<after>[^\d()]{2,30})\)\Z"
)
"""A labelled number, like `Mobil: +49 170 111` or `040 222 (Büro)`."""
_NO_DATE: Final = frozenset(
    {"0/0/00", "00/00/00", "0.0.00", "00.00.00", "0-0-00", "0000-00-00", "--", "1/1/4501"}
)
_MONTHS: Final = range(1, 13)


def never_closed(last: int) -> str:
    """Why a row is refused: its quotation mark runs on to line `last`."""
    return f"a quote is not closed: everything from here to line {last} is one row"


def read_row(
    line: int, columns: Sequence[Column], row: Sequence[str], *, day_first: bool | None = None
) -> Incoming | Refused:
    """The person or organization of a row."""
    cells = _Cells.of(columns, row)
    if cells.runs_into_next_rows():
        end = line + sum(cell.count("\n") for cell in row)
        return Refused(line=line, reason=never_closed(end))
    return _incoming(line, cells, day_first=day_first)


class _Cell(Value, frozen=True, kw_only=True):
    """The text of a cell and its column; of Google's pairs also the label."""

    column: Column
    text: str
    label: str = ""


class _Cells(Value, frozen=True, kw_only=True):
    """The cells of a row that are not empty, by the kind of their column."""

    by_kind: Mapping[str, list[_Cell]] = field(default_factory=dict)

    @classmethod
    def of(cls, columns: Iterable[Column], row: Sequence[str]) -> "_Cells":
        made: dict[str, list[_Cell]] = {}
        for column in columns:
            if column.kind is None or column.is_label or column.place >= len(row):
                continue
            text = _unpacked(row[column.place]).strip()
            if text.casefold() in column_words("nothing"):
                continue
            labels = (one_line(row[at]).lstrip("* ") for at in column.label_at if at < len(row))
            if text:
                cell = _Cell(column=column, text=text, label=next(filter(None, labels), ""))
                made.setdefault(column.kind, []).append(cell)
        return cls(by_kind=made)

    def all(self, *kinds: str) -> list[_Cell]:
        return [cell for kind in kinds for cell in self.by_kind.get(kind, ())]

    def first(self, kind: str) -> str:
        return next((one_line(cell.text) for cell in self.by_kind.get(kind, ())), "")

    def several(self, kind: str) -> tuple[str, ...]:
        parts = (part for cell in self.all(kind) for part in _SEVERAL.split(cell.text))
        return tuple(made for part in parts if (made := one_line(part)))

    def runs_into_next_rows(self) -> bool:
        """Whether a name has lines and an address in it: a quote that was never closed."""
        names = ("name", "first name", "middle name", "last name")
        return any("\n" in cell.text and "@" in cell.text for cell in self.all(*names))


def _unpacked(cell: str) -> str:
    """The text of a cell: the items of a JSON list, or the text of HTML.

    An apostrophe that keeps spreadsheets from taking it for a formula is removed.
    """
    if cell.startswith("'") and cell[1:2] in _FORMULA:
        return cell[1:]
    if re.fullmatch(r'\s*\[\s*".*"\s*\]\s*', cell, re.DOTALL):
        with suppress(ValueError):
            return " ::: ".join(map(str, json.loads(cell)))
    if _HTML.search(cell):
        return html.unescape(_TAG.sub("", _BREAK.sub("\n", cell)))
    return cell


def _incoming(line: int, cells: _Cells, *, day_first: bool | None) -> Incoming | Refused:
    reading = Reading()
    emails = reading.emails(cell.text for cell in cells.all("email"))
    name, names = _name(cells)
    if not name and not cells.all("organization"):
        whose = f" for {emails[0]}" if emails else ""
        return Refused(line=line, reason=f"no name{whose}")
    if any("\ufffd" in cell.text for kind in cells.by_kind.values() for cell in kind):
        reading.remarks.append("characters that are not of the file's encoding are shown as \ufffd")
    telephones, numbers = _telephones(cells, reading)
    links, pages = _links(cells)
    for cell in cells.all("organization", "second organization"):
        links += tuple((cell.column.label, link) for link in _RELATED.findall(cell.text))
    address, addresses = _addresses(cells)
    events = _events(cells, reading, day_first=day_first)
    title, titles = _one(cells, ("title", "second title"))
    organization, organizations = _one(cells, ("organization", "second organization"))
    language, languages = _coded(cells, "language", r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
    country, countries = _coded(cells, "country", r"[A-Za-z]{2}")
    others = (*titles, *organizations, *numbers, *pages, *addresses, *languages, *countries)
    reading.custom += (*_custom(cells), *names, *_left(cells, name, (*names, *others)), *others)
    return reading.person(
        line,
        name or organization or "",
        kind="person" if name else "organization",
        emails=emails,
        aliases=(n for n in cells.several("alias") if n != name),
        organization=organization if name else None,
        title=title,
        telephones=telephones,
        timezone=reading.zone(cells.first("timezone")),
        pronouns=cells.first("pronouns"),
        language=language,
        country=country.upper() if country else None,
        address=address,
        birthday=_birthday(cells, reading, day_first=day_first),
        life_events=events,
        interests=_listed(cells, "interest"),
        tags=_listed(cells, "tag"),
        links=links,
        notes=(cell.text for cell in cells.all("notes")),
    )


def _left(cells: _Cells, name: str, kept: Pairs) -> Iterator[tuple[str, str]]:
    """What is left over of the kinds of which a person has one, under its column's name.

    These are the parts of a name that the whole name lacks, and a second birthday or language.
    """
    texts = (name, *cells.several("organization"), *(text for _, text in kept))
    shown = set(name_key(" ".join(texts)).split())
    for cell in cells.all("first name", "middle name", "last name", "suffix", "file as"):
        text = one_line(cell.text)
        if not set(name_key(text).split()) <= shown:
            yield cell.column.label, text
    for kind in ("birthday", "birth day", "timezone", "pronouns", "language", "country"):
        for cell in cells.all(kind)[1:]:
            if one_line(cell.text) != cells.first(kind) and cell.text not in _NO_DATE:
                yield cell.column.label, one_line(cell.text)


def _name(cells: _Cells) -> tuple[str, Pairs]:
    """The whole name; and under its column's name, a value called a name that is not theirs.

    Beside a first name that it does not contain, `Name` is the last name. Odoo puts the
    organization first: `Acme, Ada Okafor`.
    """
    names = [cells.first(k) for k in ("name", "first name", "middle name", "last name", "suffix")]
    name, first, middle, last, suffix = names
    known = set(name_key(name).split())
    is_whole = set(name_key(first).split()) <= known
    also = [(cell.column.label, one_line(cell.text)) for cell in cells.all("name")[1:]]
    others: Pairs = tuple(pair for pair in also if name_key(pair[1]) != name_key(name))
    if name and first and last and known.isdisjoint(name_key(f"{first} {last}").split()):
        others = ((cells.all("name")[0].column.label, name), *others)
    elif name and last and not first and name_key(last) not in name_key(name):
        first = name  # Bitrix calls the first name `Name`
    elif name and (last or is_whole):
        organizations = map(name_key, cells.several("organization"))
        before, comma, rest = name.partition(", ")
        is_prefixed = comma and rest and name_key(before) in set(organizations)
        return (rest if is_prefixed else turned_name(name)), others
    last, _, degrees = last.partition(", ")  # LinkedIn: "Weiß, MBA"
    if degrees:
        others = (*others, ("Suffix", degrees))
    made = one_line(f"{whole_name(first, middle, last or name)} {suffix}")
    return (made if first or middle or last or name else cells.first("file as")), others


def _one(cells: _Cells, kinds: Sequence[str]) -> tuple[str | None, Pairs]:
    """The first value; a different one is kept under its column's name."""
    found = [
        (cell.column.label, one_line(_RELATED.sub("", part)))
        for cell in cells.all(*kinds)
        for part in _LINKED.split(cell.text)
    ]
    first = next((text for _, text in found), None)
    shown = name_key(first or "")
    keys = [(label, text, name_key(text)) for label, text in found[1:]]
    others = ((label, text) for label, text, key in keys if key not in shown and shown not in key)
    return first, tuple(others)


def _telephones(cells: _Cells, reading: Reading) -> tuple[tuple[str, ...], Pairs]:
    """Numbers that a person answers; and what is kept of them, and of others, under a label.

    Each of several numbers keeps what distinguishes it, like `Mobile`; a single one keeps only a
    label of the user's. Fax and pager numbers are kept only under a label.
    """
    numbers: dict[str, str] = {}
    others: list[tuple[str, str]] = []
    for cell in cells.all("telephone"):
        for part in filter(None, map(one_line, _NUMBERS.split(cell.text))):
            found = _LABELLED_NUMBER.match(part)
            number = (found["number"] or found["bare"]) if found else part
            label = (found["before"] or found["after"]) if found else cell.label
            if _ROUNDED.fullmatch(number):
                reading.remarks.append(f"telephone {number} is rounded by a spreadsheet; not taken")
            elif re.search(r"(?i)fax|pager|assist", label) or not re.search(r"\d", number):
                others.append((label or cell.column.label, number))
            else:
                numbers.setdefault(number, label or cell.column.label)
    told = [(label, number) for number, label in numbers.items() if distinguishes_number(label)]
    if len(numbers) == 1:
        headers = {cell.column.label for cell in cells.all("telephone")}
        told = [(label, one) for label, one in told if label not in headers and is_own_label(label)]
    return tuple(numbers), (*told, *others)


def _links(cells: _Cells) -> tuple[Pairs, Pairs]:
    """Web pages, each with its label; and what is not an address."""
    found: dict[str, str] = {}
    others = []
    for cell in cells.all("link"):
        for part in re.split(r"\s*:::\s*|\s+", cell.text):
            if address := web_address(part):
                found.setdefault(address, _label_of_link(cell, address))
            elif part:
                others.append((cell.label or cell.column.label, part))
    return tuple((label, address) for address, label in found.items()), tuple(others)


def _label_of_link(cell: _Cell, address: str) -> str:
    """A link's label; empty if the column says only that it is a link."""
    if "linkedin." in address.casefold():
        return "LinkedIn"
    return cell.label or (cell.column.label if cell.column.names_a_service else "")


def _addresses(cells: _Cells) -> tuple[str | None, Pairs]:
    """The postal address; and further ones, under their labels."""
    found: dict[object, tuple[str, str]] = {}
    for cell in cells.all("address"):
        key = cell.column.group or cell.column.place
        found[key] = (_which(cell) or cell.column.header, _lines(cell.text))
    parts: dict[str, list[_Cell]] = {}
    for cell in cells.all(*PARTS):
        parts.setdefault(cell.column.group, []).append(cell)
    for group, of_group in parts.items():
        texts = (
            ", ".join(_lines(cell.text) for cell in of_group if cell.column.kind == kind)
            for kind in PARTS
        )
        found.setdefault(group, (_which(of_group[0]), address_of(*texts)))
    (_, first), *others = [*found.values()] or [("", "")]
    more = [(f"Address ({which})" if which else "Other address", text) for which, text in others]
    return first or None, tuple((label, text) for label, text in more if text != first)


def _which(cell: _Cell) -> str:
    return cell.label or cell.column.group


def _lines(text: str) -> str:
    return ", ".join(made for line in text.splitlines() if (made := one_line(line).strip(" ,")))


def _coded(cells: _Cells, kind: str, code: str) -> tuple[str | None, Pairs]:
    """A code; anything else, like `German`, is kept under the column's name."""
    text = cells.first(kind)
    if re.fullmatch(code, text):
        return text, ()
    return None, ((cells.all(kind)[0].column.label, text),) if text else ()


def _custom(cells: _Cells) -> Pairs:
    """Labelled values: Google's fields, relations, departments, assistants."""
    return tuple(
        (cell.label or cell.column.label, text)
        for cell in cells.all("custom")
        if (text := _lines(cell.text)) and text not in _NO_DATE
    )


def _listed(cells: _Cells, kind: str) -> Iterator[str]:
    for cell in cells.all(kind):
        for part in _TAGS.split(cell.text):
            text = one_line(part).strip('"[]').lstrip("* ")
            if text and text.casefold() not in EVERYBODY:
                yield text


def _birthday(cells: _Cells, reading: Reading, *, day_first: bool | None) -> PartialDate | None:
    """A date, from one column or from separate ones for year, month and day."""
    if (given := cells.first("birthday")) and given not in _NO_DATE:
        return reading.date("birthday", _without_serial(given), day_first=day_first)
    year, month, day = (cells.first(f"birth {part}") for part in ("year", "month", "day"))
    if day and not day.isdecimal():  # a whole date beside one of its parts
        return reading.date("birthday", day, day_first=day_first)
    if not (month.isdecimal() and int(month) in _MONTHS):
        if year or month or day:
            reading.to_notes.append(f"birthday: {'-'.join(p for p in (year, month, day) if p)}")
        return None
    shown = "-".join(
        [*([f"{int(year):04}"] if year.isdecimal() else []), f"{int(month):02}"]
        + ([f"{int(day):02}"] if day.isdecimal() else [])
    )
    return reading.date("birthday", shown)


def _without_serial(text: str) -> str:
    """A date that a spreadsheet wrote as the number of a day, like 31132, as ISO 8601."""
    is_serial = re.fullmatch(r"[1-5]\d{4}(?:\.0)?", text)
    return str(date(1899, 12, 30) + timedelta(days=int(float(text)))) if is_serial else text


def _events(
    cells: _Cells, reading: Reading, *, day_first: bool | None
) -> tuple[tuple[PartialDate, str], ...]:
    """Anniversaries and Google's labelled dates."""
    found = [(cell.text, "anniversary") for cell in cells.all("anniversary")]
    found += [(cell.text, event_note(cell.label)) for cell in cells.all("event")]
    made = []
    for text, note in found:
        if text in _NO_DATE:
            continue
        if (day := reading.date(note, _without_serial(text), day_first=day_first)) is not None:
            made.append((day, note))
    return tuple(dict.fromkeys(made))
