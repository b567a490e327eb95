"""A person as another address book has them, on the way into a contact file."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from briefgen.contacts.book import name_key
from briefgen.contacts.dates import PartialDate
from briefgen.contacts.exchange.text import one_line, some_lines
from briefgen.workspace.addresses import exact_address


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """What a card or row says of a person.

    Attributes:
        line: where the card or row begins in its file, counted from 1.
        life_events: dates with what happened then.
        photo: a picture as it came, unchecked.
        remarks: what of the card or row is not taken, and why.
    """

    line: int
    name: str
    emails: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    organization: str | None = None
    title: str | None = None
    telephones: tuple[str, ...] = ()
    timezone: str | None = None
    pronouns: str | None = None
    birthday: PartialDate | None = None
    life_events: tuple[tuple[PartialDate, str], ...] = ()
    notes: str | None = None
    photo: bytes | None = field(default=None, repr=False)
    remarks: tuple[str, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """The name and its other forms, as names are compared."""
        return frozenset(name_key(name) for name in (self.name, *self.aliases))

    def joined(self, other: "Incoming") -> "Incoming":
        """This person with what another card or row of the same person adds."""
        return replace(
            self,
            emails=tuple(dict.fromkeys((*self.emails, *other.emails))),
            aliases=tuple(dict.fromkeys((*self.aliases, *other.aliases))),
            organization=self.organization or other.organization,
            title=self.title or other.title,
            telephones=tuple(dict.fromkeys((*self.telephones, *other.telephones))),
            timezone=self.timezone or other.timezone,
            pronouns=self.pronouns or other.pronouns,
            birthday=self.birthday or other.birthday,
            life_events=tuple(dict.fromkeys((*self.life_events, *other.life_events))),
            notes=self.notes or other.notes,
            photo=self.photo or other.photo,
            remarks=(*self.remarks, *other.remarks),
        )


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A card or row that cannot be taken at all: where it begins, and why."""

    line: int
    reason: str


def sorted_addresses(given: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Exact addresses, each once; and a remark for each text that is none."""
    addresses: dict[str, None] = {}
    remarks = []
    for text in given:
        try:
            addresses[exact_address(one_line(text))] = None
        except ValueError:
            remarks.append(f"not an email address: '{one_line(text)[:80]}'")
    return tuple(addresses), tuple(remarks)


_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T.*)?\Z")
_EXTENDED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?\Z")
_YEARLESS = re.compile(r"--?(\d{2})-?(\d{2})(?:T.*)?\Z")
_MONTH_DAY = re.compile(r"\d{2}-\d{2}\Z")
_YEAR_MONTH = re.compile(r"(\d{4})-(\d{2})\Z")
_DOTTED = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})?\Z")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: .*)?\Z")
_MONTHS_OF_A_YEAR = 12


class TwoDates(ValueError):  # noqa: N818  # names what is wrong
    """A date that could be two; the user can say which."""


def read_date(given: str, *, day_first: bool | None = None) -> PartialDate:
    """A date as vCards (RFC 6350, 4.3.1) and spreadsheets write it.

    `day_first` settles what `03/04/1985` means; without it only what can mean one thing is read.

    Raises:
        TwoDates: where it could be two.
        ValueError: where it is no date that a contact file can hold, like `circa 1980`.
    """
    text = given.strip()
    if parts := _COMPACT.match(text):
        return PartialDate.parse("-".join(parts.groups()))
    if parts := _EXTENDED.match(text):
        return PartialDate.parse(f"{parts[1]}-{int(parts[2]):02}-{int(parts[3]):02}")
    if parts := _YEARLESS.match(text):
        return PartialDate.parse(f"{parts[1]}-{parts[2]}")
    if _YEAR_MONTH.match(text) or _MONTH_DAY.match(text):
        return PartialDate.parse(text)
    if parts := _DOTTED.match(text):
        year = f"{parts[3]}-" if parts[3] else ""
        return PartialDate.parse(f"{year}{int(parts[2]):02}-{int(parts[1]):02}")
    if parts := _SLASHED.match(text):
        return _slashed(int(parts[1]), int(parts[2]), parts[3], day_first=day_first)
    raise ValueError(f"not a date that can be kept: '{one_line(text)[:40]}'")


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
            return read_date(given, day_first=day_first)
        except TwoDates as error:
            self.remarks.append(f"{kind}: {error}")
        except ValueError as error:
            self.remarks.append(f"{kind}: {error}; it goes to the notes")
            self.to_notes.append(f"{kind}: {one_line(given)}")
        return None

    def notes(self, given: Iterable[str]) -> str | None:
        """The notes that are given, and what has no other place."""
        return some_lines("\n\n".join((*given, *self.to_notes))) or None


def _slashed(one: int, two: int, year: str, *, day_first: bool | None) -> PartialDate:
    if day_first is None:
        if one <= _MONTHS_OF_A_YEAR and two <= _MONTHS_OF_A_YEAR and one != two:
            raise TwoDates(
                f"'{one}/{two}/{year}' could be two days; say --dates month-first or day-first"
            )
        day_first = one > _MONTHS_OF_A_YEAR
    day, month = (one, two) if day_first else (two, one)
    return PartialDate.parse(f"{year}-{month:02}-{day:02}")
