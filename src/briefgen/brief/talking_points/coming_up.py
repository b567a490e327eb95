"""Upcoming events that they care about, from calendars marked `use: occasions`.

Nothing is guessed: an event shares a word with an interest, the organization or the city on file.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person
from briefgen.brief.words import EMPTY_WORDS, fold, stems, words_of
from briefgen.meetings.meeting import Meeting

_AHEAD: Final = timedelta(days=14)
_WEEK: Final = 7
_MOST: Final = 2
_SHORTEST: Final = 3
_HALF: Final = 2
"""An event matches if it has at least half of the significant words."""

Matter = tuple[str, str, tuple[str | int, ...]]
"""What an event may match, what kind of thing that is, and its place in the file."""


def lines(person: Person) -> Iterator[Line]:
    """The next events that they care about, at most two."""
    yield from islice(_lines(person), _MOST)


def _lines(person: Person) -> Iterator[Line]:
    for event in person.occasion.coming_up:
        if not person.day <= event.day <= person.day + _AHEAD or event.status == "CANCELLED":
            continue
        matter = next((one for one in _matters(person) if _shares(event, one[0], person)), None)
        if matter is not None:
            yield _line(person, event, matter)


def _matters(person: Person) -> Iterator[Matter]:
    text, contact = person.text, person.contact
    for at, interest in enumerate(contact.interests):
        if interest.visibility != "never":
            yield interest.text, text("interest"), ("interests", at)
    if contact.organization:
        yield contact.organization, text("organization"), ("organization",)
    _, comma, rest = (contact.address or "").partition(",")
    if comma:
        yield rest.strip(), text("city"), ("address",)


def _shares(event: Meeting, matter: str, person: Person) -> bool:
    language = person.language
    said = " ".join((event.title, *event.categories))
    known = {stem for word in words_of(said) for stem in stems(word, language)}
    significant = [word for word in words_of(matter) if _is_significant(word)]
    shared = [word for word in significant if not known.isdisjoint(stems(word, language))]
    return bool(shared) and len(shared) * _HALF >= len(significant)


def _is_significant(word: str) -> bool:
    flat = fold(word)
    return len(flat) >= _SHORTEST and flat not in EMPTY_WORDS and not flat.isdigit()


def _line(person: Person, event: Meeting, matter: Matter) -> Line:
    language = person.occasion.language
    shared, kind, place = matter
    days = (event.day - person.day).days
    when = language.weekday(event.day) if days < _WEEK else language.day_and_month(event.day)
    said = language.text(
        "Coming up: {event}, {day} ({kind}: {matter})",
        event=event.title,
        day=when,
        kind=kind,
        matter=shared,
    )
    return person.line("say", said, "occasion", *place, rank=57, visibility="private")
