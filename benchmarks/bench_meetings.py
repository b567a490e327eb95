"""A day out of a large feed: ours beside icalendar with recurring-ical-events, and ical.js.

`python benchmarks/bench_meetings.py [EVENTS …]` (default: 10000 50000) makes feeds of ten years,
3 % of the events recurring with overrides and EXDATEs, descriptions of 600 characters and four
attendees, and runs each engine as a process of its own: ours several times, the others once, since
they need minutes. ical.js is run where node and npm are.

Seconds are of work (user and system), which other work on the machine changes less than the wait.
"""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

DAY = "2026-11-23"
BASE = datetime(2017, 1, 1)  # noqa: DTZ001  # local, as feeds write it
TEXT = ("What we want to agree on, what they asked for, and what is still open. " * 9)[:600]
ROUNDS = 3
RULES = ("FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=WEEKLY;COUNT=50", "FREQ=WEEKLY")

LIBRARIES = """
import sys, datetime, zoneinfo, icalendar, recurring_ical_events
zone = zoneinfo.ZoneInfo("Europe/Berlin")
day = datetime.datetime(2026, 11, 23, tzinfo=zone)
calendar = icalendar.Calendar.from_ical(open(sys.argv[1], "rb").read())
found = recurring_ical_events.of(calendar).between(day, day + datetime.timedelta(days=1))
print(sum(1 for event in found if day <= event["DTSTART"].dt))
"""
ICAL_JS = """
import ICAL from 'ical.js';
import fs from 'fs';
const root = new ICAL.Component(ICAL.parse(fs.readFileSync(process.argv[2], 'utf8')));
for (const zone of root.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
const day = Date.UTC(2026, 10, 22, 23), next = day + 86400000;
const events = root.getAllSubcomponents('vevent').map(c => new ICAL.Event(c, {exceptions: []}));
const changed = new Map();
for (const e of events) if (e.isRecurrenceException())
  changed.set(e.uid, [...(changed.get(e.uid) || []), e]);
let count = 0;
const on = time => { const t = time.toJSDate().getTime(); return t >= day && t < next; };
for (const e of events) {
  if (e.isRecurrenceException()) continue;
  if (!e.isRecurring()) { if (on(e.startDate)) count++; continue; }
  for (const x of changed.get(e.uid) || []) e.relateException(x);
  const steps = e.iterator();
  for (let t; (t = steps.next());) {
    const at = t.year * 10000 + t.month * 100 + t.day;
    if (at > 20261201) break;
    if (at > 20261115 && on(e.getOccurrenceDetails(t).startDate)) count++;
  }
}
console.log(count);
"""
PAST = """
import sys, datetime, zoneinfo
from briefgen.meetings.fetch import FeedCopy
from briefgen.meetings.calendar import past_meetings
zone = zoneinfo.ZoneInfo("Europe/Berlin")
until = datetime.datetime(2026, 11, 23, tzinfo=zone)
found = past_meetings([FeedCopy(name="f", content=open(sys.argv[1], "rb").read())],
    addresses={"person1@acme7.example", "person2@acme100.example"},
    since=until.replace(year=2024), until=until, zone=zone)
print(len(found))
"""


@dataclass(frozen=True)
class Run:
    """One process: what it printed, its seconds of work and its largest memory in MiB."""

    said: str
    seconds: float
    memory: float


def main() -> None:
    """Print the ratios."""
    if sys.argv[1:2] == ["--make"]:
        Path(sys.argv[3]).write_text(feed(int(sys.argv[2])), newline="")
        return
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 50_000]
    with TemporaryDirectory() as name:
        folder = Path(name)
        ical_js = install_ical_js(folder)
        per_byte = []
        for size in sizes:
            path = folder / f"{size}.ics"
            make = (sys.executable, __file__, "--make", str(size), str(path))
            subprocess.run(make, check=True)  # apart, since a child begins with our memory
            megabytes = path.stat().st_size / 2**20
            print(f"{size} events, {megabytes:.0f} MB, one day, whole process")
            per_byte.append(compare(path, folder, ical_js) / megabytes)
        if len(per_byte) > 1:
            ratio = per_byte[-1] / per_byte[0]
            print(f"seconds a byte, {sizes[-1]} events against {sizes[0]}")
            tell_ratio("grown by", ratio, "about 1, or less")


def compare(path: Path, folder: Path, ical_js: Path | None) -> float:
    """Run every engine on one feed; gives the seconds of ours."""
    show = (sys.executable, "-m", "briefgen", "feed", "show")
    days = ("--json", "--from", DAY, "--to", DAY, "--timezone", "Europe/Berlin")
    ours = middle([run(*show, str(path), *days) for _ in range(ROUNDS)])
    libraries = run(sys.executable, "-c", LIBRARIES, str(path))
    count = len(json.loads(ours.said)["files"][0]["occurrences"])
    assert count == int(libraries.said), (count, libraries.said)
    tell("briefgen feed show", ours)
    tell("icalendar + recurring-ical-events", libraries)
    tell_ratio("theirs against ours", libraries.seconds / ours.seconds, "at least 25")
    tell_ratio("our memory against theirs", ours.memory / libraries.memory, "at most 0.25")
    if ical_js is not None:
        other = run("node", str(ical_js), str(path))
        assert count == int(other.said), (count, other.said)
        tell("ical.js", other)
        tell_ratio("ical.js against ours", other.seconds / ours.seconds, "at least 6")
    else:
        print("  ical.js: left out, node or npm is not there")
    again(path, folder, (*show, *days))
    past(path, libraries)
    return ours.seconds


def again(path: Path, folder: Path, show: Sequence[str]) -> None:
    """A second run in a workspace whose feed has not changed."""
    firsts, seconds = [], []
    for _ in range(ROUNDS):
        workspace = folder / "workspace"
        shutil.rmtree(workspace, ignore_errors=True)
        workspace.mkdir()
        settings = json.dumps(
            {"timezone": "Europe/Berlin", "feeds": [{"path": str(path), "max_megabytes": 500}]}
        )
        (workspace / "briefgen.yaml").write_text(settings)
        firsts.append(run(*show, "-w", str(workspace)))
        seconds.append(run(*show, "-w", str(workspace)))
    first, second = middle(firsts), middle(seconds)
    tell("first run in a workspace", first)
    tell("  second run, nothing changed", second)
    tell_ratio("second run against first", second.seconds / first.seconds, "at most 0.5")


def past(path: Path, libraries: Run) -> None:
    """The meetings of 24 months with two people."""
    ours = middle([run(sys.executable, "-c", PAST, str(path)) for _ in range(ROUNDS)])
    tell("24 months with two people", ours)
    ratio = libraries.seconds / ours.seconds
    tell_ratio("the libraries' one day against 24 months", ratio, "at least 20")


def tell(what: str, one: Run) -> None:
    """One line of the table."""
    print(f"  {what:42} {one.seconds:7.2f} s {one.memory:6.0f} MiB")


def tell_ratio(what: str, ratio: float, wanted: str) -> None:
    """A ratio, and what it should be."""
    print(f"  = {what:40} {ratio:7.2f}  (wanted: {wanted})")


def middle(runs: Sequence[Run]) -> Run:
    """The run of the median work."""
    return sorted(runs, key=lambda one: one.seconds)[len(runs) // 2]


def run(*command: str) -> Run:
    """Run a command as a process of its own."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        with out.open("wb") as stream:
            process = subprocess.Popen(command, stdout=stream)
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, command
        scale = 2**20 if sys.platform == "darwin" else 2**10
        work = usage.ru_utime + usage.ru_stime
        return Run(out.read_text(), work, usage.ru_maxrss / scale)


def install_ical_js(folder: Path) -> Path | None:
    """A script that runs ical.js, where node and npm are."""
    if not (shutil.which("node") and shutil.which("npm")):
        return None
    place = folder / "js"
    place.mkdir()
    (place / "package.json").write_text('{"type": "module"}')
    got = subprocess.run(
        ("npm", "install", "--silent", "--no-audit", "--no-fund", "ical.js@2"),
        cwd=place, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    if got.returncode != 0:
        return None
    script = place / "day.js"
    script.write_text(ICAL_JS)
    return script


def feed(events: int) -> str:
    """A feed of ten years around the day."""
    pick = random.Random(events)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//briefgen//benchmark//EN", *zone()]
    number = 0
    while number < events:
        start = BASE + timedelta(days=pick.randrange(3652), hours=pick.randrange(8, 18))
        uid = f"{number:06d}-{pick.randrange(10**9)}@acme.example"
        number += 1
        if pick.random() >= 0.03:
            lines += event(uid, start, pick)
            continue
        rule = pick.choice((*RULES, f"FREQ=DAILY;UNTIL={start + timedelta(200):%Y%m%dT%H%M%SZ}"))
        first = start + timedelta(days=7)
        left_out = f"EXDATE{local(start + timedelta(days=14))}"
        lines += event(uid, start, pick, f"RRULE:{rule}", left_out)
        lines += event(uid, first + timedelta(hours=2), pick, f"RECURRENCE-ID{local(first)}")
        number += 1
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def local(moment: datetime) -> str:
    """A property's parameters and value."""
    return f";TZID=Europe/Berlin:{moment:%Y%m%dT%H%M%S}"


def zone() -> list[str]:
    """The zone's definition, for the engines that need one."""
    return [
        "BEGIN:VTIMEZONE", "TZID:Europe/Berlin",
        "BEGIN:DAYLIGHT", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "END:DAYLIGHT",
        "BEGIN:STANDARD", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "END:STANDARD", "END:VTIMEZONE",
    ]  # fmt: skip


def event(uid: str, start: datetime, pick: random.Random, *more: str) -> list[str]:
    """One event, folded as the standard asks."""
    people = (
        f"ATTENDEE;CN=Person {n};ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE:"
        f"mailto:person{n}@acme{pick.randrange(500)}.example"
        for n in range(4)
    )
    lines = (
        "BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261101T080000Z", f"DTSTART{local(start)}",
        f"DTEND{local(start + timedelta(hours=1))}", *more, f"SUMMARY:Meeting {uid[:6]}",
        f"DESCRIPTION:{TEXT}", *people, "LOCATION:Room 4", "STATUS:CONFIRMED", "SEQUENCE:0",
        "CLASS:PUBLIC", "TRANSP:OPAQUE", "END:VEVENT",
    )  # fmt: skip
    return [piece for line in lines for piece in folded(line)]


def folded(line: str) -> list[str]:
    """A content line in pieces of at most 75 octets."""
    return [line[:75], *(f" {line[at : at + 74]}" for at in range(75, len(line), 74))]


if __name__ == "__main__":
    main()
