"""Rules that programs get slightly wrong: the slip is passed over and said, the series goes on."""

from collections.abc import Callable
from datetime import date, datetime
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr

from briefgen.meetings.rule_text import read_rule

Read = Callable[..., Any]
UTC = ZoneInfo("UTC")


def series(rule: str, start: str = "DTSTART:20260303T090000Z", rest: str = "") -> bytes:
    """A calendar of one series."""
    lines = ("BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:u", "DTSTAMP:20260101T000000Z", start, rest,
             f"RRULE:{rule}", "SUMMARY:S", "END:VEVENT", "END:VCALENDAR", "")  # fmt: skip
    return "\n".join(line for line in lines if line).encode()


def days(read: Read, content: bytes, first: str, last: str, zone: ZoneInfo = UTC) -> list[str]:
    """Month and day of each start, with its clock time where that is not nine."""
    shown = [f"{one.start:%m-%d %H:%M}" for one in read(content, first, last, zone).meetings]
    return [text.removesuffix(" 09:00") for text in shown]


TUESDAYS = ["03-10", "03-17", "03-24"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=", TUESDAYS),
        ("FREQ=WEEKLY;;INTERVAL=1", TUESDAYS),
        ("FREQ=WEEKLY;UNTL=20261023;BYDAY=TU", TUESDAYS),
        ("FREQ=WEEKLY;BYDAY=1TU", TUESDAYS),
        ("FREQ=WEEKLY;BYSECOND=60", TUESDAYS),
        ("FREQ=WEEKLY;BYHOUR=25", TUESDAYS),
        ("FREQ=WEEKLY;COUNT=-1", TUESDAYS),
        ("FREQ=WEEKLY;COUNT=many", TUESDAYS),
        ("FREQ=WEEKLY;UNTIL=", TUESDAYS),
        ("FREQ=WEEKLY;UNTIL=never", TUESDAYS),
        ("FREQ=WEEKLY;UNTIL=20260317T240000Z", TUESDAYS[:2]),
        ("FREQ=WEEKLY;UNTIL=2026-03-20T06:00:00Z", TUESDAYS[:2]),
        ("FREQ=WEEKLY;UNTIL=20260317T100000+0100", TUESDAYS[:2]),
        ("FREQ=WEEKLY;UNTIL=20260317T095959+0100", TUESDAYS[:1]),
        ("FREQ=WEEKLY;UNTIL=20260431", TUESDAYS),
        ("RRULE:FREQ=WEEKLY", TUESDAYS),
        (r"FREQ=WEEKLY\;INTERVAL=1", TUESDAYS),
        ("FREQ=WEEKLY;BYDAY=TU,", TUESDAYS),
        (r"FREQ=WEEKLY;COUNT=3\n", TUESDAYS[:2]),
        ('FREQ=WEEKLY;UNTIL="20260317T090000Z";BYDAY="TU"', TUESDAYS[:2]),
        ("FREQ=WEEKLY;BYDAY=TU TH;UNTIL=20260312", ["03-05", "03-10", "03-12"]),
        ("FREQ=WEEKLY;BYDAY=TUESDAY", TUESDAYS),
        ("FREQ=WEEKLY;BYDAY=TUE,THU;UNTIL=20260312", ["03-05", "03-10", "03-12"]),
        ("FREQ=MONTHLY;BYDAY=3 TU", ["03-17"]),
        ("FREQ=WEEKLY;INTERVAL=+1", TUESDAYS),
        ("FREQ=WEEKLY;INTERVAL=1.0;COUNT=+3", TUESDAYS[:2]),
        ('"FREQ=WEEKLY;BYDAY=TU"', TUESDAYS),
        ("FREQ=WEEKLY&amp;BYDAY=TU", TUESDAYS),
        ("W1 TU #0", TUESDAYS),
        ("W1 TU TH #2", ["03-05", "03-10", "03-12"]),
        ("W1 20260317T090000Z", TUESDAYS[:2]),
        ("W1", TUESDAYS[:1]),
        ("D7 #3", TUESDAYS[:2]),
        ("MP1 3+ TU 1- TU #0", ["03-17"]),
        ("MP1 4- TU #0", ["03-10"]),
        ("MD1 10 17+ #0", ["03-10", "03-17"]),
        ("MD1 22- #0", ["03-10"]),
        ("YM1 3 #0", []),
        ("FREQ=WEEKLY,BYDAY=TU,INTERVAL=2", ["03-17"]),
        ("FREQ=WEEKLY;BYMONTHDAY=3", TUESDAYS),
        ("FREQ=WEEKLY;WKST=XX", TUESDAYS),
        ("FREQ=WEEKLY;BYSETPOS=2", TUESDAYS),
        ("FREQ=WEEKLY;BYWEEKNO=20", TUESDAYS),
        ("DTSTART=20260303T090000Z;FREQ=WEEKLY;COUNT=3", TUESDAYS[:2]),
        ("FREQ=WEEKLY;FREQ=WEEKLY;INTERVAL=1;INTERVAL=1", TUESDAYS),
        ("FREQ=MONTHLY;BYYEARDAY=17;BYMONTHDAY=17", ["03-17"]),
        ("FREQ=MONTHLY;BYMONTHDAY=17,32", ["03-17"]),
    ],
)
def test_a_slip_costs_no_series(read: Read, rule: str, expected: list[str]) -> None:
    """What cannot be meant is passed over, and what is plainly meant is read."""
    assert days(read, series(rule), "2026-03-04", "2026-03-26") == expected


@pytest.mark.parametrize(
    "rule", ["FREQ=WEEKLY;COUNT=-1", "FREQ=WEEKLY;UNTL=20261023", "FREQ=WEEKLY;BYDAY=1TU"]
)
def test_a_slip_is_said_with_its_line(read: Read, rule: str) -> None:
    """A warning names what was passed over."""
    (problem,) = read(series(rule), "2026-03-04", "2026-03-26").problems
    assert (problem.severity, problem.line, problem.field) == ("warning", 6, "u")
    assert "is passed over" in problem.message


@pytest.mark.parametrize("rule", ["", ";", " "])
def test_an_empty_rule_is_none(read: Read, rule: str) -> None:
    """`RRULE:` alone counts as absent."""
    found = read(series(rule), "2026-03-01", "2026-03-26", UTC)
    assert [f"{one.start:%m-%d}" for one in found.meetings] == ["03-03"]
    assert (found.problems, found.meetings[0].recurrence_id) == ((), None)


@pytest.mark.parametrize(
    "rule",
    ["BYDAY=TU", "FREQ=FORTNIGHTLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-2",
     "FREQ=DAILY;COUNT=0", "RSCALE=CHINESE;FREQ=YEARLY"],
)  # fmt: skip
def test_what_has_no_reading_leaves_the_first_time(read: Read, rule: str) -> None:
    """No frequency, no interval, another calendar: one time, and an error that says why."""
    found = read(series(rule), "2026-03-01", "2026-04-26", UTC)
    assert [f"{one.start:%m-%d}" for one in found.meetings] == ["03-03"]
    assert [problem.severity for problem in found.problems] == ["error"]


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("FREQ=HOURLY;INTERVAL=3;COUNT=3", "0317T080000", ["03-17 11:00", "03-17 14:00"]),
        ("FREQ=HOURLY;INTERVAL=168", "0303T090000", ["03-17"]),
        ("FREQ=HOURLY;INTERVAL=4;BYHOUR=9,13", "0303T090000", ["03-17", "03-17 13:00"]),
        ("FREQ=MINUTELY;INTERVAL=1440", "0303T090000", ["03-17"]),
        ("FREQ=MINUTELY;INTERVAL=30;BYDAY=TU;BYHOUR=9", "0303T090000", ["03-17", "03-17 09:30"]),
        ("FREQ=SECONDLY;INTERVAL=604800", "0303T090000", ["03-17"]),
        ("FREQ=MINUTELY;INTERVAL=20;UNTIL=20260317T094000Z", "0317T090000",
         ["03-17 09:20", "03-17 09:40"]),
        ("FREQ=HOURLY;BYHOUR=9,10;BYMINUTE=0,45;COUNT=3", "0317T090000",
         ["03-17 09:45", "03-17 10:00"]),
    ],
)  # fmt: skip
def test_a_rule_of_hours_or_minutes_is_followed(
    read: Read, rule: str, start: str, expected: list[str]
) -> None:
    """Sub-daily rules are followed; the first time is left out here."""
    given = series(rule, f"DTSTART:2026{start}Z")
    found = read(given, "2026-03-17", zone=UTC)
    first = datetime.strptime(f"2026{start}", "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    shown = [f"{m.start:%m-%d %H:%M}" for m in found.meetings if m.start != first]
    assert [text.removesuffix(" 09:00") for text in shown] == expected
    assert found.problems == ()


@pytest.mark.parametrize(
    ("rule", "refused"),
    [
        ("FREQ=MINUTELY;INTERVAL=15", False),
        ("FREQ=MINUTELY;INTERVAL=14", True),
        ("FREQ=MINUTELY;COUNT=96", False),
        ("FREQ=MINUTELY;COUNT=97", True),
        ("FREQ=SECONDLY", True),
        ("FREQ=HOURLY;BYMINUTE=0,15,30,45", False),
        ("FREQ=HOURLY;BYMINUTE=0,10,20,30,40", True),
    ],
)
def test_a_storm_is_refused(read: Read, rule: str, *, refused: bool) -> None:
    """More than 96 times a day are refused with the reason, 96 are not."""
    found = read(series(rule), "2026-03-04", "2026-03-05", UTC)
    assert any("at most 96 are followed" in p.message for p in found.problems) is refused


@pytest.mark.parametrize(
    "rule",
    ["FREQ=HOURLY;INTERVAL=5;BYDAY=MO,WE", "FREQ=HOURLY;INTERVAL=7;COUNT=40",
     "FREQ=MINUTELY;INTERVAL=25;BYHOUR=8,9,10", "FREQ=HOURLY;BYMONTH=3;BYHOUR=7,11;BYMINUTE=5,50",
     "FREQ=HOURLY;INTERVAL=3;BYHOUR=9,12,15,18;BYDAY=TU;COUNT=20"],
)  # fmt: skip
def test_sub_daily_rules_as_another_engine_has_them(read: Read, rule: str) -> None:
    """The same starts as python-dateutil's, far from the first time too."""
    start = datetime(2026, 3, 3, 9)  # noqa: DTZ001  # local, as dateutil takes it
    theirs = rrulestr(rule, dtstart=start)
    for first, last in (
        (date(2026, 3, 3), date(2026, 3, 12)),
        (date(2026, 4, 25), date(2026, 5, 2)),
    ):
        low, high = (
            datetime.combine(first, start.time().min),
            datetime.combine(last, start.time().max),
        )
        expected = {f"{moment:%m-%d %H:%M}" for moment in theirs.between(low, high, inc=True)}
        if first == start.date():
            expected.add(f"{start:%m-%d %H:%M}")
        found = read(series(rule), first.isoformat(), last.isoformat(), UTC)
        assert {f"{one.start:%m-%d %H:%M}" for one in found.meetings} == expected


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD;BYMONTHDAY=31", "20260831",
         ["2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30"]),
        ("RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD;BYMONTHDAY=31", "20260831",
         ["2026-08-31", "2026-10-01", "2026-10-31"]),
        ("RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=OMIT", "20260831", ["2026-08-31", "2026-10-31"]),
        ("rscale=gregorian;freq=monthly;skip=backward", "20260831",
         ["2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30"]),
        ("FREQ=MONTHLY;SKIP=BACKWARD;COUNT=3", "20260831",
         ["2026-08-31", "2026-09-30", "2026-10-31"]),
    ],
)  # fmt: skip
def test_days_that_a_month_does_not_have(
    read: Read, rule: str, start: str, expected: list[str]
) -> None:
    """SKIP of RFC 7529: left out, the last day before it, or the first one after it."""
    given = series(rule, f"DTSTART;VALUE=DATE:{start}")
    found = read(given, "2026-08-01", "2026-11-30", UTC)
    assert [one.start.date().isoformat() for one in found.meetings] == expected


@pytest.mark.parametrize(("skip", "day"), [("BACKWARD", "02-28"), ("FORWARD", "03-01")])
def test_a_leap_day_in_other_years(read: Read, skip: str, day: str) -> None:
    """29 February each year (RFC 7529, 5)."""
    rule = f"RSCALE=GREGORIAN;FREQ=YEARLY;SKIP={skip}"
    found = read(series(rule, "DTSTART;VALUE=DATE:20160229"), "2026-02-01", "2026-03-31", UTC)
    assert [f"{one.start:%m-%d}" for one in found.meetings] == [day]


@pytest.mark.parametrize(
    ("until", "extra", "zone", "last"),
    [
        ("20260316T230000Z", "X-WR-TIMEZONE:Europe/Berlin\n", "UTC", "17"),
        ("20260316T230000Z", "", "Europe/Berlin", "17"),
        ("20260316T230000Z", "", "UTC", "17"),
        ("20260316T183000Z", "", "UTC", "17"),
        ("20260317T040000Z", "", "America/New_York", "17"),
        ("20260316T225959Z", "", "Europe/Berlin", "10"),
        ("20260316T235959Z", "", "Europe/Berlin", "10"),
        ("20260316T120000Z", "", "UTC", "10"),
        ("20260317T000000Z", "", "America/New_York", "17"),
        ("20260317", "", "America/New_York", "17"),
    ],
)
def test_until_of_whole_days(read: Read, until: str, extra: str, zone: str, last: str) -> None:
    """UNTIL as a midnight somewhere names the day that begins then; else the day as written."""
    given = series(f"FREQ=WEEKLY;UNTIL={until}", "DTSTART;VALUE=DATE:20260303")
    given = given.replace(b"BEGIN:VEVENT", f"{extra}BEGIN:VEVENT".encode(), 1)
    found = read(given, "2026-03-01", "2026-04-30", ZoneInfo(zone))
    assert f"{found.meetings[-1].start:%d}" == last


def test_a_rule_of_blanks_takes_no_time() -> None:
    """A rule of 100,000 blanks, which took minutes, is read at once: bounded like the rest."""
    begun = process_time()
    assert read_rule(" " * 100_000) is None
    reading = read_rule(f"FREQ=WEEKLY{' ' * 100_000};COUNT=3")
    assert reading is not None
    assert reading.rule.count == 3
    assert process_time() - begun < 2


def test_a_rule_that_says_nothing_readable_is_told(read: Read) -> None:
    """Words that are no rule of either standard are a problem, and the first time is shown."""
    reading = read(series("every Tuesday"), "2026-03-03", "2026-03-20", UTC)
    assert len(reading.meetings) == 1
    assert "RRULE cannot be followed" in reading.problems[0].message
