"""Feeds damaged at random and feeds that are meant to hurt: read, and never a crash or a hang."""

import random
import time
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefgen.meetings.calendar import read_feed
from briefgen.meetings.meeting import FeedReading, Window

BERLIN = ZoneInfo("Europe/Berlin")
WINDOW = Window.of_days(date(2026, 11, 1), 60, BERLIN)
HERE = Path(__file__).parent
CALENDARS = [
    path.read_bytes()
    for path in sorted([*(HERE / "calendars").glob("*.ics"), *(HERE / "makers").glob("*.ics")])
    if path.stem != "endless_rules"
]
PIECES = (
    b"00010101", b"99991231T235959", b"-P9999999W", b"PT99999999H", b";", b":", b'"', b",", b"\n",
    b"\n ", b"\0", b"\xff", b"BEGIN:VEVENT\n", b"END:VEVENT\n", b"BEGIN:VALARM\n", b"TZID=",
    b"\nRRULE:FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO\n", b"\nRECURRENCE-ID:99991231T235959Z\n",
    b"\nRECURRENCE-ID;RANGE=THISANDFUTURE:00010101T000000Z\n", b"\nEXDATE:00010101,99991231\n",
    b"\nRDATE:99991231T235959Z/P1D\n", b"\nDTSTART;TZID=Asia/Tokyo:00010101T000000\n",
    b"\nX-WR-TIMEZONE:Nowhere\n", b"\nTZOFFSETTO:+2359\n", b"\nCONFERENCE:https://[\n",
)  # fmt: skip


def read(content: bytes, *, small: int = 10**9) -> FeedReading:
    """Two months of a feed."""
    return read_feed(content, feed="feed", window=WINDOW, zone=BERLIN, small=small)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9))
def test_a_damaged_feed_is_read(seed: int) -> None:
    """Whatever is put in, cut out or changed: an answer, and nothing unforeseen."""
    pick = random.Random(seed)
    content = bytearray(pick.choice(CALENDARS))
    for _ in range(pick.randrange(1, 6)):
        at = pick.randrange(len(content))
        how = pick.random()
        if how < 0.6:
            content[at:at] = pick.choice(PIECES)
        elif how < 0.8:
            del content[at : at + pick.randrange(1, 30)]
        else:
            content[at] = pick.randrange(256)
    for small in (0, 10**9):
        reading = read(bytes(content), small=small)
        assert not [one for one in reading.problems if "the event cannot be read" in one.message]


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read(content: bytes) -> None:
    """Noise is no calendar, and says so."""
    assert read(content).problems


def event(*lines: str) -> bytes:
    """A calendar of one event on 23 November."""
    inside = "\n".join(("UID:one", "DTSTART:20261123T090000Z", *lines))
    return f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{inside}\nEND:VEVENT\nEND:VCALENDAR\n".encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("10,000 attendees", event(*(f"ATTENDEE:mailto:a{n}@b.example" for n in range(10_000)))),
        ("a zone's name of 5,000 signs", event("DTEND;TZID=" + "Z" * 5000 + ":20261123T100000")),
        ("a title of a megabyte", event("SUMMARY:" + "x" * 1_000_000)),
        ("a million line breaks", event("DESCRIPTION:" + "\\n" * 500_000)),
        ("a hundred thousand marks", event("SUMMARY:a" + "\u0301" * 100_000)),
        ("deep components", event(*["BEGIN:X"] * 20_000)),
        ("a parameter without end", event("ATTENDEE;CN=" + '"' * 99_999 + ":mailto:a@b.example")),
        ("many parameters", event("ATTENDEE" + ";A=b" * 50_000 + ":mailto:a@b.example")),
        ("100,000 EXDATEs", event("RRULE:FREQ=DAILY", "EXDATE:" + "20261123," * 100_000)),
        ("many rules", event(*["RRULE:FREQ=DAILY;BYMONTH=1;COUNT=9"] * 2_000)),
        ("a hundred hostile series", b"".join(
            event(f"UID:{n}", "RRULE:FREQ=DAILY;COUNT=999999999;BYMONTH=2;BYMONTHDAY=30")
            for n in range(100)
        )),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)  # fmt: skip
def test_what_is_meant_to_hurt_is_bounded(name: str, content: bytes) -> None:
    """Bounded in time, and in what comes out."""
    begun = time.process_time()
    reading = read(content)
    assert time.process_time() - begun < 120, name  # what is not bounded takes hours
    for meeting in reading.meetings:
        assert len(meeting.attendees) <= 1000
        assert len(meeting.title) <= 1000
        assert len(meeting.description) <= 200_000


def test_ten_thousand_attendees_are_counted() -> None:
    """Those left out are counted."""
    content = event(*(f"ATTENDEE:mailto:a{n}@b.example" for n in range(10_000)))
    (meeting,) = read(content).meetings
    assert (len(meeting.attendees), meeting.attendees_left_out) == (1000, 9000)
