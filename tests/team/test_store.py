"""The store of a team: opened by many workers at once."""

import multiprocessing
from multiprocessing.synchronize import Barrier
from pathlib import Path

from briefgen.team.store import open_store


def _open(path: Path, start: Barrier) -> None:
    start.wait()
    with open_store(str(path)):
        pass


def test_workers_that_open_a_new_store_at_once_wait_for_one_another(tmp_path: Path) -> None:
    """None finds it locked, which would put its person's mail off for a quarter of an hour."""
    context = multiprocessing.get_context("fork")
    for number in range(150):
        start = context.Barrier(2)
        path = tmp_path / str(number) / "team.sqlite"
        workers = [context.Process(target=_open, args=(path, start)) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert [worker.exitcode for worker in workers] == [0, 0]
