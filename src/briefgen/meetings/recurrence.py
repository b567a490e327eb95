"""Recurrence rules (RFC 5545, 3.3.10) on naive local times, bounded and able to begin anywhere.

The rules are worked out here, and not by a library, for three reasons: a rule without COUNT can be
entered at the window instead of at DTSTART; no rule can run for ever (dateutil does on INTERVAL=0);
and BYWEEKNO without BYDAY and weekly BYSETPOS come out as the RFC says.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, time, timedelta
from itertools import product
from typing import Final, Literal, get_args

Frequency = Literal["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]
_WEEKDAYS: Final = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_TOO_OFTEN: Final = frozenset({"HOURLY", "MINUTELY", "SECONDLY"})
_UNTIL = re.compile(r"(\d{8})(?:T(\d{4}(?:\d\d)?)(Z?))?\Z", re.IGNORECASE)
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)\Z")
_NUMBER = re.compile(r"[+-]?\d{1,9}\Z")
MOST_TIMES_A_DAY: Final = 96
_STEPS_AT_LEAST: Final = 100
_WEEK = 7
_LAST_WEEK_DAY = (12, 28)
"""28 December always lies in the last week of its week-year (ISO 8601)."""


class RuleError(ValueError):
    """A rule that cannot be followed; the message says why, for the user."""


class TooMuch(Exception):  # noqa: N818  # says what it was
    """A rule needs more steps than a feed is given."""


class Budget:
    """Steps that all rules of one reading share, so that no feed can hold up a run.

    Where some used all of them up, each of the others still has a few, so that an honest series
    is not lost for the sake of a hostile one.
    """

    def __init__(self, steps: int, *, each: int) -> None:
        self._left = steps
        self._each = each
        self._in_rule = 0

    def begin(self) -> None:
        """A new rule begins."""
        self._in_rule = 0

    def spend(self, steps: int = 1) -> None:
        """Take steps.

        Raises:
            TooMuch: where this rule, or all together, used up what there was.
        """
        self._left -= steps
        self._in_rule += steps
        if self._in_rule > (self._each if self._left >= 0 else _STEPS_AT_LEAST):
            raise TooMuch


@dataclass(frozen=True, kw_only=True, slots=True)
class Until:
    """The inclusive end of a rule: a day, or a time, local or in UTC."""

    day: date
    moment: datetime | None = None
    in_utc: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A recurrence rule, read and checked."""

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: Until | None = None
    months: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    days: tuple[tuple[int, int], ...] = ()
    """(ordinal or 0, weekday from Monday)."""
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    seconds: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0

    def starts(  # noqa: C901  # one walk through the periods
        self,
        start: datetime,
        *,
        first: datetime,
        last: datetime,
        until: datetime | None,
        whole_days: bool,
        budget: Budget,
    ) -> Iterator[datetime]:
        """Local starts in `first` ≤ start < `last`, in order; `start` (DTSTART) is always one.

        Args:
            start: DTSTART, local; it counts as the first of COUNT (3.3.10).
            first: where to begin, local.
            last: where to end, local.
            until: no start after this is looked at; None where the rule has no such end.
            whole_days: DTSTART is a date, so that BYHOUR and the like mean nothing.
            budget: steps to be spent.

        Raises:
            TooMuch: where the budget is used up.
        """
        budget.begin()
        if first <= start < last:
            yield start
        left = None if self.count is None else self.count - 1
        period = _PERIODS[self.frequency](self, start)
        index = period.index_of(first) if left is None or self._is_plainly_daily else 0
        if left is not None and index:
            left = max(0, left + 1 - index)
        times = (start.time(),) if whole_days else self._times(start)
        end = last if until is None else min(last, until + timedelta(seconds=1))
        while (begin := period.begin(index)) is not None and begin < end.date() + timedelta(days=1):
            if left is not None and left <= 0:
                return
            days = sorted(period.days(begin))
            budget.spend(1 + len(days) * len(times) // 8)
            index += 1
            moments = [datetime.combine(day, at) for day in days for at in times]
            if self.positions:
                moments = _at_positions(moments, self.positions)
            for moment in moments:
                if moment <= start:
                    continue
                if moment >= end:
                    return
                if left is not None:
                    if left <= 0:
                        return
                    left -= 1
                if moment >= first:
                    yield moment

    @property
    def _is_plainly_daily(self) -> bool:
        """Whether each period has one start, so that those before the window need no counting."""
        return self.frequency == "DAILY" and not (
            self.months
            or self.month_days
            or self.days
            or self.hours
            or self.minutes
            or self.seconds
            or self.positions
        )

    def _times(self, start: datetime) -> tuple[time, ...]:
        hours = self.hours or (start.hour,)
        minutes = self.minutes or (start.minute,)
        seconds = self.seconds or (start.second,)
        return tuple(time(h, m, s) for h, m, s in product(hours, minutes, seconds))


def _at_positions(moments: list[datetime], positions: tuple[int, ...]) -> list[datetime]:
    count = len(moments)
    chosen = {p - 1 if p > 0 else count + p for p in positions}
    return [moments[index] for index in sorted(chosen) if 0 <= index < count]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _last_of_month(year: int, month: int) -> date:
    if month == 12:  # noqa: PLR2004  # December
        return date(year, 12, 31)
    return date(year, month + 1, 1) - timedelta(days=1)


def _span(first: date, last: date) -> Iterator[date]:
    for number in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(number)


def _weekdays(first: date, last: date, days: tuple[tuple[int, int], ...]) -> set[date]:
    """The days of a span that BYDAY names: every one of a weekday, or the nth of the span."""
    found: set[date] = set()
    for ordinal, weekday in days:
        begin = first.toordinal() + (weekday - first.weekday()) % _WEEK
        every = range(begin, last.toordinal() + 1, _WEEK)
        if ordinal == 0:
            found.update(map(date.fromordinal, every))
        elif -len(every) <= ordinal <= len(every):
            found.add(date.fromordinal(every[ordinal - 1 if ordinal > 0 else ordinal]))
    return found


def _month_days(year: int, month: int, wanted: tuple[int, ...]) -> set[date]:
    last = _last_of_month(year, month).day
    numbers = {day if day > 0 else last + 1 + day for day in wanted}
    return {date(year, month, number) for number in numbers if 0 < number <= last}


def _week_number(day: date, week_start: int) -> tuple[int, int]:
    """The week-year and week of a day, weeks beginning on `week_start` (3.3.10, BYWEEKNO)."""
    middle = day.toordinal() - (day.weekday() - week_start) % _WEEK + 3
    fourth = date.fromordinal(middle)
    return fourth.year, (middle - date(fourth.year, 1, 1).toordinal()) // _WEEK + 1


class _Years:
    """Periods of FREQ=YEARLY."""

    def __init__(self, rule: Rule, start: datetime) -> None:
        self.rule = rule
        self.start = start.date()

    def index_of(self, first: datetime) -> int:
        return max(0, first.year - self.start.year) // self.rule.interval

    def begin(self, index: int) -> date | None:
        year = self.start.year + index * self.rule.interval
        return date(year, 1, 1) if year <= MAXYEAR - 1 else None

    def days(self, begin: date) -> set[date]:
        rule, year = self.rule, begin.year
        if rule.weeks or rule.year_days:
            return self._filtered(begin)
        months = rule.months or tuple(range(1, 13))
        if rule.month_days:
            found = set().union(*(_month_days(year, m, rule.month_days) for m in months))
            return found & self._named(year) if rule.days else found
        if rule.days:
            return self._named(year)
        if not rule.months:
            months = (self.start.month,)
        same_day = (_day(year, month, self.start.day) for month in months)
        return {day for day in same_day if day is not None}

    def _named(self, year: int) -> set[date]:
        """The days BYDAY names: in each month of BYMONTH, else in the year."""
        rule = self.rule
        if not rule.months:
            return _weekdays(date(year, 1, 1), date(year, 12, 31), rule.days)
        return set().union(
            *(_weekdays(date(year, m, 1), _last_of_month(year, m), rule.days) for m in rule.months)
        )

    def _filtered(self, begin: date) -> set[date]:
        rule, year = self.rule, begin.year
        found = set(_span(begin, date(year, 12, 31)))
        if rule.months:
            found = {day for day in found if day.month in rule.months}
        if rule.weeks:
            found = {day for day in found if self._in_weeks(day)}
            if not (rule.year_days or rule.month_days or rule.days):
                found = {day for day in found if day.weekday() == self.start.weekday()}
        if rule.year_days:
            length = date(year, 12, 31).timetuple().tm_yday
            numbers = {n if n > 0 else length + 1 + n for n in rule.year_days}
            found = {day for day in found if day.timetuple().tm_yday in numbers}
        if rule.month_days:
            found = {day for day in found if _is_month_day(day, rule.month_days)}
        return found & self._named(year) if rule.days else found

    def _in_weeks(self, day: date) -> bool:
        year, number = _week_number(day, self.rule.week_start)
        _, last = _week_number(date(year, *_LAST_WEEK_DAY), self.rule.week_start)
        return number in self.rule.weeks or number - last - 1 in self.rule.weeks


class _Months:
    """Periods of FREQ=MONTHLY."""

    def __init__(self, rule: Rule, start: datetime) -> None:
        self.rule = rule
        self.start = start.date()
        self._zero = start.year * 12 + start.month - 1

    def index_of(self, first: datetime) -> int:
        return max(0, first.year * 12 + first.month - 1 - self._zero) // self.rule.interval

    def begin(self, index: int) -> date | None:
        year, month = divmod(self._zero + index * self.rule.interval, 12)
        return date(year, month + 1, 1) if year <= MAXYEAR - 1 else None

    def days(self, begin: date) -> set[date]:
        rule, year, month = self.rule, begin.year, begin.month
        if rule.months and month not in rule.months:
            return set()
        if rule.month_days:
            found = _month_days(year, month, rule.month_days)
            if rule.days:
                found &= _weekdays(begin, _last_of_month(year, month), rule.days)
            return found
        if rule.days:
            return _weekdays(begin, _last_of_month(year, month), rule.days)
        day = _day(year, month, self.start.day)
        return {day} if day else set()


class _Weeks:
    """Periods of FREQ=WEEKLY: whole weeks from WKST on, whatever day DTSTART is."""

    def __init__(self, rule: Rule, start: datetime) -> None:
        self.rule = rule
        self.start = start.date()
        self._zero = self.start.toordinal() - (self.start.weekday() - rule.week_start) % _WEEK
        self._weekdays = {weekday for _, weekday in rule.days} or {self.start.weekday()}

    def index_of(self, first: datetime) -> int:
        return max(0, first.toordinal() - self._zero) // (_WEEK * self.rule.interval)

    def begin(self, index: int) -> date | None:
        ordinal = self._zero + index * _WEEK * self.rule.interval
        return date.fromordinal(max(1, ordinal)) if ordinal <= _LAST_ORDINAL else None

    def days(self, begin: date) -> set[date]:
        week = (date.fromordinal(begin.toordinal() + n) for n in range(_WEEK))
        months = self.rule.months
        return {
            day
            for day in week
            if day.weekday() in self._weekdays and (not months or day.month in months)
        }


class _Days:
    """Periods of FREQ=DAILY."""

    def __init__(self, rule: Rule, start: datetime) -> None:
        self.rule = rule
        self._zero = start.toordinal()
        self._weekdays = {weekday for _, weekday in rule.days}

    def index_of(self, first: datetime) -> int:
        return max(0, first.toordinal() - self._zero) // self.rule.interval

    def begin(self, index: int) -> date | None:
        ordinal = self._zero + index * self.rule.interval
        return date.fromordinal(ordinal) if ordinal <= _LAST_ORDINAL else None

    def days(self, begin: date) -> set[date]:
        rule = self.rule
        fits = (
            (not rule.months or begin.month in rule.months)
            and (not rule.month_days or _is_month_day(begin, rule.month_days))
            and (not self._weekdays or begin.weekday() in self._weekdays)
        )
        return {begin} if fits else set()


_Period = _Years | _Months | _Weeks | _Days
_PERIODS: Final[dict[Frequency, Callable[[Rule, datetime], _Period]]] = {
    "YEARLY": _Years,
    "MONTHLY": _Months,
    "WEEKLY": _Weeks,
    "DAILY": _Days,
}
_LAST_ORDINAL: Final = date(MAXYEAR - 1, 12, 1).toordinal()


def _is_month_day(day: date, wanted: tuple[int, ...]) -> bool:
    return day.day in wanted or day.day - _last_of_month(day.year, day.month).day - 1 in wanted


def read_rule(text: str) -> Rule:
    """An RRULE's value, read and checked; upper and lower case are the same (3.3.10).

    Raises:
        RuleError: where it cannot be followed.
    """
    parts = _parts(text)
    frequency = parts.pop("FREQ", "")
    if frequency in _TOO_OFTEN:
        raise RuleError(f"FREQ={frequency} repeats more often than daily, which is not followed")
    if frequency not in get_args(Frequency):
        raise RuleError(f"FREQ={frequency[:20] or '(missing)'} is no frequency of RFC 5545")
    if (scale := parts.pop("RSCALE", "GREGORIAN")) != "GREGORIAN":
        raise RuleError(f"RSCALE={scale[:20]} counts in another calendar, which is not followed")
    if (skip := parts.pop("SKIP", "OMIT")) != "OMIT":
        raise RuleError(f"SKIP={skip[:20]} is not followed")
    rule = Rule(
        frequency=frequency,  # type: ignore[arg-type]  # as checked above
        interval=_positive(parts.pop("INTERVAL", "1"), "INTERVAL"),
        count=_positive(parts.pop("COUNT"), "COUNT") if "COUNT" in parts else None,
        until=_until(parts.pop("UNTIL")) if "UNTIL" in parts else None,
        months=_numbers(parts, "BYMONTH", 1, 12),
        weeks=_numbers(parts, "BYWEEKNO", 1, 53, signed=True),
        year_days=_numbers(parts, "BYYEARDAY", 1, 366, signed=True),
        month_days=_numbers(parts, "BYMONTHDAY", 1, 31, signed=True),
        days=_days_of_week(parts.pop("BYDAY", "")),
        hours=_numbers(parts, "BYHOUR", 0, 23),
        minutes=_numbers(parts, "BYMINUTE", 0, 59),
        seconds=_numbers(parts, "BYSECOND", 0, 59),
        positions=_numbers(parts, "BYSETPOS", 1, 366, signed=True),
        week_start=_week_start(parts.pop("WKST", "MO")),
    )
    if unknown := [name for name in parts if not name.startswith("X-")]:
        raise RuleError(f"{unknown[0][:20]} is no part of a rule in RFC 5545")
    _check_parts(rule)
    return rule


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for piece in text.strip().rstrip(";").upper().split(";"):
        name, equals, value = piece.strip().partition("=")
        if not equals or not value.strip():
            raise RuleError(f"'{piece[:20]}' is not a part like FREQ=WEEKLY")
        if parts.setdefault(name.strip(), value.strip()) != value.strip():
            raise RuleError(f"{name[:20]} stands twice in the rule")
    return parts


def _positive(given: str, name: str) -> int:
    if not _NUMBER.match(given) or int(given) <= 0:
        if given.isdigit() and int(given[:40]) > 0:
            return 10**9
        raise RuleError(f"{name}={given[:20]} must be a number above 0")
    return int(given)


def _numbers(
    parts: dict[str, str], name: str, least: int, most: int, *, signed: bool = False
) -> tuple[int, ...]:
    given = parts.pop(name, "")
    found = set()
    for piece in given.split(",") if given else ():
        text = piece.strip()
        number = int(text) if _NUMBER.match(text) else None
        size = None if number is None else abs(number) if signed else number
        if number is None or size is None or not least <= size <= most:
            raise RuleError(f"{name}={given[:20]} is outside of what RFC 5545 allows")
        found.add(number)
    return tuple(sorted(found))


def _days_of_week(given: str) -> tuple[tuple[int, int], ...]:
    found = []
    for piece in given.split(",") if given else ():
        named = _DAY.match(piece.strip())
        if not named or (named[1] and not 0 < abs(int(named[1])) <= 53):  # noqa: PLR2004  # weeks
            raise RuleError(f"BYDAY={given[:20]} is no list of weekdays")
        found.append((int(named[1] or 0), _WEEKDAYS[named[2]]))
    return tuple(found)


def _week_start(given: str) -> int:
    if given not in _WEEKDAYS:
        raise RuleError(f"WKST={given[:20]} is no weekday")
    return _WEEKDAYS[given]


def _until(given: str) -> Until:
    found = _UNTIL.match(given)
    if not found:
        raise RuleError(f"UNTIL={given[:20]} is neither a date nor a time")
    try:
        day = datetime.strptime(found[1], "%Y%m%d").date()  # noqa: DTZ007  # a date
        if found[2] is None:
            return Until(day=day)
        clock = time(int(found[2][:2]), int(found[2][2:4]), min(59, int(found[2][4:] or 0)))
    except ValueError:
        raise RuleError(f"UNTIL={given[:20]} is no date or time there is") from None
    return Until(day=day, moment=datetime.combine(day, clock), in_utc=bool(found[3]))


def _check_parts(rule: Rule) -> None:
    """What the RFC forbids to stand together (3.3.10), so that nothing is guessed."""
    frequency = rule.frequency
    if rule.weeks and frequency != "YEARLY":
        raise RuleError(f"BYWEEKNO does not go with FREQ={frequency}")
    if rule.year_days and frequency != "YEARLY":
        raise RuleError(f"BYYEARDAY does not go with FREQ={frequency}")
    if rule.month_days and frequency == "WEEKLY":
        raise RuleError("BYMONTHDAY does not go with FREQ=WEEKLY")
    numbered = any(ordinal for ordinal, _ in rule.days)
    if numbered and (frequency in {"WEEKLY", "DAILY"} or rule.weeks):
        raise RuleError("a numbered weekday in BYDAY goes with FREQ=MONTHLY and YEARLY only")
    many = len(rule.hours or (0,)) * len(rule.minutes or (0,)) * len(rule.seconds or (0,))
    if many > MOST_TIMES_A_DAY:
        raise RuleError(f"repeats {many} times a day; at most {MOST_TIMES_A_DAY} are followed")
