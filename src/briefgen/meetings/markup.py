"""HTML in invitations, as Google and Zoho put it into DESCRIPTION, to plain text."""

import re
from collections.abc import Iterable
from html import unescape

from briefgen.meetings.content import LONGEST_TEXT

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
"""One step of the indentation of a list inside a list."""
_DEEPEST = 8
_CELL = re.compile(r"<[tT][dDhH]")
_CELL_EDGE = re.compile(
    r"(?i)(<t[dh]\b[^<>]*>)(?:\s*<(?:p|div)\b[^<>]*>)+|(?:</(?:p|div)>\s*)+(</t[dh]>)"
)
"""A paragraph that fills a cell of a table breaks no line."""
_LONGEST_WRITTEN = 30_000
"""Characters of text that are taken out of HTML; no agenda is longer."""
_AROUND_BREAK = re.compile(r"\s*\n\s*")
_SPACES = re.compile(r"[ \t\r\f\v]+")
_SOFT_BREAK = re.compile(r"\n?[\x00][\x00 \t]*")


def looks_like_html(text: str) -> bool:
    """Whether a text is HTML, as Google and Zoho put it into DESCRIPTION."""
    return _LOOKS_LIKE_HTML.search(text[:LONGEST_TEXT]) is not None


def plain_text(html: str) -> str:
    """The text of HTML: lines and list items kept, links in angle brackets after their words.

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
            depth += 0 if name not in {"ul", "ol"} else -1 if closing else 1
            yield _break(name, closing=closing, depth=depth)
    if unseen is None:
        yield _words(html[at:])


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


def _words(text: str) -> str:
    if "\n" in text:
        text = _AROUND_BREAK.sub("\n", text)
    return unescape(text).replace("\u00a0", " ")


def _tidy(text: str) -> str:
    text = _SPACES.sub(" ", _SOFT_BREAK.sub("\n", text))
    lines = [line.strip().removesuffix("|").rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip().replace(_DEEPER, "  ")
