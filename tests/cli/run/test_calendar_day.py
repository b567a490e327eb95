"""A day of the calendar as `list`, `run` and `check` have it: floods, doubles, what comes next."""

import shutil
import time

import pytest
from small_workspaces import DANA, REVIEW, SETTINGS, Place, calendar, event

NOBODY: tuple[str, ...] = ()
KEN = ("CN=Ken Ito:mailto:ken@other.example",)


def starts(count: int) -> str:
    """So many starts on 23 November, a minute apart."""
    return ",".join(f"20261123T{n // 60:02d}{n % 60:02d}00Z" for n in range(count))


def test_one_invitation_cannot_flood_a_day(place: Place) -> None:
    """Of a thousand times of one invitation twelve get a brief; the honest one keeps its own."""
    flood = event("flood", "20261123T150000", "20261123T160000", "Flood", f"RDATE:{starts(1000)}")
    place.feed(REVIEW, flood.replace("dana.smith@acme", "guest@partner"))
    report = place.report("list", "--date", "2026-11-23")
    titles = [brief["title"] for brief in report["briefs"]]
    assert titles.count("Flood") == 12
    assert titles.count("Q4 service review") == 1
    beyond = [one for one in report["skipped"] if one["title"] == "Flood"]
    assert {one["reason"] for one in beyond} == {"more than 12 times of one invitation on one day"}
    (problem,) = [p for p in report["problems"] if "invitation" in p["message"]]
    assert (problem["severity"], problem["field"]) == ("warning", "flood")


def test_a_weekly_series_is_no_flood(place: Place) -> None:
    """The cap is for one day: thirty days of a daily meeting all have their brief."""
    place.feed(event("daily", "20261101T100000", "20261101T110000", "Daily", "RRULE:FREQ=DAILY"))
    report = place.report("list", "--date", "2026-11-23", "--days", "30")
    assert len(report["briefs"]) == 30


def test_sixty_briefs_a_day_those_on_file_first(place: Place) -> None:
    """Seventy strangers and one late meeting with a contact: the contact's is among the sixty."""
    strangers = [
        event(f"u{n}", f"20261123T09{n % 60:02d}00", "20261123T120000", f"Call {n}", attendees=KEN)
        for n in range(70)
    ]
    late = event("late", "20261123T200000", "20261123T210000", "Late review")
    place.feed(*strangers, late)
    report = place.report("list", "--date", "2026-11-23")
    titles = [brief["title"] for brief in report["briefs"]]
    assert len(titles) == 60
    assert "Late review" in titles
    assert titles == [
        brief["title"] for brief in sorted(report["briefs"], key=lambda b: b["start"])
    ]
    assert sum("more than 60" in one["reason"] for one in report["skipped"]) == 11


def test_copies_of_one_uid_take_linear_time(place: Place) -> None:
    """2,400 copies of one UID are read and listed in seconds (they took minutes)."""
    copies = [
        event("copied", f"20261123T{n // 60 % 24:02d}{n % 60:02d}{n // 1440:02d}",
              "20261123T235900", f"Copy {n}", attendees=KEN)
        for n in range(2400)
    ]  # fmt: skip
    place.feed(*copies)
    begun = time.process_time()
    report = place.report("list", "--date", "2026-11-23")
    assert time.process_time() - begun < 20
    assert len(report["briefs"]) == 12


def second_feed(place: Place, text: str) -> None:
    """Add another calendar to the workspace."""
    place.write(
        "briefgen.yaml", SETTINGS.replace("[data/calendar.ics]", "[data/calendar.ics, b.ics]")
    )
    place.write("b.ics", text)


COPY = REVIEW.replace("review@calendar.example", "040000008200E000@other")


def test_the_same_meeting_under_two_uids_is_one(place: Place) -> None:
    """Time, title, people and text are the same: one brief, and `list --why` says so."""
    second_feed(place, calendar(COPY))
    text = place.call("list", "--why").stdout
    assert "1 meeting gets a brief" in text
    assert "the same meeting is in the feed 'b.ics' under another UID" in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("dana.smith@acme.example", "lee@acme.example"),
        ("Q4 service review", "Q4 review"),
        ("20261123T110000", "20261123T113000"),
        ("Service levels", "Prices"),
    ],
)
def test_what_only_looks_alike_stays_two(place: Place, old: str, new: str) -> None:
    """Other people, another title, end or text: both are met."""
    second_feed(place, calendar(COPY.replace(old, new)))
    assert len(place.report("list")["briefs"]) == 2


def test_the_same_twice_in_one_feed_comes_once(place: Place) -> None:
    """An import run twice leaves each meeting twice: one sheet, and `list` says so."""
    place.feed(REVIEW, COPY)
    report = place.report("list", "--why")
    assert len(report["briefs"]) == 1
    assert "under another UID" in report["skipped"][0]["reason"]


def test_a_meeting_over_several_days_says_its_last(place: Place) -> None:
    """`list` and `show` name the day of the end."""
    place.feed(event("retreat", "20261123T100000", "20261125T170000", "Retreat"))
    assert "Mon 23 Nov 10:00-Wed 25 Nov 17:00  Retreat" in place.call("list").stdout
    assert "25 Nov, 17:00" in place.call("show", "Retreat").stdout


@pytest.mark.parametrize("command", [("list",), ("run", "--dry-run")])
def test_the_next_meeting_is_named(place: Place, command: tuple[str, ...]) -> None:
    """When nothing is met tomorrow, the day, time and title of what comes next."""
    place.feed(event("later", "20261126T143000", "20261126T150000", "Kick-off"))
    text = place.call(*command).stdout
    assert "next: Thu 26 Nov 14:30  Kick-off  (--date 2026-11-26)" in text


def test_an_empty_fortnight_is_said(place: Place) -> None:
    """Nothing in the two weeks after that: said too, so that a silent feed is noticed."""
    place.feed(event("past", "20261101T143000", "20261101T150000", "Past"))
    assert "no meeting in the 14 days after that gets a brief either" in place.call("list").stdout


def test_no_next_meeting_where_there_is_one(place: Place) -> None:
    """A day with briefs says nothing of the next; neither does a search that finds none."""
    assert "next:" not in place.call("list").stdout
    assert "next:" not in place.call("list", "--only", "nothing like that").stdout


def test_a_title_that_names_an_organization_is_a_suggestion(place: Place) -> None:
    """Nobody else is in it: its people are named, and how to bring them."""
    place.feed(event("acme", "20261123T100000", "20261123T110000", "Call Acme", attendees=NOBODY))
    text = place.call("list").stdout
    assert "0 meetings get a brief" in text
    assert "the title names Acme Logistics (Dana Smith)" in text
    assert "[organization: acme-logistics]" in text


@pytest.mark.parametrize("slug", ["acme-logistics", "Acme Logistics", "ACME-LOGISTICS"])
def test_an_organization_brings_its_people(place: Place, slug: str) -> None:
    """`[organization: …]` in a meeting of one's own; in a stranger's it means nothing."""
    lines = f"DESCRIPTION:[organization: {slug}]"
    own = event("own", "20261123T100000", "20261123T110000", "Call", lines, attendees=NOBODY)
    place.feed(own)
    (brief,) = place.report("list")["briefs"]
    assert [one["contact"] for one in brief["participants"]] == ["dana-smith"]
    stranger = own.replace("SUMMARY", "ORGANIZER:mailto:eve@other.example\r\nSUMMARY")
    place.feed(stranger)
    (brief,) = place.report("list")["briefs"]
    assert [one["email"] for one in brief["participants"]] == ["eve@other.example"]


def test_a_cut_calendar_is_status_3_and_said(place: Place) -> None:
    """Without a good copy at hand: what is whole is briefed, and the page says it was cut."""
    place.write("data/calendar.ics", calendar(REVIEW, COPY)[:-80])
    result = place.call("run")
    assert result.exit_code == 3
    (name,) = [name for name in place.files() if name.endswith(".pdf")]
    text = " ".join(place.pdf(f"briefings/2026-11-23/{name}").pages[0].extract_text().split())
    assert "calendar cut off" in text


def test_check_tries_feeds_that_are_paths(place: Place) -> None:
    """A feed that is gone, or no calendar, is an error; a folder of .ics files is none."""
    assert place.call("check").exit_code == 0
    place.write("data/calendar.ics", "<html>")
    assert "a web page came instead of a calendar" in place.call("check").output
    (place.root / "data/calendar.ics").unlink()
    assert "cannot be read: No such file" in place.call("check").output
    place.write("data/calendar.ics/one.ics", calendar(REVIEW))
    assert place.call("check").exit_code == 0
    assert len(place.report("list")["briefs"]) == 1
    shutil.rmtree(place.root / "data/calendar.ics")


def test_freemail_as_ones_own_house_is_warned_of(place: Place) -> None:
    """By `check`, `list` and `doctor`, each in its own way."""
    settings = SETTINGS.replace("[keller-advisory.example]", "[gmail.com]")
    place.write("briefgen.yaml", settings)
    for command in (("check",), ("list",), ("doctor", "--offline")):
        assert "anyone can have an address at gmail.com" in place.call(*command).output


def test_what_is_still_running_is_shown(place: Place) -> None:
    """`feed show` for a day in the middle of a fair: it is named, and belongs to its first day."""
    place.feed(event("fair", "20261122T090000", "20261125T170000", "Fair"))
    runner = place.runner
    from briefgen.cli import main

    options = ["-w", str(place.root), "--from", "2026-11-24", "--to", "2026-11-24"]
    text = runner.invoke(main, ["feed", "show", *options]).stdout
    assert "no meetings in these days" in text
    assert "still running: Fair, since Sun 22 Nov 2026, until Wed 25 Nov 17:00" in text


def test_contacts_are_not_lost_to_a_group(place: Place) -> None:
    """A mailing list is no participant of a report; a contact of its address is."""
    sales = ("CUTYPE=GROUP;CN=sales@acme.example:mailto:sales@acme.example",)
    place.feed(event("all", "20261123T100000", "20261123T110000", "All hands", attendees=sales))
    (brief,) = place.report("list")["briefs"]
    assert brief["participants"] == []
    assert any("mailing list" in remark for remark in brief["remarks"])
    place.write("data/contacts/dana-smith.yaml", DANA.replace("dana.smith@", "sales@"))
    (brief,) = place.report("list")["briefs"]
    assert [one["contact"] for one in brief["participants"]] == ["dana-smith"]
