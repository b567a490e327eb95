"""Interactions as they may be printed: without what others in the room must not read.

A need that was met later, or that is none, is left out. Of hundreds of interactions only the last
few are ever used, so each is prepared when it is first asked for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from briefgen.brief.apologies import Apologies, is_done
from briefgen.brief.brief import LeftOut
from briefgen.brief.company import WITHOUT_NEEDS, WITHOUT_WORDS, every_word, without
from briefgen.brief.phrases import PhraseKind, is_nothing, says_any
from briefgen.brief.presence import Presence, left_out
from briefgen.brief.silences import Confidence, without_confided_words, without_hints
from briefgen.brief.subject import Subject
from briefgen.brief.words import content_stems, content_words, stems, words_of
from briefgen.contacts.book import Dated
from briefgen.contacts.contact import Interaction

_OF_THEMSELVES: Final[tuple[PhraseKind, ...]] = ("wants_time", "absence", "standing")
"""A need of these, in a bad mood, is of themselves and not of the work."""
_PROMISED_AT_ONCE: Final = 1 / 4
"""A promise made when they said what they need has more than so much of it, to be the answer."""
_SAME: Final = 3
"""How many first letters all forms of a word share."""
LOOKED_AT: Final = 12
"""How many of the latest interactions are read for what to leave out."""


class Interactions:
    """What happened with somebody before, the newest first."""

    def __init__(
        self,
        subject: Subject,
        presence: Presence,
        confidences: Sequence[Confidence],
        apologies: Apologies,
        languages: tuple[str, ...],
    ) -> None:
        self._subject = subject
        self._presence = presence
        self._confidences = confidences
        self._apologies = apologies
        self._languages = languages
        self._unweighed = presence.without_others(subject)
        self._told: dict[int, Dated] = {}

    def __len__(self) -> int:
        return len(self._unweighed)

    def __iter__(self) -> Iterator[Dated]:
        return map(self._at, range(len(self)))

    def latest(self, most: int) -> list[Dated]:
        """At most so many of them."""
        return list(islice(self, most))

    def noted(self, most: int) -> Sequence[Dated]:
        """So many of them at most as they were noted: to look at, and never to print."""
        return self._unweighed[:most]

    def those(self, is_meant: Callable[[Dated], bool], most: int = LOOKED_AT) -> Iterator[Dated]:
        """The latest ones whose note is meant, as they may be printed."""
        return (self._at(at) for at, dated in enumerate(self.noted(most)) if is_meant(dated))

    def with_need(self, is_meant: Callable[[Interaction], bool]) -> Iterator[Dated]:
        """The latest ones with an open need whose note is meant."""
        found = self.those(lambda one: bool(one.interaction.needs) and is_meant(one.interaction))
        return (one for one in found if one.interaction.needs)

    def _at(self, at: int) -> Dated:
        if at not in self._told:
            self._told[at] = self._weighed(self._unweighed[at], at)
        return self._told[at]

    def hidden(self) -> Iterator[LeftOut]:
        """Every note of which something is kept from the sheet, and why; made only on request."""
        subject, presence = self._subject, self._presence
        yield from presence.hidden(subject)
        for dated in self._unweighed:
            others = presence.colleagues.of(subject)
            if every_word(dated.interaction) != every_word(self._unexposed(dated).interaction):
                by = others[0].short if others else "others"
                yield left_out(subject, dated, "present", by)
        for dated in map(self._unexposed, self._unweighed):
            if self._without_confidences(dated) is not dated:
                yield left_out(subject, dated, "confidence", "told in confidence")

    def _weighed(self, dated: Dated, at: int) -> Dated:
        dated = self._without_confidences(self._unexposed(dated))
        return self._as_known(dated, at) if at < LOOKED_AT else dated

    def _unexposed(self, dated: Dated) -> Dated:
        """An interaction without what would embarrass before a colleague, or hurt one."""
        colleagues = self._presence.colleagues
        noted = self._subject.contact.interactions[dated.at]
        other = colleagues.embarrassed_before(self._subject, noted)
        if other is not None:
            dated = dated.changed(**self._without_the_mood(dated, noted.signals), signals=())
            if colleagues.is_family(self._subject, other) or says_any(
                _OF_THEMSELVES, noted.needs or "", self._languages
            ):
                dated = dated.changed(**WITHOUT_NEEDS)
        dated = colleagues.before_colleagues(self._subject, dated)
        return self._presence.before_others(self._subject, dated)

    def _without_the_mood(self, dated: Dated, felt: tuple[str, ...]) -> Mapping[str, object]:
        """What changes in a note of a bad mood; of a mixed one of theirs who decides, the mood."""
        vocabulary = self._subject.occasion.vocabulary
        if not self._subject.contact.decides or vocabulary.tone(felt) == "low":
            return WITHOUT_WORDS

        def is_moody(sentence: str) -> bool:
            return any(vocabulary.tone((word,)) == "low" for word in words_of(sentence))

        told = without(dated.interaction.summary, is_moody, self._languages) or None
        return {**WITHOUT_WORDS, "summary": told}

    def _without_confidences(self, dated: Dated) -> Dated:
        told = self._confidences
        alone = self._subject.occasion.alone
        kept = without_hints(dated, told, self._languages, alone=alone) if told else dated
        return without_confided_words(self._subject, kept, self._languages)

    def _as_known(self, dated: Dated, at: int) -> Dated:
        """An interaction with its need as it is known by now, and without what tact hides in it."""
        one, tact = dated.interaction, self._subject.occasion.tact
        if one.needs and (is_nothing(one.needs) or self._was_met(dated, at)):
            dated = dated.changed(needs=None, needs_met=None)
        if self._apologies.closed(every_word(one), dated.day):
            dated = self._without_the_quarrel(dated)
        if one.summary and tact.avoided_in(one.summary):
            summary = without(
                one.summary, lambda text: bool(tact.avoided_in(text)), self._languages
            )
            dated = dated.changed(summary=summary or None, words=None, unsaid=None, signals=())
        return dated

    def _without_the_quarrel(self, dated: Dated) -> Dated:
        """An interaction on a closed matter, without the bad mood and what was said in it."""
        match self._subject.occasion.vocabulary.tone(dated.interaction.signals):
            case "high":
                return dated
            case "low":
                return dated.changed(words=None, unsaid=None, signals=())
        return dated.changed(words=None, unsaid=None)

    def _was_met(self, dated: Dated, at: int) -> bool:
        """Whether a later interaction, a kept promise or a resolved concern met a need.

        The file does not say that it was met; where it does, that is told.
        """
        need, day = dated.interaction.needs or "", dated.day
        if dated.interaction.needs_met == "yes":
            return False
        met = [
            needs
            for later in self._unweighed[:at]
            if later.interaction.needs_met == "yes"
            and (needs := self._without_confidences(later).interaction.needs)
            and not is_nothing(needs)
        ]
        until, contact = self._subject.occasion.known_until, self._subject.contact
        done = [one for one in contact.promises if is_done(one, day, until)]
        met += [one.text for one in done]
        for concern in contact.concerns:
            resolved = concern.resolved.first_day() if concern.resolved else None
            if resolved is not None and day <= resolved <= until:
                met.append(concern.text)
        language = self._subject.occasion.vocabulary.language
        at_once = (one.text for one in done if one.made == day)  # promised when they said it
        return any(answers(text, need, language) for text in met) or any(
            answers(text, need, language, share=_PROMISED_AT_ONCE) for text in at_once
        )


def answers(text: str, need: str, language: str, *, share: float = 1 / 2) -> bool:
    """Whether a text has more than a share of what a need is about."""
    words, flat = content_words(need), text.lower()
    enough = len(words) * share
    if text.isascii() and sum(word[:_SAME] in flat for word in words) <= enough:
        return False  # as of most texts
    told = content_stems(text, language)
    return sum(not told.isdisjoint(stems(word, language)) for word in words) > enough
