"""Sheet codes."""

import time
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from briefgen.brief.sheet_codes import ALPHABET, SHORTEST, SheetCode, assign_codes
from briefgen.meetings.meeting import Attendee, Meeting

TODAY = date(2026, 11, 22)
TEN = datetime(2026, 11, 23, 10, tzinfo=UTC)


def meeting(uid: str, start: datetime = TEN) -> Meeting:
    """A meeting of an hour."""
    return Meeting(feed="f", uid=uid, title=uid, start=start, end=start + timedelta(hours=1))


def test_a_moved_meeting_keeps_its_code() -> None:
    """The sheet that was printed yesterday still names the meeting that was moved since."""
    (code,), known = assign_codes({}, [meeting("a")], TODAY)
    (again,), _ = assign_codes(known, [meeting("a", TEN + timedelta(hours=5))], TODAY)
    assert again == code


def test_a_code_is_four_plain_signs() -> None:
    """A code can be read from handwriting: no 0, O, 1 or I in it."""
    (code,), _ = assign_codes({}, [meeting("a")], TODAY)
    assert len(code) == SHORTEST
    assert set(code) <= set(ALPHABET)
    assert not set("01IO") & set(ALPHABET)


def test_a_collision_makes_the_newer_code_longer() -> None:
    """Where another living sheet has the code, the newcomer gets one sign more."""
    (code,), _ = assign_codes({}, [meeting("a")], TODAY)
    other = SheetCode(uid="z", recurrence_id=None, start="", title="", used=TODAY.isoformat())
    (longer,), known = assign_codes({code: other}, [meeting("a")], TODAY)
    assert longer.startswith(code)
    assert len(longer) == SHORTEST + 1
    assert known[code] == other


def test_a_code_lives_ninety_days() -> None:
    """Ninety-one days after its last use a code is free again; after ninety it is not."""
    (code,), known = assign_codes({}, [meeting("a")], TODAY)
    used = date.fromisoformat(known[code].used)
    _, kept = assign_codes(known, [], used + timedelta(days=90))
    _, gone = assign_codes(known, [], used + timedelta(days=91))
    assert code in kept
    assert code not in gone


def test_two_events_under_one_uid_get_two_codes() -> None:
    """A copied UID does not make two meetings one."""
    codes, _ = assign_codes({}, [meeting("a"), meeting("a", TEN + timedelta(hours=2))], TODAY)
    assert len(set(codes)) == 2


def test_events_without_uid_are_told_apart_by_their_start() -> None:
    """An empty UID names nothing; the start does."""
    one, two = meeting(""), meeting("", TEN + timedelta(hours=1))
    (first,), known = assign_codes({}, [one], TODAY)
    (second,), _ = assign_codes(known, [two.replace(title="x")], TODAY)
    assert first != second


def test_a_meeting_whose_uid_changes_keeps_its_code() -> None:
    """The same time, title and people under another UID is the same sheet; other people are not."""
    dana, lee = Attendee(address="dana@acme.example"), Attendee(address="lee@acme.example")
    one = meeting("a").replace(title="Review", attendees=(dana, lee))
    (code,), known = assign_codes({}, [one], TODAY)
    (again,), living = assign_codes(known, [one.replace(uid="b", attendees=(lee, dana))], TODAY)
    assert again == code
    assert len(living) == 1
    (other,), _ = assign_codes(known, [one.replace(uid="b", attendees=(dana,))], TODAY)
    assert other != code
    both = [one.replace(uid="b"), one]
    codes, _ = assign_codes(known, both, TODAY)
    assert codes[1] == code, "its own UID goes first"
    assert codes[0] != code


def test_codes_of_a_flood_take_no_time() -> None:
    """Two thousand meetings are coded in less than a second, the second time too."""
    many = [meeting("a").replace(start=TEN + timedelta(minutes=n)) for n in range(2_000)]
    began = time.process_time()
    _, known = assign_codes({}, many, TODAY)
    assign_codes(known, many, TODAY)
    assert time.process_time() - began < 1


@given(uids=st.lists(st.text(max_size=8), unique=True, max_size=60))
def test_every_meeting_has_its_own_code(uids: list[str]) -> None:
    """No two sheets of a run share a code."""
    codes, known = assign_codes({}, [meeting(uid) for uid in uids], TODAY)
    assert len(set(codes)) == len(uids)
    assert set(codes) == set(known)
