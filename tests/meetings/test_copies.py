"""The last good copy of a feed outlives whatever happens while a newer one takes its place."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from killing import killed_at

from briefgen.meetings.copies import Copy, Shelf, digest
from briefgen.workspace.folder import Workspace

AT = datetime(2026, 11, 22, 22, 10, tzinfo=UTC)


def shelf_in(folder: Path) -> Shelf:
    """Where the copies of a feed called `work` lie."""
    return Shelf(Workspace(root=folder), "work", "https://calendar.example/work.ics")


def copy_of(content: bytes, shelf: Shelf) -> Copy:
    """What is known of these bytes."""
    return Copy(
        digest=digest(content), source=shelf.source or "", events=1, good_at=AT, whole_at=AT
    )


def held(shelf: Shelf) -> bytes | None:
    """The bytes of the copy that is there."""
    copy = shelf.about()
    return shelf.content(copy) if copy is not None else None


def test_a_kill_between_a_copy_and_what_is_known_of_it(tmp_path: Path) -> None:
    """At each step the old copy is there, or the new one; none was left half way between them."""
    old, new = b"the old calendar", b"the new calendar"
    killed, step, found = True, 0, set()
    while killed:
        step += 1
        shelf = shelf_in(tmp_path / str(step))
        shelf.put(copy_of(old, shelf), old)
        act = partial(shelf.put, copy_of(new, shelf), new)
        killed = killed_at(step, act, within=("meetings/copies.py", "workspace/atomic.py"))
        found.add(held(shelf))
    assert found == {old, new}


def test_only_one_copy_is_kept(tmp_path: Path) -> None:
    """The one before goes; the copies of a feed whose name begins alike stay."""
    shelf = shelf_in(tmp_path)
    shelf.put(copy_of(b"one", shelf), b"one")
    (name,) = (path.stem for path in shelf.index_folder.glob("*.json"))
    other = Shelf(Workspace(root=tmp_path), name, None)
    other.put(copy_of(b"theirs", other), b"theirs")
    shelf.put(copy_of(b"two", shelf), b"two")
    assert (held(shelf), held(other)) == (b"two", b"theirs")
    assert (
        sorted(path.suffix for path in shelf.index_folder.iterdir()) == [".ics"] * 2 + [".json"] * 2
    )


def test_a_damaged_copy_is_written_again(tmp_path: Path) -> None:
    """Though the feed says what it said, so that there is something when it fails next."""
    shelf = shelf_in(tmp_path)
    shelf.put(copy_of(b"one", shelf), b"one")
    (path,) = shelf.index_folder.glob("*.ics")
    path.write_bytes(b"damaged")
    assert held(shelf) is None
    shelf.put(copy_of(b"one", shelf), b"one")
    assert held(shelf) == b"one"
