"""Mail made into interactions: one for each contact, day and subject."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date

from briefgen.contacts.book import ContactBook, ContactFile
from briefgen.contacts.exchange.mail_headers import Message
from briefgen.contacts.splice import Append, Value, Word

MOST = 100
"""The most interactions that one import adds to a contact: the newest."""


@dataclass(frozen=True, kw_only=True)
class Correspondence:
    """The interactions that a contact's file does not have yet."""

    stem: str
    days: tuple[date, ...]
    additions: tuple[Append, ...] = field(repr=False)


def plan_correspondence(
    messages: Iterable[Message], book: ContactBook, *, mine: AbstractSet[str]
) -> tuple[Correspondence, ...]:
    """What mail from or to contacts adds to their files; an address that is two people's, nothing.

    Who wrote goes into the summary, since one reads a letter one wrote differently from one
    received.
    """
    seen: dict[str, dict[tuple[date, str], None]] = {}
    contacts: dict[str, ContactFile] = {}
    for message in messages:
        written = message.sender in mine
        for address in sorted(message.recipients) if written else (message.sender,):
            owners = book.by_address(address) if address not in mine else ()
            if len(owners) == 1:
                (contact,) = owners
                contacts[contact.stem] = contact
                key = (message.day, _summary(message, written=written))
                seen.setdefault(contact.stem, {})[key] = None
    made = (_new(contacts[stem], found) for stem, found in sorted(seen.items()))
    return tuple(one for one in made if one.additions)


def _summary(message: Message, *, written: bool) -> str:
    subject = message.subject or "(no subject)"
    return f"{'Wrote' if written else 'Received'}: {subject}"


def _new(contact: ContactFile, found: Iterable[tuple[date, str]]) -> Correspondence:
    interactions = contact.contact.interactions
    known = {(i.date, i.summary) for i in interactions if i.channel == "email"}
    fresh = sorted(set(found) - known)[-MOST:]
    dates = [i.date for i in interactions]
    first = len(dates) > 1 and dates[0] > dates[-1]  # this file runs from new to old
    return Correspondence(
        stem=contact.stem,
        days=tuple(day for day, _ in fresh),
        additions=tuple(
            Append(keys=("interactions",), value=_interaction(day, summary), first=first)
            for day, summary in fresh
        ),
    )


def _interaction(day: date, summary: str) -> Value:
    return {"date": day, "channel": Word("email"), "summary": summary}
