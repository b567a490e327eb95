import os
import shutil
from functools import partial
from pathlib import Path

import pytest
from killing import killed_at

from briefgen.contacts.changes import (
    CHANGED,
    HeldFile,
    Undone,
    change,
    history_folder,
    hold,
    new_batch,
    put_in_place,
    put_new,
    undo,
)
from briefgen.contacts.splice import Append
from briefgen.workspace import atomic
from briefgen.workspace.folder import Workspace
from briefgen.workspace.problems import Problem

OLD = b"# mine\nname: Dana Smith\ninterests: [cooking]   # and more\n"
NEW = b"# mine\nname: Dana Smith\ninterests: [cooking, chess]   # and more\n"
CHESS = Append(keys=("interests",), value="chess")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with one contact."""
    made = Workspace(root=tmp_path)
    made.contacts.mkdir(parents=True)
    (made.contacts / "dana.yaml").write_bytes(OLD)
    return made


def _dana(workspace: Workspace) -> Path:
    return workspace.contacts / "dana.yaml"


def _held(workspace: Workspace) -> HeldFile:
    found = hold(_dana(workspace), workspace=workspace)
    assert isinstance(found, HeldFile), str(found)
    return found


def _add_chess(workspace: Workspace, *, keep: int = 20) -> bytes | Problem:
    return change(_held(workspace), [CHESS], workspace=workspace, keep=keep, batch=new_batch())


def _refusal(workspace: Workspace) -> str:
    found = hold(_dana(workspace), workspace=workspace)
    assert isinstance(found, Problem)
    return str(found)


def test_a_change_is_written_and_taken_back(workspace: Workspace) -> None:
    """The file says what was added, `undo` gives the old bytes back, and the new ones are kept."""
    assert _add_chess(workspace) == NEW
    assert _dana(workspace).read_bytes() == NEW
    done = undo(workspace)
    assert done == (
        Undone(
            file="data/contacts/dana.yaml",
            kept=".briefgen/history/dana/undone.yaml",
            lines=(
                "-interests: [cooking, chess]   # and more",
                "+interests: [cooking]   # and more",
            ),
        ),
    )
    assert _dana(workspace).read_bytes() == OLD
    assert (history_folder(workspace, "dana") / "undone.yaml").read_bytes() == NEW
    assert undo(workspace) == ()


def test_changes_are_taken_back_one_after_the_other(workspace: Workspace) -> None:
    """Three changes, three times `undo`."""
    states = [OLD]
    for _ in range(3):
        _add_chess(workspace)
        states.append(_dana(workspace).read_bytes())
    for state in reversed(states[:-1]):
        undo(workspace, "dana")
        assert _dana(workspace).read_bytes() == state


def test_what_was_changed_together_is_taken_back_together(workspace: Workspace) -> None:
    """Without a contact, `undo` takes back the last reflection whole, and nothing before it."""
    other = workspace.contacts / "lee.yaml"
    other.write_bytes(OLD)
    _add_chess(workspace)
    before = _dana(workspace).read_bytes()
    batch = new_batch()
    for path in (_dana(workspace), other):
        found = hold(path, workspace=workspace)
        assert isinstance(found, HeldFile)
        change(found, [CHESS], workspace=workspace, keep=20, batch=batch)
    assert len(undo(workspace)) == 2
    assert _dana(workspace).read_bytes() == before
    assert other.read_bytes() == OLD


def test_a_new_file_is_taken_away_again(workspace: Workspace) -> None:
    """`undo` of what made a file removes it and keeps what it held; older changes stay."""
    _add_chess(workspace)
    new = workspace.contacts / "lee.yaml"
    assert put_new(new, OLD, workspace=workspace, batch=new_batch()) is None
    (done,) = undo(workspace)
    assert isinstance(done, Undone)
    assert (done.file, done.removed, new.exists()) == ("data/contacts/lee.yaml", True, False)
    assert (workspace.root / done.kept).read_bytes() == OLD
    assert _dana(workspace).read_bytes() == NEW
    (done,) = undo(workspace)
    assert (isinstance(done, Undone) and done.removed, _dana(workspace).read_bytes()) == (
        False,
        OLD,
    )


def test_a_new_file_that_somebody_wrote_in_is_not_taken_away(workspace: Workspace) -> None:
    """What came into it since stays, byte for byte; neither is a file there made again."""
    new = workspace.contacts / "lee.yaml"
    put_new(new, OLD, workspace=workspace, batch=new_batch())
    new.write_bytes(NEW)
    (result,) = undo(workspace)
    assert isinstance(result, Problem)
    assert "changed since" in result.message
    assert isinstance(put_new(new, OLD, workspace=workspace, batch=new_batch()), Problem)
    assert new.read_bytes() == NEW


def test_a_new_file_that_is_gone_hides_no_older_change(workspace: Workspace) -> None:
    """A file that was removed by hand needs no `undo`; the change before it is the last."""
    _add_chess(workspace)
    new = workspace.contacts / "lee.yaml"
    put_new(new, OLD, workspace=workspace, batch=new_batch())
    new.unlink()
    (done,) = undo(workspace)
    assert done.file == "data/contacts/dana.yaml"
    assert _dana(workspace).read_bytes() == OLD


def test_only_so_many_versions_are_kept(workspace: Workspace) -> None:
    """`keep.history_versions` limits the former versions of each file."""
    for _ in range(5):
        _add_chess(workspace, keep=3)
    assert len(list(history_folder(workspace, "dana").iterdir())) == 3


def test_a_file_changed_meanwhile_is_left_alone(workspace: Workspace) -> None:
    """What an editor wrote between reading and writing stays, byte for byte."""
    read = _held(workspace)
    _dana(workspace).write_bytes(b"name: Dana Jones\n")
    result = change(read, [CHESS], workspace=workspace, keep=20, batch=new_batch())
    assert isinstance(result, Problem)
    assert result.message == CHANGED
    assert _dana(workspace).read_bytes() == b"name: Dana Jones\n"
    assert sorted(path.name for path in workspace.contacts.iterdir()) == ["dana.yaml"]
    assert not list(history_folder(workspace, "dana").iterdir())


def test_a_file_changed_since_is_not_taken_back(workspace: Workspace) -> None:
    """`undo` never throws away what someone wrote after the change."""
    _add_chess(workspace)
    _dana(workspace).write_bytes(NEW + b"title: VP\n")
    (result,) = undo(workspace)
    assert isinstance(result, Problem)
    assert ".briefgen/history/dana/" in result.message
    assert _dana(workspace).read_bytes() == NEW + b"title: VP\n"


def test_a_symbolic_link_is_not_written_through(workspace: Workspace, tmp_path: Path) -> None:
    """A link is refused, and what it points at stays."""
    elsewhere = tmp_path / "elsewhere.yaml"
    elsewhere.write_bytes(OLD)
    _dana(workspace).unlink()
    _dana(workspace).symlink_to(elsewhere)
    assert "symbolic link" in _refusal(workspace)
    assert elsewhere.read_bytes() == OLD


def test_a_read_only_file_is_not_replaced(workspace: Workspace) -> None:
    """Who took the right to write away meant it, though a rename would go round it."""
    _dana(workspace).chmod(0o444)
    assert "read-only" in _refusal(workspace)


def test_a_pipe_is_refused_at_once(workspace: Workspace) -> None:
    """A pipe with nobody at its other end does not stop the command."""
    _dana(workspace).unlink()
    os.mkfifo(_dana(workspace))
    assert "not a plain file" in _refusal(workspace)


def test_a_missing_file_is_a_problem(workspace: Workspace) -> None:
    """A file that went away meanwhile is reported, not raised."""
    _dana(workspace).unlink()
    assert "cannot be read" in _refusal(workspace)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name: Zo\xeb\n", "not UTF-8"),
        (b"name: Dana\nemails:\n\t- a@b.example\n", "tab"),
        (b"name: Dana\ntitle: &x y\n", "anchor"),
        (b"name: Dana\nname: Dora\n", "is there twice"),
        (b"- Dana\n", "not a list"),
        (b"name: Dana\ninterests: one\n", "must be a list"),
    ],
)
def test_what_cannot_be_read_is_not_changed(
    workspace: Workspace, content: bytes, said: str
) -> None:
    """Latin-1, tabs, anchors and doubled keys are problems with a line; the file stays."""
    _dana(workspace).write_bytes(content)
    result = change(_held(workspace), [CHESS], workspace=workspace, keep=20, batch=new_batch())
    assert isinstance(result, Problem)
    assert said in result.message
    assert result.line is not None
    assert _dana(workspace).read_bytes() == content


def test_permissions_stay(workspace: Workspace) -> None:
    """A file others may read still may be read by them."""
    _dana(workspace).chmod(0o640)
    _add_chess(workspace)
    assert _dana(workspace).stat().st_mode & 0o777 == 0o640


def test_a_full_disk_loses_nothing(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk is full the old file stays whole, and the problem says so."""
    read = _held(workspace)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = change(read, [CHESS], workspace=workspace, keep=20, batch=new_batch())
    assert isinstance(result, Problem)
    assert "No space left" in result.message
    assert _dana(workspace).read_bytes() == OLD
    assert [path.name for path in workspace.contacts.iterdir()] == ["dana.yaml"]


def test_a_folder_that_cannot_be_synced_is_told_as_such(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only the last sync fails the file has changed, and nobody is told that it has not."""
    read, sync = _held(workspace), atomic.sync_folder

    def fails(folder: Path) -> None:
        if folder == workspace.contacts:
            raise OSError(5, "Input/output error")
        sync(folder)

    monkeypatch.setattr(atomic, "sync_folder", fails)
    result = change(read, [CHESS], workspace=workspace, keep=20, batch=new_batch())
    assert isinstance(result, Problem)
    assert result.message == "written, but a power cut may undo it: Input/output error"
    assert b"chess" in _dana(workspace).read_bytes()
    monkeypatch.undo()
    assert any(isinstance(done, Undone) for done in undo(workspace)), "its old version is kept"


def test_killed_at_every_step_the_file_is_whole(workspace: Workspace) -> None:
    """After a kill -9 at any line of the writer the file is the old one or the new one."""
    step, found = 0, set()
    while True:
        step += 1
        shutil.rmtree(workspace.memory, ignore_errors=True)  # each step on the same ground
        _dana(workspace).write_bytes(OLD)
        read = _held(workspace)
        act = partial(put_in_place, read, NEW, workspace=workspace, keep=20, batch=new_batch())
        if not killed_at(step, act, within=("changes.py", "atomic.py")):
            break
        now = _dana(workspace).read_bytes()
        assert now in (OLD, NEW), step
        found.add(now)
        if now == NEW:
            assert any(isinstance(done, Undone) for done in undo(workspace)), step
            assert _dana(workspace).read_bytes() == OLD
    assert found == {OLD, NEW}
    assert step > 50
