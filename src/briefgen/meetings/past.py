"""Past meetings, for the history: who was in the calendar when.

Of a large feed only the events are read that name one of the people asked for.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import field

from briefgen.meetings.calendar import read_feed
from briefgen.meetings.fetch import FeedCopy
from briefgen.meetings.meeting import Meeting, Participation, Window
from briefgen.workspace.value import Value

_SMALL: Final = 200_000
"""Bytes up to which a feed is simply read."""


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


def past_meetings(
    copies: Sequence[FeedCopy],
    *,
    addresses: AbstractSet[str],
    since: datetime,
    until: datetime,
    zone: ZoneInfo,
) -> tuple[PastMeeting, ...]:
    """The meetings from `since` to `until` that name one of `addresses`, each once, by start.

    Args:
        copies: the feeds.
        addresses: exact and case folded.
        since: the first moment that counts.
        until: the first moment that no longer counts.
        zone: the user's.

    Cancelled and all-day meetings are left out.
    """
    if not addresses or since >= until:
        return ()
    window = Window(start=since.astimezone(zone), end=until.astimezone(zone))
    found: dict[object, PastMeeting] = {}
    companies: dict[frozenset[str], frozenset[str]] = {}
    for number, copy in enumerate(copies):
        if copy.content is None or copy.use == "occasions":
            continue
        reading = read_feed(
            copy.content, feed=copy.name, window=window, zone=zone, small=_SMALL, naming=addresses
        )
        for place, meeting in enumerate(reading.meetings):
            past = _past(meeting, companies)
            if meeting.status == "CANCELLED" or meeting.all_day:
                continue
            if addresses.isdisjoint(past.addresses):
                continue
            key = meeting.key if meeting.uid else (number, place)
            if key not in found or found[key].sequence < past.sequence:
                found[key] = past
    return tuple(sorted(found.values(), key=lambda p: (p.start.astimezone(UTC), p.title, p.uid)))


def _past(meeting: Meeting, companies: dict[frozenset[str], frozenset[str]]) -> PastMeeting:
    """One meeting; those with the same people share one set of their addresses."""
    people = [*meeting.attendees, *((meeting.organizer,) if meeting.organizer else ())]
    addresses = frozenset([one.address for one in people if one.address])
    return PastMeeting(
        start=meeting.start,
        title=meeting.title,
        uid=meeting.uid,
        recurrence_id=meeting.recurrence_id,
        addresses=companies.setdefault(addresses, addresses),
        sequence=meeting.sequence,
        participation={one.address: one.participation for one in reversed(people) if one.address},
    )
