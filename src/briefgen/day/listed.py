"""The report of a day whose meetings are only listed."""

from pathlib import Path

from briefgen.day.prepare import ChosenMeeting, Day, report_of
from briefgen.delivery.file_names import file_name
from briefgen.delivery.report import Outcome, Report, ReportedBrief
from briefgen.meetings.meeting import recurrence_text
from briefgen.workspace.regular_file import is_regular
from briefgen.workspace.settings import Edition


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
