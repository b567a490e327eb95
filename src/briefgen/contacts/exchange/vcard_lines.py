"""The cards of a vCard file and their properties: bytes in, text out (2.1; RFC 2426; RFC 6350).

The file is cut into cards first and each is read alone, line by line, so that a broken card loses
only that card and a broken line only its property. No library that was tried does this: in one, a
newline in a name made every later card unreadable; another needed a hundred times the size of a
photo. Over 400 lines, because three versions of the format fold and quote lines differently.
"""

import base64
import binascii
import codecs
import quopri
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from briefgen.contacts.exchange.charset import Charset
from briefgen.workspace.phrase import one_line
from briefgen.workspace.value import Value

MAX_CARD = 16 * 1024 * 1024
"""The most a card may hold, in bytes: a photo of 10 MB and the rest."""
MAX_PHOTO = 14 * 1024 * 1024
"""The most a property may hold, in bytes: a photo of 10 MB in base64."""
MAX_LINE = 1024 * 1024
"""The longest line of the file that is read whole, in bytes."""
MAX_VALUE = 256 * 1024
"""The longest value of a property that is not a photo, in bytes."""
MAX_PARAMETERS = 2_000
"""The longest parameters of a property, in bytes."""

_OF_ANYTHING = frozenset({"PREF", "INTERNET", "URL", "HOME", "WORK", "OTHER", "VOICE"})
"""Types that do not say what a link is."""
BINARY = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
"""Properties whose value is not text."""

_PROPERTY = re.compile(
    rb"(?:(?P<group>[A-Za-z0-9_.-]+)\.)?(?P<name>[A-Za-z0-9_-]+)\s*"
    rb"(?P<parameters>(?:;(?:[^\":;]|\"[^\"]*\")*)*):(?P<value>.*)\Z",
    re.DOTALL,
)
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2}\s*\Z")
_SPLIT_PARAMETERS = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*\Z)')
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_AGENT = re.compile(rb"(?i)(?:[A-Za-z0-9_.-]+\.)?AGENT\s*(?:;[^:]*)?:\s*(?:BEGIN:VCARD)?\s*\Z")
_CODED_END, _CODED_START = re.compile(rb"=[0-9A-Fa-f]{2}\Z"), re.compile(rb"[ \t]=[0-9A-Fa-f]{2}")
_CARET = {"^n": "\n", "^'": '"', "^^": "^"}


class Card(Value, frozen=True, kw_only=True):
    """One card's logical lines.

    Attributes:
        line: where it begins in the file, counted from 1.
        fault: why none of it can be taken.
        left_out: a property that was too large.
        agents: the lines of cards inside this one.
    """

    line: int
    lines: tuple[bytes, ...] = ()
    fault: str | None = None
    left_out: str = ""
    agents: tuple[bytes, ...] = ()


def read_cards(  # noqa: C901  # one state after another
    stream: BinaryIO, charset: Charset
) -> Iterator[Card]:
    """The cards of a file, one at a time; anything between them is skipped."""
    lines: list[bytes] | None = None
    agents: list[bytes] = []
    begun = size = depth = 0
    large = _LargeProperty()
    for number, line in enumerate(_lines(stream, charset), 1):
        mark = _mark(line)
        if depth:  # inside the card of an agent
            depth += (mark == b"BEGIN:VCARD") - (mark == b"END:VCARD")
            if depth:
                agents.append(line)
            continue
        if mark == b"BEGIN:VCARD":
            if lines and _AGENT.match(next(filter(bytes.strip, reversed(lines)), b"")):
                depth = 1
                continue
            if lines is not None:
                yield _without_end(begun, lines)
            lines, begun, size, large, agents = [], number, 0, _LargeProperty(), []
        elif lines is None:
            continue
        elif mark == b"END:VCARD":
            too_large = f"larger than {MAX_CARD // 2**20} MB" if size > MAX_CARD else None
            yield Card(
                line=begun,
                lines=tuple(_unfolded(lines)),
                fault=too_large,
                left_out=large.name,
                agents=tuple(agents),
            )
            lines = None
        elif not large.swallows(line, lines):
            size += len(line)
            if size > MAX_CARD:
                lines.clear()
            else:
                lines.append(line)
                depth = bool(_AGENT.match(line)) and b"BEGIN:VCARD" in line.upper()
    if lines is not None:
        yield _without_end(begun, lines)


def _mark(line: bytes) -> bytes:
    return line.strip().upper().replace(b" ", b"") if len(line) < len("BEGIN:VCARD") + 20 else b""


def _without_end(begun: int, lines: Iterable[bytes]) -> Card:
    name = next((line for line in lines if line[:3].upper() == b"FN:"), b"")[3:]
    whose = f" of '{one_line(name.decode(errors='replace'))}'" if name.strip() else ""
    return Card(line=begun, fault=f"the card{whose} has no end (END:VCARD)")


def _lines(stream: BinaryIO, charset: Charset) -> Iterator[bytes]:
    """The file's lines as UTF-8 or 8-bit bytes, whatever their line ends."""
    decoder = None
    if charset.codec.startswith("utf-16"):
        decoder = codecs.getincrementaldecoder(charset.codec)(errors="replace")
    pending = [b""]
    is_first = True
    while chunk := stream.read(MAX_LINE):
        if decoder is not None:
            chunk = decoder.decode(chunk).encode()
        while chunk.endswith(b"\r") and (more := stream.read(2 if decoder else 1)):
            chunk += decoder.decode(more).encode() if decoder else more
        chunk = chunk.removeprefix(b"\xef\xbb\xbf") if is_first else chunk
        is_first = False
        first, *others = re.split(rb"\r*\n|\r", chunk)
        pending.append(first)
        for line in others:
            yield b"".join(pending)
            pending = [line]
        if len(pending) * MAX_LINE > MAX_CARD:  # the rest comes as if it had been folded here
            yield b"".join(pending)
            pending = [b" "]
    yield b"".join(pending)


class _LargeProperty:
    """Leaves out a property that is larger than any photo may be, and keeps the rest of its card.

    Attributes:
        name: the property that was left out, or empty.
    """

    def __init__(self) -> None:
        self.name = ""
        self._start = 0
        self._size = 0
        self._swallowing = False

    def swallows(self, line: bytes, lines: list[bytes]) -> bool:
        """Whether `line` belongs to a property that is left out; what it added is taken back."""
        if line[:1] not in {b" ", b"\t"} and b":" in line[:200]:
            self._start, self._size, self._swallowing = len(lines), 0, False
        self._size += len(line)
        if self._size > MAX_PHOTO and not self._swallowing:
            head = (lines[self._start] if self._start < len(lines) else line)[:60]
            self.name = re.split(rb"[;:]", head)[0].decode("ascii", errors="replace").upper()
            del lines[self._start :]
            self._swallowing = True
        return self._swallowing


def _unfolded(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Logical lines: joined if a line begins with a space, or continues a soft break or base64.

    From 3.0 on, the space of a fold is not part of the text (RFC 6350, 3.2); vCard 2.1 folds at a
    space of the text, which stays (RFC 822, 3.1.1).
    """
    lines = list(lines)
    keeps_space = any(_mark(line) == b"VERSION:2.1" for line in lines)
    parts: list[bytes] = []
    after_soft: list[int] = []
    soft = base64_open = quoted = False
    for line in lines:
        if soft:
            after_soft.append(len(parts))
            parts.append(line)
        elif line[:1] in {b" ", b"\t"} and parts:
            is_coded = quoted and _CODED_END.search(parts[-1]) and _CODED_START.match(line)
            keep = keeps_space and not base64_open and not is_coded
            parts.append(line if keep else line[1:])
        elif base64_open and _BASE64_LINE.match(line) and b":" not in line:
            parts.append(line)
        else:
            if parts:
                yield _joined(parts, after_soft)
            parts, after_soft = ([line] if line.strip() else []), []
            head = line.split(b":", 1)[0].upper()
            base64_open = b"BASE64" in head or b"ENCODING=B" in head
            quoted = b"QUOTED-PRINTABLE" in head
        soft = quoted and bool(parts) and parts[-1].rstrip().endswith(b"=")
        if soft:
            parts[-1] = parts[-1].rstrip()[:-1]
    if parts:
        yield _joined(parts, after_soft)


def _joined(parts: list[bytes], after_soft: list[int]) -> bytes:
    """The parts of a logical line put together.

    If every line after a soft break begins with a space, the program also folded them, and the
    spaces belong to the folds; so does one within a character of UTF-8.
    """
    is_folded = all(parts[at][:1] in {b" ", b"\t"} for at in after_soft)
    for at in after_soft:
        if parts[at][:1] in {b" ", b"\t"} and (is_folded or _within_character(parts[at - 1])):
            parts[at] = parts[at][1:]
    return b"".join(parts)


def _within_character(before: bytes) -> bool:
    """Whether quoted-printable text ends in the middle of a character of UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    decoder.decode(quopri.decodestring(before.rpartition(b":")[2]))
    return bool(decoder.getstate()[0])


@dataclass(frozen=True, kw_only=True)
class Property:
    """A property of a card: its parameters in upper case, its value still escaped.

    Attributes:
        name: in upper case.
        parts: the components of a structured value.
        raw: the value's bytes, of a property that is not text.
    """

    name: str
    group: str
    parameters: Mapping[str, tuple[str, ...]]
    value: str
    parts: tuple[str, ...]
    raw: bytes = field(repr=False)

    def is_of(self, *kinds: str) -> bool:
        """Whether it has one of these types, like `FAX`."""
        return not set(kinds).isdisjoint(self.parameters.get("TYPE", ()))

    @property
    def text(self) -> str:
        """The value without its escapes (RFC 6350, 3.4)."""
        return unescaped(self.value)

    def components(self) -> list[str]:
        """The parts of a structured value, each without its escapes."""
        return [unescaped(part) for part in self.parts]

    @property
    def rank(self) -> int:
        """The preferred ones first (PREF=1, or TYPE=pref)."""
        preference = "".join(self.parameters.get("PREF", ()))
        return int(preference) if preference.isdecimal() else 1 if self.is_of("PREF") else 101

    @property
    def kind(self) -> str:
        """The TYPE that says what a link is, like LINKEDIN; home and work say nothing."""
        shown = next((k for k in self.parameters.get("TYPE", ()) if k not in _OF_ANYTHING), "")
        return {"LINKEDIN": "LinkedIn", "GITHUB": "GitHub"}.get(shown, shown.lower())

    @property
    def number(self) -> str:
        """A telephone number, with the extension of a `tel:` address (RFC 3966)."""
        number = re.sub(r"(?i)\Atel:", "", one_line(self.text)).replace("%2D", "-")
        number, _, rest = number.partition(";")
        extension = re.search(r"(?i)ext=([\d-]+)", rest)
        return f"{number} ext. {extension[1]}" if extension else number


def photo_of(properties: Iterable[Property], remarks: list[str]) -> bytes | None:
    """The first picture that is in the card itself; addresses are not followed."""
    for one in properties:
        data = one.raw
        if found := re.match(rb"(?i)data:[^,;]*;base64,", data):
            data = data[found.end() :]
        elif not {"B", "BASE64"} & set(one.parameters.get("ENCODING", ())):
            if data.strip():
                remarks.append("a photo that is only named by an address is not fetched")
            continue
        try:
            return base64.b64decode(re.sub(rb"[\s\\]", b"", data), validate=True)
        except (binascii.Error, ValueError):
            remarks.append("the photo is broken")
    return None


def unescaped(text: str) -> str:
    """A text without its escapes (RFC 6350, 3.4)."""
    return _ESCAPE.sub(lambda m: "\n" if m[1] in "nN" else m[1], text)


class Properties(Value, frozen=True, kw_only=True):
    """The properties of a card.

    Attributes:
        by_name: those that could be read.
        remarks: what is wrong with the other lines.
        is_guess: whether the charset of some text was guessed.
    """

    by_name: Mapping[str, list[Property]]
    remarks: list[str]
    is_guess: bool = False


def properties_of(card: Card, charset: Charset) -> Properties:
    """The card's properties by name, and what is wrong with lines that are not properties."""
    found: dict[str, list[Property]] = {}
    remarks = []
    is_guess = False
    for line in card.lines:
        match = _PROPERTY.match(line)
        if match is None or len(match["parameters"]) > MAX_PARAMETERS:
            shown = one_line(line[:60].decode("utf-8", errors="replace"))
            remarks.append(f"not a property: '{shown}'")
            continue
        name = match["name"].decode("ascii").upper()
        if len(match["value"]) > MAX_VALUE and name not in BINARY:
            remarks.append(f"{name} is longer than {MAX_VALUE // 1024} KB")
            continue
        parameters = _parameters(match["parameters"].decode("utf-8", errors="replace"))
        parts, guessed = _decoded(match["value"], parameters, name, charset)
        is_guess = is_guess or guessed
        made = Property(
            name=name,
            group=(match["group"] or b"").decode("ascii").casefold(),
            parameters=parameters,
            value=";".join(parts),
            parts=parts,
            raw=match["value"],
        )
        found.setdefault(name, []).append(made)
    return Properties(by_name=found, remarks=remarks, is_guess=is_guess)


def _parameters(text: str) -> dict[str, tuple[str, ...]]:
    """Parameters by name; a bare one, as vCard 2.1 has them, is an encoding or a type."""
    made: dict[str, tuple[str, ...]] = {}
    for part in _SPLIT_PARAMETERS.split(text):
        name, equals, value = part.strip().partition("=")
        if not name:
            continue
        if not equals:
            bare = name.upper()
            name, value = ("ENCODING" if bare in {"QUOTED-PRINTABLE", "BASE64"} else "TYPE"), bare
        plain = re.sub(r"\^[n'^]", lambda m: _CARET[m[0]], value)  # RFC 6868
        values = tuple(v.strip().upper() for v in plain.strip().strip('"').split(","))
        made[name.strip().upper()] = made.get(name.strip().upper(), ()) + values
    return made


def _decoded(
    value: bytes, parameters: Mapping[str, tuple[str, ...]], name: str, charset: Charset
) -> tuple[tuple[str, ...], bool]:
    """A value's components as text, by its ENCODING and CHARSET; and whether that was a guess.

    What is quoted-printable is cut first: `=3B` is a semicolon of the text.
    """
    if name in BINARY:
        return ("",), False
    if "QUOTED-PRINTABLE" in parameters.get("ENCODING", ()):
        decoded = [
            _text(quopri.decodestring(part), parameters, charset)
            for part in re.split(rb"(?<!\\);", value)
        ]
        return tuple(text for text, _ in decoded), any(guessed for _, guessed in decoded)
    text, guessed = _text(value, parameters, charset)
    return _components(text), guessed


def _components(text: str) -> tuple[str, ...]:
    """A value split at its semicolons, except escaped ones."""
    pieces = re.split(r"(?<!\\)((?:\\\\)*);", text)
    return tuple("".join(pieces[at : at + 2]) for at in range(0, len(pieces), 2))


def _text(
    value: bytes, parameters: Mapping[str, tuple[str, ...]], charset: Charset
) -> tuple[str, bool]:
    """A text by the charset it declares, as UTF-8, or by the charset of the file."""
    declared = parameters.get("CHARSET", ())
    codecs_tried = (
        (*declared, "utf-8") if declared or charset.is_guess else (charset.codec, "utf-8")
    )
    for codec in codecs_tried:
        try:
            return value.decode("utf-8" if codec.startswith("utf-16") else codec), False
        except (LookupError, ValueError):  # a NUL in the name, a codec like `undefined`
            continue
    codec = charset.codec if charset.is_guess else "cp1252"
    return value.decode(codec, errors="replace"), True
