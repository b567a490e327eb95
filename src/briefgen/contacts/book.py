"""The contact book: contacts and organizations on file, found by address, name or file."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final, Protocol

from briefgen.contacts.contact import Contact, Organization
from briefgen.contacts.entry import Entry
from briefgen.contacts.figures import Figures
from briefgen.contacts.timeline import Dated
from briefgen.workspace.document import Keys
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.validation import Kept
from briefgen.workspace.value import Value

_ADDRESS: Final = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_READ_FOR_SIGNS: Final = 1_000_000
"""How many bytes of a file that cannot be read are searched for addresses."""


@dataclass(frozen=True, kw_only=True)
class ContactFile:
    """A contact and the file it stands in.

    Attributes:
        stem: the file's name without its ending; how other files and options name the contact.
        file: the path relative to the workspace.
        timeline: the interactions, the newest first.
        noted: everything noted of what was said, in one text in which names can be looked for.
        days_never_told: the days of which something is on file that no brief may tell.
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
    """An organization and the file it stands in."""

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


class WholeBook(Value, frozen=True, kw_only=True, dict=True):
    """A contact book of files that have all been read.

    Attributes:
        signs: of each contact file that cannot be read, whose it may be, as `signs_in` has it.
    """

    contacts: tuple[ContactFile, ...] = ()
    organizations: tuple[OrganizationFile, ...] = ()
    signs: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __iter__(self) -> Iterator[ContactFile]:
        return iter(self.contacts)

    def by_address(self, address: str) -> tuple[ContactFile, ...]:
        """As `ContactBook.by_address`."""
        return self._addresses.get(address.casefold(), ())

    def by_name(self, name: str) -> tuple[ContactFile, ...]:
        """As `ContactBook.by_name`."""
        return self._names.get(name_key(name), ())

    def by_stem(self, stem: str) -> ContactFile | None:
        """As `ContactBook.by_stem`."""
        return self._stems.get(stem)

    def of_organization(self, name: str) -> tuple[ContactFile, ...]:
        """As `ContactBook.of_organization`."""
        return self._members.get(name.casefold(), ())

    def organization(self, name: str) -> OrganizationFile | None:
        """As `ContactBook.organization`."""
        key = name.casefold()
        return next((o for o in self.organizations if o.organization.name.casefold() == key), None)

    def unread(self, address: str | None, name: str) -> tuple[str, ...]:
        """As `ContactBook.unread`."""
        sought = set(signs_of(address, name))
        return tuple(file for file, signs in self.signs if not sought.isdisjoint(signs))

    def colleagues(self, name: str) -> tuple[Entry, ...]:
        """As `ContactBook.colleagues`."""
        return tuple(
            Entry.of(c.contact, stem=c.stem, file=c.file) for c in self.of_organization(name)
        )

    def entries(self) -> tuple[Entry, ...]:
        """As `ContactBook.entries`."""
        return tuple(Entry.of(c.contact, stem=c.stem, file=c.file) for c in self)

    def figures(self) -> tuple[Figures, ...]:
        """As `ContactBook.figures`."""
        return tuple(contact.figures() for contact in self)

    @cached_property
    def _stems(self) -> Mapping[str, ContactFile]:
        return {contact.stem: contact for contact in self.contacts}

    @cached_property
    def _addresses(self) -> Mapping[str, tuple[ContactFile, ...]]:
        return _grouped((a, c) for c in self.contacts for a in dict.fromkeys(c.contact.emails))

    @cached_property
    def _names(self) -> Mapping[str, tuple[ContactFile, ...]]:
        return _grouped(
            (key, c)
            for c in self.contacts
            for key in {name_key(name) for name in (c.contact.name, *c.contact.aliases)}
        )

    @cached_property
    def _members(self) -> Mapping[str, tuple[ContactFile, ...]]:
        return _grouped(
            (c.contact.organization.casefold(), c) for c in self.contacts if c.contact.organization
        )


def _grouped(pairs: Iterable[tuple[str, ContactFile]]) -> dict[str, tuple[ContactFile, ...]]:
    groups: dict[str, tuple[ContactFile, ...]] = {}
    for key, contact in pairs:
        groups[key] = (*groups.get(key, ()), contact)
    return groups


def conflicts(book: WholeBook) -> tuple[Problem, ...]:
    """One problem for each address that stands in two contact files."""
    return tuple(
        problem
        for address, owners in book._addresses.items()  # noqa: SLF001  # the book's own index
        if len(owners) > 1
        for problem in address_conflict(address, [address_place(c, address) for c in owners])
    )


class AddressPlace(Value, frozen=True, kw_only=True):
    """Where an address stands: the file, the line, and which of the contact's addresses it is."""

    file: str
    line: int | None
    at: int


def address_place(contact: ContactFile, address: str) -> AddressPlace:
    """Where in its file a contact's address stands."""
    at = contact.contact.emails.index(address)
    return AddressPlace(file=contact.file, line=contact.line("emails", at), at=at)


def address_conflict(address: str, places: Iterable[AddressPlace]) -> Iterator[Problem]:
    """A problem for each of the places where one address stands."""
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
