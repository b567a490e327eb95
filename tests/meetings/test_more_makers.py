"""What further makers write: times, series, people, places and links, by RFC 5545 and 7986."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from briefgen.brief.names import cleaned, is_nobody, is_person
from briefgen.meetings.calendar import read_feed
from briefgen.meetings.meeting import FeedReading, Meeting, Window, utc_text

ZONE = ZoneInfo("Europe/Berlin")
WINDOW = Window(start=datetime(2026, 12, 2, tzinfo=ZONE), end=datetime(2026, 12, 3, tzinfo=ZONE))
DANA = "dana@acme.example"
EASTERN = """\
BEGIN:VTIMEZONE
TZID:Eastern
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
END:VTIMEZONE"""


def read(*lines: str, head: str = "", small: int = 1_000_000) -> FeedReading:
    """2 December of a calendar with one event of these lines."""
    text = "\n".join(("BEGIN:VCALENDAR", *head.splitlines(), "BEGIN:VEVENT", "UID:u", *lines,
                      "END:VEVENT", "END:VCALENDAR", ""))  # fmt: skip
    return read_feed(text.encode(), feed="f", window=WINDOW, zone=ZONE, small=small)


def one(*lines: str) -> Meeting:
    """The meeting at 09:00 UTC with these lines."""
    (meeting,) = read("DTSTART:20261202T090000Z", *lines).meetings
    return meeting


def times(*lines: str, head: str = "") -> list[str]:
    """Start and end of what is on that day, in UTC, by both ways of reading."""
    reading = read(*lines, head=head)
    assert read(*lines, head=head, small=0).meetings == reading.meetings
    return [f"{utc_text(m.start)[11:16]}-{utc_text(m.end)[11:16]}" for m in reading.meetings]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ('"Eastern"', "15:00-16:00"),  # Domino, with its own VTIMEZONE
        ('"(UTC-05:00) Eastern Time (US & Canada)"', "15:00-16:00"),
        ('"(GMT+01.00) Amsterdam / Berlin / Bern / Rome / Stockholm / Vienna"', "09:00-10:00"),
        ('"(UTC+01:00) Bruxelles, Copenhague, Madrid, Paris"', "09:00-10:00"),
        ('"Tokyo Standard Time"', "01:00-02:00"),
        ("Asia/Calcutta", "04:30-05:30"),
        ("US/Pacific", "18:00-19:00"),
        ('"tzone://Microsoft/Utc"', "10:00-11:00"),
        ("/citadel.org/20210210_1/Europe/London", "10:00-11:00"),
        ('"http://tzurl.org/zoneinfo/America/Chicago"', "16:00-17:00"),
        ("EST5EDT", "15:00-16:00"),
        ('"CET-1CEST,M3.5.0,M10.5.0/3"', "09:00-10:00"),
        ("Etc/GMT-3", "07:00-08:00"),
    ],
)
def test_zones(zone: str, expected: str) -> None:
    """Ten o'clock in a zone as Domino, Outlook, Zimbra, Citadel and others name it."""
    start = f"DTSTART;TZID={zone}:20261202T100000"
    assert times(start, "DURATION:PT1H", head=EASTERN) == [expected]


@pytest.mark.parametrize(
    ("start", "lines", "expected"),
    [
        ("20261104T090000Z", ["RRULE:FREQ=WEEKLY;UNTIL=20261202"], ["09:00-10:00"]),
        ("20261104T090000Z", ["RRULE:FREQ=WEEKLY;COUNT=4"], []),
        ("20261104T090000Z", ["RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=WE,WE"], ["09:00-10:00"]),
        (
            "20261104T090000Z",
            ["RRULE:FREQ=WEEKLY", "EXDATE:20261125T090000Z,20261202T090000Z"],
            [],
        ),
        ("20261104T090000Z", ["RDATE;VALUE=PERIOD:20261202T090000Z/PT30M"], ["09:00-09:30"]),
        ("20260107T090000Z", ["RRULE:FREQ=MONTHLY;BYDAY=WE;BYSETPOS=1"], ["09:00-10:00"]),
        ("20260107T090000Z", ["RRULE:FREQ=MONTHLY;BYDAY=+1WE"], ["09:00-10:00"]),
        ("20261002T090000Z", ["RRULE:FREQ=MONTHLY;BYMONTHDAY=-30"], ["09:00-10:00"]),
        ("20261117T090000Z", ["RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,WE"], ["09:00-10:00"]),
        ("20261116T090000Z", ["RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=WE;WKST=SU"], ["09:00-10:00"]),
        ("20261123T090000Z", ["RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=WE,MO"], []),
        ("20261130T090000Z", ["RRULE:FREQ=DAILY", "EXRULE:FREQ=WEEKLY;BYDAY=WE"], []),
        ("20261202T090000Z", ["RRULE:FREQ=DAILY", "EXRULE:FREQ=WEEKLY;BYDAY=WE"], []),
        ("20261202T090000Z", ["RRULE:FREQ=DAILY", "EXRULE:FREQ=WEEKLY;BYDAY=TH"], ["09:00-10:00"]),
        ("20261130T090000Z", ["RRULE:FREQ=DAILY", "EXRULE:FREQ=DAILY;COUNT=2"], ["09:00-10:00"]),
        ("20261130T090000Z", ["RRULE:FREQ=DAILY", "EXRULE:FREQ=DAILY;COUNT=3"], []),
        ("20261130T090000Z", ["RRULE:FREQ=DAILY", "EXRULE:FREQ=NEVER"], ["09:00-10:00"]),
    ],
)
def test_series(start: str, lines: list[str], expected: list[str]) -> None:
    """What a rule means on 2 December, worked out by RFC 5545, 3.3.10 and 3.8.5."""
    assert times(f"DTSTART:{start}", "DURATION:PT1H", *lines) == expected


@pytest.mark.parametrize(
    "start",
    ["2026-12-02T09:00:00Z", "20261202T0900Z", "20261202T100000+0100", "20261202T090000.0Z"],
)
def test_times_out_of_shape(start: str) -> None:
    """With signs between, without seconds, with an offset or a fraction: nine o'clock."""
    assert times(f"DTSTART:{start}", "DURATION:PT1H") == ["09:00-10:00"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"ATTENDEE;CN=Dana:mailto:{DANA},kim@other.example", ["Dana", "kim@other.example"]),
        (f"ATTENDEE;CN=Dana:mailto:{DANA};kim@other.example", ["Dana", "kim@other.example"]),
        (f"ATTENDEE;CN=Dana:mailto://{DANA}", ["Dana"]),
        (f"ATTENDEE;CN=Dana:SMTP:{DANA}", ["Dana"]),
        (f"ATTENDEE;CN=Dana;EMAIL={DANA}:https://caldav.example/principals/12/", ["Dana"]),
        (f'ATTENDEE;CN="Dana Smith | Acme":mailto:{DANA}', ["Dana Smith"]),
        (f'ATTENDEE;CN="Dana Smith via Calendly":mailto:{DANA}', ["Dana Smith"]),
        (f'ATTENDEE;CN="=?UTF-8?B?RMOhbmE=?=":mailto:{DANA}', ["Dána"]),
        (f"ATTENDEE;CN=CN=Dana Smith/OU=Sales/O=Acme:mailto:{DANA}", ["Dana Smith"]),
        ('ATTENDEE;CN="Zoom Room 4";CUTYPE=UNKNOWN:mailto:zr4@acme.example', []),
        ('ATTENDEE;CN="Fellow Notetaker":mailto:notetaker@fellow.app', []),
        ('ATTENDEE;CN="Avoma Assistant":mailto:assistant@avoma.com', []),
        ('ATTENDEE;CN="Chorus":mailto:record@chorus.ai', []),
    ],
)
def test_who_is_in_it(line: str, expected: list[str]) -> None:
    """One person a mailbox, with the name that is theirs; no rooms and no programs."""
    people = [party for party in one(line).attendees if is_person(party) and not is_nobody(party)]
    shown = [cleaned(party).name if party.name else party.address for party in people]
    assert shown == expected


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("SUMMARY:<b>Review</b> &ndash; Q4", "Review – Q4"),
        ("SUMMARY:<p>Review<br>Q4</p>", "Review Q4"),
        ("SUMMARY:a < b </3", "a < b </3"),
        ("SUMMARY:Review\u00a0 with  Dana", "Review with Dana"),
        (r"SUMMARY:Review\; Q4\, Dana\\Kim", r"Review; Q4, Dana\Kim"),
        ("SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Gespr=C3=A4ch", "Gespräch"),
    ],
)
def test_titles(line: str, title: str) -> None:
    """Without the tags of a web page, with one space between words."""
    assert one(line).title == title


@pytest.mark.parametrize(
    ("lines", "place", "link"),
    [
        (["LOCATION:Café Nil https://www.openstreetmap.org/node/1"], "Café Nil", None),
        (["LOCATION:Café Nil https://ul.waze.com/ul?ll=1"], "Café Nil", None),
        (["LOCATION:Café Nil https://www.bing.com/maps?q=x"], "Café Nil", None),
        ([r"LOCATION:Harbor St 12\nhttps://maps.apple.com/?q=Harbor"], "Harbor St 12", None),
        (
            ["LOCATION:https://acme.zoom.us/j/1", "URL:https://acme.zoom.us/j/1"],
            "",
            "https://acme.zoom.us/j/1",
        ),
        (
            [
                "CONFERENCE;VALUE=URI;FEATURE=PHONE:tel:+49301234,,5#",
                "CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://meet.acme.example/x",
            ],
            "",
            "https://meet.acme.example/x",
        ),
        (["URL:https://doodle.com/meeting/organize/id/x"], "", None),
        (["LOCATION:meet.google.com/abc-defg-hij"], "", "https://meet.google.com/abc-defg-hij"),
        (
            ["LOCATION:Room 4 / acme.zoom.us/j/1"],
            "Room 4",
            "https://acme.zoom.us/j/1",
        ),
        (["LOCATION:kim@zoom.us/x"], "kim@zoom.us/x", None),
        (
            ["DESCRIPTION:https://teams.cloud.microsoft/l/meetup-join/1"],
            "",
            "https://teams.cloud.microsoft/l/meetup-join/1",
        ),
        (
            ["DESCRIPTION:https://app.slack.com/huddle/T1/C1"],
            "",
            "https://app.slack.com/huddle/T1/C1",
        ),
        (["URL:https://www.meetup.com/acme/events/1/"], "", None),
        (
            [
                r"DESCRIPTION:Help: https://aka.ms/JoinTeamsMeeting\nhttps://teams.microsoft.com/meet/1"
            ],
            "",
            "https://teams.microsoft.com/meet/1",
        ),
        (
            ["DESCRIPTION:https://urldefense.com/v3/__https://acme.zoom.us/j/9__;!!x"],
            "",
            "https://acme.zoom.us/j/9",
        ),
    ],
)
def test_places_and_links(lines: list[str], place: str, link: str | None) -> None:
    """A map is no meeting, a page of a tool is none, and the meeting's own link is found."""
    assert (one(*lines).place, one(*lines).join_link) == (place, link)


def test_a_person_named_twice_keeps_the_name() -> None:
    """One line has the address alone, another one the name too."""
    named = [f"ATTENDEE:mailto:{DANA}", f"ATTENDEE;CN=Dana Smith:mailto:{DANA}"]
    for lines in (named, named[::-1]):
        assert [party.name for party in one(*lines).attendees] == ["Dana Smith"]


def test_a_rule_that_leaves_out_and_cannot_be_read_is_told() -> None:
    """EXRULE with an unknown frequency leaves nothing out, and says so."""
    reading = read("DTSTART:20261202T090000Z", "RRULE:FREQ=DAILY", "EXRULE:FREQ=NEVER")
    assert [str(problem.message) for problem in reading.problems] == [
        "EXRULE cannot be followed: FREQ=NEVER is no frequency of RFC 5545; it is passed over"
    ]


def test_a_text_with_thousands_of_links_is_read_at_once() -> None:
    """The link of the meeting is looked for among the first 300 of them."""
    links = " ".join(f"https://x{n}.example/{n}" for n in range(299))
    meeting = "https://acme.zoom.us/j/1"
    assert one(f"DESCRIPTION:{links} {meeting}").join_link == meeting
    assert one(f"DESCRIPTION:{links} {links} {meeting}").join_link is None
