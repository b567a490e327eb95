"""What you promised and did since you last spoke."""

from collections.abc import Iterator

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person
from briefgen.brief.promises import kept_since


def lines(person: Person) -> Iterator[Line]:
    """A line for each promise of yours kept since the last talk."""
    return kept_since(person)
