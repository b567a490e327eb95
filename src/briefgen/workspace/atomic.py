"""Files that appear whole or not at all, readable by their owner alone."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def make_folder(folder: Path) -> None:
    """Make a folder and its missing parents, each 0700; folders already there keep their mode."""
    missing = [folder, *folder.parents]
    for path in reversed([path for path in missing if not path.exists()]):
        path.mkdir(mode=FOLDER_MODE, exist_ok=True)


def write_whole(
    path: Path,
    content: bytes,
    *,
    mode: int = FILE_MODE,
    before_rename: Callable[[], None] | None = None,
) -> None:
    """Put `content` at `path`: temporary file in the same folder, fsync, rename, fsync.

    A reader, or a crash at any instant, finds the old file or the new one, never a torn one.
    `before_rename` is called last of all; what it raises stops the writing.

    Raises:
        OSError: naming `path`, when the disk is full, read-only or forbidden; nothing is left.
    """
    make_folder(path.parent)
    descriptor, temporary = tempfile.mkstemp(prefix=".briefgen-", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if before_rename is not None:
            before_rename()
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` last through a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
