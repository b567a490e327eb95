"""Selecting: which meetings get a brief, and in one phrase why another does not."""

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
"""Why a meeting of the user's alone gets no brief."""
_WANTED: Final = re.compile(r"(?<![\w#&/])#brief(?![\w-])", re.IGNORECASE)
_UNWANTED: Final = re.compile(r"(?<![\w#&/])#nobrief(?![\w-])", re.IGNORECASE)


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
    if participant.contact is not None or participant.rivals:
        return True
    address = participant.attendee.address if participant.attendee else None
    return address is None or not within(domain_of(address), internal)
