"""Nights with feeds that change what no reader would notice; none of them may send a mail."""

import itertools

import pytest
from night_house import House, each_ahead, event


def attended(*addresses: str, uid: str = "a") -> str:
    """A meeting with these people, in this order."""
    lines = "".join(f"ATTENDEE:mailto:{address}\r\n" for address in addresses)
    return event(uid, "20261123T100000").replace("END:VEVENT", f"{lines}END:VEVENT")


def test_attendees_in_another_order(house: House) -> None:
    """The server lists the same people in another order: one mail, and no update of it."""
    people = ("lee@acme.example", "kim@other.example", "ana@other.example")
    for hour, order in enumerate(itertools.permutations(people)):
        house.calendar(attended(*order))
        house.night(f"2026-11-22T{hour + 12}:10")
    assert len(house.subjects) == 1


@pytest.mark.parametrize("ahead", [False, True])
def test_new_uids_at_every_fetch(house: House, *, ahead: bool) -> None:
    """A meeting that stands is mailed once, whatever UID it has today; so is a series."""
    if ahead:
        each_ahead(house)
    for turn in range(4):
        house.calendar(
            event(f"one{turn}", "20261123T100000"),
            event(f"two{turn}", "20261116T103000", title="Weekly").replace(
                "SUMMARY", "RRULE:FREQ=WEEKLY\r\nSUMMARY"
            ),
        )
        house.night(f"2026-11-23T08:{30 + turn}")
    expected = ["10:00 Review", "10:30 Weekly"] if ahead else house.subjects[:1]
    assert house.subjects == expected


def test_new_uids_keep_the_code_of_the_sheet(house: House) -> None:
    """The letters on the sheet of this morning still name the meeting after the next fetch."""
    codes = set()
    for turn in range(3):
        house.calendar(event(f"uid{turn}", "20261123T100000"))
        codes |= {brief["code"] for brief in house.night(f"2026-11-22T22:1{turn}")["briefs"]}
    assert len(codes) == 1


@pytest.mark.parametrize("ahead", [False, True])
def test_a_real_change_under_a_new_uid_is_told(house: House, *, ahead: bool) -> None:
    """Moved, and under another UID: it is called moved, not cancelled, in the same thread."""
    if ahead:
        each_ahead(house)
    house.calendar(event("one", "20261123T100000"))
    house.night("2026-11-23T08:30")
    house.calendar(event("two", "20261123T150000"))
    house.night("2026-11-23T08:45")
    house.calendar(event("three", "20261123T150000"))
    house.night("2026-11-23T09:00")
    assert house.subjects[1:] == ["Updated: moved to 15:00 – Review"]
    first, second = house.office.mailbox.messages
    assert second["In-Reply-To"] == first["Message-ID"]


def test_stamp_and_sequence_alone(house: House) -> None:
    """DTSTAMP, SEQUENCE and LAST-MODIFIED change at every fetch of some feeds: no mail."""
    for turn in range(3):
        stamped = event("a", "20261123T100000").replace("20261101T0000", f"20261101T0{turn}00")
        more = f"SEQUENCE:{turn}\r\nLAST-MODIFIED:2026110{turn + 1}T080000Z\r\nSUMMARY"
        house.calendar(stamped.replace("SUMMARY", more))
        house.night(f"2026-11-22T22:1{turn}")
    assert len(house.subjects) == 1


def test_really_gone_among_new_uids(house: House) -> None:
    """Where UIDs change at every fetch, a meeting that is no longer there is still told as gone."""
    house.calendar(event("a1", "20261123T100000"), event("b1", "20261123T140000", title="Lunch"))
    house.night()
    house.calendar(event("a2", "20261123T100000"))
    house.night("2026-11-22T23:00")
    assert house.subjects[1:] == ["Cancelled: Lunch, 14:00"]


@pytest.mark.parametrize("ahead", [False, True])
def test_put_off_to_another_day_under_a_new_uid(house: House, *, ahead: bool) -> None:
    """Invited again for another day: it is reported as moved there, not as gone."""
    if ahead:
        each_ahead(house)
    house.calendar(
        event("one", "20261123T100000"), event("other", "20261123T103000", title="Other")
    )
    house.night("2026-11-23T08:30")
    first = len(house.subjects)
    house.calendar(
        event("two", "20261126T100000"), event("other", "20261123T103000", title="Other")
    )
    house.night("2026-11-23T08:45")
    assert "Updated: moved to 26 Nov, 10:00 – Review" in house.subjects[first:]
    assert not any("no longer" in subject for subject in house.subjects)
