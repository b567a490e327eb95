"""The contact book by the cache of `index`: a file is read when its contact is asked for."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from briefgen.contacts.book import ContactFile, OrganizationFile, name_key
from briefgen.contacts.entry import Entry, entry_in
from briefgen.contacts.reader import read_contact, read_organization
from briefgen.workspace.folder import Workspace


def _with_shared_names(look_up: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """A look-up whose files' names are held once, for programs that run long."""
    return {key: tuple(map(sys.intern, files)) for key, files in look_up.items()}


class IndexedBook:
    """The contact book by the cache: a file is read when its contact is asked for."""

    def __init__(
        self,
        workspace: Workspace,
        cache: Mapping[str, Any],
        seen: Callable[[ContactFile], ContactFile],
    ) -> None:
        self._workspace, self._seen = workspace, seen
        look_ups = ("addresses", "names", "members", "organizations")
        self._cache = {name: _with_shared_names(cache.get(name, {})) for name in look_ups}
        self._facts = {sys.intern(file): row[-1] for file, row in cache["files"].items()}
        self._read: dict[str, ContactFile | None] = {}

    def __iter__(self) -> Iterator[ContactFile]:
        return iter(self.contacts)

    def by_address(self, address: str) -> tuple[ContactFile, ...]:
        """As `ContactBook.by_address`."""
        wanted = address.casefold()
        found = self._files(self._cache["addresses"].get(wanted, ()))
        return tuple(contact for contact in found if wanted in contact.contact.emails)

    def by_name(self, name: str) -> tuple[ContactFile, ...]:
        """As `ContactBook.by_name`."""
        return tuple(self._files(self._cache["names"].get(name_key(name), ())))

    def by_stem(self, stem: str) -> ContactFile | None:
        """As `ContactBook.by_stem`."""
        file = f"{self._workspace.relative(self._workspace.contacts)}/{stem}.yaml"
        return next(self._files([file] if file in self._facts else []), None)

    def of_organization(self, name: str) -> tuple[ContactFile, ...]:
        """As `ContactBook.of_organization`."""
        return tuple(self._files(self._cache["members"].get(name.casefold(), ())))

    def colleagues(self, name: str) -> tuple[Entry, ...]:
        """As `ContactBook.colleagues`, without reading a file."""
        files = self._cache["members"].get(name.casefold(), ())
        return tuple(entry for file in files if (entry := self._entry(file)))

    def entries(self) -> tuple[Entry, ...]:
        """As `ContactBook.entries`, without reading a file."""
        return tuple(entry for file in self._facts if (entry := self._entry(file)))

    def organization(self, name: str) -> OrganizationFile | None:
        """As `ContactBook.organization`."""
        named = self._cache["organizations"].get(name.casefold(), ())
        return next(self._organizations(named), None)

    @cached_property
    def contacts(self) -> tuple[ContactFile, ...]:
        """Every contact; reads every file."""
        return tuple(self._files(file for file in self._facts if self._entry(file)))

    @cached_property
    def organizations(self) -> tuple[OrganizationFile, ...]:
        """Every organization; reads every file of one."""
        files = (file for found in self._cache["organizations"].values() for file in found)
        return tuple(self._organizations(sorted(files)))

    def _entry(self, file: str) -> Entry | None:
        """What lists need of a contact; None of an organization or a file that cannot be read."""
        return entry_in(self._facts[file])

    def _files(self, files: Iterable[str]) -> Iterator[ContactFile]:
        """The contacts of these files, each read once."""
        for file in files:
            if file not in self._read:
                found, _ = read_contact(self._workspace.root / file, file)
                self._read[file] = found and self._seen(found)
            if (contact := self._read[file]) is not None:
                yield contact

    def _organizations(self, files: Iterable[str]) -> Iterator[OrganizationFile]:
        for file in files:
            found, _ = read_organization(self._workspace.root / file, file)
            if found is not None:
                yield found
