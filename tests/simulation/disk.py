"""A disk that forgets: what a loss of power leaves of the files that a process has written.

`disk.c`, loaded before everything else, writes down each step that a process takes with the files
of a folder: SQLite's as well as Python's. Here it is worked out which of them are on the disk for
certain, since they were synced, and a draw decides about the rest: contents in part, in another
order, or not at all; new, renamed and removed names the same.
"""

import ctypes
import errno
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).with_name("disk.c")
HEAD: Final = struct.Struct("=QQqQ")
BLOCK: Final = 4096
"""What reaches a disk whole, or not."""
FOLDER: Final = -1
"""In place of a file's number."""

Names = dict[str, int]
"""From a path to the number of the file there."""


def load() -> bool:
    """See to it that this process runs with the recorder; False where it cannot be made."""
    if _watch() is not None:
        return True
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        return False
    made = Path(tempfile.mkdtemp(prefix="disk-")) / "disk.so"
    line = [compiler, "-O1", "-shared", "-fPIC", "-o", str(made), str(SOURCE)]
    if subprocess.run(line, check=False).returncode:
        return False
    os.environ["LD_PRELOAD"] = str(made)
    return bool(os.execv(sys.executable, [sys.executable, *sys.argv]))


def tidy_up() -> None:
    """Remove the recorder's file; it stays loaded."""
    made = Path(os.environ.pop("LD_PRELOAD", ""))
    if made.name == "disk.so":
        shutil.rmtree(made.parent, ignore_errors=True)


def is_watched() -> bool:
    """Whether this process runs with the recorder."""
    return _watch() is not None


def _watch() -> Callable[..., None] | None:
    return getattr(ctypes.CDLL(None), "disk_watch", None)


def watch(
    root: Path, record: int, *, cut_at: int = 0, fails: range = range(0), code: int = errno.EIO
) -> None:
    """From now on this process's steps are recorded; it ends before one, and some of them fail."""
    found = _watch()
    assert found is not None
    found(
        os.fsencode(root), record, ctypes.c_long(cut_at), ctypes.c_long(fails.start),
        ctypes.c_long(fails.stop), code,
    )  # fmt: skip


@dataclass
class _Content:
    """A file's bytes: those on the disk for certain, and what was written since."""

    synced: bytes = b""
    waiting: list[tuple[int, bytes | None]] = field(default_factory=list)

    def write(self, at: int, data: bytes) -> None:
        for piece in range(0, len(data), BLOCK):
            self.waiting.append((at + piece, data[piece : piece + BLOCK]))

    def sync(self) -> None:
        self.synced = self.after(self.waiting)
        self.waiting = []

    def after(self, steps: list[tuple[int, bytes | None]]) -> bytes:
        content = bytearray(self.synced)
        for at, data in steps:
            if data is None:
                del content[at:]
                content += bytes(max(at - len(content), 0))
            else:
                content += bytes(max(at - len(content), 0))
                content[at : at + len(data)] = data
        return bytes(content)

    def left(self, dice: random.Random) -> bytes:
        """What is found after the power came back."""
        match dice.randrange(4):
            case 0:
                return self.synced
            case 1:
                return self.after(self.waiting)
            case 2:
                return self.after(self.waiting[: dice.randrange(len(self.waiting) + 1)])
        return self.after([step for step in self.waiting if dice.random() < 0.5])


@dataclass(frozen=True)
class _Step:
    """A change of names: which folders must be synced for it to last, and how it is made."""

    folders: frozenset[str]
    make: Callable[[Names], None]


@dataclass
class Disk:
    """The files below a folder, from a moment at which all of them were on the disk."""

    root: Path
    contents: dict[int, _Content] = field(default_factory=dict)
    names: Names = field(default_factory=dict)
    steps: list[_Step] = field(default_factory=list)
    now: Names = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in (self.root, *self.root.rglob("*")):
            if path.is_dir():
                self.names[str(path)] = FOLDER
            elif path.is_file():
                number = path.stat().st_ino
                self.names[str(path)] = number
                self.contents[number] = _Content(path.read_bytes())
        self.now = dict(self.names)

    def lose_power(self, record: bytes, dice: random.Random) -> None:
        """Leave in the folder what a loss of power after these steps would have left."""
        orderly = dice.random() < 0.4  # names change in order, as with a journal
        for kind, number, at, data in _steps(record):
            self._take(kind, number, at, data, orderly=orderly)
        names = self.names
        if orderly:
            chosen = self.steps[: dice.randrange(len(self.steps) + 1)]
        elif dice.random() < 0.5:  # each folder in order
            folders = sorted({folder for step in self.steps for folder in step.folders})
            last = {one: dice.randrange(len(self.steps) + 1) for one in folders}
            chosen = [s for at, s in enumerate(self.steps) if all(at < last[f] for f in s.folders)]
        else:
            chosen = [step for step in self.steps if dice.random() < 0.5]
        for step in chosen:
            step.make(names)
        self._put(names, dice)

    def _take(self, kind: str, number: int, at: int, data: bytes, *, orderly: bool) -> None:
        path, _, other = os.fsdecode(data).partition("\x01") if kind in "CMUXRLD" else ("", "", "")
        match kind:
            case "W":
                self.contents.setdefault(number, _Content()).write(at, data)
            case "T":
                self.contents.setdefault(number, _Content()).waiting.append((at, None))
            case "S":
                self.contents.setdefault(number, _Content()).sync()
                if orderly:
                    self._settle(self.steps)
            case "D":
                lasting = [s for s in self.steps if orderly or path in s.folders]
                self._settle(lasting)
            case "C":
                self.contents[number] = _Content()
                self._change([path], lambda names: _add(names, path, number))
            case "M":
                self._change([path], lambda names: _add(names, path, FOLDER))
            case "U" | "X":
                self._change([path], lambda names: _remove(names, path))
            case "R":
                moved = self.now.get(path, FOLDER)
                self._change([path, other], lambda names: _move(names, path, other, moved))
            case "L":
                linked = self.now.get(path, FOLDER)
                self._change([other], lambda names: _add(names, other, linked))

    def _change(self, paths: list[str], make: Callable[[Names], None]) -> None:
        make(self.now)
        folders = frozenset(path.rpartition("/")[0] for path in paths)
        self.steps.append(_Step(folders, make))

    def _settle(self, lasting: list[_Step]) -> None:
        for step in lasting:
            step.make(self.names)
        self.steps = [step for step in self.steps if step not in lasting]

    def _put(self, names: Names, dice: random.Random) -> None:
        """Make the folder look so."""
        root = str(self.root)
        kept = {path for path in names if all(_is_folder(names, one) for one in _above(path, root))}
        for path in sorted(self.root.rglob("*"), reverse=True):
            if str(path) not in kept:
                path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        for name in sorted(kept):
            path = Path(name)
            if names[name] == FOLDER:
                path.mkdir(mode=0o700, exist_ok=True)
                continue
            file = self.contents.get(names[name], _Content())
            content = file.left(dice) if file.waiting else file.synced
            if not path.is_file() or path.read_bytes() != content:
                path.write_bytes(content)


def _steps(record: bytes) -> Iterator[tuple[str, int, int, bytes]]:
    at = 0
    while at + HEAD.size <= len(record):
        kind, number, place, length = HEAD.unpack_from(record, at)
        at += HEAD.size
        yield chr(kind), number, place, record[at : at + length]
        at += length


def _above(path: str, root: str) -> Iterator[str]:
    while path != root and len(path) > len(root):
        path = path.rpartition("/")[0]
        yield path


def _is_folder(names: Names, path: str) -> bool:
    return names.get(path) == FOLDER


def _add(names: Names, path: str, number: int) -> None:
    names[path] = number


def _remove(names: Names, path: str) -> None:
    if not any(other.startswith(f"{path}/") for other in names):
        names.pop(path, None)


def _move(names: Names, path: str, to: str, number: int) -> None:
    inside = [name for name in names if name.startswith(f"{path}/")]
    names.pop(path, None)
    names[to] = number
    for name in inside:
        names[to + name.removeprefix(path)] = names.pop(name)
