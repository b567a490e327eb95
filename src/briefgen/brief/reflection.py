"""Last time, by the user's own account: what to do differently, and what could be answered."""

from collections.abc import Iterator
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import BLOCKS, Occasion, Person
from briefgen.contacts.contact import Degree, Reflection
from briefgen.workspace.language import Language

_FOR_DAYS: Final = 365
_LOOKED_AT: Final = 10


def lines(occasion: Occasion) -> Iterator[Line]:
    """The last reflection on each of the first three people."""
    for person in occasion.people[:BLOCKS]:
        yield from _last(person)


def _last(person: Person) -> Iterator[Line]:
    occasion, text = person.occasion, person.occasion.language.text
    for one in person.interactions[:_LOOKED_AT]:
        if (occasion.day - one.day).days > _FOR_DAYS:
            return
        reflection = one.interaction.reflection
        if reflection is None:
            continue
        answered = _answered(reflection, occasion.language)
        if reflection.adjust is not None:
            yield person.line(
                "reflection",
                text("You noted: {adjust}", adjust=reflection.adjust),
                "adjust",
                "interactions",
                one.at,
                rank=72,
                origin=occasion.words.on(one.day),
            )
        if answered:
            yield person.line("reflection", answered, "answered", "interactions", one.at, rank=45)
        return


def _answered(reflection: Reflection, language: Language) -> str:
    needs, helped = reflection.needs_answered, reflection.help_answered
    if needs is None or helped is None or (needs == "yes" and helped == "yes"):
        return ""
    text = language.text
    degrees: dict[Degree, str] = {"yes": text("yes"), "partly": text("partly"), "no": text("no")}
    return text(
        "Could you answer? Their need: {needs}; how to help: {help}.",
        needs=degrees[needs],
        help=degrees[helped],
    )
