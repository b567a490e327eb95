"""The five minutes after a meeting, on one screen, saved by the same code as `briefgen reflect`.

A form carries what was on file when it was made. If a question was answered elsewhere meanwhile,
it is a conflict, and nothing is written.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, get_args

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from briefgen.contacts.book import ContactFile
from briefgen.contacts.contact import Taken
from briefgen.day.prepare import Day
from briefgen.reflection.answers import (
    Answered,
    Answers,
    Draft,
    answers_text,
    draft_path,
    find_draft,
)
from briefgen.reflection.decisions import Decision, decided
from briefgen.reflection.open_items import PrintedLine
from briefgen.reflection.reflections import Outcome, Reflected
from briefgen.web.desk import Desk, Notice, shown_problem
from briefgen.web.meetings import Row, day_place, heading, meeting_of, row_of
from briefgen.web.pages import Form, onward, page
from briefgen.web.reflection_form import (
    OWN,
    SHARED,
    Asking,
    on_file,
    shown,
    split_words,
    typed_promises,
)
from briefgen.workspace.language import Language
from briefgen.workspace.validation import value_error
from briefgen.workspace.value import Value


class Conflict(Value, frozen=True, kw_only=True):
    """A question that was answered differently elsewhere meanwhile."""

    name: str
    field: str
    on_file: str


class Given(Value, frozen=True, kw_only=True):
    """The answers in a form."""

    answers: tuple[Answers, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    faults: tuple[str, ...] = ()


class _Sitting(Value, frozen=True, kw_only=True, dict=True):
    """A request about the five minutes of one meeting."""

    request: Request
    desk: Desk
    day: Day
    reflected: Reflected

    @classmethod
    def of(cls, request: Request, form: Form | None = None) -> "_Sitting":
        """Read the contacts' files again, and continue the draft that the form names."""
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
        """The form, filled from the file, the draft, and what was typed."""
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
    from babel.dates import format_date  # noqa: PLC0415  # a pattern that the sheet does not use

    return str(format_date(day, "EEE", locale=language.locale))


def show(request: Request) -> Response:
    """The form, filled with what is on file and in the draft."""
    sitting = _Sitting.of(request)
    reflected, text = sitting.reflected, sitting.desk.language.text
    if not reflected.contacts:
        return page(request, "nobody.html.j2", here="today", row=sitting.row)
    draft, answered, problems = find_draft(reflected.workspace, reflected.occasion)
    notices = [
        Notice(text=shown_problem(one, sitting.desk.language), mood="bad") for one in problems
    ]
    if reflected.own_file_notice:
        notices.append(Notice(text=reflected.own_file_notice))
    if answered:
        notices.append(Notice(text=text("What you began is still here.")))
    drafted = tuple(one.answers for one in answered)
    return sitting.page(*notices, draft=drafted, mark=draft.mark if draft else "")


def save(request: Request, form: Form) -> Response:
    """Write the answers to the contacts' files; if that fails, keep them as a draft."""
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
    if not found.answers:  # the same form was sent before, and all of it is on file
        return onward(desk, "/", Notice(text=text("Saved already.")))
    outcome = sitting.reflected.write([Answered(answers=one) for one in found.answers])
    desk.touch()
    if outcome.problems:
        return _not_written(sitting, form, outcome)
    return onward(desk, "/", _success(sitting, outcome))


def _success(sitting: _Sitting, outcome: Outcome) -> Notice:
    """Say what was added to which file, with a way to undo it."""
    text, language = sitting.desk.language.text, sitting.desk.language
    written = [one for one in outcome.written if one.said]
    if not written:
        return Notice(text=text("Saved already."))
    stems = tuple(dict.fromkeys(one.contact for one in written))
    several = len(sitting.reflected.contacts) > 1
    return Notice(
        text=text("Saved: {names}", names=language.listed([sitting.name(stem) for stem in stems])),
        lines=tuple(
            f"{sitting.name(one.contact)}: {said}" if several else said
            for one in written
            for said in one.said
        ),
        undo=stems,
    )


def _not_written(sitting: _Sitting, form: Form, outcome: Outcome) -> Response:
    """Say why, and where the answers are kept; the form keeps them too."""
    text, reflected = sitting.desk.language.text, sitting.reflected
    lines = [shown_problem(one, sitting.desk.language) for one in outcome.problems]
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
    """Keep the answers so far; a draft written meanwhile in another window is kept beside it."""
    sitting = _Sitting.of(request, form)
    found = given(sitting.asking, form)
    try:
        return JSONResponse({"draft": _kept(sitting.reflected, found.answers)})
    except OSError:
        return JSONResponse({"draft": form.get("draft")}, status_code=507)


def _kept(reflected: Reflected, answers: tuple[Answers, ...]) -> str:
    kept = reflected.keep(answers)
    return kept.mark if kept is not None else ""


def given(asking: Asking, form: Form) -> Given:
    """The answers in a form, and the questions that were answered elsewhere meanwhile."""
    answers: list[Answers] = []
    conflicts: list[Conflict] = []
    faults: list[str] = []
    for contact in asking.reflected.contacts:
        found, clashes = _changed(asking, contact, form)
        conflicts += clashes
        found |= _lists(asking, contact, form)
        try:
            made = Answers.model_validate({"contact": contact.stem, **found})
        except ValidationError as error:
            faults += map(value_error, error.errors())
            continue
        for decision in (*_decisions(asking, contact, form), *_said(asking, contact, form)):
            made = decided(made, decision)
        answers.append(made)
    return Given(
        answers=tuple(one for one in answers if not one.is_empty),
        conflicts=tuple(conflicts),
        faults=tuple(dict.fromkeys(faults)),
    )


def _changed(
    asking: Asking, contact: ContactFile, form: Form
) -> tuple[dict[str, Any], list[Conflict]]:
    """The single answers changed in this form, and the conflicts with changes elsewhere."""
    before: dict[str, Any] = {}
    with suppress(ValueError):
        held = json.loads(form.get(f"base:{contact.stem}") or "{}")
        before = held if isinstance(held, dict) else {}
    now = on_file(contact, asking)
    found: dict[str, Any] = {}
    conflicts = []
    for name in (*SHARED, *OWN):
        mine = form.get(name if name in SHARED else f"{name}:{contact.stem}")
        if not mine or mine == before.get(name) or mine == now.get(name):
            continue
        if now.get(name) not in {None, before.get(name)}:
            held = str(now[name])
            conflicts.append(Conflict(name=contact.contact.name, field=name, on_file=held))
        found[name] = mine
    return found, conflicts


def _lists(asking: Asking, contact: ContactFile, form: Form) -> dict[str, Any]:
    """What the form adds: signals, promises, a concern, an interest."""
    stem = contact.stem
    signals = [*form.all(f"signals:{stem}"), *split_words(form.get(f"other:{stem}"))]
    found: dict[str, Any] = {"signals": list(dict.fromkeys(signals))} if signals else {}
    alone = len(asking.reflected.contacts) == 1
    if lines := [line.key for line in _used(asking, contact, form)]:
        found["lines"] = lines
    promises = [
        {"by": one.by, "text": one.text, **({"due": one.due} if one.due else {})}
        for one in typed_promises(form)
        if alone or one.whom == stem
    ]
    if promises:
        found["promises"] = promises
    for name, listed in (("concern", "concerns"), ("interest", "interests")):
        if text := form.get(f"{name}:{stem}"):
            found[listed] = [text]
    return found


def _used(asking: Asking, contact: ContactFile, form: Form) -> Iterator[PrintedLine]:
    """The sheet's lines used with this contact; lines about everyone go to the first."""
    first, ticked = asking.reflected.contacts[0], set(form.all("lines"))
    for line in asking.lines:
        owner = line.who if line.who in asking.items else first.stem
        if line.key in ticked and owner == contact.stem:
            yield line


def _said(asking: Asking, contact: ContactFile, form: Form) -> Iterator[Decision]:
    """Mark the user's own talking points among the used lines as used."""
    day = asking.reflected.occasion.day
    for line in _used(asking, contact, form):
        if line.item is not None and line.item.contact == contact.stem:
            yield Decision(item=line.item, state="used", day=day)


def _decisions(asking: Asking, contact: ContactFile, form: Form) -> Iterator[Decision]:
    """What became of the open items; items that are no longer open are skipped."""
    day = asking.reflected.occasion.day
    for item in asking.items[contact.stem]:
        moved = form.get(f"moved:{item.key}")
        state = form.get(f"item:{item.key}")
        wanted = next((s for s in item.states if s == state), None)
        if wanted == "apologised":
            given = form.get(f"taken:{item.key}")
            taken = next((one for one in get_args(Taken) if one == given), None)
            yield Decision(item=item, state=wanted, day=day, taken=taken)
        elif wanted is not None and wanted != "moved":
            yield Decision(item=item, state=wanted, day=day)
        elif moved:
            with suppress(ValueError):
                due = date.fromisoformat(moved)
                if due != item.due:
                    yield Decision(item=item, state="moved", day=day, due=due)
