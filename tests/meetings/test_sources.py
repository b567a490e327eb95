"""Feeds of every kind: folders of .ics files, programs that print iCalendar, servers that wait."""

import gzip
import stat
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from briefgen.meetings.calendar import past_meetings, read_calendar
from briefgen.meetings.fetch import FeedCopy, fetch_feeds, path_copies
from briefgen.meetings.meeting import Window
from briefgen.workspace.folder import Workspace
from briefgen.workspace.settings import Feed

from .conftest import BERLIN
from .test_fetching import SECRET, Fetcher, Server, answer, fetch, server  # noqa: F401  # fixtures

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = Window.of_days(date(2026, 11, 23), 1, BERLIN)


def event(uid: str, start: str = "20261123T090000Z", rest: str = "") -> str:
    """One calendar file of one event, as vdirsyncer keeps them."""
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART:{start}\r\n{rest}"
        f"SUMMARY:{uid}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def brought(root: Path, **settings: object) -> FeedCopy:
    """A feed of these settings, fetched."""
    (copy,) = fetch_feeds(
        [Feed.model_validate(settings)], workspace=Workspace(root=root), as_of=NOON
    )
    return copy


def titles(*copies: FeedCopy) -> list[str]:
    """The titles of the day's meetings."""
    reading = read_calendar(copies, window=DAY, zone=BERLIN)
    return [meeting.title for meeting in reading.meetings]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two events, and of what else lies in such folders."""
    place = tmp_path / "work"
    place.mkdir()
    (place / "b.ics").write_text(event("second"))
    (place / "a.ics").write_text("\ufeff" + event("first"))
    (place / "color").write_text("#ff0000")
    (place / ".b.ics.tmp").write_text("BEGIN:VCALENDAR")
    (place / ".hidden.ics").write_text(event("hidden"))
    return place


def test_a_folder_is_a_feed(tmp_path: Path, folder: Path) -> None:
    """Every .ics file in it is read; hidden ones and other files are none of it."""
    copy = brought(tmp_path, path="work")
    assert (copy.state, copy.events, copy.problems) == ("new", 2, ())
    assert titles(copy) == ["first", "second"]
    assert brought(tmp_path, path="work").state == "unchanged"
    (folder / "c.ICS").write_text(event("third"))
    assert titles(brought(tmp_path, path="work")) == ["first", "second", "third"]


def test_one_bad_file_costs_no_other(tmp_path: Path, folder: Path) -> None:
    """A file that is no calendar, or cannot be read, is named and left out."""
    (folder / "c.ics").write_text("<html>sign in</html>")
    (folder / "d.ics").symlink_to(folder / "nowhere")
    copy = brought(tmp_path, path="work")
    assert titles(copy) == ["first", "second"]
    assert [problem.message.partition(":")[0] for problem in copy.problems] == ["c.ics", "d.ics"]
    assert all(problem.message.endswith("; left out") for problem in copy.problems)


def test_a_pipe_in_a_folder_holds_up_nothing(tmp_path: Path, folder: Path) -> None:
    """A FIFO is no file, and is not waited for."""
    import os

    os.mkfifo(folder / "c.ics")
    copy = brought(tmp_path, path="work")
    assert "is not a file" in copy.problems[0].message


def test_a_folder_is_bounded_as_a_whole(tmp_path: Path, folder: Path) -> None:
    """`max_megabytes` is for all of its files together."""
    (folder / "c.ics").write_text(event("third", rest=f"DESCRIPTION:{'x' * 1_048_576}\r\n"))
    copy = brought(tmp_path, path="work", max_megabytes=1)
    assert copy.content is None
    assert "max_megabytes" in copy.problems[0].message


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    """A folder without calendars is a mistake in the settings, not a free day."""
    (tmp_path / "work").mkdir()
    copy = brought(tmp_path, path="work")
    assert copy.content is None
    assert "without any .ics file" in copy.problems[0].message


def program(tmp_path: Path, code: str) -> str:
    """A command that runs some Python."""
    path = tmp_path / "export"
    path.write_text(f"#!{sys.executable}\nimport sys, time\n{code}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_command_is_a_feed(tmp_path: Path) -> None:
    """What a program prints is read, kept, and its good copy serves when it fails."""
    (tmp_path / "out.ics").write_text(event("printed"))
    command = program(tmp_path, "sys.stdout.write(open('out.ics').read())")
    copy = brought(tmp_path, command=command)
    assert (titles(copy), copy.name) == (["printed"], "calendar")
    (tmp_path / "out.ics").unlink()
    later = brought(tmp_path, command=command)
    assert (titles(later), later.state) == (["printed"], "copy")
    assert "ended with status 1" in later.problems[0].message


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("time.sleep(60)", "did not end within 1 seconds"),
        ("sys.stdout.write('BEGIN:VCALENDAR\\n' + 'x' * 3_000_000)", "printed more than 1 MB"),
        ("print('<html>')", "a web page"),
        ("print('')", "nothing came"),
        ("sys.exit('no such calendar')", "no such calendar"),
    ],
)
def test_a_command_is_bounded_like_a_fetch(tmp_path: Path, code: str, said: str) -> None:
    """In time and size, and judged like everything that comes."""
    begun = time.monotonic()
    copy = brought(tmp_path, command=program(tmp_path, code), timeout_seconds=1, max_megabytes=1)
    assert copy.content is None
    assert said in copy.problems[0].message
    assert time.monotonic() - begun < 30


def test_a_command_that_is_not_there(tmp_path: Path) -> None:
    """The message names the program, not a trace."""
    copy = brought(tmp_path, command="no-such-program-at-all --ics")
    assert copy.problems[0].message == "command: `no-such-program-at-all` is not installed"


@pytest.mark.parametrize(
    "given", [{"path": "a", "command": "b"}, {"url": "https://a.example", "command": "b"}, {}]
)
def test_a_feed_has_one_source(given: dict[str, str]) -> None:
    """Two sources, or none, are a mistake."""
    with pytest.raises(ValueError, match="exactly one of"):
        Feed.model_validate(given)


def test_a_server_that_asks_for_patience_gets_it(fetch: Fetcher) -> None:  # noqa: F811
    """Retry-After is obeyed within the feed's time (RFC 9110, 10.2.3)."""
    begun = time.monotonic()
    busy = answer(b"", "503 Busy", Retry_After="1")
    copy = fetch(busy, answer())
    assert copy.state == "new"
    assert time.monotonic() - begun >= 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry_After": "3600"},
        {
            "Retry_After": "Mon, 23 Nov 2026 11:00:00 GMT",
            "Date": "Mon, 23 Nov 2026 10:00:00 GMT",
        },
    ],
)
def test_a_server_that_asks_for_more_time_than_there_is(
    fetch: Fetcher,  # noqa: F811
    server: Server,  # noqa: F811
    headers: dict[str, str],
) -> None:
    """It is left alone at once, and the user is told for how long it asked."""
    copy = fetch(answer(b"", "429 Slow down", **headers), answer())
    assert copy.content is None
    assert "asks for 3600 seconds of rest" in copy.problems[0].message
    assert len(server.behaviours) == 1


def test_a_calendar_that_has_moved_names_the_host_and_the_setting(fetch: Fetcher) -> None:  # noqa: F811
    """Not followed, but said: where to, without the secret part, and what to change."""
    moved = answer(b"", "301 Moved", Location=f"https://p77-calendars.example/published/{SECRET}")
    (problem,) = fetch(moved).problems
    assert "https://p77-calendars.example" in problem.message
    assert "published" not in problem.message
    assert "`url` of the feed 'work' in briefgen.yaml" in problem.message


def test_a_feed_cut_off_on_the_first_night(tmp_path: Path) -> None:
    """Without a good copy its whole events serve, marked as cut; with one, that serves."""
    text = event("one") + event("two")
    (tmp_path / "c.ics").write_text(text[:-60])
    copy = brought(tmp_path, path="c.ics")
    assert (titles(copy), copy.cut) == (["one"], True)
    (tmp_path / "c.ics").write_text(text)
    assert brought(tmp_path, path="c.ics").cut is False
    (tmp_path / "c.ics").write_text(text[:-60])
    again = brought(tmp_path, path="c.ics")
    assert (titles(again), again.cut, again.as_of) == (["one", "two"], False, NOON)


def test_paths_are_tried_without_a_trace(tmp_path: Path, folder: Path) -> None:
    """What `check` looks at: files and folders as they are, and nothing is kept of them."""
    (folder / "bad.ics").write_text("nothing")
    (tmp_path / "page.ics").write_text("<html>")
    feeds = [
        Feed(path="work"),
        Feed(path="page.ics"),
        Feed(path="gone.ics"),
        Feed(url="https://a.example/x"),
    ]
    copies = path_copies(feeds, workspace=Workspace(root=tmp_path))
    told = [
        (copy.name, problem.message.partition(":")[0])
        for copy in copies
        for problem in copy.problems
    ]
    assert told == [
        ("work", "bad.ics"),
        (
            "page.ics",
            "a web page came instead of a calendar; the address may have expired, or needs a login",
        ),
        ("gone.ics", "cannot be read"),
    ]
    assert not (tmp_path / ".briefgen").exists()


def test_occasions_are_kept_apart(tmp_path: Path) -> None:
    """A feed of fixtures or fairs makes no meetings and no history; it is offered beside them."""
    (tmp_path / "games.ics").write_text(event("game", rest="ATTENDEE:mailto:dana@acme.example\r\n"))
    (tmp_path / "work.ics").write_text(event("review"))
    feeds = [Feed(path="games.ics", use="occasions"), Feed(path="work.ics")]
    copies = fetch_feeds(feeds, workspace=Workspace(root=tmp_path), as_of=NOON)
    reading = read_calendar(copies, window=DAY, zone=BERLIN)
    assert [meeting.title for meeting in reading.meetings] == ["review"]
    assert [meeting.title for meeting in reading.occasions] == ["game"]
    past = past_meetings(
        copies,
        addresses={"dana@acme.example"},
        since=NOON - timedelta(days=9),
        until=NOON + timedelta(days=9),
        zone=BERLIN,
    )
    assert past == ()


def test_a_folder_of_files_of_every_kind(tmp_path: Path) -> None:
    """With a mark, in UTF-16, packed, with CR alone, without a last line end, in Latin-1."""
    folder = tmp_path / "calendar"
    folder.mkdir()
    ways = {
        "a.ics": lambda text: text.strip().encode(),
        "B.ICS": lambda text: b"\xef\xbb\xbf" + text.encode(),
        "c.ics": lambda text: text.encode("utf-16"),
        "d.ics.gz": lambda text: gzip.compress(text.encode()),
        "e.ics": lambda text: text.replace("\r\n", "\r").encode(),
        "f.ics": lambda text: text.replace("SUMMARY", "COMMENT:\xe9\r\nSUMMARY").encode("latin-1"),
    }
    for name, way in ways.items():
        (folder / name).write_bytes(way(event(name)))
    copy = brought(tmp_path, path="calendar")
    reading = read_calendar([copy], window=DAY, zone=BERLIN)
    assert sorted(meeting.title for meeting in reading.meetings) == sorted(ways)
    assert reading.problems == ()
