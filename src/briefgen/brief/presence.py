"""Presence: what is kept off the sheet because someone else in the room could read it.

Over 400 lines, so that everything that may not be read by others in the room is decided here.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache, cached_property
from typing import Final

from briefgen.brief.brief import LeftOut, Line, Reason
from briefgen.brief.colleagues import Colleagues
from briefgen.brief.company import (
    WITHOUT_NEEDS,
    WITHOUT_WORDS,
    every_word,
    fit_for_company,
    is_of_a_bargain,
    is_off_the_record,
    is_private,
    names_in,
    points_at,
    without,
)
from briefgen.brief.phrases import PhraseKind, flat, says_where
from briefgen.brief.subject import Setting, Subject
from briefgen.brief.words import EMPTY_WORDS, Topics, fold, sentences_of, word_list
from briefgen.contacts.book import Dated
from briefgen.contacts.contact import Interaction

KEPT_FROM_OTHERS: Final = "a secret"
"""The reason for leaving out a line that would reveal what someone keeps from another."""
_NAMELESS: Final = word_list("no_names") | word_list("first_words") | {"nda"}
"""Words with a capital that are not names."""
_UNSAID: Final = Dated(date.min, -1, Interaction(date=date.min))
"""A placeholder for an interaction of which nothing may be printed."""
_NOTES: Final = 24
_TELLING: Final = frozenset(
    {"words", "unsaid", "needs", "concern", "written", "approach", "adjust", "if-raised"}
)
"""Rules whose lines say what someone said or felt."""
_OWN: Final = frozenset({"promise", "promise-of-theirs", "done", "next-step", "to-share"})
"""Rules for the user's own lines: harmless unless one person complained about the other."""
_OF_THEIR_LIFE: Final = frozenset({"date", "good-news", "life-event", "family", "interest"})
"""Rules that are harmless too, with the same exception."""
_OF_HOME: Final = frozenset({"good-news", "life-event", "date"})
"""Rules whose lines are about life at home."""
_FOR_ONE_ALONE: Final = _OF_HOME | _TELLING | {"promise", "to-share", "relationship-strained"}
"""Rules whose lines an estranged partner must not read, unless they are on the agenda."""
_OF_THAT_DAY: Final = _TELLING | {
    "promise", "promise-of-theirs", "situation", "outcome", "no-agenda",
}  # fmt: skip
"""Rules whose lines are kept from others if a secret was told on the day of the note."""
_MADE_UP: Final[tuple[PhraseKind, ...]] = ("apologised", "settled")
"""A promise made on the day of an apology makes amends, which does not concern others."""
_NAMING: Final = _TELLING | _OWN | _OF_THEIR_LIFE
_ASKING: Final = frozenset({"needs", "concern", "unsaid", "written"})
"""Rules whose lines could ask for what another keeps secret."""
_GIVING_AWAY: Final = _TELLING | _OWN | {"situation", "outcome", "no-agenda"}
"""Rules whose lines could reveal the person's own secret."""


_OF_STATE: Final = frozenset({"situation", "outcome", "no-agenda"})
_BEFORE_COLLEAGUES: Final = _GIVING_AWAY | {"parked", "agreed", "relationship-strained"}
"""Rules whose lines could criticise a colleague or relative who is present."""
_COMPLAINTS: Final = frozenset({"concern", "approach", "adjust"})


class Presence:
    """What is kept from the sheet because someone else in the room could read it.

    Attributes:
        at_odds: pairs in which one complained about the other, or keeps something from them.
        colleagues: who of those who meet belong to one firm or family.
    """

    def __init__(self, occasion: Setting) -> None:
        self._occasion = occasion
        self.colleagues = Colleagues(occasion)
        self._hidden: dict[str, list[tuple[Dated, Subject]]] = {}
        self._is_kept = cache(self._was_kept)
        self.at_odds: set[frozenset[str]] = set()

    def hidden(self, subject: Subject) -> Iterator[LeftOut]:
        """The notes from which something is left out because they name another participant."""
        for dated, other in self._hidden.get(subject.key, []):
            if every_word(dated.interaction):
                yield left_out(subject, dated, "present", other.short)

    def without_others(self, subject: Subject) -> list[Dated]:
        """The interactions without what names another participant."""
        every = list(subject.interactions_on_file)
        for at in self.colleagues.notes_of_others(subject):
            every[at] = self._without_others(subject, every[at])
        return [one for one in every if one is not _UNSAID]

    def _without_others(self, subject: Subject, dated: Dated) -> Dated:
        one = dated.interaction
        for other in self._occasion.people:
            said = every_word(one)
            if other is subject or not self.colleagues.is_meant(subject, other, said):
                continue
            self._hide(subject, dated, other)
            if self._is_secret(subject, dated) or self._asks_for_a_secret(subject, said):
                return _UNSAID
            one = one.model_copy(update=self._silenced(subject, one, other))
            if frozenset({subject.key, other.key}) in self.at_odds:
                one = one.model_copy(update={"signals": ()})  # they are about the other
        return Dated(dated.day, dated.at, one)

    def _silenced(self, subject: Subject, one: Interaction, other: Subject) -> dict[str, object]:
        """What changes in an interaction so that it no longer names someone."""
        changes: dict[str, object] = {}

        def is_out(part: str) -> bool:
            return self.colleagues.is_meant(subject, other, part) or points_at(
                part, subject.languages
            )

        if one.summary and self.colleagues.is_meant(subject, other, one.summary):
            changes["summary"] = without(one.summary, is_out, subject.languages) or None
        for field in ("words", "unsaid", "needs"):
            said = getattr(one, field)
            if said and (
                self.colleagues.is_meant(subject, other, said) or subject.says("pointing", said)
            ):
                changes[field] = None
        if "needs" in changes:
            changes["needs_met"] = None
        return changes

    def _is_secret(self, subject: Subject, dated: Dated) -> bool:
        """Whether a note that names another participant must not be heard by them."""
        one = dated.interaction
        told = every_word(one)
        secret = subject.says("secret", told) or subject.says("sworn", told)
        return one.visibility == "never" or secret

    def before_others(self, subject: Subject, dated: Dated) -> Dated:
        """An interaction without other clients, your colleagues, and what others must not read.

        Its mood is judged as it was noted, whatever has been taken out before.
        """
        if self.colleagues.is_estranged(subject):
            dated = self._of_business(subject, dated)
        one, languages = dated.interaction, subject.languages
        noted = subject.contact.interactions[dated.at]
        if not self._occasion.alone and is_off_the_record(every_word(noted), languages):
            return dated.changed(**WITHOUT_WORDS, **WITHOUT_NEEDS)
        if self._is_low(noted.signals) and self._occasion.guarded.colleague_in(every_word(noted)):
            return dated.changed(**WITHOUT_WORDS, **WITHOUT_NEEDS, signals=())
        changes = self._without_the_named(subject, one)
        if changes:
            one = one.model_copy(update=changes)
        if not self._occasion.alone:
            is_low = self._is_low(noted.signals)
            strangers = self.is_among_strangers(subject)
            changes |= fit_for_company(one, is_low=is_low, strangers=strangers, languages=languages)
            if strangers and is_of_a_bargain(every_word(noted), languages):
                changes |= {} if self._is_on_the_agenda(one.needs or "") else WITHOUT_NEEDS
        if "needs" in changes:
            changes["needs_met"] = None
        return dated.changed(**changes) if changes else dated

    def _without_the_named(self, subject: Subject, one: Interaction) -> dict[str, object]:
        """The changes after which it names no other client, no colleague and no third party."""
        guarded, changes = self._occasion.guarded, dict[str, object]()

        def is_named(text: str) -> bool:
            named = guarded.client_in(text) or guarded.colleague_in(text)
            third = self._names_a_third(subject, text)
            return bool(named) or third or self._names_a_guarded_matter(text)

        if one.summary and is_named(one.summary):
            told = without(one.summary, is_named, subject.languages)
            changes["summary"] = told or None
            changes |= WITHOUT_NEEDS if self._names_a_third(subject, one.summary) else {}
        for field in ("words", "unsaid", "needs"):
            if (said := getattr(one, field)) and is_named(said):
                changes[field] = None
        return changes

    @cached_property
    def _third_parties(self) -> dict[str, frozenset[str]]:
        """Third parties with whom people of two firms both negotiate, by the keys of those people.

        What one of them wants from a third party is not the other's business.
        """
        people = self._occasion.people
        if not any(self.is_among_strangers(one) for one in people):
            return {}
        own = ((one.contact.organization or "", one.contact.name) for one in people)
        known = fold(" ".join(word for words in own for word in words))
        named = frozenset[str]().union(*map(self._bargained_with, people)) - set(known.split())
        dealt = {one.key: self._names_noted(one) & named if named else named for one in people}
        return {
            one.key: dealt[one.key]
            & frozenset[str]().union(*(dealt[other.key] for other in self._strangers_to(one)))
            for one in people
        }

    def _bargained_with(self, subject: Subject) -> frozenset[str]:
        texts = [one.interaction.summary or "" for one in subject.interactions_on_file[:_NOTES]]
        return frozenset[str]().union(
            *(
                names_in(_without_its_first_word(sentence))
                for text in texts
                if is_of_a_bargain(text, subject.languages)
                for sentence in sentences_of(text)
                if is_of_a_bargain(sentence, subject.languages)
            )
        )

    def _names_noted(self, subject: Subject) -> frozenset[str]:
        texts = (one.interaction.summary or "" for one in subject.interactions_on_file[:_NOTES])
        return frozenset[str]().union(*map(names_in, texts))

    def _names_a_guarded_matter(self, text: str) -> bool:
        matters = self._guarded_matters
        return bool(matters) and any(
            not matters.isdisjoint(name.split("-")) for name in names_in(text)
        )

    @cached_property
    def _guarded_matters(self) -> frozenset[str]:
        """The names in points that say what others must not hear: `Falcon is under NDA`."""
        people = () if self._occasion.alone else self._occasion.people
        points = [
            point.text
            for one in people
            for point in one.contact.talking_points
            if one.says_any(("sworn", "secret"), point.text)
        ]
        found = (names_in(text) for text in points)
        own = fold(
            " ".join(f"{one.contact.name} {one.contact.organization or ''}" for one in people)
        )
        agenda = {fold(word) for words in self._occasion.topics.of_each for word in words}
        return frozenset[str]().union(*found) - set(own.split()) - agenda - EMPTY_WORDS - _NAMELESS

    def _names_a_third(self, subject: Subject, text: str) -> bool:
        third = self._third_parties.get(subject.key, frozenset())
        return bool(third) and not third.isdisjoint(names_in(text))

    def _of_business(self, subject: Subject, dated: Dated) -> Dated:
        """An interaction with one of a separated couple, reduced to what is on the agenda."""
        one = dated.interaction
        told = [
            part
            for part in sentences_of(one.summary or "")
            if self._is_on_the_agenda(part) and not subject.says("thanks", part)
        ]
        needs = one.needs if self._is_on_the_agenda(one.needs or "") else None
        return dated.changed(
            summary=" ".join(told) or None, words=None, unsaid=None, needs=needs,
            needs_met=one.needs_met if needs else None, signals=(),
        )  # fmt: skip

    def _is_on_the_agenda(self, text: str) -> bool:
        """Whether a text is about the meeting's own topics."""
        return bool(text and self._occasion.topics.touched_by([text]))

    def _is_low(self, signals: tuple[str, ...]) -> bool:
        """Whether a mood was bad; sorrow does not count, since people may be quoted in it."""
        vocabulary = self._occasion.vocabulary
        found = [vocabulary.find(word) for word in signals]
        return any(
            one and one.family.tone == "low" and one.family.name != "sorrow" for one in found
        )

    def _comes_of_a_secret(self, about: Subject, line: Line) -> bool:
        """Whether a promise concerns something told that day off the record or in private."""
        made, languages = about.written_on(line), about.languages
        for one in (one.interaction for one in about.interactions_on_file if one.day == made):
            texts = _texts_of(one)
            secret = [text for text in texts if is_private(text, languages)]
            if is_off_the_record(every_word(one), languages):
                secret += _marked_secrets(texts, languages) or texts
            secret += [text for text in texts if self._names_a_third(about, text)]
            made_up = about.says_any(_MADE_UP, one.summary or "")
            bargains = self.is_among_strangers(about) and is_of_a_bargain(
                one.summary or "", languages
            )
            secret += [*texts, one.needs or ""] if made_up or bargains else []
            aside = about.says("one_to_one", one.needs or "")
            secret += [one.needs or ""] if aside else []
            if secret and self._telling("\n".join(secret)).touched_by([about.noted_text(line)]):
                return True
        return False

    def _strangers_to(self, subject: Subject) -> list[Subject]:
        """The others with a file who belong neither to their firm nor to their family."""
        near = self.colleagues.of(subject)
        return [one for one in self._occasion.people if one is not subject and one not in near]

    def is_among_strangers(self, subject: Subject) -> bool:
        """Whether someone from another firm is there."""
        return bool(self._strangers_to(subject))

    def _gives_a_secret_away(self, line: Line) -> bool:
        """Whether a line would reveal what its person keeps from someone present."""
        return any(told.touched_by([line.text]) for key, told in self._secrets if key == line.who)

    def _asks_for_a_secret(self, subject: Subject, said: str) -> bool:
        """Whether a text touches on another participant's secret."""
        secrets = (told for key, told in self._secrets if key != subject.key)
        return any(told.touched_by([said]) for told in secrets)

    @cached_property
    def _secrets(self) -> tuple[tuple[str, Topics], ...]:
        """What people keep from others present: each person's key, and the words that reveal it.

        Only words that are rare in the files of the people in the meeting count, so that an
        everyday word reveals nothing.
        """
        secret = [
            (subject, subject.interactions_on_file[at].interaction)
            for subject in self._occasion.people
            for at in self.colleagues.notes_of_others(subject)
            if self._is_secret(subject, subject.interactions_on_file[at])
        ]
        return tuple(
            (subject.key, self._telling(self._secret_part(subject, one))) for subject, one in secret
        )

    def _secret_part(self, subject: Subject, one: Interaction) -> str:
        """The secret part of a note: all of it, unless it says where the secret begins."""
        apart = _marked_secrets(_texts_of(one), subject.languages)
        return "\n".join(apart) or every_word(one)

    def _telling(self, secret: str) -> Topics:
        """The words that give a secret away."""
        language = self._occasion.vocabulary.language
        every = Topics([secret], language)
        parts = [part for part in secret.split("\n") if part]
        others = [one for one in self._noted if not any(part in one for part in parts)]
        common = Counter(word for words in every.touched_by(others).values() for word in words)
        agenda = {word for words in self._occasion.topics.of_each for word in words}
        told = [word for word in every.of_each[0] if common[word] <= 1 and word not in agenda]
        return Topics([" ".join(told)], language)

    @cached_property
    def _noted(self) -> list[str]:
        """Everything noted about the people in the meeting, text by text."""
        found: list[str] = []
        for one in self._occasion.people:
            contact = one.contact
            found += one.file.noted.split("\0")
            found += [event.note for event in contact.life_events]
            found += [point.text for point in (*contact.talking_points, *contact.interests)]
            found += [promise.text for promise in contact.promises]
        return found

    def _hide(self, subject: Subject, dated: Dated, other: Subject) -> None:
        self._hidden.setdefault(subject.key, []).append((dated, other))
        tone = self._occasion.vocabulary.tone(dated.interaction.signals)
        is_bad = tone in {"low", "mixed"} or dated.interaction.unsaid
        if is_bad or self._is_secret(subject, dated):
            self.at_odds.add(frozenset({subject.key, other.key}))

    def refusal(self, line: Line) -> LeftOut | None:
        """Why a line must not be read by someone else in the room."""
        about = next((one for one in self._occasion.people if one.key == line.who), None)
        if about is None:
            return None
        if line.rule == "confidence" and not self._occasion.alone:
            return LeftOut(line=line, reason="present", by="others")
        if line.rule in {"apology", "proof"} and (named := self._complaints_of(about)):
            return LeftOut(line=line, reason="present", by=named[0])
        if line.rule not in _NAMING | _BEFORE_COLLEAGUES:
            return None
        by = next(self._hurt_by(about, line), None)
        return LeftOut(line=line, reason="present", by=by) if by else None

    def _hurt_by(self, about: Subject, line: Line) -> Iterator[str]:
        """Whom a line would hurt, or whose secret it would reveal."""
        if self.colleagues.is_estranged(about):
            yield from self._owed_apart(about, line)
        yield from self._secrets_of_that_day(about, line)
        is_open = line.rule == "promise" and self._is_on_the_agenda(line.text)
        if line.rule in _GIVING_AWAY and not is_open and self._gives_a_secret_away(line):
            yield KEPT_FROM_OTHERS
        if line.rule in _GIVING_AWAY and self._names_a_guarded_matter(line.text):
            yield next(one.short for one in self._occasion.people if one is not about)
        yield from self._named_by(about, line)
        yield from self._owed_apart(about, line)
        if line.rule in _ASKING and self._asks_for_a_secret(about, line.text):
            yield KEPT_FROM_OTHERS
        if line.rule in _BEFORE_COLLEAGUES:
            complains = line.rule in _COMPLAINTS
            noted = about.noted_text(line)
            if hurt := self.colleagues.hurt_by(about, noted, complains=complains):
                yield hurt.short

    def _secrets_of_that_day(self, about: Subject, line: Line) -> Iterator[str]:
        """From whom to keep something that was told to you alone and is not on the agenda."""
        if line.rule not in _OF_THAT_DAY or self._occasion.alone:
            return
        noted = about.noted_text(line)
        if self._is_on_the_agenda(noted):
            return
        written = about.written_on(line)
        if written is not None and self._is_kept(about, written):
            others = [one for one in self._occasion.people if one is not about]
            near = any(self.colleagues.is_family(about, one) for one in others)
            is_to_be_asked = not (near or self.colleagues.superior_of(about))
            yield others[0].short if others and is_to_be_asked else KEPT_FROM_OTHERS
        of_state = line.rule in _OF_STATE and self.is_among_strangers(about)
        if of_state and is_of_a_bargain(noted, about.languages):
            yield KEPT_FROM_OTHERS

    def _was_kept(self, subject: Subject, day: date) -> bool:
        """Whether they told you something that day that others present must not know."""
        return any(
            self._keeps_something(subject, at, one)
            for at, one in enumerate(subject.interactions_on_file[:_NOTES])
            if one.day == day
        )

    def _keeps_something(self, subject: Subject, at: int, dated: Dated) -> bool:
        one, languages = dated.interaction, subject.languages
        if _marked_secrets(_texts_of(one), languages):
            return False  # only what follows is secret, by its words
        text, superior = every_word(one), self.colleagues.superior_of(subject)
        if is_off_the_record(text, languages):
            return True
        if at not in self.colleagues.notes_of_others(subject):
            return False
        is_low = superior is not None and self._occasion.vocabulary.tone(one.signals) == "low"
        return self._is_secret(subject, dated) or (
            is_low and superior in self.colleagues.others_in(subject, text)
        )

    def _named_by(self, about: Subject, line: Line) -> Iterator[str]:
        """Who should not be named but is: a participant, your colleague or another client."""
        text, guarded = line.text, self._occasion.guarded
        for other in self.colleagues.others_in(about, text):
            at_odds = frozenset({about.key, other.key}) in self.at_odds
            elsewhere = line.rule == "promise" and other not in self.colleagues.of(about)
            if line.rule in _TELLING or at_odds or elsewhere:
                yield other.short
        if (client := guarded.client_in(text)) is not None:
            yield client
        if (colleague := guarded.colleague_in(text)) is not None:
            hurts = about.says("against", text) or about.says("blame", text)
            if line.rule in _TELLING or hurts or colleague in self._complaints_of(about):
                yield colleague

    def _complaints_of(self, about: Subject) -> list[str]:
        """Your colleagues in the meeting whom someone complained about or wants replaced."""
        texts = [one.text for one in about.contact.concerns]
        texts += [one.interaction.needs or "" for one in about.interactions_on_file[:_NOTES]]
        texts.append(about.relationship.reason or "")
        found = map(self._occasion.guarded.colleague_in, texts)
        return [name for name in found if name]

    def _owed_apart(self, about: Subject, line: Line) -> Iterator[str]:
        """From whom to keep a promise: about money, before strangers; about a private talk."""
        languages = about.languages
        if line.rule == "promise-of-theirs" and about.says("dunning", line.text):
            yield from (one.short for one in self._strangers_to(about)[:1])
        noted = about.noted_text(line)
        if (
            line.rule in _FOR_ONE_ALONE
            and self.colleagues.is_estranged(about)
            and not self._is_on_the_agenda(noted)
            and not (line.rule == "promise" and about.says("handing", noted))
        ):
            yield KEPT_FROM_OTHERS
        if line.rule not in _OWN | _OF_HOME or self._occasion.alone:
            return
        if is_private(noted, languages) or self._comes_of_a_secret(about, line):
            yield from (one.short for one in self._occasion.people if one is not about)
        if line.rule == "promise" and about.says("one_to_one", line.text):
            yield from (one.short for one in self._occasion.people if one is not about)


def _without_its_first_word(sentence: str) -> str:
    """A sentence from its second word on; all of it if the first is a name, like `Fairley's`."""
    first, _, rest = sentence.partition(" ")
    return sentence if first.endswith(("'s", "\u2019s")) else rest


def _texts_of(one: Interaction) -> Sequence[str]:
    """The sentences of a note, then what they said and what was left unsaid."""
    return [*sentences_of(one.summary or ""), one.words or "", one.unsaid or ""]


def _marked_secrets(texts: Sequence[str], languages: tuple[str, ...]) -> Sequence[str]:
    """The texts from `off the record:` on; what comes before it is not secret."""
    for at, text in enumerate(texts):
        said = says_where("sworn", text, languages)
        if said is not None and flat(text).lstrip().startswith(f"{said}:"):
            return texts[at:]
    return ()


def left_out(subject: Subject, dated: Dated, reason: Reason, by: str) -> LeftOut:
    """An interaction that is wholly or partly kept off the sheet, and why."""
    line = subject.history_line(every_word(dated.interaction) or "…", dated.at)
    return LeftOut(line=line, reason=reason, by=by)
