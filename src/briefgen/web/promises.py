"""Promises of both sides, and what else is open, to be ticked off one by one."""

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from briefgen.contacts.book import ContactFile
from briefgen.contacts.layered_book import seen_by
from briefgen.contacts.reader import read_contact, yaml_files
from briefgen.reflection.decisions import Decision, write_decision
from briefgen.reflection.open_items import OpenItem, open_items
from briefgen.web import jobs
from briefgen.web.desk import Desk, Notice
from briefgen.web.pages import Form, desk_of, link, onward, page
from briefgen.workspace.folder import Workspace
from briefgen.workspace.problems import Problem
from briefgen.workspace.progress import waiting
from briefgen.workspace.settings import Settings

_MANY: Final = 400
"""So many files are read behind a progress bar; fewer within the page."""
_MOST: Final = 200

State = tuple[int, int]


class OpenPromises:
    """The open promises of everybody, of which only changed files are read again."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[State, date, tuple[OpenItem, ...]]] = {}
        self._lock = threading.Lock()

    def stale(self, workspace: Workspace, settings: Settings, today: date) -> list[Path]:
        """The files that have changed since they were read, and those never read."""
        entries, _ = yaml_files(workspace.contacts, workspace)
        shared = workspace.shared_contacts(settings.shared_contacts)
        if shared is not None:
            entries = [*entries, *yaml_files(shared, workspace)[0]]
        found, names = [], set()
        for entry in entries:
            with suppress(OSError):
                seen = entry.stat()
                names.add(entry.path)
                held = self._held.get(entry.path)
                if held is None or held[:2] != ((seen.st_mtime_ns, seen.st_size), today):
                    found.append(Path(entry.path))
        for gone in set(self._held) - names:
            del self._held[gone]
        return found

    def bring_up_to_date(self, workspace: Workspace, settings: Settings, today: date) -> None:
        """Read what has changed."""
        seen = seen_by(settings.me)
        with self._lock:
            stale = self.stale(workspace, settings, today)
            with waiting(len(stale), "Reading contacts") as step:
                for path in stale:
                    self._read(path, workspace, today, seen)
                    step(1)

    def _read(
        self,
        path: Path,
        workspace: Workspace,
        today: date,
        seen: Callable[[ContactFile], ContactFile],
    ) -> None:
        try:
            state = path.stat()
        except OSError:
            return
        own = path.parent == workspace.contacts
        contact, _ = read_contact(path, workspace.relative(path) if own else str(path))
        items = open_items(seen(contact), today=today) if contact is not None else ()
        items = tuple(item for item in items if item.kind == "promise")
        self._held[str(path)] = (state.st_mtime_ns, state.st_size), today, items

    def all(self) -> Iterable[OpenItem]:
        """Every open promise, as it was read."""
        return [item for _, _, items in self._held.values() for item in items]


def show(request: Request) -> Response:
    """Promises of both sides by their day."""
    desk = desk_of(request)
    held: OpenPromises = request.app.state.open_promises
    today = desk.now().date()
    if len(held.stale(desk.workspace, desk.settings, today)) > _MANY:
        title = desk.language.text("Reading contacts")

        def work() -> jobs.Done:
            held.bring_up_to_date(desk.workspace, desk.settings, today)
            return "/promises", ()

        return jobs.start(request, title, work, back="/")
    held.bring_up_to_date(desk.workspace, desk.settings, today)
    mine, theirs = _sorted(held.all(), "me"), _sorted(held.all(), "them")
    return page(
        request,
        "promises.html.j2",
        here="promises",
        today=today,
        mine=mine[:_MOST],
        theirs=theirs[:_MOST],
        left_out=max(len(mine) - _MOST, 0) + max(len(theirs) - _MOST, 0),
    )


def _sorted(items: Iterable[OpenItem], by: str) -> list[OpenItem]:
    found = [item for item in items if item.by == by]
    return sorted(found, key=lambda item: (item.due or date.max, item.name))


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
