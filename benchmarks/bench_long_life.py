"""Nights of a workspace of 1,000 contacts: memory, time and the size of `.briefgen/` stay flat.

    python benchmarks/bench_long_life.py [NIGHTS] [PICTURE.svg]

Time is simulated, a night a day; each night is the real `nightly` in a process of its own, with a
calendar that moves on, a real mail server on loopback, and a contact file edited. Typesetting is
the simulation's stand-in. The last third is held against the third before it. What is written
grows until `keep.briefings_days` (here 30) and the ledger's 90 days are full, so that fewer than
200 nights only look at time and memory.
"""

import gc
import os
import shutil
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "simulation"))

import life as simulation

CONTACTS = 1_000
NIGHTS = 30
FULL_AFTER = 200
MOST_GROWTH = 1.1
MEETINGS_A_DAY = 4

CONTACT = """\
version: 1
name: Person {n}
emails: [person{n}@acme.example]
interests: [opera]
promises: [{{by: me, text: send plan {n}, made: 2026-09-02, due: 2026-12-20}}]
interactions:
  - {{date: 2026-09-02, channel: call, summary: Went through the plan {n} times.}}
"""


def calendar(life: simulation.Life, night: int) -> None:
    """The days around tonight; what is long over falls out, as it does in a feed."""
    day = life.clock.date()
    events = []
    for ahead in range(-7, 8):
        for at in range(MEETINGS_A_DAY):
            number = (night + ahead) * MEETINGS_A_DAY + at
            start = life.clock.replace(
                year=day.year, month=day.month, day=day.day, hour=9 + at, minute=0
            ) + timedelta(days=ahead)
            name = f"person{number % CONTACTS}"
            events.append(
                simulation.Meeting(
                    number, start, (name,), f"{number}@keller.example", f"Talk {number:05}"
                )
            )
    life.meetings = {one.number: one for one in events}
    life.seen = night
    life.feed(None)


def live(nights: int) -> list[tuple[float, float, float]]:
    """Of each night: seconds of processor time, megabytes of memory, megabytes of `.briefgen/`."""
    folder = Path(tempfile.mkdtemp(prefix="long-life-", dir=simulation.MEMORY))
    life = simulation.Life.of(1, folder)
    life.begin()
    settings = life.root / "briefgen.yaml"
    settings.write_text(settings.read_text() + "keep: {briefings_days: 30}\n")
    for n in range(CONTACTS):
        simulation.put(life.path_of(f"person{n}"), CONTACT.format(n=n).encode())
    measured = []
    try:
        for night in range(nights):
            life.clock = simulation.FIRST + timedelta(days=night)
            calendar(life, night)
            edited = life.path_of(f"person{night % CONTACTS}")
            with edited.open("a") as stream:
                stream.write(f"  - {{date: {life.clock:%Y-%m-%d}, summary: Night {night}.}}\n")
            child = os.fork()
            if child == 0:
                code = 99
                try:
                    code = life.carry_out(["nightly"], life.clock, [], -1, None)
                finally:
                    os._exit(code)
            _, status, used = os.wait4(child, 0)
            assert os.waitstatus_to_exitcode(status) == 0, life.said.read_text()
            size = sum(p.stat().st_size for p in (life.root / ".briefgen").rglob("*"))
            life.office.arrivals.clear()  # else this process grows, and each night begins with it
            gc.collect()  # which the simulation has switched off
            measured.append((used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, size / 2**20))
    finally:
        life.close()
        shutil.rmtree(folder, ignore_errors=True)
    return measured


NAMES = ("seconds of processor time a night", "megabytes of memory", "megabytes in .briefgen/")


def picture(measured: list[tuple[float, float, float]]) -> str:
    """The three lines, one below the other, each from zero."""
    width, height, gap = 640, 110, 44
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + 80} {3 * (height + gap)}">',
        "<style>text { font: 12px sans-serif }</style>",
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for at, name in enumerate(NAMES):
        values = [one[at] for one in measured]
        top, most = at * (height + gap) + 26, max(values) * 1.1
        points = " ".join(
            f"{60 + n * width / len(values):.1f},{top + height - height * value / most:.1f}"
            for n, value in enumerate(values)
        )
        last = statistics.median(values[-30:])
        parts.append(
            f'<text x="60" y="{top - 8}">{name}; at the end {last:.2f}</text>'
            f'<path d="M60 {top}v{height}h{width}" fill="none" stroke="#888"/>'
            f'<text x="54" y="{top + 10}" text-anchor="end">{most:.1f}</text>'
            f'<text x="54" y="{top + height}" text-anchor="end">0</text>'
            f'<polyline points="{points}" fill="none" stroke="#1f5fa8" stroke-width="1.2"/>'
        )
    return "".join([*parts, "</svg>\n"])


def main() -> int:
    """Measure, tell, and draw where a name is given."""
    nights = int(sys.argv[1]) if len(sys.argv) > 1 else NIGHTS
    simulation.stand_in()
    simulation.warm_up()
    began = time.monotonic()
    measured = live(nights)
    third = nights // 3
    failed = 0
    for at, name in enumerate(NAMES):
        before = statistics.median(one[at] for one in measured[-2 * third : -third])
        last = statistics.median(one[at] for one in measured[-third:])
        held = at < 2 or nights >= FULL_AFTER  # the third is a size
        failed += held and last > before * MOST_GROWTH
        told = f"at most {MOST_GROWTH}" if held else "not held to anything in so few nights"
        print(f"{name}: {before:.2f}, then {last:.2f}: {last / before:.2f} ({told})")
    print(f"{nights} nights of {CONTACTS} contacts in {time.monotonic() - began:.0f} s")
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(picture(measured))
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
