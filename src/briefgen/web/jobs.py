"""Work that takes longer than a page may: done in the background, with its progress shown."""

import multiprocessing
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, Generic, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from briefgen.web.desk import Desk, Notice
from briefgen.web.guard import where_it_failed
from briefgen.web.pages import desk_of, onward, page
from briefgen.workspace.folder import Locked
from briefgen.workspace.problems import Stop
from briefgen.workspace.progress import Step, waiting, watched_by

_MOST: Final = 20
_AT_ONCE_SECONDS: Final = 0.4
"""Work that is done within this time is shown at once, without a progress page."""

T = TypeVar("T")
Done = tuple[str, tuple[Notice, ...]]
"""The next page, and the messages for it."""


@dataclass(kw_only=True)
class Job:
    """Work in the background.

    Attributes:
        title: what is done, for the user.
        what, count, done: the current step, how many things it has, and how many are done.
        outcome: the next page, once it is done.
    """

    title: str
    what: str = ""
    count: int = 0
    done: int = 0
    outcome: Done | None = None
    thread: threading.Thread | None = field(default=None, repr=False)

    @contextmanager
    def watch(self, count: int, what: str) -> Iterator[Step]:
        """Follow the progress that `workspace.progress` reports."""
        self.what, self.count, self.done = what, count, 0

        def step(more: int) -> None:
            self.done = min(self.done + more, self.count)

        yield step


class Jobs:
    """The last few jobs of this server."""

    def __init__(self) -> None:
        self._held: dict[str, Job] = {}

    def start(self, title: str, work: Callable[[], Done]) -> tuple[str, Job]:
        """Start work; return its name and the job."""
        job = Job(title=title)
        name = secrets.token_urlsafe(8)
        self._held[name] = job
        for old in list(self._held)[:-_MOST]:
            del self._held[old]

        def run() -> None:
            with watched_by(job.watch):
                job.outcome = work()

        job.thread = threading.Thread(target=run, daemon=True)
        job.thread.start()
        return name, job

    def named(self, name: str) -> Job | None:
        """The job of this name."""
        return self._held.get(name)


def start(request: Request, title: str, work: Callable[[], Done], *, back: str) -> RedirectResponse:
    """Start work and show its progress; if it fails, the page `back` says why."""
    return follow(desk_of(request), *begin(request, title, work, back=back))


def begin(request: Request, title: str, work: Callable[[], Done], *, back: str) -> tuple[str, Job]:
    """Start work; return its name and the job."""
    desk = desk_of(request)
    held: Jobs = request.app.state.jobs
    return held.start(title, lambda: _tried(desk, work, back))


def follow(desk: Desk, name: str, job: Job) -> RedirectResponse:
    """Redirect to the outcome of a job, or to the page of its progress."""
    assert job.thread is not None  # noqa: S101  # as it was started
    job.thread.join(_AT_ONCE_SECONDS)
    if job.outcome is not None:
        place, notices = job.outcome
        return onward(desk, place, *notices)
    return RedirectResponse(f"/jobs/{name}", status_code=303)


def _tried(desk: Desk, work: Callable[[], Done], back: str) -> Done:
    text = desk.language.text
    try:
        return work()
    except Locked:
        told = text("Another run is at work in this workspace. Try again in a minute.")
    except Stop as error:
        told = str(error)
    except OSError as error:
        told = plain_fault(desk, error)
    except Exception as error:  # noqa: BLE001  # a job must end with a message, whatever happened
        told = text("This could not be done. The terminal says why.")
        desk.complain(error.where if isinstance(error, ChildFault) else where_it_failed(error))
    return back, (Notice(text=told, mood="bad"),)


class ChildFault(Exception):  # noqa: N818  # as `Stop`
    """Work in a child process failed."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


def in_child(work: Callable[..., T], *given: object) -> T:
    """Run `work` in a child process, so that its memory is freed, and return its result.

    Its progress is reported as if it ran here.

    Raises:
        OSError: as `work` does.
        ChildFault: if it fails in any other way.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_report_to_parent, args=(theirs, work, given))
    child.start()
    theirs.close()
    with ExitStack() as stack:
        stack.callback(child.join)
        stack.enter_context(ours)
        waits = stack.enter_context(ExitStack())
        step: Step = lambda _: None  # noqa: E731  # until the first work that is watched
        while True:
            try:
                kind, value = ours.recv()
            except EOFError:
                raise ChildFault("briefgen: a process of the page was ended") from None
            if kind == "done":
                result: T = value
                return result
            if kind == "failed":
                raise value
            if kind == "begun":
                waits.close()
                step = waits.enter_context(waiting(*value))
            else:
                step(value)


def _report_to_parent(
    parent: Connection, work: Callable[..., object], given: tuple[object, ...]
) -> None:
    @contextmanager
    def watch(count: int, what: str) -> Iterator[Step]:
        parent.send(("begun", (count, what)))
        yield lambda more: parent.send(("step", more))

    try:
        with watched_by(watch):
            parent.send(("done", work(*given)))
    except OSError as error:
        parent.send(("failed", error))
    except Exception as error:  # noqa: BLE001  # it is raised again in the parent
        parent.send(("failed", ChildFault(where_it_failed(error))))


class Kept(Generic[T]):
    """A result that is computed when a page needs it, and kept until a file or the day changes."""

    def __init__(self, title: str, place: str) -> None:
        self._title, self._place = title, place
        self._held: tuple[int, date, T] | None = None
        self._running: tuple[str, Job] | None = None

    def current(self, desk: Desk) -> T | None:
        """The kept result, if it is still valid."""
        if self._held is None or self._held[:2] != (desk.changes, desk.now().date()):
            return None
        return self._held[2]

    def get(
        self, request: Request, work: Callable[..., T], *given: object, apart: bool
    ) -> T | RedirectResponse:
        """The kept result, or that of `work` with these arguments.

        With `apart` it runs in a child process, and a page shows its progress.
        """
        desk = desk_of(request)
        found = self.current(desk)
        if found is not None:
            return found
        if not apart:
            return self._keep(desk, partial(work, *given))
        if self._running is None or self._running[1].outcome is not None:

            def done() -> Done:
                self._keep(desk, partial(in_child, work, *given))
                return self._place, ()

            title = desk.language.said(self._title)
            self._running = begin(request, title, done, back="/more")
        return follow(desk, *self._running)

    def _keep(self, desk: Desk, work: Callable[[], T]) -> T:
        changes, today = desk.changes, desk.now().date()
        self._held = changes, today, work()
        return self._held[2]


def plain_fault(desk: Desk, error: OSError) -> str:
    """An error of the disk, with the file's path in the workspace."""
    named = f"{desk.workspace.relative(Path(error.filename))}: " if error.filename else ""
    return f"{named}{error.strerror}"


def show(request: Request) -> Response:
    """The progress of a job; redirects to its outcome when it is done."""
    held: Jobs = request.app.state.jobs
    job = held.named(request.path_params["name"])
    if job is None:
        raise HTTPException(404)
    if job.outcome is not None:
        place, notices = job.outcome
        return onward(desk_of(request), place, *notices)
    return page(request, "job.html.j2", job=job)
