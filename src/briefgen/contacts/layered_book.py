"""Two contact books as one: a person's own, and under it one that several people share.

Who stands in both is taken whole from the person's own file. A shared file goes by its absolute
path, so that it is read, shown and changed where it lies; photos are taken from one's own only.
What its `author` promised in a file is a colleague's where that is not the reader.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from briefgen.contacts.book import ContactBook, ContactFile, OrganizationFile
from briefgen.contacts.contact import COLLEAGUE, Promise
from briefgen.contacts.entry import Entry
from briefgen.contacts.index import open_book
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import Me
from briefgen.workspace.value import Value


class SharedFolder(Workspace, frozen=True, kw_only=True):
    """A folder of contact files outside the workspace; its index is the person's own.

    `organizations/` in it holds what is shared of organizations.
    """

    shared: Path

    @property
    def contacts(self) -> Path:
        """The folder itself."""
        return self.shared

    @property
    def organizations(self) -> Path:
        """A folder in it."""
        return self.shared / "organizations"

    @property
    def memory(self) -> Path:
        """In the person's own, where nobody else reads."""
        return self.root / ".briefgen" / "shared"

    def relative(self, path: Path) -> str:
        """A shared file goes by its whole path."""
        return path.as_posix()


class LayeredBook(Value, frozen=True, kw_only=True, dict=True):
    """A person's own contact book over a shared one."""

    own: ContactBook
    shared: ContactBook

    def __iter__(self) -> Iterator[ContactFile]:
        return iter(self.contacts)

    def by_address(self, address: str) -> tuple[ContactFile, ...]:
        """As `ContactBook.by_address`."""
        return self.own.by_address(address) or self._under(self.shared.by_address(address))

    def by_name(self, name: str) -> tuple[ContactFile, ...]:
        """As `ContactBook.by_name`."""
        return self.own.by_name(name) or self._under(self.shared.by_name(name))

    def by_stem(self, stem: str) -> ContactFile | None:
        """As `ContactBook.by_stem`."""
        return self.own.by_stem(stem) or self.shared.by_stem(stem)

    def of_organization(self, name: str) -> tuple[ContactFile, ...]:
        """As `ContactBook.of_organization`."""
        own = self.own.of_organization(name)
        return (*own, *self._under(self.shared.of_organization(name)))

    def colleagues(self, name: str) -> tuple[Entry, ...]:
        """As `ContactBook.colleagues`."""
        return tuple(
            Entry.of(one.contact, stem=one.stem, file=one.file)
            for one in self.of_organization(name)
        )

    def entries(self) -> tuple[Entry, ...]:
        """As `ContactBook.entries`."""
        return tuple(Entry.of(one.contact, stem=one.stem, file=one.file) for one in self)

    def organization(self, name: str) -> OrganizationFile | None:
        """As `ContactBook.organization`."""
        return self.own.organization(name) or self.shared.organization(name)

    @cached_property
    def contacts(self) -> tuple[ContactFile, ...]:
        """Every contact; reads every file."""
        return (*self.own.contacts, *self._under(self.shared.contacts))

    @cached_property
    def organizations(self) -> tuple[OrganizationFile, ...]:
        """Every organization; reads every file of one."""
        known = {one.organization.name.casefold() for one in self.own.organizations}
        more = (o for o in self.shared.organizations if o.organization.name.casefold() not in known)
        return (*self.own.organizations, *more)

    def _under(self, found: tuple[ContactFile, ...]) -> tuple[ContactFile, ...]:
        """Of shared contacts those whom the person has no file of."""
        return tuple(
            one
            for one in found
            if self.own.by_stem(one.stem) is None
            and not any(self.own.by_address(address) for address in one.contact.emails)
        )


def _seen_by(me: Me, *, own: bool) -> Callable[[ContactFile], ContactFile]:
    """What a person sees of a file: whose promises are not theirs, and no photo of a shared one.

    In a file of one's own a promise without an author is one's own; in a shared one nobody's.
    """
    addresses = [part for address in me.emails for part in (address, address.partition("@")[0])]
    names = {name.casefold() for name in (me.author, me.name, *addresses) if name}

    def is_mine(promise: Promise) -> bool:
        if promise.author is None:
            return own
        return promise.author.casefold() in names or (own and not names)

    def seen(file: ContactFile) -> ContactFile:
        contact = file.contact
        others = {id(p) for p in contact.promises if p.by == "me" and not is_mine(p)}
        if own and not others:
            return file
        promises = tuple(
            p.model_copy(update={"by": COLLEAGUE}) if id(p) in others else p
            for p in contact.promises
        )
        update = {"promises": promises, **({} if own else {"photo": None})}
        return replace(file, contact=contact.model_copy(update=update))

    return seen


def open_layered_book(
    workspace: Workspace, shared: str | None, *, me: Me
) -> tuple[ContactBook, tuple[Problem, ...]]:
    """A person's contact book, over that in the folder `shared` where there is one."""
    own, problems = open_book(workspace, seen=_seen_by(me, own=True))
    if shared is None:
        return own, problems
    folder = workspace.root / Path(shared).expanduser()
    if not folder.is_dir():
        message = Phrase(
            "shared_contacts: {folder} is no folder; make it, or delete the line", folder=shared
        )
        return own, (*problems, Problem(file="briefgen.yaml", message=message))
    under, faults = open_book(
        SharedFolder(root=workspace.root, shared=folder), seen=_seen_by(me, own=False)
    )
    return LayeredBook(own=own, shared=under), (*problems, *faults)
