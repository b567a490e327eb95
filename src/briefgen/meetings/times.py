"""Dates, times and durations of a feed (RFC 5545, 3.3.4 to 3.3.6, 3.3.9) and what they mean."""

import re
from datetime import date, datetime, time, timedelta, timezone
from typing import Final

from briefgen.meetings.content import Property
from briefgen.meetings.zones import UTC_ZONE, KnownZone, Zone, ZoneScope
from briefgen.workspace.value import Value
from briefgen.workspace.zone_data import LONGEST_NAME

_MOMENT = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?\Z",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"([+-]?)P(?=.)(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:(?:T|(?=\d+H))(?=.)(?:(\d{1,8}(?:\.\d{1,3})?)H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?\Z",
    re.IGNORECASE,
)
DAY: Final = timedelta(days=1)
_EARLIEST: Final = datetime(1, 1, 3)  # noqa: DTZ001  # local, without a zone
_LATEST: Final = datetime(9999, 12, 29)  # noqa: DTZ001  # local, without a zone
"""Times beyond are taken as these, so that every zone can show them ("until 9999-12-31")."""


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
        """The instant this long after a local time: days by the calendar, the rest by the clock."""
        return zone.utc(local + timedelta(days=self.days)) + self.exact


def looks_like_moment(value: str) -> bool:
    """Whether this is a date or time, and not part of somebody's text."""
    return _MOMENT.match(value.strip().strip('"')) is not None


def has_time_of_day(value: str) -> bool:
    """Whether a date or time as written is another time than midnight."""
    given = _MOMENT.match(value.strip())
    return given is not None and bool(given[4]) and {given[4], given[5], given[6] or "00"} != {"00"}


def read_moment(
    found: Property, scope: ZoneScope, *, value: str | None = None, timed: bool = False
) -> Moment:
    """A DATE or DATE-TIME; eight digits are always a date, and Z wins over TZID.

    With `timed` a midnight is a time, also where VALUE=DATE says otherwise.

    Raises:
        ValueFaultError: where it is neither.
    """
    text = (found.value if value is None else value).strip().strip('"')
    given = _MOMENT.match(text)
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
        size = timedelta(hours=int(suffix[1:3]), minutes=int(suffix[-2:]))
        zone: Zone = KnownZone(timezone(size if suffix[0] == "+" else -size))
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
        ValueFaultError: where it is none.
    """
    found = _DURATION.match(text.strip())
    if not found:
        raise ValueFaultError(f"'{text.strip()[:40]}' is no duration like PT1H")
    sign = -1 if found[1] == "-" else 1
    weeks, days, minutes, seconds = (int(found[n] or 0) for n in (2, 3, 5, 6))
    exact = timedelta(hours=float(found[4] or 0), minutes=minutes, seconds=seconds)
    return Duration(days=sign * (weeks * 7 + days), exact=sign * exact)
