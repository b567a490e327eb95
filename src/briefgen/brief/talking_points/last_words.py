"""Their last words, to come back to, and what was left unsaid: something to listen for."""

from collections.abc import Iterator
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.history import words_said
from briefgen.brief.occasion import Person

_TALKS: Final = 2
_LATEST: Final = 1
_FOR_DAYS: Final = 270


def left_unsaid(person: Person) -> Iterator[Line]:
    """A line for what was left unsaid in each of the last two interactions."""
    for place, one in enumerate(person.interactions.latest(_TALKS)):
        unsaid = one.interaction.unsaid
        if unsaid is None or (person.day - one.day).days > _FOR_DAYS:
            continue
        yield person.line(
            "say",
            person.text("Left unsaid: {unsaid}", unsaid=unsaid.rstrip(".")),
            "unsaid",
            "interactions",
            one.at,
            rank=80 - 8 * place,
            origin=person.words.dated(one.day, one.interaction.channel),
        )


def quotations(person: Person) -> Iterator[Line]:
    """Their words of the last interactions that kept any, verbatim."""
    quoted = person.interactions.those(lambda one: bool(one.interaction.words))
    kept = [
        one
        for one in quoted
        if (said := words_said(person, one)) and not person.says("irony", said)
    ]
    for place, one in enumerate(kept[:_LATEST]):
        if (person.day - one.day).days > _FOR_DAYS:
            continue
        said = (one.interaction.words or "").strip("\"'“”„«»\u2018\u2019 ")
        yield person.line(
            "say",
            person.text("Their words: “{words}”", words=said),
            "words",
            "interactions",
            one.at,
            rank=63 - 10 * place,
            origin=person.words.dated(one.day, one.interaction.channel),
            mark="verbatim",
        )
