"""Somebody who may have moved to another organization: only ever a question."""

from collections.abc import Iterator

from briefgen.brief.brief import Line
from briefgen.brief.occasion import Person
from briefgen.workspace.domains import domain_of, is_freemail, within


def lines(person: Person) -> Iterator[Line]:
    """A question where the address of the invitation is of a domain not known to be theirs."""
    attendee = person.participant.attendee
    organization = person.contact.organization
    if attendee is None or attendee.address is None or organization is None:
        return
    domain = domain_of(attendee.address)
    if is_freemail(domain):
        return
    if any(attendee.address in one.addresses for one in person.appointments):
        return
    known = _domains(person, organization)
    if not known or within(domain, known):
        return
    text = person.occasion.language.text
    yield person.line(
        "say",
        text(
            "Invited as {address}: still with {organization}? Ask.",
            address=attendee.address,
            organization=organization,
        ),
        "new-organization",
        "organization",
        rank=62,
        mark="ask",
    )


def _domains(person: Person, organization: str) -> frozenset[str]:
    """The domains that are known to be the organization's."""
    file = person.occasion.book.organization(organization)
    if file is not None and file.organization.domains:
        return frozenset(domain.casefold() for domain in file.organization.domains)
    colleagues = person.occasion.book.colleagues(organization)
    domains = (
        domain_of(address)
        for colleague in colleagues
        if colleague.stem != person.file.stem
        for address in colleague.emails
    )
    return frozenset(domain for domain in domains if not is_freemail(domain))
