"""Selecting: which meetings get a brief, and in one phrase why another does not.

Of meetings that several feeds have, the copy that says no more than another is left out. Calendars
that are published or copied leave the organizer out, so that nothing proves that both tell of the
same meeting: a copy is only left out where nothing is lost by it, since whoever sends an invitation
under a UID that is not theirs must hide and change nothing.
"""

import fnmatch
import re
from collections.abc import Callable, Sequence
from typing import Final

from briefgen.brief.brief import Participant
from briefgen.brief.match import is_own
from briefgen.meetings.meeting import Meeting
from briefgen.workspace.addresses import domain_of, within
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.settings import Me, Select, Settings

NOBODY_ELSE: Final = Phrase("nobody else is in it")
"""Why a meeting of the user's alone gets no brief."""
_WANTED: Final = re.compile(r"(?<![\w#&/])#brief(?![\w-])", re.IGNORECASE)
_UNWANTED: Final = re.compile(r"(?<![\w#&/])#nobrief(?![\w-])", re.IGNORECASE)
Attended = tuple[Meeting, Sequence[Participant]]
"""A meeting, and who takes part."""


def reason_to_skip(
    meeting: Meeting, participants: Sequence[Participant], *, settings: Settings
) -> str | None:
    """Why this meeting gets no brief, in a short English phrase; None where it gets one."""
    if reason := _will_not_be(meeting, settings.me):
        return reason
    text = f"{meeting.title}\n{meeting.description}"
    if is_own(meeting, settings.me.emails):
        if _UNWANTED.search(text):
            return Phrase("marked #nobrief")
        if _WANTED.search(text):
            return None
    return (
        _skipped_by_settings(meeting, settings.select)
        or _not_for_a_brief(meeting, settings.select)
        or _nobody_to_meet(participants, settings.me)
    )


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
    return Phrase("you passed it on to somebody else") if "DELEGATED" in answers else None


def _skipped_by_settings(meeting: Meeting, select: Select) -> str | None:
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
    return None


def _not_for_a_brief(meeting: Meeting, select: Select) -> str | None:
    if meeting.all_day:
        return Phrase("all-day")
    if meeting.classification == "PRIVATE" and not select.private:
        return Phrase("marked private")
    if meeting.transparent and not select.free:
        return Phrase("shown as free")
    return None


def _nobody_to_meet(participants: Sequence[Participant], me: Me) -> str | None:
    if not participants:
        return NOBODY_ELSE
    internal = me.domains
    if not any(_from_outside(participant, internal) for participant in participants):
        return Phrase("nobody from outside")
    return None


def _from_outside(participant: Participant, internal: frozenset[str]) -> bool:
    """Whether a brief could help with this person: on file, or not of the user's own house."""
    if participant.contact is not None or participant.may_be_on_file:
        return True
    address = participant.attendee.address if participant.attendee else None
    return address is None or not within(domain_of(address), internal)


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
    """The same meeting under another UID that comes before `copy` and says all that it says.

    Programs that keep two calendars alike copy each meeting so, an import run twice leaves two in
    one calendar, and an invitation to both accounts arrives twice. Nothing is lost: time, title,
    people, place, link and text are the same.
    """
    meeting, participants = copy
    people = {participant.key for participant in participants}
    for other, theirs in others:
        if other is meeting:
            return None  # only what stands before it
        if (
            other.uid != meeting.uid
            and people
            and {participant.key for participant in theirs} == people
            and all(not said(meeting) or said(meeting) == said(other) for said in _SAID)
        ):
            return other
    return None
