"""What was left unsaid in the last talks: something to listen for."""

from collections.abc import Iterator
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person

_TALKS: Final = 2
_FOR_DAYS: Final = 270


def lines(person: Person) -> Iterator[Line]:
    """A line for what was left unsaid in each of the last two interactions."""
    text = person.occasion.language.text
    for place, one in enumerate(person.interactions.latest(_TALKS)):
        unsaid = one.interaction.unsaid
        if unsaid is None or (person.occasion.day - one.day).days > _FOR_DAYS:
            continue
        yield person.line(
            "say",
            text("Left unsaid: {unsaid}", unsaid=unsaid.rstrip(".")),
            "unsaid",
            "interactions",
            one.at,
            rank=80 - 8 * place,
            origin=person.occasion.words.dated(one.day, one.interaction.channel),
        )
