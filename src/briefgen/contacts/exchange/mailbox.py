"""Mail in files: mbox, Maildir, .eml and Apple's .emlx, recognised by content.

Only headers are cut out, message by message; bodies are passed over.
"""

import base64
import plistlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import BinaryIO, Final
from xml.parsers.expat import ExpatError

from briefgen.workspace.built_in import read_built_in
from briefgen.workspace.phrase import Phrase

MAX_HEADERS: Final = 256 * 1024
"""The most of a message's headers that is read, in bytes."""
_MAX_LINE: Final = 64 * 1024
_LOOKED_AT: Final = 4096

_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:")
_TELLING = re.compile(
    rb"(?i)(?:from|to|cc|date|subject|received|return-path|message-id|mime-version|delivered-to"
    rb"|status|envelope-to|dkim-signature|reply-to|sender|content-[a-z-]+|x-[a-z0-9-]+|arc-[a-z-]+)"
    rb"[ \t]*:"
)
_POSTMARK = re.compile(
    rb"From \S+ +(?:\S+ +)?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .*\d{1,2}:\d{2}", re.IGNORECASE
)
_ENVELOPE = re.compile(rb"From (?:-|\S*[@0-9]\S*)(?:\s|\Z)|From \S+\s*\Z")
"""A postmark without its time: who sent it, and not the middle of a sentence."""
_APPLE_FLAGS: Final = ((0x02, "deleted"), (0x40, "draft"), (1 << 24, "spam"))
"""Bits of the flags that Apple Mail writes after a message."""
_FLAGS_BEHIND = re.compile("[:;!]2,")
"""Before the flags in a name; not every file system has colons."""
_MAILDIR_FLAGS: Final = (("T", "deleted"), ("D", "draft"))
_UTF7 = re.compile(r"&([A-Za-z0-9+,]*)-")
_NO_MAIL: Final = frozenset({".msf", ".dat", ".html", ".js", ".json", ".sqlite", ".db", ".plist"})
"""Files that mail programs keep in mail folders and that are not mail."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The headers of one message.

    Attributes:
        file, line: where it begins.
        place: why its folder, file name or flags leave it out, like `draft`; else empty.
    """

    file: str
    line: int
    headers: bytes = field(repr=False)
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class NoMail:
    """A file in which there is no mail, or that cannot be read."""

    file: str
    reason: str


@cache
def mail_words(kind: str) -> frozenset[str]:
    """The words of this kind in `mail_words.yaml`."""
    data = read_built_in("contacts/exchange/mail_words.yaml")
    words = data[kind]
    assert isinstance(words, list)  # noqa: S101  # as the file is written
    return frozenset(str(word).casefold() for word in words)


def place_of(name: str) -> str:
    """Why a folder or label of this name is left out: `draft`, `spam` or `deleted`; else empty."""
    flat = _UTF7.sub(_shifted, name).casefold().strip(" .")
    flat = flat.removesuffix(".mbox").removesuffix(".sbd")
    flat = re.sub(r"\A(?:inbox\.|\[(?:gmail|google mail)\][/.])", "", flat)
    return next((kind for kind in ("draft", "spam", "deleted") if flat in mail_words(kind)), "")


def _shifted(found: re.Match[str]) -> str:
    """A part of an IMAP folder's name in modified UTF-7, decoded (RFC 3501, 5.1.3)."""
    packed = found[1].replace(",", "/")
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4)).decode("utf-16-be") or "&"
    except ValueError:
        return found[0]


def read_letters(path: Path) -> Iterator[Letter | NoMail]:
    """Every message of an mbox file, a Maildir, an .eml or .emlx file, or a folder of those.

    Raises:
        OSError: where the file or folder itself cannot be read.
    """
    if not path.is_dir():
        yield from _letters_of(path, place_of(path.stem))
        return
    for inner in sorted(path.rglob("*")):
        if not inner.is_file() or inner.is_symlink() or inner.suffix.casefold() in _NO_MAIL:
            continue
        if inner.parent.name == "tmp" and inner.parent.with_name("cur").is_dir():
            continue  # a Maildir's letters that are not all there yet
        try:
            yield from _letters_of(inner, _folder_of(inner, path))
        except OSError as error:
            yield NoMail(
                file=inner.name, reason=Phrase("cannot be read: {reason}", reason=error.strerror)
            )


def _folder_of(path: Path, root: Path) -> str:
    """Why a mailbox, or the folder of a file, is left out; else empty."""
    names = [path.stem, *path.relative_to(root).parts[:-1], root.name]
    return next((kind for name in names if (kind := place_of(name))), "")


def _letters_of(path: Path, place: str) -> Iterator[Letter | NoMail]:
    with path.open("rb") as stream:
        start = stream.read(_LOOKED_AT)
        stream.seek(0)
        if re.match(rb"\s*\d+\s*\r?\n[!-9;-~]+[ \t]*:", start):
            yield _apple_letter(stream, path.name, place)
        elif _is_mail(start):
            flags = _FLAGS_BEHIND.split(path.name)[1] if _FLAGS_BEHIND.search(path.name) else ""
            own = next((kind for flag, kind in _MAILDIR_FLAGS if flag in flags), "")
            for line, headers in _header_blocks(stream):
                yield Letter(file=path.name, line=line, headers=headers, place=place or own)
        elif start.strip():
            yield NoMail(file=path.name, reason=Phrase("no mail in it"))


def _is_mail(start: bytes) -> bool:
    """Whether a file begins with a message: a postmark of mbox, or headers as mail has them."""
    text = re.sub(rb"\A>From [^\n]*\n", b"", start.removeprefix(b"\xef\xbb\xbf").lstrip())
    if text.startswith(b"From "):
        return True
    head = re.split(rb"\r?\n\r?\n", text, maxsplit=1)[0]
    return bool(_TELLING.match(head)) and bool(re.search(rb"(?im)^(?:from|date|to|subject):", head))


def _apple_letter(stream: BinaryIO, name: str, place: str) -> Letter:
    """The message of an .emlx file: its length on the first line, flags in a list after it."""
    length = int(stream.readline(_MAX_LINE))
    content = stream.read(min(length, MAX_HEADERS))
    stream.seek(max(length - len(content), 0), 1)
    try:
        flags = int(plistlib.loads(stream.read(_MAX_LINE).strip()).get("flags", 0))
    except (ValueError, TypeError, AttributeError, ExpatError, plistlib.InvalidFileException):
        flags = 0
    own = next((kind for bit, kind in _APPLE_FLAGS if flags & bit), "")
    headers = re.split(rb"\r?\n\r?\n", content.lstrip(), maxsplit=1)[0]
    return Letter(file=name, line=2, headers=headers, place=place or own)


def _header_blocks(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The header block of each message, and the line it begins on; bodies are passed over."""
    block: list[bytes] | None = []
    size = number = 0
    begun = 1
    fresh = blank_before = True  # `fresh`: a line begins here, rather than the rest of a long one
    piece = stream.readline(_MAX_LINE).removeprefix(b"\xef\xbb\xbf")
    while piece:
        following = stream.readline(_MAX_LINE)
        number += fresh
        if fresh and _is_postmark(piece, following, after_blank=blank_before):
            if block:
                yield begun, b"".join(block)
            block, size, begun = [], 0, number
        elif block is not None and fresh and not piece.strip():
            if block:
                yield begun, b"".join(block)
                block = None
        elif block is not None and (size := size + len(piece)) <= MAX_HEADERS:
            block.append(piece)
        blank_before = fresh and not piece.strip()
        fresh = piece.endswith(b"\n")
        piece = following
    if block:
        yield begun, b"".join(block)


def _is_postmark(line: bytes, following: bytes, *, after_blank: bool) -> bool:
    """Whether a line begins the next message of an mbox, and not a sentence with "From"."""
    if not line.startswith(b"From "):
        return False
    if _POSTMARK.match(line) and _HEADER.match(following):
        return True
    return after_blank and bool(_ENVELOPE.match(line) and _TELLING.match(following))
