"""Two children against one, and the memory of a long run against a short one.

`python benchmarks/bench_workers.py [BRIEFS] [MINUTES]` makes that many briefs (200) with one child
and with two, and 1,000 in this process for the memory, which ends after so many minutes (10) and
says how far it came.

Two children can gain no more than the machine gives to two processes that share nothing: that is
measured beside them, in turn. On a busy machine the clock tells little; the processor time of each
process tells how fast two children would be if nobody else worked: as fast as the busiest process.
"""

import multiprocessing
import os
import statistics
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from briefgen.brief.brief import Brief, Face, Line, Prompt, Source
from briefgen.page.look import Look, MadePage
from briefgen.page.make import make_page
from briefgen.page.workers import make_pages
from briefgen.workspace.language import language_of

FEW, MANY, DIFFERENT = 100, 1000, 50
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SOURCE = Source(file="data/contacts/dana-smith.yaml", line=1)
WORDS = (
    "carriers", "keyed", "by", "hand", "service", "levels", "named", "engineer", "go-live",
    "pricing", "phase", "one", "booking", "screen", "support", "answers",
)  # fmt: skip


def main() -> None:
    """Print the ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else 10
    with TemporaryDirectory() as folder:
        look = look_in(Path(folder))
        two_against_one([brief(number) for number in range(count)], look)
        long_against_short(look, minutes=minutes)


def two_against_one(briefs: list[Brief], look: Look) -> None:
    """The throughput of two children, beside what the machine can give."""
    run(briefs[:4], look, jobs=2)  # the first run starts the server that children come from
    rounds = [
        (run(briefs, look, jobs=1), run(briefs, look, jobs=2), idle_loops(1), idle_loops(2))
        for _ in range(3)
    ]
    ones, twos, alone, together = zip(*rounds, strict=True)
    one, two = (statistics.median(spent.clock for spent in each) for each in (ones, twos))
    each = 1000 / len(briefs)
    print(f"{len(briefs)} briefs, one child    {one:6.1f} s  {one * each:5.0f} ms a brief")
    print(f"{len(briefs)} briefs, two children {two:6.1f} s  {two * each:5.0f} ms a brief")
    print(f"throughput of two against one: {one / two:.2f} (wanted: at least 1.8)")
    shared = 2 * statistics.median(alone) / statistics.median(together)
    print(f"  of two processes that share nothing: {shared:.2f}")
    busiest = [statistics.median(spent.busiest for spent in each) for each in (ones, twos)]
    print(f"  by the processor time of the busiest process: {busiest[0] / busiest[1]:.2f}")


def long_against_short(look: Look, *, minutes: float) -> None:
    """The memory of this process after 1,000 pages, beside that after the first 100.

    Fifty briefs again and again, so that most need one layout.
    """
    until = time.monotonic() + 60 * minutes
    short = made = 0
    while made < MANY and (made < FEW or time.monotonic() < until):
        make_page(brief(made % DIFFERENT), look)
        made += 1
        if made == FEW:
            short = resident("self")
    long = resident("self")
    stopped = "" if made == MANY else f" (of {MANY}: {minutes:g} minutes were over)"
    print(f"memory after {FEW} briefs {short} MB, after {made} briefs {long} MB{stopped}")
    print(f"long against short: {long / short:.2f} (wanted: at most 1.1)")


class Spent(NamedTuple):
    """What a run took.

    Attributes:
        clock: seconds by the clock.
        busiest: processor seconds of the process that had most of them.
    """

    clock: float
    busiest: float


def run(briefs: list[Brief], look: Look, *, jobs: int) -> Spent:
    """Make the briefs, and watch the processes that do."""
    spent = {os.getpid(): 0.0}
    over, began = threading.Event(), time.perf_counter()
    before = processor_seconds(os.getpid())

    def watch() -> None:
        while not over.wait(0.05):
            pids = [child.pid for child in multiprocessing.active_children() if child.pid]
            spent.update({pid: max(spent.get(pid, 0), processor_seconds(pid)) for pid in pids})

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        for _, page in make_pages(briefs, look, jobs=jobs):
            assert isinstance(page, MadePage), page
    finally:
        over.set()
        watcher.join()
    spent[os.getpid()] = processor_seconds(os.getpid()) - before
    return Spent(time.perf_counter() - began, max(spent.values()))


def processor_seconds(process: int) -> float:
    """The processor time that a process has had (proc(5)); none where it has ended."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def idle_loops(processes: int) -> float:
    """Seconds that so many processes take at the same time to count, each as far."""
    context = multiprocessing.get_context("fork")
    begun = time.perf_counter()
    children = [context.Process(target=_count) for _ in range(processes)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    return time.perf_counter() - begun


def _count() -> None:
    table: dict[int, str] = {}
    for number in range(4_000_000):
        table[number % 50_000] = str(number)


def resident(process: int | str | None) -> int:
    """Megabytes of memory that a process has now."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(found[0]) // 1024 if found else 0


def look_in(folder: Path) -> Look:
    """A4 in colour and English, with the built-in templates."""
    return Look(
        size="A4",
        color=True,
        language=language_of("en_GB"),
        templates=folder / "templates",
        contacts=folder,
        cache=folder / "cache",
        author="Robin Keller",
    )


def brief(number: int) -> Brief:
    """One of many briefs of many sizes, the same for the same number."""
    start = START + timedelta(hours=number)
    return Brief(
        edition="full",
        uid=f"{number}@calendar.example",
        recurrence_id=None,
        start=start,
        end=start + timedelta(hours=1),
        feed="data/calendar.ics",
        title=f"Meeting {number}",
        place="Harbour Street 5",
        faces=tuple(face(number, at) for at in range(1 + number % 5)),
        lines=tuple(
            Line(
                section=section,
                text=text(number + at, 4 + (number + at) % 17),
                rule=section,
                source=SOURCE,
                label="2 Nov" if section == "history" else "",
            )
            for section in ("agenda", "say", "promises", "situation", "history")
            for at in range(1 + (number * 7 + len(section)) % 6)
        ),
        prompts=(
            Prompt(question="What do they need from me?"),
            Prompt(question="How can I help based on their emotional signals?"),
        ),
    )


def face(number: int, at: int) -> Face:
    """A participant without a photo."""
    return Face(
        key=f"p{at}",
        name=f"Dana Smith {at}",
        email=f"p{at}@acme.example",
        role="VP Operations, Acme Logistics",
        initials="DS",
        lines=(Line(section="person", text=text(number, 5), rule="person", source=SOURCE),),
        source=SOURCE,
    )


def text(seed: int, length: int) -> str:
    """So many words, the same for the same seed."""
    return " ".join(WORDS[(seed * 5 + at * 3) % len(WORDS)] for at in range(length))


if __name__ == "__main__":
    main()
