"""Readings of large feeds remembered, and calendars merged."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from briefgen.meetings.calendar import read_calendar
from briefgen.meetings.copies import digest
from briefgen.meetings.fetching import FeedCopy
from briefgen.meetings.meeting import Window
from briefgen.meetings.reading import read_feed
from briefgen.meetings.remembered import read_or_remember

BERLIN = ZoneInfo("Europe/Berlin")
CALENDARS = Path(__file__).parent / "calendars"
WINDOW = Window.of_days(date(2026, 11, 20), 7, BERLIN)


def large() -> bytes:
    """Test calendars of every kind, with enough padding to be worth remembering."""
    names = ("attendees", "overrides", "dates", "labels", "broken_events", "html", "join_links")
    padding = b"BEGIN:VCALENDAR\n" + b"X-PADDING:" + b"x" * 1_000_000 + b"\nEND:VCALENDAR\n"
    return b"".join((CALENDARS / f"{name}.ics").read_bytes() for name in names) + padding


def test_what_is_remembered_is_what_was_read(tmp_path: Path) -> None:
    """Every field of every meeting, and every problem, comes back as it was."""
    content = large()
    given = {"feed": "work", "window": WINDOW, "zone": BERLIN}
    first = read_feed(content, **given)
    for _ in range(2):
        again = read_or_remember(content, digest=digest(content), folder=tmp_path, **given)
        assert again == first
    assert len(first.meetings) > 20
    assert len(list(tmp_path.glob("*.reading"))) == 1
    assert {meeting.start.tzinfo for meeting in again.meetings} == {BERLIN}


def test_other_bytes_are_another_reading(tmp_path: Path) -> None:
    """A single changed byte is read anew, and a damaged file is not believed."""
    content = large()
    given = {"feed": "work", "window": WINDOW, "zone": BERLIN, "folder": tmp_path}
    before = read_or_remember(content, digest=digest(content), **given)
    changed = content.replace(b"SUMMARY:People", b"SUMMARY:Persons")
    after = read_or_remember(changed, digest=digest(changed), **given)
    assert {m.title for m in after.meetings} - {m.title for m in before.meetings} == {"Persons"}
    for path in tmp_path.glob("*.reading"):
        path.write_bytes(path.read_bytes()[:-50])
    assert read_or_remember(content, digest=digest(content), **given) == before


def event(uid: str, *lines: str) -> bytes:
    """A calendar of one event."""
    inside = "\n".join((f"UID:{uid}", *lines))
    return f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{inside}\nEND:VEVENT\nEND:VCALENDAR\n".encode()


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


def test_a_moved_version_in_another_feed_wins() -> None:
    """A meeting moved in one feed is not shown at its old time from a slower feed."""
    copies = (
        FeedCopy(name="slow", content=event("one", "DTSTART:20261123T090000Z", "SEQUENCE:1")),
        FeedCopy(name="fast", content=event("one", "DTSTART:20261124T090000Z", "SEQUENCE:2")),
    )
    calendar = read_calendar(copies, window=WINDOW, zone=BERLIN)
    assert [(m.feed, m.start.day) for m in calendar.meetings] == [("fast", 24)]


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
