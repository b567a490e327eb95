"""Silences: those to whom something hard happened, and whom older lines no longer name."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Final

from briefgen.brief.events import Event
from briefgen.brief.relations import relations_in
from briefgen.brief.subject import Subject
from briefgen.brief.word_families.families import LANGUAGES, language_file, mentions_in
from briefgen.brief.words import UNSPACED, fold, sentences_of, words_of
from briefgen.workspace.value import Value

_LOOKED_AT: Final = 24
_NOTES: Final = 12
_PERSONAL: Final = frozenset(
    {"death", "grave_illness", "child_loss", "separation", "illness", "accident", "school_failure"}
)
"""Hard events that befall a person, who is then not spoken of as before."""
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
"""A line on the children speaks of the son too."""
_COUPLE: Final = frozenset({"husband", "wife", "partner"})
_CAPITALISED: Final = re.compile(r"[^\W\d_][\w\u2019'-]*")
_SHORTEST_NAME: Final = 3
_NO_NAMES: Final = frozenset(
    """
    january february march april may june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday christmas easter told died
    """.split()  # noqa: SIM905  # a list of words reads better as words
)
_FIRST_WORDS: Final = frozenset(
    {"his", "her", "their", "the", "moved", "lost", "had", "has", "after"}
)
"""Words that begin a note and are no names."""


class Silence(Value, frozen=True, kw_only=True):
    """Somebody of whom nothing older is said, since something happened to them.

    Attributes:
        since: older lines are silent; None where the day is not known, and all are.
        names: as words without case and accents.
        relations: what they are to the contact, where no name tells them from others.
        why: the note that tells it.
        family: the family of words that tells it, where one does.
    """

    since: date | None
    names: frozenset[str]
    relations: frozenset[str]
    why: str
    family: str | None = None

    def covers(self, text: str, written: date | None, languages: tuple[str, ...]) -> bool:
        """Whether a text written on a day speaks of them as before."""
        if self.since is not None and written is not None and written > self.since:
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


def silences_of(
    subject: Subject, events: Sequence[Event], languages: tuple[str, ...]
) -> Iterator[Silence]:
    """What follows from hard events on file."""
    for event in events:
        personal = event.kind.family is None or event.kind.family in _PERSONAL
        ahead = event.first is not None and event.first > subject.occasion.day
        if event.is_hard and personal and not ahead:
            yield _silence(subject, event.event.note, event.first, event.kind.family, languages)


def silences_in_notes(subject: Subject, languages: tuple[str, ...]) -> Iterator[Silence]:
    """What follows from hard events that only the last notes tell.

    Only notes that name somebody, or a relation, are read for them: most do not.
    """
    for one in subject.told[:_NOTES]:
        summary = one.interaction.summary
        if not summary or not may_name(summary):
            continue
        if not _befell(summary, languages):
            continue
        for sentence in sentences_of(summary):
            for family in _befell(sentence, languages)[:1]:
                yield _silence(subject, sentence, one.day, family, languages)


def may_name(text: str) -> bool:
    """Whether a text has a word for a relation, or one with a capital within a sentence."""
    words = words_of(text)
    if not _relation_words().isdisjoint(words) or not text.isascii():
        return True
    if text[1:].islower():
        return False
    return any(word[0][0].isupper() and word.start() > 0 for word in _CAPITALISED.finditer(text))


@cache
def _relation_words() -> frozenset[str]:
    return frozenset(
        word.strip("=*").casefold()
        for code in LANGUAGES
        for words in language_file(code).relations.values()
        for word in words
    )


def _befell(text: str, languages: tuple[str, ...]) -> list[str]:
    """The hard families that a text speaks of, of those that befall a person."""
    found = mentions_in(text, languages, strict=True)
    return [one.family for one in found if one.family in _PERSONAL]


def _silence(
    subject: Subject, note: str, since: date | None, family: str | None, languages: tuple[str, ...]
) -> Silence:
    related = relations_in(note, languages)
    named = {fold(name) for one in related for name in one.names}
    named |= _capitalised(subject, note, languages)
    relations = {one.relation for one in related}
    if family == "separation":
        relations |= _COUPLE
    if relations and not named:
        named = _names_of(subject, relations, languages)
    return Silence(
        since=since,
        names=frozenset(named),
        relations=frozenset(relations),
        why=note,
        family=family,
    )


def _capitalised(subject: Subject, note: str, languages: tuple[str, ...]) -> set[str]:
    """Words of a note that may be names, but those of the contact and their organization."""
    contact = subject.contact
    own_names = (contact.name, contact.organization or "", *contact.aliases, contact.call_me or "")
    own = {fold(word) for word in words_of(" ".join(own_names))}
    found = set()
    for word in _CAPITALISED.finditer(note):
        bare = fold(word[0].removesuffix("'s").removesuffix("\u2019s"))
        if not word[0][0].isupper() or bare in own | _NO_NAMES or len(bare) < _SHORTEST_NAME:
            continue
        is_first = word.start() == 0
        if is_first and (bare in _FIRST_WORDS or relations_in(word[0], languages)):
            continue
        found.add(bare)
    return found


def _names_of(subject: Subject, relations: Iterable[str], languages: tuple[str, ...]) -> set[str]:
    """The names that stand beside a relation anywhere in the file."""
    wanted = _wider(relations)
    return {
        fold(name)
        for text in _every_text(subject)
        for one in relations_in(text, languages)
        if one.relation in wanted
        for name in one.names
    }


def _wider(relations: Iterable[str]) -> set[str]:
    wanted = set(relations)
    return wanted | {wider for one in wanted for wider in _WIDER.get(one, ())}


def _every_text(subject: Subject) -> Iterator[str]:
    contact = subject.contact
    yield from (event.note for event in contact.life_events)
    yield from (one.text for one in contact.interests)
    yield from (one.text for one in contact.talking_points)
    yield from (one.text for one in contact.to_share)
    yield from (one.interaction.summary or "" for one in subject.told[:_LOOKED_AT])
    yield from [contact.notes] if contact.notes else []
