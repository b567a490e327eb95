"""Mail as a past: who wrote to whom, when, about what. Only headers are read, never a body."""

import contextlib
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message as Mail
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path
from typing import BinaryIO, Final

from briefgen.contacts.exchange.text import one_line
from briefgen.workspace.addresses import exact_address

MAX_HEADERS: Final = 256 * 1024
"""The most of a message's headers that is read, in bytes."""
_MAX_LINE: Final = 64 * 1024
_SUBJECT: Final = 200
_REPLY = re.compile(r"(?i)\A(?:(?:re|aw|fw|fwd|wg|sv|tr|antw|rv)(?:\[\d+\])?\s*:\s*)+")


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message's headers.

    Attributes:
        day: its date, in the sender's own zone.
        sender: an exact address.
        recipients: exact addresses of To and Cc.
        subject: on one line, without `Re:` and its like.
    """

    day: date
    sender: str
    recipients: frozenset[str]
    subject: str


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A message whose headers do not say who wrote when."""

    file: str
    line: int | None
    reason: str


def read_messages(path: Path) -> Iterator[Message | Unread]:
    """Every message of an mbox file, a Maildir, an .eml file, or a folder of those.

    Raises:
        OSError: where the file or folder itself cannot be read.
    """
    if not path.is_dir():
        yield from _read_file(path)
        return
    for inner in sorted(path.rglob("*")):
        if inner.is_file() and not inner.is_symlink() and _is_mail(inner):
            try:
                yield from _read_file(inner)
            except OSError as error:
                yield Unread(file=inner.name, line=None, reason=f"cannot be read: {error.strerror}")


def _is_mail(path: Path) -> bool:
    """A file of a Maildir's `cur` and `new`, or one that is called like mail."""
    return path.parent.name in {"cur", "new"} or path.suffix.casefold() in {".eml", ".mbox", ".mbx"}


def _read_file(path: Path) -> Iterator[Message | Unread]:
    with path.open("rb") as stream:
        for line, headers in _headers(stream):
            yield _message(headers, path.name, line)


def _headers(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The header block of each message, and the line it begins on; bodies are passed over."""
    block: list[bytes] | None = None
    size = begun = number = 0
    fresh = True  # a line begins here, rather than the rest of a long one
    blank_before = True
    while piece := stream.readline(_MAX_LINE):
        number += fresh
        is_mark = fresh and blank_before and piece.startswith(b"From ")
        if is_mark or (number == 1 and fresh):
            if block:
                yield begun, b"".join(block)
            block, size, begun = ([] if is_mark else [piece]), 0, number
        elif block is not None and fresh and not piece.strip():
            yield begun, b"".join(block)
            block = None
        elif block is not None and (size := size + len(piece)) <= MAX_HEADERS:
            block.append(piece)
        blank_before = fresh and not piece.strip()
        fresh = piece.endswith(b"\n")
    if block:
        yield begun, b"".join(block)


def _message(headers: bytes, file: str, line: int) -> Message | Unread:
    try:
        mail = BytesHeaderParser(policy=email.policy.compat32).parsebytes(headers + b"\n\n")
        day = parsedate_to_datetime(str(mail["Date"])).date()
    except (MessageError, ValueError, TypeError, IndexError, OverflowError):
        return Unread(file=file, line=line, reason="the message has no date that can be read")
    senders = _addresses(mail, "From") or _addresses(mail, "Sender")
    if not senders:
        return Unread(file=file, line=line, reason="the message has no sender")
    return Message(
        day=day,
        sender=senders[0],
        recipients=frozenset((*_addresses(mail, "To"), *_addresses(mail, "Cc"))),
        subject=_subject(mail),
    )


def _addresses(mail: Mail, name: str) -> list[str]:
    found = []
    for _, address in getaddresses([str(value) for value in mail.get_all(name, [])][:50]):
        try:
            found.append(exact_address(address))
        except ValueError:
            continue
    return found


def _subject(mail: Mail) -> str:
    given = str(mail["Subject"] or "")
    with contextlib.suppress(MessageError, LookupError, ValueError):  # else as it stands
        given = str(make_header(decode_header(given)))
    return _REPLY.sub("", one_line(given))[:_SUBJECT].strip()
