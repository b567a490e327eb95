"""The points the user wrote, within their dates, but not those used the last time."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person
from briefgen.brief.phrases import not_to_be_asked
from briefgen.workspace.language import capitalised

_FOR: Final = timedelta(days=365)


def _is_stale(person: Person, point: str, age: timedelta) -> bool:
    """Whether a point is older than a year, and the agenda does not touch it."""
    return age > _FOR and not person.occasion.topics.touched_by([point])


def lines(person: Person) -> Iterator[Line]:
    """A line for each written point whose time it is."""
    day = person.occasion.day
    last = person.last.day if person.last else None
    for at, point in enumerate(person.contact.talking_points):
        if (point.from_ and day < point.from_) or (point.until and day > point.until):
            continue
        if point.from_ and point.until is None and _is_stale(person, point.text, day - point.from_):
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
            mark="not-today" if not_to_be_asked(point.text, person.languages) else None,
            rank=(78 if point.from_ or point.until else 73) - (15 if used else 0),
        )
