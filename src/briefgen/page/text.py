"""Text made to fit: clipped between words, and what stays together on a line.

Spaces are made no-break ones here. In the page they become a space and a word joiner: a no-break
space shares its glyph with the plain one, so that one of them would make readers of the PDF find it
in the place of every space.
"""

import re
from datetime import date
from functools import cache
from typing import Final

import regex

from briefgen.workspace.language import Language

ELLIPSIS = "…"
MOST_MARKS = 6
"""Combining marks that one sign may carry; more are a trick, and would run over other lines."""

_NARROW = frozenset("iljtfrI.,:;!'’“”|()[]- \u00a0")
_WIDE = frozenset("mwMWQO@%—")
_GRAPHEME = regex.compile(r"\X")
_TOO_MANY_MARKS = regex.compile(rf"(\p{{M}}{{{MOST_MARKS}}})\p{{M}}+")
_SENTENCE_END = regex.compile(r"[.!?\u3002\uff01\uff1f؟।…][\"'”’»)\]]*(?=\s)|[\u3002\uff01\uff1f]")
_WORD_END = regex.compile(r"(?<=\S)[^\S\u00a0]")
NO_BREAK: Final = "\u00a0"
JOINER: Final = "\u2060"
_YEAR: Final = 2000
_MONTHS: Final = 12
_FRENCH: Final = re.compile(r" (?=[:;?!»](?:\s|$|[)\u2069]))|(?<=«) ")
_JAPANESE: Final = re.compile(r"(?<=\d)(?=[年月日])|(?<=[年月])(?=\d)")


def clip(text: str, most: int) -> str:
    """`text` in at most `most` graphemes, the ellipsis that says so among them.

    It ends at a sentence in the last half of that room, else at a word in the last half, else
    between two graphemes.
    """
    if len(text) <= most:
        return text
    start = _graphemes(text, most)
    if len(start) == len(text):
        return text
    if most < 2:  # noqa: PLR2004  # no room for a sign and the ellipsis
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
    """About how wide `text` is set, in halves of a letter."""
    narrow = sum(map(_NARROW.__contains__, text))
    return 2 * length(text) - narrow + sum(map(_WIDE.__contains__, text))


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
    """`text` with its dates, and the signs that French sets apart, kept from breaking."""
    name = language.locale.language
    if name == "fr":
        text = _FRENCH.sub(NO_BREAK, text)
    if not any(map(str.isdecimal, text)):
        return text
    if name == "ja":
        return _JAPANESE.sub(JOINER, text)
    return _dates(language).sub(lambda found: found[0].replace(" ", NO_BREAK), text)


_SPACED: Final = re.compile(r"(?<=\S) (?=\S{1,9}\Z)")
_LAST_KANA: Final = re.compile(r"([\u3041-\u9fff])([\u3041-\u9fff])([\u3041-\u9fff]\W?)\Z")
_LONG_ENOUGH: Final = 24


def unwidowed(text: str, language: Language) -> str:
    """`text` whose last word does not stand alone on a line, where it is a short one."""
    if language.locale.language == "ja":
        return _LAST_KANA.sub(rf"\1{JOINER}\2{JOINER}\3", text)
    if len(text) < _LONG_ENOUGH or language.right_to_left:
        return text
    return _SPACED.sub(NO_BREAK, text)


@cache
def _dates(language: Language) -> re.Pattern[str]:
    """A date in words: day and month, month and year, or all three."""
    firsts = [date(_YEAR, month, 1) for month in range(1, _MONTHS + 1)]
    names = {language.month_name(day) for day in firsts}
    names |= {
        language.short_month(day).replace(str(_YEAR), "").replace(" de ", "").strip()
        for day in firsts
    }
    month = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    day, of, year = r"\d{1,2}(?:\.|er|º)?", "(?: de)? ", r"\d{4}"
    return re.compile(
        rf"(?<!\w)(?:{day}{of}(?:{month})(?:{of}{year})?|(?:{month}){of}(?:{year}|\d{{1,2}}))(?!\w)"
    )
