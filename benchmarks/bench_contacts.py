"""Ten thousand contacts: what the index costs and saves, against the bare YAML loader."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

import yaml

FILES = 10_000
ROUNDS = 3
DAY = date(2026, 11, 23)


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Seconds of waiting, and seconds of work of all processes and cores."""

    waited: float
    worked: float


SETTINGS = """\
version: 1
me: {name: Robin Keller, emails: [robin@keller-advisory.example]}
timezone: Europe/Berlin
feeds: [data/calendar.ics]
"""
CONTACT = """\
version: 1
name: Person {n}
pronouns: she/her
emails: [person{n}@org{o}.example, p{n}@personal.example]
organization: Org {o}
title: VP Operations
decides: true
telephones: ["+1 555 0100"]
birthday: 03-26
relationship: {{status: warm, since: 2026-09-01, stay_in_touch: 6w}}
situation:
  current_state: three carriers keyed by hand
  desired_outcome: one booking screen
interests: [vegetarian cooking, opera]
avoid: [divorce]
promises:
  - {{by: me, text: send the draft service levels, made: 2026-11-02, due: 2026-11-20}}
interactions:
"""
INTERACTION = """\
  - date: 2026-{month:02}-02
    channel: call
    summary: Went through the missed go-live. She wants a named engineer.
    words: "nobody ever calls back"
    signals: [frustrated, rushed]
    needs: a named engineer
    needs_met: partly
    stance: listen
"""
FEED = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//briefgen//bench//EN\r\n{events}END:VCALENDAR\r\n"
)
EVENT = """\
BEGIN:VEVENT
UID:m{n}@bench.example
DTSTAMP:20261101T000000Z
DTSTART:20261123T{hour:02}0000Z
DTEND:20261123T{hour:02}3000Z
SUMMARY:Review {n}
ORGANIZER:mailto:robin@keller-advisory.example
ATTENDEE;CN=Person {n}:mailto:person{n}@org{o}.example
END:VEVENT
"""

COUNT_FILES_READ = """
import sys
opened = set()
def hear(event, arguments):
    if event == "open" and "/data/contacts/" in str(arguments[0]):
        opened.add(str(arguments[0]))
sys.addaudithook(hear)
from briefgen.cli import main
try:
    main()
finally:
    print(f"files-read {len(opened)}", file=sys.stderr)
"""


def make_workspace(root: Path) -> None:
    """Ten thousand contact files of about 3 KB, and a day with eight meetings."""
    folder = root / "data" / "contacts"
    folder.mkdir(parents=True)
    (root / "briefgen.yaml").write_text(SETTINGS)
    for n in range(FILES):
        text = CONTACT.format(n=n, o=n % 700)
        text += "".join(INTERACTION.format(month=month) for month in range(1, 11))
        (folder / f"person-{n}.yaml").write_text(text)
    events = "".join(EVENT.format(n=n, o=n % 700, hour=8 + n) for n in range(8))
    (root / "data" / "calendar.ics").write_text(FEED.format(events=events).replace("\n", "\r\n"))


def seconds(act: Callable[[], object]) -> Cost:
    """What it takes once."""
    start, worked = time.perf_counter(), _worked()
    act()
    return Cost(waited=time.perf_counter() - start, worked=_worked() - worked)


def _worked() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def ratio(costs: Sequence[Cost], others: Sequence[Cost]) -> tuple[float, float]:
    """Of the work, and of the wait, medians."""
    worked = median(c.worked for c in costs) / median(c.worked for c in others)
    waited = median(c.waited for c in costs) / median(c.waited for c in others)
    return worked, waited


def bare_loader(root: Path) -> None:
    """What reading the same files costs where nothing is checked."""
    for path in (root / "data" / "contacts").iterdir():
        yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


def dry_run(root: Path, program: Sequence[str] = ("-m", "briefgen")) -> str:
    """`briefgen run --dry-run` in a process of its own; what it says on its standard error."""
    command = ["run", "--dry-run", "-w", str(root), "--date", DAY.isoformat()]
    command += ["--as-of", "2026-11-22T20:00", "--quiet"]
    done = subprocess.run(
        [sys.executable, *program, *command], capture_output=True, text=True, check=False
    )
    if done.returncode not in {0, 3}:
        raise SystemExit(done.stderr)
    return done.stderr


def files_opened(root: Path) -> int:
    """How many contact files such a run opens; counting them costs time of its own."""
    return int(dry_run(root, ("-c", COUNT_FILES_READ)).rpartition("files-read ")[2])


def main() -> None:
    """Print the ratios, medians of a few rounds."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_workspace(root)
        time.sleep(2.1)  # so that no file is younger than the clock's grain
        index = root / ".briefgen" / "index.json"
        bare, cold, warm = [], [], []
        for _ in range(ROUNDS):
            bare.append(seconds(lambda: bare_loader(root)))
            index.unlink(missing_ok=True)
            cold.append(seconds(lambda: dry_run(root)))
            warm += [seconds(lambda: dry_run(root)) for _ in range(ROUNDS)]
        print(f"contacts: {FILES} files of 3 KB, a day of eight meetings")
        worked, waited = ratio(cold, bare)
        print(f"  cold run --dry-run / CSafeLoader alone  {waited:6.2f}   (at most 1.3)")
        print(f"    the same in work of all cores         {worked:6.2f}")
        worked, waited = ratio(warm, cold)
        print(f"  warm run --dry-run / cold, in work      {worked:6.3f}   (at most 0.05)")
        print(f"    the same in wait, cold on all cores   {waited:6.3f}")
        share = files_opened(root) / FILES
        print(f"  files opened in a warm run              {share:6.2%}   (under 1 %)")


if __name__ == "__main__":
    main()
