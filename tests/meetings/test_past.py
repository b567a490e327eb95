# ruff: noqa: DTZ001  # local times, as feeds write them
"""Past meetings: who stood in the calendar with whom, found without the whole feed."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from briefgen.meetings.calendar import past_meetings, read_feed
from briefgen.meetings.fetch import FeedCopy
from briefgen.meetings.meeting import PastMeeting, Window

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, tzinfo=BERLIN)
SINCE = datetime(2024, 11, 23, tzinfo=BERLIN)
PEOPLE = ("dana@acme.example", "sam@acme.example", "jane.doe@north.example", "li@east.example")


def event(uid: str, start: datetime, *lines: str) -> str:
    """One VEVENT, folded as the standard asks."""
    all_lines = [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTART;TZID=Europe/Berlin:{start:%Y%m%dT%H%M%S}",
        f"SUMMARY:{uid}",
        *lines,
        "END:VEVENT",
    ]
    return "".join(
        line[:60] + "".join(f"\r\n {line[n : n + 60]}" for n in range(60, len(line), 60)) + "\r\n"
        for line in all_lines
    )


def attendee(address: str, answer: str = "ACCEPTED") -> str:
    """An ATTENDEE line long enough to be folded in its address."""
    return (
        f'ATTENDEE;CN="A rather long name";ROLE=REQ-PARTICIPANT;PARTSTAT={answer}:MAILTO:{address}'
    )


def feed(*events: str, size: int = 1500) -> bytes:
    """A feed with these events among many others, large enough not to be read whole."""
    pick = random.Random(7)
    others = [
        event(
            f"other-{n}",
            datetime(2022, 1, 1, 9) + timedelta(days=pick.randrange(1700)),
            attendee(f"person{pick.randrange(50)}@many.example"),
            attendee(pick.choice(PEOPLE)) if pick.random() < 0.05 else "TRANSP:OPAQUE",
            "RRULE:FREQ=MONTHLY;COUNT=30" if pick.random() < 0.05 else "CLASS:PUBLIC",
        )
        for n in range(size)
    ]
    return ("BEGIN:VCALENDAR\r\n" + "".join([*others, *events]) + "END:VCALENDAR\r\n").encode()


def past(content: bytes, *addresses: str) -> tuple[PastMeeting, ...]:
    """What the calendar says of the last two years with these people."""
    return past_meetings(
        [FeedCopy(name="work", content=content)],
        addresses=frozenset(addresses),
        since=SINCE,
        until=NOW,
        zone=BERLIN,
    )


def test_a_large_feed_gives_what_all_of_it_gives() -> None:
    """For each person, exactly the meetings of a full read."""
    content = feed()
    window = Window(start=SINCE, end=NOW)
    whole = read_feed(content, feed="work", window=window, zone=BERLIN, small=10**9).meetings
    for person in PEOPLE:
        expected = [m.start for m in whole if person in {one.address for one in m.attendees}]
        assert expected
        assert [one.start for one in past(content, person)] == expected


def test_an_override_without_the_person_is_not_counted() -> None:
    """The whole series is looked at, though its override names nobody."""
    start = datetime(2026, 3, 2, 10)
    content = feed(
        event("series", start, "RRULE:FREQ=DAILY;COUNT=3", attendee("new@acme.example")),
        event(
            "series",
            start + timedelta(days=2, hours=1),
            f"RECURRENCE-ID;TZID=Europe/Berlin:{start + timedelta(days=1):%Y%m%dT%H%M%S}",
        ),
    )
    found = past(content, "new@acme.example")
    assert [one.start.day for one in found] == [2, 4]


def test_addresses_hard_to_read_are_found() -> None:
    """Percent signs, EMAIL= and IDN: read closely, so that none is missed."""
    start = datetime(2026, 3, 2, 10)
    content = feed(
        event("percent", start, "ATTENDEE:mailto:odd%40acme.example"),
        event("email", start, "ATTENDEE;EMAIL=odd@acme.example:urn:uuid:1"),
        event("organizer", start, "ORGANIZER;CN=Odd:mailto:Odd@ACME.example"),
        event("lookalike", start, "ATTENDEE:mailto:odd@acme.example.evil.example"),
        event("idn", start, "ATTENDEE:mailto:li@xn--bcher-kva.example"),
    )
    found = past(content, "odd@acme.example")
    assert sorted(one.uid for one in found) == ["email", "organizer", "percent"]
    assert [one.uid for one in past(content, "li@bücher.example")] == ["idn"]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("a tab", ("ATTENDEE:mailto:odd@ac\r\n\tme.example",)),
        ("a blank line", ("ATTENDEE:mailto:odd@ac\r\n\r\n me.example",)),
        ("its name", ("ATTEN\r\n DEE:mailto:odd@acme.example",)),
        ("mailto", ("ORGANIZER;CN=O:mai\r\n lto:odd@acme.example",)),
    ],
)
def test_an_address_is_found_however_it_is_folded(name: str, lines: tuple[str, ...]) -> None:
    """Folds may stand anywhere in the line, and be made of a tab or hold blank lines."""
    folded = "".join(f"{line}\r\n" for line in lines)
    head = "BEGIN:VEVENT\r\nUID:odd\r\nDTSTART:20260302T100000Z\r\n"
    found = past(feed(f"{head}{folded}END:VEVENT\r\n"), "odd@acme.example")
    assert [one.uid for one in found] == ["odd"], name


@pytest.mark.parametrize(
    "uid", ["UID:series", "UID;X-OLD=1:series", "uid:series", "UI\r\n D:series", "UID:ser\r\n ies"]
)
def test_an_override_is_found_however_its_uid_is_written(uid: str) -> None:
    """What moved a meeting belongs to its series, also with alarms that have UIDs."""
    alarm = "BEGIN:VALARM\r\nUID:alarm\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n"
    moved = "DTSTART:20260309T100000Z\r\nRECURRENCE-ID:20260302T100000Z\r\n"
    of_all = "BEGIN:VALARM\r\nUID:of-all\r\nTRIGGER:-PT5M\r\nEND:VALARM"
    content = feed(
        event("another", datetime(2026, 5, 4, 10), of_all),
        "BEGIN:VEVENT\r\nUID:series\r\nDTSTART:20260302T100000Z\r\nRRULE:FREQ=DAILY;COUNT=2\r\n"
        f"ATTENDEE:mailto:new@acme.example\r\n{of_all}\r\nEND:VEVENT\r\n",
        f"BEGIN:VEVENT\r\n{alarm}{moved}{uid}\r\nEND:VEVENT\r\n",
    )
    found = past(content, "new@acme.example")
    assert [one.start.day for one in found] == [3]


def test_what_was_cancelled_or_lies_ahead_is_not_past() -> None:
    """Cancelled meetings and those outside the span are left out; answers are kept."""
    content = feed(
        event("gone", datetime(2026, 3, 2, 10), attendee("x@acme.example"), "STATUS:CANCELLED"),
        event("old", datetime(2020, 3, 2, 10), attendee("x@acme.example")),
        event("ahead", datetime(2027, 3, 2, 10), attendee("x@acme.example")),
        event("was", datetime(2026, 3, 3, 10), attendee("x@acme.example", "DECLINED")),
    )
    (found,) = past(content, "x@acme.example")
    assert found.uid == "was"
    assert found.participation == {"x@acme.example": "DECLINED"}


def test_nobody_asked_for_is_nothing_found() -> None:
    """Without addresses nothing is read."""
    assert past(b"") == ()


@pytest.mark.parametrize(
    "party",
    [
        "ATTENDEE;CN=new@acme.example:invalid:nomail",
        'ATTENDEE;CN="New (new@acme.example)":urn:uuid:1',
        "ATTENDEE:MAILTO:'New@acme.example'",
        "ATTENDEE:mailto:New <new@acme.example>",
        "ATTENDEE:mailto:new_acme.example#EXT#@tenant.onmicrosoft.com",
        "ATTENDEE:mailto:new_acme.example%23EXT%23@tenant.onmicrosoft.com",
        "ORGANIZER:mailto:IMCEASMTP-new+40acme+2Eexample@corp.example",
    ],
)
def test_people_are_found_however_they_are_written(party: str) -> None:
    """The quick look knows every spelling that the reader knows."""
    content = feed(event("odd", datetime(2026, 3, 2, 10), party))
    found = past(content, "new@acme.example")
    assert [one.start.day for one in found] == [2]
