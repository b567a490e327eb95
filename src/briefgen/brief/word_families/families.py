"""Word families: the everyday ways of saying a matter, in nine languages, and where they stand.

Each language has one YAML file beside this module, all of one shape; `kinds.yaml` says what a
family is for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Annotated, Any, Final

from pydantic import BeforeValidator

from briefgen.brief.word_families.patterns import (
    Hit,
    Matcher,
    Relations,
    Span,
    element_of,
    tokens_of,
)
from briefgen.brief.words import UNSPACED
from briefgen.workspace.document import read_built_in
from briefgen.workspace.validation import validate
from briefgen.workspace.values import Part, Text

LANGUAGES: Final = ("en", "de", "fr", "es", "it", "nl", "pt", "ja", "ar")
_MASK: Final = "harmless"
_MASK_OF: Final = "not "
"""Before the name of the family that a phrase looks like and is not of."""


def _at_commas(given: Any) -> Any:  # noqa: ANN401  # as pydantic hands it over
    if not isinstance(given, str):
        return given
    return [one for part in given.split(",") if (one := part.strip())]


Patterns = Annotated[tuple[Text, ...], BeforeValidator(_at_commas)]
"""A list, or a text with commas between the patterns."""


class FamilyEntry(Part):
    """One family in one language.

    Attributes:
        name: what the matter is called.
        words: ways of saying it that mean nothing else (patterns).
        also: ways of saying it that count where it is to be avoided, but tell no life event.
        entries: words that mean it where they stand alone under `avoid`.
        unlike: words and phrases that only look as if they said it.
    """

    name: Text
    words: Patterns
    also: Patterns = ()
    entries: Patterns = ()
    unlike: Patterns = ()


class LanguageFile(Part):
    """Everything one language's file can say.

    Attributes:
        families: by their names.
        relations: words for a relation, by what they are (husband, daughter …).
        before_relations: words that may stand before them (his, her, dear).
        harmless: what looks like a family's word in this or another language, and is none.
        elsewhere: words that mean something else in another language; they count only in a
            workspace of this language.
        nothing: what is noted where somebody needs nothing.
        not_asked: how a note says that something is not to be asked about.
    """

    families: dict[Text, FamilyEntry]
    relations: dict[Text, Patterns]
    before_relations: Patterns = ()
    harmless: Patterns = ()
    elsewhere: Patterns = ()
    nothing: Patterns = ()
    not_asked: Patterns = ()


class KindsFile(Part):
    """What the families are for.

    Attributes:
        matters: what can be avoided, and the families that speak of it.
        hard: families of hard events, the gravest first.
        grief: those of them that make a page of grief.
        good, confidential, weak: families of other life events.
    """

    matters: dict[Text, tuple[Text, ...]]
    hard: tuple[Text, ...]
    grief: tuple[Text, ...]
    good: tuple[Text, ...]
    confidential: tuple[Text, ...]
    weak: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A family spoken of in a text.

    Attributes:
        words: how the text says it.
        language: the language in which it was understood.
    """

    family: str
    words: str
    language: str


def mentions_in(
    text: str, languages: tuple[str, ...], *, strict: bool = False
) -> tuple[Mention, ...]:
    """Every family that a text speaks of, in any of some languages and those of its script.

    With `strict` only by ways of saying it that mean nothing else.
    """
    found = _mentions(text, languages)
    return tuple(one for one, sure in found if sure or not strict)


@lru_cache(maxsize=20_000)
def _mentions(text: str, languages: tuple[str, ...]) -> tuple[tuple[Mention, bool], ...]:
    tokens = tokens_of(text)
    found: dict[Mention, bool] = {}
    others = len(languages_of(text, languages)) > 1
    for language in languages_of(text, languages):
        book = book_of(language)
        hits = tuple(book.matcher.hits(text, tokens))
        masks = [hit for hit in hits if hit.family.startswith((_MASK, _MASK_OF))]
        for hit in hits:
            if hit in masks or _masked(hit, masks):
                continue
            if others and hit.pattern in book.elsewhere and language != languages[0]:
                continue
            family = hit.family.rstrip("+")
            mention = Mention(family=family, words=hit.words, language=language)
            found[mention] = found.get(mention, False) or not hit.family.endswith("+")
    return tuple(found.items())


def _masked(hit: Hit, masks: Iterable[Hit]) -> bool:
    family = hit.family.rstrip("+")
    return any(
        hit.span.within(mask.span) and mask.family in {_MASK, f"{_MASK_OF}{family}"}
        for mask in masks
    )


def harmless_spans(text: str) -> tuple[Span, ...]:
    """Where a text has words that only look like others, by their places among its tokens."""
    tokens = tokens_of(text)
    hits = book_of("en").matcher.hits(text, tokens)
    return tuple(hit.span for hit in hits if hit.family == _MASK)


def languages_of(text: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """The languages to read a text in: those given, and those its script tells."""
    if text.isascii():
        return languages
    scripts = []
    if UNSPACED.search(text):
        scripts.append("ja")
    if any("\u0600" <= sign <= "\u06ff" for sign in text):
        scripts.append("ar")
    return tuple(dict.fromkeys((*languages, *scripts)))


@dataclass(frozen=True, kw_only=True)
class LanguageBook:
    """What one language's file says, ready to be looked up."""

    language: str
    file: LanguageFile
    matcher: Matcher
    elsewhere: frozenset[str]


@cache
def book_of(language: str) -> LanguageBook:
    """The families of one language."""
    file = language_file(language)
    return LanguageBook(
        language=language,
        file=file,
        matcher=Matcher(language, _patterns(file, language), relations_of(language)),
        elsewhere=frozenset(file.elsewhere),
    )


def _patterns(file: LanguageFile, language: str) -> Iterable[tuple[str, str]]:
    for name, family in file.families.items():
        yield from ((name, one) for one in family.words)
        yield from ((f"{name}+", one) for one in family.also)
        yield from ((f"{_MASK_OF}{name}", one) for one in family.unlike)
    for other in LANGUAGES:
        if (other in {"ja", "ar"}) == (language in {"ja", "ar"}) or other == language:
            yield from ((_MASK, one) for one in language_file(other).harmless)


@cache
def relations_of(language: str) -> Relations:
    """The words for relations in a language."""
    file = language_file(language)
    words = "/".join(word for words in file.relations.values() for word in words)
    return Relations(
        words=element_of(words, language),
        before=element_of("/".join(file.before_relations) or "=\0", language),
    )


@cache
def language_file(language: str) -> LanguageFile:
    """What is written in a language's file."""
    read, _, faults = validate(
        LanguageFile, read_built_in("briefgen.brief.word_families", f"{language}.yaml")
    )
    if read is None or faults:
        raise ValueError(f"the built-in {language}.yaml is broken: {faults}")
    return read


@cache
def kinds() -> KindsFile:
    """What the families are for."""
    read, _, faults = validate(
        KindsFile, read_built_in("briefgen.brief.word_families", "kinds.yaml")
    )
    if read is None or faults:
        raise ValueError(f"the built-in kinds.yaml is broken: {faults}")
    return read


@cache
def matters_by_family() -> Mapping[str, tuple[str, ...]]:
    """The matters that each family speaks of."""
    found: dict[str, tuple[str, ...]] = {}
    for matter, families in kinds().matters.items():
        for family in families:
            found[family] = (*found.get(family, ()), matter)
    return found
