"""The folder a person works in: where it is, and where things lie in it."""

import os
from collections.abc import Mapping
from pathlib import Path

from briefgen.workspace.phrase import Phrase
from briefgen.workspace.value import Value

SETTINGS_FILE = "briefgen.yaml"
VARIABLE = "BRIEFGEN_WORKSPACE"


class NoWorkspace(Exception):  # noqa: N818  # names what there is not
    """There is no workspace to work in; the message says where was looked and what to do."""


class Workspace(Value, frozen=True, kw_only=True):
    """A folder with a `briefgen.yaml`; every path of it that briefgen knows."""

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
        """The user's copies of templates, which win over the built-in ones."""
        return self.root / "templates"

    @property
    def briefings(self) -> Path:
        """Where the briefs land, one folder for each day."""
        return self.root / "briefings"

    @property
    def memory(self) -> Path:
        """What can be rebuilt, or must be remembered."""
        return self.root / ".briefgen"

    def shared_contacts(self, setting: str | None) -> Path | None:
        """The folder of contacts that several people share, as the setting of that name says."""
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
        NoWorkspace: where there is none.
    """
    named = given or (Path(environment[VARIABLE]) if environment.get(VARIABLE) else None)
    if named is not None:
        root = Path(os.path.abspath(current / named.expanduser()))  # noqa: PTH100  # keeps links as typed
        if (root / SETTINGS_FILE).is_file():
            return Workspace(root=root)
        raise NoWorkspace(
            Phrase(
                "no {file} in {named}; make one with: briefgen init {named}",
                file=SETTINGS_FILE,
                named=named,
            )
        )
    for folder in (current, *current.parents):
        if (folder / SETTINGS_FILE).is_file():
            return Workspace(root=folder)
    raise NoWorkspace(
        Phrase(
            "no {file} here or in any folder above; go to your workspace with cd, name it with "
            "--workspace, or make one with: briefgen init DIR",
            file=SETTINGS_FILE,
        )
    )
