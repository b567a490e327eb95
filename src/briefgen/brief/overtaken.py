"""What a later note has overtaken: an older word on the same diet, figure, search or state.

`Vegan since Easter` is no longer true after `eats fish again`, `6% over` after `overrun now 11%`,
`still looking for a chef` after `found a chef`, `2 shops` after `third shop opened`. Of these only
the newest note is told.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from operator import itemgetter
from typing import Final

from briefgen.brief.company import without
from briefgen.brief.phrases import PhraseKind, says, says_any, says_where
from briefgen.brief.words import content_stems, fold, sentences_of
from briefgen.contacts.book import Dated
from briefgen.workspace.value import Value

_LOOKED_AT: Final = 24
_BEGINNING: Final = 3
"""So many first letters are the same in all forms of a word."""
_CONDITIONS: Final[tuple[PhraseKind, ...]] = ("diet", "walking", "smoking", "away")
"""What somebody is or does, of which the newest word counts alone."""
_TELLING: Final[tuple[PhraseKind, ...]] = (*_CONDITIONS, "news")
_CHANGING: Final[tuple[PhraseKind, ...]] = ("news", "changed", "count")
_PARTS: Final = re.compile(r"\s*[,;\u3001\u060c]\s+|[.!?]\s+")
"""What stands between the parts of a state."""
_DIGITS: Final = re.compile(r"\d+")
_FIGURE: Final = re.compile(r"\d\s?(?:%|pc\b|per ?cent|percent)|[€$£¥]\s?\d|\d\s?(?:€|k\b)")


class _News(Value, frozen=True, kw_only=True):
    """A sentence that may overtake older ones.

    Attributes:
        conditions: what of somebody it tells of.
        has_figure, is_done: whether it has a figure, or tells that something is done.
    """

    day: date
    sentence: str
    conditions: frozenset[PhraseKind]
    has_figure: bool
    is_done: bool


class Overtaken:
    """What the notes on somebody have overtaken of one another."""

    def __init__(
        self,
        told: Sequence[Dated],
        names: str,
        languages: tuple[str, ...],
        language: str,
        events: Iterable[tuple[date, str]] = (),
    ) -> None:
        noted = [(one.day, one.interaction.summary or "") for one in told[:_LOOKED_AT]]
        self._told = sorted((*noted, *events), key=itemgetter(0), reverse=True)
        self._languages = languages
        self._language = language
        self._names = content_stems(names, language)
        self._news: list[_News] = []
        self._read = 0

    def without(self, text: str, day: date) -> str:
        """A note of a day without the sentences that later ones have overtaken."""
        later = self._later_than(day)
        if not later:
            return text
        stems, later_figures = self._stems(text), frozenset[str]()
        if _FIGURE.search(text):
            newer = (self._stems(one.sentence) for one in later if one.has_figure)
            later_figures = frozenset().union(*(one for one in newer if one & stems)) & stems
        done = frozenset[str]()
        if says("seeking", text, self._languages):
            done = done.union(*(self._stems(one.sentence) for one in later if one.is_done))

        def is_out(part: str) -> bool:
            if later_figures and (_FIGURE.search(part) or later_figures & self._stems(part)):
                return True
            return self._is_overtaken(part, later) or bool(done & self._stems(part))

        return without(text, is_out, self._languages)

    def still_so(self, state: str, day: date) -> str:
        """A state noted on a day, without the parts that later notes contradict."""
        later, parts = self._changes_since(day, state), _PARTS.split(state)
        kept = [
            part
            for part in parts
            if not self.is_overtaken(part, day)
            and not any(self._contradicts(sentence, part) for sentence in later)
        ]
        return state if len(kept) == len(parts) else ", ".join(kept)

    def is_reached(self, wish: str, day: date) -> bool:
        """Whether later notes tell that a wish of a day came true, or is overtaken."""
        stems, numbers = self._stems(wish), self._numbers(wish)
        for sentence in self._changes_since(day, wish):
            shared = stems & self._stems(sentence)
            if shared and numbers and self._numbers(sentence):
                return True
            if len(shared) * 2 > len(stems) and self._has_changed(sentence):
                return True
        return False

    def _changes_since(self, day: date, about: str) -> list[str]:
        """The sentences of later notes with a number, or a change, of what a text is about."""
        beginnings = {stem[:_BEGINNING] for stem in self._stems(about)}
        return [
            sentence
            for noted, text in self._told
            if noted > day
            and any(map(fold(text).__contains__, beginnings))
            and (_DIGITS.search(text) or says_any(_CHANGING, text, self._languages))
            for sentence in sentences_of(text)
        ]

    def _contradicts(self, sentence: str, part: str) -> bool:
        """Whether a later sentence says that a part of a state is no longer so."""
        if self._stems(part).isdisjoint(self._stems(sentence)):
            return False
        numbers, later = self._numbers(part), self._numbers(sentence)
        if numbers and later:
            return numbers.isdisjoint(later)
        return self._has_changed(sentence)

    def _has_changed(self, sentence: str) -> bool:
        return says_any(("news", "changed"), sentence, self._languages)

    def is_overtaken(self, sentence: str, day: date) -> bool:
        """Whether a sentence of a note of a day is no longer true."""
        return self._is_overtaken(sentence, self._later_than(day))

    def _is_overtaken(self, sentence: str, later: Sequence[_News]) -> bool:
        conditions = self._conditions(sentence)
        return any(conditions & one.conditions for one in later)

    def _later_than(self, day: date) -> list[_News]:
        """What the notes after a day tell; each is read when it is first asked for."""
        while self._read < len(self._told) and self._told[self._read][0] > day:
            self._news += self._news_in(*self._told[self._read])
            self._read += 1
        return [one for one in self._news if one.day > day]

    def _news_in(self, day: date, text: str) -> Iterator[_News]:
        if not _FIGURE.search(text) and not says_any(_TELLING, text, self._languages):
            return
        for sentence in sentences_of(text):
            yield _News(
                day=day,
                sentence=sentence,
                conditions=self._conditions(sentence),
                has_figure=_FIGURE.search(sentence) is not None,
                is_done=says("news", sentence, self._languages),
            )

    def _conditions(self, text: str) -> frozenset[PhraseKind]:
        if not says_any(_CONDITIONS, text, self._languages):
            return frozenset()
        return frozenset(kind for kind in _CONDITIONS if says(kind, text, self._languages))

    def _numbers(self, text: str) -> frozenset[str]:
        said = says_where("count", text, self._languages)
        return frozenset(_DIGITS.findall(text)) | ({said} if said else frozenset())

    def _stems(self, text: str) -> frozenset[str]:
        return content_stems(text, self._language) - self._names
