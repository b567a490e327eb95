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

from briefgen.meetings.fetch import FeedCopy, fetch_feeds
from briefgen.workspace.folder import Workspace
from briefgen.workspace.settings import Feed

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def event(uid: str, title: str = "One") -> bytes:
    """One calendar object."""
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//briefgen//tests//EN\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid}\r\nDTSTAMP:20261101T080000Z\r\nDTSTART:20261123T090000Z\r\n"
        f"DTEND:20261123T100000Z\r\nSUMMARY:{title}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


PATIENCE = 300
"""Seconds that a slow machine may take; what is waited for is there long before."""


def started(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Radicale, and the port it listens on."""
    users = folder / "users"
    users.write_text("robin:hunter2\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen(
        (
            sys.executable, "-m", "radicale", "--config", "", "--server-hosts", f"127.0.0.1:{port}",
            "--auth-type", "htpasswd", "--auth-htpasswd-filename", str(users),
            "--auth-htpasswd-encryption", "plain", "--auth-delay", "0",
            "--storage-filesystem-folder", str(folder / "storage"),
        ),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return process, port


def listens(process: subprocess.Popen[bytes], port: int) -> bool:
    """Waits until the server answers; false where it has ended, as when its port was taken."""
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False


@pytest.fixture
def server(tmp_path: Path) -> Iterator[httpx2.Client]:
    """Radicale with an empty calendar of Robin's; the client speaks to that calendar."""
    for _ in range(5):
        process, port = started(tmp_path)
        if listens(process, port):
            break
    try:
        with httpx2.Client(
            base_url=f"http://127.0.0.1:{port}/robin/work/",
            auth=("robin", "hunter2"),
            trust_env=False,
            timeout=PATIENCE,
        ) as client:
            client.request("MKCALENDAR", "").raise_for_status()
            yield client
    finally:
        process.terminate()
        process.wait(PATIENCE)


def fetch(server: httpx2.Client, folder: Path, password: str = "hunter2") -> FeedCopy:
    """The calendar as fetched now."""
    (folder / "w").mkdir(exist_ok=True)
    feed = Feed(
        name="dav",
        url=str(server.base_url),
        kind="caldav",
        user="robin",
        password_command=f"echo {password}",
        timeout_seconds=PATIENCE,
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
