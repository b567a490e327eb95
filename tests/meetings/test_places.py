"""Where a meeting is: only real places are places, and each link is printed once."""

from collections.abc import Callable
from typing import Any

import pytest

from briefgen.brief.stops import is_on_a_map, is_online

Read = Callable[..., Any]


@pytest.mark.parametrize(
    ("location", "place", "link"),
    [
        (r"Restaurant Nil\nNeuer Pferdemarkt 5\, 20359 Hamburg",
         "Restaurant Nil, Neuer Pferdemarkt 5, 20359 Hamburg", None),
        (r"Hauptstraße 1\n\n10115 Berlin\n", "Hauptstraße 1, 10115 Berlin", None),
        ("https://acme.zoom.us/j/123", "", "https://acme.zoom.us/j/123"),
        (r"Room 4\, https://acme.zoom.us/j/123?pwd=x", "Room 4", "https://acme.zoom.us/j/123?pwd=x"),
        ("https://acme.zoom.us/j/1 (Room 4)", "(Room 4)", "https://acme.zoom.us/j/1"),
        (r"Acme House; https://meet.google.com/abc-defg-hij; Floor 2", "Acme House; Floor 2",
         "https://meet.google.com/abc-defg-hij"),
        ("Caf&#233; Paris", "Café Paris", None),
        ("https://own.example/room/7", "", "https://own.example/room/7"),
    ],
)  # fmt: skip
def test_a_place_without_its_links(read: Read, location: str, place: str, link: str | None) -> None:
    """Lines become commas; the meeting's link is kept, and is there once."""
    given = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\nDTSTART:20261123T090000Z\n"
        f"LOCATION:{location}\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    meeting = read(given.encode(), "2026-11-23").one("u")
    assert (meeting.place, meeting.join_link) == (place, link)


TEAMS = r"Microsoft Teams Need help?<https://aka.ms/JoinTeamsMeeting?omkt=en-US>\n"
JOIN = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x"


@pytest.mark.parametrize(
    ("description", "link"),
    [
        (rf"{TEAMS}Join the meeting now<{JOIN}>\nMeeting ID: 344 212 907 113", JOIN),
        (rf"Join the meeting now<{JOIN}>\n{TEAMS}", JOIN),
        (rf"{TEAMS}Join: https://teams.microsoft.com/meet/24681012?p=x", "https://teams.microsoft.com/meet/24681012?p=x"),
        (rf"{TEAMS}Meeting options<https://teams.microsoft.com/meetingOptions/?x>", None),
        (r"Learn more<https://support.zoom.us/hc>\nhttps://us02web.zoom.us/j/812", "https://us02web.zoom.us/j/812"),
        (r"Numbers: https://tel.meet/abc?pin=1\nhttps://meet.google.com/abc-defg-hij", "https://meet.google.com/abc-defg-hij"),
    ],
)  # fmt: skip
def test_the_join_link_is_never_the_help_page(
    read: Read, description: str, link: str | None
) -> None:
    """A Teams block's own link is the meeting's, wherever "Need help?" is."""
    given = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\nDTSTART:20261123T090000Z\n"
        f"DESCRIPTION:{description}\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    assert read(given.encode(), "2026-11-23").one("u").join_link == link


@pytest.mark.parametrize(
    ("place", "online", "on_a_map"),
    [
        ("Microsoft Teams Meeting", True, False),
        ("Zoom Meeting ID 812 3456 7890", True, False),
        ("Google Meet (instructions in description)", True, False),
        ("+49 30 5550 1000", True, False),
        ("TBD", True, False),
        ("HQ-4-Alster (8)", False, False),
        ("Besprechungsraum 3", False, False),
        ("Room 4", False, False),
        ("Acme House, Room 4", False, True),
        ("Restaurant Nil, Neuer Pferdemarkt 5", False, True),
        ("Café Paris", False, True),
        ("Call Lane 12", False, True),
        ("4711", False, False),
    ],
)
def test_what_a_map_can_show(place: str, *, online: bool, on_a_map: bool) -> None:
    """Programs, numbers, rooms and what is still open lead to no map."""
    assert (is_online(place), is_on_a_map(place)) == (online, on_a_map)
