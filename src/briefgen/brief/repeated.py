"""Meetings of which another feed says all that they say, and whose meeting it is besides.

Calendars that are published or copied leave the organizer out, so that nothing in them proves that
they tell of the same meeting. What such a copy says is only left out where nothing is lost by it:
whoever sends an invitation under a UID that is not theirs hides and changes nothing.
"""

from collections.abc import Callable, Sequence

from briefgen.brief.brief import Participant
from briefgen.meetings.meeting import Meeting

Attended = tuple[Meeting, Sequence[Participant]]
"""A meeting, and who takes part."""


def said_in_full(copy: Attended, others: Sequence[Attended]) -> Meeting | None:
    """The meeting of another feed, with its organizer, that says all that `copy` says, if any."""
    meeting, participants = copy
    if meeting.organizer is not None or not meeting.uid:
        return None
    here = {participant.key for participant in participants}
    for other, theirs in others:
        if (
            other.feed != meeting.feed
            and other.organizer is not None
            and _facts(other) == _facts(meeting)
            and all(not said(meeting) or said(meeting) == said(other) for said in _SAID)
            and here <= {participant.key for participant in theirs}
        ):
            return other
    return None


def _facts(meeting: Meeting) -> tuple[object, ...]:
    return (
        meeting.uid,
        meeting.recurrence_id,
        meeting.start,
        meeting.end,
        meeting.all_day,
        meeting.title.strip(),
    )


_SAID: tuple[Callable[[Meeting], str | None], ...] = (
    lambda meeting: meeting.description.strip(),
    lambda meeting: meeting.place.strip(),
    lambda meeting: meeting.join_link,
)
"""What a copy may leave out, but not say otherwise."""


def same_time_and_title(meeting: Meeting) -> tuple[object, ...]:
    """What two entries for one meeting have in common, whatever their UIDs."""
    return meeting.start, meeting.end, meeting.all_day, meeting.title.strip().casefold()


def said_before(copy: Attended, others: Sequence[Attended]) -> Meeting | None:
    """The same meeting in an earlier feed under another UID, that says all that `copy` says.

    Programs that keep two calendars alike copy each meeting so, and an invitation to both accounts
    arrives twice. Nothing is lost: time, title, people, place, link and text are the same.
    """
    meeting, participants = copy
    people = {participant.key for participant in participants}
    for other, theirs in others:
        if other is meeting:
            return None  # only what stands before it
        if (
            other.feed != meeting.feed
            and other.uid != meeting.uid
            and people
            and {participant.key for participant in theirs} == people
            and all(not said(meeting) or said(meeting) == said(other) for said in _SAID)
        ):
            return other
    return None
