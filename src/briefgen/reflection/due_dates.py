"""Due dates as people say them: "Friday", "in two weeks", "end of March", "2026-12-01"."""

import calendar
import re
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Final

from babel import Locale
from babel.dates import get_day_names, get_month_names
from dateutil.relativedelta import relativedelta

from briefgen.contacts.dates import Span, whole_date

_WEEK: Final = 7
_FRIDAY: Final = 4
_MIDDLE: Final = 15
_FIRST_YEAR: Final = 1000
_FARTHEST: Final = 50
"""Years ahead that a promise can be due."""


@dataclass(frozen=True, kw_only=True)
class _Words:
    """The words of one language that say when.

    Attributes:
        days: whole phrases, and how many days ahead they mean.
        units: words for a span of time, and its unit.
        numbers: words for numbers.
        following: words like "next".
        ends: words like "end".
        middles: words like "mid".
    """

    days: Mapping[str, int]
    units: Mapping[str, str]
    numbers: str
    following: str
    ends: str
    middles: str
    more_numbers: Mapping[str, int] = field(default_factory=dict)


def _units(days: str, weeks: str, months: str, years: str) -> dict[str, str]:
    words = zip((days, weeks, months, years), "dwmy", strict=True)
    return {word: unit for forms, unit in words for word in forms.split()}


_WORDS: Final = {
    "en": _Words(
        days={"today": 0, "tonight": 0, "tomorrow": 1, "day after tomorrow": 2, "fortnight": 14},
        units=_units("day days", "week weeks", "month months", "year years"),
        numbers="one two three four five six seven eight nine ten eleven twelve",
        more_numbers={"a": 1, "an": 1, "couple": 2},
        following="next",
        ends="end",
        middles="mid middle",
    ),
    "de": _Words(
        days={"heute": 0, "morgen": 1, "ubermorgen": 2, "vierzehn tagen": 14},
        units=_units(
            "tag tage tagen", "woche wochen", "monat monate monaten monats", "jahr jahre jahren"
        ),
        numbers="ein zwei drei vier funf sechs sieben acht neun zehn elf zwolf",
        more_numbers={"eine": 1, "einem": 1, "einer": 1},
        following="nachste nachsten nachster nachstes nachstem kommende kommenden",
        ends="ende",
        middles="mitte",
    ),
    "fr": _Words(
        days={"aujourd hui": 0, "demain": 1, "apres demain": 2, "quinze jours": 14},
        units=_units("jour jours", "semaine semaines", "mois", "an ans annee annees"),
        numbers="un deux trois quatre cinq six sept huit neuf dix onze douze",
        more_numbers={"une": 1, "quinzaine": 15},
        following="prochain prochaine",
        ends="fin",
        middles="mi milieu",
    ),
    "es": _Words(
        days={"hoy": 0, "manana": 1, "pasado manana": 2},
        units=_units("dia dias", "semana semanas", "mes meses", "ano anos"),
        numbers="un dos tres cuatro cinco seis siete ocho nueve diez once doce",
        more_numbers={"una": 1},
        following="proximo proxima viene",
        ends="fin final finales",
        middles="mediados",
    ),
    "it": _Words(
        days={"oggi": 0, "domani": 1, "dopodomani": 2},
        units=_units("giorno giorni", "settimana settimane", "mese mesi", "anno anni"),
        numbers="un due tre quattro cinque sei sette otto nove dieci undici dodici",
        more_numbers={"una": 1},
        following="prossimo prossima",
        ends="fine",
        middles="meta",
    ),
    "nl": _Words(
        days={"vandaag": 0, "morgen": 1, "overmorgen": 2},
        units=_units("dag dagen", "week weken", "maand maanden", "jaar jaren"),
        numbers="een twee drie vier vijf zes zeven acht negen tien elf twaalf",
        following="volgende komende",
        ends="eind einde",
        middles="midden half medio",
    ),
    "pt": _Words(
        days={"hoje": 0, "amanha": 1, "depois de amanha": 2},
        units=_units("dia dias", "semana semanas", "mes meses", "ano anos"),
        numbers="um dois tres quatro cinco seis sete oito nove dez onze doze",
        more_numbers={"uma": 1, "duas": 2},
        following="proximo proxima vem",
        ends="fim final",
        middles="meados",
    ),
}
_SMALL_WORDS: Final = (
    "in by on until till before due the of from now at within this coming latest no later than and "
    "bis am im um zum zur den der die das des spatestens diese diesen dieser "
    "dans d ici le la l les du de au avant ce cette en "
    "el para antes del esta este que dentro hasta "
    "il lo entro tra fra per questa questo di della "
    "op over voor van het deze uiterlijk "
    "ate o os as do da dos das daqui a em na no neste nesta "
    "st nd rd th er e feira"
)
_SMALL: Final = frozenset(_SMALL_WORDS.split())
"""Words that say nothing about which day is meant."""
_TOKEN: Final = re.compile(r"\d+|[^\W\d_]+")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}|\d{2}))?\Z")
_MONTH_FIRST: Final = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})日)?(?:まで(?:に)?)?\Z")
_SHORT_YEAR: Final = 2
_CENTURY: Final = 2000
"""Of a year that is written with two figures."""
_MONTH_AND_DAY: Final = re.compile(r"(\d{2})-(\d{2})\Z")


def due_date(given: str, *, day: date, language: str = "en") -> date:
    """The day that `given` means when it is said on `day`.

    A weekday is the first one after `day`; with "next" the one in the week after. A month or a week
    alone means its end (of a week, Friday); a date without a year the first one not before `day`.
    Words of `language` and English ones are understood.

    Raises:
        ValueError: where it says no day.
    """
    text = given.strip()
    if found := _written(text, day):
        return found
    flat = _flat(text)
    for words in _vocabularies(language):
        try:
            found = _said(_TOKEN.findall(flat), words, day)
        except (ValueError, OverflowError):
            found = None
        if found is not None and found.year - day.year <= _FARTHEST:
            return found
    raise ValueError(
        f"'{given}' says no day; write it like Friday, in two weeks, 1 December or 2026-12-01"
    )


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


@dataclass(frozen=True, kw_only=True)
class _Names:
    weekdays: Mapping[str, int]
    months: Mapping[str, int]
    words: _Words


def _vocabularies(language: str) -> tuple[_Names, ...]:
    own = (_names(language),) if language != "en" else ()
    return (*own, _names("en"))


@cache
def _names(language: str) -> _Names:
    locale = Locale(language)
    weekdays: dict[str, int] = {}
    months: dict[str, int] = {}
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            for number, name in get_day_names(width, context, locale).items():
                weekdays.setdefault(_bare(name), number)
            for number, name in get_month_names(width, context, locale).items():
                if not _bare(name).isdigit():  # in some languages a month is called by its number
                    months.setdefault(_bare(name), number - 1)
    if language == "en":
        weekdays |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
        months |= {"sept": 8}
    return _Names(weekdays=weekdays, months=months, words=_WORDS.get(language, _WORDS["en"]))


def _bare(name: str) -> str:
    found = _TOKEN.search(_flat(name))
    return found[0] if found else ""


def _said(tokens: Sequence[str], names: _Names, day: date) -> date | None:
    """The day these words mean, or None."""
    words = names.words
    for phrase, days in sorted(words.days.items(), key=lambda item: -len(item[0])):
        if _without_small(phrase.split()) == _without_small(tokens):
            return day + timedelta(days=days)
    following = set(words.following.split())
    ends, middles = set(words.ends.split()), set(words.middles.split())
    rest = [
        token
        for token in tokens
        if token not in following | ends | middles
        and (token not in _SMALL or _number(token, words) is not None)
    ]
    is_next = any(token in following for token in tokens)
    is_end = any(token in ends for token in tokens)
    is_middle = any(token in middles for token in tokens)
    if is_end or is_middle:
        return _part_of(rest, names, day, is_next=is_next, is_end=is_end)
    return (
        _span(rest, words, day, is_next=is_next)
        or _weekday(rest, names, day, is_next=is_next)
        or _day_of_month(rest, names, day)
        or _weekday_of_month(rest, names, day)
    )


def _without_small(tokens: Sequence[str]) -> list[str]:
    return [token for token in tokens if token not in _SMALL]


def _number(token: str, words: _Words) -> int | None:
    if token.isdigit():
        return int(token)
    if token in (named := words.numbers.split()):
        return named.index(token) + 1
    return words.more_numbers.get(token)


def _span(rest: Sequence[str], words: _Words, day: date, *, is_next: bool) -> date | None:
    """Of "two weeks", "a month", "next week"; None where no unit stands last."""
    if not rest or rest[-1] not in words.units:
        return None
    unit = words.units[rest[-1]]
    counts = [count for token in rest[:-1] if (count := _number(token, words)) is not None]
    if is_next and not counts:
        return _end_of(unit, day, later=1)
    if not counts or len(counts) < len(rest) - 1:
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
    if len(rest) == 1 and (unit := names.words.units.get(rest[0])) and is_end:
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
    if len(rest) != 1 or rest[0] not in names.weekdays:
        return None
    wanted = names.weekdays[rest[0]]
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
    """Of "Friday 27 November"; None where that is another weekday."""
    weekdays = [names.weekdays[token] for token in rest if token in names.weekdays]
    found = _day_of_month([token for token in rest if token not in names.weekdays], names, day)
    if found is None or len(weekdays) != 1 or not any(token.isdigit() for token in rest):
        return None
    return found if found.weekday() == weekdays[0] else None
