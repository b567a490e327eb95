"""All feeds as one calendar: merged without doubles, by start."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from briefgen.meetings.fetching import FeedCopy
from briefgen.meetings.meeting import Meeting, Window
from briefgen.meetings.reading import read_feed
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

    A meeting that stands in two feeds comes once: the newest version, or that of the first feed.
    """
    problems: list[Problem] = []
    merged: dict[object, Meeting] = {}
    for number, copy in enumerate(copies):
        problems += copy.problems
        if copy.content is None:
            continue
        reading = read_feed(copy.content, feed=copy.name, window=window, zone=zone)
        problems += reading.problems
        for place, meeting in enumerate(reading.meetings):
            key = meeting.key if meeting.uid else (number, place)
            there = merged.get(key)
            if there is None or (there.feed != meeting.feed and there.sequence < meeting.sequence):
                merged[key] = meeting
            elif there.feed == meeting.feed:
                merged[number, place] = meeting
    ages = [copy.as_of for copy in copies if copy.as_of is not None]
    return CalendarReading(
        meetings=tuple(sorted(merged.values(), key=_order)),
        problems=in_order(problems),
        as_of=min(ages, default=None),
    )


def _order(meeting: Meeting) -> tuple[datetime, datetime, str, str]:
    return (
        meeting.start.astimezone(UTC),
        meeting.end.astimezone(UTC),
        meeting.title,
        meeting.uid,
    )
