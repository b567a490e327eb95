"""Small changes to a contact file: one field set, one item added to a list, a note."""

from collections.abc import Collection
from datetime import date
from typing import Final

from briefgen.contacts.book import ContactFile
from briefgen.contacts.contact import Contact
from briefgen.contacts.splice import Addition, Append, Put, Remove, Replace, Value, Word
from briefgen.workspace.document import Keys, Plain
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.validation import field_schema, nearest_field

_NOT_ONE_TEXT: Final = frozenset({"interactions", "links", "apologies"})
"""Lists whose items are more than one text."""


def set_field(contact: ContactFile, name: str, value: str) -> tuple[Addition, ...] | Problem:
    """What gives a field another value; to a list the value is added.

    Args:
        contact: the contact.
        name: the field, like `title`, `relationship.status` or `custom.Contract`.
        value: what it shall say.

    Returns:
        the additions, none if the file says so already; or why it cannot be set.
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
        return _problem(contact, name, Phrase("has fields of its own: {inner}", inner=tuple(inner)))
    before = _held(contact, keys)
    written = as_written(keys, value)
    if before is None:
        return (Put(keys=keys, value=written),)
    return () if before == value else (Replace(keys=keys, value=written),)


def unset_field(contact: ContactFile, name: str, item: str = "") -> tuple[Addition, ...] | Problem:
    """What takes a field out of the file; of a list only the item with this text, if one is given.

    Returns:
        the removals, none if it is not on file; or why it cannot be taken out.
    """
    keys = _keys_of(name)
    if field_schema(Contact, keys) is None:
        return _unknown_field(contact, name, keys)
    held = _held(contact, keys)
    if held is None:
        return ()
    if not item:
        return (Remove(keys=keys),)
    if not isinstance(held, list):
        return _problem(
            contact, name, Phrase("is no list; take the whole of it out, without a value")
        )
    return items_out(contact, name, (item,))


def items_out(contact: ContactFile, name: str, texts: Collection[str]) -> tuple[Addition, ...]:
    """What takes the items with these texts out of a list, the last one first."""
    held = _held(contact, _keys_of(name))
    wanted = {text.strip().casefold() for text in texts}
    found = [
        at
        for at, item in enumerate(held if isinstance(held, list) else ())
        if text_of(item).strip().casefold() in wanted
    ]
    return tuple(Remove(keys=(*_keys_of(name), at)) for at in reversed(found))


def _keys_of(name: str) -> Keys:
    return tuple(name.split(".", 1)) if name.startswith("custom.") else tuple(name.split("."))


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
    """What adds a dated line to the notes."""
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
    """The text of an item of a list, which may stand alone or as the first field of a group."""
    if isinstance(item, dict):
        return text_of(item.get("text") or item.get("note") or item.get("tried") or item.get("url"))
    return item if isinstance(item, str) else ""


def as_written(keys: Keys, value: Plain) -> Value:
    """A value as it is written into a file: words of the format's own and dates without quotes."""
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
