"""Where a feed comes from: one interface for files, folders, addresses, servers and programs."""

import zlib
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final, Protocol
from urllib.parse import SplitResult, urlsplit

from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

FIRST_WAIT: Final = 0.5
"""Seconds before the first retry."""


class FetchFault(Exception):  # noqa: N818  # names what is at fault
    """A feed that could not be fetched; the message says why and never holds the address."""


class ForAWhile(FetchFault):
    """A fault that may be over soon.

    Attributes:
        wait: how many seconds the other side asks to be left alone (`Retry-After`), or None.
    """

    def __init__(self, message: str, *, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True, kw_only=True)
class Version:
    """What a server said of the version at hand, so that an unchanged feed need not be sent."""

    etag: str | None = field(default=None, repr=False)
    last_modified: str | None = None


class Answer(Value, frozen=True, kw_only=True):
    """What came: the bytes, or None where the server says that nothing has changed.

    Attributes:
        left_out: what of the source could not be read, each with its reason; the rest stands.
    """

    content: bytes | None
    version: Version = Version()
    left_out: tuple[str, ...] = ()


class Source(Protocol):
    """A kind of feed."""

    def read(self, known: Version | None) -> Answer:
        """The feed's bytes, or that they are still those of `known`.

        Raises:
            FetchFault: where they cannot be had within the feed's bounds.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Request:
    """What to fetch from an address, and within which bounds.

    Attributes:
        address: https, webcal, or http to this machine; a secret.
        seconds: the longest it may take, over all, retries too.
        most_bytes: the most that is taken, unpacked.
        user, password: for HTTP basic authentication; secrets.
        allow_http: whether an unencrypted address on another machine will do.
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
    """The fault of a feed beyond its bound."""
    size = max(1, most_bytes // (1024 * 1024))
    return FetchFault(
        Phrase(
            "{what} {size} MB; raise `max_megabytes` of this feed if that is right",
            what=what,
            size=size,
        )
    )


def unpacked(content: bytes, most_bytes: int) -> bytes:
    """The calendar in a file that is packed (`.ics.gz`); other bytes, and broken ones, as they are.

    Raises:
        FetchFault: where it is larger than `most_bytes` when unpacked.
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
    """The address to ask: webcal made https, and http only where that is allowed.

    Raises:
        FetchFault: where it is no address, or one that must not be asked.
    """
    parts = split_address(given.strip())
    scheme = {"webcal": "https", "webcals": "https"}.get(parts.scheme.lower(), parts.scheme.lower())
    if scheme not in {"https", "http"} or not parts.hostname:
        raise FetchFault(Phrase("the address is none; write it like https://… or webcal://…"))
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
        FetchFault: where it is none.
    """
    try:
        parts = urlsplit(address)
        _ = parts.port, parts.hostname
    except ValueError:
        raise FetchFault(Phrase("the address is none; write it like https://…")) from None
    return parts


def is_here(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
