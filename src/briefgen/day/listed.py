"""What is told of a day: the codes of its sheets, and the report of what became of its briefs."""

from pathlib import Path

from briefgen.brief.sheet_codes import read_codes, write_codes
from briefgen.day.prepare import ChosenMeeting, Day
from briefgen.delivery.file_names import file_name
from briefgen.delivery.lost_contacts import lost_contacts
from briefgen.delivery.report import Outcome, Report, ReportedBrief
from briefgen.meetings.meeting import recurrence_text
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.regular_file import is_regular
from briefgen.workspace.settings import Edition


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


def listed_report(day: Day, edition: Edition) -> Report:
    """As `planned_report`, for those who only list the meetings.

    A brief is composed only where its sheet has been written: whether it is unchanged decides if
    what its making had to tell is told again. Composing the others would be half of the work.
    """
    there = [one for one in day.chosen if is_regular(_path(day, one, edition))]
    absent = [_expected(day, one, edition) for one in day.chosen if one not in there]
    outcome = Outcome(briefs=tuple(absent))
    if there:
        from briefgen.day.make import plan  # noqa: PLC0415  # brings all of composing
        from briefgen.delivery.briefs import as_planned  # noqa: PLC0415  # as above

        outcome = as_planned(day.workspace, plan(day, edition, only=there)) + outcome
    return report_of(day, outcome)


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
