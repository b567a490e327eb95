"""Texts of an event: HTML to plain text, links, and the address of the online meeting."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import unescape
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


_LOOKS_LIKE_HTML = re.compile(
    r"<!doctype\s+html|</?(?:html|body|head|br|p|div|span|b|i|u|strong|em|ul|ol|li|a|table|font|h[1-6]"
    r"|html-blob)(?:\s+[a-z:-]+\s*=[^<>]*|\s*/?)>|&(?:nbsp|amp|lt|gt|quot);",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)([^<>]*)>")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_UNSEEN = frozenset({"script", "style", "head", "title", "svg", "template", "noscript", "object"})
_PARAGRAPHS = frozenset(
    {"p", "ul", "ol", "table", "blockquote", "pre"} | {f"h{n}" for n in range(7)}
)
_SOFT = "\x00"
"""A line break, written once however many boxes end there, and never after a `br`."""
_BREAKS = {"br": "\n", "hr": "\n"} | dict.fromkeys(
    ("div", "tr", "section", "article", "header", "footer", "address"), _SOFT
)
_DEEPER = "\x01"
"""One level of indentation of a nested list."""
_DEEPEST = 8
_CELL = re.compile(r"<[tT][dDhH]")
_CELL_EDGE = re.compile(
    r"(?i)(<t[dh]\b[^<>]*>)(?:\s*<(?:p|div)\b[^<>]*>)+|(?:</(?:p|div)>\s*)+(</t[dh]>)"
)
"""A paragraph that fills a table cell adds no line break."""
_LONGEST_WRITTEN = 30_000
"""Characters of text that are taken out of HTML; no agenda is longer."""
_AROUND_BREAK = re.compile(r"\s*\n\s*")
_SPACES = re.compile(r"[ \t\r\f\v]+")
_SOFT_BREAK = re.compile(r"\n?[\x00][\x00 \t]*")


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
    vendors: Sequence[str] = (),
    place: str = "",
    url: str = "",
    description: str = "",
) -> str | None:
    """The address of the online meeting, or None.

    Searched in this order: CONFERENCE (RFC 7986), vendors' X- properties, LOCATION, URL,
    DESCRIPTION. In the last two only links of known vendors count.
    """
    for given in (*conferences, *vendors):
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


def looks_like_html(text: str) -> bool:
    """Whether a text is HTML, as Google and Zoho put it into DESCRIPTION."""
    return _LOOKS_LIKE_HTML.search(text[:LONGEST_TEXT]) is not None


def plain_text(html: str) -> str:
    """The text of HTML, with lines and list items, and links in angle brackets after their words.

    It reads tag by tag without recursion, in time linear in the length, at most 200,000 characters.
    """
    html = html[:LONGEST_TEXT]
    if "<" not in html and _LOOKS_LIKE_HTML.search(bare := unescape(html)):
        html = bare  # escaped once more by a program in between
    pieces: list[str] = []
    size = 0
    for piece in _pieces(html):
        pieces.append(piece)
        size += len(piece)
        if size > _LONGEST_WRITTEN:
            break
    return _tidy("".join(pieces))


def _pieces(html: str) -> Iterable[str]:
    at = 0
    unseen: str | None = None
    link = ""
    begun = 0
    depth = 0
    html = _without_comments(html)
    if _CELL.search(html):
        html = _CELL_EDGE.sub(r"\1\2", html)
    for tag in _TAG.finditer(html):
        closing, name = bool(tag[1]), tag[2].lower()
        if unseen is None and at < tag.start():
            yield _shown(html[at : tag.start()])
        at = tag.end()
        if unseen is not None:
            unseen = None if closing and name == unseen else unseen
            continue
        if name in _UNSEEN and not closing and not tag[3].endswith("/"):
            unseen = name
        elif name == "a":
            if closing and link:
                shown = unescape(_TAG.sub("", html[begun : tag.start()])).strip()
                yield "" if shown.removesuffix("/") == link.removesuffix("/") else f" <{link}>"
            link, begun = ("" if closing else _link_of(tag[3])), tag.end()
        else:
            depth += 0 if name not in {"ul", "ol"} else -1 if closing else 1
            yield _break(name, closing=closing, depth=depth)
    if unseen is None:
        yield _shown(html[at:])


def _without_comments(html: str) -> str:
    if "<!" not in html and "<?" not in html:
        return html
    kept: list[str] = []
    at = 0
    while (begin := html.find("<!", at)) >= 0:
        kept.append(html[at:begin])
        end_mark = "-->" if html.startswith("<!--", begin) else ">"
        end = html.find(end_mark, begin)
        if end < 0:
            return "".join(kept)
        at = end + len(end_mark)
    kept.append(html[at:])
    return "".join(kept)


def _link_of(attributes: str) -> str:
    found = _HREF.search(attributes)
    link = unescape(found[1] or found[2] or found[3] or "").strip() if found else ""
    return link if re.match(r"(?i)(https?://|mailto:|tel:)", link) else ""


def _break(name: str, *, closing: bool, depth: int) -> str:
    """What a tag becomes in the text; `depth` counts the lists around it."""
    if name == "li":
        return "" if closing else f"\n{_DEEPER * min(depth - 1, _DEEPEST)}- "
    if depth > 0 and name == "p":
        return _SOFT if closing else ""
    if depth > (0 if closing else 1) and name in {"ul", "ol"}:
        return ""
    if name in _PARAGRAPHS:
        return "\n\n"
    return _BREAKS.get(name, "") or (" | " if closing and name in {"td", "th"} else "")


def _shown(text: str) -> str:
    if "\n" in text:
        text = _AROUND_BREAK.sub("\n", text)
    return unescape(text).replace("\u00a0", " ")


def _tidy(text: str) -> str:
    text = _SPACES.sub(" ", _SOFT_BREAK.sub("\n", text))
    lines = [line.strip().removesuffix("|").rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip().replace(_DEEPER, "  ")
