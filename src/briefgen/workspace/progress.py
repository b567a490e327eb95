"""Progress: long work reports how far it is to whoever is watching.

Nobody watches unless a command asks for it; nights, and programs that call briefgen, do not.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Final

Step = Callable[[int], None]
"""Called with the number of things that have been done since."""
Watcher = Callable[[int, str], AbstractContextManager[Step]]
"""Takes the number of things to do, and what is being done, like `Reading contacts`."""


@contextmanager
def _unwatched(count: int, what: str) -> Iterator[Step]:  # noqa: ARG001  # as every watcher
    yield lambda done: None  # noqa: ARG005  # as above


_watcher: Final[ContextVar[Watcher]] = ContextVar("watcher", default=_unwatched)


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Within the block, report all long work to `watcher`."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def waiting(count: int, what: str) -> AbstractContextManager[Step]:
    """Work of `count` steps that somebody may have to wait for."""
    return _watcher.get()(count, what)
