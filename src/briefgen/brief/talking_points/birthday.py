"""Their birthday: soon, today where they are, or just past."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person
from briefgen.contacts.dates import OLDEST_YEARS, PartialDate

_AHEAD_DAYS: Final = 21
_PAST_DAYS: Final = 10
NEAR_BIRTHDAY: Final = 82
"""The rank of one that is today, tomorrow or was yesterday."""


def lines(person: Person) -> Iterator[Line]:
    """At most one line, in the contact's own day; the age of a grown person is nobody's matter."""
    birthday = person.contact.birthday
    if birthday is None or birthday.month is None:
        return
    today = person.local_day()
    if birthday.year is not None and not 0 < today.year - birthday.year <= OLDEST_YEARS:
        return  # a slip of the pen
    if birthday.day is None:
        if birthday.month == today.month:
            said = person.occasion.language.text("Birthday this month (the day is not on file)")
            yield person.line("say", said, "birthday", "birthday", rank=60)
        return
    when = nearest(birthday, today)
    if when is None or not -_PAST_DAYS <= (when - today).days <= _AHEAD_DAYS:
        return
    yield person.line(
        "say",
        _said(person, when, (when - today).days),
        "birthday",
        "birthday",
        rank=NEAR_BIRTHDAY - abs((when - today).days) // 2,
    )


def nearest(birthday: PartialDate, today: date) -> date | None:
    """The anniversary nearest to `today`; None where no day is known."""
    years = (today.year - 1, today.year, today.year + 1)
    whens = (birthday.in_year(year) for year in years if 1 <= year <= date.max.year)
    known = (when for when in whens if when is not None)
    return min(known, key=lambda when: (abs((when - today).days), when), default=None)


def _said(person: Person, when: date, days: int) -> str:
    language = person.occasion.language
    match days:
        case 0:
            return language.text("Birthday today: congratulate")
        case 1:
            return language.text("Birthday tomorrow")
        case -1:
            return language.text("Birthday yesterday: belated wishes")
        case _ if days < 0:
            day = language.day_and_month(when)
            return language.text("Birthday on {day}: belated wishes", day=day)
        case _:
            return language.text(
                "Birthday: {weekday} {day}",
                weekday=language.weekday(when),
                day=language.day_and_month(when),
            )
