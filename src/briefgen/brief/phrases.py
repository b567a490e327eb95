"""Phrases: how notes say in words of their own that something is secret, or that one apologised."""

import re
from functools import cache, lru_cache
from typing import Final, Literal

from briefgen.brief.word_families.families import languages_of
from briefgen.brief.words import UNSPACED, fold
from briefgen.workspace.built_in import read_as
from briefgen.workspace.value import Value

PhraseKind = Literal["secret", "apologised", "wish", "left_work", "joke"]
_ALWAYS: Final = "en"


class PhraseFile(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything `phrases.yaml` can say: the phrases of each kind, by language."""

    secret: dict[str, tuple[str, ...]]
    apologised: dict[str, tuple[str, ...]]
    wish: dict[str, tuple[str, ...]]
    left_work: dict[str, tuple[str, ...]]
    joke: dict[str, tuple[str, ...]]


def says(kind: PhraseKind, text: str, languages: tuple[str, ...]) -> bool:
    """Whether a text holds a phrase of a kind in some languages or in its own."""
    return says_where(kind, text, languages) is not None


def says_where(kind: PhraseKind, text: str, languages: tuple[str, ...]) -> str | None:
    """The phrase as it stands in the text without case and accents; None where there is none."""
    read_in = (*languages_of(text, languages), _ALWAYS)
    found = _pattern(kind, tuple(sorted(set(read_in)))).search(_flat(text))
    return found[0] if found else None


def _flat(text: str) -> str:
    return fold(text).replace("\u2019", "'")


@lru_cache(maxsize=256)
def _pattern(kind: PhraseKind, languages: tuple[str, ...]) -> re.Pattern[str]:
    by_language: dict[str, tuple[str, ...]] = getattr(_read(), kind)
    forms = [_flat(one) for code in languages for one in by_language.get(code, ())]
    pieces = [re.escape(one) if UNSPACED.search(one) else rf"\b{re.escape(one)}" for one in forms]
    return re.compile("|".join(sorted(pieces, key=len, reverse=True)) or r"(?!)")


@cache
def _read() -> PhraseFile:
    return read_as(PhraseFile, "brief/phrases.yaml")
