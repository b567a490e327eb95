"""What was: counted by what proves it, chosen and not just newest, each event once."""

from datetime import timedelta
from pathlib import Path

from briefgen.meetings.calendar import past_meetings
from briefgen.meetings.fetch import FeedCopy

from .conftest import ME, START, ZONE, Desk, by_rule, past, section, texts

DANA = "dana@acme.example"
HEAD = "name: Dana Smith\nemails: [dana@acme.example]\n"


def count(desk: Desk, text: str = "") -> str:
    """The line beneath Dana's name that counts."""
    desk.with_contacts(HEAD + text)
    (said,) = by_rule(desk.compose(), "count")
    return said


def test_a_calendar_counts_appointments_and_a_note_proves_a_talk(desk: Desk) -> None:
    """Both are said, each by its own proof."""
    desk.past = tuple(past(f"2025-{month:02}-14T15:00", DANA) for month in range(3, 10))
    said = count(desk, "interactions: [{date: 2026-10-13, channel: call}]")
    assert said == "Last spoke 13 Oct (call). In your calendar 7 times since March 2025"


def test_each_alone(desk: Desk) -> None:
    """Only notes, only mail, only the calendar, once, nothing."""
    assert count(desk, "interactions: [{date: 2026-11-22, channel: visit}]") == (
        "Last spoke 22 Nov (visit)"
    )
    assert count(desk, "interactions: [{date: 2026-11-10, channel: email}]") == (
        "Last in touch 10 Nov (email)"
    )
    desk.with_contacts(HEAD)
    assert by_rule(desk.compose(), "count") == []
    desk.past = (past("2026-08-14T15:00", DANA),)
    assert count(desk) == "In your calendar once, in August 2026"


def test_what_was_more_than_two_years_ago_is_told_by_its_month(desk: Desk) -> None:
    """Where that is all there is; where there is more recently, how often in which time."""
    desk.past = (past("2023-06-15T15:00", DANA),)
    assert count(desk) == "Last in your calendar in June 2023"
    desk.past = (*desk.past, past("2026-05-16T15:00", DANA), past("2026-06-16T15:00", DANA))
    assert count(desk) == "In your calendar twice in the last 2 years"


def test_what_has_not_been_yet_is_not_told_as_past(desk: Desk) -> None:
    """Another meeting of the same day never counts, so that no page changes as the day goes on.

    Of the days between it counts when its day has come.
    """
    desk.past = (past("2026-11-23T08:00", DANA),)
    desk.with_contacts(HEAD)
    for hours in (12, 1):
        desk.as_of = START - timedelta(hours=hours)
        assert by_rule(desk.compose(), "count") == []
    desk.past = (past("2026-11-20T08:00", DANA),)
    desk.as_of = START - timedelta(days=4)
    assert by_rule(desk.compose(), "count") == []
    desk.as_of = START - timedelta(days=3, hours=9)
    assert by_rule(desk.compose(), "count") == ["In your calendar once, in November 2026"]


def test_declined_ones_and_the_future_do_not_count(desk: Desk) -> None:
    """Declined by me or by them; this very meeting; beyond the months of the settings."""
    desk.past = (
        past("2026-08-14T15:00", DANA, participation={ME: "DECLINED", DANA: "ACCEPTED"}),
        past("2026-08-15T15:00", DANA, participation={ME: "ACCEPTED", DANA: "DECLINED"}),
        past("2024-10-15T15:00", DANA),
        past("2026-11-23T10:00", DANA),
        past("2026-12-15T15:00", DANA),
        past("2026-08-16T15:00", "someone@else.example"),
        past("2026-05-16T15:00", DANA),
    )
    assert count(desk).startswith("In your calendar once in the last 2 years")


def test_what_cannot_have_been_is_not_told(desk: Desk) -> None:
    """Interactions in the future, and of a lifetime ago, are left out quietly."""
    said = count(
        desk,
        "interactions: [{date: 2026-11-25, channel: call}, {date: 1926-11-02, channel: call},"
        " {date: 2026-11-22, channel: visit, summary: A visit.}]",
    )
    assert said == "Last spoke 22 Nov (visit)"
    assert len(section(desk.compose(), "history")) == 1


def test_an_appointment_without_a_note_is_no_line(desk: Desk) -> None:
    """It is counted beneath the name; what was noted is shown."""
    desk.past = (past("2026-08-14T15:00", DANA, title="Newark"), past("2026-09-14T15:00", DANA))
    desk.with_contacts(HEAD + "interactions: [{date: 2026-08-14, summary: Walked the floor.}]")
    brief = desk.compose()
    assert texts(section(brief, "history")) == ["14 Aug | Walked the floor."]
    assert by_rule(brief, "count") == [
        "Last spoke 14 Aug (meeting). In your calendar twice since August 2026"
    ]


def test_entries_are_chosen_by_what_is_open_and_what_fits(desk: Desk) -> None:
    """The last two, the unmet need of long ago, and what touches the agenda; ten others wait."""
    filler = "".join(
        f"\n  - {{date: 2026-{month:02}-{day:02}, summary: Small talk {month}-{day}.}}"
        for month in (7, 8, 9)
        for day in (3, 9, 15, 21)
    )
    text = f"""interactions:
  - {{date: 2026-11-02, summary: The last talk.}}
  - {{date: 2026-10-12, summary: The one before.}}{filler}
  - {{date: 2026-03-01, summary: Long ago., needs: a key, needs_met: no}}
  - {{date: 2026-02-01, summary: Prices of the carriers were high.}}
"""
    desk.with_contacts(HEAD + text)
    brief = desk.compose(description="- Carrier pricing")
    chosen = {line.text: (line.rule, line.rank) for line in section(brief, "history")}
    assert chosen["The last talk."] == ("history-last", 86)
    assert chosen["Long ago."][0] == "history-open"
    assert chosen["Prices of the carriers were high."][0] == "history-agenda"
    assert sum(rule == "history-earlier" for rule, _ in chosen.values()) == 4
    assert sum(beyond.count for beyond in brief.beyond) == 16 - len(chosen)


def test_shared_history_stands_once_with_who_was_there(desk: Desk) -> None:
    """One event on two files is one line; the names are shown if there are several people."""
    meeting = "meeting: {uid: abc@calendar.example}"
    desk.with_contacts(
        HEAD + f"interactions: [{{date: 2026-08-14, summary: In Newark., {meeting}}}]",
        "name: Lee Wong\nemails: [lee@acme.example]\n"
        f"interactions: [{{date: 2026-08-14, summary: In Newark., {meeting}}},"
        "{date: 2026-08-10, summary: Alone with him.}]",
    )
    assert texts(section(desk.compose(), "history")) == [
        "14 Aug | In Newark. (with Dana and Lee)",
        "10 Aug | Alone with him. (with Lee)",
    ]


def test_what_one_file_hides_of_a_shared_event_is_hidden(desk: Desk) -> None:
    """`never` on Lee's file holds for the same event on Dana's."""
    shared = "{date: 2026-08-14, summary: In Newark., meeting: {uid: abc@calendar.example}%s}"
    desk.with_contacts(
        HEAD + f"interactions: [{shared % ''}]",
        "name: Lee Wong\nemails: [lee@acme.example]\n"
        f"interactions: [{shared % ', visibility: never'}]",
    )
    assert texts(section(desk.compose(), "history")) == ["14 Aug | In Newark. (with Dana)"]


def test_five_hundred_interactions_cost_no_more_lines_than_twenty(desk: Desk) -> None:
    """What is composed is capped; the rest is counted."""
    rows = "".join(f"\n  - {{date: 20{n // 300 + 10}-0{n % 9 + 1}-11}}" for n in range(500))
    desk.with_contacts(HEAD + f"interactions:{rows}\n")
    brief = desk.compose()
    assert len(section(brief, "history")) <= 14
    assert brief.beyond[0].count + len(section(brief, "history")) == 500


def test_a_page_does_not_change_because_a_night_passed(desk: Desk) -> None:
    """Composed a week ahead or the evening before, the brief is the same."""
    desk.past = (past("2026-08-14T15:00", DANA),)
    desk.with_contacts(
        HEAD + "interactions: [{date: 2026-11-02, summary: A call.}]\n"
        "promises: [{by: me, text: a draft, made: 2026-11-02, due: 2026-11-20}]"
    )
    desk.as_of = desk.meeting().start - timedelta(days=7)
    before = desk.compose()
    desk.as_of = desk.meeting().start - timedelta(hours=1)
    assert desk.compose() == before


def test_all_day_and_cancelled_entries_are_no_appointments(tmp_path: Path) -> None:
    """Read from a feed: a holiday and a cancelled meeting with Dana count as nothing."""
    event = (
        "BEGIN:VEVENT\r\nUID:{n}@x.example\r\nDTSTAMP:20260101T000000Z\r\n{time}\r\n{status}"
        "SUMMARY:With Dana\r\nATTENDEE:mailto:dana@acme.example\r\nEND:VEVENT\r\n"
    )
    timed = "DTSTART:20260814T130000Z\r\nDTEND:20260814T140000Z"
    body = (
        event.format(n=1, time="DTSTART;VALUE=DATE:20260815", status="")
        + event.format(n=2, time=timed, status="STATUS:CANCELLED\r\n")
        + event.format(n=3, time=timed, status="")
    )
    feed = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n{body}END:VCALENDAR\r\n"
    found = past_meetings(
        (FeedCopy(name="work", content=feed.encode()),),
        addresses=frozenset({DANA}),
        since=START - timedelta(days=700),
        until=START,
        zone=ZONE,
    )
    assert [one.uid for one in found] == ["3@x.example"]
