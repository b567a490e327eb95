"""What an import will do, decided before anything is written: new files, additions, doubts."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from briefgen.contacts.book import ContactBook
from briefgen.contacts.contact import Contact
from briefgen.contacts.exchange.person import Incoming, Refused
from briefgen.contacts.new_file import stem_for
from briefgen.contacts.splice import Addition, Append, Put, Value
from briefgen.workspace.document import Plain

MAX_PEOPLE: Final = 100_000
"""The most people taken from one import."""
MAX_PHOTOS: Final = 200 * 1024 * 1024
"""The most photos held at once, in bytes; a second import brings the rest."""

Action = Literal["new", "merge", "unchanged", "doubtful", "refused"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """What becomes of one person of the import.

    Attributes:
        line: where the card or row begins in the imported file.
        stem: the contact file it goes into; empty where it goes into none.
        adds: the fields that are new in the file, for the user.
        remarks: what is not taken, and why.
        fields: of a new file.
        additions: to a file that is there.
    """

    action: Action
    line: int
    name: str = ""
    stem: str = ""
    adds: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    fields: dict[str, Plain] = field(default_factory=dict, repr=False)
    additions: tuple[Addition, ...] = field(default=(), repr=False)
    photo: bytes | None = field(default=None, repr=False)


def plan_import(people: Iterable[Incoming | Refused], book: ContactBook) -> tuple[Step, ...]:
    """What to do with each person: one that an address, or a name alone, tells is merged."""
    together, steps = _together(people)
    known = _Known(book)
    for incoming in together:
        steps.append(known.step(incoming))
    return tuple(sorted(steps, key=lambda step: step.line))


def _together(people: Iterable[Incoming | Refused]) -> tuple[list[Incoming], list[Step]]:
    """The people, each once, though several cards or rows speak of them; and what is refused."""
    found: list[Incoming] = []
    refused: list[Step] = []
    places: dict[str, int] = {}
    photos = 0
    for count, incoming in enumerate(people):
        if count >= MAX_PEOPLE:
            reason = f"only the first {MAX_PEOPLE:,} are taken at once; split the file"
            refused.append(Step(action="refused", line=incoming.line, remarks=(reason,)))
            break
        if isinstance(incoming, Refused):
            refused.append(Step(action="refused", line=incoming.line, remarks=(incoming.reason,)))
            continue
        photos += len(incoming.photo or b"")
        if incoming.photo and photos > MAX_PHOTOS:
            reason = "the photo is left out, there are too many; import the file once more"
            incoming = replace(incoming, photo=None, remarks=(*incoming.remarks, reason))  # noqa: PLW2901  # the same person
        keys = incoming.emails or tuple(incoming.keys)
        place = next((places[key] for key in keys if key in places), None)
        if place is None:
            place = len(found)
            found.append(incoming)
        else:
            found[place] = found[place].joined(incoming)
        places |= dict.fromkeys(keys, place)
    return found, refused


class _Known:
    """The contacts on file and those that this import adds, by address and by name."""

    def __init__(self, book: ContactBook) -> None:
        self._book = book
        self._stems: set[str] = set()
        self._owners: dict[str, set[str]] = defaultdict(set)
        self._namesakes: dict[str, set[str]] = defaultdict(set)
        self._without_address: set[str] = set()
        for entry in book.entries():
            self._stems.add(entry.stem)
            for address in entry.emails:
                self._owners[address].add(entry.stem)
            for key in Incoming(line=0, name=entry.name, aliases=entry.aliases).keys:
                self._namesakes[key].add(entry.stem)
            if not entry.emails:
                self._without_address.add(entry.stem)

    def step(self, incoming: Incoming) -> Step:
        owners = {stem for address in incoming.emails for stem in self._owners[address]}
        namesakes = {stem for key in incoming.keys for stem in self._namesakes[key]}
        if len(owners) > 1:
            return _doubt(incoming, f"its addresses stand in {_listed(owners)}")
        if owners:
            return self._merge(incoming, owners.pop())
        if not namesakes:
            return self._new(incoming)
        if len(namesakes) > 1:
            return _doubt(incoming, f"{_listed(namesakes)} have this name")
        (namesake,) = namesakes
        if incoming.emails and namesake not in self._without_address:
            return _doubt(incoming, f"{_listed(namesakes)} has this name, but no address of these")
        return self._merge(incoming, namesake)

    def _new(self, incoming: Incoming) -> Step:
        stem = stem_for(incoming.name, lambda stem: stem in self._stems)
        self._stems.add(stem)
        fields = _fields(incoming)
        return Step(
            action="new",
            line=incoming.line,
            name=incoming.name,
            stem=stem,
            adds=(*fields, *(("photo",) if incoming.photo else ())),
            remarks=incoming.remarks,
            fields=fields,
            photo=incoming.photo,
        )

    def _merge(self, incoming: Incoming, stem: str) -> Step:
        file = self._book.by_stem(stem)
        if file is None:
            return _doubt(incoming, f"{stem}.yaml cannot be read now")
        additions, kept = _additions(file.contact, incoming)
        photo = incoming.photo if file.contact.photo is None else None
        adds = [str(addition.keys[0]) for addition in additions] + (["photo"] if photo else [])
        return Step(
            action="merge" if adds else "unchanged",
            line=incoming.line,
            name=incoming.name,
            stem=stem,
            adds=tuple(dict.fromkeys(adds)),
            remarks=(*incoming.remarks, *kept),
            additions=tuple(additions),
            photo=photo,
        )


def _listed(stems: Iterable[str]) -> str:
    return " and ".join(f"{stem}.yaml" for stem in sorted(stems))


def _doubt(incoming: Incoming, reason: str) -> Step:
    return Step(action="doubtful", line=incoming.line, name=incoming.name, remarks=(reason,))


def _fields(incoming: Incoming) -> dict[str, Plain]:
    """The fields of a new file."""
    events: list[Plain] = [{"date": str(day), "note": note} for day, note in incoming.life_events]
    fields: dict[str, Plain] = {
        "name": incoming.name,
        "pronouns": incoming.pronouns,
        "emails": list(incoming.emails),
        "aliases": list(incoming.aliases),
        "organization": incoming.organization,
        "title": incoming.title,
        "telephones": list(incoming.telephones),
        "timezone": incoming.timezone,
        "birthday": str(incoming.birthday) if incoming.birthday else None,
        "life_events": events,
        "notes": incoming.notes,
    }
    return {name: value for name, value in fields.items() if value}


def _additions(contact: Contact, incoming: Incoming) -> tuple[list[Addition], list[str]]:
    """What the file does not have yet; and what of the import gives way to what is there."""
    additions: list[Addition] = []
    kept: list[str] = []
    for name in ("pronouns", "organization", "title", "timezone", "birthday", "notes"):
        there, given = getattr(contact, name), getattr(incoming, name)
        if given is None or str(there) == str(given):
            continue
        if there is None:
            additions.append(Put(keys=(name,), value=str(given)))
        else:
            kept.append(f"{name} stays as it is" + ("" if name == "notes" else f", not '{given}'"))
    additions += _missing("emails", contact.emails, incoming.emails)
    numbers = {_digits(number) for number in contact.telephones}
    fresh = [number for number in incoming.telephones if _digits(number) not in numbers]
    additions += _missing("telephones", (), fresh)
    known = Incoming(line=0, name=contact.name, aliases=contact.aliases).keys
    fresh = [a for a in incoming.aliases if not known & Incoming(line=0, name=a).keys]
    additions += _missing("aliases", (), fresh)
    events = {(str(event.date), event.note.casefold()) for event in contact.life_events}
    for day, note in incoming.life_events:
        if (str(day), note.casefold()) not in events:
            event: dict[str, Value] = {"date": day, "note": note}
            additions.append(Append(keys=("life_events",), value=event))
    return additions, kept


def _missing(name: str, there: Sequence[str], given: Sequence[str]) -> Iterator[Addition]:
    return (Append(keys=(name,), value=item) for item in given if item not in there)


def _digits(number: str) -> str:
    """A telephone number as it is compared: `+1 (555) 0100` and `001-555-0100` are one."""
    return re.sub(r"\A\+", "00", re.sub(r"[^\d+]", "", number))
