"""Words as they are compared: without case, accents and Arabic clitics, and by their stems.

Stems are those of Snowball; the languages asked are English, the user's own, and the one a word's
script tells.
"""

# ruff: noqa: RUF001  # Arabic letters look like Latin ones to the linter

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, Protocol

import Stemmer

_STEMMERS: Final = {
    "en": "english",
    "de": "german",
    "fr": "french",
    "es": "spanish",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "ar": "arabic",
    "el": "greek",
    "ru": "russian",
}
ARABIC: Final = re.compile(r"[\u0600-\u06ff]")
_PREFIXES: Final = re.compile(r"[وف]?(?:بال|كال|ال|لل|[بلكس])?")
"""Conjunction, preposition and article."""
_SUFFIXES: Final = frozenset(
    """
    ه ها هم هما هن نا ي ك كم ات ون ين ان وا ت تا تم ا ته تها تهم تي تك تنا اته اتها اتهم
    """.split()  # noqa: SIM905  # a list of words reads better as words
)
_SHORTEST_ARABIC: Final = 3
_ONE_SPELLING: Final = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"})
_SCRIPTS: Final = (
    ("ar", ARABIC),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
_BETWEEN_SENTENCES: Final = re.compile(
    r"(?<=[.!?\u061f])(?<!\b\d\.)(?<!\b\d\d\.)\s+(?=\S)"  # not in `4.2` or `30. November`
    r"|(?<=[.!?\u061f][\"'\u201d\u2019\u00bb)])\s+(?=\S)"
    r"|(?<=[\u3002\uff01\uff1f])(?![\u300d\u300f\u3002\uff01\uff1f])\s*(?=\S)|(?<=;)\s+"
)
_SHORTENED: Final = re.compile(
    r"(?:^|[\s(])(?:incl|inkl|excl|approx|resp|bzw|evtl|ca|vs|dr|prof|mr|mrs|ms|st|mme|sr|sra|dott"
    r"|e\.g|i\.e|z\.b|d\.h|u\.a|p\.ex|no|nr|tel)\.$",
    re.IGNORECASE,
)
"""An abbreviation, after whose point a sentence goes on."""
_QUOTE_BEGINS: Final = re.compile(r"(?<!\w)[\"'\u201c\u201e\u00ab\u2018](?=\w)")
_QUOTE_ENDS: Final = re.compile(r"(?<=[\w.!?\u2026])[\"'\u201d\u201c\u00bb\u2019](?!\w)")
_WORD: Final = re.compile(r"[^\W_]+")
_POSSESSIVE: Final = re.compile(r"['\u2019]s?\b")
UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts that write no spaces between words; Korean does."""
_PERHAPS_ACCENTS: Final = re.compile(r"[\u0300-\U0010ffff]+")
"""Before them there are none."""
INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  # Snowball's name


@cache
def _stemmer(language: str) -> _Stemmer:
    made: _Stemmer = Stemmer.Stemmer(_STEMMERS[language], 0)  # its words are known by their stems
    return made


def fold(text: str) -> str:
    """A text without case, accents and invisible characters."""
    if text.isascii():
        return text.lower()
    seen = INVISIBLE.sub("", text)
    split = unicodedata.normalize("NFKD", seen.casefold())
    return unicodedata.normalize("NFC", _PERHAPS_ACCENTS.sub(_without_accents, split))


def _without_accents(found: re.Match[str]) -> str:
    return "".join([sign for sign in found[0] if not unicodedata.combining(sign)])


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as typed, without case and invisible characters."""
    if text.isascii():
        return tuple(_WORD.findall(_POSSESSIVE.sub(" ", text.lower())))
    seen = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return tuple(_WORD.findall(_POSSESSIVE.sub(" ", seen.casefold())))


@lru_cache(maxsize=4_000)
def stems(word: str, language: str) -> frozenset[str]:
    """The stems a word may have, without accents: in English, in `language`, by its script."""
    asked = {"en", language} & _STEMMERS.keys()
    if not word.isascii():
        asked |= {named for named, script in _SCRIPTS if script.search(word)}
    flat = fold(word)
    found = {flat}
    for one in asked:
        found.add(fold(_stemmer(one).stemWord(word)))
        found.add(_stemmer(one).stemWord(flat))
    return frozenset(found)


@lru_cache(maxsize=1_000)
def stems_in(word: str, language: str) -> frozenset[str]:
    """The stems of a word in one language, without accents; none where it has no stemmer.

    Of an English adverb there is none: `kindly` is no form of `kind`.
    """
    if language not in _STEMMERS or (language == "en" and word.endswith("ly")):
        return frozenset()
    stemmer = _stemmer(language)
    return frozenset({fold(stemmer.stemWord(word)), stemmer.stemWord(fold(word))})


def _is_within_a_quote(part: str) -> bool:
    """Whether a quotation begins in a text and does not end there."""
    return len(_QUOTE_BEGINS.findall(part)) > len(_QUOTE_ENDS.findall(part))


def holds_a_quote(text: str) -> bool:
    """Whether a text quotes somebody."""
    return _QUOTE_BEGINS.search(text) is not None and _QUOTE_ENDS.search(text) is not None


def sentences_of(text: str) -> tuple[str, ...]:
    """A note sentence by sentence; what ends with a semicolon counts as one."""
    found: list[str] = []
    for part in _BETWEEN_SENTENCES.split(text):
        if found and (_SHORTENED.search(found[-1]) or _is_within_a_quote(found[-1])):
            found[-1] += f" {part.strip()}"
        elif part.strip():
            found.append(part.strip())
    return tuple(found)


def in_one_spelling(word: str) -> str:
    """An Arabic word without accents, its variant letters written in one way."""
    return word.translate(_ONE_SPELLING)


def without_prefixes(word: str) -> Iterator[str]:
    """An Arabic word, and what it is without conjunction, preposition and article."""
    found = _PREFIXES.match(word)
    cuts = {0} | ({1} if word[:1] in "وفبلكس" else set()) | ({found.end()} if found else set())
    yield from (word[cut:] for cut in sorted(cuts) if len(word) - cut >= _SHORTEST_ARABIC - 1)


def without_clitics(word: str) -> Iterator[str]:
    """Every word that an Arabic word may be without its prefixes and suffixes, itself first."""
    for bare in without_prefixes(word):
        yield bare
        for length in (1, 2, 3, 4):
            if len(bare) - length >= _SHORTEST_ARABIC and bare[-length:] in _SUFFIXES:
                yield bare[:-length]
                yield bare[:-length] + "ه"
