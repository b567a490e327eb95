"""Each oddity of real feeds, in its own calendar, with the answer worked out by hand."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from briefgen.meetings.content import normalised, unfolded

Read = Callable[..., Any]

GOOD = b"""BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:one
DTSTART:20261123T090000Z
DTEND:20261123T100000Z
SUMMARY:M\xc3\xbcller und Gr\xc3\xbc\xc3\x9fe
END:VEVENT
BEGIN:VEVENT
UID:two
DTSTART:20261123T110000Z
SUMMARY:Two
END:VEVENT
END:VCALENDAR
"""
ONE_AND_TWO = [
    ("one", None, "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z"),
    ("two", None, "2026-11-23T11:00:00Z", "2026-11-23T11:00:00Z"),
]


def at(*days: str, clock: str = "09:00:00") -> list[str]:
    """The same UTC time on several days."""
    return [f"{day}T{clock}Z" for day in days]


def test_a_broken_event_leaves_all_others_standing(read: Read) -> None:
    """What is wrong with one property or event is a problem with UID and line; the rest stays."""
    reading = read("broken_events", "2026-11-23", "2026-11-25")
    assert [uid for uid, *_ in reading.all] == [
        "good", "two-starts", "bad-rule", "bad-sequence", "bad-offset", "bad-trigger", "last",
    ]  # fmt: skip
    by_uid = {problem.field: problem for problem in reading.problems}
    assert "no DTSTART" in by_uid["no-start"].message
    assert "stands 2 times" in by_uid["two-starts"].message
    assert "FORTNIGHTLY" in by_uid["bad-rule"].message
    assert "SEQUENCE:abc" in by_uid["bad-sequence"].message
    assert "TRIGGER" in by_uid["bad-trigger"].message
    assert "20261323T100000Z" in by_uid["bad-start"].message
    assert any("TZOFFSETFROM:+5328" in problem.message for problem in reading.problems)
    assert all(problem.line for problem in reading.problems)
    assert by_uid["bad-rule"].line == 35
    assert reading.starts("bad-offset") == ["2026-11-23T14:00:00Z"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("byte order mark", b"\xef\xbb\xbf" + GOOD),
        ("CR CR LF", GOOD.replace(b"\n", b"\r\r\n")),
        ("CR LF", GOOD.replace(b"\n", b"\r\n")),
        ("bare CR", GOOD.replace(b"\n", b"\r")),
        ("UTF-16 with mark", GOOD.decode().encode("utf-16")),
        ("UTF-16 big endian without mark", GOOD.decode().encode("utf-16-be")),
        ("UTF-16 little endian without mark", GOOD.decode().encode("utf-16-le")),
        ("UTF-32", GOOD.decode().encode("utf-32")),
        ("blank lines in a fold", GOOD.replace(b"und", b"u\n\n\n nd")),
        ("blank lines between", GOOD.replace(b"\n", b"\n\n")),
        ("a character cut by a fold", GOOD.replace(b"\xc3\xbc", b"\xc3\r\n \xbc")),
        ("a folded name", GOOD.replace(b"DTSTART", b"DTST\n ART")),
        ("a tab as fold", GOOD.replace(b"SUMMARY", b"SUMM\n\tARY")),
        ("lower case", GOOD.replace(b"DTSTART", b"dtstart").replace(b"BEGIN", b"begin")),
        ("spaces behind", GOOD.replace(b"VEVENT", b"VEVENT  ")),
        ("code page 1252", GOOD.decode().encode("cp1252")),
        ("a NUL", GOOD.replace(b"und", b"u\0nd")),
        ("no line break at the end", GOOD.rstrip()),
        ("text before and after", b"\n \n" + GOOD + b"\n\n"),
    ],
)
def test_bytes_are_normalised_first(read: Read, name: str, content: bytes) -> None:
    """Marks, encodings, line ends and folds change nothing in what is read."""
    reading = read(content, "2026-11-23")
    assert reading.all == ONE_AND_TWO, name
    assert reading.titles("one") == ["Müller und Grüße"]
    assert reading.problems == ()


def test_a_cut_download_keeps_its_whole_events(read: Read) -> None:
    """Whole events stay, and a problem says that the feed is cut."""
    reading = read(GOOD[: GOOD.index(b"SUMMARY:Two")], "2026-11-23")
    assert reading.all == ONE_AND_TWO[:1]
    messages = [problem.message for problem in reading.problems]
    assert any("the feed is cut off" in message for message in messages)
    assert any(problem.field == "two" and problem.line == 9 for problem in reading.problems)


def test_an_event_without_its_end_does_not_swallow_the_next(read: Read) -> None:
    """A missing END:VEVENT in the middle costs that event alone."""
    content = GOOD.replace(b"END:VEVENT\n", b"", 1)
    reading = read(content, "2026-11-23")
    assert reading.all == ONE_AND_TWO[1:]
    assert reading.messages("one")


def test_a_web_page_is_no_calendar(read: Read) -> None:
    """A login page gives no meetings and one problem."""
    reading = read(b"<!DOCTYPE html><html><title>Sign in</title></html>", "2026-11-23")
    assert not reading.is_calendar
    assert len(reading.problems) == 1
    assert "not a calendar" in reading.problems[0].message


def test_raw_newlines_open_quotes_and_lines_without_colon(read: Read) -> None:
    """Such a line is joined to the text before it, or dropped; the event stays."""
    reading = read("raw_newlines", "2026-11-23")
    assert [uid for uid, *_ in reading.all] == [
        "raw", "no-colon", "open-quote", "open-quote-start", "no-value",
    ]  # fmt: skip
    raw = reading.one("raw")
    assert raw.description == "First line\nsecond line, raw\nNote: bring the list"
    assert raw.place == "Room 4"
    assert reading.one("open-quote").attendees[0].address == "dana.smith@acme.example"
    assert reading.starts("open-quote-start") == ["2026-11-23T12:00:00Z"]
    assert reading.one("no-value").attendees[0].participation == "ACCEPTED"
    assert reading.messages("no-colon")


def test_windows_zone_names(read: Read) -> None:
    """A Windows name means what CLDR says, quoted or not, in any case, without a VTIMEZONE."""
    reading = read("windows_zones", "2026-11-23")
    assert reading.starts("bare") == ["2026-11-23T09:00:00Z"]
    assert reading.starts("quoted") == ["2026-11-23T15:00:00Z"]
    assert reading.starts("india") == ["2026-11-23T04:30:00Z"]
    assert reading.starts("lower") == ["2026-11-23T11:00:00Z"]
    assert reading.one("bare").zone == "W. Europe Standard Time"
    assert reading.problems == ()


def test_display_names_offsets_and_paths(read: Read) -> None:
    """Names that only look odd are understood, summer time included; offsets stay fixed."""
    reading = read("display_zones", "2026-07-23")
    assert reading.starts("display") == ["2026-07-23T08:00:00Z"]
    assert reading.starts("display-old") == ["2026-07-23T14:00:00Z"]
    assert reading.starts("offset") == ["2026-07-23T09:00:00Z"]
    assert reading.starts("offset-minutes") == ["2026-07-23T13:30:00Z"]
    assert reading.starts("mozilla") == ["2026-07-23T08:00:00Z"]
    assert reading.starts("libical") == ["2026-07-23T13:00:00Z"]
    assert reading.starts("unknown-cities") == ["2026-07-23T04:30:00Z"]
    (problem,) = reading.problems
    assert (problem.field, problem.severity) == ("", "warning")
    assert "without summer time" in problem.message


def test_a_customized_zone_is_the_calendars_own(read: Read) -> None:
    """The VTIMEZONE in the same calendar counts, in gap and fold too."""
    reading = read("customized_zone", "2026-01-01", "2026-12-31")
    assert reading.starts("winter") == ["2026-11-23T09:00:00Z"]
    assert reading.starts("summer") == ["2026-07-23T08:00:00Z"]
    assert reading.starts("gap") == ["2026-03-29T01:30:00Z"]
    assert reading.starts("fold") == ["2026-10-25T00:30:00Z"]


def test_a_zone_is_never_seen_by_the_next_feed(read: Read) -> None:
    """Two feeds may define one TZID differently; read in either order, each keeps its own."""
    for name, expected in (
        ("customized_zone", []),
        ("customized_zone_other", ["2026-11-23T15:00:00Z"]),
        ("customized_zone", []),
    ):
        assert read(name, "2026-11-23").starts("other") == expected
    assert read("customized_zone", "2026-11-23").starts("winter") == ["2026-11-23T09:00:00Z"]


def test_an_undefined_zone_is_the_users_and_a_problem(read: Read) -> None:
    """Where nobody knows the zone the user's own is taken, and said."""
    reading = read("customized_zone_undefined", "2026-11-23")
    assert reading.starts("undefined") == ["2026-11-23T09:00:00Z"]
    assert "Customized Time Zone" in reading.problems[0].message


def test_z_wins_over_tzid(read: Read) -> None:
    """A time with TZID and a trailing Z is in UTC."""
    reading = read("zone_and_z", "2026-11-23", "2026-11-25")
    assert reading.starts("z-wins") == ["2026-11-23T10:00:00Z"]
    assert reading.starts("series-z") == at("2026-11-23", "2026-11-24", clock="10:00:00")
    assert reading.one("z-wins").zone == "UTC"


def test_x_wr_timezone_is_for_floating_times_only(read: Read) -> None:
    """UTC series stay in UTC, in the other half of the year too."""
    reading = read("x_wr_timezone", "2026-11-23")
    assert reading.starts("floating") == ["2026-11-23T15:00:00Z"]
    assert reading.starts("utc") == ["2026-11-23T10:00:00Z"]
    assert reading.starts("utc-series") == ["2026-11-23T12:00:00Z"]


def test_floating_times_are_the_users(read: Read) -> None:
    """A time without zone is at the user's wall clock, through changes of the clock."""
    reading = read("floating", "2026-10-01", "2026-11-30")
    assert reading.times("floating") == [("2026-11-23T09:00:00Z", "2026-11-23T10:30:00Z")]
    assert reading.starts("floating-series") == ["2026-10-20T07:00:00Z", "2026-10-27T08:00:00Z"]
    tokyo = read("floating", "2026-11-23", zone=ZoneInfo("Asia/Tokyo"))
    assert tokyo.starts("floating") == ["2026-11-23T01:00:00Z"]


def test_dates_are_all_day_whatever_surrounds_them(read: Read) -> None:
    """DATE with TZID, without VALUE=DATE, with an equal end, or as Exchange marks it."""
    reading = read("dates", "2026-11-23")
    assert sorted(reading.all) == sorted(
        [
            ("exchange", None, "2026-11-23", "2026-11-24"),
            ("same-end", None, "2026-11-23", "2026-11-24"),
            ("without-value", None, "2026-11-23", "2026-11-24"),
            ("zone-without-value", None, "2026-11-23", "2026-11-24"),
            ("with-zone", None, "2026-11-23", "2026-11-25"),
        ]
    )
    assert all(meeting.all_day for meeting in reading.meetings)


def test_a_time_in_the_gap_uses_the_offset_before_it(read: Read) -> None:
    """02:30 on the day it does not exist is 01:30 UTC; the instance counts and keeps its length."""
    reading = read("gap", "2026-03-28", "2026-03-31")
    assert reading.times("single") == [("2026-03-29T01:30:00Z", "2026-03-29T01:30:00Z")]
    assert reading.times("series") == [
        ("2026-03-28T01:30:00Z", "2026-03-28T02:30:00Z"),
        ("2026-03-29T01:30:00Z", "2026-03-29T02:30:00Z"),
        ("2026-03-30T00:30:00Z", "2026-03-30T01:30:00Z"),
    ]


def test_durations_across_a_change_are_exact_and_days_nominal(read: Read) -> None:
    """DTEND and PT24H keep the elapsed time (3.8.5.3), P1D the wall clock (3.3.6)."""
    reading = read("exact_durations", "2026-01-01", "2026-12-31")
    assert reading.times("dtend") == [
        ("2026-03-27T21:00:00Z", "2026-03-28T05:00:00Z"),
        ("2026-03-28T21:00:00Z", "2026-03-29T05:00:00Z"),
        ("2026-03-29T20:00:00Z", "2026-03-30T04:00:00Z"),
    ]
    assert reading.times("pt24h") == [
        ("2026-03-27T11:00:00Z", "2026-03-28T11:00:00Z"),
        ("2026-03-28T11:00:00Z", "2026-03-29T11:00:00Z"),
        ("2026-03-29T10:00:00Z", "2026-03-30T10:00:00Z"),
    ]
    assert reading.times("p1d") == [
        ("2026-03-27T11:00:00Z", "2026-03-28T11:00:00Z"),
        ("2026-03-28T11:00:00Z", "2026-03-29T10:00:00Z"),
        ("2026-03-29T10:00:00Z", "2026-03-30T10:00:00Z"),
    ]
    assert reading.times("mixed") == [("2026-03-28T11:00:00Z", "2026-03-29T11:00:00Z")]
    assert reading.times("autumn") == [
        ("2026-10-23T23:30:00Z", "2026-10-24T01:30:00Z"),
        ("2026-10-24T23:30:00Z", "2026-10-25T01:30:00Z"),
    ]


def test_exdates_are_compared_as_instants_or_dates(read: Read) -> None:
    """As DATE, in another zone, in UTC, floating, and as Exchange writes all-day exceptions."""
    reading = read("exdates", "2026-11-23", "2026-11-26")
    for uid in ("as-date", "other-zone", "floating-exdate"):
        assert reading.starts(uid) == at("2026-11-23", "2026-11-25"), uid
    assert reading.starts("in-utc") == at("2026-11-23")
    assert reading.starts("exchange-all-day") == ["2026-11-23", "2026-11-25"]
    assert reading.starts("wrong-time") == at("2026-11-23", "2026-11-24", "2026-11-25")


@pytest.mark.parametrize("uid", ["rid-utc", "rid-date", "copies-rule", "also-exdate"])
def test_an_override_takes_the_place_of_its_instance(read: Read, uid: str) -> None:
    """RECURRENCE-ID in UTC or as DATE; a copied RRULE does not recur; EXDATE does not hide it."""
    reading = read("overrides", "2026-11-23", "2026-11-27")
    assert reading.times(uid) == [
        ("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z"),
        ("2026-11-24T14:00:00Z", "2026-11-24T14:30:00Z"),
        ("2026-11-25T09:00:00Z", "2026-11-25T10:00:00Z"),
        ("2026-11-26T09:00:00Z", "2026-11-26T10:00:00Z"),
    ]
    assert reading.ids(uid) == at("2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26")


def test_this_and_future_shifts_the_rest(read: Read) -> None:
    """RANGE=THISANDFUTURE moves this instance and every later one, with its words and length."""
    reading = read("overrides", "2026-11-23", "2026-11-27")
    assert reading.times("rid-future") == [
        ("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z"),
        ("2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z"),
        ("2026-11-25T11:00:00Z", "2026-11-25T11:30:00Z"),
        ("2026-11-26T11:00:00Z", "2026-11-26T11:30:00Z"),
    ]
    assert reading.titles("rid-future") == ["rid-future", "rid-future", "Changed", "Changed"]


def test_this_and_future_across_a_change_of_the_clock(read: Read) -> None:
    """The shift is at the wall clock; a later override of a single instance wins."""
    reading = read("future_across_change", "2026-10-01", "2026-11-30")
    assert reading.all == [
        ("future", "2026-10-19T08:00:00Z", "2026-10-19T08:00:00Z", "2026-10-19T09:00:00Z"),
        ("future", "2026-10-26T09:00:00Z", "2026-10-27T08:00:00Z", "2026-10-27T10:00:00Z"),
        ("future", "2026-11-02T09:00:00Z", "2026-11-03T08:00:00Z", "2026-11-03T10:00:00Z"),
        ("future", "2026-11-09T09:00:00Z", "2026-11-12T08:00:00Z", "2026-11-12T09:00:00Z"),
    ]


def test_an_orphan_override_is_shown(read: Read) -> None:
    """Without its series, or with an id the series does not have: it stands for itself."""
    reading = read("overrides", "2026-11-23", "2026-11-27")
    assert reading.times("orphan") == [("2026-11-24T14:00:00Z", "2026-11-24T14:30:00Z")]
    assert reading.ids("orphan") == ["2026-11-10T09:00:00Z"]
    assert reading.starts("orphan-in-series") == [
        "2026-11-23T09:00:00Z",
        "2026-11-24T09:00:00Z",
        "2026-11-24T14:00:00Z",
        "2026-11-25T09:00:00Z",
        "2026-11-26T09:00:00Z",
    ]


def test_overrides_move_in_and_out_of_the_window(read: Read) -> None:
    """What was moved here from December is here; what was moved to January is not."""
    reading = read("override_moved_in", "2026-11-23", "2026-11-29")
    assert reading.all == [
        ("moved", "2026-12-21T09:00:00Z", "2026-11-24T14:00:00Z", "2026-11-24T14:30:00Z")
    ]
    (meeting,) = reading.meetings
    assert meeting.replaced is not None
    assert meeting.replaced.isoformat() == "2026-12-21T10:00:00+01:00"


def test_of_versions_the_newest_wins_and_strangers_both_stand(read: Read) -> None:
    """Rising SEQUENCE: the newest; two events under one UID: both; without UID: all."""
    reading = read("duplicates", "2026-11-23", "2026-11-25")
    assert reading.titles("rising") == ["New"]
    assert reading.titles("two") == ["First of two", "Second of two"]
    assert reading.titles("") == ["Empty one", "Empty two", "None at all"]
    assert any("different events under one UID" in m for m in reading.messages("two"))


def test_a_superseded_event_does_not_come_back(read: Read) -> None:
    """An old version in the window is gone though the newest lies far outside."""
    assert read("superseded_out_of_window", "2026-11-23").all == []


def test_a_copied_uid_does_not_hide_an_honest_meeting(read: Read) -> None:
    """A higher SEQUENCE of another organizer replaces nothing."""
    assert read("copied_uid", "2026-11-23").titles("honest") == ["Honest"]


@pytest.mark.parametrize("method", ["REPLY", "COUNTER", "REFRESH", "DECLINECOUNTER"])
def test_an_answer_is_no_event(read: Read, method: str) -> None:
    """What an attendee answered or proposed (RFC 5546) moves no meeting, and is mentioned."""
    text = (
        "BEGIN:VCALENDAR\nMETHOD:{}\nBEGIN:VEVENT\nUID:review\nSEQUENCE:{}\n"
        "ORGANIZER:mailto:dana@acme.example\nDTSTART:20261123T{}00Z\nSUMMARY:Review\n"
        "END:VEVENT\nEND:VCALENDAR\n"
    )
    feed = text.format("PUBLISH", 0, "0900") + text.format(method.lower(), 1, "1500")
    found = read(feed.encode(), "2026-11-23")
    assert [f"{meeting.start:%H:%M}" for meeting in found.meetings] == ["10:00"]
    assert [problem.severity for problem in found.problems] == ["warning"]


@pytest.mark.parametrize("uid", ["moved-away", "called-off", "swept-away", "alone"])
def test_a_stranger_overrides_nothing(read: Read, uid: str) -> None:
    """An override of another organizer is shown beside the instance that it claims, with a warning.

    One without an organizer, or of the same in another spelling, overrides as ever.
    """
    found = read("stranger_overrides", "2026-11-16", "2026-12-06")
    honest = [m for m in found.meetings if m.uid == uid and m.title == "Honest"]
    days = [f"{m.start:%m-%d %H:%M}" for m in honest if m.status == "CONFIRMED"]
    assert days == (["11-23 10:00"] if uid == "alone" else _MONDAYS)
    assert [p.field for p in found.problems if "another organizer" in p.message].count(uid) == 1


_MONDAYS = ["11-16 10:00", "11-23 10:00", "11-30 11:00"]


@pytest.mark.parametrize(
    ("uid", "expected"),
    [
        ("lower", at("2026-11-02", "2026-11-04", "2026-11-09")),
        ("two-rules", at("2026-11-02", "2026-11-06", "2026-11-09", "2026-11-13")),
        ("trailing", at("2026-11-02", "2026-11-03")),
        ("setpos-weekly", at("2026-11-05", "2026-11-11", "2026-11-18")),
        ("setpos-monthly", at("2026-11-30", "2026-12-31")),
        ("until-date", at("2026-11-02", "2026-11-03", "2026-11-04")),
        ("until-local", at("2026-11-02", "2026-11-03", "2026-11-04")),
        ("until-utc", at("2026-11-02", "2026-11-03")),
        ("unsynchronised", at("2026-11-02", "2026-11-06", "2026-11-13")),
        ("last-two-days", at("2026-11-29", "2026-11-30", "2026-12-30")),
        ("month-ends", at("2026-10-31", "2026-12-31", "2027-01-31")),
        ("leap", at("2028-02-29")),
    ],
)
def test_a_rule_gives_what_the_rfc_says(read: Read, uid: str, expected: list[str]) -> None:
    """Rules as real calendars write them (RFC 5545, 3.3.10)."""
    assert read("rules", "2026-05-01", "2028-06-30").starts(uid) == expected


def test_byweekno_without_byday_keeps_the_weekday_of_dtstart(read: Read) -> None:
    """Week 20 each year, on Tuesday as DTSTART is; summer time."""
    expected = at("2026-05-12", "2027-05-18", "2028-05-16", clock="08:00:00")
    assert read("rules", "2026-05-01", "2028-06-30").starts("weekno") == expected


def test_rdate_with_periods(read: Read) -> None:
    """Each PERIOD brings its own length."""
    assert read("rules", "2026-11-01", "2026-11-30").times("rdate-period") == [
        ("2026-11-02T09:00:00Z", "2026-11-02T10:00:00Z"),
        ("2026-11-03T09:00:00Z", "2026-11-03T12:00:00Z"),
        ("2026-11-04T09:00:00Z", "2026-11-04T09:30:00Z"),
    ]


@pytest.mark.parametrize("uid", ["interval-0", "secondly", "minutely", "every-second"])
def test_an_endless_rule_is_refused(read: Read, uid: str) -> None:
    """Zero intervals and storms give the first time and a problem, never a hang."""
    reading = read("endless_rules", "2026-11-02", "2026-11-06")
    assert reading.starts(uid) == ([] if uid == "minutely" else at("2026-11-02"))
    assert reading.messages(uid)


def test_other_endless_rules_are_bounded(read: Read) -> None:
    """Huge counts and intervals, dates that never come, EXRULE, and the year 1."""
    reading = read("endless_rules", "2026-11-02", "2026-11-06")
    days = ["2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05", "2026-11-06"]
    assert reading.starts("exrule") == at(days[1])
    assert reading.starts("count-huge") == at(*days)
    assert reading.starts("never") == at("2026-11-02")
    assert reading.starts("interval-huge") == at("2026-11-02")
    assert reading.messages("minutely")
    assert reading.messages("year-one")


def test_cancelled_meetings_are_marked(read: Read) -> None:
    """STATUS, METHOD and the titles that Exchange writes in many languages."""
    reading = read("cancelled", "2026-11-23")
    status = {meeting.uid: meeting.status for meeting in reading.meetings}
    assert status == {
        "status": "CANCELLED",
        "title": "CANCELLED",
        "german": "CANCELLED",
        "japanese": "CANCELLED",
        "standing": "CONFIRMED",
        "bracketed": "CANCELLED",
        "bracketed-standing": "CONFIRMED",
    }
    assert read("method_cancel", "2026-11-23").one("method").status == "CANCELLED"


def test_attendees_are_read_exactly(read: Read) -> None:
    """Addresses exact or none, names decoded, rooms told apart, delegation kept."""
    meeting = read("attendees", "2026-11-23").one("people")
    people = {one.name: one for one in meeting.attendees}
    assert people["Doe, Jane"].address == "jane.doe@acme.example"
    assert people["Doe, Jane"].participation == "DECLINED"
    assert people["Doe, Jane"].role == "OPT-PARTICIPANT"
    assert people["Sam Principal"].address == "sam@acme.example"
    assert people["No Mail"].address is None
    assert people["Some One"].address == "someone@acme.example"
    assert people["Ex Change"].address is None
    assert people['Ana "Nan" Mu^noz Sales'].address == "ana@acme.example"
    assert people["Room 4"].kind == "ROOM"
    assert people["Beamer"].kind == "RESOURCE"
    assert people["evil"].address == "dana@acme.example.evil.example"
    assert meeting.organizer is not None
    assert meeting.organizer.address == "robin@keller-advisory.example"
    assert meeting.place == "Room 4"


def test_a_feed_without_attendees_has_none(read: Read) -> None:
    """Published Outlook calendars name nobody."""
    meeting = read("attendees", "2026-11-23").one("nobody")
    assert (meeting.attendees, meeting.organizer) == ((), None)


def test_ends_are_exclusive_and_never_before_the_start(read: Read) -> None:
    """Several days, over midnight, backwards, and no end at all."""
    reading = read("multi_day", "2026-11-20", "2026-11-23")
    assert reading.times("trip") == [("2026-11-20", "2026-11-25")]
    assert reading.times("overnight") == [("2026-11-23T21:00:00Z", "2026-11-24T01:00:00Z")]
    assert reading.times("backwards") == [("2026-11-23T09:00:00Z", "2026-11-23T09:00:00Z")]
    assert reading.messages("backwards")
    assert reading.times("no-end") == [("2026-11-23T11:00:00Z", "2026-11-23T11:00:00Z")]


def test_the_join_link_is_found_in_order(read: Read) -> None:
    """CONFERENCE, the makers' own properties, LOCATION, URL, DESCRIPTION; safelinks unwrapped."""
    links = {m.uid: m.join_link for m in read("join_links", "2026-11-23").meetings}
    assert links == {
        "conference": "https://video.example/room/7",
        "google": "https://meet.google.com/abc-defg-hij",
        "teams": "https://teams.microsoft.com/l/meetup-join/19%3ameeting/0",
        "conflink": "https://meet.lync.com/acme/robin/ABC123",
        "place": "https://acme.zoom.us/j/91234567890?pwd=abc",
        "url": "https://acme.webex.com/meet/robin",
        "page": "https://acme.zoom.us/j/555",
        "safelink": "https://teams.microsoft.com/meet/123?p=x",
        "none": None,
    }


def test_html_becomes_text(read: Read) -> None:
    """Google's HTML, Outlook's X-ALT-DESC and ALTREP; a plain text with signs stays as it is."""
    texts = {m.uid: m.description for m in read("html", "2026-11-23").meetings}
    assert texts == {
        "google": "Agenda\n\n- Prices & terms\n- Next steps\n\nwiki <https://wiki.example/x>",
        "outlook": "Bring the contract\n\nTwo copies",
        "altrep": "Only here",
        "plain": "1 < 2 and a <angle> stays\nline two",
    }


def test_labels_are_read(read: Read) -> None:
    """CLASS, TRANSP, the busy status of Outlook, STATUS and CATEGORIES."""
    meetings = {m.uid: m for m in read("labels", "2026-11-23").meetings}
    assert meetings["private"].classification == "PRIVATE"
    assert meetings["confidential"].classification == "CONFIDENTIAL"
    assert meetings["free"].transparent
    assert meetings["busy-free"].transparent
    assert meetings["busy-tentative"].tentative
    assert meetings["tentative"].tentative
    assert meetings["tentative"].categories == ("Sales", "Key, accounts", "Berlin")


def test_lines_are_counted_as_an_editor_does() -> None:
    """A folded line has the number of its first part, whatever ends the lines."""
    lines = list(unfolded(normalised(b"A:1\r\nB:2\r\n 3\r\n\r\nC:4"), 1))
    assert [(line.number, line.content) for line in lines] == [
        (1, b"A:1"),
        (2, b"B:23"),
        (5, b"C:4"),
    ]


@pytest.mark.parametrize("rule", ["", "RRULE:FREQ=WEEKLY;COUNT=5\n"])
def test_a_change_that_sweeps_a_series_out_of_sight(read: Read, rule: str) -> None:
    """A copied UID with RANGE=THISANDFUTURE in 2099 hides no honest meeting, and is warned of."""
    honest = GOOD.decode().replace(
        "DTSTART:20261123T090000Z\n", f"DTSTART:20261123T090000Z\n{rule}"
    )
    stranger = (
        "BEGIN:VEVENT\nUID:one\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261123T090000Z\n"
        "DTSTART:20990101T090000Z\nDTEND:20990101T100000Z\nSUMMARY:Stranger\nEND:VEVENT\n"
    )
    content = honest.replace("END:VCALENDAR", f"{stranger}END:VCALENDAR").encode()
    reading = read(content, "2026-11-23")
    starts = [f"{m.start:%Y-%m-%d}" for m in reading.meetings if m.uid == "one"]
    assert "2026-11-23" in starts
    assert any("move them by more than a year" in p.message for p in reading.problems)
