"""Events of one UID to occurrences: rules, added and left-out dates, overrides (3.8.4.4, 3.8.5)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from briefgen.meetings.event import DAY, Duration, Event, Moment
from briefgen.meetings.recurrence import Budget, Rule, Until
from briefgen.meetings.zones import Zone
from briefgen.workspace.value import Value

MOST_OCCURRENCES: Final = 5_000
_NOON: Final = 12
_HALVES: Final = (time(), time(0, 30))
"""Minutes past the hour of a midnight elsewhere, in UTC."""
_EARLIEST: Final = datetime(2, 1, 1)  # noqa: DTZ001  # local, without a zone
_LATEST: Final = datetime(9998, 1, 1)  # noqa: DTZ001  # local, without a zone


class Occurrence(Value, frozen=True, kw_only=True):
    """One time an event takes place; instants are naive, in UTC.

    Attributes:
        event: the VEVENT that describes it.
        start, end: instants; with `whole_days`, midnight of the first day and after the last.
        recurrence_id: the original start: an instant, a date, or None for a single event.
        original: the instant or day it was moved from, as `start`; None if it was not moved.
    """

    event: Event
    start: datetime
    end: datetime
    whole_days: bool
    recurrence_id: datetime | date | None = None
    original: datetime | None = None


class Span(Value, frozen=True, kw_only=True):
    """The window: instants for timed events, days for whole days; both half-open."""

    first: datetime
    last: datetime
    first_day: date
    last_day: date

    def has(self, start: datetime, *, whole_days: bool) -> bool:
        """Whether something that starts then is in the window."""
        if whole_days:
            return self.first_day <= start.date() < self.last_day
        return self.first <= start < self.last


@dataclass(frozen=True, slots=True)
class _Original:
    """An instance before overrides: its local start, its instant or day, its duration."""

    local: datetime
    start: datetime
    duration: Duration


FURTHEST_SWEEP: Final = timedelta(days=366)
"""How far THISANDFUTURE is followed."""


class Series:
    """A series, or single event, and the overrides that belong to it.

    Attributes:
        zones: zones in which UNTIL of an all-day series may be a midnight.
        far_ranges: overrides that would move the series far away; they are shown beside it.
        doubtful_days: days with several instances, one of which an override names only by day.
    """

    def __init__(
        self, master: Event, overrides: Sequence[Event], home: Zone, zones: Sequence[Zone] = ()
    ) -> None:
        self.master = master
        self.home = home
        self.zones = tuple(zones)
        self.doubtful_days: set[date] = set()
        self.overrides = tuple(overrides)
        self.far_ranges = tuple(event for event in overrides if self._sweeps_far(event))
        self._instants: set[datetime] = set()
        self._days: set[date] = set()
        for event in overrides:
            if event not in self.far_ranges:
                self._note(event.replaces, self._instants, self._days)
        self._out_instants: set[datetime] = set()
        self._out_days: set[date] = set()
        for moment in master.left_out:
            self._note(moment, self._out_instants, self._out_days)
        ranges = [e for e in overrides if e.this_and_future and e not in self.far_ranges]
        self._ranges = sorted(ranges if master.recurring else (), key=self._original_start)

    def _sweeps_far(self, event: Event) -> bool:
        """Whether THISANDFUTURE moves a series implausibly far.

        If that were followed, anyone who copies a UID into an invitation could hide its meetings.
        """
        return event.this_and_future and abs(self._shift(event)) > FURTHEST_SWEEP

    def _note(self, moment: Moment, instants: set[datetime], days: set[date]) -> None:
        """Add a time to those compared as instants, or as local dates."""
        if moment.is_date or self.master.whole_days:
            days.add(self._day_of(moment))
        else:
            instants.add(moment.utc)

    def _day_of(self, moment: Moment) -> date:
        """The local date of a time compared with dates; a UTC midnight is taken as written."""
        if moment.is_date or not moment.in_utc or moment.local.time() == time():
            return moment.day
        return self.home.local(moment.utc).date()

    def _original_start(self, event: Event) -> datetime:
        """The original start that an override names: a day's midnight, or an instant."""
        moment = event.replaces
        if self.master.whole_days:
            return datetime.combine(self._day_of(moment), time())
        if moment.is_date:
            local = datetime.combine(moment.day, self.master.start.local.time())
            return self.master.start.zone.utc(local)
        return moment.utc

    def occurrences(self, span: Span, budget: Budget) -> Iterator[Occurrence]:
        """Every occurrence whose start is in the window.

        Raises:
            TooMuch: if the budget is used up.
        """
        shifts = [self._shift(event) for event in self._ranges]
        slack = max((abs(shift) for shift in shifts), default=timedelta())
        for original in self._each_replaceable(self._originals(span, slack, budget)):
            if self._is_overridden(original):
                continue
            occurrence = self._after_ranges(original, shifts)
            if span.has(occurrence.start, whole_days=occurrence.whole_days):
                yield occurrence
        for event in self.overrides:
            yield from override_occurrence(event, span, self._original_start(event), self.master)

    def _each_replaceable(self, originals: Iterator[_Original]) -> Iterable[_Original]:
        """The instances, after finding days that an override names ambiguously."""
        if self.master.whole_days or not self._days:
            return originals
        found = list(originals)
        by_day = Counter(original.local.date() for original in found)
        self.doubtful_days = {day for day in self._days if by_day[day] > 1}
        return found

    def _is_overridden(self, original: _Original) -> bool:
        day = original.local.date()
        by_day = day in self._days and day not in self.doubtful_days
        return by_day or original.start in self._instants

    def _is_left_out(self, original: _Original) -> bool:
        return original.local.date() in self._out_days or original.start in self._out_instants

    def _shift(self, event: Event) -> timedelta:
        """How far THISANDFUTURE moves the rest, in local time of the series (3.8.4.4)."""
        was = self._original_start(event)
        if self.master.whole_days or event.whole_days:
            zone = self.master.start.zone
            was_local = was if self.master.whole_days else zone.local(was)
            return event.start.local - was_local
        zone = self.master.start.zone
        return zone.local(event.start.utc) - zone.local(was)

    def _after_ranges(self, original: _Original, shifts: Sequence[timedelta]) -> Occurrence:
        """An instance as changed by the last THISANDFUTURE override before it."""
        for event, shift in zip(reversed(self._ranges), reversed(shifts), strict=True):
            if self._original_start(event) <= original.start:
                moved = _original(event, original.local + shift, event.duration, self.master)
                return _occurrence(event, moved, _recurrence_id(self.master, original), original)
        return _occurrence(self.master, original, _recurrence_id(self.master, original))

    def _originals(self, span: Span, slack: timedelta, budget: Budget) -> Iterator[_Original]:
        """The instances of the rules and added dates without those in EXDATE, each once."""
        first, last = self._local_window(span, slack)
        seen: set[datetime] = set()
        found: Iterable[_Original] = (*self._extras(), *self._ruled(first, last, budget))
        for original in found:
            if original.start in seen or not first <= original.local < last:
                continue
            seen.add(original.start)
            if len(seen) > MOST_OCCURRENCES:
                budget.spend(10**12)
            if not self._is_left_out(original):
                yield original

    def _local_window(self, span: Span, slack: timedelta) -> tuple[datetime, datetime]:
        wide = slack + 2 * DAY
        low = datetime.combine(span.first_day, time()) - DAY
        high = datetime.combine(span.last_day, time()) + DAY
        return _moved(low, -wide), _moved(high, wide)

    def _extras(self) -> Iterator[_Original]:
        master = self.master
        for extra in master.extras:
            moment = extra.start
            if master.whole_days:
                local = datetime.combine(self._day_of(moment), time())
            elif moment.is_date:
                local = datetime.combine(moment.day, master.start.local.time())
            else:
                local = master.start.zone.local(moment.utc)
            duration = master.duration if extra.duration is None else extra.duration
            original = _original(master, local, duration)
            if not master.whole_days and not moment.is_date:
                original = _Original(local, moment.utc, duration)
            yield original

    def _ruled(self, first: datetime, last: datetime, budget: Budget) -> Iterator[_Original]:
        master = self.master
        if not master.rules and first <= master.start.local < last:
            yield _original(master, master.start.local, master.duration)
        left_out = {
            original.start
            for rule in master.left_out_rules
            for original in self._starts_of(rule, first, last, budget, leaves_out=True)
        }
        for rule in master.rules:
            for original in self._starts_of(rule, first, last, budget):
                if original.start not in left_out:
                    yield original

    def _starts_of(
        self,
        rule: Rule,
        first: datetime,
        last: datetime,
        budget: Budget,
        *,
        leaves_out: bool = False,
    ) -> Iterator[_Original]:
        master, until = self.master, rule.until
        by_day = until is not None and (until.moment is None or master.whole_days)
        last_day = _last_day(until, self.zones) if until and by_day else None
        for local in rule.starts(
            master.start.local,
            first=first,
            last=last,
            until=_moved(datetime.combine(until.day, time()), 3 * DAY) if until else None,
            whole_days=master.whole_days,
            budget=budget,
            leaves_out=leaves_out,
        ):
            original = _original(master, local, master.duration)
            if local == master.start.local or _is_before_end(original, until, last_day):
                yield original


def _is_before_end(original: _Original, until: Until | None, last_day: date | None) -> bool:
    """Whether UNTIL allows a start (3.3.10): a day, a local time, or an instant, each inclusive."""
    if until is None or until.moment is None or last_day is not None:
        return last_day is None or original.local.date() <= last_day
    return (original.start if until.in_utc else original.local) <= until.moment


def _last_day(until: Until, zones: Iterable[Zone]) -> date:
    """The last day of an all-day series.

    Outlook writes its midnight in UTC, which is the evening before, east of Greenwich.
    """
    if until.moment is None or not until.in_utc or until.moment.time() == time():
        return until.day
    for zone in zones:
        local = zone.local(until.moment)
        if local.time() == time():
            return local.date()
    is_midnight_east = until.moment.hour > _NOON and until.moment.time().replace(hour=0) in _HALVES
    return until.day + DAY if is_midnight_east else until.day


def _moved(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:
        return _LATEST if by > timedelta() else _EARLIEST


def _original(
    event: Event, local: datetime, duration: Duration, zone_of: Event | None = None
) -> _Original:
    if event.whole_days:
        return _Original(local, datetime.combine(local.date(), time()), duration)
    zone = (zone_of or event).start.zone
    return _Original(local, zone.utc(local), duration)


def _recurrence_id(master: Event, original: _Original) -> datetime | date | None:
    if not master.recurring:
        return None
    return original.start.date() if master.whole_days else original.start


def _occurrence(
    event: Event,
    shown: _Original,
    recurrence_id: datetime | date | None,
    moved_from: _Original | None = None,
) -> Occurrence:
    if event.whole_days:
        end = shown.start + timedelta(days=max(1, shown.duration.days))
    elif shown.duration.days:
        zone = event.start.zone
        end = shown.duration.after(shown.local, zone)
    else:
        end = shown.start + shown.duration.exact
    was = moved_from.start if moved_from and moved_from.start != shown.start else None
    return Occurrence(
        event=event,
        start=shown.start,
        end=max(end, shown.start),
        whole_days=event.whole_days,
        recurrence_id=recurrence_id,
        original=was,
    )


def override_occurrence(
    event: Event, span: Span, original: datetime, master: Event | None
) -> Iterator[Occurrence]:
    """The occurrence that an override describes, if it starts in the window."""
    shown = _original(event, event.start.local, event.duration)
    if not span.has(shown.start, whole_days=event.whole_days):
        return
    whole_days = master.whole_days if master else event.replaces.is_date
    was = _Original(shown.local, original, event.duration)
    recurrence_id = original.date() if whole_days else original
    moved_from = was if whole_days == event.whole_days else None
    yield _occurrence(event, shown, recurrence_id, moved_from)
