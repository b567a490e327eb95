"""The registry of talking-point rules: the built-in ones, and those of installed packages."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.metadata import entry_points
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person
from briefgen.brief.promises import kept_since
from briefgen.brief.talking_points import (
    answers,
    approaches,
    birthday,
    coming_up,
    concerns,
    first_questions,
    holidays_near,
    last_words,
    life_events,
    parked,
    sharing,
    silence,
    written,
)

GROUP: Final = "briefgen.talking_points"
Rule = Callable[[Person], Iterable[Line]]

BUILT_IN: Final[dict[str, Rule]] = {
    "concern": concerns.lines,
    "done": kept_since,
    "life-event": life_events.lines,
    "birthday": birthday.lines,
    "first-meeting": first_questions.first_meeting,
    "unsaid": last_words.left_unsaid,
    "written": written.lines,
    "silence": silence.lines,
    "approach": approaches.lines,
    "to-share": sharing.lines,
    "words": last_words.quotations,
    "new-organization": first_questions.new_organization,
    "parked": parked.lines,
    "answers": answers.lines,
    "occasion": coming_up.lines,
    "holiday": holidays_near.lines,
}
"""Every built-in rule by its name; a line says which of them made it."""


@cache
def rules() -> tuple[tuple[str, Rule], ...]:
    """All rules, the built-in ones first."""
    added = ((entry.name, entry.load()) for entry in entry_points(group=GROUP))
    return (*BUILT_IN.items(), *sorted(added, key=lambda one: one[0]))


def talking_points(person: Person) -> Iterator[Line]:
    """Everything worth saying to one person or asking them, rule by rule."""
    for _, rule in rules():
        yield from rule(person)
