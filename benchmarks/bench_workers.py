"""Two children against one, and the memory of a long run against a short one.

`python benchmarks/bench_workers.py [BRIEFS]` makes that many briefs (200) with one child and with
two, and five times as many for the memory.
"""

import multiprocessing
import statistics
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from briefgen.brief.brief import Brief, Face, Line, Prompt, Source
from briefgen.language import language_of
from briefgen.page.look import Look
from briefgen.page.page import MadePage
from briefgen.page.workers import make_pages

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SOURCE = Source(file="data/contacts/dana-smith.yaml", line=1)
WORDS = (
    "carriers", "keyed", "by", "hand", "service", "levels", "named", "engineer", "go-live",
    "pricing", "phase", "one", "booking", "screen", "support", "answers",
)  # fmt: skip


def main() -> None:
    """Print the ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with TemporaryDirectory() as folder:
        look = look_in(Path(folder))
        briefs = [brief(number) for number in range(count)]
        run(briefs[:4], look, jobs=2)  # the first run starts the server that children come from
        pairs = [(run(briefs, look, jobs=1), run(briefs, look, jobs=2)) for _ in range(3)]
        one, two = (statistics.median(times) for times in zip(*pairs, strict=True))
        print(f"{count} briefs, one child   {one:7.1f} s  {1000 * one / count:5.0f} ms a brief")
        print(f"{count} briefs, two children {two:6.1f} s  {1000 * two / count:5.0f} ms a brief")
        print(f"throughput of two against one: {one / two:.2f} (wanted: at least 1.8)")
        short = peak_memory([brief(number) for number in range(count // 2)], look)
        long = peak_memory([brief(number) for number in range(count * 5)], look)
        print(f"peak memory of {count // 2} briefs {short} MB, of {count * 5} briefs {long} MB")
        print(f"long against short: {long / short:.2f} (wanted: at most 1.2)")


def run(briefs: list[Brief], look: Look, *, jobs: int) -> float:
    """Seconds to make the briefs."""
    begun = time.perf_counter()
    for _, page in make_pages(briefs, look, jobs=jobs):
        assert isinstance(page, MadePage), page
    return time.perf_counter() - begun


def peak_memory(briefs: list[Brief], look: Look) -> int:
    """Megabytes of this process and its largest child, at most, while the briefs are made."""
    peak = 0
    over = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.2):
            children = [resident(child.pid) for child in multiprocessing.active_children()]
            peak = max(peak, resident("self") + max(children, default=0))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        run(briefs, look, jobs=2)
    finally:
        over.set()
        watcher.join()
    return peak


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
