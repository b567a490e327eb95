"""Shapes of calendars that public bug reports show, beyond the cases: read as they are meant."""

import gzip
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr

from briefgen.meetings.recurrence import Budget
from briefgen.meetings.rule_text import read_rule
from briefgen.meetings.sieve import sieve
from briefgen.meetings.source import FetchFault, unpacked

Read = Callable[..., Any]
BERLIN = ZoneInfo("Europe/Berlin")
START = "DTSTART:20260317T090000Z"
HOUR = "DURATION:PT1H"


def calendar(*parts: str) -> bytes:
    """A calendar of some components."""
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", "")).encode()


def event(*lines: str, uid: str = "u") -> str:
    """An event of some lines."""
    return "\r\n".join(
        ("BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT")
    )


def zone(offset_from: str, offset_to: str) -> str:
    """A VTIMEZONE called Mine with one change, long ago."""
    return "\r\n".join(("BEGIN:VTIMEZONE", "TZID:Mine", "BEGIN:STANDARD", "DTSTART:19700101T000000",
                        f"TZOFFSETFROM:{offset_from}", f"TZOFFSETTO:{offset_to}", "END:STANDARD",
                        "END:VTIMEZONE"))  # fmt: skip


def spans(read: Read, content: bytes) -> list[str]:
    """Start and end of each meeting of March 2026, in UTC; of whole days the days."""
    utc = ZoneInfo("UTC")
    return [
        f"{one.start:%d}-{one.end:%d}"
        if one.all_day
        else f"{one.start.astimezone(utc):%d %H:%M}-{one.end.astimezone(utc):%H:%M}"
        for one in read(content, "2026-03-01", "2026-04-01", BERLIN).meetings
    ]


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("/freeassociation.sourceforge.net/Tzfile/America/New_York", "17 14:00-15:00"),
        ("EST5EDT,M3.2.0,M11.1.0", "17 14:00-15:00"),
        ('"(UTC+08:00) 北京，重庆，香港特别行政区，乌鲁木齐"', "17 02:00-03:00"),  # noqa: RUF001
        ("EASTERN STANDARD TIME", "17 14:00-15:00"),
    ],
)
def test_a_zone_by_another_name(read: Read, name: str, start: str) -> None:
    """Names by GNOME, POSIX, Windows in Chinese and Windows in capitals are known zones."""
    content = calendar(event(f"DTSTART;TZID={name}:20260317T100000", HOUR))
    assert spans(read, content) == [start]


@pytest.mark.parametrize(("was", "now"), [("0800", "0700"), ("+08:00", "+07:00")])
def test_offsets_of_a_zone_without_a_sign_or_with_a_colon(read: Read, was: str, now: str) -> None:
    """TZOFFSETTO:0700 and TZOFFSETTO:+07:00 are seven hours east."""
    content = calendar(zone(was, now), event("DTSTART;TZID=Mine:20260317T100000", HOUR))
    assert spans(read, content) == ["17 03:00-04:00"]


def test_a_calendar_that_names_its_zone_as_timezone_id(read: Read) -> None:
    """TIMEZONE-ID, of the draft that became RFC 7986, is the zone of floating times."""
    content = calendar("TIMEZONE-ID:America/New_York", event("DTSTART:20260317T100000", HOUR))
    assert spans(read, content) == ["17 14:00-15:00"]


@pytest.mark.parametrize(
    ("written", "span"),
    [("P1H", "17 09:00-10:00"), ("PT1.5H", "17 09:00-10:30"), ("P1DT1H", "17 09:00-10:00")],
)
def test_a_duration_nearly_right(read: Read, written: str, span: str) -> None:
    """Hours without their T, and half hours, are the length they say."""
    assert spans(read, calendar(event(START, f"DURATION:{written}"))) == [span]


def test_whole_days_of_exchange_in_utc(read: Read) -> None:
    """From midnight to midnight, marked as whole days, is whole days, though written in UTC."""
    mark = "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"
    here = event("DTSTART:20260316T230000Z", "DTEND:20260317T230000Z", mark)
    utc = event("DTSTART:20260318T000000Z", "DTEND:20260320T000000Z", mark, uid="v")
    long_day = event("DTSTART:20260322T080000Z", "DTEND:20260323T080000Z", mark, uid="w")
    assert spans(read, calendar(here, utc, long_day)) == ["17-18", "18-20", "22 08:00-08:00"]


def test_dates_left_out_with_semicolons_between_them(read: Read) -> None:
    """VCalendar 1.0 puts semicolons between the dates of EXDATE."""
    left_out = "EXDATE:20260318T090000Z;20260319T090000Z"
    content = calendar(event(START, HOUR, "RRULE:FREQ=DAILY;COUNT=4", left_out))
    assert spans(read, content) == ["17 09:00-10:00", "20 09:00-10:00"]


def test_a_line_of_text_that_looks_like_a_start(read: Read) -> None:
    """Of two DTSTART the one that is a time counts; the other is a line of someone's text."""
    content = calendar(event("DESCRIPTION:Agenda", "DTSTART: see above", START, HOUR))
    assert spans(read, content) == ["17 09:00-10:00"]


@pytest.mark.parametrize("margin", ["  ", "\t"])
def test_a_calendar_indented_by_its_program(read: Read, margin: str) -> None:
    """Lines indented throughout are lines, and not one folded line."""
    plain = calendar(event(START, HOUR)).decode()
    assert spans(read, plain.replace("\r\n", f"\r\n{margin}").encode()) == ["17 09:00-10:00"]


@pytest.mark.parametrize(
    "title",
    ["İptal edildi: Acme", "【中止】Acme", "（キャンセル）Acme", "ملغى: Acme"],  # noqa: RUF001
)
def test_called_off_as_other_languages_write_it(read: Read, title: str) -> None:
    """The capital İ of "İptal edildi" is the word's own i; Japan has brackets of its own."""
    content = calendar(event(START, HOUR, f"SUMMARY:{title}", "TRANSP:TRANSPARENT"))
    assert [one.status for one in read(content, "2026-03-17", "2026-03-18", BERLIN).meetings] == [
        "CANCELLED"
    ]


def test_a_packed_file_is_unpacked_within_its_bound() -> None:
    """A `.ics.gz` is a calendar; one that would unpack to more than is allowed is refused."""
    content = calendar(event(START, HOUR))
    assert unpacked(gzip.compress(content), len(content)) == content
    assert unpacked(content, 1) == content
    assert unpacked(b"\x1f\x8bnot packed", 100) == b"\x1f\x8bnot packed"
    with pytest.raises(FetchFault, match="max_megabytes"):
        unpacked(gzip.compress(content), len(content) - 1)


@pytest.mark.parametrize("count", [2, 3, 7, 40, 158, 159, 161])
@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYHOUR=8,9,21",
        "FREQ=DAILY;INTERVAL=3;BYMINUTE=0,30",
        "FREQ=WEEKLY;BYDAY=MO,WE,FR",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,TU",
        "FREQ=WEEKLY;INTERVAL=2",
        "FREQ=WEEKLY;BYDAY=TU;BYHOUR=8,10",
        "FREQ=DAILY;BYDAY=MO",
        "FREQ=WEEKLY;BYMONTH=3,4",
    ],
)
def test_a_counted_rule_entered_at_the_window(rule: str, count: int) -> None:
    """A rule with COUNT that is entered at the window ends where dateutil ends it."""
    start = datetime(2026, 1, 6, 9)  # noqa: DTZ001  # local
    first, last = datetime(2026, 3, 1), datetime(2026, 7, 1)  # noqa: DTZ001  # local
    reading = read_rule(f"{rule};COUNT={count}")
    assert reading is not None
    ours = reading.rule.starts(start, first=first, last=last, until=None, whole_days=False,
                               budget=Budget(10_000, each=10_000))  # fmt: skip
    whole = [
        start,
        *(at for at in rrulestr(f"{rule};COUNT={count + 1}", dtstart=start) if at > start),
    ]
    assert list(ours) == [at for at in whole[:count] if first <= at < last]


def test_counted_rules_long_before_the_window_cost_nothing(read: Read) -> None:
    """Hundreds of series that were counted long ago take none of a feed's steps from the others."""
    old = "DTSTART:20000103T090000Z"
    series = (
        event(old, "RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=9000", uid=f"u{n}") for n in range(400)
    )
    reading = read(calendar(*series), "2026-03-17", "2026-03-19", BERLIN)
    assert (len(reading.meetings), reading.problems) == (400, ())


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize(
    "party",
    [
        "ATTENDEE;CN=Dana:mailto:dana@acme.example",
        "ATTENDEE;CN=Dana:mailt{end} o:dana@ac{end}\tme.example",
        "ATTEN{end} DEE;CN=Dana:mailto:dana@acme.example",
        "ATTENDEE;CN=Dana{end}{end} :mailto:DANA@acme.example",
        "attendee;cn=Dana;EMAIL=dana@acme.example:urn:uuid:1",
    ],
)
def test_who_is_named_in_an_event_is_found_in_any_fold(party: str, end: str) -> None:
    """The quick look for people reads folds as the reader does, also in names and blank lines."""
    lines = (
        "BEGIN:VEVENT",
        "UID:a{end} b",
        "DTSTART:20260317T090000Z",
        party,
        "END:VEVENT",
        "BEGIN:VEVENT",
        "UID:ab",
        "DTSTART:20260317T100000Z",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "UID:other",
        "DTSTART:20260317T110000Z",
        "ORGANIZER:mailto:sam@acme.example",
        "END:VEVENT",
    )
    text = end.join(
        ("BEGIN:VCALENDAR", *(line.format(end=end) for line in lines), "END:VCALENDAR", "")
    )
    structure = sieve(
        text.encode(), first=date(2026, 3, 17), last=date(2026, 3, 18), naming={"dana@acme.example"}
    )
    assert structure is not None
    assert [len(structure.events), *(one.line for one in structure.events[:1])] == [2, 2]


ZOOM = "https://acme.zoom.us/j/123456789"


@pytest.mark.parametrize(
    ("place", "shown", "link"),
    [
        (f"{ZOOM} / Room 4", "Room 4", ZOOM),
        (f"Zoom ({ZOOM})", "Zoom", ZOOM),
        ("Restaurant Nil https://maps.app.goo.gl/abc", "Restaurant Nil", None),
        ("https://maps.app.goo.gl/abc", "https://maps.app.goo.gl/abc", None),
        (
            "Restaurant Nil, https://nil.example/menu_(today)",
            "Restaurant Nil",
            "https://nil.example/menu_(today)",
        ),
    ],
)
def test_a_place_beside_links(read: Read, place: str, shown: str, link: str | None) -> None:
    """Links into the meeting and to a map are no part of a place that has a name."""
    reading = read(calendar(event(START, f"LOCATION:{place}")), "2026-03-17", "2026-03-18", BERLIN)
    (meeting,) = reading.meetings
    assert (meeting.place, meeting.join_link) == (shown, link)


@pytest.mark.parametrize(
    "wrapped",
    [
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__acme.zoom.us_j_123456789&d=x",
        "https://linkprotect.cudasvc.com/url?a=https%3a%2f%2facme.zoom.us%2fj%2f123456789&c=E",
        "https://a-ctp.trendmicro.com/wis/query?url=https%3a%2f%2facme.zoom.us%2fj%2f123456789",
        f"https://acme.zoom.us/rec/share/abc and {ZOOM}",
    ],
)
def test_a_link_wrapped_by_a_mail_system(read: Read, wrapped: str) -> None:
    """What mail systems put before a link is taken off; a recording is no meeting."""
    reading = read(
        calendar(event(START, f"DESCRIPTION:{wrapped}")), "2026-03-17", "2026-03-18", BERLIN
    )
    assert reading.meetings[0].join_link == ZOOM
