"""Remarks: what `list` says about a meeting before its brief is made."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from briefgen.brief.additions import Additions, additions_for
from briefgen.brief.agenda import items_of
from briefgen.brief.brief import Participant
from briefgen.brief.match import called_stems, organization_in, slug_key
from briefgen.brief.names import plain_name
from briefgen.brief.phrases import reading_languages
from briefgen.brief.redaction import mentions
from briefgen.brief.relations import avoided_with
from briefgen.contacts.book import ContactBook, name_key
from briefgen.contacts.entry import Entry
from briefgen.contacts.search import nearness
from briefgen.meetings.meeting import Meeting
from briefgen.workspace.phrase import Phrase

_NEAR: Final = 90
"""How near (of 100) an attendee's name must come to one on file to be suggested."""
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
    """Short English remarks: doubtful people, no agenda, a title with a word to be avoided.

    `language` is the one that titles and notes are in.
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
    """For a meeting in which nobody else is: whose people its title may mean, and how to say so."""
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
    """Names on file that unknown attendees may be; a suggestion here, never in a brief."""
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
    """`[contact: …]` lines that name no file; strangers can write them too, and see no effect."""
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
