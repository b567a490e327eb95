"""Cases of `cases/*.yaml`: a small calendar each, a fact about it, and the times it means."""

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from briefgen.meetings.calendar import read_feed
from briefgen.meetings.meeting import Meeting, Window

FILES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
CASES = [case for path in FILES for case in yaml.safe_load(path.read_text(encoding="utf-8"))]
UTC = ZoneInfo("UTC")


def shown(meeting: Meeting) -> str:
    """A meeting's start, and what else matters."""
    clock = "all day" if meeting.all_day else f"{meeting.start:%H:%M}"
    status = " cancelled" if meeting.status == "CANCELLED" else ""
    return f"{meeting.start:%m-%d} {clock}{status}"


def calendar_of(case: dict[str, Any]) -> bytes:
    """The calendar as bytes."""
    text = case["calendar"]
    if "replace" in case:
        old, new = case["replace"]
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    if case.get("wrapped", True):
        text = f"BEGIN:VCALENDAR\nVERSION:2.0\n{text}END:VCALENDAR\n"
    return text.encode()


@pytest.mark.parametrize("small", [10**9, 0], ids=["whole", "fast"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_calendar_means_what_its_case_says(case: dict[str, Any], small: int) -> None:
    """Read whole and by the fast path alike; what is told is what the case says, and no more."""
    first, _, last = str(case["days"]).partition(" ")
    begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
    zone = ZoneInfo(case.get("zone", "UTC"))
    window = Window.of_days(begin, (end - begin).days + 1, zone)
    reading = read_feed(calendar_of(case), feed="f", window=window, zone=zone, small=small)
    assert [shown(meeting) for meeting in reading.meetings] == case["times"], case["fact"]
    if "titles" in case:
        assert [meeting.title for meeting in reading.meetings] == case["titles"], case["fact"]
    said = [problem.message for problem in reading.problems]
    expected = case.get("says", [])
    assert all(any(piece in message for message in said) for piece in expected), said
    assert len(said) == len(expected), said
