"""What people note in words of their own: no need at all, a silence asked for, a pitch."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final

from briefgen.brief.word_families.families import (
    LANGUAGES,
    language_file,
    languages_of,
    mentions_in,
)
from briefgen.brief.words import fold

_PITCH: Final = "pitch"
_AT_THE_ENDS: Final = " .!?,;:\u2026\u3002\uff01\u060c\u061f\u00a1\u00bf\u00ab\u00bb\"'()"


def is_nothing(needs: str) -> bool:
    """Whether a noted need says that there is none: `nothing`, `keine`, `rien`, `特になし`."""
    return _bare(needs) in _nothing()


@cache
def _nothing() -> frozenset[str]:
    return frozenset(_bare(word) for code in LANGUAGES for word in language_file(code).nothing)


def _bare(text: str) -> str:
    return " ".join(fold(text).strip(_AT_THE_ENDS).split()) or text.strip()


@lru_cache(maxsize=5_000)
def not_to_be_asked(text: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """What a note says is not to be asked about: `the move`, of `do not ask about the move`."""
    found = (
        match["what"].strip(_AT_THE_ENDS)
        for pattern in _silences(languages_of(text, languages))
        for match in pattern.finditer(text)
    )
    return tuple(dict.fromkeys(one for one in found if one))


@cache
def _silences(languages: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(_as_expression(written), re.IGNORECASE)
        for code in languages
        for written in language_file(code).not_asked
    )


def _as_expression(written: str) -> str:
    """`do not ask about {}` as a regular expression; what is silenced ends with its sentence."""
    what = r"(?P<what>[^.!?;\n\u3002\u061f]+" + ("?)" if not written.endswith("{}") else ")")
    return written.replace(" ", r"\s+").replace("{}", what)


def is_pitch(text: str, languages: tuple[str, ...]) -> bool:
    """Whether a text puts something up for sale, by its sense.

    `Bring the quotation` does; `the quotation from Rilke` and `the discount complaint` do not.
    """
    return any(one.family == _PITCH for one in mentions_in(text, languages))


@lru_cache(maxsize=128)
def reading_languages(*codes: str | None) -> tuple[str, ...]:
    """The languages to read notes in: those of some locales and tags that are known, and English.

    The first is the workspace's own.
    """
    known: Iterator[str] = (re.split(r"[-_]", code)[0].casefold() for code in codes if code)
    return tuple(dict.fromkeys((*(code for code in known if code in LANGUAGES), "en")))
