"""Meetings of a day: found by what the user types, made by hand, and listed."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path

from briefgen.brief.brief import Participant
from briefgen.brief.sheet_codes import Codes, SheetCode
from briefgen.brief.words import fold
from briefgen.contacts.book import ContactFile
from briefgen.day.prepare import ChosenMeeting, Day, report_of
from briefgen.delivery.folder import file_name, file_stems, short_hash
from briefgen.delivery.report import Outcome, Report, ReportedBrief
from briefgen.meetings.meeting import Attendee, Meeting, Window, recurrence_text
from briefgen.workspace.atomic import is_regular
from briefgen.workspace.phrase import NO_TITLE
from briefgen.workspace.settings import Edition


def find_meetings(day: Day, wanted: str) -> tuple[ChosenMeeting, ...]:
    """The meetings that `wanted` can mean, by start; if there are several, it is ambiguous.

    A sheet's code, a UID and `YYYY-MM-DDTHH:MM` come first; then the whole title, then a piece of
    it, each compared without case and accents.
    """
    given = wanted.strip()
    flat = fold(given)
    ways: tuple[Callable[[ChosenMeeting], bool], ...] = (
        lambda one: bool(one.code) and one.code == given.upper(),
        lambda one: bool(one.meeting.uid) and one.meeting.uid == given,
        lambda one: f"{one.meeting.start:%Y-%m-%dT%H:%M}" == given.upper(),
        lambda one: fold(one.meeting.title.strip()) == flat,
        lambda one: flat in fold(one.meeting.title),
    )
    if not flat:
        return ()
    for way in ways:
        if found := tuple(one for one in day.chosen if way(one)):
            return found
    return ()


def near_titles(day: Day, wanted: str) -> tuple[str, ...]:
    """The titles most similar to `wanted`, for "did you mean …?"; at most three."""
    titles = {fold(one.meeting.title.strip()): one.meeting.title.strip() for one in day.chosen}
    return tuple(titles[near] for near in get_close_matches(fold(wanted), titles, cutoff=0.5))


def window_of(wanted: str, codes: Codes, window: Window) -> Window:
    """`window`, widened to the day that a sheet's code or a time names, however far away."""
    zone = window.zone
    sheet = codes.get(wanted.strip().upper())
    try:
        moment = datetime.fromisoformat(sheet.start if sheet else wanted.strip())
    except ValueError:
        return window
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    day = Window.of_days(moment.astimezone(zone).date(), 1, zone)
    if window.start <= day.start and day.end <= window.end:
        return window
    return day


def describe_each(found: tuple[ChosenMeeting, ...]) -> tuple[str, ...]:
    """Several meetings, one a line, each with something that names only it."""
    return tuple(
        f"{one.meeting.start:%Y-%m-%dT%H:%M}  {one.meeting.title or NO_TITLE}"
        + (f"  [{one.code}]" if one.code else "")
        for one in found
    )


_BY_HAND = re.compile(r"\d{8}T\d{4}-(.+)@by-hand\.briefgen\Z")


def made_by_hand(day: Day, sheet: SheetCode) -> Day | None:
    """The meeting of a sheet made by hand, in no calendar; None if it was not."""
    parts = _BY_HAND.match(sheet.uid)
    if parts is None:
        return None
    contacts = _named_in(parts[1], day)
    if not contacts:
        return None
    start = datetime.fromisoformat(sheet.start).astimezone(day.window.zone)
    return by_hand(day, contacts, start)


def _named_in(stems: str, day: Day) -> tuple[ContactFile, ...]:
    """The contacts whose file names, joined by hyphens, make up this text; empty if there are none.

    A stem may contain hyphens, so the longest one that works is taken.
    """
    for end in range(len(stems), 0, -1):
        if end < len(stems) and stems[end] != "-":
            continue
        contact = day.book.by_stem(stems[:end])
        if contact is None:
            continue
        if end == len(stems):
            return (contact,)
        if rest := _named_in(stems[end + 1 :], day):
            return (contact, *rest)
    return ()


def next_meeting(day: Day) -> Day:
    """Only the chosen meeting that runs now or starts next."""
    coming = [chosen for chosen in day.chosen if chosen.meeting.end > day.as_of]
    return day.replace(chosen=tuple(coming[:1]), skipped=())


def by_hand(day: Day, contacts: Sequence[ContactFile], start: datetime) -> Day:
    """A meeting in no calendar, with these contacts, from `start` for an hour."""
    names = day.language.people([contact.contact.name for contact in contacts])
    stems = "-".join(contact.stem for contact in contacts)
    meeting = Meeting(
        feed=contacts[0].file,
        uid=f"{start:%Y%m%dT%H%M}-{stems}@by-hand.briefgen",
        start=start,
        end=start + timedelta(hours=1),
        title=day.language.text("Meeting with {names}", names=names),
        attendees=tuple(
            Attendee(
                name=contact.contact.name,
                address=contact.contact.emails[0] if contact.contact.emails else None,
            )
            for contact in contacts
        ),
    )
    participants = tuple(
        Participant(attendee=attendee, contact=contact)
        for attendee, contact in zip(meeting.attendees, contacts, strict=True)
    )
    stem = f"{file_stems([meeting])[0]}-{short_hash(meeting)}"
    chosen = ChosenMeeting(meeting=meeting, participants=participants, file_stem=stem, by_hand=True)
    return day.replace(chosen=(chosen,), skipped=(), around=(*day.around, meeting))


def listed_report(day: Day, edition: Edition) -> Report:
    """Like `planned_report`, for callers that only list the meetings.

    A brief is composed only if its sheet has been written, since an unchanged sheet's problems are
    reported again. Composing the others would be half of the work.
    """
    there = [one for one in day.chosen if is_regular(_path(day, one, edition))]
    absent = [_expected(day, one, edition) for one in day.chosen if one not in there]
    outcome = Outcome(briefs=tuple(absent))
    if there:
        from briefgen.day.make import as_planned, plan  # noqa: PLC0415  # imports all of composing

        outcome = as_planned(day.workspace, plan(day, edition, only=there)) + outcome
    return report_of(day, outcome)


def _expected(day: Day, chosen: ChosenMeeting, edition: Edition) -> ReportedBrief:
    meeting = chosen.meeting
    return ReportedBrief(
        uid=meeting.uid,
        recurrence_id=recurrence_text(meeting.recurrence_id),
        start=meeting.start,
        end=meeting.end,
        title=meeting.title,
        path=day.workspace.relative(_path(day, chosen, edition)),
        edition=edition,
        code=chosen.code,
        state="planned",
        participants=chosen.reported_participants(),
    )


def _path(day: Day, chosen: ChosenMeeting, edition: Edition) -> Path:
    folder = day.workspace.briefings / chosen.meeting.day.isoformat()
    return folder / file_name(chosen.file_stem, edition)
