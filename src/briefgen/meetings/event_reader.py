"""One VEVENT: when it takes place, and what is wrong with it."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from typing import Final, TypeVar

from briefgen.meetings.content import Block, Property
from briefgen.meetings.event import (
    DAY,
    Duration,
    Event,
    Extra,
    Moment,
    Properties,
    ValueFaultError,
    has_time_of_day,
    looks_like_moment,
    read_duration,
    read_moment,
)
from briefgen.meetings.recurrence import MOST_TIMES_A_DAY, Rule, RuleError
from briefgen.meetings.rule_text import read_rule
from briefgen.meetings.zones import Tell, ZoneScope
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Severity

MOST_DATES: Final = 20_000
T = TypeVar("T")
_DATES = re.compile("[,;]")
"""Between the dates of EXDATE and RDATE: vCalendar 1.0 has semicolons."""


def read_event(
    block: Block, *, order: int, scope: ZoneScope, method: str, tell: Tell
) -> Event | None:
    """The event in a block; None, with a problem, if its time cannot be read."""
    return _Reading(block, scope, tell).event(order, method)


class _Reading:
    """One VEVENT being read."""

    def __init__(self, block: Block, scope: ZoneScope, tell: Tell) -> None:
        self.block = block
        self.scope = scope
        self.tell = tell
        self.when = Properties(block)
        self.one = self.when.one
        self.uid = self.when.text("UID")

    def problem(self, message: str, line: int, severity: Severity = "error") -> None:
        self.tell(message, line, self.uid, severity)

    def event(self, order: int, method: str) -> Event | None:
        block = self.block
        if not block.whole:
            self.problem(
                Phrase("the event is cut off: its END:VEVENT is missing; left out"), block.line
            )
            return None
        self._report_doubles()
        start = self._start()
        if start is None:
            return None
        recurrence_id = self._moment("RECURRENCE-ID")
        start, duration = self._span(start)
        single = recurrence_id is None
        return Event(
            uid=self.uid,
            start=start,
            duration=duration,
            whole_days=start.is_date,
            rules=self._rules("RRULE", start, tell=single),
            extras=self._dates("RDATE", start, self._extra) if single else (),
            left_out=self._dates("EXDATE", start, self._left_out_days),
            left_out_rules=self._rules("EXRULE", start, tell=single),
            recurrence_id=recurrence_id,
            this_and_future=self._is_range(),
            sequence=self._sequence(),
            method=method,
            when=self.when,
            order=order,
            block=block,
        )

    def _report_doubles(self) -> None:
        for name in ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "UID"):
            if not self.when.repeated(name):
                continue
            found = self.when.every(name)
            if len({(p.value.strip(), p.parameter("TZID")) for p in found}) > 1:
                message = f"{name} stands {len(found)} times; the first one counts"
                self.problem(message, found[1].line)

    def _start(self) -> Moment | None:
        given = self.when.every("DTSTART")
        found = next((one for one in given if looks_like_moment(one.value)), self.one("DTSTART"))
        if found is None:
            message = Phrase("the event has no DTSTART, so it has no time; left out")
            if component := _unended(self.block):
                message = Phrase(
                    "the {component} in the event has no end (END:{component}) and includes "
                    "everything after it, even its DTSTART; left out",
                    component=component,
                )
            self.problem(message, self.block.line)
            return None
        try:
            start = read_moment(found, self.scope, timed=self._is_timed(found))
            _ = start.utc
        except (ValueFaultError, OverflowError) as fault:
            self.problem(
                Phrase("DTSTART cannot be read: {fault}; the event is left out", fault=fault),
                found.line,
            )
            return None
        return start

    def _is_timed(self, start: Property) -> bool:
        """Whether midnight is a time despite VALUE=DATE, because the end has a time."""
        end = self.one("DTEND")
        return end is not None and "T" in start.value.upper() and has_time_of_day(end.value)

    def _moment(self, name: str) -> Moment | None:
        if (found := self.one(name)) is None:
            return None
        try:
            moment = read_moment(found, self.scope)
            _ = moment.utc
        except (ValueFaultError, OverflowError) as fault:
            self.problem(
                Phrase("{name} cannot be read: {fault}; it is skipped", name=name, fault=fault),
                found.line,
            )
            return None
        return moment

    def _span(self, start: Moment) -> tuple[Moment, Duration]:
        if self.one("DTEND") is None and self.one("DURATION") is not None:
            return start, self._given_duration(start)
        end = self._moment("DTEND")
        if end is None:
            return start, Duration(days=1) if start.is_date else Duration()
        end = self._beside(start, end)
        if not start.is_date and (filled := self._filled_days(start, end)):
            start, end = filled
        if start.is_date:
            return start, self._days_until(start, end)
        exact = end.zone.utc(end.local) - start.utc
        if exact < timedelta():
            self._report_backwards()
            exact = timedelta()
        return start, Duration(exact=exact)

    def _filled_days(self, start: Moment, end: Moment) -> tuple[Moment, Moment] | None:
        """Whole days as Exchange writes them: from midnight to midnight, local or in UTC.

        Returns:
            The first day and the day after the last; None if it is no such event.
        """
        if self.when.text("X-MICROSOFT-CDO-ALLDAYEVENT").upper() != "TRUE":
            return None
        spans = [(start.local, end.local)]
        if start.in_utc and end.in_utc:
            home = self.scope.floating
            spans.insert(0, (home.local(start.utc), home.local(end.utc)))
        for first, last in spans:
            if first.time() == last.time() == time() and first < last:
                return _as_date(start, first), _as_date(end, last)
        return None

    def _days_until(self, start: Moment, end: Moment) -> Duration:
        days = (end.day - start.day).days
        if not end.is_date and end.local.time() != time():
            days += 1
        if days < 0:
            self._report_backwards()
        return Duration(days=max(1, days))

    def _report_backwards(self) -> None:
        found = self.one("DTEND") or self.one("DURATION")
        line = found.line if found else self.block.line
        self.problem(
            Phrase("the event ends before it begins; its start counts, its end does not"), line
        )

    def _given_duration(self, start: Moment) -> Duration:
        found = self.one("DURATION")
        assert found is not None  # noqa: S101  # as the caller has seen
        nothing = Duration(days=1) if start.is_date else Duration()
        try:
            duration = read_duration(found.value)
            _ = duration.after(start.local, start.zone)
        except (ValueFaultError, OverflowError) as fault:
            self.problem(f"DURATION cannot be read: {fault}; it is passed over", found.line)
            return nothing
        if duration.negative:
            self._report_backwards()
            return nothing
        if start.is_date:
            whole = duration.days + -(-duration.exact // DAY)
            return Duration(days=max(1, whole))
        return duration

    def _rules(self, name: str, start: Moment, *, tell: bool) -> tuple[Rule, ...]:
        """The rules; none if one of them has no reading."""
        rules: list[Rule] = []
        for found in self.when.every(name):
            try:
                reading = read_rule(found.value)
                if reading is None:
                    continue
                _refuse_storm(reading.rule, start)
            except RuleError as error:
                if tell:
                    then = (
                        "only the first time is shown" if name == "RRULE" else "it is passed over"
                    )
                    self.problem(f"{name} cannot be followed: {error}; {then}", found.line)
                return ()
            rules.append(reading.rule)
            for slip in reading.slips if tell else ():
                self.problem(f"{name}: {slip}; that is passed over", found.line, "warning")
        if tell and name == "RRULE":
            self._report_rules(rules)
        return tuple(dict.fromkeys(rules))

    def _report_rules(self, rules: list[Rule]) -> None:
        for rule in rules:
            if rule.count is not None and rule.until is not None:
                message = "RRULE has both COUNT and UNTIL; whichever ends first counts"
                self.problem(message, self.when.every("RRULE")[0].line, "warning")
        if len(set(rules)) > 1:
            message = "RRULE stands more than once; the times of all of them are shown"
            self.problem(message, self.when.every("RRULE")[1].line, "warning")

    def _dates(
        self, name: str, start: Moment, read: Callable[[Property, str, Moment], Iterable[T]]
    ) -> tuple[T, ...]:
        """What each date of RDATE or EXDATE adds; unreadable ones are skipped."""
        dates: list[T] = []
        for found in self.when.every(name):
            for piece in _DATES.split(found.value, MOST_DATES)[:MOST_DATES]:
                try:
                    dates += read(found, piece, start) if piece.strip() else ()
                except (ValueFaultError, OverflowError) as fault:
                    message = f"{name} cannot be read: {fault}; that date is passed over"
                    self.problem(message, found.line)
        return tuple(dates)

    def _extra(self, found: Property, piece: str, start: Moment) -> list[Extra]:
        """One RDATE, which may be a period."""
        begin, slash, rest = piece.partition("/")
        moment = self._beside(start, read_moment(found, self.scope, value=begin))
        _ = moment.utc
        if not slash:
            return [Extra(start=moment)]
        if rest.strip().upper().lstrip("+-").startswith("P"):
            duration = read_duration(rest)
        else:
            end = self._beside(start, read_moment(found, self.scope, value=rest))
            duration = Duration(exact=end.utc - moment.utc)
        if duration.negative:
            raise ValueFaultError("the period ends before it begins")
        return [Extra(start=moment, duration=duration)]

    def _left_out_days(self, found: Property, piece: str, start: Moment) -> list[Moment]:
        """One EXDATE; for a period, as Exchange writes, each of its days."""
        begin, _, length = piece.partition("/")
        moment = self._beside(start, read_moment(found, self.scope, value=begin))
        _ = moment.utc
        days = 1
        if moment.is_date and length.strip().upper().startswith("P"):
            days = max(1, min(read_duration(length).days, MOST_DATES))
        return [moment.replace(local=moment.local + n * DAY) for n in range(days)]

    @staticmethod
    def _beside(start: Moment, moment: Moment) -> Moment:
        """A floating time beside a DTSTART in a zone is in the same zone."""
        return moment.in_zone_of(start) if moment.floating and not start.is_date else moment

    def _is_range(self) -> bool:
        found = self.one("RECURRENCE-ID")
        if found is None or not (given := found.parameter("RANGE").upper()):
            return False
        if given == "THISANDFUTURE":
            return True
        message = f"RANGE={given[:20]} is not followed; only this one time is changed"
        self.problem(message, found.line, "warning")
        return False

    def _sequence(self) -> int:
        if (found := self.one("SEQUENCE")) is None:
            return 0
        given = found.value.strip()
        if not re.fullmatch(r"\d{1,9}", given):
            message = f"SEQUENCE:{given[:20]} is not a number; it counts as 0"
            self.problem(message, found.line, "warning")
            return 0
        return int(given)


def _refuse_storm(rule: Rule, start: Moment) -> None:
    """Refuse a rule that would fill a day with meetings.

    Raises:
        RuleError: if it would.
    """
    until = rule.until.moment if rule.until else None
    if until is not None and rule.until is not None and rule.until.in_utc and not start.is_date:
        until = start.zone.local(until)
    times = 1 if start.is_date else rule.times_a_day(start.local, until)
    if times > MOST_TIMES_A_DAY:
        raise RuleError(f"repeats {times} times a day; at most {MOST_TIMES_A_DAY} are followed")


def _as_date(moment: Moment, midnight: datetime) -> Moment:
    return Moment(local=midnight, is_date=True, zone=moment.zone)


def _unended(block: Block) -> str:
    """The first component inside an event whose END is missing, or an empty text."""
    opened: list[str] = []
    for line in block.lines:
        edge, _, kind = line.content.decode(errors="replace").upper().partition(":")
        if edge.strip() == "BEGIN":
            opened.append(kind.strip())
        elif edge.strip() == "END" and kind.strip() in opened:
            del opened[opened.index(kind.strip()) :]
    return opened[0] if opened else ""
