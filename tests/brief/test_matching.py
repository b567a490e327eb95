"""Who takes part: by exact address, by name only if there is no address, never by guessing."""

import pytest

from briefgen.workspace.settings import Me

from .conftest import ME, Desk, attendee

DANA = "name: Dana Smith\nemails: [dana.smith@acme.example]\naliases: [Dana Smith-Ortiz]"
LEE = "name: Lee Wong\nemails: [lee@acme.example]"


def who(desk: Desk, **given: object) -> list[str]:
    """The participants' keys; `?` before those without a file."""
    found = desk.match(desk.meeting(**given))
    return [("" if one.contact else "?") + one.key for one in found]


def test_an_attendee_is_known_by_exact_address(desk: Desk) -> None:
    """The address of the feed and that of the file are the same, whatever the name says."""
    desk.with_contacts(DANA)
    desk.attendees = (attendee("dana.smith@acme.example", "D."),)
    assert who(desk) == ["dana-smith"]


@pytest.mark.parametrize(
    "address",
    [
        "dana.smith@acme.example.evil.example",
        "xdana.smith@acme.example",
        "dana.smith+x@acme.example",
        "dana.smith@eu.acme.example",
    ],
)
def test_a_like_address_is_somebody_else(desk: Desk, address: str) -> None:
    """Neither a longer address, nor a tag, nor a subdomain shows another person's notes."""
    desk.with_contacts(DANA)
    desk.attendees = (attendee(address, "Dana Smith"),)
    assert who(desk) == [f"?{address}"]


def test_a_name_counts_only_without_an_address(desk: Desk) -> None:
    """Dana Smith without an address is Dana; with an unknown address she is nobody on file."""
    desk.with_contacts(DANA)
    desk.attendees = (attendee(None, "SMITH, Dána"),)
    assert who(desk) == ["dana-smith"]
    desk.attendees = (attendee("d@other.example", "Dana Smith"),)
    assert who(desk) == ["?d@other.example"]


def test_two_files_that_could_be_meant_are_both_left_alone(desk: Desk) -> None:
    """Two Danas on file: neither's notes are used, and the brief says so."""
    desk.with_contacts(DANA, "name: Dana  Smith\ninterests: [chess]")
    desk.contacts = (desk.contacts[0], desk.contacts[1])
    desk.attendees = (attendee(None, "Dana Smith"),)
    (participant,) = desk.match(desk.meeting())
    assert participant.contact is None
    assert len(participant.rivals) == 2
    brief = desk.compose()
    assert "could be" in brief.faces[0].remark
    assert not any("chess" in line.text for line in brief.lines)


def test_i_and_rooms_are_never_participants(desk: Desk) -> None:
    """My own addresses, rooms and resources are left out; the organizer is taken in."""
    desk.with_contacts(LEE)
    desk.me = Me(name="Robin Keller", emails=(ME, "robin@home.example"))
    desk.attendees = (
        attendee("robin@home.example", "Robin"),
        attendee("room-2@acme.example", "Room 2", kind="ROOM"),
        attendee("beamer@acme.example", "Beamer", kind="RESOURCE"),
        attendee("c_18@resource.calendar.google.com", "Room 4"),
    )
    assert who(desk, organizer=attendee("lee@acme.example", "Lee")) == ["lee-wong"]


@pytest.mark.parametrize(
    ("organizer", "address", "expected"),
    [
        (ME, "robin.k@gmail.com", ["lee-wong"]),
        (ME, "robin@acme.example", ["?robin@acme.example", "lee-wong"]),
        ("lee@acme.example", "robin.k@gmail.com", ["?robin.k@gmail.com", "lee-wong"]),
    ],
)
def test_my_private_address_in_a_meeting_of_mine(
    desk: Desk, organizer: str, address: str, expected: list[str]
) -> None:
    """My name at a freemail provider is me where I invite it, and a namesake anywhere else."""
    desk.with_contacts(LEE)
    desk.me = Me(name="Robin Keller", emails=(ME,))
    desk.attendees = (attendee(address, "Robin Keller"), attendee("lee@acme.example", "Lee"))
    assert who(desk, organizer=attendee(organizer)) == expected


def test_one_person_with_two_addresses_is_one_participant(desk: Desk) -> None:
    """The address that was accepted stands for both."""
    desk.with_contacts("name: Lee Wong\nemails: [lee@acme.example, lee@home.example]")
    desk.attendees = (
        attendee("lee@acme.example", "Lee", participation="DECLINED"),
        attendee("lee@home.example", "Lee"),
    )
    (participant,) = desk.match(desk.meeting())
    assert participant.attendee is not None
    assert participant.attendee.address == "lee@home.example"


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Lunch with Dana Smith", ["dana-smith"]),
        ("Smith, Dana: review", ["dana-smith"]),
        ("dana SMITH / Lee Wong", ["dana-smith", "lee-wong"]),
        ("Dana Smith-Ortiz, review", ["dana-smith"]),
        ("Dana: review", []),
        ("Dana Smithson", []),
        ("Dana - Smith review", []),
        ("Madana Smith", []),
    ],
)
def test_a_meeting_of_mine_without_attendees_is_read_by_its_title(
    desk: Desk, title: str, found: list[str]
) -> None:
    """A whole name in the title counts; a given name, or a piece of another word, does not."""
    desk.with_contacts(DANA, LEE)
    desk.attendees = ()
    assert sorted(who(desk, title=title)) == found


def test_names_in_unspaced_scripts_are_found_in_titles(desk: Desk) -> None:
    """山田 太郎 on file is 山田太郎 in a title."""
    desk.with_contacts("name: 山田 太郎")
    desk.attendees = ()
    assert len(desk.match(desk.meeting(title="山田太郎様と打合せ"))) == 1


def test_a_line_of_the_description_names_a_contact(desk: Desk) -> None:
    """`[contact: lee-wong]` in my own meeting is Lee; in a stranger's it is nothing."""
    desk.with_contacts(LEE)
    desk.attendees = ()
    assert who(desk, description="Notes\n[contact: lee-wong]\n") == ["lee-wong"]
    stranger = attendee("x@else.example", "X")
    given = {"description": "[contact: lee-wong]", "organizer": stranger}
    assert who(desk, **given) == ["?x@else.example"]


def test_a_meeting_without_an_organizer_is_mine(desk: Desk) -> None:
    """A private appointment has neither organizer nor attendees; its title counts."""
    desk.with_contacts(LEE)
    desk.attendees = ()
    found = desk.match(desk.meeting(organizer=None, attendees=(), title="Call Lee Wong"))
    assert [one.key for one in found] == ["lee-wong"]


def test_an_attendee_without_a_file_is_shown_as_such(desk: Desk) -> None:
    """Never dropped, never mistaken: the page says that there is no file."""
    desk.attendees = (attendee("j.doe@acme.example", "J. Doe"), attendee("k@acme.example"))
    brief = desk.compose()
    assert [face.remark for face in brief.faces] == [
        "no file for j.doe@acme.example",
        "no file for k@acme.example",
    ]
    assert [face.name for face in brief.faces] == ["J. Doe", "guest at acme.example"]


def test_a_crowd_is_summarised(desk: Desk) -> None:
    """Of sixty attendees those on file are shown and some others; the rest is a number."""
    desk.with_contacts(LEE)
    desk.attendees = (
        *(attendee(f"p{n}@acme.example", f"Person {n}") for n in range(60)),
        attendee("lee@acme.example", "Lee"),
    )
    brief = desk.compose()
    assert brief.faces[0].name == "Lee Wong"
    assert len(brief.faces) == 8
    assert len(brief.faces) + brief.uncounted == 61
