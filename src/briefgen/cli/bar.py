"""What is awaited, and how far it is, where a person is watching."""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock, Timer
from typing import Final

import click

from briefgen.workspace.progress import Step

_AT_ONCE: Final = 0.3
"""What is done within so many seconds is not spoken of."""
_SOON: Final = 1.0
"""What is done within so many seconds needs no bar."""
_ERASED: Final = "\r\x1b[2K"


@contextmanager
def bar(count: int, what: str) -> Iterator[Step]:
    """A line on standard error that says what is awaited, and then a bar where there are steps.

    Nothing where that is no terminal, or where it does not last; nothing of it stays.
    """
    if count == 0 or not sys.stderr.isatty():
        yield lambda done: None  # noqa: ARG005  # nothing to wait for, or nobody who does
        return
    begun, done, shown = time.monotonic(), 0, None
    with _line(what) as line, ExitStack() as stack:

        def step(more: int) -> None:
            nonlocal done, shown
            done += more
            if shown is not None:
                shown.update(more)
            elif time.monotonic() - begun > _SOON and done < count:
                line.end()
                shown = stack.enter_context(
                    click.progressbar(length=count, label=what, file=sys.stderr)
                )
                shown.update(done)

        yield step


class _Line:
    """A line that comes after a moment and goes without a trace."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._state = Lock()
        self._is_shown = self._is_over = False
        self.timer = Timer(_AT_ONCE, self._show)
        self.timer.daemon = True

    def _show(self) -> None:
        with self._state:
            if not self._is_over:
                self._is_shown = True
                click.echo(f"{self._what} …", nl=False, err=True)

    def end(self) -> None:
        """Take the line away, or let it not come."""
        with self._state:
            if self._is_shown and not self._is_over:
                click.echo(_ERASED, nl=False, err=True)
            self._is_over = True
        self.timer.cancel()


@contextmanager
def _line(what: str) -> Iterator[_Line]:
    line = _Line(what)
    line.timer.start()
    try:
        yield line
    finally:
        line.end()
