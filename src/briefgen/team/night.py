"""A team's night: who is in order, the tasks shared out, what waits tried again, how it went."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from briefgen.delivery.ledger import LedgerFault
from briefgen.delivery.ledger_entry import wait_after
from briefgen.team.engines import NoEngine, run_here, run_on_dask
from briefgen.team.remote import NoCopy, private_copy
from briefgen.team.roster import Member, Roster, is_server
from briefgen.team.store import open_store
from briefgen.team.task import Result, Task
from briefgen.workspace.folder import NoWorkspace, find_workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import read_settings

Run = Callable[[Iterable[Task]], Iterator[Result]]
MOST_AGAIN: Final = 2_000
"""The most people whose waiting mails are tried again the same night."""


@dataclass
class Tally:
    """How many nights came to what, and what is wrong with the roster."""

    states: Counter[str] = field(default_factory=Counter)
    briefs: int = 0
    mails: int = 0
    problems: list[Problem] = field(default_factory=list)
    _shared: set[str] = field(default_factory=set)

    def not_told(self, result: Result) -> Iterator[Mapping[str, Any]]:
        """A person's problems; what is nobody's file, like a ledger that is away, only once."""
        for problem in result.problems:
            if problem["file"]:
                yield problem
            elif problem["message"] not in self._shared:
                self._shared.add(problem["message"])
                yield problem

    def add(self, result: Result) -> None:
        """Count one more."""
        self.states[result.state] += 1
        self.briefs += result.briefs
        self.mails += result.mails

    @property
    def undone(self) -> int:
        """Whose nights were not done, and entries of the roster that could not be followed."""
        return sum(self.states.values()) - self.states["done"] + len(self.problems)


def engine(on: str, *, jobs: int, roster: Roster) -> Run:
    """What runs the tasks: `local`, `dask`, or `dask://HOST:PORT`.

    Raises:
        NoEngine: where the roster cannot be run there.
    """
    if on == "local":
        return lambda tasks: run_here(tasks, jobs=jobs)
    if on == "dask":
        return lambda tasks: run_on_dask(tasks, address=None, jobs=jobs)
    if not on.startswith("dask://"):
        raise NoEngine(
            Phrase("'{given}' is no engine; write local, dask or dask://HOST:PORT", given=on)
        )
    if not is_server(roster.store):
        message = Phrase(
            "several machines need one ledger; write `ledger: postgresql://…` into the roster"
        )
        raise NoEngine(message)
    address = f"tcp://{on.removeprefix('dask://')}"
    return lambda tasks: run_on_dask(tasks, address=address, jobs=jobs)


def tasks_of(
    roster: Roster, tally: Tally, *, as_of: datetime, shard: tuple[int, int] | None
) -> Iterator[Task]:
    """A task for each person, made when it is asked for; what is wrong goes to the tally."""
    for one in roster.people(shard=shard):
        if isinstance(one, Problem):
            if one.severity == "error":
                tally.problems.append(one)
        else:
            over, under = roster.layers(one)
            yield Task(
                person=one.person,
                workspace=roster.place(one.workspace),
                remote=one.remote,
                over=over,
                under=under,
                store=roster.store,
                as_of=as_of,
                night=as_of.date(),
                sent=time.clock_gettime(time.CLOCK_REALTIME),
                mails_per_minute=roster.head.mails_per_minute,
            )


def run_team(
    tasks: Iterator[Task],
    run: Run,
    *,
    patience: timedelta,
    tell: Callable[[Sequence[Result], datetime], None] = lambda _, __: None,
    wait: Callable[[float], None] = time.sleep,
) -> Iterator[Result]:
    """Every person's result: the last one where a night was put off or running elsewhere.

    Where mail waits, its people's nights are run again when it is due, for as long as `patience`.
    `tell` is called before each wait, with the results so far and the time it ends.
    """
    begun = time.monotonic()
    passed, tries = timedelta(), 0
    while True:
        again: dict[str, tuple[Task, Result]] = {}
        given: dict[str, Task] = {}

        def noted(tasks: Iterator[Task], given: dict[str, Task] = given) -> Iterator[Task]:
            for task in tasks:
                given[task.person] = task
                yield task

        for result in run(noted(tasks)):
            task = given.pop(result.person)
            open_ = result.waiting > 0 or result.state == "running elsewhere"
            if open_ and patience and len(again) < MOST_AGAIN:
                again[result.person] = (task, result)
            else:
                yield result
        tries += 1
        due = passed + wait_after(tries)
        if not again or due > patience:
            yield from (result for _, result in again.values())
            return
        later = [replace(task, as_of=task.as_of + (due - passed)) for task, _ in again.values()]
        tell([result for _, result in again.values()], later[0].as_of)
        wait(max(0.0, due.total_seconds() - (time.monotonic() - begun)))
        tasks = iter(later)
        passed = due


def check_ledger(roster: Roster) -> Iterator[Problem]:
    """Why a ledger on a server cannot be used; one in a file is made when it is needed."""
    try:
        if is_server(roster.store):
            with open_store(roster.store):
                pass
    except LedgerFault as fault:
        yield Problem(file=roster.file, field="ledger", message=str(fault))


def check_member(roster: Roster, member: Member) -> Iterator[Problem]:
    """Every problem of one person's workspace and settings; files begin with the person's name."""
    with ExitStack() as stack:
        place = roster.place(member.workspace)
        try:
            if member.remote:
                root = stack.enter_context(private_copy(place)).folder
            else:
                root = find_workspace(Path(place), environment={}, current=Path.cwd()).root
        except (NoCopy, NoWorkspace) as error:
            yield _of(roster, member, str(error))
            return
        over, under = roster.layers(member)
        settings, problems = read_settings(root, over=over, under=under)
        for problem in problems:
            own = problem.file != roster.file
            yield replace(problem, file=f"{member.person}: {problem.file}") if own else problem
        if settings is not None and not settings.feeds:
            message = Phrase(
                "{person}: no calendar, so that there is nothing to make briefs for;"
                " write `feeds` into their briefgen.yaml",
                person=member.person,
            )
            yield replace(_of(roster, member, message), severity="warning", field="feeds")
        if member.remote and not is_server(roster.store):
            message = Phrase(
                "{person}: a workspace elsewhere, and the ledger is a file here; other machines"
                " will not know what was mailed. Write `ledger: postgresql://…`",
                person=member.person,
            )
            yield replace(_of(roster, member, message), severity="warning")


def _of(roster: Roster, member: Member, message: str) -> Problem:
    return Problem(file=roster.file, line=member.line, field="workspace", message=message)
