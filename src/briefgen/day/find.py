"""Finding a meeting by what a person calls it: `MEETING` on the command line."""

import re
from collections.abc import Callable
from datetime import datetime
from difflib import get_close_matches

from briefgen.brief.sheet_codes import Codes, SheetCode
from briefgen.brief.words import fold
from briefgen.contacts.book import ContactFile
from briefgen.day.prepare import ChosenMeeting, Day, by_hand
from briefgen.meetings.meeting import Window
from briefgen.workspace.phrase import NO_TITLE


def meant(day: Day, wanted: str) -> tuple[ChosenMeeting, ...]:
    """The meetings that `wanted` can mean, by start; more than one means that it does not tell.

    A sheet's code, a UID and `YYYY-MM-DDTHH:MM` decide; else the whole title, else a piece of it,
    each compared without case and accents.
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
    """The titles that come nearest to `wanted`, for "did you mean …?"; at most three."""
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


def told_apart(found: tuple[ChosenMeeting, ...]) -> tuple[str, ...]:
    """Each of several meetings on a line of its own, with what would name it alone."""
    return tuple(
        f"{one.meeting.start:%Y-%m-%dT%H:%M}  {one.meeting.title or NO_TITLE}"
        + (f"  [{one.code}]" if one.code else "")
        for one in found
    )


_BY_HAND = re.compile(r"\d{8}T\d{4}-(.+)@by-hand\.briefgen\Z")


def made_by_hand(day: Day, sheet: SheetCode) -> Day | None:
    """The meeting of a sheet that was made by hand, in no calendar; None where it was not."""
    parts = _BY_HAND.match(sheet.uid)
    if parts is None:
        return None
    contacts = _named_in(parts[1], day)
    if not contacts:
        return None
    start = datetime.fromisoformat(sheet.start).astimezone(day.window.zone)
    return by_hand(day, contacts, start)


def _named_in(stems: str, day: Day) -> tuple[ContactFile, ...]:
    """The contacts whose files' names, joined by hyphens, are this text; none where it is not so.

    A stem may hold hyphens itself, so that the longest one that leads to an end is taken.
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
