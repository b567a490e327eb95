"""Bytes of a feed to content lines, properties (RFC 5545, 3.1; RFC 6868) and components."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from briefgen.workspace.value import Value

LONGEST_TEXT: Final = 200_000
"""Characters of a text that are read; no agenda is longer."""
_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_INDENT = re.compile(rb"^[ \t]+", re.MULTILINE)
_INDENTED = re.compile(rb"^[ \t]+BEGIN:VEVENT[ \t]*$", re.MULTILINE | re.IGNORECASE)
_NAME = re.compile(r"\s*([A-Za-z0-9-]+)\s*(?=[;:])")
_PLAIN = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[^\":;&]*)*):(.*)", re.DOTALL)
"""A line as nearly every program writes it, which is quicker to read."""
_PARAMETER = re.compile(r";\s*([^=;:\"]*)(?:=((?:[^\";:]++|\"[^\"]*+\")*+))?")
_ESCAPED = re.compile(r"\\([\\;,nNt])")
_ESCAPES = {"n": "\n", "N": "\n", "t": "\t"}  # Outlook writes tabs so, though the RFC does not
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}\d?);")
_MISREAD = re.compile(r"[\u00c2-\u00f4][\u0080-\u00bf\u2013-\u203a\u20ac\u2122\u0152-\u0192]")
"""A UTF-8 character decoded with Windows' Western code page."""
_CARET = re.compile(r"\^([n'^])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066\u2067]")
"""Control characters, and those that turn the direction of all that follows (UAX 9, 2.1 to 2.4)."""
_EDGE = re.compile(rb"\s*(BEGIN|END)\s*:\s*([A-Za-z0-9-]+)\s*\Z", re.IGNORECASE)
_DATE = re.compile(r'\s*"?\d{4}-?\d\d-?\d\d')
_VALUE_PROPERTIES = frozenset(
    {"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE", "DTSTAMP", "LAST-MODIFIED"}
)
_LONGEST_PARTY: Final = 2_000
_PARTIES = frozenset({"ATTENDEE", "ORGANIZER"})
_FOR_ANOTHER = re.compile(
    r"(?i)(;\s*(?:SENT-BY|DELEGATED-FROM|DELEGATED-TO|MEMBER|DIR)=)(mailto:[^\";:,]+)"
)
_CN_WITH_COLON = re.compile(
    r'([^":]*;\s*CN=)([^";:]+:(?!\s*mailto:)[^";:]+)((?:;[^":]*)?:mailto:.*)',
    re.IGNORECASE | re.DOTALL,
)


class Line(NamedTuple):
    """A content line: unfolded bytes, and the number of the line it begins on, from 1."""

    number: int
    content: bytes


class Property(NamedTuple):
    """One property: its name in upper case, its parameters decoded, its value as written."""

    name: str
    value: str
    parameters: dict[str, str]
    line: int

    def parameter(self, name: str) -> str:
        """A parameter without its quotes; empty if missing."""
        given = self.parameters.get(name)
        return decoded(given.strip().strip('"').strip()) if given else ""

    @property
    def text(self) -> str:
        """The value as TEXT (3.3.11): escapes resolved, control characters dropped."""
        value = self.value
        if self.parameters and "ENCODING" in self.parameters:
            value = self._without_encoding()
        if "\\" in value:
            value = _ESCAPED.sub(lambda m: _ESCAPES.get(m[1], m[1]), value)
        return clean(value)

    def _without_encoding(self) -> str:
        """The value as vCalendar 1.0 encodes it; travel and recruiting systems still do."""
        import base64  # noqa: PLC0415  # seldom needed
        import quopri  # noqa: PLC0415  # seldom needed

        encoding = self.parameter("ENCODING").upper()
        try:
            if encoding == "QUOTED-PRINTABLE":
                content = quopri.decodestring(self.value.encode())
            elif encoding in {"B", "BASE64"}:
                content = base64.b64decode(self.value, validate=True)
            else:
                return self.value
        except ValueError:
            return self.value
        content = content.replace(b"\r\n", b"\n")
        try:
            return content.decode(self.parameter("CHARSET") or "utf-8")
        except (ValueError, LookupError):  # a codec like `undefined` raises others too
            return as_text(content)


def clean(text: str) -> str:
    """`text` without control characters other than tabs and line breaks, and without overrides."""
    return _CONTROLS.sub("", text) if _CONTROLS.search(text) else text


def without_entities(text: str) -> str:
    """A title, place or name without HTML entities, and without UTF-8 misread as Latin-1.

    `R&amp;D` is R&D, `R&D` stays; `MÃ¼ller` is Müller.
    """
    if not text.isascii() and _MISREAD.search(text):
        with suppress(ValueError):
            text = text.encode("cp1252").decode()
    if "&" not in text:
        return text
    for _ in range(2):  # some programs escape what was escaped already
        text = _unescaped(text)
    return clean(text)


def _unescaped(text: str) -> str:
    from html import unescape  # noqa: PLC0415  # its table takes longer than reading a feed

    return _ENTITY.sub(lambda found: unescape(found[0]), text)


def decoded(value: str) -> str:
    """A parameter's value with the escapes of RFC 6868 resolved: `^n`, `^'`, `^^`."""
    if "^" not in value:
        return clean(value)
    return clean(_CARET.sub(lambda found: {"n": "\n", "'": '"', "^": "^"}[found[1]], value))


def normalised(content: bytes) -> bytes:
    r"""The feed's bytes in UTF-8, each line ended by one `\n`.

    Byte order marks, UTF-16 and UTF-32, `\r\r\n`, `\r\n` and bare `\r` are resolved, NULs dropped.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            content = content.decode(encoding, "replace").encode()
            break
    else:
        if content[:2] in {b"B\0", b"\0B"}:
            little = content[0] == ord("B")
            content = content.decode("utf-16-le" if little else "utf-16-be", "replace").encode()
    content = content.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in content:
        content = content.replace(b"\0", b"")
    if b"\r" in content:
        if b"\r\r\n" in content:
            content = content.replace(b"\r\r\n", b"\n")
        content = content.replace(b"\r\n", b"\n")
        if b"\r" in content:
            content = content.replace(b"\r", b"\n")
    if b"\nBEGIN:" not in content and _INDENTED.search(content):
        content = _INDENT.sub(b"", content)  # by a program's own source code
    return content


def unfolded(content: bytes, first_line: int) -> Iterator[Line]:
    """The content lines in normalised bytes that begin at line `first_line`.

    Folds are joined as bytes, since a fold may cut a UTF-8 character; blank lines inside a fold
    are passed over.
    """
    pieces: list[bytes] = []
    begun = first_line
    for number, piece in enumerate(content.split(b"\n"), first_line):
        if not piece:
            continue
        if piece[0] in b" \t" and pieces:
            pieces.append(piece[1:])
            continue
        if pieces and pieces[-1][-1:] == b"=" and b"QUOTED-PRINTABLE" in pieces[0].upper():
            pieces.append(b"\n" + piece)  # a soft break of vCalendar 1.0, which has no fold
            continue
        if pieces:
            yield Line(begun, b"".join(pieces))
        pieces, begun = [piece], number
    if pieces:
        yield Line(begun, b"".join(pieces))


def as_text(content: bytes) -> str:
    """Bytes decoded as UTF-8, or else as the Western code page of old exporters."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def property_of(line: Line) -> Property | None:
    """The property on a content line; None if it has no readable name and value."""
    text = as_text(line.content)
    plain = _PLAIN.fullmatch(text)
    if plain and _is_unambiguous(plain):
        pairs = (given.split("=", 1) for given in reversed(plain[2].split(";")[1:]))
        return Property(plain[1], plain[3], dict(pairs), line.number)
    if not (named := _NAME.match(text)):
        return None
    name = named[1].upper()
    at = named.end()
    if name in _PARTIES and len(text) < _LONGEST_PARTY:
        text = _party_line(text)
    parameters: dict[str, str] = {}
    while text.startswith(";", at) and (given := _PARAMETER.match(text, at)):
        if given[2] is None and [*parameters][-1:] == ["CN"]:  # a name with a semicolon in it
            parameters["CN"] += given[0]
        else:
            parameters.setdefault(given[1].strip().upper(), given[2] or "")
        at = given.end()
    if not text.startswith(":", at):
        return _with_open_quote(name, text, named.end(), line.number)
    if name in _VALUE_PROPERTIES and parameters and not _DATE.match(text, at + 1):
        return _with_colon_inside(name, text, named.end(), line.number)
    return Property(name, text[at + 1 :], parameters, line.number)


def _is_unambiguous(plain: re.Match[str]) -> bool:
    """Whether the first colon of a plain line is the one before the value."""
    name, parameters, value = plain.groups()
    if name in _PARTIES:
        return bool(value.startswith("mailto:"))
    return not parameters or name not in _VALUE_PROPERTIES or _DATE.match(value) is not None


def _party_line(text: str) -> str:
    """A party's line, with quotes around names that contain a delimiter.

    `CN=O&#39;Brien`, `CN=Acme: Dana`, `SENT-BY=mailto:kim@acme.example` without its quotes.
    """
    if "&" in text:
        text = _unescaped(text.replace("&quot;", "'"))
    text = _FOR_ANOTHER.sub(r'\1"\2"', text)
    named = _CN_WITH_COLON.match(text)
    return f'{named[1]}"{named[2]}"{named[3]}' if named else text


def _with_colon_inside(name: str, text: str, at: int, number: int) -> Property:
    """A date whose TZID contains an unquoted colon, as Google writes `TZID=GMT+05:30:2026…`."""
    colons = (found.start() for found in re.finditer(":", text[at:]))
    before_dates = [at + colon for colon in colons if _DATE.match(text, at + colon + 1)]
    colon = before_dates[0] if before_dates else text.rindex(":", at)
    return Property(name, text[colon + 1 :], _plain_parameters(text[at:colon]), number)


def _with_open_quote(name: str, text: str, at: int, number: int) -> Property | None:
    """The property on a line with an unclosed quote, ignoring quotes."""
    if name in _VALUE_PROPERTIES:
        return _with_colon_inside(name, text, at, number) if ":" in text[at:] else None
    colon = text.lower().find(":mailto:", at)
    colon = text.find(":", at) if colon < 0 else colon
    if colon < 0:
        return None
    return Property(name, text[colon + 1 :], _plain_parameters(text[at:colon]), number)


def _plain_parameters(text: str) -> dict[str, str]:
    """Parameters, ignoring quotes."""
    parameters: dict[str, str] = {}
    for piece in text.split(";"):
        key, _, value = piece.partition("=")
        if key:
            parameters.setdefault(key.strip().upper(), value.strip().strip('"'))
    return parameters


class Block(Value, frozen=True, kw_only=True):
    """One VEVENT or VTIMEZONE as written in the feed.

    Attributes:
        calendar: the number of its VCALENDAR in the feed, from 0.
        line: of its BEGIN.
        lines: everything between BEGIN and END, nested components too.
        whole: whether its END was there.
    """

    calendar: int
    line: int
    lines: tuple[Line, ...]
    whole: bool = True


@dataclass(slots=True)
class Calendar:
    """The properties of a VCALENDAR that apply to all its events."""

    zone_name: str = ""
    method: str = ""
    zones: list[Block] = field(default_factory=list)


class Structure(Value, frozen=True, kw_only=True):
    """A feed split into its parts."""

    calendars: tuple[Calendar, ...]
    events: tuple[Block, ...]
    faults: tuple[tuple[int, str], ...] = ()
    """Structural faults: line and message."""
    cut: bool = False
    """Whether the end of the calendar is missing."""


class Splitter:
    """Takes content lines one by one, and tracks the open components."""

    def __init__(self) -> None:
        self.calendars: list[Calendar] = []
        self.events: list[Block] = []
        self.faults: list[tuple[int, str]] = []
        self.stack: list[str] = []
        self._block: tuple[int, list[Line]] | None = None
        self._block_depth = 0

    def take(self, line: Line) -> None:
        """Take the next content line."""
        edge = _EDGE.match(line.content) if line.content[:1] in b"BbEe \t" else None
        if edge is None:
            if self._block is not None:
                self._block[1].append(line)
            elif self.stack == ["VCALENDAR"]:
                self._calendar_property(line)
            return
        kind = edge[2].decode().upper()
        (self._begin if edge[1].upper() == b"BEGIN" else self._end)(kind, line)

    def _begin(self, kind: str, line: Line) -> None:
        if kind in {"VEVENT", "VCALENDAR"} and self._block is not None:
            self._close(whole=False)
        if kind == "VCALENDAR":
            if self.stack:
                self.faults.append(
                    (line.number, f"END:{self.stack[0]} is missing before this line")
                )
            self.calendars.append(Calendar())
            self.stack = [kind]
            return
        if self._block is None and kind in {"VEVENT", "VTIMEZONE"}:
            self._block = (line.number, [])
            self._block_depth = len(self.stack)
        elif self._block is not None:
            self._block[1].append(line)
        self.stack.append(kind)

    def _end(self, kind: str, line: Line) -> None:
        if kind not in self.stack:
            message = f"END:{kind} without its BEGIN; it is passed over"
            self.faults.append((line.number, message))
            return
        at = len(self.stack) - 1 - self.stack[::-1].index(kind)
        if self._block is not None:
            if at == self._block_depth:
                self._close(whole=True)
            elif at < self._block_depth:
                self._close(whole=False)
            else:
                self._block[1].append(line)
        del self.stack[at:]

    def _close(self, *, whole: bool) -> None:
        assert self._block is not None  # noqa: S101  # as every caller has seen
        number, lines = self._block
        kind = self.stack[self._block_depth]
        if not self.calendars:
            self.calendars.append(Calendar())
        calendar = len(self.calendars) - 1
        block = Block(calendar=calendar, line=number, lines=tuple(lines), whole=whole)
        (self.events if kind == "VEVENT" else self.calendars[-1].zones).append(block)
        del self.stack[self._block_depth :]
        self._block = None

    def _calendar_property(self, line: Line) -> None:
        found, calendar = property_of(line), self.calendars[-1]
        if found and found.name == "METHOD":
            calendar.method = calendar.method or found.text.strip().upper()
        elif found and found.name in {"X-WR-TIMEZONE", "TIMEZONE-ID"}:
            calendar.zone_name = calendar.zone_name or found.text.strip()

    def finish(self) -> Structure:
        """What was found; what is still open is closed as cut off."""
        cut = bool(self.stack)
        if self._block is not None:
            self._close(whole=False)
        return Structure(
            calendars=tuple(self.calendars),
            events=tuple(self.events),
            faults=tuple(self.faults),
            cut=cut,
        )


def split(lines: Iterable[Line]) -> Structure:
    """Split content lines into calendars, zones and events; nothing is refused."""
    splitter = Splitter()
    for line in lines:
        splitter.take(line)
    return splitter.finish()
