"""A life of a workspace: thirty nights of real code in a world that one seed decides.

The clock, the calendar, the people who edit files, the mail server, the disk and kills are the
simulation's; `briefgen nightly` and `briefgen run` are the real commands, each in a process of its
own. After each night the invariants of docs/reliability.md are looked at.

    python tests/simulation/life.py --seeds 40 --from 1
"""

import argparse
import errno
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent))

from post_office import PostOffice

NIGHTS: Final = 30
BERLIN: Final = ZoneInfo("Europe/Berlin")
FIRST: Final = datetime(2026, 10, 10, 22, 10, tzinfo=BERLIN)
"""So that the change of the clock on 25 October lies within."""

SETTINGS: Final = """\
version: 1
me: {{name: Robin Keller, emails: [robin@keller.example], internal_domains: [keller.example]}}
timezone: Europe/Berlin
feeds: [data/calendar.ics]
mail:
  host: 127.0.0.1
  port: {port}
  security: none
  from: robin@keller.example
  to: [robin@keller.example]
  when: {when}
nightly: {{packet: false}}
"""
MEMORY: Final = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where lives are lived: waiting for a disk is not what is looked at."""
PEOPLE: Final = ("dana", "lee", "kim", "ana")


@dataclass(frozen=True)
class Meeting:
    """A meeting as its owner knows it; `number` stays, whatever the feed calls it."""

    number: int
    start: datetime
    people: tuple[str, ...]
    uid: str
    title: str

    def event(self, stamp: int, order: random.Random) -> str:
        """The meeting as the feed says it tonight."""
        people = list(self.people)
        order.shuffle(people)
        end = self.start + timedelta(hours=1)
        lines = [
            "BEGIN:VEVENT",
            f"UID:{self.uid}",
            f"DTSTAMP:202610{1 + stamp % 9:02}T080000Z",
            f"DTSTART;TZID=Europe/Berlin:{self.start:%Y%m%dT%H%M%S}",
            f"DTEND;TZID=Europe/Berlin:{end:%Y%m%dT%H%M%S}",
            f"SUMMARY:{self.title}",
            "ORGANIZER:mailto:robin@keller.example",
            *(f"ATTENDEE;CN={name.title()}:mailto:{name}@acme.example" for name in people),
            "END:VEVENT",
        ]
        return "".join(f"{line}\r\n" for line in lines)


@dataclass(frozen=True)
class Event:
    """One thing that happens before or during a night."""

    night: int
    kind: str
    value: int = 0


MAIL_MOODS: Final = (
    "RCPT 451 later", "dot 451 later", "DATA 452 full", "dot close", "body close", "MAIL close",
    "greeting silent", "dot silent", "EHLO 421 busy", "QUIT close", "RCPT 550 no such user",
    "greeting 554 no", "dot 250", "RCPT rubbish", "dot rubbish",
)  # fmt: skip
KINDS: Final = (
    ("new meeting", 10), ("moved", 5), ("renamed", 2), ("gone", 4), ("new uids", 4),
    ("note", 4), ("conflict copy", 1), ("old time", 1), ("mail", 8), ("feed cut", 2),
    ("feed login", 2), ("feed missing", 2), ("feed empty", 1), ("killed", 6), ("disk full", 4),
    ("ledger fails", 3), ("ledger damaged", 1), ("asleep", 2), ("clock back", 1),
    ("clock ahead", 1), ("second run", 3), ("by hand", 2),
)  # fmt: skip


def plan(seed: int) -> tuple[Event, ...]:
    """Everything that happens in a life, decided by its seed."""
    dice = random.Random(seed)
    kinds, weights = zip(*KINDS, strict=True)
    events = [Event(0, "new meeting", dice.randrange(10**6)) for _ in range(3)]
    for night in range(NIGHTS):
        for _ in range(dice.choice((0, 1, 1, 2, 3))):
            (kind,) = dice.choices(kinds, weights)
            events.append(Event(night, kind, dice.randrange(10**6)))
    return tuple(events)


class Broken(AssertionError):  # noqa: N818  # names what it is
    """An invariant that does not hold."""


@dataclass
class Life:
    """A workspace, its world, and what has come of it."""

    root: Path
    ahead: bool = False
    typeset: bool = False
    office: PostOffice = field(default_factory=PostOffice)
    meetings: dict[int, Meeting] = field(default_factory=dict)
    contacts: dict[str, bytes] = field(default_factory=dict)
    clock: datetime = FIRST
    fed: int = 0
    unsure: int = 0
    refused: bool = False
    seen: int = 0

    @property
    def said(self) -> Path:
        """Where the last command's report is kept, beside the workspace."""
        return self.root.with_name(f"{self.root.name}.json")

    @property
    def crash(self) -> Path:
        """Where its traceback is kept."""
        return self.root.with_name(f"{self.root.name}.txt")

    def begin(self) -> None:
        """A workspace with settings and contacts."""
        (self.root / "data" / "contacts").mkdir(parents=True)
        when = "2h" if self.ahead else "nightly"
        settings = SETTINGS.format(port=self.office.port, when=when)
        _put(self.root / "briefgen.yaml", settings.encode())
        for name in PEOPLE[:3]:
            self.write_contact(name, b"")

    def write_contact(self, name: str, more: bytes) -> None:
        """A contact file, as its owner writes it."""
        head = f"version: 1\nname: {name.title()}\nemails: [{name}@acme.example]\n".encode()
        content = self.contacts.get(name, head) + more
        self.contacts[name] = content
        _put(self.root / "data" / "contacts" / f"{name}.yaml", content)

    # what happens

    def happen(self, event: Event) -> None:
        """Let something happen to the calendar, to files, or to the clock."""
        dice = random.Random(event.value)
        standing = [one for one in self.meetings.values() if one.start > self.clock]
        chosen = dice.choice(standing) if standing else None
        match event.kind:
            case "new meeting":
                self.add_meeting(dice)
            case "moved" if chosen is not None:
                hour = dice.choice([h for h in range(8, 19) if h != chosen.start.hour])
                moved = chosen.start.replace(hour=hour)
                if moved > self.clock:
                    self.meetings[chosen.number] = replace(chosen, start=moved)
            case "renamed" if chosen is not None:
                title = f"{chosen.title} again"
                self.meetings[chosen.number] = replace(chosen, title=title)
            case "gone" if chosen is not None:
                del self.meetings[chosen.number]
            case "new uids":
                for number, one in self.meetings.items():
                    self.meetings[number] = replace(one, uid=f"{event.value}-{number}@new.example")
            case "note":
                name = dice.choice(PEOPLE)
                more = b"talking_points: [ask about the trip]\n"
                if name not in self.contacts or more not in self.contacts[name]:
                    self.write_contact(name, more)
            case "conflict copy":
                source = self.root / "data" / "contacts" / "dana.yaml"
                shutil.copy(source, source.with_name("dana (conflicted copy 2026-10-12).yaml"))
            case "old time":
                for path in (self.root / "data" / "contacts").glob("*.yaml"):
                    os.utime(path, (1_600_000_000, 1_600_000_000))
            case "ledger damaged":
                self.damage_ledger(dice)

    def add_meeting(self, dice: random.Random) -> None:
        """A meeting in the next days, at an hour and under a title of its own."""
        number = self.fed = self.fed + 1
        day = (self.clock + timedelta(days=dice.choice((1, 1, 1, 2, 3)))).date()
        start = datetime(day.year, day.month, day.day, dice.randrange(8, 19), tzinfo=BERLIN)
        people = tuple(dice.sample(PEOPLE, dice.choice((1, 1, 2, 3))))
        self.meetings[number] = Meeting(
            number, start, people, f"{number}@keller.example", f"Talk {number:03}"
        )

    def damage_ledger(self, dice: random.Random) -> None:
        """Overwrite a piece of the ledger's file."""
        path = self.root / ".briefgen" / "state.sqlite"
        if path.is_file():
            content = bytearray(path.read_bytes())
            at = dice.randrange(len(content))
            content[at : at + 3000] = bytes(dice.randrange(256) for _ in content[at : at + 3000])
            path.write_bytes(content)

    def feed(self, event: Event | None) -> None:
        """Write the calendar as the feed gives it tonight."""
        path = self.root / "data" / "calendar.ics"
        order = random.Random(self.seen)
        said = sorted(self.meetings.values(), key=lambda one: one.number)
        order.shuffle(said)
        head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//simulation//EN\r\n"
        text = head + "".join(one.event(self.seen, order) for one in said) + "END:VCALENDAR\r\n"
        kind = event.kind if event else ""
        if kind == "feed cut":
            text = text[: len(text) * (event.value % 90 + 5) // 100] if event else text
        elif kind == "feed login":
            text = "<!DOCTYPE html><html>Please sign in</html>"
        elif kind == "feed empty":
            text = head + "END:VCALENDAR\r\n"
        if kind == "feed missing":
            path.unlink(missing_ok=True)
        elif not path.exists() or path.read_bytes() != text.encode():
            _put(path, text.encode())

    # a night

    def night(self, events: Sequence[Event]) -> None:
        """One night: what happens before it, the run with its faults, and a look at it all."""
        for event in events:
            self.happen(event)
        by_kind = {event.kind: event for event in events}
        if "asleep" in by_kind:
            return
        self.seen += 1
        feed_fault = next((e for e in events if e.kind.startswith("feed ")), None)
        self.feed(feed_fault)
        mood = MAIL_MOODS[by_kind["mail"].value % len(MAIL_MOODS)] if "mail" in by_kind else ""
        faults = [
            by_kind[kind] for kind in ("killed", "disk full", "ledger fails") if kind in by_kind
        ]
        at = self.clock
        if "clock back" in by_kind:
            at -= timedelta(hours=by_kind["clock back"].value % 30)
        if "clock ahead" in by_kind:
            at += timedelta(days=365)
        if "by hand" in by_kind:
            self.run("run", at, "", faults)
        self.run("nightly", at, mood, faults)
        clean = not (mood or faults or feed_fault or at != self.clock)
        if clean or "second run" in by_kind:
            self.feed(None)
            status = self.run("nightly", self.clock + timedelta(hours=1), "", [])
            self.check_clean(status, self.clock + timedelta(hours=1))
        self.check()

    def run(self, command: str, at: datetime, mood: str, faults: Sequence[Event]) -> int:
        """One command in a process of its own; its exit status, or -9 where it was killed."""
        self.office.mood = mood
        before = len(self.office.arrivals)
        child = os.fork()
        if child == 0:
            status = 99
            try:
                status = self._child(command, at, faults)
            except BaseException:  # noqa: BLE001  # a child never returns
                self.crash.write_text(traceback.format_exc())
            finally:
                os._exit(status)
        _, ended = os.waitpid(child, 0)
        arrived = self.office.arrivals[before:]
        if os.WIFSIGNALED(ended) or not all(one.acknowledged for one in arrived) or faults:
            self.unsure += 1
        self.refused = self.refused or "55" in mood
        status = os.waitstatus_to_exitcode(ended)
        if status not in {0, 1, 3, -9}:
            why = self.crash.read_text() if self.crash.exists() else ""
            raise Broken(f"{command} ended with status {status}: {why}")
        return status

    def _child(self, command: str, at: datetime, faults: Sequence[Event]) -> int:
        from click.testing import CliRunner

        from briefgen.cli import main

        patience(0.3 if "silent" in self.office.mood else 30)
        for fault in faults:
            FAULTS[fault.kind](self.root, fault.value)
        arguments = [command, "-w", str(self.root), "--as-of", at.isoformat(), "--json"]
        result = CliRunner().invoke(main, arguments)
        self.said.write_text(result.stdout)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            self.crash.write_text("".join(traceback.format_exception(result.exception)))
            return 98
        return int(result.exit_code)

    # what must hold

    def check(self) -> None:
        """What holds after any night, whatever happened in it."""
        for name, content in self.contacts.items():
            if (self.root / "data" / "contacts" / f"{name}.yaml").read_bytes() != content:
                raise Broken(f"a night has changed the contact file {name}.yaml")
        ids: dict[str, int] = {}
        for one in self.office.arrivals:
            ids[one.message_id] = ids.get(one.message_id, 0) + 1
        twice = sum(count - 1 for count in ids.values())
        if twice > self.unsure or max(ids.values(), default=0) > 2:  # once more
            raise Broken(f"{twice} mails came twice, with {self.unsure} nights that could not know")
        self.check_cancelled()
        for day in (self.root / "briefings").glob("????-??-??"):
            for path in day.glob("*.pdf"):
                if not path.read_bytes().startswith(b"%PDF") or b"%%EOF" not in path.read_bytes():
                    raise Broken(f"{path.name} is torn")

    def check_cancelled(self) -> None:
        """Nothing that stands was called cancelled, or gone, by the last mail that came."""
        for one in self.office.arrivals[-1:]:
            for meeting in self.meetings.values():
                for words in ("cancelled", "no longer in your calendar"):
                    said = f"{meeting.title}, {meeting.start:%H:%M}: {words}"
                    if said in one.text and meeting.start > self.clock:
                        raise Broken(f"'{said}', and it stands")
                if str(one.message["Subject"]).startswith(f"Cancelled: {meeting.title},"):
                    raise Broken(f"'{one.message['Subject']}', and it stands")

    def check_clean(self, status: int, at: datetime) -> None:
        """What holds after a night in which nothing was wrong."""
        report = json.loads(self.said.read_text() or "{}")
        if status == 1:
            raise Broken(f"a clean night made nothing: {report.get('problems')}")
        end = (at + timedelta(days=2)).replace(hour=0, minute=0)
        due = sorted(
            (one for one in self.meetings.values() if at <= one.start < end),
            key=lambda one: one.number,
        )
        made = {brief["title"] for brief in report.get("briefs", ())}
        if made != {one.title for one in due}:
            raise Broken(f"briefs of {sorted(made)}, expected {[one.title for one in due]}")
        for brief in report["briefs"]:
            if not (self.root / brief["path"]).is_file():
                raise Broken(f"{brief['path']} is reported and not there")
        self.check_mailed(due, at)

    def check_mailed(self, due: Iterable[Meeting], at: datetime) -> None:
        """Each meeting that stands is in the mail that came last about it, at its time."""
        if self.refused:
            return
        for one in due:
            if self.ahead and one.start - timedelta(hours=2) > at:
                continue
            told = [mail for mail in self.office.arrivals if f"{one.title} " in f"{mail.text} "
                    or one.title in str(mail.message["Subject"])]  # fmt: skip
            if not told:
                raise Broken(f"nobody was mailed about {one.title} at {one.start:%d %b %H:%M}")
            last = told[-1]
            clock = f"{one.start:%H:%M}"
            if clock not in last.text and clock not in str(last.message["Subject"]):
                raise Broken(f"the last mail about {one.title} does not say {clock}: {last.text}")

    def end(self) -> None:
        """After the last night the world is well again: the next nights must end with 0."""
        status = 0
        for hours in (7, 14, 21):
            self.feed(None)
            at = self.clock + timedelta(hours=hours)
            status = self.run("nightly", at, "", [])
            self.check()
            if hours > 7:  # a feed that was emptied, a rebuilt ledger are told once
                self.check_clean(status, at)
        if status != 0 and not self.refused:
            said = json.loads(self.said.read_text())
            raise Broken(f"the world is well, and the night ends with {status}: {said['problems']}"
                         f" {said['deliveries']}")  # fmt: skip
        files = sum(1 for _ in (self.root / ".briefgen").rglob("*"))
        if files > 400:  # thirty nights of a few meetings
            raise Broken(f"{files} files in .briefgen")


def _put(path: Path, content: bytes) -> None:
    """Write a file as if a minute ago, so that a night may trust that it has not changed since."""
    path.write_bytes(content)
    moment = path.stat().st_mtime - 60
    os.utime(path, (moment, moment))


def _kill_at(root: Path, value: int) -> None:
    """End the process at one of its next calls of the system."""
    left = value % 400

    def hook(event: str, _: object) -> None:
        nonlocal left
        if event in _CALLS:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def _fill_disk_at(root: Path, value: int) -> None:
    """From one of the next writes on, no file of the workspace can be written for a while."""
    left, lasts = value % 60, 1 + value % 7 * 5
    code = (errno.ENOSPC, errno.EIO, errno.EROFS)[value % 3]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        writes = event in {"os.rename", "os.mkdir"} or (
            event == "open"
            and isinstance(arguments[2], int)
            and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        )
        if writes and str(arguments[0]).startswith(f"{root}/"):
            left -= 1
            if -lasts < left <= 0:
                raise OSError(code, os.strerror(code))

    sys.addaudithook(hook)


def _fail_ledger_at(root: Path, value: int) -> None:
    """At one of the next transactions the ledger cannot be written."""
    from briefgen.delivery.ledger import Ledger

    left = value % 12
    writing = Ledger._writing

    def failing(ledger: Ledger) -> Any:  # noqa: ANN401  # as it is
        nonlocal left
        left -= 1
        if left == 0:
            error = sqlite3.OperationalError("disk I/O error")
            ledger._connection.close()
            from briefgen.delivery.ledger import LedgerFault

            raise LedgerFault(f"{ledger._path}: {error}")
        return writing(ledger)

    Ledger._writing = failing  # type: ignore[method-assign]


_CALLS: Final = frozenset({
    "open", "os.rename", "os.remove", "os.mkdir", "os.listdir", "os.scandir", "os.utime",
    "sqlite3.connect", "sqlite3.connect/handle", "socket.connect", "socket.getaddrinfo",
    "fcntl.flock", "os.chmod", "os.rmdir", "object.__getattr__",
})  # fmt: skip
FAULTS: Final[dict[str, Callable[[Path, int], None]]] = {
    "killed": _kill_at,
    "disk full": _fill_disk_at,
    "ledger fails": _fail_ledger_at,
}


def stand_in(put: Callable[[str, object], None] | None = None) -> None:
    """Typeset once, and take the same page for every brief: typesetting has its own tests."""
    import io

    import pikepdf

    import briefgen.delivery.briefs
    from briefgen.page.page import MadePage

    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    page = MadePage(pdf=out.getvalue())

    def pages(briefs: Sequence[object], *_: object, **__: object) -> Iterator[tuple[int, MadePage]]:
        return ((at, page) for at in range(len(briefs)))

    if put is not None:
        put("briefgen.delivery.briefs.make_pages", pages)
    else:
        briefgen.delivery.briefs.make_pages = pages  # type: ignore[assignment]


def patience(seconds: float) -> None:
    """How long a mail may take; short only where the server is silent, so that load breaks none."""
    from briefgen.delivery import conversation

    begin = conversation.Connect.__init__

    def patient(self: conversation.Connect, **given: Any) -> None:  # noqa: ANN401  # as it is
        begin(self, **{**given, "seconds": seconds})

    conversation.Connect.__init__ = patient  # type: ignore[method-assign]


def warm_up() -> None:
    """Import once, here, what every night would import for itself."""
    from click.testing import CliRunner

    from briefgen.cli import main

    life = Life(root=Path(tempfile.mkdtemp(prefix="life-", dir=MEMORY)))
    life.begin()
    life.happen(Event(0, "new meeting", 1))
    for number in (1, 2):
        life.feed(None)
        life.add_meeting(random.Random(number))
        arguments = ["-w", str(life.root), "--as-of", FIRST.isoformat(), "--json"]
        CliRunner().invoke(main, ["nightly", *arguments])
    life.office.close()
    shutil.rmtree(life.root)


def live(events: Sequence[Event], *, ahead: bool = False) -> str:
    """Live a life; what broke and in which night, or nothing."""
    folder = Path(tempfile.mkdtemp(prefix="life-", dir=MEMORY))
    life = Life(root=folder, ahead=ahead)
    try:
        life.begin()
        for night in range(NIGHTS):
            life.clock = FIRST + timedelta(days=night)
            if ahead:
                life.clock = life.clock.replace(hour=8 + night % 6, minute=30)
            try:
                life.night([event for event in events if event.night == night])
            except Broken as broken:
                return f"night {night}: {broken}"
        try:
            life.end()
        except Broken as broken:
            return f"at the end: {broken}"
        return ""
    finally:
        life.office.close()
        shutil.rmtree(folder, ignore_errors=True)
        for beside in (life.said, life.crash):
            beside.unlink(missing_ok=True)


def shrink(events: Sequence[Event], *, ahead: bool) -> tuple[Event, ...]:
    """The fewest events with which a life still breaks, leaving out one piece after the other."""
    left, size = list(events), max(len(events) // 2, 1)
    while size:
        at = 0
        while at < len(left):
            fewer = left[:at] + left[at + size :]
            if live(fewer, ahead=ahead):
                left = fewer
            else:
                at += size
        size //= 2
    return tuple(left)


def is_ahead(seed: int) -> bool:
    """Every fourth life mails each meeting two hours before it."""
    return seed % 4 == 3  # one in four


def main() -> int:
    """Live as many lives as asked for, and tell of those that break."""
    options = argparse.ArgumentParser()
    options.add_argument("--seeds", type=int, default=40)
    options.add_argument("--from", dest="first", type=int, default=1)
    options.add_argument("--shrink", action="store_true")
    given = options.parse_args()
    stand_in()
    warm_up()
    broken = 0
    for seed in range(given.first, given.first + given.seeds):
        said = live(plan(seed), ahead=is_ahead(seed))
        if said:
            broken += 1
            print(f"seed {seed}: {said}", flush=True)
            if given.shrink:
                for event in shrink(plan(seed), ahead=is_ahead(seed)):
                    print(f"    {event}", flush=True)
        if (seed - given.first + 1) % 10 == 0:
            print(f"lived up to seed {seed}, {broken} broken", flush=True)
    print(f"{given.seeds} lives from {given.first}, {broken} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
