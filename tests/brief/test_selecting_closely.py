"""Which meetings get a brief, on each side of every line; and which copies say no more."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from briefgen.brief.brief import Participant
from briefgen.brief.select import earlier_copy, fuller_copy, reason_to_skip
from briefgen.meetings.meeting import Attendee, Meeting
from briefgen.workspace.settings import Me, Select, Settings, Skip

TEN = datetime(2026, 11, 23, 10, tzinfo=UTC)
ROBIN = Attendee(name="Robin", address="robin@keller.example")
DANA = Attendee(name="Dana", address="dana@acme.example", participation="DECLINED")
ME = Me(name="Robin", emails=("Robin@Keller.example",), internal_domains=("keller.example",))


def meeting(**more: Any) -> Meeting:  # noqa: ANN401  # a field each
    """A meeting with Dana, of whom I am the organizer."""
    given: dict[str, Any] = {
        "feed": "work", "uid": "a", "start": TEN, "end": TEN + timedelta(hours=1),
        "title": "Review", "organizer": ROBIN, "attendees": (DANA,),
    }  # fmt: skip
    return Meeting(**{**given, **more})


def people(*attendees: Attendee) -> tuple[Participant, ...]:
    """Those who take part."""
    return tuple(Participant(attendee=one) for one in attendees)


def reason(one: Meeting, *parties: Attendee, **select: Any) -> str | None:  # noqa: ANN401  # a field each
    """Why it gets no brief."""
    settings = Settings(version="1", me=ME, feeds=(), select=Select(**select))
    return reason_to_skip(one, people(*(parties or (DANA,))), settings=settings)


def test_only_my_own_answer_counts() -> None:
    """That Dana has declined is no reason; that I have, under any spelling of my address, is."""
    assert reason(meeting()) is None
    mine = Attendee(address="ROBIN@keller.example", participation="DECLINED")
    assert reason(meeting(attendees=(mine, DANA))) == "you declined it"
    nobody = Attendee(name="Robin", participation="DECLINED")
    assert reason(meeting(attendees=(nobody, DANA))) is None


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (("DELEGATED",), "you passed it on to someone else"),
        (("DECLINED", "DELEGATED"), "you declined it"),
        (("DECLINED", "NEEDS-ACTION"), "you declined it"),
        (("DECLINED", "TENTATIVE"), None),
        (("DELEGATED", "ACCEPTED"), None),
        (("NEEDS-ACTION",), None),
    ],
)
def test_answers_of_mine_together(answers: tuple[str, ...], said: str | None) -> None:
    """To come at all, by any address, counts more than not to."""
    mine = tuple(Attendee(address="robin@keller.example", participation=one) for one in answers)
    assert reason(meeting(attendees=(*mine, DANA))) == said


def test_private_and_free_are_two_settings() -> None:
    """Each lets in what it names, and not the other."""
    both = meeting(classification="PRIVATE", transparent=True)
    assert reason(both) == "marked private"
    assert reason(both, private=True) == "shown as free"
    assert reason(both, free=True) == "marked private"
    assert reason(both, private=True, free=True) is None
    assert reason(meeting(classification="CONFIDENTIAL")) is None


def test_a_skip_names_what_fits() -> None:
    """Title, category, or both; the first entry that fits."""
    standup = meeting(title="Standup", categories=("Work", "Team"))
    only = {"skip": (Skip(category="Family"), Skip(title="x"), Skip(category="team"))}
    assert reason(standup, **only) == "your settings skip it: category is 'team'"
    both = {"skip": (Skip(title="STAND*", category="work"),)}
    said = "your settings skip it: title fits 'STAND*', category is 'work'"
    assert reason(standup, **both) == said
    assert reason(meeting(title="Standup"), **both) is None


def test_who_is_from_outside() -> None:
    """Someone who has no address, or one of another house; a colleague is not."""
    kim = Attendee(name="Kim", address="kim@keller.example")
    assert reason(meeting(), kim) == "nobody from outside"
    assert reason(meeting(), kim, Attendee(name="Lee")) is None
    assert reason(meeting(), kim, DANA) is None


COPY = meeting(feed="b", organizer=None, description="", place="", join_link=None)
FULL = meeting(description="Agenda", place="Acme House", join_link="https://meet.example/1")


@pytest.mark.parametrize(
    ("copy", "full", "is_said"),
    [
        ({}, {}, True),
        ({"description": " Agenda ", "place": "Acme House"}, {}, True),
        ({"join_link": "https://meet.example/1"}, {}, True),
        ({"description": "Other"}, {}, False),
        ({"place": "Room 2"}, {}, False),
        ({"join_link": "https://meet.example/2"}, {}, False),
        ({"organizer": DANA}, {}, False),
        ({"uid": ""}, {"uid": ""}, False),
        ({"feed": "work"}, {}, False),
        ({}, {"organizer": None}, False),
        ({"uid": "b"}, {}, False),
        ({"recurrence_id": TEN}, {}, False),
        ({"start": TEN - timedelta(minutes=1)}, {}, False),
        ({"end": TEN + timedelta(hours=2)}, {}, False),
        ({"all_day": True}, {}, False),
        ({"title": "Review!"}, {}, False),
        ({"title": " Review"}, {}, True),
    ],
)
def test_a_copy_without_its_organizer(
    copy: dict[str, Any], full: dict[str, Any], *, is_said: bool
) -> None:
    """It is left out where another feed has it with its organizer, and it says nothing else."""
    one, other = COPY.replace(**copy), FULL.replace(**full)
    stranger = FULL.replace(uid="stranger")
    found = fuller_copy((one, people(DANA)), [(stranger, people(DANA)), (other, people(DANA))])
    assert found is (other if is_said else None)


def test_a_copy_with_somebody_more() -> None:
    """Someone who is named in the copy must be in the other; that may name more."""
    lee = Attendee(name="Lee", address="lee@acme.example")
    assert fuller_copy((COPY, people(DANA)), [(FULL, people(DANA, lee))]) is FULL
    assert fuller_copy((COPY, people(DANA, lee)), [(FULL, people(DANA))]) is None


AGAIN = FULL.replace(uid="b", feed="b")


@pytest.mark.parametrize(
    ("copy", "is_said"),
    [
        ({}, True),
        ({"description": "", "place": ""}, True),
        ({"uid": "a"}, False),
        ({"description": "Other"}, False),
        ({"place": "Room 2"}, False),
        ({"join_link": None}, True),
        ({"join_link": "https://meet.example/2"}, False),
    ],
)
def test_the_same_under_another_uid(copy: dict[str, Any], *, is_said: bool) -> None:
    """The first of two that say the same to the same people; one that says more stays."""
    one = AGAIN.replace(**copy)
    others = [(FULL, people(DANA)), (one, people(DANA))]
    assert earlier_copy((one, people(DANA)), others) is (FULL if is_said else None)


def test_only_what_comes_before_counts() -> None:
    """Of two that say the same one is left; people must be the same, and someone."""
    lee = Attendee(name="Lee", address="lee@acme.example")
    after = [(AGAIN, people(DANA)), (FULL, people(DANA))]
    assert earlier_copy((AGAIN, people(DANA)), after) is None
    assert earlier_copy((AGAIN, people(DANA)), [(FULL, people(DANA, lee))]) is None
    assert earlier_copy((AGAIN, people(DANA, lee)), [(FULL, people(DANA))]) is None
    assert earlier_copy((AGAIN, ()), [(FULL, ())]) is None
