"""Feeds to meetings: every occurrence in a window, merged without duplicates, and what is wrong.

For the history the past is read too, but only events that name one of the given people.

The result for a large feed is cached until its bytes change, since most runs find the calendar
unchanged.
"""

import gc
import hashlib
import json
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from msgspec import to_builtins

from briefgen import __version__
from briefgen.meetings.fetch import FeedCopy
from briefgen.meetings.meeting import (
    Attendee,
    FeedReading,
    Meeting,
    PastMeeting,
    Window,
    recurrence_text,
    utc_text,
)
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.problems import Problem, in_order, kept_problem
from briefgen.workspace.value import Value
from briefgen.workspace.zone_data import zone_data

if TYPE_CHECKING:
    from briefgen.meetings.event import Event
    from briefgen.meetings.feed_reader import FeedReader

SMALL: Final = 1_000_000
"""Bytes up to which a feed is read whole, so that all its problems are reported."""
WORTH_REMEMBERING: Final = 1_000_000
"""Size from which a feed takes longer to read than its cached result."""
_SMALL_PAST: Final = 200_000
"""The same for the past, whose problems are not reported."""
_FORMAT: Final = 3
_MOST_KEPT: Final = 40
_TIMES: Final = ("start", "end", "replaced")


class CalendarReading(Value, frozen=True, kw_only=True):
    """What all feeds contain for a window.

    Attributes:
        meetings: each once, by start; cancelled and declined ones too, with their status.
        problems: of fetching and of reading.
        as_of: the oldest time of a last good copy that was used; None if none was needed.
        occasions: events of feeds with `use: occasions`, by start; they get no briefs.
    """

    meetings: tuple[Meeting, ...] = ()
    problems: tuple[Problem, ...] = ()
    as_of: datetime | None = None
    occasions: tuple[Meeting, ...] = ()


def read_calendar(copies: Sequence[FeedCopy], *, window: Window, zone: ZoneInfo) -> CalendarReading:
    """The meetings of all feeds that start in the window.

    A meeting in two feeds is listed once, in its newest version, even if that one moved it.
    """
    said = [
        (copy, read_copy(copy, window=window, zone=zone))
        for copy in copies
        if copy.content is not None
    ]
    meetings = _merged([one for one in said if one[0].use == "meetings"], window, zone)
    occasions = (
        meeting for copy, reading in said if copy.use == "occasions" for meeting in reading.meetings
    )
    problems = [problem for copy in copies for problem in copy.problems]
    problems += [problem for _, reading in said for problem in reading.problems]
    ages = [copy.as_of for copy in copies if copy.as_of is not None]
    return CalendarReading(
        meetings=tuple(sorted(meetings, key=Meeting.order)),
        problems=in_order(problems),
        as_of=min(ages, default=None),
        occasions=tuple(sorted(occasions, key=Meeting.order)),
    )


def read_copy(copy: FeedCopy, *, window: Window, zone: ZoneInfo) -> FeedReading:
    """One feed's meetings in a window; for a large feed the result is cached by its digest."""
    content = copy.content or b""
    if copy.index_folder is None or len(content) < WORTH_REMEMBERING or not copy.digest:
        return read_feed(content, feed=copy.name, window=window, zone=zone)
    path = copy.index_folder / f"{_key(copy, window, zone)}.reading"
    if (remembered := _remembered(path, zone)) is not None:
        return remembered
    reading = read_feed(content, feed=copy.name, window=window, zone=zone)
    with suppress(OSError):  # the cache only saves time
        write_whole(path, json.dumps(_written(reading)).encode())
        _forget_old(copy.index_folder)
    return reading


_Said = tuple[FeedCopy, FeedReading]
"""A feed, and its meetings in the window."""


_Known = dict[tuple[str, str | None, str | None], int]
"""The highest SEQUENCE by UID, organizer, and changed instance or None; an event of the same UID
and another organizer is another event."""


def _merged(feeds: Sequence[_Said], window: Window, zone: ZoneInfo) -> list[Meeting]:
    """The meetings of several feeds, each once, in the order of the feeds.

    The newer version is the one with the higher SEQUENCE, which counts the organizer's changes
    (RFC 5545, 3.8.7.4). DTSTAMP does not decide: in most published feeds it is the time of the
    export. The newest version counts even if it moved the meeting out of the window, so each feed
    is searched as a whole; between equal versions the first feed wins. Equal versions at different
    times are both shown, since either may be right.
    """
    if len(feeds) < 2:  # noqa: PLR2004  # nothing to merge
        return [meeting for _, reading in feeds for meeting in reading.meetings]
    from briefgen.meetings.feed_reader import FeedReader  # noqa: PLC0415  # slow to import

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


def _versions(reader: "FeedReader", content: bytes, uids: AbstractSet[str]) -> _Known:
    """The versions of these UIDs in a feed, inside and outside the window."""
    from briefgen.meetings.details import party_address  # noqa: PLC0415  # comes with the reader

    known: _Known = {}
    for event in reader.events_of(content, uids):
        organizer = event.when.one("ORGANIZER")
        instance = _instance(event) if event.recurrence_id is not None else None
        identity = event.uid, party_address(organizer) if organizer else None, instance
        known[identity] = max(event.sequence, known.get(identity, 0))
    return known


def _instance(event: "Event") -> str:
    moment = event.replaces
    return moment.day.isoformat() if moment.is_date else utc_text(moment.utc.replace(tzinfo=UTC))


def _is_superseded(meeting: Meeting, own: _Known, other: _Known) -> bool:
    """Whether another feed has a newer version of a meeting than its own feed.

    Instances are compared with instances and series with series, since a changed instance can have
    a lower SEQUENCE than its series.
    """
    if not meeting.uid:
        return False
    identity = meeting.uid, _organizer(meeting)
    instance = recurrence_text(meeting.recurrence_id)
    if instance is not None and other.get((*identity, instance), -1) > meeting.sequence:
        return True
    here, there = own.get((*identity, None)), other.get((*identity, None))
    return here is not None and there is not None and there > max(here, meeting.sequence)


def _with_more(known: Sequence[Meeting], added: Iterable[Meeting]) -> list[Meeting]:
    """The known meetings with those of one more feed, without duplicates."""
    there: dict[object, list[Meeting]] = {}
    for meeting in known:
        there.setdefault(_identity(meeting), []).append(meeting)
    kept: list[Meeting] = []
    superseded: set[int] = set()
    for meeting in added:
        rivals = there.get(_identity(meeting), []) if meeting.uid else []
        superseded.update(id(rival) for rival in rivals if rival.sequence < meeting.sequence)
        if not any(
            rival.sequence > meeting.sequence
            or (rival.sequence == meeting.sequence and rival.start == meeting.start)
            for rival in rivals
        ):
            kept.append(meeting)
    return [*(meeting for meeting in known if id(meeting) not in superseded), *kept]


def _identity(meeting: Meeting) -> object:
    """One meeting in several feeds: the same UID, instance and organizer."""
    return meeting.uid, meeting.recurrence_id, _organizer(meeting)


def _organizer(meeting: Meeting) -> str | None:
    return meeting.organizer.address if meeting.organizer else None


def read_feed(
    content: bytes,
    *,
    feed: str,
    window: Window,
    zone: ZoneInfo,
    small: int = SMALL,
    naming: AbstractSet[str] = frozenset(),
) -> FeedReading:
    """Every occurrence of a feed that starts in the window.

    Args:
        content: the feed's bytes.
        feed: its name, for meetings and problems.
        window: which starts count.
        zone: the user's; floating times and unknown zones are read in it.
        small: size up to which all of a feed is read; of a larger one only what can matter.
        naming: addresses; in a larger feed, events that name none of them may be skipped.
    """
    # Imported late: a run whose feeds have not changed finds its results in the cache.
    from briefgen.meetings.feed_reader import FeedReader  # noqa: PLC0415  # see above

    reader = FeedReader(feed, window, zone)
    if len(content) <= small or not gc.isenabled():
        return reader.read_bytes(content, small=small, naming=naming)
    gc.disable()  # nothing here refers to itself; the search for it takes up to 40 % of the time
    try:
        return reader.read_bytes(content, small=small, naming=naming)
    finally:
        gc.enable()


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
            copy.content,
            feed=copy.name,
            window=window,
            zone=zone,
            small=_SMALL_PAST,
            naming=addresses,
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
    """One past meeting; meetings with the same people share one set of addresses."""
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


def _key(copy: FeedCopy, window: Window, zone: ZoneInfo) -> str:
    """A hash of everything the result depends on, including the code and the zone rules."""
    window_text = f"{utc_text(window.start)}/{utc_text(window.end)}"
    code = (str(_FORMAT), __version__, zone_data().used)
    parts = (*code, copy.digest, copy.name, window_text, zone.key)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _forget_old(folder: Path) -> None:
    known = sorted(folder.glob("*.reading"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in known[_MOST_KEPT:]:
        path.unlink(missing_ok=True)


def _written(reading: FeedReading) -> dict[str, Any]:
    return {
        "meetings": to_builtins(reading.meetings),
        "problems": [problem.as_kept() for problem in reading.problems],
        "is_calendar": reading.is_calendar,
    }


def _remembered(path: Path, zone: ZoneInfo) -> FeedReading | None:
    """The cached result; None if there is none, or it is damaged."""
    try:
        given = json.loads(path.read_bytes())
        return FeedReading(
            meetings=tuple(_meeting(one, zone) for one in given["meetings"]),
            problems=tuple(map(kept_problem, given["problems"])),
            is_calendar=given["is_calendar"],
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _meeting(given: dict[str, Any], zone: ZoneInfo) -> Meeting:
    for name in _TIMES:
        if given[name]:
            given[name] = datetime.fromisoformat(given[name]).astimezone(zone)
    if (original := given["recurrence_id"]) is not None:
        whole_day = len(original) == len("2026-11-23")
        given["recurrence_id"] = (
            date.fromisoformat(original) if whole_day else datetime.fromisoformat(original)
        )
    if given["organizer"]:
        given["organizer"] = Attendee(**given["organizer"])
    given["attendees"] = tuple(Attendee(**one) for one in given["attendees"])
    given["categories"] = tuple(given["categories"])
    return Meeting(**given)
