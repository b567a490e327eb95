"""Mail in files (mbox, Maildir, .eml, Apple's .emlx), and what its headers say: who, to whom, when.

Bodies are skipped. Written without `email.utils`, whose answers to odd headers differ between
versions of Python: from 3.13 on one odd mailbox empties the whole header, and before it `a@x <b@y>`
was credited to a.

Over 400 lines, because malformed headers are decoded, split and dated here.
"""

import base64
import binascii
import plistlib
import quopri
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import BinaryIO, Final
from xml.parsers.expat import ExpatError

from briefgen.workspace.addresses import exact_address
from briefgen.workspace.built_in import read_built_in
from briefgen.workspace.phrase import Phrase, one_line

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
"""A postmark without its time: the sender, and not part of a sentence."""
_APPLE_FLAGS: Final = ((0x02, "deleted"), (0x40, "draft"), (1 << 24, "spam"))
"""Bits of the flags that Apple Mail writes after a message."""
_FLAGS_BEHIND = re.compile("[:;!]2,")
"""What precedes the flags in a name; not every file system allows colons."""
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
    """A file without mail, or one that cannot be read."""

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
        OSError: if the file or folder itself cannot be read.
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
    """Whether a file begins with a message: an mbox postmark, or mail headers."""
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
    """The header block of each message, and the line it begins on; bodies are skipped."""
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


_SUBJECT: Final = 200
_MOST_MAILBOXES: Final = 200
_MONTHS: Final = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
_WORD = re.compile(rb"=\?([^?\s*]+)(?:\*[^?\s]*)?\?([BbQq])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(rb"(\?=)\s+(?==\?[^?\s]+\?[BbQq]\?)")
_DATES: Final = (
    re.compile(r"(?P<day>\d{1,2})\.?[ -](?P<month>[^\W\d_]{3,10})\.?[ -](?P<year>\d{4}|\d{2})\b"),
    re.compile(r"(?P<month>[^\W\d_]{3,10})\.? +(?P<day>\d{1,2}),? .*?(?P<year>\d{4})\b"),
    re.compile(r"(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})"),
)
_CENTURY: Final = 100
_FIRST_MAIL: Final = 1971
"""Dates before it are those of a clock that was never set."""
_DELETED_BY_MOZILLA: Final = (("x-mozilla-status", 0x0008), ("x-mozilla-status2", 0x00200000))


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message's headers.

    Attributes:
        day: its date, in the sender's own zone.
        sender: an exact address.
        recipients: exact addresses of To, Cc and Bcc.
        subject: on one line, without `Re:` and its like.
    """

    day: date
    sender: str
    recipients: frozenset[str]
    subject: str


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A message whose headers lack a sender or date, or a file without mail."""

    file: str
    line: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A message that no person wrote and sent.

    Attributes:
        kind: draft, spam, deleted, automatic, calendar or list.
    """

    kind: str


def read_messages(path: Path) -> Iterator[Message | Unread | LeftOut]:
    """Every message of an mbox file, a Maildir, an .eml or .emlx file, or a folder of those.

    Raises:
        OSError: if the file or folder itself cannot be read.
    """
    for letter in read_letters(path):
        if isinstance(letter, NoMail):
            yield Unread(file=letter.file, line=None, reason=letter.reason)
        else:
            yield read_message(letter)


def read_message(letter: Letter) -> Message | Unread | LeftOut:
    """What the headers of one message say."""
    headers = _fields(letter.headers)
    charset = _declared(headers)
    subject = _text(next(iter(headers.get("subject", ())), b""), charset)
    if kind := letter.place or _why_left_out(headers, subject):
        return LeftOut(kind=kind)
    day = _sent(headers)
    if day is None:
        reason = "the message has no date that can be read"
        return Unread(file=letter.file, line=letter.line, reason=reason)
    senders = _addresses(headers, "from") or _addresses(headers, "sender")
    if not senders:
        return Unread(file=letter.file, line=letter.line, reason="the message has no sender")
    recipients = (address for name in ("to", "cc", "bcc") for address in _addresses(headers, name))
    return Message(
        day=day,
        sender=senders[0],
        recipients=frozenset(recipients),
        subject=_without_reply(one_line(subject))[:_SUBJECT].strip(),
    )


def _sent(headers: Mapping[str, list[bytes]]) -> date | None:
    """The day of the Date header; of one that cannot be right, the day the message came."""
    day = _day(_raw(next(iter(headers.get("date", ())), b""), None))
    came = _day(_ascii(headers, "received").rpartition(";")[2])
    is_wrong = day is None or day.year < _FIRST_MAIL or (came and day - came > timedelta(days=1))
    return (came or day) if is_wrong else day


def _fields(block: bytes) -> dict[str, list[bytes]]:
    """The header fields by name, unfolded; what is not a field is skipped."""
    found: dict[str, list[bytes]] = {}
    last: list[bytes] | None = None
    for line in block.splitlines():
        if line[:1] in {b" ", b"\t"} and last is not None:
            last[-1] += b" " + line.strip()
            continue
        name, colon, value = line.partition(b":")
        is_field = bool(colon) and re.fullmatch(rb"[!-9;-~]+[ \t]*", name) is not None
        if is_field:
            last = found.setdefault(name.decode("ascii").strip().casefold(), [])
            last.append(value.strip())
        else:
            last = None
    return found


def _ascii(headers: Mapping[str, list[bytes]], name: str) -> str:
    return next(iter(headers.get(name, ())), b"").decode("ascii", errors="replace")


def _declared(headers: Mapping[str, list[bytes]]) -> str | None:
    """The charset of the body, usually that of raw headers too."""
    found = re.search(r"(?i)charset\s*=\s*\"?([\w.:-]+)", _ascii(headers, "content-type"))
    return found[1] if found else None


def _decoded(content: bytes, *charsets: str | None) -> str:
    """Bytes by the first of the charsets that fits, else UTF-8, else Windows-1252."""
    for charset in (*charsets, "utf-8"):
        try:
            if charset:
                return content.decode(_wider(charset))
        except (LookupError, ValueError):  # a codec like `undefined`
            continue
    given = next((c for c in charsets if c), None)
    try:
        return content.decode(_wider(given or "cp1252"), errors="replace")
    except (LookupError, ValueError):
        return content.decode("cp1252", errors="replace")


def _wider(charset: str) -> str:
    """The charset that mail programs mean by a narrower name."""
    flat = charset.casefold().strip('"').replace("_", "-")
    flat = re.sub(r"\A(?:x-)?(?:cp|ibm|windows|win|dos)-?(?=\d)", "cp", flat)
    flat = re.sub(r"\A(iso-8859-\d+)-[ie]\Z", r"\1", flat)  # RFC 1556: the direction of the text
    wider = {"iso-8859-1": "cp1252", "us-ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
    return wider.get(flat, flat)


def _text(raw: bytes, charset: str | None) -> str:
    """A header as text: encoded words (RFC 2047) are decoded, raw bytes as well as possible.

    Consecutive words in one charset are joined before decoding, since many programs cut a character
    in two.
    """
    joined = _BETWEEN_WORDS.sub(rb"\1", raw)
    made: list[str] = []
    pending: tuple[str, bytes] | None = None
    place = 0
    for word in _WORD.finditer(joined):
        name = word[1].decode("ascii", errors="replace")
        content = _unquoted(word[3]) if word[2] in b"Qq" else _unpacked(word[3])
        if pending is not None and word.start() == place and pending[0] == name.casefold():
            pending = (pending[0], pending[1] + content)
        else:
            made += [_decoded(pending[1], pending[0])] if pending else []
            made.append(_raw(joined[place : word.start()], charset))
            pending = (name.casefold(), content)
        place = word.end()
    made += [_decoded(pending[1], pending[0])] if pending else []
    made.append(_raw(joined[place:], charset))
    return "".join(made)


def _raw(content: bytes, charset: str | None) -> str:
    """Bytes outside encoded words: UTF-8, else the declared charset, else Windows-1252."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(content, charset, "cp1252")


def _unquoted(content: bytes) -> bytes:
    return quopri.decodestring(content.replace(b"_", b" "), header=False)


def _unpacked(content: bytes) -> bytes:
    """Base64, as much of it as can be decoded."""
    bare = re.sub(rb"[^A-Za-z0-9+/]", b"", content)
    try:
        return base64.b64decode(bare[: len(bare) // 4 * 4] + _padded(bare[len(bare) // 4 * 4 :]))
    except (binascii.Error, ValueError):
        return b""


def _padded(rest: bytes) -> bytes:
    return rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""


def _without_reply(subject: str) -> str:
    words = "|".join(sorted(map(re.escape, mail_words("reply")), key=len, reverse=True))
    before = (
        rf"(?i)\A(?:(?:{words})(?:\s*[\[(]\d+[\])])?\s*[:\uff1a]\s*"
        r"|(?:\[ext(?:ern(?:al)?)?\]|\*+ext(?:ern(?:al)?)?\*+)\s*)+"
    )
    return re.sub(before, "", subject)


def _day(given: str) -> date | None:
    """The day that a Date header names, in whatever order; weekday and zone are ignored."""
    for form in _DATES:
        if (parts := form.search(given)) is None:
            continue
        named = parts.groupdict()
        number = _month(named["month"]) if "month" in named else int(parts["number"])
        if number is None:
            continue
        year = int(parts["year"])
        if year < _CENTURY:
            year += 2000 if year < _CENTURY // 2 else 1900  # RFC 5322, 4.3
        try:
            return date(year, number, int(parts["day"]))
        except ValueError:
            continue
    return None


def _month(name: str) -> int | None:
    """The number of a month, in any language, since some mail programs do not use English."""
    if name[:3].casefold() in _MONTHS:
        return _MONTHS.index(name[:3].casefold()) + 1
    from briefgen.contacts.exchange.values import month_named  # noqa: PLC0415  # rarely needed

    return month_named(name)


# Addresses.


def _addresses(headers: Mapping[str, list[bytes]], name: str) -> list[str]:
    """The exact addresses of a header, one for each mailbox: the one in brackets."""
    found = []
    for value in headers.get(name, ()):
        text = value[:MAX_HEADERS].decode("latin-1")
        mailboxes = _mailboxes(text)[:_MOST_MAILBOXES]
        found += [address for mailbox in mailboxes if (address := _address(mailbox))]
    return list(dict.fromkeys(found))


def _mailboxes(text: str) -> list[str]:
    """A header cut at its commas and semicolons, without comments.

    A quotation mark or parenthesis that is never closed counts as a plain character.
    """
    found, is_closed = _split(text, honour=True)
    return found if is_closed else _split(text, honour=False)[0]


def _split(text: str, *, honour: bool) -> tuple[list[str], bool]:
    """The mailboxes, and whether every quotation mark and bracket is closed."""
    found: list[str] = []
    part: list[str] = []
    depth = 0
    quoted = angled = escaped = False
    for sign in text:
        if escaped:
            escaped = False
        elif sign == "\\" and honour and (quoted or depth):
            escaped = True
            continue
        elif honour and sign == '"' and not depth:
            quoted = not quoted
        elif honour and not quoted and sign in "()":
            depth = max(depth + (1 if sign == "(" else -1), 0)
            continue
        elif sign in "<>" and not quoted and not depth:
            angled = sign == "<"
        elif not quoted and not depth and not angled and sign in ",;:":
            if sign != ":":
                found.append("".join(part))
            part = []  # before a colon is the name of a group
            continue
        if not depth:
            part.append(sign)
    found.append("".join(part))
    return found, not (depth or quoted)


def _address(mailbox: str) -> str | None:
    bracketed = re.findall(r"<([^<>]*)>", mailbox)
    given = bracketed[-1] if bracketed else mailbox
    given = given.rpartition(":")[2] if given.lstrip().startswith("@") else given  # a route
    for text in (given, *(() if bracketed else given.split())):
        try:
            return exact_address(text.strip().strip("'\""))
        except ValueError:
            continue
    return None


# Messages that are left out.


def _why_left_out(headers: Mapping[str, list[bytes]], subject: str) -> str:
    """Why a message counts as not written and sent by a person: draft, spam, …; else empty."""
    return _by_labels(headers) or _by_marks(headers) or _by_subject(subject)


def _by_labels(headers: Mapping[str, list[bytes]]) -> str:
    """Gmail's labels, as its export writes them."""
    labels = ",".join(_text(value, None) for value in headers.get("x-gmail-labels", ()))
    kinds = (place_of(label.strip(' "')) for label in labels.split(","))
    return next((kind for kind in kinds if kind), "")


def _by_marks(headers: Mapping[str, list[bytes]]) -> str:
    """The kind of automatic mail that headers show; a reply on a list is a person's."""
    if any(_number(headers, name) & bit for name, bit in _DELETED_BY_MOZILLA):
        return "deleted"
    marks: dict[str, dict[str, str]] = read_built_in("contacts/exchange/mail_marks.yaml")
    for kind, patterns in marks.items():
        is_marked = any(
            name in headers and re.search(said, _ascii(headers, name).strip(), re.IGNORECASE)
            for name, said in patterns.items()
        )
        if is_marked and not (kind == "list" and "in-reply-to" in headers):
            return kind
    return ""


def _number(headers: Mapping[str, list[bytes]], name: str) -> int:
    try:
        return int(_ascii(headers, name), 16)
    except ValueError:
        return 0


def _by_subject(subject: str) -> str:
    """The words that programs put before a subject: `Accepted: …`, `Automatic reply: …`."""
    begun, colon, rest = one_line(subject).partition(":")
    flat = begun.casefold().strip()
    if colon and flat in mail_words("calendar"):
        return "calendar"
    if flat in {"invitation", "einladung", "invitación", "invito"} and re.search(r" @ .*\d", rest):
        return "calendar"  # Google's: "Invitation: Weekly @ Mon 9 Nov 2026 10am"
    is_automatic = (colon and flat in mail_words("automatic")) or flat in {
        word for word in mail_words("automatic") if " " in word
    }
    return "automatic" if is_automatic else ""
