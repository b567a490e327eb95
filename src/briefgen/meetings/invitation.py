"""What an invitation's text says: plain text of HTML, the join link, the agenda without blocks."""

import re
from collections.abc import Iterable, Sequence
from html import unescape
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

MOST_CHARACTERS: Final = 200_000
_LOOKS_LIKE_HTML = re.compile(
    r"<!doctype\s+html|</?(?:html|body|head|br|p|div|span|b|i|u|strong|em|ul|ol|li|a|table|font|h[1-6]"
    r"|html-blob)(?:\s+[a-z:-]+\s*=[^<>]*|\s*/?)>|&(?:nbsp|amp|lt|gt|quot);",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)([^<>]*)>")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_UNSEEN = frozenset({"script", "style", "head", "title", "svg", "template", "noscript", "object"})
_LINES = frozenset({"div", "tr", "section", "article", "header", "footer", "address"})
_PARAGRAPHS = frozenset(
    {"p", "ul", "ol", "table", "blockquote", "pre"} | {f"h{n}" for n in range(7)}
)
_SOFT = "\x00"
"""A break that comes once, however many boxes begin and end there, and not behind a `br`."""
_SOFT_BREAK = re.compile(r"\n?[\x00][\x00 \t]*")
_LINK = re.compile(r"(?:https?|webcal)://[^\s<>\"'\\^`{|}]+", re.IGNORECASE)


def looks_like_html(text: str) -> bool:
    """Whether a text is HTML, as Google and Zoho put it into DESCRIPTION."""
    return _LOOKS_LIKE_HTML.search(text[:MOST_CHARACTERS]) is not None


def plain_text(html: str) -> str:
    """The text of HTML: lines and list items kept, links in angle brackets behind their words.

    It reads tag by tag without recursion, in time linear in the length, at most 200,000 signs.
    """
    return _tidy("".join(_pieces(html[:MOST_CHARACTERS])))


def _pieces(html: str) -> Iterable[str]:
    at = 0
    unseen: str | None = None
    link = ""
    begun = 0
    for tag in _TAG.finditer(_without_comments(html)):
        html = tag.string
        closing, name = bool(tag[1]), tag[2].lower()
        if unseen is None:
            yield _words(html[at : tag.start()])
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
            yield _break(name, closing=closing)
    if unseen is None:
        yield _words(_without_comments(html)[at:])


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


def _break(name: str, *, closing: bool) -> str:
    if name == "li":
        return "" if closing else "\n- "
    if name in {"td", "th"}:
        return "\t" if closing else ""
    if name in _PARAGRAPHS:
        return "\n\n"
    if name in {"br", "hr"}:
        return "\n"
    if name in _LINES:
        return _SOFT
    return ""


def _words(text: str) -> str:
    return unescape(re.sub(r"\s*\n\s*", "\n", text)).replace("\u00a0", " ")


def _tidy(text: str) -> str:
    text = _SOFT_BREAK.sub("\n", text)
    lines = [re.sub(r"[ \t\r\f\v]+", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


# ── The join link ──────────────────────────────────────────────────────────────────────────────

_MEETING_HOSTS: Final = (
    "teams.microsoft.com", "teams.microsoft.us", "teams.live.com", "zoom.us", "zoomgov.com",
    "zoom.com", "meet.google.com", "webex.com", "meet.jit.si", "whereby.com", "gotomeet.me",
    "gotomeeting.com", "meet.goto.com", "bluejeans.com", "chime.aws", "ringcentral.com",
    "join.skype.com", "meet.lync.com", "facetime.apple.com", "meeting.zoho.com", "meeting.zoho.eu",
    "meet.zoho.com", "clickmeeting.com", "livestorm.co", "app.element.io", "8x8.vc", "vc.zoho.com",
    "g.co", "lifesize.com", "starleaf.com", "around.co", "gather.town", "dialpad.com",
)  # fmt: skip
_MEETING_PATHS = re.compile(r"(?i)/(?:call|b|bbb|rooms?|huddle|meeting|l/meetup-join)/\S")
_NOT_MEETINGS = re.compile(
    r"(?i)zoom\.us/(?:u/|zoomconference|test|download|support)|teams\.microsoft\.com/meetingoptions"
    r"|teams\.microsoft\.com/usp/|webex\.com/(?:webappng/sites/[^/]*/help|help)|g\.co/(?!meet)"
    r"|meet\.google\.com/tel/|tel\.meet/|maps\.|goo\.gl/maps|google\.[a-z.]+/maps"
)
_JOIN_ALIAS = re.compile(r"(?i)\Ahttps?://aka\.ms/JoinTeamsMeeting")
_MOST_UNWRAPPED: Final = 4


def unwrapped(link: str) -> str:
    """A link without the wrapping of Outlook's safelinks and of Google's redirects."""
    for _ in range(_MOST_UNWRAPPED):
        parts = _parts(link)
        host = (parts.hostname or "").lower() if parts else ""
        if parts and host.endswith(".safelinks.protection.outlook.com"):
            inner = parse_qs(parts.query).get("url", [""])[0]
        elif parts and host in {"www.google.com", "google.com"} and parts.path == "/url":
            inner = parse_qs(parts.query).get("q", [""])[0]
        elif parts and host == "urldefense.com" and (found := _DEFENDED.match(link)):
            inner = found[1]
        else:
            return link
        if not inner.lower().startswith(("http://", "https://")):
            return link
        link = inner
    return link


_DEFENDED = re.compile(r"(?i)https://urldefense\.com/v3/__(https?://.*?)__;")


def _parts(link: str) -> SplitResult | None:
    try:
        parts = urlsplit(link)
        _ = parts.hostname, parts.port
    except ValueError:
        return None
    return parts


def links_in(text: str) -> Iterable[str]:
    """Every http(s) link of a text, unwrapped, without the punctuation behind it."""
    for found in _LINK.finditer(text):
        link = found[0].rstrip(".,;:!?*_")
        while link.endswith((")", "]")) and link.count("(") + link.count("[") < (
            link.count(")") + link.count("]")
        ):
            link = link[:-1].rstrip(".,;:!?*_")
        link = unwrapped(link)
        if link.lower().startswith(("http://", "https://")) and _parts(link):
            yield link


def is_meeting_link(link: str) -> bool:
    """Whether a link leads into an online meeting of a maker we know."""
    parts = _parts(link)
    if parts is None or not parts.hostname or _NOT_MEETINGS.search(link):
        return False
    host = parts.hostname.lower()
    if _JOIN_ALIAS.match(link):
        return True
    known = any(host == name or host.endswith("." + name) for name in _MEETING_HOSTS)
    if known:
        return len(parts.path) > 1 or bool(parts.query)
    if any(name in host for name in _MEETING_HOSTS):  # a host that only looks like one of them
        return False
    own = host.startswith(("meet.", "bbb.", "jitsi.", "meeting.", "talk.", "cloud.", "nextcloud."))
    return (
        own
        and len(parts.path) > 1
        and (host.startswith(("meet.", "jitsi.")) or _MEETING_PATHS.search(parts.path) is not None)
    )


def join_link(
    *,
    conferences: Sequence[str] = (),
    makers: Sequence[str] = (),
    place: str = "",
    url: str = "",
    description: str = "",
) -> str | None:
    """The address of the online meeting, or None.

    Looked for in this order: CONFERENCE (RFC 7986), the makers' own X- properties, LOCATION, URL,
    DESCRIPTION. In the last two only the links of known makers count.
    """
    for given in (*conferences, *makers):
        for link in links_in(given):
            return link
    in_place = list(links_in(place))
    for link in in_place:
        if is_meeting_link(link):
            return link
    for link in in_place:
        if not _NOT_MEETINGS.search(link):
            return link
    for given in (url, description[:MOST_CHARACTERS]):
        for link in links_in(given):
            if is_meeting_link(link):
                return link
    return None


# ── The agenda ─────────────────────────────────────────────────────────────────────────────────

_MEET_EDGE = re.compile(r"\s*-::~[:~-]*\s*\Z")
_UNDERSCORES = re.compile(r"\s*[_\u2500\u2501\u2014\u2015.=*-]{0,3}_{30,}\s*\Z")
_TEAMS = re.compile(
    r"(?i)teams\.(?:microsoft|live)\.com|teams\.microsoft\.us|aka\.ms/JoinTeamsMeeting"
)
_ZOOM_LINK = re.compile(r"(?i)https?://[\w.-]*zoom(?:gov)?\.(?:us|com)/(?:j|my|w|s|meeting)/")
_ZOOM_BEGIN = re.compile(r"(?i)is inviting you to a scheduled zoom meeting|\A\s*join zoom meeting")
_WEBEX = re.compile(r"(?i)\A\s*-{2,}\s*do not delete or change any of the following text")
_QUOTED = re.compile(r"(?i)\A\s*(?:-{3,}\s*)?(?:original message|urspr.ngliche nachricht)\s*-{3,}")
_FROM = re.compile(r"(?i)\A\s*\*?(?:from|von|de|da|van|fra)\s*:\s*\*?\s*\S")
_SENT = re.compile(
    r"(?i)\A\s*\*?(?:sent|date|gesendet|datum|envoy.|enviado|inviato|verzonden|data)\s*:\s*\*?\s*\S"
)
_SIGNATURE = re.compile(r"\A--\s?\Z")
_LEGAL = re.compile(
    r"(?i)\A\W*(?:(?:legal|confidentiality)\s+(?:notice|disclaimer)|disclaimer\b"
    r"|this (?:e-?mail|message|communication|invitation)[^.]{0,80}"
    r"\b(?:confidential|privileged|intended)"
    r"|diese (?:e-?mail|nachricht)[^.]{0,80}vertraulich"
    r"|the information (?:contained )?in this (?:e-?mail|message))"
)
_MOST_BLOCK_LINES: Final = 120


def without_join_text(description: str) -> str:
    """A description without join blocks, legal footers, quoted mail and signatures.

    Keyed on rules, hosts and forms rather than on words, since those are localised.
    """
    lines = description[:MOST_CHARACTERS].split("\n")
    for cut in (_cut_meet, _cut_teams, _cut_zoom, _cut_tail):
        lines = cut(lines)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def _cut_meet(lines: list[str]) -> list[str]:
    kept: list[str] = []
    inside = False
    for line in lines:
        if _MEET_EDGE.match(line):
            inside = not inside
        elif not inside:
            kept.append(line)
    return kept


def _cut_teams(lines: list[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(lines):
        if _UNDERSCORES.match(lines[at]) and _has(_TEAMS, lines[at + 1 : at + 9]):
            at = _end_of_teams(lines, at)
        else:
            kept.append(lines[at])
            at += 1
    return kept


def _has(pattern: re.Pattern[str], lines: Sequence[str]) -> bool:
    return any(pattern.search(line) for line in lines)


def _end_of_teams(lines: list[str], begin: int) -> int:
    """Behind the last underscore line that belongs to the block which begins at `begin`."""
    at = begin + 1
    last = None
    while at < min(len(lines), begin + _MOST_BLOCK_LINES):
        if _UNDERSCORES.match(lines[at]):
            last = at
            if not _has(_TEAMS, lines[at + 1 : at + 9]):
                break
        at += 1
    return len(lines) if last is None else last + 1


_ZOOM_LINE = re.compile(
    r"(?i)zoom(?:gov)?\.(?:us|com)\b|one tap mobile|dial by your location|find your local number"
    r"|\A\s*(?:topic|time|thema|uhrzeit|zeit|sujet|heure|tema|hora)\s*:"
    r"|\A\s*(?:meeting[- ]id|webinar[- ]id|passcode|password|kenncode|kennwort|security passcode"
    r"|code secret|meeting url|host key|participant id|id de r.union|id de reuni.n)\b"
    r"|\A\s*[*.\u2022\u00b7-]?\s*\+\d[\d ,*#().-]{6,}|\A\s*[\d. ]{7,}\s*\(|@zoomcrc\.com"
    r"|\A\s*(?:sip|h\.?323|skype for business|join by)\b|\A\s*(?:-{3,}|[\u2500\u2501]{3,})\s*\Z"
    r"|\A\s*(?:[*\u2022]\s*)?\d{1,3}(?:\.\d{1,3}){3}\b"
)


def _cut_zoom(lines: list[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(lines):
        if not _begins_zoom(lines, at):
            kept.append(lines[at])
            at += 1
            continue
        while kept and re.fullmatch(r"\s*[\u2500\u2501_-]{3,}\s*", kept[-1]):
            kept.pop()
        at = _end_of_zoom(lines, at)
    return kept


def _begins_zoom(lines: list[str], at: int) -> bool:
    line = lines[at]
    if _ZOOM_BEGIN.search(line):
        return _has(_ZOOM_LINK, lines[at : at + 12])
    return bool(_ZOOM_LINK.search(line)) and _has(
        re.compile(r"(?i)(?:meeting|webinar)[- ]id|passcode|one tap"), lines[at + 1 : at + 8]
    )


def _end_of_zoom(lines: list[str], begin: int) -> int:
    """Behind the last line that reads like part of the block; blank lines may stand inside."""
    end = begin + 1
    plain = 0
    for at in range(begin + 1, min(len(lines), begin + 4 * _MOST_BLOCK_LINES)):
        line = lines[at]
        if not line.strip():
            continue
        if _ZOOM_LINE.search(line) or _ZOOM_BEGIN.search(line):
            end, plain = at + 1, 0
            continue
        plain += 1
        if plain > 1:
            break
    return end


def _cut_tail(lines: list[str]) -> list[str]:
    for at, line in enumerate(lines):
        if (
            _WEBEX.match(line)
            or _QUOTED.match(line)
            or _LEGAL.match(line)
            or _SIGNATURE.match(line)
            or (_FROM.match(line) and _has(_SENT, lines[at + 1 : at + 4]))
        ):
            return lines[:at]
    return lines
