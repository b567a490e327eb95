"""Past meetings, for the history: when something stood in the calendar with whom."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from briefgen.meetings.calendar import read_calendar
from briefgen.meetings.fetching import FeedCopy
from briefgen.meetings.meeting import Meeting, Participation, Window


@dataclass(frozen=True, kw_only=True)
class PastMeeting:
    """Something that stood in the calendar.

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


def past_meetings(
    copies: Sequence[FeedCopy],
    *,
    addresses: AbstractSet[str],
    since: datetime,
    until: datetime,
    zone: ZoneInfo,
    cache: Path,  # noqa: ARG001  # the index comes to lie there
) -> tuple[PastMeeting, ...]:
    """The meetings from `since` to `until` that name one of `addresses`, by start.

    Cancelled ones are left out.
    """
    window = Window(start=since, end=until)
    reading = read_calendar(copies, window=window, zone=zone)
    past = (_past(meeting) for meeting in reading.meetings if meeting.status != "CANCELLED")
    return tuple(one for one in past if not addresses.isdisjoint(one.addresses))


def _past(meeting: Meeting) -> PastMeeting:
    people = [*meeting.attendees, *((meeting.organizer,) if meeting.organizer else ())]
    return PastMeeting(
        start=meeting.start,
        title=meeting.title,
        uid=meeting.uid,
        recurrence_id=meeting.recurrence_id,
        addresses=frozenset(one.address for one in people if one.address),
        sequence=meeting.sequence,
        participation={one.address: one.participation for one in reversed(people) if one.address},
    )
