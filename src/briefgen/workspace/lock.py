"""One run at a time in a workspace."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from briefgen.workspace.atomic import FILE_MODE, make_folder
from briefgen.workspace.folder import Workspace


class Locked(Exception):  # noqa: N818  # names the state
    """Another run holds the workspace's lock."""


@contextmanager
def only_run(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace's lock (flock) for as long as the block runs; it ends with the process.

    Raises:
        Locked: where another run holds it.
    """
    make_folder(workspace.memory)
    lock = workspace.memory / "lock"
    lock.touch(mode=FILE_MODE)
    with lock.open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Locked from None
        yield
