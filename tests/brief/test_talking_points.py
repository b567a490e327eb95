"""Each rule of the talking points: when it speaks, what it says, and when it keeps silent."""

from datetime import timedelta

import pytest

from .conftest import ME, START, Desk, attendee, by_rule, organization_file, past, section, texts

HEAD = "name: Dana Smith\nemails: [dana@acme.example]\n"


def points(desk: Desk, text: str, rule: str, **given: object) -> list[str]:
    """What one rule says of Dana with these fields in her file."""
    desk.with_contacts(HEAD + text)
    return by_rule(desk.compose(**given), rule)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (
            "{date: 2022-09, note: Maya began college, expect: {after: 4y, note: Maya graduates}}",
            ["About now: Maya graduates? (Maya began college; Sept 2022)"],
        ),
        (
            "{date: 2022-11-20, note: began a course, expect: {after: 4y, note: the course ends}}",
            ["About now: the course ends? (began a course; 20 Nov 2022)"],
        ),
        (
            "{date: 2026-01-14, note: has moved house, expect: {after: 1y, note: the child walks}}",
            [],
        ),
        (
            "{date: 2022, note: began to build, expect: {after: 3y, note: the house stands}}",
            [],
        ),
        (
            "{date: 2024, note: began to build, expect: {after: 2y, note: the house stands}}",
            ["About now: the house stands? (began to build; 2024)"],
        ),
        (
            "{date: 2026-06, note: sang the Requiem}",
            ["about: sang the Requiem (Jun 2026)"],
        ),
        ("{date: 2010-06, note: married, expect: {after: 10y, note: ten years}}", []),
        ("{date: 2025-09, note: started college, expect: {after: 4y, note: graduates}}", []),
        ("{date: 2027-01, note: from the future, expect: {after: 1d, note: x}}", []),
        ("{date: 03-26, note: no year, expect: {after: 4y, note: x}}", []),
        ("{note: no date at all, expect: {after: 4y, note: x}}", []),
    ],
)
def test_facts_are_brought_forward_as_questions(desk: Desk, event: str, said: list[str]) -> None:
    """Counted from the event's date, and only about the time it is due; never a statement."""
    assert points(desk, f"life_events: [{event}]", "life-event") == said


@pytest.mark.parametrize(
    ("birthday", "said"),
    [
        ("1968-11-23", ["Birthday today: congratulate"]),
        ("11-24", ["Birthday tomorrow"]),
        ("11-30", ["Birthday: Monday 30 November"]),
        ("1961-12-02", ["Birthday: Wednesday 2 December"]),
        ("1970-11-22", ["Birthday yesterday: belated wishes"]),
        ("11-15", ["Birthday on 15 November: belated wishes"]),
        ("1980-11", ["Birthday this month (the day is not on file)"]),
        ("1980-05", []),
        ("03-26", []),
        ("2026-11-23", []),
        ("1826-11-23", []),
    ],
)
def test_birthdays(desk: Desk, birthday: str, said: list[str]) -> None:
    """Near ones, with the age where the year is known."""
    assert points(desk, f"birthday: {birthday}", "birthday") == said


def test_a_birthday_is_of_the_contacts_own_day(desk: Desk) -> None:
    """At ten in Berlin it is still the 22nd in Honolulu: the 23rd is tomorrow there."""
    text = "birthday: 11-23\ntimezone: Pacific/Honolulu"
    assert points(desk, text, "birthday") == ["Birthday tomorrow"]


@pytest.mark.parametrize(
    ("year", "said"),
    [
        (2027, "Birthday tomorrow"),
        (2028, "Birthday: Tuesday 29 February"),
    ],
)
def test_a_leap_day_is_kept_on_the_28th(desk: Desk, year: int, said: str) -> None:
    """In years without a 29 February; in the others on the day itself."""
    start = START.replace(year=year, month=2, day=27)
    given = {"start": start, "end": start + timedelta(hours=1)}
    assert points(desk, "birthday: 2000-02-29", "birthday", **given) == [said]


def test_new_year_is_no_edge(desk: Desk) -> None:
    """A birthday in January is near in December."""
    start = START.replace(month=12, day=28)
    given = {"start": start, "end": start + timedelta(hours=1)}
    said = points(desk, "birthday: 1970-01-02", "birthday", **given)
    assert said == ["Birthday: Saturday 2 January"]


def test_dates_of_the_family(desk: Desk) -> None:
    """The day of a good event is named when it is near, with the years since; of others not."""
    text = "life_events: [{date: 2016-11-25, note: son Leo was born}]"
    assert points(desk, text, "date") == ["25 November: son Leo was born (10 years ago)"]
    assert points(desk, "life_events: [{date: 2026-11-25, note: x}]", "date") == []
    other = "life_events: [{date: %s-11-25, note: moved to Chania}]"
    assert points(desk, other % 2017, "date") == []
    assert points(desk, other % 2016, "date") == ["25 November: moved to Chania (10 years ago)"]


@pytest.mark.parametrize(
    ("point", "shown"),
    [
        ("{text: ask about Lisbon}", True),
        ("{text: ask about Lisbon, from: 2026-11-24}", False),
        ("{text: ask about Lisbon, until: 2026-11-22}", False),
        ("{text: ask about Lisbon, from: 2026-11-23, until: 2026-11-23}", True),
        ("{text: ask about Lisbon, used: [2026-11-02]}", False),
        ("{text: ask about Lisbon, used: [2026-10-01]}", True),
        ("{text: ask about Lisbon, used: [2026-11-25]}", True),
    ],
)
def test_written_points_within_their_dates_and_not_again(
    desk: Desk, point: str, *, shown: bool
) -> None:
    """A point used at the last meeting rests; one used before may come again."""
    text = f"talking_points: [{point}]\ninteractions: [{{date: 2026-11-02, summary: A call.}}]"
    assert points(desk, text, "written") == (["Ask about Lisbon"] if shown else [])


def test_what_was_left_unsaid_is_listened_for(desk: Desk) -> None:
    """The last two talks count."""
    text = "interactions: [{date: 2026-11-02, unsaid: budget may be at risk.}]"
    assert points(desk, text, "unsaid") == ["Left unsaid: budget may be at risk (2 Nov, meeting)"]


def test_a_silence_longer_than_meant(desk: Desk) -> None:
    """Six weeks were meant, it has been 83 days; a day less than six weeks is no silence.

    Without a word of how often, half a year is long; after a year the month is shown.
    """
    text = "relationship: {stay_in_touch: 6w}\ninteractions: [{date: %s}]"
    assert points(desk, text % "2026-09-01", "silence") == [
        "You have not been in touch for 11 weeks (you meant to be every 6 weeks)."
    ]
    assert points(desk, text % "2026-10-12", "silence") == []
    text = "interactions: [{date: %s}]"
    assert points(desk, text % "2026-05-25", "silence") == []
    assert points(desk, text % "2026-05-24", "silence") == [
        "You have not been in touch for 5 months."
    ]
    assert points(desk, text % "2024-01-15", "silence") == ["You last spoke in January 2024."]


def test_a_silence_ends_with_an_appointment_that_nobody_declined(desk: Desk) -> None:
    """A meeting in the calendar is a talk; one that either side declined is none."""
    text = "relationship: {stay_in_touch: 6w}\ninteractions: [{date: 2026-09-01}]"
    dana = "dana@acme.example"
    desk.past = (past("2026-11-02T15:00", dana),)
    assert points(desk, text, "silence") == []
    for who in (ME, dana):
        answers = {ME: "ACCEPTED", dana: "ACCEPTED", who: "DECLINED"}
        desk.past = (past("2026-11-02T15:00", dana, participation=answers),)
        assert len(points(desk, text, "silence")) == 1


def test_concerns_stay_until_resolved_and_then_are_told_once(desk: Desk) -> None:
    """Open ones are never deflected; a resolved one is told at the next talk."""
    text = """
concerns:
  - {date: 2026-09-01, text: support answers too slowly}
  - {date: 2026-06-10, text: invoices come late, resolved: 2026-11-05}
  - {date: 2026-01-10, text: told already, resolved: 2026-02-01}
  - {date: 2026-12-10, text: from the future}
interactions: [{date: 2026-11-02, channel: call}]
"""
    assert points(desk, text, "concern") == [
        "Complaint, still open: support answers too slowly (1 Sept)",
        "Resolved since you spoke: invoices come late. Say so. (5 Nov)",
    ]


def test_what_was_tried(desk: Desk) -> None:
    """What landed badly is kept from, what landed well is done again."""
    text = """
approaches:
  - {date: 2026-06-10, tried: small talk first, landed: badly}
  - {date: 2026-08-14, tried: walking the floor, landed: gut}
  - {date: 2026-08-15, tried: a long mail, landed: she skimmed it}
  - {tried: never told how it landed}
"""
    assert points(desk, text, "approach") == [
        "Small talk first (it landed badly on 10 Jun)",
        "Went well: walking the floor (14 Aug)",
        "Tried: a long mail (she skimmed it) (15 Aug)",
    ]


def test_something_to_share_that_fits(desk: Desk) -> None:
    """Shared things rest; what fits an interest comes first and says which."""
    text = """
interests: [vegetarian cooking]
to_share:
  - {text: a map of the harbour}
  - {text: a cookbook, fits: cooking}
  - {text: an old thing, shared: 2026-10-01}
"""
    assert points(desk, text, "to-share") == [
        "a cookbook (vegetarian cooking)",
        "Bring: a map of the harbour",
    ]


def test_their_own_words(desk: Desk) -> None:
    """Verbatim, with when and where."""
    text = 'interactions: [{date: 2026-11-02, channel: call, words: "“nobody ever calls back”"}]'
    assert points(desk, text, "words") == ["Their words: “nobody ever calls back” (2 Nov, call)"]


def test_an_item_that_fits_somebody_says_whom_to_ask(desk: Desk) -> None:
    """Where several meet, by an interest or the title; with one person it would say nothing."""
    agenda = {"description": "- Budget\n- Pricing of carriers"}
    dana = HEAD + "title: CFO\ninterests: [carrier pricing]"
    desk.with_contacts(dana, "name: Lee Wong\nemails: [lee@acme.example]")
    assert by_rule(desk.compose(**agenda), "agenda") == [
        "1. | Budget",
        "2. | Pricing of carriers (ask Dana)",
    ]
    assert not any("ask" in line for line in by_rule(desk.compose("table", **agenda), "agenda"))
    desk.with_contacts(dana)
    assert by_rule(desk.compose(**agenda), "agenda")[1] == "2. | Pricing of carriers"


def test_a_first_meeting(desk: Desk) -> None:
    """Nothing at all in the calendar, however old, nor on file: what to find out."""
    (said,) = points(desk, "", "first-meeting")
    assert said.startswith("Find out what Dana is responsible for")
    mail = "interactions: [{date: 2026-11-10, channel: email, summary: Asked for a talk.}]"
    assert points(desk, mail, "first-meeting") == []
    desk.past = (past("2014-08-14T15:00", "dana@acme.example"),)
    assert points(desk, "", "first-meeting") == []
    assert by_rule(desk.compose(), "count") == ["Last in your calendar in August 2014"]


def test_a_new_domain_is_only_a_question(desk: Desk) -> None:
    """Invited at another organization's address: still with Acme? Freemail asks nothing."""
    desk.organizations = (organization_file("name: Acme\ndomains: [acme.example]"),)
    addresses = "[dana@acme.example, dana@newco.example, dana@gmail.com]"
    text = f"name: Dana Smith\nemails: {addresses}\norganization: Acme"
    desk.with_contacts(text)
    for address, said in (
        ("dana@newco.example", ["Invited as dana@newco.example: still with Acme?"]),
        ("dana@gmail.com", []),
        ("dana@acme.example", []),
    ):
        desk.attendees = (attendee(address, "Dana"),)
        assert by_rule(desk.compose(), "new-organization") == said
    desk.attendees = (attendee("dana@newco.example", "Dana"),)
    desk.past = (past("2026-08-14T15:00", "dana@newco.example"),)
    assert by_rule(desk.compose(), "new-organization") == []


def test_declined_again_and_again_is_told_as_a_fact(desk: Desk) -> None:
    """Two of the last three; one is nothing. It is no signal."""
    dana = "dana@acme.example"
    declined = {"participation": {ME: "ACCEPTED", dana: "DECLINED"}}
    desk.past = (
        past("2026-08-14T15:00", dana, **declined),
        past("2026-09-14T15:00", dana),
        past("2026-10-14T15:00", dana, **declined),
    )
    assert points(desk, "", "answers") == ["Dana declined 2 of the last 3 invitations."]
    assert desk.compose().prompts[1].lines == ()
    desk.past = desk.past[1:]
    assert points(desk, "", "answers") == []


def test_a_parked_matter_waits_for_a_success(desk: Desk) -> None:
    """Out of sight after a bad talk; offered back after a good one."""
    talk = "{date: 2026-11-02, signals: [%s], needs: x, needs_met: %s}"
    text = f"parked: [who pays]\ninteractions: [{talk}]"
    assert points(desk, text % ("angry", "no"), "parked") == []
    assert points(desk, text % ("relieved", "no"), "parked") == []
    assert points(desk, text % ("relieved", "yes"), "parked") == [
        "Could be raised again: who pays (put aside)"
    ]
    strained = "relationship: {status: strained, since: 2026-11-05}\n"
    assert points(desk, strained + text % ("relieved", "yes"), "parked") == []


def test_points_stand_in_the_order_of_their_rank(desk: Desk) -> None:
    """The timely and the fitting come first."""
    desk.with_contacts(
        HEAD + "birthday: 1986-11-23\ntalking_points: [ask about the pilot, ask about tea]"
    )
    brief = desk.compose(description="- The pilot")
    assert texts(section(brief, "say")) == [
        (
            "Find out what Dana is responsible for, who else decides, and what would make this "
            "time well spent. (first meeting)"
        ),
        "Birthday today: congratulate",
        "Ask about the pilot",
        "Ask about tea",
    ]
