"""Weeks of reflections on a telephone: taps, seconds, and every answer on file once.

`BRIEFGEN_DAYS=20` lives a whole month of four meetings a day with twenty people; the suite one day.
"""

import os
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Page, Route
from served_pages import BROWSER, Served
from small_workspaces import SETTINGS, calendar, event

from briefgen.contacts.book import parse_contact

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium here")

DAYS = int(os.environ.get("BRIEFGEN_DAYS", "1"))
PEOPLE, A_DAY = 20, 4
FIRST = date(2026, 11, 2)
PAUSE = 2.0
"""Seconds that a person takes for a tap."""
TYPING = 3.0
"""Signs that a person types on a telephone in a second."""
MISHAPS = ("none", "none", "reload", "lost request", "lost answer", "twice", "two tabs")


def workdays() -> Iterator[date]:
    """As many as are lived."""
    day = FIRST
    for _ in range(DAYS):
        yield day
        day += timedelta(days=3 if day.weekday() == 4 else 1)  # Friday


def make_month(root: Path) -> list[tuple[date, int, str]]:
    """Twenty people with a promise open to each, and their meetings: day, number and title."""
    (root / "data/contacts").mkdir(parents=True)
    (root / "briefgen.yaml").write_text(SETTINGS)
    for n in range(PEOPLE):
        text = (
            f"name: Person Nr{n}\nemails: [p{n}@many.example]\n"
            f"promises: [{{by: me, text: send paper {n}, made: 2026-10-01, due: 2026-11-01}}]\n"
        )
        (root / f"data/contacts/p-{n}.yaml").write_text(text)
    found, events = [], []
    for at, day in enumerate(workdays()):
        for hour in range(A_DAY):
            n = (at * A_DAY + hour) % PEOPLE
            start = f"{day:%Y%m%d}T{9 + 2 * hour:02}0000"
            end = f"{day:%Y%m%d}T{9 + 2 * hour:02}4500"
            title = f"Talk {at}-{hour}"
            who = (f"CN=Person Nr{n}:mailto:p{n}@many.example",)
            events.append(event(f"{title}@calendar.example", start, end, title, attendees=who))
            found.append((day, n, title))
    (root / "data/calendar.ics").write_text(calendar(*events), newline="")
    return found


class Thumb:
    """Taps and types, and counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.signs = page, 0, 0

    def tap(self, group: str, label: str) -> None:
        """Tap a chip or a tick."""
        self.taps += 1
        within = self.page.get_by_role("group", name=group) if group else self.page
        within.get_by_label(label).first.click()

    def type(self, label: str, text: str) -> None:
        """Tap a field, and type."""
        self.taps += 1
        self.signs += len(text)
        self.page.get_by_label(label).first.fill(text)

    @property
    def seconds(self) -> float:
        """What it took a person."""
        return self.taps * PAUSE + self.signs / TYPING


@contextmanager
def mishap(page: Page, place: str, kind: str) -> Iterator[None]:
    """What befalls the form while it is saved."""
    lost = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(kind)
        if kind == "lost answer":
            route.fetch(max_redirects=0)
        route.abort("connectionreset")

    if kind.startswith("lost"):
        page.route(place, lose)
    yield
    if kind.startswith("lost"):
        page.unroute(place)


def reflect(
    page: Page, day_page: str, n: int, title: str, chance: random.Random
) -> tuple[str, Thumb]:
    """One meeting's five minutes, with what befalls it; the words that were typed, and the taps."""
    kind, said = chance.choice(MISHAPS), f"words of {title}"
    page.goto(day_page)
    thumb = Thumb(page)
    thumb.taps += 2  # this link, and Save
    page.locator("li", has_text=title).get_by_role("link", name="Five minutes").click()
    page.wait_for_url("**/r/*")
    place = page.url
    other = page.context.new_page() if kind == "two tabs" else None
    if other is not None:
        other.goto(place)
    thumb.tap("I knew what they needed", chance.choice(("yes", "partly", "no")))
    thumb.tap("I knew how to help", chance.choice(("yes", "partly", "no")))
    thumb.tap("I saw and heard", "frustrated")
    if page.get_by_label(f"send paper {n}").count():
        thumb.tap("", f"send paper {n}")
    thumb.type("Their words", said)
    if kind == "reload":
        page.reload()
    with mishap(page, place, kind):
        page.get_by_role("button", name="Save").click()
        page.wait_for_url(lambda url: url != place)
    assert thumb.taps <= 8, title
    assert thumb.seconds <= 60, title
    if kind == "twice":
        page.goto(place)
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Saved already").wait_for()
    if other is not None:
        other.get_by_label("Next time").fill("from the second tab")
        other.get_by_role("button", name="Save").click()
        other.get_by_text("Saved: Person").wait_for()
        other.close()
    return said, thumb


def test_every_reflection_of_the_days_lands_once(
    serving: Callable[..., Served], tmp_path: Path
) -> None:
    """At most 8 taps and 60 seconds each, whatever befalls telephone and network on the way."""
    from playwright.sync_api import sync_playwright

    chance = random.Random(7)
    root = tmp_path / "month"
    meetings = make_month(root)
    served = serving(root, as_of=f"{meetings[-1][0]}T20:00")
    expected: dict[int, list[str]] = {}
    thumbs: list[Thumb] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 390, "height": 844})
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.goto(f"{served.address}/in?token={served.new_token()}", wait_until="commit")
        page.wait_for_url(f"{served.address}/")
        for day, n, title in meetings:
            said, thumb = reflect(page, f"{served.address}/day/{day}", n, title, chance)
            thumbs.append(thumb)
            expected.setdefault(n, []).append(said)
        assert page.evaluate("Object.keys(localStorage)") == []
        browser.close()
    for n, words in expected.items():
        path = root / f"data/contacts/p-{n}.yaml"
        found, problems = parse_contact(path.read_bytes(), path.name)
        assert problems == ()
        assert found is not None
        assert sorted(one.words or "" for one in found.contact.interactions) == sorted(words)
        assert found.contact.promises[0].kept is not None
    assert list((root / ".briefgen/drafts").glob("*")) == []
    taps, seconds = [one.taps for one in thumbs], [one.seconds for one in thumbs]
    sys.stdout.write(f"{len(thumbs)} reflections; taps: median {median(taps)}, most {max(taps)};\n")
    sys.stdout.write(f"a person's seconds: median {median(seconds):.0f}, most {max(seconds):.0f}\n")
