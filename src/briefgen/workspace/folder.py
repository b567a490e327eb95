"""The folder a person works in: how it is found, its paths, and the lock on it."""

import errno
import fcntl
import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from briefgen.workspace.atomic import FILE_MODE, make_folder, naming
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Stop
from briefgen.workspace.value import Value

SETTINGS_FILE = "briefgen.yaml"
VARIABLE = "BRIEFGEN_WORKSPACE"


class NoWorkspace(Stop):
    """There is no workspace; the message says where it was looked for and what to do."""

    status = 2


class Workspace(Value, frozen=True, kw_only=True):
    """A folder with a `briefgen.yaml`, and every path in it that briefgen uses."""

    root: Path

    @property
    def contacts(self) -> Path:
        """One YAML file for each contact."""
        return self.root / "data" / "contacts"

    @property
    def photos(self) -> Path:
        """The contacts' photos."""
        return self.contacts / "photos"

    @property
    def organizations(self) -> Path:
        """One YAML file for each organization."""
        return self.root / "data" / "organizations"

    @property
    def meetings(self) -> Path:
        """What the user adds to meetings."""
        return self.root / "data" / "meetings"

    @property
    def templates(self) -> Path:
        """The user's copies of templates, which take precedence over the built-in ones."""
        return self.root / "templates"

    @property
    def briefings(self) -> Path:
        """The briefs, one folder for each day."""
        return self.root / "briefings"

    @property
    def memory(self) -> Path:
        """What can be rebuilt, or must be remembered."""
        return self.root / ".briefgen"

    @property
    def schemas(self) -> Path:
        """The JSON Schemas that the first lines of the user's files name, for editors."""
        return self.memory / "schemas"

    def shared_contacts(self, setting: str | None) -> Path | None:
        """The folder of contacts that several people share, from the setting of that name."""
        if setting is None:
            return None
        return Path(os.path.normpath(self.root / Path(setting).expanduser()))

    def relative(self, path: Path) -> str:
        """`path` as reports show it: relative to the workspace, with forward slashes."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return path.name


def find_workspace(
    given: Path | None, *, environment: Mapping[str, str], current: Path
) -> Workspace:
    """The workspace that `--workspace`, the variable, or the folders upward of `current` name.

    Raises:
        NoWorkspace: if there is none.
    """
    named = given or (Path(environment[VARIABLE]) if environment.get(VARIABLE) else None)
    if named is not None:
        root = Path(os.path.abspath(current / named.expanduser()))  # noqa: PTH100  # keeps links as typed
        if (root / SETTINGS_FILE).is_file():
            return Workspace(root=root)
        raise NoWorkspace(
            "no {file} in {named}; make one with: briefgen init {named}",
            file=SETTINGS_FILE,
            named=named,
        )
    for folder in (current, *current.parents):
        if (folder / SETTINGS_FILE).is_file():
            return Workspace(root=folder)
    raise NoWorkspace(
        "no {file} here or in any folder above; go to your workspace with cd, name it with "
        "--workspace, or make one with: briefgen init DIR",
        file=SETTINGS_FILE,
    )


_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Locked(Stop):
    """Another run holds the workspace's lock."""

    status = 75

    def __init__(self) -> None:
        super().__init__(Phrase("another run is at work in this workspace; try again later"))


@contextmanager
def only_run(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace's lock (flock) for as long as the block runs; it ends with the process.

    Raises:
        Locked: if another run holds it.
        OSError: naming the lock, if it cannot be taken; a pipe or a link in its place is refused.
    """
    lock = workspace.memory / "lock"
    with naming(lock):
        make_folder(workspace.memory)
        descriptor = os.open(lock, _FLAGS, FILE_MODE)
    try:
        with naming(lock):
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, Phrase("not a regular file"))
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Locked from None
            os.utime(descriptor)  # its time is the file system's own clock
        yield
    finally:
        os.close(descriptor)


def sessions_file(workspace: Workspace) -> Path:
    """The file of the web page's sessions."""
    return workspace.memory / "web" / "sessions.json"


def phone_is_paired(workspace: Workspace, as_of: datetime) -> bool:
    """Whether a telephone is paired and its session has not expired; False if unreadable."""
    try:
        kept = json.loads(sessions_file(workspace).read_bytes())
        return any(
            one["kind"] == "phone" and datetime.fromisoformat(one["until"]) > as_of
            for one in kept["sessions"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False
