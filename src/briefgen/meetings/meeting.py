"""A meeting: one occurrence of a VEVENT (RFC 5545, 3.6.1)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import field

from briefgen.workspace.problems import Problem
from briefgen.workspace.value import Value

EventStatus = Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]
Participation = Literal[
    "NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED", "COMPLETED", "IN-PROCESS"
]
Kind = Literal["INDIVIDUAL", "GROUP", "RESOURCE", "ROOM", "UNKNOWN"]


class Attendee(Value, frozen=True, kw_only=True):
    """A party named in the feed: an ATTENDEE or the ORGANIZER (RFC 5545, 3.8.4.1 and 3.8.4.3).

    Attributes:
        name: CN decoded, or an empty text.
        address: the exact usable e-mail address, case folded; None if the feed has none.
        role: ROLE (3.2.16), upper case.
        participation: PARTSTAT (3.2.12).
        kind: CUTYPE (3.2.3).
    """

    name: str = ""
    address: str | None = None
    role: str = "REQ-PARTICIPANT"
    participation: Participation = "NEEDS-ACTION"
    kind: Kind = "INDIVIDUAL"


class Meeting(Value, frozen=True, kw_only=True):
    """One occurrence of an event.

    `start` and `end` are aware, in the user's zone; an all-day meeting runs from midnight to the
    midnight after its last day.

    Attributes:
        feed: the name of the feed it came from.
        uid: UID; empty if the feed has none.
        recurrence_id: the original start of an instance of a series: an aware UTC datetime, or a
            date for all-day series; None for a single event.
        zone: the TZID as written, or "UTC", or "" for floating times.
        description: DESCRIPTION as plain text, join blocks and footers still in it.
        join_link: the address of the online meeting, or None.
        classification: CLASS, upper case: PUBLIC, PRIVATE or CONFIDENTIAL.
        transparent: TRANSP:TRANSPARENT, or a busy status of FREE.
        tentative: STATUS:TENTATIVE, or a busy status of TENTATIVE.
        replaced: the start it had before an override moved it; None if it was not moved.
        stamp: DTSTAMP as the feed writes it, or "".
        line: the line of BEGIN:VEVENT in the feed, if known.
    """

    feed: str
    uid: str
    recurrence_id: datetime | date | None = None
    start: datetime
    end: datetime
    all_day: bool = False
    zone: str = ""
    title: str = ""
    description: str = ""
    place: str = ""
    join_link: str | None = None
    url: str | None = None
    status: EventStatus = "CONFIRMED"
    classification: str = "PUBLIC"
    transparent: bool = False
    tentative: bool = False
    categories: tuple[str, ...] = ()
    organizer: Attendee | None = None
    attendees: tuple[Attendee, ...] = ()
    attendees_left_out: int = 0
    sequence: int = 0
    replaced: datetime | None = None
    stamp: str = ""
    line: int | None = None

    @property
    def key(self) -> tuple[str, str | None, str]:
        """What distinguishes this meeting from every other: UID, recurrence id, start in UTC."""
        return (self.uid, recurrence_text(self.recurrence_id), utc_text(self.start))

    def order(self) -> tuple[datetime, datetime, str, str]:
        """The key by which meetings are sorted."""
        return self.start.astimezone(UTC), self.end.astimezone(UTC), self.title, self.uid

    @property
    def day(self) -> date:
        """The user's day on which it starts; it belongs to this day."""
        return self.start.date()


def utc_text(moment: datetime) -> str:
    """An aware time as `YYYY-MM-DDTHH:MM:SSZ`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def recurrence_text(recurrence_id: datetime | date | None) -> str | None:
    """A recurrence id as reports write it: UTC, or a date, or None."""
    if isinstance(recurrence_id, datetime):
        return utc_text(recurrence_id)
    return recurrence_id.isoformat() if recurrence_id else None


class Window(Value, frozen=True, kw_only=True):
    """A half-open span of time in the user's zone; a meeting is in it by its start."""

    start: datetime
    end: datetime

    @classmethod
    def of_days(cls, first: date, days: int, zone: ZoneInfo) -> "Window":
        """`days` whole days from `first` on."""
        return cls(
            start=datetime.combine(first, time(), zone),
            end=datetime.combine(first + timedelta(days=days), time(), zone),
        )

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    @property
    def zone(self) -> ZoneInfo:
        """The user's zone."""
        zone = self.start.tzinfo
        assert isinstance(zone, ZoneInfo)  # noqa: S101  # windows are made in the user's zone
        return zone

    @property
    def days(self) -> tuple[date, ...]:
        """Every day it touches."""
        last = (self.end - timedelta(microseconds=1)).date()
        count = (last - self.start.date()).days + 1
        return tuple(self.start.date() + timedelta(days=n) for n in range(count))


class FeedReading(Value, frozen=True, kw_only=True):
    """A feed's meetings in a window.

    Attributes:
        meetings: every occurrence that starts in the window, by start.
        problems: what could not be read, with UID and line.
        is_calendar: whether there was a calendar at all.
    """

    meetings: tuple[Meeting, ...] = ()
    problems: tuple[Problem, ...] = ()
    is_calendar: bool = True


class PastMeeting(Value, frozen=True, kw_only=True):
    """A past entry in the calendar.

    Attributes:
        start: in the user's zone.
        addresses: the exact addresses of everyone named in it.
        participation: what each address answered.
    """

    start: datetime
    title: str = ""
    uid: str = ""
    recurrence_id: datetime | date | None = None
    addresses: frozenset[str] = frozenset()
    sequence: int = 0
    participation: Mapping[str, Participation] = field(default_factory=dict)
