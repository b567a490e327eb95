"""Which meetings get a brief, and why each of the others does not.

If several feeds have a meeting, a copy that says no more than another is left out. Published and
copied calendars omit the organizer, so nothing proves that two entries are the same meeting. A copy
is therefore left out only if nothing is lost: an invitation sent under someone else's UID must
neither hide nor change anything.
"""

import fnmatch
import re
from collections.abc import Sequence
from typing import Final

from briefgen.brief.brief import Participant
from briefgen.brief.match import is_own
from briefgen.meetings.meeting import Meeting
from briefgen.workspace.addresses import domain_of, within
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.settings import Me, Select, Settings

NOBODY_ELSE: Final = Phrase("nobody else is in it")
"""Why a meeting with only the user in it gets no brief."""
_TAG: Final = re.compile(r"(?<![\w#&/])#((?:no)?brief)(?![\w-])", re.IGNORECASE)
Attended = tuple[Meeting, Sequence[Participant]]
"""A meeting, and who takes part."""


def reason_to_skip(
    meeting: Meeting, participants: Sequence[Participant], *, settings: Settings
) -> str | None:
    """Why this meeting gets no brief, in a short English phrase; None if it gets one."""
    if reason := _will_not_be(meeting, settings.me):
        return reason
    if is_own(meeting, settings.me.emails):
        tags = {tag.lower() for tag in _TAG.findall(f"{meeting.title}\n{meeting.description}")}
        if tags:
            return Phrase("marked #nobrief") if "nobrief" in tags else None
    if reason := _skipped_by_settings(meeting, settings.select):
        return reason
    if any(_from_outside(one, settings.me.domains) for one in participants):
        return None
    return Phrase("nobody from outside") if participants else NOBODY_ELSE


def _will_not_be(meeting: Meeting, me: Me) -> str | None:
    if meeting.status == "CANCELLED":
        return "cancelled"
    mine = {address.casefold() for address in me.emails}
    answers = {
        party.participation
        for party in meeting.attendees
        if party.address and party.address.casefold() in mine
    }
    if not answers or answers & {"ACCEPTED", "TENTATIVE"}:
        return None
    if "DECLINED" in answers:
        return Phrase("you declined it")
    return Phrase("you passed it on to someone else") if "DELEGATED" in answers else None


def _skipped_by_settings(meeting: Meeting, select: Select) -> str | None:  # a list
    for skip in select.skip:
        marks: list[str] = []
        if skip.title is not None:
            if not fnmatch.fnmatchcase(meeting.title.casefold(), skip.title.casefold()):
                continue
            marks.append(Phrase("title fits '{title}'", title=skip.title))
        if skip.category is not None:
            if skip.category.casefold() not in {one.casefold() for one in meeting.categories}:
                continue
            marks.append(Phrase("category is '{category}'", category=skip.category))
        if marks:
            return Phrase("your settings skip it: {marks}", marks=tuple(marks))
    if meeting.all_day:
        return Phrase("all-day")
    if meeting.classification == "PRIVATE" and not select.private:
        return Phrase("marked private")
    if meeting.transparent and not select.free:
        return Phrase("shown as free")
    return None


def _from_outside(participant: Participant, internal: frozenset[str]) -> bool:
    """Whether a brief could help with this person: on file, or not a colleague of the user."""
    if participant.contact is not None or participant.may_be_on_file:
        return True
    address = participant.attendee.address if participant.attendee else None
    return address is None or not within(domain_of(address), internal)


def fuller_copy(copy: Attended, others: Sequence[Attended]) -> Meeting | None:
    """The meeting of another feed, with its organizer, that says all that `copy` says, if any."""
    meeting, participants = copy
    if meeting.organizer is not None or not meeting.uid:
        return None
    for other, theirs in others:
        if (
            other.feed != meeting.feed
            and other.organizer is not None
            and (other.uid, other.recurrence_id) == (meeting.uid, meeting.recurrence_id)
            and other.title.strip() == meeting.title.strip()
            and same_time_and_title(other) == same_time_and_title(meeting)
            and _adds_nothing(meeting, other)
            and _keys(participants) <= _keys(theirs)
        ):
            return other
    return None


def _keys(participants: Sequence[Participant]) -> set[str]:
    return {participant.key for participant in participants}


def _adds_nothing(copy: Meeting, other: Meeting) -> bool:
    """Whether a copy has no text, place or link that the other lacks."""
    pairs = (
        (copy.description.strip(), other.description.strip()),
        (copy.place.strip(), other.place.strip()),
        (copy.join_link, other.join_link),
    )
    return all(not mine or mine == theirs for mine, theirs in pairs)


def same_time_and_title(meeting: Meeting) -> tuple[object, ...]:
    """What two entries for one meeting have in common, whatever their UIDs."""
    return meeting.start, meeting.end, meeting.all_day, meeting.title.strip().casefold()


def earlier_copy(copy: Attended, others: Sequence[Attended]) -> Meeting | None:
    """The same meeting under another UID that comes before `copy` and says all that it says.

    Programs that synchronise two calendars make such copies, an import run twice leaves two in one
    calendar, and an invitation to both accounts arrives twice. Nothing is lost: time, title,
    people, place, link and text are the same.
    """
    meeting, participants = copy
    for other, theirs in others:
        if other is meeting:
            return None  # only what comes before it
        if (
            other.uid != meeting.uid
            and participants
            and _keys(participants) == _keys(theirs)
            and _adds_nothing(meeting, other)
        ):
            return other
    return None
