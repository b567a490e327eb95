"""Promises of both sides, and what else is open, to be ticked off one by one."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from briefgen.contacts.layered_book import open_layered_book
from briefgen.reflection.decisions import Decision, write_decision
from briefgen.reflection.open_items import OpenItem, open_items, promised_items
from briefgen.web import jobs
from briefgen.web.desk import Desk, Notice
from briefgen.web.pages import Form, desk_of, link, onward, page
from briefgen.workspace.folder import Workspace
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import Settings
from briefgen.workspace.value import Value

_MANY: Final = 1500
"""Of so many contacts the promises are gathered in a process of their own."""
_MOST: Final = 200


class Open(Value, frozen=True, kw_only=True):
    """The open promises of both sides that are shown, by their day, and how many more there are."""

    mine: tuple[OpenItem, ...]
    theirs: tuple[OpenItem, ...]
    left_out: int


def show(request: Request) -> Response:
    """Promises of both sides by their day."""
    desk = desk_of(request)
    kept: jobs.Kept[Open] = request.app.state.promises
    many = len(desk.entries()) > _MANY
    found = kept.get(request, gather, desk.workspace, desk.settings, apart=many)
    if isinstance(found, Response):
        return found
    return page(request, "promises.html.j2", here="promises", today=desk.now().date(), found=found)


def gather(workspace: Workspace, settings: Settings) -> Open:
    """The open promises of everybody."""
    book, _ = open_layered_book(workspace, settings.shared_contacts, me=settings.me)
    items = [item for one in book.figures() for item in promised_items(one)]
    mine, theirs = _sorted(items, "me"), _sorted(items, "them")
    left_out = max(len(mine) - _MOST, 0) + max(len(theirs) - _MOST, 0)
    return Open(mine=mine[:_MOST], theirs=theirs[:_MOST], left_out=left_out)


def _sorted(items: Iterable[OpenItem], by: str) -> tuple[OpenItem, ...]:
    found = [item for item in items if item.by == by]
    return tuple(sorted(found, key=lambda item: (item.due or date.max, item.name)))


def close(request: Request, form: Form) -> Response:
    """Write what became of one open item: kept, moved, dropped, and so on."""
    desk = desk_of(request)
    back = _back(form)
    contact = desk.day().book.by_stem(form.get("contact"))
    today = desk.now().date()
    items = open_items(contact, today=today) if contact is not None else ()
    # Of two files of one person the list names each by its own.
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
