"""Matching: the attendees of the feed paired with the contacts on file.

A contact is recognised by exact address; by name only if an attendee has no usable address.
If two files could be meant, neither is used.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from briefgen.brief.brief import Participant
from briefgen.brief.names import cleaned, is_nobody, is_person, same_name
from briefgen.brief.words import fold, word_list
from briefgen.contacts.book import ContactBook, ContactFile, name_key
from briefgen.meetings.meeting import Attendee, Meeting
from briefgen.workspace.addresses import domain_of, is_freemail, within
from briefgen.workspace.settings import Edition, Me

_CONTACT_LINE: Final = re.compile(
    r"^\s*\[contact:\s*([^\]\s]+)\s*\]\s*$", re.MULTILINE | re.IGNORECASE
)
_ORGANIZATION_LINE: Final = re.compile(
    r"^\s*\[organization:\s*([^\]\n]+?)\s*\]\s*$", re.MULTILINE | re.IGNORECASE
)
_MOST_OF_ONE_ORGANIZATION: Final = 12
_LEGAL_FORMS: Final = word_list("legal_forms")
_SHORTEST_NAME: Final = 4
_WORD: Final = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*\.?")
_BETWEEN_NAMES: Final = re.compile(r"[^\w\s,.'’-]|\s-+\s")
"""What separates words that are not one name; the comma of `Doe, Jane` does not."""
_FEWEST_WORDS: Final = 2
_MOST_WORDS: Final = 5
_UNSPACED_RUN: Final = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_MOST_SIGNS: Final = 8
_LONGEST_TITLE: Final = 200


def match(meeting: Meeting, *, book: ContactBook, me: Me) -> tuple[Participant, ...]:
    """Who takes part besides the user, in the order of the feed, each person once.

    Rooms, resources and the user's own addresses are never participants. If nobody else is in a
    meeting of the user's own, its contacts are those named in its title and in its `[contact: …]`
    and `[organization: …]` lines.
    """
    mine = frozenset(address.casefold() for address in me.emails)
    is_mine = meeting.organizer is not None and is_own(meeting, mine)
    parties = [
        party
        for party in _people(meeting, book)
        if not (_is_me(party, me) or (is_mine and _is_me_in_private(party, me, book)))
    ]
    participants = [_paired(party, book) for party in parties]
    if not participants and is_own(meeting, mine):
        called = map(book.by_stem, called_stems(meeting.description))
        participants = [
            *(Participant(contact=contact) for contact in called if contact is not None),
            *_members(meeting.description, book),
            *_named(meeting.title, book),
        ]
    return tuple(_once(participants))


def is_own(meeting: Meeting, addresses: Iterable[str]) -> bool:
    """Whether the user or nobody organizes the meeting, so that its text is the user's own."""
    organizer = meeting.organizer
    if organizer is None or (organizer.address is None and not organizer.name):
        return True
    return organizer.address is not None and organizer.address.casefold() in set(addresses)


def colleagues(meeting: Meeting, me: Me) -> tuple[str, ...]:
    """The names of the user's own colleagues who come too, in the order of the feed."""
    internal = me.domains
    found = (
        party
        for party in map(cleaned, meeting.attendees)
        if party.address
        and within(domain_of(party.address), internal)
        and party.participation != "DECLINED"
        and is_person(party)
        and not _is_me(party, me)
    )
    return tuple(dict.fromkeys(party.name.strip() or party.address or "" for party in found))


def who_comes(
    participants: Sequence[Participant], me: Me
) -> tuple[tuple[Participant, ...], tuple[Participant, ...]]:
    """The people from outside, and those of them who declined."""
    internal = me.domains

    def is_colleague(one: Participant) -> bool:
        address = one.attendee.address if one.attendee else None
        return address is not None and within(domain_of(address), internal)

    outside = tuple(one for one in participants if not is_colleague(one)) or tuple(participants)
    declined = tuple(one for one in outside if one.declined)
    return tuple(one for one in outside if not one.declined), declined


def in_order(
    participants: Sequence[Participant], edition: Edition = "full"
) -> tuple[Participant, ...]:
    """Those who decide first, then those with open promises, those on file, and the others.

    Equals are in alphabetical order, since some servers list people in a different order each time.
    The table edition shows nobody's rank, so there the order is alphabetical.
    """

    def place(participant: Participant) -> int:
        if edition == "table" or participant.contact is None:
            return 0 if edition == "table" else 3
        contact = participant.contact.contact
        if contact.decides:
            return 0
        return 1 if any(p.is_open for p in contact.promises) else 2

    def name(participant: Participant) -> str:
        attendee, contact = participant.attendee, participant.contact
        known = contact.contact.name if contact else attendee.name if attendee else ""
        return (known or participant.key).casefold()

    return tuple(sorted(participants, key=lambda one: (place(one), name(one), one.key)))


def _people(meeting: Meeting, book: ContactBook) -> list[Attendee]:
    """The parties that are people or groups, each once and under its plain name."""
    parties = [cleaned(party) for party in _parties(meeting) if not is_nobody(party)]
    people = [
        party
        for party in parties
        if is_person(party)
        or (  # what looks like a program may be on file
            party.kind not in {"ROOM", "RESOURCE"}
            and party.address
            and book.by_address(party.address)
        )
    ]
    named = {name_key(party.name) for party in people if party.address}
    return [party for party in people if party.address or name_key(party.name) not in named]


def _parties(meeting: Meeting) -> Iterator[Attendee]:
    yield from meeting.attendees
    organizer = meeting.organizer
    if organizer is not None and not any(_is_same(organizer, one) for one in meeting.attendees):
        yield organizer


def _is_same(organizer: Attendee, party: Attendee) -> bool:
    """Whether the organizer is among the attendees, perhaps under an alias."""
    if organizer.address and organizer.address == party.address:
        return True
    if not same_name(organizer.name, party.name):
        return False
    addresses = [one.address for one in (organizer, party) if one.address]
    return len({domain_of(address) for address in addresses}) < 2  # noqa: PLR2004  # one house


def _is_me(party: Attendee, me: Me) -> bool:
    if party.address:
        return party.address.casefold() in {address.casefold() for address in me.emails}
    return bool(me.name) and name_key(party.name) == name_key(me.name)


def _is_me_in_private(party: Attendee, me: Me, book: ContactBook) -> bool:
    """Whether it is an address of the user's own that is missing in the settings."""
    return (
        bool(me.name)
        and party.address is not None
        and is_freemail(domain_of(party.address))
        and name_key(party.name) == name_key(me.name)
        and not book.by_address(party.address)
    )


def _paired(party: Attendee, book: ContactBook) -> Participant:
    found = book.by_address(party.address) if party.address else book.by_name(party.name)
    if len(found) == 1:
        return Participant(attendee=party, contact=found[0])
    unread = () if found else book.unread(party.address, party.name)
    return Participant(attendee=party, rivals=found, unread=unread)


def called_stems(description: str) -> tuple[str, ...]:
    """The contact files that `[contact: dana-smith]` lines name."""
    return tuple(_CONTACT_LINE.findall(description))


def _members(description: str, book: ContactBook) -> Iterator[Participant]:
    """The contacts of the organizations that `[organization: acme-logistics]` lines name."""
    wanted = [slug_key(name) for name in _ORGANIZATION_LINE.findall(description)]
    for name in organizations_on_file(book) if wanted else ():
        if slug_key(name) in wanted:
            for contact in book.of_organization(name)[:_MOST_OF_ONE_ORGANIZATION]:
                yield Participant(contact=contact)


def organizations_on_file(book: ContactBook) -> tuple[str, ...]:
    """The organizations of all contacts, by name."""
    names = (entry.organization for entry in book.entries() if entry.organization)
    return tuple(dict.fromkeys(sorted(names)))


def slug_key(name: str) -> str:
    """An organization's name as in `[organization: …]`: letters and digits, with hyphens."""
    return "-".join(re.findall(r"\w+", name.casefold().replace("_", " ")))


def organization_in(title: str, book: ContactBook) -> str | None:
    """The organization on file that a title names, by its whole name or its first word."""
    words = re.findall(r"\w+", title.casefold())
    found = ""
    for name in organizations_on_file(book):
        parts = [part for part in re.findall(r"\w+", name.casefold()) if part not in _LEGAL_FORMS]
        whole = any(words[at : at + len(parts)] == parts for at in range(len(words))) and parts
        first = parts and parts[0] in words and len(parts[0]) >= _SHORTEST_NAME
        if (whole or first) and len(name) > len(found):
            found = name
    return found or None


def _named(title: str, book: ContactBook) -> Iterator[Participant]:
    """The contacts whose full name is in the title; of overlapping names, the longest."""
    taken: set[int] = set()
    pieces = _pieces(title[:_LONGEST_TITLE])
    for start, end, name in sorted(pieces, key=lambda one: (one[0] - one[1], one[0])):
        if taken.intersection(range(start, end)):
            continue
        found = next((files for form in _forms(name) if (files := book.by_name(form))), ())
        if not found:
            continue
        taken.update(range(start, end))
        if len(found) == 1:
            yield Participant(contact=found[0])
        else:
            yield Participant(attendee=Attendee(name=found[0].contact.name), rivals=found)


def _pieces(title: str) -> Iterator[tuple[int, int, str]]:
    """Every run of words that could be a full name, and where in the title it is."""
    words = list(_WORD.finditer(title))
    for at in range(len(words)):
        for count in range(_FEWEST_WORDS, _MOST_WORDS + 1):
            run = words[at : at + count]
            start, end = run[0].start(), run[-1].end()
            if len(run) == count and not _BETWEEN_NAMES.search(title[start:end]):
                yield start, end, " ".join(word[0] for word in run)
    for unspaced in _UNSPACED_RUN.finditer(title):
        for start in range(unspaced.start(), unspaced.end()):
            last = min(unspaced.end(), start + _MOST_SIGNS)
            for end in range(start + _FEWEST_WORDS, last + 1):
                yield start, end, title[start:end]


def _forms(name: str) -> Iterator[str]:
    """The ways a name may be written on file; in unspaced scripts also with a space in it."""
    yield name
    if _UNSPACED_RUN.fullmatch(name):
        for at in range(1, len(name)):
            yield f"{name[:at]} {name[at:]}"


def _once(participants: Iterable[Participant]) -> Iterator[Participant]:
    """Each person once, with the reply that says most about whether they come."""
    kept: dict[str, Participant] = {}
    for participant in participants:
        before = kept.get(participant.key)
        if before is None:
            kept[participant.key] = participant
        elif before.attendee and participant.attendee and _comes(participant) > _comes(before):
            kept[participant.key] = before.replace(attendee=participant.attendee)
    yield from kept.values()


def _comes(participant: Participant) -> int:
    answer = participant.attendee.participation if participant.attendee else "NEEDS-ACTION"
    return {"DECLINED": 0, "NEEDS-ACTION": 1, "TENTATIVE": 2, "ACCEPTED": 3}.get(answer, 1)


def domains_of(book: ContactBook, file: ContactFile, organization: str) -> frozenset[str]:
    """The domains known to belong to an organization, from its file or its people.

    Of the person's own addresses only those count whose domain contains the organization's name.
    """
    known = book.organization(organization)
    if known is not None and known.organization.domains:
        return frozenset(domain.casefold() for domain in known.organization.domains)
    colleagues = (one for one in book.colleagues(organization) if one.stem != file.stem)
    domains = {domain_of(address) for one in colleagues for address in one.emails}
    first = fold(organization).split()[0]
    domains |= {domain_of(one) for one in file.contact.emails if first in domain_of(one)}
    return frozenset(domain for domain in domains if not is_freemail(domain))
