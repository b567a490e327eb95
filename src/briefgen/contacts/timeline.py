"""The timeline of a contact: the interactions on file by their days, put in order once."""

from collections.abc import Iterable
from datetime import date
from operator import attrgetter

from msgspec import Struct

from briefgen.contacts.contact import Interaction


class Dated(Struct, frozen=True):
    """An interaction, the day it happened, and its place in the file."""

    day: date
    at: int
    interaction: Interaction

    def changed(self, **changes: object) -> "Dated":
        """The same with other values in some fields of the interaction."""
        return Dated(self.day, self.at, self.interaction.model_copy(update=changes))


def timeline_of(interactions: Iterable[Interaction]) -> tuple[Dated, ...]:
    """Interactions, the newest first; of one day's, the last in the file first."""
    found = [Dated(one.date, at, one) for at, one in enumerate(interactions)]
    found.reverse()
    found.sort(key=attrgetter("day"), reverse=True)
    return tuple(found)


def noted_in(timeline: Iterable[Dated]) -> str:
    """Everything noted of what was said, in one text."""
    every = [one.interaction for one in timeline]
    parts = [part for one in every for part in (one.summary, one.words, one.unsaid, one.needs)]
    return "\0".join(filter(None, parts))
