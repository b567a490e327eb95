"""The kind of a life event: good, neutral, hard or confidential, as given or as its words tell."""

from typing import Final

from briefgen.brief.word_families.families import Mention, kinds, mentions_in
from briefgen.contacts.contact import EventKindName, LifeEvent
from briefgen.workspace.value import Value

_LEAST_GRAVE: Final = 99
_RECOVERY: Final = "recovery"
_HEAL: Final = frozenset({"grave_illness", "illness", "accident"})
"""Families of what one may recover from."""


class EventKind(Value, frozen=True, kw_only=True):
    """What kind of event something is.

    Attributes:
        gravity: of a hard event, its place among the families, 0 the gravest; else None.
        family: the family of words that told it; None where none did.
        sure: False where a hard word stands beside a good one, or only a weak one was found;
            such an event is treated as hard.
        given: whether the file says it itself.
        words: the words that told it, as the note has them.
        turned_well: whether its note tells that it is over and went well.
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
        """Whether it makes a page of grief."""
        return self.kind == "hard" and self.family in kinds().grief and not self.turned_well


def event_kind(event: LifeEvent, languages: tuple[str, ...]) -> EventKind:
    """The kind of an event: as given, else as its note tells it in some languages."""
    found = mentions_in(event.note, languages, strict=True)
    hard = sorted(_of(found, kinds().hard), key=lambda one: kinds().hard.index(one.family))
    if event.kind is not None:
        return _given(event.kind, hard)
    confidential = _of(found, kinds().confidential)
    good = _of(found, kinds().good)
    weak = _of(found, kinds().weak)
    if confidential and not any(one.family in kinds().grief for one in hard):
        return _told("confidential", confidential)
    if hard:
        return _hard(hard, sure=not good, words=(*hard, *good))
    if weak and not good:
        return _hard(weak, sure=False, words=weak)
    return _told("good", good) if good else EventKind(kind="neutral")


def _of(found: tuple[Mention, ...], families: tuple[str, ...]) -> list[Mention]:
    return [one for one in found if one.family in families]


def _given(kind: EventKindName, hard: list[Mention]) -> EventKind:
    if kind != "hard":
        return EventKind(kind=kind, given=True)
    gravity = kinds().hard.index(hard[0].family) if hard else _LEAST_GRAVE
    family = hard[0].family if hard else None
    words = tuple(one.words for one in hard)
    return EventKind(kind="hard", gravity=gravity, family=family, given=True, words=words)


def _hard(
    told_by: list[Mention], *, sure: bool, words: list[Mention] | tuple[Mention, ...]
) -> EventKind:
    order = kinds().hard
    family = told_by[0].family
    gravity = order.index(family) if family in order else _LEAST_GRAVE
    return EventKind(
        kind="hard",
        gravity=gravity,
        family=family if family in order else None,
        sure=sure,
        words=tuple(dict.fromkeys(one.words for one in words)),
        turned_well=family in _HEAL and any(one.family == _RECOVERY for one in words),
    )


def _told(kind: EventKindName, told_by: list[Mention]) -> EventKind:
    words = tuple(dict.fromkeys(one.words for one in told_by))
    return EventKind(kind=kind, family=told_by[0].family, words=words)
