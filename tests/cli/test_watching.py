import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.watch import watch_workspace

PATIENCE = 30.0


class Watched:
    """A workspace being watched; `said` holds what the watch says, `runs` each run."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.said: queue.Queue[str] = queue.Queue()
        self.runs: queue.Queue[str] = queue.Queue()

    def rerun(self) -> None:
        """What a change sets off: like a run, it writes below `briefings/` and `.briefgen/`."""
        write_whole(self.root / "briefings" / "2026-11-23" / "report.json", b"{}")
        write_whole(self.root / ".briefgen" / "codes.json", b"{}")
        self.runs.put((self.root / "briefgen.yaml").read_text())
        if "broken" in (self.root / "briefgen.yaml").read_text():
            raise SystemExit(1)

    def next_change(self) -> str:
        """The files of the next change; the run that follows is done."""
        said = self.said.get(timeout=PATIENCE)
        self.runs.get(timeout=PATIENCE)
        return said.removeprefix("changed: ")


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """A watch that has begun."""
    (tmp_path / "data" / "contacts").mkdir(parents=True)
    (tmp_path / "briefgen.yaml").write_text("version: 1\n")
    one = Watched(tmp_path)
    stop = threading.Event()
    thread = threading.Thread(
        target=watch_workspace,
        args=(Workspace(root=tmp_path), one.rerun),
        kwargs={"say": one.said.put, "stop": stop},
    )
    thread.start()
    assert "Ctrl-C" in one.said.get(timeout=PATIENCE)
    yield one
    stop.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_changed_contact_sets_off_a_run(watched: Watched) -> None:
    """Whether written in place or replaced, the file is named and the run follows."""
    contact = watched.root / "data" / "contacts" / "dana-smith.yaml"
    contact.write_text("name: Dana\n")
    assert watched.next_change() == "data/contacts/dana-smith.yaml"
    write_whole(contact, b"name: Dana Smith\n")
    assert "dana-smith.yaml" in watched.next_change()


def test_changed_settings_set_off_a_run(watched: Watched) -> None:
    """Also where an editor replaces the file, and also after settings that ended a run."""
    for content in (b"version: broken\n", b"version: 1\nlocale: de\n"):
        write_whole(watched.root / "briefgen.yaml", content)
        assert "briefgen.yaml" in watched.next_change()


def test_templates_copied_while_watching_are_watched(watched: Watched) -> None:
    """The folder that was not there at the start counts from the moment it is."""
    folder = watched.root / "templates"
    folder.mkdir()
    assert watched.next_change() == "templates"
    for red in range(100):  # the folder is watched a moment after it came
        (folder / "brief.css").write_text(f"body {{ color: #{red:06} }}")
        if not watched.said.empty():
            break
        threading.Event().wait(0.2)
    assert "brief.css" in watched.next_change()


def test_what_a_run_writes_sets_off_nothing(watched: Watched) -> None:
    """Otherwise it would never end; nor do the files an editor keeps for itself."""
    watched.rerun()
    watched.runs.get(timeout=PATIENCE)
    (watched.root / "data" / "contacts" / ".dana.yaml.swp").write_text("x")
    with pytest.raises(queue.Empty):
        watched.said.get(timeout=1)
