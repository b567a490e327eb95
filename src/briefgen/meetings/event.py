"""One VEVENT: when it is, read at once; what it says, read where it is needed."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, get_args

from briefgen.meetings.content import Line, Property, property_of
from briefgen.meetings.meeting import EventStatus
from briefgen.meetings.recurrence import Rule, RuleError, read_rule
from briefgen.meetings.structure import Block
from briefgen.meetings.times import (
    DAY,
    Duration,
    Moment,
    ValueFaultError,
    ZoneOf,
    read_duration,
    read_moment,
)
from briefgen.meetings.zones import Zone
from briefgen.workspace.problems import Problem, Severity

_WHEN: Final = frozenset(
    {
        b"UID", b"DTSTART", b"DTEND", b"DURATION", b"RRULE", b"RDATE", b"EXDATE", b"EXRULE",
        b"RECURRENCE-ID", b"SEQUENCE", b"STATUS", b"DTSTAMP", b"LAST-MODIFIED", b"SUMMARY",
        b"ORGANIZER", b"X-MICROSOFT-CDO-ALLDAYEVENT",
    }
)  # fmt: skip
_NAME = re.compile(rb"\s*([A-Za-z0-9-]+)\s*[;:]")
_CANCELLED_WORDS: Final = (
    "canceled|cancelled|abgesagt|annulée?|cancelad[oa]|annullat[oa]|geannuleerd|aflyst|avlyst"
    "|inställd|inställt|peruutettu|anulowan[eoay]|odwołane|zrušen[oáéý]|отменено|скасовано"
    "|iptal edildi|anulat|törölve|lemondva|取消|已取消|キャンセル(?:済み)?|취소됨|تم الإلغاء"
)
_CANCELLED_TITLE = re.compile(rf"(?i)\A\s*(?:{_CANCELLED_WORDS})\s*[:：]")  # noqa: RUF001  # as written
MOST_DATES: Final = 20_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Extra:
    """A start that RDATE adds; `duration` where a PERIOD gives one of its own."""

    start: Moment
    duration: Duration | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """When one VEVENT is, and how it stands to others of its UID.

    Attributes:
        rules: none where none can be followed; of several RFC 5545 says SHOULD NOT (3.8.5.3), and
            the older RFC 2445 adds them up.
        recurring: it has a rule or RDATE that could be read.
        whole_days: DTSTART is a date.
        recurrence_id: which instance it replaces; None for a series or single event.
        this_and_future: RANGE=THISANDFUTURE.
        cancelled: the whole calendar is a cancellation.
        order: where it stands in the feed.
    """

    uid: str
    start: Moment
    duration: Duration
    whole_days: bool
    rules: tuple[Rule, ...] = ()
    extras: tuple[Extra, ...] = ()
    left_out: tuple[Moment, ...] = ()
    recurrence_id: Moment | None = None
    this_and_future: bool = False
    sequence: int = 0
    cancelled: bool = False
    order: int = 0
    block: Block
    when: "When"

    @property
    def replaces(self) -> Moment:
        """The original start that an override names; only overrides have one."""
        assert self.recurrence_id is not None  # noqa: S101  # as every caller has seen
        return self.recurrence_id

    @property
    def recurring(self) -> bool:
        """Whether it is a series."""
        return self.recurrence_id is None and bool(self.rules or self.extras)

    @property
    def title(self) -> str:
        """SUMMARY."""
        return self.when.text("SUMMARY")

    @property
    def organizer(self) -> str:
        """Whose it is, for telling versions of one event from different events."""
        found = self.when.one("ORGANIZER")
        return found.value.strip().casefold() if found else ""

    @property
    def modified(self) -> str:
        """LAST-MODIFIED as written."""
        return self.when.text("LAST-MODIFIED")

    @property
    def stamp(self) -> str:
        """DTSTAMP as written."""
        return self.when.text("DTSTAMP")

    @property
    def status(self) -> EventStatus:
        """STATUS; cancelled too by METHOD, and by the titles that Exchange writes."""
        given = self.when.text("STATUS").upper()
        if self.cancelled or given in {"CANCELLED", "CANCELED"}:
            return "CANCELLED"
        if _CANCELLED_TITLE.match(self.title):
            return "CANCELLED"
        return given if given in get_args(EventStatus) else "CONFIRMED"  # type: ignore[return-value]


class EventReader:
    """Reads the VEVENTs of one feed; collects what is wrong with each."""

    def __init__(self, feed: str) -> None:
        self.feed = feed
        self.problems: list[Problem] = []

    def read(
        self, block: Block, *, order: int, zone_of: ZoneOf, floating: Zone, method: str
    ) -> Event | None:
        """The event in a block, or None where it cannot be told when it is."""
        return _Reading(self, block, zone_of, floating).event(order, method)


class _Reading:
    """One VEVENT being read."""

    def __init__(self, reader: EventReader, block: Block, zone_of: ZoneOf, floating: Zone) -> None:
        self.reader = reader
        self.block = block
        self.zone_of = zone_of
        self.floating = floating
        self.uid = ""
        self.when = When(block)
        self.one = self.when.one
        self.uid = self.when.text("UID")

    def problem(self, message: str, line: int, severity: Severity = "error") -> None:
        self.reader.problems.append(
            Problem(
                file=self.reader.feed,
                line=line,
                field=self.uid[:200],
                message=message,
                severity=severity,
            )
        )

    def event(self, order: int, method: str) -> Event | None:
        block = self.block
        if not block.whole:
            self.problem("the event is cut off: its END:VEVENT is missing; left out", block.line)
            return None
        self._tell_doubles()
        start = self._start()
        if start is None:
            return None
        recurrence_id = self._moment("RECURRENCE-ID")
        start, duration = self._span(start)
        broken_rule = False
        rules: tuple[Rule, ...] = ()
        extras: tuple[Extra, ...] = ()
        if recurrence_id is None:
            rules, broken_rule = self._rules()
            extras = self._extras(start)
        return Event(
            uid=self.uid,
            start=start,
            duration=duration,
            whole_days=start.is_date,
            rules=() if broken_rule else rules,
            extras=extras,
            left_out=self._left_out(start),
            recurrence_id=recurrence_id,
            this_and_future=self._is_range(),
            sequence=self._sequence(),
            cancelled=method == "CANCEL",
            when=self.when,
            order=order,
            block=block,
        )

    def _tell_doubles(self) -> None:
        for name in ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "UID"):
            if not self.when.repeated(name):
                continue
            found = self.when.every(name)
            if len({(p.value.strip(), p.parameter("TZID")) for p in found}) > 1:
                message = f"{name} stands {len(found)} times; the first one counts"
                self.problem(message, found[1].line)

    def _start(self) -> Moment | None:
        found = self.one("DTSTART")
        if found is None:
            message = "the event has no DTSTART, so nobody can tell when it is; left out"
            self.problem(message, self.block.line)
            return None
        try:
            start = read_moment(found, self.zone_of, self.floating)
            _ = start.utc
        except (ValueFaultError, OverflowError) as fault:
            self.problem(f"DTSTART cannot be read: {fault}; the event is left out", found.line)
            return None
        return start

    def _moment(self, name: str) -> Moment | None:
        if (found := self.one(name)) is None:
            return None
        try:
            moment = read_moment(found, self.zone_of, self.floating)
            _ = moment.utc
        except (ValueFaultError, OverflowError) as fault:
            self.problem(f"{name} cannot be read: {fault}; it is passed over", found.line)
            return None
        return moment

    def _span(self, start: Moment) -> tuple[Moment, Duration]:
        if self.one("DTEND") is None and self.one("DURATION") is not None:
            return start, self._given_duration(start)
        end = self._moment("DTEND")
        if end is None:
            return start, Duration(days=1) if start.is_date else Duration()
        if end.floating and not start.is_date:
            end = _in_zone_of(end, start)
        if not start.is_date and self._fills_days(start, end):
            start, end = _as_date(start), _as_date(end)
        if start.is_date:
            return start, self._days_until(start, end)
        exact = end.zone.utc(end.local) - start.utc
        if exact < timedelta():
            self._tell_backwards()
            exact = timedelta()
        return start, Duration(exact=exact)

    def _fills_days(self, start: Moment, end: Moment) -> bool:
        """Exchange marks whole days so, and writes them from midnight to midnight."""
        return (
            self.when.text("X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE"
            and not start.in_utc
            and start.local.time() == end.local.time() == time()
            and end.local > start.local
        )

    def _days_until(self, start: Moment, end: Moment) -> Duration:
        days = (end.day - start.day).days
        if not end.is_date and end.local.time() != time():
            days += 1
        if days < 0:
            self._tell_backwards()
        return Duration(days=max(1, days))

    def _tell_backwards(self) -> None:
        found = self.one("DTEND") or self.one("DURATION")
        line = found.line if found else self.block.line
        self.problem("the event ends before it begins; its start counts, its end does not", line)

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
            self._tell_backwards()
            return nothing
        if start.is_date:
            whole = duration.days + -(-duration.exact // DAY)
            return Duration(days=max(1, whole))
        return duration

    def _rules(self) -> tuple[tuple[Rule, ...], bool]:
        rules: list[Rule] = []
        for found in self.when.every("RRULE"):
            try:
                rules.append(read_rule(found.value))
            except RuleError as error:
                message = f"RRULE cannot be followed: {error}; only the first time is shown"
                self.problem(message, found.line)
                return (), True
        for rule in rules:
            if rule.count is not None and rule.until is not None:
                message = "RRULE has both COUNT and UNTIL; whichever ends first counts"
                self.problem(message, self.when.every("RRULE")[0].line, "warning")
        if len(set(rules)) > 1:
            message = "RRULE stands more than once; the times of all of them are shown"
            self.problem(message, self.when.every("RRULE")[1].line, "warning")
        if self.when.every("EXRULE"):
            message = "EXRULE is no longer part of the standard; what it leaves out is shown"
            self.problem(message, self.when.every("EXRULE")[0].line)
        return tuple(dict.fromkeys(rules)), False

    def _extras(self, start: Moment) -> tuple[Extra, ...]:
        extras: list[Extra] = []
        for found in self.when.every("RDATE"):
            for piece in found.value.split(",")[:MOST_DATES]:
                if not piece.strip():
                    continue
                try:
                    extras.append(self._extra(found, piece, start))
                except (ValueFaultError, OverflowError) as fault:
                    message = f"RDATE cannot be read: {fault}; that date is passed over"
                    self.problem(message, found.line)
        return tuple(extras)

    def _extra(self, found: Property, piece: str, start: Moment) -> Extra:
        begin, slash, rest = piece.partition("/")
        moment = read_moment(found, self.zone_of, self.floating, value=begin)
        if moment.floating and not start.is_date:
            moment = _in_zone_of(moment, start)
        _ = moment.utc
        if not slash:
            return Extra(start=moment)
        if rest.strip().upper().lstrip("+-").startswith("P"):
            duration = read_duration(rest)
        else:
            end = read_moment(found, self.zone_of, self.floating, value=rest)
            if end.floating and not start.is_date:
                end = _in_zone_of(end, start)
            duration = Duration(exact=end.utc - moment.utc)
        if duration.negative:
            raise ValueFaultError("the period ends before it begins")
        return Extra(start=moment, duration=duration)

    def _left_out(self, start: Moment) -> tuple[Moment, ...]:
        moments: list[Moment] = []
        for found in self.when.every("EXDATE"):
            for piece in found.value.split(",")[:MOST_DATES]:
                if not piece.strip():
                    continue
                try:
                    moment = read_moment(found, self.zone_of, self.floating, value=piece)
                    moments.append(_in_zone_of(moment, start) if moment.floating else moment)
                    _ = moments[-1].utc
                except (ValueFaultError, OverflowError) as fault:
                    message = f"EXDATE cannot be read: {fault}; that date is passed over"
                    self.problem(message, found.line)
        return tuple(moments)

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


def _in_zone_of(moment: Moment, start: Moment) -> Moment:
    """A floating time beside a DTSTART in a zone means the same zone."""
    if start.is_date:
        return moment
    return Moment(
        local=moment.local,
        is_date=moment.is_date,
        zone=start.zone,
        zone_name=start.zone_name,
        in_utc=start.in_utc,
    )


def _as_date(moment: Moment) -> Moment:
    return Moment(local=datetime.combine(moment.day, time()), is_date=True, zone=moment.zone)


def outer_lines(block: Block) -> list[Line]:
    """The event's own lines, without those of alarms and other components inside it."""
    kept: list[Line] = []
    depth = 0
    for line in block.lines:
        head = line.content[:6].upper()
        if head == b"BEGIN:":
            depth += 1
        elif head[:4] == b"END:":
            depth -= 1
        elif depth <= 0:
            kept.append(line)
    return kept


class When:
    """The properties of a VEVENT that say when it is, each read when it is asked for."""

    def __init__(self, block: Block) -> None:
        self._lines: dict[str, list[Line]] = {}
        self._read: dict[str, list[Property]] = {}
        depth = 0
        for line in block.lines:
            named = _NAME.match(line.content)
            if named is None:
                continue
            name = named[1].upper()
            if name == b"BEGIN":
                depth += 1
            elif name == b"END":
                depth -= 1
            elif depth <= 0 and name in _WHEN:
                self._lines.setdefault(name.decode(), []).append(line)

    def every(self, name: str) -> list[Property]:
        """The properties of this name, as far as they can be read."""
        if name not in self._lines:
            return []
        if name not in self._read:
            read = (property_of(line) for line in self._lines[name])
            self._read[name] = [found for found in read if found is not None]
        return self._read[name]

    def one(self, name: str) -> Property | None:
        """The first property of this name."""
        found = self.every(name)
        return found[0] if found else None

    def text(self, name: str) -> str:
        """The first property of this name as text, or an empty one."""
        found = self.one(name)
        return found.text.strip() if found else ""

    def repeated(self, name: str) -> bool:
        """Whether it stands more than once."""
        return len(self._lines.get(name, ())) > 1
