"""A team's night: run here or on a Dask cluster, what waits tried again, how it went.

If a worker dies, its person's night is tried again, and nobody else notices. Over 400 lines,
because both ways to run the tasks share types, limits and the retry loop.
"""

import multiprocessing
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib import import_module
from itertools import count, islice
from pathlib import Path
from typing import Any, Final, TypeAlias

from briefgen import __version__
from briefgen.delivery.ledger import LedgerFault
from briefgen.delivery.ledger_entry import wait_after
from briefgen.page.workers import end_children, keep_children
from briefgen.team.private_copy import NoCopy, private_copy
from briefgen.team.roster import Member, Roster, is_server
from briefgen.team.store import open_store
from briefgen.team.task import WRONG_CLOCK, Result, Task, run_task
from briefgen.workspace.folder import NoWorkspace, find_workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, Stop
from briefgen.workspace.settings import read_settings

Work = Callable[[Task], Result]

_TRIES: Final = 4
"""How often a night is started if its worker dies."""
_AHEAD: Final = 2
"""How many tasks wait at each worker."""
_DIED: Final = Phrase("its worker died {count} times, most likely for lack of memory")


class NoEngine(Stop):
    """There are no usable workers; the message says why and what to do."""


def run_here(tasks: Iterable[Task], *, jobs: int, work: Work = run_task) -> Iterator[Result]:
    """Run the tasks in processes of this machine, each in its own pool, so that one dies alone."""
    waiting = iter(tasks)
    pools = [_pool() for _ in range(jobs)]
    running: dict[Future[Result], tuple[int, Task, int]] = {}

    def begin(slot: int, task: Task | None, tries: int = 1) -> None:
        if task is not None:
            running[pools[slot].submit(_at_work, work, task)] = (slot, task, tries)

    try:
        for slot in range(jobs):
            begin(slot, next(waiting, None))
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                slot, task, tries = running.pop(future)
                if not isinstance(future.exception(), BrokenProcessPool):
                    begin(slot, next(waiting, None))
                    yield future.result()
                    continue
                pools[slot].shutdown()
                pools[slot] = _pool()
                if tries < _TRIES:
                    begin(slot, task, tries + 1)
                else:
                    begin(slot, next(waiting, None))
                    yield _dead(task, tries)
    finally:
        for pool in pools:
            pool.shutdown(cancel_futures=True)


def _pool() -> ProcessPoolExecutor:
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=spawn, initializer=_go_with_driver)


_AT_WORK: Final = threading.Lock()
"""Held while a worker is busy with a night."""


def _go_with_driver() -> None:
    """End this worker when its driver is killed, but not in the middle of a night."""

    def wait_for_end() -> None:
        if (driver := multiprocessing.parent_process()) is not None:
            driver.join()
            with _AT_WORK:
                end_children()
                os._exit(0)

    threading.Thread(target=wait_for_end, daemon=True).start()


def _at_work(work: Work, task: Task) -> Result:
    """One night at a time in a worker; its typesetting process is kept for the next one."""
    with _AT_WORK:
        keep_children()
        return work(task)


def _dead(task: Task, count: int) -> Result:
    message = _DIED.filled(count=count)
    problem = {"file": task.over.file, "line": task.over.line, "message": message}
    return Result(person=task.person, state="failed", problems=(problem,))


_Untyped: TypeAlias = Any
"""Of distributed, which has no types."""


def run_on_dask(
    tasks: Iterable[Task], *, address: str | None, jobs: int, work: Work = run_task
) -> Iterator[Result]:
    """Run the tasks on a Dask cluster: the one at `address`, or a new one on this machine.

    Raises:
        NoEngine: if there is none, or its workers cannot do this.
    """
    try:
        import dask  # noqa: PLC0415  # an extra, and slow to import

        distributed: Any = import_module("distributed")  # untyped
    except ImportError:
        raise NoEngine(Phrase("Dask needs: pip install 'briefgen[team]'")) from None
    dask.config.set(_DASK_SETTINGS)
    with ExitStack() as stack:
        try:
            if address is None:
                cluster = stack.enter_context(
                    distributed.LocalCluster(
                        n_workers=jobs,
                        threads_per_worker=1,
                        dashboard_address="127.0.0.1:0",
                        memory_limit=0,
                        silence_logs=50,
                    )
                )
                client = stack.enter_context(distributed.Client(cluster))
            else:
                client = stack.enter_context(distributed.Client(address, timeout=30))
        except OSError as error:
            raise NoEngine(
                "no Dask scheduler answers at {address}: {error}", address=address, error=error
            ) from None
        _check_workers(client)
        yield from _shared_out(client, distributed, tasks, work)


_DASK_SETTINGS: Final = {
    # A worker typesets pages in child processes, which a daemon may not have.
    "distributed.worker.daemon": False,
    "distributed.logging": {},
    # Monitoring itself took a twelfth of a processor; this way it takes a hundredth.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
}


def _check_workers(client: _Untyped) -> None:
    """Refuse workers that cannot do the work, and say what to do about it.

    Raises:
        NoEngine: for the first one that cannot.
    """
    asked = time.clock_gettime(time.CLOCK_REALTIME)
    found = client.run(worker_facts)
    if not found:
        raise NoEngine(Phrase("the Dask cluster has no workers"))
    for place, facts in found.items():
        if facts["version"] != __version__:
            raise NoEngine(
                "the worker at {place} has briefgen {theirs}, and this is {ours};"
                " install the same everywhere",
                place=place,
                theirs=facts["version"],
                ours=__version__,
            )
        if facts["daemon"]:
            raise NoEngine(
                "the worker at {place} cannot typeset; start it with"
                " DASK_DISTRIBUTED__WORKER__DAEMON=False, or with --no-nanny",
                place=place,
            )
        if abs(facts["clock"] - asked) > WRONG_CLOCK:
            raise NoEngine(
                "the clock of the worker at {place} is {seconds} seconds from this machine's;"
                " set it right",
                place=place,
                seconds=f"{facts['clock'] - asked:+.0f}",
            )


def worker_facts() -> dict[str, Any]:
    """What must be the same on every worker."""
    return {
        "version": __version__,
        "daemon": multiprocessing.current_process().daemon,
        "clock": time.clock_gettime(time.CLOCK_REALTIME),
    }


def _shared_out(
    client: _Untyped, distributed: _Untyped, tasks: Iterable[Task], work: Work
) -> Iterator[Result]:
    """Hand tasks out under numbers, so that no dashboard shows a name."""
    mark, numbers = os.urandom(4).hex(), count(1)
    running: dict[str, Task] = {}

    def submitted(tasks: Iterable[Task]) -> Iterator[Any]:
        for task in tasks:
            key = f"night-{mark}-{next(numbers)}"
            running[key] = task
            yield client.submit(_at_work, work, task, key=key, pure=False, retries=_TRIES - 1)

    waiting = iter(tasks)
    ahead = max(_AHEAD, _AHEAD * len(client.scheduler_info(n_workers=-1)["workers"]))
    queue = distributed.as_completed(submitted(islice(waiting, ahead)))
    for future in queue:
        task = running.pop(future.key)
        if future.status == "finished":
            yield future.result()
        else:
            yield _dead(task, _TRIES)
        future.release()
        queue.update(submitted(islice(waiting, 1)))


Run = Callable[[Iterable[Task]], Iterator[Result]]
MOST_AGAIN: Final = 2_000
"""The most people whose waiting mails are tried again the same night."""


@dataclass
class Tally:
    """Counts of the nights' outcomes, and what is wrong with the roster."""

    states: Counter[str] = field(default_factory=Counter)
    briefs: int = 0
    mails: int = 0
    problems: list[Problem] = field(default_factory=list)
    _shared: set[str] = field(default_factory=set)

    def unreported(self, result: Result) -> Iterator[Mapping[str, Any]]:
        """A person's problems; those of no file, like a ledger that is away, only once."""
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
        """How many nights were not done, and how many entries of the roster are unusable."""
        return sum(self.states.values()) - self.states["done"] + len(self.problems)


def engine(on: str, *, jobs: int, roster: Roster) -> Run:
    """What runs the tasks: `local`, `dask`, or `dask://HOST:PORT`.

    Raises:
        NoEngine: if the roster cannot be run there.
    """
    if on == "local":
        return lambda tasks: run_here(tasks, jobs=jobs)
    if on == "dask":
        return lambda tasks: run_on_dask(tasks, address=None, jobs=jobs)
    if not on.startswith("dask://"):
        raise NoEngine(
            "'{given}' is not an engine; write local, dask or dask://HOST:PORT", given=on
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
    """A task for each person, made on demand; problems go to the tally."""
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
    """Every person's last result.

    If mail waits, or a night is running elsewhere, that night is run again when the mail is due,
    within `patience`. `tell` is called before each wait, with the results so far and its end.
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
                "{person}: no calendar, so there is nothing to make briefs for; write "
                "`feeds` into their briefgen.yaml",
                person=member.person,
            )
            yield replace(_of(roster, member, message), severity="warning", field="feeds")
        if member.remote and not is_server(roster.store):
            message = Phrase(
                "{person}: the workspace is elsewhere, but the ledger is a file here; other "
                "machines will not know what was mailed. Write `ledger: postgresql://…`",
                person=member.person,
            )
            yield replace(_of(roster, member, message), severity="warning")


def _of(roster: Roster, member: Member, message: str) -> Problem:
    return Problem(file=roster.file, line=member.line, field="workspace", message=message)
