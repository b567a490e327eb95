"""What not to ask a person about, from talking points, approaches and notes."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from briefgen.brief.company import names_in
from briefgen.brief.phrases import flat, not_to_be_asked, says_where
from briefgen.brief.subject import Subject
from briefgen.brief.words import fold, sentences_of

_LATEST: Final = 12
"""How many of the latest interactions are read."""
_REFUSED_FOR: Final = timedelta(days=365)
"""How long someone's wish not to talk about something counts."""
_UP_TO: Final = re.compile(r"[,;(]| unless | except ")
_CLAUSE_ENDS: Final = re.compile(r"[;:.,]")
"""Where one clause of a note ends."""


class NotAsked:
    """What not to ask one person about."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """What not to ask about, in the user's own words."""
        contact, badly = self._subject.contact, self._subject.occasion.vocabulary.badly
        texts = [
            point.text
            for point in contact.talking_points
            if not self.was_brought_up(point.text, point.from_)
        ]
        texts += [
            one.interaction.reflection.adjust
            for one in self._subject.interactions_on_file[:_LATEST]
            if one.interaction.reflection and one.interaction.reflection.adjust
        ]
        texts += [
            f"do not {_to_ask(one.tried)}"
            for one in contact.approaches
            if fold(one.landed or "").strip(" .!") in badly
            and not self.was_brought_up(one.tried, one.date.first_day() if one.date else None)
        ]
        asked = (what for text in texts for what in not_to_be_asked(text, self._subject.languages))
        return (*asked, *self.not_mentioned, *self._not_spoken_of())

    def mentioned_in(self, text: str) -> str | None:
        """The thing not to be asked about that a text mentions."""
        told = self._subject.content_stems(text)
        return next(
            (what for what in self.topics if told & self._subject.content_stems(what)),
            None,
        )

    def was_brought_up(self, what: str, since: date | None) -> bool:
        """Whether they have since spoken gladly about someone who was not to be mentioned."""
        if since is None or not self._brought_up:
            return False
        named = names_in(what)
        return any(day > since and not named.isdisjoint(told) for day, told in self._brought_up)

    def _not_spoken_of(self) -> Iterator[str]:
        """What they do not want to talk about, as notes of the last year say."""
        for one in self._subject.interactions_on_file[:_LATEST]:
            if self._subject.day - one.day > _REFUSED_FOR:
                return
            if not self._subject.says("left_alone", one.interaction.summary or ""):
                continue
            for sentence in sentences_of(one.interaction.summary or ""):
                said = says_where("left_alone", sentence, self._subject.languages)
                if said is not None:
                    before, _, after = flat(sentence).partition(said)
                    what, *_ = _CLAUSE_ENDS.split(after.strip(" ."), maxsplit=1)
                    yield what or before

    @cached_property
    def _brought_up(self) -> Sequence[tuple[date, frozenset[str]]]:
        """The names in the latest sentences in which they spoke gladly about someone."""
        return [
            (one.day, names_in(sentence))
            for one in self._subject.interactions_on_file[:_LATEST]
            if self._subject.says("brings_up", one.interaction.summary or "")
            for sentence in sentences_of(one.interaction.summary or "")
            if self._subject.says("brings_up", sentence)
        ]

    @cached_property
    def not_mentioned(self) -> tuple[str, ...]:
        """What the free notes say not to mention, each up to its first comma."""
        found = not_to_be_asked(self._subject.contact.notes or "", self._subject.languages)
        return tuple(_UP_TO.split(one)[0] for one in found if not self._subject.says("joke", one))


def _to_ask(tried: str) -> str:
    """`asked about the house` as written after "do not"."""
    return re.sub(r"^ask(?:ed|ing)\b", "ask", tried, flags=re.IGNORECASE)
