"""Life events: their kinds, and which hard ones matter on the meeting's day.

The kind is good, neutral, hard or confidential, as given in the file or inferred from the note.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from briefgen.brief.phrases import reading_languages, says
from briefgen.brief.relations import relations_in
from briefgen.brief.subject import Subject
from briefgen.brief.word_families import Mention, kinds, mentions_in
from briefgen.brief.wording import last_day
from briefgen.brief.words import fold, sentences_of, words_of
from briefgen.contacts.contact import Contact, EventKindName, LifeEvent
from briefgen.workspace.value import Value

_HARD_FOR: Final = timedelta(days=90)
_HARD_AHEAD: Final = timedelta(days=14)
_NOT_GRAVE: Final = 50
_LEAST_GRAVE: Final = 99
_HEAL: Final = frozenset({"grave_illness", "illness", "accident"})
"""Families of events from which people may recover."""


class EventKind(Value, frozen=True, kw_only=True):
    """What kind of event something is.

    Attributes:
        gravity: of a hard event, its place among the families, 0 the gravest; else None.
        family: the family of words it was inferred from, if any.
        sure: False if there is a good word beside the hard one, or only a weak one; such an event
            is treated as hard.
        given: whether the file says it itself.
        words: the words it was inferred from, as in the note.
        turned_well: whether its note says that it is over and went well.
        is_grief: whether it is a death, a life-threatening illness, the loss of a child or a
            separation.
    """

    kind: EventKindName
    gravity: int | None = None
    family: str | None = None
    sure: bool = True
    given: bool = False
    words: tuple[str, ...] = ()
    turned_well: bool = False

    @property
    def is_grief(self) -> bool:
        """Whether it calls for a page of grief."""
        return self.kind == "hard" and self.family in kinds().grief and not self.turned_well


_WELL_AGAIN: Final = timedelta(days=60)
"""How long after a hard event that ended well to ask about it."""


class Event(Value, frozen=True, kw_only=True):
    """A life event on file and its kind.

    Attributes:
        at: its place in the file.
        first, last: the days it can have been; None if the year is not known.
        hidden: whether nothing about it may be said.
        of_a_pet: whether it happened to an animal.
    """

    at: int
    event: LifeEvent
    kind: EventKind
    first: date | None
    last: date | None
    hidden: bool
    of_a_pet: bool = False

    @property
    def is_grief(self) -> bool:
        """Whether it calls for a page of grief; the death of an animal does not."""
        return self.kind.is_grief and not self.of_a_pet

    @property
    def is_hard(self) -> bool:
        """Whether it is a hard event."""
        return self.kind.kind == "hard"

    def is_over(self, day: date) -> bool:
        """Whether it ended well more than a few weeks ago."""
        since = self.days_since(day)
        return self.kind.turned_well and since is not None and since > _WELL_AGAIN.days

    def days_since(self, day: date) -> int | None:
        """The least number of days since then; negative if it lies ahead; None if unknown."""
        if self.first is None or self.last is None:
            return None
        if self.first <= day <= self.last:
            return 0
        return (day - self.last).days if self.last < day else (day - self.first).days


def events_of(subject: Subject) -> tuple[Event, ...]:
    """The life events on file, each with its kind."""
    tact = subject.occasion.tact
    return tuple(
        Event(
            at=at,
            event=event,
            kind=kind,
            first=event.date.first_day() if event.date else None,
            last=last_day(event.date) if event.date else None,
            of_a_pet=kind.family == "pet_death"
            or any(one.relation == "pet" for one in relations_in(event.note, subject.languages))
            or (kind.is_grief and _names_a_pet(event.note, subject)),
            hidden=event.visibility == "never" or tact.avoided_in(event.note) is not None,
        )
        for at, event in enumerate(subject.contact.life_events)
        for kind in (_kind(subject, event),)
    )


def _names_a_pet(note: str, subject: Subject) -> bool:
    """Whether a note has the name of an animal, as the file gives it elsewhere: `their dog Rex`."""
    contact = subject.contact
    texts = [one.note for one in contact.life_events]
    texts += [one.text for one in (*contact.interests, *contact.talking_points)]
    pets = {
        fold(name)
        for text in texts
        for one in relations_in(text, subject.languages)
        if one.relation == "pet"
        for name in one.names
    }
    return not pets.isdisjoint(map(fold, words_of(note)))


def _kind(subject: Subject, event: LifeEvent) -> EventKind:
    """The kind of an event; one that was confidential and is now common knowledge is neutral."""
    kind = event_kind(event, subject.languages)
    if kind.kind != "confidential" or kind.given:
        return kind
    since = event.date.first_day() if event.date else None
    later = [event.note]
    later += [
        one.interaction.summary or ""
        for one in subject.interactions_on_file
        if since is None or one.day >= since
    ]
    known = any(subject.says("known_by_all", text) for text in later)
    return kind.replace(kind="neutral") if known else kind


def hard_now(events: Iterable[Event], day: date) -> tuple[Event, ...]:
    """Hard events of the last 90 days and the next 14, the gravest and then the newest first."""
    found = [
        event
        for event in events
        if event.is_hard
        and not event.is_over(day)
        and (since := event.days_since(day)) is not None
        and -_HARD_AHEAD.days <= since <= _HARD_FOR.days
    ]
    return tuple(sorted(found, key=lambda event: _gravity(event, day)))


def _gravity(event: Event, day: date) -> tuple[bool, int, int]:
    """The sorting key: what has happened comes before what is to come."""
    grave = event.kind.gravity if event.is_grief else None
    ahead = event.first is not None and event.first > day
    newest = -(event.first or date.min).toordinal()
    return ahead, _NOT_GRAVE if grave is None else grave, newest


def was_hit_lately(contact: Contact, day: date, language: str) -> bool:
    """Whether a hard event is within 90 days before a day: no cheer, no requests."""
    languages = reading_languages(language, contact.language)
    for event in contact.life_events:
        first = event.date.first_day() if event.date else None
        last = last_day(event.date) if event.date else None
        if first is None or last is None or first > day or day - last > _HARD_FOR:
            continue
        kind = event_kind(event, languages)
        if kind.kind == "hard" and not kind.turned_well:
            return True
    return False


def minds_birthday(contact: Contact, languages: tuple[str, ...]) -> bool:
    """Whether they want no birthday wishes: `never wish her a happy birthday`, a card that hurt."""
    if contact.birthday is not None and any(
        (one.date.month, one.date.day) == (contact.birthday.month, contact.birthday.day)
        for one in contact.life_events
        if one.date is not None and event_kind(one, languages).kind == "hard"
    ):
        return True  # the day on which someone died
    texts = [one.text for one in contact.talking_points]
    texts += [f"{one.tried} {one.landed or ''}" for one in contact.approaches]
    texts += sentences_of(contact.notes or "")
    texts += [one.reflection.adjust or "" for one in contact.interactions if one.reflection]
    return any(
        says("birthday", text, languages)
        and says("not_wished", text, languages)
        and not says("remembered", text, languages)
        for text in texts
    )


def mentions_grief(text: str, languages: tuple[str, ...]) -> bool:
    """Whether a text mentions a cause of grief."""
    return bool(mentions_in(text, languages, strict=True, among=kinds().grief))


def event_kind(event: LifeEvent, languages: tuple[str, ...]) -> EventKind:
    """The kind of an event: as given, else from the words of its note in some languages."""
    found, of = mentions_in(event.note, languages, strict=True), kinds()
    hard = [one for family in of.hard for one in found if one.family == family]
    if event.kind == "hard":
        return _hard(hard, sure=True, words=hard, given=True)
    if event.kind is not None:
        return EventKind(kind=event.kind, given=True)
    confidential, good, weak, ends = (
        [one for one in found if one.family in families]
        for families in (of.confidential, of.good, of.weak, of.good_end)
    )
    if confidential and not any(one.family in kinds().grief for one in hard):
        return _from_mentions("confidential", confidential)
    if hard:
        return _hard(hard, sure=not (good or ends), words=[*hard, *good, *ends])
    if weak and not good:
        return _hard(weak, sure=False, words=[*weak, *ends])
    return _from_mentions("good", good) if good else EventKind(kind="neutral")


def _hard(
    mentions: Sequence[Mention], *, sure: bool, words: Sequence[Mention], given: bool = False
) -> EventKind:
    order = kinds().hard
    family = mentions[0].family if mentions else None
    turned_well = any(one.family in kinds().good_end for one in words)
    return EventKind(
        kind="hard",
        gravity=order.index(family) if family in order else _LEAST_GRAVE,
        family=family if family in order else None,
        sure=sure,
        given=given,
        words=tuple(dict.fromkeys(one.words for one in words)),
        turned_well=turned_well and (family in _HEAL or family not in order),
    )


def _from_mentions(kind: EventKindName, mentions: list[Mention]) -> EventKind:
    words = tuple(dict.fromkeys(one.words for one in mentions))
    return EventKind(kind=kind, family=mentions[0].family, words=words)
