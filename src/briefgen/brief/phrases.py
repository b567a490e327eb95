"""Phrases: how notes say in words of their own that something is secret, or that one apologised."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final, Literal

from briefgen.brief.word_families.families import languages_of
from briefgen.brief.words import UNSPACED, fold, stems
from briefgen.workspace.built_in import read_as
from briefgen.workspace.value import Value

PhraseKind = Literal[
    "secret",
    "sworn",
    "one_to_one",
    "dunning",
    "known_by_all",
    "job_search",
    "thanks",
    "left_to_them",
    "pointing",
    "unkind",
    "apologised",
    "wish",
    "no_wish",
    "left_work",
    "joke",
    "asking",
    "harm",
    "against",
    "blame",
    "unnamed",
    "harsh",
]
_ALWAYS: Final = "en"


class PhraseFile(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything `phrases.yaml` can say: the phrases of each kind, by language."""

    secret: dict[str, tuple[str, ...]]
    sworn: dict[str, tuple[str, ...]]
    one_to_one: dict[str, tuple[str, ...]]
    dunning: dict[str, tuple[str, ...]]
    known_by_all: dict[str, tuple[str, ...]]
    job_search: dict[str, tuple[str, ...]]
    thanks: dict[str, tuple[str, ...]]
    left_to_them: dict[str, tuple[str, ...]]
    pointing: dict[str, tuple[str, ...]]
    unkind: dict[str, tuple[str, ...]]
    apologised: dict[str, tuple[str, ...]]
    wish: dict[str, tuple[str, ...]]
    no_wish: dict[str, tuple[str, ...]]
    left_work: dict[str, tuple[str, ...]]
    joke: dict[str, tuple[str, ...]]
    asking: dict[str, tuple[str, ...]]
    harm: dict[str, tuple[str, ...]]
    against: dict[str, tuple[str, ...]]
    blame: dict[str, tuple[str, ...]]
    unnamed: dict[str, tuple[str, ...]]
    harsh: dict[str, tuple[str, ...]]
    roles: dict[str, tuple[str, ...]]


def says(kind: PhraseKind, text: str, languages: tuple[str, ...]) -> bool:
    """Whether a text holds a phrase of a kind in some languages or in its own."""
    return says_where(kind, text, languages) is not None


@lru_cache(maxsize=5_000)
def says_where(kind: PhraseKind, text: str, languages: tuple[str, ...]) -> str | None:
    """The phrase as it stands in the text without case and accents; None where there is none."""
    flat, read_in = _read_in(text, languages)
    found = _pattern(kind, read_in).search(flat)
    return found[0] if found else None


@lru_cache(maxsize=128)
def _read_in(text: str, languages: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """A text without case and accents, and the languages to read it in; asked for each kind."""
    return _flat(text), tuple(sorted({*languages_of(text, languages), _ALWAYS}))


def _flat(text: str) -> str:
    return fold(text).replace("\u2019", "'")


@lru_cache(maxsize=256)
def _pattern(kind: PhraseKind, languages: tuple[str, ...]) -> re.Pattern[str]:
    by_language: dict[str, tuple[str, ...]] = getattr(_read(), kind)
    return any_of(one for code in languages for one in by_language.get(code, ()))


def any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """What finds the first of some phrases in a text without case and accents.

    They are sorted by their first letters, so that few of them are tried at each word.
    """
    forms = {_flat(one) for one in phrases}
    by_letter: dict[str, list[str]] = {}
    for one in sorted(forms, key=lambda form: (-len(form), form)):
        word = one.removeprefix("=")
        form = re.escape(word) + (r"\b" if one != word else "")
        by_letter.setdefault("" if UNSPACED.search(one) else word[0], []).append(form)
    unspaced = by_letter.pop("", [])
    words = "|".join(f"(?={re.escape(first)})(?:{'|'.join(of)})" for first, of in by_letter.items())
    spaced = [rf"\b(?:{words})"] if words else []
    return re.compile("|".join([*spaced, *unspaced]) or r"(?!)")


@cache
def roles() -> frozenset[str]:
    """Words of a title that tell a rank and no field of work, with their stems."""
    words = (word for words in _read().roles.values() for word in words)
    return frozenset().union(*(stems(word, code) for word in words for code in ("en", "de", "fr")))


@cache
def _read() -> PhraseFile:
    return read_as(PhraseFile, "brief/phrases.yaml")
