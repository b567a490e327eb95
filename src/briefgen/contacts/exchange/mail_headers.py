"""The headers of a message, however malformed: who wrote to whom, and when.

Written without `email.utils`, whose answers to odd headers differ between versions of Python: from
3.13 on one odd mailbox empties the whole header, and before it `a@x <b@y>` was credited to a.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from briefgen.contacts.exchange.mailbox import (
    MAX_HEADERS,
    Letter,
    NoMail,
    mail_words,
    place_of,
    read_letters,
)
from briefgen.workspace.addresses import exact_address
from briefgen.workspace.built_in import read_built_in
from briefgen.workspace.phrase import one_line

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
    """A message whose headers do not say who wrote when, or a file without mail."""

    file: str
    line: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A message that nobody wrote and sent.

    Attributes:
        kind: draft, spam, deleted, automatic, calendar or list.
    """

    kind: str


def read_messages(path: Path) -> Iterator[Message | Unread | LeftOut]:
    """Every message of an mbox file, a Maildir, an .eml or .emlx file, or a folder of those.

    Raises:
        OSError: where the file or folder itself cannot be read.
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
    """The header fields by name, unfolded; what is no field is passed over."""
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
    """The charset of the body, which raw headers are mostly written in too."""
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
    """A header as text: each encoded word (RFC 2047) on its own, raw bytes as well as can be.

    Words that follow one another in one charset are put together before they are decoded, since
    many programs cut a character in two.
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
    """The number of a month; in other languages than English, in which mail programs err."""
    if name[:3].casefold() in _MONTHS:
        return _MONTHS.index(name[:3].casefold()) + 1
    from briefgen.contacts.exchange.values import month_named  # noqa: PLC0415  # rarely needed

    return month_named(name)


# Addresses.


def _addresses(headers: Mapping[str, list[bytes]], name: str) -> list[str]:
    """The exact addresses of a header: each mailbox on its own, by the address in brackets."""
    found = []
    for value in headers.get(name, ()):
        text = value[:MAX_HEADERS].decode("latin-1")
        mailboxes = _mailboxes(text)[:_MOST_MAILBOXES]
        found += [address for mailbox in mailboxes if (address := _address(mailbox))]
    return list(dict.fromkeys(found))


def _mailboxes(text: str) -> list[str]:
    """A header cut at its commas and semicolons, without comments.

    Where a quotation mark or parenthesis is never closed, it is taken for a plain character.
    """
    found, is_closed = _split(text, honour=True)
    return found if is_closed else _split(text, honour=False)[0]


def _split(text: str, *, honour: bool) -> tuple[list[str], bool]:
    """The mailboxes, and whether everything that was opened was closed."""
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
    """What mail programs and servers write into headers; an answer on a list is a person's."""
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
