"""Secrets that a command of the user prints: passwords and feed addresses."""

import shlex
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

COMMAND_SECONDS: Final = 60
"""How long a command may take; at night nobody answers a question it asks."""
_LONGEST: Final = 4096


class NoPassword(Exception):  # noqa: N818  # names what there is not
    """A secret cannot be had; the message says why and how to mend it, and never holds one."""


@dataclass(frozen=True, kw_only=True)
class Password:
    """A secret; shown nowhere by accident."""

    text: str = field(repr=False)

    def __str__(self) -> str:
        return "…"


def from_command(command: str, *, setting: str, root: Path) -> Password:
    """The first line that a command prints. It runs without a shell, and nobody answers it.

    Raises:
        NoPassword: where it does not end well within a minute, or prints nothing.
    """
    try:
        done = subprocess.run(
            shlex.split(command),
            cwd=root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=COMMAND_SECONDS,
            start_new_session=True,  # so that it has no terminal to ask on
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoPassword(f"{setting}: no answer within {COMMAND_SECONDS} seconds") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise NoPassword(f"{setting}: cannot be run: {reason}") from None
    if done.returncode != 0:
        raise NoPassword(f"{setting}: ended with status {done.returncode}; run it by hand to see")
    return first_line(done.stdout, setting)


def first_line(printed: bytes, setting: str) -> Password:
    """The first line of what was printed, or stands in a file, as the secret it is.

    Raises:
        NoPassword: where it is empty, too long, or no text.
    """
    try:
        line = printed.decode().split("\n", 1)[0].rstrip("\r")
    except UnicodeDecodeError:
        raise NoPassword(f"{setting}: gives something that is not text") from None
    if not line or len(line) > _LONGEST or "\0" in line:
        raise NoPassword(f"{setting}: gives no password")
    return Password(text=line)
