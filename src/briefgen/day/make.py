"""From a prepared day to briefs in their folders, and the report of it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from briefgen.brief.sheet_codes import read_codes, write_codes
from briefgen.day.prepare import ChosenMeeting, Day
from briefgen.delivery.briefs import (
    NamedBrief,
    Outcome,
    PlannedBrief,
    as_planned,
    mirror,
    plan_briefs,
    write_briefs,
)
from briefgen.delivery.file_names import file_name
from briefgen.delivery.folder import open_day
from briefgen.delivery.lost_contacts import lost_contacts
from briefgen.delivery.report import Report, ReportedBrief
from briefgen.meetings.meeting import recurrence_text
from briefgen.page.look import Look
from briefgen.workspace.pairing import phone_is_paired
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.regular_file import is_regular
from briefgen.workspace.settings import Edition


def look_of(day: Day) -> Look:
    """The look that the day's settings ask for."""
    look = Look.of(day.workspace, day.settings, day.language)
    address = day.settings.web.address
    if address and phone_is_paired(day.workspace, day.as_of):
        return look.replace(qr_address=address)
    return look


def coded(day: Day, *, remember: bool) -> Day:
    """The day with a code for each sheet; remembered unless nothing is to be written."""
    known = read_codes(day.workspace)
    with_codes, living = day.with_codes(known)
    if remember and living != known:
        try:
            write_codes(day.workspace, living)
        except OSError as error:  # the briefs are worth more than their codes
            file = day.workspace.relative(Path(error.filename))
            message = Phrase(
                "cannot be written: {reason}; codes of sheets may change", reason=error.strerror
            )
            problem = Problem(file=file, message=message, severity="warning")
            return with_codes.replace(problems=(*with_codes.problems, problem))
    return with_codes


def plan(
    day: Day,
    edition: Edition,
    *,
    force: bool = False,
    only: Sequence[ChosenMeeting] | None = None,
) -> tuple[PlannedBrief, ...]:
    """Compose the day's briefs, or those of `only`, and decide which of them have to be made."""
    named = [
        NamedBrief(
            brief=day.brief(chosen, edition),
            name=file_name(chosen.file_stem, edition),
            participants=chosen.reported_participants(),
            by_hand=chosen.by_hand,
        )
        for chosen in (day.chosen if only is None else only)
    ]
    return plan_briefs(day.workspace, named, look_of(day), force=force)


def report_of(day: Day, outcome: Outcome) -> Report:
    """The report of what became of a day's briefs, beside what the last one said of them."""
    lost = lost_contacts(day.workspace, outcome.briefs)
    return Report(
        as_of=day.as_of,
        window=day.window,
        briefs=outcome.briefs,
        skipped=day.skipped,
        problems=(*day.problems, *outcome.problems, *lost),
        lost_contacts=bool(lost),
    )


def planned_report(day: Day, planned: tuple[PlannedBrief, ...]) -> Report:
    """What a run would do; nothing is written."""
    return report_of(day, as_planned(day.workspace, planned))


def listed_report(day: Day, edition: Edition) -> Report:
    """As `planned_report`, for those who only list the meetings.

    A brief is composed only where its sheet has been written: whether it is unchanged decides if
    what its making had to tell is told again. Composing the others would be half of the work.
    """
    there = [one for one in day.chosen if is_regular(_path(day, one, edition))]
    outcome = as_planned(day.workspace, plan(day, edition, only=there))
    absent = [_expected(day, one, edition) for one in day.chosen if one not in there]
    return report_of(day, outcome + Outcome(briefs=tuple(absent)))


def _expected(day: Day, chosen: ChosenMeeting, edition: Edition) -> ReportedBrief:
    meeting = chosen.meeting
    return ReportedBrief(
        uid=meeting.uid,
        recurrence_id=recurrence_text(meeting.recurrence_id),
        start=meeting.start,
        end=meeting.end,
        title=meeting.title,
        path=day.workspace.relative(_path(day, chosen, edition)),
        edition=edition,
        code=chosen.code,
        state="planned",
        participants=chosen.reported_participants(),
    )


def _path(day: Day, chosen: ChosenMeeting, edition: Edition) -> Path:
    folder = day.workspace.briefings / chosen.meeting.day.isoformat()
    return folder / file_name(chosen.file_stem, edition)


def write_day(
    day: Day,
    planned: tuple[PlannedBrief, ...],
    *,
    edition: Edition,
    partial: bool,
    jobs: int = 1,
) -> Report:
    """Write what is planned, each day's report with it.

    Unless the run is `partial`, a day's folder mirrors the plan afterwards: briefs of meetings
    that were moved or cancelled go.
    """
    outcome = write_briefs(day.workspace, planned, look_of(day), jobs=jobs)
    report = report_of(day, outcome)
    missing = outcome.unwritten_days(day.workspace)
    for each in _touched_days(day, report, partial=partial):
        if not partial and day.calendar_whole and each not in missing:
            names = [p.named.name for p in planned if p.named.day == each]
            mirror(day.workspace, each, names, edition=edition)
        folder = open_day(day.workspace, each)
        if folder.path.is_dir():
            kept = frozenset[str]() if day.calendar_whole else frozenset(folder.files)
            folder.write_report(report, partial=partial, kept=kept)
    return report


def _touched_days(day: Day, report: Report, *, partial: bool) -> tuple[date, ...]:
    if partial:
        return tuple(sorted({brief.start.date() for brief in report.briefs}))
    return day.window.days
