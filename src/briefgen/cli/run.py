"""`briefgen run`: write the briefs."""

import re
from contextlib import nullcontext
from datetime import datetime
from typing import Any

import click

from briefgen.brief.sheet_codes import read_codes
from briefgen.cli.call import Call, parse_time, with_call
from briefgen.cli.completion import complete_contact
from briefgen.cli.terminal import launch
from briefgen.cli.window import (
    ForDays,
    not_found,
    say_next_meeting,
    say_no_calendar,
    say_notes,
    say_rest_of_today,
    window_of,
    window_options,
)
from briefgen.contacts.book import ContactFile
from briefgen.day.find import by_hand, next_meeting
from briefgen.day.find import window_of as window_of_meeting
from briefgen.day.make import plan, planned_report, write_day
from briefgen.day.prepare import Day, coded, prepare
from briefgen.delivery.report import Report, summary
from briefgen.meetings.meeting import Window
from briefgen.night import exit_status
from briefgen.page.system_libraries import require_pango
from briefgen.page.workers import warm_up
from briefgen.workspace.folder import only_run
from briefgen.workspace.phrase import DAY_AND_TIME, Phrase, WrittenDay
from briefgen.workspace.settings import Edition
from briefgen.workspace.value import Value

_CLOCK_TIME = re.compile(r"(\d{1,2}):(\d{2})\Z")


@click.command(cls=ForDays)
@window_options
@click.option("--only", metavar="TEXT", help="Only meetings with this in the title, or with them.")
@click.option("--edition", type=click.Choice(["full", "table"]), help="Else as the settings say.")
@click.option(
    "--with",
    "with_contacts",
    metavar="CONTACT",
    multiple=True,
    shell_complete=complete_contact,
    help="A meeting that is in no calendar, with this contact; may be given again.",
)
@click.option("--at", "at_time", metavar="TIME", help="When it is: 14:30, or 2026-11-23T14:30.")
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1, 64),
    default=1,
    help="How many briefs to make in parallel.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--force", is_flag=True, help="Write unchanged briefs too.")
@click.option("--open", "open_them", is_flag=True, help="Open the briefs afterwards.")
@click.option("--watch", is_flag=True, help="Write again whenever a file changes.")
@with_call
def run(
    *,
    call: Call,
    watch: bool,
    **options: Any,  # noqa: ANN401  # as click hands them over
) -> None:
    """Write the briefs of a day, by default tomorrow."""
    wish = RunOptions(**options)
    if bool(wish.with_contacts) != (wish.at_time is not None):
        raise click.UsageError(Phrase("--with CONTACT and --at TIME go together"))
    status = run_once(call, wish)
    if watch:
        from briefgen.workspace.watch import watch_workspace  # noqa: PLC0415  # only where asked for

        again = wish.replace(open_them=False)
        # A new call each time, since the settings and the time change.
        watch_workspace(call.workspace, lambda: run_once(call.replace(), again), say=call.say)
    raise SystemExit(status)


class RunOptions(Value, frozen=True, kw_only=True):
    """The options of `briefgen run`."""

    date: str | None = None
    days: int = 1
    next_one: bool = False
    only: str | None = None
    edition: Edition | None = None
    with_contacts: tuple[str, ...] = ()
    at_time: str | None = None
    jobs: int = 1
    dry_run: bool = False
    force: bool = False
    open_them: bool = False

    @property
    def partial(self) -> bool:
        """Whether only part of a day is wanted."""
        return bool(self.only or self.with_contacts or self.next_one)


def run_once(call: Call, wish: RunOptions) -> int:
    """Make the briefs, print what was done, and return the exit status."""
    edition = wish.edition or call.settings.page.edition
    if not wish.dry_run:
        require_pango()
        warm_up()
    with nullcontext() if wish.dry_run else only_run(call.workspace):
        found = _day(call, wish)
        day = coded(found.only(wish.only) if wish.only else found, remember=not wish.dry_run)
        report = _carry_out(day, wish, edition)
    say_briefs(call, report)
    if wish.only and found.copies and not day.chosen:
        call.say(not_found(found, wish.only))
    else:
        say_summary(call, report)
    say_notes(call, day.chosen)
    say_no_calendar(call, day)
    if not wish.partial:
        say_next_meeting(call, day)
    if wish.date is None and (not wish.partial or (wish.only and not day.chosen)):
        say_rest_of_today(call, day, wish.only)
    if wish.open_them and not wish.dry_run:
        for brief in report.briefs:
            launch(str(call.workspace.root / brief.path))
    return exit_status.of_run(day, report)


def _day(call: Call, wish: RunOptions) -> Day:
    """The meetings of the chosen days, each with its code if it has a sheet.

    A sheet's code implies its day if none is given.
    """
    window = window_of(call.now, date=wish.date, days=wish.days, next_one=wish.next_one)
    codes = read_codes(call.workspace)
    if wish.only and wish.date is None and not wish.next_one:
        window = window_of_meeting(wish.only, codes, window)
    start = None
    if wish.at_time is not None:
        start = _at(wish.at_time, window, call.now, given_day=wish.date is not None)
        window = Window.of_days(start.date(), 1, window.zone)
    day = prepare(call.workspace, call.settings, window=window, as_of=call.now)
    if start is not None:
        return by_hand(day, [_named(call, day, name) for name in wish.with_contacts], start)
    if wish.next_one:
        day = next_meeting(day)
    return day.with_codes(codes)[0]


def _at(given: str, window: Window, as_of: datetime, *, given_day: bool) -> datetime:
    """`--at`: a time of day on `--date` (default: today), or a whole time."""
    clock = _CLOCK_TIME.match(given)
    if clock is None:
        return parse_time(given, window.zone)
    day = window.start if given_day else as_of
    try:
        return day.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
    except ValueError:
        raise click.BadParameter(Phrase("there is no time '{given}'", given=given)) from None


def _named(call: Call, day: Day, given: str) -> ContactFile:
    """The one contact that `--with` names; ends with status 2 if there is none, or several."""
    from briefgen.cli.contacts.lookup import the_contact  # noqa: PLC0415  # seldom

    return the_contact(call, day.book, given.removesuffix(".yaml"), day.problems)


def _carry_out(day: Day, wish: RunOptions, edition: Edition) -> Report:
    planned = plan(day, edition, force=wish.force)
    if wish.dry_run:
        return planned_report(day, planned)
    return write_day(day, planned, edition=edition, partial=wish.partial, jobs=wish.jobs)


def say_briefs(call: Call, report: Report) -> None:
    """Print what became of each brief, and with `--verbose` what was left out."""
    call.report(report.as_json())
    call.report_problems(report.problems)
    for brief in report.briefs:
        begin = call.said(WrittenDay(DAY_AND_TIME, brief.start))
        call.say(f"{call.state(brief.state)}  {begin}  {brief.path}")
        for left_out in brief.omitted:
            call.detail(
                "           +{count} {section} in {file}",
                count=left_out.count,
                section=left_out.section,
                file=left_out.file,
            )
    for skipped in report.skipped:
        meeting = skipped.meeting
        call.detail(
            "left out   {start}  {title}: {reason}",
            start=WrittenDay(DAY_AND_TIME, meeting.start),
            title=meeting.title,
            reason=skipped.reason,
        )


def say_summary(call: Call, report: Report) -> None:
    """Print the last line: how many briefs there are, and where."""
    call.say(summary(report, sorted({one.path.rpartition("/")[0] for one in report.briefs})))
