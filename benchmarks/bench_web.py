"""A month of twenty people on the page, by a scripted telephone: taps, seconds, and what landed.

Four meetings a day on twenty days. Some answers lose their connection half way, some pages are
loaded again in the middle, some are open in two tabs. Then every file is read: each meeting must
have its one interaction with its own words. Needs Chromium.
"""

import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, Route, sync_playwright

from briefgen.contacts.reader import read_book
from briefgen.web.application import application
from briefgen.web.desk import Desk
from briefgen.web.server import Listener, listen, run
from briefgen.workspace.folder import Workspace

PEOPLE, DAYS, A_DAY = 20, 20, 4
SECONDS_A_TAP = 2
SETTINGS = """\
version: 1
me: {name: Robin Keller, emails: [robin@keller-advisory.example]}
timezone: Europe/Berlin
feeds: [data/calendar.ics]
"""
CONTACT = """\
name: Person {n}
emails: [person{n}@org.example]
promises:
  - {{by: me, text: the plan for {n}, made: 2026-10-01, due: 2026-11-0{due}}}
"""
EVENT = """\
BEGIN:VEVENT
UID:{uid}
DTSTAMP:20261001T000000Z
DTSTART;TZID=Europe/Berlin:{day:%Y%m%d}T{hour:02}0000
DTEND;TZID=Europe/Berlin:{day:%Y%m%d}T{hour:02}3000
SUMMARY:Talk {uid}
ATTENDEE;CN=Person {n}:mailto:person{n}@org.example
END:VEVENT
"""


@dataclass
class Tally:
    """What was counted."""

    taps: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    trouble: Counter[str] = field(default_factory=Counter)


def days() -> list[date]:
    """Working days from the second of November on."""
    found: list[date] = []
    day = date(2026, 11, 2)
    while len(found) < DAYS:
        if day.weekday() < 5:  # Monday to Friday
            found.append(day)
        day += timedelta(days=1)
    return found


def make(root: Path) -> dict[str, int]:
    """Twenty people and their month; whom each meeting is with."""
    (root / "data/contacts").mkdir(parents=True)
    (root / "briefgen.yaml").write_text(SETTINGS)
    for n in range(PEOPLE):
        text = CONTACT.format(n=n, due=1 + n % 9)
        (root / f"data/contacts/person-{n}.yaml").write_text(text)
    whom, events, turn = {}, "", 0
    for day in days():
        for slot in range(A_DAY):
            uid = f"{day:%m%d}-{slot}"
            whom[uid] = turn % PEOPLE
            events += EVENT.format(uid=uid, day=day, hour=9 + 2 * slot, n=turn % PEOPLE)
            turn += 1
    feed = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//bench//EN\n{events}END:VCALENDAR\n"
    (root / "data/calendar.ics").write_text(feed.replace("\n", "\r\n"), newline="")
    return whom


def reflect(page: Page, place: str, uid: str, tally: Tally, how: str) -> None:
    """One usual answer, and the trouble that comes with it."""
    taps, began = 1, time.perf_counter()
    base = page.url.partition("/?")[0].rstrip("/")
    page.goto(base + place)
    form = page.locator("form.answers")

    def tap(name: str, *, within: str = "") -> None:
        nonlocal taps
        group = form.get_by_role("group", name=within) if within else form
        group.get_by_label(name, exact=True).first.click()
        taps += 1

    tap("yes", within="I knew what they needed")
    tap("partly", within="I knew how to help")
    tap("frustrated")
    tap("What was promised")
    page.keyboard.type(f"promise {uid}")
    form.locator(".due").first.get_by_label("1 w").click()
    tap("Their words")
    page.keyboard.type(f"words {uid}")
    other = None
    if how == "reload":
        page.reload()
    elif how == "two tabs":
        other = page.context.new_page()
        other.goto(base + place)
        other.get_by_label("Next time").fill(f"next {uid}")
    elif how == "lost half way":
        lost: list[int] = []

        def lose(route: Route) -> None:
            if route.request.method == "POST" and not lost:
                lost.append(route.fetch(max_redirects=0).status)
                route.abort("connectionreset")
            else:
                route.continue_()

        page.route(f"**{place}", lose)
    elif how == "offline":
        page.context.set_offline(True)
    page.get_by_role("button", name="Save").click()
    taps += 2  # the chip for the day, and this
    if how == "offline":
        page.get_by_text("kept on this device and sent when").wait_for()
        page.context.set_offline(False)
    page.wait_for_url(f"{base}/?*")
    page.unroute_all()
    tally.taps.append(taps)
    tally.seconds.append(time.perf_counter() - began)
    tally.trouble[how] += 1
    if other is not None:
        other.get_by_role("button", name="Save").click()
        other.wait_for_url(f"{base}/?*")
        other.close()


def check(root: Path, whom: dict[str, int], trouble: dict[str, str]) -> list[str]:
    """What is wrong in the files: an answer that is missing, or there twice."""
    book, problems = read_book(Workspace(root=root))
    wrong = [str(problem) for problem in problems]
    for uid, n in whom.items():
        contact = book.by_stem(f"person-{n}")
        assert contact is not None
        found = [i for i in contact.contact.interactions if i.meeting and i.meeting.uid == uid]
        promised = [p for p in contact.contact.promises if p.text == f"promise {uid}"]
        if len(found) != 1 or found[0].words != f"words {uid}" or len(promised) != 1:
            wrong.append(f"{uid}: {len(found)} interactions, {len(promised)} promises")
        elif trouble[uid] == "two tabs":
            reflection = found[0].reflection
            if reflection is None or reflection.adjust != f"next {uid}":
                wrong.append(f"{uid}: the second tab's words are lost")
    return wrong


def main() -> None:
    """Live through the month and print what was measured."""
    browser_path = shutil.which("chromium")
    if browser_path is None:
        print("no chromium here; nothing measured")
        return
    root = Path(tempfile.mkdtemp()) / "work"
    whom = make(root)
    now = [datetime(2026, 11, 2, 8)]  # noqa: DTZ001  # its zone comes with each question
    desk = Desk(Workspace(root=root), lambda zone: now[0].replace(tzinfo=zone), complain=print)
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    app = application(desk, hosts={"http": frozenset({f"127.0.0.1:{port}"})})
    stop, ready = threading.Event(), threading.Event()
    thread = threading.Thread(
        target=run,
        args=(app, [Listener(socket=listener)]),
        kwargs={"ready": ready.set, "stop": stop},
        daemon=True,
    )
    thread.start()
    ready.wait()
    tally, base, chance = Tally(), f"http://127.0.0.1:{port}", random.Random(7)
    kinds = ["usual"] * 6 + ["reload", "two tabs", "lost half way", "offline"]
    trouble: dict[str, str] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 390, "height": 844})
        context.set_default_timeout(60_000)
        page = context.new_page()
        began = time.perf_counter()
        page.goto(f"{base}/in?token={desk.sessions.invite('phone')}", wait_until="commit")
        page.wait_for_url(f"{base}/")
        first = 0.0
        for day in days():
            now[0] = datetime(day.year, day.month, day.day, 20)  # noqa: DTZ001  # as above
            for chosen in [c for c in desk.day().chosen if c.meeting.day == day]:
                uid = chosen.meeting.uid
                how = trouble[uid] = chance.choice(kinds)
                reflect(page, f"/r/{chosen.code}", uid, tally, how)
                first = first or time.perf_counter() - began
        browser.close()
    stop.set()
    thread.join()
    wrong = check(root, whom, trouble)
    with suppress(OSError):
        shutil.rmtree(root.parent)
    paused = [t * SECONDS_A_TAP + s for t, s in zip(tally.taps, tally.seconds, strict=True)]
    print(f"{len(tally.taps)} reflections of {PEOPLE} people: {dict(tally.trouble)}")
    print(f"taps each: {median(tally.taps):.0f}, at most {max(tally.taps)}")
    print(f"seconds with {SECONDS_A_TAP} s a tap: {median(paused):.0f}, at most {max(paused):.0f}")
    print(f"from the code to the first one saved: {first:.1f} s, and the person's own pauses")
    print(f"answers that are missing or there twice: {len(wrong)}")
    for line in wrong[:10]:
        print(f"  {line}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
