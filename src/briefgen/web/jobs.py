"""What takes longer than a page may: done behind it, with its progress shown meanwhile."""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from briefgen.web.desk import Desk, Notice
from briefgen.web.guard import where_it_failed
from briefgen.web.pages import desk_of, onward, page
from briefgen.workspace.folder import Locked
from briefgen.workspace.problems import Stop
from briefgen.workspace.progress import Step, watched_by

_MOST: Final = 20
_AT_ONCE_SECONDS: Final = 0.4
"""What is done within this is shown at once, without a page in between."""

Done = tuple[str, tuple[Notice, ...]]
"""The next page, and the messages for it."""


@dataclass(kw_only=True)
class Job:
    """Something that is being done.

    Attributes:
        title: what, for the user.
        what, count, done: the step it is at, of how many, and how many are done.
        outcome: where to go on once it is done.
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
    """The jobs of this server, the last few of them."""

    def __init__(self) -> None:
        self._held: dict[str, Job] = {}

    def start(self, title: str, work: Callable[[], Done]) -> tuple[str, Job]:
        """Begin to do something; its name, and the job."""
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
    """Do something, and show how far it is; what goes wrong is told on the page `back`."""
    desk = desk_of(request)
    held: Jobs = request.app.state.jobs
    name, job = held.start(title, lambda: _tried(desk, work, back))
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
    except Exception as error:  # noqa: BLE001  # a job must end with a word, whatever happened
        told = text("This could not be done. The reason stands in the terminal.")
        desk.complain(where_it_failed(error))
    return back, (Notice(text=told, mood="bad"),)


def plain_fault(desk: Desk, error: OSError) -> str:
    """What a disk did not do, with the file's place in the workspace."""
    named = f"{desk.workspace.relative(Path(error.filename))}: " if error.filename else ""
    return f"{named}{error.strerror}"


def show(request: Request) -> Response:
    """How far a job is; on to its outcome when it is done."""
    held: Jobs = request.app.state.jobs
    job = held.named(request.path_params["name"])
    if job is None:
        raise HTTPException(404)
    if job.outcome is not None:
        place, notices = job.outcome
        return onward(desk_of(request), place, *notices)
    return page(request, "job.html.j2", job=job)
