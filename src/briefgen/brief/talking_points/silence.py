"""A silence longer than the user means to leave, or than half a year."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person

_LONG: Final = timedelta(days=182)
_YEARS: Final = 365


def lines(person: Person) -> Iterator[Line]:
    """A line where the last contact is longer ago than `stay_in_touch`, else half a year."""
    last, day = person.last_contact, person.occasion.day
    if last is None or person.status == "lapsed":
        return  # of a lapsed relationship it is said elsewhere
    relationship = person.contact.relationship
    span = relationship.stay_in_touch if relationship else None
    if day <= (span.after(last) if span else last + _LONG):
        return
    words, text = person.occasion.words, person.occasion.language.text
    if (day - last).days > _YEARS:
        said = words.last_spoke(last)
    elif span is not None:
        said = text(
            "You have not been in touch for {age} (you meant to be {often}).",
            age=words.silence(last),
            often=words.every(span),
        )
    else:
        said = text("You have not been in touch for {age}.", age=words.silence(last))
    yield person.line(
        "say",
        said,
        "silence",
        *_place(person),
        visibility=relationship.visibility if relationship else None,
        rank=71,
    )


def _place(person: Person) -> tuple[str | int, ...]:
    """Where the file says it: how often you meant to speak, else when you did."""
    if person.contact.relationship is not None:
        return ("relationship",)
    return ("interactions", person.last.at) if person.last is not None else ()
