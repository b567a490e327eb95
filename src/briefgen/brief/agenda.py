"""The agenda: what the people in the room wrote into an invitation.

Items are numbered or bulleted lines, rows of a table, lines beneath a heading, or a few short
lines; anything else people wrote is prose, which is quoted and never numbered. Beside a list, only
requests and the sentences after it are prose. The words that mark greetings, closings, headings and
requests are data: `agenda.yaml`.

Over 400 lines, because each rule reads the lines that the rule before it has left.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any, Final

from briefgen.brief.additions import Additions
from briefgen.brief.letter import SENTENCES, body_of, closes, is_name, names_only, words_of
from briefgen.meetings.booking import is_booking, names_host, read_booking
from briefgen.meetings.invitation import (
    BULLET,
    made_by_program,
    plain,
    without_join_text,
    without_secrets,
)
from briefgen.meetings.meeting import Meeting
from briefgen.workspace.built_in import read_built_in
from briefgen.workspace.value import Value

MOST_ITEMS: Final = 20
_MOST_CHARACTERS: Final = 4_000
_MOST_LINES: Final = 60
_LONGEST_ITEM: Final = 400
_LONGEST_QUOTE: Final = 320
_WORDS_OF_A_LINE: Final = 8
_WORDS_OF_A_HEADING: Final = 6
_WORDS_OF_A_TITLE: Final = 4
_LONGEST_LINE: Final = 70
_MOST_OWNER_WORDS: Final = 4

_TAGS: Final = re.compile(
    r"\[(?:contact|organization):[^\]\n]*\]|(?<![\w#&/])#(?:no)?brief(?![\w-])", re.IGNORECASE
)
_HEADED: Final = re.compile(
    r"\s*(?P<head>[^:：]{2,40}?)(?P<colon>\s*[:：]\s*|\s+[-–—]\s+)(?P<rest>\S.*)"  # noqa: RUF001
)
_TITLE_MARK: Final = re.compile(r"\A\s*#{1,6}\s+")
_EMPHASIS: Final = re.compile(r"\A\s*(\*{1,3}|_{1,3})(?=\S)(.*\S)\1(:?)\s*\Z")
_ENUMERATED: Final = re.compile(
    r"\s*(?P<word>[^\W\d_]{2,8}\s|[#№])?\s?(?P<number>\d{1,2})(?:\ufe0f?\u20e3)?"
    r"(?P<sign>\s*[.:：)]\s+|\s+[-–—]\s+|\s+)(?P<rest>\S.*)"  # noqa: RUF001  # as written
)
_SEPARATORS: Final = tuple(
    (re.compile(between), fewest)
    for between, fewest in (
        (r"(?:\A|(?<=\s))\(?\d{1,2}[.)](?=\s)", 2),
        (r"(?:\A|\s)[•‣●▪◦·○→►]\s*", 2),
        (r";\s*|[、،]\s*", 2),
        (r"\s+\|\s+", 3),
        (r"\s+/\s+", 3),
        (r"\s+[-–—]\s+", 3),  # as written
    )
)
"""What separates the items of a list on one line, and the least number of separators."""
_COMMA: Final = re.compile(r",\s")
_CLOCK: Final = (
    r"(?:\d{1,2}(?:[:.h]\d{2})?\s*[ap]\.?m\b\.?|\d{1,2}[:.h]\d{2}(?:\s*uhr\b)?|\d{1,2}\s*uhr\b"
    r"|\d{1,2}(?=\s*[-–—]\s*\d{1,2}(?:[:.]\d\d)?\s*(?:[ap]\.?m|uhr)\b))"
)
_TIME: Final = (
    rf"(?:{_CLOCK}(?:\s*(?:[-–—~～]|\b(?:to|bis|à|a|al|alle|tot|até)\b|から|إلى)\s*{_CLOCK})?"  # noqa: RUF001
    r"|(?:ca\.?\s*|~\s*)?\d{1,3}\s?(?:min(?:\.|utes?|uten|uti|utos)?(?!\w)|h(?!\w)|['\u2019\u2032]"
    r"|分|دقيقة|د(?!\w)))"
)
_TIME_ONLY: Final = re.compile(rf"[(\[]?\s*{_TIME}\s*[)\]]?\s*:?", re.IGNORECASE)
_TIME_FIRST: Final = re.compile(
    rf"(?P<open>[(\[])?(?P<time>{_TIME})[)\]]?\s*[:|–—-]?(?(open)\s*|\s+)(?P<rest>\S.*)",
    re.IGNORECASE,
)
_BEHIND: Final = (
    re.compile(r"(?P<rest>.*\S)\s*[(\[]\s*(?P<last>[^()\[\]]{1,45})[)\]]\s*"),
    re.compile(r"(?P<rest>.*\S)\s+(?P<last>@[^\W\d_][\w.-]{1,30})\s*"),
    re.compile(r"(?P<rest>.*\S)(?:\s*[,|:：]\s+|\s+[-–—]\s+)(?P<last>[^,|:：()\[\]]{1,45})\s*"),  # noqa: RUF001
    re.compile(r"(?P<rest>.*\S)\s*[,:|]\s+(?P<last>\d[^,|()\[\]]{1,25})\s*"),
)
"""A time or an owner after an item: in brackets, as `@name`, after a dash or comma."""
_OWNER_FIRST: Final = re.compile(
    r"(?:[(\[](?P<bracket>[^()\[\]]{2,40})[)\]]|(?P<at>@[\w.-]{2,30})|(?P<name>[^:：]{2,40}?)(?=\s*[:：]))"  # noqa: RUF001
    r"\s*[:：–-]?\s+(?P<rest>\S.*)"  # noqa: RUF001  # as written
)
_DIVIDER: Final = re.compile(r"\s*[|:+-][|\s:+=-]*[|+-]\s*")
_BOLD: Final = re.compile(r"(?<![\w*])(\*\*|__)(?=\S)(.+?)(?<=\S)\1(?![\w*])")
_BRACKETED_LINK: Final = re.compile(r"\s*<(?:https?://|mailto:|tel:)[^>\s]*>")
_LINK: Final = re.compile(r"<?https?://[^\s<>]+>?")
_OPENS_TO_ANYBODY: Final = re.compile(
    r"(?i)cancel|reschedul|annul|manage|booking|unsubscribe|token|tok=|pwd=|/j/|meetup-join|invite"
)
"""Parts of a link with which anyone who has it can change or enter something."""
_OF_A_LINK: Final = re.compile(
    r"(?i)\b(?:click|clic|klick|klik|cliqu|links?\b|lien\b|enlace|collegamento)|リンク|クリック|رابط"
)
"""Words that introduce a link in the sentences that programs write."""
_SENTENCE_END: Final = re.compile(r"[.!。！…]\s*[\"'”’)]*\Z")  # noqa: RUF001  # as written


class AgendaItem(Value, frozen=True, kw_only=True):
    """One thing to be discussed, or what someone wrote in whole sentences.

    Attributes:
        time: when or how long, as it was written; may be empty.
        owner: who leads it; may be empty.
        quote: whether the text is someone's own prose.
        writer: who signed it, as written in the invitation; empty if nobody did.
        by_guest: whether a guest gave it as an answer to a booking tool.
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
    are cut away first; of a booking tool's text, the guest's answers are kept. What is left is cut
    to 4,000 characters and 60 lines. `names`, of the people in the meeting, show which words are
    owners and signatures.
    """
    text = _TAGS.sub("", without_join_text(description))
    known = frozenset(
        part.strip(",.") for name in names for part in (name.casefold(), *name.casefold().split())
    )
    if is_booking(description[:_MOST_CHARACTERS].split("\n")):
        return tuple(_booked(text[:_MOST_CHARACTERS], known))[:MOST_ITEMS]
    lines = [line.rstrip() for line in text[:_MOST_CHARACTERS].splitlines() if not names_host(line)]
    body, writer = body_of(lines[:_MOST_LINES], known)
    beside, listing = _beside_list(body)
    prose, signed = _prose(beside)
    asked = (AgendaItem(text=prose, quote=True, writer=writer or signed),) if prose else ()
    if rows := _rows(listing, known):
        return (*rows[:MOST_ITEMS], *asked)
    items = (_item(one, known) for one in _listed(listing)[:MOST_ITEMS])
    if listed := tuple(item for item in items if item.text and not _only_points(item.text)):
        return (*listed, *asked)
    prose, signed = _prose(body)
    return (AgendaItem(text=prose, quote=True, writer=writer or signed),) if prose else ()


def _beside_list(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is asked for before a list or said in sentences after it, and the other lines.

    The list under a heading like `Please bring` or `Please read` is part of the request.
    """
    listed = [at for at, line in enumerate(lines) if BULLET.match(line) or _cells(line)]
    if not listed:
        return [], list(lines)
    asked: list[str] = []
    rest: list[str] = []
    is_heading = False
    for at, line in enumerate(lines):
        bullet = BULLET.match(line)
        if is_heading and bullet:
            joint = "" if asked[-1].endswith((":", "：")) else ";"  # noqa: RUF001  # as written
            asked[-1] = f"{asked[-1].rstrip('. ')}{joint} {bullet['rest'].strip().rstrip('.;,')}"
            continue
        is_heading = is_heading and not line.strip()
        goes_on = at > 0 and bool(lines[at - 1].strip()) and line[:1].isspace()
        if bullet or not line.strip() or _cells(line) or goes_on:
            rest.append(line)
        elif _asks(line):
            asked.append(line.strip())
            is_heading = line.rstrip().endswith((":", "："))  # noqa: RUF001  # as written
        elif at > listed[-1] and _is_said(line):
            asked.append(line.strip())
        else:
            rest.append(line)
    return asked, rest


def _is_said(line: str) -> bool:
    """Whether a line is a sentence written by a person rather than a program."""
    words = line.split()
    return bool(
        _SENTENCE_END.search(line)
        and (len(words) >= _WORDS_OF_A_TITLE or not line.isascii())
        and not line[0].islower()
        and not _OF_A_LINK.search(line)
        and not made_by_program(line)
    )


def _asks(line: str) -> bool:
    """Whether a line asks to bring, prepare, read or send something."""
    if made_by_program(line):
        return False
    flat = f" {plain(line).replace(',', '')} "
    if any(phrase in flat for phrase in words_of("requests")):
        return True
    told = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", flat)  # as written
    tasks = words_of("tasks")
    begins = bool(told) and told[0] in tasks
    is_polite = any(f" {one} " in flat for one in words_of("please"))
    return begins or (is_polite and not tasks.isdisjoint(told))


def _booked(text: str, known: AbstractSet[str]) -> Iterator[AgendaItem]:
    """What the guest answered to a booking tool, and what the host wrote for every guest."""
    booking = read_booking(text)
    for answer in booking.answers:
        if said := _clipped(_clean(answer), _LONGEST_QUOTE):
            yield AgendaItem(text=said, quote=True, by_guest=True)
    written = [
        line for line in booking.prose if _SENTENCE_END.search(line) or not _names(line, known)
    ]
    prose, _ = _prose(body_of(written, known)[0])
    if prose:
        yield AgendaItem(text=prose, quote=True)


def _names(line: str, known: AbstractSet[str]) -> bool:
    return not known.isdisjoint(re.findall(r"\w+", line.casefold()))


def items_of(meeting: Meeting, added: Sequence[Additions]) -> tuple[AgendaItem, ...]:
    """What is to be discussed: from the user's own file, else from the invitation."""
    own = next((one for one in added if one.notes.agenda), None)
    if own is not None:
        return tuple(
            AgendaItem(text=item.text, time=item.time or "", owner=item.owner or "")
            for item in own.notes.agenda
        )
    parties = [*meeting.attendees, *([meeting.organizer] if meeting.organizer else [])]
    return read_agenda(meeting.description, [party.name for party in parties if party.name])


def _listed(lines: Sequence[str]) -> list[str]:
    """The items as they are written: marked, beneath a heading, or a few short lines."""
    plain_lines = (_EMPHASIS.sub(r"\2\3", _TITLE_MARK.sub("", line)) for line in lines)
    lines = _enumerated(_with_times(plain_lines))  # without Markdown's signs around headings
    filled = [line for line in lines if line.strip()]
    if len(filled) == 1 and len(parts := _parts(filled[0])) > 1 and not _heading(lines)[0]:
        return parts
    at, rest = _heading(lines)
    if len(parts := _parts(rest, commas=True)) > 1:
        return parts
    below = next((line for line in lines[at:] if line.strip()), "")
    if at and BULLET.match(below):
        lines = _own_section(lines, at)
    marked = [item for item in _marked(lines) if not _is_heading(item)]
    if marked or rest:
        return marked or parts
    found = [line.strip() for line in lines[at:] if _says_something(line)]
    if at:
        return [line for line in found if not _SENTENCE_END.search(line)] or found
    if not found or not all(map(_is_short, found)):
        return []
    return found if len(found) > 1 or len(found[0].split()) <= _WORDS_OF_A_TITLE else []


def _with_times(lines: Iterable[str]) -> list[str]:
    """The lines; a time on a separate line is joined to the item after it."""
    joined: list[str] = []
    for line in lines:
        if joined and line.strip() and _TIME_ONLY.fullmatch(joined[-1].strip()):
            joined[-1] = f"{joined[-1].strip()} {line.strip()}"
        elif line.strip() or not (joined and _TIME_ONLY.fullmatch(joined[-1].strip())):
            joined.append(line)
    return joined


def _enumerated(lines: Sequence[str]) -> list[str]:
    """The lines; those numbered `1 - `, `#1`, `TOP 1:` or `1 ` are rewritten as `1.`."""
    found = [(at, m) for at, line in enumerate(lines) if (m := _ENUMERATED.fullmatch(line))]
    counted = [
        (at, m)
        for number, (at, m) in enumerate(found, 1)
        if int(m["number"]) == number
        and (m["sign"].strip() or m["rest"][0].isupper() or not m["rest"][0].isascii())
    ]
    alike = len({m["word"] and m["word"].casefold() for _, m in counted}) == 1
    if len(counted) < 2 or len(counted) < len(found) or not alike:  # noqa: PLR2004  # no list yet
        return list(lines)
    rewritten = {at: f"{m['number']}. {m['rest']}" for at, m in counted}
    return [rewritten.get(at, line) for at, line in enumerate(lines)]


def _heading(lines: Sequence[str]) -> tuple[int, str]:
    """The line after which the agenda begins, and what that line says; 0 without a heading."""
    for at, line in enumerate(lines):
        bullet = BULLET.match(line)
        if bullet and (bullet["number"] or not _is_heading(bullet["rest"])):
            continue
        if bullet or _is_heading(line):
            return at + 1, ""
        headed = _HEADED.match(line)
        if headed and _is_heading(headed["head"] + headed["colon"].strip(" -–—")):
            return at + 1, headed["rest"].strip()
    short = [line for line in lines if line.strip()]
    if len(short) > 2 and short[0].endswith((":", "：")) and all(map(_is_short, short)):  # noqa: PLR2004, RUF001
        return list(lines).index(short[0]) + 1, ""
    return 0, ""


def _is_heading(text: str) -> bool:
    """Whether a text is a heading like `Agenda`, or like `Agenda for Monday:` with a colon."""
    bare = plain(text.strip().strip("【】[]「」<>《》 "))
    if bare in words_of("headings"):
        return True
    if not text.rstrip().endswith((":", "：")) or len(bare.split()) > _WORDS_OF_A_HEADING:  # noqa: RUF001
        return False
    return _heading_inside().search(bare) is not None


@cache
def _heading_inside() -> re.Pattern[str]:
    words = sorted(words_of("headings"), key=len, reverse=True)
    spaced = "|".join(re.escape(one) for one in words if one[0] < "\u3000")
    unspaced = "|".join(re.escape(one) for one in words if one[0] >= "\u3000")
    return re.compile(rf"(?<!\w)(?:{spaced})(?!\w)|{unspaced}")


def _own_section(lines: Sequence[str], at: int) -> Sequence[str]:
    """The lines of the list under a heading, without labelled lists before and after it."""
    end = next(
        (
            n
            for n in range(at + 1, len(lines))
            if lines[n].rstrip().endswith((":", "：")) and not BULLET.match(lines[n])  # noqa: RUF001
        ),
        len(lines),
    )
    before = [line for line in lines[: at - 1] if line.strip()]
    begun = next((n for n, line in enumerate(before) if BULLET.match(line)), None)
    is_labelled = bool(begun) and before[begun - 1].rstrip().endswith((":", "："))  # type: ignore[operator]  # noqa: RUF001
    return lines[at if is_labelled else 0 : end]


def _marked(lines: Sequence[str]) -> Iterator[str]:
    """Items with a number or bullet, each with its parts and the lines that go on with it."""
    item, style, indent, apart = "", "", 0, True
    for line in lines:
        bullet = BULLET.match(line)
        if not bullet:
            if item and line.strip() and not apart and (line[0] in " \t" or line[0].islower()):
                item = f"{item} {line.strip()}"
            elif item and line.strip():
                yield item
                item = ""
            apart = not line.strip()
            continue
        rest, mark = bullet["rest"].strip(), _style(bullet)
        depth = len(bullet["indent"].expandtabs())
        is_part = depth > indent + 1 or (
            not apart and depth >= indent and mark not in {style, "emoji"}
        )
        if item and (is_part or mark == "part"):
            item = f"{item}; {rest}" if len(item) < _LONGEST_ITEM else item
        else:
            if item:
                yield item
            item, style, indent = rest, mark, depth
        apart = False
    if item:
        yield item


def _style(bullet: re.Match[str]) -> str:
    """How an item is marked, which distinguishes its parts from the next item."""
    sign, number = bullet["sign"], bullet["number"]
    if number is None:
        return "emoji" if ord(sign[0]) > 0x2600 and not "\ue000" <= sign[0] <= "\uf8ff" else sign[0]  # noqa: PLR2004
    digits = re.findall(r"\d+", number)
    return "letter" if not digits else "part" if len(digits) > 1 else "number"


def _parts(text: str, *, commas: bool = False) -> list[str]:
    """The items of a list on one line; the whole line if nothing separates them."""
    separators = [*_SEPARATORS, *([(_COMMA, 2)] if commas else [])]
    for separator, fewest in separators:
        parts = [part.strip(" ;,/") for part in separator.split(text) if part.strip(" ;,/")]
        begun = commas or fewest == 2 or not any(part[0].islower() for part in parts)  # noqa: PLR2004
        if len(parts) >= fewest and begun and (commas or all(map(_is_short, parts))):
            return parts
    return [text.strip()] if text.strip() else []


def _says_something(line: str) -> bool:
    return any(sign.isalnum() for sign in line) and not _only_points(line)


def _is_short(line: str) -> bool:
    short = len(line) <= _LONGEST_LINE and len(line.split()) <= _WORDS_OF_A_LINE
    return short and not _SENTENCE_END.search(line) and len(SENTENCES.split(line.strip())) == 1


def _only_points(text: str) -> bool:
    """Whether a text only says that something is elsewhere: `See below`, `Agenda: TBD`."""
    headed = _HEADED.match(text)
    if headed and _is_heading(headed["head"]):
        text = headed["rest"]
    return plain(text) in words_of("pointers")


def _prose(lines: Sequence[str]) -> tuple[str, str]:
    """What was written in whole sentences, as one text, and the name at its end."""
    kept = [line.strip() for line in lines if line.strip() and not _only_points(line)]
    sentences = re.split(r"(?<=[.!?。！？؟])\s+", _clean(" ".join(kept)))  # noqa: RUF001
    signed = ""
    if len(sentences) > 1 and is_name(sentences[-1]):  # "… Looking forward! Dana"
        signed = sentences.pop()
    while sentences and closes(sentences[-1]):
        sentences.pop()
    text = " ".join(sentences)
    if _only_points(text) or not re.search(r"\w{2}", text):
        return "", ""
    return _clipped(text, _LONGEST_QUOTE), signed


def _clean(text: str) -> str:
    """A text without passcodes, and without links that stand in for words or grant access."""
    text = _BRACKETED_LINK.sub("", without_secrets(text))
    text = _BOLD.sub(r"\2", text)
    text = _LINK.sub(lambda link: "" if _OPENS_TO_ANYBODY.search(link[0]) else link[0], text)
    return " ".join(text.split()).strip(" <>")


def _clipped(text: str, most: int) -> str:
    """A text cut after a sentence or a word to at most that many characters."""
    if len(text) <= most:
        return text
    head = text[:most]
    whole = [found.end() for found in re.finditer(r"[.!?。！？؟](?=\s)", head)]  # noqa: RUF001
    if whole and whole[-1] > most // 2:
        return f"{head[: whole[-1]]} …"
    return f"{head.rpartition(' ')[0] or head}…"


def _rows(lines: Sequence[str], known: AbstractSet[str]) -> tuple[AgendaItem, ...]:
    """The rows of a table, whose cells are separated by bars or tabs."""
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
    if BULLET.match(line) or not re.search(r"\||\t", bare):
        return []
    return [cell.strip() for cell in re.split(r"\s*\|\s*|\t+", bare)]


@cache
def _columns() -> dict[str, frozenset[str]]:
    data: Any = read_built_in("brief/agenda.yaml")
    return {name: frozenset(map(plain, words)) for name, words in data["columns"].items()}


def _table(rows: Sequence[list[str]], known: AbstractSet[str]) -> Iterator[AgendaItem]:
    head = {name: at for at, cell in enumerate(rows[0]) for name, words in _columns().items()
            if plain(cell) in words}  # fmt: skip
    for row in rows[1:] if head else rows:
        time = head.get(
            "time", next((n for n, cell in enumerate(row) if _TIME_ONLY.fullmatch(cell)), -1)
        )
        owner = head.get("owner", next((n for n, c in enumerate(row) if names_only(c, known)), -1))
        topic = head.get("topic", next((n for n in range(len(row)) if n not in {time, owner}), 0))
        text = _clean(row[topic])[:_LONGEST_ITEM]
        if text:
            yield AgendaItem(
                text=text,
                time=row[time] if time >= 0 else "",
                owner=row[owner] if owner >= 0 else "",
            )


def _item(text: str, known: AbstractSet[str]) -> AgendaItem:
    """An item whose time and owner are taken out of the text."""
    item = AgendaItem(text=_clean(text)[:_LONGEST_ITEM])
    if _LINK.fullmatch(item.text):
        return AgendaItem(text="")
    first = _TIME_FIRST.fullmatch(item.text)
    if first and not (first["rest"][0].islower() and first["time"][-1].isalpha()):
        item = item.replace(text=first["rest"].strip(), time=first["time"].strip())
    if first := _OWNER_FIRST.fullmatch(item.text):
        given = (first["bracket"] or first["at"] or first["name"]).strip()
        if given[0] == "@" or names_only(given, known):
            item = item.replace(text=first["rest"].strip(), owner=given.lstrip("@"))
    while (shorter := _without_last(item, known)) is not None:
        item = shorter
    return item


def _without_last(item: AgendaItem, known: AbstractSet[str]) -> AgendaItem | None:
    """An item without the time or owner after it; None if there is neither."""
    for behind in _BEHIND:
        if not (found := behind.fullmatch(item.text)):
            continue
        rest, last = found["rest"].strip(" ,|-–—:"), found["last"].strip()
        if not item.time and _TIME_ONLY.fullmatch(last):
            return item.replace(text=rest, time=last)
        owner = re.sub(r"(?i)\Aowner:?\s*", "", last).lstrip("@")
        is_bracketed = item.text.endswith((")", "]"))
        if not item.owner and (names_only(owner, known) or (is_bracketed and _is_owner(owner))):
            return item.replace(text=rest, owner=owner)
    return None


def _is_owner(words: str) -> bool:
    """Whether words in brackets are a name, by their capitals."""
    parts = [part for part in re.split(r"[\s,/&+]+", words) if part]
    if not 0 < len(parts) <= _MOST_OWNER_WORDS:
        return False
    return all(part[0].isupper() and part[1:].islower() for part in parts)
