"""Marks beside the meeting's time on the sheet, and the remarks of `list` about a meeting.

The sheet is carried into a client's room, so no title, name or time of another client is on it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from briefgen.brief.additions import Additions, additions_for
from briefgen.brief.agenda import items_of
from briefgen.brief.brief import Participant
from briefgen.brief.match import called_stems, organization_in, slug_key
from briefgen.brief.names import plain_name
from briefgen.brief.phrases import reading_languages
from briefgen.brief.redaction import mentions
from briefgen.brief.relations import avoided_with
from briefgen.brief.words import fold
from briefgen.contacts.book import ContactBook, name_key
from briefgen.contacts.entry import Entry
from briefgen.contacts.search import nearness
from briefgen.meetings.meeting import Meeting
from briefgen.workspace.addresses import domain_of, within
from briefgen.workspace.phrase import Phrase

if TYPE_CHECKING:  # `list` needs no occasion
    from briefgen.brief.occasion import Occasion

_AT_ONCE: Final = timedelta(minutes=5)
_SOON: Final = timedelta(minutes=30)
_LONGEST_TITLE: Final = 30
"""Short enough for a mark in any language to be shown whole."""


def marks(occasion: "Occasion", declined: tuple[Participant, ...] = ()) -> tuple[str, ...]:
    """Tentative, moved and, in the full edition, who is not coming and what is before or after."""
    found = [occasion.language.text("tentative")] if occasion.meeting.tentative else []
    if moved := moved_mark(occasion):
        found.append(moved)
    if occasion.edition == "full":
        if names := [name for one in declined if (name := one.shown_name)]:
            listed = occasion.language.people(names)
            found.append(occasion.language.text("not coming: {names}", names=listed))
        found += _of_neighbours(occasion)
    return tuple(dict.fromkeys(found))


def moved_mark(occasion: "Occasion") -> str:
    """When the meeting was before it was moved; empty if it was not."""
    meeting, text = occasion.meeting, occasion.language.text
    if meeting.replaced is None or meeting.replaced == meeting.start:
        return ""
    before = occasion.language.clock_time(meeting.replaced)
    if meeting.replaced.date() != meeting.day:
        day = occasion.words.on(meeting.replaced.date())
        before = text("{day}, {time}", day=day, time=before)
    return text("moved from {time}", time=before)


def _of_neighbours(occasion: "Occasion") -> Iterator[str]:
    meeting, text = occasion.meeting, occasion.language.text
    mine = {address.casefold() for address in occasion.settings.me.emails}
    for other in occasion.neighbours:
        if other.key == meeting.key or not _takes_time(other, mine):
            continue
        start, end = other.start.astimezone(UTC), other.end.astimezone(UTC)
        own_start, own_end = meeting.start.astimezone(UTC), meeting.end.astimezone(UTC)
        overlaps = start < own_end and own_start < end
        before = timedelta() <= own_start - end <= _AT_ONCE
        after = timedelta() <= start - own_end <= _SOON
        if not (overlaps or before or after):
            continue
        title = _title(other, occasion)
        if overlaps:
            yield text("overlaps with {title}", title=title or text("another meeting"))
        elif before:
            yield text("straight from {title}", title=title or text("another meeting"))
        elif title:
            time = occasion.language.clock_time(other.start)
            yield text("then {time} {title}", time=time, title=title)
        else:
            yield text("then another meeting")


def _takes_time(meeting: Meeting, mine: set[str]) -> bool:
    """Whether a neighbour keeps the user busy."""
    if meeting.status == "CANCELLED" or meeting.all_day or meeting.transparent:
        return False
    return not any(
        party.participation == "DECLINED" and party.address in mine for party in meeting.attendees
    )


def _title(meeting: Meeting, occasion: "Occasion") -> str:
    """A neighbour's title; empty if it is a client's or mentions what is avoided."""
    title = " ".join(meeting.title.split())
    if not title or _is_of_a_client(meeting, occasion) or occasion.tact.avoided_in(title):
        return ""
    if _names_somebody(title, occasion):
        return ""
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rstrip()}…"


def _is_of_a_client(meeting: Meeting, occasion: "Occasion") -> bool:
    """Whether anyone from outside is invited."""
    me = occasion.settings.me
    mine, internal = {address.casefold() for address in me.emails}, me.domains
    parties = [*meeting.attendees, *([meeting.organizer] if meeting.organizer else [])]
    return any(
        party.kind not in {"ROOM", "RESOURCE"}
        and (party.address or "").casefold() not in mine
        and not (party.address and within(domain_of(party.address), internal))
        for party in parties
        if party.address or party.name
    )


def _names_somebody(title: str, occasion: "Occasion") -> bool:
    """Whether a title names a contact or an organization on file that is not in this meeting."""
    flat = f" {fold(title)} "
    here = {one.file.stem for one in occasion.people}
    firms = {one.contact.organization for one in occasion.people}
    for entry in occasion.book.entries():
        if entry.stem in here:
            continue
        names = [entry.name, entry.name.split()[-1]]
        if entry.organization and entry.organization not in firms:
            names += [entry.organization, entry.organization.split()[0]]
        if any(name and len(name) > 2 and f" {fold(name)}" in flat for name in names):  # noqa: PLR2004
            return True
    return False


_NEAR: Final = 90
"""How similar (of 100) an attendee's name must be to one on file to be suggested."""
_MOST_SUGGESTED: Final = 3
_MANY: Final = 50


def remarks(
    meeting: Meeting,
    participants: Sequence[Participant],
    *,
    book: ContactBook,
    additions: Iterable[Additions] = (),
    language: str = "en",
) -> tuple[str, ...]:
    """Short English remarks: doubtful people, no agenda, a title with a word to avoid.

    `language` is that of titles and notes.
    """
    return (
        *_doubtful(participants),
        *_suggested(participants, book),
        *_called_in_vain(meeting, book),
        *_lists(participants),
        *_crowd(meeting, participants),
        *_no_agenda(meeting, additions),
        *_space(meeting, participants),
        *_tactless(meeting, participants, language),
    )


def suggested_people(meeting: Meeting, book: ContactBook) -> str | None:
    """For a meeting with nobody else in it: whom its title may mean, and how to say so."""
    name = organization_in(meeting.title, book)
    if name is None:
        return None
    people = [entry.name for entry in book.colleagues(name)][:_MOST_SUGGESTED]
    line = f"[organization: {slug_key(name)}]"
    if people:
        return Phrase(
            "the title names {name} ({people}); write {line} into the meeting for a brief with "
            "them",
            name=name,
            people=people,
            line=line,
        )
    return Phrase(
        "the title names {name}; write {line} into the meeting for a brief with them",
        name=name,
        line=line,
    )


def _doubtful(participants: Sequence[Participant]) -> Iterator[str]:
    for participant in participants:
        if participant.rivals:
            files = [rival.stem for rival in participant.rivals]
            yield Phrase(
                "{name} could be {files}: neither is used; keep the address in one",
                name=participant.key,
                files=files,
            )


def _suggested(participants: Sequence[Participant], book: ContactBook) -> Iterator[str]:
    """Names on file that unknown attendees may have; a suggestion here, never in a brief."""
    unknown = [
        participant.attendee
        for participant in participants[:_MANY]
        if not (participant.contact or participant.may_be_on_file or participant.is_list)
        and participant.attendee
    ]
    entries = book.entries() if any(attendee.name for attendee in unknown) else ()
    for attendee in unknown:
        for entry in _near(plain_name(attendee.name), entries)[:_MOST_SUGGESTED]:
            message = (
                Phrase("{shown} may be {name} ({file}); if so, add the address to the file")
                if attendee.address
                else Phrase("{shown} may be {name} ({file}); if so, add that to its aliases")
            )
            shown = attendee.address or attendee.name
            yield message.filled(shown=shown, name=entry.name, file=entry.stem)


def _called_in_vain(meeting: Meeting, book: ContactBook) -> Iterator[str]:
    """`[contact: …]` lines that name no file; from strangers they have no effect."""
    for stem in called_stems(meeting.description):
        if book.by_stem(stem) is None:
            yield Phrase(
                "[contact: {stem}] names no file; there is no data/contacts/{stem}.yaml", stem=stem
            )


def _near(name: str, entries: Sequence[Entry]) -> list[Entry]:
    ratio, key = nearness(), name_key(name)
    if not key:
        return []
    keys = (key, " ".join(word for word in key.split() if len(word.strip(".")) > 1))
    scored = (
        (max(ratio(k, _key(n)) for k in keys for n in (entry.name, *entry.aliases)), entry)
        for entry in entries
    )
    found = [(score, entry) for score, entry in scored if score >= _NEAR]
    return [entry for _, entry in sorted(found, key=lambda one: (-one[0], one[1].stem))]


_key = cache(name_key)


def _lists(participants: Sequence[Participant]) -> Iterator[str]:
    for participant in participants:
        if participant.is_list:
            yield Phrase(
                "{name} is a mailing list: who comes by it is not in the calendar",
                name=participant.key,
            )


def _crowd(meeting: Meeting, participants: Sequence[Participant]) -> Iterator[str]:
    count = len(participants) + meeting.attendees_left_out
    if count > _MANY:
        yield Phrase(
            "{count} attendees: only those on file and the first few are shown", count=count
        )


def _no_agenda(meeting: Meeting, additions: Iterable[Additions]) -> Iterator[str]:
    if not items_of(meeting, additions_for(meeting, additions)):
        yield Phrase("no agenda")


def _space(meeting: Meeting, participants: Sequence[Participant]) -> Iterator[str]:
    for participant in participants:
        contact = participant.contact.contact if participant.contact else None
        relationship = contact.relationship if contact else None
        until = relationship.give_space_until if relationship else None
        if contact is not None and until is not None and meeting.day < until:
            yield Phrase(
                "you meant to give {name} space until {until}", name=contact.name, until=until
            )


def _tactless(
    meeting: Meeting, participants: Sequence[Participant], language: str
) -> Iterator[str]:
    """The meeting's own title and place stay on the page, whatever they mention: a warning."""
    contacts = [one.contact.contact for one in participants if one.contact is not None]
    languages = [one.language for one in contacts if one.language]
    for contact in contacts:
        for word in avoided_with(contact, reading_languages(language, contact.language)):
            if mentions(f"{meeting.title}\n{meeting.place}", word, language, *languages):
                yield Phrase(
                    "the title or place mentions '{word}', which {name}'s file avoids",
                    word=word,
                    name=contact.name,
                )
