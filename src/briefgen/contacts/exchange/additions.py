"""What an import adds to files: new fields, changes since the last import, past letters."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from briefgen.contacts.book import ContactBook, ContactFile, name_key
from briefgen.contacts.contact import Contact, Organization
from briefgen.contacts.dates import PartialDate
from briefgen.contacts.exchange.mail import Message
from briefgen.contacts.exchange.person import SINGLE, Incoming, Past
from briefgen.contacts.search import digits_of, numbers_of
from briefgen.contacts.splice import Addition, Append, Put, Replace
from briefgen.contacts.yaml_text import Word, Writable
from briefgen.workspace.addresses import domain_of, is_freemail
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.value import Value

TEXTS: Final = (*SINGLE, "notes")
"""The fields that hold one text."""


def fields_of(incoming: Incoming) -> dict[str, Writable]:
    """The fields of a new contact file."""
    events: list[Writable] = [{"date": day, "note": note} for day, note in incoming.life_events]
    links: list[Writable] = [_link(label, url) for label, url in incoming.links]
    fields: dict[str, Writable] = {
        "name": incoming.name,
        **{name: getattr(incoming, name) for name in TEXTS},
        "emails": list(incoming.emails),
        "aliases": list(incoming.aliases),
        "telephones": list(incoming.telephones),
        "tags": list(incoming.tags),
        "interests": list(incoming.interests),
        "links": links,
        "life_events": events,
        "custom": dict(incoming.custom),
        "interactions": [_interaction(past) for past in incoming.interactions],
    }
    return {name: value for name, value in fields.items() if value}


def _text(incoming: Incoming, name: str) -> str | None:
    value = getattr(incoming, name)
    return None if value is None else str(value)


def _link(label: str, url: str) -> dict[str, Writable]:
    return {"label": label, "url": url} if label else {"url": url}


def _interaction(past: Past) -> dict[str, Writable]:
    made: dict[str, Writable] = {
        "date": past.date,
        "channel": Word(past.channel),
        "summary": past.summary,
    }
    return {**made, "signals": list(past.signals)} if past.signals else made


def organization_fields(incoming: Incoming) -> tuple[dict[str, Writable], list[str]]:
    """The fields of a new organization file, and what has no place in it."""
    fields: dict[str, Writable] = {
        "name": incoming.name,
        "domains": list(_domains(incoming)),
        "notes": "\n".join(_lines(incoming)),
    }
    left = [name for name in ("birthday", "photo", "life_events") if getattr(incoming, name)]
    remarks = [f"not taken of an organization: {', '.join(left)}"] if left else []
    return {name: value for name, value in fields.items() if value}, remarks


def missing_lines(organization: Organization, incoming: Incoming) -> list[str]:
    """What the file of an organization does not say yet."""
    there = f"{organization.domains}\n{organization.notes}"
    return [line for line in (*_domains(incoming), *_lines(incoming)) if line not in there]


def _domains(incoming: Incoming) -> dict[str, None]:
    domains = map(domain_of, incoming.emails)
    return dict.fromkeys(domain for domain in domains if not is_freemail(domain))


def _lines(incoming: Incoming) -> list[str]:
    """What the notes say about an organization, line by line."""
    labelled = [
        ("Telephone", ", ".join(incoming.telephones)),
        ("Email", ", ".join(incoming.emails)),
        ("Address", incoming.address or ""),
        ("Web", ", ".join(url for _, url in incoming.links)),
        ("Tags", ", ".join(incoming.tags)),
        *incoming.custom,
    ]
    lines = [f"{label}: {text}" for label, text in labelled if text]
    return [*lines, *(incoming.notes or "").splitlines()]


def _new_interactions(contact: Contact, incoming: Incoming) -> list[Addition]:
    """Interactions that are not on file, in the order in which the file runs."""
    dates = [interaction.date for interaction in contact.interactions]
    newest_first = len(dates) > 1 and dates[0] > dates[-1]
    known = {(i.date, i.summary) for i in contact.interactions}
    return [
        Append(keys=("interactions",), value=_interaction(past), first=newest_first)
        for past in sorted(incoming.interactions, key=lambda past: past.date)
        if (past.date, past.summary) not in known
    ]


def _new_texts(contact: Contact, incoming: Incoming) -> tuple[list[Addition], list[str]]:
    """Texts that the file lacks; and those that are not taken because the file has another."""
    additions: list[Addition] = []
    kept: list[str] = []
    for name in TEXTS:
        there, given = getattr(contact, name), _text(incoming, name)
        if given is None or str(there) == given:
            continue
        if there is None:
            additions.append(Put(keys=(name,), value=getattr(incoming, name)))
        elif not (name == "notes" and given in str(there)):
            shown = given if len(given) <= _SHOWN else f"{given[:_SHOWN]}…"
            kept.append(f"{name} stays as it is, not '{shown}'")
    return additions, kept


def additions_to(contact: Contact, incoming: Incoming) -> tuple[list[Addition], list[str]]:
    """What the file lacks; and what is not taken because the file has something else."""
    additions, kept = _new_texts(contact, incoming)
    if name_key(incoming.name) not in {name_key(n) for n in (contact.name, *contact.aliases)}:
        kept.append(f"name stays as it is, not '{incoming.name}'")
    for name, values in missing_items(contact, incoming).items():
        additions += [Append(keys=(name,), value=value) for value in values]
    for label, text in incoming.custom:
        if label not in contact.custom:
            additions.append(Put(keys=("custom", label), value=text))
        elif contact.custom[label] != text:
            kept.append(f"custom '{label}' stays as it is, not '{text}'")
    return [*additions, *_new_interactions(contact, incoming)], kept


_SHOWN: Final = 200


def missing_items(contact: Contact, incoming: Incoming) -> dict[str, list[Writable]]:
    """The items that lists of the file do not have yet."""
    names = {name_key(name) for name in (contact.name, *contact.aliases)}
    numbers = numbers_of(contact)
    links = {link.url for link in contact.links}
    events = {(str(event.date), event.note.casefold()) for event in contact.life_events}
    return {
        "emails": _not_in(contact.emails, incoming.emails),
        "telephones": [n for n in incoming.telephones if digits_of(n) not in numbers],
        "aliases": [a for a in incoming.aliases if name_key(a) not in names],
        "tags": _not_in(contact.tags, incoming.tags),
        "interests": _not_in([note.text for note in contact.interests], incoming.interests),
        "links": [_link(label, url) for label, url in incoming.links if url not in links],
        "life_events": [
            {"date": day, "note": note}
            for day, note in incoming.life_events
            if (str(day), note.casefold()) not in events
        ],
    }


def _not_in(there: Iterable[str], given: Sequence[str]) -> list[Writable]:
    known = {item.casefold() for item in there}
    return [item for item in given if item.casefold() not in known]


_LISTS: Final = ("emails", "aliases", "telephones", "tags", "interests")
"""The lists whose items are plain texts."""


class Remembered(Value, frozen=True, kw_only=True):
    """What was last imported from one card, and the contact file it went into."""

    key: str
    stem: str = msgspec.field(name="contact")
    texts: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    custom: Mapping[str, str]

    @classmethod
    def of(cls, incoming: Incoming, stem: str) -> "Remembered":
        """What to remember of a card that has just been imported."""
        texts = {n: str(v) for n in ("name", *TEXTS) if (v := getattr(incoming, n)) is not None}
        lists = {name: getattr(incoming, name) for name in _LISTS}
        custom = dict(incoming.custom)
        return cls(key=incoming.uid, stem=stem, texts=texts, lists=lists, custom=custom)


def _folder(workspace: Workspace) -> Path:
    return workspace.memory / "imported"


def read_remembered(workspace: Workspace) -> dict[str, Remembered]:
    """What earlier imports took, by the other program's key; what cannot be read is left out."""
    found = {}
    folder = _folder(workspace)
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        with suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
            made = msgspec.json.decode(path.read_bytes(), type=Remembered)
            found[made.key] = made
    return found


def remember(workspace: Workspace, record: Remembered) -> None:
    """Keep what was imported from one card.

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
    """What changed in the card since it was last imported, and can be changed in the file.

    A text is replaced only if the file still has the imported one; one that the user removed stays
    out. An item removed from the card is removed from a list only if the list has nothing else.
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
    """A new name, like that of someone who married; the old one stays as an alias."""
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
    """How each text field, and each under `custom`, changes; or why it stays."""
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
    """How a text in the file changes with the card; or why it stays."""
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


MOST = 100
"""The most interactions that one import adds to a contact; the newest are taken."""


@dataclass(frozen=True, kw_only=True)
class Correspondence:
    """The interactions that a contact's file does not have yet."""

    stem: str
    days: tuple[date, ...]
    additions: tuple[Append, ...] = field(repr=False)


def plan_correspondence(
    messages: Iterable[Message], book: ContactBook, *, mine: AbstractSet[str]
) -> tuple[Correspondence, ...]:
    """What mail with contacts adds to their files; an address two people share adds nothing.

    The summary says who wrote, since a letter sent reads differently from one received.
    """
    seen: dict[str, dict[tuple[date, str], None]] = {}
    contacts: dict[str, ContactFile] = {}
    for message in messages:
        written = message.sender in mine
        for address in sorted(message.recipients) if written else (message.sender,):
            owners = book.by_address(address) if address not in mine else ()
            if len(owners) == 1:
                (contact,) = owners
                contacts[contact.stem] = contact
                key = (message.day, _summary(message, written=written))
                seen.setdefault(contact.stem, {})[key] = None
    made = (_new(contacts[stem], found) for stem, found in sorted(seen.items()))
    return tuple(one for one in made if one.additions)


def _summary(message: Message, *, written: bool) -> str:
    subject = message.subject or "(no subject)"
    return f"{'Wrote' if written else 'Received'}: {subject}"


def _new(contact: ContactFile, found: Iterable[tuple[date, str]]) -> Correspondence:
    interactions = contact.contact.interactions
    known = {(i.date, i.summary) for i in interactions if i.channel == "email"}
    fresh = sorted(set(found) - known)[-MOST:]
    dates = [i.date for i in interactions]
    first = len(dates) > 1 and dates[0] > dates[-1]  # this file runs from new to old
    return Correspondence(
        stem=contact.stem,
        days=tuple(day for day, _ in fresh),
        additions=tuple(
            Append(
                keys=("interactions",),
                value=_interaction(Past(date=day, channel="email", summary=summary)),
                first=first,
            )
            for day, summary in fresh
        ),
    )
