"""Last time, by the user's own account: what to do differently, and what was left open."""

from collections.abc import Iterator
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import BLOCKS, SPOKEN, Occasion, Person
from briefgen.contacts.timeline import Dated

_FOR_DAYS: Final = 400


def lines(occasion: Occasion) -> Iterator[Line]:
    """What the last talk with each of the first three people left to be done."""
    for person in occasion.people[:BLOCKS]:
        last = next((o for o in person.interactions if o.interaction.channel in SPOKEN), None)
        if last is not None and (occasion.day - last.day).days <= _FOR_DAYS:
            yield from _of(person, last)


def _of(person: Person, last: Dated) -> Iterator[Line]:
    reflection, text = last.interaction.reflection, person.occasion.language.text
    if reflection is None:
        return
    on = person.occasion.words.on(last.day)
    if reflection.needs_answered == "no":
        said = text(
            "On {date} you left without knowing what {name} needs. "
            "Ask it in the first five minutes.",
            date=on,
            name=person.short,
        )
        yield _unanswered(person, last, said)
    elif reflection.help_answered == "no":
        said = text("On {date} you left without knowing how to help. Ask what would help.", date=on)
        yield _unanswered(person, last, said)
    if reflection.adjust is not None:
        yield person.line(
            "reflection",
            text("Your note: {adjust}", adjust=reflection.adjust),
            "adjust",
            "interactions",
            last.at,
            rank=72,
            origin=on,
        )


def _unanswered(person: Person, last: Dated, said: str) -> Line:
    return person.line(
        "reflection", said, "unanswered", "interactions", last.at, rank=88, label="", mark="ask"
    )
