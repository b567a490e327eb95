"""The five minutes after, on one screen: saved by the same code as `briefgen reflect`."""

from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cached_property

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from briefgen.day.prepare import Day
from briefgen.reflection.answers import (
    Answered,
    Answers,
    Draft,
    answers_text,
    draft_path,
    find_draft,
)
from briefgen.reflection.reflections import Outcome, Reflected
from briefgen.web.desk import Desk, Notice, told_of
from briefgen.web.given_answers import Conflict, given
from briefgen.web.meetings import meeting_of
from briefgen.web.pages import Form, onward, page
from briefgen.web.reflection_form import Asking, shown
from briefgen.web.today import Row, day_place, heading, row_of
from briefgen.workspace.language import Language
from briefgen.workspace.value import Value


class _Sitting(Value, frozen=True, kw_only=True, dict=True):
    """A request about the five minutes of one meeting."""

    request: Request
    desk: Desk
    day: Day
    reflected: Reflected

    @classmethod
    def of(cls, request: Request, form: Form | None = None) -> "_Sitting":
        """With the contacts' files read anew, going on from the draft that the form names."""
        desk, day, chosen = meeting_of(request)
        reflected = Reflected.begin(chosen, day, desk.brief(day, chosen))
        if form is not None and not reflected.contacts:
            raise HTTPException(404)
        if form is not None and (mark := form.get("draft")):
            path = draft_path(reflected.workspace, reflected.occasion)
            reflected = replace(reflected, taken_up=Draft(path=path, mark=mark))
        return cls(request=request, desk=desk, day=day, reflected=reflected)

    @cached_property
    def asking(self) -> Asking:
        """The questions."""
        return Asking.of(self.reflected, self.day.vocabulary, self.day.as_of.date())

    @property
    def row(self) -> Row:
        """The meeting as lists show it."""
        return row_of(self.desk, self.day, self.reflected.chosen, glance=False)

    def page(
        self,
        *notices: Notice,
        draft: tuple[Answers, ...] = (),
        typed: Form | None = None,
        mark: str = "",
        conflicts: tuple[Conflict, ...] = (),
        status: int = 200,
    ) -> Response:
        """The form, filled with what is on file, in the draft, and typed."""
        asking, language = self.asking, self.desk.language
        friday, one_week, two_weeks = asking.due_days()
        return page(
            self.request,
            "reflect.html.j2",
            here="today",
            status=status,
            notices=notices,
            form=shown(asking, draft, typed),
            conflicts=conflicts,
            code=self.reflected.chosen.code,
            back=day_place(self.reflected.chosen.meeting.day, self.day.as_of.date()),
            row=self.row,
            when=heading(self.reflected.chosen.meeting.day, self.day.as_of.date(), language),
            mark=mark,
            several=len(self.reflected.contacts) > 1,
            dues=[
                (friday.isoformat(), _short_weekday(friday, language)),
                (one_week.isoformat(), language.text("1 w")),
                (two_weeks.isoformat(), language.text("2 w")),
            ],
            unknown=sum(one.contact is None for one in self.reflected.chosen.participants),
        )

    def name(self, stem: str) -> str:
        """The name of a contact of this meeting."""
        return next((c.contact.name for c in self.reflected.contacts if c.stem == stem), stem)


def _short_weekday(day: date, language: Language) -> str:
    from babel.dates import format_date  # noqa: PLC0415  # one pattern more than the sheet has

    return str(format_date(day, "EEE", locale=language.locale))


def show(request: Request) -> Response:
    """The form, filled with what is on file and in the draft."""
    sitting = _Sitting.of(request)
    reflected, text = sitting.reflected, sitting.desk.language.text
    if not reflected.contacts:
        return page(request, "nobody.html.j2", here="today", row=sitting.row)
    draft, answered, problems = find_draft(reflected.workspace, reflected.occasion)
    notices = [Notice(text=told_of(one, sitting.desk.language), mood="bad") for one in problems]
    if reflected.colleagues_read:
        notices.append(Notice(text=reflected.colleagues_read))
    if answered:
        notices.append(Notice(text=text("What you began is still here.")))
    drafted = tuple(one.answers for one in answered)
    return sitting.page(*notices, draft=drafted, mark=draft.mark if draft else "")


def save(request: Request, form: Form) -> Response:
    """Write the answers to the contacts' files; nothing of them is lost whatever happens."""
    sitting = _Sitting.of(request, form)
    desk, text = sitting.desk, sitting.desk.language.text
    found = given(sitting.asking, form)
    mark = form.get("draft")
    if found.faults:
        notice = Notice(text=text("Nothing was saved yet."), mood="bad", lines=found.faults)
        return sitting.page(notice, typed=form, mark=mark, status=422)
    if found.conflicts:
        told = text("Something was saved elsewhere meanwhile. Look at both, then save again.")
        notice = Notice(text=told, mood="bad")
        with suppress(OSError):
            mark = _kept(sitting.reflected, found.answers)
        return sitting.page(notice, typed=form, mark=mark, conflicts=found.conflicts, status=409)
    if not found.answers and sitting.row.waits:
        notice = Notice(text=text("Nothing was answered yet."), mood="bad")
        return sitting.page(notice, typed=form, mark=mark, status=422)
    if not found.answers:  # the same form came before, and all of it is on file
        return onward(desk, "/", Notice(text=text("Saved already.")))
    outcome = sitting.reflected.write([Answered(answers=one) for one in found.answers])
    desk.touch()
    if outcome.problems:
        return _not_written(sitting, form, outcome)
    return onward(desk, "/", _told(sitting, outcome))


def _told(sitting: _Sitting, outcome: Outcome) -> Notice:
    """What the files got, and the way back."""
    text, language = sitting.desk.language.text, sitting.desk.language
    written = [one for one in outcome.written if one.said]
    if not written:
        return Notice(text=text("Saved already."))
    several = len(sitting.reflected.contacts) > 1
    return Notice(
        text=text(
            "Saved: {names}", names=language.listed([sitting.name(w.contact) for w in written])
        ),
        lines=tuple(
            f"{sitting.name(one.contact)}: {said}" if several else said
            for one in written
            for said in one.said
        ),
        undo=tuple(one.contact for one in written),
    )


def _not_written(sitting: _Sitting, form: Form, outcome: Outcome) -> Response:
    """Say why, and where the answers are kept; the form still holds them."""
    text, reflected = sitting.desk.language.text, sitting.reflected
    lines = [told_of(one, sitting.desk.language) for one in outcome.problems]
    told = text("This could not be saved. Your answers are kept as a draft.")
    mark = form.get("draft")
    if outcome.draft is None:
        told = text("This could not be saved, and no draft either: keep this page open.")
        lines += [answers_text(outcome.unkept)] if outcome.unkept else []
    else:
        draft, _, _ = find_draft(reflected.workspace, reflected.occasion)
        mark = draft.mark if draft else ""
    notice = Notice(text=told, mood="bad", lines=tuple(lines))
    return sitting.page(notice, typed=form, mark=mark, status=507)


def keep_draft(request: Request, form: Form) -> Response:
    """Keep the answers so far; a draft that another window wrote meanwhile gets another name."""
    sitting = _Sitting.of(request, form)
    found = given(sitting.asking, form)
    try:
        return JSONResponse({"draft": _kept(sitting.reflected, found.answers)})
    except OSError:
        return JSONResponse({"draft": form.get("draft")}, status_code=507)


def _kept(reflected: Reflected, answers: tuple[Answers, ...]) -> str:
    kept = reflected.keep(answers)
    return kept.mark if kept is not None else ""
