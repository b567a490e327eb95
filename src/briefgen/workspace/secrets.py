"""Passwords and feed addresses: where they come from, and how they are kept out of texts."""

import base64
import binascii
import html
import json
import os
import re
import selectors
import shlex
import signal
import stat
import subprocess
import time
import urllib.parse
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from briefgen.workspace.phrase import Phrase, plain_line
from briefgen.workspace.problems import Stop
from briefgen.workspace.settings import Mail
from briefgen.workspace.value import Value

COMMAND_SECONDS: Final = 60
"""How long a command may take; at night nobody answers its questions."""
MOST_PRINTED: Final = 64 * 1024
"""The most that is read from a command's output."""
SECONDS_OF_GRACE: Final = 0.2
"""How long to go on reading after a command has ended while its child keeps the output open."""
VARIABLE: Final = "BRIEFGEN_SMTP_PASSWORD"
KEYRING_SERVICE: Final = "briefgen-smtp"

_LONGEST: Final = 4096
_LONGEST_REASON: Final = 200
_SHORTEST_PIECE: Final = 8
_PIECE: Final = 16 * 1024
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_QUOTED: Final = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|\\.', re.DOTALL)
_LITERAL: Final = {"$": "\ue000", "~": "\ue001"}
_BASE64_WORD: Final = re.compile(rf"[A-Za-z0-9+/_=-]{{{_SHORTEST_PIECE},}}")


class NoSecret(Stop):
    """A secret is not available; the message says why and how to fix it, and never holds one."""

    @property
    def says_cure(self) -> bool:
        """Whether the message itself says what to do."""
        return not {"chmod", "ways"}.isdisjoint(getattr(self.args[0], "values", ()))


@dataclass(frozen=True, kw_only=True)
class Secret:
    """A password or an address, which is not shown by accident."""

    text: str = field(repr=False)

    def __str__(self) -> str:
        return "…"


class Printed(Value, frozen=True, kw_only=True):
    """The output of a command.

    Attributes:
        status: its exit status; None if it was ended for printing too much.
        said: the last line of its standard error, without control characters.
    """

    output: bytes
    status: int | None
    said: str = ""


class CommandFailed(Stop):
    """A command in the settings did not run, or did not finish."""


def run_command(
    command: str, *, root: Path, seconds: float = COMMAND_SECONDS, most_bytes: int = MOST_PRINTED
) -> Printed:
    """Run a command from the settings in the workspace, without a shell and without a terminal.

    `~` and `$NAME` mean what they mean in a shell, also within quotes.

    Raises:
        CommandFailed: if it cannot be run, or does not end in time.
    """
    try:
        words = command_words(command)
        process = subprocess.Popen(
            words,
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # so that it has no terminal to ask on
        )
    except FileNotFoundError:
        raise CommandFailed("`{words}` is not installed", words=words[0]) from None
    except OSError as error:
        raise CommandFailed(
            "`{words}` cannot be run: {reason}", words=words[0], reason=error.strerror
        ) from None
    except (ValueError, IndexError) as error:
        raise CommandFailed(
            "cannot be run: {error}", error=error if command.strip() else "is empty"
        ) from None
    with process:
        try:
            output, said = _read(process, time.monotonic() + seconds, most_bytes)
        except TimeoutError:
            _end(process)
            raise CommandFailed(
                "`{words}` did not end within {seconds:g} seconds", words=words[0], seconds=seconds
            ) from None
        status = process.poll()
        if status is None:
            _end(process)
    lines = said.decode(errors="replace").strip().splitlines()
    reason = plain_line(lines[-1], longest=_LONGEST_REASON) if lines else ""
    return Printed(output=output, status=status, said=reason)


def command_words(command: str) -> list[str]:
    """The command's words, with `~` and variables replaced where a shell would replace them."""

    def kept_literal(found: re.Match[str]) -> str:
        quoted = found[0]
        literal = _LITERAL if quoted[0] in "'\\" else {"~": _LITERAL["~"]}
        return "".join(literal.get(character, character) for character in quoted)

    words = [
        os.path.expandvars(Path(word).expanduser() if word.startswith("~") else word)
        for word in shlex.split(_QUOTED.sub(kept_literal, command))
    ]
    for character, stand_in in _LITERAL.items():
        words = [str(word).replace(stand_in, character) for word in words]
    return [str(word) for word in words]


def _read(process: subprocess.Popen[bytes], until: float, most_bytes: int) -> tuple[bytes, bytes]:
    """Standard output and error, until both are closed, there is too much, or the command ends.

    A child left in the background may keep them open for as long as it likes.

    Raises:
        TimeoutError: when the time is up.
    """
    assert process.stdout is not None  # noqa: S101  # pipes were asked for
    assert process.stderr is not None  # noqa: S101  # as above
    read = {process.stdout.fileno(): bytearray(), process.stderr.fileno(): bytearray()}
    output, said = read.values()
    with selectors.DefaultSelector() as selector:
        for descriptor in read:
            selector.register(descriptor, selectors.EVENT_READ)
        ended_at: float | None = None
        while selector.get_map() and len(output) < most_bytes:
            now = time.monotonic()
            if now >= until:
                raise TimeoutError
            if ended_at is None and process.poll() is not None:
                ended_at = now
            if ended_at is not None and now >= ended_at + SECONDS_OF_GRACE:
                break
            for key, _ in selector.select(min(until - now, SECONDS_OF_GRACE / 2)):
                piece = os.read(key.fd, _PIECE)
                if not piece:
                    selector.unregister(key.fd)
                elif len(read[key.fd]) < most_bytes:
                    read[key.fd] += piece
    if len(output) < most_bytes:
        _wait(process, until)
    return bytes(output[:most_bytes]), bytes(said)


def _wait(process: subprocess.Popen[bytes], until: float) -> None:
    try:
        process.wait(max(until - time.monotonic(), 0))
    except subprocess.TimeoutExpired:
        raise TimeoutError from None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the command and everything it has started in its session."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def from_command(command: str, *, setting: str, root: Path) -> Secret:
    """The first line that a command prints.

    Raises:
        NoSecret: if it does not succeed within a minute, or prints nothing.
    """
    try:
        printed = run_command(command, root=root)
    except CommandFailed as error:
        raise NoSecret(f"{setting}: {error}") from None
    name = command.split(maxsplit=1)[0]
    if printed.status:
        said = printed.said or Phrase("it printed nothing; run it by hand to see why")
        raise NoSecret(
            "{setting}: `{name}` ended with status {status}: {said}",
            setting=setting,
            name=name,
            status=printed.status,
            said=said,
        )
    return first_line(printed.output, f"{setting}: `{name}`")


def first_line(text: bytes, source: str) -> Secret:
    """The first line of a command's output or of a file, as a secret.

    Raises:
        NoSecret: if it is empty, too long, or not text; its message begins with `source`.
    """
    line = text.split(b"\n", 1)[0].rstrip(b"\r")
    if not line:
        raise NoSecret("{source}: the first line is empty", source=source)
    if len(line) > _LONGEST:
        raise NoSecret(
            "{source}: the first line is longer than {longest} characters",
            source=source,
            longest=_LONGEST,
        )
    try:
        found = line.decode()
    except UnicodeDecodeError:
        found = "\0"
    if "\0" in found:
        raise NoSecret("{source}: the first line is not text", source=source)
    return Secret(text=found)


def smtp_password(mail: Mail, *, root: Path, environment: Mapping[str, str]) -> Secret | None:
    """The password for the mail server; None if the settings name no user.

    It is taken from the command, the variable, the file or the keyring, in this order.

    Raises:
        NoSecret: if a user is named and no source has a password.
    """
    if mail.user is None:
        return None
    if mail.password_command is not None:
        return from_command(mail.password_command, setting="mail.password_command", root=root)
    if environment.get(VARIABLE):
        return Secret(text=environment[VARIABLE])
    if mail.password_file is not None:
        return _from_file(root / Path(mail.password_file).expanduser())
    return _from_keyring(mail.user)


def _from_file(path: Path) -> Secret:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise NoSecret(f"mail.password_file: {path.name}: {error.strerror}") from None
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise NoSecret("mail.password_file: {path} is not a file", path=path)
    with os.fdopen(descriptor, "rb") as stream:
        if found.st_mode & _OTHERS:
            raise NoSecret(
                "mail.password_file: others can read {name}; {chmod}",
                name=path.name,
                chmod=chmod(path),
            )
        return first_line(stream.read(_LONGEST + 2), f"mail.password_file: {path.name}")


def chmod(path: Path | str) -> str:
    """What to do about a file with a secret that others can read."""
    return Phrase("type: chmod 600 {path}", path=shlex.quote(str(path)))


def _from_keyring(user: str) -> Secret:
    ways = Phrase(
        "set mail.password_command, mail.password_file or the variable {variable}",
        variable=VARIABLE,
    )
    try:
        import keyring  # noqa: PLC0415  # an extra, and slow to import

        found = keyring.get_password(KEYRING_SERVICE, user)
    except ImportError:
        raise NoSecret("no password for {user}: {ways}", user=user, ways=ways) from None
    except Exception as error:  # noqa: BLE001  # each keyring has its own errors
        reason = type(error).__name__
        raise NoSecret(
            "no password for {user}: the keyring fails ({reason}); {ways}",
            user=user,
            reason=reason,
            ways=ways,
        ) from None
    if not found:
        raise NoSecret(
            "no password for {user}: {ways}, or run: keyring set {keyring_service} {user}",
            user=user,
            ways=ways,
            keyring_service=KEYRING_SERVICE,
        )
    return Secret(text=found)


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """`text` without the secrets, in any encoding in which they may appear.

    A server may echo what it was sent: an AUTH line is base64 of the user and the password together
    (RFC 4616), or of one of them; addresses come percent-encoded, or escaped as in JSON.
    """
    forms = sorted({form for secret in secrets for form in _forms(secret)}, key=len, reverse=True)
    for form in forms:
        text = text.replace(form, "…")
    raw = [secret.encode() for secret in secrets if len(secret) > 1]
    return _BASE64_WORD.sub(lambda word: "…" if _holds(word[0], raw) else word[0], text)


def _forms(secret: str) -> set[str]:
    if not secret:
        return set()
    quote = urllib.parse.quote
    quoted = {quote(secret, safe=""), quote(secret), urllib.parse.quote_plus(secret)}
    hexadecimal = secret.encode().hex()
    return {
        secret,
        json.dumps(secret)[1:-1],
        html.escape(secret),
        *quoted,
        *(re.sub("%..", lambda escape: escape[0].lower(), one) for one in quoted),
        repr(secret)[1:-1],
        hexadecimal,
        hexadecimal.upper(),
        *(base64.b64encode(secret.encode()).decode().rstrip("=") + end for end in ("==", "=", "")),
    }


def _holds(word: str, secrets: Iterable[bytes]) -> bool:
    """Whether a base64 word decodes to one of the secrets, whichever byte it starts at."""
    word = word.replace("-", "+").replace("_", "/").rstrip("=")
    for skipped in range(4):
        piece = word[skipped:]
        piece = piece[: len(piece) // 4 * 4] if len(piece) % 4 == 1 else piece
        try:
            told = base64.b64decode(piece + "=" * (-len(piece) % 4))
        except binascii.Error:
            continue
        if any(secret in told for secret in secrets):
            return True
    return False
