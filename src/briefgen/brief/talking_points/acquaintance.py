"""How well you know each other: never met, perhaps moved elsewhere, silent for long, or evasive."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from briefgen.brief.brief import Line
from briefgen.brief.match import is_own
from briefgen.brief.occasion import Person

_LONG: Final = timedelta(days=182)
_YEAR: Final = 365
_LATEST: Final = 6
_OFTEN: Final = 2
_CHANGED_OFTEN: Final = 3


def first_meeting(person: Person) -> Iterator[Line]:
    """What to find out from someone never met."""
    if not person.never_met:
        return
    text = person.text
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


def new_organization(person: Person) -> Iterator[Line]:
    """A question if the invitation went to a domain that is not known to be theirs."""
    attendee, former = person.participant.attendee, person.firms.former
    if attendee is None or attendee.address is None or former is None or former.sure:
        return
    if any(attendee.address in one.addresses for one in person.appointments):
        return
    said = person.text(
        "Invited as {address}: still with {organization}?",
        address=attendee.address,
        organization=former.organization,
    )
    yield person.line("say", said, "new-organization", "organization", rank=62, mark="ask")


def silence(person: Person) -> Iterator[Line]:
    """A line if the last contact is longer ago than `stay_in_touch`, else half a year."""
    last, day = person.last_contact, person.day
    if last is None or person.status == "lapsed":
        return  # `repair.py` says it of a lapsed relationship
    span = person.relationship.stay_in_touch
    if day <= (span.after(last) if span else last + _LONG):
        return
    words, text = person.words, person.text
    if (day - last).days > _YEAR:
        said = words.last_spoke(last)
    elif span is not None:
        said = text(
            "You have not been in touch for {age} (you meant to be {often}).",
            age=words.silence(last),
            often=words.every(span),
        )
    else:
        said = text("You have not been in touch for {age}.", age=words.silence(last))
    place: tuple[str | int, ...] = ("interactions", person.last.at) if person.last else ()
    if person.contact.relationship is not None:
        place = ("relationship",)
    yield person.line("say", said, "silence", *place, rank=71)


def answers(person: Person) -> Iterator[Line]:
    """How many of the last invitations they declined, and how often they changed this one.

    A fact, and never taken for a signal.
    """
    occasion, meeting = person.occasion, person.occasion.meeting
    latest = occasion.invitations(person.addresses)[-_LATEST:]
    declined = sum(
        any(one.participation.get(address) == "DECLINED" for address in person.addresses)
        for one in latest
    )
    if declined >= _OFTEN:
        said = occasion.language.text(
            "{name} declined {declined} of the last {count} invitations.",
            name=person.short,
            declined=declined,
            count=len(latest),
        )
        yield _of_the_feed(person, said, rank=46)
    organizer = meeting.organizer
    if (
        organizer is not None
        and organizer.address in person.addresses
        and meeting.sequence >= _CHANGED_OFTEN
        and not is_own(meeting, occasion.settings.me.emails)
    ):
        said = occasion.language.plural(
            "The invitation was changed {count} time.",
            "The invitation was changed {count} times.",
            meeting.sequence,
        )
        yield _of_the_feed(person, said, rank=44)


def _of_the_feed(person: Person, said: str, *, rank: int) -> Line:
    return person.occasion.feed_line(
        "say", said, "answers", rank=rank, who=person.key, label=person.named, visibility="private"
    )
