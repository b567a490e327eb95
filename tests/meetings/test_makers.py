"""A day out of a feed of each big maker, shaped by hand after their real ones."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from briefgen.meetings.calendar import read_feed
from briefgen.meetings.invitation import without_join_text
from briefgen.meetings.meeting import Meeting, Window, utc_text

MAKERS = Path(__file__).parent / "makers"
BERLIN = ZoneInfo("Europe/Berlin")
Day = Callable[[str], list[Meeting]]


@pytest.fixture(params=[b"\n", b"\r\n"], ids=["LF", "CRLF"])
def monday(request: pytest.FixtureRequest) -> Day:
    """The meetings of 23 November 2026 in a maker's feed, with either line end, nothing wrong."""

    def day(maker: str) -> list[Meeting]:
        content = (MAKERS / f"{maker}.ics").read_bytes().replace(b"\n", request.param)
        window = Window.of_days(date(2026, 11, 23), 1, BERLIN)
        reading = read_feed(content, feed=maker, window=window, zone=BERLIN)
        fast = read_feed(content, feed=maker, window=window, zone=BERLIN, small=0)
        assert reading.problems == ()
        assert fast.meetings == reading.meetings
        return list(reading.meetings)

    return day


def times(meetings: list[Meeting]) -> list[tuple[str, str, str]]:
    """Start, end and title of each."""
    return [(utc_text(m.start)[11:16], utc_text(m.end)[11:16], m.title) for m in meetings]


def test_google(monday: Day) -> None:
    """An HTML agenda above the Meet block, a room as resource, an override of a weekly."""
    closed, acme, north = monday("google")
    assert (closed.all_day, closed.transparent) == (True, True)
    assert times([acme, north]) == [
        ("09:00", "10:00", "Acme: prices"),
        ("13:00", "13:30", "North: weekly"),
    ]
    assert acme.join_link == "https://meet.google.com/abc-defg-hij"
    assert without_join_text(acme.description) == "Agenda\n\n- Prices\n- Go-live"
    assert [(one.name, one.address, one.kind) for one in acme.attendees] == [
        ("Robin Keller", "robin@keller-advisory.example", "INDIVIDUAL"),
        ("", "dana.smith@acme.example", "INDIVIDUAL"),
        ("Berlin-4-Spree (8)", "c_188example@resource.calendar.example", "RESOURCE"),
    ]
    assert utc_text(north.recurrence_id) == "2026-11-23T10:00:00Z"  # type: ignore[arg-type]
    assert north.replaced is not None


def test_outlook(monday: Day) -> None:
    """Windows zones, a custom one, a Teams block, a cancelled title, no attendees at all."""
    steering, cancelled, boston = monday("outlook")
    assert times([steering, cancelled, boston]) == [
        ("09:00", "10:00", "Acme steering"),
        ("12:00", "13:00", "Canceled: North review"),
        ("14:00", "14:30", "Call with Boston"),
    ]
    assert without_join_text(steering.description) == "Agenda\n1. Prices"
    assert steering.join_link is not None
    assert steering.join_link.startswith("https://teams.microsoft.com/l/meetup-join/19%3ameeting_x")
    assert steering.uid.endswith("0100000005EXAMPLE")
    assert (cancelled.status, cancelled.transparent) == ("CANCELLED", True)
    assert (boston.classification, boston.tentative) == ("PRIVATE", True)
    assert all(m.attendees == () and m.organizer is None for m in (steering, boston))


def test_apple(monday: Day) -> None:
    """Principals with EMAIL=, a place of three lines, alarms with a UID, BYSETPOS."""
    acme, books = monday("apple")
    assert times([acme, books]) == [
        ("09:00", "10:30", "Acme vor Ort"),
        ("15:00", "16:00", "Buchhaltung"),
    ]
    assert acme.uid == "3A5B1F2C-EXAMPLE-4D0E-9C1A-0123456789AB"
    assert [(one.name, one.address) for one in acme.attendees] == [
        ("Smith, Dana", "dana.smith@acme.example"),
        ("Robin Keller", "robin@keller-advisory.example"),
    ]
    assert acme.place == "Hauptstraße 1, 10115 Berlin, Deutschland"


def test_nextcloud(monday: Day) -> None:
    """A Talk room as place, RDATEs, categories; a to-do is no meeting."""
    acme, dates = monday("nextcloud")
    assert times([acme, dates]) == [
        ("09:00", "10:00", "Acme Quartal"),
        ("14:00", "14:45", "Drei Termine"),
    ]
    assert acme.join_link == "https://cloud.keller-advisory.example/call/ab12cd34"
    assert acme.categories == ("Kunden", "Acme")
    (dana,) = acme.attendees
    assert (dana.participation, dana.role) == ("TENTATIVE", "OPT-PARTICIPANT")


def test_fastmail(monday: Day) -> None:
    """No VTIMEZONE, DURATION, CONFERENCE, ALTREP; a cancelled instance keeps its status."""
    budget, seventh = monday("fastmail")
    assert times([budget, seventh]) == [
        ("14:30", "16:00", "Acme budget"),
        ("16:00", "17:00", "Every seventh day"),
    ]
    assert budget.join_link == "https://meet.jit.si/AcmeBudget"
    assert budget.description == "Bring the numbers"
    assert seventh.status == "CANCELLED"


def test_zoho(monday: Day) -> None:
    """HTML lines, everything private, an all-day fair that began the day before."""
    standup, demo = monday("zoho")
    assert times([standup, demo]) == [
        ("04:30", "05:00", "Standup"),
        ("09:00", "10:00", "Acme demo"),
    ]
    assert demo.description == "Agenda\n1. Screens\n2. Prices"
    assert demo.join_link == "https://meeting.zoho.com/join?key=123"
    assert demo.classification == "PRIVATE"
