"""Phrases: how notes say in words of their own that something is secret, or that one apologised."""

import re
from functools import cache, lru_cache
from typing import Final, Literal

from briefgen.brief.words import UNSPACED, fold
from briefgen.workspace.document import read_built_in
from briefgen.workspace.validation import validate
from briefgen.workspace.values import Part, Text

PhraseKind = Literal["secret", "apologised", "wish", "left_work", "joke"]
_ALWAYS: Final = "en"


class PhraseFile(Part):
    """Everything `phrases.yaml` can say: the phrases of each kind, by language."""

    secret: dict[Text, tuple[Text, ...]]
    apologised: dict[Text, tuple[Text, ...]]
    wish: dict[Text, tuple[Text, ...]]
    left_work: dict[Text, tuple[Text, ...]]
    joke: dict[Text, tuple[Text, ...]]


def says(kind: PhraseKind, text: str, languages: tuple[str, ...]) -> bool:
    """Whether a text holds a phrase of a kind in one of some languages, or that of its script."""
    return says_where(kind, text, languages) is not None


def says_where(kind: PhraseKind, text: str, languages: tuple[str, ...]) -> str | None:
    """The phrase as it stands in the text without case and accents; None where there is none."""
    found = _pattern(kind, _with_scripts(text, languages)).search(_flat(text))
    return found[0] if found else None


def _flat(text: str) -> str:
    return fold(text).replace("\u2019", "'")


def _with_scripts(text: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    codes = {_ALWAYS, *languages}
    if not text.isascii():
        codes |= {"ja"} if UNSPACED.search(text) else set()
        codes |= {"ar"} if re.search("[\u0600-\u06ff]", text) else set()
    return tuple(sorted(codes))


@lru_cache(maxsize=256)
def _pattern(kind: PhraseKind, languages: tuple[str, ...]) -> re.Pattern[str]:
    by_language: dict[str, tuple[str, ...]] = getattr(_read(), kind)
    forms = [_flat(one) for code in languages for one in by_language.get(code, ())]
    pieces = [re.escape(one) if UNSPACED.search(one) else rf"\b{re.escape(one)}" for one in forms]
    return re.compile("|".join(sorted(pieces, key=len, reverse=True)) or r"(?!)")


@cache
def _read() -> PhraseFile:
    read, _, faults = validate(PhraseFile, read_built_in("briefgen.brief", "phrases.yaml"))
    if read is None or faults:
        raise ValueError(f"the built-in phrases.yaml is broken: {faults}")
    return read
