"""What the columns of a table are: by their names, or by their content where that is unknown.

What columns are called is data, `columns.yaml` and `column_groups.yaml` beside this module.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from briefgen.contacts.exchange.person import Place, read_date, sorted_addresses
from briefgen.contacts.exchange.text import one_line
from briefgen.workspace.built_in import read_built_in
from briefgen.workspace.value import Value

FIELDS: Final = (
    "name", "first name", "middle name", "last name", "suffix", "file as", "alias", "email",
    "organization", "second organization", "title", "second title", "telephone", "timezone",
    "pronouns", "language", "country", "address", "street", "city", "region", "postal code",
    "land", "birthday", "birth year", "birth month", "birth day", "anniversary", "interest", "tag",
    "link", "custom", "notes", "none",
)  # fmt: skip
"""What a column can be; `none` is not taken."""

WHO: Final = frozenset({"name", "first name", "last name", "email", "file as"})
"""Columns of which a table of people has one at least."""
PARTS: Final = ("street", "postal code", "city", "region", "land")
"""The parts of a postal address, in the order in which they are written."""

_INTO: Final[Mapping[str, str | None]] = {
    **dict.fromkeys(("name", "first name", "middle name", "last name"), "name"),
    "suffix": "name", "file as": "name",
    **dict.fromkeys((*PARTS, "address"), "address"),
    **dict.fromkeys(("birthday", "birth year", "birth month", "birth day"), "birthday"),
    "alias": "aliases", "email": "emails", "organization": "organization",
    "second organization": "organization", "title": "title", "second title": "title",
    "telephone": "telephones", "timezone": "timezone", "pronouns": "pronouns",
    "language": "language", "country": "country", "anniversary": "life_events",
    "event": "life_events", "interest": "interests", "tag": "tags", "link": "links",
    "custom": "custom", "notes": "notes", "none": None,
}  # fmt: skip
"""The field of a contact file that each kind of column goes into."""

_PAIR: Final = re.compile(
    r"(?P<what>e-?mail|phone|relation|website|event|custom field|im|instant messenger|external id)"
    r" (?P<number>\d+) - (?P<side>label|type|value|service)\Z"
)
_PAIRED: Final = {
    "email": "email", "e-mail": "email", "phone": "telephone", "relation": "custom",
    "website": "link", "event": "event", "custom field": "custom", "im": "custom",
    "instant messenger": "custom", "external id": "none",
}  # fmt: skip
_NUMBERED: Final = (
    (
        re.compile(r"(?:alternate |other )?e-?mail(?: address)? \d+(?: address| - value)?\Z"),
        "email",
    ),
    (re.compile(r"e-?mail (?:address )?- \w+\Z"), "email"),
    (re.compile(r"phone - (?!.*fax)\w+\Z"), "telephone"),
    (re.compile(r"phone - .*fax\Z"), "custom"),
    (re.compile(r"address \d+ - formatted\Z"), "address"),
    (re.compile(r"address \d+ - (?:street|extended address|po box)\Z"), "street"),
    (re.compile(r"address \d+ - city\Z"), "city"),
    (re.compile(r"address \d+ - region\Z"), "region"),
    (re.compile(r"address \d+ - postal code\Z"), "postal code"),
    (re.compile(r"address \d+ - country\Z"), "land"),
    (re.compile(r"address \d+ - (?:label|type)\Z"), "none"),
    (re.compile(r"organization \d+ - name\Z"), "organization"),
    (re.compile(r"organization \d+ - title\Z"), "title"),
    (re.compile(r"organization \d+ - (?:department|location|job description)\Z"), "custom"),
    (re.compile(r"organization \d+ - \D+\Z"), "none"),
)
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_BEFORE: Final = re.compile(r"(?:person|contact|lead|kontakt) - ")
_AFTER: Final = re.compile(r" ?\d+\Z")
_ASIDE: Final = re.compile(r" ?\([^()]*\)\Z| - [^-]*\Z")
"""What stands behind the name of a column and only explains it: "Birthday (MM/DD)"."""
_NO_VOICE: Final = re.compile(
    r"(?i)fax|pager|télécop|telex|ass(?:is)?t|pieper|faks|ファックス|فاكس"
)

_GUESSED_OF: Final = 0.8
"""The least share of cells that must look alike before a column is taken for what they are."""
_DIGITS_OF_NUMBER: Final = 7


class Column(Value, frozen=True, kw_only=True):
    """A column of a table.

    Attributes:
        place: which it is, counted from 0.
        header: what the table calls it.
        kind: one of `FIELDS`, or `event`; None where nothing tells.
        group: which address its part of one belongs to, like `home`.
        label_at: the column that says what the value of this one is.
        is_label: whether it is such a column itself.
    """

    place: int
    header: str
    kind: str | None = None
    group: str = ""
    label_at: int | None = None
    is_label: bool = False
    is_guess: bool = False

    @property
    def label(self) -> str:
        """What its values are called where they keep a label of their own."""
        if _flat(self.header) == "title":
            return "Salutation"  # Outlook's, beside "Job Title"
        return re.sub(r"(?i)\Aorganization (?:\d+ - )?(?=\w)", "", self.header)

    @property
    def destination(self) -> Place:
        """Where it goes, for the plan."""
        field = _INTO.get(self.kind) if self.kind else None
        return Place(
            source=self.header or f"column {self.place + 1}", field=field, is_guess=self.is_guess
        )


@cache
def _known() -> Mapping[str, str]:
    """What the columns of the known exports hold, by their names without case."""
    named: dict[str, dict[str, list[str]]] = read_built_in("contacts/exchange/columns.yaml")
    return {
        name.casefold(): kind
        for kinds in named.values()
        for kind, names in kinds.items()
        for name in names
    }


@cache
def _group_words() -> Mapping[str, str]:
    """Words like `geschäftlich`, the longest first, each with the group that it names."""
    named: dict[str, list[str]] = read_built_in("contacts/exchange/column_groups.yaml")
    groups = {word.casefold(): group for group, words in named.items() for word in words}
    return {word: groups[word] for word in sorted(groups, key=len, reverse=True)}


def read_columns(header: Sequence[str], given: Mapping[str, str]) -> tuple[Column, ...]:
    """What each column is, as far as its name tells; `given` wins over what is known."""
    asked = {_flat(name): kind for name, kind in given.items()}
    names = [_flat(_CAMEL.sub(" ", cell) if _CAMEL.search(cell) else cell) for cell in header]
    columns = [
        _column(place, name, asked).replace(header=one_line(header[place]).strip())
        for place, name in enumerate(names)
    ]
    return tuple(_as_neighbours_say(_with_labels(columns, names), names, asked))


def _flat(name: str) -> str:
    return one_line(name).casefold().strip(" *:")


def _column(place: int, name: str, asked: Mapping[str, str]) -> Column:
    if name in asked:
        return Column(place=place, header=name, kind=asked[name])
    if (pair := _PAIR.match(name)) is not None:
        is_label = pair["side"] != "value"
        is_kept = pair["what"] not in {"email", "e-mail", "phone"}
        kind = "none" if is_label and not is_kept else _PAIRED[pair["what"]]
        return Column(place=place, header=name, kind=kind, is_label=is_label)
    name = re.sub(r"(?<=\w)[_.](?=\w)", " ", name)  # `first_name`, `Account.Name`
    bare = _BEFORE.sub("", name, count=1)
    for form in (name, bare, _AFTER.sub("", bare), *_singular(bare)):
        known = _known().get(form)
        if known is not None:
            return Column(place=place, header=name, kind=known)
        found = next((kind for shape, kind in _NUMBERED if shape.match(form)), None)
        if found is not None:
            group = " ".join(form.split()[:2]) if found in (*PARTS, "address") else ""
            return Column(place=place, header=name, kind=found, group=group)
    found_part = _part_of_address(place, name, _AFTER.sub("", bare))
    aside = _ASIDE.sub("", bare)
    if found_part.kind is None and aside != bare and not _NO_VOICE.search(bare):
        return _column(place, aside, asked).replace(header=name)
    return found_part


def _singular(name: str) -> Iterable[str]:
    """`phones`, `addresses`, `companies`: what a column of several is called for one."""
    if name.endswith("s"):
        yield from (name[:-1], name.removesuffix("es"))
    if name.endswith("ies"):
        yield f"{name[:-3]}y"


def _part_of_address(place: int, header: str, name: str) -> Column:
    """A column like `Home City`: a part of an address, and which address it is of."""
    for word, group in _group_words().items():
        rest = ""
        if name.startswith(f"{word} "):
            rest = name[len(word) :]
        elif name.endswith((f" {word}", f"({word})")):
            rest = name[: -len(word)].removesuffix("(")
        elif not word.isascii() and word in name:  # Arabic and Japanese need no blank between
            rest = name.replace(word, " ")
        kind = _known().get(rest.strip(" :-"))
        kind = "street" if kind == "address" else kind
        if kind in PARTS:
            return Column(place=place, header=header, kind=kind, group=group)
    return Column(place=place, header=header)


def _with_labels(columns: Sequence[Column], names: Sequence[str]) -> list[Column]:
    """Google's pairs: each value with the column that says what it is."""
    at = {name: place for place, name in enumerate(names)}
    made = []
    for column, name in zip(columns, names, strict=True):
        pair = _PAIR.match(name)
        found = None
        if pair is not None and pair["side"] == "value":
            stem = f"{pair['what']} {pair['number']} - "
            found = next(
                (at[stem + s] for s in ("label", "type", "service") if stem + s in at), None
            )
        made.append(column.replace(label_at=found))
    return made


def _as_neighbours_say(
    columns: Sequence[Column], names: Sequence[str], asked: Mapping[str, str]
) -> list[Column]:
    """Columns whose name means something else beside certain others.

    Outlook's "Title" is Dr or Mrs; German Thunderbird's "Geburtstag" is the day of the month.
    """
    kinds = {column.kind for column in columns}
    of_no_group = {column.kind for column in columns if not column.group}
    has_year = "birth year" in kinds
    made = []
    for column, name in zip(columns, names, strict=True):
        kind = column.kind
        if name not in asked:
            if name == "title" and "job title" in names:
                kind = "custom"
            elif kind in {"birth month", "birth day"} and not has_year:
                kind = None
            elif kind == "address" and "city" in of_no_group and "street" not in of_no_group:
                kind = "street" if not column.group else kind
            elif kind == "birthday" and has_year and "birth day" not in kinds:
                kind = "birth day"
        made.append(column.replace(kind=kind))
    return made


def with_guesses(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> tuple[Column, ...]:
    """The columns, those without a known name taken for what most of their cells look like."""
    rows = list(rows)
    has_name = any(column.kind in WHO - {"email"} for column in columns)
    made = []
    for column in columns:
        if column.kind is not None:
            made.append(column)
            continue
        cells = [row[column.place].strip() for row in rows if column.place < len(row)]
        cells = [cell for cell in cells if cell]
        kind = _look(column.header, cells) if cells else None
        if kind is None and not has_name and cells and _most(cells, _looks_like_name):
            kind, has_name = "name", True
        made.append(column.replace(kind=kind, is_guess=kind is not None))
    return tuple(made)


def _look(header: str, cells: Sequence[str]) -> str | None:
    """What a column of these cells holds, where that can be seen."""
    if _most(cells, lambda cell: "@" in cell and bool(sorted_addresses([cell])[0])):
        return "email"
    if _most(cells, lambda cell: bool(re.match(r"(?i)(?:https?://|www\.)\S+\Z", cell))):
        return "link"
    if _most(cells, _is_date):
        return "custom"
    if _most(cells, _looks_like_number):
        return "custom" if _NO_VOICE.search(header) else "telephone"
    if _most(cells, lambda cell: bool(re.fullmatch(r"[A-Z][A-Za-z]+/[A-Z][A-Za-z_/]+", cell))):
        return "timezone"
    return None


def _most(cells: Sequence[str], test: Callable[[str], bool]) -> bool:
    return sum(map(test, cells)) >= _GUESSED_OF * len(cells)


def _is_date(cell: str) -> bool:
    try:
        return read_date(cell, day_first=True).day is not None
    except ValueError:
        return False


def _looks_like_number(cell: str) -> bool:
    """A telephone number: international, or with what people put between its groups."""
    if not re.fullmatch(r"\+?[\d\s()/.-]+", cell):
        return False
    digits = sum(sign.isdigit() for sign in cell)
    is_written_so = cell.startswith(("+", "00", "(", "0")) or bool(re.search(r"\d[ /-]\d", cell))
    return digits >= _DIGITS_OF_NUMBER and is_written_so


_MOST_WORDS: Final = 5


def _looks_like_name(cell: str) -> bool:
    words = cell.replace(",", " ").split()
    is_written_so = all(word[0].isupper() and not re.search(r"\d", word) for word in words)
    return 1 < len(words) <= _MOST_WORDS and is_written_so


def find_header(rows: Iterable[Sequence[str]], given: Mapping[str, str]) -> tuple[int, int]:
    """Which row is the header: the one with most known columns; and how many it has.

    A row counts only where one of its columns says who somebody is. Exports put notes before it
    (LinkedIn), and reports a title.
    """
    best, most = -1, 0
    for at, row in enumerate(rows):
        columns = read_columns(row, given)
        if not any(column.kind in WHO for column in columns):
            continue
        known = sum(column.kind is not None for column in columns)
        if known > most:
            best, most = at, known
    return best, most
