"""Ages, dates and counts as a person would say them."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from briefgen.contacts.contact import Channel
from briefgen.contacts.dates import PartialDate, Span
from briefgen.workspace.language import Language

_DAYS_UNTIL: Final = 100
"""An age is told in days until then; later in months, and after two years in years."""
_MONTHS_UNTIL: Final = 24


@dataclass(frozen=True, kw_only=True)
class Wording:
    """Times as seen from the meeting's own day."""

    language: Language
    day: date
    _days: dict[date, str] = field(default_factory=dict, repr=False, compare=False)

    def age(self, then: date) -> str:
        """`41 days`, `7 months`, `3 years`: how long ago, in the largest unit that is honest."""
        days = (self.day - then).days
        plural = self.language.plural
        if days < _DAYS_UNTIL:
            return plural("{count} day", "{count} days", max(0, days))
        months = whole_months(then, self.day)
        if months < _MONTHS_UNTIL:
            return plural("{count} month", "{count} months", months)
        return plural("{count} year", "{count} years", months // 12)

    def ago(self, then: date) -> str:
        """`today`, `yesterday`, `41 days ago`."""
        days = (self.day - then).days
        text = self.language.text
        if days <= 0:
            return text("earlier today")
        return text("yesterday") if days == 1 else text("{age} ago", age=self.age(then))

    def on(self, then: date) -> str:
        """`2 Nov`, with the year where it is another."""
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

    def since(self, then: PartialDate) -> str:
        """`since 2 Nov`, `since Sep 2022`: many languages say it differently of a day."""
        said, text = self.partial(then), self.language.text
        if then.day is None:
            return text("since {month}", month=said)
        return text("since {date}", date=said)

    def joined(self, parts: Iterable[str]) -> str:
        """`one; other`, in the signs of the language."""
        said = ""
        for part in filter(None, parts):
            said = self.language.text("{one}; {other}", one=said, other=part) if said else part
        return said

    def series(self, parts: Iterable[str]) -> str:
        """`one, other`, in the signs of the language and without an "and"."""
        said = ""
        for part in filter(None, parts):
            said = self.language.text("{one}, {other}", one=said, other=part) if said else part
        return said

    def span(self, span: Span) -> str:
        """`6 weeks`."""
        plural = self.language.plural
        match span.unit:
            case "d":
                return plural("{count} day", "{count} days", span.count)
            case "w":
                return plural("{count} week", "{count} weeks", span.count)
            case "m":
                return plural("{count} month", "{count} months", span.count)
            case _:
                return plural("{count} year", "{count} years", span.count)

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


def capitalised(text: str) -> str:
    """A text with a capital at its beginning, unless it begins with an address."""
    return text if "://" in text.split(maxsplit=1)[0] else text[:1].upper() + text[1:]


def whole_months(first: date, last: date) -> int:
    """How many whole months lie between two days."""
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def last_day(given: PartialDate) -> date | None:
    """The last day a date can mean; None where the year is unknown."""
    first = given.first_day()
    if first is None or given.day is not None:
        return first
    month = given.month or 12
    return date(first.year, month, monthrange(first.year, month)[1])
