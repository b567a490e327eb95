"""Word families: everyday ways of saying a thing, in nine languages, and where they occur.

Each language has one YAML file beside this module, all of one shape; `kinds.yaml` says what a
family is for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import Stemmer

from briefgen.brief.word_families.matcher import Hit, Index, Matcher, index_of
from briefgen.brief.word_families.patterns import (
    MOST_TEXTS_KNOWN,
    MOST_WORDS_KNOWN,
    Relations,
    element_of,
    tokens_of,
    words_of_pattern,
    words_typed_in,
)
from briefgen.brief.words import UNSPACED, fold
from briefgen.workspace.built_in import kept, read_as
from briefgen.workspace.value import Value

LANGUAGES: Final = ("en", "de", "fr", "es", "it", "nl", "pt", "ja", "ar")
SPACED: Final = LANGUAGES[:-2]
"""Those in Latin letters, which cannot be told apart by script."""
_MASK: Final = "harmless"
_MASK_OF: Final = "not "
"""Before the name of the family that a phrase only looks like."""


class Patterns:
    """Patterns, written as a list or as a text with commas between them.

    They are split on first use: most are only read to build the index.
    """

    __slots__ = ("_given",)

    def __init__(self, given: str | Sequence[str] = ()) -> None:
        self._given = given

    def __iter__(self) -> Iterator[str]:
        parts = self._given.split(",") if isinstance(self._given, str) else self._given
        return (one for part in parts if (one := part.strip()))

    def __len__(self) -> int:
        return sum(1 for _ in self)


_NONE: Final = Patterns()


class FamilyEntry(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One family in one language.

    Attributes:
        name: what the matter is called.
        words: ways of saying it that mean nothing else (patterns).
        also: ways of saying it that count if it is avoided, but not to recognise a life event.
        entries: words that mean it if they are the whole entry under `avoid`.
        unlike: words and phrases that only look like it.
    """

    name: str
    words: Patterns
    also: Patterns = _NONE
    entries: Patterns = _NONE
    unlike: Patterns = _NONE


class LanguageFile(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything one language's file can say.

    Attributes:
        families: by their names.
        relations: words for a relation, by what they are (husband, daughter …).
        before_relations: words that may come before them (his, her, dear).
        common: its small words, by which a text in it is recognised.
        harmless: what looks like a family's word in this or another language, but is not.
        elsewhere: words that mean something else in another language; they count only in a
            workspace of this language.
        nothing: what people note if someone needs nothing.
        not_asked: how a note says not to ask about something: regular expressions, in which `{}`
            is what not to ask about.
        ambiguous: words that under `avoid` mean their families' ways of saying it, but not
            themselves, since they are mostly something else.
        irregular: rows of words that are forms of one another despite different stems.
    """

    families: dict[str, FamilyEntry]
    relations: dict[str, Patterns]
    before_relations: Patterns = _NONE
    common: Patterns = _NONE
    harmless: Patterns = _NONE
    elsewhere: Patterns = _NONE
    nothing: Patterns = _NONE
    not_asked: tuple[str, ...] = ()
    ambiguous: Patterns = _NONE
    irregular: tuple[str, ...] = ()


class KindsFile(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the families are for.

    Attributes:
        matters: what can be avoided, and the families that speak of it.
        hard: families of hard events, the gravest first.
        grief: those of them that make a page of grief.
        good_end: families that say that something hard ended well.
        good, confidential, weak: families of other life events.
    """

    matters: dict[str, tuple[str, ...]]
    hard: tuple[str, ...]
    grief: tuple[str, ...]
    good: tuple[str, ...]
    good_end: tuple[str, ...]
    confidential: tuple[str, ...]
    weak: tuple[str, ...]


class Mention(Value, frozen=True, kw_only=True):
    """A family spoken of in a text.

    Attributes:
        words: how the text says it.
        language: the language in which it was understood.
    """

    family: str
    words: str
    language: str


def mentions_in(
    text: str,
    languages: tuple[str, ...],
    *,
    strict: bool = False,
    among: Iterable[str] | None = None,
) -> tuple[Mention, ...]:
    """Every family that a text mentions, in any of some languages and those of its script.

    Args:
        text: the text.
        languages: the languages to read it in.
        strict: count only ways of saying it that mean nothing else.
        among: look for these families alone. Nine notes in ten have no word of any family and are
            not matched, which saves a seventh of the time to compose a brief.
    """
    if among is not None and possible_families(text).isdisjoint(among):
        return ()
    found = (one for one, sure in _mentions(text, languages) if sure or not strict)
    return tuple(one for one in found if among is None or one.family in among)


@lru_cache(maxsize=MOST_TEXTS_KNOWN)
def _mentions(text: str, languages: tuple[str, ...]) -> tuple[tuple[Mention, bool], ...]:
    every = [*_matcher().hits(tokens_of(text)), *_matcher().unspaced_hits(text)]
    if not every:
        return ()
    reading = reading_of(text, languages)
    hits = [hit for hit in every if hit.language in reading.languages]
    masks = [hit for hit in hits if _is_mask(hit)]
    known = frozenset(languages) | reading.native
    found: dict[Mention, bool] = {}
    for hit in sorted(hits, key=lambda one: reading.languages.index(one.language)):
        # a foreign language never hides a mention in the given ones
        near = (mask for mask in masks if mask.language in known or hit.language not in known)
        if _is_mask(hit) or any(_hides(mask, hit) for mask in near):
            continue
        if hit.language not in reading.native and _is_foreign(hit, languages):
            continue
        mention = Mention(family=hit.family.rstrip("+"), words=hit.words, language=hit.language)
        found[mention] = found.get(mention, False) or not hit.family.endswith("+")
    return tuple(found.items())


def _is_mask(hit: Hit) -> bool:
    return hit.family.startswith((_MASK, _MASK_OF))


def _is_foreign(hit: Hit, languages: tuple[str, ...]) -> bool:
    """Whether a word is one of another language and means something else here: `senior`, `past`."""
    words = {fold(word) for word in hit.words.split()}
    return hit.pattern in elsewhere(hit.language) or any(
        words <= familiar_words(code) for code in languages
    )


def _hides(mask: Hit, hit: Hit) -> bool:
    """Whether a mention only looks like one; Japanese is compared separately, having no tokens."""
    return (
        hit.span.within(mask.span)
        and mask.family in {_MASK, f"{_MASK_OF}{hit.family.rstrip('+')}"}
        and (mask.language == "ja") == (hit.language == "ja")
    )


def harmless_tokens(
    text: str, languages: tuple[str, ...], families: frozenset[str] = frozenset()
) -> frozenset[int]:
    """The tokens of a text that only look like a family's words, those of `families` included."""
    masks = {_MASK, *(f"{_MASK_OF}{family}" for family in families)}
    return frozenset(
        at
        for hit in _matcher().hits(tokens_of(text))
        if hit.language in languages and hit.family in masks
        for at in range(hit.span.start, hit.span.end)
    )


class Reading(Value, frozen=True, kw_only=True):
    """The languages to read a text in.

    Attributes:
        languages: those given, and those shown by its script or small words.
        native: those that it is written in, in which every word counts.
    """

    languages: tuple[str, ...]
    native: frozenset[str]


@lru_cache(maxsize=MOST_TEXTS_KNOWN)
def reading_of(text: str, languages: tuple[str, ...]) -> Reading:
    """How to read a text, given some languages, the workspace's own first.

    It is also read in another language if at least as many of its words are small words of that
    language as of those given, so `sein Bruder ist gestorben` is German in any workspace, and `her
    brand won` is not about a Dutch fire.
    """
    codes = with_scripts(text, languages)
    small = _languages_by_small_word()
    count, least = dict.fromkeys(LANGUAGES, 0), 0
    for word in {token.whole for token in tokens_of(text)} & small.keys():
        least += not small[word].isdisjoint(codes)
        for code in small[word]:
            count[code] += 1
    first, foreign = count[codes[0]], [code for code in SPACED if code not in codes]
    most = max(map(count.__getitem__, foreign), default=0)
    others = [code for code in foreign if count[code] >= max(least, most)]
    clearly = {code for code in codes if count[code] > first}
    clearly |= {code for code in others if count[code] > max(least, 1)}
    return Reading(languages=(*codes, *others), native=frozenset({codes[0]} | clearly))


def languages_of(text: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """The languages to read a text in: those given, and those of its script or small words."""
    return reading_of(text, languages).languages


def with_scripts(text: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Some languages, and those that a text is in by its script."""
    if text.isascii():
        return languages
    scripts = []
    if UNSPACED.search(text):
        scripts.append("ja")
    if any("\u0600" <= sign <= "\u06ff" for sign in text):
        scripts.append("ar")
    return tuple(dict.fromkeys((*languages, *scripts)))


@cache
def _languages_by_small_word() -> Mapping[str, frozenset[str]]:
    """The languages that a word is a small word of, or a relation."""
    found: dict[str, frozenset[str]] = {}
    for code in LANGUAGES:
        file = language_file(code)
        relations = (word.strip("=") for word in relations_of(code).listed)
        for word in (*file.common, *file.before_relations, *relations):
            found[word] = found.get(word, frozenset()) | {code}
    return found


@cache
def familiar_words(language: str) -> frozenset[str]:
    """Words of a language that look like words of a hard event in another."""
    file = read_as(dict[str, Patterns], "brief/word_families/familiar.yaml", Patterns)
    return frozenset(map(fold, file.get(language, ())))


@cache
def elsewhere(language: str) -> frozenset[str]:
    """Words of a language that mean something else in another."""
    return frozenset(language_file(language).elsewhere)


@lru_cache(maxsize=MOST_TEXTS_KNOWN)
def possible_families(text: str) -> frozenset[str]:
    """The families that a text may mention in some language, since it has one of their words."""
    if "\n" in text:
        return frozenset().union(*map(possible_families, text.split("\n")))
    if UNSPACED.search(text):
        return frozenset(language_file(SPACED[0]).families)  # a mention is not made of words
    return frozenset().union(*map(_families_of_word, words_typed_in(text)))


@lru_cache(maxsize=MOST_WORDS_KNOWN)
def _families_of_word(typed: str) -> frozenset[str]:
    return frozenset(pattern.family.rstrip("+") for pattern, _ in _matcher().found_by(typed))


@cache
def _matcher() -> Matcher:
    """The one matcher; its index is rebuilt if a file of this folder changes."""
    here = Path(__file__).parent
    sources = [*here.glob("*.yaml"), *here.glob("*.py"), here.parent / "words.py"]
    index: Index = kept(
        "brief/word_families/patterns.index",
        sorted(sources),
        lambda: index_of(_patterns(), relations_of, _small_words),
        version=Stemmer.version(),
    )
    return Matcher(index, SPACED, relations_of)


@cache
def _small_words(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """The small words of a language, and those before relations."""
    file = language_file(language)
    return frozenset(file.common), frozenset(file.before_relations)


def _patterns() -> Iterator[tuple[str, str, str]]:
    """Every pattern, with its language and its family."""
    for code in LANGUAGES:
        for name, family in language_file(code).families.items():
            yield from ((code, name, one) for one in family.words)
            yield from ((code, f"{name}+", one) for one in family.also)
            yield from ((code, f"{_MASK_OF}{name}", _exactly(one)) for one in family.unlike)
        for other in LANGUAGES:
            if (other in SPACED) == (code in SPACED):
                yield from ((code, _MASK, _exactly(one)) for one in language_file(other).harmless)


def _exactly(pattern: str) -> str:
    """A pattern whose words match only in this form.

    Otherwise the stem of a harmless word would hide others: `clinical` must not hide a clinic.
    """
    if UNSPACED.search(pattern):
        return pattern
    return " ".join("/".join(map(_exact_word, place.split("/"))) for place in pattern.split())


def _exact_word(word: str) -> str:
    if not word or word[0] in "=*~!^\u2026@" or word.endswith("*"):
        return word
    return "-".join(f"={part}" for part in words_of_pattern(word)) or word


@cache
def relations_of(language: str) -> Relations:
    """The words for relations in a language."""
    file = language_file(language)
    listed = tuple(word for words in file.relations.values() for word in words)
    return Relations(
        listed=listed,
        words=element_of("/".join(listed), language),
        before=element_of("/".join(file.before_relations) or "=\0", language),
    )


@cache
def language_file(language: str) -> LanguageFile:
    """The content of a language's file."""
    return read_as(LanguageFile, f"brief/word_families/{language}.yaml", Patterns)


@cache
def kinds() -> KindsFile:
    """What the families are for."""
    return read_as(KindsFile, "brief/word_families/kinds.yaml")


@cache
def matters_by_family() -> Mapping[str, tuple[str, ...]]:
    """The matters that each family speaks of; one that is a matter itself, of that alone."""
    found: dict[str, tuple[str, ...]] = {}
    matters = kinds().matters
    for matter, families in matters.items():
        for family in families:
            if family == matter or family not in matters:
                found[family] = (*found.get(family, ()), matter)
    return found
