"""A feed's bytes to meetings: every occurrence in a window, and what could not be read."""

from typing import Final
from zoneinfo import ZoneInfo

from briefgen.meetings.meeting import FeedReading, Window

SMALL: Final = 1_000_000
"""Bytes up to which a feed is read whole, so that all its problems are told."""


def read_feed(
    content: bytes, *, feed: str, window: Window, zone: ZoneInfo, small: int = SMALL
) -> FeedReading:
    """Every occurrence of a feed that starts in the window.

    Args:
        content: the feed as it came.
        feed: its name, for meetings and problems.
        window: which starts count.
        zone: the user's; floating times and zones that nobody knows are taken to be in it.
        small: bytes up to which a feed is read whole; of a larger one only what can matter is.
    """
    # Late, since a run whose feeds have not changed remembers its readings and needs none of it.
    from briefgen.meetings.feed_reader import FeedReader  # noqa: PLC0415  # see above

    return FeedReader(feed, window, zone).read_bytes(content, small=small)
