"""One run at a time in a workspace."""

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from briefgen.workspace.atomic import FILE_MODE, make_folder, naming
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Locked(Exception):  # noqa: N818  # names the state
    """Another run holds the workspace's lock."""

    def __init__(self) -> None:
        super().__init__(Phrase("another run is at work in this workspace; try again later"))


@contextmanager
def only_run(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace's lock (flock) for as long as the block runs; it ends with the process.

    Raises:
        Locked: where another run holds it.
        OSError: naming the lock, where it cannot be had; a pipe or a link in its place is refused.
    """
    lock = workspace.memory / "lock"
    with naming(lock):
        make_folder(workspace.memory)
        descriptor = os.open(lock, _FLAGS, FILE_MODE)
    try:
        with naming(lock):
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, "Not a regular file")
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Locked from None
            os.utime(descriptor)  # tells what time it is on this file system
        yield
    finally:
        os.close(descriptor)
