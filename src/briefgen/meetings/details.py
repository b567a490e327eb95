"""What an event says: title, text, place, people, link; read only for events that are shown."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
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
from briefgen.meetings.event import Properties
from briefgen.meetings.markup import (
    join_link,
    looks_like_html,
    plain_text,
    with_scheme,
    without_meeting_links,
)
from briefgen.meetings.meeting import Attendee, Kind, Participation
from briefgen.workspace.addresses import exact_address
from briefgen.workspace.value import Value

_PARTICIPATIONS: Final = frozenset(get_args(Participation))
_KINDS: Final = frozenset(get_args(Kind))
MOST_ATTENDEES: Final = 1000
LONGEST_TITLE: Final = 1000
_VENDOR_LINKS: Final = (
    "X-GOOGLE-CONFERENCE",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGCONFLINK",
)
_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff]")
_ESCAPED = re.compile(r"\\([,;])")
_SCHEME = re.compile(r"(?i)\A[\s'\"<]*(?:(?:mailto|smtp):(?://)?[\s'\"]*)+")
_PLAIN_MAILTO = re.compile(r"(?ia)mailto:(?!imcea)([a-z0-9_+.-]+@[a-z0-9.-]+)")
_IMCEA = re.compile(r"(?i)\AIMCEA([A-Z]*)-(.*)@[^@]*\Z")
"""How Exchange wraps addresses of other systems (IMCEASMTP-dana+40acme+2Eexample@…)."""
_HEXADECIMAL = re.compile(r"\+([0-9A-Fa-f]{2})")
_NOTES_PATH = re.compile(
    r"(?<=\S)(?:/(?:[A-Z]{1,2}=)?[^\W\d_a-z][^a-z/=]*|/[A-Z]{1,2}=[^/]+)+\Z|\ACN=(?=[^=/]+/)"
)
"""What Notes adds to a name: `CN=Dana Smith/OU=Sales/O=Acme`, `Dana Smith/ACME`."""
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
    """Everything about an event except when it takes place."""

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


def read_details(event: Properties) -> Details:
    """What an event says."""
    place = event.text("LOCATION")
    attendees, left_out = _attendees(event.lines("ATTENDEE"), place)
    busy = event.text("X-MICROSOFT-CDO-BUSYSTATUS").upper()
    rooms = [one.name for one in attendees if one.kind == "ROOM" and one.name]
    place = with_scheme(_one_line(place)[:LONGEST_TITLE])
    url = event.text("URL")
    written = _description(event)
    link = join_link(
        conferences=_conferences(event.every("CONFERENCE")),
        vendors=[event.text(name) for name in _VENDOR_LINKS],
        place=place,
        url=url,
        description=written,
    )
    place = without_meeting_links(place, link)
    organizer = event.one("ORGANIZER")
    return Details(
        description=plain_text(written) if looks_like_html(written) else written,
        place=place or ", ".join(dict.fromkeys(rooms))[:LONGEST_TITLE],
        join_link=link,
        url=url if re.match(r"(?i)https?://\S+\Z", url) else None,
        classification=event.text("CLASS").upper() or "PUBLIC",
        transparent=event.text("TRANSP").upper() == "TRANSPARENT" or busy == "FREE",
        tentative=event.text("STATUS").upper() == "TENTATIVE" or busy == "TENTATIVE",
        categories=_categories(event.every("CATEGORIES")),
        organizer=_party(organizer) if organizer else None,
        attendees=attendees,
        attendees_left_out=left_out,
    )


def _one_line(place: str) -> str:
    """A place on one line; the lines of an address, as Apple writes it, are joined by commas."""
    lines = (" ".join(line.split()).strip(" ,;") for line in without_entities(place).split("\n"))
    return ", ".join(line for line in lines if line)


def faults_of(event: Properties) -> Iterator[tuple[int, str]]:
    """Unreadable lines, and alarms, which change nothing here but may puzzle the user."""
    yield from event.faults
    for line in event.triggers:
        given = found.value.strip() if (found := property_of(line)) else ""
        if found and not re.match(r"(?i)[+-]?P\w+\Z|\d{8}T\d{6}Z?\Z", given):
            message = f"TRIGGER:{given[:20]} of an alarm cannot be read; only the alarm is lost"
            yield line.number, message


def _description(event: Properties) -> str:
    """The first non-empty form of the description, as written."""
    for found in event.every("DESCRIPTION")[:1]:
        if given := _LINES_AROUND.sub("", found.text[:LONGEST_TEXT]).rstrip():
            return given
        kind, _, data = found.parameter("ALTREP").partition(",")
        if kind.lower().startswith("data:text/html") and "base64" not in kind.lower():
            return clean(unquote(data[:LONGEST_TEXT]))
    forms = (event.text(name)[:LONGEST_TEXT] for name in ("X-ALT-DESC", "STYLED-DESCRIPTION"))
    return next((given for given in forms if given), "")


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


def _attendees(lines: Sequence[Line], place: str) -> tuple[tuple[Attendee, ...], int]:
    """Each party once; one with the name of the place is a room, as Outlook writes it."""
    places = {one.strip().casefold() for one in (place, *re.split(r"[;,\n]", place))} - {""}
    people: dict[tuple[str, str | None], Attendee] = {}
    for named in (party for line in lines[:MOST_ATTENDEES] for party in _parties(line.content)):
        is_place = named.kind == "INDIVIDUAL" and named.name.casefold() in places
        party = named.replace(kind="ROOM") if is_place else named
        key = ("" if party.address else party.name), party.address
        if key not in people or not people[key].name:
            people[key] = party
    return tuple(people.values()), max(0, len(lines) - MOST_ATTENDEES)


@lru_cache(maxsize=4096)
def _parties(content: bytes) -> tuple[Attendee, ...]:
    """The parties on one line: `mailto:a@x,b@x` names two (RFC 6068, 2); CN is the first one's.

    Cached, since the same people are in many events, always on the same lines.
    """
    if (found := property_of(Line(0, content))) is None:
        return ()
    people = [_party(found)]
    if found.value.count("@") > 1 and "<" not in found.value:
        first, *others = re.split(r"[,;]", _SCHEME.sub("", found.value).partition("?")[0])
        people += [
            _party(found._replace(value=other, parameters={}))
            for other in (others if "@" in first else ())
            if usable_address(other)
        ]
    return tuple(people)


def _party(found: Property) -> Attendee:
    """An ATTENDEE or ORGANIZER (3.8.4.1, 3.8.4.3)."""
    participation = found.parameter("PARTSTAT").upper()
    kind = found.parameter("CUTYPE").upper()
    return Attendee(
        name=party_name(found),
        address=party_address(found),
        role=found.parameter("ROLE").upper() or "REQ-PARTICIPANT",
        participation=(
            participation if participation in _PARTICIPATIONS else "NEEDS-ACTION"  # type: ignore[arg-type]
        ),
        kind=kind if kind in _KINDS else "INDIVIDUAL",  # type: ignore[arg-type]
    )


def party_name(found: Property) -> str:
    """CN decoded, without an address in it; empty if it contains nothing else."""
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
    """A party's exact address, from its mailto, EMAIL= (RFC 7986) or CN; else None."""
    for given in (found.value.strip(), found.parameter("EMAIL")):
        if address := usable_address(given):
            return address
    inside = _ADDRESS_INSIDE.search(found.parameter("CN"))
    return usable_address(inside[1]) if inside else None


def usable_address(given: str) -> str | None:
    """An e-mail address in the form used for comparison, or None for what only looks like one.

    `invalid:nomail`, `urn:uuid:…`, `/principal/…` and Exchange's IMCEAEX addresses are none. A
    directory's guest (`dana_acme.example#EXT#@tenant.onmicrosoft.com`) has the address inside.
    """
    plain = _PLAIN_MAILTO.fullmatch(given)  # as nearly every party is written
    text = plain[1].strip(".") if plain else _written_address(given)
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


def _written_address(given: str) -> str:
    """An address without what surrounds it."""
    text = given.strip()
    if "%" in text:
        text = unquote(text)
    text = _UNSEEN.sub("", clean(_SCHEME.sub("", text))).strip()
    if text.endswith(">") and "<" in text:
        text = _SCHEME.sub("", text[text.rindex("<") + 1 :])
    text = re.sub(r"\s*\([^()]*\)\Z", "", text).strip("<>'\"()[],;. ").partition("?")[0]
    if text.count("@") > 1:  # several in one (RFC 6068), of which the first counts
        text = re.split(r"[,;]", text)[0].strip()
    return text
