"""All feeds as one calendar: merged without doubles, by start."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from briefgen.meetings.fetch import FeedCopy
from briefgen.meetings.meeting import FeedReading, Meeting, Window
from briefgen.meetings.read import read_feed, read_or_remember
from briefgen.workspace.problems import Problem, in_order
from briefgen.workspace.value import Value


class CalendarReading(Value, frozen=True, kw_only=True):
    """What all feeds say of a window.

    Attributes:
        meetings: each once, by start; cancelled and declined ones too, with their status.
        problems: of fetching and of reading.
        as_of: the oldest time from which a last good copy had to serve; None where none had to.
        occasions: what feeds with `use: occasions` say, by start; no meetings, and no briefs.
    """

    meetings: tuple[Meeting, ...] = ()
    problems: tuple[Problem, ...] = ()
    as_of: datetime | None = None
    occasions: tuple[Meeting, ...] = ()


def read_calendar(copies: Sequence[FeedCopy], *, window: Window, zone: ZoneInfo) -> CalendarReading:
    """The meetings of all feeds that start in the window.

    A meeting that stands in two feeds comes once: its newest version (SEQUENCE), wherever that has
    moved it, or, of equal ones, the first feed's. Equal versions at different times both stand.
    """
    said = [
        (copy, read_copy(copy, copy.content, window=window, zone=zone))
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
        meetings=tuple(sorted(meetings, key=_order)),
        problems=in_order(problems),
        as_of=min(ages, default=None),
        occasions=tuple(sorted(occasions, key=_order)),
    )


def _merged(
    said: Sequence[tuple[FeedCopy, FeedReading]], window: Window, zone: ZoneInfo
) -> Iterable[Meeting]:
    """The meetings of all feeds without doubles; of a single feed simply its own."""
    if len(said) < 2:  # noqa: PLR2004  # nothing to merge
        return (meeting for _, reading in said for meeting in reading.meetings)
    from briefgen.meetings.across_feeds import merged  # noqa: PLC0415  # slow to import

    return merged(said, window=window, zone=zone)


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
