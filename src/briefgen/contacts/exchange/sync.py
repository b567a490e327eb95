"""What earlier imports with `--sync` brought, so that a later one follows changes.

Each card has a small file in `.briefgen/imported/`, which `contacts forget` removes as well.
Only what still reads as it was brought is ever changed: a field that the user wrote over stays.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from briefgen.contacts.contact import Contact
from briefgen.contacts.dates import PartialDate
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
    stem: str = msgspec.field(name="contact")
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
        with suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
            made = msgspec.json.decode(path.read_bytes(), type=Remembered)
            found[made.key] = made
    return found


def remember(workspace: Workspace, record: Remembered) -> None:
    """Keep what was brought of one card.

    Raises:
        OSError: naming the file that cannot be written.
    """
    name = hashlib.sha256(record.key.encode()).hexdigest()[:24]
    path = _folder(workspace) / f"{name}.json"
    content = msgspec.json.format(msgspec.json.encode(record, order="sorted"), indent=1) + b"\n"
    if not path.exists() or path.read_bytes() != content:
        write_whole(path, content)


def changes_since(
    record: Remembered, contact: Contact, incoming: Incoming
) -> tuple[list[Addition], list[str]]:
    """What changed in the card since it was last brought, and can be followed in the file.

    A text is replaced only where the file still says what was brought; one that the user took out
    stays out. An item that left the card leaves a list only where nothing else is in it.
    """
    changes, remarks = _name_changes(record, contact, incoming)
    for change, told in _single_changes(record, contact, incoming):
        changes += [change] if change else []
        remarks += [told] if told else []
    for name in _LISTS:
        added, said = _list_changes(name, record, contact, incoming)
        changes += added
        remarks += said
    more, _ = additions_to(contact, incoming)
    changes += [a for a in more if a.keys[0] in {"links", "life_events", "interactions"}]
    return changes, remarks


def _name_changes(
    record: Remembered, contact: Contact, incoming: Incoming
) -> tuple[list[Addition], list[str]]:
    """Another name, of somebody who married; the old one stays as an alias."""
    was, now = record.texts.get("name"), incoming.name
    if now in {was, contact.name}:
        return [], []
    if was != contact.name:
        return [], [f"name is yours and stays, not '{now}'"]
    old = [] if was in contact.aliases else [Append(keys=("aliases",), value=was)]
    return [Replace(keys=("name",), value=now), *old], []


def _single_changes(
    record: Remembered, contact: Contact, incoming: Incoming
) -> Iterator[tuple[Addition | None, str]]:
    """What becomes of each field of one text, and of those under `custom`; or why it stays."""
    for name in TEXTS:
        yield _change(
            (name,), record.texts.get(name), getattr(contact, name), getattr(incoming, name)
        )
    custom = dict(incoming.custom)
    for label in dict.fromkeys((*custom, *record.custom)):
        found = (held.get(label) for held in (record.custom, contact.custom, custom))
        yield _change(("custom", label), *found)


def _change(
    keys: tuple[str, ...], was: str | None, there: object, now: "str | PartialDate | None"
) -> tuple[Addition | None, str]:
    """How the file follows a text of the card; or why the text that is there stays."""
    said, shown = (None if value is None else str(value) for value in (now, there))
    name = f"custom '{keys[1]}'" if len(keys) > 1 else keys[0]
    if said in {was, shown}:
        return None, ""
    if said is None:
        gone = f"{name} is no longer in the card; '{shown}' stays"
        return None, gone if shown is not None else ""
    if shown == was:
        return (Put(keys=keys, value=now) if was is None else Replace(keys=keys, value=now)), ""
    return None, f"{name} is yours and stays, not '{said}'"


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
