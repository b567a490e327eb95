"""Phrases: how notes say in their own words that something is secret, unneeded or for sale."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Final, Literal

from briefgen.brief.word_families.families import (
    LANGUAGES,
    language_file,
    languages_of,
    mentions_in,
)
from briefgen.brief.word_lists import WordLists
from briefgen.brief.words import fold, stems
from briefgen.workspace.built_in import read_as

PhraseKind = Literal[
    "secret",
    "sworn",
    "one_to_one",
    "dunning",
    "known_by_all",
    "job_search",
    "thanks",
    "left_to_them",
    "suspicion",
    "wants_time",
    "school_start",
    "bargaining",
    "pointing",
    "of_another",
    "unkind",
    "apologised",
    "settled",
    "wish",
    "no_wish",
    "left_work",
    "others_lose_work",
    "lost_own_work",
    "joke",
    "asking",
    "harm",
    "against",
    "blame",
    "unnamed",
    "harsh",
    "left_alone",
    "handing",
    "relative",
    "funeral",
    "goes_on",
    "recipient",
    "rang",
    "celebration",
    "diet",
    "walking",
    "smoking",
    "away",
    "news",
    "seeking",
    "estate",
    "both",
    "changed",
    "count",
    "money_owed",
    "absence",
    "untold",
    "untold_them",
]
_ALWAYS: Final = "en"
_ROLES: Final = "roles"
_AT_THE_ENDS: Final = " .!?,;:\u2026\u3002\uff01\u060c\u061f\u00a1\u00bf\u00ab\u00bb\"'()"


def says(kind: PhraseKind, text: str, languages: tuple[str, ...]) -> bool:
    """Whether a text holds a phrase of a kind in some languages or in its own."""
    return says_where(kind, text, languages) is not None


def says_any(kinds: Iterable[PhraseKind], text: str, languages: tuple[str, ...]) -> bool:
    """Whether a text holds a phrase of any of some kinds; most texts hold none at all."""
    found = _phrases().found_in(text)
    return bool(found) and any(kind in found and says(kind, text, languages) for kind in kinds)


def says_where(kind: PhraseKind, text: str, languages: tuple[str, ...]) -> str | None:
    """The phrase as it is in the text without case and accents; None where there is none."""
    return _phrases().first(kind, text, lambda: (*languages_of(text, languages), _ALWAYS))


@cache
def _phrases() -> WordLists:
    return WordLists({kind: lists for kind, lists in _read().items() if kind != _ROLES})


@cache
def roles() -> frozenset[str]:
    """Words of a title that name a rank and no field of work, with their stems."""
    words = (word for words in _read()[_ROLES].values() for word in words)
    return frozenset().union(*(stems(word, code) for word in words for code in ("en", "de", "fr")))


@cache
def _read() -> dict[str, dict[str, tuple[str, ...]]]:
    """The phrases of each kind, by language, and the words of titles that name a rank."""
    return read_as(dict[str, dict[str, tuple[str, ...]]], "brief/phrases.yaml")


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
    return bool(mentions_in(text, languages, among=("pitch",)))


@lru_cache(maxsize=128)
def reading_languages(*codes: str | None) -> tuple[str, ...]:
    """The languages to read notes in: those of some locales and tags that are known, and English.

    The first is the workspace's own.
    """
    known: Iterator[str] = (re.split(r"[-_]", code)[0].casefold() for code in codes if code)
    return tuple(dict.fromkeys((*(code for code in known if code in LANGUAGES), "en")))
