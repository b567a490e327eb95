"""The page's own words and links, and text made to fit: clipped, and kept together on a line.

Spaces are made no-break ones here. In the page they become a space and a word joiner: a no-break
space shares its glyph with the plain one, so a single one would replace every space when the PDF is
read.
"""

import re
from datetime import date, time
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final
from unicodedata import east_asian_width
from urllib.parse import quote, urlsplit

import regex

from briefgen.brief.brief import Brief
from briefgen.brief.stops import is_on_a_map, is_online
from briefgen.workspace.language import Language

if TYPE_CHECKING:
    from budoux import Parser

ELLIPSIS = "…"
_LONGEST_PLACE: Final = 110
MOST_MARKS = 6
"""The most combining marks on one sign; more are a trick, and would overlap other lines."""

_NARROW = frozenset("iljtfrI.,:;!'’“”|()[]- \u00a0")
_WIDE = frozenset("mwMWQO@%—")
_GRAPHEME = regex.compile(r"\X")
_TOO_MANY_MARKS = regex.compile(rf"(\p{{M}}{{{MOST_MARKS}}})\p{{M}}+")
_SENTENCE_END = regex.compile(r"[.!?\u3002\uff01\uff1f؟।…][\"'”’»)\]]*(?=\s)|[\u3002\uff01\uff1f]")
_WORD_END = regex.compile(r"(?<=\S)[^\S\u00a0]")
NO_BREAK: Final = "\u00a0"
JOINER: Final = "\u2060"
_YEAR: Final = 2000
_TIME: Final = r"\d{1,2}[:.h]\d{2}(?:\s\S{1,2})?"
_MONTHS: Final = 12
_FRENCH: Final = re.compile(r" (?=[:;?!»](?:\s|$|[)\u2069]))|(?<=«) ")
_JAPANESE: Final = re.compile(r"(?<=\d)(?=[年月日])|(?<=[年月])(?=\d)")


def clip(text: str, most: int) -> str:
    """`text` in at most `most` graphemes, including the ellipsis.

    It is cut after a sentence in the second half, else after a word in the second half, else
    between two graphemes.
    """
    if len(text) <= most:
        return text
    start = _graphemes(text, most)
    if len(start) == len(text):
        return text
    if most < 2:  # noqa: PLR2004  # no room for a sign and an ellipsis
        return ELLIPSIS[:most]
    room = _graphemes(start, most - 1)
    half = len(room) // 2
    for end in (_SENTENCE_END, _WORD_END):
        ends = [found for found in end.finditer(text, 0, len(room) + 1) if half < found.start()]
        ends = [
            found for found in ends if found.end() <= len(room) + 1 and found.start() < len(room)
        ]
        if ends:
            cut = ends[-1].end() if end is _SENTENCE_END else ends[-1].start()
            return (
                f"{room[:cut].rstrip()} {ELLIPSIS}"
                if end is _SENTENCE_END
                else (room[:cut].rstrip(" ,;:–-") + ELLIPSIS)
            )
    return room + ELLIPSIS


def length(text: str) -> int:
    """How many graphemes `text` has."""
    return len(text) if text.isascii() else len(_GRAPHEME.findall(text))


def breadth(text: str) -> int:
    """The approximate width of `text`, in halves of a letter; an East Asian sign counts twice."""
    narrow = sum(map(_NARROW.__contains__, text))
    wide = sum(map(_WIDE.__contains__, text))
    return 2 * length(text) - narrow + wide + 2 * sum(east_asian_width(one) == "W" for one in text)


def without_towers(text: str) -> str:
    """`text` with at most `MOST_MARKS` combining marks on one sign."""
    return str(_TOO_MANY_MARKS.sub(r"\1", text))


def _graphemes(text: str, count: int) -> str:
    """The first `count` graphemes of `text`."""
    end = 0
    for at, found in enumerate(_GRAPHEME.finditer(text)):
        if at == count:
            break
        end = found.end()
    return text[:end]


def bound(text: str, language: Language) -> str:
    """`text` with no line breaks in dates, or before the signs that French sets apart."""
    name = language.locale.language
    if name == "fr":
        text = _FRENCH.sub(NO_BREAK, text)
    if not any(map(str.isdecimal, text)):
        return text
    if name == "ja":
        return _JAPANESE.sub(JOINER, text)
    return _dates(language).sub(lambda found: found[0].replace(" ", NO_BREAK), text)


_LAST_WORDS: Final = re.compile(r"(?<!\S)(?:(?=.{1,14}\Z)\S+ \S{1,3} \S+|(?=.{1,20}\Z)\S+ \S+)\Z")
"""The last two, or three with an article, if they are short enough for a narrow column."""
_PART: Final = re.compile(r"[^\s,、،][^,、،]*")
_HYPHENATED: Final = re.compile(r"(?<![\w@./-])(?:\w{1,3}-\w{1,9}|[\w’]{1,12}-\w{1,5})(?![\w@/-])")
"""Words as short as `go-live` and `kick-off`, which break nowhere."""
_LONG_ENOUGH: Final = 24
_SHORT: Final = 20
_SHORT_IN_JAPANESE: Final = 12
"""A language whose signs are twice as wide."""
SHORT_FACT: Final = 32
"""The longest fact after the place, in characters, that is kept on one line."""


def in_one_piece(text: str, most: int = _SHORT) -> str:
    """A short text with no break in it: `with Dana`, `not met`."""
    if length(text) > most:
        return text
    whole = text.replace(" ", NO_BREAK)
    return _WITHIN_A_WORD.sub(JOINER, whole) if length(text) <= _SHORT_IN_JAPANESE else whole


def unwidowed(text: str, language: Language) -> str:
    """`text` whose last word, if short, is not left alone on a line."""
    if len(text) < _LONG_ENOUGH or language.right_to_left:
        return text
    return _LAST_WORDS.sub(lambda found: found[0].replace(" ", NO_BREAK), text)


def in_whole_parts(role: str, most: int) -> str:
    """A role that breaks after its commas: `Head of Operations, Nordwind`.

    A part with more than `most` characters breaks as any text does.
    """
    return _PART.sub(lambda found: in_one_piece(found[0], most), role)


_JAPANESE_TEXT: Final = re.compile(r"(?<=>)[^<]*[\u3041-\u9fff][^<]*(?=<)")
_WITHIN_A_WORD: Final = re.compile(
    r"(?<=[\u3041-\u30ff\u4e00-\u9fff])(?=[\u3041-\u30ff\u4e00-\u9fff])"
)


def in_phrases(html: str) -> str:
    """Japanese `html` whose lines break only between phrases, as a careful typesetter does.

    The typesetter has no `word-break: auto-phrase`: it would break a line between any two signs.
    """
    return _JAPANESE_TEXT.sub(lambda found: _in_phrases(found[0]), html)


@lru_cache(maxsize=4096)
def _in_phrases(text: str) -> str:
    return "".join(_WITHIN_A_WORD.sub(JOINER, phrase) for phrase in _phrases().parse(text))


@cache
def _phrases() -> "Parser":
    from budoux import load_default_japanese_parser  # noqa: PLC0415  # only for Japanese pages

    return load_default_japanese_parser()


@cache
def _dates(language: Language) -> re.Pattern[str]:
    """A date in words (day and month, month and year, or all three), and from when to when."""
    firsts = [date(_YEAR, month, 1) for month in range(1, _MONTHS + 1)]
    names = {language.month_name(day) for day in firsts}
    names |= {
        language.short_month(day).replace(str(_YEAR), "").replace(" de ", "").strip()
        for day in firsts
    }
    month = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    day, of, year = r"\d{1,2}(?:\.|er|º)?", "(?: de)? ", r"\d{4}"
    to = re.escape(language.text("{start} to {end}", start="|", end="|").split("|")[1])
    return re.compile(
        rf"(?<!\w)(?:{day}{of}(?:{month})(?:{of}{year})?|(?:{month}){of}(?:{year}|\d{{1,2}})"
        rf"|{_TIME}{to}{_TIME})(?!\w)"
    )


ZERO_WIDTH_SPACE: Final = "\u200b"
_LONG_WORD: Final = regex.compile(r"[^\s\u2068\u2069\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]{31,}")
"""A word longer than a line may break anywhere; otherwise its ellipsis would be in the margin."""
_PIECES: Final = regex.compile(r"\X{1,8}")
_APOSTROPHE: Final = re.compile(r"(?<=\w)'(?=\w)")
_ADDRESS: Final = regex.compile(r"(?<!\S)[^\s@]{1,64}@[^\s@]{4,}(?!\S)")


def _with_its_break(found: regex.Match[str]) -> str:
    name, _, host = found[0].partition("@")
    whole = [part.replace("-", f"-{JOINER}") for part in (name, host)]
    return f"{whole[0]}{ZERO_WIDTH_SPACE}@{whole[1]}"


def tidy(text: str, most: int) -> str:
    """`text` on one line, in at most `most` graphemes; an address breaks before its sign.

    Between letters a straight apostrophe is set as a curved one, and short words keep their hyphen.
    """
    clipped = clip(without_towers(" ".join(text.split())), most)
    if "'" in clipped and "@" not in clipped:
        clipped = _APOSTROPHE.sub("’", clipped)
    clipped = _ADDRESS.sub(_with_its_break, clipped)
    if "-" in clipped:
        clipped = _HYPHENATED.sub(lambda found: found[0].replace("-", f"-{JOINER}"), clipped)
    return str(
        _LONG_WORD.sub(lambda found: ZERO_WIDTH_SPACE.join(_PIECES.findall(found[0])), clipped)
    )


_WEB = ("http", "https")
_MAIL_ADDRESS = re.compile(r"[^\s@<>\"']{1,64}@[^\s@<>\"']{1,255}\Z")
_MAP = "https://www.openstreetmap.org/search?query="


def meeting_day(brief: Brief, language: Language) -> str:
    """Like "Monday 23 November 2026", the first day of the meeting."""
    return language.day_heading(brief.start.date())


def meeting_hours(brief: Brief, language: Language) -> str:
    """Like "10:00–11:00"; an all-day meeting says so."""
    if is_all_day(brief):
        return language.text("all day")
    start = language.clock_time(brief.start)
    if brief.end <= brief.start:
        return start
    if brief.end.date() == brief.start.date():
        return f"{start}–{language.clock_time(brief.end)}"
    until = language.short_date(brief.end.date(), beside=brief.start.date())
    return f"{start} – {until} {language.clock_time(brief.end)}"


def where_facts(
    place: str, join_link: str | None, language: Language
) -> list[dict[str, str | None]]:
    """The place and the address to join, each with its link: `Teams: teams.example`."""
    facts: list[dict[str, str | None]] = []
    join, place = web_link(join_link), " ".join(place.split())
    if place and not (join and "://" in place):
        link = web_link(place) or map_link(place)
        facts.append({"text": tidy(place, _LONGEST_PLACE), "link": link})
    if join:
        host = tidy(host_name(join), 40)
        if facts and is_online(place):  # one place, not two
            host = language.labelled(str(facts.pop()["text"]), host)
        elif facts:
            host = language.text("or {host}", host=host)
        facts.append({"text": host, "link": join})
    return facts


def is_all_day(brief: Brief) -> bool:
    """Whether a meeting takes whole days."""
    return brief.start.time() == time() == brief.end.time() and brief.end > brief.start


def why_plain(kind: str, language: Language) -> str:
    """Why a page has only the text of a brief, by the kind of `workers.Failure`."""
    match kind:
        case "time":
            why = language.text("typesetting took too long")
        case "memory":
            why = language.text("typesetting needed too much memory")
        case _:
            why = language.text("typesetting failed")
    return language.text("Only the essentials: {why}.", why=why)


def web_link(address: str | None) -> str | None:
    """`address` if it is a web address, else None."""
    if not address or any(sign.isspace() for sign in address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme.lower() in _WEB and parts.netloc else None


def host_name(address: str) -> str:
    """The host of a web address, without `www.`."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def mail_link(address: str | None) -> str | None:
    """A `mailto:` for an address, else None."""
    if not address or not _MAIL_ADDRESS.match(address):
        return None
    return "mailto:" + quote(address, safe="@+.-_~!$'*=")


def telephone_link(number: str | None) -> str | None:
    """A `tel:` for a telephone number (RFC 3966), else None."""
    digits = re.sub(r"[\s()./\u2010-\u2015-]", "", number or "")
    return f"tel:{digits}" if re.fullmatch(r"\+?[0-9]{3,20}", digits) else None


def map_link(place: str) -> str | None:
    """The address of a map of a place; empty if nobody can go there."""
    if not is_on_a_map(place):
        return None
    return _MAP + quote(place[:200], safe="")
