"""Silences and confidences: whom older lines must no longer name, and what nothing may hint at.

A silence is about someone to whom something hard happened. A confidence was told in confidence, or
is to be in no brief: a note from the day or month in which it was told loses its need, words and
mood, and no line on a sheet mentions its matter. The terminal shows it (`show --hidden`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Final

from briefgen.brief.company import (
    WITHOUT_NEEDS,
    WITHOUT_WORDS,
    is_off_the_record,
    without,
)
from briefgen.brief.events import Event
from briefgen.brief.phrases import flat, says_where
from briefgen.brief.relations import relations_in
from briefgen.brief.subject import Subject
from briefgen.brief.word_families import (
    LANGUAGES,
    kinds,
    language_file,
    matters_by_family,
    mentions_in,
)
from briefgen.brief.words import (
    UNSPACED,
    fold,
    sentences_of,
    stems,
    topic_words,
    word_list,
    words_of,
)
from briefgen.contacts.book import Dated
from briefgen.workspace.value import Value

_LOOKED_AT: Final = 24
_NOTES: Final = 12
_PERSONAL: Final = frozenset(
    {"death", "grave_illness", "child_loss", "separation", "illness", "accident", "school_failure"}
    | {"pet_death"}
)
"""Hard events that happen to a person, so that older lines must not name that person."""
_WIDER: Final = {
    "son": {"child"},
    "daughter": {"child"},
    "child": {"son", "daughter"},
    "mother": {"parent"},
    "father": {"parent"},
    "parent": {"mother", "father"},
    "husband": {"partner"},
    "wife": {"partner"},
    "partner": {"husband", "wife"},
}
"""A line about the children is about the son too."""
_COUPLE: Final = frozenset({"husband", "wife", "partner"})
NEAREST: Final = _COUPLE | {"son", "daughter", "child"}
"""Relatives whose death affects someone for a year and longer."""
_CAPITALISED: Final = re.compile(r"[^\W\d_][\w\u2019'-]*")
_SHORTEST_NAME: Final = 3
_CLAUSE: Final = re.compile(r"[.,;:!?)\n]")
_SHORT_SENTENCE: Final = 5
_NEAR: Final = 3
"""How many words may come between `tell nothing to` and the name."""
_NO_NAMES: Final = word_list("no_names")
_FIRST_WORDS: Final = word_list("first_words")
"""First words of notes that are not names."""
_OWN_KINDS: Final = frozenset({"confidence", "weak", "pitch"})
"""Families that say that something was told in confidence, but not what it was."""
_LONGEST_DAYS: Final = 31
"""An event with a longer span (only the year is known) has no notes of its time."""
_PLAIN: Final = word_list("of_no_matter")
"""Words that say nothing about the subject."""


class Silence(Value, frozen=True, kw_only=True):
    """Someone whom older lines no longer name, since something happened to them.

    Attributes:
        since: lines from before then are silent; None if the day is unknown, and all are.
        names: as words without case and accents.
        relations: what they are to the contact, for lines that give no name.
        why: the note that says so.
        family: the family of words it was inferred from, if any.
    """

    since: date | None
    names: frozenset[str]
    relations: frozenset[str]
    why: str
    family: str | None = None

    @property
    def of_a_couple(self) -> bool:
        """Whether it was their husband, wife or partner."""
        return not self.relations.isdisjoint(_COUPLE)

    def covers(self, text: str, written: date | None, languages: tuple[str, ...]) -> bool:
        """Whether a text of that day mentions them, and must not."""
        if self.since is not None and written is not None and written >= self.since:
            return False
        if any(fold(word) in self.names for word in words_of(text)):
            return True
        if any(UNSPACED.search(name) and name in fold(text) for name in self.names):
            return True
        wanted = _wider(self.relations)
        return any(
            one.relation in wanted
            and (not one.names or not self.names.isdisjoint(map(fold, one.names)))
            for one in relations_in(text, languages)
        )


def silences_of(subject: Subject, events: Sequence[Event]) -> Iterator[Silence]:
    """The silences that follow from hard events in the file."""
    for event in events:
        personal = event.kind.family is None or event.kind.family in _PERSONAL
        ahead = event.first is not None and event.first > subject.day
        if event.is_hard and personal and not ahead and not event.kind.turned_well:
            yield _silence(subject, event.event.note, event.first, event.kind.family)


def silences_in_notes(subject: Subject) -> Iterator[Silence]:
    """The silences that follow from hard events in the last notes alone.

    Only notes that name someone or a relation are read for them; most do not.
    """
    for one in subject.interactions_on_file[:_NOTES]:
        summary = one.interaction.summary
        if not summary or not may_name(summary):
            continue
        if not mentions_in(summary, subject.languages, strict=True, among=_PERSONAL):
            continue
        for sentence in sentences_of(summary):
            for found in mentions_in(sentence, subject.languages, strict=True, among=_PERSONAL)[:1]:
                yield _silence(subject, sentence, one.day, found.family)


def may_name(text: str) -> bool:
    """Whether a text has a word for a relation, or a capitalised word within a sentence."""
    words = words_of(text)
    if not relation_words().isdisjoint(words) or not text.isascii():
        return True
    if text[1:].islower():
        return False
    return any(word[0][0].isupper() and word.start() > 0 for word in _CAPITALISED.finditer(text))


@cache
def relation_words() -> frozenset[str]:
    """The words for a relation in all languages, without case."""
    return frozenset(
        word.strip("=*").casefold()
        for code in LANGUAGES
        for words in language_file(code).relations.values()
        for word in words
    )


def _silence(subject: Subject, note: str, since: date | None, family: str | None) -> Silence:
    related = relations_in(note, subject.languages)
    named = {fold(name) for one in related for name in one.names}
    named |= _capitalised(subject, note)
    relations = {one.relation for one in related}
    if family == "separation":
        relations |= _COUPLE
    if relations and not named:  # by the names beside the relation anywhere in the file
        wanted = _wider(relations)
        named = {
            fold(name)
            for text in _every_text(subject)
            for one in relations_in(text, subject.languages)
            if one.relation in wanted
            for name in one.names
        }
    return Silence(
        since=since,
        names=frozenset(named),
        relations=frozenset(relations),
        why=note,
        family=family,
    )


def _capitalised(subject: Subject, note: str) -> set[str]:
    """Words of a note that may be names, except those of the contact and their organization."""
    contact = subject.contact
    own_names = (contact.name, contact.organization or "", *contact.aliases, contact.call_me or "")
    own = {fold(word) for word in words_of(" ".join(own_names))}
    found = set()
    for word in _CAPITALISED.finditer(note):
        bare = fold(word[0].removesuffix("'s").removesuffix("\u2019s"))
        if not word[0][0].isupper() or bare in own | _NO_NAMES or len(bare) < _SHORTEST_NAME:
            continue
        is_first = word.start() == 0
        if is_first and (bare in _FIRST_WORDS or relations_in(word[0], subject.languages)):
            continue
        found.add(bare)
    return found


def _wider(relations: Iterable[str]) -> set[str]:
    wanted = set(relations)
    return wanted | {wider for one in wanted for wider in _WIDER.get(one, ())}


def _every_text(subject: Subject) -> Iterator[str]:
    contact = subject.contact
    yield from (event.note for event in contact.life_events)
    yield from (one.text for one in contact.interests)
    yield from (one.text for one in contact.talking_points)
    yield from (one.text for one in contact.to_share)
    yield from (one.interaction.summary or "" for one in subject.interactions_on_file[:_LOOKED_AT])
    yield from [contact.notes] if contact.notes else []


_CONFIDENCE: Final = "confidence"
"""The family of words that say that something is for the user alone."""


class Confidence(Value, frozen=True, kw_only=True):
    """Something told in confidence, or to be in no brief.

    Attributes:
        families: the families of words for its matter.
        words: without a family, the stems of its own content words.
        own_words: those of the note itself, for notes from the same day.
        first, last: the days on which it may have been told; None if unknown.
    """

    families: frozenset[str]
    words: frozenset[str]
    own_words: frozenset[str]
    first: date | None
    last: date | None

    def is_of(self, day: date) -> bool:
        """Whether it may have been told on that day."""
        if self.first is None or self.last is None:
            return False
        short = (self.last - self.first).days < _LONGEST_DAYS
        return short and self.first <= day <= self.last

    def is_hinted_at(self, text: str, languages: tuple[str, ...]) -> bool:
        """Whether a text touches on what was confided."""
        if self.words:
            return _has_stem_of(self.words, text, languages[0])
        return bool(mentions_in(text, languages, among=self.families))

    def is_named(self, text: str, languages: tuple[str, ...]) -> bool:
        """Whether a text shares a content word with its note."""
        return _has_stem_of(self.own_words, text, languages[0])


def _has_stem_of(wanted: frozenset[str], text: str, language: str) -> bool:
    return any(not wanted.isdisjoint(stems(word, language)) for word in topic_words(text))


def confidences_of(subject: Subject, events: Sequence[Event]) -> Iterator[Confidence]:
    """The events in the file that nothing may hint at."""
    for event in events:
        new_name = event.kind.family == "identity" and not event.kind.given  # it is their name now
        is_told = event.kind.kind == "confidential" and not new_name
        if event.event.visibility != "never" and not is_told:
            continue
        note = event.event.note
        found = {one.family for one in mentions_in(note, subject.languages)} - _OWN_KINDS
        matters = {matter for one in found for matter in matters_by_family().get(one, (one,))}
        families = found.union(*(kinds().matters.get(one, (one,)) for one in matters))
        yield Confidence(
            families=frozenset(families),
            words=frozenset()
            if families
            else _words_of_the_matter(subject, event, subject.languages[0]),
            own_words=_own_words(subject, note, subject.languages[0]),
            first=event.first,
            last=event.last,
        )


def _words_of_the_matter(subject: Subject, event: Event, language: str) -> frozenset[str]:
    """Its own words, and those of expectations, wishes and needs that share any of them."""
    contact = subject.contact
    own = _own_words(subject, event.event.note, language)
    if event.event.expect is not None:
        own |= _own_words(subject, event.event.expect.note, language)
    near = [one.interaction.needs or "" for one in subject.interactions_on_file]
    near += [contact.situation.desired_outcome or ""] if contact.situation else []
    found = (_own_words(subject, text, language) for text in near if text)
    return own.union(*(words for words in found if not words.isdisjoint(own)))


def _own_words(subject: Subject, note: str, language: str) -> frozenset[str]:
    contact = subject.contact
    names = words_of(f"{contact.name} {contact.organization or ''} {contact.title or ''}")
    plain = _PLAIN | {fold(name) for name in names}
    telling = (word for word in topic_words(note) if fold(word) not in plain)
    return frozenset().union(*(stems(word, language) for word in telling))


def without_hints(subject: Subject, dated: Dated, told: Sequence[Confidence]) -> Dated:
    """An interaction without what would hint at a confidence.

    A need of that day does so in front of others, by its words, or because they will be away.
    """
    one = dated.interaction
    changes: dict[str, object] = {}
    at_once = any(each.is_of(dated.day) for each in told)

    def hints(text: str) -> bool:
        return any(
            each.is_hinted_at(text, subject.languages)
            or (each.is_of(dated.day) and each.is_named(text, subject.languages))
            for each in told
        )

    for field in ("words", "unsaid", "needs"):
        said = getattr(one, field)
        tells_nothing = (
            subject.occasion.alone and field == "needs" and not subject.says("absence", said or "")
        )
        if said and ((at_once and not tells_nothing) or hints(said)):
            changes[field] = None
    if "needs" in changes:
        changes["needs_met"] = None
    if at_once and one.signals:
        changes["signals"] = ()
    on_the_day = any(each.is_of(dated.day) and each.first == each.last for each in told)
    if on_the_day and not subject.occasion.alone:
        changes["summary"] = None
    elif one.summary and hints(one.summary):
        changes |= {
            "summary": without(one.summary, hints, subject.languages) or None,
            "signals": (),
        }
    return dated.changed(**changes) if changes else dated


def without_confided_words(subject: Subject, dated: Dated) -> Dated:
    """An interaction without its words, if they say that nobody else, or they themselves, may know.

    If they may not, neither mood nor need is theirs; else what they need remains, unless it says
    so itself. The note counts as it was written, whatever has been left out since.
    """
    noted = subject.contact.interactions[dated.at]
    if noted.summary and is_kept_from_them(subject, noted.summary):
        return dated.changed(**WITHOUT_WORDS, **WITHOUT_NEEDS, signals=())

    def is_confided(text: str | None) -> bool:
        if text is None or not is_off_the_record(text, subject.languages):
            return text is not None and is_kept_from_them(subject, text)
        return not all(map(is_harmless, sentences_of(text)))

    def is_harmless(sentence: str) -> bool:  # `Signed NDA came back.` tells of the paper alone
        is_of_a_paper = len(words_of(sentence)) <= _SHORT_SENTENCE
        if is_of_a_paper and subject.says("delivered", sentence):
            return True
        return not is_off_the_record(sentence, subject.languages)

    changes: dict[str, object] = {}
    if any(map(is_confided, (noted.summary, noted.words, dated.interaction.unsaid))):
        changes |= WITHOUT_WORDS
    if is_confided(dated.interaction.needs):
        changes |= WITHOUT_NEEDS
    return dated.changed(**changes) if changes else dated


def is_kept_from_them(subject: Subject, text: str) -> bool:
    """Whether a note says that they must not hear of it themselves: `nothing to Dana`."""
    if not subject.says_any(("untold", "untold_them"), text):
        return False  # as with most notes
    if subject.says("untold_them", text):
        return True
    said = says_where("untold", text, subject.languages)
    if said is None:
        return False
    before, _, after = flat(text).partition(said)
    end, *_ = _CLAUSE.split(after, maxsplit=1)
    near = end.split()[:_NEAR] or before.split()[-_NEAR:]
    if subject.called.in_text(" ".join(near)):
        return True
    return len(near) == 1 and subject.says("of_another", near[0])
