"""Kindred words: those that belong together though their endings do not tell it.

`laid` is a form of `lay`, and who will not hear of a death will not hear that somebody died. The
families are data, `word_families.yaml` beside this module, for every language of the page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from briefgen.brief.words import UNSPACED, fold, stems, words_of
from briefgen.workspace.document import read_built_in
from briefgen.workspace.validation import validate
from briefgen.workspace.values import Part, Text

_FILE: Final = "irregular.yaml"


class Family(Part):
    """Words of which each speaks of what the others do.

    Attributes:
        forms: words, or phrases of several.
        unlike: pieces of other words that only look as if one of the forms stood in them.
    """

    forms: tuple[Text, ...]
    unlike: tuple[Text, ...] = ()


class _KindredFile(Part):
    """Families by language."""

    en: tuple[Family, ...] = ()
    de: tuple[Family, ...] = ()
    fr: tuple[Family, ...] = ()
    es: tuple[Family, ...] = ()
    it: tuple[Family, ...] = ()
    nl: tuple[Family, ...] = ()
    pt: tuple[Family, ...] = ()
    ja: tuple[Family, ...] = ()
    ar: tuple[Family, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Kindred:
    """What belongs to a word or phrase.

    Attributes:
        words: single words, without case and accents.
        phrases: of several words each.
        unlike: pieces of words, without case and accents, that are other words.
        elsewhere: stems of English kin that are other words in the user's language.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    elsewhere: frozenset[str] = frozenset()


@lru_cache(maxsize=2_000)
def kindred(phrase: str, language: str) -> Kindred:
    """What belongs to a word or phrase in English, in `language`, or in the one of its script."""
    families = _families_of(phrase, language)
    forms = dict.fromkeys(form for family in families for form in family.forms)
    single = [form for form in forms if len(words_of(form)) == 1]
    elsewhere = frozenset() if language == "en" else _ELSEWHERE
    return Kindred(
        words=tuple(word for word in single if word not in elsewhere),
        phrases=tuple(form for form in forms if form not in single),
        unlike=tuple(fold(piece) for family in families for piece in family.unlike),
        elsewhere=elsewhere,
    )


_ELSEWHERE: Final = frozenset({"die", "dies", "men", "man", "sale", "fire", "left", "lie"})
"""English words that mean something harmless in another language of the page."""


def _families_of(phrase: str, language: str) -> tuple[Family, ...]:
    if UNSPACED.search(phrase):
        every = _families("ja").every
        return tuple(one for one in every if any(form in phrase for form in one.forms))
    codes = dict.fromkeys(("en", language, *_by_script(phrase)))
    return tuple(family for code in codes for family in _families(code).of(phrase))


def _by_script(phrase: str) -> tuple[str, ...]:
    return () if phrase.isascii() else ("ar",)


class _Families:
    """The families of one language, found by the stems of their forms."""

    def __init__(self, language: str) -> None:
        self.every: tuple[Family, ...] = getattr(_read(), language, ())
        self._language = language
        self._by_first: dict[str, list[tuple[tuple[str, ...], Family]]] = {}
        for family in self.every:
            for words in map(words_of, family.forms):
                for stem in stems(words[0], language):
                    self._by_first.setdefault(stem, []).append((words, family))

    def of(self, phrase: str) -> Iterator[Family]:
        """The families in which a phrase stands, in whatever form."""
        wanted = words_of(phrase)
        firsts = stems(wanted[0], self._language) if wanted else ()
        found = (one for stem in firsts for one in self._by_first.get(stem, ()))
        same = (family for words, family in found if self._same(words, wanted))
        yield from dict.fromkeys(same)

    def _same(self, words: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
        return len(words) == len(wanted) and all(
            not stems(one, self._language).isdisjoint(stems(other, self._language))
            for one, other in zip(words, wanted, strict=True)
        )


_families = cache(_Families)


@cache
def _read() -> _KindredFile:
    read, _, faults = validate(_KindredFile, read_built_in("briefgen.brief.word_families", _FILE))
    if read is None or faults:
        raise ValueError(f"the built-in {_FILE} is broken: {faults}")
    return read
