"""Contacts and organizations on file: read, and found by address, name or file.

A bad file never stops the others. Over 400 lines, because a lookup depends on how the files were
read and which of them are doubtful.
"""

import os
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
from briefgen.workspace.document import Document, Keys, parse_document, read_bytes, read_document
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.validation import MAX_PROBLEMS, Kept, nearest_field, validate
from briefgen.workspace.value import Value


class Dated(Struct, frozen=True):
    """An interaction, the day it happened, and its place in the file."""

    day: date
    at: int
    interaction: Interaction

    def changed(self, **changes: object) -> "Dated":
        """A copy with other values in some fields of the interaction."""
        return Dated(self.day, self.at, self.interaction.model_copy(update=changes))


def timeline_of(interactions: Iterable[Interaction]) -> tuple[Dated, ...]:
    """Interactions, the newest first; within a day, the last in the file first."""
    found = [Dated(one.date, at, one) for at, one in enumerate(interactions)]
    found.reverse()
    found.sort(key=attrgetter("day"), reverse=True)
    return tuple(found)


def noted_in(timeline: Iterable[Dated]) -> str:
    """Everything noted about what was said, as one text."""
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
        noted: everything noted about what was said, as one text to search for names.
        days_never_told: the days with something on file that no brief may mention.
        lost: the top-level fields that could not be read in full.
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
        """Whether the file is in the firm's folder; those are named by absolute path."""
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
        return self.location(*keys)[1]

    def location(self, *keys: str | int) -> tuple[str, int | None]:
        """The file that holds a value of the contact, and the line."""
        file, there = self.place(*keys)
        return file.file, file.kept.line(*there)

    def figures(self) -> Figures:
        """What statistics and lists of promises need of the contact."""
        return Figures.of(self.contact, stem=self.stem, file=self.file, location=self.location)


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
    """A name as it is compared: whatever its case, accents and order of words."""
    bare = name.casefold()
    if not bare.isascii():
        flat = unicodedata.normalize("NFKD", bare)
        bare = "".join(sign for sign in flat if not unicodedata.combining(sign))
    return " ".join(sorted(bare.replace(",", " ").split()))


def signs_in(content: bytes, stem: str) -> tuple[str, ...]:
    """Whose an unreadable contact file may be: every address in it, and its file name."""
    text = content[:_READ_FOR_SIGNS].decode(errors="replace").casefold()
    addresses = dict.fromkeys(one.rstrip(".") for one in _ADDRESS.findall(text))
    return (*addresses, name_key(stem.replace("-", " ")))


def signs_of(address: str | None, name: str) -> tuple[str, ...]:
    """Whether it names one of these addresses."""
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
        """The unreadable files that seem to be theirs, by an address in it or the file's name."""

    def colleagues(self, name: str) -> tuple[Entry, ...]:
        """Like `of_organization`, but only what lists need."""

    def entries(self) -> tuple[Entry, ...]:
        """Every contact as lists and searches need it."""

    def figures(self) -> tuple[Figures, ...]:
        """Every contact as statistics and lists of promises need it."""


class AddressPlace(Value, frozen=True, kw_only=True):
    """Where an address is written: the file, the line, and its place among the addresses."""

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
                "{address} is also in {others}; keep it in one of them",
                address=address,
                others=others,
            ),
        )


def yaml_files(
    folder: Path, workspace: Workspace
) -> tuple[list[os.DirEntry[str]], tuple[Problem, ...]]:
    """The `.yaml` files of a folder by name; a warning for what looks like one but is not read."""
    entries = sorted(os.scandir(folder), key=lambda e: e.name) if folder.is_dir() else []
    names = {entry.name for entry in entries}
    files: list[os.DirEntry[str]] = []
    problems: list[Problem] = []
    for entry in entries:
        if entry.name.startswith((".", "_")):
            continue
        if why := _why_unread(entry, names):
            shown = workspace.relative(Path(entry.path)).encode(errors="replace").decode()
            problems.append(Problem(file=shown, message=why, severity="warning"))
        elif entry.name.endswith(".yaml") and not entry.is_dir(follow_symlinks=False):
            files.append(entry)
    return files, tuple(problems)


def _why_unread(entry: os.DirEntry[str], names: set[str]) -> Phrase | None:
    """Why what looks like a contact file is not read; None if it is, or looks like none."""
    if (plain := copied_file(entry.name)) in names:
        return Phrase(
            "is not read: it looks like a copy that a sync tool or editor made of "
            "{plain}, which is used; move what is missing there into it, and delete "
            "the copy",
            plain=plain,
        )
    if not _is_text(entry.name):
        return Phrase("is not read: its name is not UTF-8; rename it")
    if entry.is_dir(follow_symlinks=False):
        holds_files = entry.name != "photos" and any(Path(entry.path).rglob("*.y*ml"))
        return (
            Phrase("contact files in subfolders are not read; move them up")
            if holds_files
            else None
        )
    if entry.name.endswith(".yml"):
        return Phrase("is not read; rename it to {name}.yaml", name=entry.name[:-4])
    return None


_COPIES: Final = (
    re.compile(r"(?P<plain>.+)\.sync-conflict-\d{8}-\d{6}(?:-\w+)?\Z"),  # Syncthing
    re.compile(
        r"(?P<plain>.+?)[ _-]\(?[^()]*(?:conflict|konflikt|conflit)[^()]*\)?\Z", re.IGNORECASE
    ),
    re.compile(r"(?P<plain>.+?) ?\(\d{1,3}\)\Z"),  # Google Drive, browsers
    re.compile(
        r"(?P<plain>.+?)(?: -)? (?:copy|kopie|copie|copia)(?: ?\(?\d+\)?)?\Z", re.IGNORECASE
    ),
    re.compile(r"(?P<plain>.+)~\Z"),
    re.compile(r"(?P<plain>.+) \d{1,2}\Z"),  # iCloud
)
"""How sync tools, file managers and editors name a copy of a file."""
_PLAIN_NAME: Final = re.compile(r"[a-z0-9-]+\.yaml\Z")
"""The name of an original, as most are."""


def copied_file(name: str) -> str | None:
    """The file that one of this name would be a copy of; None if it is not a copy.

    `dana (Robin's conflicted copy 2026-11-23).yaml`, `dana.sync-conflict-….yaml`, `dana (1).yaml`
    and `dana.yaml~` are copies of `dana.yaml`.
    """
    if _PLAIN_NAME.match(name):
        return None
    backup = name.removesuffix("~")
    stem, dot, suffix = backup.rpartition(".")
    if not dot or suffix not in {"yaml", "yml"}:
        return None
    if backup != name:
        return backup
    found = (form.match(stem) for form in _COPIES)
    return next((f"{match['plain']}.yaml" for match in found if match), None)


def _is_text(name: str) -> bool:
    """Whether a file's name is text; some disks hold names in other encodings."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_contact(path: Path, file: str) -> tuple[ContactFile | None, tuple[Problem, ...]]:
    """Read one contact file; None if its name, or what it asks to avoid, cannot be known."""
    document, problems = read_document(path, file)
    return _contact_of(document, path.stem, problems)


def signs_of_unread(path: Path) -> tuple[str, ...]:
    """Whose a file that cannot be read as a contact may be."""
    try:
        return signs_in(read_bytes(path), path.stem)
    except OSError:
        return signs_in(b"", path.stem)


def signs_of_ignored(workspace: Workspace) -> list[tuple[str, tuple[str, ...]]]:
    """Whose the files in subfolders or named `.yml`, which are not read, may be."""
    folders = (one for one in workspace.contacts.iterdir() if one.is_dir() and one.name != "photos")
    found = [*workspace.contacts.glob("*.yml")]
    found += [path for folder in folders for path in folder.rglob("*.y*ml")]
    shown = [path for path in found if not path.name.startswith((".", "_"))]
    return [(workspace.relative(path), signs_of_unread(path)) for path in sorted(shown)]


def parse_contact(content: bytes, file: str) -> tuple[ContactFile | None, tuple[Problem, ...]]:
    """A contact from the bytes of its file; `file` is the path relative to the workspace."""
    document, problems = parse_document(content, file)
    return _contact_of(document, Path(file).stem, problems)


def _contact_of(
    document: Document | None, stem: str, problems: tuple[Problem, ...]
) -> tuple[ContactFile | None, tuple[Problem, ...]]:
    if document is None:
        return None, problems
    contact, kept, faults = validate(Contact, document)
    problems += faults
    if _tact_unknown(document, problems):
        message = Phrase(
            "nothing of this file is printed until `avoid` can be read: a line it should "
            "hide might show"
        )
        return None, (*problems, document.problem(("avoid",), message))
    if contact is None:
        return None, problems
    timeline = timeline_of(contact.interactions)
    made = ContactFile(
        stem=stem,
        file=document.file,
        contact=contact,
        timeline=timeline,
        noted=noted_in(timeline),
        days_never_told=frozenset(
            one.day for one in timeline if one.interaction.visibility == "never"
        ),
        kept=kept,
        lost=frozenset(re.split(r"[.\[]", p.field)[0] for p in problems if p.severity == "error"),
    )
    return made, problems


def _tact_unknown(document: Document, faults: tuple[Problem, ...]) -> bool:
    """Whether a fault may have lost words to avoid: in `avoid`, or in a name that looks like it."""
    if any(fault.field.startswith("avoid") for fault in faults):
        return True
    unknown = [key for key in document.data if key not in Contact.model_fields]
    if len(unknown) > MAX_PROBLEMS:  # who knows what such a file means
        return True
    return any(nearest_field(Contact, (key,)) == "avoid" for key in unknown)


def read_organization(path: Path, file: str) -> tuple[OrganizationFile | None, tuple[Problem, ...]]:
    """Read one organization file."""
    document, problems = read_document(path, file)
    return _organization_of(document, problems)


def parse_organization(
    content: bytes, file: str
) -> tuple[OrganizationFile | None, tuple[Problem, ...]]:
    """An organization from the bytes of its file; `file` is relative to the workspace."""
    document, problems = parse_document(content, file)
    return _organization_of(document, problems)


def _organization_of(
    document: Document | None, problems: tuple[Problem, ...]
) -> tuple[OrganizationFile | None, tuple[Problem, ...]]:
    if document is None:
        return None, problems
    organization, kept, faults = validate(Organization, document)
    problems += faults
    if organization is None:
        return None, problems
    stem = Path(document.file).stem
    made = OrganizationFile(stem=stem, file=document.file, organization=organization, kept=kept)
    return made, problems
