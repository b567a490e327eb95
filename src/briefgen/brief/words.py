"""Words: how they are compared, what a text is about, and which texts are about the same things.

Words are compared without case, accents and Arabic clitics, and by their stems. Stems are those of
Snowball in English, the user's own language, and the one a word's script implies.
"""

# ruff: noqa: RUF001  # Arabic letters look like Latin ones to the linter

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate, chain, islice
from typing import Final, Protocol

import Stemmer

from briefgen.workspace.built_in import read_built_in


def word_list(name: str) -> frozenset[str]:
    """One of the lists in `word_lists.yaml`."""
    return frozenset(read_built_in("brief/word_lists.yaml")[name])


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
_SUFFIXES: Final = word_list("arabic_suffixes")
_SHORTEST_ARABIC: Final = 3
_ONE_SPELLING: Final = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"})
_SCRIPTS: Final = (
    ("ar", ARABIC),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
_BETWEEN_SENTENCES: Final = re.compile(
    r"(?<=[.!?;\u061f\u3002\uff01\uff1f\"'\u201d\u2019\u00bb)])"  # as most characters are not
    r"(?:(?<=[.!?\u061f])(?<!\b\d\.)(?<!\b\d\d\.)\s+(?=\S)"  # not in `4.2` or `30. November`
    r"|(?<=[.!?\u061f][\"'\u201d\u2019\u00bb)])\s+(?=\S)"
    r"|(?<=[\u3002\uff01\uff1f])(?![\u300d\u300f\u3002\uff01\uff1f])\s*(?=\S)|(?<=;)\s+)"
)
_SHORTENED: Final = re.compile(
    r"(?:^|[\s(])(?:incl|inkl|excl|approx|resp|bzw|evtl|ca|vs|dr|prof|mr|mrs|ms|st|mme|sr|sra|dott"
    r"|e\.g|i\.e|z\.b|d\.h|u\.a|p\.ex|no|nr|az|abs|tel)\.$",
    re.IGNORECASE,
)
"""An abbreviation, whose full stop does not end a sentence."""
_QUOTE_BEGINS: Final = re.compile(r"(?<!\w)[\"'\u201c\u201e\u00ab\u2018](?=\w)")
_QUOTE_ENDS: Final = re.compile(r"(?<=[\w.!?\u2026])[\"'\u201d\u201c\u00bb\u2019](?!\w)")
_WORD: Final = re.compile(r"[^\W_]+")
_POSSESSIVE: Final = re.compile(r"['\u2019]s?\b")
UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts without spaces between words (Korean has them)."""
_PERHAPS_ACCENTS: Final = re.compile(r"[\u0300-\U0010ffff]+")
"""No character before these has an accent."""
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
    """The possible stems of a word without accents: in English, `language`, and by its script."""
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
    """The stems of a word in one language, without accents; none if there is no stemmer for it.

    English adverbs have none: `kindly` is no form of `kind`.
    """
    if language not in _STEMMERS or (language == "en" and word.endswith("ly")):
        return frozenset()
    stemmer = _stemmer(language)
    return frozenset({fold(stemmer.stemWord(word)), stemmer.stemWord(fold(word))})


def _is_within_a_quote(part: str) -> bool:
    """Whether a quotation begins in a text and does not end there."""
    return len(_QUOTE_BEGINS.findall(part)) > len(_QUOTE_ENDS.findall(part))


def holds_a_quote(text: str) -> bool:
    """Whether a text quotes someone."""
    return _QUOTE_BEGINS.search(text) is not None and _QUOTE_ENDS.search(text) is not None


@lru_cache(maxsize=4_000)
def sentences_of(text: str) -> tuple[str, ...]:
    """The sentences of a note; a clause that ends with a semicolon counts as one."""
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
    """An Arabic word, and its forms without conjunction, preposition and article."""
    found = _PREFIXES.match(word)
    cuts = {0} | ({1} if word[:1] in "وفبلكس" else set()) | ({found.end()} if found else set())
    yield from (word[cut:] for cut in sorted(cuts) if len(word) - cut >= _SHORTEST_ARABIC - 1)


def without_clitics(word: str) -> Iterator[str]:
    """What may be left of an Arabic word without prefixes and suffixes, the word itself first."""
    for bare in without_prefixes(word):
        yield bare
        for length in (1, 2, 3, 4):
            if len(bare) - length >= _SHORTEST_ARABIC and bare[-length:] in _SUFFIXES:
                yield bare[:-length]
                yield bare[:-length] + "ه"


_SHORTEST: Final = 4
_BEGINNING: Final = 4
"""How many first letters two forms of a word share."""
_NEXT: Final = "\0"
_BETWEEN: Final = f" {_NEXT} "
_ONLY_WORDS: Final = bytes(code if chr(code).isalnum() or not code else 32 for code in range(256))
"""Keeps the words of an ASCII text and the character that separates it from the next."""
_MOST: Final = 40
"""The most words that a text is taken to be about."""
_NOTHING: Final[frozenset[str]] = frozenset()
EMPTY_WORDS: Final = word_list("empty")


def topic_words(text: str) -> tuple[str, ...]:
    """The words that say what a text is about; in unspaced scripts, every two characters."""
    found: dict[str, None] = {}
    for word in words_of(text):
        flat = fold(word)
        if UNSPACED.search(flat):
            found.update(dict.fromkeys(flat[at : at + 2] for at in range(len(flat) - 1)))
        elif len(flat) >= _SHORTEST and flat not in EMPTY_WORDS and not flat.isdigit():
            found[word] = None
    return tuple(found)


class Topics:
    """What one or several texts are about: their content words in every form.

    Attributes:
        of_each: the topics of each text.
    """

    def __init__(self, texts: Iterable[str], *languages: str) -> None:
        self._languages = languages
        self._by_stem: dict[str, frozenset[str]] = {}
        self.of_each = tuple([topic_words(text) for text in texts])
        words = dict.fromkeys(chain.from_iterable(self.of_each))
        for word in islice(words, _MOST):
            for stem in self._stems(word):
                self._by_stem[stem] = self._by_stem.get(stem, _NOTHING) | {word}
        self._beginnings = frozenset([stem[:_BEGINNING] for stem in self._by_stem])
        self._by_word: dict[str, frozenset[str]] = {}

    def _stems(self, word: str) -> Iterable[str]:
        """The stems of a word in all of the languages."""
        if len(self._languages) == 1:
            return stems(word, self._languages[0])
        return _NOTHING.union(*(stems(word, one) for one in self._languages))

    def touched_by(self, texts: Sequence[str]) -> dict[int, frozenset[str]]:
        """The topics that each of some texts touches, by its place, if it touches any.

        ASCII texts are searched as one, since hardly any word in them begins like a topic.
        """
        found = self._touched_by_plain([text if text.isascii() else "" for text in texts])
        for place, text in enumerate(texts):
            if not text.isascii() and any(map(fold(text).__contains__, self._beginnings)):
                found[place] = _NOTHING.union(*map(self._meant_by, topic_words(text)))
        return {place: found[place] for place in sorted(found) if found[place]}

    def _touched_by_plain(self, texts: Iterable[str]) -> dict[int, frozenset[str]]:
        """The same for texts in ASCII."""
        flat = f" {_BETWEEN.join(texts)} ".lower()
        near = [one for one in self._beginnings if one in flat]
        if not near:  # as with most texts
            return {}
        flat = flat.encode().translate(_ONLY_WORDS).decode()
        ends = list(accumulate([len(text) + 1 for text in flat.split(_NEXT)]))
        known = self._by_word
        found: dict[int, frozenset[str]] = {}
        for beginning in [f" {one}" for one in near]:
            at = flat.find(beginning) + 1
            while at:
                word = flat[at : flat.find(" ", at)]
                place = bisect_right(ends, at)
                meant = known[word] if word in known else self._meant_by(word)
                found[place] = found[place] | meant if place in found else meant
                at = flat.find(beginning, at) + 1
        return found

    def _meant_by(self, word: str) -> frozenset[str]:
        """The topics that a word means, cached since one word is in many notes."""
        if word not in self._by_word:
            found = (self._by_stem.get(stem, _NOTHING) for stem in self._stems(word))
            self._by_word[word] = _NOTHING.union(*found)
        return self._by_word[word]


def share_words(one: str, other: str, language: str) -> bool:
    """Whether two texts share at least one word, in any of its forms."""
    return bool(Topics([one], language).touched_by([other]))


def weights(touches: Iterable[frozenset[str]]) -> dict[str, float]:
    """The weight of each topic: the rarer among the texts, the higher."""
    counts = Counter(topic for topics in touches for topic in topics)
    return {topic: 1 / count for topic, count in counts.items()}


_SHORT: Final = 3
_LITTLE_WORDS: Final = word_list("little")


@lru_cache(maxsize=1_000)
def content_words(text: str) -> tuple[str, ...]:
    """Like `topic_words`, but with the short words found in short notes: `map`, `son`."""
    short = (
        word
        for word in words_of(text)
        if len(fold(word)) == _SHORT and fold(word) not in _LITTLE_WORDS
    )
    return tuple(dict.fromkeys((*topic_words(text), *short)))


@lru_cache(maxsize=5_000)
def content_stems(text: str, language: str) -> frozenset[str]:
    """The stems of everything that a short note is about."""
    return frozenset().union(*(stems(word, language) for word in content_words(text)))
