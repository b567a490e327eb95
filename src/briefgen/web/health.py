"""Pages over all contacts: stats, promises and problems; and the doctor."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from briefgen.brief.sheet_memory import read_line_uses, usage_by_rule, usage_in_words
from briefgen.brief.signals import read_vocabulary
from briefgen.brief.trend import (
    BothQuestions,
    Promises,
    Trend,
    all_reflections,
    most_silent_first,
    trend,
)
from briefgen.contacts.layered_book import open_layered_book
from briefgen.reflection.decisions import Decision, write_decision
from briefgen.reflection.open_items import OpenItem, open_items, promised_items
from briefgen.reflection.reflections import Rate
from briefgen.web import jobs
from briefgen.web.desk import Desk, Notice
from briefgen.web.pages import Form, desk_of, link, onward, page
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import language_of
from briefgen.workspace.problems import Problem, in_order
from briefgen.workspace.settings import Settings
from briefgen.workspace.value import Value

if TYPE_CHECKING:
    from briefgen.upkeep.doctor import Finding

_ROWS: Final = 60
_MOST_PROBLEMS: Final = 300
_MANY: Final = 300
"""With more contacts than this, figures about all of them are computed in a child process."""


class Counted(Value, frozen=True, kw_only=True):
    """The figures of everyone, and their picture, wide and narrow.

    Attributes:
        more: how many are not listed.
        mine, theirs: promises kept on time, of how many decided, and how many are overdue.
    """

    trends: tuple[Trend, ...]
    more: int
    both: BothQuestions
    rate: Rate
    lines: str
    mine: Promises
    theirs: Promises
    pictures: tuple[bytes, bytes]


def show_more(request: Request) -> Response:
    """Links to what is not needed every day."""
    return page(request, "more.html.j2", here="more", phone=request.app.state.phone is not None)


def show_stats(request: Request) -> Response:
    """The figures of everyone, counted in a child process."""
    desk = desk_of(request)
    kept: jobs.Kept[Counted] = request.app.state.counted
    counted = kept.get(request, count, desk.workspace, desk.settings, desk.now(), apart=True)
    if isinstance(counted, Response):
        return counted
    return page(request, "stats.html.j2", here="more", counted=counted, changes=desk.changes)


def count(workspace: Workspace, settings: Settings, now: datetime) -> Counted:
    """Count what the page of stats shows."""
    from briefgen.page.trend_picture import trend_picture  # noqa: PLC0415  # saves memory
    from briefgen.reflection.reminder import recent_rate  # noqa: PLC0415  # as above

    language, today = language_of(settings.locale), now.date()
    vocabulary, _ = read_vocabulary(workspace.templates, language)
    book, _ = open_layered_book(workspace, settings.shared_contacts, me=settings.me)
    figures = book.figures()
    trends = most_silent_first(trend(one, vocabulary=vocabulary, today=today) for one in figures)
    both = BothQuestions.of(all_reflections(figures, today=today))
    wide, narrow = (
        trend_picture(trends, both, today=today, language=language, narrow=narrow)
        for narrow in (False, True)
    )
    return Counted(
        trends=trends[:_ROWS],
        more=max(len(trends) - _ROWS, 0),
        both=both,
        rate=recent_rate(workspace, settings, now),
        lines=usage_in_words(usage_by_rule(read_line_uses(workspace))),
        mine=reduce(add, (one.mine for one in trends), Promises()),
        theirs=reduce(add, (one.theirs for one in trends), Promises()),
        pictures=(wide, narrow),
    )


def picture(request: Request) -> Response:
    """The picture of the trend; with `narrow` as wide as a telephone."""
    kept: jobs.Kept[Counted] = request.app.state.counted
    counted = kept.current(desk_of(request))
    if counted is None:
        raise HTTPException(404)
    drawn = counted.pictures["narrow" in request.query_params]
    return Response(drawn, media_type="image/svg+xml")


class Problems(Value, frozen=True, kw_only=True):
    """The problems that are shown, and how many more there are."""

    shown: tuple[Problem, ...]
    more: int


def show_problems(request: Request) -> Response:
    """Every problem in what the user wrote, as `briefgen check` reports it."""
    desk = desk_of(request)
    kept: jobs.Kept[Problems] = request.app.state.problems
    many = len(desk.entries()) > _MANY
    found = kept.get(request, check, desk.workspace, desk.now(), apart=many)
    if isinstance(found, Response):
        return found
    folder = f"{desk.workspace.relative(desk.workspace.contacts)}/"
    return page(
        request,
        "problems.html.j2",
        here="more",
        problems=[
            (problem, problem.file.removeprefix(folder).removesuffix(".yaml"))
            if problem.file.startswith(folder)
            else (problem, None)
            for problem in found.shown
        ],
        more=found.more,
    )


def check(workspace: Workspace, now: datetime) -> Problems:
    """Look for every problem."""
    from briefgen.upkeep.check import all_problems  # noqa: PLC0415  # saves memory until then

    problems = in_order(all_problems(workspace, lambda _zone: now))
    more = max(len(problems) - _MOST_PROBLEMS, 0)
    return Problems(shown=tuple(problems[:_MOST_PROBLEMS]), more=more)


def show_doctor(request: Request) -> Response:
    """The findings of the last examination."""
    findings: tuple[Finding, ...] | None = request.app.state.findings
    return page(request, "doctor.html.j2", here="more", findings=findings)


def examine(request: Request, _form: Form) -> Response:
    """Examine machine, feeds, mail server and printer."""
    desk = desk_of(request)
    state = request.app.state

    def work() -> jobs.Done:
        state.findings = jobs.in_child(look, desk.workspace, desk.settings, desk.now())
        return "/doctor", ()

    return jobs.start(request, desk.language.text("Checking"), work, back="/doctor")


def look(workspace: Workspace, settings: Settings, now: datetime) -> "tuple[Finding, ...]":
    """The findings of the doctor."""
    from briefgen.upkeep.doctor import (  # noqa: PLC0415  # saves memory until then
        examine_machine,
        examine_workspace,
        guarded,
    )

    def examine() -> "Iterator[Finding]":
        return examine_workspace(workspace, settings, as_of=now, environment=os.environ)

    return (*guarded(examine_machine, "this machine"), *guarded(examine, "workspace"))


_MOST_OPEN: Final = 200


class Open(Value, frozen=True, kw_only=True):
    """The open promises of both sides that are shown, by their day, and how many more there are."""

    mine: tuple[OpenItem, ...]
    theirs: tuple[OpenItem, ...]
    left_out: int


def show_promises(request: Request) -> Response:
    """Promises of both sides by their day."""
    desk = desk_of(request)
    kept: jobs.Kept[Open] = request.app.state.promises
    many = len(desk.entries()) > _MANY
    found = kept.get(request, gather, desk.workspace, desk.settings, apart=many)
    if isinstance(found, Response):
        return found
    return page(request, "promises.html.j2", here="promises", today=desk.now().date(), found=found)


def gather(workspace: Workspace, settings: Settings) -> Open:
    """The open promises of everyone."""
    book, _ = open_layered_book(workspace, settings.shared_contacts, me=settings.me)
    items = [item for one in book.figures() for item in promised_items(one)]
    mine, theirs = _sorted(items, "me"), _sorted(items, "them")
    left_out = max(len(mine) - _MOST_OPEN, 0) + max(len(theirs) - _MOST_OPEN, 0)
    return Open(mine=mine[:_MOST_OPEN], theirs=theirs[:_MOST_OPEN], left_out=left_out)


def _sorted(items: Iterable[OpenItem], by: str) -> tuple[OpenItem, ...]:
    found = [item for item in items if item.by == by]
    return tuple(sorted(found, key=lambda item: (item.due or date.max, item.name)))


def close_item(request: Request, form: Form) -> Response:
    """Write what became of one open item: kept, moved, dropped, and so on."""
    desk = desk_of(request)
    back = _back(form)
    contact = desk.day().book.by_stem(form.get("contact"))
    today = desk.now().date()
    items = open_items(contact, today=today) if contact is not None else ()
    # A promise of a person with two files is listed under the file that holds it.
    stem = form.get("contact")
    item = next((one for one in items if replace(one, contact=stem).key == form.get("item")), None)
    if item is None:
        told = desk.language.text("This is no longer open.")
        return onward(desk, back, Notice(text=told))
    decision = _decision(item, form, today)
    if decision is None:
        told = desk.language.text("Choose a day to move it to.")
        return onward(desk, back, Notice(text=told, mood="bad"))
    return onward(desk, back, _written(desk, decision))


def _back(form: Form) -> str:
    stem = form.get("contact")
    return link("people", stem) if form.get("back") == "person" and stem else "/promises"


def _decision(item: OpenItem, form: Form, today: date) -> Decision | None:
    state = next((one for one in item.states if one == form.get("state")), None)
    if state == "moved":
        try:
            return Decision(
                item=item, state=state, day=today, due=date.fromisoformat(form.get("due"))
            )
        except ValueError:
            return None
    return Decision(item=item, state=state or item.states[0], day=today)


def _written(desk: Desk, decision: Decision) -> Notice:
    done = write_decision(
        decision, workspace=desk.workspace, settings=desk.settings, language=desk.language
    )
    desk.touch()
    if isinstance(done, Problem):
        text = desk.language.text("This could not be saved.")
        return Notice(text=text, mood="bad", lines=(done.message,))
    return Notice(text="; ".join(done.said), undo=(done.contact,))
