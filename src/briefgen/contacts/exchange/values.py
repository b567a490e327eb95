"""Values from other programs, converted for the fields of a contact file."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from briefgen.contacts.dates import PartialDate
from briefgen.contacts.exchange.person import SEVERAL, SINGLE, Incoming, combined
from briefgen.workspace.addresses import exact_address
from briefgen.workspace.built_in import read_built_in
from briefgen.workspace.phrase import one_line, some_lines


def web_address(text: str) -> str | None:
    """The address of a web page, which people write without `https://`; else None."""
    if re.match(r"(?i)(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:/\S*)?\Z", text):
        return f"https://{text}"
    return text if re.match(r"(?i)https?://[^\s/]\S*\Z", text) else None


def turned_name(name: str) -> str:
    """`Smith, Dana` as `Dana Smith`, a title first; another comma (`Smith, Jr.`) stays."""
    last, _, first = (part.strip() for part in name.partition(","))
    if not (last and first) or "," in first or re.search(r"[\d&@/]", name):
        return name
    titles, family = _without_titles(last)
    also_titles, given = _without_titles(first)
    words = [*family, *given]
    if len(words) > _MOST_WORDS:
        return name
    if family[1:] and _bare(family[-1]) in _GENERATIONS:
        words.remove(family[-1])
    added = read_built_in("brief/parties.yaml")["after_a_comma"]
    if any(_bare(word) in added for word in words[1:]):
        return name
    return " ".join((*titles, *also_titles, *given, *family))


def _without_titles(part: str) -> tuple[list[str], list[str]]:
    """The titles before a name (`Prof. Dr. med.`), and its other words."""
    honorifics = read_built_in("brief/word_lists.yaml")["honorifics"]
    words = part.split()
    at = 0
    while at < len(words) - 1 and (
        _bare(words[at]) in honorifics or (at and re.fullmatch(r"[a-z]+\.", words[at]))
    ):
        at += 1
    return words[:at], words[at:]


def _bare(word: str) -> str:
    return word.casefold().strip(".")


def whole_name(given: str, middle: str, family: str) -> str:
    """The parts in order; Chinese, Japanese and Korean names begin with the family's."""
    if re.match(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", family):
        return one_line(f"{family} {given}")
    return one_line(f"{given} {middle} {family}")


def address_of(street: str, code: str, city: str, region: str, land: str) -> str:
    """A postal address on one line."""
    town = " ".join(part for part in (code, city) if part)
    return ", ".join(part for part in (street, town, region, land) if part)


def event_note(label: str) -> str:
    """What happened on a date that an address book labels."""
    common = {"Anniversary", "Birthday", "Graduated", "Other"}
    return (label.casefold() if label in common else label) or "a date in the address book"


_MOST_WORDS: Final = 5
_GENERATIONS: Final = frozenset({"jr", "sr", "ii", "iii", "iv"})
_BRACKETED = re.compile(r"\A[^<>]*<\s*([^<>]+?)\s*>\s*\Z")
_EXCHANGE = re.compile(r"(?i)\A/o=[^/]+/")


def sorted_addresses(given: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Exact addresses, each once; and a remark for each text that is not one.

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
    """The addresses in a text, and the pieces of it that are not."""
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
"""Groups that Google puts everyone into."""
NO_YEAR: Final = frozenset({0, 1604})
"""Years that stand for no year: Apple's 1604, which is a leap year, and 0000."""

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
_MONTH_OF_YEAR = re.compile(r"(?P<month>[^\W\d_]{3,12})\.?,? (?P<year>\d{4})\Z")
_JAPANESE = re.compile(r"(?:(\d{4})年\s*)?(\d{1,2})月\s*(\d{1,2})日\Z")
_MONTHS_OF_A_YEAR = 12
_SHORT_YEAR = 2
_PIVOT: Final = 30
"""Two digits below this are a year of this century: birthdays are in the past."""


class TwoDates(ValueError):  # noqa: N818  # names what is wrong
    """A date that could be two; the user can say which."""


def read_date(  # noqa: PLR0911  # one for each form
    given: str, *, day_first: bool | None = None
) -> PartialDate:
    """A date as vCards (RFC 6350, 4.3.1) and spreadsheets write it.

    `day_first` decides what `03/04/1985` means; without it only unambiguous dates are read.

    Raises:
        TwoDates: if it could be two.
        ValueError: if it is not a date that a contact file can hold, like `circa 1980`.
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
    if (parts := _WORDED.match(text)) and (month := month_named(parts["month"] or parts["month2"])):
        year = _full_year(parts["year"]) if parts["year"] else 0
        return _whole(year, month, int(parts["day"] or parts["day2"]))
    if (parts := _MONTH_OF_YEAR.match(text)) and (month := month_named(parts["month"])):
        return PartialDate(year=int(parts["year"]), month=month)
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


def month_named(word: str) -> int | None:
    """The number of a month, by its name or short form in a language of the page."""
    return _months().get(word.casefold().rstrip("."))


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
    """What a card, row or note says besides plain fields.

    Attributes:
        custom: labelled texts.
        remarks: what is not taken as it is written, and why.
        to_notes: what a contact file has no field for; it goes to the notes.
    """

    custom: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    to_notes: list[str] = field(default_factory=list)

    def keep(self, label: str, texts: Iterable[str]) -> None:
        """Keep texts for which there is no field under this label."""
        self.custom += ((label, text) for text in texts)

    def person(
        self,
        line: int,
        name: str,
        *,
        notes: Iterable[str] = (),
        **fields: Any,  # noqa: ANN401  # of `Incoming`
    ) -> Incoming:
        """The person or organization with these fields; empty texts are left out."""
        for one, value in fields.items():
            if one in SEVERAL:
                fields[one] = tuple(dict.fromkeys(value))
            elif one in SINGLE:
                fields[one] = value or None
        whole = self.notes(notes)
        return Incoming(
            line=line,
            name=name,
            notes=whole,
            custom=combined(self.custom),
            remarks=tuple(dict.fromkeys(self.remarks)),
            **fields,
        )

    def emails(self, given: Iterable[str]) -> tuple[str, ...]:
        """The exact addresses in texts, as `sorted_addresses`."""
        addresses, remarks = sorted_addresses(given)
        self.remarks += remarks
        return addresses

    def date(self, kind: str, given: str, *, day_first: bool | None = None) -> PartialDate | None:
        """A date, read by `read_date`; `kind` is birthday or another, for the remarks."""
        try:
            made = read_date(given, day_first=day_first)
            if kind == "birthday" and made.month is None:
                raise ValueError("a year alone is no birthday")  # noqa: TRY301  # reported like the others
        except TwoDates as error:
            self.remarks.append(f"{kind}: {error}")
        except ValueError as error:
            self.remarks.append(f"{kind}: {error}; it goes to the notes")
            self.to_notes.append(f"{kind}: {one_line(given)}")
        else:
            return made
        return None

    def zone(self, given: str) -> str | None:
        """A zone of the zone database, also as HubSpot writes it; an offset is not one."""
        if "_slash_" in given:
            given = "/".join(part.title() for part in given.split("_slash_"))
            given = re.sub(r"_(\w)", lambda m: f"_{m[1].upper()}", given)
        try:
            ZoneInfo(given)
        except (KeyError, ValueError, OSError):
            if given:
                self.remarks.append(f"time zone '{given[:40]}' is not one like Europe/Berlin")
            return None
        return given or None

    def notes(self, given: Iterable[str]) -> str | None:
        """The given notes, and what has no other place."""
        text = "\n\n".join((*given, *self.to_notes))
        made = some_lines(text)
        if len(text.strip()) > len(made) + _CUT:
            self.remarks.append(f"the notes are cut after {len(made):,} characters")
        return made or None


_CUT: Final = 2_000
"""If more characters than this are lost, more than spaces were removed."""


def _two_orders(
    one: int, two: int, year: int, given: str, *, day_first: bool | None
) -> PartialDate:
    if day_first is None:
        if one <= _MONTHS_OF_A_YEAR and two <= _MONTHS_OF_A_YEAR and one != two:
            raise TwoDates(f"'{given}' could be two days; say --dates month-first or day-first")
        day_first = one > _MONTHS_OF_A_YEAR
    return _whole(year, two, one) if day_first else _whole(year, one, two)
