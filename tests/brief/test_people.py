"""Several people, marks beside the time, and rules of installed packages."""

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from briefgen.brief.talking_points import BUILT_IN, rules

from .conftest import Desk, attendee, by_rule, every_line, organization_file, section, texts

DECIDES = "name: Grace Okafor\nemails: [grace@acme.example]\norganization: Acme\ndecides: true"
PROMISED = """
name: Lee Wong
emails: [lee@acme.example]
organization: Acme
promises: [{by: me, text: a cost sheet, due: 2026-12-04}]
"""
PLAIN = "name: Dana Smith\nemails: [dana@acme.example]\norganization: Acme\ninterests: [chess]"
FOURTH = """
name: Priya Nair
emails: [priya@acme.example]
interests: [sailing]
concerns: [{date: 2026-10-29, text: test data is late}]
talking_points: [ask about the boat]
"""


def test_who_decides_comes_first_then_who_has_open_promises(desk: Desk) -> None:
    """Then the others on file, then those without; whoever declined has no block and no line."""
    desk.with_contacts(PLAIN, PROMISED, DECIDES)
    desk.attendees = (
        attendee("gone@acme.example", "Gone", participation="DECLINED"),
        attendee("new@acme.example", "New"),
        attendee("dana@acme.example", "Dana"),
        attendee("lee@acme.example", "Lee"),
        attendee("grace@acme.example", "Grace"),
    )
    faces = desk.compose().faces
    assert [face.name for face in faces] == [
        "Grace Okafor",
        "Lee Wong",
        "Dana Smith",
        "New",
    ]
    assert faces[0].decides
    assert desk.compose().marks == ("not coming: Gone",)
    assert "Gone" not in repr(desk.compose().glance)


def test_the_fourth_has_one_line(desk: Desk) -> None:
    """Beyond three people only the count beneath the name, and the one weightiest point."""
    desk.with_contacts(DECIDES, PROMISED, PLAIN, FOURTH)
    brief = desk.compose()
    (priya,) = (face for face in brief.faces if face.name == "Priya Nair")
    assert priya.lines == ()
    assert [
        line.rule
        for line in every_line(brief)
        if line.who == "priya-nair" and line.section == "say"
    ] == ["concern"]


def test_what_is_on_file_for_the_organization_stands_once(desk: Desk) -> None:
    """Three people of one house, one line; a concern on both files is shown once."""
    desk.organizations = (
        organization_file(
            "name: Acme\nagreed: [Newark comes first]\n"
            "concerns: [{date: 2026-09-01, text: test data is late}]",
            "acme",
        ),
    )
    desk.with_contacts(DECIDES, PROMISED, PLAIN + "\nconcerns: [test data is late]")
    brief = desk.compose()
    assert by_rule(brief, "agreed") == ["Acme | Agreed: Newark comes first"]
    assert by_rule(brief, "concern") == ["Complaint, still open: test data is late"]
    assert brief.organizations == ("Acme",)


def test_two_of_one_given_name_are_told_apart(desk: Desk) -> None:
    """By the first letter of the surname; by the whole name where that is the same."""
    other = "name: Dana Jones\nemails: [jones@acme.example]\ninterests: [x]\ntalking_points: [tea]"
    desk.with_contacts(PLAIN, other)
    assert by_rule(desk.compose(), "written") == ["Dana J. | Tea"]
    desk.with_contacts(PLAIN, other.replace("Jones", "Sykes"))
    assert by_rule(desk.compose(), "written") == ["Dana Sykes | Tea"]


def test_lists_are_summarised(desk: Desk) -> None:
    """A distribution list is no face; it is counted."""
    desk.attendees = (
        attendee("all@acme.example", "Everybody", kind="GROUP"),
        attendee("dana@acme.example", "Dana"),
    )
    brief = desk.compose()
    assert [face.name for face in brief.faces] == ["Dana"]
    assert brief.uncounted == 1


def test_marks_beside_the_time(desk: Desk) -> None:
    """Tentative, moved, overlapping, right after, followed at once; never what was declined."""
    desk.with_contacts(PLAIN)
    own = desk.meeting()
    hour, mine = timedelta(hours=1), {"attendees": ()}
    desk.neighbours = (
        desk.meeting(uid="1", title="Before", start=own.start - hour, end=own.start, **mine),
        desk.meeting(uid="2", title="Beside", start=own.start, end=own.end, **mine),
        desk.meeting(uid="3", title="After", start=own.end, end=own.end + hour, **mine),
        desk.meeting(uid="4", title="Later", start=own.end + hour, end=own.end + 2 * hour),
        desk.meeting(uid="5", title="Holiday", start=own.start, end=own.end, all_day=True),
        desk.meeting(uid="6", title="Gone", start=own.start, end=own.end, status="CANCELLED"),
    )
    brief = desk.compose(tentative=True, replaced=own.start - 24 * hour)
    assert brief.marks == (
        "tentative",
        "moved from 22 Nov, 10:00",
        "straight from Before",
        "overlaps with Beside",
        "then 11:00 After",
    )
    assert desk.compose("table", tentative=True).marks == ("tentative",)


def test_an_installed_package_can_add_a_rule(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry point of the group `briefgen.talking_points` is a rule like the others."""
    (tmp_path / "moon_rule.py").write_text(
        "def lines(person):\n"
        "    yield person.line('say', f'Full moon, {person.short}.', 'moon', rank=99)\n"
    )
    folder = tmp_path / "moon-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: moon\nVersion: 1.0\n")
    (folder / "entry_points.txt").write_text("[briefgen.talking_points]\nmoon = moon_rule:lines\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    rules.cache_clear()
    try:
        desk.with_contacts(PLAIN)
        assert texts(section(desk.compose(), "say"))[0] == "Full moon, Dana."
        assert [name for name, _ in rules()] == [*BUILT_IN, "moon"]
    finally:
        rules.cache_clear()
        sys.modules.pop("moon_rule", None)


def test_a_meeting_by_their_clock(desk: Desk) -> None:
    """The time where they are, where it differs; across the change of summer time too."""
    desk.with_contacts(PLAIN + "\ntimezone: America/New_York")
    assert by_rule(desk.compose(), "clock") == ["04:00 New York time"]
    start = desk.meeting().start.replace(month=10, day=28)
    said = by_rule(desk.compose(start=start, end=start + timedelta(hours=1)), "clock")
    assert said == ["05:00 New York time"]
    desk.with_contacts(PLAIN + "\ntimezone: Europe/Paris")
    assert by_rule(desk.compose(), "clock") == []
