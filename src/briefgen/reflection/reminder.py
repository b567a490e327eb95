"""Reminders of the five minutes: appointments, a line and forms in the mail, and the rate."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from briefgen.brief.brief import Brief
from briefgen.brief.sheet_codes import read_codes
from briefgen.day.prepare import ChosenMeeting, Day, prepare
from briefgen.delivery.folder import WrittenFile, open_day
from briefgen.meetings.meeting import Window
from briefgen.reflection.form import form_name, reflection_form
from briefgen.reflection.reflections import Rate, contacts_of, ended, is_reflected, waiting
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import Language
from briefgen.workspace.problems import Problem, unwritten
from briefgen.workspace.settings import Settings
from briefgen.workspace.value import Value

DAYS: Final = 7
"""How many days after a meeting its reflection is asked for."""
_FIRST_FORMS: Final = timedelta(days=3)
"""How far back the first reminder's forms go: on Monday to Friday's meetings."""


class Reminder(Value, frozen=True, kw_only=True):
    """What a night's mail says about meetings without a reflection.

    Attributes:
        text: one line.
        forms: names and contents of the forms for those that ended since the last reminder, which
            after a weekend is more than a day ago.
    """

    text: str
    forms: tuple[tuple[str, bytes], ...] = ()


def find_reminder(day: Day, *, sealed: bool = False) -> Reminder | None:
    """The reminder of a day; None if nothing waits, or it was sent today already.

    The feeds are those of `day`, so nothing is fetched again. For `sealed` see `reflection_form`.
    """
    last = _last(day)
    if last is not None and last.date() == day.as_of.date():
        return None
    past = _last_week(day)
    found = [chosen for chosen in waiting(past) if contacts_of(chosen)]
    if not found:
        return None
    since = last or day.as_of - _FIRST_FORMS
    recent = [chosen for chosen in found if chosen.meeting.end > since]
    language = day.language
    line = language.plural(
        "{count} meeting waits for its five minutes",
        "{count} meetings wait for their five minutes",
        len(found),
    )
    return Reminder(text=line, forms=_forms(recent, past, sealed=sealed))


def _last_week(day: Day) -> Day:
    window = Window(start=day.as_of - timedelta(days=DAYS), end=day.as_of)
    past = prepare(day.workspace, day.settings, window=window, as_of=day.as_of, copies=day.copies)
    coded, _ = past.with_codes(read_codes(day.workspace))
    return coded


def _forms(
    recent: list[ChosenMeeting], past: Day, *, sealed: bool
) -> tuple[tuple[str, bytes], ...]:
    made = (
        (form_name(chosen), reflection_form(chosen, past, sealed=sealed))
        for chosen in reversed(recent)
    )
    return tuple((name, content) for name, content in made if content is not None)


def note_reminded(day: Day) -> None:
    """Record that today's reminder was sent.

    Raises:
        OSError: if it cannot be written.
    """
    write_whole(_file(day.workspace), day.as_of.isoformat().encode())


def _last(day: Day) -> datetime | None:
    """When the last reminder was sent; the start of its day if only the day is kept."""
    try:
        last = datetime.fromisoformat(_file(day.workspace).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None
    zone = day.window.zone
    return last.astimezone(zone) if last.tzinfo else last.replace(tzinfo=zone)


def _file(workspace: Workspace) -> Path:
    return workspace.memory / "reminded"


APPOINTMENTS_FILE: Final = "reflection.ics"
MINUTES: Final = 5

_PRODUCT: Final = "-//briefgen//briefgen//EN"
_STAMP: Final = "%Y%m%dT%H%M%SZ"


def appointments(briefs: Sequence[Brief], language: Language) -> bytes | None:
    """An iCalendar file with five minutes after each meeting; None if no meeting has a time.

    When a meeting moves, its appointment keeps its UID, so that a calendar moves it too. All-day
    meetings have none. The same briefs make the same bytes (RFC 5545).
    """
    from icalendar import Alarm, Calendar, Event  # noqa: PLC0415  # only if it is asked for

    timed = [brief for brief in briefs if not _is_all_day(brief)]
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
        questions = [prompt.question for prompt in brief.prompts]
        command = f"briefgen reflect {brief.code}".rstrip()
        event.add("description", "\n".join([*questions, command]))
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


def _stamp(brief: Brief) -> datetime:
    """DTSTAMP as the feed writes it, else the start, so that no clock is read."""
    try:
        return datetime.strptime(brief.stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return brief.start.astimezone(UTC)


def _is_all_day(brief: Brief) -> bool:
    return brief.start.time() == brief.end.time() == time() and brief.end > brief.start


def write_appointments(
    workspace: Workspace, day: date, briefs: Sequence[Brief], language: Language
) -> Problem | None:
    """Put the day's appointments into its folder; returns the problem if that fails.

    An unchanged file is left alone, and so is an older one if no meeting is still to come.
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
        return unwritten(workspace.relative(folder.path / APPOINTMENTS_FILE), error)
    return None


RATE_MEETINGS: Final = 24
"""How many of the last meetings count."""


def reflection_rate(day: Day, *, among: Collection[str] | None = None) -> Rate:
    """The rate of the meetings of `day`, or of those with one of these contacts."""
    met = [(one, {contact.stem for contact in contacts_of(one)}) for one in ended(day)]
    last = [one for one, stems in met if stems & set(among or stems)][:RATE_MEETINGS]
    return Rate(reflected=sum(is_reflected(one, day) for one in last), meetings=len(last))


_RATE_DAYS: Final = timedelta(days=60)
"""How far back meetings are looked for."""


def recent_rate(
    workspace: Workspace, settings: Settings, now: datetime, *, among: Collection[str] | None = None
) -> Rate:
    """The rate of the last meetings; none if no calendar is named."""
    if not settings.feeds:
        return Rate()
    window = Window(start=now - _RATE_DAYS, end=now)
    day = prepare(workspace, settings, window=window, as_of=now)
    return reflection_rate(day, among=among)
