"""What earlier imports with `--sync` brought, so that a later one follows changes.

Each card has a small file in `.briefgen/imported/`, which `contacts forget` removes as well.
Only what still reads as it was brought is ever changed: a field that the user wrote over stays.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from briefgen.contacts.contact import Contact
from briefgen.contacts.exchange.additions import TEXTS, additions_to
from briefgen.contacts.exchange.identity import digits_of
from briefgen.contacts.exchange.person import Incoming
from briefgen.contacts.splice import Addition, Append, Put, Replace
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.value import Value

_LISTS: Final = ("emails", "aliases", "telephones", "tags", "interests")
"""The lists whose items are plain texts."""


class Remembered(Value, frozen=True, kw_only=True):
    """What was last brought of one card, and the contact file it went into."""

    key: str
    stem: str
    texts: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    custom: Mapping[str, str]

    @classmethod
    def of(cls, incoming: Incoming, stem: str) -> "Remembered":
        """What is remembered of a card that has just been taken."""
        texts = {n: str(v) for n in ("name", *TEXTS) if (v := getattr(incoming, n)) is not None}
        lists = {name: getattr(incoming, name) for name in _LISTS}
        custom = dict(incoming.custom)
        return cls(key=incoming.uid, stem=stem, texts=texts, lists=lists, custom=custom)


def _folder(workspace: Workspace) -> Path:
    return workspace.memory / "imported"


def read_remembered(workspace: Workspace) -> dict[str, Remembered]:
    """What earlier imports brought, by the other program's key; what cannot be read is left out."""
    found = {}
    folder = _folder(workspace)
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            data: dict[str, Any] = json.loads(path.read_bytes())
            lists = {str(name): tuple(map(str, items)) for name, items in data["lists"].items()}
            made = Remembered(
                key=str(data["key"]),
                stem=str(data["contact"]),
                texts=dict(data["texts"]),
                lists=lists,
                custom=dict(data["custom"]),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        found[made.key] = made
    return found


def remember(workspace: Workspace, record: Remembered) -> None:
    """Keep what was brought of one card.

    Raises:
        OSError: naming the file that cannot be written.
    """
    name = hashlib.sha256(record.key.encode()).hexdigest()[:24]
    data = {
        "key": record.key,
        "contact": record.stem,
        "texts": dict(record.texts),
        "lists": {name: list(items) for name, items in record.lists.items()},
        "custom": dict(record.custom),
    }
    path = _folder(workspace) / f"{name}.json"
    content = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
    if not path.exists() or path.read_bytes() != content:
        write_whole(path, content)


def changes_since(
    record: Remembered, contact: Contact, incoming: Incoming
) -> tuple[list[Addition], list[str]]:
    """What changed in the card since it was last brought, and can be followed in the file.

    A text is replaced only where the file still says what was brought; one that the user took out
    stays out. An item that left the card leaves a list only where nothing else is in it.
    """
    changes, remarks = _text_changes(record, contact, incoming)
    named, told = _name_changes(record, contact, incoming)
    changes, remarks = [*named, *changes], [*told, *remarks]
    for name in _LISTS:
        added, told = _list_changes(name, record, contact, incoming)
        changes += added
        remarks += told
    more, _ = additions_to(contact, incoming)
    changes += [a for a in more if a.keys[0] in {"links", "life_events", "interactions"}]
    added, told = _custom_changes(record, contact, incoming)
    return [*changes, *added], [*remarks, *told]


def _name_changes(
    record: Remembered, contact: Contact, incoming: Incoming
) -> tuple[list[Addition], list[str]]:
    """Another name, of somebody who married; the old one stays as an alias."""
    was, now = record.texts.get("name"), incoming.name
    if now in {was, contact.name}:
        return [], []
    if was != contact.name:
        return [], [f"name is yours and stays, not '{now}'"]
    is_known = was in contact.aliases
    old = [] if is_known else [Append(keys=("aliases",), value=was)]
    return [Replace(keys=("name",), value=now), *old], []


def _text_changes(
    record: Remembered, contact: Contact, incoming: Incoming
) -> tuple[list[Addition], list[str]]:
    changes: list[Addition] = []
    remarks: list[str] = []
    for name in TEXTS:
        was, value = record.texts.get(name), getattr(incoming, name)
        now = None if value is None else str(value)
        there = getattr(contact, name)
        shown = None if there is None else str(there)
        if now in {was, shown}:
            continue
        if shown is None and was is None and now is not None:
            changes.append(Put(keys=(name,), value=value))
        elif shown is not None and shown == was and now is not None:
            changes.append(Replace(keys=(name,), value=value))
        elif now is None:
            remarks.append(f"{name} is no longer in the card; '{shown or was}' stays")
        else:
            remarks.append(f"{name} is yours and stays, not '{now}'")
    return changes, remarks


def _custom_changes(
    record: Remembered, contact: Contact, incoming: Incoming
) -> tuple[list[Addition], list[str]]:
    changes: list[Addition] = []
    remarks: list[str] = []
    for label, text in incoming.custom:
        was, there = record.custom.get(label), contact.custom.get(label)
        if text in {was, there}:
            continue
        if there is None and was is None:
            changes.append(Put(keys=("custom", label), value=text))
        elif there is not None and there == was:
            changes.append(Replace(keys=("custom", label), value=text))
        else:
            remarks.append(f"custom '{label}' is yours and stays, not '{text}'")
    gone = record.custom.keys() - dict(incoming.custom).keys()
    remarks += [
        f"custom '{label}' is no longer in the card; '{contact.custom[label]}' stays"
        for label in sorted(gone & contact.custom.keys())
    ]
    return changes, remarks


def _list_changes(
    name: str, record: Remembered, contact: Contact, incoming: Incoming
) -> tuple[list[Addition], list[str]]:
    def key(item: str) -> str:
        return digits_of(item) if name == "telephones" else item.casefold()

    there = [getattr(item, "text", item) for item in getattr(contact, name)]
    was, now = record.lists.get(name, ()), getattr(incoming, name)
    held, known, given = ({key(item) for item in items} for items in (there, was, now))
    gone = [item for item in there if key(item) in known - given]
    fresh = [item for item in now if key(item) not in known | held]
    if gone and held == known and now:
        return [Replace(keys=(name,), value=list(now))], []
    told = [f"{name}: '{item}' is no longer in the card, and stays here" for item in gone]
    return [Append(keys=(name,), value=item) for item in fresh], told
