"""Ages, dates and counts as a person would say them."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from briefgen.contacts.contact import Channel
from briefgen.contacts.dates import PartialDate, Span
from briefgen.workspace.language import Language, capitalised

_DAYS_UNTIL: Final = 100
"""Up to then an age is given in days, then in months, and after two years in years."""
_MONTHS_UNTIL: Final = 24
_WEEKS_FROM: Final = 7


@dataclass(frozen=True, kw_only=True)
class Wording:
    """Times as seen from the meeting's own day."""

    language: Language
    day: date
    _days: dict[date, str] = field(default_factory=dict, repr=False, compare=False)

    def age(self, then: date) -> str:
        """`41 days`, `7 months`, `3 years`: how long ago, in the largest unit that is honest."""
        days = (self.day - then).days
        if days < _DAYS_UNTIL:
            return self._count("d", max(0, days))
        months = whole_months(then, self.day)
        return (
            self._count("m", months) if months < _MONTHS_UNTIL else self._count("y", months // 12)
        )

    def ago(self, then: date) -> str:
        """`today`, `yesterday`, `41 days ago`."""
        days = (self.day - then).days
        text = self.language.text
        if days <= 0:
            return text("earlier today")
        return text("yesterday") if days == 1 else text("{age} ago", age=self.age(then))

    def on(self, then: date) -> str:
        """`2 Nov`, with the year if it is another."""
        if then not in self._days:
            self._days[then] = self.language.short_date(then, beside=self.day)
        return self._days[then]

    def partial(self, then: PartialDate) -> str:
        """`2 Nov`, `Sep 2022`, `2022` or `26 March`: as much as is known."""
        if then.year is None:
            return self.language.day_and_month(date(2024, then.month or 1, then.day or 1))
        if then.month is None:
            return str(then.year)
        if then.day is None:
            return self.language.short_month(date(then.year, then.month, 1))
        return self.on(date(then.year, then.month, then.day))

    def full(self, then: PartialDate) -> str:
        """`2 October`, with the year if it is another; `October` if there is no day."""
        if then.day is None or then.month is None:
            return capitalised(self.month_of(then))
        day = date(then.year or self.day.year, then.month, then.day)
        if day.year == self.day.year:
            return self.language.day_and_month(day)
        return self.language.whole_date(day)

    def since(self, then: PartialDate) -> str:
        """`since 2 Nov`, `since Sep 2022`: many languages word a day and a month differently."""
        said, text = self.partial(then), self.language.text
        if then.day is None:
            return text("since {month}", month=said)
        return text("since {date}", date=said)

    def dated(self, then: date, channel: Channel) -> str:
        """`2 Nov, call`."""
        return self.language.text(
            "{date}, {channel}", date=self.on(then), channel=self.channel(channel)
        )

    def silence(self, then: date) -> str:
        """`12 weeks`, `9 months`: how long there was no contact."""
        days = (self.day - then).days
        if _WEEKS_FROM <= days < _DAYS_UNTIL:
            return self._count("w", days // 7)
        return self.age(then)

    def last_spoke(self, then: date) -> str:
        """When you last spoke, as a sentence with the month."""
        return self.language.text("You last spoke in {month}.", month=self.language.month(then))

    def ago_in_words(self, then: date) -> str:
        """`today`, `yesterday`, `three days ago`, `seven weeks ago`."""
        days, text = (self.day - then).days, self.language.text
        if days <= 0:
            return text("today")
        if days == 1:
            return text("yesterday")
        if days < _WEEKS_FROM:
            return self._in_words(
                self.language.plural("{count} day ago", "{count} days ago", days), days
            )
        if days < _DAYS_UNTIL:
            weeks = round(days / 7)
            return self._in_words(
                self.language.plural("a week ago", "{count} weeks ago", weeks), weeks
            )
        return text("{age} ago", age=self.age(then))

    def years(self, count: int) -> str:
        """`five years`."""
        return self._in_words(self.language.plural("one year", "{count} years", count), count)

    def _in_words(self, form: str, count: int) -> str:
        """`form` with its number in words up to ten.

        A language that inflects numbers translates the word as the figure.
        """
        text = self.language.text
        words = {
            2: text("two"),
            3: text("three"),
            4: text("four"),
            5: text("five"),
            6: text("six"),
            7: text("seven"),
            8: text("eight"),
            9: text("nine"),
            10: text("ten"),
        }
        return form.replace(str(count), words.get(count, str(count)))

    def month_of(self, then: PartialDate) -> str:
        """`Feb`, with the year if it is another; `2024` if only that is known."""
        if then.year is None or then.month is None:
            return str(then.year or "")
        first = date(then.year, then.month, 1)
        if then.year == self.day.year:
            return self.language.month_name(first)
        return self.language.month(first)

    def joined(self, parts: Iterable[str]) -> str:
        """`one; other`, with the semicolon of the language."""
        said = ""
        for part in filter(None, parts):
            said = self.language.text("{one}; {other}", one=said, other=part) if said else part
        return said

    def series(self, parts: Iterable[str]) -> str:
        """`one, other`, with the comma of the language and without an "and"."""
        said = ""
        for part in filter(None, parts):
            said = self.language.text("{one}, {other}", one=said, other=part) if said else part
        return said

    def span(self, span: Span) -> str:
        """`6 weeks`."""
        return self._count(span.unit, span.count)

    def _count(self, unit: str, count: int) -> str:
        plural = self.language.plural
        match unit:
            case "d":
                return plural("{count} day", "{count} days", count)
            case "w":
                return plural("{count} week", "{count} weeks", count)
            case "m":
                return plural("{count} month", "{count} months", count)
            case _:
                return plural("{count} year", "{count} years", count)

    def every(self, span: Span) -> str:
        """`every 6 weeks`."""
        plural = self.language.plural
        match span.unit:
            case "d":
                return plural("every day", "every {count} days", span.count)
            case "w":
                return plural("every week", "every {count} weeks", span.count)
            case "m":
                return plural("every month", "every {count} months", span.count)
            case _:
                return plural("every year", "every {count} years", span.count)

    def channel(self, channel: Channel) -> str:
        """The word for a channel."""
        return self._channels[channel]

    @cached_property
    def _channels(self) -> dict[Channel, str]:
        text = self.language.text
        return {
            "meeting": text("meeting"),
            "call": text("call"),
            "email": text("email"),
            "visit": text("visit"),
            "message": text("message"),
            "gift": text("gift"),
        }


def whole_months(first: date, last: date) -> int:
    """How many whole months there are between two days."""
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def last_day(given: PartialDate) -> date | None:
    """The last day a date can mean; None if the year is unknown."""
    first = given.first_day()
    if first is None or given.day is not None:
        return first
    month = given.month or 12
    return date(first.year, month, monthrange(first.year, month)[1])
