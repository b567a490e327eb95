"""The patterns of all languages, and where they are in a text."""

import marshal
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import Final

from briefgen.brief.word_families.patterns import (
    MOST_WORDS_KNOWN,
    Pattern,
    Relations,
    Span,
    Token,
    distinctive_stems,
    forms_in_any_language,
    pattern_of,
    spellings,
    token_of,
    variants,
    words_of_pattern,
)
from briefgen.brief.words import UNSPACED, stems_in
from briefgen.workspace.value import Value

_PACKED_BY: Final = 3
"""Keys are packed by this many of their first letters."""
_SHORTEST: Final = 3
"""Shorter beginnings are shared by too many words to be keys."""


class Hit(Value, frozen=True, kw_only=True):
    """Where a pattern was found in a text."""

    language: str
    family: str
    pattern: str
    span: Span
    words: str


Written = tuple[int, str, str, str, int]
"""A pattern's number, its language, its family, its text, and the place of its key word."""
Index = tuple[dict[str, bytes], list[tuple[str, str, str]]]
"""Patterns by the first letters of their key words, and the patterns of unspaced languages.

The key word of a pattern is its longest, since `the` begins many patterns and is in most texts. Its
keys are `form=`, `beginning*`, `*end` and `stem~de`. A workspace needs few of the 20,000 keys: the
others stay packed, in 2 MB instead of 9.
"""
_OTHERS: Final = ""
"""The key of patterns whose key word cannot be looked up, such as `*krebs*`."""


def index_of(
    patterns: Iterable[tuple[str, str, str]],
    relations: Callable[[str], Relations],
    small: Callable[[str], Sequence[Collection[str]]],
) -> Index:
    """The index of patterns, each with its language and its family.

    Args:
        patterns: the language, the family and the text of each.
        relations: the relations of a language.
        small: sets of a language's small words; a word in several of them identifies less.
    """
    found: dict[str, dict[str, list[Written]]] = {}
    unspaced: list[tuple[str, str, str]] = []
    for number, (language, family, written) in enumerate(patterns):
        if UNSPACED.search(written):
            unspaced.append((language, family, _together(written)))
            continue
        for one in variants(written):
            places = words_of_pattern(one)
            at = _most_telling(places, small(language))
            entry = (number, language, family, one, at)
            words = relations(language).listed if places[at] == "@" else places[at].split("/")
            for key in dict.fromkeys(key for word in words for key in _keys(word, language)):
                found.setdefault(key[:_PACKED_BY], {}).setdefault(key, []).append(entry)
    return {beginning: marshal.dumps(keys) for beginning, keys in found.items()}, unspaced


def _most_telling(places: Sequence[str], small: Sequence[Collection[str]]) -> int:
    """The place of a pattern's longest word before anything of unknown length.

    Small words come last: `ex` identifies a pattern better than the `the` before it.
    """
    if len(places) == 1 or places[0] == "@":
        return 0
    known = list(takewhile(lambda place: place not in {"@", "\u2026"}, places))

    def told(at: int) -> tuple[int, int, int]:
        words = [word.strip("^*=~!").casefold() for word in known[at].split("/")]
        smallness = sum(any(word in those for word in words) for those in small)
        return -smallness, min(map(len, words)), at

    return max(range(len(known)), key=told)


def _keys(word: str, language: str) -> Iterator[str]:
    """The keys of a pattern with this key word."""
    bare = word.strip("*=~!")
    if word == "^" or (word.startswith("*") and word.endswith("*")):
        yield _OTHERS
    elif word.startswith("*"):
        yield from (f"*{form[-_SHORTEST:]}" for form in spellings(bare, language))
    elif word.endswith("*"):
        for form in spellings(bare, language):
            yield f"{form}*" if len(form) >= _SHORTEST else _OTHERS
    else:
        yield from (f"{form}=" for form in spellings(bare, language))
        if word[:1] not in "=~!" and language != "ar":
            yield from (f"{stem}~{language}" for stem in distinctive_stems(bare, language))


class Matcher:
    """Finds the patterns in a text.

    Attributes:
        found_by: the patterns of which a word is the key word, and its place in each.
    """

    def __init__(
        self, index: Index, languages: Sequence[str], relations: Callable[[str], Relations]
    ) -> None:
        self._index, self._unspaced = index
        self._languages = languages
        self._relations = relations
        self.found_by = lru_cache(maxsize=MOST_WORDS_KNOWN)(self._find)
        self._others = self._unpack(_OTHERS)[_OTHERS]

    def hits(self, tokens: Sequence[Token]) -> Iterator[Hit]:
        """Every match of a pattern, in whatever language."""
        for at, token in enumerate(tokens):
            for pattern, place in self.found_by(token.typed):
                end = pattern.end_around(tokens, at, place, self._relations(pattern.language))
                if end is not None:
                    span = Span(start=at - place, end=end)
                    yield Hit(
                        language=pattern.language,
                        family=pattern.family,
                        pattern=pattern.written,
                        span=span,
                        words=" ".join(one.typed for one in tokens[span.start : end]),
                    )

    def unspaced_hits(self, text: str) -> Iterator[Hit]:
        """The same for patterns that are found anywhere, between words or within them."""
        if not UNSPACED.search(text):
            return
        together = _together(text)
        for language, family, piece in self._unspaced:
            at = together.find(piece)
            while at >= 0:
                span = Span(start=at, end=at + len(piece))
                yield Hit(language=language, family=family, pattern=piece, span=span, words=piece)
                at = together.find(piece, at + 1)

    def _find(self, typed: str) -> tuple[tuple[Pattern, int], ...]:
        """The patterns of which a word is the key word, and its place in each."""
        found, token = [], token_of(typed)
        for _, language, family, written, place in dict.fromkeys(self._near(token)):
            pattern = pattern_of(family, written, language)
            element = pattern.elements[place]
            if element.relation or element.fits(token):
                found.append((pattern, place))
        return tuple(found)

    def _near(self, token: Token) -> Iterator[Written]:
        """The patterns that share a key with a word; a number, frequent in notes, has one key."""
        number = token.typed.isdigit()
        keys: list[list[str]] = []
        for form in forms_in_any_language(token):
            if number:
                keys.append([f"{form}="])
            else:
                beginnings = [f"{form[:end]}*" for end in range(_SHORTEST, len(form) + 1)]
                keys += [[f"*{form[-_SHORTEST:]}"], [f"{form}="], beginnings]
        if not number:
            yield from self._others
            keys += [
                [f"{one}~{code}"] for code in self._languages for one in stems_in(token.whole, code)
            ]
        packed = {key[:_PACKED_BY] for alike in keys for key in alike} & self._index.keys()
        found: dict[str, list[Written]] = {}
        for beginning in packed:
            found |= self._unpack(beginning)
        for alike in keys:
            yield from sorted(entry for key in alike for entry in found.get(key, ()))

    def _unpack(self, beginning: str) -> dict[str, list[Written]]:
        unpacked: dict[str, list[Written]] = marshal.loads(self._index[beginning])  # noqa: S302  # our own
        return unpacked


def _together(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
