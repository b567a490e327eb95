"""What is kept between pages and between checks, and what is let go of at rest."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from served_pages import Served, clock_at, make_workspace

from briefgen.upkeep.check import all_problems
from briefgen.upkeep.forget import find_traces
from briefgen.workspace.folder import Workspace

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_desk_that_is_not_used_drops_what_it_holds(served: Served) -> None:
    """Not while pages are shown; afterwards the next page reads everything again."""
    before = served.ask("/").text
    assert not served.desk.rest()
    assert served.desk.rest(idle_seconds=0)
    assert not served.desk.rest(idle_seconds=0), "there is nothing left to drop"
    assert served.ask("/").text == before
    assert served.desk.rest(idle_seconds=0)


@pytest.fixture
def doubtful(tmp_path: Path) -> Workspace:
    """A workspace whose Dana was born in the future."""
    root = make_workspace(tmp_path / "work")
    path = root / "data/contacts/dana-smith.yaml"
    path.write_text(path.read_text() + "birthday: 2031-03-26\n")
    return Workspace(root=root)


def told(workspace: Workspace, as_of: str = "2026-11-23T14:00") -> list[str]:
    """The messages about Dana's birthday."""
    clock: Callable[[ZoneInfo], datetime] = clock_at(as_of)
    found = all_problems(workspace, clock)
    return [str(one.message) for one in found if one.field == "birthday"]


def test_doubts_are_kept_for_a_file_that_has_not_changed(doubtful: Workspace) -> None:
    """The second check of a day takes them from the cache; a changed file is looked at again."""
    (first,) = told(doubtful)
    assert "2031-03-26 is in the future" in first
    cache = doubtful.memory / "doubts.json"
    cache.write_text(cache.read_text().replace("is in the future", "was kept"))
    assert told(doubtful) == [first.replace("is in the future", "was kept")]
    path = doubtful.contacts / "dana-smith.yaml"
    path.write_text(path.read_text() + "# changed\n")
    assert told(doubtful) == [first]


def test_doubts_are_looked_for_again_on_another_day(doubtful: Workspace) -> None:
    """A date that lay ahead has passed: nothing of what was kept counts any more."""
    assert told(doubtful)
    assert not told(doubtful, "2031-04-01T09:00")


@pytest.mark.parametrize("content", ["", "[]", '{"made_of": 1}', "\x00"])
def test_a_broken_cache_of_doubts_is_made_again(doubtful: Workspace, content: str) -> None:
    """Whatever is in it, the doubts are the same."""
    first = told(doubtful)
    (doubtful.memory / "doubts.json").write_text(content)
    assert told(doubtful) == first
    assert json.loads((doubtful.memory / "doubts.json").read_text())["files"]


def test_forgetting_takes_the_cache_of_doubts_along(doubtful: Workspace) -> None:
    """It names the person's file, and can be made again."""
    told(doubtful)
    assert doubtful.memory / "doubts.json" in find_traces(doubtful, "dana-smith").caches
