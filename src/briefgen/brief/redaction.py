"""Tact: what must not be mentioned, and who may see what.

A word to avoid hides every line that mentions it in any form: whatever its case, accents and
endings, as the beginning of a longer word or inside a compound, and by the words kindred to it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import takewhile
from typing import Final

from briefgen.brief.brief import Face, LeftOut, Line, Mood
from briefgen.brief.word_families.irregular import Kindred, kindred
from briefgen.brief.words import UNSPACED, fold, stems, words_of
from briefgen.workspace.settings import Edition

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
_PARTICLES: Final = frozenset(
    {"up", "off", "out", "down", "away", "over", "apart", "go"}
    | {"ab", "an", "auf", "aus", "ein", "los", "um", "weg", "zu"}
)
"""Words that may stand a little behind their verb: `lay them all off`."""
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
"""`gekündigt` is of `kündigen`, `abgesagt` and `abzusagen` of `absagen`."""


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
        return self._avoided_in_each([text]).get(0)

    @cached_property
    def _hints(self) -> tuple[tuple[str, str, "_Wanted"], ...]:
        """What tells that a word may stand somewhere, the word, and what to look for then."""
        each = ((word, _wanted(word, self.language)) for word in self.avoided)
        return tuple((hint, word, wanted) for word, wanted in each for hint in wanted.hints)

    def refusals(self, lines: Sequence[Line]) -> dict[int, LeftOut]:
        """The lines that must not be in the brief, by their places, and why."""
        avoided = self._avoided_in_each([_said(line) for line in lines])
        found: dict[int, LeftOut] = {}
        for at, line in enumerate(lines):
            if line.visibility == "never":
                found[at] = LeftOut(line=line, reason="visibility", by="never")
            elif self.edition == "table" and line.visibility != "print":
                found[at] = LeftOut(line=line, reason="edition", by="table")
            elif at in avoided:
                found[at] = LeftOut(line=line, reason="avoid", by=avoided[at])
        return found

    def _avoided_in_each(self, texts: Sequence[str]) -> dict[int, str]:
        """The first avoided word that each of some texts mentions, by their places."""
        found: dict[int, str] = {}
        flats = list(map(fold, texts)) if self.avoided else []
        for hint, word, wanted in self._hints:
            for at in [at for at, flat in enumerate(flats) if hint in flat]:
                if at not in found and wanted.stand_in(texts[at], flats[at], self.language):
                    found[at] = word
        return found

    def tactful(self, faces: Sequence[Face]) -> Sequence[Face]:
        """Faces without roles, remarks and moods that mention what is avoided; names stay."""
        texts = [
            text for face in faces for text in (face.role, face.remark, *map(_felt, face.mood))
        ]
        return tuple(map(self._tactful, faces)) if self._avoided_in_each(texts) else faces

    def _tactful(self, face: Face) -> Face:
        return face.replace(
            role="" if self.avoided_in(face.role) else face.role,
            remark="" if self.avoided_in(face.remark) else face.remark,
            mood=tuple(one for one in face.mood if not self.avoided_in(_felt(one))),
        )


def _said(line: Line) -> str:
    return f"{line.label}\n{line.channel}\n{line.text}\n{line.note}"


def _felt(mood: Mood) -> str:
    return ", ".join(mood.signals)


def mentions(text: str, avoided: str, language: str) -> bool:
    """Whether a text mentions a word or phrase in any of its forms, or a word kindred to it."""
    flat = fold(text)
    wanted = _wanted(avoided, language)
    return _may_hold(flat, wanted.hints) and wanted.stand_in(text, flat, language)


def _may_hold(flat: str, hints: Iterable[str]) -> bool:
    """Whether a text without case and accents holds one of these pieces."""
    for hint in hints:  # noqa: SIM110  # a loop is sooner done than any(), and done often
        if hint in flat:
            return True
    return False


@dataclass(frozen=True, kw_only=True)
class _Word:
    """A word that is looked for.

    Attributes:
        hints: pieces, one of which all its forms hold.
        flats: the word and its kin, without case and accents.
        stems: theirs.
        unlike: pieces of words that are other words.
    """

    hints: tuple[str, ...]
    flats: tuple[str, ...]
    stems: frozenset[str]
    unlike: tuple[str, ...]

    def is_meant_by(self, word: str, language: str) -> bool:
        """Whether a word of a text is this word, in any form, or a compound with it."""
        bare = fold(word)
        if not _may_hold(bare, self.hints):
            return False
        if bare in self.flats or not self.stems.isdisjoint(_forms(word, language)):
            return True
        if any(piece in bare for piece in self.unlike):
            return False
        return any(
            (len(flat) >= _WITHIN and flat in bare)
            or (len(flat) >= _BEGINS and bare.startswith(flat))
            for flat in self.flats
        )


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """What is looked for where something is avoided: one of several phrases.

    Attributes:
        hints: pieces, one of which every mention holds; an empty one where none is known.
        phrases: each a row of words.
        unspaced: texts in a script without spaces between words, to be found anywhere.
    """

    hints: tuple[str, ...]
    phrases: tuple[tuple[_Word, ...], ...] = ()
    unspaced: tuple[str, ...] = ()

    def stand_in(self, text: str, flat: str, language: str) -> bool:
        """Whether any of it stands in a text."""
        if self.unspaced:
            together = flat.replace(" ", "")
            return any(one in together for one in self.unspaced)
        if not self.phrases:
            return True  # signs that are no words: that they are there was all to be known
        phrases = [
            phrase for phrase in self.phrases if all(_may_hold(flat, word.hints) for word in phrase)
        ]
        if not phrases:
            return False
        words = words_of(text)
        without_articles = tuple(word for word in words if word not in _ARTICLES)
        return any(
            _stands_in(words if len(phrase) == 1 else without_articles, phrase, language)
            for phrase in phrases
        )


def _stands_in(words: Sequence[str], phrase: Sequence[_Word], language: str) -> bool:
    """Whether a phrase stands in a text; words may stand before a particle: `lay them off`."""
    *first, last = phrase
    may_wait = bool(first) and last.flats[0] in _PARTICLES
    for at in range(len(words) - len(first)):
        end = at + len(first)
        if _are_meant_by(first, words[at:end], language) and any(
            last.is_meant_by(word, language)
            for word in words[end : end + (_BETWEEN if may_wait else 1)]
        ):
            return True
    return False


def _are_meant_by(wanted: Sequence[_Word], words: Sequence[str], language: str) -> bool:
    pairs = zip(wanted, words, strict=True)
    return all(one.is_meant_by(word, language) for one, word in pairs)


@lru_cache(maxsize=2_000)
def _wanted(avoided: str, language: str) -> _Wanted:
    target = fold(avoided).strip()
    kin = kindred(avoided, language)
    if UNSPACED.search(target):
        unspaced = tuple(fold(one).replace(" ", "") for one in (avoided, *kin.words, *kin.phrases))
        return _Wanted(hints=tuple(one[0] for one in unspaced), unspaced=unspaced)
    own = _telling(avoided)
    if not own:
        return _Wanted(hints=(target,) if target else ())
    phrases = [tuple(_word(word, language) for word in own)]
    if len(own) > 1 and kin.words:
        phrases += [(_any_of(kin.words, frozenset(), kin, language),)]
    phrases += [tuple(_word(word, language) for word in _telling(one)) for one in kin.phrases]
    hints = dict.fromkeys(hint for phrase in phrases for hint in phrase[0].hints)
    return _Wanted(hints=tuple(hints), phrases=tuple(phrases))


def _telling(phrase: str) -> tuple[str, ...]:
    """The words of a phrase but for its articles, unless it is one."""
    words = words_of(phrase)
    return tuple(word for word in words if word not in _ARTICLES) or words


def _word(word: str, language: str) -> _Word:
    """A word, and those kindred to it."""
    kin = kindred(word, language)
    return _any_of((word, *kin.words), _forms(word, language), kin, language)


def _any_of(words: Sequence[str], own: frozenset[str], kin: Kindred, language: str) -> _Word:
    of_kin = frozenset().union(*(_forms(word, language) for word in words))
    return _Word(
        hints=tuple(dict.fromkeys(_hint(word, language) for word in words)),
        flats=tuple(dict.fromkeys(fold(word) for word in words)),
        stems=own | (of_kin - kin.elsewhere),
        unlike=kin.unlike,
    )


def _hint(word: str, language: str) -> str:
    """What every form of a word holds: the beginning that its stems share; maybe nothing.

    Of a verb like `absagen` no more than two letters: the third of `abgesagt` is another.
    """
    every = (*_forms(word, language), fold(word))
    pairs = zip(min(every), max(every), strict=False)
    shared = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return shared[: 2 if language in _PARTICIPLES else max(1, min(3, len(shared) - 1))]


@lru_cache(maxsize=20_000)
def _forms(word: str, language: str) -> frozenset[str]:
    """The stems of a word; of a German or Dutch participle those of its verb too."""
    found = stems(word, language)
    if language in _PARTICIPLES and (parts := _PARTICIPLES[language].fullmatch(word)):
        found |= stems(f"{parts['before']}{parts['verb']}en", language)
    return found
