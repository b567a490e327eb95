"""Two contact books as one: a person's own, and under it one that several people share.

For someone who is in both, the person's own file takes precedence, and the shared one adds what
only it says; lists (interactions, promises, addresses) are joined. A shared file is named by its
absolute path, so that it is read, shown and changed in place. What another `author` than the reader
promised or noted is a colleague's.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from briefgen.contacts.book import ContactBook, ContactFile, OrganizationFile, noted_in, timeline_of
from briefgen.contacts.contact import COLLEAGUE, Contact, Interaction, Promise
from briefgen.contacts.entry import Entry, Figures
from briefgen.contacts.index import open_book
from briefgen.workspace.document import Keys
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import Me
from briefgen.workspace.value import Value

OneT = TypeVar("OneT", bound=Entry | Figures)


class SharedFolder(Workspace, frozen=True, kw_only=True):
    """A folder of contact files outside the workspace; its index is the person's own.

    Shared organizations are in its `organizations/`.
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
        """In the person's own workspace, if nobody else reads."""
        return self.root / ".briefgen" / "shared"

    def relative(self, path: Path) -> str:
        """A shared file is named by its absolute path."""
        return path.as_posix()


class LayeredBook(Value, frozen=True, kw_only=True, dict=True):
    """A person's own contact book, layered over a shared one."""

    own: ContactBook
    shared: ContactBook

    def __iter__(self) -> Iterator[ContactFile]:
        return iter(self.contacts)

    def by_address(self, address: str) -> tuple[ContactFile, ...]:
        """As `ContactBook.by_address`."""
        return self._both(self.own.by_address(address), self.shared.by_address(address))

    def by_name(self, name: str) -> tuple[ContactFile, ...]:
        """As `ContactBook.by_name`."""
        return self._both(self.own.by_name(name), self.shared.by_name(name))

    def by_stem(self, stem: str) -> ContactFile | None:
        """As `ContactBook.by_stem`."""
        own, shared = self.own.by_stem(stem), self.shared.by_stem(stem)
        if own is not None:
            return self._merged(own)
        return self._merged(self._own_of(shared) or shared) if shared is not None else None

    def of_organization(self, name: str) -> tuple[ContactFile, ...]:
        """As `ContactBook.of_organization`."""
        return self._both(self.own.of_organization(name), self.shared.of_organization(name))

    def unread(self, address: str | None, name: str) -> tuple[str, ...]:
        """As `ContactBook.unread`."""
        return (*self.own.unread(address, name), *self.shared.unread(address, name))

    def colleagues(self, name: str) -> tuple[Entry, ...]:
        """As `ContactBook.colleagues`."""
        return tuple(
            Entry.of(one.contact, stem=one.stem, file=one.file)
            for one in self.of_organization(name)
        )

    def entries(self) -> tuple[Entry, ...]:
        """As `ContactBook.entries`; only the files of people who are in both books are read."""
        return self._laid(
            self.own.entries(),
            self.shared.entries(),
            lambda file: Entry.of(file.contact, stem=file.stem, file=file.file),
        )

    def figures(self) -> tuple[Figures, ...]:
        """As `ContactBook.figures`; only the files of people who are in both books are read."""
        return self._laid(self.own.figures(), self.shared.figures(), ContactFile.figures)

    def _laid(
        self, own: tuple[OneT, ...], shared: tuple[OneT, ...], of: Callable[[ContactFile], OneT]
    ) -> tuple[OneT, ...]:
        """The person's own, merged if there are two; then those only in the shared book."""
        both, others = self._in_both()
        files = {stem: file for stem in both if (file := self.by_stem(stem)) is not None}
        mine = [of(files[one.stem]) if one.stem in files else one for one in own]
        return (*mine, *[one for one in shared if one.file in others])

    def _in_both(self) -> tuple[set[str], set[str]]:
        """The person's own stems of people in both books, and the shared files of the others."""
        own = self.own.entries()
        stems = {one.stem: one.stem for one in own}
        stems_of = {address.casefold(): one.stem for one in own for address in one.emails}
        both: set[str] = set()
        others: set[str] = set()
        for one in self.shared.entries():
            addresses = (stems_of.get(address.casefold()) for address in one.emails)
            mine = stems.get(one.stem) or next(filter(None, addresses), None)
            if mine is None:
                others.add(one.file)
            else:
                both.add(mine)
        return both, others

    def organization(self, name: str) -> OrganizationFile | None:
        """As `ContactBook.organization`."""
        return self.own.organization(name) or self.shared.organization(name)

    @cached_property
    def contacts(self) -> tuple[ContactFile, ...]:
        """Every contact; reads every file."""
        return self._both(self.own.contacts, self.shared.contacts)

    @cached_property
    def organizations(self) -> tuple[OrganizationFile, ...]:
        """Every organization; reads every file of one."""
        known = {one.organization.name.casefold() for one in self.own.organizations}
        more = (o for o in self.shared.organizations if o.organization.name.casefold() not in known)
        return (*self.own.organizations, *more)

    def _both(
        self, own: tuple[ContactFile, ...], shared: tuple[ContactFile, ...]
    ) -> tuple[ContactFile, ...]:
        """The person's own with what shared files add; then those only in the shared book."""
        found = [self._merged(one) for one in own]
        stems = {one.stem for one in own}
        for one in shared:
            mine = self._own_of(one)
            if mine is None:
                found.append(one)
            elif mine.stem not in stems:
                stems.add(mine.stem)
                found.append(self._merged(mine))
        return tuple(found)

    def _own_of(self, shared: ContactFile) -> ContactFile | None:
        """The person's own file of a shared contact."""
        by_address = (one for mail in shared.contact.emails for one in self.own.by_address(mail))
        return self.own.by_stem(shared.stem) or next(by_address, None)

    def _merged(self, own: ContactFile) -> ContactFile:
        by_address = (one for mail in own.contact.emails for one in self.shared.by_address(mail))
        shared = self.shared.by_stem(own.stem) or next(by_address, None)
        return own if shared is None else merged(own, shared)


@dataclass(frozen=True, kw_only=True)
class MergedFile(ContactFile):
    """A person's own file of a contact, with what a shared file adds to it.

    Attributes:
        own, shared: the two.
        added: which items of the shared file's lists follow the own file's.
    """

    own: ContactFile = field(repr=False)
    shared: ContactFile = field(repr=False)
    added: Mapping[str, tuple[int, ...]] = field(repr=False)

    def place(self, *keys: str | int) -> tuple[ContactFile, Keys]:
        """The file that holds a value, and where in it."""
        match keys:
            case (str(name), int(at), *rest) if name in self.added:
                count = len(getattr(self.own.contact, name))
                if at < count:
                    return self.own, keys
                return self.shared, (name, self.added[name][at - count], *rest)
            case (str(name), *_) if not getattr(self.own.contact, name, None):
                return self.shared, keys
        return self.own, keys


def files_of(contact: ContactFile | None) -> tuple[ContactFile, ...]:
    """The files of a contact: the person's own, then the shared one."""
    if isinstance(contact, MergedFile):
        return contact.own, contact.shared
    return () if contact is None else (contact,)


def merged(own: ContactFile, shared: ContactFile) -> ContactFile:
    """One contact from two files; what is in both is taken once."""
    update: dict[str, object] = {}
    added: dict[str, tuple[int, ...]] = {}
    for name in Contact.model_fields:
        mine, theirs = getattr(own.contact, name), getattr(shared.contact, name)
        if isinstance(theirs, tuple):
            known = set(map(_compared, mine))
            more = tuple(at for at, one in enumerate(theirs) if _compared(one) not in known)
            if more:
                update[name] = (*mine, *(theirs[at] for at in more))
                added[name] = more
        elif isinstance(theirs, dict):
            update[name] = {**theirs, **mine}
        elif theirs and not mine:
            update[name] = theirs
    contact = own.contact.model_copy(update=update)
    timeline = timeline_of(contact.interactions)
    return MergedFile(
        stem=own.stem,
        file=own.file,
        contact=contact,
        timeline=timeline,
        noted=noted_in(timeline),
        days_never_told=own.days_never_told | shared.days_never_told,
        kept=own.kept,
        own=own,
        shared=shared,
        added=added,
    )


def _compared(item: object) -> object:
    """What identifies an item: for an interaction, its day and what was said."""
    if isinstance(item, Interaction):
        return item.date, item.channel, (item.summary or item.words or "").casefold()
    if isinstance(item, Promise):
        return item.by, item.author if item.by == COLLEAGUE else None, item.text.casefold()
    texts = (getattr(item, name, None) for name in ("text", "note", "tried"))
    text = next(filter(None, texts), item)
    return text.casefold() if isinstance(text, str) else repr(text)


def is_by(me: Me, author: str | None, *, own: bool) -> bool:
    """Whether a person signed something in a file of their `own`, or in a shared one.

    Without an author, it is theirs in their own file, and nobody's in a shared one.
    """
    if author is None:
        return own
    addresses = [part for address in me.emails for part in (address, address.partition("@")[0])]
    names = {name.casefold() for name in (me.author, me.name, *addresses) if name}
    return author.casefold() in names or (own and not names)


def seen_by(me: Me, shared: Path | None = None) -> Callable[[ContactFile], ContactFile]:
    """Turns a file into what a person sees: what others signed, and where shared photos are.

    The person's own entries have no author.
    """
    is_mine = partial(is_by, me)

    def promised(promise: Promise, *, own: bool) -> Promise:
        if promise.by != "me":
            return promise
        update = {"author": None} if is_mine(promise.author, own=own) else {"by": COLLEAGUE}
        return promise.model_copy(update=update)

    def noted(one: Interaction, *, own: bool) -> Interaction:
        """An interaction; a colleague's without the colleague's reflection."""
        if is_mine(one.author, own=own):
            return one if one.author is None else one.model_copy(update={"author": None})
        return one.model_copy(update={"author": one.author or "", "reflection": None})

    def seen(file: ContactFile) -> ContactFile:
        contact, own = file.contact, not file.is_shared
        if own and not any(p.author for p in contact.promises + contact.interactions):
            return file
        interactions = tuple(noted(one, own=own) for one in contact.interactions)
        update: dict[str, object] = {
            "promises": tuple(promised(one, own=own) for one in contact.promises),
            "interactions": interactions,
        }
        if shared is not None and not own and contact.photo is not None:
            update["photo"] = str(shared / contact.photo)
        changed = contact.model_copy(update=update)
        return replace(file, contact=changed, timeline=timeline_of(interactions))

    return seen


def open_layered_book(
    workspace: Workspace, shared: str | None, *, me: Me
) -> tuple[ContactBook, tuple[Problem, ...]]:
    """A person's contact book, layered over the one in the folder `shared` if there is one."""
    folder = workspace.shared_contacts(shared)
    seen = seen_by(me, folder)
    own, problems = open_book(workspace, seen=seen, is_mine=partial(is_by, me, own=True))
    if folder is None:
        return own, problems
    if not folder.is_dir():
        message = Phrase(
            "shared_contacts: {folder} is not a folder; make it, or delete the line", folder=shared
        )
        return own, (*problems, Problem(file="briefgen.yaml", message=message))
    firm = SharedFolder(root=workspace.root, shared=folder)
    under, faults = open_book(firm, seen=seen, is_mine=partial(is_by, me, own=False))
    return LayeredBook(own=own, shared=under), (*problems, *faults)
