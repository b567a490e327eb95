"""What the columns of a table are: by their names, or if those are unknown, by their content.

What columns are called is data: `columns.yaml` and `column_words.yaml` beside this module.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from briefgen.contacts.exchange.person import Place
from briefgen.contacts.exchange.values import read_date, sorted_addresses
from briefgen.workspace.built_in import read_built_in
from briefgen.workspace.phrase import one_line
from briefgen.workspace.value import Value

PARTS: Final = ("street", "postal code", "city", "region", "land")
"""The parts of a postal address, in the order in which they are written."""
_INTO: Final[Mapping[str, str | None]] = {
    **dict.fromkeys(
        ("name", "first name", "middle name", "last name", "suffix", "file as"), "name"
    ),
    "alias": "aliases", "email": "emails", "organization": "organization",
    "second organization": "organization", "title": "title", "second title": "title",
    "telephone": "telephones", "timezone": "timezone", "pronouns": "pronouns",
    "language": "language", "country": "country", "address": "address",
    **dict.fromkeys(("street", "city", "region", "postal code", "land"), "address"),
    **dict.fromkeys(("birthday", "birth year", "birth month", "birth day"), "birthday"),
    "anniversary": "life_events", "event": "life_events", "interest": "interests", "tag": "tags",
    "link": "links", "custom": "custom", "notes": "notes", "none": None,
}  # fmt: skip
"""The field of a contact file that each kind of column goes into; `none` is not taken."""
FIELDS: Final = tuple(kind for kind in _INTO if kind != "event")
"""What the user can say a column is."""
WHO: Final = frozenset({"name", "first name", "last name", "email", "file as"})
"""A table of people has at least one of these columns."""
_NAMES: Final = WHO - {"email"}
_OF_GROUPS: Final = frozenset({*PARTS, "address", "telephone", "email", "link", "custom"})
"""Kinds that people have at home and at work, whose names take a word like `home`."""

_PAIR: Final = re.compile(r"(?P<what>.+?) (?P<number>\d+) ?[-–:] ?(?P<side>.+)\Z")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_BEFORE: Final = re.compile(
    r"(?:(?:what(?:'s| is) )?your|person|contact|lead|kontakt|task|organi[sz]ation|company|account"
    r"|client|customer|guest|invitee|attendee|kunden|cf) (?:- )?(?=\w)"
)
_ASIDE: Final = re.compile(r" ?\([^()]*\)\Z| - [^-]*\Z")
"""An explanation after the name of a column: "Birthday (MM/DD)"."""
_NO_VOICE: Final = re.compile(
    r"(?i)fax|pager|télécop|telex|ass(?:is)?t|pieper|semafoon|cercapersone|busca|faks|ファックス"
    r"|ポケットベル|فاكس|النداء"
)
_GUESSED_OF: Final = 0.8
"""The least share of cells that must look like a kind for a column to be taken for it."""
_DIGITS_OF_NUMBER: Final = 7
_MOST_WORDS: Final = 5


class Column(Value, frozen=True, kw_only=True):
    """A column of a table.

    Attributes:
        place: which it is, counted from 0.
        header: what the table calls it.
        kind: one of `FIELDS`, or `event`; None if it is unknown. group: which address its part of
            one belongs to, like `home`.
        label_at: the columns that say what the value of this one is.
        is_label: whether it is such a column itself.
    """

    place: int
    header: str
    kind: str | None = None
    group: str = ""
    label_at: tuple[int, ...] = ()
    is_label: bool = False
    is_guess: bool = False

    @property
    def label(self) -> str:
        """What its values are called if they keep a label."""
        if self.header.casefold() == "title":
            return "Salutation"  # Outlook's, beside "Job Title"
        pair = _PAIR.match(self.header)
        shown = pair["side"] if pair and pair["side"].casefold() not in _sides() else self.header
        shown = pair["what"] if pair and shown == self.header else shown
        return re.sub(r"(?i)\A(?:organization |(?:person|contact) - )(?=\w)", "", shown)

    @property
    def names_a_service(self) -> bool:
        """Whether the name of a column of links says more than that they are links."""
        return self.is_guess or not column_words("services").keys().isdisjoint(
            _flat(self.header).split()
        )

    @property
    def destination(self) -> Place:
        """The field it goes into, for the plan."""
        field = _INTO.get(self.kind) if self.kind else None
        return Place(
            source=self.header or f"column {self.place + 1}", field=field, is_guess=self.is_guess
        )


@cache
def _known() -> Mapping[str, str]:
    """What the columns of the known exports hold, by their names as they are compared."""
    named: dict[str, dict[str, list[str]]] = read_built_in("contacts/exchange/columns.yaml")
    found: dict[str, str] = {}
    for kinds in named.values():
        for kind, names in kinds.items():
            found |= {form: kind for name in names for form in (name.casefold(), _plain(name))}
    return found


@cache
def column_words(kind: str) -> dict[str, str]:
    """The words of one kind in `column_words.yaml`, the longest first, each with its group."""
    named: dict[str, list[str]] = read_built_in("contacts/exchange/column_words.yaml")[kind]
    groups = {word.casefold(): group for group, words in named.items() for word in words}
    return {word: groups[word] for word in sorted(groups, key=len, reverse=True)}


def distinguishes_number(label: str) -> bool:
    """Whether a label or header says which of several numbers it is, not only that it is one."""
    plain = _plain(_flat(_CAMEL.sub(" ", label)))
    known = column_words("telephones")
    return not {plain, _without_noise(plain), plain.removesuffix("s")} & known.keys()


def is_own_label(label: str) -> bool:
    """Whether a label is the user's own, not a common word like `Mobile`."""
    return distinguishes_number(label) and label.casefold() not in column_words("groups")


def _sides() -> Mapping[str, str]:
    return column_words("pairs")


def read_columns(header: Sequence[str], given: Mapping[str, str]) -> tuple[Column, ...]:
    """What each column is, if its name says so; `given` takes precedence."""
    asked = {_flat(name): kind for name, kind in given.items()}
    labels: dict[str, list[int]] = {}
    columns = []
    for place, cell in enumerate(header):
        shown = one_line(cell).strip()
        name = _flat(shown)
        kind = asked.get(name)
        column = Column(place=place, header=shown, kind=kind) if kind else _column(place, shown)
        if column.is_label and (pair := _PAIR.match(name)):
            labels.setdefault(f"{pair['what']} {pair['number']}", []).append(place)
        columns.append(column)
    columns = [_with_labels(column, labels) for column in columns]
    return tuple(_as_neighbours_say(_with_groups(columns), frozenset(asked)))


def _flat(name: str) -> str:
    return one_line(name).casefold().strip(" *:!…")


def _plain(name: str) -> str:
    """A name without numbers and punctuation, as names are compared."""
    flat = re.sub(r"(?<=\w)[_.](?=\w)|[:/–]| - ", " ", name.casefold())  # `Account.Name`
    return " ".join(re.sub(r"\b\d+\b", " ", flat).split()).strip(" *.-?")


def _column(place: int, header: str) -> Column:
    """A column by its name alone."""
    column = Column(place=place, header=header)
    name = _flat(header)
    if (pair := _PAIR.match(name)) and (found := _of_pair(column, pair)):
        return found
    split = _flat(_CAMEL.sub(" ", header)) if " " not in header else name
    for form in _forms(name, split):
        if (kind := _known().get(form)) is not None:
            return column.replace(kind="custom" if kind == "event" else kind)
    for form in dict.fromkeys((_plain(split), _BEFORE.sub("", _plain(split), count=1))):
        if (kind_and_group := _of_group(form)) is not None:
            kind, group = kind_and_group
            return column.replace(kind=kind, group=group)
    aside = _ASIDE.sub("", header)
    if aside not in {"", header}:
        found = _column(place, aside).replace(header=header)
        is_no_voice = found.kind == "telephone" and _NO_VOICE.search(header)
        return found.replace(kind="custom") if is_no_voice else found
    return column


def _forms(name: str, split: str) -> Iterator[str]:
    """The forms of a name under which it may be known, the exact one first."""
    yield from (name, split)
    for form in dict.fromkeys((_plain(split), _BEFORE.sub("", _plain(split), count=1))):
        bare = _without_noise(form)
        yield from (form, bare, re.sub(r"(?<=\D)\d+\Z", "", bare))
        if bare.endswith("s"):  # what a column of several is called for one
            yield from (bare[:-1], bare.removesuffix("es"), f"{bare.removesuffix('ies')}y")
            yield _without_noise(bare[:-1])
    if "/" in name:  # "Company / Org."
        yield _plain(name.partition("/")[0])


def _without_noise(name: str) -> str:
    """A name without words that say nothing at its ends, as in "Mobile no." and "de trabajo"."""
    words = name.split()
    noise = column_words("noise")
    while len(words) > 1 and words[-1].strip(".") in noise:
        words.pop()
    while len(words) > 1 and words[0].strip(".") in noise:
        words.pop(0)
    return " ".join(words)


def _of_pair(column: Column, pair: re.Match[str]) -> Column | None:
    """A column like `Phone 1 - Value`, of Google: what it is, and which side of the pair."""
    what, side = pair["what"], pair["side"]
    kind = _known().get(what) or _known().get(_plain(what))
    role = _sides().get(side)
    group = f"{what} {pair['number']}"
    is_address = kind in {"address", "street"}
    is_of_parts = is_address or kind == "organization"
    if kind is None or not (role or is_of_parts):
        return None
    side = _plain(side)
    part = _known().get(f"{what} {side}") or _known().get(side)
    if role == "label":
        is_kept = kind in {"link", "event", "custom", "telephone"}
        return column.replace(kind=kind if is_kept else "none", is_label=True, group=group)
    if is_address:
        found = "address" if role or side in column_words("formatted") else part or "street"
        return column.replace(kind=found if found in {*PARTS, "address"} else "street", group=group)
    if role == "value":
        return column.replace(kind=kind, group=group)
    return column.replace(kind=part or "none")


def _of_group(name: str) -> tuple[str, str] | None:
    """A column like `Home City`: what it holds, and at which of several places."""
    for word, group in column_words("groups").items():
        rest = ""
        if name.startswith(word):
            rest = name[len(word) :]
        elif name.endswith((f" {word}", f"({word})")):
            rest = name[: -len(word) - 1].rstrip("(")
        elif not word.isascii() and word in name:  # Arabic and Japanese need no blank between
            rest = name.replace(word, " ")
        rest = _without_noise(rest.strip(" :-()'’"))
        if rest and (inner := _of_group(rest)) is not None:  # "Primary Address Street"
            return inner[0], group
        kind = _known().get(rest)
        if kind in _OF_GROUPS:
            return ("street" if kind == "address" else kind), group
    return None


def _with_labels(column: Column, labels: Mapping[str, Sequence[int]]) -> Column:
    """Google's pairs: each value with the columns that say what it is, the more specific first."""
    found = () if column.is_label else labels.get(column.group, ())
    return column.replace(label_at=tuple(reversed(found))) if found else column


def _with_groups(columns: Sequence[Column]) -> list[Column]:
    """Parts of an address without a group belong to the one next to them (Thunderbird)."""
    made: list[Column] = []
    group, seen = "", set[str | None]()
    for column in columns:
        if column.kind not in PARTS:
            group = group if column.kind is None else ""
        elif column.group not in {"", group} or column.kind in seen:
            group, seen = column.group, set()
        seen.add(column.kind)
        made.append(column.replace(group=group) if column.kind in PARTS else column)
    return made


def _as_neighbours_say(columns: Sequence[Column], asked: frozenset[str]) -> Iterator[Column]:
    """Columns whose name means something else next to certain others.

    Outlook's "Title" is Dr or Mrs; German Thunderbird's "Geburtstag" is the day of the month;
    "Apelido" is the last name in Portugal, and a nickname in Brazil.
    """
    kinds = {column.kind for column in columns}
    names = {_flat(column.header) for column in columns}
    of_no_group = {column.kind for column in columns if not column.group}
    has_contact = any(
        c.kind == "name" and _plain(_flat(c.header)) in column_words("contacts") for c in columns
    )
    for column in columns:
        kind, name = column.kind, _flat(column.header)
        if name in asked:
            pass
        elif name == "title" and "job title" in names:
            kind = "custom"
        elif kind == "name" and _plain(name) not in column_words("contacts") and has_contact:
            kind = "custom" if "organization" in kinds else "organization"
        elif name in column_words("clients") and any(
            c.kind in _NAMES for c in columns if c != column
        ):
            kind = "organization"
        elif name in {"apelido", "apelidos"} and kinds.isdisjoint({"last name", "name"}):
            kind = "last name"
        elif kind in {"birth month", "birth day"} and "birth year" not in kinds:
            kind = None
        elif kind == "address" and "city" in of_no_group and "street" not in of_no_group:
            kind = "street" if not column.group else kind
        elif kind == "birthday" and "birth year" in kinds and "birth day" not in kinds:
            kind = "birth day"
        yield column.replace(kind=kind)


def with_guesses(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> tuple[Column, ...]:
    """The columns; the kind of one without a known name is what most of its cells look like."""
    rows = list(rows)
    has_name = any(column.kind in _NAMES for column in columns)
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
    """What a column of these cells holds, if it can be recognised."""
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


def _looks_like_name(cell: str) -> bool:
    words = cell.replace(",", " ").split()
    is_written_so = all(word[0].isupper() and not re.search(r"\d", word) for word in words)
    return 1 < len(words) <= _MOST_WORDS and is_written_so


def find_header(rows: Iterable[Sequence[str]], given: Mapping[str, str]) -> tuple[int, int]:
    """Which row is the header: the one with most known columns; and how many it has.

    A row counts only if one of its columns names a person, or it is a table of organizations.
    Exports put notes before it (LinkedIn), and reports a title.
    """
    best, most = -1, 0
    for at, row in enumerate(rows):
        columns = read_columns(row, given)
        kinds = {column.kind for column in columns} - {None}
        known = sum(column.kind is not None for column in columns)
        is_of_organizations = "organization" in kinds and len(kinds - {"none"}) > 1
        if known > most and (kinds & WHO or is_of_organizations):
            best, most = at, known
    return best, most
