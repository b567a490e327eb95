"""Due dates as people say them: "Friday", "in two weeks", "end of March", "2026-12-01"."""

import calendar
import re
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Final, TypeVar

from babel import Locale
from babel.dates import get_day_names, get_month_names
from dateutil.relativedelta import relativedelta
from pydantic import Field

from briefgen.brief.words import UNSPACED
from briefgen.contacts.dates import Span, whole_date
from briefgen.workspace.built_in import read_built_in
from briefgen.workspace.language import Language
from briefgen.workspace.value import Value
from briefgen.workspace.values import Part, Text

_WEEK: Final = 7
_FRIDAY: Final = 4
_MIDDLE: Final = 15
_FIRST_YEAR: Final = 1000
_FARTHEST: Final = 50
"""Years ahead that a promise can be due."""


class _WordsFile(Part):
    """The words of one language that say when, as `due_dates.yaml` has them."""

    days: dict[Text, int]
    spans: dict[Text, Span] = Field(default_factory=dict)
    units: dict[str, tuple[Text, ...]]
    numbers: dict[int, tuple[Text, ...]]
    weekdays: dict[int, tuple[Text, ...]] = Field(default_factory=dict)
    months: dict[int, tuple[Text, ...]] = Field(default_factory=dict)
    next: tuple[Text, ...]
    current: tuple[Text, ...]
    end: tuple[Text, ...]
    middle: tuple[Text, ...]
    after: tuple[Text, ...] = ()
    small: tuple[Text, ...]
    same: dict[Text, Text] = Field(default_factory=dict)


@cache
def _files() -> Mapping[str, _WordsFile]:
    data = read_built_in("reflection/due_dates.yaml")
    return {language: _WordsFile.model_validate(words) for language, words in data.items()}


@cache
def _small() -> frozenset[str]:
    """Words of every language that do not affect which day is meant."""
    return frozenset(_flat(word) for words in _files().values() for word in words.small)


_TOKEN: Final = re.compile(r"\d+|[^\W\d_]+")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}|\d{2}))?\Z")
_MONTH_FIRST: Final = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})日)?(?:まで(?:に)?)?\Z")
_SHORT_YEAR: Final = 2
_CENTURY: Final = 2000
"""The century of a year written with two figures."""
_MONTH_AND_DAY: Final = re.compile(r"(\d{2})-(\d{2})\Z")


def due_date(given: str, *, day: date, language: str = "en") -> date:
    """The day that `given` means if it was said on `day`.

    A weekday is the first one after `day`; with "next" the one in the week after, but with Spanish
    "próximo" the first. A month or a week alone means its end (of a week, Friday); a date without
    a year the first one not before `day`. Words of `language` and English ones are understood.

    Raises:
        ValueError: if it says no day.
    """
    text = given.strip()
    if found := _written(text, day):
        return found
    flat = _flat(text)
    for words in map(_names, dict.fromkeys((language, "en"))):
        try:
            found = _said(_tokens(_in_other_words(flat, words), words), words, day)
        except (ValueError, OverflowError):
            found = None
        if found is not None and found.year - day.year <= _FARTHEST:
            return found
    raise ValueError(
        f"'{given}' does not name a day; write it like Friday, in two weeks, 1 December or "
        f"2026-12-01"
    )


def due_day(given: str, *, day: date, language: Language) -> date:
    """As `due_date`, with the message of its error in the user's language.

    Raises:
        ValueError: if it says no day.
    """
    try:
        return due_date(given, day=day, language=str(language.locale.language))
    except ValueError:
        message = language.text(
            "'{given}' does not name a day; write it like Friday, in two weeks, 1 December "
            "or 2026-12-01",
            given=given,
        )
        raise ValueError(message) from None


def _flat(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in split if not unicodedata.combining(sign))


def _written(text: str, day: date) -> date | None:
    """A date in figures, or a span like `2w`."""
    if re.match(r"\d{4}-\d{2}-\d{2}\Z", text):
        found = whole_date(text)
        assert isinstance(found, date)  # noqa: S101  # as its pattern has seen
        return found
    if parts := _DAY_FIRST.match(text):
        return _on(day, int(parts[1]), int(parts[2]), _year(parts[3]))
    if parts := _MONTH_FIRST.match(text):
        first = _on(
            day if parts[3] else day.replace(day=1),
            int(parts[3] or 1),
            int(parts[2]),
            _year(parts[1]),
        )
        return first if parts[3] else _last_of_month(first)
    if parts := _MONTH_AND_DAY.match(text):
        return _on(day, int(parts[2]), int(parts[1]), None)
    with suppress(ValueError):
        return Span.parse(text).after(day)
    return None


def _year(written: str | None) -> int | None:
    """A year of four or two figures."""
    if written is None:
        return None
    return int(written) if len(written) > _SHORT_YEAR else _CENTURY + int(written)


def _on(day: date, number: int, month: int, year: int | None) -> date:
    """This day of this month; without a year the first one not before `day`."""
    if year is not None:
        return date(year, month, number)
    for later in range(9):  # as far as the next 29 February
        try:
            found = date(day.year + later, month, number)
        except ValueError:
            continue
        if found >= day:
            return found
    raise ValueError(f"there is no day {month:02}-{number:02}")


class _Names(Value, frozen=True, kw_only=True, dict=True):
    """The words of one language, flattened, and what each says."""

    days: Mapping[str, int]
    spans: Mapping[str, Span]
    units: Mapping[str, str]
    numbers: Mapping[str, int]
    weekdays: Mapping[str, int]
    months: Mapping[str, int]
    following: frozenset[str]
    current: frozenset[str]
    ends: frozenset[str]
    middles: frozenset[str]
    after: frozenset[str]
    same: Mapping[str, str]

    @cached_property
    def every_word(self) -> tuple[str, ...]:
        """All of them, the longest first, to be found in text without spaces."""
        words = {*self.days, *self.spans, *self.units, *self.numbers, *self.weekdays, *self.months}
        words |= self.following | self.current | self.ends | self.middles | self.after | _small()
        return tuple(sorted(words, key=lambda word: (-len(word), word)))


@cache
def _names(language: str) -> _Names:
    words = _files().get(language, _files()["en"])
    locale = Locale(language)
    weekdays = _by_word(words.weekdays)
    months = {word: number - 1 for word, number in _by_word(words.months).items()}
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            for number, name in get_day_names(width, context, locale).items():
                weekdays.setdefault(_bare(name), number)
            for number, name in get_month_names(width, context, locale).items():
                if not _bare(name).isdigit():  # in some languages a month is called by its number
                    months.setdefault(_bare(name), number - 1)
    return _Names(
        days={_flat(phrase): days for phrase, days in words.days.items()},
        spans={_flat(word): span for word, span in words.spans.items()},
        units=_by_word(words.units),
        numbers=_by_word(words.numbers),
        weekdays=weekdays,
        months=months,
        following=_all_flat(words.next),
        current=_all_flat(words.current),
        ends=_all_flat(words.end),
        middles=_all_flat(words.middle),
        after=_all_flat(words.after),
        same={_flat(word): _flat(other) for word, other in words.same.items()},
    )


_KeyT = TypeVar("_KeyT", int, str)


def _by_word(lists: Mapping[_KeyT, Sequence[str]]) -> dict[str, _KeyT]:
    return {_flat(word): key for key, words in lists.items() for word in words}


def _all_flat(words: Sequence[str]) -> frozenset[str]:
    return frozenset(_flat(word) for word in words)


def _bare(name: str) -> str:
    found = _TOKEN.search(_flat(name))
    return found[0] if found else ""


def _in_other_words(flat: str, names: _Names) -> str:
    """A text with each word that stands for others replaced by them."""
    for word, other in names.same.items():
        flat = re.sub(rf"\b{re.escape(word)}\b", other, flat)
    return flat


def _tokens(flat: str, names: _Names) -> list[str]:
    """The words of a text; of one without spaces those that are known, the longest first."""
    if not UNSPACED.search(flat):
        return _TOKEN.findall(flat)
    tokens, at = [], 0
    while at < len(flat):
        rest = flat[at:]
        found = next((word for word in names.every_word if rest.startswith(word)), None)
        if found is None:
            number = re.match(r"\d+", rest)
            found = number[0] if number else rest[0]
        if not found.isspace():
            tokens.append(found)
        at += len(found)
    return tokens


def _said(tokens: Sequence[str], names: _Names, day: date) -> date | None:
    """The day these words mean, or None."""
    for phrase, days in sorted(names.days.items(), key=lambda item: -len(item[0])):
        if _without_small(_tokens(phrase, names)) == _without_small(tokens):
            return day + timedelta(days=days)
    aside = names.following | names.current | names.ends | names.middles
    rest = [
        token
        for token in tokens
        if token not in aside and (token not in _small() or _number(token, names) is not None)
    ]
    is_next = any(token in names.following for token in tokens)
    is_end = any(token in names.ends for token in tokens)
    if is_end or any(token in names.middles for token in tokens):
        return _part_of(rest, names, day, is_next=is_next, is_end=is_end)
    later_weeks = names.following - names.current  # `el próximo viernes` is the first to come
    later = 1 if is_next else 0 if any(token in names.current for token in tokens) else None
    return (
        _span(rest, names, day, later=later)
        or _weekday(rest, names, day, is_next=not later_weeks.isdisjoint(tokens))
        or _day_of_month(rest, names, day)
        or _weekday_of_month(rest, names, day)
    )


def _without_small(tokens: Sequence[str]) -> list[str]:
    return [token for token in tokens if token not in _small()]


def _number(token: str, names: _Names) -> int | None:
    return int(token) if token.isdigit() else names.numbers.get(token)


def _span(rest: Sequence[str], names: _Names, day: date, *, later: int | None) -> date | None:
    """Of "two weeks", "a month", "next week"; None if the last word is not a unit."""
    words = [token for token in rest if token not in names.after]
    if words and words[-1] in names.spans:
        counted = all(_number(token, names) is not None for token in words[:-1])
        return names.spans[words[-1]].after(day) if counted else None
    if not words or words[-1] not in names.units:
        return None
    unit = names.units[words[-1]]
    counts = [count for token in words[:-1] if (count := _number(token, names)) is not None]
    if not counts and len(words) == 1:
        if later is not None:
            return _end_of(unit, day, later=later)
        counts = [1] if len(words) < len(rest) else []
    if not counts or len(counts) < len(words) - 1:
        return None
    return Span(count=max(counts), unit=unit).after(day)


def _end_of(unit: str, day: date, *, later: int) -> date | None:
    """The last day (of a week, the Friday) of the unit `later` ones after that of `day`."""
    if unit == "w":
        friday = day + timedelta(days=_FRIDAY - day.weekday() + _WEEK * later)
        return friday if friday >= day else friday + timedelta(days=_WEEK)
    if unit == "m":
        return _last_of_month(day + relativedelta(months=later))
    return date(day.year + later, 12, 31) if unit == "y" else None


def _last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _part_of(
    rest: Sequence[str], names: _Names, day: date, *, is_next: bool, is_end: bool
) -> date | None:
    """Of "end of the month", "mid December"."""
    if len(rest) == 1 and (unit := names.units.get(rest[0])) and is_end:
        return _end_of(unit, day, later=int(is_next))
    if not rest or rest[0] not in names.months:
        return None
    year = int(rest[1]) if len(rest) > 1 else None
    month = names.months[rest[0]] + 1
    first = date(year or day.year, month, 1)
    found = _last_of_month(first) if is_end else first.replace(day=_MIDDLE)
    if found < day and year is None:
        return _part_of([rest[0], str(day.year + 1)], names, day, is_next=is_next, is_end=is_end)
    return found


def _weekday(rest: Sequence[str], names: _Names, day: date, *, is_next: bool) -> date | None:
    """Of "Friday", "next Friday", "Friday next week"."""
    ignored = {unit for word, unit in names.units.items() if word in rest}
    named = [token for token in rest if token in names.weekdays]
    others = [token for token in rest if token not in names.weekdays and token not in names.units]
    if len(named) > 1:  # the Japanese names of Monday and Sunday are units too
        named = [token for token in named if token not in names.units]
    if len(named) != 1 or others or not ignored <= {"d", "w"} | {names.units.get(named[0])}:
        return None
    wanted = names.weekdays[named[0]]
    if is_next:
        monday = day + timedelta(days=_WEEK - day.weekday())
        return monday + timedelta(days=wanted)
    return day + timedelta(days=(wanted - day.weekday() - 1) % _WEEK + 1)


def _day_of_month(rest: Sequence[str], names: _Names, day: date) -> date | None:
    """Of "1 December", "December 1st 2026", "December" (its end)."""
    months = [names.months[token] + 1 for token in rest if token in names.months]
    numbers = [int(token) for token in rest if token.isdigit()]
    if len(months) != 1 or len(months) + len(numbers) != len(rest):
        return None
    years = [number for number in numbers if number >= _FIRST_YEAR]
    days = [number for number in numbers if number < _FIRST_YEAR]
    year = years[0] if years else None
    if not days:
        name = next(token for token in rest if token in names.months)
        return _part_of([name, *map(str, years)], names, day, is_next=False, is_end=True)
    return _on(day, days[0], months[0], year) if len(days) == 1 else None


def _weekday_of_month(rest: Sequence[str], names: _Names, day: date) -> date | None:
    """Of "Friday 27 November"; None if that is another weekday."""
    weekdays = [names.weekdays[token] for token in rest if token in names.weekdays]
    found = _day_of_month([token for token in rest if token not in names.weekdays], names, day)
    if found is None or len(weekdays) != 1 or not any(token.isdigit() for token in rest):
        return None
    return found if found.weekday() == weekdays[0] else None
