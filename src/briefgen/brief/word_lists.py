"""Word lists: named lists of words and phrases, all looked for in one reading of a text.

A piece counts where it begins a word, whatever its case and accents. With `=` before it, it is a
whole word; with `*`, it ends one. Pieces of scripts without spaces count anywhere.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, chain
from typing import Final, NamedTuple

import ahocorasick

from briefgen.brief.words import UNSPACED, fold

_MOST_TEXTS_KNOWN: Final = 5_000
"""As many as the notes of a brief of ten people."""
ANY: Final = "any"
"""The language of pieces that count in all."""


class Found(NamedTuple):
    """Where a piece was found in a text without case and accents; the least is the first."""

    start: int
    minus_length: int


class _Piece(NamedTuple):
    """A piece of a list, and whether a word must begin and end with it."""

    name: str
    language: str
    length: int
    begins: bool
    ends: bool


class WordLists:
    """Lists of words, each by its name and language, found by Aho and Corasick's algorithm.

    Args:
        lists: the pieces of each list, by its name and then by their language.
    """

    def __init__(self, lists: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
        pieces: dict[str, set[_Piece]] = {}
        for name, by_language in lists.items():
            for language, written in by_language.items():
                for one in chain.from_iterable(map(_spellings, written)):
                    bare = one.lstrip("=*")
                    anywhere = one.startswith("*") or UNSPACED.search(one)
                    piece = _Piece(name, language, len(bare), not anywhere, one != bare)
                    pieces.setdefault(bare, set()).add(piece)
        self._automaton = ahocorasick.Automaton()
        for bare, those in pieces.items():
            self._automaton.add_word(bare, tuple(those))
        self._automaton.make_automaton()
        self._first_of_each: Callable[[str], Mapping[str, Mapping[str, Found]]] = lru_cache(
            _MOST_TEXTS_KNOWN
        )(self._read)

    def first(self, name: str, text: str, read_in: Callable[[], Iterable[str]]) -> str | None:
        """The first piece of a list in a text, as it is there without case and accents.

        `read_in` gives the languages to read the text in, and is asked only where it matters.
        """
        by_language = self._first_of_each(text).get(name)
        if by_language is None:
            return None
        found = [by_language[code] for code in {ANY, *read_in()} if code in by_language]
        if not found:
            return None
        start, minus_length = min(found)
        return flat(text)[start : start - minus_length]

    def found_in(self, text: str) -> Collection[str]:
        """The names of the lists of which a text has a piece, in whatever language."""
        return self._first_of_each(text).keys()

    def texts_with(self, texts: Sequence[str]) -> Mapping[str, Sequence[int]]:
        """The places of the texts that have a piece of each list, in whatever language."""
        read = [flat(text) for text in texts]
        ends = list(accumulate(len(text) + 1 for text in read))
        found: dict[str, set[int]] = {}
        for piece, start in self._pieces_in("\n".join(read)):
            found.setdefault(piece.name, set()).add(bisect_right(ends, start))
        return {name: sorted(places) for name, places in found.items()}

    def _read(self, text: str) -> Mapping[str, Mapping[str, Found]]:
        """The first piece of each list and language in a text."""
        found: dict[str, dict[str, Found]] = {}
        for piece, start in self._pieces_in(flat(text)):
            by_language = found.setdefault(piece.name, {})
            one = Found(start, -piece.length)
            before = by_language.get(piece.language)
            if before is None or one < before:
                by_language[piece.language] = one
        return found

    def _pieces_in(self, read: str) -> Iterable[tuple[_Piece, int]]:
        if not self._automaton:
            return
        for last, pieces in self._automaton.iter(read):
            end = last + 1
            in_word = end < len(read) and _is_of_a_word(read[end])
            for piece in pieces:
                start = end - piece.length
                if piece.begins and start and _is_of_a_word(read[start - 1]):
                    continue
                if not (piece.ends and in_word):
                    yield piece, start


def _spellings(written: str) -> set[str]:
    """A piece, also as it is typed in haste: `dont mention`."""
    return {flat(written), flat(written).replace("n't", "nt")}


def flat(text: str) -> str:
    """A text without case and accents, as the lists are compared."""
    return fold(text).replace("\u2019", "'")


def _is_of_a_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"
