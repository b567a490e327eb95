"""New contact files: a name for the file, and a commented text that the reader reads back."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from briefgen.contacts.reader import parse_contact
from briefgen.contacts.yaml_text import Style, Value, field_lines, is_nothing
from briefgen.workspace.folder import Workspace
from briefgen.workspace.problems import Problem

_LONGEST_STEM = 60
_LONGEST_BYTES = 180
SCHEMA_LINE = "# yaml-language-server: $schema=../../.briefgen/schemas/contact.json"


def stem_for(name: str, taken: Callable[[str], bool]) -> str:
    """A file stem for a name: its letters of any script in lower case, and a number where taken."""
    flat = unicodedata.normalize("NFC", name.casefold())
    signs = (s if s.isalnum() or unicodedata.category(s).startswith("M") else "-" for s in flat)
    stem = re.sub(r"-+", "-", "".join(signs)).strip("-")[:_LONGEST_STEM]
    while len(stem.encode()) > _LONGEST_BYTES:
        stem = stem[:-1]
    stem = stem.strip("-") or "contact"
    number = 1
    made = stem
    while taken(made):
        number += 1
        made = f"{stem}-{number}"
    return made


_HINTS: Mapping[str, Sequence[str]] = {
    "pronouns": ("# pronouns: she/her",),
    "emails": ("# emails: [someone@acme.example]   # how an invitation is recognised",),
    "organization": ("# organization: Acme Logistics",),
    "title": ("# title: VP Operations",),
    "timezone": ("# timezone: America/New_York",),
    "photo": ("# photo: photos/dana-smith.jpg        # a picture inside data/contacts/",),
    "birthday": ("# birthday: 03-26                     # YYYY-MM-DD, MM-DD or YYYY-MM",),
    "relationship": (
        "# relationship:",
        "#   status: steady                    # new | steady | warm | strained | lapsed",
        "#   stay_in_touch: 6w                 # how long a silence is too long",
    ),
    "interests": ("# interests: [vegetarian cooking]",),
    "avoid": ("# avoid: [divorce]                  # hides every line that mentions it",),
    "life_events": (
        "# life_events:",
        "#   - date: 2022-09",
        "#     note: daughter started college",
        "#     expect: {after: 4y, note: she graduates}",
    ),
    "promises": (
        "# promises:",
        "#   - {by: me, text: send the draft, made: 2026-11-02, due: 2026-11-20}",
    ),
    "talking_points": ("# talking_points:", "#   - ask how the Lisbon trip went"),
    "interactions": (
        "# interactions:",
        "#   - date: 2026-11-02",
        "#     channel: call                   # meeting | call | email | visit | message | gift",
        "#     summary: what was said and decided",
        "#     signals: [frustrated]",
    ),
    "notes": (),
}
"""What stands in a new file for the fields that are not known yet, in the order of the format."""

_ORDER = (
    "name", "pronouns", "call_me", "emails", "aliases", "organization", "past_organizations",
    "title", "decides", "telephones", "address", "country", "timezone", "language", "photo",
    "birthday", "tags", "links", "relationship", "next_step", "interests", "avoid", "life_events",
    "promises", "talking_points", "to_share", "interactions", "custom", "notes",
)  # fmt: skip
SCHEMA_OF_ORGANIZATIONS = SCHEMA_LINE.replace("contact.json", "organization.json")


def contact_text(fields: Mapping[str, Value], *, hints: bool = True) -> str:
    """The text of a new contact file with these fields; `hints` show what else can stand there."""
    lines = [SCHEMA_LINE, "version: 1"]
    for name in _ORDER:
        value = fields.get(name)
        if not (is_nothing(value) or value == ""):
            lines += field_lines(Style(), 0, name, value)
        elif hints:
            lines += _HINTS.get(name, ())
    return "\n".join(lines) + "\n"


class NewContact(NamedTuple):
    """A contact file that is to be made."""

    path: Path
    content: bytes


def plan_contact(
    fields: Mapping[str, Value], workspace: Workspace
) -> NewContact | tuple[Problem, ...]:
    """A new contact file with these fields, under a free name, or why it cannot be read back."""
    stem = stem_for(str(fields["name"]), lambda s: (workspace.contacts / f"{s}.yaml").exists())
    path = workspace.contacts / f"{stem}.yaml"
    content = contact_text(fields).encode()
    contact, problems = parse_contact(content, workspace.relative(path))
    if contact is None or problems:
        return problems
    return NewContact(path, content)


def organization_text(fields: Mapping[str, Value]) -> str:
    """The text of a new organization file with these fields."""
    lines = [SCHEMA_OF_ORGANIZATIONS, "version: 1"]
    for name, value in fields.items():
        lines += field_lines(Style(), 0, name, value)
    return "\n".join(lines) + "\n"
