"""The points the user wrote, within their dates, but not those used the last time."""

from collections.abc import Iterator

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person
from briefgen.brief.phrases import not_to_be_asked
from briefgen.workspace.language import capitalised


def lines(person: Person) -> Iterator[Line]:
    """A line for each written point whose time it is."""
    day = person.occasion.day
    last = person.last.day if person.last else None
    for at, point in enumerate(person.contact.talking_points):
        if (point.from_ and day < point.from_) or (point.until and day > point.until):
            continue
        used = [when for when in point.used if when <= day]
        if used and (last is None or max(used) >= last):
            continue
        yield person.line(
            "say",
            capitalised(point.text),
            "written",
            "talking_points",
            at,
            visibility=point.visibility,
            mark="not-today" if not_to_be_asked(point.text, person.known.languages) else None,
            rank=(78 if point.from_ or point.until else 73) - (15 if used else 0),
        )
