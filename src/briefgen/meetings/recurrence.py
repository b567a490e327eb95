"""Recurrence rules (RFC 5545, 3.3.10; RFC 7529) on naive local times, bounded.

Rules are expanded here, not by a library, for three reasons: a rule without COUNT can start at the
window instead of at DTSTART; no rule can run for ever (dateutil does on INTERVAL=0); and BYWEEKNO
without BYDAY and weekly BYSETPOS follow the RFC. Over 400 lines, because the parts of a rule limit
and expand each other.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import MAXYEAR, date, datetime, time, timedelta
from itertools import product
from typing import Final, Literal, TypeVar

from briefgen.workspace.value import Value

Frequency = Literal["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"]
Skip = Literal["OMIT", "BACKWARD", "FORWARD"]
T = TypeVar("T")
_DAY: Final = 86_400
_HOUR: Final = 3600
SECONDS_OF: Final = {"HOURLY": _HOUR, "MINUTELY": 60, "SECONDLY": 1}
"""The periods shorter than a day."""
MOST_TIMES_A_DAY: Final = 96
_STEPS_AT_LEAST: Final = 100
_WEEK = 7
_LAST_WEEK_DAY = (12, 28)
"""28 December always lies in the last week of its week-year (ISO 8601)."""


class RuleError(ValueError):
    """A rule that cannot be followed; the message says why, for the user."""


class TooMuch(Exception):  # noqa: N818  # names what happened
    """A rule needs more steps than a feed is given."""


class Budget:
    """Steps that all rules of a feed share, so that no feed can block a run.

    When they are used up, each further rule still has a few, so that no honest series is lost to a
    hostile one.
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
            TooMuch: if this rule, or all together, have used it up.
        """
        self._left -= steps
        self._in_rule += steps
        if self._in_rule > (self._each if self._left >= 0 else _STEPS_AT_LEAST):
            raise TooMuch


class Until(Value, frozen=True, kw_only=True):
    """The inclusive end of a rule: a day, or a time, local or in UTC."""

    day: date
    moment: datetime | None = None
    in_utc: bool = False


class Rule(Value, frozen=True, kw_only=True):
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
    skip: Skip = "OMIT"
    """What replaces the 31st in a month without one (RFC 7529, 4.1)."""

    def starts(  # noqa: C901, PLR0912  # one walk through the periods
        self,
        start: datetime,
        *,
        first: datetime,
        last: datetime,
        until: datetime | None,
        whole_days: bool,
        budget: Budget,
        leaves_out: bool = False,
    ) -> Iterator[datetime]:
        """Local starts in `first` ≤ start < `last`, in order; `start` (DTSTART) is always one.

        Args:
            start: DTSTART, local; it counts as the first of COUNT (3.3.10).
            first: where to begin, local.
            last: where to end, local.
            until: no start after this is generated; None if the rule has no such end.
            whole_days: DTSTART is a date, so that BYHOUR and the like mean nothing.
            budget: steps to be spent.
            leaves_out: it is an EXRULE (RFC 2445, 4.8.5.2), which need not include DTSTART.

        Raises:
            TooMuch: if the budget is used up.
        """
        budget.begin()
        begin_after = start - timedelta(seconds=1) if leaves_out else start
        if first <= start < last and not leaves_out:
            yield start
        end = last if until is None else min(last, until + timedelta(seconds=1))
        left = None if self.count is None else self.count - (not leaves_out)
        if left is not None and self.frequency in SECONDS_OF and self.is_plain:
            span = left * self.interval * SECONDS_OF[self.frequency]
            if span < (end - start).total_seconds():
                end = start + timedelta(seconds=span + 1)
            left = None
        period = _PERIODS.get(self.frequency, _Days)(self, start)
        times_on = self._times_on(start, whole_days=whole_days)
        times = times_on(start.date())
        each = self._starts_in_each(len(times))
        index = period.index_of(first) if left is None or each else 0
        if left is not None and index:
            begun = period.begin(0) or start.date()
            in_first = (datetime.combine(d, at) for d in period.days(begun) for at in times)
            left -= sum(moment > begin_after for moment in in_first) + (index - 1) * each
        while (begin := period.begin(index)) is not None and begin < end.date() + timedelta(days=1):
            if left is not None and left <= 0:
                return
            days = sorted(period.days(begin))
            moments = [datetime.combine(day, at) for day in days for at in times_on(day)]
            budget.spend(1 + len(moments) // 8)
            index += 1
            if self.positions and self.frequency not in SECONDS_OF:
                moments = _at_positions(moments, self.positions)
            for moment in moments:
                if moment <= begin_after:
                    continue
                if moment >= end:
                    return
                if left is not None:
                    if left <= 0:
                        return
                    left -= 1
                if moment >= first:
                    yield moment

    def _starts_in_each(self, times: int) -> int:
        """How many starts each period has, if all have the same number; else 0.

        With it, the starts of a counted rule before the window need not be generated.
        """
        if self.months or self.weeks or self.year_days or self.month_days or self.positions:
            return 0
        if self.frequency == "DAILY" and not self.days:
            return times
        return times * max(1, len(self.days)) if self.frequency == "WEEKLY" else 0

    def _times_on(self, start: datetime, *, whole_days: bool) -> Callable[[date], Sequence[time]]:
        """The times at which the rule falls on a day."""
        if self.frequency in SECONDS_OF:
            return self._times_within(start)
        hours = self.hours or (start.hour,)
        minutes = self.minutes or (start.minute,)
        seconds = self.seconds or (start.second,)
        every = [time(h, m, s) for h, m, s in product(hours, minutes, seconds)]
        return lambda _: [start.time()] if whole_days else every

    def _times_within(self, start: datetime) -> Callable[[date], list[time]]:
        """As `_times_on`, of a rule that repeats more often than daily: counted in seconds."""
        unit = SECONDS_OF[self.frequency]
        step = self.interval * unit
        zero = start.toordinal() * _DAY + (start - datetime.combine(start, time())).seconds
        zero -= zero % unit
        spans = [(hour * _HOUR, _HOUR) for hour in self.hours or range(24)]
        if unit < _HOUR and self.minutes:
            spans = [(hour + m * 60, 60) for hour, _ in spans for m in self.minutes]
        minutes = (self.minutes or (start.minute,)) if unit == _HOUR else (0,)
        seconds = (self.seconds or (start.second,)) if unit > 1 else (0,)
        inside = [minute * 60 + second for minute, second in product(minutes, seconds)]

        def times(day: date) -> list[time]:
            since = day.toordinal() * _DAY - zero
            found: list[int] = []
            for begin, length in spans:
                for at in range(begin + (-since - begin) % step, begin + length, step):
                    if unit > 1 or not self.seconds or at % 60 in self.seconds:
                        each = [at + more for more in inside]
                        found += _at_positions(each, self.positions) if self.positions else each
            return [time(at // _HOUR, at // 60 % 60, at % 60) for at in found]

        return times

    def times_a_day(self, start: datetime, until: datetime | None) -> int:
        """No day has more starts than this; `start` and `until` are local."""
        unit = SECONDS_OF.get(self.frequency, _DAY)
        hours = len(self.hours) or (24 if unit < _DAY else 1)
        minutes = len(self.minutes) or (60 if unit < _HOUR else 1)
        seconds = len(self.seconds) or (60 if unit < 60 else 1)  # noqa: PLR2004  # a minute
        bounds = [hours * minutes * seconds]
        if self.frequency in SECONDS_OF:
            inside = (minutes if unit == _HOUR else 1) * (seconds if unit > 1 else 1)
            step = self.interval * unit
            bounds.append(-(-_DAY // step) * inside)
            if until is not None and until >= start:
                bounds.append((int((until - start).total_seconds()) // step + 1) * inside)
        return min([*bounds, self.count or bounds[0]])

    @property
    def is_plain(self) -> bool:
        """Whether each period has one start, so that those before the window need no counting."""
        dates = (self.months, self.weeks, self.year_days, self.month_days, self.days)
        times = (self.hours, self.minutes, self.seconds, self.positions)
        return not any((*dates, *times))


def _at_positions(moments: list[T], positions: tuple[int, ...]) -> list[T]:
    count = len(moments)
    chosen = {p - 1 if p > 0 else count + p for p in positions}
    return [moments[index] for index in sorted(chosen) if 0 <= index < count]


def _day(year: int, month: int, day: int, skip: Skip) -> date | None:
    """A day of a month; if the month has no such day, its replacement by `skip`."""
    last = _last_of_month(year, month)
    if day <= last.day:
        return date(year, month, day)
    return None if skip == "OMIT" else _skipped(last, skip)


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


def _month_days(year: int, month: int, wanted: tuple[int, ...], skip: Skip) -> set[date]:
    last = _last_of_month(year, month)
    numbers = {day if day > 0 else last.day + 1 + day for day in wanted}
    found = {date(year, month, number) for number in numbers if 0 < number <= last.day}
    if skip != "OMIT" and any(number > last.day for number in numbers):
        found.add(_skipped(last, skip))
    return found


def _skipped(last: date, skip: Skip) -> date:
    """The replacement of a day that a month or year does not have (RFC 7529, 4.1)."""
    return last if skip == "BACKWARD" else last + timedelta(days=1)


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
            found = set().union(*(_month_days(year, m, rule.month_days, rule.skip) for m in months))
            return found & self._named(year) if rule.days else found
        if rule.days:
            return self._named(year)
        if not rule.months:
            months = (self.start.month,)
        same_day = (_day(year, m, self.start.day, rule.skip) for m in months)
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
            if rule.skip != "OMIT" and any(number > length for number in numbers):
                found.add(_skipped(date(year, 12, 31), rule.skip))
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
            found = _month_days(year, month, rule.month_days, rule.skip)
            if rule.days:
                found &= _weekdays(begin, _last_of_month(year, month), rule.days)
            return found
        if rule.days:
            return _weekdays(begin, _last_of_month(year, month), rule.days)
        day = _day(year, month, self.start.day, rule.skip)
        return {day} if day else set()


class _Days:
    """Periods of FREQ=DAILY, and the days of rules that repeat more often."""

    def __init__(self, rule: Rule, start: datetime) -> None:
        self.rule = rule
        self._step = rule.interval if rule.frequency == "DAILY" else 1
        self._zero = start.toordinal()
        self._weekdays = {weekday for _, weekday in rule.days}

    def index_of(self, first: datetime) -> int:
        return max(0, first.toordinal() - self._zero) // self._step

    def begin(self, index: int) -> date | None:
        ordinal = self._zero + index * self._step
        return date.fromordinal(max(1, ordinal)) if ordinal <= _LAST_ORDINAL else None

    def days(self, begin: date) -> set[date]:
        rule = self.rule
        fits = (
            (not rule.months or begin.month in rule.months)
            and (not rule.month_days or _is_month_day(begin, rule.month_days))
            and (not rule.year_days or begin.timetuple().tm_yday in rule.year_days)
            and (not self._weekdays or begin.weekday() in self._weekdays)
        )
        return {begin} if fits else set()


class _Weeks(_Days):
    """Periods of FREQ=WEEKLY: whole weeks from WKST on, whatever day DTSTART is."""

    def __init__(self, rule: Rule, start: datetime) -> None:
        super().__init__(rule, start)
        self._step = _WEEK * rule.interval
        self._zero -= (start.weekday() - rule.week_start) % _WEEK
        self._weekdays = self._weekdays or {start.weekday()}

    def days(self, begin: date) -> set[date]:
        first, months = begin.weekday(), self.rule.months
        week = (begin + timedelta((weekday - first) % _WEEK) for weekday in self._weekdays)
        return {day for day in week if not months or day.month in months}


_Period = _Years | _Months | _Days
_PERIODS: Final[dict[Frequency, Callable[[Rule, datetime], _Period]]] = {
    "YEARLY": _Years,
    "MONTHLY": _Months,
    "WEEKLY": _Weeks,
    "DAILY": _Days,
}
_LAST_ORDINAL: Final = date(MAXYEAR - 1, 12, 1).toordinal()


def _is_month_day(day: date, wanted: tuple[int, ...]) -> bool:
    return day.day in wanted or day.day - _last_of_month(day.year, day.month).day - 1 in wanted
