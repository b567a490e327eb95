"""What waits for its five minutes: one line a day for the night's mail, and the forms with it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from briefgen.brief.sheet_codes import read_codes
from briefgen.day.prepare import ChosenMeeting, Day, prepare
from briefgen.meetings.meeting import Window
from briefgen.reflection.form import form_name, reflection_form
from briefgen.reflection.reflections import contacts_of, waiting
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import Language
from briefgen.workspace.value import Value

DAYS: Final = 7
"""For so long after a meeting its reflection is asked for."""
_FIRST_FORMS: Final = timedelta(days=3)
"""So far back the forms of the very first reminder go: Friday's meetings on Monday."""


class Reminder(Value, frozen=True, kw_only=True):
    """What a night's mail says of meetings that wait for their five minutes.

    Attributes:
        text: one line.
        forms: names and contents of the forms for those that ended since the last reminder, which
            over a weekend without a mail is more than a day ago.
    """

    text: str
    forms: tuple[tuple[str, bytes], ...] = ()


def find_reminder(day: Day, *, sealed: bool = False) -> Reminder | None:
    """The reminder of a day; None where nothing waits, or it has been given today.

    The feeds are those of `day`, so that nothing is fetched again. For `sealed` see
    `reflection_form`.
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
    return Reminder(
        text=reminder_line(len(found), day.language), forms=_forms(recent, past, sealed=sealed)
    )


def reminder_line(count: int, language: Language) -> str:
    """Like `2 meetings wait for their five minutes`."""
    return language.plural(
        "{count} meeting waits for its five minutes",
        "{count} meetings wait for their five minutes",
        count,
    )


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
    """Remember that today's reminder has been given.

    Raises:
        OSError: where it cannot be written.
    """
    write_whole(_file(day.workspace), day.as_of.isoformat().encode())


def _last(day: Day) -> datetime | None:
    """When the last reminder was given; at the start of its day where only that is kept."""
    try:
        last = datetime.fromisoformat(_file(day.workspace).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None
    zone = day.window.zone
    return last.astimezone(zone) if last.tzinfo else last.replace(tzinfo=zone)


def _file(workspace: Workspace) -> Path:
    return workspace.memory / "reminded"
