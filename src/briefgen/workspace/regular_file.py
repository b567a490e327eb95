"""Files read without surprises: no link is followed, no pipe waited for, no device read."""

import errno
import os
import stat
from pathlib import Path, PurePosixPath
from typing import Final

MOST_BYTES: Final = 64 * 1024 * 1024

_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def read_regular(path: Path, *, most_bytes: int = MOST_BYTES) -> bytes:
    """The bytes of a regular file.

    Raises:
        OSError: naming `path`, where it is a link, a pipe, a device or a folder, larger than
            `most_bytes`, or cannot be read.
    """
    return _read(os.open(path, _FLAGS), path, most_bytes)


def read_inside(folder: Path, name: str, *, most_bytes: int = MOST_BYTES) -> bytes:
    """The bytes of a regular file below `folder`, reached without following any link.

    The folder itself may be a link: that is where the user keeps it.

    Raises:
        OSError: as `read_regular`, and where `name` leads out of the folder.
    """
    path = folder / name
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for at, part in enumerate(parts, start=1):
            flags = _FLAGS if at == len(parts) else _FLAGS | os.O_DIRECTORY
            try:
                inner = os.open(part, flags, dir_fd=descriptor)
            finally:
                os.close(descriptor)
            descriptor = inner
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    return _read(descriptor, path, most_bytes)


def is_regular(path: Path) -> bool:
    """Whether there is a regular file, and no link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _read(descriptor: int, path: Path, most_bytes: int) -> bytes:
    try:
        _check(os.fstat(descriptor), path, most_bytes)
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            return stream.read(most_bytes)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        os.close(descriptor)


def _check(found: os.stat_result, path: Path, most_bytes: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "Not a regular file", str(path))
    if found.st_size > most_bytes:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
