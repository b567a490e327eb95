"""Limits, guards and what nights remember: each with a case on both of its sides."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from night_house import House, event

from briefgen.day.prepare import Day
from briefgen.delivery.folder import LONGEST_SLUG, slug
from briefgen.delivery.ledger_file import open_ledger
from briefgen.delivery.report import Report
from briefgen.night import exit_status
from briefgen.night.run import SHORTEST_MEMORY

NIGHT = datetime(2026, 11, 22, 22, 10, tzinfo=ZoneInfo("Europe/Berlin"))


def test_an_empty_day_is_mailed_for_tomorrow_alone(house: House) -> None:
    """`empty_days` writes of tomorrow; nobody needs to hear at ten that today was empty."""
    text = (house.root / "briefgen.yaml").read_text()
    text = text.replace("  to: [robin", "  empty_days: yes\n  to: [robin")
    (house.root / "briefgen.yaml").write_text(text)
    house.calendar(event("a", "20261125T100000"))
    house.night()
    house.night("2026-11-23T06:00")
    abouts = []
    with open_ledger(house.root / ".briefgen") as ledger:
        abouts = [one.about for one in ledger.latest(9)]
    assert sorted(abouts) == ["day 2026-11-23", "day 2026-11-24"]


@pytest.mark.parametrize(("ago", "stays"), [(89, True), (90, True), (91, False)])
def test_the_ledger_remembers_ninety_days(house: House, ago: int, *, stays: bool) -> None:
    """However soon the settings remove briefs, what was mailed is known for so long."""
    house.settings("keep: {briefings_days: 1}")
    day = date(2026, 11, 22) - timedelta(days=ago)
    with open_ledger(house.root / ".briefgen") as ledger:
        for number in (2, 1, 0):
            ledger.begin_night(NIGHT - timedelta(days=number))
        ledger.intend(
            channel="mail", about=f"day {day}", day=day, recipient="r", version="v",
            message_id="<old>", as_of=NIGHT,
        )  # fmt: skip
    house.night("2026-11-24T22:10")
    house.night("2026-11-25T22:10")
    house.calendar()
    house.night("2026-11-22T22:10")
    with open_ledger(house.root / ".briefgen") as ledger:
        assert bool(ledger.of_day(day)) == stays
    assert timedelta(days=90) == SHORTEST_MEMORY


@pytest.mark.parametrize(
    ("states", "by_hand", "lost", "cut", "contacts", "status"),
    [
        ((), False, False, False, False, 0),
        (("written",), False, False, False, False, 0),
        (("written", "failed"), False, False, False, False, 3),
        (("failed", "failed"), False, False, False, False, 1),
        (("written",), True, True, False, False, 0),
        (("failed",), True, False, False, False, 1),
        (("written", "failed"), True, True, False, False, 3),
        (("unchanged",), False, True, False, False, 1),
        (("unchanged",), False, False, True, False, 3),
        (("written",), False, False, False, True, 3),
        ((), False, False, True, False, 3),
    ],
)
def test_the_exit_status_of_a_run(  # a table
    states: tuple[str, ...],
    by_hand: bool,  # noqa: FBT001  # as above
    lost: bool,  # noqa: FBT001
    cut: bool,  # noqa: FBT001
    contacts: bool,  # noqa: FBT001
    status: int,
) -> None:
    """A brief made by hand needs no calendar; else a lost or cut one, or a lost contact, counts."""
    day = SimpleNamespace(
        chosen=[SimpleNamespace(by_hand=by_hand) for _ in states],
        calendar_lost=lost,
        calendar_whole=not (lost or cut),
    )
    briefs = tuple(SimpleNamespace(state=state) for state in states)
    report = SimpleNamespace(briefs=briefs, lost_contacts=contacts)
    assert exit_status.of_run(cast("Day", day), cast("Report", report)) == status


@pytest.mark.parametrize(
    ("fields", "status"),
    [({}, 0), ({"undelivered": [1]}, 3), ({"faults": ["x"]}, 3), ({"packet": "failed"}, 3),
     ({"packet": "written"}, 0)],
)  # fmt: skip
def test_the_exit_status_of_a_night(fields: dict[str, Any], status: int) -> None:
    """A delivery, a fault of the ledger, or a packet that failed makes it partly done."""
    day = SimpleNamespace(chosen=[], calendar_lost=False, calendar_whole=True)
    night = SimpleNamespace(
        plan=SimpleNamespace(day=day),
        report=SimpleNamespace(briefs=(), lost_contacts=False),
        packets=[SimpleNamespace(state=fields.get("packet", "unchanged"))],
        undelivered=fields.get("undelivered", []),
        faults=fields.get("faults", []),
    )
    assert exit_status.of_night(cast("Any", night)) == status


@pytest.mark.parametrize(("title", "characters", "size"), [
    ("a" * 70, LONGEST_SLUG, 60), ("日" * 70, 60, 180), ("𠀀" * 70, 45, 180),
])  # fmt: skip
def test_file_names_fit(title: str, characters: int, size: int) -> None:
    """A name is cut by characters, and by bytes where they are large."""
    made = slug(title)
    assert (len(made), len(made.encode())) == (characters, size)


def test_a_meeting_just_before_midnight_is_a_neighbour(house: House) -> None:
    """What runs into the first meeting of a day, the evening before, is reported on its page."""
    late = event("late", "20261122T230000", title="Late call")
    early = event("early", "20261123T000000", title="Early call")
    house.calendar(late, early)
    page = house.run("show", "Early call", "--format", "text").stdout
    assert "straight from another meeting" in page
