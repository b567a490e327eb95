"""Work for a team's workers that writes down what each night took of a processor."""

import os
from pathlib import Path

import psutil
from team_deaths import mortal_page_night

from briefgen.team.task import Result, Task

METER = "BRIEFGEN_BENCH_METER"
"""The file it is written to, one night a line: the worker's number, a blank, and seconds."""


def metered_night(task: Task) -> Result:
    """One person's night with real pages, in which the worker may die."""
    before = _spent()
    result = mortal_page_night(task)
    with Path(os.environ[METER]).open("a", encoding="utf-8") as stream:
        stream.write(f"{os.getpid()} {_spent() - before}\n")
    return result


def _spent() -> float:
    """Processor time of this worker and of the child that typesets."""
    me = psutil.Process()
    times = [sum(me.cpu_times()[:4])]  # with children that have ended
    times += [sum(child.cpu_times()[:2]) for child in me.children(recursive=True)]
    return float(sum(times))
