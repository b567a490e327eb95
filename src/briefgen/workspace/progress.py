"""Progress: long work reports how far it is to a watcher, if there is one.

Only commands watch; nights, and programs that call briefgen, do not.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Final

Step = Callable[[int], None]
"""Called with the number of things done since the last call."""
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
    """Report work of `count` steps that a user may be waiting for."""
    return _watcher.get()(count, what)
