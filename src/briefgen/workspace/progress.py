"""Progress: what may take long tells how far it is, to whoever is watching.

Nobody watches unless a command says so; a night, or a program that calls briefgen, hears nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Final

Step = Callable[[int], None]
"""To be called with how many more things are done."""
Watcher = Callable[[int, str], AbstractContextManager[Step]]
"""Gets the number of things to do and what is done, like `Reading contacts`."""


@contextmanager
def _unwatched(count: int, what: str) -> Iterator[Step]:  # noqa: ARG001  # as every watcher
    yield lambda done: None  # noqa: ARG005  # as above


_watcher: Final[ContextVar[Watcher]] = ContextVar("watcher", default=_unwatched)


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Within, `watcher` hears of everything that may take long."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def waiting(count: int, what: str) -> AbstractContextManager[Step]:
    """Something with `count` steps that somebody may have to wait for."""
    return _watcher.get()(count, what)
