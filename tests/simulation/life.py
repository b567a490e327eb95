"""A life of a workspace: thirty nights of real code in a world that one seed decides.

The clock, the calendar, the people who edit files, the mail server, the disk and kills are the
simulation's; `briefgen nightly` and `briefgen run` are the real commands, each in a process of its
own. After each night the invariants of docs/reliability.md are looked at.

    python tests/simulation/life.py --seeds 40 --from 1
"""

import argparse
import errno
import gc
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent))

import disk
from feed_server import FeedServer
from post_office import PostOffice
from print_queue import PrintQueue

NIGHTS: Final = 30
BERLIN: Final = ZoneInfo("Europe/Berlin")
FIRST: Final = datetime(2026, 10, 10, 22, 10, tzinfo=BERLIN)
"""So that the change of the clock on 25 October lies within."""

SETTINGS: Final = """\
version: 1
me: {{name: Robin Keller, emails: [robin@keller.example], internal_domains: [keller.example]}}
timezone: Europe/Berlin
feeds: [{feed}]
mail:
  host: 127.0.0.1
  port: {port}
  security: none
  from: robin@keller.example
  to: [robin@keller.example]
  when: {when}
nightly: {{packet: false, print: {printed}}}
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
FEED_MOODS: Final = {
    "feed cut": ("", "half", "closed"), "feed login": ("login", "elsewhere"),
    "feed missing": ("busy", "gone"),
}  # fmt: skip
PRINTER_MOODS: Final = ("refuses", "dies", "silent", "dumb", "dies")
COPY_NAMES: Final = (
    "dana (conflicted copy 2026-10-12).yaml", "dana.sync-conflict-20261012-101112-ABCDEFG.yaml",
    "dana (1).yaml", "dana.yaml~",
)  # fmt: skip
KINDS: Final = (
    ("new meeting", 10), ("moved", 5), ("renamed", 2), ("gone", 4), ("new uids", 4),
    ("note", 4), ("conflict copy", 1), ("old time", 1), ("mail", 8), ("feed cut", 2),
    ("feed login", 2), ("feed missing", 2), ("feed empty", 1), ("feed flood", 1),
    ("killed", 6), ("power cut", 8), ("disk fails", 7), ("printer", 4), ("reflect", 6),
    ("reflect by phone", 3), ("synced", 2), ("ledger damaged", 1), ("asleep", 2),
    ("clock back", 1), ("clock ahead", 1), ("second run", 3), ("by hand", 2),
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
    """A workspace, its world, and what has come of it.

    `ahead`: each meeting is mailed before it; `fetched`: the calendar comes over HTTP; `printed`:
    the briefs go to a printer; `typeset`: some nights typeset for real.
    """

    root: Path
    ahead: bool = False
    fetched: bool = False
    printed: bool = False
    typeset: bool = False
    office: PostOffice = field(default_factory=PostOffice)
    server: FeedServer = field(default_factory=FeedServer)
    meetings: dict[int, Meeting] = field(default_factory=dict)
    contacts: dict[str, bytes] = field(default_factory=dict)
    clock: datetime = FIRST
    fed: int = 0
    noted: dict[str, str] = field(default_factory=dict)
    unsure: int = 0
    refused: bool = False
    paper_unsure: bool = False
    reflected: set[int] = field(default_factory=set)
    seen: int = 0
    fetched_once: bool = False

    @classmethod
    def of(cls, seed: int, folder: Path) -> "Life":
        """The life of a seed, in an empty folder."""
        return cls(
            root=folder / "work",
            ahead=seed % 4 == 3,  # one in four
            fetched=seed % 2 == 0,
            printed=seed % 3 == 0,
            typeset=seed % 50 == 0,
        )

    def __post_init__(self) -> None:
        self.beside = self.root.parent
        (self.beside / "printer").mkdir()
        self.printer = PrintQueue(self.beside / "printer")
        self.said = self.beside / "said.json"
        self.crash = self.beside / "crash.txt"

    def close(self) -> None:
        """End its servers."""
        for server in (self.office, self.server, self.printer):
            server.listener.close()

    def begin(self) -> None:
        """A workspace with settings and contacts."""
        (self.root / "data" / "contacts").mkdir(parents=True)
        address = f'{{name: work, url: "http://127.0.0.1:{self.server.listener.port}/work.ics"}}'
        settings = SETTINGS.format(
            port=self.office.listener.port,
            when="2h" if self.ahead else "nightly",
            feed=address if self.fetched else "data/calendar.ics",
            printed="yes" if self.printed else "no",
        )
        put(self.root / "briefgen.yaml", settings.encode())
        for name in PEOPLE[:3]:
            self.write_contact(name, "")

    def path_of(self, name: str) -> Path:
        """Where a contact's file lies."""
        return self.root / "data" / "contacts" / f"{name}.yaml"

    def write_contact(self, name: str, note: str) -> None:
        """A contact file, as its owner writes it, with something to ask about."""
        head = f"version: 1\nname: {name.title()}\nemails: [{name}@acme.example]\n".encode()
        content = self.contacts.get(name, head)
        if note:
            line = f"talking_points: [ask about {note}]\n".encode()
            content, known = re.subn(rb"(?m)^talking_points:.*\n", line, content)
            self.noted[name] = note
            if not known:
                content += line
        self.contacts[name] = content
        put(self.path_of(name), content)

    # what happens

    def happen(self, event: Event) -> None:  # a branch a kind
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
                self.write_contact(dice.choice(PEOPLE), f"trip {event.value}")
            case "synced":  # as a tool does that keeps the other machine's times
                name = dice.choice(PEOPLE[:3])
                self.write_contact(name, f"tour {event.value}")
                os.utime(self.path_of(name), (1_600_000_000, 1_600_000_000))
            case "conflict copy":
                source = self.path_of("dana")
                copy = source.with_name(dice.choice(COPY_NAMES))
                shutil.copy(source, copy)
                os.utime(copy, (1_500_000_000, 1_500_000_000))
            case "old time":
                for path in (self.root / "data" / "contacts").glob("*.yaml"):
                    os.utime(path, (1_600_000_000, 1_600_000_000))
            case "ledger damaged":
                self.damage_ledger(dice)
            case "reflect" | "reflect by phone":
                self.reflect(dice, by_phone=event.kind == "reflect by phone")

    def add_meeting(self, dice: random.Random) -> None:
        """A meeting in the next days, at an hour and under its own title."""
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
        if path.is_file() and path.stat().st_size:
            content = bytearray(path.read_bytes())
            at = dice.randrange(len(content))
            content[at : at + 3000] = bytes(dice.randrange(256) for _ in content[at : at + 3000])
            path.write_bytes(content)
            self.paper_unsure = True

    def feed(self, event: Event | None) -> None:
        """The calendar as the feed gives it tonight."""
        order = random.Random(self.seen)
        said = sorted(self.meetings.values(), key=lambda one: one.number)
        order.shuffle(said)
        head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//simulation//EN\r\n"
        text = head + "".join(one.event(self.seen, order) for one in said) + "END:VCALENDAR\r\n"
        kind, value = (event.kind, event.value) if event else ("", 0)
        self.server.mood = ""
        if self.fetched and kind in FEED_MOODS:
            self.server.mood = FEED_MOODS[kind][value % len(FEED_MOODS[kind])]
        elif kind == "feed login":
            text = "<!DOCTYPE html><html>Please sign in</html>"
        if kind == "feed cut" and not self.server.mood:
            text = text[: len(text) * (value % 90 + 5) // 100]
        elif kind == "feed empty":
            text = head + "END:VCALENDAR\r\n"
        elif kind == "feed flood":
            text = text.replace("END:VCALENDAR", f"{self.flood()}END:VCALENDAR")
        self.server.content = text.encode()
        path = self.root / "data" / "calendar.ics"
        if self.fetched:
            return
        if kind == "feed missing":
            path.unlink(missing_ok=True)
        elif not path.exists() or path.read_bytes() != text.encode():
            put(path, text.encode())

    def flood(self) -> str:
        """Events of a stranger's, more than a day may have."""
        day = (self.clock + timedelta(days=1)).date()
        start = datetime(day.year, day.month, day.day, 12, tzinfo=BERLIN)
        order = random.Random(0)
        floods = (
            Meeting(0, start + timedelta(minutes=n), ("eve",), f"f{n}@evil.example", f"Flood {n}")
            for n in range(64)
        )
        return "".join(one.event(self.seen, order) for one in floods)

    # a reflection

    def reflect(self, dice: random.Random, *, by_phone: bool) -> None:
        """The five minutes after a meeting, at times broken off; only ever an addition."""
        before = self.clock - timedelta(days=2)
        over = [
            one for one in self.meetings.values()
            if before < one.start < self.clock - timedelta(hours=2)
            and any(name in self.contacts for name in one.people)
            and one.number not in self.reflected  # a second one corrects the first
        ]  # fmt: skip
        if not over:
            return
        meeting = dice.choice(over)
        self.reflected.add(meeting.number)
        self.feed(None)
        faults = dice.choice((
            [], [], [Event(0, "killed", dice.randrange(300))],
            [Event(0, "power cut", dice.randrange(10**6))],
        ))  # fmt: skip
        known = [name for name in meeting.people if name in self.contacts]
        words = f"went well {dice.randrange(10**9)}"
        call = ["reflect", meeting.uid]
        if by_phone:
            answer = self.phone_answer(meeting, words)
            if not answer:
                return
            status = self.run(["reflect", "--from", answer], self.clock, "", faults)
        else:
            lines = ["y", "a lead", "p", "n", words, "somebody calls", "relieved", "listen"]
            typed = "".join(f"{line}\n" for line in lines) + "\n" * 30
            status = self.run(call, self.clock, "", faults, typed=typed)
        written = False
        for name in known:
            old, new = self.contacts[name], self.path_of(name).read_bytes()
            if not _is_addition(old, new):
                raise Broken(f"a reflection changed {name}.yaml: {old!r} to {new!r}")
            written |= words.encode() in new if by_phone else new != old
            self.contacts[name] = new
        if status == 0 and not written:
            raise Broken(f"a reflection said that it was kept, and it was not: {known}")
        if status != 0 and not faults:
            raise Broken(f"a reflection ended with {status}: {self.said.read_text()}")

    def phone_answer(self, meeting: Meeting, words: str) -> str:
        """The mail that a phone sends with the filled form of a meeting; empty for no form."""
        if self.run(["reflect", meeting.uid, "--form"], self.clock, "", []) != 0:
            raise Broken(f"no form for {meeting}: {self.said.read_text()}")
        form = self.root / json.loads(self.said.read_text())["form"]
        hidden = re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', form.read_text())
        first = next(name for name in meeting.people if name in self.contacts)
        fields = "".join(f"{name}={value}\r\n" for name, value in hidden if name != "end")
        mail = self.beside / "answer.eml"
        mail.write_bytes(
            b"From: robin@keller.example\r\nTo: robin@keller.example\r\nSubject: briefgen\r\n"
            b"Content-Type: text/plain\r\n\r\n"
            + f"{fields}{first}:summary={words}\r\n{first}:needs=a lead\r\n".encode()
        )
        return str(mail)

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
        faults = [by_kind[kind] for kind in FAULTS if kind in by_kind]
        if "printer" in by_kind and self.printed:
            self.printer.mood = PRINTER_MOODS[by_kind["printer"].value % len(PRINTER_MOODS)]
        at = self.clock
        if "clock back" in by_kind:
            at -= timedelta(hours=by_kind["clock back"].value % 30)
        if "clock ahead" in by_kind:
            at += timedelta(days=365)
        if "by hand" in by_kind:
            self.run(["run"], at, "", faults)
        made = self.run(["nightly"], at, mood, faults)
        if made == 1 and feed_fault and self.fetched_once and not faults and at == self.clock:
            raise Broken(f"no copy of the calendar served: {self.said.read_text()}")
        clean = not (mood or faults or feed_fault or self.printer.mood or at != self.clock)
        self.paper_unsure |= bool(faults or self.printer.mood)
        self.printer.mood = ""
        if clean or "second run" in by_kind:
            self.feed(None)
            status = self.run(["nightly"], self.clock + timedelta(hours=1), "", [])
            self.check_clean(status, self.clock + timedelta(hours=1))
            self.fetched_once = True
        self.check()

    def run(
        self,
        command: Sequence[str],
        at: datetime,
        mood: str,
        faults: Sequence[Event],
        *,
        typed: str | None = None,
    ) -> int:
        """One command in a separate process; its exit status, or -9 where it was killed."""
        self.office.mood = mood
        before = len(self.office.arrivals)
        self.said.unlink(missing_ok=True)
        self.crash.unlink(missing_ok=True)
        record = os.memfd_create("record", 0)
        cut = next((fault for fault in faults if fault.kind == "power cut"), None)
        kept = disk.Disk(self.root) if cut is not None and disk.is_watched() else None
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            child = os.fork()  # from Python 3.12 on it warns of threads: the mail server has one
        if child == 0:
            status = 99
            try:
                status = self.carry_out(command, at, faults, record, typed)
            except BaseException:  # noqa: BLE001  # a child never returns
                self.crash.write_text(traceback.format_exc())
            finally:
                os._exit(status)
        _, ended = os.waitpid(child, 0)
        if kept is not None and cut is not None:
            steps = os.pread(record, os.fstat(record).st_size, 0)
            kept.lose_power(steps, random.Random(cut.value))
        os.close(record)
        arrived = self.office.arrivals[before:]
        if os.WIFSIGNALED(ended) or not all(one.acknowledged for one in arrived) or faults:
            self.unsure += 1
        self.refused = self.refused or "55" in mood
        status = os.waitstatus_to_exitcode(ended)
        if status not in {0, 1, 3, -9}:
            why = self.crash.read_text() if self.crash.exists() else ""
            said = self.said.read_text() if self.said.exists() else ""
            raise Broken(f"{command} ended with status {status}: {why}{said}")
        return status

    def carry_out(
        self,
        command: Sequence[str],
        at: datetime,
        faults: Sequence[Event],
        record: int,
        typed: str | None,
    ) -> int:
        """The command, in this process, with its faults; its exit status."""
        from click.testing import CliRunner

        from briefgen.cli import main

        gc.enable()
        patience(0.3 if "silent" in self.office.mood else 120)
        self.printer.put_on_path()
        if self.typeset and self.seen % 10 == 1:
            typeset_for_real()
        for fault in faults:
            FAULTS[fault.kind](self.root, fault.value, record)
        arguments = [*command, "-w", str(self.root), "--as-of", at.isoformat()]
        if typed is None:
            arguments.append("--json")
        result = CliRunner().invoke(main, arguments, input=typed)
        self.said.write_text(result.stdout or result.output)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            self.crash.write_text("".join(traceback.format_exception(result.exception)))
            return 98
        return int(result.exit_code)

    # what must hold

    def check(self) -> None:
        """What holds after any night, whatever happened in it."""
        for name, content in self.contacts.items():
            if self.path_of(name).read_bytes() != content:
                raise Broken(f"a night has changed the contact file {name}.yaml")
        ids: dict[str, int] = {}
        for one in self.office.arrivals:
            ids[one.message_id] = ids.get(one.message_id, 0) + 1
        twice = sum(count - 1 for count in ids.values())
        if twice > self.unsure or max(ids.values(), default=0) > 2:  # once more
            raise Broken(f"{twice} mails came twice, with {self.unsure} nights that could not know")
        titles = [title for title, _ in self.printer.jobs]
        again = {title for title in titles if titles.count(title) > 1 or " no. " in title}
        if again:
            raise Broken(f"printed twice: {sorted(again)}")
        self.check_cancelled()
        for day in (self.root / "briefings").glob("????-??-??"):
            for path in day.glob("*.pdf"):
                content = path.read_bytes()
                if not content.startswith(b"%PDF") or b"%%EOF" not in content:
                    raise Broken(f"{path.name} is torn")

    def check_cancelled(self) -> None:
        """Nothing that stands was called cancelled, or gone, by the last mail that came."""
        for one in self.office.arrivals[-1:]:
            for meeting in self.meetings.values():
                for words in ("cancelled", "no longer in your calendar"):
                    said = f"{meeting.title}, {meeting.start:%H:%M}: {words}"
                    if said in one.text and meeting.start > self.clock:
                        raise Broken(f"'{said}', and it stands")
                if one.subject.startswith(f"Cancelled: {meeting.title},"):
                    raise Broken(f"'{one.subject}', and it stands")

    def check_clean(self, status: int, at: datetime) -> None:
        """What holds after a night in which nothing was wrong."""
        said = self.said.read_text()
        if not said.startswith("{"):
            raise Broken(f"a clean night ended with {status} and no report: {said}")
        report = json.loads(said)
        if status == 1:
            raise Broken(f"a clean night made nothing: {report.get('problems')}")
        end = (at + timedelta(days=2)).replace(hour=0, minute=0)
        due = sorted(
            (one for one in self.meetings.values() if at <= one.start < end),
            key=lambda one: one.number,
        )
        briefs = {brief["title"]: brief for brief in report.get("briefs", ())}
        if set(briefs) != {one.title for one in due}:
            raise Broken(f"briefs of {sorted(briefs)}, expected {[one.title for one in due]}")
        for one in due:
            self.check_sheet(one, briefs[one.title])
        self.check_report(report, at)
        self.check_mailed(due, at)
        self.check_printed(due, at)

    def check_sheet(self, meeting: Meeting, brief: dict[str, Any]) -> None:
        """The sheet is there, of one page, and of the newest state of calendar and contacts."""
        path = self.root / brief["path"]
        if not path.is_file():
            raise Broken(f"{brief['path']} is reported and not there")
        content = path.read_bytes()
        if content.count(b"%%EOF\n%briefgen ") != 1:  # typeset for real
            import pikepdf

            with pikepdf.open(path) as pdf:
                if len(pdf.pages) != 1:
                    raise Broken(f"{path.name} has {len(pdf.pages)} pages")
            return
        told = [meeting.title, f"{meeting.start:%Y-%m-%dT%H:%M}"]
        told += [self.noted[name] for name in meeting.people if name in self.noted][:1]
        for words in told:
            if words.encode() not in content:
                raise Broken(f"{path.name} does not have '{words}': {content[-3000:]!r}")

    def check_report(self, report: dict[str, Any], at: datetime) -> None:
        """Report, folder and the mail server agree."""
        arrived = {one.message_id for one in self.office.arrivals}
        for one in report.get("deliveries", ()):
            mailed = one["channel"] == "mail" and one["state"] == "sent"
            if mailed and one["message_id"] not in arrived:
                raise Broken(f"{one['message_id']} is called sent, and has never come")
        for day in sorted({brief["path"].split("/")[1] for brief in report["briefs"]}):
            folder = self.root / "briefings" / day
            kept = json.loads((folder / "report.json").read_text())
            named = {Path(brief["path"]).name for brief in kept["briefs"]}
            there = {path.name for path in folder.glob("*.pdf")}
            if named != there and day != at.date().isoformat():
                raise Broken(f"{day}: report of {sorted(named)}, in the folder {sorted(there)}")

    def check_mailed(self, due: Iterable[Meeting], at: datetime) -> None:
        """Each meeting that stands is in the mail that came last about it, at its time."""
        if self.refused:
            return
        for one in due:
            if self.ahead and one.start - timedelta(hours=2) > at:
                continue
            told = [mail for mail in self.office.arrivals if f"{one.title} " in f"{mail.text} "
                    or one.title in mail.subject]  # fmt: skip
            if not told:
                raise Broken(f"nobody was mailed about {one.title} at {one.start:%d %b %H:%M}")
            last = told[-1]
            clock = f"{one.start:%H:%M}"
            if clock not in last.text and clock not in last.subject:
                raise Broken(f"the last mail about {one.title} does not say {clock}: {last.text}")

    def check_printed(self, due: Iterable[Meeting], at: datetime) -> None:
        """Each meeting that stands has its paper, if nobody had to doubt whether it has."""
        if not self.printed or self.paper_unsure:
            return
        files = " ".join(files for _, files in self.printer.jobs)
        for one in due:
            if f"talk-{one.number:03}" not in files:
                raise Broken(f"no paper of {one.title} at {one.start:%d %b %H:%M}, {at}")

    def end(self) -> None:
        """After the last night the world is well again: the next nights must end with 0."""
        status = 0
        for hours in (7, 14, 21):
            self.feed(None)
            at = self.clock + timedelta(hours=hours)
            status = self.run(["nightly"], at, "", [])
            self.check()
            if hours > 7:  # a feed that was emptied, a rebuilt ledger are shown once
                self.check_clean(status, at)
        said = json.loads(self.said.read_text())
        unsure = self.paper_unsure and any(
            one["channel"] == "print" and one["state"] == "unsure" for one in said["deliveries"]
        )
        if status != 0 and not self.refused and not unsure:
            raise Broken(f"the world is well, and the night ends with {status}: {said['problems']}"
                         f" {said['deliveries']}")  # fmt: skip
        files = sum(1 for _ in (self.root / ".briefgen").rglob("*"))
        if files > 400:  # thirty nights of a few meetings
            raise Broken(f"{files} files in .briefgen")


def _is_addition(old: bytes, new: bytes) -> bool:
    """Whether every line is still there, in its order, but that a need is met by now."""
    met = re.compile(rb"needs_met: \w+")
    lines = iter(met.sub(b"needs_met", new).splitlines())
    return all(line in lines for line in met.sub(b"needs_met", old).splitlines())


def put(path: Path, content: bytes) -> None:
    """Write a file as if a minute ago, so that a night may trust that it has not changed since."""
    path.write_bytes(content)
    moment = path.stat().st_mtime - 60
    os.utime(path, (moment, moment))


def _kill_at(root: Path, value: int, record: int) -> None:  # as the others
    """End the process at one of its next calls of the system."""
    left = value % 400

    def hook(event: str, _: object) -> None:
        nonlocal left
        if event in _CALLS:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def _cut_power_at(root: Path, value: int, record: int) -> None:
    """Record every step with the disk, and end the process before one of them."""
    if disk.is_watched():
        disk.watch(root, record, cut_at=1 + value % STEPS)


def _fail_disk_at(root: Path, value: int, record: int) -> None:
    """From one of the next steps on, the disk fails for a while, for SQLite too."""
    if disk.is_watched():
        first, lasts = 1 + value % STEPS, 1 + value % 7 * 5
        code = (errno.ENOSPC, errno.EIO, errno.EROFS)[value % 3]
        disk.watch(root, record, fails=range(first, first + lasts), code=code)


STEPS: Final = 160
"""With the disk; a night with a mail has about that many."""
_CALLS: Final = frozenset({
    "open", "os.rename", "os.remove", "os.mkdir", "os.listdir", "os.scandir", "os.utime",
    "sqlite3.connect", "sqlite3.connect/handle", "socket.connect", "socket.getaddrinfo",
    "fcntl.flock", "os.chmod", "os.rmdir", "object.__getattr__",
})  # fmt: skip
FAULTS: Final[dict[str, Callable[[Path, int, int], None]]] = {
    "killed": _kill_at,
    "power cut": _cut_power_at,
    "disk fails": _fail_disk_at,
}


def stand_in(patch: Callable[[str, object], None] | None = None) -> None:
    """Typeset once, and take that page for every brief, with what the brief says in a comment."""
    import io
    from functools import cache

    import pikepdf

    import briefgen.day.make
    import briefgen.page.system_libraries
    from briefgen.page.look import MadePage
    from briefgen.page.workers import Failure

    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)

    def page(brief: Any) -> MadePage:  # noqa: ANN401  # a brief
        told = f"{brief.title} {brief.start.isoformat()} {brief!r}".replace("\n", " ")
        return MadePage(pdf=out.getvalue() + f"%briefgen {told}\n".encode())

    def pages(
        briefs: Sequence[Any], *_: object, **__: object
    ) -> Generator[tuple[int, MadePage | Failure]]:
        return ((at, page(brief)) for at, brief in enumerate(briefs))

    libraries = briefgen.page.system_libraries
    if patch is not None:
        patch("briefgen.day.make.make_pages", pages)
    else:
        REAL["make_pages"] = briefgen.day.make.make_pages
        briefgen.day.make.make_pages = pages
        libraries._load_from_system = cache(libraries._load_from_system)


REAL: Final[dict[str, Any]] = {}


def typeset_for_real() -> None:
    """Undo the stand-in, in this process."""
    import briefgen.day.make

    briefgen.day.make.make_pages = REAL["make_pages"]


def patience(seconds: float) -> None:
    """How long a mail may take; short only where the server is silent, so that load breaks none."""
    from briefgen.delivery import conversation

    begin = conversation.Connect.__init__

    def patient(self: conversation.Connect, **given: Any) -> None:  # noqa: ANN401  # as it is
        begin(self, **{**given, "seconds": seconds})

    conversation.Connect.__init__ = patient  # type: ignore[method-assign]


def warm_up() -> None:
    """Import once, here, what every night would import for itself."""
    from briefgen.meetings import fetch

    fetch.fetch_feeds.__kwdefaults__["first_wait"] = 0.01  # type: ignore[index]
    events = [Event(0, "new meeting", 1), Event(1, "new meeting", 2), Event(2, "reflect", 1)]
    for seed in (2, 3):
        folder = Path(tempfile.mkdtemp(prefix="life-", dir=MEMORY))
        life = Life.of(seed, folder)
        life.begin()
        fork, os.fork = os.fork, lambda: 0  # in this process
        leave, os._exit = os._exit, _stay  # type: ignore[assignment]
        path = os.environ["PATH"]
        begin = _connect_begin()
        try:
            for night in range(3):
                life.clock = FIRST + timedelta(days=night)
                for event in events:
                    if event.night == night:
                        with suppress(_Stayed, ChildProcessError):
                            life.happen(event)
                life.feed(None)
                with suppress(_Stayed):
                    life.run(["nightly"], life.clock, "", [])
        finally:
            os.fork, os._exit = fork, leave
            os.environ["PATH"] = path
            _connect_begin(begin)
            life.close()
            shutil.rmtree(folder, ignore_errors=True)
    gc.collect()
    gc.freeze()
    gc.disable()


class _Stayed(BaseException):
    """In place of an end of the process."""


def _stay(status: int) -> None:
    raise _Stayed(status)


def _connect_begin(begin: Any = None) -> Any:  # noqa: ANN401  # a function
    from briefgen.delivery import conversation

    if begin is not None:
        conversation.Connect.__init__ = begin  # type: ignore[method-assign]
    return conversation.Connect.__init__


def live(events: Sequence[Event], seed: int, *, nights: int = NIGHTS) -> tuple[int, str]:
    """Live a life; the night in which something broke, and what, or nothing."""
    folder = Path(tempfile.mkdtemp(prefix="life-", dir=MEMORY))
    life = Life.of(seed, folder)
    night = 0
    try:
        life.begin()
        for night in range(nights):
            life.clock = FIRST + timedelta(days=night)
            if life.ahead:
                life.clock = life.clock.replace(hour=8 + night % 6, minute=30)
            life.night([event for event in events if event.night == night])
        if nights == NIGHTS:
            night = NIGHTS
            life.end()
    except Broken as broken:
        return night, str(broken)
    finally:
        life.close()
        shutil.rmtree(folder, ignore_errors=True)
    return night, ""


def shrink(events: Sequence[Event], seed: int, night: int) -> tuple[Event, ...]:
    """The fewest events with which a life still breaks, leaving out one piece after the other."""
    nights = night if night == NIGHTS else night + 1
    left = [event for event in events if event.night < nights]
    size = max(len(left) // 2, 1)
    while size:
        at = 0
        while at < len(left):
            fewer = left[:at] + left[at + size :]
            if live(fewer, seed, nights=nights)[1]:
                left = fewer
            else:
                at += size
        size //= 2
    return tuple(left)


def main() -> int:
    """Live as many lives as asked for, and report those that break."""
    options = argparse.ArgumentParser()
    options.add_argument("--seeds", type=int, default=40)
    options.add_argument("--from", dest="first", type=int, default=1)
    options.add_argument("--shrink", action="store_true")
    given = options.parse_args()
    if not disk.load():
        print("no C compiler here, or no Linux: the disk neither fails nor forgets")
    disk.tidy_up()
    stand_in()
    warm_up()
    broken = 0
    for seed in range(given.first, given.first + given.seeds):
        night, said = live(plan(seed), seed)
        if said:
            broken += 1
            print(f"seed {seed}, night {night}: {said}", flush=True)
            if given.shrink:
                for event in shrink(plan(seed), seed, night):
                    print(f"    {event}", flush=True)
        if (seed - given.first + 1) % 10 == 0:
            print(f"lived up to seed {seed}, {broken} broken", flush=True)
    print(f"{given.seeds} lives from {given.first}, {broken} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
