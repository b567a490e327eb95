"""Tact: what must not be mentioned, and who may see what.

A word to avoid hides every line that mentions it in any form: whatever its case, accents and
endings, as the beginning of a longer word or inside a compound.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final

from briefgen.brief.brief import Face, LeftOut, Line
from briefgen.brief.words import UNSPACED, fold, stems, words_of
from briefgen.settings import Edition

_BEGINS: Final = 5
"""From so many letters on, a longer word that begins with the avoided one mentions it."""
_ARTICLES: Final = frozenset(
    """
    the a an der die das den dem des ein eine le la les l un une el los las lo il gli i de het een
    o os as um uma al
    """.split()  # noqa: SIM905  # a list of words reads better as words
)
"""The Lisbon office is also their Lisbon office."""
_WITHIN: Final = 6
"""From so many letters on, a compound that holds the avoided word mentions it."""


@dataclass(frozen=True, kw_only=True)
class Tact:
    """What is avoided with the people of one meeting, and the edition it is for."""

    avoided: tuple[str, ...]
    language: str
    edition: Edition

    @classmethod
    def with_words(cls, words: Iterable[str], *, language: str, edition: Edition) -> "Tact":
        """Tact about these words; each counts once."""
        kept = dict.fromkeys(word.strip() for word in words if word.strip())
        return cls(avoided=tuple(kept), language=language, edition=edition)

    def avoided_in(self, text: str) -> str | None:
        """The first avoided word that a text mentions."""
        if not self.avoided or not text:
            return None
        flat = fold(text)
        for word, hint in self._hints:
            if hint in flat and mentions(text, word, self.language):
                return word
        return None

    @cached_property
    def _hints(self) -> tuple[tuple[str, str], ...]:
        """Each avoided word and what every text that mentions it holds; maybe nothing."""
        return tuple((word, _hint(word, self.language)) for word in self.avoided)

    def refusal(self, line: Line) -> LeftOut | None:
        """Why a line must not be in the brief; None where it may."""
        if line.visibility == "never":
            return LeftOut(line=line, reason="visibility", by="never")
        if self.edition == "table" and line.visibility != "print":
            return LeftOut(line=line, reason="edition", by="table")
        said = f"{line.label}\n{line.channel}\n{line.text}\n{line.note}"
        if word := self.avoided_in(said):
            return LeftOut(line=line, reason="avoid", by=word)
        return None

    def tactful(self, face: Face) -> Face:
        """A face without a role or remark that mentions what is avoided; names stay."""
        role = "" if self.avoided_in(face.role) else face.role
        remark = "" if self.avoided_in(face.remark) else face.remark
        return (
            face
            if (role, remark) == (face.role, face.remark)
            else replace(face, role=role, remark=remark)
        )


def _hint(avoided: str, language: str) -> str:
    wanted = _wanted(avoided, language)
    return wanted[0][0] if wanted and not UNSPACED.search(avoided) else ""


def mentions(text: str, avoided: str, language: str) -> bool:
    """Whether a text mentions a word or phrase in any of its forms."""
    flat = fold(text)
    target = fold(avoided).strip()
    if UNSPACED.search(target):
        return target.replace(" ", "") in flat.replace(" ", "")
    wanted = _wanted(avoided, language)
    if not wanted:
        return bool(target) and target in flat
    if not any(beginning in flat for beginning, *_ in wanted[:1]):
        return False
    words = words_of(text)
    last = len(words) - len(wanted)
    return any(
        all(_same(words[at + n], part, language) for n, part in enumerate(wanted))
        for at in range(last + 1)
    )


@lru_cache(maxsize=2_000)
def _wanted(avoided: str, language: str) -> tuple[tuple[str, str, frozenset[str]], ...]:
    """Each word of an avoided phrase: how all its forms begin, the word itself, its stems."""
    words = words_of(avoided)
    telling = tuple(word for word in words if word not in _ARTICLES) or words
    return tuple(
        (_beginning(word, language), fold(word), stems(word, language)) for word in telling
    )


def _beginning(word: str, language: str) -> str:
    """What every form of a word holds: the shortest of its stems, cut to what they share."""
    found = [*stems(word, language), fold(word)]
    shortest = min(found, key=len)
    return shortest[: max(1, min(3, len(shortest) - 1))] if shortest else ""


def _same(word: str, wanted: tuple[str, str, frozenset[str]], language: str) -> bool:
    beginning, flat, forms = wanted
    bare = fold(word)
    if beginning not in bare:
        return False
    if len(flat) >= _WITHIN and flat in bare:
        return True
    if len(flat) >= _BEGINS and bare.startswith(flat):
        return True
    return bool(forms & stems(word, language))
