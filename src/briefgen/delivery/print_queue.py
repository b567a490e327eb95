"""What CUPS knows about our jobs, found by their title, which `lpstat` does not show.

The query is IPP's Get-Jobs (RFC 8011, 4.2.6) over HTTP (RFC 8010).
"""

import getpass
import http.client
import os
import socket
import struct
import subprocess
from collections.abc import Iterator
from typing import Final, Literal

from briefgen.workspace.value import Value

MAX_ANSWER = 8 * 1024 * 1024
"""The most bytes that are read from the queue's answer."""

JobState = Literal["waiting", "printing", "done", "gone wrong"]

_GET_JOBS: Final = 0x000A
_OPERATION: Final = 0x01
_JOB: Final = 0x02
_END: Final = 0x03
_FIRST_VALUE_TAG: Final = 0x10
_KEYWORD: Final = 0x44
_HIGHEST_SUCCESS: Final = 0x00FF
_STATES: Final[dict[int, JobState]] = {
    3: "waiting",  # pending
    4: "waiting",  # pending-held
    5: "printing",  # processing
    6: "printing",  # processing-stopped
    7: "gone wrong",  # canceled
    8: "gone wrong",  # aborted
    9: "done",  # completed
}
"""The values of job-state (RFC 8011, 5.3.7)."""
_ASKED: Final = (
    *("job-id", "job-name", "job-state", "job-state-reasons", "job-printer-uri"),
    "copies",  # CUPS 2.4 forgets the name of a job long done unless asked for this too
)


class QueueSilent(Exception):  # noqa: N818  # names what it does
    """The queue cannot be asked; the message says why."""


class QueuedJob(Value, frozen=True, kw_only=True):
    """A job in CUPS.

    Attributes:
        name: as `lp` and `lpstat` name it, like `office-12`.
        arriving: whether its document is incomplete, perhaps for ever.
    """

    name: str
    title: str
    state: JobState
    arriving: bool = False


def jobs_titled(title: str, *, seconds: float = 10) -> tuple[QueuedJob, ...]:
    """The jobs with this title in all queues, including finished ones while CUPS keeps them.

    Raises:
        QueueSilent: if CUPS does not answer, or not intelligibly.
    """
    try:
        answer = _ask(_server(seconds), seconds)
        return tuple(job for job in _jobs(answer) if job.title == title)
    except (OSError, http.client.HTTPException) as error:
        raise QueueSilent(f"the print queue does not answer: {error}") from error
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise QueueSilent("the print queue's answer cannot be understood") from error


def _server(seconds: float) -> str:
    """Where CUPS listens, from the variable, the files and the defaults that `lp` also uses."""
    try:
        told = subprocess.run(
            ["lpstat", "-H"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            env={**os.environ, "LC_ALL": "C"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise QueueSilent("`lpstat -H` did not end in time") from error
    if told.returncode or not told.stdout.strip():
        raise QueueSilent(f"`lpstat -H` says: {told.stderr.strip() or 'nothing'}")
    return told.stdout.strip()


class _SocketConnection(http.client.HTTPConnection):
    """HTTP over a socket in the file system."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _ask(server: str, seconds: float) -> bytes:
    connection: http.client.HTTPConnection
    if server.startswith("/"):
        connection = _SocketConnection(server, seconds)
    else:
        connection = http.client.HTTPConnection(server, timeout=seconds)
    try:
        connection.request("POST", "/", _question(), {"Content-Type": "application/ipp"})
        response = connection.getresponse()
        if response.status != http.client.OK:
            raise QueueSilent(f"the print queue answers with HTTP status {response.status}")
        return response.read(MAX_ANSWER)
    finally:
        connection.close()


def _question() -> bytes:
    asked = b"".join(
        _attribute(_KEYWORD, "" if at else "requested-attributes", name)
        for at, name in enumerate(_ASKED)
    )
    return b"".join(
        [
            struct.pack(">bbHI", 2, 0, _GET_JOBS, 1),
            bytes([_OPERATION]),
            _attribute(0x47, "attributes-charset", "utf-8"),
            _attribute(0x48, "attributes-natural-language", "en"),
            _attribute(0x45, "printer-uri", "ipp://localhost/"),
            _attribute(0x42, "requesting-user-name", os.environ.get("CUPS_USER") or _user()),
            _attribute(_KEYWORD, "which-jobs", "all"),
            asked,
            bytes([_END]),
        ]
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "anonymous"


def _attribute(tag: int, name: str, value: str) -> bytes:
    named, given = name.encode(), value.encode()
    return struct.pack(">BH", tag, len(named)) + named + struct.pack(">H", len(given)) + given


def _jobs(answer: bytes) -> Iterator[QueuedJob]:
    (status,) = struct.unpack_from(">H", answer, 2)
    if status > _HIGHEST_SUCCESS:
        raise QueueSilent(f"the print queue answers with IPP status 0x{status:04x}")
    for job in _groups(answer):
        title, number, state = job.get("job-name"), job.get("job-id"), job.get("job-state")
        if not title or not number or not state:
            continue  # another user's: CUPS withholds the title
        (identifier,) = struct.unpack(">i", number[0])
        (stands,) = struct.unpack(">i", state[0])
        queue = job.get("job-printer-uri", [b""])[0].decode().rpartition("/")[2]
        yield QueuedJob(
            name=f"{queue}-{identifier}" if queue else str(identifier),
            title=title[0].decode(),
            state=_STATES.get(stands, "waiting"),
            arriving=b"job-incoming" in job.get("job-state-reasons", []),
        )


def _groups(answer: bytes) -> Iterator[dict[str, list[bytes]]]:
    """Each job's attributes, from name to values (RFC 8010, 3.1)."""
    at, group, tag = 8, _OPERATION, 0
    attributes: dict[str, list[bytes]] = {}
    name = ""
    while True:
        tag = answer[at]
        at += 1
        if tag < _FIRST_VALUE_TAG:
            if group == _JOB and attributes:
                yield attributes
            if tag == _END:
                return
            group, attributes = tag, {}
            continue
        (length,) = struct.unpack_from(">H", answer, at)
        given = answer[at + 2 : at + 2 + length].decode()
        at += 2 + length
        name = given or name
        (length,) = struct.unpack_from(">H", answer, at)
        attributes.setdefault(name, []).append(answer[at + 2 : at + 2 + length])
        at += 2 + length
