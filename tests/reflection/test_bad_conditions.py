"""Two writers at once, a full disk, a lock that is held: nothing is lost, and it is reported."""

import errno
import fcntl
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from small_workspaces import Place

from briefgen.contacts import changes
from briefgen.workspace import atomic

AFTER = "2026-11-23T18:00"
REVIEW = "review@calendar.example"
TASKS = 6
DANA = "name: Dana Smith\nemails: [dana.smith@acme.example]\npromises:\n" + "".join(
    f"  - {{text: task number {n}, due: 2026-11-20}}\n" for n in range(TASKS)
)


@pytest.fixture
def busy(place: Place) -> Place:
    """Dana, to whom much was promised."""
    place.write("data/contacts/dana-smith.yaml", DANA)
    return place


def _dana(place: Place) -> str:
    return (place.root / "data/contacts/dana-smith.yaml").read_text()


def _run(place: Place, *words: str, full: bool = False) -> subprocess.CompletedProcess[str]:
    """The command in a separate process; with `full` no file can grow."""

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    command, *rest = words
    call = [sys.executable, "-m", "briefgen", command, "-w", str(place.root), "--as-of", AFTER]
    return subprocess.run(
        [*call, *rest],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=no_room if full else None,  # the child alone may not write
    )


def test_many_at_once_all_land(busy: Place) -> None:
    """Six processes that each close another promise of one file: all of them are closed."""
    with ThreadPoolExecutor(TASKS) as pool:
        results = list(pool.map(lambda n: _run(busy, "done", f"number {n}"), range(TASKS)))
    assert [result.returncode for result in results] == [0] * TASKS, results
    assert _dana(busy).count("kept: 2026-11-23") == TASKS


def test_a_full_disk_is_said_in_plain_words(busy: Place) -> None:
    """The old file stays whole, and the message names what cannot be written."""
    result = _run(busy, "done", "number 1", full=True)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "File too large" in result.stderr or "cannot be written" in result.stderr
    assert _dana(busy) == DANA
    assert list((busy.root / "data/contacts").glob("*dana*")) == [
        busy.root / "data/contacts/dana-smith.yaml"
    ]


def test_answers_on_a_full_disk_can_be_copied(busy: Place) -> None:
    """Neither the file nor a draft takes them: they are shown, so that they can be copied."""
    answers = busy.write("answers.yaml", "summary: a talk\n")
    result = _run(busy, "reflect", REVIEW, "--from", str(answers), full=True)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert _dana(busy) == DANA
    assert answers.read_text() == "summary: a talk\n"


@pytest.fixture
def held_lock(busy: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Someone else is changing contact files, and does not come to an end."""
    monkeypatch.setattr(changes, "_WAIT_SECONDS", 0.3)
    lock = busy.root / ".briefgen/history/lock"
    lock.parent.mkdir(parents=True)
    with lock.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@pytest.mark.usefixtures("held_lock")
def test_a_lock_that_is_held_is_said(busy: Place) -> None:
    """It is not waited for without end, and what was answered is kept."""
    result = busy.call("done", "number 1", as_of=AFTER)
    assert result.exit_code == 1
    assert "another briefgen is changing contact files" in result.output
    assert _dana(busy) == DANA
    piped = busy.runner.invoke(
        _main(),
        ["reflect", "-w", str(busy.root), "--as-of", AFTER, REVIEW, "--from", "-"],
        input="summary: a talk\n",
        catch_exceptions=False,
    )
    assert piped.exit_code == 1
    assert "another briefgen is changing contact files" in piped.output
    (draft,) = (busy.root / ".briefgen/drafts").iterdir()
    assert "summary: a talk" in draft.read_text()


def _main():  # type: ignore[no-untyped-def]  # noqa: ANN202  # click's group
    from briefgen.cli import main

    return main


def test_a_read_only_workspace_can_still_be_asked(busy: Place) -> None:
    """What only reads, works if nothing can be written."""
    result = _run(busy, "promises", full=True)
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("task number") == TASKS


def test_answers_that_are_written_are_no_draft_too(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only the last sync fails the file has the answers, and no draft of them is kept."""
    sync = atomic.sync_folder

    def fails(folder: Path) -> None:
        if folder.name == "contacts":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        sync(folder)

    monkeypatch.setattr(atomic, "sync_folder", fails)
    place.write("notes.yaml", "summary: all is well\n")
    notes = str(place.root / "notes.yaml")
    result = place.call("reflect", REVIEW, "--from", notes, as_of=AFTER)
    assert "written, but a power cut may undo it" in result.stderr
    assert "summary: all is well" in _dana(place)
    assert not [*(place.root / ".briefgen/drafts").glob("*")]
    assert "the answers are kept in" not in result.output
