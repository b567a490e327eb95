"""New contact files: a name for the file, and a commented text that the reader reads back."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from briefgen.workspace.document import Plain

_LONGEST_STEM = 60
_LONGEST_BYTES = 180
_PLAIN = re.compile(r"[^\W_](?:[\w .()/&'@+-]*[\w.)])?\Z")
_WORDS_OF_YAML = frozenset({"null", "~", ""})
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


def scalar(text: str) -> str:
    """`text` as YAML: plain where every reader takes it for just that, else in double quotes."""
    if _PLAIN.match(text) and text not in _WORDS_OF_YAML:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(s if s.isprintable() else _escaped(s) for s in quoted)


def _escaped(sign: str) -> str:
    code = ord(sign)
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"  # noqa: PLR2004  # the plane


def field_text(name: str, value: Plain, indent: str = "") -> str:
    """A field of a contact file as YAML lines: a text, a list of texts, or a list of groups."""
    if isinstance(value, dict):
        lines = [f"{indent}{name}:"]
        lines += [field_text(key, inner, indent + "  ") for key, inner in value.items()]
        return "\n".join(lines)
    if isinstance(value, list):
        lines = [f"{indent}{name}:"]
        lines += [f"{indent}  - {_item(item, indent)}" for item in value]
        return "\n".join(lines)
    return f"{indent}{name}: {scalar(value or '')}"


def _item(item: Plain, indent: str) -> str:
    if isinstance(item, dict):
        text = "\n".join(field_text(key, value, indent + "    ") for key, value in item.items())
        return text.lstrip()
    return scalar(str(item or ""))


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
    "name", "pronouns", "emails", "aliases", "organization", "past_organizations", "title",
    "decides", "telephones", "timezone", "photo", "birthday", "relationship", "interests", "avoid",
    "life_events", "promises", "talking_points", "to_share", "interactions", "notes",
)  # fmt: skip


def contact_text(fields: Mapping[str, Plain], *, hints: bool = True) -> str:
    """The text of a new contact file with these fields; `hints` show what else can stand there."""
    lines = [SCHEMA_LINE, "version: 1"]
    for name in _ORDER:
        value = fields.get(name)
        if value not in (None, [], {}, ""):
            lines.append(field_text(name, value))
        elif hints:
            lines += _HINTS.get(name, ())
    return "\n".join(lines) + "\n"
