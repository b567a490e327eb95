"""Named: of which of the others who are there a note speaks.

By their names, by the firm as people call it (`Fennel`, of Fennel & Co), or as kin: `Papa`, where
her father is there. Most notes speak of nobody else, so that a file is first looked through as one.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Final

from briefgen.brief.colleagues import Colleagues
from briefgen.brief.company import as_called, every_word
from briefgen.brief.names import bare
from briefgen.brief.phrases import reading_languages
from briefgen.brief.relations import relations_in
from briefgen.brief.silences import relation_words
from briefgen.brief.subject import Setting, Subject
from briefgen.brief.words import fold, words_of

_NOTES: Final = 24
"""In so many of the latest notes kin are looked for."""
_MOST_OF_A_NAME: Final = 4
"""More than so many people of one surname are hardly one family."""


class Named:
    """Who of those who meet is meant where somebody's notes name another."""

    def __init__(self, occasion: Setting, colleagues: Colleagues) -> None:
        self._occasion = occasion
        self._colleagues = colleagues
        self._places: dict[str, Sequence[int]] = {}
        self._others: dict[str, Sequence[tuple[Subject, frozenset[str], frozenset[str]]]] = {}

    def notes_of_others(self, subject: Subject) -> Sequence[int]:
        """The places of the interactions with somebody that speak of another who is there."""
        if subject.key not in self._places:
            self._places[subject.key] = self._find_notes(subject)
        return self._places[subject.key]

    def _find_notes(self, subject: Subject) -> Sequence[int]:
        near = self._near(subject, _flat(subject.file.noted))
        kin = [one for one in self._kin.get(subject.key, ()) if one not in near]
        if not near and not kin:  # as of most files
            return ()
        return [
            at
            for at, one in enumerate(subject.told)
            if (text := every_word(one.interaction))
            and any(
                self.is_meant(subject, other, text)
                for other in (near if at >= _NOTES else [*near, *kin])
            )
        ]

    def others_in(self, subject: Subject, text: str) -> list[Subject]:
        """The others of whom a note of somebody's speaks."""
        flat = text.lower() if text.isascii() else f"{bare(text).casefold()}\n{fold(text)}"
        near = self._near(subject, flat)
        near += [one for one in self._kin.get(subject.key, ()) if one not in near]
        return [one for one in near if self.is_meant(subject, one, text)]

    def is_meant(self, subject: Subject, other: Subject, text: str) -> bool:
        """Whether a note of somebody's speaks of another."""
        if other.called.in_text(text) or self._is_kin_in(subject, other, text):
            return True
        firms = next(firms for one, _, firms in self._others_of(subject) if one is other)
        if not firms:
            return False
        flat = fold(text)
        return any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", flat) for one in firms)

    def _near(self, subject: Subject, flat: str) -> list[Subject]:
        """The others of whose names, or whose firms, a text without case and accents has a part."""
        return [
            other
            for other, hints, _ in self._others_of(subject)
            if any(hint in flat for hint in hints) or (other.called.unspaced and not flat.isascii())
        ]

    def _others_of(
        self, subject: Subject
    ) -> Sequence[tuple[Subject, frozenset[str], frozenset[str]]]:
        """Each of the others, what to look for first, and the words by which their firm goes."""
        if subject.key not in self._others:
            own = subject.contact.organization
            self._others[subject.key] = [
                (one, one.called.hints | firms, firms)
                for one in self._occasion.people
                if one is not subject
                for firms in (_words_of_firm(one, own) if own else frozenset[str](),)
            ]
        return self._others[subject.key]

    def _is_kin_in(self, subject: Subject, other: Subject, text: str) -> bool:
        """Whether a note speaks of another as their father, wife or son, without a name."""
        if other not in self._kin.get(subject.key, ()):
            return False
        if relation_words().isdisjoint(words_of(text)) and text.isascii():
            return False
        language = self._occasion.vocabulary.language
        found = relations_in(text, reading_languages(language, subject.contact.language))
        return any(not one.names and one.relation != "pet" for one in found)

    @cached_property
    def _kin(self) -> Mapping[str, tuple[Subject, ...]]:
        """Who of those there are of one family, by a surname that they share, or married."""
        people = self._occasion.people
        by_name: dict[str, list[Subject]] = {}
        for one in people:
            by_name.setdefault(fold(one.contact.name.split()[-1]), []).append(one)
        families = [those for those in by_name.values() if 1 < len(those) <= _MOST_OF_A_NAME]
        found = {one.key: {*those} - {one} for those in families for one in those}
        for one in people if len(people) > 1 else ():
            if married := set(self._colleagues.spouses_of(one)):
                found[one.key] = found.get(one.key, set()) | married
        return {key: tuple(those) for key, those in found.items()}


def _words_of_firm(other: Subject, own: str) -> frozenset[str]:
    """The words by which the firm of somebody goes, if it is not one's own.

    A surname that is also a word of the bearer's own firm is one: Langdon, of Langdon Fruit.
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
