"""What they complained of: open until resolved, never deflected; resolved, and not yet said."""

from collections.abc import Iterator
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person
from briefgen.brief.wording import Wording, last_day
from briefgen.contacts.contact import Concern
from briefgen.contacts.dates import PartialDate

_NEWS_FOR_DAYS: Final = 365
"""A year later nobody waits to hear it."""


def lines(person: Person) -> Iterator[Line]:
    """A line for each open concern, and for each resolved since the last talk."""
    for at, concern in enumerate(person.contact.concerns):
        raised = concern.date.first_day() if concern.date else None
        if raised is not None and raised > person.occasion.known_until:
            continue
        if concern.resolved is None:
            yield _open(person, at, concern)
        elif _is_news(person, concern):
            yield _resolved(person, at, concern)


def _open(person: Person, at: int, concern: Concern) -> Line:
    text = person.occasion.language.text
    return person.line(
        "say",
        text("Still open: {concern}. Say where it stands.", concern=concern.text.rstrip(".")),
        "concern",
        "concerns",
        at,
        visibility=concern.visibility,
        rank=88,
        origin=_raised(concern.date, person.occasion.words) if concern.date else "",
        mark="open",
    )


def _raised(then: PartialDate, words: Wording) -> str:
    said, text = words.partial(then), words.language.text
    return (
        text("raised {month}", month=said) if then.day is None else text("raised {date}", date=said)
    )


def _is_news(person: Person, concern: Concern) -> bool:
    """Whether it was resolved, and no talk since then can have told them."""
    if concern.resolved is None:
        return False
    resolved = concern.resolved.first_day()
    if resolved is None or resolved > person.occasion.known_until:
        return False
    if (person.occasion.day - resolved).days > _NEWS_FOR_DAYS:
        return False
    raised, latest = concern.date and concern.date.first_day(), last_day(concern.resolved)
    if raised and latest and latest < raised:
        return False
    return person.last_talk is None or resolved >= person.last_talk.day


def _resolved(person: Person, at: int, concern: Concern) -> Line:
    text = person.occasion.language.text
    assert concern.resolved is not None  # noqa: S101  # only resolved ones come here
    return person.line(
        "say",
        text("Resolved: {concern}. Say so.", concern=concern.text.rstrip(".")),
        "concern",
        "concerns",
        at,
        visibility=concern.visibility,
        rank=74,
        origin=person.occasion.words.partial(concern.resolved),
        mark="resolved",
    )
