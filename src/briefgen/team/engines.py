"""Where a team's nights run: processes of this machine, or the workers of a Dask cluster.

An engine takes tasks from an iterator, a few at a time, and yields results as they come; a worker
that dies costs its person's night a second try, and nobody else anything.
"""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from importlib import import_module
from itertools import count, islice
from typing import Any, Final

from briefgen import __version__
from briefgen.page.workers import end_children, keep_children
from briefgen.team.task import Result, Task, run_task
from briefgen.workspace.phrase import Phrase

Work = Callable[[Task], Result]

_TRIES: Final = 4
"""How often a night whose worker dies is begun."""
_AHEAD: Final = 2
"""How many tasks wait at each worker."""
_DIED: Final = Phrase("its worker died {count} times; memory, most often")


class NoEngine(Exception):  # noqa: N818  # names what there is not
    """The workers cannot be had, or are not fit; the message says why and what to do."""


def run_here(tasks: Iterable[Task], *, jobs: int, work: Work = run_task) -> Iterator[Result]:
    """Run the tasks in processes of this machine, each in a pool of its own: one dies alone."""
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
    """Have this worker end when its driver is killed: after the night it is at, not within it."""
    threading.Thread(target=_wait_for_end, daemon=True).start()


def _wait_for_end() -> None:
    driver = multiprocessing.parent_process()
    if driver is not None:
        driver.join()
        with _AT_WORK:
            end_children()
            os._exit(0)


def _at_work(work: Work, task: Task) -> Result:
    """One night at a time in a worker; its typesetting process is kept for the next one."""
    with _AT_WORK:
        keep_children()
        return work(task)


def _dead(task: Task, count: int) -> Result:
    problem = {
        "file": task.over.file,
        "line": task.over.line,
        "message": _DIED.filled(count=count),
    }
    return Result(person=task.person, state="failed", problems=(problem,))


def run_on_dask(
    tasks: Iterable[Task], *, address: str | None, jobs: int, work: Work = run_task
) -> Iterator[Result]:
    """Run the tasks on a Dask cluster: that at `address`, or one of this machine's own.

    Raises:
        NoEngine: where there is none, or its workers are not fit for this.
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
            message = Phrase(
                "no Dask scheduler answers at {address}: {error}", address=address, error=error
            )
            raise NoEngine(message) from None
        _check_workers(client)
        yield from _shared_out(client, distributed, tasks, work)


_DASK_SETTINGS: Final = {
    # Pages are typeset in children of a worker, which a daemon may not have.
    "distributed.worker.daemon": False,
    "distributed.logging": {},
    # Its looking after itself took a twelfth of a processor, a hundredth now.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
}


def _check_workers(client: Any) -> None:  # noqa: ANN401  # distributed is untyped
    """Refuse workers that cannot do the work, each with what to do about it.

    Raises:
        NoEngine: for the first that cannot.
    """
    asked = time.clock_gettime(time.CLOCK_REALTIME)
    found = client.run(worker_facts)
    if not found:
        raise NoEngine(Phrase("the Dask cluster has no workers"))
    for place, facts in found.items():
        if facts["version"] != __version__:
            message = Phrase(
                "the worker at {place} has briefgen {theirs}, and this is {ours};"
                " install the same everywhere",
                place=place,
                theirs=facts["version"],
                ours=__version__,
            )
            raise NoEngine(message)
        if facts["daemon"]:
            message = Phrase(
                "the worker at {place} cannot typeset; start it with"
                " DASK_DISTRIBUTED__WORKER__DAEMON=False, or with --no-nanny",
                place=place,
            )
            raise NoEngine(message)
        if abs(facts["clock"] - asked) > _WRONG_CLOCK:
            message = Phrase(
                "the clock of the worker at {place} is {seconds} seconds from this machine's;"
                " set it right",
                place=place,
                seconds=f"{facts['clock'] - asked:+.0f}",
            )
            raise NoEngine(message)


_WRONG_CLOCK: Final = 120.0


def worker_facts() -> dict[str, Any]:
    """What must be the same on every worker."""
    return {
        "version": __version__,
        "daemon": multiprocessing.current_process().daemon,
        "clock": time.clock_gettime(time.CLOCK_REALTIME),
    }


def _shared_out(
    client: Any,  # noqa: ANN401  # distributed is untyped
    distributed: Any,  # noqa: ANN401  # as above
    tasks: Iterable[Task],
    work: Work,
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
