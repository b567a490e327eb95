"""Talking points: personal things worth saying or asking, each by one small rule.

A rule takes a `Person` and returns lines of the section `say`. Installed packages add rules under
the entry-point group `briefgen.talking_points`.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.metadata import entry_points
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person
from briefgen.brief.promises import kept_since
from briefgen.brief.talking_points import (
    acquaintance,
    coming_up,
    concerns,
    holidays_near,
    last_words,
    life_events,
    noted,
)

GROUP: Final = "briefgen.talking_points"
Rule = Callable[[Person], Iterable[Line]]

BUILT_IN: Final[dict[str, Rule]] = {
    "concern": concerns.lines,
    "done": kept_since,
    "life-event": life_events.lines,
    "birthday": life_events.birthdays,
    "first-meeting": acquaintance.first_meeting,
    "unsaid": last_words.left_unsaid,
    "written": noted.written,
    "silence": acquaintance.silence,
    "approach": noted.approaches,
    "to-share": noted.to_share,
    "words": last_words.quotations,
    "new-organization": acquaintance.new_organization,
    "parked": noted.parked,
    "answers": acquaintance.answers,
    "occasion": coming_up.lines,
    "holiday": holidays_near.lines,
}
"""Every built-in rule by its name, in the order of their worth; a line says which made it."""


@cache
def rules() -> tuple[tuple[str, Rule], ...]:
    """All rules, the built-in ones first."""
    added = ((entry.name, entry.load()) for entry in entry_points(group=GROUP))
    return (*BUILT_IN.items(), *sorted(added, key=lambda one: one[0]))


def talking_points(person: Person) -> Iterator[Line]:
    """Everything worth saying to one person or asking them, rule by rule."""
    for _, rule in rules():
        yield from rule(person)
