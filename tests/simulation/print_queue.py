"""A print queue: an `lp` and an `lpstat` on the PATH, and a server that knows their jobs."""

import os
import socket
import struct
from dataclasses import dataclass, field
from pathlib import Path

from listener import Listener

LP = """\
#!/bin/sh
queue=${0%/*}
title=
while [ $# -gt 0 ]; do
    case $1 in
        -t) title=$2; shift ;;
        --) shift; break ;;
    esac
    shift
done
mood=$(cat "$queue/mood")
[ "$mood" = refuses ] && { echo "lp: scheduler is not running" >&2; exit 1; }
echo "$title|$*" >> "$queue/jobs"
[ "$mood" = dies ] && kill -9 $$
[ "$mood" = silent ] && exit 0
echo "request id is office-$(wc -l < "$queue/jobs") (1 file(s))"
"""
LPSTAT = """\
#!/bin/sh
echo "${0%/*}/socket"
"""


@dataclass
class PrintQueue:
    """The queue, in a folder; `mood`: refuses, dies, silent, dumb (knows no jobs), or well."""

    folder: Path
    _mood: str = field(default="", init=False)

    def __post_init__(self) -> None:
        for name, script in (("lp", LP), ("lpstat", LPSTAT)):
            path = self.folder / name
            path.write_text(script)
            path.chmod(0o755)
        self.mood = ""
        (self.folder / "jobs").touch()
        self.listener = Listener(self._serve, at=str(self.folder / "socket"))

    @property
    def mood(self) -> str:
        """What goes wrong with it."""
        return self._mood

    @mood.setter
    def mood(self, mood: str) -> None:
        self._mood = mood
        (self.folder / "mood").write_text(mood)

    @property
    def jobs(self) -> list[tuple[str, str]]:
        """The title and the files of each job there was."""
        lines = (self.folder / "jobs").read_text().splitlines()
        return [(title, files) for title, _, files in (line.partition("|") for line in lines)]

    def put_on_path(self) -> None:
        """In this process, `lp` is the queue's."""
        os.environ["PATH"] = f"{self.folder}:{os.environ['PATH']}"

    def _serve(self, connection: socket.socket) -> None:
        connection.recv(65536)
        body = self._answer()
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode() + body)

    def _answer(self) -> bytes:
        """Get-Jobs (RFC 8011, 4.2.6): each job, all of them done."""
        known = [] if self._mood == "dumb" else self.jobs
        parts = [struct.pack(">bbHI", 2, 0, 0, 1), b"\x01"]
        for number, (title, _) in enumerate(known, 1):
            parts += [
                b"\x02",
                _attribute(0x21, b"job-id", struct.pack(">i", number)),
                _attribute(0x42, b"job-name", title.encode()),
                _attribute(0x23, b"job-state", struct.pack(">i", 9)),
                _attribute(0x45, b"job-printer-uri", b"ipp://localhost/printers/office"),
            ]
        return b"".join([*parts, b"\x03"])


def _attribute(tag: int, name: bytes, value: bytes) -> bytes:
    return struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(value)) + value
