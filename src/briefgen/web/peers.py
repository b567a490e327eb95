"""Whose program is at the other end of a connection on this machine.

Every user of a machine reaches its loopback address, and a cookie for 127.0.0.1 goes to a server
on any port of it, so that being on this machine proves nothing. Linux tells whose a connection is.
"""

import os
import sys
from pathlib import Path

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LOCAL, _REMOTE, _USER = 1, 2, 7


def is_of_another_user(client: tuple[str, int], server: tuple[str, int]) -> bool:
    """Whether the client's end belongs to another user; False where the system does not tell."""
    owner = _owner(_as_listed(client), _as_listed(server))
    return owner is not None and owner not in {os.getuid(), 0}


def _as_listed(end: tuple[str, int]) -> str:
    """`0100007F:1F90`, as the kernel lists 127.0.0.1:8080."""
    parts = bytes(int(part) for part in end[0].split("."))
    return f"{int.from_bytes(parts, sys.byteorder):08X}:{end[1]:04X}"


def _owner(local: str, remote: str) -> int | None:
    for table in _TABLES:
        try:
            lines = table.read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            ends = fields[_LOCAL][-13:], fields[_REMOTE][-13:]
            if ends == (local, remote):
                return int(fields[_USER])
    return None
