"""What to fetch and what came: a feed behind an address, and why it may not be had."""

from dataclasses import dataclass, field
from typing import Final

FIRST_WAIT: Final = 0.5
"""Seconds before the first retry."""


class FetchFault(Exception):  # noqa: N818  # names what is at fault
    """A feed that could not be fetched; the message says why and never holds the address."""


class ForAWhile(FetchFault):
    """A fault that may be over soon; `wait`: the seconds for which the server asks for rest."""

    def __init__(self, message: str, *, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True, kw_only=True)
class Request:
    """What to fetch, and within which bounds.

    Attributes:
        address: https, webcal, or http to this machine; a secret.
        seconds: the longest it may take, over all, retries too.
        most_bytes: the most that is taken, unpacked.
        user, password: for HTTP basic authentication; secrets.
        allow_http: whether an unencrypted address on another machine will do.
        etag, last_modified: of the copy at hand, so that an unchanged feed need not be sent.
    """

    address: str = field(repr=False)
    seconds: float = 60
    most_bytes: int = 50 * 1024 * 1024
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    allow_http: bool = False
    etag: str | None = None
    last_modified: str | None = None

    @property
    def conditional(self) -> bool:
        """Whether it asks only for what has changed."""
        return self.etag is not None or self.last_modified is not None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came: the bytes, or None where the server says that nothing has changed."""

    content: bytes | None
    etag: str | None = None
    last_modified: str | None = None
