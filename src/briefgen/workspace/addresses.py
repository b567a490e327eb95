"""E-mail addresses in the form in which they are compared, and their domains."""

import re
from functools import cache
from typing import Any

import idna

from briefgen.workspace.phrase import Phrase

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LONGEST_LOCAL = 64
_MOST_COUNTRY_LABELS = 2
_PLAIN_ADDRESS = re.compile(
    r"(?=.{3,254}\Z)[a-z0-9_+-]{1,64}(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}\Z",
    re.IGNORECASE | re.ASCII,
)


def exact_address(given: str) -> str:
    """An e-mail address in the form in which it is compared: no spaces, no `mailto:`, case folded.

    Raises:
        ValueError: if it is not an e-mail address (RFC 5321 mailbox, checked without a network).
    """
    address = re.sub(r"(?i)\Amailto:", "", given.strip())
    if (
        _PLAIN_ADDRESS.match(address)
        and address.index("@") <= _LONGEST_LOCAL
        and "xn--" not in address.casefold()  # else the same domain would compare as two
    ):
        return address.casefold()
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415  # slow to import

    if not _CONTROL.search(address):
        try:
            checked = validate_email(
                address,
                check_deliverability=False,
                allow_quoted_local=True,
                test_environment=True,
            )
        except EmailNotValidError:
            pass
        else:
            return str(checked.normalized).casefold()
    raise ValueError(
        Phrase("not an email address: '{given}'; write it like dana@acme.example", given=given)
    )


def domain_of(address: str) -> str:
    """What follows the last @."""
    return address.rpartition("@")[2].casefold()


def within(domain: str, domains: frozenset[str]) -> bool:
    """Whether a domain is one of `domains` or lies beneath one."""
    labels = domain.casefold().split(".")
    return any(".".join(labels[at:]) in domains for at in range(len(labels)))


def is_freemail(domain: str) -> bool:
    """Whether anyone can get an address in this domain."""
    providers, families = _freemail()
    first, _, rest = domain.casefold().partition(".")
    if domain.casefold() in providers:
        return True
    return first in families and len(rest.split(".")) <= _MOST_COUNTRY_LABELS


@cache
def _freemail() -> tuple[frozenset[str], frozenset[str]]:
    """Providers' domains, and the names of providers with a domain in each country."""
    from briefgen.workspace.built_in import read_built_in  # noqa: PLC0415  # not every run asks

    data: Any = read_built_in("workspace/freemail.yaml")
    return frozenset(data["providers"].split()), frozenset(data["families"].split())


def ascii_domain(address: str) -> str:
    """The address with its domain in ASCII (`xn--…`, RFC 5890), which every server takes.

    The part before the @ is kept. If that is not ASCII, the domain is kept too: only a server that
    knows RFC 6531 accepts such an address, and it accepts both.

    >>> ascii_domain("robin@grün.example")
    'robin@xn--grn-ioa.example'
    """
    local, _, domain = address.rpartition("@")
    if domain.isascii() or not local.isascii():
        return address
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except idna.IDNAError:
        return address
