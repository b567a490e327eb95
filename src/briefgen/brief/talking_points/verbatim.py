"""Their own words, to come back to."""

from collections.abc import Iterator
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.history import words_said
from briefgen.brief.occasion import Person

_LATEST: Final = 1
_FOR_DAYS: Final = 270


def lines(person: Person) -> Iterator[Line]:
    """Their words of the last interactions that kept any, verbatim."""
    words, text = person.occasion.words, person.occasion.language.text
    quoted = person.interactions.those(lambda one: bool(one.interaction.words))
    kept = [one for one in quoted if words_said(person, one)]
    for place, one in enumerate(kept[:_LATEST]):
        if (person.occasion.day - one.day).days > _FOR_DAYS:
            continue
        said = (one.interaction.words or "").strip("\"'“”„«»\u2018\u2019 ")
        yield person.line(
            "say",
            text("Their words: “{words}”", words=said),
            "words",
            "interactions",
            one.at,
            rank=63 - 10 * place,
            origin=words.dated(one.day, one.interaction.channel),
            mark="verbatim",
        )
