"""The agenda: the items of an invitation's description, with their times and owners."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from briefgen.meetings.invitation import without_join_text

MOST_ITEMS: Final = 20
_MOST_CHARACTERS: Final = 4_000
_MOST_LINES: Final = 60
_LONGEST_ITEM: Final = 400

_BULLET: Final = re.compile(
    r"(?P<indent>[ \t]*)(?:(?P<sign>[-*+•‣▪▫◦·●○–—→➢✓☐□])(?=[ \t]|[^\W\d_])[ \t]*"
    r"|(?P<number>\(?(?:\d{1,2}|[a-zA-Z])[.)](?:\d{1,2}[.)]?)*)(?=[ \t])[ \t]*)(?P<rest>.*\S)"
)
_HEADING: Final = re.compile(
    r"\W*(?:agenda|tagesordnung|themen|topics|ordre du jour|orden del d[ií]a|temas|"
    r"ordine del giorno|temi|onderwerpen|pauta|ordem do dia|議題|アジェンダ|"
    r"جدول الأعمال)\W*\Z",
    re.IGNORECASE,
)
_HEADED: Final = re.compile(
    r"\s*(?:agenda|tagesordnung|topics|ordre du jour|議題|アジェンダ)\s*[:\uff1a]\s*(?P<rest>\S.*)",
    re.IGNORECASE,
)
_GREETING: Final = re.compile(
    r"\s*(?:hi|hello|hey|dear|hallo|guten|liebe[rs]?|sehr geehrte|bonjour|cher|ch[eè]re|hola|"
    r"buenos|estimad[oa]|ciao|buongiorno|gentile|beste|goedemorgen|ol[aá]|caro|cara|prezad[oa])"
    r"\b[^.?!]{0,60}[,!.]?\s*\Z",
    re.IGNORECASE,
)
_SIGN_OFF: Final = re.compile(
    r"\s*(?:best|kind|warm|many)?\s*(?:regards|wishes|thanks|thank you|cheers|gru(?:ß|ss)|"
    r"(?:viele|beste|liebe|mit freundlichen) gr[uü](?:ß|ss)en?|cordialement|bien à vous|saludos|"
    r"un saludo|cordiali saluti|grazie|groeten|met vriendelijke groet|cumprimentos|obrigad[oa])"
    r"\b.{0,30}\Z",
    re.IGNORECASE,
)
_TAGS: Final = re.compile(r"\[contact:[^\]\n]*\]|(?<![\w#&/])#(?:no)?brief(?![\w-])", re.IGNORECASE)
_CLOCK: Final = r"\d{1,2}[:.h]\d{2}(?:\s*[ap]\.?m\.?)?(?:\s*uhr)?"
_TIME_FIRST: Final = re.compile(
    rf"\(?(?P<time>{_CLOCK}(?:\s*[-–—]\s*{_CLOCK})?|\d{{1,3}}\s?(?:min(?:utes?|uten)?|['\u2019\u2032]))\)?"
    r"\s*[:\-–—|]?\s+(?P<rest>\S.*)",
    re.IGNORECASE,
)
_TIME_LAST: Final = re.compile(
    rf"(?P<rest>.*\S)\s*[,\-–—]?\s*[(\[]\s*(?P<time>{_CLOCK}(?:\s*[-–—]\s*{_CLOCK})?"
    r"|(?:ca\.?\s*)?\d{1,3}\s?(?:min(?:\.|utes?|uten)?|['\u2019\u2032]|h|分))\s*[)\]]\s*\Z",
    re.IGNORECASE,
)
_OWNER_LAST: Final = re.compile(
    r"(?P<rest>.*\S)\s*(?:[(\[](?:owner:?\s*)?(?P<owner>[^()\[\]\d]{2,40})[)\]]"
    r"|\s@(?P<at>[^\W\d_][\w.-]{1,30}))\s*\Z"
)
_MAY_END_IN_REMARK: Final = re.compile(r"[])]\s*\Z|\s@")
"""A time or an owner behind the item."""
_MOST_OWNER_WORDS: Final = 4


@dataclass(frozen=True, kw_only=True)
class AgendaItem:
    """One thing to be discussed.

    Attributes:
        time: when or how long, as it was written; may be empty.
        owner: who leads it; may be empty.
    """

    text: str
    time: str = ""
    owner: str = ""


def read_agenda(description: str, names: Iterable[str] = ()) -> tuple[AgendaItem, ...]:
    """The items of a description: those numbered or bulleted, else its lines.

    Join text, dial-in numbers, footers and quoted mail are cut away first; what is left is clipped
    to 4,000 signs and 60 lines. `names` of the people in the meeting tell owners from other words
    in brackets.
    """
    text = _TAGS.sub("", without_join_text(description))[:_MOST_CHARACTERS]
    lines = [line.rstrip() for line in text.splitlines()][:_MOST_LINES]
    lines = list(_without_greetings(lines))
    marked = list(_marked(lines))
    found = marked or list(_plain(lines))
    known = frozenset(part.casefold() for name in names for part in (name, *name.split()))
    return tuple(_item(item, known) for item in found[:MOST_ITEMS])


def _without_greetings(lines: Sequence[str]) -> Iterator[str]:
    """The lines between the greeting and the words at the end."""
    begun = False
    for line in lines:
        if not begun and _GREETING.match(line):
            continue
        if begun and _SIGN_OFF.match(line):
            return
        begun = begun or bool(line.strip())
        yield line


def _marked(lines: Sequence[str]) -> Iterator[str]:
    """Items with a number or bullet, each with the lines that go on with it."""
    item = ""
    indent = 0
    for line in lines:
        bullet = _BULLET.match(line)
        if bullet:
            deeper = len(bullet["indent"].expandtabs()) > indent + 1 and item
            if deeper and bullet["sign"]:
                item = f"{item}; {bullet['rest'].strip()}" if len(item) < _LONGEST_ITEM else item
                continue
            if item:
                yield item
            item, indent = bullet["rest"].strip(), len(bullet["indent"].expandtabs())
        elif item and line.startswith((" ", "\t")) and line.strip():
            item = f"{item} {line.strip()}"
        elif item:
            yield item
            item = ""
    if item:
        yield item


def _plain(lines: Sequence[str]) -> Iterator[str]:
    """The lines themselves, without headings; after a heading only what stands beneath it."""
    beneath = next((at for at, line in enumerate(lines) if _HEADING.match(line)), None)
    for line in lines[0 if beneath is None else beneath + 1 :]:
        headed = _HEADED.match(line)
        rest = headed["rest"] if headed else line
        if not any(sign.isalnum() for sign in rest):
            continue
        if headed:
            yield from (part.strip() for part in re.split(r"[;、]|,\s", rest) if part.strip())
        else:
            yield rest.strip()


def _item(text: str, known: frozenset[str]) -> AgendaItem:
    item = AgendaItem(text=" ".join(text.split())[:_LONGEST_ITEM])
    if parts := _TIME_FIRST.fullmatch(item.text):
        item = _timed(item, parts)
    if not _MAY_END_IN_REMARK.search(item.text):  # as most do not
        return item
    if not item.time and (parts := _TIME_LAST.fullmatch(item.text)):
        item = _timed(item, parts)
    if (parts := _OWNER_LAST.fullmatch(item.text)) is not None:
        owner = (parts["owner"] or parts["at"]).strip()
        if _is_owner(owner, known):
            item = replace(item, text=parts["rest"].strip(" ,-–—"), owner=owner)
    if not item.time and (parts := _TIME_LAST.fullmatch(item.text)):
        item = _timed(item, parts)
    return item


def _timed(item: AgendaItem, parts: re.Match[str]) -> AgendaItem:
    return replace(item, text=parts["rest"].strip(), time=parts["time"].strip())


def _is_owner(words: str, known: frozenset[str]) -> bool:
    """Whether words in brackets name somebody: a participant, or a name by its capitals."""
    parts = [part for part in re.split(r"[\s,/&+]+", words) if part]
    if not parts or len(parts) > _MOST_OWNER_WORDS:
        return False
    if any(part.casefold() in known for part in parts):
        return True
    return all(part[0].isupper() and part[1:].islower() for part in parts)
