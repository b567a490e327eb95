"""All feeds as one calendar: merged without doubles, by start."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from briefgen.meetings.fetching import FeedCopy
from briefgen.meetings.meeting import Meeting, Window
from briefgen.meetings.reading import FeedReading, read_feed
from briefgen.meetings.remembered import read_or_remember
from briefgen.problems import Problem, in_order


@dataclass(frozen=True, kw_only=True)
class CalendarReading:
    """What all feeds say of a window.

    Attributes:
        meetings: each once, by start; cancelled and declined ones too, with their status.
        problems: of fetching and of reading.
        as_of: the oldest time from which a last good copy had to serve; None where none had to.
    """

    meetings: tuple[Meeting, ...] = ()
    problems: tuple[Problem, ...] = ()
    as_of: datetime | None = None


def read_calendar(copies: Sequence[FeedCopy], *, window: Window, zone: ZoneInfo) -> CalendarReading:
    """The meetings of all feeds that start in the window.

    A meeting that stands in two feeds comes once: its newest version (SEQUENCE), or, of equal
    ones, that of the first feed. Equal versions at different times both stand.
    """
    problems: list[Problem] = []
    meetings: list[Meeting] = []
    for copy in copies:
        problems += copy.problems
        if copy.content is None:
            continue
        reading = read_copy(copy, copy.content, window=window, zone=zone)
        problems += reading.problems
        meetings = _merged(meetings, reading.meetings)
    ages = [copy.as_of for copy in copies if copy.as_of is not None]
    return CalendarReading(
        meetings=tuple(sorted(meetings, key=_order)),
        problems=in_order(problems),
        as_of=min(ages, default=None),
    )


def _merged(known: Sequence[Meeting], added: Sequence[Meeting]) -> list[Meeting]:
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
    organizer = meeting.organizer.address if meeting.organizer else None
    return meeting.uid, meeting.recurrence_id, organizer


def _covers(known: Meeting, meeting: Meeting) -> bool:
    """Whether a known version makes another one superfluous."""
    if known.sequence != meeting.sequence:
        return known.sequence > meeting.sequence
    return known.start == meeting.start


def read_copy(copy: FeedCopy, content: bytes, *, window: Window, zone: ZoneInfo) -> FeedReading:
    """What one feed says of a window, remembered where it has a folder for that."""
    if copy.index_folder is None:
        return read_feed(content, feed=copy.name, window=window, zone=zone)
    return read_or_remember(
        content,
        feed=copy.name,
        window=window,
        zone=zone,
        digest=copy.digest,
        folder=copy.index_folder,
    )


def _order(meeting: Meeting) -> tuple[datetime, datetime, str, str]:
    return (
        meeting.start.astimezone(UTC),
        meeting.end.astimezone(UTC),
        meeting.title,
        meeting.uid,
    )
