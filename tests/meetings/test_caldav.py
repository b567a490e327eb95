"""A calendar on a real CalDAV server on this machine."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from briefgen.meetings.fetching import FeedCopy, fetch_feeds
from briefgen.settings import Feed
from briefgen.workspace import Workspace

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def event(uid: str, title: str = "One") -> bytes:
    """One calendar object."""
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//briefgen//tests//EN\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid}\r\nDTSTAMP:20261101T080000Z\r\nDTSTART:20261123T090000Z\r\n"
        f"DTEND:20261123T100000Z\r\nSUMMARY:{title}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[httpx2.Client]:
    """Radicale with an empty calendar of Robin's; the client speaks to that calendar."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    users = tmp_path / "users"
    users.write_text("robin:hunter2\n")
    process = subprocess.Popen(
        (
            sys.executable, "-m", "radicale", "--config", "", "--server-hosts", f"127.0.0.1:{port}",
            "--auth-type", "htpasswd", "--auth-htpasswd-filename", str(users),
            "--auth-htpasswd-encryption", "plain", "--auth-delay", "0",
            "--storage-filesystem-folder", str(tmp_path / "storage"),
        ),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    base = f"http://127.0.0.1:{port}/robin/work/"
    with httpx2.Client(base_url=base, auth=("robin", "hunter2"), trust_env=False) as client:
        for _ in range(400):
            try:
                client.request("MKCALENDAR", "").raise_for_status()
                break
            except httpx2.TransportError:
                time.sleep(0.05)
        yield client
    process.terminate()
    process.wait(10)


def fetch(server: httpx2.Client, folder: Path, password: str = "hunter2") -> FeedCopy:
    """The calendar as fetched now."""
    (folder / "w").mkdir(exist_ok=True)
    feed = Feed(
        name="dav",
        url=str(server.base_url),
        kind="caldav",
        user="robin",
        password_command=f"echo {password}",
    )
    (copy,) = fetch_feeds([feed], workspace=Workspace(root=folder / "w"), as_of=NOON)
    assert "hunter2" not in repr(copy)
    return copy


def test_a_caldav_calendar_is_a_feed(server: httpx2.Client, tmp_path: Path) -> None:
    """All events at first, then what is new, changed and gone; a wrong password is said."""
    server.put("one.ics", content=event("one")).raise_for_status()
    server.put("two.ics", content=event("two")).raise_for_status()
    first = fetch(server, tmp_path)
    assert first.problems == ()
    assert (first.events, first.state) == (2, "new")
    server.put("one.ics", content=event("one", "Changed")).raise_for_status()
    server.put("three.ics", content=event("three")).raise_for_status()
    server.delete("two.ics").raise_for_status()
    second = fetch(server, tmp_path)
    assert second.content is not None
    assert (second.events, second.problems) == (2, ())
    assert b"SUMMARY:Changed" in second.content
    assert b"UID:three" in second.content
    assert b"UID:two" not in second.content
    refused = fetch(server, tmp_path, "wrong")
    assert refused.content == second.content
    assert "user and password" in refused.problems[0].message
