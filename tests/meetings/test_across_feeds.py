"""Several feeds as one calendar: each meeting once, in its newest version."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from briefgen.meetings.calendar import read_calendar
from briefgen.meetings.fetch import FeedCopy
from briefgen.meetings.meeting import Window

BERLIN = ZoneInfo("Europe/Berlin")
WINDOW = Window.of_days(date(2026, 11, 20), 7, BERLIN)
MONDAY, TUESDAY = "DTSTART:20261123T090000Z", "DTSTART:20261124T090000Z"
LATER = "DTSTART:20261209T090000Z"
WEEKLY = "RRULE:FREQ=WEEKLY"
MOVED = "RECURRENCE-ID:20261123T090000Z"


def event(uid: str, *lines: str) -> bytes:
    """A calendar of one event."""
    return feed((f"UID:{uid}", *lines))


def feed(*events: tuple[str, ...]) -> bytes:
    """A calendar of some events."""
    written = (f"BEGIN:VEVENT\n{chr(10).join(lines)}\nEND:VEVENT\n" for lines in events)
    return f"BEGIN:VCALENDAR\n{''.join(written)}END:VCALENDAR\n".encode()


def shown(*contents: bytes) -> list[tuple[str, int]]:
    """Which of the feeds a and b shows a meeting, and on which day of November."""
    copies = [FeedCopy(name=name, content=one) for name, one in zip("ab", contents, strict=True)]
    calendar = read_calendar(copies, window=WINDOW, zone=BERLIN)
    return [(meeting.feed, meeting.start.day) for meeting in calendar.meetings]


def test_two_feeds_are_merged_without_doubles() -> None:
    """The same UID in two feeds comes once, in its newest version; nameless ones stay."""
    copies = (
        FeedCopy(name="a", content=event("one", "DTSTART:20261123T090000Z", "SUMMARY:Old")),
        FeedCopy(
            name="b",
            content=event("one", "DTSTART:20261123T090000Z", "SEQUENCE:2", "SUMMARY:New"),
        ),
        FeedCopy(name="c", content=event("", "DTSTART:20261123T080000Z", "SUMMARY:Nameless")),
        FeedCopy(name="d", content=event("", "DTSTART:20261123T080000Z", "SUMMARY:Nameless")),
    )
    calendar = read_calendar(copies, window=WINDOW, zone=BERLIN)
    assert [(m.feed, m.title) for m in calendar.meetings] == [
        ("c", "Nameless"),
        ("d", "Nameless"),
        ("b", "New"),
    ]


SINGLE = {
    "moved within the window": ((MONDAY,), (TUESDAY, "SEQUENCE:1"), [("b", 24)]),
    "moved out of the window": ((MONDAY,), (LATER, "SEQUENCE:1"), []),
    "moved, as the first feed says": ((TUESDAY, "SEQUENCE:1"), (MONDAY,), [("a", 24)]),
    "moved out, as the first feed says": ((LATER, "SEQUENCE:1"), (MONDAY,), []),
    "of one version at one time": ((MONDAY,), (MONDAY,), [("a", 23)]),
    "of one version at two times": ((MONDAY,), (TUESDAY,), [("a", 23), ("b", 24)]),
    "exported later, but not changed": (
        (MONDAY, "DTSTAMP:20261101T080000Z"),
        (MONDAY, "DTSTAMP:20261121T080000Z"),
        [("a", 23)],
    ),
    "of another organizer": (
        (MONDAY, "ORGANIZER:mailto:a@acme.example"),
        (LATER, "SEQUENCE:9", "ORGANIZER:mailto:b@other.example"),
        [("a", 23)],
    ),
    "of an organizer written differently": (
        (MONDAY, "ORGANIZER:MAILTO:A@Acme.example"),
        (LATER, "SEQUENCE:1", "ORGANIZER;CN=A:mailto:a@acme.example"),
        [],
    ),
}


@pytest.mark.parametrize("case", SINGLE)
def test_the_newest_version_of_a_meeting_counts(case: str) -> None:
    """SEQUENCE shows what is newer, wherever that has moved the meeting, in feeds of any size."""
    first, second, expected = SINGLE[case]
    assert shown(event("one", *first), event("one", *second)) == expected
    long = "0" * 112  # as Exchange writes them, so that they are folded
    folded = (f"UID:{long[:70]}", f" {long[70:]}")
    assert shown(feed((*folded, *first)), feed((*folded, *second))) == expected


def series(*overrides: tuple[str, ...], sequence: int = 1, start: str = MONDAY) -> bytes:
    """A weekly series, and what was changed apart."""
    master = ("UID:one", start, WEEKLY, f"SEQUENCE:{sequence}")
    return feed(master, *(("UID:one", *lines) for lines in overrides))


SERIES = {
    "one of it moved out of the window": (series(), series((MOVED, LATER, "SEQUENCE:2")), []),
    "one of it moved, both know": (
        series((MOVED, TUESDAY, "SEQUENCE:2")),
        series((MOVED, TUESDAY, "SEQUENCE:2")),
        [("a", 24)],
    ),
    "one of it changed apart at a lower number": (
        series((MOVED, TUESDAY), sequence=3),
        series((MOVED, TUESDAY), sequence=3),
        [("a", 24)],
    ),
    "all of it moved to another day": (
        series(),
        series(sequence=2, start="DTSTART:20261103T090000Z"),
        [("b", 24)],
    ),
    "all of it ended": (
        series(start="DTSTART:20261102T090000Z"),
        feed(("UID:one", "DTSTART:20261102T090000Z", f"{WEEKLY};COUNT=2", "SEQUENCE:2")),
        [],
    ),
    "changed apart later than all of it": (
        series((MOVED, TUESDAY, "SEQUENCE:5")),
        series(sequence=2, start=LATER),
        [("a", 24)],
    ),
    "known to the second feed by one of it alone": (
        series(),
        feed(("UID:one", MOVED, LATER, "SEQUENCE:2")),
        [],
    ),
}


@pytest.mark.parametrize("case", SERIES)
def test_the_newest_version_of_a_series_counts(case: str) -> None:
    """A series is held against the series, what was changed apart against its like."""
    first, second, expected = SERIES[case]
    assert shown(first, second) == expected


def test_versions_are_found_in_large_feeds_too() -> None:
    """The newer version is found among thousands of other events, out of the window."""
    others = (
        (f"UID:{n}", f"DTSTART:{datetime(2020, 1, 1, 9, tzinfo=UTC) + timedelta(n):%Y%m%dT%H%M%SZ}")
        for n in range(1500)
    )
    large = feed(*((*lines, f"DESCRIPTION:{'x' * 700}") for lines in others))
    moved = event("one", LATER, "SEQUENCE:1")
    assert len(large) > 1_000_000
    assert shown(event("one", MONDAY), large + moved) == []


def test_the_calendar_is_as_old_as_its_oldest_copy() -> None:
    """`as_of` is set where a last good copy had to serve, to the oldest of them."""
    old, older = datetime(2026, 11, 21, 22, 10, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
    content = event("one", "DTSTART:20261123T090000Z")
    copies = (
        FeedCopy(name="a", content=content, as_of=old),
        FeedCopy(name="b", content=content, as_of=older),
        FeedCopy(name="c", content=content),
        FeedCopy(name="d"),
    )
    assert read_calendar(copies, window=WINDOW, zone=BERLIN).as_of == older
    assert read_calendar(copies[2:], window=WINDOW, zone=BERLIN).as_of is None
