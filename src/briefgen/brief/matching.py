"""Matching: the attendees of the feed paired with the contacts on file.

A contact is recognised by exact address; by name only where an attendee has no usable one.
Where two files could be meant, neither is used.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from briefgen.brief.brief import Participant
from briefgen.brief.domains import domain_of
from briefgen.contacts.book import ContactBook, name_key
from briefgen.meetings.meeting import Attendee, Meeting
from briefgen.settings import Me

_ROOM_DOMAINS: Final = frozenset({"resource.calendar.google.com", "group.calendar.google.com"})
"""Google names rooms and calendars by these, often without a CUTYPE."""
_CONTACT_LINE: Final = re.compile(
    r"^\s*\[contact:\s*([^\]\s]+)\s*\]\s*$", re.MULTILINE | re.IGNORECASE
)
_WORD: Final = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_FEWEST_WORDS: Final = 2
_UNSPACED: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def match(meeting: Meeting, *, book: ContactBook, me: Me) -> tuple[Participant, ...]:
    """Who takes part besides the user, in the order of the feed, each person once.

    Rooms, resources and the user's own addresses are never participants. A meeting of the user's
    own without anybody else takes its contacts from its title and `[contact: …]` lines.
    """
    mine = frozenset(address.casefold() for address in me.emails)
    parties = [party for party in _parties(meeting) if _is_person(party) and not _is_me(party, me)]
    participants = [_paired(party, book) for party in parties]
    if not participants and is_own(meeting, mine):
        participants = [*_called(meeting.description, book), *_named(meeting.title, book)]
    return tuple(_once(participants))


def is_own(meeting: Meeting, addresses: Iterable[str]) -> bool:
    """Whether the user organizes the meeting, or nobody does: then its text is theirs."""
    organizer = meeting.organizer
    if organizer is None or (organizer.address is None and not organizer.name):
        return True
    return organizer.address is not None and organizer.address.casefold() in set(addresses)


def _parties(meeting: Meeting) -> Iterator[Attendee]:
    yield from meeting.attendees
    organizer = meeting.organizer
    if organizer is None:
        return
    known = {party.address for party in meeting.attendees if party.address}
    names = {name_key(party.name) for party in meeting.attendees if party.name}
    if organizer.address:
        if organizer.address not in known:
            yield organizer
    elif organizer.name and name_key(organizer.name) not in names:
        yield organizer


def _is_person(party: Attendee) -> bool:
    if party.kind in {"ROOM", "RESOURCE"}:
        return False
    if party.address is None:
        return bool(party.name.strip())
    return domain_of(party.address) not in _ROOM_DOMAINS


def _is_me(party: Attendee, me: Me) -> bool:
    if party.address:
        return party.address.casefold() in {address.casefold() for address in me.emails}
    return bool(me.name) and name_key(party.name) == name_key(me.name)


def _paired(party: Attendee, book: ContactBook) -> Participant:
    found = book.by_address(party.address) if party.address else book.by_name(party.name)
    if len(found) == 1:
        return Participant(attendee=party, contact=found[0])
    return Participant(attendee=party, rivals=found)


def _called(description: str, book: ContactBook) -> Iterator[Participant]:
    """The contacts that `[contact: dana-smith]` lines name by their files."""
    for stem in _CONTACT_LINE.findall(description):
        if (contact := book.by_stem(stem)) is not None:
            yield Participant(contact=contact)


def _named(title: str, book: ContactBook) -> Iterator[Participant]:
    """The contacts whose full name stands in the title; of names within names the longest."""
    flat = _flat(title)
    words = tuple(_WORD.findall(flat))
    hits = [
        (*place, contact)
        for contact in book
        for name in (contact.contact.name, *contact.contact.aliases)
        if (place := _place(_flat(name), flat, words)) is not None
    ]
    taken: set[int] = set()
    for start, end in sorted({hit[:2] for hit in hits}, key=lambda at: (at[0] - at[1], at[0])):
        if taken.intersection(range(start, end)):
            continue
        taken.update(range(start, end))
        owners = tuple(dict.fromkeys(c.stem for s, e, c in hits if (s, e) == (start, end)))
        files = tuple(c for stem in owners if (c := book.by_stem(stem)) is not None)
        if len(files) == 1:
            yield Participant(contact=files[0])
        else:
            called = Attendee(name=files[0].contact.name)
            yield Participant(attendee=called, rivals=files)


def _place(name: str, flat: str, words: tuple[str, ...]) -> tuple[int, int] | None:
    """Where a flat name stands in the title: by signs in unspaced scripts, else by words."""
    if _UNSPACED.search(name):
        bare = name.replace(" ", "").replace("\u3000", "")
        at = flat.find(bare) if len(bare) >= _FEWEST_WORDS else -1
        return (-at - len(bare) - 1, -at - 1) if at >= 0 else None
    parts = _WORD.findall(name)
    if len(parts) < _FEWEST_WORDS:
        return None
    for wanted in (tuple(parts), (parts[-1], *parts[:-1])):
        for at in range(len(words) - len(wanted) + 1):
            if words[at : at + len(wanted)] == wanted:
                return at, at + len(wanted)
    return None


def _flat(text: str) -> str:
    """A text without case and accents."""
    split = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in split if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", bare)


def _once(participants: Iterable[Participant]) -> Iterator[Participant]:
    """Each person once, under the address that says most about their coming."""
    kept: dict[str, Participant] = {}
    for participant in participants:
        before = kept.get(participant.key)
        if before is None:
            kept[participant.key] = participant
        elif before.attendee and participant.attendee and _comes(participant) > _comes(before):
            kept[participant.key] = replace(before, attendee=participant.attendee)
    yield from kept.values()


def _comes(participant: Participant) -> int:
    answer = participant.attendee.participation if participant.attendee else "NEEDS-ACTION"
    return {"DECLINED": 0, "NEEDS-ACTION": 1, "TENTATIVE": 2, "ACCEPTED": 3}.get(answer, 1)
