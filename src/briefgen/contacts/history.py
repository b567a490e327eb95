"""The former versions of contact and organization files, in `.briefgen/history/`."""

import hashlib
import re
from pathlib import Path
from urllib.parse import unquote

from briefgen.workspace.folder import Workspace
from briefgen.workspace.value import Value

# The versions of a file: `000007-<batch>-<hash of what replaced it>.yaml`; `.new` where there was
# none before.

NEW = ".new"
GONE = b""
"""The content that replaces a removed file."""
_VERSION = re.compile(r"(\d{6,})-([0-9a-f]{8})-([0-9a-f]{16})\.(?:yaml|new)\Z")


_SLASH = "%2F"
_OF_ORGANIZATION = "@"
"""Before the name of a history folder: it is of an organization's file."""


def is_of_shared(history_name: str) -> bool:
    """Whether a history folder is of a file in the firm's folder."""
    return history_name.startswith(_SLASH)


def is_of(stem: str, history_name: str) -> bool:
    """Whether a history folder is of the contact's own file of this name, or the firm's."""
    return history_name == stem or history_name.endswith(f"{_SLASH}{stem}.yaml")


def history_folder(workspace: Workspace, stem: str) -> Path:
    """The folder of former versions of a contact's file."""
    return workspace.memory / "history" / stem


def history_name(path: Path, workspace: Workspace) -> str:
    """What the history folder of a contact's or organization's file is called.

    One of the firm's goes by its whole path, since a file of one's own may have the same name.
    """
    if not path.is_relative_to(workspace.root):
        return str(path).replace("%", "%25").replace("/", _SLASH)
    is_organization = path.parent == workspace.organizations
    return f"{_OF_ORGANIZATION}{path.stem}" if is_organization else path.stem


class Version(Value, frozen=True, kw_only=True):
    """A former version of a contact file.

    Attributes:
        number: the higher, the younger.
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
    """What names a text in the name of the version that it replaced."""
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
    """Where the version goes that `content` takes the place of."""
    folder = history_folder(workspace, stem)
    versions = versions_in(folder)
    number = versions[-1].number + 1 if versions else 1
    return folder / f"{number:06}-{batch}-{content_hash(content)}{suffix}"


def forget_oldest(folder: Path, keep: int) -> None:
    """Remove all versions but the youngest `keep`."""
    versions = versions_in(folder)
    for version in versions[: max(len(versions) - keep, 0)]:
        version.path.unlink(missing_ok=True)


def file_of(workspace: Workspace, history_name: str) -> Path:
    """The file that a history folder of this name is of."""
    if is_of_shared(history_name):
        return Path(unquote(history_name))
    if history_name.startswith(_OF_ORGANIZATION):
        return workspace.organizations / f"{history_name[1:]}.yaml"
    return workspace.contacts / f"{history_name}.yaml"
