"""Patterns of words and phrases, and where they occur in a text.

A pattern is written as in the YAML files beside this module:

    divorce         the word in any of its forms, by its stem
    divorc*         a word that begins so; `*scheidung` ends so, `*scheidung*` holds it
    =fired          exactly this form; `~sue` the same, typed in lower case; `!Sue` typed so
    split/splits up a phrase; a slash separates alternatives for one place
    lay … off       with up to three other words between
    lost @          a relation: `her husband`, `our son`; `^` is a name (a word with a capital)

Japanese patterns are found anywhere, since the words are not separated by spaces. An Arabic pattern
also matches with its article, conjunctions and pronouns.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from typing import Final

from briefgen.brief.words import (
    ARABIC,
    INVISIBLE,
    fold,
    in_one_spelling,
    stems_in,
    without_clitics,
    without_prefixes,
)
from briefgen.workspace.value import Value

_TOKEN: Final = re.compile(r"[^\W_]+|[.!?;\n\u061b\u061f]")
_POSSESSIVE: Final = re.compile(r"(?<=\w)['\u2019]s\b")
_ARABIC_ACCENTS: Final = re.compile(r"[\u064b-\u065f\u0670\u0640]")
_SENTENCE_ENDS: Final = frozenset(".!?;\n\u061b\u061f")
_WITH_UMLAUTS: Final = frozenset({"de"})
"""Languages in which accents distinguish words: `schwül` is not `schwul`."""
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_SHORTEST_STEM: Final = 4
"""A shorter stem belongs to too many words: `conned` would be Spanish `con`."""
_BETWEEN: Final = 3
"""How many words there may be where a pattern has `…`."""
_NEEDS_ACCENTS: Final = 5
"""In a shorter word accents always count: `né` is not `ne`."""
MOST_WORDS_KNOWN: Final = 10_000
MOST_TEXTS_KNOWN: Final = 5_000
"""A brief of ten people with long files has 2,000 texts."""


class Token(Value, frozen=True, kw_only=True):
    """A word of a text, or the end of a sentence (`.`).

    Attributes:
        typed: as in the text.
        whole: without case.
        flat: without case and accents.
    """

    typed: str
    whole: str
    flat: str

    @property
    def is_name(self) -> bool:
        """Whether it is written with a capital, or in a script that has none."""
        return self.typed[0].isupper() or not (self.typed.isascii() or self.typed[0].islower())


class Span(Value, frozen=True, kw_only=True):
    """A stretch of a text, in tokens; of unspaced text, in characters."""

    start: int
    end: int

    def within(self, other: "Span") -> bool:
        """Whether it is within another."""
        return other.start <= self.start and self.end <= other.end


@lru_cache(maxsize=MOST_TEXTS_KNOWN)
def words_typed_in(text: str) -> frozenset[str]:
    """The words of a text, as typed."""
    if "\n" in text:  # most lines are known already
        return frozenset().union(*map(words_typed_in, text.split("\n")))
    return frozenset(typed_in(text))


@lru_cache(maxsize=MOST_TEXTS_KNOWN)
def tokens_of(text: str) -> tuple[Token, ...]:
    """The words of a text and the ends of its sentences."""
    return tuple([token_of(one) for one in typed_in(text)])


@lru_cache(maxsize=MOST_TEXTS_KNOWN)
def typed_in(text: str) -> tuple[str, ...]:
    """The same, as typed."""
    normal = text
    if not text.isascii():
        normal = _ARABIC_ACCENTS.sub("", INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))
    if "'" in normal or "\u2019" in normal:
        normal = _POSSESSIVE.sub(" ", normal)
    return tuple(_TOKEN.findall(normal))


@lru_cache(maxsize=MOST_WORDS_KNOWN)
def token_of(typed: str) -> Token:
    """One word of a text."""
    flat = fold(typed)
    if ARABIC.search(flat):
        flat = in_one_spelling(flat)
    return Token(typed=typed, whole=unicodedata.normalize("NFC", typed.casefold()), flat=flat)


@dataclass(frozen=True, kw_only=True, slots=True)
class Element:
    """What one place of a pattern matches."""

    language: str
    exact: frozenset[str] = frozenset()
    strict: frozenset[str] = frozenset()
    typed: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    gap: bool = False
    relation: bool = False
    name: bool = False

    def is_exactly(self, token: Token) -> bool:
        """Whether a word of a text is one of these, in this very form."""
        return token.whole in self.exact | self.strict or token.flat in self.exact

    def fits(self, token: Token) -> bool:
        """Whether a word of a text may be here."""
        if self.name:
            return token.is_name
        if token.typed in self.typed:
            return True
        ways = forms(token, self.language)
        if self.strict and not self.strict.isdisjoint(_strict_forms(token, self.language)):
            return True
        if not self.exact.isdisjoint(ways):
            return True
        if self.stems and not self.stems.isdisjoint(stems_in(token.whole, self.language)):
            return True
        return bool(self.begins or self.ends or self.holds) and any(
            form.startswith(self.begins)
            or form.endswith(self.ends)
            or any(one in form for one in self.holds)
            for form in ways
        )


def forms(token: Token, language: str) -> tuple[str, ...]:
    """How a word may be compared: with and without accents, of Arabic without its clitics."""
    if language in _WITH_UMLAUTS:
        return (token.whole,)
    if language != "ar":
        return (token.flat,) if token.flat == token.whole else (token.whole, token.flat)
    return tuple(without_clitics(token.flat))


def forms_in_any_language(token: Token) -> Iterable[str]:
    """Every form that some language compares."""
    arabic = without_clitics(token.flat) if ARABIC.search(token.flat) else ()
    return dict.fromkeys((token.whole, token.flat, *arabic))


def _strict_forms(token: Token, language: str) -> tuple[str, ...]:
    """How a word is compared with one that matches in its exact form alone."""
    return tuple(without_prefixes(token.whole)) if language == "ar" else forms(token, language)


class Pattern(Value, frozen=True, kw_only=True):
    """A pattern of one family."""

    language: str
    family: str
    written: str
    elements: tuple[Element, ...]

    def ends_at(self, tokens: Sequence[Token], start: int, relations: "Relations") -> int | None:
        """The place after the last token of a mention that begins at `start`; None without one."""
        return _end(self.elements, tokens, start, relations)

    def end_around(
        self, tokens: Sequence[Token], at: int, place: int, relations: "Relations"
    ) -> int | None:
        """The same, if the token at `at` is known to fit the element at `place`.

        The elements before it are single words.
        """
        if len(self.elements) == 1:
            return at + 1
        start = at - place
        if start < 0:
            return None
        for element, token in zip(self.elements[:place], tokens[start:at], strict=True):
            if not element.fits(token):
                return None
        return _end(self.elements[place + 1 :], tokens, at + 1, relations)


class Relations(Value, frozen=True, kw_only=True):
    """The words of a language for relations, and the small words before them.

    Attributes:
        listed: the words for relations, as written in the file.
    """

    words: Element
    before: Element
    listed: tuple[str, ...]

    def end(self, tokens: Sequence[Token], at: int) -> int | None:
        """The place after a relation that begins at `at`: `her dear husband`."""
        for place in range(at, min(at + 3, len(tokens))):
            if self.words.fits(tokens[place]):
                return place + 1
            if not self.before.fits(tokens[place]):
                return None
        return None


def _end(
    elements: Sequence[Element], tokens: Sequence[Token], at: int, relations: Relations
) -> int | None:
    for number, element in enumerate(elements):
        if element.gap:
            return _end_after_gap(elements[number + 1 :], tokens, at, relations)
        end = _end_of_one(element, tokens, at, relations)
        if end is None:
            return None
        at = end
    return at


def _end_of_one(
    element: Element, tokens: Sequence[Token], at: int, relations: Relations
) -> int | None:
    if element.relation:
        return relations.end(tokens, at)
    return at + 1 if at < len(tokens) and element.fits(tokens[at]) else None


def _end_after_gap(
    rest: Sequence[Element], tokens: Sequence[Token], at: int, relations: Relations
) -> int | None:
    for place in range(at, min(at + _BETWEEN + 1, len(tokens))):
        if (end := _end(rest, tokens, place, relations)) is not None:
            return end
        if tokens[place].typed in _SENTENCE_ENDS:
            return None
    return None


def element_of(written: str, language: str) -> Element:
    """What one place of a pattern matches: one word, or any of several separated by slashes."""
    if written == "…":
        return Element(language=language, gap=True)
    if written == "@":
        return Element(language=language, relation=True)
    if written == "^":
        return Element(language=language, name=True)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for word in written.split("/"):
        for kind, form in _forms_to_find(word, language):
            found[kind].add(form)
    return Element(
        language=language,
        exact=frozenset(found["exact"]),
        strict=frozenset(found["strict"]),
        typed=frozenset(found["typed"]),
        stems=frozenset(found["stems"]),
        begins=tuple(sorted(found["begins"])),
        ends=tuple(sorted(found["ends"])),
        holds=tuple(sorted(found["holds"])),
    )


def _forms_to_find(word: str, language: str) -> Iterator[tuple[str, str]]:
    """The forms of one word of a pattern, each with the field of an element that it belongs to."""
    ways = spellings(word.strip("*~="), language)
    if word.startswith(("~", "!")):
        yield "typed", word[1:]
    elif word.startswith("=") and language == "ar":
        yield "strict", word[1:].casefold()
    elif word.startswith("="):
        yield from (("strict", way) for way in ways)
    elif "*" in word:
        at = "holds" if word[0] == word[-1] else "ends" if word[0] == "*" else "begins"
        yield from ((at, way) for way in ways)
    else:
        yield from (("exact", way) for way in ways)
        if language != "ar":
            yield from (("stems", stem) for stem in distinctive_stems(word, language))


def distinctive_stems(word: str, language: str) -> set[str]:
    """The stems of a word that are long enough to be its own."""
    return {stem for stem in stems_in(word, language) if len(stem) >= _SHORTEST_STEM}


def spellings(word: str, language: str) -> set[str]:
    """How a word may be written: with its accents, and without if that is not another word."""
    whole = unicodedata.normalize("NFC", word.casefold())
    flat = fold(word)
    if language == "ar":
        return {in_one_spelling(flat)}
    if language in _WITH_UMLAUTS:
        return {whole, whole.translate(_UMLAUTS)}
    return {whole, flat} if flat == whole or len(flat) >= _NEEDS_ACCENTS else {whole}


_SPLITS: Final = re.compile(r"[^\w\s/*=~!^@\u2026]")
"""A pattern whose hyphens and apostrophes are separated as in a text."""
_GENITIVES: Final = re.compile(r"(?<=\w)['\u2019]s\b|['\u2019](?=[/\s]|$)")


def words_of_pattern(written: str) -> list[str]:
    """The places of a pattern, each a word or several with slashes."""
    bare = _GENITIVES.sub("", written)
    return _SPLITS.sub(" ", bare).split()


def variants(written: str) -> Iterator[str]:
    """A pattern, or several in place of one with a word of two parts among its alternatives."""
    if "/" not in written:
        yield " ".join(written.split())
        return
    places = [_alternatives(place) for place in written.split()]
    yield from (" ".join(chosen) for chosen in product(*places))


def _alternatives(place: str) -> list[str]:
    words = place.split("/")
    split = [word for word in words if len(words_of_pattern(word)) > 1]
    rest = "/".join(word for word in words if word not in split)
    return [*split, *([rest] if rest else [])] if len(words) > 1 and split else [place]


@cache
def pattern_of(family: str, written: str, language: str) -> Pattern:
    """A pattern as written; few of the thousands are ever needed."""
    elements = tuple(element_of(word, language) for word in words_of_pattern(written))
    if not elements or elements[0].gap:
        raise ValueError(f"'{written}' begins with nothing that can be found")
    return Pattern(language=language, family=family, written=written, elements=elements)
