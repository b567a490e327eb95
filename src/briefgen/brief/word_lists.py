"""Word lists: named lists of words and phrases, all looked for in one reading of a text.

A piece counts where it begins a word, whatever its case and accents. With `=` before it, it is a
whole word; with `*`, it ends one. Pieces of scripts without spaces count anywhere.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, chain
from typing import Final, NamedTuple

import ahocorasick

from briefgen.brief.words import UNSPACED, fold

_MOST_TEXTS_KNOWN: Final = 5_000
"""As many as the notes of a brief of ten people."""
ANY: Final = "any"
"""The language of pieces that count in all."""


class _Piece(NamedTuple):
    """A piece of a list, and whether a word must end with it."""

    name: str
    language: str
    bare: str
    ends: bool


Found = tuple[int, int, str]
"""Where a piece begins, its negative length, and the piece; the least is the first and longest."""
_NOT_WITHIN_A_WORD: Final = re.compile(r"(?<!\w)(?=.)", re.DOTALL)
_MARK: Final = "\0"
"""Put before each word, so that a piece that begins one is never compared within another."""


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
                    marked = _marked(bare).removeprefix(_MARK if anywhere else "")
                    pieces.setdefault(marked, set()).add(_Piece(name, language, bare, one != bare))
        self._automaton = ahocorasick.Automaton()
        for marked, those in pieces.items():
            self._automaton.add_word(marked, (len(marked.removeprefix(_MARK)), tuple(those)))
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
        return min(found)[-1] if found else None

    def found_in(self, text: str) -> Collection[str]:
        """The names of the lists of which a text has a piece, in whatever language."""
        return self._first_of_each(text).keys()

    def texts_with(self, texts: Sequence[str]) -> Mapping[str, Sequence[int]]:
        """The places of the texts that have a piece of each list, in whatever language."""
        read = [_marked(flat(text)) for text in texts]
        ends = list(accumulate(len(text) + 1 for text in read))
        found: dict[str, set[int]] = {}
        for piece, start in self._pieces_in("\n".join(read)):
            found.setdefault(piece.name, set()).add(bisect_right(ends, start))
        return {name: sorted(places) for name, places in found.items()}

    def _read(self, text: str) -> Mapping[str, Mapping[str, Found]]:
        """The first piece of each list and language in a text."""
        found: dict[str, dict[str, Found]] = {}
        for piece, start in self._pieces_in(_marked(flat(text))):
            by_language = found.setdefault(piece.name, {})
            one = (start, -len(piece.bare), piece.bare)
            by_language[piece.language] = min(one, by_language.get(piece.language, one))
        return found

    def _pieces_in(self, marked: str) -> Iterator[tuple[_Piece, int]]:
        """The pieces in a text with a mark before each word, and where each begins."""
        if not self._automaton:
            return
        for last, (length, pieces) in self._automaton.iter(marked):
            start, after = last + 1 - length, marked[last + 1 : last + 2]
            for piece in pieces:
                if not (piece.ends and (after.isalnum() or after == "_")):
                    yield piece, start


def _marked(text: str) -> str:
    return _NOT_WITHIN_A_WORD.sub(_MARK, text)


def _spellings(written: str) -> set[str]:
    """A piece, also as it is typed in haste: `dont mention`."""
    return {flat(written), flat(written).replace("n't", "nt")}


def flat(text: str) -> str:
    """A text without case and accents, as the lists are compared."""
    return fold(text).replace("\u2019", "'")
