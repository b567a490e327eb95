"""A disagreement put aside, offered back once there is a success to build on."""

from collections.abc import Iterator
from datetime import date

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person
from briefgen.brief.wording import last_day
from briefgen.contacts.book import Dated


def lines(person: Person) -> Iterator[Line]:
    """A line for each parked matter, after a success; until then none is in sight."""
    success = last_success(person)
    if success is None or not person.contact.parked:
        return
    text = person.occasion.language.text
    for at, matter in enumerate(person.contact.parked):
        yield person.line(
            "say",
            text("Could be raised again: {matter}", matter=matter.text.rstrip(".")),
            "parked",
            "parked",
            at,
            visibility=matter.visibility,
            rank=52,
            origin=text("put aside"),
        )


def last_success(person: Person) -> Dated | None:
    """The last interaction, where it was a success and nothing went wrong since."""
    relationship = person.contact.relationship
    since: date | None = None
    if relationship and relationship.status == "strained":
        since = last_day(relationship.since) if relationship.since else date.max
    one = person.last_talk
    if one is not None:
        met = one.interaction.needs_met
        tone = person.occasion.vocabulary.tone(one.interaction.signals)
        good = (met == "yes" and tone != "low") or (tone == "high" and met in {"yes", None})
        if good and (since is None or one.day > since):
            return one
    return None
