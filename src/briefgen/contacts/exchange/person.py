"""A person or organization from another program, and what an importer needs to read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Literal, TypeAlias

import msgspec

from briefgen.contacts.book import name_key
from briefgen.contacts.dates import PartialDate
from briefgen.contacts.exchange.charset import Charset
from briefgen.contacts.search import digits_of
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

Pairs: TypeAlias = tuple[tuple[str, str], ...]
"""Texts, each under a label."""


class Past(Value, frozen=True, kw_only=True):
    """A dated contact with someone, from another program."""

    date: date
    channel: str = "meeting"
    summary: str
    signals: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """What a card, row or note says about a person or an organization.

    Attributes:
        line: where it begins in its file, counted from 1.
        source: the name of that file.
        uid: the other program's key for it, if given.
        life_events: dates with what happened then.
        links: addresses on the web, each with its label.
        custom: labelled values for which there is no field.
        photo: a picture as it came, unchecked.
        remarks: what is not taken, and why.
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
        """This person, with what another card or row of theirs adds."""
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
        """The other card's values that contradict this one's, and are not taken."""
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
        field: the field of a contact file; None if it is not taken.
        is_guess: whether only its content says what it is.
        is_fixed: whether the format itself says what it is, as that of vCards does.
        file: the name of the file it is of.
    """

    source: str
    field: str | None
    is_guess: bool = False
    is_fixed: bool = False
    file: str = ""

    def __str__(self) -> str:
        if self.field is None:
            return Phrase("{source} → not taken", source=self.source)
        if self.is_guess:
            return Phrase("{source} → {field} (a guess)", source=self.source, field=self.field)
        return self.field if self.is_fixed else f"{self.source} → {self.field}"


class Remark(Value, frozen=True, kw_only=True):
    """What the user should know about the file as a whole."""

    text: str
    file: str = ""


Item: TypeAlias = Incoming | Refused | Place | Remark
"""What an importer reads from a file."""


def combined(pairs: Iterable[tuple[str, str]]) -> Pairs:
    """The pairs with each label once, its texts joined."""
    made: dict[str, dict[str, None]] = {}
    for label, text in pairs:
        if label and text:
            made.setdefault(label, {})[text] = None
    return tuple((label, ", ".join(texts)) for label, texts in made.items())


class Options(Value, frozen=True, kw_only=True):
    """What the user says about the files.

    Attributes:
        columns: what columns of a table are, each one of `columns.FIELDS`.
        day_first: what `03/04/1985` means.
        charset: how bytes become text; None to detect it.
    """

    columns: Mapping[str, str] = msgspec.field(default_factory=dict)
    day_first: bool | None = None
    charset: Charset | None = None


class NotOfPeople(ValueError):  # noqa: N818  # names what is wrong
    """A file for another command, or for none.

    Attributes:
        file: its name, if known.
    """

    def __init__(self, message: str, *, file: str = "") -> None:
        super().__init__(message)
        self.file = file
