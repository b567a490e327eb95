"""`briefgen feed`: what the calendar says, as read, and how fresh it is."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from briefgen.cli.call import Call, parse_day, with_call
from briefgen.cli.help import HelpfulGroup
from briefgen.meetings.calendar import read_feed
from briefgen.meetings.meeting import FeedReading, Meeting, Window, recurrence_text, utc_text
from briefgen.meetings.source import FetchFault, unpacked
from briefgen.night import exit_status
from briefgen.workspace.phrase import DAY_AND_TIME, Phrase, WrittenDay
from briefgen.workspace.problems import Problem, in_order
from briefgen.workspace.value import Value

if TYPE_CHECKING:
    from briefgen.meetings.fetch import FeedCopy

DAYS_SHOWN: Final = 14
"""Days shown without `--to`."""
LOOK_BACK: Final = timedelta(days=31)
"""How long before the first day an event that is still running may have begun."""
MOST_BYTES: Final = 2000 * 1024 * 1024


@click.group(cls=HelpfulGroup)
def feed() -> None:
    """What was read from the calendar, and how fresh it is."""


class _Shown(Value, frozen=True, kw_only=True):
    """One file or feed, and its meetings.

    Attributes:
        running: those that began before the first day and last into it.
    """

    file: str
    readable: bool
    meetings: tuple[Meeting, ...] = ()
    running: tuple[Meeting, ...] = ()
    problems: tuple[Problem, ...] = ()

    def within(self, window: Window) -> "_Shown":
        """Only the meetings that begin in the window, or are running when it begins."""
        return self.replace(
            meetings=tuple(one for one in self.meetings if one.start in window),
            running=tuple(one for one in self.meetings if one.start < window.start < one.end),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "occurrences": [_occurrence(meeting) for meeting in self.meetings],
            "problems": [problem.as_json() for problem in self.problems],
        }


@feed.command("show")
@click.argument("files", metavar="[FILE …]", nargs=-1, type=click.Path(path_type=Path))
@click.option("--from", "first", metavar="DATE", help="The first day; default today.")
@click.option("--to", "last", metavar="DATE", help="The last day; default 13 days after the first.")
@click.option("--timezone", metavar="ZONE", help="Use this time zone, like Europe/Berlin.")
@with_call
def show(
    *,
    call: Call,
    files: tuple[Path, ...],
    first: str | None,
    last: str | None,
    timezone: str | None,
) -> None:
    """Show every meeting as read, before any is left out.

    Without FILE the workspace's own feeds are shown; calendar files need no workspace.
    """
    zone = _zone(call, timezone, needs_workspace=not files)
    window = _window(call, zone, first, last)
    wider = window if call.as_json else Window(start=window.start - LOOK_BACK, end=window.end)
    if files:
        shown = [_read_file(file, wider, zone) for file in files]
    else:
        shown = [_read_copy(copy, wider, zone) for copy in _copies(call, zone)]
    shown = [one.within(window) for one in shown]
    call.report({"files": [one.as_json() for one in shown]})
    if not call.as_json:
        for one in shown:
            _print_feed(call, one, many=len(shown) > 1)
    call.report_problems(problem for one in shown for problem in one.problems)
    readable = sum(one.readable for one in shown)
    raise SystemExit(exit_status.of_parts(readable, len(shown) - readable))


def _zone(call: Call, given: str | None, *, needs_workspace: bool) -> ZoneInfo:
    """The zone of `--timezone`, else of the workspace if there is one, else the machine's."""
    if given is not None:
        try:
            return ZoneInfo(given)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            message = Phrase(
                "unknown time zone '{given}'; write it like Europe/Berlin", given=given
            )
            raise click.BadParameter(message) from None
    if needs_workspace:
        return call.settings.zone
    from briefgen.workspace.settings import Settings, read_settings  # noqa: PLC0415  # half of the start-up time

    workspace = call.workspace_if_any()
    settings = read_settings(workspace.root)[0] if workspace else None
    return (settings or Settings()).zone


def _window(call: Call, zone: ZoneInfo, first: str | None, last: str | None) -> Window:
    today = call.as_of(zone).date()
    end = parse_day(last, today) if last else None
    begin = parse_day(first, today) if first else min(today, end or today)
    if end is None:
        end = begin + timedelta(days=DAYS_SHOWN - 1)
    if end < begin:
        raise click.BadParameter(
            Phrase("--to {end} is before --from {begin}", end=end, begin=begin)
        )
    if end >= date.max - timedelta(days=2) or begin <= date.min + timedelta(days=2):
        raise click.BadParameter(Phrase("--from and --to must be between the years 1 and 9999"))
    return Window.of_days(begin, (end - begin).days + 1, zone)


def _copies(call: Call, zone: ZoneInfo) -> "tuple[FeedCopy, ...]":
    if not call.settings.feeds:
        call.wrong_use(Phrase("no feeds in briefgen.yaml; name one under `feeds:`, or give a FILE"))
    from briefgen.meetings.fetch import fetch_feeds  # noqa: PLC0415  # files need none of it

    return fetch_feeds(call.settings.feeds, workspace=call.workspace, as_of=call.as_of(zone))


def _read_file(file: Path, window: Window, zone: ZoneInfo) -> _Shown:
    name = str(file)
    try:
        with file.open("rb") as stream:
            content = unpacked(stream.read(MOST_BYTES + 1), MOST_BYTES)
        if len(content) <= MOST_BYTES:
            return _shown(name, read_feed(content, feed=name, window=window, zone=zone))
        message: str = Phrase("larger than 2000 MB")
    except FetchFault as fault:
        message = str(fault)
    except OSError as error:
        message = Phrase("cannot be read: {reason}", reason=error.strerror)
    return _Shown(file=name, readable=False, problems=(Problem(file=name, message=message),))


def _read_copy(copy: "FeedCopy", window: Window, zone: ZoneInfo) -> _Shown:
    if copy.content is None:
        return _Shown(file=copy.name, readable=False, problems=copy.problems)
    from briefgen.meetings.calendar import read_copy  # noqa: PLC0415  # files need none of it

    reading = read_copy(copy, window=window, zone=zone)
    return _shown(copy.name, reading, copy.problems)


def _shown(name: str, reading: FeedReading, problems: tuple[Problem, ...] = ()) -> _Shown:
    return _Shown(
        file=name,
        readable=reading.is_calendar,
        meetings=reading.meetings,
        problems=in_order((*problems, *reading.problems)),
    )


def _occurrence(meeting: Meeting) -> dict[str, Any]:
    """One occurrence as `--json` writes it; all-day ones with dates, the end exclusive."""
    whole = meeting.all_day
    return {
        "uid": meeting.uid,
        "recurrence_id": recurrence_text(meeting.recurrence_id),
        "start": meeting.start.date().isoformat() if whole else utc_text(meeting.start),
        "end": meeting.end.date().isoformat() if whole else utc_text(meeting.end),
        "all_day": whole,
        "title": meeting.title,
        "status": meeting.status,
        "zone": meeting.zone or None,
    }


def _print_feed(call: Call, shown: _Shown, *, many: bool) -> None:
    if many:
        call.say(click.style(shown.file, bold=True))
    day: date | None = None
    for meeting in shown.meetings:
        if meeting.day != day:
            day = meeting.day
            call.say(WrittenDay("%a %d %b %Y", day))
        call.say("  " + _line(call, meeting))
        place = Phrase("uid {uid}, line {line}", uid=meeting.uid or "-", line=meeting.line)
        call.detail(f"                 {call.said(place)}")
    if shown.readable and not shown.meetings:
        call.say(Phrase("no meetings in these days"))
    for meeting in shown.running:
        title = call.title(meeting.title)
        call.say(
            "still running: {title}, since {start}, until {end}",
            title=title,
            start=WrittenDay("%a %d %b %Y", meeting.start),
            end=_end(meeting),
        )


def _end(meeting: Meeting) -> str:
    if meeting.all_day:
        return WrittenDay("%a %d %b", meeting.end - timedelta(days=1))
    return WrittenDay(DAY_AND_TIME, meeting.end)


def _line(call: Call, meeting: Meeting) -> str:
    if meeting.all_day:
        days = (meeting.end.date() - meeting.start.date()).days
        whole = (
            Phrase("all day")
            if days == 1
            else Phrase.plural("{number} day", "{number} days", days, number=days)
        )
        times = call.aligned(whole, 11)
    else:
        same = meeting.end.date() == meeting.start.date()
        end = WrittenDay("%H:%M" if same else DAY_AND_TIME, meeting.end)
        times = f"{call.said(WrittenDay('%H:%M', meeting.start))}-{call.said(end)}"
    title = call.title(meeting.title)
    marks = "".join(f" [{call.said(mark)}]" for mark in _marks(meeting))
    return f"{times}  {title}{marks}"


def _marks(meeting: Meeting) -> Iterable[str]:
    if meeting.status == "CANCELLED":
        yield Phrase("cancelled")
    if meeting.tentative:
        yield Phrase("tentative")
    if meeting.classification != "PUBLIC":
        yield meeting.classification.lower()
    if meeting.transparent:
        yield Phrase("shown as free")
    if meeting.replaced:
        yield Phrase("moved from {replaced}", replaced=WrittenDay(DAY_AND_TIME, meeting.replaced))
    elif meeting.recurrence_id is not None:
        yield Phrase("series")


@feed.command("fetch")
@click.option(
    "--accept-empty", is_flag=True, help="Believe a feed that has suddenly no meetings at all."
)
@with_call
def fetch(*, call: Call, accept_empty: bool) -> None:
    """Bring the feeds up to date and say how fresh each is."""
    from briefgen.meetings.fetch import fetch_feeds  # noqa: PLC0415  # `show` needs none of it

    copies = fetch_feeds(
        call.settings.feeds, workspace=call.workspace, as_of=call.now, accept_empty=accept_empty
    )
    problems = in_order(problem for copy in copies for problem in copy.problems)
    told = {
        "as_of": call.now.isoformat(timespec="seconds"),
        "feeds": [_freshness(copy) for copy in copies],
    }
    call.report(told, problems)
    for copy in copies:
        call.say(_freshness_line(copy))
    if not copies:
        call.say(Phrase("no feeds in briefgen.yaml; name one under `feeds:`"))
    call.report_problems(problems)
    raise SystemExit(_fetch_status(copies))


def _freshness(copy: "FeedCopy") -> dict[str, Any]:
    return {
        "feed": copy.name,
        "state": copy.state,
        "good_at": copy.good_at.isoformat(timespec="seconds") if copy.good_at else None,
        "events": copy.events,
        "bytes": len(copy.content) if copy.content is not None else 0,
    }


def _freshness_line(copy: "FeedCopy") -> str:
    size = Phrase.plural("{count} event", "{count} events", copy.events)
    at = WrittenDay("%d %b %Y, %H:%M", copy.good_at) if copy.good_at else ""
    said = {
        "new": Phrase("fetched, {size}", size=size),
        "unchanged": Phrase("fetched, unchanged, {size}", size=size),
        "copy": Phrase("not fetched; calendar as of {at}, {size}", at=at, size=size),
        "none": Phrase("not fetched, and there is no earlier copy"),
    }[copy.state]
    return Phrase("{label}: {text}", label=copy.name, text=said)


def _fetch_status(copies: "Sequence[FeedCopy]") -> int:
    if copies and all(copy.content is None for copy in copies):
        return exit_status.NOTHING_MADE
    if any(copy.state in {"copy", "none"} for copy in copies):
        return exit_status.PARTLY_DONE
    return exit_status.DONE
