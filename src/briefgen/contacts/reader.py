"""Reads contact and organization files; a bad file never stops the others."""

import os
from pathlib import Path

from briefgen.contacts.book import ContactBook, ContactFile, OrganizationFile, conflicts
from briefgen.contacts.contact import Contact
from briefgen.contacts.organization import Organization
from briefgen.document import Document, parse_document, read_document
from briefgen.problems import Problem
from briefgen.validation import nearest_field, validate
from briefgen.workspace import Workspace


def read_book(workspace: Workspace) -> tuple[ContactBook, tuple[Problem, ...]]:
    """Read every contact and organization of a workspace, and everything wrong with them."""
    problems: list[Problem] = []
    contacts = []
    for path in _yaml_files(workspace.contacts, workspace, problems):
        contact, faults = read_contact(path, workspace.relative(path))
        problems += faults
        if contact is not None:
            contacts.append(contact)
    organizations = []
    for path in _yaml_files(workspace.organizations, workspace, problems):
        organization, faults = read_organization(path, workspace.relative(path))
        problems += faults
        if organization is not None:
            organizations.append(organization)
    book = ContactBook(contacts=tuple(contacts), organizations=tuple(organizations))
    problems += conflicts(book)
    return book, tuple(problems)


def _yaml_files(folder: Path, workspace: Workspace, problems: list[Problem]) -> list[Path]:
    """The `.yaml` files of a folder by name; a warning for what looks like one and is not read."""
    files = []
    entries = sorted(os.scandir(folder), key=lambda e: e.name) if folder.is_dir() else []
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith((".", "_")):
            continue
        if entry.is_dir(follow_symlinks=False):
            if entry.name != "photos" and any(path.rglob("*.y*ml")):
                message = "contact files in subfolders are not read; move them up"
                problems.append(_warning(workspace.relative(path), message))
        elif entry.name.endswith(".yaml"):
            files.append(path)
        elif entry.name.endswith(".yml"):
            message = f"is not read; rename it to {path.stem}.yaml"
            problems.append(_warning(workspace.relative(path), message))
    return files


def _warning(file: str, message: str) -> Problem:
    return Problem(file=file, message=message, severity="warning")


def read_contact(path: Path, file: str) -> tuple[ContactFile | None, tuple[Problem, ...]]:
    """Read one contact file; None where its name, or what it asks to avoid, cannot be known."""
    document, problems = read_document(path, file)
    return _contact_of(document, path.stem, problems)


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
        message = (
            "nothing of this file is printed until `avoid` can be read: "
            "a line it should hide might show"
        )
        return None, (*problems, document.problem(("avoid",), message))
    if contact is None:
        return None, problems
    return ContactFile(stem=stem, file=document.file, contact=contact, kept=kept), problems


def _tact_unknown(document: Document, faults: tuple[Problem, ...]) -> bool:
    """Whether a fault may have lost words to avoid: in `avoid`, or in a name that looks like it."""
    if any(fault.field.startswith("avoid") for fault in faults):
        return True
    unknown = [key for key in document.data if key not in Contact.model_fields]
    return any(nearest_field(Contact, (key,)) == "avoid" for key in unknown)


def read_organization(path: Path, file: str) -> tuple[OrganizationFile | None, tuple[Problem, ...]]:
    """Read one organization file."""
    document, problems = read_document(path, file)
    if document is None:
        return None, problems
    organization, kept, faults = validate(Organization, document)
    problems += faults
    if organization is None:
        return None, problems
    made = OrganizationFile(stem=path.stem, file=file, organization=organization, kept=kept)
    return made, problems
