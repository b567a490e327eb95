"""The options that choose days, and the meeting that a `MEETING` names."""

import shlex
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import click

from briefgen.brief.sheet_codes import read_codes
from briefgen.cli.call import Call, parse_day
from briefgen.day.find import describe_each, find_meetings, made_by_hand, near_titles
from briefgen.day.find import window_of as window_of_meeting
from briefgen.day.prepare import ChosenMeeting, Day, prepare
from briefgen.meetings.meeting import Window
from briefgen.workspace.phrase import DAY_AND_TIME, NO_TITLE, Phrase, WrittenDay
from briefgen.workspace.problems import errors
from briefgen.workspace.value import Value

LOOKED_AROUND_DAYS = 14
"""How far back and ahead a meeting is looked for if no days are named."""
_LOOK_AHEAD: Final = timedelta(days=14)
"""How far ahead the next meeting is looked for."""
_NOTES_NAMED: Final = 5
"""How many people are named on whom there are notes."""
NEXT_DAYS = 16
"""How many days `--next` covers, from yesterday: a running meeting may have begun then."""


class ForDays(click.Command):
    """A command for some days, which takes no arguments and suggests the option for a stray one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Answer `briefgen run friday` with `--date friday`, and a title with `--only`."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if words := " ".join(ctx.args):
            by_title = any("--only" in option.opts for option in self.params)
            option = "--only" if by_title and not _is_day(words) else "--date"
            meant = shlex.join([option, words])
            ctx.fail(
                Phrase("'{given}' is not an option; did you mean {near}?", given=words, near=meant)
            )
        return rest


def _is_day(given: str) -> bool:
    try:
        parse_day(given, date.min + timedelta(weeks=1))
    except click.BadParameter:
        return False
    return True


def window_of(as_of: datetime, *, date: str | None, days: int, next_one: bool) -> Window:
    """The window that `--date`, `--days` and `--next` choose at `as_of`, in its zone."""
    zone = as_of.tzinfo
    assert isinstance(zone, ZoneInfo)  # noqa: S101  # from `Call.as_of`
    if next_one:
        return Window.of_days(as_of.date() - timedelta(days=1), NEXT_DAYS, zone)
    return Window.of_days(parse_day(date or "tomorrow", as_of.date()), days, zone)


def window_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--date`, `--days` and `--next`."""
    for option in (
        click.option(
            "--next", "next_one", is_flag=True, help="The current meeting, or the next one."
        ),
        click.option(
            "--days", metavar="N", type=click.IntRange(1, 366), default=1, help="How many days."
        ),
        click.option("--date", metavar="DAY", help="today, thursday, YYYY-MM-DD …; else tomorrow."),
    ):
        command = option(command)
    return command


class Around(Value, frozen=True, kw_only=True):
    """The days in which a meeting is looked for: `--date` and `--days`."""

    date: str | None = None
    days: int | None = None

    def window(self, as_of: datetime) -> Window:
        """That many days from the date on; without a date, that many back and ahead."""
        zone = as_of.tzinfo
        assert isinstance(zone, ZoneInfo)  # noqa: S101  # from `Call.as_of`
        if self.date is not None:
            return Window.of_days(parse_day(self.date, as_of.date()), self.days or 1, zone)
        back = self.days or LOOKED_AROUND_DAYS
        return Window.of_days(as_of.date() - timedelta(days=back), 2 * back + 1, zone)


def around_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--date` and `--days`."""
    for option in (
        click.option(
            "--days",
            metavar="N",
            type=click.IntRange(1, 366),
            help="This many days from --date on, or back and ahead; default 14.",
        ),
        click.option(
            "--date",
            metavar="DAY",
            help="Look on this day: yesterday, thursday, YYYY-MM-DD …",
        ),
    ):
        command = option(command)
    return command


def say_next_meeting(call: Call, day: Day) -> None:
    """If no meeting in the window gets a brief, say which is the next one that does."""
    if day.chosen or not day.copies or day.calendar_lost:
        return
    start = max(day.window.end, day.as_of)
    window = Window(start=start, end=start + _LOOK_AHEAD)
    coming = prepare(
        day.workspace, day.settings, window=window, as_of=day.as_of, copies=day.copies
    ).chosen
    if not coming:
        call.say(
            "no meeting in the {days} days after that gets a brief either", days=_LOOK_AHEAD.days
        )
        return
    meeting = coming[0].meeting
    call.say(
        "next: {start}  {title}  (--date {day})",
        start=WrittenDay(DAY_AND_TIME, meeting.start),
        title=meeting.title or NO_TITLE,
        day=meeting.day,
    )


def say_rest_of_today(call: Call, day: Day, only: str | None = None) -> None:
    """If the days begin with tomorrow, say what is still to come today, or `only` what fits."""
    today = Window(start=day.as_of, end=day.window.start)
    if not any(one.start in today for one in day.around):
        return
    rest = prepare(day.workspace, day.settings, window=today, as_of=day.as_of, copies=day.copies)
    if coming := (rest.only(only) if only else rest).chosen:
        meeting = coming[0].meeting
        call.say(
            Phrase.plural(
                "{count} more meeting today, at {time}: {title}  (--date today)",
                "{count} more meetings today, the next at {time}: {title}  (--date today)",
                len(coming),
                time=WrittenDay("%H:%M", meeting.start),
                title=meeting.title or NO_TITLE,
            )
        )


def say_notes(call: Call, meetings: Iterable[ChosenMeeting]) -> None:
    """Say on whom there are notes, which no sheet prints, and how to read them."""
    known = (one.contact for meeting in meetings for one in meeting.participants if one.contact)
    stems = list(dict.fromkeys(file.stem for file in known if file.contact.notes))
    if not stems:
        return
    several = len(stems) > 1
    people = [*stems[:_NOTES_NAMED], *(["…"] if len(stems) > _NOTES_NAMED else [])]
    call.say(
        "not printed: the notes on {people}; to read them:\n  {command}",
        people=", ".join(people),
        command=f"briefgen contacts show {'NAME' if several else stems[0]}",
    )


def say_no_calendar(call: Call, day: Day) -> None:
    """Say that the settings name no calendar, if that is why there is no meeting."""
    if not day.copies and not day.chosen:
        call.say(Phrase("no calendar is named; write yours under `feeds` in briefgen.yaml"))


def days_of(window: Window, form: str, *, until: date = date.max) -> str:
    """The day or days of a window, up to a day, as `form` writes one."""
    first, last = window.days[0], min(window.days[-1], until)
    begin, end = WrittenDay(form, first), WrittenDay(form, last)
    return begin if last <= first else Phrase("{first} to {last}", first=begin, last=end)


def day_around(call: Call, wanted: str | None, around: Around) -> Day:
    """The meetings among which `wanted` is looked for, each with its sheet's code.

    They are those of the days around, or of the day that a code or a time names, or the one that
    was made by hand under that code.
    """
    codes = read_codes(call.workspace)
    window = around.window(call.now)
    if wanted is not None:
        window = window_of_meeting(wanted, codes, window)
    day = prepare(call.workspace, call.settings, window=window, as_of=call.now)
    sheet = codes.get(wanted.strip().upper()) if wanted is not None else None
    by_hand = made_by_hand(day, sheet) if sheet is not None else None
    coded, _ = (by_hand or day).with_codes(codes)
    return coded


def the_meeting(call: Call, day: Day, wanted: str) -> ChosenMeeting:
    """The one meeting that `wanted` names; ends with status 2 if there is none, or several."""
    found = find_meetings(day, wanted)
    if not found:
        report_unreadable(call, day)
        call.wrong_use(not_found(day, wanted))
    if len(found) > 1:
        message = Phrase.plural(
            "'{wanted}' could be {count} meeting; name it by its time or code:",
            "'{wanted}' could be {count} meetings; name one by its time or code:",
            len(found),
            wanted=wanted,
        )
        lines = "".join(f"\n  {line}" for line in describe_each(found))
        call.wrong_use(call.said(message) + lines)
    return found[0]


def report_unreadable(call: Call, day: Day) -> None:
    """Report what could not be read: what is missing may be in there."""
    call.report_problems(errors(day.problems))


def report_unreadable_contacts(call: Call, day: Day, chosen: ChosenMeeting) -> None:
    """If a participant has no file, report the files that cannot be read: it may be one of them."""
    if any(participant.contact is None for participant in chosen.participants):
        folder = f"{day.workspace.relative(day.workspace.contacts)}/"
        call.report_problems(p for p in errors(day.problems) if p.file.startswith(folder))


def not_found(day: Day, wanted: str) -> str:
    """That there is no such meeting, with the reason, a suggestion, or the days searched."""
    for skipped in day.skipped:
        if wanted.strip().casefold() in skipped.meeting.title.casefold():
            return Phrase(
                "no meeting '{wanted}' in these days; '{title}' gets no brief: {reason}",
                wanted=wanted,
                title=skipped.meeting.title,
                reason=skipped.reason,
            )
    if near := near_titles(day, wanted):
        return Phrase(
            "no meeting '{wanted}' in these days; did you mean {near}?",
            wanted=wanted,
            near=[f"'{title}'" for title in near],
        )
    first, last = day.window.start.date(), day.window.days[-1]
    return Phrase(
        "no meeting '{wanted}' in these days ({days}); name others with --date, or see what there "
        "is with:\n  briefgen list --why {options}",
        wanted=wanted,
        days=days_of(day.window, "%d %b %Y"),
        options=f"--date {first} --days {(last - first).days + 1}",
    )
