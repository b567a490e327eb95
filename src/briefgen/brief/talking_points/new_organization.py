"""Somebody who may have moved to another organization: only ever a question."""

from collections.abc import Iterator

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person


def lines(person: Person) -> Iterator[Line]:
    """A question where the address of the invitation is of a domain not known to be theirs."""
    attendee, former = person.participant.attendee, person.known.former
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
