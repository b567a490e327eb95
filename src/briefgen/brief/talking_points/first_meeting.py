"""A new face with a file: nothing on file yet, and nothing in the calendar, however old."""

from collections.abc import Iterator

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person


def lines(person: Person) -> Iterator[Line]:
    """What to find out from somebody never met."""
    if not person.known.never_met:
        return
    text = person.occasion.language.text
    said = text("Ask what would make this time well spent.")
    if not person.contact.notes:
        said = text(
            "Find out what {name} is responsible for, who else decides, and what would make this "
            "time well spent.",
            name=person.short,
        )
    yield person.line(
        "say",
        said,
        "first-meeting",
        rank=86,
        label=None if person.contact.notes else "",
        origin=text("first meeting"),
        mark="ask",
    )
