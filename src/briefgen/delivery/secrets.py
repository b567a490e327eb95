"""Where passwords come from: a command, a variable, a private file, the system's keyring."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from briefgen.workspace.secrets import (
    COMMAND_SECONDS,
    NoPassword,
    Password,
    first_line,
    from_command,
)
from briefgen.workspace.settings import Mail

__all__ = ["COMMAND_SECONDS", "NoPassword", "Password", "from_command", "smtp_password"]

VARIABLE: Final = "BRIEFGEN_SMTP_PASSWORD"
KEYRING_SERVICE: Final = "briefgen-smtp"
_LONGEST: Final = 4096
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


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
        return first_line(stream.read(_LONGEST + 1), "mail.password_file")


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
