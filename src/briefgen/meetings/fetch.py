"""Feeds fetched from wherever they are, with the last good copy to fall back on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from briefgen.meetings.copies import Copy, Shelf, Soundness, digest, soundness
from briefgen.meetings.source import (
    FIRST_WAIT,
    Answer,
    CommandSource,
    FetchFault,
    PathSource,
    Request,
    Source,
    Version,
)
from briefgen.workspace.folder import SETTINGS_FILE, Workspace
from briefgen.workspace.phrase import Phrase, WrittenDay
from briefgen.workspace.problems import Problem, Severity
from briefgen.workspace.progress import waiting
from briefgen.workspace.value import Value

if TYPE_CHECKING:
    from briefgen.workspace.settings import Feed

ACCEPTED_EMPTY_AFTER: Final = timedelta(days=3)
WHOLE_AGAIN_AFTER: Final = timedelta(days=1)
_AT_ONCE: Final = 4

State = Literal["new", "unchanged", "copy", "none"]


@dataclass(frozen=True, kw_only=True)
class FeedCopy:
    """A feed's bytes to be read.

    Attributes:
        name: the feed's name, never its address.
        content: its bytes; None if there are none, not even a last good copy.
        as_of: when it was last fetched well; set only if the last good copy is used.
        problems: why it is used, and what else went wrong.
        state: new, unchanged since the last time, a last good copy, or nothing at all.
        events: how many events it holds.
        good_at: when its content was last known to match the feed.
        digest: SHA-256 of the content.
        index_folder: where results derived from the content may be stored.
        cut: whether it is cut off, and there is no good copy to use instead.
        use: `occasions` if its events make no briefs.
    """

    name: str
    content: bytes | None = field(default=None, repr=False)
    as_of: datetime | None = None
    problems: tuple[Problem, ...] = ()
    state: State = "new"
    events: int = 0
    good_at: datetime | None = None
    digest: str = ""
    index_folder: Path | None = None
    cut: bool = False
    use: Literal["meetings", "occasions"] = "meetings"


def fetch_feeds(
    feeds: "Sequence[Feed]",
    *,
    workspace: Workspace,
    as_of: datetime,
    accept_empty: bool = False,
    first_wait: float = FIRST_WAIT,
) -> tuple[FeedCopy, ...]:
    """Every feed, fetched again, in order.

    Args:
        feeds: where they come from.
        workspace: paths are relative to it; its `.briefgen/feeds/` holds the last good copies.
        as_of: the time of this fetch.
        accept_empty: accept a feed that suddenly has no events.
        first_wait: seconds before the first retry.
    """
    visits = [
        _Visit(
            feed=feed,
            name=name,
            workspace=workspace,
            as_of=as_of,
            accept_empty=accept_empty,
            first_wait=first_wait,
        )
        for feed, name in zip(feeds, unique_names(feeds), strict=True)
    ]
    with waiting(len(visits), Phrase("Reading calendars")):
        if sum(feed.path is None for feed in feeds) < 2:  # noqa: PLR2004  # at most one to wait for
            return tuple(visit.copy() for visit in visits)
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  # seldom needed

        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            return tuple(pool.map(_Visit.copy, visits))


def path_copies(feeds: "Sequence[Feed]", *, workspace: Workspace) -> tuple[FeedCopy, ...]:
    """The feeds that are paths, as they are now; nothing is stored, and no good copy is used."""
    copies: list[FeedCopy] = []
    for feed, name in zip(feeds, unique_names(feeds), strict=True):
        if feed.path is None:
            continue
        source = PathSource(
            path=feed.path, workspace=workspace, most_bytes=feed.max_megabytes * 1024 * 1024
        )
        try:
            answer = source.read(None)
        except FetchFault as fault:
            problem = Problem(file=name, message=str(fault))
            copies.append(FeedCopy(name=name, state="none", problems=(problem,)))
            continue
        content = answer.content or b""
        faults: list[str] = [Phrase("{one}; left out", one=one) for one in answer.left_out]
        faults += [sound.fault] if (sound := soundness(content)).fault else []
        copies.append(
            FeedCopy(
                name=name,
                content=content,
                events=sound.events,
                problems=tuple(Problem(file=name, message=fault) for fault in faults),
                use=feed.use,
            )
        )
    return tuple(copies)


def unique_names(feeds: "Iterable[Feed]") -> tuple[str, ...]:
    """The feeds' names, numbered if several are the same."""
    names: list[str] = []
    for feed in feeds:
        name, number = feed.shown_name, 1
        while name in names:
            number += 1
            name = f"{feed.shown_name} {number}"
        names.append(name)
    return tuple(names)


class _Visit(Value, frozen=True, kw_only=True):
    """One feed being fetched."""

    feed: "Feed"
    name: str
    workspace: Workspace
    as_of: datetime
    accept_empty: bool
    first_wait: float

    def problem(self, message: str, severity: Severity = "error") -> Problem:
        return Problem(file=self.name, message=message, severity=severity)

    def copy(self) -> FeedCopy:
        """The feed's bytes to be read; whatever goes wrong becomes one of its problems."""
        shelf = Shelf(self.workspace, self.name, None)
        try:
            place = self._place()
            shelf = Shelf(self.workspace, self.name, place)
            copy = self._fetched(shelf, self._source_at(place))
        except FetchFault as fault:
            copy = self._last_good(shelf, str(fault))
        return replace(copy, index_folder=shelf.index_folder, use=self.feed.use)

    def _place(self) -> str:
        """The path, command or address.

        Raises:
            FetchFault: if the command that prints it fails.
        """
        feed = self.feed
        for given in (feed.path, feed.command, feed.url):
            if given is not None:
                return given
        return self._secret(feed.url_command or "", "url_command")

    def _source_at(self, place: str) -> Source:
        """What the feed is read from.

        Raises:
            FetchFault: if the command that prints its password fails.
        """
        feed, most = self.feed, self.feed.max_megabytes * 1024 * 1024
        if feed.path is not None:
            return PathSource(path=place, workspace=self.workspace, most_bytes=most)
        if feed.command is not None:
            return CommandSource(
                command=place,
                workspace=self.workspace,
                seconds=feed.timeout_seconds,
                most_bytes=most,
            )
        if feed.kind == "caldav":
            from briefgen.meetings.caldav_calendar import CaldavSource  # noqa: PLC0415  # an extra

            return CaldavSource(request=self._request(place))
        from briefgen.meetings.transport import HttpSource  # noqa: PLC0415  # slow to import

        return HttpSource(request=self._request(place))

    def _request(self, address: str) -> Request:
        feed = self.feed
        password = None
        if feed.password_command is not None:
            password = self._secret(feed.password_command, "password_command")
        setting = "url" if feed.url is not None else "url_command"
        return Request(
            address=address,
            seconds=feed.timeout_seconds,
            most_bytes=feed.max_megabytes * 1024 * 1024,
            user=feed.user,
            password=password,
            allow_http=feed.allow_http,
            setting=Phrase(
                "`{setting}` of the feed '{name}' in {file}",
                setting=setting,
                name=self.name,
                file=SETTINGS_FILE,
            ),
            first_wait=self.first_wait,
        )

    def _secret(self, command: str, setting: str) -> str:
        from briefgen.workspace.secrets import NoSecret, from_command  # noqa: PLC0415  # as seldom

        try:
            root = self.workspace.root
            return from_command(command, setting=setting, root=root).text.strip()
        except NoSecret as error:
            raise FetchFault(str(error)) from None

    def _fetched(self, shelf: Shelf, source: Source) -> FeedCopy:
        """The feed's content, stored as the new good copy, or the old one if that is better.

        Raises:
            FetchFault: if nothing usable came.
        """
        known = shelf.about()
        answer = source.read(self._version(known))
        if answer.content is None and known is not None:
            if (content := shelf.content(known)) is not None:
                return self._keep(shelf, known.replace(good_at=self.as_of), content, known)
            answer = source.read(None)
        copy = self._judged(shelf, answer, known)
        left_out = (self.problem(Phrase("{one}; left out", one=one)) for one in answer.left_out)
        return replace(copy, problems=(*copy.problems, *left_out))

    def _version(self, known: Copy | None) -> Version | None:
        """The stored version, unless all of it is due to be fetched again."""
        if known is None or not (known.etag or known.last_modified):
            return None
        if not timedelta() <= self.as_of - known.whole_at < WHOLE_AGAIN_AFTER:
            return None
        return Version(etag=known.etag, last_modified=known.last_modified)

    def _judged(self, shelf: Shelf, answer: Answer, known: Copy | None) -> FeedCopy:
        """What came, stored if it is sound; otherwise the last good copy."""
        content = answer.content or b""
        mark = digest(content)
        unchanged = known is not None and mark == known.digest
        sound = Soundness(events=known.events) if known and unchanged else soundness(content)
        if sound.fault:
            return self._unsound(shelf, content, sound)
        if known is not None and known.events and not sound.events and not self.accept_empty:
            since = known.empty_since or self.as_of
            if self.as_of - since < ACCEPTED_EMPTY_AFTER:
                return self._emptied(shelf, known.replace(empty_since=since), since)
        new = Copy(
            digest=mark,
            source=shelf.source or "",
            events=sound.events,
            good_at=self.as_of,
            whole_at=self.as_of,
            etag=answer.version.etag,
            last_modified=answer.version.last_modified,
        )
        return self._keep(shelf, new, content, known)

    def _keep(self, shelf: Shelf, copy: Copy, content: bytes, known: Copy | None) -> FeedCopy:
        """Store the good copy; a full disk is only a warning, since the feed has been read."""
        changed = known is None or known.digest != copy.digest
        otherwise = Phrase("no copy of it can be kept in .briefgen/feeds: {reason}")
        return FeedCopy(
            name=self.name,
            content=content,
            state="new" if changed else "unchanged",
            events=copy.events,
            good_at=self.as_of,
            digest=copy.digest,
            problems=self._stored(shelf, copy, content, otherwise),
        )

    def _stored(
        self, shelf: Shelf, copy: Copy, content: bytes | None, otherwise: Phrase
    ) -> tuple[Problem, ...]:
        """Store a copy; returns a warning if that fails."""
        try:
            shelf.put(copy, content)
        except OSError as error:
            return (self.problem(otherwise.filled(reason=error.strerror), "warning"),)
        return ()

    def _unsound(self, shelf: Shelf, content: bytes, sound: Soundness) -> FeedCopy:
        """The last good copy instead of what came; without one, what can be read of it."""
        copy = self._last_good(shelf, sound.fault)
        if copy.content is None and sound.readable:
            return replace(
                copy,
                content=content,
                state="new",
                events=sound.events,
                digest=digest(content),
                cut=True,
            )
        return copy

    def _emptied(self, shelf: Shelf, known: Copy, since: datetime) -> FeedCopy:
        accepted = (since + ACCEPTED_EMPTY_AFTER).astimezone(self.as_of.tzinfo)
        copy = self._last_good(
            shelf,
            Phrase(
                "it is suddenly empty after having {events} events; if that is right, type "
                "`briefgen feed fetch --accept-empty`; from {believed} on it is accepted "
                "anyway",
                events=known.events,
                believed=WrittenDay("%d %b %Y, %H:%M", accepted),
            ),
        )
        otherwise = Phrase("when it was found empty cannot be remembered: {reason}")
        stored = self._stored(shelf, known, copy.content, otherwise)
        return replace(copy, problems=(*copy.problems, *stored))

    def _last_good(self, shelf: Shelf, reason: str) -> FeedCopy:
        """The last good copy, or nothing, with the reason."""
        known = shelf.about()
        content = shelf.content(known) if known is not None else None
        if known is None or content is None:
            return FeedCopy(name=self.name, state="none", problems=(self.problem(reason),))
        good_at = known.good_at.astimezone(self.as_of.tzinfo)
        message = Phrase(
            "{reason}; its last good copy is used, from {good_at}",
            reason=reason,
            good_at=WrittenDay("%d %b %Y, %H:%M", good_at),
        )
        return FeedCopy(
            name=self.name,
            content=content,
            as_of=good_at,
            state="copy",
            events=known.events,
            good_at=good_at,
            digest=known.digest,
            problems=(self.problem(message),),
        )
