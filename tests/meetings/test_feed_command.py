"""`briefgen feed` as a user calls it: what it prints, in JSON and in words, and how it ends."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from briefgen.cli import main

CALENDARS = Path(__file__).parent / "calendars"
DAYS = ("--from", "2026-11-23", "--to", "2026-11-24", "--timezone", "Europe/Berlin")


def call(*arguments: str) -> Result:
    """Run a command as from a shell."""
    return CliRunner().invoke(main, list(arguments))


def shown(*arguments: str) -> dict[str, Any]:
    """The one JSON document of `feed show`."""
    result = call("feed", "show", *arguments, "--json")
    document: dict[str, Any] = json.loads(result.stdout)
    return document


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with one feed in a file."""
    (tmp_path / "briefgen.yaml").write_text(
        "timezone: Europe/Berlin\nfeeds:\n  - name: work\n    path: calendar.ics\n"
    )
    (tmp_path / "calendar.ics").write_bytes((CALENDARS / "gap.ics").read_bytes())
    return tmp_path


def test_json_has_the_keys_of_the_contract() -> None:
    """Times in UTC with Z, all-day as dates with an exclusive end, several files at once."""
    files = [str(CALENDARS / f"{name}.ics") for name in ("dates", "windows_zones")]
    document = shown(*files, *DAYS)
    assert list(document) == ["files"]
    first, second = document["files"]
    assert [list(one) for one in document["files"]] == [["file", "occurrences", "problems"]] * 2
    assert (first["file"], second["file"]) == tuple(files)
    by_uid = {one["uid"]: one for one in first["occurrences"] + second["occurrences"]}
    assert by_uid["with-zone"] == {
        "uid": "with-zone",
        "recurrence_id": None,
        "start": "2026-11-23",
        "end": "2026-11-25",
        "all_day": True,
        "title": "with-zone",
        "status": "CONFIRMED",
        "zone": None,
    }
    assert by_uid["quoted"]["start"] == "2026-11-23T15:00:00Z"
    assert by_uid["quoted"]["zone"] == "Eastern Standard Time"


def test_no_workspace_is_needed_for_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A calendar file anywhere can be shown; without files and workspace it is wrong use."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BRIEFGEN_WORKSPACE", raising=False)
    result = call("feed", "show", str(CALENDARS / "cancelled.ics"), *DAYS)
    assert result.exit_code == 0
    assert "Quarterly review [cancelled]" in result.stdout
    assert call("feed", "show", *DAYS).exit_code == 2


def test_days_are_the_users_and_both_inclusive() -> None:
    """From and to are days of the zone that was given."""
    file = str(CALENDARS / "gap.ics")
    days = ("--from", "2026-03-29", "--to", "2026-03-30")
    (here,) = shown(file, *days, "--timezone", "Europe/Berlin")["files"]
    assert [one["start"] for one in here["occurrences"]] == [
        "2026-03-29T01:30:00Z",
        "2026-03-29T01:30:00Z",
        "2026-03-30T00:30:00Z",
    ]
    (there,) = shown(file, *days, "--timezone", "America/New_York")["files"]
    assert [one["start"] for one in there["occurrences"]] == ["2026-03-30T00:30:00Z"]


def test_problems_go_to_json_and_to_standard_error() -> None:
    """Each problem has its file, line, UID and message in both."""
    file = str(CALENDARS / "broken_events.ics")
    result = call("feed", "show", file, *DAYS, "--json")
    assert result.exit_code == 0
    (shown_file,) = json.loads(result.stdout)["files"]
    problem = next(one for one in shown_file["problems"] if one["field"] == "no-start")
    assert (problem["file"], problem["severity"]) == (file, "error")
    assert f"{file}:{problem['line']}: no-start: " in result.stderr


def test_a_file_that_is_no_calendar(tmp_path: Path) -> None:
    """Missing, a page, a folder: a problem each; status 1 if nothing, 3 where some was read."""
    page = tmp_path / "page.ics"
    page.write_text("<html>Sign in</html>")
    good = str(CALENDARS / "dates.ics")
    for bad in (str(page), str(tmp_path / "missing.ics"), str(tmp_path)):
        assert call("feed", "show", bad, *DAYS, "--json").exit_code == 1
        result = call("feed", "show", bad, good, *DAYS, "--json")
        assert result.exit_code == 3
        first, second = json.loads(result.stdout)["files"]
        assert (first["occurrences"], len(first["problems"])) == ([], 1)
        assert second["occurrences"]


@pytest.mark.parametrize(
    "options",
    [
        ("--timezone", "Europe/Nowhere"),
        ("--timezone", "../../etc/passwd"),
        ("--from", "soon"),
        ("--from", "2026-11-24", "--to", "2026-11-23"),
        ("--from", "0001-01-01", "--to", "0001-01-02"),
    ],
)
def test_wrong_use(options: tuple[str, ...]) -> None:
    """A zone, day or span there is not ends with status 2."""
    assert call("feed", "show", str(CALENDARS / "dates.ics"), *options).exit_code == 2


def test_the_workspaces_feeds_are_shown(workspace: Path) -> None:
    """Without FILE the feeds of the settings, by their names."""
    days = ("--from", "2026-03-28", "--to", "2026-03-30")
    document = shown("-w", str(workspace), *days)
    assert [one["file"] for one in document["files"]] == ["work"]
    assert len(document["files"][0]["occurrences"]) == 4


def test_fetch_says_how_fresh_each_feed_is(workspace: Path) -> None:
    """Fetched, unchanged, and, when the file is gone, the last good copy with its time."""
    first = call("feed", "fetch", "-w", str(workspace), "--as-of", "2026-11-22T22:10")
    assert (first.exit_code, first.stdout) == (0, "work: fetched, 2 events\n")
    assert "unchanged" in call("feed", "fetch", "-w", str(workspace)).stdout
    (workspace / "calendar.ics").write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    again = call("feed", "fetch", "-w", str(workspace), "--json", "--as-of", "2026-11-23T08:00")
    assert again.exit_code == 3
    document = json.loads(again.stdout)
    assert document["feeds"][0]["state"] == "copy"
    assert "--accept-empty" in document["problems"][0]["message"]
    accepted = call("feed", "fetch", "-w", str(workspace), "--accept-empty")
    assert (accepted.exit_code, accepted.stdout) == (0, "work: fetched, 0 events\n")
    (workspace / "calendar.ics").unlink()
    shelf = workspace / ".briefgen" / "feeds"
    for path in shelf.iterdir():
        path.unlink()
    assert call("feed", "fetch", "-w", str(workspace)).exit_code == 1
