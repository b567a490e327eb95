"""What is open between two people, and what becomes of it."""

from datetime import date

import pytest

from briefgen.contacts.book import ContactFile, parse_contact
from briefgen.contacts.splice import splice
from briefgen.reflection.answers import (
    Answered,
    Answers,
    ReflectedMeeting,
    answers_text,
    read_answers,
)
from briefgen.reflection.decisions import Decision, decided, settle, undecided
from briefgen.reflection.open_items import OpenItem, find_items, open_items
from briefgen.reflection.record import record
from briefgen.workspace.language import language_of

FILE = "data/contacts/dana-smith.yaml"
DAY = date(2026, 11, 23)
ENGLISH = language_of("en_GB")
MEETING = ReflectedMeeting(day=DAY, uid="review@calendar.example")

DANA = """\
name: Dana Smith   # as she writes it
relationship: {status: strained, since: 2026-09-01, reason: the missed go-live, apology_owed: yes}
concerns:
  - {date: 2026-09-01, text: support answers too slowly}
  - {text: old matter, resolved: 2026-10-01}
promises:
  - {by: them, text: name a lead, made: 2026-11-02, due: 2026-11-27}
  - {by: me, text: send the plan, made: 2026-11-02, due: 2026-11-20}
  - send the price list
  - {by: me, text: long done, kept: 2026-10-01}
to_share:
  - article on carrier pricing
  - {text: the old one, shared: 2026-10-01}
talking_points:
  - ask how the Lisbon trip went
  - {text: too late, until: 2026-11-01}
interactions:
  - date: 2026-11-02
    needs: a named engineer
    needs_met: partly
"""


def contact(text: str = DANA) -> ContactFile:
    """The file as it is read."""
    found, problems = parse_contact(text.encode(), FILE)
    assert found is not None
    assert not problems
    return found


def items() -> tuple[OpenItem, ...]:
    """What is open in it."""
    return open_items(contact(), today=DAY, meeting=DAY)


def item(text: str) -> OpenItem:
    """The open item of this text."""
    (found,) = find_items(items(), text)
    return found


def settled(decision: Decision, text: str = DANA) -> str:
    """The file after a decision."""
    additions = settle(decision, contact(text), ENGLISH).additions
    content = splice(text.encode(), additions, file=FILE)
    assert isinstance(content, bytes), content
    return content.decode()


def answered(answers: Answers, text: str = DANA) -> tuple[str, tuple[str, ...]]:
    """The file with these answers, and the problems."""
    recording = record(Answered(answers=answers), contact(text), MEETING)
    content = splice(text.encode(), recording.additions[FILE], file=FILE)
    assert isinstance(content, bytes), content
    return content.decode(), tuple(problem.message for problem in recording.problems)


def test_everything_open_is_found_with_its_place() -> None:
    """My promises by due date, theirs, the apology, concerns, the need, what to share and say."""
    assert [(one.kind, one.by, one.text, one.line) for one in items()] == [
        ("promise", "me", "send the plan", 8),
        ("promise", "me", "send the price list", 9),
        ("promise", "them", "name a lead", 7),
        ("apology", None, "the missed go-live", 2),
        ("concern", None, "support answers too slowly", 4),
        ("need", None, "a named engineer", 18),
        ("to_share", None, "article on carrier pricing", 12),
        ("talking_point", None, "ask how the Lisbon trip went", 15),
    ]


def test_each_item_has_a_key_of_its_own() -> None:
    """A form can name any of them, and the key stays as lines move."""
    keys = [one.key for one in items()]
    assert len(set(keys)) == len(keys)
    moved = open_items(contact(f"# a line more\n{DANA}"), today=DAY, meeting=DAY)
    assert [one.key for one in moved] == keys


DECISIONS = (
    ("send the plan", "kept", {}, "due: 2026-11-20, kept: 2026-11-23}"),
    ("send the price list", "kept", {}, "- text: send the price list\n    kept: 2026-11-23\n"),
    ("send the plan", "dropped", {}, "due: 2026-11-20, dropped: 2026-11-23}"),
    ("name a lead", "kept", {}, "due: 2026-11-27, kept: 2026-11-23}"),
    (
        "send the plan",
        "moved",
        {"due": date(2026, 12, 1)},
        "due: 2026-12-01, moved: [2026-11-20]}",
    ),
    (
        "send the price list",
        "moved",
        {"due": date(2026, 12, 1)},
        "price list\n    due: 2026-12-01\n",
    ),
    ("support answers too slowly", "resolved", {}, "too slowly, resolved: 2026-11-23}"),
    ("carrier pricing", "shared", {}, "carrier pricing\n    shared: 2026-11-23\n"),
    ("Lisbon", "used", {}, "Lisbon trip went\n    used: [2026-11-23]\n"),
    ("named engineer", "met", {}, "    needs_met: yes\n"),
    ("named engineer", "met", {"met": "no"}, "    needs_met: no\n"),
    (
        "missed go-live",
        "apologised",
        {"taken": "not yet", "proof": "a named engineer"},
        "    for: the missed go-live\n    taken: not yet\n    proof: a named engineer\n",
    ),
)


@pytest.mark.parametrize(("text", "state", "more", "written"), DECISIONS)
def test_a_decision_is_spliced_in(text: str, state: str, more: dict, written: str) -> None:  # type: ignore[type-arg]
    """Each decision is in the file afterwards, and the item is open no more."""
    one = item(text)
    after = settled(Decision(item=one, state=state, day=DAY, **more))  # type: ignore[arg-type]
    assert written in after
    assert "name: Dana Smith   # as she writes it\n" in after
    still = {held.key for held in open_items(contact(after), today=DAY, meeting=DAY)}
    assert (one.key in still) == (state == "moved" or more.get("met") == "no")


@pytest.mark.parametrize(("text", "state", "more", "_written"), DECISIONS)
def test_a_decision_in_a_draft_comes_to_the_same(
    text: str,
    state: str,
    more: dict,  # type: ignore[type-arg]
    _written: str,
) -> None:
    """Kept as answers, written to a draft and read again, it changes the file in the same way."""
    decision = Decision(item=item(text), state=state, day=DAY, **more)  # type: ignore[arg-type]
    draft = answers_text([decided(Answers(), decision)])
    (read,), problems = read_answers(draft.encode(), "draft.yaml")
    assert not problems
    after, problems = answered(read.answers)
    assert not problems
    told, alone = contact(after).contact, contact(settled(decision)).contact
    assert told.interactions[:-1] == alone.interactions
    assert told.model_copy(update={"interactions": ()}) == alone.model_copy(
        update={"interactions": ()}
    )


def test_the_last_decision_counts() -> None:
    """Another decision on the same item takes the place of the first, and none leaves it open."""
    plan = item("send the plan")
    first = decided(Answers(summary="x"), Decision(item=plan, state="kept", day=DAY))
    second = decided(first, Decision(item=plan, state="moved", day=DAY, due=date(2026, 12, 1)))
    assert [(p.kept, p.due) for p in second.promises] == [(None, "2026-12-01")]
    assert undecided(second, plan) == Answers(summary="x")


@pytest.mark.parametrize(
    ("answers", "written"),
    [
        ("promises: [{text: send the plan, kept: 2026-12-01}]", "kept: 2026-12-01}"),
        ("promises: [{text: The Plan, kept: 2026-12-01}]", "2026-11-20, kept: 2026-12-01}"),
        ("promises: [{text: name a lead, kept: 2026-11-18}]", "2026-11-27, kept: 2026-11-18}"),
        ("promises: [{text: send the plan, dropped: 2026-11-23}]", "dropped: 2026-11-23}"),
        ("promises: [{text: send the plan, due: in two weeks}]", "moved: [2026-11-20]}"),
        ("concerns: [{text: support, resolved: 2026-11-20}]", "resolved: 2026-11-20}"),
        ("shared: [article on carrier pricing]", "shared: 2026-11-23"),
        ("earlier_needs: [a named engineer]", "needs_met: yes"),
        ("apologies: [{taken: accepted}]", "for: the missed go-live\n    taken: accepted\n"),
    ],
)
def test_a_file_of_answers_settles_what_is_open(answers: str, written: str) -> None:
    """`kept`, `dropped`, a new `due`, `resolved` and `shared` reach the item that is on file."""
    (read,), problems = read_answers(answers.encode(), "notes.yaml")
    assert not problems
    after, faults = answered(read.answers)
    assert not faults
    assert written in after
    assert after.count("text: ") <= DANA.count("text: ") + 2, "no item is written a second time"
    again, faults = answered(read.answers, after)
    assert (again, faults) == (after, ()), "and a second time it changes nothing"


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ("promises: [{text: send, kept: 2026-12-01}]", "matches 2 of them"),
        ("promises: [{text: sent the plan, kept: 2026-12-01}]", "did you mean 'send the plan'?"),
        ("shared: [article of carrier prices]", "did you mean 'article on carrier pricing'?"),
        ("shared: [nonsense]", "nothing to share"),
        ("concerns: [{text: suport ansers to slowly, resolved: 2026-11-20}]", "did you mean"),
        ("earlier_needs: [a yacht]", "no such need is open"),
    ],
)
def test_what_names_nothing_is_told(answers: str, told: str) -> None:
    """A text that fits several open items or none is a problem with its place, never a guess."""
    (read,), _ = read_answers(answers.encode(), "notes.yaml")
    recording = record(read, contact(), MEETING)
    (problem,) = recording.problems
    assert told in problem.message
    assert problem.file == "notes.yaml"
    assert problem.line == 1


def test_a_slip_of_the_same_meeting_is_put_right() -> None:
    """A due date given again in the meeting's own reflection is a correction, and no move."""
    text = DANA.replace("made: 2026-11-02, due: 2026-11-20", "made: 2026-11-23, due: 2026-11-27")
    (read,), _ = read_answers(b"promises: [{text: send the plan, due: 2026-11-30}]", "n")
    after, _ = answered(read.answers, text)
    assert "made: 2026-11-23, due: 2026-11-30}" in after
    assert "moved" not in after


def test_nothing_else_can_become_of_an_item() -> None:
    """A concern is not kept, and a promise is not moved without a day."""
    with pytest.raises(ValueError, match="cannot be kept"):
        Decision(item=item("support"), state="kept", day=DAY)
    with pytest.raises(ValueError, match="moved to a day"):
        Decision(item=item("send the plan"), state="moved", day=DAY)


def kinds(text: str, day: date = DAY) -> list[str]:
    """The kinds of what is open in a file."""
    found = open_items(contact(f"name: Dana Smith\n{text}"), today=day, meeting=day)
    return [one.kind for one in found]


@pytest.mark.parametrize(
    ("interaction", "is_open"),
    [
        ("{date: 2025-10-19, needs: a lead}", True),  # 400 days before
        ("{date: 2025-10-18, needs: a lead}", False),
        ("{date: 2026-11-22, needs: a lead, needs_met: yes}", False),
        ("{date: 2026-11-22, needs: a lead, needs_met: no}", True),
        ("{date: 2026-11-22, needs: nothing}", False),
        ("{date: 2026-11-22, needs: nichts}", False),
        ("{date: 2026-11-23, needs: a lead}", False),  # noted in this very meeting
    ],
)
def test_which_need_is_open(interaction: str, is_open: bool) -> None:  # noqa: FBT001  # a table
    """The newest one before the meeting, for 400 days, where it was not met and is a need."""
    assert kinds(f"interactions: [{interaction}]\n") == (["need"] if is_open else [])


@pytest.mark.parametrize(
    ("apologies", "is_open"),
    [
        ("[]", True),
        ("[{date: 2026-11-02, for: missing the go-live}]", False),
        ("[{date: 2026-11-02, for: the wrong invoice}]", True),
    ],
)
def test_which_apology_is_open(apologies: str, is_open: bool) -> None:  # noqa: FBT001  # a table
    """One that is owed for a matter that none of those made speaks of."""
    owed = "relationship: {reason: the missed go-live, apology_owed: yes}\n"
    given = f"apologies: {apologies}\n" if apologies != "[]" else ""
    assert kinds(owed + given) == (["apology"] if is_open else [])


def test_overdue_begins_the_day_after() -> None:
    """What is due today is not late yet."""
    plan = item("send the plan")
    assert not plan.is_overdue(date(2026, 11, 20))
    assert plan.is_overdue(date(2026, 11, 21))
