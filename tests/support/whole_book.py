"""Every contact file read at once, without a cache: what the index is held against in tests."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from briefgen.contacts.book import (
    ContactBook,
    ContactFile,
    OrganizationFile,
    address_conflict,
    address_place,
    name_key,
    read_contact,
    read_organization,
    signs_of,
    signs_of_ignored,
    signs_of_unread,
    yaml_files,
)
from briefgen.contacts.entry import Entry, Figures
from briefgen.workspace.folder import Workspace
from briefgen.workspace.problems import Problem
from briefgen.workspace.value import Value


def read_book(workspace: Workspace) -> tuple[ContactBook, tuple[Problem, ...]]:
    """Read every contact and organization of a workspace, and everything wrong with them."""
    contacts, signs = [], []
    found, warned = yaml_files(workspace.contacts, workspace)
    problems = list(warned)
    for path in (Path(entry.path) for entry in found):
        contact, faults = read_contact(path, workspace.relative(path))
        problems += faults
        if contact is not None:
            contacts.append(contact)
        else:
            signs.append((workspace.relative(path), signs_of_unread(path)))
    if warned:
        signs += signs_of_ignored(workspace)
    organizations = []
    found, warned = yaml_files(workspace.organizations, workspace)
    problems += warned
    for path in (Path(entry.path) for entry in found):
        organization, faults = read_organization(path, workspace.relative(path))
        problems += faults
        if organization is not None:
            organizations.append(organization)
    book = WholeBook(
        contacts=tuple(contacts), organizations=tuple(organizations), signs=tuple(signs)
    )
    problems += conflicts(book)
    return book, tuple(problems)


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
    """One problem for each address that is in two contact files."""
    return tuple(
        problem
        for address, owners in book._addresses.items()  # the book's own index
        if len(owners) > 1
        for problem in address_conflict(address, [address_place(c, address) for c in owners])
    )
