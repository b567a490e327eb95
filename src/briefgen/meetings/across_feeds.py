"""Meetings that stand in several feeds: each once, in the newest version that any feed has.

A version is told by SEQUENCE, which counts what the organizer changes (RFC 5545, 3.8.7.4), and by
nothing else: DTSTAMP is in most published feeds the time of the export. The newest version counts
also where it has moved the meeting out of the window, so that it is looked for in all of each feed.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC
from zoneinfo import ZoneInfo

from briefgen.meetings.details import party_address
from briefgen.meetings.event import Event
from briefgen.meetings.feed_reader import FeedReader
from briefgen.meetings.fetch import FeedCopy
from briefgen.meetings.meeting import FeedReading, Meeting, Window, recurrence_text, utc_text

Said = tuple[FeedCopy, FeedReading]
"""A feed, and what it says of the window."""


@dataclass(slots=True)
class _Versions:
    """The SEQUENCE that a feed has of a series or single event, and of instances changed apart."""

    whole: int | None = None
    instances: dict[str, int] = field(default_factory=dict)


_Known = dict[tuple[str, str | None], _Versions]
"""By UID and organizer: an event of the same UID and another organizer is another event."""


def merged(feeds: Sequence[Said], *, window: Window, zone: ZoneInfo) -> list[Meeting]:
    """The meetings of several feeds, each once, in the order of the feeds.

    Of several versions the newest counts, and of equal ones that of the first feed. Equal versions
    at different times both stand, since nobody can tell which one is meant.
    """
    uids = {meeting.uid for _, reading in feeds for meeting in reading.meetings if meeting.uid}
    known = [
        _versions(FeedReader(copy.name, window, zone), copy.content or b"", uids)
        for copy, _ in feeds
    ]
    kept: list[Meeting] = []
    for number, (_, reading) in enumerate(feeds):
        others = [*known[:number], *known[number + 1 :]]
        current = (
            meeting
            for meeting in reading.meetings
            if not any(_is_superseded(meeting, known[number], other) for other in others)
        )
        kept = _with_more(kept, current)
    return kept


def _versions(reader: FeedReader, content: bytes, uids: AbstractSet[str]) -> _Known:
    """What a feed has of these UIDs, in the window or out of it."""
    known: _Known = {}
    for event in reader.events_of(content, uids):
        organizer = event.when.one("ORGANIZER")
        identity = event.uid, party_address(organizer) if organizer else None
        versions = known.setdefault(identity, _Versions())
        if event.recurrence_id is None:
            versions.whole = max(event.sequence, versions.whole or 0)
        else:
            instance = _instance(event)
            versions.instances[instance] = max(event.sequence, versions.instances.get(instance, 0))
    return known


def _instance(event: Event) -> str:
    moment = event.replaces
    return moment.day.isoformat() if moment.is_date else utc_text(moment.utc.replace(tzinfo=UTC))


def _is_superseded(meeting: Meeting, own: _Known, other: _Known) -> bool:
    """Whether another feed has a newer version of a meeting than its own feed.

    Instances are held against instances, and series against series, since an instance that was
    changed apart may well have a lower SEQUENCE than its series.
    """
    identity = meeting.uid, _organizer(meeting)
    if not meeting.uid or identity not in other:
        return False
    there = other[identity]
    instance = recurrence_text(meeting.recurrence_id)
    if instance is not None and there.instances.get(instance, -1) > meeting.sequence:
        return True
    here = own[identity].whole if identity in own else None
    return (
        here is not None
        and there.whole is not None
        and there.whole > here
        and there.whole > meeting.sequence
    )


def _with_more(known: Sequence[Meeting], added: Iterable[Meeting]) -> list[Meeting]:
    """The meetings of one more feed beside those known, without doubles."""
    there: dict[object, list[Meeting]] = {}
    for meeting in known:
        there.setdefault(_identity(meeting), []).append(meeting)
    kept: list[Meeting] = []
    superseded: set[int] = set()
    for meeting in added:
        rivals = there.get(_identity(meeting), []) if meeting.uid else []
        superseded.update(id(rival) for rival in rivals if rival.sequence < meeting.sequence)
        if not any(_covers(rival, meeting) for rival in rivals):
            kept.append(meeting)
    return [*(meeting for meeting in known if id(meeting) not in superseded), *kept]


def _identity(meeting: Meeting) -> object:
    """One meeting in several feeds: the same UID, instance and organizer."""
    return meeting.uid, meeting.recurrence_id, _organizer(meeting)


def _organizer(meeting: Meeting) -> str | None:
    return meeting.organizer.address if meeting.organizer else None


def _covers(known: Meeting, meeting: Meeting) -> bool:
    """Whether a known version makes another one superfluous."""
    if known.sequence != meeting.sequence:
        return known.sequence > meeting.sequence
    return known.start == meeting.start
