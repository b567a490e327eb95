"""What takes long says how far it is; what is quick, or watched by nobody, says nothing."""

import io
import os
import pty
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from small_workspaces import Place

from briefgen.cli.terminal import bar
from briefgen.contacts.index import open_book
from briefgen.workspace.folder import Workspace
from briefgen.workspace.progress import Step, waiting, watched_by


class Heard:
    """A watcher that writes down what it hears."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int, int]] = []

    @contextmanager
    def __call__(self, count: int, what: str) -> Iterator[Step]:
        """Count the steps."""
        done: list[int] = []
        yield done.append
        self.told.append((what, count, sum(done)))


def test_reading_tells_every_file(place: Place) -> None:
    """Where contacts are read for the first time; then there is nothing to wait for."""
    heard = Heard()
    with watched_by(heard):
        open_book(Workspace(root=place.root))
        open_book(Workspace(root=place.root))
    read = len(list((place.root / "data/contacts").glob("*.yaml")))
    assert [told for told in heard.told if told[1]] == [("Reading contacts", read, read)]


def test_checking_tells_every_contact(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """`check` looks at each of them, whether or not it holds anything doubtful."""
    heard = Heard()
    monkeypatch.setattr("briefgen.cli.call.bar", heard)
    place.call("check")
    files = len(list((place.root / "data/contacts").glob("*.yaml")))
    assert ("Checking contacts", files, files) in heard.told


def test_typesetting_tells_every_brief(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page made is a step; a quiet run shows none."""
    heard = Heard()
    monkeypatch.setattr("briefgen.cli.call.bar", heard)
    place.call("run", "--date", "2026-11-23", "--quiet")
    assert heard.told == []
    place.call("run", "--date", "2026-11-23", "--force")
    ((_, count, done),) = [told for told in heard.told if told[0] == "Typesetting"]
    assert count == done > 0


def test_nobody_watches_unless_asked() -> None:
    """A program that calls briefgen gets steps that do nothing."""
    with waiting(3, "Reading contacts") as step:
        step(1)


def _at_a_terminal(soon: float, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a terminal shows of three steps, where so many seconds need no bar."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setattr("briefgen.cli.terminal._SOON", soon)
        with bar(3, "Reading contacts") as step:
            for _ in range(3):
                step(1)
        print("end", file=terminal, flush=True)
        shown = b""
        while b"end" not in shown:
            shown += os.read(ours, 1000)
    os.close(ours)
    return shown.decode()


def test_a_bar_is_shown_where_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes once someone has begun to wait, counts what was done before, and ends whole."""
    shown = _at_a_terminal(-1, monkeypatch)
    assert "Reading contacts" in shown
    assert "100%" in shown


def test_no_bar_where_it_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing flickers past."""
    assert _at_a_terminal(60, monkeypatch) == "end\r\n"


def test_no_bar_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log or a mail of cron gets no bar."""
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    monkeypatch.setattr("briefgen.cli.terminal._SOON", 0.0)
    with bar(2, "Reading contacts") as step:
        step(1)
        step(1)
    assert log.getvalue() == ""
