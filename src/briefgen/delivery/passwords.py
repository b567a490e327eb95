"""Where passwords come from: a command, a variable, a private file, the system's keyring."""

import os
import shlex
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from briefgen.settings import Mail

VARIABLE: Final = "BRIEFGEN_SMTP_PASSWORD"
KEYRING_SERVICE: Final = "briefgen-smtp"
COMMAND_SECONDS: Final = 60
"""How long a command may take; at night nobody answers a question it asks."""

_LONGEST: Final = 4096
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class NoPassword(Exception):  # noqa: N818  # names what there is not
    """A password cannot be had; the message says why and how to mend it, and never holds one."""


@dataclass(frozen=True, kw_only=True)
class Password:
    """A secret; shown nowhere by accident."""

    text: str = field(repr=False)

    def __str__(self) -> str:
        return "…"


def smtp_password(mail: Mail, *, root: Path, environment: Mapping[str, str]) -> Password | None:
    """The password for the mail server; None where the settings name no user.

    Raises:
        NoPassword: where a user is named and no source gives a password.
    """
    if mail.user is None:
        return None
    if mail.password_command is not None:
        return from_command(mail.password_command, setting="mail.password_command", root=root)
    if environment.get(VARIABLE):
        return Password(text=environment[VARIABLE])
    if mail.password_file is not None:
        return _from_file(root / Path(mail.password_file).expanduser())
    return _from_keyring(mail.user)


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
    return _first_line(done.stdout, setting)


def _from_file(path: Path) -> Password:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise NoPassword(f"mail.password_file: {path.name}: {error.strerror}") from None
    with os.fdopen(descriptor, "rb") as stream:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_mode & _OTHERS:
            raise NoPassword(
                f"mail.password_file: others can read {path.name}; mend it with: chmod 600 {path}"
            )
        return _first_line(stream.read(_LONGEST + 1), "mail.password_file")


def _from_keyring(user: str) -> Password:
    ways = f"set mail.password_command, mail.password_file or the variable {VARIABLE}"
    try:
        import keyring  # noqa: PLC0415  # an extra, and slow to import

        found = keyring.get_password(KEYRING_SERVICE, user)
    except ImportError:
        raise NoPassword(f"no password for {user}: {ways}") from None
    except Exception as error:  # noqa: BLE001  # each keyring fails in a way of its own
        reason = type(error).__name__
        raise NoPassword(f"no password for {user}: the keyring fails ({reason}); {ways}") from None
    if not found:
        raise NoPassword(
            f"no password for {user}: {ways}, or run: keyring set {KEYRING_SERVICE} {user}"
        )
    return Password(text=found)


def _first_line(printed: bytes, setting: str) -> Password:
    try:
        line = printed.decode().split("\n", 1)[0].rstrip("\r")
    except UnicodeDecodeError:
        raise NoPassword(f"{setting}: gives something that is not text") from None
    if not line or len(line) > _LONGEST or "\0" in line:
        raise NoPassword(f"{setting}: gives no password")
    return Password(text=line)
