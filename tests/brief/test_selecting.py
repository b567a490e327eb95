"""Which meetings get a brief; each that does not has one short reason."""

import pytest

from briefgen.workspace.settings import Me, Select, Skip

from .conftest import ME, Desk, attendee

OUTSIDE = attendee("dana@acme.example", "Dana")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, None),
        ({"status": "CANCELLED"}, "cancelled"),
        ({"all_day": True}, "all-day"),
        ({"classification": "PRIVATE"}, "marked private"),
        ({"transparent": True}, "shown as free"),
        ({"title": "Team Standup"}, "your settings skip it: title fits '*standup*'"),
        ({"categories": ("personal",)}, "your settings skip it: category is 'Personal'"),
        ({"title": "Secret #NoBrief"}, "marked #nobrief"),
        ({"title": "All day #brief", "all_day": True}, None),
        ({"title": "Standup #brief"}, None),
        ({"title": "#briefing notes", "all_day": True}, "all-day"),
        ({"description": "#brief", "status": "CANCELLED"}, "cancelled"),
    ],
)
def test_a_reason_for_each(desk: Desk, given: dict[str, object], reason: str | None) -> None:
    """One meeting with someone from outside, and what keeps it from getting a brief."""
    desk.attendees = (OUTSIDE,)
    skips = (Skip(title="*standup*"), Skip(category="Personal"))
    desk.settings_given = {"select": Select(skip=skips)}
    assert desk.reason(desk.meeting(**given)) == reason


def test_settings_can_let_private_and_free_meetings_in(desk: Desk) -> None:
    """`select.private` and `select.free`."""
    desk.attendees = (OUTSIDE,)
    desk.settings_given = {"select": Select(private=True, free=True)}
    assert desk.reason(desk.meeting(classification="PRIVATE", transparent=True)) is None


def test_all_marks_of_a_skip_must_fit(desk: Desk) -> None:
    """A title and a category in one entry are both asked for."""
    desk.attendees = (OUTSIDE,)
    skip = Skip(title="*call*", category="Family")
    desk.settings_given = {"select": Select(skip=(skip,))}
    assert desk.reason(desk.meeting(title="Call")) is None
    assert desk.reason(desk.meeting(title="Call", categories=("Family",))) is not None


@pytest.mark.parametrize("address", [ME, "robin@second.example"])
def test_declined_by_any_of_my_addresses(desk: Desk, address: str) -> None:
    """A meeting I declined gets no brief, whichever of my addresses was invited."""
    desk.me = Me(name="Robin", emails=(ME, "robin@second.example"))
    mine = attendee(address, "Robin", participation="DECLINED")
    meeting = desk.meeting(attendees=(mine, OUTSIDE), organizer=OUTSIDE)
    assert desk.reason(meeting) == "you declined it"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("DELEGATED", "you passed it on to someone else"),
        ("NEEDS-ACTION", None),
        ("TENTATIVE", None),
    ],
)
def test_other_answers_of_mine(desk: Desk, answer: str, reason: str | None) -> None:
    """A meeting passed on is someone else's; one not answered yet may take place."""
    mine = attendee(ME, "Robin", participation=answer)
    meeting = desk.meeting(attendees=(mine, OUTSIDE), organizer=OUTSIDE)
    assert desk.reason(meeting) == reason


def test_accepted_by_one_address_and_declined_by_another_is_accepted(desk: Desk) -> None:
    """An invitation to both of my addresses, answered twice."""
    desk.me = Me(name="Robin", emails=(ME, "robin@second.example"))
    mine = (
        attendee(ME, "Robin", participation="DECLINED"),
        attendee("robin@second.example", "Robin"),
    )
    assert desk.reason(desk.meeting(attendees=(*mine, OUTSIDE))) is None


def test_a_strangers_tag_does_not_count(desk: Desk) -> None:
    """Someone who invites me cannot keep a brief from being made, nor ask for one."""
    desk.attendees = (OUTSIDE,)
    theirs = {"organizer": OUTSIDE}
    assert desk.reason(desk.meeting(title="x #nobrief", **theirs)) is None
    assert desk.reason(desk.meeting(title="x #brief", all_day=True, **theirs)) == "all-day"


def test_nobody_from_outside(desk: Desk) -> None:
    """Colleagues alone get no brief, unless one of them is on file."""
    desk.attendees = (
        attendee("noor@keller-advisory.example"),
        attendee("kim@eu.keller-advisory.example"),
    )
    assert desk.reason(desk.meeting()) == "nobody from outside"
    desk.with_contacts("name: Noor Haddad\nemails: [noor@keller-advisory.example]")
    assert desk.reason(desk.meeting()) is None


def test_nobody_else_at_all(desk: Desk) -> None:
    """A block of my own time."""
    desk.attendees = ()
    assert desk.reason(desk.meeting(title="Write up")) == "nobody else is in it"


def test_a_freemail_domain_is_never_internal_by_itself(desk: Desk) -> None:
    """My own address at a freemail provider does not make all its users colleagues."""
    desk.me = Me(name="Robin", emails=("robin@gmail.com",))
    people = (attendee("robin@gmail.com"), attendee("someone@gmail.com"))
    meeting = desk.meeting(attendees=people, organizer=people[0])
    assert desk.reason(meeting) is None
    desk.me = Me(name="Robin", emails=("robin@gmail.com",), internal_domains=("gmail.com",))
    assert desk.reason(meeting) == "nobody from outside"
