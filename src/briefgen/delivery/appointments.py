"""The reflection appointments: five minutes in the calendar right after each meeting."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from briefgen.brief.brief import Brief
from briefgen.delivery.folder import WrittenFile, open_day
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import Language
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem

APPOINTMENTS_FILE: Final = "reflection.ics"
MINUTES: Final = 5

_PRODUCT: Final = "-//briefgen//briefgen//EN"
_STAMP: Final = "%Y%m%dT%H%M%SZ"


def appointments(briefs: Sequence[Brief], language: Language) -> bytes | None:
    """An iCalendar file with five minutes after each meeting; None where there is none to have.

    A meeting keeps its appointment's UID when it moves, so that a calendar moves it too. All-day
    meetings have none. The same briefs give the same bytes (RFC 5545).
    """
    from icalendar import Alarm, Calendar, Event  # noqa: PLC0415  # only where it is asked for

    timed = [brief for brief in briefs if not _all_day(brief)]
    if not timed:
        return None
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODUCT)
    calendar.add("method", "PUBLISH")
    for brief in timed:
        end = brief.end.astimezone(UTC)
        event = Event()
        event.add("uid", _uid(brief))
        event.add("dtstamp", _stamp(brief))
        event.add("dtstart", end)
        event.add("dtend", end + timedelta(minutes=MINUTES))
        summary = language.text("Reflection: {title}", title=brief.title)
        event.add("summary", summary)
        event.add("description", _description(brief))
        event.add("transp", "OPAQUE")
        event.add("class", "PRIVATE")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", summary)
        alarm.add("trigger", timedelta())
        event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _uid(brief: Brief) -> str:
    """The same for a meeting wherever it moves."""
    start = "" if brief.uid else brief.start.astimezone(UTC).isoformat()
    key = repr((brief.uid, brief.recurrence_id, start))
    return f"{hashlib.sha256(key.encode()).hexdigest()[:24]}@reflection.briefgen"


def _description(brief: Brief) -> str:
    questions = [prompt.question for prompt in brief.prompts]
    command = f"briefgen reflect {brief.code}".rstrip()
    return "\n".join([*questions, command])


def _stamp(brief: Brief) -> datetime:
    """DTSTAMP as the feed writes it; the start where it writes none, so that no clock is read."""
    try:
        return datetime.strptime(brief.stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return brief.start.astimezone(UTC)


def _all_day(brief: Brief) -> bool:
    return brief.start.time() == brief.end.time() == time() and brief.end > brief.start


def write_appointments(
    workspace: Workspace, day: date, briefs: Sequence[Brief], language: Language
) -> Problem | None:
    """Put the day's appointments into its folder; gives why they could not be.

    What stands there unchanged is left; where no meeting is left to come, so is an older file.
    """
    content = appointments(briefs, language)
    if content is None:
        return None
    folder = open_day(workspace, day)
    fingerprint = hashlib.sha256(content).hexdigest()
    if folder.unchanged(APPOINTMENTS_FILE, fingerprint) is not None:
        return None
    written = WrittenFile(fingerprint=fingerprint, hashes=(fingerprint,))
    try:
        folder.write({APPOINTMENTS_FILE: (written, content)}).store()
    except OSError as error:
        file = workspace.relative(folder.path / APPOINTMENTS_FILE)
        return Problem(
            file=file, message=Phrase("cannot be written: {reason}", reason=error.strerror)
        )
    return None
