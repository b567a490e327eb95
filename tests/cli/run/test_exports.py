"""Calendars as Google, Outlook and Apple export them give the right briefs for a day."""

from pathlib import Path

import pytest
from small_workspaces import Place

EXPORTS = Path(__file__).parent / "exports"


@pytest.mark.parametrize(
    ("maker", "title", "start", "recurrence_id", "names", "left_out"),
    [
        (
            "google",
            "Weekly with Dana",
            "2026-11-23T15:30:00+01:00",  # the instance of ten o'clock was moved
            "2026-11-23T09:00:00Z",
            ["Dana Smith"],
            ["Trade fair in Hanover"],
        ),
        (
            "outlook",
            "Q4 service review",
            "2026-11-23T16:00:00+01:00",  # ten in New York, by a Windows zone name
            "2026-11-23T15:00:00Z",
            ["Dana Smith", "Sam Ortiz"],
            ["Canceled: Walk through Newark"],
        ),
        (
            "apple",
            "Service levels with Dana",
            "2026-11-23T10:00:00+01:00",
            None,
            ["Dana Smith"],
            [],
        ),
    ],
)
def test_an_export_gives_the_right_brief(
    place: Place,
    maker: str,
    title: str,
    start: str,
    recurrence_id: str | None,
    names: list[str],
    left_out: list[str],
) -> None:
    """Moved instances, Windows zones, principals and join texts are read as they are meant."""
    (place.root / "data/calendar.ics").write_bytes((EXPORTS / f"{maker}.ics").read_bytes())
    report = place.report("run")
    (brief,) = report["briefs"]
    assert (brief["title"], brief["start"], brief["recurrence_id"]) == (title, start, recurrence_id)
    assert sorted(p["name"] for p in brief["participants"]) == sorted(names)
    assert [skipped["title"] for skipped in report["skipped"]] == left_out
    text = " ".join(place.pdf(brief["path"]).pages[0].extract_text().split())
    assert "Where the booking screen stands" in text
    assert "Service levels" in text
    for join_text in ("Meeting ID", "Passcode", "dial", "~:~", "____", "aka.ms", "One tap"):
        assert join_text not in text


@pytest.mark.parametrize(
    ("maker", "day"),
    [("google", "2026-11-16"), ("outlook", "2026-11-09")],
)
def test_an_instance_that_was_deleted_gets_no_brief(place: Place, maker: str, day: str) -> None:
    """An EXDATE takes its occurrence away, in whichever zone it is written."""
    (place.root / "data/calendar.ics").write_bytes((EXPORTS / f"{maker}.ics").read_bytes())
    assert place.report("run", "--dry-run", "--date", day)["briefs"] == []
