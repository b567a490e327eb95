"""What was tried with them: what to keep from, and what to do again."""

from collections.abc import Iterator
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person
from briefgen.brief.words import fold
from briefgen.contacts.contact import Approach

_EACH: Final = 2
"""The most lines on what went badly, and on what went well."""


def lines(person: Person) -> Iterator[Line]:
    """The last things that landed badly, and well."""
    shown = {"badly": 0, "well": 0, "": 0}
    tried = sorted(enumerate(person.contact.approaches), key=lambda one: _day(one[1]), reverse=True)
    for at, approach in tried:
        if approach.date is not None and _day(approach) > str(person.occasion.known_until):
            continue
        landed = _landing(person, approach)
        if approach.landed is None or shown[landed] >= _EACH:
            continue
        shown[landed] += 1
        yield _line(person, at, approach, landed)


def _day(approach: Approach) -> str:
    first = approach.date.first_day() if approach.date else None
    return str(first or "")


def _landing(person: Person, approach: Approach) -> str:
    said = " ".join(fold(approach.landed or "").split()).rstrip(".!")
    vocabulary = person.occasion.vocabulary
    if said in vocabulary.badly:
        return "badly"
    return "well" if said in vocabulary.well else ""


def _line(person: Person, at: int, approach: Approach, landed: str) -> Line:
    text = person.occasion.language.text
    tried = approach.tried.rstrip(".")
    said, rank = {
        "badly": (text("Landed badly: {tried}", tried=tried), 71),
        "well": (text("Went well: {tried}", tried=tried), 58),
        "": (text("Tried: {tried} ({landed})", tried=tried, landed=approach.landed), 48),
    }[landed]
    return person.line(
        "say",
        said,
        "approach",
        "approaches",
        at,
        visibility=approach.visibility,
        rank=rank,
        mark="not-today" if landed == "badly" else None,
        origin=person.occasion.words.partial(approach.date) if approach.date else "",
    )
