"""`briefgen list`: the meetings of some days that get a brief."""

import click

from briefgen.brief.marks import remarks, suggested_people
from briefgen.brief.select import NOBODY_ELSE
from briefgen.cli.call import Call, with_call
from briefgen.cli.window import (
    ForDays,
    days_of,
    say_next_meeting,
    say_no_calendar,
    say_notes,
    say_rest_of_today,
    window_of,
    window_options,
)
from briefgen.day.find import listed_report, next_meeting
from briefgen.day.prepare import ChosenMeeting, Day, coded, prepare
from briefgen.delivery.report import Skipped
from briefgen.meetings.meeting import Meeting
from briefgen.night import exit_status
from briefgen.workspace.phrase import DAY_AND_TIME, NO_TITLE, Phrase, WrittenDay


@click.command("list", cls=ForDays)
@window_options
@click.option("--only", metavar="TEXT", help="Only meetings with this in the title, or with them.")
@click.option("--why", is_flag=True, help="Also list each meeting left out, and why.")
@with_call
def list_meetings(
    *, call: Call, date: str | None, days: int, next_one: bool, only: str | None, why: bool
) -> None:
    """List the meetings that get a brief, by default tomorrow's."""
    window = window_of(call.now, date=date, days=days, next_one=next_one)
    day = prepare(call.workspace, call.settings, window=window, as_of=call.now)
    if next_one:
        day = next_meeting(day)
    day = coded(day.only(only) if only else day, remember=False)
    edition = call.settings.page.edition
    if call.as_json:
        from briefgen.day.make import plan, planned_report  # noqa: PLC0415  # imports composing

        report = planned_report(day, plan(day, edition))
        document = report.as_json()
        for brief, chosen in zip(document["briefs"], day.chosen, strict=True):
            brief["remarks"] = list(_remarks(day, chosen))
        call.report(document)
    else:
        report = listed_report(day, edition)
        for chosen in day.chosen:
            _print_meeting(call, day, chosen)
        for skipped in report.skipped:
            _print_skipped(call, day, skipped, why=why)
        counts = _counts(day, why=why)
        call.say(
            counts
            if next_one
            else Phrase("{label}: {text}", label=days_of(day.window, "%a %d %b"), text=counts)
        )
        say_notes(call, day.chosen)
        if why:
            _suggest_new_contacts(call, day)
        if not (only or next_one):
            say_next_meeting(call, day)
            if date is None:
                say_rest_of_today(call, day)
        say_no_calendar(call, day)
    call.report_problems(report.problems)
    raise SystemExit(exit_status.of_run(day, report))


def _print_meeting(call: Call, day: Day, chosen: ChosenMeeting) -> None:
    meeting = chosen.meeting
    title = call.title(meeting.title)
    call.say(f"{_times(call, meeting)}  {title}  [{chosen.code}]")
    for participant in chosen.reported_participants():
        file = f"({participant.contact})" if participant.contact else call.said(Phrase("(no file)"))
        shown = participant.name or participant.email or "?"
        address = f" <{participant.email}>" if participant.email else ""
        call.say(f"                        {shown}{address} {file}")
    for remark in _remarks(day, chosen):
        call.say(f"                        ! {call.said(remark)}")


def _times(call: Call, meeting: Meeting) -> str:
    """`Wed 02 Dec 10:00-11:00`, with the day of the end if that is another."""
    form = "%H:%M" if meeting.end.date() == meeting.start.date() else DAY_AND_TIME
    begin, end = WrittenDay(DAY_AND_TIME, meeting.start), WrittenDay(form, meeting.end)
    return f"{call.said(begin)}-{call.said(end)}"


def _print_skipped(call: Call, day: Day, skipped: Skipped, *, why: bool) -> None:
    """Report a meeting that is left out, if asked to, or if only its contact files are missing."""
    meeting = skipped.meeting
    suggestion = suggested_people(meeting, day.book) if skipped.reason == NOBODY_ELSE else None
    if not (why or suggestion):
        return
    begin = call.said(WrittenDay(DAY_AND_TIME, meeting.start))
    call.say(f"{begin}  {meeting.title or call.said(NO_TITLE)}")
    left_out = Phrase("left out: {reason}", reason=skipped.reason)
    call.say(f"                   {call.said(left_out)}")
    if suggestion:
        call.say(f"                   ! {call.said(suggestion)}")


def _remarks(day: Day, chosen: ChosenMeeting) -> tuple[str, ...]:
    return remarks(
        chosen.meeting,
        chosen.participants,
        book=day.book,
        additions=day.additions,
        language=day.vocabulary.language,
    )


def _suggest_new_contacts(call: Call, day: Day) -> None:
    """Print the command that makes the missing contact files of the first such meeting."""
    for chosen in day.chosen:
        if any(one.contact is None for one in chosen.reported_participants()):
            command = f"briefgen contacts new --meeting {chosen.code}"
            call.say("to make files for people without one: {command}", command=command)
            return


def _counts(day: Day, *, why: bool) -> str:
    got = len(day.chosen)
    left = len(day.skipped)
    meetings = Phrase.plural("{count} meeting gets a brief", "{count} meetings get a brief", got)
    if not left:
        return meetings
    counts = Phrase("{meetings}, {left} left out", meetings=meetings, left=left)
    return counts if why else Phrase("{counts} (--why shows why)", counts=counts)
