"""Pages made in child processes, so that one that hangs or dies fails alone.

The pool is pebble's, in which a dead process fails only its own task; the standard library's pool
breaks completely. Two things are added. A child limits itself, since pebble's time-outs follow a
clock that jumps when a machine wakes, and count the time that other programs used the processor.
And a pool that breaks is replaced.

A child imports the typesetting and loads the fonts once (0.15 s of a processor) and makes many
pages. It ends with the call that started it, with `children_kept`, or with its parent.
"""

import multiprocessing
import os
import pickle
import resource
import shutil
import signal
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import cache, partial
from importlib import import_module
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from multiprocessing.util import Finalize
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, TypeVar, cast

from pebble import ProcessExpired, ProcessPool

from briefgen.brief.brief import Brief
from briefgen.page.look import STYLE, Look, MadePage, template_folder
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

Maker = Callable[[Brief, Look], MadePage]
WhatT = TypeVar("WhatT")
MadeT = TypeVar("MadeT")

_MAKING = "briefgen.page.make"  # it imports WeasyPrint, so only children import it
_TYPESETTER = "weasyprint"  # preloaded in the fork server, not in each child
_START_SECONDS = 60
_PATIENCE = 6  # the wall-clock limit of a page, as a multiple of its processor time
_MOST_AHEAD = 32  # pages that may be finished before their turn, for each child
_BRIEFS_A_CHILD = 400  # then a fresh one takes its place, in case a library leaks
_MOST_BROKEN = 3  # pools, in succession
_FILE_BYTES = 64 * 1024 * 1024
_MEGABYTES = 1024  # the most memory a child may have


class Failure(Value, frozen=True, kw_only=True):
    """Why a page could not be made.

    Attributes:
        kind: the limit it hit (`time`, `memory`); `died` without a message; or an `error`.
        reason: for the user, as the end of the sentence "could not be typeset: ".
    """

    kind: Literal["time", "memory", "died", "error"]
    reason: str


def make_pages(
    briefs: Sequence[Brief],
    look: Look,
    *,
    jobs: int = 1,
    seconds: float = 20,
    maker: Maker | None = None,
) -> Generator[tuple[int, MadePage | Failure]]:
    """Make the page of each brief in child processes; yield them in order, each with its index.

    A child that passes a limit ends and is replaced; only the brief it had is a `Failure`.

    Args:
        briefs: what to make.
        look: of all of them.
        jobs: how many children work at the same time, at most one for each brief.
        seconds: the processor time of one page; by the clock it may take six times as long.
        maker: the function that makes a page, importable by a child; `make.make_page` by default.
    """
    order = _Order(look=look, seconds=seconds, maker=maker or _make_page)
    size, broken = min(max(1, jobs), len(briefs)), 0
    crew = _Crew.of(size) if briefs else None
    given: deque[Future[bytes]] = deque()
    turn = 0
    try:
        while crew is not None and turn < len(briefs):
            try:
                while len(given) < min(_MOST_AHEAD * size, len(briefs) - turn):
                    given.append(crew.give(briefs[turn + len(given)], order))
                made = crew.result(given[0], order)
                broken = 0
            except BrokenProcessPool:
                broken += 1
                if broken < _MOST_BROKEN:
                    crew, given = crew.replaced(), deque()
                    continue
                reason = Phrase("the process that typesets pages does not start")
                made = Failure(kind="died", reason=reason)
            yield turn, made
            turn += 1
            if given:  # a pool that did not start was given none
                given.popleft()
            if isinstance(made, Failure) and made.kind == "memory":
                crew, given = crew.replaced(), deque()
    finally:
        for future in given:
            future.cancel()
        if crew is not None:
            crew.dismiss()


def make_alone(
    what: WhatT,
    look: Look,
    *,
    maker: Callable[[WhatT, Look], MadeT],
    seconds: float = 20,
) -> MadeT | Failure:
    """Make a single thing other than a brief's page in a child process, under the same limits."""
    ((_, made),) = make_pages(
        [cast("Brief", what)], look, seconds=seconds, maker=cast("Maker", maker)
    )
    return cast("MadeT | Failure", made)


def keep_children() -> None:
    """Let children outlive the calls that start them, until `end_children` or this process ends."""
    _spare.kept = True
    _end_with_process()


@cache
def _end_with_process() -> None:
    """End the children before multiprocessing waits for them when the process exits."""
    Finalize(None, end_children, exitpriority=0)


def end_children() -> None:
    """End the children that are kept."""
    _spare.kept = False
    if (crew := _spare.take()) is not None:
        crew.end()


@contextmanager
def children_kept() -> Iterator[None]:
    """Let children outlive the calls that start them, until the block ends."""
    before = _spare.kept
    keep_children()
    try:
        yield
    finally:
        if not before:
            end_children()


def warm_up() -> None:
    """Start importing WeasyPrint in another process while this one reads and composes."""
    if sys.platform == "linux":
        _context()
        forkserver.ensure_running()


def _make_page(brief: Brief, look: Look) -> MadePage:
    from briefgen.page.make import make_page  # noqa: PLC0415  # imports the typesetting

    return make_page(brief, look)


def make_plain_page(brief: Brief, look: Look, reason: str) -> MadePage | Failure:
    """The text-only page of a brief that could not be typeset, made in a separate child.

    It says why, and still has time, place, people and both questions.
    """
    return make_alone(brief, look, maker=partial(_make_plain_page, reason=reason))


def _make_plain_page(brief: Brief, look: Look, *, reason: str) -> MadePage:
    from briefgen.page.make import plain_page  # noqa: PLC0415  # imports the typesetting

    return plain_page(brief, look, reason=reason)


class _Order(Value, frozen=True, kw_only=True):
    """How all the pages of one call are made."""

    look: Look
    seconds: float
    maker: Maker


class _Crew:
    """A pool of children, and the folder with a folder of temporary files for each."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._folder = TemporaryDirectory(prefix="briefgen-", ignore_cleanup_errors=True)
        self._pool = ProcessPool(size, _BRIEFS_A_CHILD, _begin, (self._folder.name,), _context())

    @classmethod
    def of(cls, size: int) -> "_Crew":
        """The kept crew if it is large enough, else a new one."""
        crew = _spare.take()
        if crew is not None and crew.size < size:
            return crew.replaced(size)
        return crew or cls(size)

    def give(self, brief: Brief, order: _Order) -> "Future[bytes]":
        """Let a child make a page. The child unpickles it itself, within its error handling."""
        content = pickle.dumps(brief, pickle.HIGHEST_PROTOCOL)
        piece = pickle.dumps((order, content), pickle.HIGHEST_PROTOCOL)
        try:
            return self._pool.schedule(_answer, (piece,))
        except RuntimeError as error:  # it broke earlier, while idle
            raise BrokenProcessPool from error

    def result(self, future: "Future[bytes]", order: _Order) -> MadePage | Failure:
        """The outcome of a page."""
        try:
            return cast("MadePage | Failure", pickle.loads(future.result()))  # noqa: S301  # our own child wrote it
        except ProcessExpired as expired:
            shutil.rmtree(Path(self._folder.name) / str(expired.pid), ignore_errors=True)
            return _death(expired.exitcode, order.seconds)

    def replaced(self, size: int = 0) -> "_Crew":
        """A new crew of the same size, or of `size`."""
        self.end()
        return _Crew(size or self.size)

    def dismiss(self) -> None:
        """Keep its children for the next call if children are kept; else end them."""
        if not _spare.keep(self):
            self.end()

    def end(self) -> None:
        """End its children."""
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble types the rest
        self._pool.join()
        self._folder.cleanup()


class _Spare:
    """Children that wait for the next call, if they are kept."""

    def __init__(self) -> None:
        self.kept = False
        self._crew: _Crew | None = None

    def take(self) -> _Crew | None:
        crew, self._crew = self._crew, None
        return crew

    def keep(self, crew: _Crew) -> bool:
        if not self.kept or self._crew is not None:
            return False
        self._crew = crew
        return True


_spare = _Spare()


def _context() -> BaseContext:
    """Children forked from a server that has imported WeasyPrint, or on other systems spawned."""
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_MAKING, _TYPESETTER])
    return context


def _death(status: int, seconds: float) -> Failure:
    if status in {-signal.SIGPROF, -signal.SIGALRM}:
        reason = Phrase("took longer than {seconds:g} seconds", seconds=seconds)
        return Failure(kind="time", reason=reason)
    if status < 0:
        name = signal.Signals(-status).name
        reason = Phrase("the process that typesets it was ended by {name}", name=name)
    else:
        reason = Phrase("the process that typesets it ended (status {status})", status=status)
    return Failure(kind="died", reason=reason)


def _begin(folder: str) -> None:
    """Set up a child.

    WeasyPrint leaves copies of the fonts behind when it is killed, so each child has its own
    temporary folder in `folder`, which the parent removes.
    """
    _limit_time(_START_SECONDS)
    own = Path(folder) / str(os.getpid())
    own.mkdir()
    tempfile.tempdir = str(own)
    for what in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(what, signal.SIG_DFL)
    _limit_itself()
    _get_ready()
    _limit_time(0)


def _limit_time(seconds: float) -> None:
    """End this process if it takes longer than that; 0 removes the limit."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, _PATIENCE * seconds)


def _answer(given: bytes) -> bytes:
    result: MadePage | Failure
    try:
        order, brief = pickle.loads(given)  # noqa: S301  # our own parent wrote it
        _limit_time(order.seconds)
        result = order.maker(pickle.loads(brief), order.look)  # noqa: S301  # as above
    except MemoryError:
        reason = Phrase("needed more than {megabytes} MB of memory", megabytes=_MEGABYTES)
        result = Failure(kind="memory", reason=reason)
    except Exception as error:  # noqa: BLE001  # it fails only this brief
        result = Failure(kind="error", reason=_in_one_line(error))
    _limit_time(0)
    return pickle.dumps(result, pickle.HIGHEST_PROTOCOL)


def _in_one_line(error: Exception) -> str:
    words = " ".join(str(error).split())[:300]
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _limit_itself() -> None:
    for what, most in (
        (resource.RLIMIT_AS, _MEGABYTES * 1024 * 1024),
        (resource.RLIMIT_FSIZE, _FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # not every system has each limit
            _, hard = resource.getrlimit(what)
            capped = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(what, (capped, hard))


def _get_ready() -> None:
    """Import WeasyPrint and load the fonts before the first page's time counts."""
    with suppress(ImportError, OSError):  # reported with the first brief
        import_module(_MAKING)
        from briefgen.page.typeset import get_ready  # noqa: PLC0415  # only in children

        get_ready(template_folder() / STYLE)
