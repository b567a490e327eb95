"""All patterns of one language, and where they stand in a text."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Final

from briefgen.brief.word_families.patterns import (
    MOST_WORDS_KNOWN,
    Pattern,
    Relations,
    Span,
    Token,
    forms,
    pattern_of,
    spellings,
    telling_stems,
    token_of,
    variants,
    words_of_pattern,
)
from briefgen.brief.words import UNSPACED, stems_in
from briefgen.workspace.value import Value

_BEGINNING: Final = 3
"""By so many letters the patterns that tell a beginning are found."""


class Hit(Value, frozen=True, kw_only=True):
    """Where a pattern stands in a text."""

    family: str
    pattern: str
    span: Span
    words: str


Written = tuple[str, str, int]
"""A pattern's family, the pattern as written, and the place of the word it is found by."""
Index = tuple[dict[str, tuple[Written, ...]], list[tuple[str, str]]]
"""Patterns by what finds them, and those of unspaced text, each with its family: plain data.

What finds a pattern is the longest of its words, since `the` begins many and a text has it often:
as `=form`, as `~stem`, by how it `begins*`, as a relation (`@`), or nothing that can be looked up.
"""
_OTHERS: Final = ""


def index_of(patterns: Iterable[tuple[str, str]], language: str, relations: Relations) -> Index:
    """Of pairs of a family and a pattern as written."""
    found: dict[str, list[Written]] = {}
    unspaced: list[tuple[str, str]] = []
    for family, written in patterns:
        if UNSPACED.search(written):
            unspaced.append((family, _together(written)))
            continue
        for one in variants(written):
            places = words_of_pattern(one)
            at = _most_telling(places, relations)
            entry = (family, one, at)  # one for all that find it: there are tens of thousands
            for word in places[at].split("/"):
                for key in _keys(word, language):
                    found.setdefault(key, []).append(entry)
    return {key: tuple(entries) for key, entries in found.items()}, unspaced


def _most_telling(places: Sequence[str], relations: Relations) -> int:
    """The place of a pattern's longest word before anything of unknown length.

    `ex` tells more than the `the` before it.
    """
    if len(places) == 1 or places[0] == "@":
        return 0
    known = list(takewhile(lambda place: place not in {"@", "\u2026"}, places))
    return max(range(len(known)), key=lambda at: (_least_length(known[at], relations), at))


def _least_length(place: str, relations: Relations) -> int:
    words = [word.strip("^*=~!") for word in place.split("/")]
    small = any(word and relations.before.fits(token_of(word)) for word in words)
    return 0 if small else min(map(len, words))


def _keys(word: str, language: str) -> Iterator[str]:
    """What finds a pattern with such a word."""
    bare = word.strip("*=~!")
    if word == "@":
        yield word
    elif word == "^" or word.startswith("*"):
        yield _OTHERS
    elif word.endswith("*"):
        for form in spellings(bare, language):
            yield f"{form[:_BEGINNING]}*" if len(form) >= _BEGINNING else _OTHERS
    else:
        yield from (f"={form}" for form in spellings(bare, language))
        if word[:1] not in "=~!" and language != "ar":
            yield from (f"~{stem}" for stem in telling_stems(bare, language))


class Matcher:
    """All patterns of one language, and where they stand in a text.

    Each is compiled when a text first has the word it is found by, which of thousands few do.
    """

    def __init__(self, language: str, index: Index, relations: Relations) -> None:
        """Of the index of its patterns."""
        self._language = language
        self._relations = relations
        self._index, self._unspaced = index
        self._known: dict[str, tuple[tuple[Pattern, int], ...]] = {}
        self._compiled: dict[tuple[str, str], Pattern] = {}

    def hits(self, text: str, tokens: Sequence[Token]) -> Iterator[Hit]:
        """Every mention of every family."""
        for at, token in enumerate(tokens):
            for pattern, before in self._found_by(token):
                start = at - before
                end = pattern.ends_at(tokens, start, self._relations) if start >= 0 else None
                if end is not None:
                    yield Hit(
                        family=pattern.family,
                        pattern=pattern.written,
                        span=Span(start=start, end=end),
                        words=" ".join(one.typed for one in tokens[start:end]),
                    )
        if self._unspaced and UNSPACED.search(text):
            yield from self._unspaced_hits(_together(text))

    def families_of(self, token: Token) -> Iterator[str]:
        """The families of which no spaced mention is without a word like this one."""
        return (pattern.family for pattern, _ in self._found_by(token))

    def _unspaced_hits(self, together: str) -> Iterator[Hit]:
        for family, piece in self._unspaced:
            at = together.find(piece)
            while at >= 0:
                span = Span(start=at, end=at + len(piece))
                yield Hit(family=family, pattern=piece, span=span, words=piece)
                at = together.find(piece, at + 1)

    def _found_by(self, token: Token) -> tuple[tuple[Pattern, int], ...]:
        """The patterns that hold a word, and at which of their places."""
        if token.typed not in self._known:
            if len(self._known) > MOST_WORDS_KNOWN:
                self._known.clear()
            self._known[token.typed] = tuple(self._find(token))
        return self._known[token.typed]

    def _find(self, token: Token) -> Iterator[tuple[Pattern, int]]:
        number = token.typed.isdigit()  # of which a note has many, and hardly a pattern any
        keys = [] if number else [_OTHERS]
        for form in forms(token, self._language):
            keys += (f"={form}", f"{form[:_BEGINNING]}*")
        if not number:
            keys += (f"~{stem}" for stem in stems_in(token.whole, self._language))
        if self._relations.words.fits(token):
            keys.append("@")
        near = dict.fromkeys(one for key in keys for one in self._index.get(key, ()))
        for family, written, at in near:
            pattern = self._compile(family, written)
            element = pattern.elements[at]
            if element.relation or element.fits(token):
                yield pattern, at

    def _compile(self, family: str, written: str) -> Pattern:
        if (family, written) not in self._compiled:
            self._compiled[family, written] = pattern_of(family, written, self._language)
        return self._compiled[family, written]


def _together(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
