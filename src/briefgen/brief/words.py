"""Words as they are compared: without case and accents, and by their stems.

Stems are those of Snowball; the languages asked are English, the user's own, and the one a word's
script tells.
"""

import re
import unicodedata
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
_SCRIPTS: Final = (
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
_BETWEEN_SENTENCES: Final = re.compile(r"(?<=[.!?\u3002\uff01\uff1f\u061f])\s*(?=\S)|;\s+")
_WORD: Final = re.compile(r"[^\W_]+")
_POSSESSIVE: Final = re.compile(r"['\u2019]s?\b")
UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts that write no spaces between words, but for Korean, which does."""
_PERHAPS_ACCENTS: Final = re.compile(r"[\u0300-\U0010ffff]+")
"""Before them there are none."""
INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  # Snowball's name


@cache
def _stemmer(language: str) -> _Stemmer:
    made: _Stemmer = Stemmer.Stemmer(_STEMMERS[language])
    return made


def fold(text: str) -> str:
    """A text without case, accents and signs that cannot be seen."""
    if text.isascii():
        return text.lower()
    seen = INVISIBLE.sub("", text)
    split = unicodedata.normalize("NFKD", seen.casefold())
    return unicodedata.normalize("NFC", _PERHAPS_ACCENTS.sub(_without_accents, split))


def _without_accents(found: re.Match[str]) -> str:
    return "".join([sign for sign in found[0] if not unicodedata.combining(sign)])


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, as typed but for case and signs that cannot be seen."""
    if text.isascii():
        return tuple(_WORD.findall(_POSSESSIVE.sub(" ", text.lower())))
    seen = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return tuple(_WORD.findall(_POSSESSIVE.sub(" ", seen.casefold())))


@lru_cache(maxsize=20_000)
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


@lru_cache(maxsize=4_000)
def stems_in(word: str, language: str) -> frozenset[str]:
    """The stems of a word in one language, without accents; none where it has no stemmer.

    Of an English adverb there is none: `kindly` is no form of `kind`.
    """
    if language not in _STEMMERS or (language == "en" and word.endswith("ly")):
        return frozenset()
    stemmer = _stemmer(language)
    return frozenset({fold(stemmer.stemWord(word)), stemmer.stemWord(fold(word))})


def sentences_of(text: str) -> tuple[str, ...]:
    """A note sentence by sentence; what stands beside a semicolon counts as one."""
    return tuple(part.strip() for part in _BETWEEN_SENTENCES.split(text) if part.strip())
