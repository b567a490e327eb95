# ruff: noqa: DTZ001  # local times, as feeds write them
"""Past meetings: who stood in the calendar with whom, found without the whole feed."""

import random
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from briefgen.meetings.calendar import read_feed
from briefgen.meetings.fetch import FeedCopy
from briefgen.meetings.meeting import Window
from briefgen.meetings.past import PastMeeting, past_meetings

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
    """A feed with these events among many others, large enough to be indexed."""
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


def past(content: bytes, cache: Path, *addresses: str) -> tuple[PastMeeting, ...]:
    """What the calendar says of the last two years with these people."""
    return past_meetings(
        [FeedCopy(name="work", content=content)],
        addresses=frozenset(addresses),
        since=SINCE,
        until=NOW,
        zone=BERLIN,
        cache=cache,
    )


def test_the_index_gives_what_the_whole_feed_gives(tmp_path: Path) -> None:
    """For each person, from the index as made and as kept, exactly the meetings of a full read."""
    content = feed()
    window = Window(start=SINCE, end=NOW)
    whole = read_feed(content, feed="work", window=window, zone=BERLIN, small=10**9).meetings
    for person in PEOPLE:
        expected = [m.start for m in whole if person in {one.address for one in m.attendees}]
        assert expected
        for _ in range(2):
            assert [one.start for one in past(content, tmp_path, person)] == expected
    assert len(list(tmp_path.glob("*.mentions"))) == 1


def test_an_override_without_the_person_is_not_counted(tmp_path: Path) -> None:
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
    found = past(content, tmp_path, "new@acme.example")
    assert [one.start.day for one in found] == [2, 4]


def test_addresses_hard_to_read_are_found(tmp_path: Path) -> None:
    """Percent signs, EMAIL= and IDN: read closely, so that none is missed."""
    start = datetime(2026, 3, 2, 10)
    content = feed(
        event("percent", start, "ATTENDEE:mailto:odd%40acme.example"),
        event("email", start, "ATTENDEE;EMAIL=odd@acme.example:urn:uuid:1"),
        event("organizer", start, "ORGANIZER;CN=Odd:mailto:Odd@ACME.example"),
        event("lookalike", start, "ATTENDEE:mailto:odd@acme.example.evil.example"),
        event("idn", start, "ATTENDEE:mailto:li@xn--bcher-kva.example"),
    )
    found = past(content, tmp_path, "odd@acme.example")
    assert sorted(one.uid for one in found) == ["email", "organizer", "percent"]
    assert [one.uid for one in past(content, tmp_path, "li@bücher.example")] == ["idn"]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("a tab", ("ATTENDEE:mailto:odd@ac\r\n\tme.example",)),
        ("a blank line", ("ATTENDEE:mailto:odd@ac\r\n\r\n me.example",)),
        ("its name", ("ATTEN\r\n DEE:mailto:odd@acme.example",)),
        ("mailto", ("ORGANIZER;CN=O:mai\r\n lto:odd@acme.example",)),
    ],
)
def test_an_address_is_found_however_it_is_folded(
    tmp_path: Path, name: str, lines: tuple[str, ...]
) -> None:
    """Folds may stand anywhere in the line, and be made of a tab or hold blank lines."""
    folded = "".join(f"{line}\r\n" for line in lines)
    head = "BEGIN:VEVENT\r\nUID:odd\r\nDTSTART:20260302T100000Z\r\n"
    found = past(feed(f"{head}{folded}END:VEVENT\r\n"), tmp_path, "odd@acme.example")
    assert [one.uid for one in found] == ["odd"], name


@pytest.mark.parametrize(
    "uid", ["UID:series", "UID;X-OLD=1:series", "uid:series", "UI\r\n D:series", "UID:ser\r\n ies"]
)
def test_an_override_is_found_however_its_uid_is_written(tmp_path: Path, uid: str) -> None:
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
    found = past(content, tmp_path, "new@acme.example")
    assert [one.start.day for one in found] == [3]


def test_an_index_is_never_much_larger_than_its_feed(tmp_path: Path) -> None:
    """Thousands of events that share a UID, each naming others, do not multiply."""
    content = feed(
        *(
            event("same", datetime(2026, 3, 2, 10), attendee(f"person{n}@acme.example"))
            for n in range(3000)
        ),
        size=10,
    )
    past(content, tmp_path, "person7@acme.example")
    (index,) = tmp_path.glob("*.mentions")
    assert index.stat().st_size < len(content)


def test_whom_every_copy_of_an_event_names_is_indexed_once(tmp_path: Path) -> None:
    """A thousand copies of one UID that name one person are looked at once, not a thousand times.

    They took time by the square of their number: 2,400 of them, ten seconds.
    """
    content = feed(
        *(
            event("same", datetime(2026, 3, 2, 8, n // 60, n % 60), attendee("x@acme.example"))
            for n in range(1000)
        )
    )
    assert past(content, tmp_path, "x@acme.example")
    (index,) = tmp_path.glob("*.mentions")
    (line,) = (one for one in index.read_bytes().splitlines() if one.startswith(b"x@"))
    assert line == b"x@acme.example\t@0"


def test_what_was_cancelled_or_lies_ahead_is_not_past(tmp_path: Path) -> None:
    """Cancelled meetings and those outside the span are left out; answers are kept."""
    content = feed(
        event("gone", datetime(2026, 3, 2, 10), attendee("x@acme.example"), "STATUS:CANCELLED"),
        event("old", datetime(2020, 3, 2, 10), attendee("x@acme.example")),
        event("ahead", datetime(2027, 3, 2, 10), attendee("x@acme.example")),
        event("was", datetime(2026, 3, 3, 10), attendee("x@acme.example", "DECLINED")),
    )
    (found,) = past(content, tmp_path, "x@acme.example")
    assert found.uid == "was"
    assert found.participation == {"x@acme.example": "DECLINED"}


def test_a_damaged_index_is_made_anew(tmp_path: Path) -> None:
    """An index that is cut or of another version is not believed."""
    content = feed(event("one", datetime(2026, 3, 2, 10), attendee("x@acme.example")))
    assert len(past(content, tmp_path, "x@acme.example")) == 1
    (index,) = tmp_path.glob("*.mentions")
    index.write_bytes(index.read_bytes()[:100])
    assert len(past(content, tmp_path, "x@acme.example")) == 1


def test_of_old_indexes_few_are_kept(tmp_path: Path) -> None:
    """Each changed feed leaves one; the oldest go."""
    for number in range(12):
        (tmp_path / f"{number}.mentions").write_bytes(b"")
    past(feed(), tmp_path, "x@acme.example")
    assert len(list(tmp_path.glob("*.mentions"))) == 8


def test_nobody_asked_for_is_nothing_found(tmp_path: Path) -> None:
    """Without addresses nothing is read."""
    assert past(b"", tmp_path) == ()


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
def test_people_are_found_however_they_are_written(tmp_path: Path, party: str) -> None:
    """The index knows every spelling that the reader knows."""
    content = feed(event("odd", datetime(2026, 3, 2, 10), party))
    found = past(content, tmp_path, "new@acme.example")
    assert [one.start.day for one in found] == [2]
