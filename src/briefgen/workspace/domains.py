"""Mail domains: which are the user's own, and which tell nothing of where a person works."""

from briefgen.workspace.addresses import domain_of, is_freemail
from briefgen.workspace.settings import Me

__all__ = ["domain_of", "internal_domains", "is_freemail", "within"]


def internal_domains(me: Me) -> frozenset[str]:
    """The user's own domains: as set, else those of their addresses that are no freemail."""
    if me.internal_domains:
        return frozenset(domain.casefold().lstrip("@.") for domain in me.internal_domains)
    own = (domain_of(address) for address in me.emails)
    return frozenset(domain for domain in own if not is_freemail(domain))


def within(domain: str, domains: frozenset[str]) -> bool:
    """Whether a domain is one of `domains` or lies beneath one."""
    labels = domain.casefold().split(".")
    return any(".".join(labels[at:]) in domains for at in range(len(labels)))
