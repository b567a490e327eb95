"""Patterns of words and phrases, and where they stand in a text.

A pattern is written as in the YAML files beside this module:

    divorce         the word in any of its forms, by its stem
    divorc*         a word that begins so; `*scheidung` ends so, `*scheidung*` holds it
    =fired          exactly this form; `~sue` the same, in lower case only
    split/splits up a phrase; a slash separates words that may stand in one place
    lay … off       up to three other words may stand between
    lost @          a relation: `her husband`, `our son`; `^` is a name (a word with a capital)

Japanese patterns are found anywhere, since its words are not separated by spaces. A pattern of
Arabic holds with its article, its conjunctions and its pronouns.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from briefgen.brief.word_families.arabic import LETTER, in_one_spelling, without_clitics
from briefgen.brief.words import UNSPACED, fold, stems_in

_TOKEN: Final = re.compile(r"[^\W_]+|[.!?;\n\u061b\u061f]")
_POSSESSIVE: Final = re.compile(r"(?<=\w)['\u2019]s\b")
_SENTENCE_ENDS: Final = frozenset(".!?;\n\u061b\u061f")
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_BETWEEN: Final = 3
"""So many words may stand where a pattern has `…`."""
_NEEDS_ACCENTS: Final = 5
"""A shorter word is another one without its accents: `né` is not `ne`."""
_MOST_WORDS_KNOWN: Final = 50_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
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


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch of a text: from one token to before another; of unspaced text, of signs."""

    start: int
    end: int

    def within(self, other: "Span") -> bool:
        """Whether it lies in another."""
        return other.start <= self.start and self.end <= other.end


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Where a pattern stands in a text."""

    family: str
    pattern: str
    span: Span
    words: str


@lru_cache(maxsize=20_000)
def tokens_of(text: str) -> tuple[Token, ...]:
    """The words of a text and the ends of its sentences."""
    normal = text if text.isascii() else unicodedata.normalize("NFKC", text)
    found = _TOKEN.findall(_POSSESSIVE.sub(" ", normal))
    return tuple([_token(one) for one in found])


@lru_cache(maxsize=_MOST_WORDS_KNOWN)
def _token(typed: str) -> Token:
    flat = fold(typed)
    if LETTER.search(flat):
        flat = in_one_spelling(flat)
    return Token(typed=typed, whole=unicodedata.normalize("NFC", typed.casefold()), flat=flat)


@dataclass(frozen=True, kw_only=True)
class Element:
    """What may stand in one place of a pattern."""

    language: str
    exact: frozenset[str] = frozenset()
    lower: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    gap: bool = False
    relation: bool = False
    name: bool = False
    _known: dict[str, bool] = field(default_factory=dict, repr=False, compare=False)

    def fits(self, token: Token) -> bool:
        """Whether a word of a text may stand here."""
        if token.typed not in self._known:
            if len(self._known) > _MOST_WORDS_KNOWN:
                self._known.clear()
            self._known[token.typed] = self._fits(token)
        return self._known[token.typed]

    def _fits(self, token: Token) -> bool:
        if self.name:
            return token.is_name
        if token.typed in self.lower:
            return True
        return any(self._is(form, token) for form in _forms(token, self.language))

    def _is(self, form: str, token: Token) -> bool:
        if form in self.exact or (self.stems and self._same_stem(token)):
            return True
        return (
            form.startswith(self.begins)
            or form.endswith(self.ends)
            or any(one in form for one in self.holds)
        )

    def _same_stem(self, token: Token) -> bool:
        return not self.stems.isdisjoint(stems_in(token.whole, self.language))


def _forms(token: Token, language: str) -> tuple[str, ...]:
    """How a word may be compared: with and without accents, of Arabic without its clitics."""
    if language != "ar":
        return (token.flat,) if token.flat == token.whole else (token.whole, token.flat)
    return tuple(without_clitics(token.flat))


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A pattern of one family."""

    family: str
    written: str
    elements: tuple[Element, ...]

    def ends_at(self, tokens: Sequence[Token], start: int, relations: "Relations") -> int | None:
        """Behind which token a mention that begins at `start` ends; None where none does."""
        return _end(self.elements, tokens, start, relations)


@dataclass(frozen=True, kw_only=True)
class Relations:
    """The words of a language for relations, and the small words before them."""

    words: Element
    before: Element

    def end(self, tokens: Sequence[Token], at: int) -> int | None:
        """Behind which token a relation that begins at `at` ends: `her dear husband`."""
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
    """What may stand in one place: one word, or several separated by slashes."""
    if written == "…":
        return Element(language=language, gap=True)
    if written == "@":
        return Element(language=language, relation=True)
    if written == "^":
        return Element(language=language, name=True)
    found = _Parts()
    for word in written.split("/"):
        _sort(word, language, found)
    return Element(
        language=language,
        exact=frozenset(found.exact),
        lower=frozenset(found.lower),
        stems=frozenset(found.stems),
        begins=tuple(found.begins),
        ends=tuple(found.ends),
        holds=tuple(found.holds),
    )


@dataclass(frozen=True)
class _Parts:
    """What the words of one place come to, as they are collected."""

    exact: set[str] = field(default_factory=set)
    lower: set[str] = field(default_factory=set)
    stems: set[str] = field(default_factory=set)
    begins: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    holds: list[str] = field(default_factory=list)


def _sort(word: str, language: str, found: _Parts) -> None:
    spellings = sorted(_spellings(word.strip("*~="), language))
    if word.startswith("~"):
        found.lower.add(word[1:])
    elif word.startswith("*") and word.endswith("*"):
        found.holds.extend(spellings)
    elif word.startswith("*"):
        found.ends.extend(spellings)
    elif word.endswith("*"):
        found.begins.extend(spellings)
    else:
        found.exact.update(spellings)
        if language != "ar" and not word.startswith("="):
            found.stems.update(_telling_stems(word, language))


def _telling_stems(word: str, language: str) -> set[str]:
    return {stem for stem in stems_in(word, language) if len(stem) > 2}  # noqa: PLR2004


def _spellings(word: str, language: str) -> set[str]:
    """How a word may be written: with its accents, and without where that is no other word."""
    whole = unicodedata.normalize("NFC", word.casefold())
    flat = fold(word)
    if language == "ar":
        return {in_one_spelling(flat)}
    found = {whole}
    if flat == whole or len(flat) >= _NEEDS_ACCENTS:
        found.add(flat)
    if language == "de":
        found.add(whole.translate(_UMLAUTS))
    return found


class Matcher:
    """All patterns of one language, and where they stand in a text."""

    def __init__(
        self,
        language: str,
        patterns: Iterable[tuple[str, str]],
        relations: Relations,
    ) -> None:
        """Of pairs of a family and a pattern as written."""
        self._relations = relations
        self._known: dict[str, tuple[Pattern, ...]] = {}
        self._by_form: dict[str, list[Pattern]] = {}
        self._by_stem: dict[str, list[Pattern]] = {}
        self._others: list[Pattern] = []
        self._language = language
        self._unspaced: list[tuple[str, str]] = []
        for family, written in patterns:
            if UNSPACED.search(written):
                self._unspaced.append((family, _together(written)))
            else:
                self._add(pattern_of(family, written, language))

    def _add(self, pattern: Pattern) -> None:
        first = pattern.elements[0]
        for form in first.exact | {fold(word) for word in first.lower}:
            self._by_form.setdefault(form, []).append(pattern)
        for stem in first.stems:
            self._by_stem.setdefault(stem, []).append(pattern)
        if first.begins or first.ends or first.holds or first.relation or first.name:
            self._others.append(pattern)

    def hits(self, text: str, tokens: Sequence[Token]) -> Iterator[Hit]:
        """Every mention of every family."""
        for start, token in enumerate(tokens):
            for pattern in self._begun_by(token):
                end = pattern.ends_at(tokens, start, self._relations)
                if end is not None:
                    words = " ".join(one.typed for one in tokens[start:end])
                    span = Span(start=start, end=end)
                    yield Hit(
                        family=pattern.family, pattern=pattern.written, span=span, words=words
                    )
        if self._unspaced and UNSPACED.search(text):
            yield from self._unspaced_hits(_together(text))

    def _unspaced_hits(self, together: str) -> Iterator[Hit]:
        for family, piece in self._unspaced:
            at = together.find(piece)
            while at >= 0:
                span = Span(start=at, end=at + len(piece))
                yield Hit(family=family, pattern=piece, span=span, words=piece)
                at = together.find(piece, at + 1)

    def _begun_by(self, token: Token) -> tuple[Pattern, ...]:
        if token.typed not in self._known:
            if len(self._known) > _MOST_WORDS_KNOWN:
                self._known.clear()
            self._known[token.typed] = tuple(self._begun(token))
        return self._known[token.typed]

    def _begun(self, token: Token) -> Iterator[Pattern]:
        near: dict[int, Pattern] = {}
        for form in _forms(token, self._language):
            near |= {id(one): one for one in self._by_form.get(form, ())}
        if self._by_stem:
            for stem in stems_in(token.whole, self._language):
                near |= {id(one): one for one in self._by_stem.get(stem, ())}
        near |= {id(one): one for one in self._others}
        for pattern in near.values():
            first = pattern.elements[0]
            if first.relation or first.fits(token):
                yield pattern


def pattern_of(family: str, written: str, language: str) -> Pattern:
    """A pattern as written."""
    spaced = re.sub(r"[-'\u2019]", " ", written)
    elements = tuple(element_of(word, language) for word in spaced.split())
    if not elements or elements[0].gap:
        raise ValueError(f"'{written}' begins with nothing that can be found")
    return Pattern(family=family, written=written, elements=elements)


def _together(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
