"""Marks: short remarks beside the meeting's time."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Final

from briefgen.brief.occasion import Occasion
from briefgen.brief.redaction import Tact
from briefgen.meetings.meeting import Meeting

_AT_ONCE: Final = timedelta(minutes=5)
_LONGEST_TITLE: Final = 30
"""So that a mark, in any language, is shown in whole."""


def marks(occasion: Occasion, tact: Tact) -> tuple[str, ...]:
    """Tentative, moved, and, for the user's eyes alone, what it runs into."""
    found = [*_of_itself(occasion)]
    if occasion.edition == "full":
        found += _of_neighbours(occasion, tact)
    return tuple(dict.fromkeys(found))


def _of_itself(occasion: Occasion) -> Iterator[str]:
    meeting, text = occasion.meeting, occasion.language.text
    if meeting.tentative:
        yield text("tentative")
    if meeting.replaced is not None and meeting.replaced != meeting.start:
        before = occasion.language.clock_time(meeting.replaced)
        if meeting.replaced.date() != meeting.day:
            day = occasion.words.on(meeting.replaced.date())
            before = text("{day}, {time}", day=day, time=before)
        yield text("moved from {time}", time=before)


def _of_neighbours(occasion: Occasion, tact: Tact) -> Iterator[str]:
    meeting, text = occasion.meeting, occasion.language.text
    mine = {address.casefold() for address in occasion.settings.me.emails}
    for other in occasion.neighbours:
        if other.key == meeting.key or not _takes_time(other, mine):
            continue
        start, end = other.start.astimezone(UTC), other.end.astimezone(UTC)
        own_start, own_end = meeting.start.astimezone(UTC), meeting.end.astimezone(UTC)
        title = _title(other, occasion, tact)
        if start < own_end and own_start < end:
            yield text("overlaps with {title}", title=title)
        elif timedelta() <= own_start - end <= _AT_ONCE:
            yield text("right after {title}", title=title)
        elif timedelta() <= start - own_end <= _AT_ONCE:
            yield text("end on time: {title} follows", title=title)


def _takes_time(meeting: Meeting, mine: set[str]) -> bool:
    """Whether a neighbour keeps the user busy."""
    if meeting.status == "CANCELLED" or meeting.all_day or meeting.transparent:
        return False
    return not any(
        party.participation == "DECLINED" and party.address in mine for party in meeting.attendees
    )


def _title(meeting: Meeting, occasion: Occasion, tact: Tact) -> str:
    """A neighbour's title; where it mentions what is avoided, only that there is one."""
    title = " ".join(meeting.title.split())
    if not title or tact.avoided_in(title):
        return occasion.language.text("another meeting")
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rstrip()}…"
