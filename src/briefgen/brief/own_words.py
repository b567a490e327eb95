"""The forms of a word or phrase that belongs to no family: its inflections and its compounds.

A longer word with another meaning is not one: `procès` is in neither `processus` nor `procession`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import Final

from briefgen.brief.word_families import harmless_tokens, language_file
from briefgen.brief.word_families.patterns import (
    MOST_WORDS_KNOWN,
    Token,
    token_of,
    tokens_of,
    words_typed_in,
)
from briefgen.brief.words import (
    UNSPACED,
    fold,
    in_one_spelling,
    stems_in,
    without_clitics,
    word_list,
)
from briefgen.workspace.value import Value

_ARTICLES: Final = word_list("articles")
"""Words that do not count: the Lisbon office is also their Lisbon office."""
_POSSESSIVES: Final = word_list("possessives")
_PARTICLES: Final = word_list("particles")
"""Words that may follow their verb at a distance: `turn them all down`."""
_BETWEEN: Final = 4
_PARTICIPLES: Final = {
    "de": re.compile(
        r"(?P<before>(?:ab|an|auf|aus|bei|ein|her|hin|los|mit|nach|um|vor|weg|zu|zurück|zusammen)?)"
        r"(?:ge|(?<=.)zu)(?P<verb>[^\W_]{3,}?)(?:e?t|en)"
    ),
    "nl": re.compile(
        r"(?P<before>(?:aan|af|bij|in|los|mee|na|om|op|uit|voor|weg)?)ge(?P<verb>[^\W_]{3,}?)(?:e?[dt]|en)"
    ),
}
"""Prefixes within verbs: `abgesagt` and `abzusagen` are forms of `absagen`."""
_COMPOUNDING: Final = frozenset({"de", "nl"})
_HEADED_FROM: Final = 4
_HEADING_FROM: Final = 5
"""The fewest letters a word must have for compounds to begin or end with it."""
_FIRST_PART: Final = re.compile(r"(?=.*[aeiouy]).{3,}")
_LINK: Final = re.compile(r"(?:s|es|n|en|er|e)?")
_ONSET: Final = re.compile(
    r"(?:[bcdfghjklmnpqrstvwz]|b[lr]|chr?|d[r]|f[lr]|g[lnr]|k[lnr]|pf?[lr]?|ph|ps|qu|sch[lmnrw]?"
    r"|s[lmnpt]|sp[lr]|str|th|t[rw]|vl|w[r]|zw)[aeiouy].+"
)
"""What a second part of a compound can begin with."""
_VOWEL_PART: Final = re.compile(r"[aeiouy].{4,}")


@dataclass(frozen=True, kw_only=True)
class _Word:
    """A word that is looked for.

    Attributes:
        flats: the word and its irregular forms, without case and accents.
        stems: theirs.
        languages: the languages whose forms count.
    """

    flats: tuple[str, ...]
    stems: frozenset[str]
    languages: tuple[str, ...]
    _known: set[str] = field(default_factory=set, repr=False, compare=False)
    _meant: set[str] = field(default_factory=set, repr=False, compare=False)

    def is_meant_by(self, token: Token) -> bool:
        """Whether a word of a text is this word, in any form, or a compound headed by it."""
        if token.typed not in self._known:
            if len(self._known) > MOST_WORDS_KNOWN:
                self._known.clear()
                self._meant.clear()
            self._known.add(token.typed)
            if self._is(token):
                self._meant.add(token.typed)
        return token.typed in self._meant

    def is_in(self, text: str) -> bool:
        """Whether a text has this word; most words are cached."""
        words = words_typed_in(text)
        return not words.isdisjoint(self._meant) or any(
            self.is_meant_by(token_of(one)) for one in words - self._known
        )

    def _is(self, token: Token) -> bool:
        if token.flat in self.flats:
            return True
        if not self.stems.isdisjoint(_forms(token, self.languages)):
            return not self._is_another_noun(token)
        if _COMPOUNDING.isdisjoint(self.languages):
            return False
        if "nl" not in self.languages and not token.typed[0].isupper():
            return False  # a German compound noun has a capital
        return any(self._heads(flat, token) or _begins(flat, token.flat) for flat in self.flats)

    def _is_another_noun(self, token: Token) -> bool:
        """Whether a German noun only shares the stem: `Messer` is not a form of `Messe`."""
        return (
            "de" in self.languages
            and token.typed[0].isupper()
            and any(flat.endswith("e") and token.flat == f"{flat}r" for flat in self.flats)
        )

    def _heads(self, flat: str, token: Token) -> bool:
        """Whether a word is a compound that ends with this one, in whatever form."""
        if len(flat) < _HEADED_FROM:
            return False
        ends = {flat, *(stem for stem in self.stems if len(stem) >= _HEADED_FROM)}
        for form in (token.flat, *stems_in(token.whole, self.languages[0])):
            for end in ends:
                if form.endswith(end) and _FIRST_PART.fullmatch(form[: -len(end)]):
                    return True
        return False


def _begins(flat: str, longer: str) -> bool:
    """Whether a word is a compound that begins with another: `Messestand`, but not `Messer`."""
    if len(flat) < _HEADING_FROM or not longer.startswith(flat):
        return False
    rest = longer[len(flat) :]
    link = _LINK.match(rest)
    parts = {rest, rest[link.end() :] if link else rest}
    return any(
        len(part) >= _HEADED_FROM - 1 and (_ONSET.fullmatch(part) or _VOWEL_PART.fullmatch(part))
        for part in parts
    )


class OwnWords(Value, frozen=True, kw_only=True, dict=True):
    """The words of an entry, searched one after another.

    Attributes:
        words: each in its forms; empty if the entry is not a word.
        together: the entry without spaces, to be found anywhere.
        languages: the languages it is read in.
        families: the families it is of, whose look-alikes do not count.
        harmless: whether the entry itself is a word that otherwise only looks like another.
    """

    words: tuple[_Word, ...] = ()
    together: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    families: frozenset[str] = frozenset()
    harmless: bool = False

    def found_in(self, text: str) -> str | None:
        """How a text says it; None if it does not."""
        if not self.words:
            flat = _without_harmless("".join(fold(text).split()))
            return next((one for one in self.together if one in flat), None)
        tokens = [one for one in tokens_of(text) if one.flat not in _ARTICLES]
        if len(self.words) == 1:
            tokens = list(tokens_of(text))
        if not any(map(self._rarest.is_meant_by, tokens)):
            return None
        return self._found(tokens, text)

    def may_be_in(self, text: str) -> bool:
        """Whether a text has the one word that it needs to say it."""
        return not self.words or self._rarest.is_in(text)

    @cached_property
    def _rarest(self) -> _Word:
        return max(self.words, key=lambda word: len(word.flats[0]))

    def _found(self, tokens: Sequence[Token], text: str) -> str | None:
        *first, last = self.words
        reach = _BETWEEN if first and last.flats[0] in _PARTICLES else 1
        for at in range(len(tokens) - len(first)):
            end = at + len(first)
            pairs = zip(first, tokens[at:end], strict=True)
            if not all(word.is_meant_by(token) for word, token in pairs):
                continue
            for place, token in enumerate(tokens[end : end + reach], end):
                if last.is_meant_by(token) and not self._is_harmless(text, tokens[at : place + 1]):
                    return " ".join(one.typed for one in tokens[at : place + 1])
        return None

    def _is_harmless(self, text: str, found: Sequence[Token]) -> bool:
        if self.harmless:
            return False
        masked = harmless_tokens(text, self.languages, self.families)
        every = tokens_of(text)
        places = ({at for at, one in enumerate(every) if one is token} for token in found)
        return bool(masked) and all(place <= masked for place in places)


def _without_harmless(flat: str) -> str:
    """A text of unspaced words without those that only look like others."""
    if UNSPACED.search(flat):
        for harmless in _unspaced_harmless():
            flat = flat.replace(harmless, "\0")
    return flat


@cache
def _unspaced_harmless() -> tuple[str, ...]:
    file = language_file("ja")
    unlike = (one for family in file.families.values() for one in family.unlike)
    return tuple("".join(fold(one).split()) for one in (*file.harmless, *unlike))


@lru_cache(maxsize=2_000)
def own_words(
    entry: str, languages: tuple[str, ...], families: frozenset[str] = frozenset()
) -> OwnWords:
    """What to search for if an entry of some families is avoided, read in some languages."""
    tokens = tokens_of(entry)
    if UNSPACED.search(entry) or not tokens:
        target = _without_harmless("".join(fold(entry).split())).strip("\0") or entry
        return OwnWords(together=(target,) if target else ())
    telling = [one for one in tokens if one.flat not in _ARTICLES] or list(tokens)
    if len(telling) > 1 and telling[0].flat in _POSSESSIVES:
        telling = telling[1:]  # her hair, even if a note says only hair
    return OwnWords(
        words=tuple(_word(one, languages) for one in telling),
        languages=languages,
        families=families,
        harmless=bool(harmless_tokens(entry, languages)),
    )


def _word(token: Token, languages: tuple[str, ...]) -> _Word:
    kin = tuple(one for row in _irregular(token.flat, languages) for one in row)
    forms = {token.typed, *kin}
    tokens = [one for form in forms for one in tokens_of(form)]
    return _Word(
        flats=tuple(dict.fromkeys((token.flat, *(fold(form) for form in kin)))),
        stems=frozenset(stem for one in tokens for stem in _forms(one, languages)),
        languages=languages,
    )


def _irregular(flat: str, languages: Iterable[str]) -> Iterator[tuple[str, ...]]:
    for code in languages:
        yield from _rows(code).get(flat, ())


@cache
def _rows(language: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The irregular forms of a language's words, by each of them."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for row in language_file(language).irregular:
        forms = tuple(row.split())
        for form in forms:
            flat = fold(form)
            found[flat] = (*found.get(flat, ()), forms)
    return found


@lru_cache(maxsize=MOST_WORDS_KNOWN)
def _stems(whole: str, languages: tuple[str, ...]) -> frozenset[str]:
    found = {stem for code in languages for stem in stems_in(whole, code)}
    for code in _PARTICIPLES.keys() & set(languages):
        if parts := _PARTICIPLES[code].fullmatch(whole):
            found |= stems_in(f"{parts['before']}{parts['verb']}en", code)
    if "ar" in languages:
        found |= set(without_clitics(in_one_spelling(fold(whole))))
    return frozenset(found)


def _forms(token: Token, languages: tuple[str, ...]) -> frozenset[str]:
    """The stems of a word; for a German or Dutch participle, also those of its verb."""
    return _stems(token.whole, languages)
