"""Feeds to meetings: every occurrence in a window, merged without doubles, and what is wrong.

What was read of a large feed is remembered for as long as its bytes stay the same, as most runs
find the calendar unchanged.
"""

import gc
import hashlib
import json
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import TZPATH, ZoneInfo

from msgspec import to_builtins

from briefgen import __version__
from briefgen.meetings.fetch import FeedCopy
from briefgen.meetings.meeting import Attendee, FeedReading, Meeting, Window, utc_text
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.problems import Problem, in_order, kept_problem
from briefgen.workspace.value import Value

SMALL: Final = 1_000_000
"""Bytes up to which a feed is read whole, so that all its problems are told."""
WORTH_REMEMBERING: Final = 1_000_000
"""Bytes from which a feed takes longer to read than to remember."""
_FORMAT: Final = 3
_MOST_KEPT: Final = 40
_EDITIONS: Final = ("tzdata.zi", "+VERSION")
"""Files in which a system says which edition of the database it has."""
_TIMES: Final = ("start", "end", "replaced")


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
        content: the feed as it came.
        feed: its name, for meetings and problems.
        window: which starts count.
        zone: the user's; floating times and zones that nobody knows are taken to be in it.
        small: bytes up to which a feed is read whole; of a larger one only what can matter is.
        naming: addresses; of a larger feed, events that name none of them may be left out.
    """
    # Late, since a run whose feeds have not changed remembers its readings and needs none of it.
    from briefgen.meetings.feed_reader import FeedReader  # noqa: PLC0415  # see above

    reader = FeedReader(feed, window, zone)
    if len(content) <= small or not gc.isenabled():
        return reader.read_bytes(content, small=small, naming=naming)
    gc.disable()  # nothing here refers to itself; looking for that takes up to 40 % of the time
    try:
        return reader.read_bytes(content, small=small, naming=naming)
    finally:
        gc.enable()


def read_or_remember(
    content: bytes, *, feed: str, window: Window, zone: ZoneInfo, digest: str, folder: Path
) -> FeedReading:
    """As `read_feed`, from what was remembered where that is of these very bytes.

    Args:
        content: the feed.
        feed: its name.
        window: which starts count.
        zone: the user's.
        digest: SHA-256 of the content.
        folder: where readings are remembered; it may be deleted at any time.
    """
    if len(content) < WORTH_REMEMBERING or not digest:
        return read_feed(content, feed=feed, window=window, zone=zone)
    path = folder / f"{_key(digest, feed, window, zone)}.reading"
    if (remembered := _remembered(path, zone)) is not None:
        return remembered
    reading = read_feed(content, feed=feed, window=window, zone=zone)
    try:
        write_whole(path, json.dumps(_written(reading)).encode())
        _forget_old(folder)
    except OSError:
        pass  # remembering only saves time
    return reading


def _key(digest: str, feed: str, window: Window, zone: ZoneInfo) -> str:
    """Everything that decides a reading: also the code, and the zones' rules."""
    window_text = f"{utc_text(window.start)}/{utc_text(window.end)}"
    parts = (str(_FORMAT), __version__, _zone_rules(), digest, feed, window_text, zone.key)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _zone_rules() -> str:
    """The edition of the IANA database that zones come from: the system's, else the package's."""
    for folder in TZPATH:
        for name in _EDITIONS:
            with suppress(OSError), (Path(folder) / name).open("rb") as stream:
                return stream.readline(100).decode(errors="replace")
    from importlib import metadata  # noqa: PLC0415  # slow, and only where the system has no zones

    return metadata.version("tzdata")


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
    """The reading in a file; None where there is none, or none that can be trusted."""
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
