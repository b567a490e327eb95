"""Feeds fetched: read from a path or an address, with the last good copy to fall back on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from briefgen.problems import Problem
from briefgen.settings import Feed
from briefgen.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class FeedCopy:
    """A feed as it is to be read.

    Attributes:
        name: the feed's name; never its address.
        content: its bytes; None where there are none, not even a last good copy.
        as_of: when it was last read well; set only where a last good copy has to serve.
        problems: why it has to, and what else went wrong.
    """

    name: str
    content: bytes | None = None
    as_of: datetime | None = None
    problems: tuple[Problem, ...] = ()


def fetch_feeds(
    feeds: Sequence[Feed],
    *,
    workspace: Workspace,
    as_of: datetime,  # noqa: ARG001  # for the age of copies
) -> tuple[FeedCopy, ...]:
    """Every feed, fetched anew."""
    return tuple(_fetch(feed, workspace) for feed in feeds)


def _fetch(feed: Feed, workspace: Workspace) -> FeedCopy:
    name = feed.shown_name
    if feed.path is None:
        message = "feeds with an address cannot be fetched yet"
        return FeedCopy(name=name, problems=(Problem(file=name, message=message),))
    limit = feed.max_megabytes * 1024 * 1024
    try:
        with (workspace.root / feed.path).expanduser().open("rb") as stream:
            content = stream.read(limit + 1)
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        return FeedCopy(name=name, problems=(Problem(file=name, message=message),))
    if len(content) > limit:
        message = f"larger than {feed.max_megabytes} MB; raise `max_megabytes` of this feed"
        return FeedCopy(name=name, problems=(Problem(file=name, message=message),))
    return FeedCopy(name=name, content=content)
