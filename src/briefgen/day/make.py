"""Briefs in their days' folders: decide first what has to be made, then make and report it."""

import hashlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Final

from briefgen.brief.brief import Brief
from briefgen.brief.sheet_memory import said_of
from briefgen.day.prepare import ChosenMeeting, Day, report_of
from briefgen.delivery.folder import PACKET_FILE, DayFolder, WrittenFile, file_name, open_day
from briefgen.delivery.report import Outcome, Report, ReportedBrief, ReportedParticipant, State
from briefgen.page.look import Look, MadePage
from briefgen.page.plan import fingerprint
from briefgen.page.text import why_plain
from briefgen.page.workers import Failure, make_pages, make_plain_page
from briefgen.workspace.folder import Workspace, phone_is_paired
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, unwritten
from briefgen.workspace.progress import Step, waiting
from briefgen.workspace.settings import Edition
from briefgen.workspace.value import Value

TEXT_ONLY: Final = "text alone"
"""The fingerprint of a page that holds only the text of a brief that could not be typeset."""


class NamedBrief(Value, frozen=True, kw_only=True):
    """A brief and the file it goes to."""

    brief: Brief
    name: str
    participants: tuple[ReportedParticipant, ...] = ()
    by_hand: bool = False

    @property
    def day(self) -> date:
        """The day it belongs to."""
        return self.brief.start.date()


class PlannedBrief(Value, frozen=True, kw_only=True):
    """What a run would do with one brief: write it, or leave the file that is there."""

    named: NamedBrief
    fingerprint: str
    there: WrittenFile | None

    def reported(
        self, workspace: Workspace, state: State, written: WrittenFile | None
    ) -> ReportedBrief:
        """The brief as the report has it."""
        brief = self.named.brief
        path = workspace.briefings / self.named.day.isoformat() / self.named.name
        return ReportedBrief(
            uid=brief.uid,
            recurrence_id=brief.recurrence_id,
            start=brief.start,
            end=brief.end,
            title=brief.title,
            path=workspace.relative(path),
            edition=brief.edition,
            code=brief.code,
            state=state,
            omitted=written.omitted if written else (),
            participants=self.named.participants,
        )


def plan_briefs(
    workspace: Workspace, named: Iterable[NamedBrief], look: Look, *, force: bool = False
) -> tuple[PlannedBrief, ...]:
    """Decide which briefs have to be made: those whose page would differ from the existing file."""
    plan = []
    folders: dict[date, DayFolder] = {}
    for brief in named:
        folder = folders.setdefault(brief.day, open_day(workspace, brief.day))
        mark = fingerprint(brief.brief, look)
        there = None if force else folder.unchanged(brief.name, mark)
        plan.append(PlannedBrief(named=brief, fingerprint=mark, there=there))
    return tuple(plan)


def as_planned(workspace: Workspace, plan: Iterable[PlannedBrief]) -> Outcome:
    """What `--dry-run` shows: every brief as it would be, nothing written."""
    return Outcome(
        briefs=tuple(
            planned.reported(workspace, "unchanged" if planned.there else "planned", planned.there)
            for planned in plan
        ),
        problems=tuple(p for planned in plan if planned.there for p in planned.there.problems),
    )


def write_briefs(
    workspace: Workspace,
    plan: Sequence[PlannedBrief],
    look: Look,
    *,
    jobs: int = 1,
) -> Outcome:
    """Make and write what has changed, day by day; one brief that fails fails alone.

    The outcome is in the order of the plan.
    """
    to_make = [planned for planned in plan if planned.there is None]
    outcome = Outcome()
    with (
        waiting(len(to_make), Phrase("Typesetting")) as step,
        closing(
            _made_pages(to_make, look, jobs, step)
        ) as made,  # otherwise children outlive a failure
    ):
        for day, of_day in groupby(plan, key=lambda planned: planned.named.day):
            outcome += _write_day(open_day(workspace, day), list(of_day), made)
    return outcome


class _Made(Value, frozen=True, kw_only=True):
    """A page, and if it is the text-only one, why; None if not even that could be made."""

    page: MadePage | None
    reason: str = ""


def _made_pages(
    plan: Sequence[PlannedBrief], look: Look, jobs: int, step: Step
) -> Generator[_Made]:
    briefs = [planned.named.brief for planned in plan]
    with closing(make_pages(briefs, look, jobs=jobs)) as pages:
        for number, page in pages:
            step(1)
            if isinstance(page, Failure):
                yield _in_place_of(page, briefs[number], look)
            else:
                yield _Made(page=page)


def _in_place_of(failure: Failure, brief: Brief, look: Look) -> _Made:
    plain = make_plain_page(brief, look, why_plain(failure.kind, look.language))
    return _Made(page=None if isinstance(plain, Failure) else plain, reason=failure.reason)


def _write_day(folder: DayFolder, plan: Sequence[PlannedBrief], made: Iterator[_Made]) -> Outcome:
    outcome = Outcome()
    for planned in plan:
        if planned.there is not None:
            outcome += _outcome(folder, planned, "unchanged", planned.there)
            continue
        result = next(made)
        problems = [_not_made(planned, result.reason)] if result.reason else []
        state: State = "failed" if result.reason else "written"
        written = None
        if result.page is not None:
            written = _written(planned, result)
            try:
                folder = folder.write({planned.named.name: (written, result.page.pdf)})
            except OSError as error:
                problems.append(_not_written(folder, planned.named.name, error))
                folder = open_day(folder.workspace, folder.day)  # it may exist all the same
                if folder.unchanged(planned.named.name, written.fingerprint) is None:
                    state, written = "failed", None
        outcome += _outcome(folder, planned, state, written, problems)
    return outcome


def _outcome(
    folder: DayFolder,
    planned: PlannedBrief,
    state: State,
    written: WrittenFile | None,
    problems: Iterable[Problem] = (),
) -> Outcome:
    return Outcome(
        briefs=(planned.reported(folder.workspace, state, written),),
        problems=(*problems, *(written.problems if written else ())),
    )


def _written(planned: PlannedBrief, made: _Made) -> WrittenFile:
    """The record of a page; a text-only one matches no plan, so that the next run tries again."""
    assert made.page is not None  # noqa: S101  # only what was made is written
    return WrittenFile(
        fingerprint=TEXT_ONLY if made.reason else planned.fingerprint,
        hashes=(hashlib.sha256(made.page.pdf).hexdigest(),),
        edition=planned.named.brief.edition,
        by_hand=planned.named.by_hand,
        omitted=made.page.omitted,
        problems=made.page.problems,
        sheets=(said_of(planned.named.brief).as_json(),),
    )


def _not_written(folder: DayFolder, name: str, error: OSError) -> Problem:
    path = error.filename or folder.path / name
    return unwritten(folder.workspace.relative(Path(path)), error)


def _not_made(planned: PlannedBrief, reason: str) -> Problem:
    brief = planned.named.brief
    return Problem(file=brief.feed, field=brief.uid, message=f"'{brief.title}': {reason}")


def mirror(
    workspace: Workspace, day: date, expected: Iterable[str], *, edition: str
) -> tuple[str, ...]:
    """Remove the briefs of an edition that are no longer in the plan; returns their names.

    What was made by hand stays, and so does every file that briefgen did not write or that was
    changed since.
    """
    folder = open_day(workspace, day)
    wanted = set(expected)
    stale = tuple(
        name
        for name, written in folder.files.items()
        if written.edition == edition and not written.by_hand and name not in {*wanted, PACKET_FILE}
    )
    if stale:
        folder.without(stale).store()
    return stale


def look_of(day: Day) -> Look:
    """The look according to the day's settings."""
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
    """Write what is planned, with each day's report.

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
