"""The agenda: what the people in the room wrote into an invitation.

Items are numbered or bulleted lines, rows of a table, lines beneath a heading, or a few short
lines; whatever else people wrote is prose, which is quoted and never numbered. Words by which
greetings, closings and headings are told are data: `agenda.yaml`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Final

from briefgen.brief.additions import Additions
from briefgen.meetings.booking import answers_of, is_booking, names_host
from briefgen.meetings.invitation import plain, without_join_text, without_secrets
from briefgen.meetings.meeting import Meeting
from briefgen.workspace.built_in import read_built_in
from briefgen.workspace.value import Value

MOST_ITEMS: Final = 20
_MOST_CHARACTERS: Final = 4_000
_MOST_LINES: Final = 60
_LONGEST_ITEM: Final = 400
_LONGEST_QUOTE: Final = 320
_WORDS_OF_A_LINE: Final = 8
_WORDS_OF_A_TITLE: Final = 4
_LONGEST_LINE: Final = 70
_SIGNS: Final = " ,.!-–—。、！،"  # noqa: RUF001  # as written
_AND: Final = frozenset({"and", "und", "et", "y", "e", "en", "&"})
_MOST_NAME_WORDS: Final = 4
_LONGEST_NAME: Final = 40

_BULLET: Final = re.compile(
    r"(?P<indent>[ \t]*)(?:(?P<sign>(?:[-*+•‣▪▫◦·●○–—→➢✓☐□・►▶■◾◆❖➤➔✅✔☑🔹🔸👉\ue000-\uf8ff]"
    r"\ufe0f?|[=-]>|§(?=\s+[^\W\d_]))(?=[ \t]|[^\W\d_])[ \t]*|o(?:\t| {2,}))"
    r"|(?P<number>\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{2,4})[.)](?:\d{1,2}[.)]?)*(?=[ \t])"
    r"|\d{1,2}[．）、]|[①-⑳])[ \t]*)(?:\[[ xX]?\][ \t]*)?(?P<rest>.*\S)"  # noqa: RUF001  # as written
)
_HEADED: Final = re.compile(r"\s*\W{0,2}(?P<head>[^:：]{2,30})\s*[:：]\s*(?P<rest>\S.*)")  # noqa: RUF001
_TAGS: Final = re.compile(
    r"\[(?:contact|organization):[^\]\n]*\]|(?<![\w#&/])#(?:no)?brief(?![\w-])", re.IGNORECASE
)
_BETWEEN: Final = re.compile(r"[;、،]|,\s|(?:\A|(?<=\s))\(?\d{1,2}[.)](?=\s)")
"""Between the items of a list on one line."""
_CLOCK: Final = r"\d{1,2}[:.h]\d{2}(?:\s*[ap]\.?m\.?)?(?:\s*uhr)?"
_MINUTES: Final = r"\d{1,3}\s?(?:min(?:\.|utes?|uten|uti|utos|uten)?|h|['\u2019\u2032]|分|دقيقة)"
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
_TIME_CELL: Final = re.compile(
    rf"\s*(?:{_CLOCK}(?:\s*[-–—]\s*{_CLOCK})?|{_MINUTES})\s*\Z", re.IGNORECASE
)
_DIVIDER: Final = re.compile(r"\s*[|:+-][|\s:+=-]*[|+-]\s*")
_MAY_END_IN_REMARK: Final = re.compile(r"[])]\s*\Z|\s@")
"""A time or an owner behind the item."""
_MOST_OWNER_WORDS: Final = 4
_BRACKETED_LINK: Final = re.compile(r"\s*<(?:https?://|mailto:|tel:)[^>\s]*>")
_LINK: Final = re.compile(r"<?https?://[^\s<>]+>?")
_OPENS_TO_ANYBODY: Final = re.compile(
    r"(?i)cancel|reschedul|annul|manage|booking|unsubscribe|token|tok=|pwd=|/j/|meetup-join|invite"
)
"""In a link: whoever has it can change or enter something."""
_SENTENCE_END: Final = re.compile(r"[.!。！…]\s*[\"'”’)]*\Z")  # noqa: RUF001  # as written
_SENTENCES: Final = re.compile(r"(?<=[.!?。！？؟])\s+")  # noqa: RUF001  # as written
_CONTACT_DATA: Final = re.compile(
    r"(?i)(?:\b(?:t|tel|phone|mobile?|m|fon|fax|telefon|telefono|teléfono)\.?\s*[:.]?\s*)?\+?\d[\d\s()./-]{7,}"
    r"|\bwww\.[\w-]+\.\w|[\w.+-]+@[\w-]+\.[\w.]+"
)


class AgendaItem(Value, frozen=True, kw_only=True):
    """One thing to be discussed, or what somebody wrote in whole sentences.

    Attributes:
        time: when or how long, as it was written; may be empty.
        owner: who leads it; may be empty.
        quote: whether the text is somebody's own prose.
        writer: who signed it, as the invitation has it; empty where nobody did.
        by_guest: whether it is what a guest answered to a booking tool.
    """

    text: str
    time: str = ""
    owner: str = ""
    quote: bool = False
    writer: str = ""
    by_guest: bool = False


def read_agenda(description: str, names: Iterable[str] = ()) -> tuple[AgendaItem, ...]:
    """The items of a description, or its prose as a quotation.

    Join text, dial-in numbers, forwarded headers, footers, quoted mail, greetings and signatures
    are cut away first; of what a booking tool wrote the guest's answers are kept. What is left is
    clipped to 4,000 characters and 60 lines. `names` of the people in the meeting tell owners from
    other words in brackets.
    """
    text = _TAGS.sub("", without_join_text(description))
    if is_booking(description[:_MOST_CHARACTERS].split("\n")):
        answers = (_clipped(_clean(a), _LONGEST_QUOTE) for a in answers_of(text[:_MOST_CHARACTERS]))
        said = [AgendaItem(text=one, quote=True, by_guest=True) for one in answers if one]
        return tuple(said[:MOST_ITEMS])
    lines = [line.rstrip() for line in text[:_MOST_CHARACTERS].splitlines() if not names_host(line)]
    body, writer = _letter(lines[:_MOST_LINES])
    known = frozenset(part.casefold() for name in names for part in (name, *name.split()))
    if rows := _rows(body, known):
        return rows[:MOST_ITEMS]
    found = list(_marked(body)) or list(_short_lines(body))
    items = (_item(item, known) for item in found[:MOST_ITEMS])
    if listed := tuple(item for item in items if item.text and not _only_points(item.text)):
        return listed
    prose, signed = _prose(body)
    return (AgendaItem(text=prose, quote=True, writer=writer or signed),) if prose else ()


def items_of(meeting: Meeting, added: Sequence[Additions]) -> tuple[AgendaItem, ...]:
    """What is to be discussed: by the user's own file, else by the invitation."""
    own = next((one for one in added if one.notes.agenda), None)
    if own is not None:
        return tuple(
            AgendaItem(text=item.text, time=item.time or "", owner=item.owner or "")
            for item in own.notes.agenda
        )
    names = [party.name for party in meeting.attendees if party.name]
    return read_agenda(meeting.description, names)


@cache
def _words(name: str) -> frozenset[str]:
    data: Any = read_built_in("brief/agenda.yaml")
    return frozenset(plain(str(word)) for word in data[name])


@cache
def _columns() -> dict[str, frozenset[str]]:
    data: Any = read_built_in("brief/agenda.yaml")
    return {name: frozenset(map(plain, words)) for name, words in data["columns"].items()}


def _letter(lines: Sequence[str]) -> tuple[list[str], str]:
    """The lines between greeting and closing, and who signed them."""
    body = list(_without_greeting(lines))
    for at, line in enumerate(body):
        if not any(one.strip() for one in body[:at]):
            continue
        signed = _signed(line)
        if signed is None:
            continue
        behind = body[at + 1 :]
        if not any(_BULLET.match(one) for one in body[:at]) and _has_list(behind):
            return behind, signed
        following = next((one.strip() for one in behind if one.strip()), "")
        return body[:at], signed or (following if _is_name(following) else "")
    return _without_signature(body), ""


def _has_list(lines: Sequence[str]) -> bool:
    return sum(_BULLET.match(line) is not None for line in lines) > 1


def _without_greeting(lines: Sequence[str]) -> Iterator[str]:
    begun = False
    for line in lines:
        if not begun and line.strip():
            begun = True
            if _is_greeting(line):
                continue
        yield line


def _is_greeting(line: str) -> bool:
    """Whether a first line greets and says no more."""
    text = line.strip()
    if len(text) > _LONGEST_LINE or re.search(r"[.?;]\s+\S|\d", text) or _BULLET.match(line):
        return False
    words = plain(text).replace(",", " ").split()
    if not words or len(words) > _WORDS_OF_A_LINE:
        return False
    greets = any(" ".join(words[:n]) in _words("greetings") for n in (1, 2, 3))
    unspaced = any(
        plain(text).startswith(word) for word in _words("greetings") if not word.isascii()
    )
    addressed = text.endswith(tuple(_words("honorifics"))) or (
        text.endswith(",") and _is_name(text.rstrip(","))  # "Robin,"
    )
    return (
        (greets and (len(words) <= _WORDS_OF_A_TITLE or text.endswith((",", "!", ":"))))
        or unspaced
        or addressed
    )


def _signed(line: str) -> str | None:
    """The name in a closing, or an empty text; None where a line closes nothing."""
    text = " ".join(line.split())
    if not text or len(text) > _LONGEST_LINE or _BULLET.match(line):
        return None
    flat = text.casefold().replace("’", "'")
    for phrase in _closings():
        if not flat.startswith(phrase):
            continue
        rest = text[len(phrase) :]
        if not rest.strip(_SIGNS):
            return ""
        apart = rest[0] in _SIGNS.strip() or rest[:2] == " -" or (" " in phrase and rest[0] == " ")
        name = rest.strip(_SIGNS)
        if apart and _is_name(name):
            return name
    return None


@cache
def _closings() -> tuple[str, ...]:
    return tuple(sorted(_words("closings"), key=len, reverse=True))


def _is_name(text: str) -> bool:
    """Whether a few words could be the name somebody signs with."""
    words = text.replace("/", " ").split()
    if not 0 < len(words) <= _MOST_NAME_WORDS or len(text) > _LONGEST_NAME:
        return False
    named = (word[0].isupper() or not word[0].isascii() or word in _AND for word in words)
    return all(named) and not any(sign.isdigit() for sign in text)


def _without_signature(lines: list[str]) -> list[str]:
    """The lines without a last paragraph of addresses and telephone numbers."""
    ends = [at for at, line in enumerate(lines) if line.strip()]
    if not ends:
        return []
    last = ends[-1]
    begin = last
    while begin > 0 and lines[begin - 1].strip():
        begin -= 1
    paragraph = lines[begin : last + 1]
    signs = sum(bool(_CONTACT_DATA.search(line)) for line in paragraph)
    if begin > 0 and signs and len(paragraph) > 1 and not any(map(_BULLET.match, paragraph)):
        return _without_signature(lines[:begin])
    return lines


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


def _short_lines(lines: Sequence[str]) -> Iterator[str]:
    """Lines beneath a heading, or a text of nothing but short lines."""
    beneath = next((at for at, line in enumerate(lines) if plain(line) in _words("headings")), None)
    found: list[str] = []
    for line in lines[0 if beneath is None else beneath + 1 :]:
        headed = _HEADED.match(line)
        if headed and plain(headed["head"]) in _words("headings"):
            parts = _BETWEEN.split(headed["rest"])
            yield from (part.strip() for part in parts if part.strip())
            return
        if any(sign.isalnum() for sign in line) and not _only_points(line):
            found.append(line.strip())
    if beneath is not None:
        short = [line for line in found if not _SENTENCE_END.search(line)]
        yield from short or found
    elif found and all(map(_is_short, found)):
        words = len(found[0].split())
        if len(found) > 1 or words <= _WORDS_OF_A_TITLE:
            yield from found


def _is_short(line: str) -> bool:
    short = len(line) <= _LONGEST_LINE and len(line.split()) <= _WORDS_OF_A_LINE
    return short and not _SENTENCE_END.search(line) and not _SENTENCES.search(line)


def _only_points(text: str) -> bool:
    """Whether a text only says that something stands elsewhere."""
    return plain(text) in _words("pointers")


def _prose(lines: Sequence[str]) -> tuple[str, str]:
    """What was written in whole sentences, as one text; and the name at its end."""
    kept = [line.strip() for line in lines if line.strip() and not _only_points(line)]
    sentences = _SENTENCES.split(_clean(" ".join(kept)))
    signed = ""
    if len(sentences) > 1 and _is_name(sentences[-1]):  # "… Looking forward! Dana"
        signed = sentences.pop()
        if len(sentences) > 1 and plain(sentences[-1]) in _words("closings"):
            sentences.pop()
    text = " ".join(sentences)
    if _only_points(text) or not re.search(r"\w{2}", text):
        return "", ""
    return _clipped(text, _LONGEST_QUOTE), signed


def _clean(text: str) -> str:
    """A text without passcodes, and without links that stand for words or open something."""
    text = _BRACKETED_LINK.sub("", without_secrets(text))
    text = _LINK.sub(lambda link: "" if _OPENS_TO_ANYBODY.search(link[0]) else link[0], text)
    return " ".join(text.split()).strip(" <>")


def _clipped(text: str, most: int) -> str:
    """A text of at most so many characters, cut behind a sentence or a word."""
    if len(text) <= most:
        return text
    head = text[:most]
    whole = [found.end() for found in re.finditer(r"[.!?。！？؟](?=\s)", head)]  # noqa: RUF001
    if whole and whole[-1] > most // 2:
        return f"{head[: whole[-1]]} …"
    return f"{head.rpartition(' ')[0] or head}…"


def _rows(lines: Sequence[str], known: frozenset[str]) -> tuple[AgendaItem, ...]:
    """The rows of a table, whose cells stand between bars or tabs."""
    rows = [_cells(line) for line in lines if not _DIVIDER.fullmatch(line)]
    best: tuple[AgendaItem, ...] = ()
    at = 0
    while at < len(rows):
        end = at
        while end < len(rows) and len(rows[end]) > 1 and len(rows[end]) == len(rows[at]):
            end += 1
        if end - at > 1:
            found = tuple(_table(rows[at:end], known))
            best = max(best, found, key=len)
        at = max(end, at + 1)
    return best


def _cells(line: str) -> list[str]:
    bare = line.strip().strip("|")
    if _BULLET.match(line) or not re.search(r"\||\t", bare):
        return []
    return [cell.strip() for cell in re.split(r"\s*\|\s*|\t+", bare)]


def _table(rows: Sequence[list[str]], known: frozenset[str]) -> Iterator[AgendaItem]:
    head = {name: at for at, cell in enumerate(rows[0]) for name, words in _columns().items()
            if plain(cell) in words}  # fmt: skip
    for row in rows[1:] if head else rows:
        time = head.get(
            "time", next((n for n, cell in enumerate(row) if _TIME_CELL.match(cell)), -1)
        )
        owner = head.get("owner", next((n for n, c in enumerate(row) if c.casefold() in known), -1))
        topic = head.get("topic", next((n for n in range(len(row)) if n not in {time, owner}), 0))
        text = _clean(row[topic])[:_LONGEST_ITEM]
        if text:
            yield AgendaItem(
                text=text,
                time=row[time] if time >= 0 else "",
                owner=row[owner] if owner >= 0 else "",
            )


def _item(text: str, known: frozenset[str]) -> AgendaItem:
    item = AgendaItem(text=_clean(text)[:_LONGEST_ITEM])
    if _LINK.fullmatch(item.text):
        return AgendaItem(text="")
    if parts := _TIME_FIRST.fullmatch(item.text):
        item = _timed(item, parts)
    if not _MAY_END_IN_REMARK.search(item.text):  # as most do not
        return item
    if not item.time and (parts := _TIME_LAST.fullmatch(item.text)):
        item = _timed(item, parts)
    if (parts := _OWNER_LAST.fullmatch(item.text)) is not None:
        owner = (parts["owner"] or parts["at"]).strip()
        if _is_owner(owner, known):
            item = item.replace(text=parts["rest"].strip(" ,-–—"), owner=owner)
    if not item.time and (parts := _TIME_LAST.fullmatch(item.text)):
        item = _timed(item, parts)
    return item


def _timed(item: AgendaItem, parts: re.Match[str]) -> AgendaItem:
    return item.replace(text=parts["rest"].strip(), time=parts["time"].strip())


def _is_owner(words: str, known: frozenset[str]) -> bool:
    """Whether words in brackets name somebody: a participant, or a name by its capitals."""
    parts = [part for part in re.split(r"[\s,/&+]+", words) if part]
    if not parts or len(parts) > _MOST_OWNER_WORDS:
        return False
    if any(part.casefold() in known for part in parts):
        return True
    return all(part[0].isupper() and part[1:].islower() for part in parts)
