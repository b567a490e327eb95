"""Reads contact and organization files; a bad file never stops the others."""

import os
import re
from pathlib import Path
from typing import Final

from briefgen.contacts.book import (
    ContactFile,
    OrganizationFile,
    noted_in,
    signs_in,
    timeline_of,
)
from briefgen.contacts.contact import Contact, Organization
from briefgen.workspace.document import Document, parse_document, read_bytes, read_document
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.validation import MAX_PROBLEMS, nearest_field, validate


def yaml_files(
    folder: Path, workspace: Workspace
) -> tuple[list[os.DirEntry[str]], tuple[Problem, ...]]:
    """The `.yaml` files of a folder by name; a warning for what looks like one and is not read."""
    files = []
    problems = []
    entries = sorted(os.scandir(folder), key=lambda e: e.name) if folder.is_dir() else []
    names = {entry.name for entry in entries}
    for entry in entries:
        if entry.name.startswith((".", "_")):
            continue
        if (plain := copied_file(entry.name)) in names:
            shown = workspace.relative(Path(entry.path))
            message = Phrase(
                "is not read: it looks like a copy that a sync tool or editor made of "
                "{plain}, which is used; move what is missing there into it, and delete "
                "the copy",
                plain=plain,
            )
            problems.append(_warning(shown, message))
            continue
        if not _is_text(entry.name):
            shown = workspace.relative(Path(entry.path)).encode(errors="replace").decode()
            problems.append(
                _warning(shown, Phrase("is not read: its name is not UTF-8; rename it"))
            )
        elif entry.name.endswith(".yaml") and not entry.is_dir(follow_symlinks=False):
            files.append(entry)
        elif entry.is_dir(follow_symlinks=False):
            if entry.name != "photos" and any(Path(entry.path).rglob("*.y*ml")):
                message = Phrase("contact files in subfolders are not read; move them up")
                problems.append(_warning(workspace.relative(Path(entry.path)), message))
        elif entry.name.endswith(".yml"):
            message = Phrase("is not read; rename it to {name}.yaml", name=entry.name[:-4])
            problems.append(_warning(workspace.relative(Path(entry.path)), message))
    return files, tuple(problems)


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
"""A name that is no copy, as most are."""


def copied_file(name: str) -> str | None:
    """The file that one of this name would be a copy of; None where the name is plain.

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


def _warning(file: str, message: str) -> Problem:
    return Problem(file=file, message=message, severity="warning")


def read_contact(path: Path, file: str) -> tuple[ContactFile | None, tuple[Problem, ...]]:
    """Read one contact file; None where its name, or what it asks to avoid, cannot be known."""
    document, problems = read_document(path, file)
    return _contact_of(document, path.stem, problems)


def signs_of_unread(path: Path) -> tuple[str, ...]:
    """Whose a file may be that cannot be read as a contact's."""
    try:
        return signs_in(read_bytes(path), path.stem)
    except OSError:
        return signs_in(b"", path.stem)


def signs_of_ignored(workspace: Workspace) -> list[tuple[str, tuple[str, ...]]]:
    """Whose the unread files may be that are in a subfolder or named `.yml`."""
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
