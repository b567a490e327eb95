"""Changes to contact files: the whole new file or the whole old one, and a way back.

A file is held (read, with what is needed to put it back), its new text is made from that, and it is
replaced only if its content is still the same. The former version stays in `.briefgen/history/`,
where `undo` finds it.

Over 400 lines, because writing, removing and undoing share the lock and the history.
"""

import errno
import fcntl
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from difflib import unified_diff
from pathlib import Path
from time import sleep
from urllib.parse import unquote

from briefgen.contacts.splice import Addition, splice
from briefgen.workspace.atomic import (
    FILE_MODE,
    NotSynced,
    make_folder,
    sync_folder,
    write_whole,
)
from briefgen.workspace.document import MAX_BYTES
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, unwritten
from briefgen.workspace.value import Value

# The versions of a file: `000007-<batch>-<hash of what replaced it>.yaml`; `.new` if there was none
# before.

NEW = ".new"
GONE = b""
"""The content that replaces a removed file."""
_VERSION = re.compile(r"(\d{6,})-([0-9a-f]{8})-([0-9a-f]{16})\.(?:yaml|new)\Z")


_SLASH = "%2F"
_OF_ORGANIZATION = "@"
"""The prefix of history folders of organizations' files."""


def is_of_shared(history_name: str) -> bool:
    """Whether a history folder belongs to a file in the firm's folder."""
    return history_name.startswith(_SLASH)


def is_of(stem: str, history_name: str) -> bool:
    """Whether a history folder belongs to the contact file of this name, own or the firm's."""
    return history_name == stem or history_name.endswith(f"{_SLASH}{stem}.yaml")


def history_folder(workspace: Workspace, stem: str) -> Path:
    """The folder of former versions of a contact's file."""
    return workspace.memory / "history" / stem


def history_name(path: Path, workspace: Workspace) -> str:
    """What the history folder of a contact's or organization's file is called.

    A firm's file is named by its whole path, since the user's own may have the same name.
    """
    if not path.is_relative_to(workspace.root):
        return str(path).replace("%", "%25").replace("/", _SLASH)
    is_organization = path.parent == workspace.organizations
    return f"{_OF_ORGANIZATION}{path.stem}" if is_organization else path.stem


class Version(Value, frozen=True, kw_only=True):
    """A former version of a contact file.

    Attributes:
        number: the higher, the newer.
        batch: the change it belongs to.
        replaced_by: the hash of the text that took its place.
    """

    path: Path
    number: int
    batch: str
    replaced_by: str

    @property
    def is_of_new_file(self) -> bool:
        """Whether there was no file before the change."""
        return self.path.suffix == NEW


def content_hash(content: bytes) -> str:
    """The hash of a text, in the name of the version that it replaced."""
    return hashlib.sha256(content).hexdigest()[:16]


def versions_in(folder: Path) -> list[Version]:
    """The versions in a contact's history, the oldest first."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        if parts := _VERSION.match(path.name):
            number, batch, replaced_by = int(parts[1]), parts[2], parts[3]
            found.append(Version(path=path, number=number, batch=batch, replaced_by=replaced_by))
    return sorted(found, key=lambda version: version.number)


def next_version(
    stem: str, content: bytes, workspace: Workspace, batch: str, *, suffix: str = ".yaml"
) -> Path:
    """Where to keep the version that `content` replaces."""
    folder = history_folder(workspace, stem)
    versions = versions_in(folder)
    number = versions[-1].number + 1 if versions else 1
    return folder / f"{number:06}-{batch}-{content_hash(content)}{suffix}"


def forget_oldest(folder: Path, keep: int) -> None:
    """Remove all versions except the newest `keep`."""
    versions = versions_in(folder)
    for version in versions[: max(len(versions) - keep, 0)]:
        version.path.unlink(missing_ok=True)


def file_of(workspace: Workspace, history_name: str) -> Path:
    """The file that a history folder of this name belongs to."""
    if is_of_shared(history_name):
        return Path(unquote(history_name))
    if history_name.startswith(_OF_ORGANIZATION):
        return workspace.organizations / f"{history_name[1:]}.yaml"
    return workspace.contacts / f"{history_name}.yaml"


@dataclass(frozen=True, kw_only=True)
class HeldFile:
    """A contact file as it was read, to be changed.

    Attributes:
        path: where it is.
        file: the path relative to the workspace.
        content: its bytes.
        mode: its permissions, which it keeps.
    """

    path: Path
    file: str
    content: bytes = field(repr=False)
    mode: int

    @property
    def stem(self) -> str:
        """How other files and options name the contact."""
        return self.path.stem


def hold(path: Path, *, workspace: Workspace) -> HeldFile | Problem:
    """Read a contact file to change it, or say why it cannot be changed."""
    file = workspace.relative(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        message = Phrase("cannot be read: {reason}", reason=error.strerror)
        if error.errno == errno.ELOOP:
            message = Phrase(
                "is a symbolic link, which is not written through; put the file itself here"
            )
        return Problem(file=file, message=message)
    with os.fdopen(descriptor, "rb") as stream:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            return Problem(file=file, message=Phrase("is not a plain file; it is not changed"))
        if not found.st_mode & 0o222:
            return Problem(file=file, message=Phrase("is read-only; allow writing with: chmod u+w"))
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        return Problem(file=file, message=Phrase("larger than 1 MB; split it"))
    return HeldFile(path=path, file=file, content=content, mode=stat.S_IMODE(found.st_mode))


class _Changed(OSError):  # noqa: N818  # names what happened meanwhile
    """The file no longer says what was held."""


CHANGED = Phrase("was changed in the meantime by another program; it is left as it is")
"""The message if another program wrote between reading and writing."""


def _problem(file: str, error: OSError, message: str | None = None) -> Problem:
    """Why a file was not changed: `message`, else that it cannot be written.

    A warning if it was changed, but might not survive a power cut.
    """
    problem = unwritten(file, error, CHANGED if isinstance(error, _Changed) else message)
    return replace(problem, severity="warning") if isinstance(error, NotSynced) else problem


def new_batch() -> str:
    """A mark for changes that belong together and are undone together."""
    return secrets.token_hex(4)


def change(
    held: HeldFile, additions: Sequence[Addition], *, workspace: Workspace, keep: int, batch: str
) -> bytes | Problem:
    """Splice `additions` into a held file and put it in place; see `put_in_place`.

    Returns:
        the file's new bytes, or why it was left as it is.
    """
    spliced = splice(held.content, additions, file=held.file)
    if isinstance(spliced, Problem):
        return spliced
    return put_in_place(held, spliced, workspace=workspace, keep=keep, batch=batch) or spliced


def put_in_place(
    held: HeldFile, content: bytes, *, workspace: Workspace, keep: int, batch: str
) -> Problem | None:
    """Replace a held file by `content`, and keep its former version.

    The file is read again just before the rename, and left alone if it has changed. A crash at any
    instant leaves either the old file or the new one, complete.

    Args:
        held: the file as it was read.
        content: its new content.
        workspace: where its history is.
        keep: how many former versions are kept.
        batch: what this change belongs to, of `new_batch`.

    Returns:
        why it was left as it is, or None.
    """
    if content == held.content:
        return None
    try:
        with _alone(workspace):
            version = _keep_version(held, content, workspace, batch)
            try:
                write_whole(
                    held.path,
                    content,
                    mode=held.mode,
                    before_rename=lambda: _still_as_held(held, workspace),
                )
            except BaseException:
                if held.path.read_bytes() != content:
                    version.unlink(missing_ok=True)
                raise
            forget_oldest(version.parent, keep)
    except OSError as error:
        message = Phrase("cannot be written: {reason}; nothing is lost", reason=error.strerror)
        return _problem(held.file, error, message)
    return None


def put_new(path: Path, content: bytes, *, workspace: Workspace, batch: str) -> Problem | None:
    """Make a new contact file; `undo` removes it again.

    Args:
        path: where it will be.
        content: its content.
        workspace: where its history is.
        batch: what it belongs to, of `new_batch`.

    Returns:
        why it was not made, or None.
    """
    file = workspace.relative(path)
    try:
        with _alone(workspace):
            if path.exists():
                message = Phrase("has appeared in the meantime; try again")
                return Problem(file=file, message=message)
            name = history_name(path, workspace)
            version = next_version(name, content, workspace, batch, suffix=NEW)
            make_folder(version.parent)
            version.touch(FILE_MODE)
            try:
                write_whole(path, content)
            except BaseException:
                if not path.exists():
                    version.unlink(missing_ok=True)
                raise
    except OSError as error:
        return _problem(file, error)
    return None


def remove(held: HeldFile, *, workspace: Workspace, keep: int, batch: str) -> Problem | None:
    """Remove a file, and keep what it said; `undo` puts it back.

    Returns:
        why it was left as it is, or None.
    """
    try:
        with _alone(workspace):
            _still_as_held(held, workspace)
            version = _keep_version(held, GONE, workspace, batch)
            held.path.unlink()
            sync_folder(held.path.parent)
            forget_oldest(version.parent, keep)
    except OSError as error:
        message = Phrase("cannot be removed: {reason}; nothing is lost", reason=error.strerror)
        return _problem(held.file, error, message)
    return None


def keep_former(
    held: HeldFile, content: bytes, *, workspace: Workspace, keep: int, batch: str
) -> Problem | None:
    """Keep what a file said before another program, like an editor, put `content` in its place.

    Returns:
        why it could not be kept, or None.
    """
    try:
        with _alone(workspace):
            version = _keep_version(held, content, workspace, batch)
            forget_oldest(version.parent, keep)
    except OSError as error:
        message = Phrase("the former version cannot be kept: {reason}", reason=error.strerror)
        return Problem(file=held.file, message=message, severity="warning")
    return None


def _still_as_held(held: HeldFile, workspace: Workspace) -> None:
    now = hold(held.path, workspace=workspace)
    if isinstance(now, Problem) or now.content != held.content:
        raise _Changed


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    """Only one of our own processes changes contact files at a time.

    Raises:
        OSError: if another one does so for longer than anyone would wait.
    """
    folder = workspace.memory / "history"
    make_folder(folder)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _wait_for_lock(descriptor, folder / "lock")
        yield
    finally:
        os.close(descriptor)


_WAIT_SECONDS = 10.0
_STEP_SECONDS = 0.05


def _wait_for_lock(descriptor: int, path: Path) -> None:
    for _ in range(int(_WAIT_SECONDS / _STEP_SECONDS)):
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        sleep(_STEP_SECONDS)
    message = Phrase("another briefgen is changing contact files; try again")
    raise OSError(errno.EAGAIN, message, str(path))


def _keep_version(held: HeldFile, content: bytes, workspace: Workspace, batch: str) -> Path:
    path = next_version(history_name(held.path, workspace), content, workspace, batch)
    write_whole(path, held.content)
    return path


class Undone(Value, frozen=True, kw_only=True):
    """A change that was taken back.

    Attributes:
        file: the contact file, relative to the workspace.
        kept: where the text that was taken out is kept.
        removed: whether the change had made the file, so that it is gone now.
        restored: whether the change had removed the file, so that it is there again.
        lines: what was taken out of a file that stays (`-…`), and what is back in it (`+…`).
    """

    file: str
    kept: str
    removed: bool = False
    restored: bool = False
    lines: tuple[str, ...] = ()


def undo(workspace: Workspace, stem: str | None = None) -> tuple[Undone | Problem, ...]:
    """Undo the last change: of this contact, or of the contact changed last.

    Without a contact, everything that was changed together is taken back together. A file that was
    changed since by other means is left as it is, with a problem that names its former version.
    What is taken out is kept beside the history, as `undone.yaml`.
    """
    with _alone(workspace):
        return tuple(_undo_one(workspace, version) for version in _last(workspace, stem))


def take_back(
    paths: Sequence[Path], *, workspace: Workspace, batch: str
) -> tuple[Undone | Problem, ...]:
    """Take back what a change that failed half-way did to these files, the last one first."""
    outcomes = []
    with _alone(workspace):
        for path in reversed(paths):
            version = _newest(workspace, history_folder(workspace, history_name(path, workspace)))
            if version is not None and version.batch == batch:
                outcomes.append(_undo_one(workspace, version))
                version.path.with_name("undone.yaml").unlink(missing_ok=True)
    return tuple(outcomes)


def _last(workspace: Workspace, stem: str | None) -> list[Version]:
    """The last versions, one for each file of the last change.

    For a contact these are its own file and the firm's file that was changed with it.
    """
    folders = sorted(path for path in (workspace.memory / "history").iterdir() if path.is_dir())
    if stem is not None:
        folders = [one for one in folders if one.name == stem or is_of_shared(one.name)]
    versions = [found for folder in folders if (found := _newest(workspace, folder))]
    theirs = [v for v in versions if stem is None or is_of(stem, v.path.parent.name)]
    if not theirs:
        return []
    batch = max(theirs, key=lambda version: version.path.stat().st_mtime_ns).batch
    return [version for version in versions if version.batch == batch]


def _newest(workspace: Workspace, folder: Path) -> Version | None:
    """The newest version whose change took place; a crash can leave one that did not.

    A file that was made and then removed by hand has nothing to take back either.
    """
    path = file_of(workspace, folder.name)
    current = hold(path, workspace=workspace)
    for version in reversed(versions_in(folder)):
        if version.is_of_new_file:
            is_as_before = not os.path.lexists(path)
        else:
            former = version.path.read_bytes()
            is_as_before = isinstance(current, HeldFile) and current.content == former
        if not is_as_before:
            return version
        version.path.unlink(missing_ok=True)
    return None


def _put_back(path: Path, version: Version, workspace: Workspace) -> Undone | Problem:
    """Put a file back that was removed."""
    file = workspace.relative(path)
    try:
        write_whole(path, version.path.read_bytes())
    except OSError as error:
        return _problem(file, error)
    version.path.unlink(missing_ok=True)
    return Undone(file=file, kept="", restored=True)


def _undo_one(workspace: Workspace, version: Version) -> Undone | Problem:
    stem = version.path.parent.name
    former = workspace.relative(version.path)
    path = file_of(workspace, stem)
    if version.replaced_by == content_hash(GONE) and not os.path.lexists(path):
        return _put_back(path, version, workspace)
    current = hold(path, workspace=workspace)
    if isinstance(current, Problem):
        return current
    if content_hash(current.content) != version.replaced_by:
        message = Phrase(
            "was changed since by another program; its former version is {former}", former=former
        )
        if version.is_of_new_file:
            message = Phrase("was changed since it was made; it is left as it is")
        return Problem(file=current.file, message=message)
    kept = version.path.with_name("undone.yaml")
    lines: tuple[str, ...] = ()
    try:
        write_whole(kept, current.content)
        if version.is_of_new_file:
            _still_as_held(current, workspace)
            current.path.unlink()
            sync_folder(current.path.parent)
        else:
            content = version.path.read_bytes()
            lines = _difference(current.content, content)
            write_whole(
                current.path,
                content,
                mode=current.mode,
                before_rename=lambda: _still_as_held(current, workspace),
            )
    except OSError as error:
        message = Phrase(
            "cannot be written: {reason}; its former version is {former}",
            reason=error.strerror,
            former=former,
        )
        return _problem(current.file, error, message)
    version.path.unlink(missing_ok=True)
    removed = version.is_of_new_file
    return Undone(file=current.file, kept=workspace.relative(kept), removed=removed, lines=lines)


def _difference(before: bytes, after: bytes) -> tuple[str, ...]:
    """The lines that are only in one of two texts, each with its sign."""
    old, new = (one.decode(errors="replace").splitlines() for one in (before, after))
    lines = list(unified_diff(old, new, n=0, lineterm=""))[2:]
    return tuple(line for line in lines if not line.startswith("@@"))
