"""New contacts from a meeting: what the feed says about attendees without a file."""

import re
from collections import Counter
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from briefgen.contacts.book import ContactBook
from briefgen.day.prepare import ChosenMeeting
from briefgen.meetings.meeting import Attendee, Meeting
from briefgen.workspace.addresses import domain_of, is_freemail, within
from briefgen.workspace.document import Plain
from briefgen.workspace.phrase import one_line
from briefgen.workspace.settings import Settings


def unknown_attendees(chosen: ChosenMeeting) -> tuple[Attendee, ...]:
    """The attendees of a meeting who have no file, nor several that could be theirs."""
    return tuple(
        participant.attendee
        for participant in chosen.participants
        if participant.contact is None and not participant.may_be_on_file and participant.attendee
    )


def fields_of(
    attendee: Attendee, meeting: Meeting, *, book: ContactBook, settings: Settings
) -> dict[str, Plain]:
    """The fields of a new contact file for an attendee, from the feed and the book only."""
    address = attendee.address
    return {
        "name": one_line(attendee.name) or _name_of(address or ""),
        "emails": [address] if address else [],
        "organization": _organization(domain_of(address), book) if address else None,
        "timezone": _zone(attendee, meeting, settings),
    }


def _name_of(address: str) -> str:
    """`dana.smith@…` as Dana Smith: a guess, to be corrected in the file."""
    words = re.split(r"[._+-]+", address.rpartition("@")[0])
    return " ".join(word.capitalize() for word in words if word) or address


def _organization(domain: str, book: ContactBook) -> str | None:
    """Where people with addresses of this domain work, according to the files; else its name."""
    if is_freemail(domain):
        return None
    for file in book.organizations:
        if within(domain, frozenset(d.casefold().lstrip("@.") for d in file.organization.domains)):
            return file.organization.name
    colleagues = Counter(
        entry.organization
        for entry in book.entries()
        if entry.organization and any(domain_of(a) == domain for a in entry.emails)
    )
    if colleagues:
        return colleagues.most_common(1)[0][0]
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415  # reads its list when imported

    registered = PublicSuffixList().privatesuffix(domain)
    return str(registered).partition(".")[0].replace("-", " ").title() if registered else None


def _zone(attendee: Attendee, meeting: Meeting, settings: Settings) -> str | None:
    """The meeting's zone, if this attendee wrote the invitation in a zone other than mine."""
    organizer = meeting.organizer
    if organizer is None or attendee.address is None or organizer.address != attendee.address:
        return None
    if meeting.zone in {"", "UTC", settings.zone.key} or "/" not in meeting.zone:
        return None
    try:
        return ZoneInfo(meeting.zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
