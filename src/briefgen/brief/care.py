"""Care: what not to bring someone, and what to mind in the room, according to the file.

No wine for someone who has stopped drinking, and no present for a public official. That someone
hears badly or eats no meat is on the sheet, in the words of the note.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cache, cached_property, lru_cache
from typing import Final

from briefgen.brief.events import Event
from briefgen.brief.interactions import LaterNotes
from briefgen.brief.phrases import WordLists
from briefgen.brief.subject import Subject
from briefgen.brief.word_families import languages_of, mentions_in
from briefgen.brief.words import fold, sentences_of
from briefgen.contacts.contact import Contact
from briefgen.workspace.built_in import read_as
from briefgen.workspace.value import Value

Words = Mapping[str, tuple[str, ...]]
"""Words by language; `any` counts in all."""
_SINCE: Final = timedelta(days=3 * 365)
"""How long a loss, a pregnancy or a rule known from a note alone is taken into account."""
_PRIVATE: Final = frozenset(
    {
        "death", "grave_illness", "child_loss", "separation", "pregnancy", "addiction", "affair",
        "work_loss", "money", "sexuality", "identity",
    }
)  # fmt: skip
"""Families whose clauses say nothing about the body."""
_CLAUSES: Final = re.compile(r"(,\s+|;\s+|:\s+|\s+[-\u2013\u2014]\s+|\u3001)")
_DASH: Final = re.compile(r"[-\u2013\u2014]")
_FEW: Final = 3
_MOST: Final = 2
_LONGEST: Final = 90


class Matter(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Things of one kind.

    Attributes:
        families: families of life events after which they are not brought.
        things: the words for them.
        barred: what says that someone wants or may have none.
    """

    things: Words
    barred: Words
    families: tuple[str, ...] = ()


class CareFile(Value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything `care.yaml` can say."""

    matters: dict[str, Matter]
    no_gifts: Words
    offices: Words
    no_things: Words
    presents: Words
    body: Words
    unkind: Words


class Care:
    """What one person's file asks the user to mind."""

    def __init__(
        self,
        subject: Subject,
        events: tuple[Event, ...],
        later_notes: LaterNotes,
    ) -> None:
        self._subject = subject
        self._events = events
        self._later_notes = later_notes

    def unfit(self, thing: str) -> str | None:
        """The note because of which a thing must not be brought to them; None if it may."""
        if not self._holds("no_things", thing) and self.takes_no_gifts:
            return self.takes_no_gifts
        return self.bars(thing)

    def bars(self, thing: str) -> str | None:
        """The same, only for things they do not want or may not have."""
        return next(self._barred(thing), None)

    def unfit_promise(self, thing: str) -> str | None:
        """The same for a promised thing, which counts as a present only if it is plainly one."""
        if self._holds("presents", thing) and self.takes_no_gifts:
            return self.takes_no_gifts
        return self.bars(thing)

    def is_avoided(self, thing: str) -> str | None:
        """The note because of which a thing must not be mentioned: they have given it up."""
        return self._why_barred("alcohol") if self._holds(_things("alcohol"), thing) else None

    def _barred(self, thing: str) -> Iterator[str]:
        for matter in _read().matters:
            if self._holds(_things(matter), thing) and (why := self._why_barred(matter)):
                yield why

    def _why_barred(self, matter: str) -> str | None:
        families = _read().matters[matter].families
        for event in self._events:
            since = event.days_since(self._subject.occasion.day)
            if event.kind.family in families and (since is None or since <= _SINCE.days):
                return event.event.note
        return next(self._texts_with(_barred(matter), self._texts), None)

    @cached_property
    def takes_no_gifts(self) -> str | None:
        """The note by which they, or someone of their organization, may take no present."""
        organization = self._subject.contact.organization
        if organization and self._holds("offices", organization):
            return organization
        return next(self._no_gifts_at(organization), None)

    @cached_property
    def may_say_no_gifts(self) -> bool:
        """Whether a note on them says that they take none, so that the sheet says so too."""
        return any(self._texts_with("no_gifts", self._texts))

    def _no_gifts_at(self, organization: str | None) -> Iterator[str]:
        """The notes on them, their firm and its people here, by which no gifts are taken."""
        yield from self._texts_with("no_gifts", self._texts)
        if organization is None:
            return
        file = self._subject.occasion.book.organization(organization)
        if file is not None and file.organization.notes:
            yield from self._texts_with("no_gifts", (file.organization.notes,))
        for one in self._subject.occasion.people:
            if one is not self._subject and one.contact.organization == organization:
                yield from self._texts_with("no_gifts", tuple(_texts_of(one)))

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        points = self._subject.contact.talking_points
        written = (one.text for one in points if one.visibility != "never")
        return (*_texts_of(self._subject), *written)

    def to_mind(self) -> Iterator[str]:
        """What to mind in the room or at table, the newest first, in the words of the notes."""
        found: list[str] = []
        for sentence in self._sentences():
            said = self._clauses_to_mind(sentence)
            if said and len(said) <= _LONGEST and not any(fold(said) in fold(one) for one in found):
                found.append(said)
                yield said
            if len(found) == _MOST:
                return

    def _clauses_to_mind(self, sentence: str) -> str:
        """The clauses that say what to mind, each with a few words after a dash that explain it."""
        told: list[str] = []
        was_told = False
        pieces = [",", *_CLAUSES.split(sentence)]
        for joint, clause in zip(pieces[::2], pieces[1::2], strict=True):
            explains = was_told and bool(_DASH.search(joint)) and len(clause.split()) <= _FEW
            was_told = self._is_to_mind(clause) or (explains and self._is_harmless(clause))
            if was_told:
                said = clause.strip(" -.!?\u2013\u3002\"'")
                told.append(f"{joint}{said}" if told and explains else f", {said}")
        return "".join(told).removeprefix(", ")

    def is_to_mind(self, note: str) -> bool:
        """Whether a note says what to mind, and so is nothing to ask about."""
        return self._holds("body", note)

    def _sentences(self) -> Iterator[str]:
        """The notes with a word about the body; most have none."""
        interests = {one.text for one in self._subject.contact.interests}
        days = {one.interaction.summary: one.day for one in self._subject.interactions_on_file}
        points = {one.text for one in self._subject.contact.talking_points}  # as they are written
        for text in self._texts_with("body", self._texts):
            if text in interests | points or self._subject.says("secret", text):
                continue
            day = days.get(text)
            for sentence in sentences_of(text):
                if day is None or not self._later_notes.is_outdated(sentence, day):
                    yield sentence

    def _is_to_mind(self, clause: str) -> bool:
        return self._holds("body", clause) and self._is_harmless(clause)

    def _is_harmless(self, clause: str) -> bool:
        if self._holds("unkind", clause):
            return False
        if mentions_in(clause, self._subject.languages, strict=True, among=_PRIVATE):
            return False
        people = self._subject.occasion.people
        return not any(one is not self._subject and one.called.in_text(clause) for one in people)

    def _texts_with(self, name: str, texts: tuple[str, ...]) -> Iterator[str]:
        """The texts that contain a piece of a list in a language they are read in."""
        found = (texts[at] for at in _texts_by_list(texts).get(name, ()))
        return (text for text in found if self._holds(name, text))

    def _holds(self, name: str, text: str) -> bool:
        found = _lists().first(name, text, lambda: languages_of(text, self._subject.languages))
        return found is not None


def _texts_of(subject: Subject) -> Iterator[str]:
    """What their file says about them, the newest first."""
    contact = subject.contact
    yield from (one.interaction.summary or "" for one in subject.interactions_on_file)
    yield from (contact.notes or "",)
    yield from (one.note for one in contact.life_events if one.visibility != "never")
    yield from (one.text for one in contact.interests)
    yield from contact.custom.values()


def is_barred(contact: Contact, thing: str, languages: tuple[str, ...]) -> bool:
    """Whether a file alone rules a thing out for someone: wine after rehab, or any present."""

    def holds(name: str, text: str) -> bool:
        return _lists().first(name, text, lambda: languages_of(text, languages)) is not None

    texts = [one.summary or "" for one in contact.interactions]
    texts += [contact.notes or "", *(one.note for one in contact.life_events)]
    if not holds("no_things", thing) and any(holds("no_gifts", text) for text in texts):
        return True
    barred = [_barred(matter) for matter in _read().matters if holds(_things(matter), thing)]
    return any(holds(name, text) for name in barred for text in texts)


@lru_cache(maxsize=128)
def _texts_by_list(texts: tuple[str, ...]) -> Mapping[str, Sequence[int]]:
    """The places of texts with a piece of each list; cached, since all of a firm ask the same."""
    return _lists().texts_with(texts)


@cache
def _lists() -> WordLists:
    read = _read()
    matters = read.matters.items()
    return WordLists(
        {
            "no_gifts": read.no_gifts,
            "offices": read.offices,
            "no_things": read.no_things,
            "presents": read.presents,
            "body": read.body,
            "unkind": read.unkind,
            **{_things(name): matter.things for name, matter in matters},
            **{_barred(name): matter.barred for name, matter in matters},
        }
    )


def _things(matter: str) -> str:
    return f"things of {matter}"


def _barred(matter: str) -> str:
    return f"barred from {matter}"


@cache
def _read() -> CareFile:
    return read_as(CareFile, "brief/care.yaml")
