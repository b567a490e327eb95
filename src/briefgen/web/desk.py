"""The desk: the data of the pages, cached until a file changes.

There is one user. Remote feeds are fetched again in the background once their copies are ten
minutes old, so that no page waits for another machine.
"""

import gc
import os
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from briefgen.brief.brief import Brief
from briefgen.brief.sheet_codes import LIFE, read_codes
from briefgen.contacts.entry import Entry
from briefgen.day.find import find_meetings, made_by_hand, window_of
from briefgen.day.prepare import ChosenMeeting, Day, prepare
from briefgen.meetings.fetch import FeedCopy, fetch_feeds, unique_names
from briefgen.meetings.meeting import Window
from briefgen.web.sessions import Sessions
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import Language, language_of
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import SETTINGS_FILE, Feed, Settings, read_settings
from briefgen.workspace.value import Value

AROUND_DAYS: Final = 14
"""How many days back and ahead are cached; the command line searches the same days."""
FRESH: Final = timedelta(minutes=10)
"""How old the copy of a remote feed may be before it is fetched again."""
_MOST_NOTICES: Final = 50
_IDLE_SECONDS: Final = 60
"""After so long without a page the caches are dropped: with 10,000 contacts they hold 15 MB."""
_MOST_DAYS: Final = 2
"""How many windows are cached: that around today, and the last one farther away."""


class SettingsUnreadable(Exception):  # noqa: N818  # names the state
    """The settings cannot be read at the moment; every page says so."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)


class Notice(Value, frozen=True, kw_only=True):
    """A message at the top of a page.

    Attributes:
        mood: good if something was done, bad if not.
        text: one sentence.
        lines: the details.
        undo: the contacts whose last change can be undone.
    """

    text: str
    mood: Literal["good", "bad"] = "good"
    lines: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()

    def said(self, language: Language) -> "Notice":
        """The same notice translated."""
        lines = tuple(map(language.said, self.lines))
        return self.replace(text=language.said(self.text), lines=lines)


def shown_problem(problem: Problem, language: Language) -> str:
    """A problem in one line, in a language."""
    return f"{problem.place}: {language.said(problem.message)}"


class Notices:
    """Notices for the next page, each under a name that goes into the page's address."""

    def __init__(self) -> None:
        self._held: dict[str, Notice] = {}

    def keep(self, notice: Notice) -> str:
        """Keep a notice and return its name."""
        name = secrets.token_urlsafe(6)
        self._held[name] = notice
        for old in list(self._held)[:-_MOST_NOTICES]:
            del self._held[old]
        return name

    def named(self, names: Sequence[str]) -> tuple[Notice, ...]:
        """The notices with these names that are still kept."""
        return tuple(self._held[name] for name in names if name in self._held)


class _Known(Value, frozen=True, kw_only=True):
    """The settings, and the state of the file they were read from."""

    state: tuple[int, int]
    settings: Settings | None
    problems: tuple[Problem, ...]


class _Fetched(Value, frozen=True, kw_only=True):
    """A feed's copy, when it was made, and the state of the file it was made from."""

    feed: Feed
    copy: FeedCopy
    at: datetime
    state: tuple[int, int]


class Desk:
    """The data of one workspace for the pages.

    Attributes:
        clock: the time in the user's zone.
        sessions: the signed-in browsers.
        notices: messages for the next page.
        complain: prints a line about an internal error in the terminal.
        changes: how often files have changed since the start.
        changing: held by requests that change something, so that they run one at a time.
    """

    def __init__(
        self,
        workspace: Workspace,
        clock: Callable[[ZoneInfo], datetime],
        *,
        complain: Callable[[str], None],
    ) -> None:
        self.workspace = workspace
        self.sessions = Sessions(workspace, lambda: clock(ZoneInfo("UTC")))
        self.complain = complain
        self.notices = Notices()
        self.changes = 0
        self.changing = threading.Lock()
        self._clock = clock
        self._lock = threading.RLock()
        self._settings: _Known | None = None
        self._copies: tuple[_Fetched, ...] = ()
        self._fetching = False
        self._days: dict[tuple[object, ...], Day] = {}
        self._briefs: dict[tuple[object, ...], Brief] = {}
        self._far: dict[str, date] = {}
        self._used = time.monotonic()

    def touch(self) -> None:
        """Drop the caches: a file has changed."""
        with self._lock:
            self.changes += 1
            self._days.clear()
            self._briefs.clear()

    def rest(self, idle_seconds: float = _IDLE_SECONDS) -> bool:
        """Drop what the next page can read again, if no page was shown for a while; whether so."""
        with self._lock:
            if not self._days or time.monotonic() - self._used < idle_seconds:
                return False
            self._days.clear()
            self._briefs.clear()
            return True

    @property
    def settings(self) -> Settings:
        """The settings as they are now.

        Raises:
            SettingsUnreadable: if they cannot be read.
        """
        state = _state(self.workspace.root / SETTINGS_FILE)
        with self._lock:
            if self._settings is None or self._settings.state != state:
                settings, problems = read_settings(self.workspace.root)
                self._settings = _Known(state=state, settings=settings, problems=problems)
                self.touch()
            known = self._settings
        if known.settings is None:
            raise SettingsUnreadable(known.problems)
        return known.settings

    @property
    def language(self) -> Language:
        """The user's language; English if the settings cannot be read."""
        try:
            return language_of(self.settings.locale)
        except SettingsUnreadable:
            return language_of("en_GB")

    def now(self) -> datetime:
        """The time in the user's zone."""
        return self._clock(self.settings.zone)

    def day(self, of: date | None = None) -> Day:
        """The days around today, or only the day `of` if it is farther away."""
        now = self.now()
        window = _around(now)
        if of is None or of in window.days:
            return self._prepared(window, now)
        day = self._prepared(Window.of_days(of, 1, window.zone), now)
        self._far |= {chosen.code: of for chosen in day.chosen}
        return day

    def warm_up(self) -> None:
        """Read everything and compose today's briefs, so that the first page does not wait."""
        day = self.day()
        for chosen in day.chosen:
            if chosen.meeting.day == day.as_of.date():
                self.brief(day, chosen)
        gc.collect()  # frees what only the start needed

    def entries(self) -> tuple[Entry, ...]:
        """Every contact in short form; not cached here, since 10,000 of them take 10 MB."""
        return self.day().book.entries()

    def meeting(self, wanted: str) -> tuple[Day, ChosenMeeting] | None:
        """The meeting with a sheet's code, and its day; None if there is none, or several.

        The code of a meeting without a sheet is only known with its day. If that is far away and
        was shown before this server started, three months in both directions are searched.
        """
        now, codes = self.now(), read_codes(self.workspace)
        around, code = _around(now), wanted.strip().upper()
        windows = [window_of(wanted, codes, around)]
        if code in self._far:
            windows.append(Window.of_days(self._far[code], 1, around.zone))
        else:
            firsts = now.date() - LIFE, now.date() + timedelta(days=AROUND_DAYS + 1)
            windows += [Window.of_days(d, LIFE.days - AROUND_DAYS, around.zone) for d in firsts]
        for window in windows:
            day = self._prepared(window, now)
            sheet = codes.get(code)
            by_hand = made_by_hand(day, sheet) if sheet is not None else None
            if by_hand is not None:
                day, _ = by_hand.with_codes(codes)
            if len(found := find_meetings(day, wanted)) == 1:
                self._far[code] = found[0].meeting.day
                return day, found[0]
        return None

    def brief(self, day: Day, chosen: ChosenMeeting) -> Brief:
        """The full brief of a meeting."""
        key = (chosen.meeting.key, chosen.code, self.changes)
        with self._lock:
            if key not in self._briefs:
                held = self._days.get(self._key(day.window, day.as_of), day)  # has read the past
                self._briefs[key] = held.brief(chosen, "full")
            return self._briefs[key]

    def _key(self, window: Window, now: datetime) -> tuple[object, ...]:
        return window.start, window.end, now.date(), self.changes

    def _prepared(self, window: Window, now: datetime) -> Day:
        with self._lock:
            settings = self.settings
            copies = self._fresh_copies(settings, now)
            key = self._key(window, now)
            held = self._days.pop(key, None)
            if held is None:
                day = prepare(self.workspace, settings, window=window, as_of=now, copies=copies)
                held, _ = day.with_codes(read_codes(self.workspace))
            self._used = time.monotonic()
            self._days[key] = held  # the most recently used comes last
            for old in list(self._days)[:-_MOST_DAYS]:
                del self._days[old]
            aged = held.replace(as_of=now)
            if "past" in vars(held):
                vars(aged)["past"] = held.past  # saves reading the past again, 20 ms a page
            return aged

    def _fresh_copies(self, settings: Settings, now: datetime) -> tuple[FeedCopy, ...]:
        """The feeds' copies: files are read again when changed, remote feeds every ten minutes."""
        names = unique_names(settings.feeds)
        feeds = [
            feed.model_copy(update={"name": name})
            for feed, name in zip(settings.feeds, names, strict=True)
        ]
        known = {one.feed.shown_name: one for one in self._copies}
        found = []
        for feed in feeds:
            held, state = known.get(feed.shown_name), self._state_of(feed)
            if held is None or held.feed != feed or held.state != state:
                held = self._fetched(feed, now, state)
                self.touch()
            found.append(held)
        self._copies = tuple(found)
        if any(one.feed.path is None and now - one.at > FRESH for one in found):
            self._fetch_again(settings, now)
        return tuple(one.copy for one in found)

    def _state_of(self, feed: Feed) -> tuple[int, int]:
        if feed.path is None:
            return 0, 0
        return _state(self.workspace.root / Path(feed.path).expanduser())

    def _fetched(self, feed: Feed, now: datetime, state: tuple[int, int]) -> _Fetched:
        (copy,) = fetch_feeds([feed], workspace=self.workspace, as_of=now)
        return _Fetched(feed=feed, copy=copy, at=now, state=state)

    def _fetch_again(self, settings: Settings, now: datetime) -> None:
        """Fetch the remote feeds again in the background."""
        if self._fetching or not settings.feeds:
            return
        self._fetching = True

        def fetch() -> None:
            try:
                fresh = tuple(
                    one if one.feed.path is not None else self._fetched(one.feed, now, one.state)
                    for one in self._copies
                )
                with self._lock:
                    changed = [one.copy.digest for one in fresh] != [
                        one.copy.digest for one in self._copies
                    ]
                    self._copies = fresh
                    if changed:
                        self.touch()
            finally:
                self._fetching = False

        threading.Thread(target=fetch, daemon=True).start()


def _around(now: datetime) -> Window:
    zone = now.tzinfo
    assert isinstance(zone, ZoneInfo)  # noqa: S101  # the clock returns the user's zone
    return Window.of_days(now.date() - timedelta(days=AROUND_DAYS), 2 * AROUND_DAYS + 1, zone)


def _state(path: Path) -> tuple[int, int]:
    """The modification time and size of a file."""
    try:
        found = os.stat(path)  # noqa: PTH116  # called several times for each page
    except OSError:
        return -1, -1
    return found.st_mtime_ns, found.st_size
