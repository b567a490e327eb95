"""A private copy of a workspace in an object store, for the length of a night."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from briefgen.workspace.atomic import write_whole
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Stop

_WANTED: Final = ("briefgen.yaml", "data", "templates")
_SHEETS: Final = "sheets"
_BRIEFINGS: Final = "briefings"
_ADDRESS: Final = re.compile(r"\w+://\S+")
_MOST_BYTES: Final = 512 * 1024 * 1024


class NoCopy(Stop):
    """A remote workspace cannot be copied, or its sheets not uploaded; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A private copy of a remote workspace."""

    folder: Path
    root: str
    files: Any = field(repr=False)
    """The file system, as fsspec has it."""

    def bring_back(self) -> None:
        """Upload each day's sheets and report, and then the pointer that names them.

        A sheet is stored under the hash of its content. The pointer, `briefings/DAY.json`, comes
        last: a reader finds all files that it names, and two writers cannot leave a mixture. Notes,
            settings and calendars are never written there.

        Raises:
            NoCopy: if they cannot be written.
        """
        folder = self.folder / _BRIEFINGS
        try:
            for day in sorted(folder.iterdir()) if folder.is_dir() else ():
                pointer = {file.name: self._send(file) for file in sorted(day.iterdir())}
                told = json.dumps(pointer, sort_keys=True).encode()
                place = f"{self.root}/{_BRIEFINGS}/{day.name}.json"
                if not self.files.exists(place) or self.files.cat_file(place) != told:
                    self._put(place, told)
        except Exception as error:  # noqa: BLE001  # each file system has errors of its own
            raise NoCopy(
                "the sheets cannot be brought back: {reason}", reason=_reason(error)
            ) from None

    def _send(self, file: Path) -> str:
        content = file.read_bytes()
        name = f"{hashlib.sha256(content).hexdigest()}{file.suffix}"
        place = f"{self.root}/{_SHEETS}/{name}"
        if not self.files.exists(place):
            self._put(place, content)
        return name

    def _put(self, place: str, content: bytes) -> None:
        """Write a file whole or not at all, as object stores do; on a disk by renaming."""
        self.files.makedirs(place.rpartition("/")[0], exist_ok=True)
        if self.files.protocol in {"file", "local"} or "file" in self.files.protocol:
            write_whole(Path(place), content)
        else:
            self.files.pipe_file(place, content)


@contextmanager
def private_copy(address: str) -> Iterator[Copy]:
    """A copy that only this user can read; it is deleted when the block ends.

    Raises:
        NoCopy: if it cannot be made.
    """
    try:
        fsspec: Any = import_module("fsspec.core")  # an extra, and untyped
    except ImportError:
        message = Phrase("a remote workspace needs: pip install 'briefgen[team]'")
        raise NoCopy(message) from None
    with TemporaryDirectory(prefix="briefgen-team-") as made:  # with mode 0700
        folder = Path(made)
        try:
            files, root = fsspec.url_to_fs(address)
            _fetch(files, root, folder)
            _fetch_sheets(files, root, folder)
        except NoCopy:
            raise
        except Exception as error:  # noqa: BLE001  # each file system has errors of its own
            raise NoCopy(
                "the workspace cannot be copied here: {reason}", reason=_reason(error)
            ) from None
        yield Copy(folder=folder, root=root, files=files)


def _fetch(files: Any, root: str, folder: Path) -> None:  # noqa: ANN401  # fsspec is untyped
    total = 0
    for top in _WANTED:
        found: Mapping[str, Any] = files.find(f"{root}/{top}", detail=True)
        for place, about in found.items():
            total += int(about.get("size") or 0)
            if total > _MOST_BYTES:
                raise NoCopy(Phrase("the workspace is larger than 512 MB"))
            target = folder / place.removeprefix(f"{root}/")
            if not target.resolve().is_relative_to(folder.resolve()):
                raise NoCopy(Phrase("a name in the workspace leads out of it"))
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, files.cat_file(place))


def _fetch_sheets(files: Any, root: str, folder: Path) -> None:  # noqa: ANN401  # as above
    """The sheets of the last days, so that unchanged ones are not made again."""
    if not files.exists(f"{root}/{_BRIEFINGS}"):
        return
    listed = files.ls(f"{root}/{_BRIEFINGS}", detail=False)
    for pointer in sorted(one for one in listed if one.endswith(".json"))[-3:]:
        day = pointer.rpartition("/")[2].removesuffix(".json")
        for name, sheet in json.loads(files.cat_file(pointer)).items():
            target = folder / _BRIEFINGS / day / Path(name).name
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, files.cat_file(f"{root}/{_SHEETS}/{Path(sheet).name}"))


def _reason(error: Exception) -> str:
    """What the file system says, without addresses, which may hold a key."""
    said = getattr(error, "strerror", None) or next(iter(str(error).splitlines()), "")
    return _ADDRESS.sub("…", said) or type(error).__name__
