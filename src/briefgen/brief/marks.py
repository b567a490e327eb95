"""Marks: short remarks beside the meeting's time.

The sheet is carried into a client's room, so no title, name or time of another client is on it.
"""

from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Final

from briefgen.brief.brief import Participant
from briefgen.brief.occasion import Occasion
from briefgen.brief.words import fold
from briefgen.meetings.meeting import Meeting
from briefgen.workspace.addresses import domain_of, within

_AT_ONCE: Final = timedelta(minutes=5)
_SOON: Final = timedelta(minutes=30)
_LONGEST_TITLE: Final = 30
"""Short enough for a mark in any language to be shown whole."""


def marks(occasion: Occasion, declined: tuple[Participant, ...] = ()) -> tuple[str, ...]:
    """Tentative, moved and, on the full edition, who is not coming and what comes close to it."""
    found = [occasion.language.text("tentative")] if occasion.meeting.tentative else []
    if moved := moved_mark(occasion):
        found.append(moved)
    if occasion.edition == "full":
        if names := [name for one in declined if (name := one.shown_name)]:
            listed = occasion.language.people(names)
            found.append(occasion.language.text("not coming: {names}", names=listed))
        found += _of_neighbours(occasion)
    return tuple(dict.fromkeys(found))


def moved_mark(occasion: Occasion) -> str:
    """When the meeting was before it was moved; empty if it was not."""
    meeting, text = occasion.meeting, occasion.language.text
    if meeting.replaced is None or meeting.replaced == meeting.start:
        return ""
    before = occasion.language.clock_time(meeting.replaced)
    if meeting.replaced.date() != meeting.day:
        day = occasion.words.on(meeting.replaced.date())
        before = text("{day}, {time}", day=day, time=before)
    return text("moved from {time}", time=before)


def _of_neighbours(occasion: Occasion) -> Iterator[str]:
    meeting, text = occasion.meeting, occasion.language.text
    mine = {address.casefold() for address in occasion.settings.me.emails}
    for other in occasion.neighbours:
        if other.key == meeting.key or not _takes_time(other, mine):
            continue
        start, end = other.start.astimezone(UTC), other.end.astimezone(UTC)
        own_start, own_end = meeting.start.astimezone(UTC), meeting.end.astimezone(UTC)
        overlaps = start < own_end and own_start < end
        before = timedelta() <= own_start - end <= _AT_ONCE
        after = timedelta() <= start - own_end <= _SOON
        if not (overlaps or before or after):
            continue
        title = _title(other, occasion)
        if overlaps:
            yield text("overlaps with {title}", title=title or text("another meeting"))
        elif before:
            yield text("straight from {title}", title=title or text("another meeting"))
        elif title:
            time = occasion.language.clock_time(other.start)
            yield text("then {time} {title}", time=time, title=title)
        else:
            yield text("then another meeting")


def _takes_time(meeting: Meeting, mine: set[str]) -> bool:
    """Whether a neighbour keeps the user busy."""
    if meeting.status == "CANCELLED" or meeting.all_day or meeting.transparent:
        return False
    return not any(
        party.participation == "DECLINED" and party.address in mine for party in meeting.attendees
    )


def _title(meeting: Meeting, occasion: Occasion) -> str:
    """A neighbour's title; empty if it is a client's or mentions what is avoided."""
    title = " ".join(meeting.title.split())
    if not title or _is_of_a_client(meeting, occasion) or occasion.tact.avoided_in(title):
        return ""
    if _names_somebody(title, occasion):
        return ""
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rstrip()}…"


def _is_of_a_client(meeting: Meeting, occasion: Occasion) -> bool:
    """Whether anybody from outside is invited."""
    me = occasion.settings.me
    mine, internal = {address.casefold() for address in me.emails}, me.domains
    parties = [*meeting.attendees, *([meeting.organizer] if meeting.organizer else [])]
    return any(
        party.kind not in {"ROOM", "RESOURCE"}
        and (party.address or "").casefold() not in mine
        and not (party.address and within(domain_of(party.address), internal))
        for party in parties
        if party.address or party.name
    )


def _names_somebody(title: str, occasion: Occasion) -> bool:
    """Whether a title names a contact or an organization on file that is not in this meeting."""
    flat = f" {fold(title)} "
    here = {one.file.stem for one in occasion.people}
    firms = {one.contact.organization for one in occasion.people}
    for entry in occasion.book.entries():
        if entry.stem in here:
            continue
        names = [entry.name, entry.name.split()[-1]]
        if entry.organization and entry.organization not in firms:
            names += [entry.organization, entry.organization.split()[0]]
        if any(name and len(name) > 2 and f" {fold(name)}" in flat for name in names):  # noqa: PLR2004
            return True
    return False
