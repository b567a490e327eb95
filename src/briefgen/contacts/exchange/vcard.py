"""vCards (2.1; 3.0, RFC 2426; 4.0, RFC 6350) read with suspicion, and written.

The file is cut into cards first and each is read alone, line by line, so that a broken card costs
itself and a broken line costs its property. No library that was tried keeps to that: one newline
in a name made every later card unreadable, and a large photo cost a hundred times its size.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO
from zoneinfo import ZoneInfo

from briefgen.contacts.contact import Contact
from briefgen.contacts.dates import PartialDate
from briefgen.contacts.exchange.person import (
    Incoming,
    Reading,
    Refused,
    sorted_addresses,
)
from briefgen.contacts.exchange.text import one_line

MAX_CARD = 16 * 1024 * 1024
"""The most a card may hold, in bytes: a photo of 10 MB and what is around it."""
MAX_PHOTO = 14 * 1024 * 1024
"""The most a property may hold, in bytes: a photo of 10 MB in base64."""
MAX_LINE = 1024 * 1024
"""The longest line of the file that is looked at whole, in bytes."""
MAX_VALUE = 64 * 1024
"""The longest value of a property that is no photo, in bytes."""

MAX_PARAMETERS = 2_000
"""The longest parameters of a property, in bytes."""

_PROPERTY = re.compile(
    rb"(?:(?P<group>[A-Za-z0-9_-]+)\.)?(?P<name>[A-Za-z0-9_-]+)"
    rb"(?P<parameters>(?:;(?:[^\":;]|\"[^\"]*\")*)*):(?P<value>.*)\Z",
    re.DOTALL,
)
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2}\s*\Z")
_SPLIT_PARAMETERS = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*\Z)')
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class _Card:
    """One card's unfolded lines."""

    line: int
    lines: tuple[bytes, ...] = ()
    fault: str | None = None
    left_out: str = ""


def read_vcards(stream: BinaryIO) -> Iterator[Incoming | Refused]:
    """Each card of a file as a person, or why it cannot be taken; cards are read one at a time."""
    for card in _cards(stream):
        if card.fault is not None:
            yield Refused(line=card.line, reason=card.fault)
        else:
            yield _person(card)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The file's lines as UTF-8 or 8-bit bytes, whatever marks their ends."""
    start = stream.read(2)
    if start in {b"\xff\xfe", b"\xfe\xff"}:
        text = (start + stream.read(MAX_CARD)).decode("utf-16", errors="replace")
        yield from text.encode().splitlines()
        return
    start += stream.read(1)
    pending = [start.removeprefix(b"\xef\xbb\xbf")]
    while chunk := stream.read(MAX_LINE):
        if chunk.endswith(b"\r"):
            chunk += stream.read(1)
        first, *others = re.split(rb"\r\n|\n|\r", chunk)
        pending.append(first)
        for line in others:
            yield b"".join(pending)
            pending = [line]
        if len(pending) * MAX_LINE > MAX_CARD:  # the rest comes as if it had been folded here
            yield b"".join(pending)
            pending = [b" "]
    yield b"".join(pending)


def _cards(stream: BinaryIO) -> Iterator[_Card]:
    """Cut the file into cards: from BEGIN:VCARD to END:VCARD, unfolded (RFC 6350, 3.2)."""
    lines: list[bytes] | None = None
    begun = size = 0
    large = _LargeProperty()
    for number, line in enumerate(_lines(stream), 1):
        mark = (
            line.strip().upper().replace(b" ", b"") if len(line) < len(b"BEGIN:VCARD") + 20 else b""
        )
        if mark == b"BEGIN:VCARD":
            if lines is not None:
                yield _Card(line=begun, fault="the card has no end (END:VCARD)")
            lines, begun, size, large = [], number, 0, _LargeProperty()
        elif lines is None:
            continue
        elif mark == b"END:VCARD":
            too_large = f"larger than {MAX_CARD // 2**20} MB" if size > MAX_CARD else None
            unfolded = tuple(_unfolded(lines))
            yield _Card(line=begun, lines=unfolded, fault=too_large, left_out=large.name)
            lines = None
        elif not large.swallows(line, lines):
            size += len(line)
            if size > MAX_CARD:
                lines.clear()
            else:
                lines.append(line)
    if lines is not None:
        yield _Card(line=begun, fault="the card has no end (END:VCARD)")


class _LargeProperty:
    """Leaves out a property that is larger than any photo may be, and keeps the rest of its card.

    Attributes:
        name: the property that was left out, or nothing.
    """

    def __init__(self) -> None:
        self.name = ""
        self._start = 0
        self._size = 0
        self._swallowing = False

    def swallows(self, line: bytes, lines: list[bytes]) -> bool:
        """Whether `line` belongs to a property that is left out; what came of it is taken back."""
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
    """Logical lines: joined where a line begins with a space, or a soft break or base64 goes on."""
    parts: list[bytes] = []
    soft = base64_open = quoted = False
    for line in lines:
        if soft:
            parts.append(line)
        elif line[:1] in {b" ", b"\t"} and parts:
            parts.append(line[1:])
        elif base64_open and _BASE64_LINE.match(line) and b":" not in line:
            parts.append(line)
        else:
            if parts:
                yield b"".join(parts)
            parts = [line] if line.strip() else []
            head = line.split(b":", 1)[0].upper()
            base64_open = b"BASE64" in head or b"ENCODING=B" in head
            quoted = b"QUOTED-PRINTABLE" in head
        soft = quoted and bool(parts) and parts[-1].endswith(b"=")
        if soft:
            parts[-1] = parts[-1][:-1]
    if parts:
        yield b"".join(parts)


@dataclass(frozen=True, kw_only=True)
class _Property:
    """A property of a card: its parameters in upper case, its value still escaped."""

    group: str
    parameters: Mapping[str, tuple[str, ...]]
    value: str
    raw: bytes = field(repr=False)

    def is_of(self, kind: str) -> bool:
        return kind in self.parameters.get("TYPE", ())

    @property
    def text(self) -> str:
        """The value without its escapes (RFC 6350, 3.4)."""
        return _ESCAPE.sub(lambda m: "\n" if m[1] in "nN" else m[1], self.value)

    def components(self) -> list[str]:
        """The parts of a structured value, each without its escapes."""
        parts = re.split(r"(?<!\\);", self.value)
        return [_ESCAPE.sub(lambda m: "\n" if m[1] in "nN" else m[1], part) for part in parts]


def _properties(card: _Card) -> tuple[dict[str, list[_Property]], list[str]]:
    """The card's properties by name; and what was wrong with the lines that are none."""
    found: dict[str, list[_Property]] = {}
    remarks = []
    for line in card.lines:
        match = _PROPERTY.match(line)
        if match is None or len(match["parameters"]) > MAX_PARAMETERS:
            shown = one_line(line[:60].decode("utf-8", errors="replace"))
            remarks.append(f"not a property: '{shown}'")
            continue
        name = match["name"].decode("ascii").upper()
        if len(match["value"]) > MAX_VALUE and name not in {"PHOTO", "LOGO", "SOUND", "KEY"}:
            remarks.append(f"{name} is longer than {MAX_VALUE // 1024} KB")
            continue
        parameters = _parameters(match["parameters"].decode("utf-8", errors="replace"))
        value, doubt = _decoded(match["value"], parameters, name)
        if doubt:
            remarks.append(f"{name}: {doubt}")
        group = (match["group"] or b"").decode("ascii").casefold()
        made = _Property(group=group, parameters=parameters, value=value, raw=match["value"])
        found.setdefault(name, []).append(made)
    return found, remarks


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
        values = tuple(v.strip().strip('"').upper() for v in value.split(","))
        made[name.upper()] = made.get(name.upper(), ()) + values
    return made


def _decoded(
    value: bytes, parameters: Mapping[str, tuple[str, ...]], name: str
) -> tuple[str, str | None]:
    """A value as text, by its ENCODING and CHARSET; and what is doubtful about it."""
    if name in {"PHOTO", "LOGO", "SOUND", "KEY"}:
        return "", None
    if "QUOTED-PRINTABLE" in parameters.get("ENCODING", ()):
        value = quopri.decodestring(value)
    charset = next(iter(parameters.get("CHARSET", ("utf-8",))))
    try:
        return value.decode(charset), None
    except (LookupError, UnicodeDecodeError):
        pass
    try:
        return value.decode("utf-8"), None
    except UnicodeDecodeError:
        return value.decode("cp1252", errors="replace"), "not UTF-8; read as Windows-1252"


def _person(card: _Card) -> Incoming | Refused:
    properties, remarks = _properties(card)
    reading = Reading(remarks=remarks)
    if card.left_out:
        remarks.append(f"{card.left_out} is larger than {MAX_PHOTO // 2**20} MB and left out")
    kind = one_line(_first(properties, "KIND") or _first(properties, "X-ADDRESSBOOKSERVER-KIND"))
    if kind.casefold() in {"group", "org", "location"}:
        return Refused(line=card.line, reason=f"a card of kind '{kind}', not of a person")
    name = _name(properties)
    if not name:
        return Refused(line=card.line, reason="no name (FN or N)")
    emails, not_addresses = sorted_addresses(_by_preference(properties.get("EMAIL", ())))
    remarks += not_addresses
    organization = (properties["ORG"][0].components() if "ORG" in properties else [""])[0]
    birthday = _birthday(properties, reading)
    life_events = _anniversaries(properties, reading)
    photo = _photo(properties.get("PHOTO", ()), remarks)
    return Incoming(
        line=card.line,
        name=name,
        emails=emails,
        aliases=_aliases(properties, name),
        organization=one_line(organization) or None,
        title=one_line(_first(properties, "TITLE") or _first(properties, "ROLE")) or None,
        telephones=_telephones(properties),
        timezone=_zone(one_line(_first(properties, "TZ"))),
        pronouns=one_line(_first(properties, "PRONOUNS")) or None,
        birthday=birthday,
        life_events=life_events,
        notes=reading.notes(note.text for note in properties.get("NOTE", ())),
        photo=photo,
        remarks=tuple(remarks),
    )


def _first(properties: Mapping[str, list[_Property]], name: str) -> str:
    return next((p.text for p in properties.get(name, ()) if p.text.strip()), "")


def _name(properties: Mapping[str, list[_Property]]) -> str:
    """FN; else N put together; else a nickname."""
    if full := one_line(_first(properties, "FN")):
        return full
    for structured in properties.get("N", ()):
        family, given, middle, *_ = [*structured.components(), "", "", ""]
        if made := one_line(f"{given} {middle} {family}"):
            return made
    return one_line(_first(properties, "NICKNAME"))


def _aliases(properties: Mapping[str, list[_Property]], name: str) -> tuple[str, ...]:
    nicknames = (
        one_line(_ESCAPE.sub(r"\1", part))
        for nickname in properties.get("NICKNAME", ())
        for part in re.split(r"(?<!\\),", nickname.value)
    )
    return tuple(dict.fromkeys(n for n in nicknames if n and n != name))


def _by_preference(properties: Iterable[_Property]) -> list[str]:
    """The values, the preferred ones first (PREF=1, or TYPE=pref)."""

    def rank(one: _Property) -> int:
        preference = "".join(one.parameters.get("PREF", ()))
        return int(preference) if preference.isdecimal() else 1 if one.is_of("PREF") else 101

    return [one.text for one in sorted(properties, key=rank) if one.text.strip()]


def _telephones(properties: Mapping[str, list[_Property]]) -> tuple[str, ...]:
    numbers = (re.sub(r"(?i)\Atel:", "", n) for n in _by_preference(properties.get("TEL", ())))
    return tuple(dict.fromkeys(n for n in map(one_line, numbers) if n))


def _zone(name: str) -> str | None:
    """A zone of the zone database; offsets tell nothing about summer."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
    return name or None


def _date(one: _Property, kind: str, reading: Reading) -> PartialDate | None:
    """A date, without the year that Apple writes where there is none."""
    made = reading.date(kind, one.text)
    omitted = "".join(one.parameters.get("X-APPLE-OMIT-YEAR", ()))
    if made and omitted and str(made.year) == omitted and made.day is not None:
        return PartialDate(month=made.month, day=made.day)
    return made


def _birthday(properties: Mapping[str, list[_Property]], reading: Reading) -> PartialDate | None:
    written = (one for one in properties.get("BDAY", ()) if one.text.strip())
    dates = (_date(one, "birthday", reading) for one in written)
    return next((made for made in dates if made), None)


def _anniversaries(
    properties: Mapping[str, list[_Property]], reading: Reading
) -> tuple[tuple[PartialDate, str], ...]:
    """ANNIVERSARY and its forerunners, and Apple's labelled dates."""
    labels = {p.group: one_line(p.text) for p in properties.get("X-ABLABEL", ())}
    named = [
        (p, "anniversary") for n in ("ANNIVERSARY", "X-ANNIVERSARY") for p in properties.get(n, ())
    ]
    for dated in properties.get("X-ABDATE", ()):
        label = re.sub(r"\A_\$!<(.*)>!\$_\Z", r"\1", labels.get(dated.group, ""))
        named.append((dated, label.casefold() if label.isascii() else label))
    events = []
    for one, note in named:
        if (made := _date(one, note or "date", reading)) is not None:
            events.append((made, note or "a date in the address book"))
    return tuple(dict.fromkeys(events))


def _photo(properties: Iterable[_Property], remarks: list[str]) -> bytes | None:
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


# Writing.

_FOLD_AT = 75


def vcard_text(contact: Contact, *, version: str, photo: bytes | None = None) -> str:
    """A contact as a vCard 3.0 or 4.0: who they are and how they are reached, and no more."""
    family, given = _family_and_given(contact.name)
    lines = [
        "BEGIN:VCARD",
        f"VERSION:{version}",
        f"FN:{_escaped(contact.name)}",
        f"N:{_escaped(family)};{_escaped(given)};;;",
    ]
    lines += [f"NICKNAME:{','.join(map(_escaped, contact.aliases))}"] if contact.aliases else []
    lines += [f"EMAIL:{_escaped(address)}" for address in contact.emails]
    lines += [f"TEL:{_escaped(number)}" for number in contact.telephones]
    for name, value in (("ORG", contact.organization), ("TITLE", contact.title)):
        lines += [f"{name}:{_escaped(value)}"] if value else []
    lines += [f"TZ:{_escaped(contact.timezone)}"] if contact.timezone else []
    if contact.birthday is not None:
        lines += _birthday_line(contact.birthday, version)
    if photo is not None:
        data = base64.b64encode(photo).decode()
        kind = "png" if photo.startswith(b"\x89PNG") else "jpeg"
        head = (
            f"PHOTO:data:image/{kind};base64,"
            if version == "4.0"
            else (f"PHOTO;ENCODING=b;TYPE={kind.upper()}:")
        )
        lines.append(head + data)
    lines.append("END:VCARD")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _family_and_given(name: str) -> tuple[str, str]:
    given, _, family = name.rpartition(" ")
    return (family, given) if given else ("", name)


def _birthday_line(birthday: PartialDate, version: str) -> list[str]:
    year, month, day = birthday.year, birthday.month, birthday.day
    if version == "4.0":
        if year is not None and day is None:
            return [f"BDAY:{birthday}"]
        shown = f"{year:04}" if year is not None else "--"
        return [f"BDAY:{shown}{month:02}{day:02}"]
    if year is not None and day is not None:
        return [f"BDAY:{birthday}"]
    if day is not None:
        return [f"BDAY;X-APPLE-OMIT-YEAR=1604:1604-{month:02}-{day:02}"]
    return []


def _escaped(text: str) -> str:
    """A text as a value (RFC 6350, 3.4)."""
    return text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;").replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line of at most 75 bytes, continued on lines that begin with a space (RFC 6350, 3.2)."""
    parts, part, size = [], "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > _FOLD_AT:
            parts.append(part)
            part, size = " ", 1
        part += sign
        size += width
    return "\r\n".join([*parts, part])
