"""Dates of the family: the day an event of their life has its anniversary."""

from collections.abc import Iterator
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person
from briefgen.brief.talking_points.birthday import nearest

_AHEAD_DAYS: Final = 10
_PAST_DAYS: Final = 4


def lines(person: Person) -> Iterator[Line]:
    """A line for each life event whose day of the year is near; what it calls for is theirs."""
    today = person.local_day()
    for at, event in enumerate(person.contact.life_events):
        if event.date is None or event.date.month is None or event.date.day is None:
            continue
        when = nearest(event.date.month, event.date.day, today)
        years = when.year - event.date.year if event.date.year else None
        away = (when - today).days
        if not -_PAST_DAYS <= away <= _AHEAD_DAYS or (years is not None and years < 1):
            continue
        language = person.occasion.language
        count = language.plural("{count} year", "{count} years", years) if years else ""
        yield person.line(
            "say",
            language.text(
                "Mind the date, {day}: {note}.",
                day=language.day_and_month(when),
                note=event.note.rstrip("."),
            ),
            "date",
            "life_events",
            at,
            visibility=event.visibility,
            rank=70 - abs(away),
            note=count,
        )
