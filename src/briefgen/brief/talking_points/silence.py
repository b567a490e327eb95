"""A silence longer than the user means to leave."""

from collections.abc import Iterator

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person


def lines(person: Person) -> Iterator[Line]:
    """A line where the last interaction is longer ago than `stay_in_touch`."""
    relationship = person.contact.relationship
    if relationship is None or relationship.stay_in_touch is None or person.last is None:
        return
    if person.status == "lapsed" or person.occasion.day <= relationship.stay_in_touch.after(
        person.last.day
    ):
        return
    words, text = person.occasion.words, person.occasion.language.text
    yield person.line(
        "say",
        text("It has been quiet for {age}: say that you noticed.", age=words.age(person.last.day)),
        "silence",
        "relationship",
        visibility=relationship.visibility,
        rank=70,
        note=text("you set {span}", span=words.span(relationship.stay_in_touch)),
    )
