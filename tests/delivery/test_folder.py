"""A day's folder knows which version of a file it holds."""

import os
from datetime import date
from pathlib import Path

import pytest

from briefgen.delivery.folder import WrittenFile, hash_of, open_day
from briefgen.workspace.folder import Workspace

DAY = date(2026, 11, 30)


def test_a_version_that_was_announced_and_not_written_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a disk fault the former page does not pass for the new one."""
    workspace = Workspace(root=tmp_path)
    old, new = (_written(tmp_path, content) for content in (b"old", b"new"))
    open_day(workspace, DAY).write({"a.pdf": (old, b"old")}).store()
    rename = os.replace

    def full_disk(source: str, target: str, **given: int) -> None:
        if str(target).endswith(".pdf"):
            raise OSError(28, "No space left on device")
        rename(source, target, **given)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full_disk)
        patch.setattr(os, "rename", full_disk)
        with pytest.raises(OSError, match="No space"):
            open_day(workspace, DAY).write({"a.pdf": (new, b"new")})

    folder = open_day(workspace, DAY)
    assert (folder.path / "a.pdf").read_bytes() == b"old"
    assert folder.unchanged("a.pdf", new.fingerprint) is None
    folder.write({"a.pdf": (new, b"new")}).store()
    assert [path.name for path in folder.path.iterdir()] == ["a.pdf"], "the old page was briefgen's"
    assert open_day(workspace, DAY).unchanged("a.pdf", new.fingerprint) == new


def _written(folder: Path, content: bytes) -> WrittenFile:
    path = folder / "hashed"
    path.write_bytes(content)
    return WrittenFile(fingerprint=f"of {content!r}", hashes=(str(hash_of(path)),))
