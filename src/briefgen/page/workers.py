"""Pages made in child processes, so that one that hangs or dies fails alone.

A child imports the typesetting and loads the fonts once (0.15 s of a processor) and makes many
pages. It ends with the call that started it, or with `children_kept`, or with its process.

Longer than other modules: the life of a child, its limits and the reasons for its death are one
state machine, which is hard to follow in pieces.
"""

import multiprocessing
import os
import pickle
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, TypeVar, cast

from briefgen.brief.brief import Brief
from briefgen.page.look import Look, MadePage
from briefgen.page.templates import STYLE, template_folder
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

Maker = Callable[[Brief, Look], MadePage]
WhatT = TypeVar("WhatT")
MadeT = TypeVar("MadeT")

_MAKING = "briefgen.page.make"  # imports the typesetting, so only children import it
_TYPESETTER = "weasyprint"  # what it imports late; once in the server, not in each child
_START_SECONDS = 60.0
_MOST_AHEAD = 32  # pages finished before their turn that are held, for each child
_BRIEFS_A_CHILD = 400  # then a fresh one takes its place, whatever a library forgot to free
_MOST_FAILED_STARTS = 3  # one after the other
_FILE_BYTES = 64 * 1024 * 1024
_MEGABYTES = 1024  # the most memory a child may have
_LITTLE_WORK = 0.2  # processor seconds


class Failure(Value, frozen=True, kw_only=True):
    """Why a page could not be made.

    Attributes:
        kind: the limit it met: `time`, `memory`; `died` without a word, or an `error` of its own.
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
) -> Iterator[tuple[int, MadePage | Failure]]:
    """Make the page of each brief in child processes; yield them in order, each with its index.

    A child that passes a limit is ended and replaced; only the brief it had is a `Failure`.

    Args:
        briefs: what to make.
        look: of all of them.
        jobs: how many children work at the same time, at most one for each brief.
        seconds: the longest one page may take; where other programs take the processor from a
            child that works, that time of theirs does not count.
        maker: what makes a page, a function a child can import; `making.make_page` by default.
    """
    crew = _Crew(_Order(look=look, seconds=seconds, maker=maker or _make_page))
    waiting = iter(range(len(briefs)))
    done: dict[int, MadePage | Failure] = {}
    turn = 0
    count = max(1, min(jobs, len(briefs)))
    try:
        while turn < len(briefs):
            while crew.size < count and turn + len(done) + crew.size < len(briefs):
                crew.hire()
            if len(done) < _MOST_AHEAD * count:
                crew.hand_out(waiting, briefs)
            done.update(crew.collect())
            while turn in done:
                yield turn, done.pop(turn)
                turn += 1
    except _NoStart:
        why = Failure(kind="died", reason=Phrase("the process that typesets pages does not start"))
        yield from ((index, done.get(index, why)) for index in range(turn, len(briefs)))
    finally:
        crew.dismiss()


def make_alone(
    what: WhatT,
    look: Look,
    *,
    maker: Callable[[WhatT, Look], MadeT],
    seconds: float = 20,
) -> MadeT | Failure:
    """Make one thing of another kind than a page in a child process, under the same limits."""
    ((_, made),) = make_pages(
        [cast("Brief", what)], look, seconds=seconds, maker=cast("Maker", maker)
    )
    return cast("MadeT | Failure", made)


def keep_children() -> None:
    """Let children outlive the calls that start them, until `end_children` or this process ends."""
    _spare.kept = True


def end_children() -> None:
    """End the children that are kept."""
    _spare.kept = False
    _spare.end()


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
    """Begin to import the typesetting in another process, while this one reads and composes."""
    if sys.platform == "linux":
        _context()
        forkserver.ensure_running()


def _make_page(brief: Brief, look: Look) -> MadePage:
    from briefgen.page.make import make_page  # noqa: PLC0415  # imports the typesetting

    return make_page(brief, look)


def make_plain_page(brief: Brief, look: Look, reason: str) -> MadePage | Failure:
    """The text-only page of a brief that could not be made, made in a child of its own.

    It says why, and still holds time, place, people and both questions.
    """
    return make_alone(brief, look, maker=partial(_make_plain_page, reason=reason))


def _make_plain_page(brief: Brief, look: Look, *, reason: str) -> MadePage:
    from briefgen.page.make import plain_page  # noqa: PLC0415  # imports the typesetting

    return plain_page(brief, look, reason=reason)


class _NoStart(Exception):  # noqa: N818  # a way out, never seen outside
    """Children end before they are ready."""


class _Order(Value, frozen=True, kw_only=True):
    """How all the pages of one call are made."""

    look: Look
    seconds: float
    maker: Maker


class _Child:
    """One child process: starting, at work on a brief, or free."""

    def __init__(
        self,
        process: BaseProcess,
        line: Connection,
        deadline: float,
        folder: TemporaryDirectory[str] | None = None,
    ) -> None:
        self.process = process
        self.line = line
        self.deadline = deadline
        self.folder = folder
        self.ready = False
        self.index: int | None = None
        self.made = 0
        self._spent_before = 0.0

    @property
    def free(self) -> bool:
        return self.ready and self.index is None

    def begin(self, index: int, seconds: float) -> None:
        """Start its clock for a brief."""
        self.index = index
        self.deadline = time.monotonic() + seconds
        self._spent_before = _at_work(self.process.pid)[1]

    def waits_for_a_processor(self, seconds: float) -> bool:
        """Whether it would go on, has had less than `seconds` of work, and others take its turn.

        Then its clock runs on for what it has not had yet.
        """
        running, spent = _at_work(self.process.pid)
        left = seconds - (spent - self._spent_before)
        if self.index is None or not running or left <= _LITTLE_WORK:
            return False
        self.deadline = time.monotonic() + left
        return True

    def end(self) -> int | None:
        """Kill it; return the exit status it ended with by itself, if it did."""
        self.line.close()
        self.process.join(0.2 if self.process.is_alive() else None)
        status = self.process.exitcode
        self.process.kill()
        self.process.join()
        self.process.close()
        if self.folder is not None:
            self.folder.cleanup()
        return status


class _Spare:
    """Children that wait for the next call, where they are kept."""

    def __init__(self) -> None:
        self.kept = False
        self._children: list[_Child] = []

    def take(self) -> _Child | None:
        """One that still lives."""
        while self._children:
            child = self._children.pop()
            if child.process.is_alive():
                return child
            child.end()
        return None

    def leave(self, children: Sequence[_Child]) -> None:
        """Keep those that are free, where they are kept; end the others."""
        kept = [child for child in children if self.kept and child.free]
        self._children += kept
        gone = [child for child in children if child not in kept]
        for child in gone:
            child.process.kill()
        for child in gone:
            child.end()

    def end(self) -> None:
        """End all of them."""
        children, self._children = self._children, []
        self.leave(children)


_spare = _Spare()


class _Crew:
    """The children of one call, and what they are doing."""

    def __init__(self, order: _Order) -> None:
        self._order = order
        self._children: list[_Child] = []
        self._context = _context()
        self._failed_starts = 0

    @property
    def size(self) -> int:
        return len(self._children)

    def hire(self) -> None:
        self._children.append(_spare.take() or self._started())

    def _started(self) -> _Child:
        folder = TemporaryDirectory(prefix="briefgen-", ignore_cleanup_errors=True)
        ours, theirs = self._context.Pipe()
        process = self._context.Process(  # type: ignore[attr-defined]  # as every context has
            target=_work,
            args=(theirs, self._order.maker is _make_page, folder.name),
            daemon=True,
        )
        process.start()
        theirs.close()
        return _Child(process, ours, time.monotonic() + _START_SECONDS, folder)

    def hand_out(self, waiting: Iterator[int], briefs: Sequence[Brief]) -> None:
        for child in self._children:
            if child.free and (index := next(waiting, None)) is not None:
                child.begin(index, self._order.seconds)
                brief = pickle.dumps(briefs[index], pickle.HIGHEST_PROTOCOL)
                piece = pickle.dumps((self._order, brief), pickle.HIGHEST_PROTOCOL)
                with suppress(BrokenPipeError, ConnectionResetError):  # its end is seen below
                    child.line.send_bytes(piece)

    def collect(self) -> dict[int, MadePage | Failure]:
        """What came back by the next event: a page, a death, or a limit passed."""
        busy = [child for child in self._children if not child.free]
        if not busy:
            return {}
        patience = max(0.0, min(child.deadline for child in busy) - time.monotonic())
        heard = wait([child.line for child in busy], timeout=patience)
        found: dict[int, MadePage | Failure] = {}
        for child in busy:
            if child.line in heard:
                self._listen(child, found)
            elif time.monotonic() >= child.deadline and not child.waits_for_a_processor(
                self._order.seconds
            ):
                limit = Phrase("took longer than {seconds:g} seconds", seconds=self._order.seconds)
                self._bury(child, found, Failure(kind="time", reason=limit))
        return found

    def dismiss(self) -> None:
        _spare.leave(self._children)
        self._children.clear()

    def _listen(self, child: _Child, found: dict[int, MadePage | Failure]) -> None:
        try:
            answer = pickle.loads(child.line.recv_bytes())  # noqa: S301  # our own child wrote it
        except (EOFError, OSError):
            self._bury(child, found, None)
            return
        if not child.ready:
            child.ready = True
            self._failed_starts = 0
            return
        assert child.index is not None  # noqa: S101  # it answers only what it was given
        found[child.index] = answer
        child.index = None
        child.made += 1
        spent = isinstance(answer, Failure) and answer.kind == "memory"
        if spent or child.made >= _BRIEFS_A_CHILD:
            self._children.remove(child)
            child.end()

    def _bury(
        self, child: _Child, found: dict[int, MadePage | Failure], why: Failure | None
    ) -> None:
        self._children.remove(child)
        status = child.end()
        if child.index is not None:
            found[child.index] = why or _death(status)
            return
        self._failed_starts += 1
        if self._failed_starts >= _MOST_FAILED_STARTS:
            raise _NoStart


def _context() -> BaseContext:
    """Children forked from a server that has imported the typesetting; fresh ones elsewhere."""
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_MAKING, _TYPESETTER])
    return context


def _at_work(process: int | None) -> tuple[bool, float]:
    """Whether a process runs or is ready to, and the processor seconds it has had (proc(5))."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:  # it is gone, or this is not Linux: the clock alone decides
        return False, 0.0
    fields = stat.rpartition(")")[2].split()
    return fields[0] == "R", (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _death(status: int | None) -> Failure:
    if status == -signal.SIGPROF:
        return Failure(kind="time", reason=Phrase("took too long"))
    if status is not None and status < 0:
        name = signal.Signals(-status).name
        return Failure(
            kind="died",
            reason=Phrase("the process that typesets it was ended by {name}", name=name),
        )
    return Failure(
        kind="died",
        reason=Phrase("the process that typesets it ended (status {status})", status=status),
    )


def _work(line: Connection, makes_pages: bool, folder: str) -> None:  # noqa: FBT001  # as an argument of a process
    """What a child does until its parent hangs up.

    The typesetting leaves copies of the fonts behind when it is killed: in `folder`, which the
    parent removes.
    """
    tempfile.tempdir = folder
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C ends
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    _limit_itself()
    if makes_pages:
        _get_ready()
    with suppress(BrokenPipeError):  # where the parent was killed meanwhile, as is seen below
        line.send_bytes(pickle.dumps(None))
    while True:
        try:
            given = line.recv_bytes()
        except (EOFError, OSError):
            return
        with suppress(BrokenPipeError):
            line.send_bytes(_answer(given))


def _answer(given: bytes) -> bytes:
    result: MadePage | Failure
    try:
        order, brief = pickle.loads(given)  # noqa: S301  # our own parent wrote it
        # A second behind the parent's limit: it ends a loop even where the parent is gone.
        signal.setitimer(signal.ITIMER_PROF, order.seconds + 1)
        result = order.maker(pickle.loads(brief), order.look)  # noqa: S301  # as above
    except MemoryError:
        reason = Phrase("needed more than {megabytes} MB of memory", megabytes=_MEGABYTES)
        result = Failure(kind="memory", reason=reason)
    except Exception as error:  # noqa: BLE001  # whatever it is, it fails this brief alone
        result = Failure(kind="error", reason=_in_one_line(error))
    signal.setitimer(signal.ITIMER_PROF, 0)
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
    """Import the typesetting and load the fonts, before the clock of the first page runs."""
    with suppress(ImportError, OSError):  # told with the first brief
        import_module(_MAKING)
        from briefgen.page.typeset import get_ready  # noqa: PLC0415  # in children alone

        get_ready(template_folder() / STYLE)
