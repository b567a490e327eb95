"""What an event says: title, text, place, people, link; read only for what is shown."""

import re
from collections.abc import Sequence
from typing import Final, get_args
from urllib.parse import unquote

from briefgen.meetings.content import (
    LONGEST_TEXT,
    Line,
    Property,
    clean,
    property_of,
    without_entities,
)
from briefgen.meetings.event import outer_lines
from briefgen.meetings.join_link import join_link, without_meeting_links
from briefgen.meetings.markup import looks_like_html, plain_text
from briefgen.meetings.meeting import Attendee, Kind, Participation
from briefgen.meetings.structure import Block
from briefgen.workspace.addresses import exact_address
from briefgen.workspace.value import Value

MOST_ATTENDEES: Final = 1000
LONGEST_TITLE: Final = 1000
_JOINABLE: Final = frozenset({"DESCRIPTION", "SUMMARY", "LOCATION", "COMMENT", "X-ALT-DESC"})
_KNOWN: Final = frozenset(
    {
        "ATTACH", "ATTENDEE", "CATEGORIES", "CLASS", "COLOR", "COMMENT", "CONFERENCE", "CONTACT",
        "CREATED", "DESCRIPTION", "DTEND", "DTSTAMP", "DTSTART", "DURATION", "EXDATE", "EXRULE",
        "GEO", "IMAGE", "LAST-MODIFIED", "LOCATION", "NAME", "ORGANIZER", "PRIORITY", "RDATE",
        "RECURRENCE-ID", "REFRESH-INTERVAL", "RELATED-TO", "REQUEST-STATUS", "RESOURCES", "RRULE",
        "SEQUENCE", "SOURCE", "STATUS", "STRUCTURED-DATA", "STYLED-DESCRIPTION", "SUMMARY",
        "TRANSP", "UID", "URL", "ACKNOWLEDGED", "CONCEPT", "LINK", "REFID", "BEGIN", "END",
    }
)  # fmt: skip
_MAKERS_LINKS: Final = (
    "X-GOOGLE-CONFERENCE",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGCONFLINK",
)
_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff]")
_ESCAPED = re.compile(r"\\([,;])")
_SCHEME = re.compile(r"(?i)\A[\s'\"<]*(?:(?:mailto|smtp):[\s'\"]*)+")
_IMCEA = re.compile(r"(?i)\AIMCEA([A-Z]*)-(.*)@[^@]*\Z")
"""How Exchange wraps addresses of other systems (IMCEASMTP-dana+40acme+2Eexample@…)."""
_HEXADECIMAL = re.compile(r"\+([0-9A-Fa-f]{2})")
_NOTES_PATH = re.compile(
    r"(?<=\S)(?:/(?:[A-Z]{1,2}=)?[^\W\d_a-z][^a-z/=]*|/[A-Z]{1,2}=[^/]+)+\Z|\ACN=(?=[^=/]+/)"
)
"""What Notes puts around a name: `CN=Dana Smith/OU=Sales/O=Acme`, `Dana Smith/ACME`."""
_NAME_BESIDE = re.compile(
    r"(.*?)\s*<[^<>]*@[^<>]*>\W*|[^\s()]+@[^\s()]+\s*\(([^()]*)\)\s*", re.DOTALL
)
"""A name beside the address: `Dana <dana@acme.example>` (vCalendar 1.0), `dana@… (Dana)`."""
_GUEST = re.compile(r"(?i)\A(.+)_([^_@]+\.[^_@]+)#EXT#@[^@]+\Z")
"""How a directory of Microsoft names a guest from elsewhere."""
_ADDRESS_INSIDE = re.compile(
    r"[\s(<\['\"]*(?:mailto:)?([^\s@<>()\[\]'\";:,]+@[^\s@<>()\[\]'\";,]+)[\s)>\]'\"]*"
)
"""An address in a name, with the brackets or quotes around it."""


_LINES_AROUND = re.compile(r"\A(?:[ \t]*\n)+")
"""Blank lines before a text, whose first line may be indented like the others."""


class Details(Value, frozen=True, kw_only=True):
    """Everything of an event but when it is."""

    description: str = ""
    place: str = ""
    join_link: str | None = None
    url: str | None = None
    classification: str = "PUBLIC"
    transparent: bool = False
    tentative: bool = False
    categories: tuple[str, ...] = ()
    organizer: Attendee | None = None
    attendees: tuple[Attendee, ...] = ()
    attendees_left_out: int = 0
    faults: tuple[tuple[int, str], ...] = ()


def read_details(block: Block) -> Details:
    """What an event says."""
    properties, faults = _properties(outer_lines(block))
    faults += _bad_triggers(block)
    texts = _Texts(properties)
    attendees, left_out = _attendees(properties.get("ATTENDEE", ()), texts.first("LOCATION"))
    busy = texts.first("X-MICROSOFT-CDO-BUSYSTATUS").upper()
    rooms = [one.name for one in attendees if one.kind == "ROOM" and one.name]
    description = texts.description()
    place = _one_line(texts.first("LOCATION"))[:LONGEST_TITLE]
    url = texts.first("URL")
    link = join_link(
        conferences=_conferences(properties.get("CONFERENCE", ())),
        makers=[texts.first(name) for name in _MAKERS_LINKS],
        place=place,
        url=url,
        description=texts.raw_description(),
    )
    place = without_meeting_links(place, link)
    organizers = [_party(found) for found in properties.get("ORGANIZER", ())[:1]]
    return Details(
        description=description,
        place=place or ", ".join(dict.fromkeys(rooms))[:LONGEST_TITLE],
        join_link=link,
        url=url if re.match(r"(?i)https?://\S+\Z", url) else None,
        classification=texts.first("CLASS").upper() or "PUBLIC",
        transparent=texts.first("TRANSP").upper() == "TRANSPARENT" or busy == "FREE",
        tentative=texts.first("STATUS").upper() == "TENTATIVE" or busy == "TENTATIVE",
        categories=_categories(properties.get("CATEGORIES", ())),
        organizer=organizers[0] if organizers else None,
        attendees=attendees,
        attendees_left_out=left_out,
        faults=tuple(faults),
    )


def _one_line(place: str) -> str:
    """A place on one line: what stood on several, as Apple writes addresses, is told by commas."""
    lines = (" ".join(line.split()).strip(" ,;") for line in without_entities(place).split("\n"))
    return ", ".join(line for line in lines if line)


def _properties(
    lines: Sequence[Line],
) -> tuple[dict[str, list[Property]], list[tuple[int, str]]]:
    """The properties by name; a line that is none is joined to the text before it, or dropped."""
    found: dict[str, list[Property]] = {}
    faults: list[tuple[int, str]] = []
    before: Property | None = None
    for line in lines:
        read = property_of(line)
        if read is not None and not (before and _is_stray_text(read)):
            before = read if read.name in _JOINABLE else None
            found.setdefault(read.name, []).append(read)
            continue
        if before is None:
            faults.append((line.number, "a line that is no `NAME:value`; it is passed over"))
            continue
        stray = line.content.decode(errors="replace")
        joined = Property(before.name, f"{before.value}\\n{stray}", before.parameters, before.line)
        found[before.name][-1] = joined
        before = joined
        faults.append((line.number, f"a line break inside {before.name}; the line is joined to it"))
    return found, faults


def _bad_triggers(block: Block) -> list[tuple[int, str]]:
    """Alarms that cannot be read; they change nothing here, but the user may wonder."""
    faults: list[tuple[int, str]] = []
    for line in block.lines:
        if line.content[:7].upper() != b"TRIGGER" or not (found := property_of(line)):
            continue
        given = found.value.strip()
        if found.name == "TRIGGER" and not re.match(r"(?i)[+-]?P\w+\Z|\d{8}T\d{6}Z?\Z", given):
            message = f"TRIGGER:{given[:20]} of an alarm cannot be read; only the alarm is lost"
            faults.append((line.number, message))
    return faults


def _is_stray_text(read: Property) -> bool:
    """Whether a line behind a text only looks like a property, like `Note: bring the list`."""
    return read.name not in _KNOWN and not read.name.startswith("X-")


class _Texts:
    """The texts of an event."""

    def __init__(self, properties: dict[str, list[Property]]) -> None:
        self._properties = properties

    def first(self, name: str) -> str:
        found = self._properties.get(name)
        return found[0].text.strip() if found else ""

    def raw_description(self) -> str:
        """Whichever of the description's forms says something, as it stands."""
        for found in self._properties.get("DESCRIPTION", ())[:1]:
            if given := _LINES_AROUND.sub("", found.text[:LONGEST_TEXT]).rstrip():
                return given
        for found in self._properties.get("DESCRIPTION", ())[:1]:
            kind, _, data = found.parameter("ALTREP").partition(",")
            if kind.lower().startswith("data:text/html") and "base64" not in kind.lower():
                return clean(unquote(data[:LONGEST_TEXT]))
        for name in ("X-ALT-DESC", "STYLED-DESCRIPTION"):
            if given := self.first(name)[:LONGEST_TEXT]:
                return given
        return ""

    def description(self) -> str:
        given = self.raw_description()
        return plain_text(given) if looks_like_html(given) else given


def _conferences(found: Sequence[Property]) -> list[str]:
    """CONFERENCE addresses (RFC 7986, 5.11), those with video first."""
    ordered = sorted(found, key=lambda p: "VIDEO" not in p.parameter("FEATURE").upper())
    return [one.value.strip() for one in ordered]


def _categories(found: Sequence[Property]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for one in found:
        for piece in re.split(r"(?<!\\),", one.value):
            name = Property(one.name, piece, {}, one.line).text.strip()
            if name:
                names.setdefault(name[:200])
    return tuple(list(names)[:50])


def _attendees(found: Sequence[Property], place: str) -> tuple[tuple[Attendee, ...], int]:
    """Each party once; who is called as the place is, as Outlook writes rooms, is a room."""
    places = {one.strip().casefold() for one in (place, *re.split(r"[;,\n]", place))} - {""}
    people: dict[tuple[str, str | None], Attendee] = {}
    for one in found[:MOST_ATTENDEES]:
        party = _party(one)
        if party.kind == "INDIVIDUAL" and party.name.casefold() in places:
            party = party.replace(kind="ROOM")
        people.setdefault((("" if party.address else party.name), party.address), party)
    return tuple(people.values()), max(0, len(found) - MOST_ATTENDEES)


def _party(found: Property) -> Attendee:
    """An ATTENDEE or ORGANIZER (3.8.4.1, 3.8.4.3)."""
    participation = found.parameter("PARTSTAT").upper()
    kind = found.parameter("CUTYPE").upper()
    return Attendee(
        name=party_name(found),
        address=party_address(found),
        role=found.parameter("ROLE").upper() or "REQ-PARTICIPANT",
        participation=(
            participation if participation in get_args(Participation) else "NEEDS-ACTION"  # type: ignore[arg-type]
        ),
        kind=kind if kind in get_args(Kind) else "INDIVIDUAL",  # type: ignore[arg-type]
        delegated_to=_addresses(found.parts("DELEGATED-TO")),
        delegated_from=_addresses(found.parts("DELEGATED-FROM")),
    )


def party_name(found: Property) -> str:
    """CN as decoded, without an address in it; an empty text where it says nothing else."""
    given = without_entities(found.parameter("CN"))
    if "\\" in given:
        given = _ESCAPED.sub(r"\1", given)
    if "=?" in given:
        given = _without_encoded_words(given)
    plain = _NOTES_PATH.sub("", " ".join(given.split()))[:LONGEST_TITLE]
    if "@" in plain:
        plain = _ADDRESS_INSIDE.sub(" ", plain).strip("<>()[] ")
    if not plain and (beside := _NAME_BESIDE.fullmatch(found.text)):
        plain = clean(_SCHEME.sub("", beside[1] or beside[2]))
    return plain.strip("'\";, ")


def _without_encoded_words(text: str) -> str:
    """A name as mail programs write it into headers (`=?UTF-8?Q?J=C3=BCrgen?=`, RFC 2047)."""
    from email.errors import MessageError  # noqa: PLC0415  # seldom needed
    from email.header import decode_header, make_header  # noqa: PLC0415  # seldom needed

    try:
        return clean(str(make_header(decode_header(text))))
    except (MessageError, ValueError, LookupError):
        return text


def party_address(found: Property) -> str | None:
    """The exact address of a party: of a mailto, of EMAIL= (RFC 7986), or of its CN; else none."""
    for given in (found.value.strip(), found.parameter("EMAIL")):
        if address := usable_address(given):
            return address
    inside = _ADDRESS_INSIDE.search(found.parameter("CN"))
    return usable_address(inside[1]) if inside else None


def usable_address(given: str) -> str | None:
    """An e-mail address as it is compared, or None for what only looks like one.

    `invalid:nomail`, `urn:uuid:…`, `/principal/…` and Exchange's IMCEAEX addresses are none. A
    guest of a directory (`dana_acme.example#EXT#@tenant.onmicrosoft.com`) has what that spells.
    """
    text = given.strip()
    if "%" in text:
        text = unquote(text)
    text = _UNSEEN.sub("", clean(_SCHEME.sub("", text))).strip()
    if text.endswith(">") and "<" in text:
        text = _SCHEME.sub("", text[text.rindex("<") + 1 :])
    text = re.sub(r"\s*\([^()]*\)\Z", "", text).strip("<>'\"()[],;. ").partition("?")[0]
    if text.count("@") > 1:  # several in one (RFC 6068), of which the first counts
        text = re.split(r"[,;]", text)[0].strip()
    if "@" not in text or re.match(r"(?i)(urn|invalid|https?|/)|.*\.invalid\Z", text):
        return None
    if guest := _GUEST.match(text):
        text = f"{guest[1]}@{guest[2]}"
    elif encapsulated := _IMCEA.match(text):
        if encapsulated[1].upper() != "SMTP":
            return None
        text = _HEXADECIMAL.sub(lambda sign: chr(int(sign[1], 16)), encapsulated[2])
    try:
        return exact_address(text)
    except ValueError:
        return None


def _addresses(given: Sequence[str]) -> tuple[str, ...]:
    found = (usable_address(one) for one in given)
    return tuple(address for address in found if address)
