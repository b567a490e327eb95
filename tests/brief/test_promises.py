"""Promises both ways: mine first and counted, theirs asked for gently."""

from .conftest import Desk, section, texts

HEAD = "name: Dana Smith\nemails: [dana@acme.example]\n"
TEXT = """
promises:
  - {by: me, text: a cost sheet, made: 2026-11-02, due: 2026-12-04}
  - {by: me, text: the draft, made: 2026-11-02, due: 2026-11-20}
  - {by: me, text: the old thing, made: 2026-06-02, due: 2026-11-22}
  - {by: me, text: name an engineer, made: 2026-11-02, due: 2026-11-23}
  - {by: me, text: done long ago, made: 2026-06-02, due: 2026-07-01, kept: 2026-07-01}
  - {by: me, text: promised in the future, made: 2026-12-02, due: 2026-11-01}
  - {by: me, text: kept before it was made, made: 2026-11-02, due: 2026-11-05, kept: 2026-10-01}
  - {by: me, text: some day}
  - {by: them, text: name a lead, made: 2026-11-02, due: 2026-11-27}
  - {by: them, text: send the list, made: 2026-10-05, due: 2026-11-16}
  - {by: them, text: far away, due: 2027-05-01}
interactions: [{date: 2026-11-02, channel: call}]
"""


def test_mine_overdue_first_then_due_then_theirs(desk: Desk) -> None:
    """Days late, by when the others are due, and what is due today goes into the bring box."""
    desk.with_contacts(HEAD + TEXT)
    brief = desk.compose()
    assert texts(section(brief, "promises")) == [
        "Own up: the draft (3 days late)",
        "the old thing (1 day late)",
        "You promised: a cost sheet (by 4 Dec)",
        "You promised: some day",
        "Dana promised: send the list (7 days late: ask, but don’t press; by 16 Nov)",
        "Dana promised: name a lead (by 27 Nov)",
    ]
    assert texts(section(brief, "bring")) == ["name an engineer (promised for today)"]


def test_overdue_promises_of_mine_must_stay(desk: Desk) -> None:
    """The page keeps them whatever comes."""
    desk.with_contacts(HEAD + TEXT)
    staying = [line.text for line in section(desk.compose(), "promises") if line.must_stay]
    assert staying == ["Own up: the draft", "the old thing"]


def test_with_several_people_it_says_to_whom(desk: Desk) -> None:
    """The name is with the promise."""
    desk.with_contacts(
        HEAD + "promises: [{by: me, text: the draft, due: 2026-11-20}]",
        "name: Lee Wong\nemails: [lee@acme.example]",
    )
    assert texts(section(desk.compose(), "promises")) == ["Own up to Dana: the draft (3 days late)"]


def test_a_promises_own_visibility_holds(desk: Desk) -> None:
    """`never` is nowhere, `print` on the table too, and nothing else of it."""
    desk.with_contacts(
        HEAD + "promises: [{by: me, text: hidden, visibility: never},"
        " {by: me, text: shown, visibility: print}, {by: me, text: mine}]"
    )
    assert [line.text for line in section(desk.compose(), "promises")] == [
        "You promised: shown",
        "You promised: mine",
    ]
    on_table = section(desk.compose("table"), "promises")
    assert [line.text for line in on_table] == ["You promised: shown"]


def test_a_promise_stands_even_where_the_agenda_names_it(desk: Desk) -> None:
    """What is due is to be brought, though the invitation has the same words."""
    promise = "promises: [{by: me, text: the visit plan, made: 2026-11-02, due: 2026-11-23}]"
    desk.with_contacts(HEAD + promise)
    brief = desk.compose(description="- The visit plan")
    assert texts(section(brief, "bring")) == ["Promised for today: the visit plan"]
