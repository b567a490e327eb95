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
from briefgen.brief.words import sentences_of, told_stems
from briefgen.contacts.book import Dated
from briefgen.workspace.value import Value

_LOOKED_AT: Final = 24
_CONDITIONS: Final[tuple[PhraseKind, ...]] = ("diet", "walking", "smoking", "away")
"""What somebody is or does, of which the newest word counts alone."""
_TELLING: Final[tuple[PhraseKind, ...]] = (*_CONDITIONS, "news", "changed", "count")
_PARTS: Final = re.compile(r"\s*[,;\u3001\u060c]\s+|[.!?]\s+")
"""What stands between the parts of a state."""
_DIGITS: Final = re.compile(r"\d+")
_FIGURE: Final = re.compile(r"\d\s?(?:%|pc\b|per ?cent|percent)|[€$£¥]\s?\d|\d\s?(?:€|k\b)")


class _News(Value, frozen=True, kw_only=True):
    """A sentence that may overtake older ones.

    Attributes:
        conditions: what of somebody it tells of.
        stems: the stems of its words, unless it only tells of a condition.
        has_figure, is_done, has_changed: what it tells of what they name.
        numbers: those in it.
    """

    day: date
    conditions: frozenset[PhraseKind]
    stems: frozenset[str]
    has_figure: bool
    is_done: bool
    has_changed: bool
    numbers: frozenset[str]

    def contradicts(self, stems: frozenset[str], numbers: frozenset[str]) -> bool:
        """Whether something with these words and numbers is no longer so."""
        if stems.isdisjoint(self.stems):
            return False
        if numbers and self.numbers:
            return numbers.isdisjoint(self.numbers)
        return self.has_changed


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
        self._names = told_stems(names, language)
        self._news: list[_News] = []
        self._read = 0

    def without(self, text: str, day: date) -> str:
        """A note of a day without the sentences that later ones have overtaken."""
        later = self._later_than(day)
        if not later:
            return text
        stems, later_figures = self._stems(text), frozenset[str]()
        if _FIGURE.search(text):
            newer = [one.stems for one in later if one.has_figure and one.stems & stems]
            later_figures = frozenset().union(*newer) & stems
        seeks = says("seeking", text, self._languages)
        done = frozenset().union(*(one.stems for one in later if one.is_done and seeks))

        def is_out(part: str) -> bool:
            if later_figures and (_FIGURE.search(part) or later_figures & self._stems(part)):
                return True
            return self._is_overtaken(part, later) or bool(done & self._stems(part))

        return without(text, is_out, self._languages)

    def still_so(self, state: str, day: date) -> str:
        """A state noted on a day, without the parts that later notes contradict."""
        later, parts = self._later_than(day), _PARTS.split(state)
        kept = [
            part
            for part in parts
            if not self._is_overtaken(part, later)
            and not any(one.contradicts(self._stems(part), self._numbers(part)) for one in later)
        ]
        return state if len(kept) == len(parts) else ", ".join(kept)

    def is_reached(self, wish: str, day: date) -> bool:
        """Whether later notes tell that a wish of a day came true, or is overtaken."""
        stems, numbers = self._stems(wish), self._numbers(wish)
        return any(
            bool(stems & one.stems and numbers and one.numbers)
            or (one.has_changed and len(stems & one.stems) * 2 > len(stems))
            for one in self._later_than(day)
        )

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
        if not _DIGITS.search(text) and not says_any(_TELLING, text, self._languages):
            return
        for sentence in sentences_of(text):
            is_done = says("news", sentence, self._languages)
            has_figure = _FIGURE.search(sentence) is not None
            has_changed = is_done or says("changed", sentence, self._languages)
            numbers, conditions = self._numbers(sentence), self._conditions(sentence)
            has_more = has_figure or has_changed or bool(numbers)
            if conditions or has_more:
                yield _News(
                    day=day,
                    conditions=conditions,
                    stems=self._stems(sentence) if has_more else frozenset(),
                    has_figure=has_figure,
                    is_done=is_done,
                    has_changed=has_changed,
                    numbers=numbers,
                )

    def _conditions(self, text: str) -> frozenset[PhraseKind]:
        return frozenset(kind for kind in _CONDITIONS if says(kind, text, self._languages))

    def _numbers(self, text: str) -> frozenset[str]:
        said = says_where("count", text, self._languages)
        return frozenset(_DIGITS.findall(text)) | ({said} if said else frozenset())

    def _stems(self, text: str) -> frozenset[str]:
        return told_stems(text, self._language) - self._names
