"""One VEVENT: its time (RFC 5545, 3.3.4 to 3.3.6, 3.3.9), and its other properties."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from typing import Final, get_args

from briefgen.meetings.content import (
    Block,
    Line,
    Property,
    property_of,
    without_entities,
)
from briefgen.meetings.markup import looks_like_html, plain_text
from briefgen.meetings.meeting import EventStatus
from briefgen.meetings.recurrence import Rule
from briefgen.meetings.rule_text import MOMENT, offset_of
from briefgen.meetings.zones import UTC_ZONE, KnownZone, Zone, ZoneScope
from briefgen.workspace.value import Value
from briefgen.workspace.zone_data import LONGEST_NAME

_DURATION = re.compile(
    r"([+-]?)P(?=.)(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:(?:T|(?=\d+H))(?=.)(?:(\d{1,8}(?:\.\d{1,3})?)H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?\Z",
    re.IGNORECASE,
)
DAY: Final = timedelta(days=1)
_EARLIEST: Final = datetime(1, 1, 3)  # noqa: DTZ001  # local, without a zone
_LATEST: Final = datetime(9999, 12, 29)  # noqa: DTZ001  # local, without a zone
"""Times beyond are taken as these, so that every zone can show them ("until 9999-12-31")."""
_KNOWN: Final = frozenset(
    {
        "ATTACH", "ATTENDEE", "CATEGORIES", "CLASS", "COLOR", "COMMENT", "CONFERENCE", "CONTACT",
        "CREATED", "DESCRIPTION", "DTEND", "DTSTAMP", "DTSTART", "DURATION", "EXDATE", "EXRULE",
        "GEO", "IMAGE", "LAST-MODIFIED", "LOCATION", "NAME", "ORGANIZER", "PRIORITY", "RDATE",
        "RECURRENCE-ID", "REFRESH-INTERVAL", "RELATED-TO", "REQUEST-STATUS", "RESOURCES", "RRULE",
        "SEQUENCE", "SOURCE", "STATUS", "STRUCTURED-DATA", "STYLED-DESCRIPTION", "SUMMARY",
        "TRANSP", "UID", "URL", "ACKNOWLEDGED", "CONCEPT", "LINK", "REFID",
    }
)  # fmt: skip
_JOINABLE: Final = frozenset({"DESCRIPTION", "SUMMARY", "LOCATION", "COMMENT", "X-ALT-DESC"})
"""Texts that may continue on a line that is no property."""
_NAME = re.compile(rb"\s*([A-Za-z0-9-]+)\s*[;:]")
_BEFORE_TITLE = re.compile(r"\A\s*[\[(【（]?([^:：\])】）]{2,20}?)\s*[:：\])】）]")  # noqa: RUF001  # as written


@cache
def _cancelled_words() -> frozenset[str]:
    """What programs write before the title of a cancelled meeting, in many languages."""
    from briefgen.workspace.built_in import read_built_in  # noqa: PLC0415  # rarely needed

    return frozenset(map(_folded, read_built_in("meetings/words.yaml")["cancelled"]))


def _folded(word: str) -> str:
    """A word without case; Turkish `İ` is `i`, and not `i` with a second dot."""
    return word.casefold().replace("\u0307", "")


class ValueFaultError(ValueError):
    """A value that cannot be read; the message says why, for the user."""


class Moment(Value, frozen=True, kw_only=True):
    """A date, or a time in a zone.

    Attributes:
        local: as written; midnight for a date.
        is_date: whether it is a date.
        zone: the zone of `local`.
        zone_name: the TZID, "UTC", or "" for a floating time.
        in_utc: written with Z.
    """

    local: datetime
    is_date: bool
    zone: Zone
    zone_name: str = ""
    in_utc: bool = False

    @property
    def day(self) -> date:
        """Its local date."""
        return self.local.date()

    @property
    def utc(self) -> datetime:
        """The instant, naive, in UTC."""
        return self.zone.utc(self.local)

    @property
    def floating(self) -> bool:
        """A time without any zone (3.3.5, form 1)."""
        return not self.is_date and not self.zone_name

    def in_zone_of(self, other: "Moment") -> "Moment":
        """The same local time in another one's zone."""
        return self.replace(zone=other.zone, zone_name=other.zone_name, in_utc=other.in_utc)


class Duration(Value, frozen=True, kw_only=True):
    """A nominal part in days and an exact part (3.3.6)."""

    days: int = 0
    exact: timedelta = timedelta()

    @property
    def negative(self) -> bool:
        """Whether it goes back in time."""
        return timedelta(days=self.days) + self.exact < timedelta()

    def after(self, local: datetime, zone: Zone) -> datetime:
        """The instant this long after a local time: days by calendar, the rest by clock."""
        return zone.utc(local + timedelta(days=self.days)) + self.exact


def looks_like_moment(value: str) -> bool:
    """Whether this is a date or time, and not a line of someone's text."""
    return MOMENT.match(value.strip().strip('"')) is not None


def has_time_of_day(value: str) -> bool:
    """Whether a date or time has a time of day other than midnight."""
    given = MOMENT.match(value.strip())
    return given is not None and bool(given[4]) and {given[4], given[5], given[6] or "00"} != {"00"}


def read_moment(
    found: Property, scope: ZoneScope, *, value: str | None = None, timed: bool = False
) -> Moment:
    """A DATE or DATE-TIME; eight digits are always a date, and Z wins over TZID.

    With `timed`, midnight is a time even if VALUE=DATE says otherwise.

    Raises:
        ValueFaultError: if it is neither.
    """
    text = (found.value if value is None else value).strip().strip('"')
    given = MOMENT.match(text)
    if not given:
        raise ValueFaultError(f"'{text[:40]}' is neither a date nor a time")
    try:
        day = date(int(given[1]), int(given[2]), int(given[3]))
        clock = _clock(given[4], given[5], given[6])
        as_date = not timed and found.parameter("VALUE").upper() == "DATE" and clock == time()
        if clock is None or as_date:
            local = min(max(datetime.combine(day, time()), _EARLIEST), _LATEST)
            return Moment(local=local, is_date=True, zone=scope.floating)
        local = datetime.combine(day, clock)
        if given[4] == "24":
            local += DAY
        local = min(max(local, _EARLIEST), _LATEST)
        return _in_zone(local, given[7] or "", found, scope)
    except (ValueError, OverflowError):
        raise ValueFaultError(f"'{text[:40]}' is no date or time there is") from None


def _clock(hour: str | None, minute: str, second: str | None) -> time | None:
    if hour is None:
        return None
    if hour == "24" and int(minute) == 0 and int(second or 0) == 0:
        return time()
    return time(int(hour), int(minute), min(59, int(second or 0)))


def _in_zone(local: datetime, suffix: str, found: Property, scope: ZoneScope) -> Moment:
    if suffix in {"Z", "z"}:
        return Moment(local=local, is_date=False, zone=UTC_ZONE, zone_name="UTC", in_utc=True)
    if suffix:
        zone: Zone = KnownZone(timezone(offset_of(suffix)))
        return Moment(local=local, is_date=False, zone=zone, zone_name=suffix)
    name = found.parameter("TZID")
    if not name:
        return Moment(local=local, is_date=False, zone=scope.floating)
    name = name[:LONGEST_NAME]
    zone = scope.zone_of(name, found.line)
    return Moment(local=local, is_date=False, zone=zone, zone_name=name)


def read_duration(text: str) -> Duration:
    """A DURATION (3.3.6): weeks and days are nominal, the rest exact.

    Raises:
        ValueFaultError: if it is none.
    """
    found = _DURATION.match(text.strip())
    if not found:
        raise ValueFaultError(f"'{text.strip()[:40]}' is no duration like PT1H")
    sign = -1 if found[1] == "-" else 1
    weeks, days, minutes, seconds = (int(found[n] or 0) for n in (2, 3, 5, 6))
    exact = timedelta(hours=float(found[4] or 0), minutes=minutes, seconds=seconds)
    return Duration(days=sign * (weeks * 7 + days), exact=sign * exact)


class Extra(Value, frozen=True, kw_only=True):
    """A start added by RDATE; `duration` if it is a PERIOD with its own."""

    start: Moment
    duration: Duration | None = None


class Event(Value, frozen=True, kw_only=True):
    """When one VEVENT takes place, and how it relates to others with its UID.

    Attributes:
        rules: empty if none can be followed; several SHOULD NOT occur (RFC 5545, 3.8.5.3), and the
            older RFC 2445 adds up their times.
        left_out_rules: EXRULE, which only the older RFC 2445 has.
        recurring: it has a rule or RDATE that could be read.
        whole_days: DTSTART is a date.
        recurrence_id: which instance it replaces; None for a series or single event.
        this_and_future: RANGE=THISANDFUTURE.
        method: METHOD of its calendar (RFC 5546), upper case; an empty text where it has none.
        order: its position in the feed.
    """

    uid: str
    start: Moment
    duration: Duration
    whole_days: bool
    rules: tuple[Rule, ...] = ()
    extras: tuple[Extra, ...] = ()
    left_out: tuple[Moment, ...] = ()
    left_out_rules: tuple[Rule, ...] = ()
    recurrence_id: Moment | None = None
    this_and_future: bool = False
    sequence: int = 0
    method: str = ""
    order: int = 0
    block: Block
    when: "Properties"

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
        """SUMMARY, without HTML."""
        title = without_entities(self.when.text("SUMMARY"))
        return plain_text(title) if "</" in title and looks_like_html(title) else title

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
        """STATUS; METHOD:CANCEL and the titles that Exchange writes count as cancelled too."""
        given = self.when.text("STATUS").upper()
        if self.method == "CANCEL" or given in {"CANCELLED", "CANCELED"}:
            return "CANCELLED"
        if self._is_called_off_by_title(given):
            return "CANCELLED"
        return given if given in get_args(EventStatus) else "CONFIRMED"  # type: ignore[return-value]

    def _is_called_off_by_title(self, status: str) -> bool:
        """Whether the title begins with "Canceled: …" or "[Canceled] …", and the time is free.

        Exchange leaves STATUS:CONFIRMED on a cancelled meeting, and marks its time as free.
        """
        before = _BEFORE_TITLE.match(self.title)
        if before is None or _folded(before[1]) not in _cancelled_words():
            return False
        busy = self.when.text("X-MICROSOFT-CDO-BUSYSTATUS").upper()
        free = busy == "FREE" or self.when.text("TRANSP").upper() == "TRANSPARENT"
        return free or status not in get_args(EventStatus)


class Properties:
    """The properties of a VEVENT by name, each parsed on first use.

    Attributes:
        faults: lines that are no property, with their numbers; after a text they continue it.
        triggers: those of alarms.
    """

    def __init__(self, block: Block) -> None:
        self._lines: dict[str, list[Line]] = {}
        self._read: dict[str, list[Property]] = {}
        self.faults: list[tuple[int, str]] = []
        self.triggers: list[Line] = []
        depth = 0
        text = ""
        for line in block.lines:
            named = _NAME.match(line.content)
            name = named[1].decode().upper() if named else ""
            if name in {"BEGIN", "END"}:
                depth += 1 if name == "BEGIN" else -1
            elif depth > 0:
                if name == "TRIGGER":
                    self.triggers.append(line)
            elif name and (not text or name in _KNOWN or name.startswith("X-")):
                text = name if name in _JOINABLE else ""
                self._lines.setdefault(name, []).append(line)
            elif text:
                whole = self._lines[text]
                whole[-1] = Line(whole[-1].number, whole[-1].content + b"\\n" + line.content)
                self._fault(line, f"a line break inside {text}; the line is joined to it")
            else:
                self._fault(line, "a line that is no `NAME:value`; it is passed over")

    def _fault(self, line: Line, message: str) -> None:
        self.faults.append((line.number, message))

    def lines(self, name: str) -> Sequence[Line]:
        """The lines of this name as written."""
        return self._lines.get(name, ())

    def every(self, name: str) -> Sequence[Property]:
        """The readable properties of this name."""
        if name not in self._lines:
            return ()
        if name not in self._read:
            read = map(property_of, self._lines[name])
            self._read[name] = [found for found in read if found is not None]
        return self._read[name]

    def one(self, name: str) -> Property | None:
        """The first property of this name."""
        found = self.every(name)
        return found[0] if found else None

    def text(self, name: str) -> str:
        """The first property of this name as text, or an empty one."""
        if name not in self._lines:
            return ""
        found = self.one(name)
        return found.text.strip() if found else ""

    def repeated(self, name: str) -> bool:
        """Whether there are several of this name."""
        return len(self.lines(name)) > 1
