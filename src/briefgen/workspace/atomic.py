"""Files written whole or not at all, and read without following links or waiting for pipes."""

import errno
import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Final

from briefgen.workspace.phrase import Phrase

FOLDER_MODE = 0o700
FILE_MODE = 0o600

BEGUN: Final = ".briefgen-"
"""The start of the name of a file that is being written; the process id follows."""
UNFINISHED: Final = ".part"
_OLD_SECONDS: Final = 24 * 60 * 60
"""A half-written file this old is no longer being written."""
_YOUNG_SECONDS: Final = 60


class NotSynced(OSError):  # noqa: N818  # names the state
    """The file is written, but the disk has not confirmed that it will survive a power cut.

    Its `strerror` says so too, for those who show it as the reason of a fault.
    """

    def __init__(self, error: OSError, path: Path) -> None:
        self.message = Phrase(
            "written, but a power cut may undo it: {reason}", reason=error.strerror
        )
        super().__init__(error.errno, self.message, str(path))


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Raise any OSError of the block again, naming `path`.

    Raises:
        OSError: the same, with this file's name.
    """
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def make_folder(folder: Path) -> None:
    """Make a folder and its missing parents, each 0700; folders already there keep their mode.

    Each survives a power cut, and so do the files that are synced in it.
    """
    missing = [folder, *folder.parents]
    for path in reversed([path for path in missing if not path.exists()]):
        path.mkdir(mode=FOLDER_MODE, exist_ok=True)
        sync_folder(path.parent)


def write_whole(
    path: Path,
    content: bytes,
    *,
    mode: int = FILE_MODE,
    before_rename: Callable[[], None] | None = None,
) -> None:
    """Put `content` at `path`: temporary file in the same folder, fsync, rename, fsync.

    A reader, or a crash at any instant, finds the old file or the new one, never a torn one.
    `before_rename` is called just before the rename; if it raises, nothing is replaced.

    Raises:
        OSError: naming `path`, when the disk is full, read-only or forbidden; nothing is left.
        NotSynced: naming `path`, when the file is there but might not survive a power cut.
    """
    with naming(path):
        make_folder(path.parent)
        descriptor, temporary = temporary_file(path.parent)
    try:
        with naming(path), os.fdopen(descriptor, "wb") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if before_rename is not None:
            before_rename()
        with naming(path):
            temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    try:
        sync_folder(path.parent)
    except OSError as error:
        raise NotSynced(error, path) from error


def temporary_file(folder: Path) -> tuple[int, Path]:
    """A new file to be renamed once it is complete; its name holds the id of this process."""
    prefix = f"{BEGUN}{os.getpid()}-"
    descriptor, name = tempfile.mkstemp(prefix=prefix, suffix=UNFINISHED, dir=folder)
    return descriptor, Path(name)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def left_unfinished(folders: Iterable[Path], now: float) -> Iterator[Path]:
    """Files below the folders that killed runs have left half-written.

    Their process is gone, or they are older than a day. `now` is a time by the file system's clock.
    """
    for folder in folders:
        for path in folder.rglob(f"*{UNFINISHED}"):
            if not path.name.startswith(BEGUN) and path.parent.name != "plans":
                continue
            with suppress(OSError):
                age = now - path.lstat().st_mtime
                if age > _OLD_SECONDS or (age > _YOUNG_SECONDS and not _is_at_work(path)):
                    yield path


def _is_at_work(path: Path) -> bool:
    """Whether the process that began this file may still be running."""
    number = path.name.removeprefix(BEGUN).partition("-")[0]
    if not number.isdigit():
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


MOST_BYTES: Final = 64 * 1024 * 1024

_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def read_regular(path: Path, *, most_bytes: int = MOST_BYTES) -> bytes:
    """The bytes of a regular file.

    Raises:
        OSError: naming `path`, if it is a link, a pipe, a device or a folder, larger than
            `most_bytes`, or unreadable.
    """
    return _read(os.open(path, _FLAGS), path, most_bytes)


def read_inside(folder: Path, name: str, *, most_bytes: int = MOST_BYTES) -> bytes:
    """The bytes of a regular file below `folder`, reached without following any link.

    The folder itself may be a link: users keep it where they like.

    Raises:
        OSError: as `read_regular`, and if `name` leads out of the folder.
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
    """Whether this is a regular file and not a link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def read_start(path: Path, most_bytes: int) -> bytes:
    """The first bytes of a regular file; links are followed.

    Raises:
        OSError: naming `path`, if it cannot be read, or is a pipe or device, which might never end.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
    return _read(os.open(path, flags), path, most_bytes, whole=False)


def _read(descriptor: int, path: Path, most_bytes: int, *, whole: bool = True) -> bytes:
    try:
        with naming(path):
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise OSError(errno.EINVAL, Phrase("not a regular file"))
            if whole and found.st_size > most_bytes:
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
            with os.fdopen(descriptor, "rb", closefd=False) as stream:
                return stream.read(most_bytes)
    finally:
        os.close(descriptor)
