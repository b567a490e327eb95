"""Who in the room belongs together, whom a note mentions, and what colleagues must not read.

A note mentions someone by name, by the usual name of their firm (`Fennel` for Fennel & Co) or as
kin: `Papa`, if her father is there. In front of a boss no bad mood is printed; in front of any
colleague no moment of weakness, nothing left unsaid, nothing against anyone present, and no plan
that would cost them their work.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from typing import Final

from briefgen.brief.company import as_called, every_word
from briefgen.brief.names import bare
from briefgen.brief.phrases import roles
from briefgen.brief.relations import relations_in
from briefgen.brief.silences import relation_words
from briefgen.brief.subject import Setting, Subject
from briefgen.brief.word_families import mentions_in
from briefgen.brief.words import content_stems, fold, sentences_of, stems, words_of
from briefgen.contacts.book import Dated
from briefgen.contacts.contact import Contact, Interaction

_WEAK: Final = frozenset({"strain", "worry", "sorrow"})
"""Families of signals that people would not show to a colleague, or at home."""
_COUPLE: Final = frozenset({"husband", "wife", "partner"})
_LOOKED_AT: Final = 12
_NOTES: Final = 24
"""How many of the latest notes are searched for kin."""
_MOST_OF_A_NAME: Final = 4
"""More people than this with one surname are hardly one family."""


class Colleagues:
    """Who in the room belongs together, and what must not be said of one in front of the other.

    Attributes:
        of: the others who are of the same organization, or of the same family.
        opposed: the colleagues against whose work something in a file speaks.
        notes_of_others: the places of the interactions with one person that mention another.
    """

    def __init__(self, occasion: Setting) -> None:
        self._occasion = occasion
        self.of: Callable[[Subject], list[Subject]] = cache(self._of)
        self.opposed: Callable[[Subject], tuple[Subject, ...]] = cache(self._find_opposed)
        self.notes_of_others: Callable[[Subject], Sequence[int]] = cache(self._find_notes)
        self._exposed = cache(self._find_exposed)
        self._work_of = cache(self._find_work)
        self._others_of = cache(self._find_others)
        self._hints_of = cache(self._find_hints)

    # Who belongs together

    def _of(self, subject: Subject) -> list[Subject]:
        together = self._together[_belongs_to(subject.contact)]
        found = (*together, *self._spouses.get(subject.key, []))
        return [one for one in found if one is not subject]

    def is_family(self, subject: Subject, other: Subject) -> bool:
        """Whether two belong together at home, and not only at work."""
        kind, _ = key = _belongs_to(subject.contact)
        same = kind == "family" and key == _belongs_to(other.contact)
        return same or other in self._spouses.get(subject.key, [])

    def is_estranged(self, subject: Subject) -> bool:
        """Whether someone present has separated from them, according to a life event."""
        return any(subject.key in pair for pair in self.estranged)

    @cached_property
    def estranged(self) -> tuple[frozenset[str], ...]:
        """Pairs who have separated, as their keys."""
        people = self._occasion.people
        return tuple(
            frozenset({one.key, other.key})
            for one in people
            for event in one.contact.life_events
            for other in people
            if other is not one
            and other.called.in_text(event.note)
            and mentions_in(event.note, one.languages, among=("separation",))
        )

    def superior_of(self, subject: Subject) -> Subject | None:
        """Someone else of the same organization who is there and decides, if they do not."""
        if subject.contact.decides:
            return None
        return next((one for one in self.of(subject) if one.contact.decides), None)

    @cached_property
    def _together(self) -> dict[tuple[str, str], list[Subject]]:
        """The people in the room by their organization, or their family."""
        found: dict[tuple[str, str], list[Subject]] = {}
        for one in self._occasion.people:
            found.setdefault(_belongs_to(one.contact), []).append(one)
        return found

    @cached_property
    def _spouses(self) -> dict[str, list[Subject]]:
        """Who is married to whom according to a file, whatever their surnames."""
        found: dict[str, list[Subject]] = {}
        people = self._occasion.people
        for one in people if len(people) > 1 else ():
            for sentence in self._of_couples(one):
                for other in people:
                    if other is not one and other.called.in_text(sentence):
                        found.setdefault(one.key, []).append(other)
                        found.setdefault(other.key, []).append(one)
        return found

    def _of_couples(self, subject: Subject) -> Iterator[str]:
        """What is noted about someone and their husband, wife or partner."""
        contact = subject.contact
        texts = [contact.notes or "", *(one.note for one in contact.life_events)]
        texts += [
            one.interaction.summary or "" for one in subject.interactions_on_file[:_LOOKED_AT]
        ]
        flat = fold("\n".join(texts))
        others = (one for one in self._occasion.people if one is not subject)
        if not any(hint in flat for one in others for hint in one.called.hints):
            return
        for text in texts:
            for sentence in sentences_of(text):
                if any(
                    one.relation in _COUPLE for one in relations_in(sentence, subject.languages)
                ):
                    yield sentence

    # Moods

    def embarrassed_before(self, subject: Subject, one: Interaction) -> Subject | None:
        """Before whom the mood of an interaction would embarrass someone, if anyone."""
        if not one.signals or (exposed := self._exposed(subject)) is None:
            return None
        other, is_superior = exposed
        found = [self._occasion.vocabulary.find(word) for word in one.signals]
        low = {signal.family.name for signal in found if signal and signal.family.tone == "low"}
        return other if low and (is_superior or low <= _WEAK) else None

    def _find_exposed(self, subject: Subject) -> tuple[Subject, bool] | None:
        """Before whom a bad mood would embarrass them, and whether that is who decides."""
        superior = self.superior_of(subject)
        before = [superior] if superior else self.of(subject)
        return (before[0], superior is not None) if before else None

    # Quarrels

    def hurt_by(self, subject: Subject, text: str, *, complains: bool = False) -> Subject | None:
        """Which colleague a note speaks against, or would cost their work.

        With `complains` the note is a complaint, whatever its words.
        """
        others = self.of(subject)
        if not others or not text:
            return None
        named = next((one for one in self.opposed(subject) if self._means(one, text)), None)
        if named is not None:
            return named
        if subject.says_any(("harm", "blame"), text):
            return others[0]
        if subject.says("unnamed", text) and (complains or subject.says("against", text)):
            return others[0]
        if complains and subject.says("of_another", text) and not self._speaks_of_us(text):
            return others[0]
        return None

    def _speaks_of_us(self, text: str) -> bool:
        """Whether a complaint is about the user's own side."""
        return not self._occasion.vocabulary.us.isdisjoint(map(fold, words_of(text)))

    def _find_opposed(self, subject: Subject) -> tuple[Subject, ...]:
        others = [one for one in self.of(subject) if self._work_of(one)]
        texts = [(text, fold(text)) for text in _noted(subject)] if others else []
        return tuple(other for other in others if self._is_opposed(subject, other, texts))

    def _is_opposed(
        self, subject: Subject, other: Subject, texts: Iterable[tuple[str, str]]
    ) -> bool:
        work = self._work_of(other) - self._work_of(subject)
        return any(
            self._means(other, text) and subject.says_any(("against", "harm", "blame"), text)
            for text, flat in texts
            if any(stem in flat for stem in work)
        )

    def _means(self, other: Subject, text: str) -> bool:
        """Whether a text mentions someone's work, by a word of their title."""
        work = self._work_of(other)
        return bool(work) and not work.isdisjoint(content_stems(text, self._language))

    @property
    def _language(self) -> str:
        return self._occasion.vocabulary.language

    def _find_work(self, subject: Subject) -> frozenset[str]:
        """The words of a title that say what someone works at, except those of the agenda."""
        title = content_stems(subject.contact.title or "", self._language)
        firm = stems(subject.contact.organization or "", "en")
        return title - roles() - self._open_to_all - firm

    @cached_property
    def _open_to_all(self) -> frozenset[str]:
        """What the meeting is about anyway."""
        words = (word for words in self._occasion.topics.of_each for word in words)
        return frozenset().union(*(stems(word, self._language) for word in words))

    def before_colleagues(self, subject: Subject, dated: Dated) -> Dated:
        """An interaction without what a colleague who is there must not see."""
        if not self.of(subject):
            return dated
        one, changes = dated.interaction, dict[str, object]()
        high = self._occasion.vocabulary.tone(one.signals) == "high"
        if one.unsaid:
            changes["unsaid"] = None
        if one.words and (not high or self.hurt_by(subject, one.words, complains=True)):
            changes["words"] = None
        if one.needs and self.hurt_by(subject, one.needs):
            changes |= {"needs": None, "needs_met": None}
        if one.summary and self.hurt_by(subject, one.summary):
            told = [part for part in sentences_of(one.summary) if not self.hurt_by(subject, part)]
            changes["summary"] = " ".join(told) or None
            if not high:
                changes["signals"] = ()  # they are about the other
        return dated.changed(**changes) if changes else dated

    # Whom a note mentions

    def _find_notes(self, subject: Subject) -> Sequence[int]:
        near = self._near(subject, _flat(subject.file.noted))
        kin = [one for one in self._kin.get(subject.key, ()) if one not in near]
        if not near and not kin:  # as in most files
            return ()
        return [
            at
            for at, one in enumerate(subject.interactions_on_file)
            if (text := every_word(one.interaction))
            and any(
                self.is_meant(subject, other, text)
                for other in (near if at >= _NOTES else [*near, *kin])
            )
        ]

    def others_in(self, subject: Subject, text: str) -> list[Subject]:
        """The others whom a note on someone mentions."""
        flat = text.lower() if text.isascii() else f"{bare(text).casefold()}\n{fold(text)}"
        near = self._near(subject, flat)
        near += [one for one in self._kin.get(subject.key, ()) if one not in near]
        return [one for one in near if self.is_meant(subject, one, text)]

    def is_meant(self, subject: Subject, other: Subject, text: str) -> bool:
        """Whether a note on someone mentions another."""
        if other.called.in_text(text) or self._is_kin_in(subject, other, text):
            return True
        firms = next(firms for one, _, firms in self._others_of(subject) if one is other)
        if not firms:
            return False
        flat = fold(text)
        return any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", flat) for one in firms)

    def _near(self, subject: Subject, flat: str) -> list[Subject]:
        """The others of whose names or firms a folded text contains a part."""
        found = {hint for hint in self._hints_of(subject) if hint in flat}
        if not found and flat.isascii():
            return []  # as in most texts
        return [
            other
            for other, hints, _ in self._others_of(subject)
            if not hints.isdisjoint(found) or (other.called.unspaced and not flat.isascii())
        ]

    def _find_others(
        self, subject: Subject
    ) -> Sequence[tuple[Subject, frozenset[str], frozenset[str]]]:
        """Each of the others, what to look for first, and the usual words for their firm."""
        own = subject.contact.organization
        return [
            (one, one.called.hints | firms, firms)
            for one in self._occasion.people
            if one is not subject
            for firms in (_words_of_firm(one, own) if own else frozenset[str](),)
        ]

    def _find_hints(self, subject: Subject) -> frozenset[str]:
        """What to look for first: the parts of all the others' names and firms."""
        return frozenset[str]().union(*(hints for _, hints, _ in self._others_of(subject)))

    def _is_kin_in(self, subject: Subject, other: Subject, text: str) -> bool:
        """Whether a note mentions another as their father, wife or son, without a name."""
        if other not in self._kin.get(subject.key, ()):
            return False
        if relation_words().isdisjoint(words_of(text)) and text.isascii():
            return False
        found = relations_in(text, subject.languages)
        return any(not one.names and one.relation != "pet" for one in found)

    @cached_property
    def _kin(self) -> Mapping[str, tuple[Subject, ...]]:
        """Which of those present are one family, by a shared surname or by marriage."""
        people = self._occasion.people
        by_name: dict[str, list[Subject]] = {}
        for one in people:
            by_name.setdefault(fold(one.contact.name.split()[-1]), []).append(one)
        families = [those for those in by_name.values() if 1 < len(those) <= _MOST_OF_A_NAME]
        found = {one.key: {*those} - {one} for those in families for one in those}
        for one in people if len(people) > 1 else ():
            if married := set(self._spouses.get(one.key, [])):
                found[one.key] = found.get(one.key, set()) | married
        return {key: tuple(those) for key, those in found.items()}


def _noted(subject: Subject) -> list[str]:
    """What someone wants, needs, said or complained of, as far as it is examined."""
    contact = subject.contact
    situation = contact.situation
    found = [situation.desired_outcome, situation.current_state] if situation else []
    for one in subject.interactions_on_file[:_LOOKED_AT]:
        told = one.interaction
        found += [*sentences_of(told.summary or ""), told.words, told.unsaid, told.needs]
    found += [one.text for one in (*contact.concerns, *contact.talking_points)]
    found += [contact.next_step.text] if contact.next_step else []
    return [text for text in found if text]


def _belongs_to(contact: Contact) -> tuple[str, str]:
    """What people who belong together share: an organization, or else a surname."""
    if contact.organization:
        return "organization", fold(contact.organization)
    return "family", fold(contact.name).split()[-1]


def _words_of_firm(other: Subject, own: str) -> frozenset[str]:
    """The usual words for someone's firm, if it is not also the other's.

    A surname that is also in the firm's name is one: Langdon, of Langdon Fruit.
    """
    firm = other.contact.organization
    if firm is None or fold(as_called(firm)) == fold(as_called(own)):
        return frozenset()
    surname = fold(other.contact.name.split()[-1])
    is_the_firms = surname in fold(firm).split() and surname not in fold(own).split()
    return frozenset({fold(as_called(firm))} | ({surname} if is_the_firms else set()))


@lru_cache(maxsize=128)
def _flat(noted: str) -> str:
    return fold(noted)
