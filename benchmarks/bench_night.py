"""A night of eight meetings against a process that only typesets its final pages.

The workspace has 1,000 contacts and 5,000 events and has been used before. Processor time of all
processes is counted, each started cold. The yardstick imports WeasyPrint and typesets the eight
pages and the packet's as they came out in the end; a night also reads, matches, composes, fits,
writes and remembers. When nothing has changed, a night must not even import WeasyPrint.
"""

import contextlib
import ctypes
import os
import pickle
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

CONTACTS = 1_000
EVENTS = 5_000
MEETINGS = 8
ROUNDS = 3
NIGHT = "2026-11-22T22:10"
DAY = date(2026, 11, 23)

SETTINGS = """\
version: 1
me: {name: Robin Keller, emails: [robin@keller-advisory.example]}
timezone: Europe/Berlin
feeds: [data/calendar.ics]
nightly: {days_ahead: 1, email: false, packet: true}
"""
CONTACT = """\
version: 1
name: Person {n}
emails: [person{n}@org{o}.example]
organization: Org {o}
title: VP Operations
relationship: {{status: warm, since: 2026-09-01, stay_in_touch: 6w}}
situation:
  current_state: three carriers keyed by hand
  desired_outcome: one booking screen
interests: [vegetarian cooking, opera]
promises:
  - {{by: me, text: send the draft service levels {n}, made: 2026-11-02, due: 2026-12-20}}
talking_points:
  - {{text: ask how the Lisbon trip went, from: 2026-11-10, until: 2026-12-31}}
interactions:
"""
INTERACTION = """\
  - date: 2026-{month:02}-02
    channel: call
    summary: Went through the missed go-live {month} times. She wants a named engineer.
    words: "nobody ever calls back"
    signals: [frustrated, rushed]
    needs: a named engineer
    needs_met: partly
"""
EVENT = """\
BEGIN:VEVENT
UID:m{n}@bench.example
DTSTAMP:20261101T000000Z
DTSTART:{day:%Y%m%d}T{hour:02}0000Z
DTEND:{day:%Y%m%d}T{hour:02}3000Z
SUMMARY:Review {n}
DESCRIPTION:1. The go-live\\n2. Service levels\\n3. Who calls whom
LOCATION:Quay {n}\\, room 2
ORGANIZER:mailto:robin@keller-advisory.example
ATTENDEE;CN=Person {p}:mailto:person{p}@org{o}.example
ATTENDEE;CN=Person {q}:mailto:person{q}@org{r}.example
END:VEVENT
"""

RECORD = """
import pickle, sys
from pathlib import Path
from briefgen.page import make as making
from briefgen.page import typeset as typesetting
from briefgen.page import packet
where = Path(sys.argv.pop())
recorded = []
real = typesetting.lay_out
def lay_out(html, *, style, assets=None):
    recorded.append((html, str(style), dict(assets or {})))
    return real(html, style=style, assets=assets)
typesetting.lay_out = making.lay_out = packet.lay_out = lay_out
from briefgen.day import pack as packets
from briefgen.page.packet import make_packet
from briefgen.page.workers import Failure
def make_alone(what, look, *, maker, **limits):
    recorded.clear()
    made = maker(what, look)
    final = {}
    for page in recorded:
        title = page[0].partition("<title>")[2].partition("</title>")[0]
        final[title] = page
    where.write_bytes(pickle.dumps(list(final.values())))
    return made
packets.make_alone = make_alone
from briefgen.cli import main
main()
"""

TYPESET = """
import pickle, sys
from pathlib import Path
from briefgen.page.typeset import Bound, bind, lay_out
pages = pickle.loads(Path(sys.argv[1]).read_bytes())
laid = [lay_out(html, style=Path(style), assets=assets) for html, style, assets in pages]
for page in laid[1:]:
    page.pdf()
again = [lay_out(html, style=Path(style), assets=assets) for html, style, assets in pages]
bind([Bound(laid=page, label="") for page in again])
"""


def make_workspace(root: Path) -> None:
    """A thousand contact files, and five thousand events of which eight are tomorrow."""
    folder = root / "data" / "contacts"
    folder.mkdir(parents=True)
    (root / "briefgen.yaml").write_text(SETTINGS)
    for n in range(CONTACTS):
        text = CONTACT.format(n=n, o=n % 100)
        text += "".join(INTERACTION.format(month=month) for month in range(1, 11))
        (folder / f"person-{n}.yaml").write_text(text)
    events = [event(n, DAY, 8 + n) for n in range(MEETINGS)]
    for n in range(MEETINGS, EVENTS):
        past = date.fromordinal(DAY.toordinal() - 2 - n % 900)
        events.append(event(n, past, 8 + n % 9))
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//briefgen//bench//EN\r\n"
    feed = head + "".join(events).replace("\n", "\r\n") + "END:VCALENDAR\r\n"
    (root / "data" / "calendar.ics").write_bytes(feed.encode())


def event(n: int, day: date, hour: int) -> str:
    """A meeting with two of the contacts."""
    p, q = n % CONTACTS, (n + 500) % CONTACTS
    return EVENT.format(n=n, day=day, hour=hour, p=p, q=q, o=p % 100, r=q % 100)


def adopt_orphans() -> None:
    """From now on, processes whose parent has ended are children of this one (Linux)."""
    subreaper = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)
    ctypes.CDLL(None).prctl(subreaper, 1, 0, 0, 0)


def processor_seconds(command: Sequence[str]) -> float:
    """The processor time of a process and all that descend from it, those that outlive it too."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
        if process.wait():
            said.seek(0)
            raise SystemExit(said.read().decode())
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def nightly(root: Path, *options: str) -> list[str]:
    """The call of a night in this workspace."""
    return ["nightly", "-w", str(root), "--as-of", NIGHT, "--quiet", *options]


def forget_the_day(root: Path) -> None:
    """Take back what a night wrote, and leave what it learned."""
    shutil.rmtree(root / "briefings", ignore_errors=True)
    shutil.rmtree(root / ".briefgen" / "days", ignore_errors=True)


def main() -> None:
    """Print the ratio and the seconds, medians of a few rounds."""
    adopt_orphans()
    with tempfile.TemporaryDirectory() as folder:
        root, pages = Path(folder) / "workspace", Path(folder) / "pages"
        make_workspace(root)
        time.sleep(2.1)  # so that no file is younger than the clock's grain
        night = [sys.executable, "-m", "briefgen", *nightly(root)]
        processor_seconds(night)
        forget_the_day(root)
        processor_seconds([sys.executable, "-c", RECORD, *nightly(root), str(pages)])
        count = len(pickle.loads(pages.read_bytes()))
        if count != MEETINGS + 1:
            raise SystemExit(f"{count} final pages, and not {MEETINGS + 1}")
        cold, yardstick, unchanged = [], [], []
        for _ in range(ROUNDS):
            forget_the_day(root)
            cold.append(processor_seconds(night))
            unchanged.append(processor_seconds(night))
            yardstick.append(processor_seconds([sys.executable, "-c", TYPESET, str(pages)]))
        ratio = statistics.median(cold) / statistics.median(yardstick)
        moment = datetime.fromisoformat(NIGHT).replace(tzinfo=ZoneInfo("Europe/Berlin"))
        print(f"a night of {MEETINGS} meetings, {CONTACTS} contacts, {EVENTS} events ({moment})")
        print(f"night / typesetting alone    {ratio:5.2f}  (at most 2.0)")
        print(
            f"  night {statistics.median(cold):.2f} s, alone {statistics.median(yardstick):.2f} s"
        )
        print(f"nothing changed, CPU seconds {statistics.median(unchanged):5.2f}  (at most 2.5)")


if __name__ == "__main__":
    main()
