"""A person or organization as another program has them, on the way into a file of ours."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any, Final, Literal, TypeAlias

from briefgen.contacts.book import name_key
from briefgen.contacts.dates import PartialDate
from briefgen.contacts.exchange.text import one_line, some_lines
from briefgen.contacts.search import digits_of
from briefgen.workspace.addresses import exact_address
from briefgen.workspace.built_in import read_built_in
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

Pairs: TypeAlias = tuple[tuple[str, str], ...]
"""Texts under labels of their own."""


class Past(Value, frozen=True, kw_only=True):
    """A dated contact with somebody, as another program has it."""

    date: date
    channel: str = "meeting"
    summary: str
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """What a card, row or note says of a person or an organization.

    Attributes:
        line: where it begins in its file, counted from 1.
        source: the name of that file.
        uid: what the other program knows it by, where it says so.
        life_events: dates with what happened then.
        links: addresses on the web, each with its label.
        custom: what has a label of its own and no other field.
        photo: a picture as it came, unchecked.
        remarks: what of it is not taken, and why.
    """

    line: int
    name: str
    kind: Literal["person", "organization"] = "person"
    source: str = ""
    uid: str = ""
    emails: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    organization: str | None = None
    title: str | None = None
    telephones: tuple[str, ...] = ()
    timezone: str | None = None
    pronouns: str | None = None
    language: str | None = None
    country: str | None = None
    address: str | None = None
    birthday: PartialDate | None = None
    life_events: tuple[tuple[PartialDate, str], ...] = ()
    interests: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    links: Pairs = ()
    custom: Pairs = ()
    interactions: tuple[Past, ...] = ()
    notes: str | None = None
    photo: bytes | None = field(default=None, repr=False)
    remarks: tuple[str, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """The name and its other forms, as names are compared."""
        return frozenset(name_key(name) for name in (self.name, *self.aliases))

    def joined(self, other: "Incoming") -> "Incoming":
        """This person with what another card or row of the same person adds."""
        fields: dict[str, Any] = {n: getattr(self, n) or getattr(other, n) for n in SINGLE}
        for name in SEVERAL:
            both = (*getattr(self, name), *getattr(other, name))
            fields[name] = tuple(dict.fromkeys(both))
        notes = dict.fromkeys(text for text in (self.notes, other.notes) if text)
        remarks = (*self.remarks, *other.remarks, *self._given_way(other))
        return replace(
            self,
            **fields,
            custom=combined((*self.custom, *other.custom)),
            notes="\n\n".join(notes) or None,
            photo=self.photo or other.photo,
            remarks=remarks,
        ).without_doubles()

    def without_doubles(self) -> "Incoming":
        """The same, with each number and tag once, however it is spelled."""
        numbers = {digits_of(number): number for number in reversed(self.telephones)}
        tags = {tag.casefold(): tag for tag in reversed(self.tags)}
        return replace(
            self,
            telephones=tuple(reversed(numbers.values())),
            tags=tuple(reversed(tags.values())),
        )

    def _given_way(self, other: "Incoming") -> Iterable[str]:
        """What the other card says that this one says differently, and is not taken."""
        for name in SINGLE:
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine is not None and theirs is not None and str(mine) != str(theirs):
                yield f"{name} '{theirs}' of line {other.line} is not taken; '{mine}' stays"
        if self.photo and other.photo and self.photo != other.photo:
            yield f"photo of line {other.line} is not taken; there is one already"

    @property
    def given(self) -> tuple[str, ...]:
        """The names of the fields that are filled."""
        names = (*SINGLE, *SEVERAL, "custom", "notes", "photo")
        return tuple(name for name in names if getattr(self, name))


SINGLE: Final = (
    "organization", "title", "timezone", "pronouns", "language", "country", "address", "birthday",
)  # fmt: skip
"""The fields of which a person has one."""
SEVERAL: Final = (
    "emails", "aliases", "telephones", "life_events", "interests", "tags", "links", "interactions",
)  # fmt: skip
"""The fields of which a person may have several."""


class Refused(Value, frozen=True, kw_only=True):
    """A card or row that cannot be taken at all: where it begins, and why."""

    line: int
    reason: str
    source: str = ""


class Place(Value, frozen=True, kw_only=True):
    """Where a column or property of the file goes.

    Attributes:
        source: what the file calls it.
        field: the field of a contact file; None where it is not taken.
        is_guess: whether only its content says what it is.
        file: the name of the file it is of.
    """

    source: str
    field: str | None
    is_guess: bool = False
    file: str = ""

    def __str__(self) -> str:
        if self.field is None:
            return Phrase("{source} → not taken", source=self.source)
        if self.is_guess:
            return Phrase("{source} → {field} (a guess)", source=self.source, field=self.field)
        return f"{self.source} → {self.field}"


class Remark(Value, frozen=True, kw_only=True):
    """What the user should know of the file as a whole."""

    text: str
    file: str = ""


Item: TypeAlias = Incoming | Refused | Place | Remark
"""What an importer reads from a file."""


def turned_name(name: str) -> str:
    """`Smith, Dana` as people say it; what else stands behind a comma (`Smith, Jr.`) stays."""
    last, comma, first = (part.strip() for part in name.partition(","))
    words = f"{last} {first}".split()
    if not comma or not (last and first) or len(words) > _MOST_WORDS or "," in first:
        return name
    added = read_built_in("brief/parties.yaml")["after_a_comma"]
    if any(re.search(r"[\d&@/]", word) or word.casefold().strip(".") in added for word in words):
        return name
    return f"{first} {last}"


def combined(pairs: Iterable[tuple[str, str]]) -> Pairs:
    """Pairs of which each label stands once, with all that is said under it."""
    made: dict[str, dict[str, None]] = {}
    for label, text in pairs:
        if label and text:
            made.setdefault(label, {})[text] = None
    return tuple((label, ", ".join(texts)) for label, texts in made.items())


def event_note(label: str) -> str:
    """What happened on a date that an address book labels."""
    common = {"Anniversary", "Birthday", "Graduated", "Other"}
    return (label.casefold() if label in common else label) or "a date in the address book"


_MOST_WORDS: Final = 5
_BRACKETED = re.compile(r"\A[^<>]*<\s*([^<>]+?)\s*>\s*\Z")
_EXCHANGE = re.compile(r"(?i)\A/o=[^/]+/")


def sorted_addresses(given: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Exact addresses, each once; and a remark for each text that is none.

    A text may hold several, separated by commas, semicolons or ` ::: `, and names beside them:
    `Ada Okafor <ada@acme.example>`.
    """
    addresses: dict[str, None] = {}
    remarks: dict[str, None] = {}
    for text in given:
        flat = one_line(text)
        found, rest = _addresses(flat)
        addresses |= dict.fromkeys(found)
        if _EXCHANGE.match(flat):
            remarks["an address inside Exchange (/o=…) says nothing outside it"] = None
        else:
            remarks |= dict.fromkeys(f"not an email address: '{one[:80]}'" for one in rest)
    return tuple(addresses), tuple(remarks)


def _addresses(text: str) -> tuple[list[str], list[str]]:
    """The addresses in a text, and the pieces of it that are none."""
    found, rest = [], []
    for part in re.split(r"\s*(?::::|[;,])\s*", text) if text.count("@") != 1 else [text]:
        inner = bracketed[1] if (bracketed := _BRACKETED.match(part)) else part
        try:
            found.append(exact_address(inner))
        except ValueError:
            pieces = re.split(r"[\s;,]+", inner)
            exact = [made for piece in pieces if (made := _exact(piece))]
            found += exact
            if not exact and part:
                rest.append(part)
    return found, rest


def _exact(text: str) -> str | None:
    try:
        return exact_address(text.strip("<>()'\""))
    except ValueError:
        return None


EVERYBODY: Final = frozenset({"mycontacts", "starred", "my contacts", "*"})
"""Groups that Google puts everybody into."""
NO_YEAR: Final = frozenset({0, 1604})
"""Years that stand for none: Apple's 1604, which is a leap year, and 0000."""

_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T.*)?\Z")
_EXTENDED = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ].*)?\Z")
_YEARLESS = re.compile(r"--?(\d{2})-?(\d{2})(?:T.*)?\Z")
_MONTH_DAY = re.compile(r"\d{2}-\d{2}\Z")
_WEEKDAY = re.compile(r"\A[^\W\d_]{2,12}\.?,\s+(?=\S)")
_YEAR = re.compile(r"\d{4}\Z")
_YEAR_MONTH = re.compile(r"(\d{4})-(\d{2})\Z")
_DOTTED = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4}|\d{2})?\Z")
_SLASHED = re.compile(r"(\d{1,2})([/-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?: .*)?\Z")
_WORDED = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th|er)?[-. ]\s*(?:de )?(?P<month>[^\W\d_]{3,12})\.?"
    r"|(?P<month2>[^\W\d_]{3,12})\.? (?P<day2>\d{1,2})(?:st|nd|rd|th)?)"
    r"(?:(?:,|[-. ]| de )\s*(?P<year>\d{4}|\d{2}))?\Z"
)
_JAPANESE = re.compile(r"(?:(\d{4})年\s*)?(\d{1,2})月\s*(\d{1,2})日\Z")
_MONTHS_OF_A_YEAR = 12
_SHORT_YEAR = 2
_PIVOT: Final = 30
"""Two digits below this are a year of this century: birthdays lie behind us."""


class TwoDates(ValueError):  # noqa: N818  # names what is wrong
    """A date that could be two; the user can say which."""


def read_date(  # noqa: PLR0911  # one for each form
    given: str, *, day_first: bool | None = None
) -> PartialDate:
    """A date as vCards (RFC 6350, 4.3.1) and spreadsheets write it.

    `day_first` settles what `03/04/1985` means; without it only what can mean one thing is read.

    Raises:
        TwoDates: where it could be two.
        ValueError: where it is no date that a contact file can hold, like `circa 1980`.
    """
    text = given.strip()
    if parts := _COMPACT.match(text):
        return _whole(int(parts[1]), int(parts[2]), int(parts[3]))
    if parts := _EXTENDED.match(text):
        return _whole(int(parts[1]), int(parts[3]), int(parts[4]))
    if parts := _YEARLESS.match(text):
        return PartialDate.parse(f"{parts[1]}-{parts[2]}")
    text = _WEEKDAY.sub("", text)
    if _YEAR.match(text) or _YEAR_MONTH.match(text) or _MONTH_DAY.match(text):
        return PartialDate.parse(text)
    if parts := _DOTTED.match(text):
        year = _full_year(parts[3]) if parts[3] else 0
        return _whole(year, int(parts[2]), int(parts[1]))
    if parts := _SLASHED.match(text):
        year = _full_year(parts[4]) if parts[4] else 0
        return _two_orders(int(parts[1]), int(parts[3]), year, text, day_first=day_first)
    if (parts := _WORDED.match(text)) and (
        month := _months().get((parts["month"] or parts["month2"]).casefold())
    ):
        year = _full_year(parts["year"]) if parts["year"] else 0
        return _whole(year, month, int(parts["day"] or parts["day2"]))
    if parts := _JAPANESE.match(text):
        return _whole(int(parts[1] or 0), int(parts[2]), int(parts[3]))
    raise ValueError(f"not a date that can be kept: '{one_line(text)[:40]}'")


def _whole(year: int, month: int, day: int) -> PartialDate:
    shown = "" if year in NO_YEAR else f"{year:04}-"
    return PartialDate.parse(f"{shown}{month:02}-{day:02}")


def _full_year(digits: str) -> int:
    if len(digits) > _SHORT_YEAR:
        return int(digits)
    return int(digits) + (2000 if int(digits) < _PIVOT else 1900)


@cache
def _months() -> Mapping[str, int]:
    """The months by their names and short forms, in the languages of the page."""
    from babel import Locale  # noqa: PLC0415  # rarely needed

    made: dict[str, int] = {}
    for language in ("en", "de", "fr", "es", "it", "nl", "pt", "ar"):
        for forms in Locale.parse(language).months.values():
            for width in ("wide", "abbreviated"):
                for number, name in forms[width].items():
                    made.setdefault(name.casefold().rstrip("."), number)
    return made


@dataclass(kw_only=True)
class Reading:
    """What of a card or row is not taken as it stands.

    Attributes:
        remarks: each of them, and why.
        to_notes: what a contact file has no field for; it goes to the notes.
    """

    remarks: list[str] = field(default_factory=list)
    to_notes: list[str] = field(default_factory=list)

    def date(self, kind: str, given: str, *, day_first: bool | None = None) -> PartialDate | None:
        """The date that is given as a person's `kind`: birthday or another; as `read_date`."""
        try:
            made = read_date(given, day_first=day_first)
            if kind == "birthday" and made.month is None:
                raise ValueError("a year alone is no birthday")  # noqa: TRY301  # told as the others
        except TwoDates as error:
            self.remarks.append(f"{kind}: {error}")
        except ValueError as error:
            self.remarks.append(f"{kind}: {error}; it goes to the notes")
            self.to_notes.append(f"{kind}: {one_line(given)}")
        else:
            return made
        return None

    def notes(self, given: Iterable[str]) -> str | None:
        """The notes that are given, and what has no other place."""
        text = "\n\n".join((*given, *self.to_notes))
        made = some_lines(text)
        if len(text.strip()) > len(made) + _CUT:
            self.remarks.append(f"the notes are cut after {len(made):,} characters")
        return made or None


_CUT: Final = 2_000
"""A loss of more characters than this is no tidying of spaces."""


def _two_orders(
    one: int, two: int, year: int, given: str, *, day_first: bool | None
) -> PartialDate:
    if day_first is None:
        if one <= _MONTHS_OF_A_YEAR and two <= _MONTHS_OF_A_YEAR and one != two:
            raise TwoDates(f"'{given}' could be two days; say --dates month-first or day-first")
        day_first = one > _MONTHS_OF_A_YEAR
    return _whole(year, two, one) if day_first else _whole(year, one, two)
