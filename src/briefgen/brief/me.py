"""Doubts about the user's settings: the sample's address left in, or freemail as own domain."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from briefgen.contacts.book import ContactBook
from briefgen.meetings.fetch import FeedCopy
from briefgen.workspace.addresses import domain_of, is_freemail
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import SETTINGS_FILE, Me

_MOST_NAMED: Final = 2
_SAMPLE: Final = ".example"
"""The domains of people who do not exist (RFC 2606)."""
_REAL_ADDRESS: Final = re.compile(
    rb"(?i)mailto:[^\s@:;]+@(?:[\w-]+\.)+(?!example\b|test\b|invalid\b)[a-z]{2,63}\b(?![.-])"
)
_NO_PEOPLE: Final = re.compile(rb"(?i)@(?:[\w.-]*calendar\.google\.com|example\.(?:com|org|net))\b")


def doubts_about_me(
    me: Me, copies: Iterable[FeedCopy], book: ContactBook | None = None
) -> Iterator[Problem]:
    """Warnings if `me` is still the sample, lacks an address, or makes everyone a colleague.

    People in `book` are other people even if they share the user's name.
    """
    for domain in sorted(set(me.internal_domains)):
        if is_freemail(domain.lstrip("@.")):
            message = Phrase(
                "anyone can have an address at {domain}: each client who has one counts as a "
                "colleague; remove it from internal_domains",
                domain=domain,
            )
            yield Problem(
                file=SETTINGS_FILE, field="me.internal_domains", message=message, severity="warning"
            )
    sample = [address for address in me.emails if domain_of(address).endswith(_SAMPLE)]
    contents = [copy.content for copy in copies if copy.content is not None]
    if sample and any(map(_names_real_people, contents)) and not _named(sample, contents):
        message = Phrase(
            "{sample} is the sample's, and your calendar does not name it: write the "
            "address that your calendar uses for you, or you are a guest of your own "
            "meetings",
            sample=sample[0],
        )
        yield Problem(file=SETTINGS_FILE, field="me.emails", message=message, severity="warning")
    others = (
        one for one in sorted(_under_my_name(me, contents)) if not (book and book.by_address(one))
    )
    for address in islice(others, _MOST_NAMED):
        message = Phrase(
            "{address} is invited under your name; if it is yours, add it here, or you are a guest "
            "of your own meetings",
            address=address,
        )
        yield Problem(file=SETTINGS_FILE, field="me.emails", message=message, severity="warning")


def _under_my_name(me: Me, contents: Iterable[bytes]) -> set[str]:
    """The addresses that the user has in calendars and not in the settings."""
    name = me.name.strip().encode()
    if not name:
        return set()
    invited = re.compile(
        rb"(?i)CN=\"?" + re.escape(name) + rb"\"?(?:;[^:\r\n]*)?:mailto:([^\s@:;]+@[\w.-]+\w)"
        rb"(?=\r?\n[^ \t]|\s*\Z)"  # not if the address continues on the next line
    )
    found = {
        one.decode(errors="replace").casefold()
        for content in contents
        if name in content
        for one in invited.findall(content)
    }
    return found - {address.casefold() for address in me.emails}


def _names_real_people(content: bytes) -> bool:
    return any(not _NO_PEOPLE.search(found[0]) for found in _REAL_ADDRESS.finditer(content))


def _named(addresses: Iterable[str], contents: Iterable[bytes]) -> bool:
    flat = [re.sub(rb"\r?\n[ \t]", b"", content).lower() for content in contents]
    return any(address.encode() in content for address in addresses for content in flat)
