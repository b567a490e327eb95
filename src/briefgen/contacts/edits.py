"""What to write: new contact files, single fields and notes, two files merged into one."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from briefgen.contacts.book import ContactFile, name_key, parse_contact
from briefgen.contacts.contact import Contact
from briefgen.contacts.splice import Addition, Append, Put, Remove, Replace, text_field
from briefgen.contacts.yaml_text import Style, Word, Writable, field_lines, is_nothing
from briefgen.workspace.built_in import read_built_in
from briefgen.workspace.document import Keys, Plain
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.validation import field_schema, nearest_field
from briefgen.workspace.value import Value

_LONGEST_STEM = 60
_LONGEST_BYTES = 180
SCHEMA_LINE = "# yaml-language-server: $schema=../../.briefgen/schemas/contact.json"


def stem_for(name: str, taken: Callable[[str], bool]) -> str:
    """A file stem for a name: its letters, of any script, in lower case; numbered if taken."""
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


SCHEMA_OF_ORGANIZATIONS = SCHEMA_LINE.replace("contact.json", "organization.json")


def contact_text(fields: Mapping[str, Writable], *, hints: bool = True) -> str:
    """The text of a new contact file with these fields; `hints` show what else can be written."""
    lines = [SCHEMA_LINE, "version: 1"]
    for name, hint in read_built_in("contacts/new_contact.yaml").items():
        value = fields.get(name)
        if not (is_nothing(value) or value == ""):
            lines += field_lines(Style(), 0, name, value)
        elif hints and hint:
            lines += hint.splitlines()
    return "\n".join(lines) + "\n"


class NewContact(NamedTuple):
    """A contact file to be created."""

    path: Path
    content: bytes


def plan_contact(
    fields: Mapping[str, Writable], workspace: Workspace
) -> NewContact | tuple[Problem, ...]:
    """A new contact file with these fields, under a free name, or why it cannot be read back."""
    stem = stem_for(str(fields["name"]), lambda s: (workspace.contacts / f"{s}.yaml").exists())
    path = workspace.contacts / f"{stem}.yaml"
    content = contact_text(fields).encode()
    contact, problems = parse_contact(content, workspace.relative(path))
    if contact is None or problems:
        return problems
    return NewContact(path, content)


def organization_text(fields: Mapping[str, Writable]) -> str:
    """The text of a new organization file with these fields."""
    lines = [SCHEMA_OF_ORGANIZATIONS, "version: 1"]
    for name, value in fields.items():
        lines += field_lines(Style(), 0, name, value)
    return "\n".join(lines) + "\n"


_NOT_ONE_TEXT: Final = frozenset({"interactions", "links", "apologies"})
"""Lists whose items are more than one text."""


def set_field(contact: ContactFile, name: str, value: str) -> tuple[Addition, ...] | Problem:
    """The additions that set a field, or append to a list.

    Args:
        contact: the contact.
        name: the field, like `title`, `relationship.status` or `custom.Contract`.
        value: its new value.

    Returns: the additions, none if the file says so already; or why it cannot be set.
    """
    keys = _keys_of(name)
    schema = field_schema(Contact, keys)
    if schema is None:
        return _unknown_field(contact, name, keys)
    kinds = {one.get("type") for one in schema}
    if "array" in kinds:
        return _add_to_list(contact, name, value)
    if "object" in kinds and "string" not in kinds:
        inner = sorted({key for one in schema for key in one.get("properties", {})})
        if name == "custom":
            return _problem(contact, name, Phrase("name the key too, like custom.Contract"))
        return _problem(contact, name, Phrase("has fields inside it: {inner}", inner=tuple(inner)))
    keys = _keys_on_file(contact, keys)
    before = _held(contact, keys)
    written = as_written(keys, value)
    if before is None:
        return (Put(keys=keys, value=written),)
    return () if before == value else (Replace(keys=keys, value=written),)


def unset_field(contact: ContactFile, name: str, item: str = "") -> tuple[Addition, ...] | Problem:
    """The additions that remove a field, or only the item of a list with this text.

    Returns:
        the removals, none if it is not on file; or why it cannot be taken out.
    """
    keys = _keys_of(name)
    if field_schema(Contact, keys) is None:
        return _unknown_field(contact, name, keys)
    keys = _keys_on_file(contact, keys)
    held = _held(contact, keys)
    if held is None:
        return ()
    if not item:
        return (Remove(keys=keys),)
    if not isinstance(held, list):
        return _problem(contact, name, Phrase("is not a list; remove all of it, without a value"))
    return items_changed(contact, name, {item: ""})


def items_changed(
    contact: ContactFile, name: str, texts: Mapping[str, str]
) -> tuple[Addition, ...]:
    """The additions that change the text of items of a list, the last item first.

    Args:
        contact: the contact.
        name: the list.
        texts: the new text by the one that the item has; an empty one removes the item.
    """
    held = _held(contact, _keys_of(name))
    wanted = {text.strip().casefold(): new for text, new in texts.items()}
    changes: list[Addition] = []
    for at, item in enumerate(held if isinstance(held, list) else ()):
        new = wanted.get(text_of(item).strip().casefold())
        keys: Keys = (*_keys_of(name), at)
        if new == "":
            changes.append(Remove(keys=keys))
        elif new is not None:
            keys = (*keys, "text") if isinstance(item, dict) else keys
            changes.append(Replace(keys=keys, value=as_written(keys, new)))
    return tuple(reversed(changes))


def _keys_of(name: str) -> Keys:
    return tuple(name.split(".", 1)) if name.startswith("custom.") else tuple(name.split("."))


def _keys_on_file(contact: ContactFile, keys: Keys) -> Keys:
    """Where the file has a field; a `next_step` of plain text is the step's text."""
    is_plain = keys == ("next_step", "text") and isinstance(_held(contact, keys[:1]), str)
    return keys[:1] if is_plain else keys


def _unknown_field(contact: ContactFile, name: str, keys: Keys) -> Problem:
    near = nearest_field(Contact, keys)
    meant = ".".join([*map(str, keys[:-1]), near]) if near else ""
    hint = (
        Phrase("; did you mean '{meant}'?", meant=meant)
        if near
        else Phrase("; see: briefgen schema contact")
    )
    return _problem(
        contact, name, Phrase("no field is called '{name}'{hint}", name=name, hint=hint)
    )


def _add_to_list(contact: ContactFile, name: str, value: str) -> tuple[Addition, ...] | Problem:
    if name in _NOT_ONE_TEXT:
        return _problem(
            contact, name, Phrase("holds more than one text; use: briefgen contacts edit")
        )
    held = _held(contact, (name,))
    known = held if isinstance(held, list) else []
    if any(text_of(item).casefold() == value.casefold() for item in known):
        return ()
    return (Append(keys=(name,), value=value),)


def add_note(contact: ContactFile, note: str, day: date) -> tuple[Addition, ...]:
    """The additions that append a dated line to the notes."""
    line = f"{day.isoformat()}: {' '.join(note.split())}"
    before = contact.contact.notes
    if before is None:
        return (Put(keys=("notes",), value=line),)
    return (Replace(keys=("notes",), value=f"{before.rstrip()}\n{line}"),)


def _problem(contact: ContactFile, name: str, message: str) -> Problem:
    return Problem(file=contact.file, field=name, message=message)


def _held(contact: ContactFile, keys: Keys) -> Plain:
    held: Plain = contact.kept.document.data
    for key in keys:
        held = held.get(str(key)) if isinstance(held, dict) else None
    return held


def text_of(item: Plain) -> str:
    """The text of an item of a list, written alone or as a field of a group."""
    if isinstance(item, dict):
        return text_of(item.get("text") or item.get("note") or item.get("tried") or item.get("url"))
    return item if isinstance(item, str) else ""


def as_written(keys: Keys, value: Plain) -> Writable:
    """A value as written into a file: words of the format and dates without quotes."""
    if isinstance(value, dict):
        return {key: as_written((*keys, key), held) for key, held in value.items()}
    if isinstance(value, list):
        return [as_written((*keys, 0), held) for held in value]
    if value is None:
        return None
    schema = field_schema(Contact, keys) or ()
    words = [one for one in schema if one.keys() & {"enum", "const", "pattern"}]
    dated = [one for one in schema if one.get("format") == "date" or one.get("type") == "boolean"]
    return Word(value) if words or dated else value


class Merge(Value, frozen=True, kw_only=True):
    """What is added to the file that is kept.

    Attributes:
        noted: values that contradict the file that is kept; they go to its notes.
    """

    additions: tuple[Addition, ...]
    noted: tuple[str, ...] = field(default=())


def merge(kept: ContactFile, other: ContactFile) -> Merge:
    """What the other file says that the kept one does not."""
    merging = _Merging(kept=kept, other=other)
    additions = list(merging.additions())
    notes = merging.notes()
    if notes is not None:
        before = kept.contact.notes
        keys: Keys = ("notes",)
        additions.append(
            Put(keys=keys, value=notes)
            if before is None
            else Replace(keys=keys, value=f"{before.rstrip()}\n{notes}")
        )
    return Merge(additions=tuple(additions), noted=tuple(merging.noted))


@dataclass(kw_only=True)
class _Merging:
    kept: ContactFile
    other: ContactFile
    noted: list[str] = field(default_factory=list)

    def additions(self) -> Iterator[Addition]:
        held = self.kept.kept.document.data
        yield from self._names()
        for key, value in self.other.kept.document.data.items():
            if key not in {"version", "name", "aliases", "notes"} and value is not None:
                yield from self._field((key,), held.get(key), value)

    def _names(self) -> Iterator[Addition]:
        """The other's name and aliases, if this one does not have them."""
        contact = self.kept.contact
        known = {name_key(name) for name in (contact.name, *contact.aliases)}
        for name in (self.other.contact.name, *self.other.contact.aliases):
            if name_key(name) not in known:
                known.add(name_key(name))
                yield Append(keys=("aliases",), value=name)

    def _field(self, keys: Keys, held: Plain, value: Plain) -> Iterator[Addition]:
        if held is None:
            yield Put(keys=keys, value=as_written(keys, value))
        elif isinstance(held, list) and isinstance(value, list):
            yield from self._items(keys, held, value)
        elif isinstance(held, dict) and isinstance(value, dict):
            for key, inner in value.items():
                if inner is not None:
                    yield from self._field((*keys, key), held.get(key), inner)
        elif _flat(held) != _flat(value):
            self.noted.append(f"{'.'.join(map(str, keys))}: {_told(value)}")

    def _items(self, keys: Keys, held: list[Plain], value: list[Plain]) -> Iterator[Addition]:
        """The items that are not there yet; interactions in the file's order.

        An item with the same text and nothing contradictory gains the fields that only the other
        has.
        """
        known = {repr(_flat(item)) for item in held}
        dates = [item.get("date") for item in held if isinstance(item, dict)]
        falls = len(dates) > 1 and str(dates[0]) > str(dates[-1]) and keys == ("interactions",)
        new = []
        for item in value:
            if repr(_flat(item)) in known:
                continue
            same = next((at for at, one in enumerate(held) if _agree(one, item, keys)), None)
            if same is None:
                new.append(item)
            elif isinstance(item, dict):
                there = _group(held[same], keys)
                for name, inner in item.items():
                    if name not in there and inner is not None:
                        place = (*keys, same, name)
                        yield Put(keys=place, value=as_written((*keys, 0, name), inner))
        for item in reversed(new) if falls else new:
            yield Append(keys=keys, value=as_written((*keys, 0), item), first=falls)

    def notes(self) -> str | None:
        """The other's notes, and what contradicts."""
        lines = [f"{self.other.file} said {one}" for one in self.noted]
        other = self.other.contact.notes
        if other is not None and other not in (self.kept.contact.notes or ""):
            lines.append(other.rstrip())
        return "\n".join(lines) or None


def _group(item: Plain, keys: Keys) -> dict[str, Plain]:
    """An item of a list as a group; a plain text is a group with that text only."""
    return item if isinstance(item, dict) else {text_field(keys[0]): item}


def _agree(one: Plain, other: Plain, keys: Keys) -> bool:
    """Whether two items have the same text and differ in nothing that both say."""
    if not text_of(one) or text_of(one).casefold() != text_of(other).casefold():
        return False
    first, second = _group(one, keys), _group(other, keys)
    both = first.keys() & second.keys()
    return all(_flat(first[name]) == _flat(second[name]) for name in both)


def _flat(value: Plain) -> Plain:
    """A value in comparable form: texts without case, and a plain item as the group it means."""
    if isinstance(value, dict):
        flat = {key: _flat(inner) for key, inner in value.items() if inner is not None}
        return flat.get("text") if flat.keys() == {"text"} else dict(sorted(flat.items()))
    if isinstance(value, list):
        return [_flat(item) for item in value]
    return " ".join(value.split()).casefold() if isinstance(value, str) else value


def _told(value: Plain) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_told(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_told(item) for item in value)
    return str(value)
