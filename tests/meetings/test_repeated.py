"""The same meeting in two feeds, one of which does not say whose it is."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from briefgen.day.prepare import prepare
from briefgen.meetings.fetch import FeedCopy
from briefgen.meetings.meeting import Window
from briefgen.workspace.folder import Workspace
from briefgen.workspace.settings import read_settings

BERLIN = ZoneInfo("Europe/Berlin")
DANA = "ATTENDEE;CN=Dana:mailto:dana@acme.example\n"
EVE = "ATTENDEE;CN=Eve:mailto:eve@acme.example\n"
WHOSE = "ORGANIZER:mailto:dana@acme.example\n"


def feed(name: str, lines: str, *, title: str = "Review", start: str = "100000") -> FeedCopy:
    """A feed with one meeting."""
    text = (
        f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:review\nDTSTART;TZID=Europe/Berlin:20261123T{start}\n"
        f"DTEND;TZID=Europe/Berlin:20261123T113000\nSUMMARY:{title}\n{lines}END:VEVENT\n"
        "END:VCALENDAR\n"
    )
    return FeedCopy(name=name, content=text.encode())


def chosen(root: Path, *copies: FeedCopy) -> list[str]:
    """The feeds of the meetings that get a brief; each other one is mentioned with its reason."""
    (root / "briefgen.yaml").write_text("timezone: Europe/Berlin\n")
    settings, _ = read_settings(root)
    assert settings is not None
    window = Window.of_days(date(2026, 11, 23), 1, BERLIN)
    day = prepare(Workspace(root=root), settings, window=window, as_of=window.start, copies=copies)
    assert len(day.chosen) + len(day.skipped) == len(copies)
    assert all(one.reason == "the feed 'work' has it in full" for one in day.skipped)
    assert len(day.around) == len(day.chosen)
    return [one.meeting.feed for one in day.chosen]


@pytest.mark.parametrize("copy", [DANA, DANA + "LOCATION:Acme House\n"])
def test_a_copy_that_says_nothing_more_is_left_out(tmp_path: Path, copy: str) -> None:
    """Whichever feed comes first."""
    work = feed("work", WHOSE + DANA + EVE + "LOCATION:Acme House\nDESCRIPTION:Prices\n")
    assert chosen(tmp_path, work, feed("public", copy)) == ["work"]
    assert chosen(tmp_path, feed("public", copy), work) == ["work"]


@pytest.mark.parametrize(
    "copy",
    [
        feed("public", DANA + "ATTENDEE:mailto:kim@acme.example\n"),
        feed("public", DANA + "DESCRIPTION:Ask about Lisbon\n"),
        feed("public", DANA + "LOCATION:Elsewhere\n"),
        feed("public", DANA, title="Coffee"),
        feed("public", DANA, start="103000"),
    ],
    ids=["who", "what", "where", "title", "when"],
)
def test_a_copy_that_says_more_is_shown(tmp_path: Path, copy: FeedCopy) -> None:
    """Someone who copies a UID hides nothing: what is reported otherwise is beside it."""
    work = feed("work", WHOSE + DANA + "LOCATION:Acme House\n")
    assert sorted(chosen(tmp_path, work, copy)) == ["public", "work"]
