"""The contact book: contacts and organizations on file, found by address, name or file."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Final, Protocol

from msgspec import Struct

from briefgen.contacts.contact import Contact, Interaction, Organization
from briefgen.contacts.entry import Entry, Figures
from briefgen.workspace.document import Keys
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.validation import Kept
from briefgen.workspace.value import Value


class Dated(Struct, frozen=True):
    """An interaction, the day it happened, and its place in the file."""

    day: date
    at: int
    interaction: Interaction

    def changed(self, **changes: object) -> "Dated":
        """The same with other values in some fields of the interaction."""
        return Dated(self.day, self.at, self.interaction.model_copy(update=changes))


def timeline_of(interactions: Iterable[Interaction]) -> tuple[Dated, ...]:
    """Interactions, the newest first; of one day's, the last in the file first."""
    found = [Dated(one.date, at, one) for at, one in enumerate(interactions)]
    found.reverse()
    found.sort(key=attrgetter("day"), reverse=True)
    return tuple(found)


def noted_in(timeline: Iterable[Dated]) -> str:
    """Everything noted of what was said, in one text."""
    every = [one.interaction for one in timeline]
    parts = [part for one in every for part in (one.summary, one.words, one.unsaid, one.needs)]
    return "\0".join(filter(None, parts))


_ADDRESS: Final = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_READ_FOR_SIGNS: Final = 1_000_000
"""How many bytes of a file that cannot be read are searched for addresses."""


@dataclass(frozen=True, kw_only=True)
class ContactFile:
    """A contact and its file.

    Attributes:
        stem: the file's name without its ending; how other files and options name the contact.
        file: the path relative to the workspace.
        timeline: the interactions, the newest first.
        noted: everything noted of what was said, as one text to search for names.
        days_never_told: the days with something on file that no brief may mention.
        lost: the top-level fields of which something could not be read.
    """

    stem: str
    file: str
    contact: Contact
    timeline: tuple[Dated, ...] = field(repr=False, compare=False)
    noted: str = field(repr=False, compare=False)
    days_never_told: frozenset[date] = field(repr=False, compare=False)
    kept: Kept = field(repr=False, compare=False)
    lost: frozenset[str] = field(default=frozenset(), repr=False, compare=False)

    @property
    def is_shared(self) -> bool:
        """Whether the file lies in the firm's folder; these go by their absolute path."""
        return Path(self.file).is_absolute()

    def place(self, *keys: str | int) -> "tuple[ContactFile, Keys]":
        """The file that holds a value of the contact, like `("interactions", 3)`, and where."""
        return self, keys

    def origin(self, *keys: str | int) -> "tuple[str, Keys]":
        """The file that holds a value of the contact, and where in the file's data."""
        file, there = self.place(*keys)
        return file.file, file.kept.origin(there)

    def line(self, *keys: str | int) -> int | None:
        """The line of a value of the contact in the file that holds it."""
        return self.told_in(*keys)[1]

    def told_in(self, *keys: str | int) -> tuple[str, int | None]:
        """The file that holds a value of the contact, and the line."""
        file, there = self.place(*keys)
        return file.file, file.kept.line(*there)

    def figures(self) -> Figures:
        """What statistics and lists of promises need of the contact."""
        return Figures.of(self.contact, stem=self.stem, file=self.file, told_in=self.told_in)


@dataclass(frozen=True, kw_only=True)
class OrganizationFile:
    """An organization and its file."""

    stem: str
    file: str
    organization: Organization
    kept: Kept = field(repr=False, compare=False)

    def line(self, *keys: str | int) -> int | None:
        """The line of a value of the organization, like `("concerns", 0)`."""
        return self.kept.line(*keys)


def name_key(name: str) -> str:
    """A name as it is compared: without case, accents, order of its parts, or `Doe, Jane`."""
    bare = name.casefold()
    if not bare.isascii():
        flat = unicodedata.normalize("NFKD", bare)
        bare = "".join(sign for sign in flat if not unicodedata.combining(sign))
    return " ".join(sorted(bare.replace(",", " ").split()))


def signs_in(content: bytes, stem: str) -> tuple[str, ...]:
    """Whose a contact file may be that cannot be read: every address in it, and its own name."""
    text = content[:_READ_FOR_SIGNS].decode(errors="replace").casefold()
    addresses = dict.fromkeys(one.rstrip(".") for one in _ADDRESS.findall(text))
    return (*addresses, name_key(stem.replace("-", " ")))


def signs_of(address: str | None, name: str) -> tuple[str, ...]:
    """What such a file has of somebody."""
    return tuple(filter(None, (address and address.casefold(), name_key(name))))


class ContactBook(Protocol):
    """Every contact and organization on file; each look-up may read the files it needs."""

    @property
    def contacts(self) -> tuple[ContactFile, ...]:
        """Every contact."""

    @property
    def organizations(self) -> tuple[OrganizationFile, ...]:
        """Every organization."""

    def __iter__(self) -> Iterator[ContactFile]: ...

    def by_address(self, address: str) -> tuple[ContactFile, ...]:
        """The contacts that have exactly this address; more than one is a conflict."""

    def by_name(self, name: str) -> tuple[ContactFile, ...]:
        """The contacts whose name or alias is this one, as `name_key` compares them."""

    def by_stem(self, stem: str) -> ContactFile | None:
        """The contact in the file of this name."""

    def of_organization(self, name: str) -> tuple[ContactFile, ...]:
        """The contacts whose organization has this name."""

    def organization(self, name: str) -> OrganizationFile | None:
        """What is on file for the organization of this name."""

    def unread(self, address: str | None, name: str) -> tuple[str, ...]:
        """The files that cannot be read and seem to be of somebody: by an address in it, or a name.

        The name is compared with the file's.
        """

    def colleagues(self, name: str) -> tuple[Entry, ...]:
        """As `of_organization`, but only what lists need of them."""

    def entries(self) -> tuple[Entry, ...]:
        """Every contact as lists and searches need it."""

    def figures(self) -> tuple[Figures, ...]:
        """Every contact as statistics and lists of promises need it."""


class AddressPlace(Value, frozen=True, kw_only=True):
    """Where an address is: the file, the line, and its place among the contact's addresses."""

    file: str
    line: int | None
    at: int


def address_place(contact: ContactFile, address: str) -> AddressPlace:
    """Where a contact's address is written in its file."""
    at = contact.contact.emails.index(address)
    return AddressPlace(file=contact.file, line=contact.line("emails", at), at=at)


def address_conflict(address: str, places: Iterable[AddressPlace]) -> Iterator[Problem]:
    """A problem for each place where the same address is written."""
    places = tuple(places)
    for place in places:
        others = ", ".join(sorted(other.file for other in places if other != place))
        yield Problem(
            file=place.file,
            line=place.line,
            field=f"emails[{place.at}]",
            message=Phrase(
                "{address} also stands in {others}; keep it in one of them",
                address=address,
                others=others,
            ),
        )
