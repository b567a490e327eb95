"""What they complained of: open until resolved; or resolved and not yet mentioned."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.occasion import NEED_FOR, Person
from briefgen.brief.promises import kept_since
from briefgen.brief.wording import last_day
from briefgen.contacts.contact import Concern

_NEWS_FOR_DAYS: Final = 365
"""After a year nobody is waiting to hear it."""


def lines(person: Person) -> Iterator[Line]:
    """A line for each open concern, and for each resolved since the last talk."""
    for at, concern in enumerate(person.contact.concerns):
        raised = concern.date.first_day() if concern.date else None
        if raised is not None and raised > person.occasion.known_until:
            continue
        if concern.resolved is None:
            done = person.was_done_since(concern.text, raised)
            if not done and not _was_settled(person, concern, raised):
                yield _open(person, at, concern, raised)
        elif _is_news(person, concern):
            yield _resolved(person, at, concern)


def _was_settled(person: Person, concern: Concern, raised: date | None) -> bool:
    """Whether they accepted an apology for it, or got the one whose lack they complained of."""
    if person.apologies.closed(concern.text, raised):
        return True
    made = person.contact.apologies
    return person.says("apologised", concern.text) and any(
        one.for_ is None or person.share_words(one.for_, concern.text)
        for one in made
        if raised is None or one.date is None or one.date >= raised
    )


def _open(person: Person, at: int, concern: Concern, raised: date | None) -> Line:
    what = concern.text.rstrip(".")
    said = person.text("Complaint, still open: {concern}", concern=what)
    if raised is not None and person.day - raised > NEED_FOR:
        said = person.text(
            "Complaint of {year}: {concern}. Still so?", year=str(raised.year), concern=what
        )
    return person.line(
        "say",
        said,
        "concern",
        "concerns",
        at,
        rank=90,
        origin=person.words.partial(concern.date) if concern.date else "",
        mark="open",
        label="" if person.occasion.presence.colleagues.superior_of(person) else None,
    )


def _is_news(person: Person, concern: Concern) -> bool:
    """Whether it was resolved, and no talk since then can have told them."""
    if concern.resolved is None:
        return False
    resolved = concern.resolved.first_day()
    if resolved is None or resolved > person.occasion.known_until:
        return False
    if (person.day - resolved).days > _NEWS_FOR_DAYS:
        return False
    raised, latest = concern.date and concern.date.first_day(), last_day(concern.resolved)
    if raised and latest and latest < raised:
        return False
    if any(person.share_words(one.text, concern.text) for one in kept_since(person)):
        return False  # the resolution says it
    return person.last_talk is None or resolved >= person.last_talk.day


def _resolved(person: Person, at: int, concern: Concern) -> Line:
    assert concern.resolved is not None  # noqa: S101  # only resolved ones come here
    return person.line(
        "say",
        person.text(
            "Resolved since you spoke: {concern}. Say so.", concern=concern.text.rstrip(".")
        ),
        "concern",
        "concerns",
        at,
        rank=82,
        origin=person.words.partial(concern.resolved),
        mark="resolved",
    )
