"""The firms that a person has left, by life events, `past_organizations` and the invitation."""

import re
from functools import cached_property
from typing import Final

from briefgen.brief.events import Event
from briefgen.brief.subject import Subject
from briefgen.brief.words import fold, words_of
from briefgen.contacts.dates import PartialDate
from briefgen.workspace.value import Value

_FIRM_WORD: Final = 4
"""How many letters the first word of a firm's name needs to stand for the firm."""
_CLAUSE: Final = re.compile(r"[;.,]")


class Former(Value, frozen=True, kw_only=True):
    """An organization someone has left.

    Attributes:
        until: when; None if it is not known.
        sure: False if only the address of the invitation says so.
    """

    organization: str
    until: PartialDate | None = None
    sure: bool = True


class FormerFirms:
    """The firms that one person has left."""

    def __init__(self, subject: Subject, events: tuple[Event, ...]) -> None:
        self._subject = subject
        self._events = events

    @cached_property
    def former(self) -> Former | None:
        """The organization in the file, if they have left it."""
        contact = self._subject.contact
        organization = contact.organization
        if organization is None:
            return None
        for event in self._events:
            if self._is_about_leaving(event, organization):
                return Former(organization=organization, until=event.event.date)
        if organization.casefold() in {name.casefold() for name in contact.past_organizations}:
            return Former(organization=organization)
        return Former(organization=organization, sure=False) if self._subject.is_elsewhere else None

    @cached_property
    def left(self) -> tuple[Former, ...]:
        """Every organization that the file says they have left."""
        former = self.former
        found = [former] if former is not None and former.sure else []
        own = fold(self._subject.contact.organization or "")
        for firm in self._subject.contact.past_organizations:
            if fold(firm) != own:
                left = (
                    one for one in self._events if self._is_about_leaving(one, firm, any_firm=True)
                )
                event = next(left, None)
                found.append(Former(organization=firm, until=event.event.date if event else None))
        return tuple(found)

    def is_sore(self, firm: str) -> bool:
        """Whether a firm belongs to someone they separated from, or let them go."""
        let_go = any(
            self._lost_work(one) and _names_firm(one.event.note, firm) for one in self._events
        )
        words = {fold(word) for word in firm.split()}
        left = (one.event.note for one in self._events if one.kind.family == "separation")
        return let_go or any(not words.isdisjoint(map(fold, words_of(note))) for note in left)

    def _is_about_leaving(self, event: Event, organization: str, *, any_firm: bool = False) -> bool:
        note = event.event.note
        is_past = event.first is None or event.first <= self._subject.occasion.known_until
        lost = self._lost_work(event) or self._subject.says("left_work", note)
        if self._is_of_others_work(note):
            return False
        named = is_past and lost and _names_firm(note, organization)
        return named and (any_firm or not self._left_another(note))

    def _lost_work(self, event: Event) -> bool:
        """Whether they lost their own job, rather than announcing that others would lose theirs."""
        return event.kind.family == "work_loss" and not self._is_of_others_work(event.event.note)

    def _is_of_others_work(self, note: str) -> bool:
        is_own = self._subject.says("lost_own_work", note)
        return self._subject.says("others_lose_work", note) and not is_own

    def _left_another(self, note: str) -> bool:
        """Whether the clause about leaving names a firm they were at before.

        As in "left Northbank; joined Lagos Capital".
        """
        past = self._subject.contact.past_organizations
        clauses = [one for one in _CLAUSE.split(note) if self._subject.says("left_work", one)]
        return any(_names_firm(clause, firm) for clause in clauses for firm in past)


def mentions_firm(text: str, organization: str) -> bool:
    """Whether a text names a firm by its whole name, or by a capitalised first word."""
    first = organization.split(maxsplit=1)[0]
    said = (
        len(first) >= _FIRM_WORD
        and first[0].isupper()
        and re.search(rf"\b{re.escape(first)}\b", text)
    )
    return bool(said) or fold(organization) in fold(text)


def _names_firm(text: str, organization: str) -> bool:
    """Whether a text names a firm by its whole name or its first word."""
    flat, first = fold(text), fold(organization).split()[0]
    return fold(organization) in flat or (len(first) >= _FIRM_WORD and first in flat)
