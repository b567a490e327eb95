"""The letters of a night: what each planned mail says and carries."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date

from briefgen.brief.brief import Brief
from briefgen.brief.day import DaySheet, compose_day
from briefgen.day.make import look_of
from briefgen.day.pack import attention_for, remember_attention
from briefgen.delivery.mail import PlannedMail
from briefgen.delivery.mail_text import MailReason, day_letter, meeting_letter, short_letter
from briefgen.delivery.message import Attachment, Letter, file_name, locked
from briefgen.delivery.report import Outcome
from briefgen.night.plan import NightPlan, key_of_brief
from briefgen.reflection.form import form_name, reflection_form
from briefgen.reflection.reminder import (
    APPOINTMENTS_FILE,
    Reminder,
    appointments,
    find_reminder,
    note_reminded,
)
from briefgen.workspace.atomic import read_regular
from briefgen.workspace.secrets import from_command
from briefgen.workspace.value import Value


class Writer(Value, frozen=True, kw_only=True):
    """Writes the letters of a night; their attachments come from the days' folders.

    Attributes:
        learned: called with the password of the attachments, so that no log line has it.
    """

    night: NightPlan
    outcome: Outcome
    learned: Callable[[str], None]

    @property
    def lock_command(self) -> str | None:
        """The command for the password of the attachments; None if they are not encrypted."""
        mail = self.night.day.settings.mail
        return mail.attachment_password_command if mail is not None else None

    def write(self, planned: PlannedMail) -> Letter:
        """The letter for one planned mail.

        Raises:
            NoSecret: if the attachments are to be encrypted and there is no password.
        """
        decision = planned.decision
        occasion = MailReason(kind=decision.kind, changes=decision.changes)
        day = planned.topic.day
        of_day = planned.topic.about.startswith("day ")
        moved_away = not of_day and not planned.topic.content.meetings
        if decision.kind == "cancellation" or moved_away:
            left = self._sheet(day).stops if of_day else ()
            return short_letter(day, occasion, left, look=look_of(self.night.day))
        told = {(meeting.key, meeting.start) for meeting in planned.topic.content.meetings}
        briefs = [b for b in self.night.briefs_of(day) if (key_of_brief(b), b.start) in told]
        if of_day:
            return self._day_letter(day, briefs, occasion)
        return meeting_letter(
            briefs[0],
            occasion=occasion,
            attachments=(
                *self._locked(self._attachments(briefs, occasion)),
                *self._own_form(briefs[0]),
            ),
            look=look_of(self.night.day),
            sealed=self.lock_command is not None,
        )

    def _day_letter(self, day: date, briefs: Sequence[Brief], occasion: MailReason) -> Letter:
        attachments = self._attachments(briefs, occasion)
        reminder = self._reminder()
        forms = [
            Attachment(name=name, content=content, form=True)
            for name, content in (reminder.forms if reminder else ())
        ]
        mail = self.night.day.settings.mail
        remember_attention(self.night.day, day)
        return day_letter(
            self._sheet(day),
            occasion=occasion,
            attachments=(*self._locked(attachments), *forms),
            missing=self._missing(day),
            reminder=reminder.text if reminder else "",
            look=look_of(self.night.day),
            sealed=self.lock_command is not None,
            private=mail is not None and mail.preview == "private",
        )

    def _sheet(self, day: date) -> DaySheet:
        prepared = self.night.day
        return compose_day(
            day,
            self.night.briefs_of(day),
            book=prepared.book,
            language=prepared.language,
            attention=attention_for(prepared, day),
        )

    def _attachments(self, briefs: Sequence[Brief], occasion: MailReason) -> list[Attachment]:
        """The briefs' files; in an update only those that have changed."""
        paths = {one.code: one.path for one in self.outcome.briefs}
        attachments = []
        for brief in briefs:
            if occasion.kind == "update" and key_of_brief(brief) not in occasion.changed:
                continue
            try:
                path = self.night.day.workspace.root / paths.get(brief.code, "")
                content = read_regular(path)
            except OSError:
                continue
            name = file_name(f"{brief.start:%H.%M} {brief.title}")
            attachments.append(Attachment(name=name, content=content))
        return [*attachments, *self._appointments(briefs)]

    def _appointments(self, briefs: Sequence[Brief]) -> Iterator[Attachment]:
        """Appointments for reflection after these meetings, if the settings ask for them."""
        day = self.night.day
        if day.settings.nightly.reflection:
            content = appointments(briefs, day.language)
            if content is not None:
                yield Attachment(name=APPOINTMENTS_FILE, content=content, calendar=True)

    def _own_form(self, brief: Brief) -> Iterator[Attachment]:
        """The form for the five minutes after this meeting, if the settings ask for it."""
        day = self.night.day
        chosen = next((one for one in day.chosen if one.code == brief.code), None)
        if chosen is not None and day.settings.nightly.reflection:
            content = reflection_form(chosen, day, sealed=self.lock_command is not None)
            if content is not None:
                yield Attachment(name=form_name(chosen), content=content, form=True)

    def _reminder(self) -> Reminder | None:
        """A reminder of meetings without a reflection, once a day, if the settings ask for it."""
        day = self.night.day
        if not day.settings.nightly.reflection:
            return None
        reminder = find_reminder(day, sealed=self.lock_command is not None)
        if reminder is not None:
            with suppress(OSError):  # repeating a line does less harm than no mail
                note_reminded(day)
        return reminder

    def _missing(self, day: date) -> list[str]:
        return [
            brief.title
            for brief in self.outcome.briefs
            if brief.state == "failed" and brief.start.date() == day
        ]

    def _locked(self, attachments: Sequence[Attachment]) -> tuple[Attachment, ...]:
        command, root = self.lock_command, self.night.day.workspace.root
        if command is None or not attachments:
            return tuple(attachments)
        setting = "mail.attachment_password_command"
        password = from_command(command, setting=setting, root=root)
        self.learned(password.text)
        return locked(attachments, password)
