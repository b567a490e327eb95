"""Writes briefs to their days' folders: decide first what is to be made, then make it."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from briefgen.brief.brief import Brief
from briefgen.delivery.folder import DayFolder, WrittenFile, open_day
from briefgen.delivery.report import ReportedBrief, ReportedParticipant, State
from briefgen.page.fingerprint import fingerprint
from briefgen.page.look import Look
from briefgen.page.page import MadePage
from briefgen.page.workers import Failure, make_pages
from briefgen.problems import Problem
from briefgen.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class NamedBrief:
    """A brief and the file it goes to."""

    brief: Brief
    name: str
    participants: tuple[ReportedParticipant, ...] = ()
    by_hand: bool = False

    @property
    def day(self) -> date:
        """The day it belongs to."""
        return self.brief.start.date()


@dataclass(frozen=True, kw_only=True)
class PlannedBrief:
    """What a run would do with one brief: write it, or leave the file that is there."""

    named: NamedBrief
    fingerprint: str
    there: WrittenFile | None

    def reported(
        self, workspace: Workspace, state: State, written: WrittenFile | None
    ) -> ReportedBrief:
        """The brief as the report tells of it."""
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


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of planned briefs, and what their making had to tell."""

    briefs: tuple[ReportedBrief, ...] = ()
    problems: tuple[Problem, ...] = ()

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(briefs=self.briefs + other.briefs, problems=self.problems + other.problems)


def plan_briefs(
    workspace: Workspace, named: Iterable[NamedBrief], look: Look, *, force: bool = False
) -> tuple[PlannedBrief, ...]:
    """Decide which briefs have to be made: those whose page would differ from the file there."""
    plan = []
    folders: dict[date, DayFolder] = {}
    for brief in named:
        folder = folders.setdefault(brief.day, open_day(workspace, brief.day))
        mark = fingerprint(brief.brief, look)
        there = None if force else folder.unchanged(brief.name, mark)
        plan.append(PlannedBrief(named=brief, fingerprint=mark, there=there))
    return tuple(plan)


def as_planned(workspace: Workspace, plan: Iterable[PlannedBrief]) -> Outcome:
    """What `--dry-run` tells: every brief as it would be, nothing written."""
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
    progress: Callable[[], None] = lambda: None,
) -> Outcome:
    """Make and write what has changed, day by day; one brief that fails fails alone.

    `progress` is called once for each brief made. The outcome is in the order of the plan.
    """
    made = _made_pages([planned for planned in plan if planned.there is None], look, jobs, progress)
    outcome = Outcome()
    for day, of_day in groupby(plan, key=lambda planned: planned.named.day):
        outcome += _write_day(open_day(workspace, day), list(of_day), made)
    return outcome


def _made_pages(
    plan: Sequence[PlannedBrief], look: Look, jobs: int, progress: Callable[[], None]
) -> Iterator[MadePage | Failure]:
    for _, page in make_pages([planned.named.brief for planned in plan], look, jobs=jobs):
        progress()
        yield page


def _write_day(
    folder: DayFolder, plan: Sequence[PlannedBrief], made: Iterator[MadePage | Failure]
) -> Outcome:
    contents: dict[str, tuple[WrittenFile, bytes]] = {}
    reasons: dict[str, str] = {}
    for planned in plan:
        if planned.there is None:
            page = next(made)
            if isinstance(page, Failure):
                reasons[planned.named.name] = page.reason
            else:
                contents[planned.named.name] = (_written(planned, page), page.pdf)
    failed: dict[str, Problem] = {}
    for name, content in contents.items():
        try:
            folder = folder.write({name: content})
        except OSError as error:
            failed[name] = _not_written(folder, name, error)
    return _outcome(folder, plan, contents, reasons, failed)


def _outcome(
    folder: DayFolder,
    plan: Sequence[PlannedBrief],
    contents: dict[str, tuple[WrittenFile, bytes]],
    reasons: dict[str, str],
    failed: dict[str, Problem],
) -> Outcome:
    briefs, problems = [], list(failed.values())
    for planned in plan:
        name = planned.named.name
        state: State = "written"
        written = planned.there or (contents[name][0] if name in contents else None)
        if planned.there is not None:
            state = "unchanged"
        elif written is None or name in failed:
            state = "failed"
        if name in reasons:
            problems.append(_not_made(planned, reasons[name]))
        problems += written.problems if written else ()
        briefs.append(planned.reported(folder.workspace, state, written))
    return Outcome(briefs=tuple(briefs), problems=tuple(problems))


def _written(planned: PlannedBrief, page: MadePage) -> WrittenFile:
    return WrittenFile(
        fingerprint=planned.fingerprint,
        hashes=(hashlib.sha256(page.pdf).hexdigest(),),
        edition=planned.named.brief.edition,
        by_hand=planned.named.by_hand,
        omitted=page.omitted,
        problems=page.problems,
    )


def _not_written(folder: DayFolder, name: str, error: OSError) -> Problem:
    path = error.filename or folder.path / name
    shown = folder.workspace.relative(type(folder.path)(path))
    return Problem(file=shown, message=f"cannot be written: {error.strerror}")


def _not_made(planned: PlannedBrief, reason: str) -> Problem:
    brief = planned.named.brief
    return Problem(file=brief.feed, field=brief.uid, message=f"'{brief.title}': {reason}")


def mirror(
    workspace: Workspace, day: date, expected: Iterable[str], *, edition: str
) -> tuple[str, ...]:
    """Remove the briefs of an edition that the plan has no more, and tell their names.

    What was made by hand stays, and so does every file that briefgen did not write or that was
    changed since.
    """
    folder = open_day(workspace, day)
    wanted = set(expected)
    stale = tuple(
        name
        for name, written in folder.files.items()
        if written.edition == edition and not written.by_hand and name not in wanted
    )
    if stale:
        folder.without(stale).store()
    return stale
