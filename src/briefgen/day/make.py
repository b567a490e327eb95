"""From a prepared day to briefs in their folders, and the report of it."""

from collections.abc import Sequence
from datetime import date

from briefgen.day.prepare import ChosenMeeting, Day, report_of
from briefgen.delivery.briefs import (
    NamedBrief,
    PlannedBrief,
    as_planned,
    mirror,
    plan_briefs,
    write_briefs,
)
from briefgen.delivery.file_names import file_name
from briefgen.delivery.folder import open_day
from briefgen.delivery.report import Report
from briefgen.page.look import Look
from briefgen.workspace.pairing import phone_is_paired
from briefgen.workspace.settings import Edition


def look_of(day: Day) -> Look:
    """The look that the day's settings ask for."""
    look = Look.of(day.workspace, day.settings, day.language)
    address = day.settings.web.address
    if address and phone_is_paired(day.workspace, day.as_of):
        return look.replace(qr_address=address)
    return look


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


def planned_report(day: Day, planned: tuple[PlannedBrief, ...]) -> Report:
    """What a run would do; nothing is written."""
    return report_of(day, as_planned(day.workspace, planned))


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
