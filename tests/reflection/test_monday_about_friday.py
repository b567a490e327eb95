"""On Monday about Friday: what waits and what its sheet had, not what the weekend brought."""

import pytest
from small_workspaces import SETTINGS, Place, event

from briefgen.cli.call import Call
from briefgen.cli.window import Around, day_around
from briefgen.day.prepare import Day
from briefgen.reflection.open_items import printed_lines
from briefgen.reflection.reflections import Reflected, waiting
from briefgen.reflection.reminder import find_reminder, note_reminded

BEFORE, MONDAY = "2026-11-19T22:10", "2026-11-23T08:00"
FRIDAY = event("friday@calendar.example", "20261120T100000", "20261120T110000", "Service review")
DANA = """\
name: Dana Smith
emails: [dana.smith@acme.example]
promises:
  - {by: me, text: send the plan, made: 2026-11-02, due: 2026-11-18}
talking_points:
  - {text: ask how the Lisbon trip went, from: 2026-11-01}
to_share: [article on carrier pricing]
interests: [opera]
interactions:
  - {date: 2026-11-02, channel: call, summary: a talk, signals: [frustrated], needs: a lead}
"""
WEEKEND = """\
concerns: [{date: 2026-11-21, text: the invoice is wrong}]
life_events: [{date: 2026-11-21, kind: good, note: a daughter was born}]
"""


@pytest.fixture
def friday(tmp_path: object) -> Place:
    """Dana on Friday at ten."""
    place = Place(tmp_path / "w")  # type: ignore[operator]
    place.write("briefgen.yaml", f"{SETTINGS}nightly: {{reflection: true}}\n")
    place.write("data/contacts/dana-smith.yaml", DANA)
    place.feed(FRIDAY)
    return place


def day_at(place: Place, as_of: str) -> Day:
    """What is known at a time."""
    return day_around(Call(workspace_option=place.root, as_of_option=as_of), None, Around())


def reflected(place: Place, as_of: str) -> Reflected:
    """The five minutes after Friday's meeting."""
    day = day_at(place, as_of)
    return Reflected.begin(day.chosen[0], day)


def test_what_the_weekend_brought_is_not_asked(friday: Place) -> None:
    """The ticks and open items of Monday are those of Friday's sheet."""
    before = reflected(friday, BEFORE)
    assert [item.text for item in before.open_items]
    assert before.lines
    text = DANA.replace(
        "promises:\n", "promises:\n  - {by: me, text: call the bank, made: 2026-11-21}\n"
    )
    text = text.replace(
        "talking_points:\n", "talking_points:\n  - {text: ask about Rome, from: 2026-11-22}\n"
    )
    text = text.replace(
        "interactions:\n",
        "interactions:\n  - {date: 2026-11-21, channel: call, summary: b, signals: [relieved], "
        "needs: a refund}\n",
    )
    friday.write("data/contacts/dana-smith.yaml", text + WEEKEND)
    after = reflected(friday, MONDAY)
    assert [item.text for item in after.open_items] == [item.text for item in before.open_items]
    assert [line.text for line in after.lines] == [line.text for line in before.lines]


def test_what_came_onto_a_sheet_after_it_was_delivered_is_not_ticked(friday: Place) -> None:
    """A line that the printed or mailed sheet did not have could not be used."""
    found = reflected(friday, MONDAY)
    brief = found.day.brief(found.chosen, "full")
    newer = brief.replace(lines=tuple(line.replace(new=True) for line in brief.lines))
    texts = {line.text for line in printed_lines(newer, ())}
    assert texts < {line.text for line in printed_lines(brief, ())}


def test_it_is_offered_everywhere_on_monday(friday: Place) -> None:
    """By `reflect`, in its list, and by the first mail after a weekend without one, with a form."""
    assert [one.meeting.title for one in waiting(day_at(friday, MONDAY))] == ["Service review"]
    assert "Service review" in friday.call("reflect", "--due", as_of=MONDAY).output
    note_reminded(day_at(friday, BEFORE))
    found = find_reminder(day_at(friday, "2026-11-22T22:10"))  # Sunday: nobody met on Saturday
    assert found is not None
    assert found.text == "1 meeting waits for its five minutes"
    assert len(found.forms) == 1
    note_reminded(day_at(friday, "2026-11-22T22:10"))
    again = find_reminder(day_at(friday, MONDAY))
    assert again is not None
    assert again.forms == (), "its form was in the mail before"
