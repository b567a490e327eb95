"""Time zones as calendars name them: each name means what anyone sees in it."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from briefgen.workspace.zone_data import ZoneData, zone_data

Read = Callable[..., Any]
UTC = ZoneInfo("UTC")
EASTERN = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def calendar(parameter: str, local: str, zones: str = "") -> bytes:
    """A calendar of one event at a local time."""
    return (
        f"BEGIN:VCALENDAR\nVERSION:2.0\n{zones}BEGIN:VEVENT\nUID:u\nDTSTAMP:20260101T000000Z\n"
        f"DTSTART;TZID={parameter}:{local}\nDURATION:PT1H\nSUMMARY:S\nEND:VEVENT\nEND:VCALENDAR\n"
    ).encode()


SURE = [
    ("/America/New_York", "14:00"),
    ("/Europe/Berlin", "08:00"),
    ("/UTC", "10:00"),
    ("/citadel.example/20070227_1/America/Chicago", "15:00"),
    ("GMT+05:30", "04:30"),
    ("UTC+05:45", "04:15"),
    ("-03:00", "13:00"),
    ('"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"', "08:00"),
]
"""Names with one meaning by some standard: no warning."""

GUESSED = [
    ('"(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien"', "08:00"),
    ('"(UTC+01:00) Bruxelles, Copenhague, Madrid, Paris"', "08:00"),
    ('"(UTC+01:00) Belgrado, Bratislava, Budapest, Liubliana, Praga"', "08:00"),
    ('"(UTC+00:00) Dublino, Edimburgo, Lisbona, Londra"', "09:00"),
    ('"(UTC-05:00) Heure de l\'Est (É.-U. et Canada)"', "14:00"),
    ('"(UTC-05:00) Hora del este (EE. UU. y Canadá)"', "14:00"),
    ('"(UTC-08:00) Hora do Pacífico (EUA e Canadá)"', "17:00"),
    ('"(UTC-05:00) Eastern Time (USA und Kanada)"', "14:00"),
    ("大阪、札幌、東京", "01:00"),
    ("(UTC+09:00) 大阪、札幌、東京", "01:00"),
    ("(UTC+01:00) أمستردام، برلين، برن، روما، ستكهولم، فيينا", "08:00"),
    ("(UTC) Koordinerad universell tid", "10:00"),
    ("Mitteleuropäische Sommerzeit", "08:00"),
    ("Hora oficial do Brasil", "13:00"),
    ("heure d’été d’Europe centrale", "08:00"),
    ("Ora legale dell’Europa centrale", "08:00"),
    ('"GMT -0500 (Standard) / GMT -0400 (Daylight)"', "14:00"),
    ('"GMT +0100 (Standard) / GMT +0200 (Daylight)"', "08:00"),
    ("EDT", "14:00"),
    ("PDT", "17:00"),
    ("CEST", "08:00"),
    ("MESZ", "08:00"),
    ("AEST", "00:00"),
    ("GMT Standard Time 1", "09:00"),
    ("W. Europe Standard Time 2", "08:00"),
    ("Europe/Berlin 1", "08:00"),
    ("Eastern Daylight Time", "14:00"),
    ("Pacific Daylight Time", "17:00"),
    ("GMT Daylight Time", "09:00"),
    ("CET-1CEST", "08:00"),
    ('"CET-1CEST,M3.5.0,M10.5.0/3"', "08:00"),
    ("GMT0BST", "09:00"),
    ("Europe_Berlin", "08:00"),
    ("America-New_York", "14:00"),
    ("Europe/Berlin (CEST)", "08:00"),
    ("Berlin", "08:00"),
    ("EST", "15:00"),
    ("(UTC+03:00) Nowhere That Is Known", "07:00"),
]
"""Names with a likely meaning: taken, and said."""


@pytest.mark.parametrize(("name", "clock"), SURE, ids=lambda value: str(value).strip('"')[:40])
def test_a_standard_name_is_taken_in_silence(read: Read, name: str, clock: str) -> None:
    """10:00 on 17 June in a zone named by IANA, by Windows, by a path, or by its offset."""
    found = read(calendar(name, "20260617T100000"), "2026-06-16", "2026-06-18", UTC)
    assert [f"{one.start:%H:%M}" for one in found.meetings] == [clock]
    assert found.problems == ()


@pytest.mark.parametrize(("name", "clock"), GUESSED, ids=lambda value: str(value).strip('"')[:40])
def test_a_likely_name_is_taken_and_said(read: Read, name: str, clock: str) -> None:
    """10:00 on 17 June; that the name was interpreted is a warning with its line."""
    found = read(calendar(name, "20260617T100000"), "2026-06-16", "2026-06-18", UTC)
    assert [f"{one.start:%H:%M}" for one in found.meetings] == [clock]
    (problem,) = found.problems
    assert "is taken to be" in problem.message
    assert (problem.severity, problem.line) == ("warning", 6)


def test_a_name_that_knows_summer_time_knows_winter_too(read: Read) -> None:
    """A series written as "Eastern Daylight Time" keeps its wall clock after the change."""
    given = calendar("Eastern Daylight Time", "20261014T100000").replace(
        b"DURATION", b"RRULE:FREQ=WEEKLY\nDURATION"
    )
    found = read(given, "2026-10-28", "2026-11-04", UTC)
    assert [f"{one.start:%H:%M}" for one in found.meetings] == ["14:00", "15:00"]


def test_an_abbreviation_of_the_user_is_the_users(read: Read) -> None:
    """IST is India's, except for a user in Israel it is Israel's."""
    given = calendar("IST", "20260617T100000")
    starts = []
    for home in ("Europe/Berlin", "Asia/Jerusalem"):
        meeting = read(given, "2026-06-17", zone=ZoneInfo(home)).one("u")
        starts.append(f"{meeting.start.astimezone(UTC):%H:%M}")
    assert starts == ["04:30", "07:00"]


@pytest.mark.parametrize("name", ["EST", "CET", "Europe/lisbon", "Eastern Standard Time", "UTC"])
def test_a_calendars_own_definition_wins(read: Read, name: str) -> None:
    """TZID names the VTIMEZONE of the same calendar (RFC 5545, 3.2.19 and 3.6.5)."""
    own = EASTERN.format(name=name)
    found = read(calendar(name, "20260617T100000", own), "2026-06-17", zone=UTC)
    assert [f"{one.start:%H:%M}" for one in found.meetings] == ["14:00"]
    assert found.problems == ()


def test_a_definition_is_found_in_other_case(read: Read) -> None:
    """A calendar that writes its own zone's name in two ways still means that zone."""
    given = calendar("OUR ZONE", "20260617T100000", EASTERN.format(name="Our Zone"))
    assert [f"{one.start:%H:%M}" for one in read(given, "2026-06-17", zone=UTC).meetings] == [
        "14:00"
    ]


def test_an_iana_name_is_not_cut_down_to_one_year(read: Read) -> None:
    """What a calendar defines as America/New_York for a single year does not hold for the next."""
    own = (
        "BEGIN:VTIMEZONE\nTZID:America/New_York\nBEGIN:STANDARD\nDTSTART:20251102T020000\n"
        "TZOFFSETFROM:-0400\nTZOFFSETTO:-0500\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    found = read(calendar("America/New_York", "20260617T100000", own), "2026-06-17", zone=UTC)
    assert [f"{one.start:%H:%M}" for one in found.meetings] == ["14:00"]


@pytest.mark.parametrize(
    ("line", "clock"),
    [
        ("DTSTART;TZID=GMT+05:30:20261202T143000", "09:00"),
        ("DTSTART;TZID=GMT+05:30;VALUE=DATE-TIME:20261202T143000", "09:00"),
        ("DTSTART;VALUE=DATE-TIME;TZID=UTC-03:00:2026-12-02T06:00:00", "09:00"),
        ("DTSTART;TZID=(UTC+01:00) Berlin:20261202T100000", "09:00"),
        ('DTSTART;TZID="GMT+05:30:20261202T143000', "09:00"),
        ("DTSTART:20261202T090000Z", "09:00"),
    ],
)
def test_a_zone_name_may_hold_a_colon(read: Read, line: str, clock: str) -> None:
    """The value of a date begins where a date does, whatever colons come before it."""
    given = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\n{line}\nSUMMARY:S\nEND:VEVENT\nEND:VCALENDAR\n"
    found = read(given.encode(), "2026-12-01", "2026-12-03", UTC)
    assert [f"{one.start:%d %H:%M}" for one in found.meetings] == [f"02 {clock}"]


def test_the_newer_zone_data_counts(read: Read) -> None:
    """British Columbia stays on summer time from 2026 on: 10:00 in December is 17:00 UTC."""
    found = read(calendar("America/Vancouver", "20261216T100000"), "2026-12-16", zone=UTC)
    edition = zone_data().used
    expected = "17:00" if edition >= "2026b" else "18:00"
    assert [f"{one.start:%H:%M}" for one in found.meetings] == [expected]


@pytest.mark.parametrize(
    ("system", "package", "used", "newer"),
    [
        ("2025b", "2026a", "2026a", True),
        ("2026b", "2026a", "2026b", False),
        ("2026a", "2026a", "2026a", False),
        ("", "2026a", "2026a", False),
        ("2025b", "", "2025b", False),
    ],
)
def test_which_edition_counts(system: str, package: str, used: str, *, newer: bool) -> None:
    """The newer one; where the system tells none, zoneinfo finds the package's by itself."""
    data = ZoneData(system=system, package=package)
    assert (data.used, data.package_is_newer) == (used, newer)
