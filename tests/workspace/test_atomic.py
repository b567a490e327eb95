"""Files are written whole or not at all, and nothing but regular files is read."""

import errno
import os
import stat
import time
from pathlib import Path

import pytest

from briefgen.workspace import atomic
from briefgen.workspace.atomic import (
    MOST_BYTES,
    NotSynced,
    is_regular,
    left_unfinished,
    make_folder,
    read_inside,
    read_regular,
    temporary_file,
    write_whole,
)
from briefgen.workspace.problems import unwritten


def test_every_fault_of_the_disk_names_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever call fails, and whether or not the system names a file, the one meant is named."""
    target = tmp_path / "folder" / "file.json"

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for call in ("fsync", "fchmod", "fdopen"):
        with monkeypatch.context() as patched:
            patched.setattr(os, call, full)
            with pytest.raises(OSError, match="No space left") as caught:
                write_whole(target, b"x")
        assert caught.value.filename == str(target), call
    with monkeypatch.context() as patched:
        patched.setattr("tempfile.mkstemp", full)
        with pytest.raises(OSError, match="No space left") as caught:
            write_whole(target, b"x")
    assert caught.value.filename == str(target)
    assert list(target.parent.iterdir()) == [], "nothing half-written is left"


def test_files_that_are_no_regular_files(tmp_path: Path) -> None:
    """Links, pipes, devices, folders and what leads out are refused; the path is named."""
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inner").write_bytes(b"inner")
    (tmp_path / "linked").symlink_to(tmp_path / "folder")
    os.mkfifo(tmp_path / "pipe")
    assert read_regular(tmp_path / "file") == read_inside(tmp_path, "file") == b"content"
    assert read_inside(tmp_path, "folder/inner") == b"inner"
    assert is_regular(tmp_path / "file")
    assert read_inside(tmp_path / "linked", "inner") == b"inner", "the folder itself may be a link"
    for name in ("link", "pipe", "folder", "missing"):
        with pytest.raises(OSError, match=name) as caught:
            read_regular(tmp_path / name)
        assert caught.value.filename == str(tmp_path / name)
        assert not is_regular(tmp_path / name)
    for name in ("link", "pipe", "folder", "linked/inner", "../x", "/etc/passwd", ""):
        with pytest.raises(OSError):  # noqa: PT011  # several reasons
            read_inside(tmp_path, name)
    with pytest.raises(OSError, match="too large"):
        read_regular(tmp_path / "file", most_bytes=6)
    assert read_regular(tmp_path / "file", most_bytes=7) == b"content"
    with pytest.raises(OSError, match="not a regular file"):
        read_regular(Path("/dev/zero"))


@pytest.mark.parametrize(
    ("age", "at_work", "left"),
    [
        (60, False, False),
        (61, False, True),
        (61, True, False),
        (86_400, True, False),
        (86_401, True, True),
    ],
)
def test_when_something_is_left_over(tmp_path: Path, age: int, left: bool, at_work: bool) -> None:  # noqa: FBT001  # as parametrized
    """A minute after its writer is gone, or a day after anyone wrote it."""
    number = os.getpid() if at_work else 2**22 + 1
    path = tmp_path / f".briefgen-{number}-x.part"
    path.touch()
    os.utime(path, (1_000_000, 1_000_000))
    assert list(left_unfinished([tmp_path], 1_000_000 + age)) == ([path] if left else [])


def test_folders_are_private_and_outlive_a_loss_of_power(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each new folder is 0700, and its name is synced; one that is there keeps its mode."""
    there = tmp_path / "there"
    there.mkdir(mode=0o755)
    synced: list[Path] = []
    monkeypatch.setattr(atomic, "sync_folder", synced.append)
    make_folder(there / "a" / "b")
    assert synced == [there, there / "a"]
    modes = [stat.S_IMODE((there / name).stat().st_mode) for name in (".", "a", "a/b")]
    assert modes == [0o755, 0o700, 0o700]


def test_a_folder_that_somebody_makes_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs may make the same folder at one time."""
    monkeypatch.setattr(Path, "exists", lambda _: False)
    make_folder(tmp_path)


def test_content_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it is written and synced, then it is renamed, then the folder is synced."""
    path, seen = tmp_path / "file", list[tuple[str, int | bool]]()

    def sync(descriptor: int) -> None:
        found = os.fstat(descriptor)
        is_folder = stat.S_ISDIR(found.st_mode)
        seen.append(("folder", path.exists()) if is_folder else ("file", found.st_size))

    monkeypatch.setattr(os, "fsync", sync)
    write_whole(path, b"content", before_rename=lambda: seen.append(("named", path.exists())))
    assert seen == [("file", 7), ("named", False), ("folder", True)]


def test_who_may_read_a_file(tmp_path: Path) -> None:
    """Only the user, unless another mode is asked for, whatever the umask."""
    before = os.umask(0o777)
    try:
        write_whole(tmp_path / "own", b"")
        write_whole(tmp_path / "shared", b"", mode=0o664)
    finally:
        os.umask(before)
    found = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("own", "shared")]
    assert found == [0o600, 0o664]


def test_nothing_is_replaced_where_the_last_look_says_no(tmp_path: Path) -> None:
    """The old content stays, and nothing half-written is left beside it."""
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def refuse() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        write_whole(path, b"new", before_rename=refuse)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is there; nobody is told that it could not be written, and its path is named."""
    path = tmp_path / "file"

    def fail(_: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(atomic, "sync_folder", fail)
    with pytest.raises(NotSynced) as caught:
        write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert (caught.value.errno, caught.value.filename) == (errno.EIO, str(path))
    said = "written, but a power cut may undo it: Input/output error"
    assert caught.value.strerror == said
    assert unwritten("file", caught.value, "cannot be written at all").message == said


def test_a_file_that_cannot_be_written_is_told_as_such() -> None:
    """With what follows from it, where the caller says so."""
    full = OSError(errno.ENOSPC, "No space left")
    assert unwritten("file", full).message == "cannot be written: No space left"
    assert unwritten("file", full, "no room; nothing lost").message == "no room; nothing lost"


def _open_files() -> list[str]:
    return sorted(path.name for path in Path("/dev/fd").iterdir())


def test_reading_leaves_nothing_open(tmp_path: Path) -> None:
    """Neither what was read nor what was refused keeps a descriptor: nights run for years."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_bytes(b"x")
    before = _open_files()
    for name in ("folder/file", "folder/none", "folder", "file/none"):
        try:
            read_inside(tmp_path, name)
            read_regular(tmp_path / name)
        except OSError:
            pass
    write_whole(tmp_path / "new", b"")
    make_folder(tmp_path / "a" / "b")
    assert _open_files() == before


def test_the_most_that_is_read(tmp_path: Path) -> None:
    """64 MB and not a byte more, if nothing else is asked for; both paths are named."""
    path = tmp_path / "large"
    with path.open("wb") as stream:
        stream.truncate(MOST_BYTES)
    assert MOST_BYTES == 64 * 2**20
    assert len(read_regular(path)) == MOST_BYTES
    with path.open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(OSError, match="too large") as caught:
        read_inside(tmp_path, "large")
    assert caught.value.filename == str(path)


def test_where_unfinished_files_are_looked_for(tmp_path: Path) -> None:
    """Those of ours below the folders, and any in `plans`; a name without a process id is young."""
    (tmp_path / "deep" / "plans").mkdir(parents=True)
    names = [
        "deep/.briefgen-4194305-x.part",
        "deep/plans/tmpabc.part",
        "deep/tmpabc.part",
        ".briefgen-4194305-x.txt",
        ".briefgen-nobody-x.part",
    ]
    for name in names:
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (0, 0))
    assert set(left_unfinished([tmp_path], 100)) == {tmp_path / names[0]}
    old = {tmp_path / names[at] for at in (0, 1, 4)}
    assert set(left_unfinished([tmp_path], 100_000)) == old


def test_a_process_of_somebody_else_is_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may not be asked; nor can a number that no process has."""
    descriptor, path = temporary_file(tmp_path)
    os.close(descriptor)
    assert path.name.startswith(f".briefgen-{os.getpid()}-")
    assert path.name.endswith(".part")
    for error in (PermissionError, OverflowError):

        def refuse(_: int, number: int, error: type[Exception] = error) -> None:
            assert number == 0, "it is asked, and not ended"
            raise error

        monkeypatch.setattr(os, "kill", refuse)
        assert list(left_unfinished([tmp_path], time.time() + 100)) == []
