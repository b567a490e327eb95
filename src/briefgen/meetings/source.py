"""Where a feed comes from: one interface for files, folders, addresses, servers and programs.

The local ones are here: a file, a folder of .ics files, a program.
"""

import os
import stat
import zlib
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import SplitResult, urlsplit

from briefgen.meetings.content import normalised
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

FIRST_WAIT: Final = 0.5
"""Seconds before the first retry."""


class FetchFault(Exception):  # noqa: N818  # names what is at fault
    """A feed that could not be fetched; the message says why, and never contains the address."""


class TemporaryFault(FetchFault):
    """A temporary fault.

    Attributes:
        wait: seconds to wait, as the server asks (`Retry-After`), or None.
    """

    def __init__(self, message: str, *, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True, kw_only=True)
class Version:
    """What a server said about the stored version, so that it need not send it again."""

    etag: str | None = field(default=None, repr=False)
    last_modified: str | None = None


class Answer(Value, frozen=True, kw_only=True):
    """The bytes that came; None if the server says that nothing has changed.

    Attributes:
        left_out: unreadable parts of the source, each with the reason; the rest is used.
    """

    content: bytes | None
    version: Version = Version()
    left_out: tuple[str, ...] = ()


class Source(Protocol):
    """A kind of feed."""

    def read(self, known: Version | None) -> Answer:
        """The feed's bytes, or that they are still those of `known`.

        Raises:
            FetchFault: if they cannot be fetched within the feed's limits.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Request:
    """What to fetch from an address, and within which limits.

    Attributes:
        address: https, webcal, or http to this machine; a secret.
        seconds: the longest it may take overall, including retries.
        most_bytes: the size limit, unpacked.
        user, password: for HTTP basic authentication; secrets.
        allow_http: whether an unencrypted address on another machine is allowed.
        setting: where the settings name the address, like `url_command of the feed 'work'`.
        first_wait: seconds before the first retry.
    """

    address: str = field(repr=False)
    seconds: float = 60
    most_bytes: int = 50 * 1024 * 1024
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    allow_http: bool = False
    setting: str = "the address"
    first_wait: float = FIRST_WAIT


def too_large(most_bytes: int, *, what: str = Phrase("larger than")) -> FetchFault:
    """The fault of a feed that is too large."""
    size = max(1, most_bytes // (1024 * 1024))
    return FetchFault(
        Phrase(
            "{what} {size} MB; raise `max_megabytes` of this feed if that is right",
            what=what,
            size=size,
        )
    )


def unpacked(content: bytes, most_bytes: int) -> bytes:
    """The calendar in a gzipped file (`.ics.gz`); other bytes, and broken ones, unchanged.

    Raises:
        FetchFault: if it is larger than `most_bytes` when unpacked.
    """
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        found = zlib.decompressobj(wbits=31).decompress(content, most_bytes + 1)
    except zlib.error:
        return content
    if len(found) > most_bytes:
        raise too_large(most_bytes)
    return found


def checked_address(given: str, *, allow_http: bool) -> str:
    """The address to fetch: webcal as https, and http only if that is allowed.

    Raises:
        FetchFault: if it is no address, or one that must not be fetched.
    """
    parts = split_address(given.strip())
    scheme = {"webcal": "https", "webcals": "https"}.get(parts.scheme.lower(), parts.scheme.lower())
    if scheme not in {"https", "http"} or not parts.hostname:
        raise FetchFault(Phrase("this is not an address; write it like https://… or webcal://…"))
    if scheme == "http" and not (allow_http or is_here(parts.hostname)):
        raise FetchFault(
            Phrase(
                "the address is not encrypted; use https://, or set `allow_http: yes` for this feed"
            )
        )
    return parts._replace(scheme=scheme, fragment="").geturl()


def split_address(address: str) -> SplitResult:
    """The parts of an address.

    Raises:
        FetchFault: if it is none.
    """
    try:
        parts = urlsplit(address)
        _ = parts.port, parts.hostname
    except ValueError:
        raise FetchFault(Phrase("this is not an address; write it like https://…")) from None
    return parts


def is_here(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


_MOST_FILES: Final = 100_000
_MOST_TOLD: Final = 5
_LONGEST_NAME: Final = 80


class PathSource(Value, frozen=True, kw_only=True):
    """A calendar file, or a folder with one file per event, as vdirsyncer and khal keep it."""

    path: str
    workspace: Workspace
    most_bytes: int

    def read(self, known: Version | None) -> Answer:  # noqa: ARG002  # see `Source`
        """See `Source`; pipes and devices cannot block it."""
        try:
            place = self.workspace.root / Path(self.path).expanduser()
            if place.is_dir():
                return self._folder(place)
            return Answer(content=_regular_file(place, self.most_bytes))
        except (OSError, RuntimeError) as error:
            reason = error.strerror if isinstance(error, OSError) else Phrase("no home folder")
            raise FetchFault(Phrase("cannot be read: {reason}", reason=reason)) from None

    def _folder(self, folder: Path) -> Answer:
        """Its .ics files one after the other, in the order of their names."""
        names = sorted(
            entry.name
            for entry in os.scandir(folder)
            if entry.name.lower().endswith((".ics", ".ics.gz")) and not entry.name.startswith(".")
        )
        if not names:
            raise FetchFault(Phrase("is a folder without any .ics file"))
        if len(names) > _MOST_FILES:
            raise FetchFault(
                Phrase("has more than {most_files} .ics files", most_files=_MOST_FILES)
            )
        pieces: list[bytes] = []
        left_out: list[str] = []
        left = self.most_bytes
        for name in names:
            shown = name[:_LONGEST_NAME]
            try:
                content = _regular_file(folder / name, left)
            except OSError as error:
                reason = error.strerror
                left_out.append(
                    Phrase("{name}: cannot be read: {reason}", name=shown, reason=reason)
                )
                continue
            left -= len(content)
            if b"\0" in content[:4]:  # UTF-16, which cannot follow another file's UTF-8
                content = normalised(content)
            if b"BEGIN:VCALENDAR" in content[:4000].upper():
                pieces.append(content.removeprefix(b"\xef\xbb\xbf").strip() + b"\r\n")
            else:
                message = Phrase("{name}: not a calendar; BEGIN:VCALENDAR is missing", name=shown)
                left_out.append(message)
        if not pieces:
            raise FetchFault(
                Phrase("has no file that is a calendar; {left_out}", left_out=left_out[0])
            )
        more = len(left_out) - _MOST_TOLD
        rest = [Phrase("{more} more like these", more=more)] if more > 0 else []
        return Answer(content=b"".join(pieces), left_out=(*left_out[:_MOST_TOLD], *rest))


def _regular_file(path: Path, most_bytes: int) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FetchFault(
                Phrase("is not a file; name a calendar file (.ics) or a folder of them")
            )
        content = stream.read(max(0, most_bytes) + 1)
    if len(content) > most_bytes:
        raise too_large(most_bytes)
    return unpacked(content, most_bytes)


class CommandSource(Value, frozen=True, kw_only=True):
    """A program of the user's that prints iCalendar; bounded in time and size like a fetch."""

    command: str
    workspace: Workspace
    seconds: float
    most_bytes: int

    def read(self, known: Version | None) -> Answer:  # noqa: ARG002  # see `Source`
        """See `Source`."""
        from briefgen.workspace.secrets import CommandFailed, run_command  # noqa: PLC0415  # as seldom

        try:
            printed = run_command(
                self.command,
                root=self.workspace.root,
                seconds=self.seconds,
                most_bytes=self.most_bytes + 1,
            )
        except CommandFailed as failure:
            raise FetchFault(f"command: {failure}") from None
        if len(printed.output) > self.most_bytes:
            raise too_large(self.most_bytes, what=Phrase("command: printed more than"))
        if printed.status != 0:
            said = f": {printed.said}" if printed.said else ""
            raise FetchFault(
                Phrase(
                    "command: ended with status {status}{said}", status=printed.status, said=said
                )
            )
        return Answer(content=printed.output)
