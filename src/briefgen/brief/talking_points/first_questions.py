"""What to find out: of somebody never met, and of somebody who may have moved elsewhere."""

from collections.abc import Iterator

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person


def first_meeting(person: Person) -> Iterator[Line]:
    """What to find out from somebody never met."""
    if not person.never_met:
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


def new_organization(person: Person) -> Iterator[Line]:
    """A question where the address of the invitation is of a domain not known to be theirs."""
    attendee, former = person.participant.attendee, person.former
    if attendee is None or attendee.address is None or former is None or former.sure:
        return
    if any(attendee.address in one.addresses for one in person.appointments):
        return
    text = person.occasion.language.text
    yield person.line(
        "say",
        text(
            "Invited as {address}: still with {organization}?",
            address=attendee.address,
            organization=former.organization,
        ),
        "new-organization",
        "organization",
        rank=62,
        mark="ask",
    )
