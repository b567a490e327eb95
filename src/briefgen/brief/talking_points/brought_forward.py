"""Facts brought forward: what probably followed a life event, always as a question."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person
from briefgen.brief.wording import capitalised, last_day
from briefgen.contacts.contact import LifeEvent

_AHEAD_DAYS: Final = 60
"""So long before it is due, what follows is worth a question."""
_AFTER_DAYS: Final = 550
"""So long after, it is still one."""
_AROUND_DAYS: Final = 45
"""Within so many days of the day it is due, it is about now."""
_FRESH_DAYS: Final = 200
"""For so long an event itself is worth asking about."""


def lines(person: Person) -> Iterator[Line]:
    """A question for each life event whose sequel is due, or that is still fresh."""
    for at, event in enumerate(person.contact.life_events):
        if event.date is None or event.date.year is None:
            continue
        happened = event.date.first_day()
        if happened is None or happened > person.occasion.known_until:
            continue
        if event.expect is not None:
            yield from _sequel(person, at, event, happened)
        else:
            yield from _fresh(person, at, event, happened)


def _sequel(person: Person, at: int, event: LifeEvent, happened: date) -> Iterator[Line]:
    assert event.expect is not None  # noqa: S101  # only such events come here
    assert event.date is not None  # noqa: S101
    day, text = person.occasion.day, person.occasion.language.text
    first = event.expect.after.after(happened)
    last = event.expect.after.after(last_day(event.date) or happened)
    ahead, behind = (first - day).days, (day - last).days
    if ahead > _AHEAD_DAYS or behind > _AFTER_DAYS:
        return
    what = capitalised(event.expect.note.rstrip(".!? "))
    month = person.occasion.language.month_name(first)
    if ahead > _AROUND_DAYS:
        said = text("{what} around {month}? Ask.", what=what, month=month)
    elif behind <= _AROUND_DAYS:
        said = text("{what} about now? Ask.", what=what)
    elif last.year != day.year:
        said = text("{what} by now? Ask.", what=what)
    elif event.date.month is None:
        said = text("{what} this year? Ask.", what=what)
    else:
        said = text("{what} this year, around {month}? Ask.", what=what, month=month)
    since = person.occasion.words.partial(event.date)
    yield person.line(
        "say",
        said,
        "life-event",
        "life_events",
        at,
        visibility=event.visibility,
        rank=84 if behind <= _AROUND_DAYS or last.year == day.year else 76,
        note=text("{note}, {date}", note=event.note.rstrip("."), date=since),
        mark="ask",
    )


def _fresh(person: Person, at: int, event: LifeEvent, happened: date) -> Iterator[Line]:
    age = (person.occasion.day - happened).days
    if age > _FRESH_DAYS or event.date is None:
        return
    text = person.occasion.language.text
    yield person.line(
        "say",
        text("Ask how it was: {note}.", note=event.note.rstrip(".")),
        "life-event",
        "life_events",
        at,
        visibility=event.visibility,
        rank=72 - age // 20,
        origin=person.occasion.words.partial(event.date),
        mark="ask",
    )
