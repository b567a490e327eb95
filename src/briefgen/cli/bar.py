"""A bar for what takes long, where a person is watching."""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

import click

from briefgen.workspace.progress import Step

_SOON: Final = 1.0
"""What is done within so many seconds needs no bar."""


@contextmanager
def bar(count: int, what: str) -> Iterator[Step]:
    """A bar on standard error, once it has taken a second; nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda done: None  # noqa: ARG005  # nobody is watching
        return
    begun, done, shown = time.monotonic(), 0, None
    with ExitStack() as stack:

        def step(more: int) -> None:
            nonlocal done, shown
            done += more
            if shown is not None:
                shown.update(more)
            elif time.monotonic() - begun > _SOON and done < count:
                shown = stack.enter_context(
                    click.progressbar(length=count, label=what, file=sys.stderr)
                )
                shown.update(done)

        yield step
