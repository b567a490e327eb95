"""The address of the online meeting in an invitation."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from briefgen.meetings.content import LONGEST_TEXT
from briefgen.workspace.addresses import within

_LINK = re.compile(r"(?:https?|webcal)://[^\s<>\"'\\^`{|}]+", re.IGNORECASE)
MEETING_HOSTS: Final = (
    "teams.microsoft.com", "teams.microsoft.us", "teams.live.com",
    "teams.cloud.microsoft", "app.slack.com", "meet.proton.me", "zoom.us", "zoomgov.com",
    "zoom.com", "meet.google.com", "webex.com", "meet.jit.si", "whereby.com", "gotomeet.me",
    "gotomeeting.com", "meet.goto.com", "bluejeans.com", "chime.aws", "ringcentral.com",
    "join.skype.com", "meet.lync.com", "facetime.apple.com", "meeting.zoho.com", "meeting.zoho.eu",
    "meet.zoho.com", "clickmeeting.com", "livestorm.co", "app.element.io", "8x8.vc", "vc.zoho.com",
    "g.co", "lifesize.com", "starleaf.com", "around.co", "gather.town", "dialpad.com",
    "kmeet.infomaniak.com", "vc.feishu.cn", "vc.larksuite.com", "meeting.tencent.com",
    "voovmeeting.com", "daily.co", "demodesk.com", "pexip.me", "visio.numerique.gouv.fr",
    "senfcall.de", "alfaview.com", "meet.zoho.in",
)  # fmt: skip
_MEETING_DOMAINS: Final = frozenset(MEETING_HOSTS)
_BARE_HOST = re.compile(
    r"(?i)(?<![\w/.@-])(?:meet\.google\.com|(?:[\w-]+\.)?zoom\.us|teams\.microsoft\.com)/\w"
)
_LOOKALIKE = re.compile("|".join(map(re.escape, MEETING_HOSTS)))
_MEETING_PATHS = re.compile(r"(?i)/(?:call|b|bbb|rooms?|huddle|meeting|l/meetup-join)/\S")
_BOOKED_ROOM = re.compile(
    r"(?i)://(?:calendly\.com/events/[^/\s]+/\w|(?:app\.)?cal\.(?:com|eu)/video/\w)"
)
"""Links of booking tools that lead into the meeting."""
_NOT_MEETINGS = re.compile(
    r"(?i)://(?:support|help|status|blog|explore|learn)\.|zoom\.us/(?:u/|rec/|zoomconference|test|download|support)|teams\.microsoft\.com/meetingoptions"
    r"|teams\.microsoft\.com/usp/|webex\.com/(?:webappng/sites/[^/]*/help|help)|g\.co/(?!meet)"
    r"|meet\.google\.com/tel/|tel\.meet/|maps\.|goo\.gl/maps|google\.[a-z.]+/maps"
)
_WRAPPERS: Final = {
    ".safelinks.protection.outlook.com": "url", ".google.com": "q",
    ".urldefense.proofpoint.com": "u", ".linkprotect.cudasvc.com": "a", ".trendmicro.com": "url",
}  # fmt: skip
"""Hosts that mail systems and Google put before a link, and the parameter that contains it."""
_MAP = re.compile(
    r"(?i)://(?:maps\.|[^/]*google\.[a-z.]+/maps|goo\.gl/maps|[^/]*bing\.com/maps|ul\.waze\.com"
    r"|(?:www\.)?(?:openstreetmap\.org|osm\.org|waze\.com|mapy\.cz|2gis\.[a-z]+)/)"
)
_MOST_UNWRAPPED: Final = 4
_MOST_LINKS: Final = 300
"""Links of a text that are examined; only newsletters have as many."""


def unwrapped(link: str) -> str:
    """A link without the wrapping of Outlook's safelinks and of Google's redirects."""
    for _ in range(_MOST_UNWRAPPED):
        parts = _parts(link)
        host = (parts.hostname or "").lower() if parts else ""
        wrapper = next((known for known in _WRAPPERS if f".{host}".endswith(known)), None)
        if parts and wrapper and not (wrapper == ".google.com" and parts.path != "/url"):
            inner = parse_qs(parts.query).get(_WRAPPERS[wrapper], [""])[0]
            if wrapper == ".urldefense.proofpoint.com":
                inner = unquote(inner.replace("-", "%").replace("_", "/"))
        elif parts and host == "urldefense.com" and (found := _DEFENDED.match(link)):
            inner = found[1]
        else:
            return link
        if not inner.lower().startswith(("http://", "https://")):
            return link
        link = inner
    return link


_DEFENDED = re.compile(r"(?i)https://urldefense\.com/v3/__(https?://.*?)__;")


@lru_cache(maxsize=64)
def _parts(link: str) -> SplitResult | None:
    try:
        parts = urlsplit(link)
        _ = parts.hostname, parts.port
    except ValueError:
        return None
    return parts


def links_in(text: str) -> Iterable[str]:
    """Every http(s) link of a text, unwrapped, without the punctuation after it."""
    for found in _LINK.finditer(text) if "://" in text else ():
        link = unwrapped(_without_end(found[0]))
        if link.lower().startswith(("http://", "https://")) and _parts(link):
            yield link


def _without_end(link: str) -> str:
    """A link without the punctuation after it, and without brackets that were opened before it."""
    link = link.rstrip(".,;:!?*_")
    while link.endswith((")", "]")) and link.count("(") + link.count("[") < (
        link.count(")") + link.count("]")
    ):
        link = link[:-1].rstrip(".,;:!?*_")
    return link


def is_meeting_link(link: str) -> bool:
    """Whether a link leads into an online meeting of a known vendor."""
    parts = _parts(link)
    if parts is None or not parts.hostname or _NOT_MEETINGS.search(link):
        return False
    if _BOOKED_ROOM.search(link):
        return True
    host = parts.hostname.lower()
    if within(host, _MEETING_DOMAINS):
        return len(parts.path) > 1 or bool(parts.query)
    if _LOOKALIKE.search(host):  # a host that only looks like one of them
        return False
    own = host.startswith(("meet.", "bbb.", "jitsi.", "meeting.", "talk.", "cloud.", "nextcloud."))
    return (
        own
        and len(parts.path) > 1
        and (host.startswith(("meet.", "jitsi.")) or _MEETING_PATHS.search(parts.path) is not None)
    )


def with_scheme(place: str) -> str:
    """A place, with https:// before a meeting's address that lacks it."""
    return _BARE_HOST.sub(r"https://\g<0>", place) if "/" in place else place


def without_meeting_links(place: str, joined: str | None) -> str:
    """A place without links to the meeting itself, or to a map."""
    if "://" not in place:
        return place
    for found in list(_LINK.finditer(place)):
        link = next(iter(links_in(found[0])), found[0])
        rest = place.replace(_without_end(found[0]), " ")
        is_map = _MAP.search(link) is not None and any(map(str.isalpha, rest))
        if link == joined or is_meeting_link(link) or is_map:
            place = rest
    place = re.sub(r"\(\s*\)|<\s*>|\[\s*\]", " ", place)
    return re.sub(r"\s*([;,|])(?:\s*[;,|])+", r"\1", " ".join(place.split())).strip(" ,;|·–-/")


def join_link(
    *,
    conferences: Sequence[str] = (),
    makers: Sequence[str] = (),
    place: str = "",
    url: str = "",
    description: str = "",
) -> str | None:
    """The address of the online meeting, or None.

    Searched in this order: CONFERENCE (RFC 7986), vendors' X- properties, LOCATION, URL,
    DESCRIPTION. In the last two only links of known vendors count.
    """
    for given in (*conferences, *makers):
        for link in links_in(given):
            return link
    in_place = list(links_in(place))
    for link in in_place:
        if is_meeting_link(link):
            return link
    for link in in_place:
        if not (_NOT_MEETINGS.search(link) or _MAP.search(link)):
            return link
    for given in (url, description[:LONGEST_TEXT]):
        for link in islice(links_in(given), _MOST_LINKS):
            if is_meeting_link(link):
                return link
    return None
