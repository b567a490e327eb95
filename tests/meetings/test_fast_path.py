"""The fast path keeps only what can matter, and gives what the whole file gives."""

import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from briefgen.meetings.calendar import read_feed
from briefgen.meetings.content import normalised
from briefgen.meetings.meeting import FeedReading, Window
from briefgen.meetings.sieve import sievable, sieve

CALENDARS = sorted((Path(__file__).parent / "calendars").glob("*.ics"))
ZONES = (ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago"))


def both(content: bytes, window: Window, zone: ZoneInfo) -> tuple[FeedReading, FeedReading]:
    """The fast and the full answer."""
    fast = read_feed(content, feed="feed", window=window, zone=zone, small=0)
    full = read_feed(content, feed="feed", window=window, zone=zone, small=10**12)
    return fast, full


def together() -> bytes:
    """The test calendars one behind the other, each its own VCALENDAR.

    Without the one of endless rules, which takes long to refuse and is read below.
    """
    paths = [path for path in CALENDARS if path.stem != "endless_rules"]
    return b"".join(path.read_bytes().rstrip() + b"\n" for path in paths)


@pytest.mark.parametrize("ends", [b"\n", b"\r\n", b"\r"])
def test_every_calendar_on_random_days(ends: bytes) -> None:
    """200 random days and spans, in three zones, over all test calendars at once."""
    pick = random.Random(20261123)
    content = together().replace(b"\n", ends)
    for _ in range(70):
        zone = pick.choice(ZONES)
        first = date(2026, 1, 1) + timedelta(days=pick.randrange(760))
        window = Window.of_days(first, pick.choice((1, 1, 2, 7, 40)), zone)
        fast, full = both(content, window, zone)
        assert fast.meetings == full.meetings


@pytest.mark.parametrize("path", CALENDARS, ids=lambda path: path.stem)
def test_each_calendar_on_its_busiest_days(path: Path) -> None:
    """Each calendar alone, around the days most of its events are on; lines too."""
    for first in (date(2026, 3, 27), date(2026, 7, 22), date(2026, 10, 24), date(2026, 11, 22)):
        window = Window.of_days(first, 4, ZONES[0])
        fast, full = both(path.read_bytes(), window, ZONES[0])
        assert fast.meetings == full.meetings
        assert set(fast.problems) <= set(full.problems)


def kept(events: str, day: date = date(2026, 11, 23)) -> int | None:
    """How many events the sieve keeps; None if it does not trust the structure."""
    content = f"BEGIN:VCALENDAR\n{events}END:VCALENDAR\n".encode()
    structure = sieve(content, first=day, last=day + timedelta(days=1))
    return None if structure is None else len(structure.events)


def event(*lines: str) -> str:
    """One VEVENT."""
    return "".join(f"{line}\n" for line in ("BEGIN:VEVENT", *lines, "END:VEVENT"))


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (("UID:a", "DTSTART:20260101T100000Z"), 0),
        (("UID:a", " b", "DTSTART:20260101T100000Z"), 0),
        (("UID:a", "DTSTART:20261123T100000Z"), 1),
        (("UID:a", "DTSTART;VALUE=DATE:20261124"), 1),
        (("UID:a", 'DTSTART;TZID="(UTC+01:00) Berlin":20260101T100000'), 0),
        (("UID:a", "DTSTART:20260101T100000Z", "RRULE:FREQ=DAILY"), 1),
        (("UID:a", "DTSTART:20260101T100000Z", "RRULE:FREQ=DAILY;UNTIL=20260201T100000Z"), 0),
        (("UID:a", "DTSTART:20260101T100000Z", "RRULE:FREQ=DAILY;COUNT=9"), 1),
        (("UID:a", "DTSTART:20260101T100000Z", "RRULE:FREQ=DAILY;COUNT=900"), 1),
        (("UID:a", "DTSTART:20260101T100000Z", "RRULE:FREQ=WEEKLY;COUNT=9;BYDAY=MO"), 1),
        (("UID:a", "DTSTART:20260101T100000Z", "RRULE:FREQ=MONTHLY;COUNT=2"), 1),
        (("UID:a", "DTSTART:20260101T100000Z", "RRULE:FREQ=DAILY;UNTIL=2026", " 0201T100000Z"), 1),
        (("UID:a", "DTSTART:20270101T100000Z", "RRULE:FREQ=DAILY"), 0),
        (("UID:a", "DTSTART:20260101T100000Z", "RDATE:20261123T100000Z"), 1),
        (("UID:a", "DTSTART:20260101T100000Z", "rrule:FREQ=DAILY"), 1),
        (("UID:a", "DTSTART:20260101T100000Z", "RRU", " LE:FREQ=DAILY"), 1),
        (("UID:a", "dtstart:20260101T100000Z"), 1),
        (("UID:a", "DTST", " ART:20261123T100000Z"), 1),
        (("UID:a", "DTSTART:2026", " 1123T100000Z"), 1),
        (("UID:a",), 1),
        (("UID:a", "DTSTART:soon"), 1),
        (("DTSTART:20260101T100000Z",), 1),
        (("UID:a", "RECURRENCE-ID:20261123T100000Z", "DTSTART:20260101T100000Z"), 1),
        (("UID:a", "RECURRENCE-ID:20260102T100000Z", "DTSTART:20260101T100000Z"), 0),
        (
            (
                "UID:a",
                "RECURRENCE-ID;RANGE=THISANDFUTURE:20260102T100000Z",
                "DTSTART:20260101T100000Z",
            ),
            1,
        ),
        (
            ("UID:a", "BEGIN:VALARM", "DTSTART:20260101T100000Z", "END:VALARM", "DTSTART:20261123"),
            1,
        ),
    ],
)
def test_what_is_kept(lines: tuple[str, ...], number: int) -> None:
    """What is provably of no matter goes; what cannot be told at a glance stays."""
    assert kept(event(*lines)) == number


def test_an_event_that_shares_its_uid_with_a_kept_one_is_kept() -> None:
    """Without it a superseded event, or the plain instance of an override, would come back."""
    away = event("UID:a", "SEQUENCE:2", "DTSTART:20260101T100000Z")
    here = event("UID:a", "SEQUENCE:1", "DTSTART:20261123T100000Z")
    other = event("UID:b", "DTSTART:20260101T100000Z")
    assert kept(away + other + here) == 2
    folded = event("UI", " D:a", "DTSTART:20261123T100000Z")
    assert kept(away + other + folded) == 2


@pytest.mark.parametrize(
    "events",
    [
        "END:VEVENT\n",
        "BEGIN:VEVENT\nUID:a\nEND:VEVENT\nbegin:vevent\nUID:a\nend:vevent\n" + "X-A:b\n" * 4000,
        "BEGIN:VEVENT\nUID:a\nBEGIN:VEVENT\nUID:b\nEND:VEVENT\nEND:VEVENT\n",
        "BEGIN:VEVENT \nUID:a\nEND:VEVENT\n",
        "END:VCALENDAR\n",
    ],
)
def test_a_structure_that_is_not_to_be_trusted_is_read_whole(events: str) -> None:
    """Open, nested, odd or unbalanced: the sieve says so instead of guessing."""
    assert kept(events) is None


def test_lines_are_those_of_the_file() -> None:
    """A kept event and its lines have the numbers an editor shows."""
    path = CALENDARS[0].parent / "overrides.ics"
    content = path.read_bytes().replace(b"\n", b"\r\n")
    window = Window.of_days(date(2026, 11, 23), 5, ZONES[0])
    fast, full = both(content, window, ZONES[0])
    assert [meeting.line for meeting in fast.meetings] == [m.line for m in full.meetings]
    text = normalised(content).split(b"\n")
    assert all(text[(meeting.line or 0) - 1] == b"BEGIN:VEVENT" for meeting in fast.meetings)


FEED = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:one
DTSTART;TZID=Europe/Berlin:20261123T100000
SUMMARY:One
END:VEVENT
BEGIN:VEVENT
UID:series
DTSTART:20261109T120000Z
RRULE:FREQ=WEEKLY
SUMMARY:Series
END:VEVENT
BEGIN:VEVENT
UID:away
DTSTART:20250101T120000Z
SUMMARY:Long ago
END:VEVENT
BEGIN:VEVENT
UID:last
DTSTART:20261123T150000Z
SUMMARY:Last
END:VEVENT
END:VCALENDAR
"""
"""Three events of the day, one of another."""


@pytest.mark.parametrize(
    "cut", ["\nEND:VCALENDAR\n", "\nEND:VEVENT\nEND:VCALENDAR\n", "SUMMARY:Last", "UID:last"]
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_cut_feed_stays_on_the_fast_path(cut: str, ends: str) -> None:
    """Cut between events or inside one: whole ones stand, and the same is told as of all of it."""
    text = FEED[: FEED.rindex(cut)].replace("\n", ends).encode()
    window = Window.of_days(date(2026, 11, 23), 1, ZONES[0])
    fast, full = both(text, window, ZONES[0])
    assert (fast.meetings, fast.problems) == (full.meetings, full.problems)
    assert any("cut off" in problem.message for problem in fast.problems)
    structure = sieve(sievable(text), first=date(2026, 11, 23), last=date(2026, 11, 24))
    assert structure is not None
    assert structure.cut
    assert len([event for event in structure.events if event.whole]) < 4


@pytest.mark.parametrize("spelled", [str.lower, str.title], ids=["small", "mixed"])
@pytest.mark.parametrize("whole_lines", [True, False], ids=["all names", "edges only"])
def test_small_letters_stay_on_the_fast_path(
    spelled: Callable[[str], str], *, whole_lines: bool
) -> None:
    """`begin:vevent`, with or without small names of properties."""
    pattern = (
        r"(?m)^[A-Z-]+(?=[:;])|:V(CALENDAR|EVENT)$" if whole_lines else r"(?m)^(BEGIN|END):V.*$"
    )
    text = re.sub(pattern, lambda found: spelled(found[0]), FEED).encode()
    assert text != FEED.encode()
    window = Window.of_days(date(2026, 11, 23), 1, ZONES[0])
    fast, full = both(text, window, ZONES[0])
    assert fast.meetings == full.meetings
    assert [meeting.uid for meeting in fast.meetings] == ["one", "series", "last"]
    structure = sieve(sievable(text), first=date(2026, 11, 23), last=date(2026, 11, 24))
    assert structure is not None
    assert len(structure.events) == 3
