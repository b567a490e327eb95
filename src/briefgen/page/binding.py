"""What stays together on a line: a day and its month, a French sign and the word before it.

Spaces are made no-break ones here. In the page they become a space and a word joiner: a no-break
space shares its glyph with the plain one, so that one of them would make readers of the PDF find it
in the place of every space.
"""

import re
from datetime import date
from functools import cache
from typing import Final

from briefgen.workspace.language import Language

NO_BREAK: Final = "\u00a0"
JOINER: Final = "\u2060"
_YEAR: Final = 2000
_MONTHS: Final = 12
_FRENCH: Final = re.compile(r" (?=[:;?!»](?:\s|$|[)\u2069]))|(?<=«) ")
_JAPANESE: Final = re.compile(r"(?<=\d)(?=[年月日])|(?<=[年月])(?=\d)")


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
