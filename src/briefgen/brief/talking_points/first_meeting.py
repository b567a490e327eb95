"""A new face with a file: nothing on file yet, and nothing in the calendar."""

from collections.abc import Iterator

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person


def lines(person: Person) -> Iterator[Line]:
    """What to find out from somebody never spoken to."""
    if person.appointments or person.last_talk is not None:
        return
    text = person.occasion.language.text
    yield person.line(
        "say",
        text(
            "Find out what {name} answers for, who else decides, and what would make this a "
            "good hour.",
            name=person.short,
        ),
        "first-meeting",
        rank=86,
        label="",
        note=text("first meeting"),
        mark="ask",
    )
