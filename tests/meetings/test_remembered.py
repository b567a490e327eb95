"""Readings of large feeds remembered."""

import subprocess
import sys
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from briefgen.meetings.calendar import read_copy, read_feed
from briefgen.meetings.copies import digest
from briefgen.meetings.fetch import FeedCopy
from briefgen.meetings.meeting import FeedReading, Window

BERLIN = ZoneInfo("Europe/Berlin")
CALENDARS = Path(__file__).parent / "calendars"
WINDOW = Window.of_days(date(2026, 11, 20), 7, BERLIN)


def large() -> bytes:
    """Test calendars of every kind, with enough padding to be worth remembering."""
    names = ("attendees", "overrides", "dates", "labels", "broken_events", "html", "join_links")
    padding = b"BEGIN:VCALENDAR\n" + b"X-PADDING:" + b"x" * 1_000_000 + b"\nEND:VCALENDAR\n"
    return b"".join((CALENDARS / f"{name}.ics").read_bytes() for name in names) + padding


def read(content: bytes, folder: Path) -> FeedReading:
    """A reading of a feed that has a folder for its cache."""
    copy = FeedCopy(name="work", content=content, digest=digest(content), index_folder=folder)
    return read_copy(copy, window=WINDOW, zone=BERLIN)


def test_what_is_remembered_is_what_was_read(tmp_path: Path) -> None:
    """Every field of every meeting, and every problem, comes back as it was."""
    content = large()
    first = read_feed(content, feed="work", window=WINDOW, zone=BERLIN)
    for _ in range(2):
        again = read(content, tmp_path)
        assert again == first
    assert len(first.meetings) > 20
    assert len(list(tmp_path.glob("*.reading"))) == 1
    assert {meeting.start.tzinfo for meeting in again.meetings} == {BERLIN}


READ = """
import sys
from datetime import date, datetime, UTC
from pathlib import Path
from zoneinfo import ZoneInfo
from briefgen.meetings.calendar import read_calendar
from briefgen.meetings.fetch import fetch_feeds
from briefgen.meetings.meeting import FeedReading, Window
from briefgen.workspace.settings import Feed
from briefgen.workspace.folder import Workspace
zone = ZoneInfo("Europe/Berlin")
as_of = datetime(2026, 11, 20, tzinfo=UTC)
copies = fetch_feeds([Feed(path="c.ics")], workspace=Workspace(root=Path(sys.argv[1])), as_of=as_of)
window = Window.of_days(date(2026, 11, 20), 7, zone)
print(len(read_calendar(copies, window=window, zone=zone).meetings))
print(*sys.modules)
"""


def test_what_is_remembered_takes_no_reader_and_no_network(tmp_path: Path) -> None:
    """A second run on an unchanged file answers the same without importing what read it."""
    (tmp_path / "c.ics").write_bytes(large())
    command = (sys.executable, "-c", READ, str(tmp_path))
    runs = [subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(2)]
    (first, _), (second, modules) = (done.stdout.splitlines() for done in runs)
    assert int(first) == int(second) > 20
    slow = {"asyncio", "ssl", "httpx2", "stamina", "briefgen.meetings.feed_reader"}
    assert not slow & set(modules.split())


def test_other_bytes_are_another_reading(tmp_path: Path) -> None:
    """A single changed byte is read again, and a damaged file is not believed."""
    content = large()
    before = read(content, tmp_path)
    changed = content.replace(b"SUMMARY:People", b"SUMMARY:Persons")
    after = read(changed, tmp_path)
    assert {m.title for m in after.meetings} - {m.title for m in before.meetings} == {"Persons"}
    for path in tmp_path.glob("*.reading"):
        path.write_bytes(path.read_bytes()[:-50])
    assert read(content, tmp_path) == before
