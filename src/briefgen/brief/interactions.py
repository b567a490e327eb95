"""Interactions as they may be printed, and what later notes say is no longer true.

What others in the room must not read is left out, and so is a need that was met or is not one. Of
hundreds of interactions only the last few are ever used, so each is prepared on first use. `Vegan
since Easter` is no longer true after `eats fish again`, `6% over` after `overrun now 11%`, `still
looking for a chef` after `found a chef`, `2 shops` after `third shop opened`: of these only the
newest note is used. A note of people missing is over once they are found, a plan to move or to grow
once the visa is refused or the firm insolvent, and hopes of an order once it is lost.

Over 400 lines, since all of these compare the same few notes.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import islice
from operator import itemgetter
from typing import Final

from briefgen.brief.apologies import Apologies, is_done
from briefgen.brief.brief import LeftOut
from briefgen.brief.company import WITHOUT_NEEDS, WITHOUT_WORDS, every_word, without
from briefgen.brief.deliveries import handed_over, has_most_of
from briefgen.brief.events import Event
from briefgen.brief.phrases import PhraseKind, flat, is_nothing, says, says_any, says_where
from briefgen.brief.presence import Presence, left_out
from briefgen.brief.relations import relations_in
from briefgen.brief.silences import Confidence, without_confided_words, without_hints
from briefgen.brief.subject import Subject
from briefgen.brief.word_families import LANGUAGES
from briefgen.brief.words import (
    content_stems,
    content_words,
    fold,
    holds_a_quote,
    sentences_of,
    stems,
    words_of,
)
from briefgen.contacts.book import Dated
from briefgen.contacts.contact import Interaction
from briefgen.workspace.value import Value

_LOOKED_AT: Final = 24
_GOING: Final = ("went to", "goes to", "ging an", "geht an", "ging naar", "gaat naar")
"""Phrases that can be about an order, but also about a person."""
_BEGINNING: Final = 3
"""How many first letters all forms of a word share."""
_CONDITIONS: Final[tuple[PhraseKind, ...]] = ("diet", "walking", "smoking", "away")
"""What someone is or does; only the newest note on it counts."""
_ENDED_BY: Final[tuple[tuple[PhraseKind, PhraseKind], ...]] = (
    ("understaffed", "staffed"),
    ("relocation", "relocation_off"),
    ("growth", "insolvent"),
)
"""What an older note says, and what a later one says once it is over."""
_TELLING: Final[tuple[PhraseKind, ...]] = (
    *_CONDITIONS, "news", *(end for _, end in _ENDED_BY),
)  # fmt: skip
_MAY_END: Final[tuple[PhraseKind, ...]] = (*_CONDITIONS, *(kind for kind, _ in _ENDED_BY))
_CHANGING: Final[tuple[PhraseKind, ...]] = ("news", "changed", "count")
_PARTS: Final = re.compile(r"\s*[,;\u3001\u060c]\s+|[.!?]\s+")
"""What separates the parts of a state."""
_DIGITS: Final = re.compile(r"\d+")
_FIGURE: Final = re.compile(r"\d\s?(?:%|pc\b|per ?cent|percent)|[€$£¥]\s?\d|\d\s?(?:€|k\b)")


class _News(Value, frozen=True, kw_only=True):
    """A sentence that may make older ones out of date.

    Attributes:
        conditions: which conditions of a person it is about.
        ended: which of them it says are over.
        has_figure, is_done: whether it has a figure, or says that something is done.
    """

    day: date
    sentence: str
    conditions: frozenset[PhraseKind]
    ended: frozenset[PhraseKind]
    has_figure: bool
    is_done: bool


class LaterNotes:
    """Which of the notes on someone are out of date because of later ones."""

    def __init__(self, subject: Subject, events: Iterable[Event]) -> None:
        contact, until = subject.contact, subject.occasion.known_until
        noted = [
            (one.day, one.interaction.summary or "")
            for one in subject.interactions_on_file[:_LOOKED_AT]
        ]
        noted += [(one.first, one.event.note) for one in events if one.first and one.first <= until]
        names = (contact.name, contact.organization or "", *contact.past_organizations)
        self._subject = subject
        self._told = sorted(noted, key=itemgetter(0), reverse=True)
        self._names = subject.content_stems(" ".join(names))
        self._news: list[_News] = []
        self._read = 0

    def without(self, text: str, day: date) -> str:
        """A note of a day, without the sentences that later ones have made out of date."""
        later = self._later_than(day)
        if not later and not self._lost:
            return text
        stems, later_figures = self._stems(text), frozenset[str]()
        if _FIGURE.search(text):
            newer = (self._stems(one.sentence) for one in later if one.has_figure)
            later_figures = frozenset().union(*(one for one in newer if one & stems)) & stems
        done = frozenset[str]()
        if self._subject.says("seeking", text):
            done = done.union(*(self._stems(one.sentence) for one in later if one.is_done))

        def is_out(part: str) -> bool:
            if later_figures and (_FIGURE.search(part) or later_figures & self._stems(part)):
                return True
            return self.is_outdated(part, day) or bool(done & self._stems(part))

        return without(text, is_out, self._subject.languages)

    def still_so(self, state: str, day: date) -> str:
        """A state noted on a day, without the parts that later notes contradict."""
        later, parts = self._changes_since(day, state), _PARTS.split(state)
        kept = [
            part
            for part in parts
            if not self.is_outdated(part, day)
            and not any(self._contradicts(sentence, part) for sentence in later)
        ]
        return state if len(kept) == len(parts) else ", ".join(kept)

    def is_reached(self, wish: str, day: date) -> bool:
        """Whether later notes say that a wish of a day came true, or is out of date."""
        if self.is_outdated(wish, day):
            return True
        stems, numbers = self._stems(wish), self._numbers(wish)
        for sentence in self._changes_since(day, wish):
            shared = stems & self._stems(sentence)
            if shared and numbers and self._numbers(sentence):
                return True
            if len(shared) * 2 > len(stems) and self._has_changed(sentence):
                return True
        return False

    def _changes_since(self, day: date, about: str) -> list[str]:
        """The sentences of later notes with a number or a change that concerns a text's subject."""
        beginnings = {stem[:_BEGINNING] for stem in self._stems(about)}
        return [
            sentence
            for noted, text in self._told
            if noted > day
            and any(map(fold(text).__contains__, beginnings))
            and (_DIGITS.search(text) or self._subject.says_any(_CHANGING, text))
            for sentence in sentences_of(text)
        ]

    def _contradicts(self, sentence: str, part: str) -> bool:
        """Whether a later sentence says that a part of a state is no longer true."""
        if self._stems(part).isdisjoint(self._stems(sentence)):
            return False
        numbers, later = self._numbers(part), self._numbers(sentence)
        if numbers and later:
            return numbers.isdisjoint(later)
        return self._has_changed(sentence)

    def _has_changed(self, sentence: str) -> bool:
        return says_any(("news", "changed"), sentence, self._subject.languages)

    def is_outdated(self, sentence: str, day: date) -> bool:
        """Whether a sentence of a note of a day is no longer true."""
        if any(one > day and self._is_of_the_same(told, sentence) for one, told in self._lost):
            return True
        if not self._subject.says_any(_MAY_END, sentence):
            return False  # as of most
        return self._is_ended(sentence, self._later_than(day))

    def _is_ended(self, sentence: str, later: Sequence[_News]) -> bool:
        """Whether a newer sentence is about the same condition, or says that it is over."""
        conditions = self._conditions(sentence)
        if any(conditions & one.conditions for one in later):
            return True
        ended = frozenset[PhraseKind]().union(*(one.ended for one in later))
        return any(self._subject.says(kind, sentence) for kind in ended)

    @cached_property
    def _lost(self) -> Sequence[tuple[date, str]]:
        """The sentences by which an order went to someone else."""
        return [
            (day, sentence)
            for day, sentence in self._told_with("bid_lost")
            if (said := says_where("bid_lost", sentence, self._subject.languages))
            and not (said in _GOING and _somebody_before(said, sentence))
        ]

    @cached_property
    def _given(self) -> Sequence[tuple[date, str]]:
        """The sentences of notes by which something was handed over."""
        return self._told_with("delivered")

    def _told_with(self, kind: PhraseKind) -> Sequence[tuple[date, str]]:
        return [
            (day, sentence)
            for day, text in self._told[:LOOKED_AT]
            if self._subject.says(kind, text)
            for sentence in sentences_of(text)
        ]

    def _is_of_the_same(self, told: str, older: str) -> bool:
        """Whether two sentences are about the same thing; `phase two` and `phase one` are not."""
        shared = self._stems(told) & self._stems(older)
        numbers, before = self._numbers(told), self._numbers(older)
        if numbers and before:
            return bool(shared) and not numbers.isdisjoint(before)
        return self._has_most_of(told, older)

    def closed_on(self, promised: str, made: date) -> date | None:
        """The day of a later note by which something promised may be done, or no longer wanted.

        `Noor sent the corrected list` may have kept the promise of that list.
        """
        lost = (
            day for day, one in self._lost if day > made and self._is_of_the_same(one, promised)
        )
        languages = (self._subject.language, *self._subject.languages)
        given = handed_over(promised, made, self._given, languages, names=self._names)
        return max((*lost, *filter(None, [given])), default=None)

    def _has_most_of(self, told: str, older: str) -> bool:
        return has_most_of(told, older, self._subject.language, self._names)

    def _later_than(self, day: date) -> list[_News]:
        """What the notes after a day say; each is read on first use."""
        while self._read < len(self._told) and self._told[self._read][0] > day:
            self._news += self._news_in(*self._told[self._read])
            self._read += 1
        return [one for one in self._news if one.day > day]

    def _news_in(self, day: date, text: str) -> Iterator[_News]:
        if not _FIGURE.search(text) and not self._subject.says_any(_TELLING, text):
            return
        for sentence in sentences_of(text):
            yield _News(
                day=day,
                sentence=sentence,
                conditions=self._conditions(sentence),
                ended=frozenset(
                    kind
                    for kind, end in _ENDED_BY
                    if (said := says_where(end, sentence, self._subject.languages))
                    and not relations_in(flat(sentence).partition(said)[0], self._subject.languages)
                ),
                has_figure=_FIGURE.search(sentence) is not None,
                is_done=self._subject.says("news", sentence),
            )

    def _conditions(self, text: str) -> frozenset[PhraseKind]:
        if not self._subject.says_any(_CONDITIONS, text):
            return frozenset()
        return frozenset(kind for kind in _CONDITIONS if self._subject.says(kind, text))

    def _numbers(self, text: str) -> frozenset[str]:
        said = says_where("count", text, self._subject.languages)
        return frozenset(_DIGITS.findall(text)) | ({said} if said else frozenset())

    def _stems(self, text: str) -> frozenset[str]:
        return self._subject.content_stems(text) - self._names


def _somebody_before(said: str, sentence: str) -> bool:
    """Whether a pronoun precedes a phrase: `they went to Porto`, not `the order went to Kolbe`."""
    before = flat(sentence).partition(said)[0].rsplit(maxsplit=1)[-1:]
    return bool(before) and says("of_another", before[0], LANGUAGES)


_OF_THEMSELVES: Final[tuple[PhraseKind, ...]] = ("wants_time", "absence", "standing")
"""A need for these, in a bad mood, is about themselves and not the work."""
_PROMISED_AT_ONCE: Final = 1 / 4
"""The share of a need's words that a promise made that day must have to be its answer."""
_SAME: Final = 3
"""How many first letters all forms of a word share."""
LOOKED_AT: Final = 12
"""How many of the latest interactions are searched for what to leave out."""


class Interactions:
    """What happened with someone before, the newest first."""

    def __init__(
        self,
        subject: Subject,
        presence: Presence,
        confidences: Sequence[Confidence],
        apologies: Apologies,
        later_notes: LaterNotes,
    ) -> None:
        self._subject = subject
        self._presence = presence
        self._confidences = confidences
        self._apologies = apologies
        self._later_notes = later_notes
        self._unweighed = presence.without_others(subject)
        self._told: dict[int, Dated] = {}

    def __len__(self) -> int:
        return len(self._unweighed)

    def __iter__(self) -> Iterator[Dated]:
        return map(self._at, range(len(self)))

    def latest(self, most: int) -> list[Dated]:
        """At most that many of them."""
        return list(islice(self, most))

    def noted(self, most: int) -> Sequence[Dated]:
        """At most that many of them, as they were noted: to examine, and never to print."""
        return self._unweighed[:most]

    def those(self, is_meant: Callable[[Dated], bool], most: int = LOOKED_AT) -> Iterator[Dated]:
        """The latest ones chosen by their notes, as they may be printed."""
        return (self._at(at) for at, dated in enumerate(self.noted(most)) if is_meant(dated))

    def with_need(self, is_meant: Callable[[Interaction], bool]) -> Iterator[Dated]:
        """The latest ones with an open need, chosen by their notes."""
        found = self.those(lambda one: bool(one.interaction.needs) and is_meant(one.interaction))
        return (one for one in found if one.interaction.needs)

    def _at(self, at: int) -> Dated:
        if at not in self._told:
            self._told[at] = self._weighed(self._unweighed[at], at)
        return self._told[at]

    def hidden(self) -> Iterator[LeftOut]:
        """Every note of which something is kept off the sheet, and why; made only on request."""
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
        """An interaction without what would embarrass them in front of a colleague, or hurt one."""
        colleagues = self._presence.colleagues
        noted = self._subject.contact.interactions[dated.at]
        other = colleagues.embarrassed_before(self._subject, noted)
        if other is not None:
            dated = dated.changed(**self._without_the_mood(dated, noted.signals), signals=())
            if colleagues.is_family(self._subject, other) or self._subject.says_any(
                _OF_THEMSELVES, noted.needs or ""
            ):
                dated = dated.changed(**WITHOUT_NEEDS)
        dated = colleagues.before_colleagues(self._subject, dated)
        return self._presence.before_others(self._subject, dated)

    def _without_the_mood(self, dated: Dated, felt: tuple[str, ...]) -> Mapping[str, object]:
        """The changes to a note of a bad mood; if it is mixed and they decide, only to the mood."""
        vocabulary = self._subject.occasion.vocabulary
        if not self._subject.contact.decides or vocabulary.tone(felt) == "low":
            return WITHOUT_WORDS

        def is_moody(sentence: str) -> bool:
            return any(vocabulary.tone((word,)) == "low" for word in words_of(sentence))

        told = without(dated.interaction.summary, is_moody, self._subject.languages) or None
        return {**WITHOUT_WORDS, "summary": told}

    def _without_confidences(self, dated: Dated) -> Dated:
        told = self._confidences
        kept = without_hints(self._subject, dated, told) if told else dated
        return without_confided_words(self._subject, kept)

    def _as_known(self, dated: Dated, at: int) -> Dated:
        """An interaction with its need as known by now, and without what `avoid` hides."""
        one, tact = dated.interaction, self._subject.occasion.tact
        if one.needs and (is_nothing(one.needs) or self._was_met(dated, at)):
            dated = dated.changed(needs=None, needs_met=None)
        if self._apologies.closed(every_word(one), dated.day):
            dated = self._without_the_complaint(self._without_the_quarrel(dated))
        if one.summary and tact.avoided_in(one.summary):
            summary = without(
                one.summary, lambda text: bool(tact.avoided_in(text)), self._subject.languages
            )
            dated = dated.changed(summary=summary or None, words=None, unsaid=None, signals=())
        return dated

    def _without_the_quarrel(self, dated: Dated) -> Dated:
        """An interaction on a closed matter, without the bad mood and what was said."""
        match self._subject.occasion.vocabulary.tone(dated.interaction.signals):
            case "high":
                return dated
            case "low":
                return dated.changed(words=None, unsaid=None, signals=())
        return dated.changed(words=None, unsaid=None)

    def _without_the_complaint(self, dated: Dated) -> Dated:
        """An interaction without what a complaint of that day, closed since, was about."""
        closed = [
            concern.text
            for concern in self._subject.contact.concerns
            if concern.date is not None and concern.date.first_day() == dated.day
        ]
        told = dated.interaction.summary
        if not closed or told is None:
            return dated

        def is_about_it(sentence: str) -> bool:
            named = any(self._subject.share_words(text, sentence) for text in closed)
            return named or holds_a_quote(sentence)

        return dated.changed(summary=without(told, is_about_it, self._subject.languages) or None)

    def _was_met(self, dated: Dated, at: int) -> bool:
        """Whether a later interaction, a kept promise or a resolved concern met a need.

        The file does not say that it was met; if it does, that is used.
        """
        need, day = dated.interaction.needs or "", dated.day
        if dated.interaction.needs_met == "yes":
            return False
        if self._later_notes.is_outdated(need, day):
            return True
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
        language = self._subject.language
        at_once = (one.text for one in done if one.made == day)  # promised when they said so
        return any(answers(text, need, language) for text in met) or any(
            answers(text, need, language, share=_PROMISED_AT_ONCE) for text in at_once
        )


def answers(text: str, need: str, language: str, *, share: float = 1 / 2) -> bool:
    """Whether a text has more than a given share of a need's words."""
    words, flat = content_words(need), text.lower()
    enough = len(words) * share
    if text.isascii() and sum(word[:_SAME] in flat for word in words) <= enough:
        return False  # as with most texts
    told = content_stems(text, language)
    return sum(not told.isdisjoint(stems(word, language)) for word in words) > enough
