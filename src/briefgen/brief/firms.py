"""Firms: by which mail domains an organization on file is known."""

from briefgen.brief.words import fold
from briefgen.contacts.book import ContactBook, ContactFile
from briefgen.workspace.addresses import domain_of, is_freemail


def domains_of(book: ContactBook, file: ContactFile, organization: str) -> frozenset[str]:
    """The domains that are known to be an organization's: by its file, or its people.

    Of the person's own addresses only those count whose domain has the organization's name.
    """
    known = book.organization(organization)
    if known is not None and known.organization.domains:
        return frozenset(domain.casefold() for domain in known.organization.domains)
    colleagues = (one for one in book.colleagues(organization) if one.stem != file.stem)
    domains = {domain_of(address) for one in colleagues for address in one.emails}
    first = fold(organization).split()[0]
    domains |= {domain_of(one) for one in file.contact.emails if first in domain_of(one)}
    return frozenset(domain for domain in domains if not is_freemail(domain))
