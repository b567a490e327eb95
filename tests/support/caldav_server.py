"""A real CalDAV server on this machine: Radicale, with the calendars of one user."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

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


@contextmanager
def caldav_server(folder: Path) -> Iterator[httpx2.Client]:
    """Radicale without any calendar yet; the client speaks for Robin, whose password is hunter2."""
    for _ in range(5):
        process, port = started(folder)
        if listens(process, port):
            break
    try:
        with httpx2.Client(
            base_url=f"http://127.0.0.1:{port}/robin/",
            auth=("robin", "hunter2"),
            trust_env=False,
            timeout=PATIENCE,
        ) as client:
            yield client
    finally:
        process.terminate()
        process.wait(PATIENCE)


def make_calendar(server: httpx2.Client, name: str, title: str, *, takes: str = "VEVENT") -> None:
    """A calendar of Robin's under `name`, called `title`, for events or for tasks."""
    server.request(
        "MKCALENDAR",
        f"{name}/",
        content=f"""<?xml version="1.0"?>
<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>
<D:displayname>{title}</D:displayname>
<C:supported-calendar-component-set><C:comp name="{takes}"/></C:supported-calendar-component-set>
</D:prop></D:set></C:mkcalendar>""".encode(),
    ).raise_for_status()
