"""What counts as a change, on each side of every line that is drawn."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from handmade import brief_of, face, line
from told import BERLIN, ENGLISH, LUNCH, NIGHT, REVIEW, TEN, delivery, moved, told

from briefgen.brief.brief import Brief, Glance, GlanceStance, Prompt, Source
from briefgen.delivery.ledger_entry import Delivery
from briefgen.delivery.mail_changes import (
    Change,
    Content,
    Decision,
    changes,
    decide,
    headline,
    main_changes,
    sentence,
    version_of,
)
from briefgen.delivery.mailed_meetings import (
    MailedMeeting,
    meeting_key,
    memory_of,
    memory_of_meeting,
    probably_same,
    put_off_meetings,
    remembered_meetings,
    same_meetings,
    words_in,
)
from briefgen.meetings.meeting import Attendee, Meeting

DANA = REVIEW.replace(people=frozenset({"dana@acme.example"}))
STRUCK = REVIEW.replace(title="", place="", digest="a")
OTHER = DANA.replace(uid="other", start=TEN + timedelta(hours=5), end=TEN + timedelta(hours=6))
BUSY = DANA.replace(uid="busy", title="Busy", people=frozenset())


def kinds(
    before: tuple[MailedMeeting, ...], content: Content, as_of: datetime = NIGHT
) -> list[str]:
    """What sorts of changes a reader would notice."""
    return [change.kind for change in changes(before, content, as_of)]


def decided(*thread: Delivery, content: Content, as_of: datetime = NIGHT) -> Decision:
    """What is to be done."""
    return decide(thread, content, as_of=as_of, zone=BERLIN)


def test_a_version_is_what_is_said() -> None:
    """The same for the same, and another for each difference; no longer than the ledger shows."""
    version = version_of("first", [REVIEW, LUNCH])
    assert version == version_of("first", [REVIEW, LUNCH])
    others = {
        version_of("update", [REVIEW, LUNCH]),
        version_of("first", [REVIEW]),
        version_of("first", [REVIEW.replace(digest="z"), LUNCH]),
    }
    assert version not in others
    assert len(version) == 32
    assert len(others) == 3


def test_what_moved_away_is_no_longer_looked_for() -> None:
    """Moved to tomorrow under its own UID, it is not taken for another new one of its title."""
    content = told(OTHER).replace(elsewhere=(moved(DANA, days=1),))
    found = changes((DANA,), content, NIGHT)
    assert [(one.kind, one.now and one.now.uid) for one in found] == [
        ("moved", DANA.uid), ("new", "other"),
    ]  # fmt: skip


def test_what_is_left_out_is_no_longer_looked_for() -> None:
    """Skipped by the settings, it is not taken for a new one with the same title and people."""
    content = told(OTHER).replace(left_out=(DANA,), skipped=frozenset({DANA.key}))
    assert kinds((DANA,), content) == ["new"]


def test_what_was_found_today_is_not_looked_for_later() -> None:
    """A missing meeting that is most likely one of today is not one of the next days as well."""
    later = moved(DANA, days=3).replace(uid="third")
    content = told(OTHER).replace(elsewhere=(later,), unheard=(later,))
    (change,) = changes((DANA,), content, NIGHT)
    assert change.now == OTHER


def test_what_has_begun_is_not_new() -> None:
    """A meeting is new until the instant at which it starts."""
    assert kinds((), told(REVIEW), TEN - timedelta(seconds=1)) == ["new"]
    assert kinds((), told(REVIEW), TEN) == []


def test_one_of_a_series_moves_and_the_other_stays() -> None:
    """The one that stays under its key is not taken for the one that moved."""
    ten = REVIEW.replace(recurrence_id="20261123T090000Z")
    one = LUNCH.replace(uid=REVIEW.uid, recurrence_id="20261123T120000Z")
    now = moved(one, hours=2).replace(recurrence_id="20261123T140000Z")
    (change,) = changes((ten, one), told(ten, now), NIGHT)
    assert (change.kind, change.before and change.before.start) == ("moved", one.start)


def test_a_cancelled_one_of_a_series_did_not_move() -> None:
    """Cancelled by name, with a new one on the same day: both are reported."""
    ten = REVIEW.replace(recurrence_id="20261123T090000Z")
    new = moved(ten, hours=3).replace(recurrence_id="20261123T120000Z", title="Extra")
    content = told(new).replace(cancelled=frozenset({ten.key}))
    assert kinds((ten,), content) == ["cancelled", "new"]


@pytest.mark.parametrize(
    ("before", "now", "as_of", "is_news"),
    [
        (0, 2, 1, True),  # it had begun, and is ahead again
        (2, 0, 1, True),  # it was announced for later, and has begun
        (0, 1, 1, False),
        (1, 0, 1, False),
        (0, 0.5, 1, False),
    ],
)
def test_a_move_beside_the_clock(before: float, now: float, as_of: int, *, is_news: bool) -> None:
    """News while either time is still ahead; an hour that has struck is not ahead."""
    was, so = (moved(REVIEW, minutes=int(60 * hours)) for hours in (before, now))
    found = kinds((was,), told(so), TEN + timedelta(hours=as_of))
    assert found == (["moved"] if is_news else [])


def test_what_has_begun_is_not_gone() -> None:
    """Gone from the calendar a second before its start is news, and at its start no more."""
    assert kinds((REVIEW,), told(), TEN - timedelta(seconds=1)) == ["gone"]
    assert kinds((REVIEW,), told(), TEN) == []


def test_only_struck_texts_are_not_compared() -> None:
    """A title that is still there is always compared; a struck one, unless told otherwise."""
    new_words = told(REVIEW.replace(digest="z"))
    assert [one.kind for one in changes((REVIEW,), new_words, NIGHT, forgotten=True)] == ["words"]
    assert changes((STRUCK,), new_words, NIGHT, forgotten=True) == ()
    assert kinds((STRUCK,), new_words) == ["place"]


def test_which_change_is_said() -> None:
    """The place before the title, the title before the words; case and signs are no change."""
    now = REVIEW.replace(digest="z", place="Room 2", title="Second")
    assert kinds((REVIEW,), told(now)) == ["place"]
    assert kinds((REVIEW,), told(now.replace(place="ACME-House!"))) == ["title"]
    assert kinds((REVIEW,), told(now.replace(place="acme house", title="review"))) == ["words"]


@pytest.mark.parametrize(
    ("left_out", "elsewhere", "found"),
    [
        ((BUSY,), (), []),
        ((BUSY,), (OTHER,), ["gone"]),
        ((moved(BUSY, hours=1),), (), ["gone"]),
        ((BUSY.replace(end=BUSY.end + timedelta(hours=1)),), (), ["gone"]),
        ((), (), ["gone"]),
    ],
)
def test_a_calendar_that_only_says_busy(
    left_out: tuple[MailedMeeting, ...], elsewhere: tuple[MailedMeeting, ...], found: list[str]
) -> None:
    """A time that is still taken is not called gone, in a calendar that names nobody at all."""
    content = told().replace(left_out=left_out, elsewhere=elsewhere)
    assert kinds((DANA,), content) == found


# What to do.


def test_a_first_message() -> None:
    """It has nobody before it, takes up what was decided, and withdraws what is outdated."""
    first = decided(content=told(REVIEW))
    assert (first.action, first.kind, first.ordinal, first.thread) == ("send", "first", 0, ())
    intent = delivery(REVIEW, state="intent")
    nothing = decided(intent, content=told())
    assert (nothing.action, nothing.withdraw) == ("nothing", intent)
    assert decided(content=told(REVIEW), as_of=TEN).action == "nothing"


def test_an_empty_day_is_not_one_that_is_over() -> None:
    """`empty_days` does not write on a day whose last meeting has begun."""
    over = told(REVIEW).replace(wanted_empty=True)
    assert decided(content=over, as_of=TEN).action == "nothing"
    assert decided(content=over).action == "send"


def test_nobody_knows_what_a_lost_message_said() -> None:
    """Where a damaged ledger has lost what was sent, nothing is called a change."""
    lost = delivery(REVIEW).replace(facts={})
    assert decided(lost, content=told(moved(REVIEW, hours=2), LUNCH)).action == "nothing"


def test_a_forgotten_person_sends_nothing() -> None:
    """Struck texts are no change, in what was sent, in what waits, and in what was sent twice."""
    now = told(REVIEW.replace(digest="z"))
    assert decided(delivery(STRUCK), content=now).action == "nothing"
    waiting = delivery(STRUCK, state="intent")
    assert decided(waiting, content=now).action == "resume"
    again = decided(
        delivery(STRUCK),
        delivery(REVIEW.replace(digest="z"), state="unsure", number=2),
        content=now,
    )
    assert (again.action, again.changes) == ("resend", ())


def test_what_is_sent_again_says_what_it_said() -> None:
    """Its changes, its place in the thread and its number are those of the first time."""
    now = moved(REVIEW, hours=2)
    unsure = delivery(now, state="unsure", number=2).replace(kind="update")
    again = decided(delivery(REVIEW), unsure, content=told(now))
    assert (again.action, again.kind, again.entry) == ("resend", "update", unsure)
    assert [one.kind for one in again.changes] == ["moved"]
    assert (again.thread, again.ordinal) == (("<1@keller.example>",), 1)
    alone = decided(delivery(now, state="unsure"), content=told(now))
    assert (alone.changes, alone.thread, alone.ordinal) == ((), (), 0)
    wait = unsure.replace(retry_at=NOW_AND_A_HOUR)
    assert decided(delivery(REVIEW), wait, content=told(now)).action == "wait"


NOW_AND_A_HOUR = NIGHT + timedelta(hours=1)


def test_what_was_sent_is_left_alone() -> None:
    """The entry is named, and something that waits is withdrawn."""
    sent, waiting = delivery(REVIEW), delivery(LUNCH, state="intent", number=2)
    done = decided(sent, waiting, content=told(REVIEW))
    assert (done.action, done.entry, done.withdraw) == ("nothing", sent, waiting)


@pytest.mark.parametrize(("state", "resent"), [("sent", False), ("unsure", True)])
def test_what_is_not_sent_again(state: Any, *, resent: bool) -> None:  # noqa: ANN401  # a state
    """What has arrived, and what was repeated already."""
    one = delivery(REVIEW, state=state).replace(resent=resent)
    assert decided(one, content=told(REVIEW)).action == "nothing"


def test_until_when_something_is_sent_again() -> None:
    """While one of its meetings is ahead; a mail about an empty day, while that day lasts."""
    unsure = delivery(REVIEW, LUNCH, state="unsure")
    assert decided(unsure, content=told(LUNCH), as_of=TEN).action == "resend"
    assert decided(unsure, content=told(), as_of=LUNCH.start).action == "nothing"
    empty = Content(meetings=(), wanted_empty=True)
    unsure = delivery(state="unsure")
    assert decided(unsure, content=empty).action == "resend"
    assert decided(unsure, content=empty, as_of=TEN).action == "resend"
    assert decided(unsure, content=empty, as_of=TEN + timedelta(days=1)).action == "nothing"


def test_a_cancellation_beside_changed_words() -> None:
    """That words changed too does not make it an update; that a meeting moved does."""
    thread = delivery(REVIEW, LUNCH)
    news = decided(thread, content=told(LUNCH.replace(digest="z")))
    assert (news.action, news.kind, news.ordinal) == ("send", "cancellation", 1)
    assert decided(thread, content=told(moved(LUNCH, hours=1))).kind == "update"


def test_what_waits_goes_on_only_if_it_says_the_same() -> None:
    """An update that waits is taken up; turned into a cancellation, it is replaced."""
    now = moved(REVIEW, hours=2)
    waiting = delivery(now, LUNCH, state="failed", number=2).replace(kind="update")
    soon = waiting.replace(retry_at=NOW_AND_A_HOUR)
    due = waiting.replace(retry_at=NIGHT)
    for entry, action in ((soon, "wait"), (due, "resume"), (waiting, "over")):
        found = decided(delivery(REVIEW, LUNCH), entry, content=told(now, LUNCH))
        assert (found.action, found.entry) == (action, entry)
    found = decided(delivery(REVIEW, LUNCH), due, content=told(now))
    assert (found.action, found.entry, found.withdraw) == ("send", None, due)
    other = due.replace(kind="cancellation")
    found = decided(delivery(REVIEW, LUNCH), other, content=told(now, LUNCH))
    assert (found.action, found.kind, found.withdraw) == ("send", "update", other)


# In words.


@pytest.mark.parametrize(
    ("change", "short", "said"),
    [
        (Change(kind="new", now=REVIEW), "new meeting", "Review, 10:00: new meeting"),
        (
            Change(kind="moved", before=REVIEW, now=moved(REVIEW, hours=5).replace(title="Later")),
            "moved to 15:00",
            "Later: moved to 15:00 (was 10:00)",
        ),
        (
            Change(kind="moved", before=REVIEW, now=moved(REVIEW, days=1)),
            "moved to 24 Nov, 10:00",
            "Review: moved to 24 Nov, 10:00 (was 23 Nov, 10:00)",
        ),
        (
            Change(kind="moved", before=REVIEW, now=REVIEW.replace(end=TEN + timedelta(hours=2))),
            "until 12:00",
            "Review: until 12:00 (was 10:00)",
        ),
        (
            Change(kind="place", before=REVIEW, now=REVIEW.replace(place="Room 2")),
            "now at Room 2",
            "Review, 10:00: now at Room 2",
        ),
        (
            Change(kind="place", before=REVIEW, now=REVIEW.replace(place="")),
            "the place has changed",
            "Review, 10:00: the place has changed",
        ),
        (
            Change(kind="title", before=REVIEW, now=REVIEW.replace(title="Second")),
            "has a new title",
            "Second, 10:00: has a new title",
        ),
        (
            Change(kind="words", before=REVIEW, now=REVIEW),
            "the brief has changed",
            "Review, 10:00: the brief has changed",
        ),
        (Change(kind="cancelled", before=REVIEW), "cancelled", "Review, 10:00: cancelled"),
        (
            Change(kind="gone", before=REVIEW.replace(title="")),
            "no longer in your calendar",
            "a meeting, 10:00: no longer in your calendar",
        ),
    ],
)
def test_a_change_in_words(change: Change, short: str, said: str) -> None:
    """In the subject, and as a line of the mail."""
    assert headline((change,), ENGLISH) == short
    assert sentence(change, ENGLISH) == said


def test_several_changes_in_the_subject() -> None:
    """They are counted; changed words beside a greater change are not."""
    gone, new = Change(kind="gone", before=REVIEW), Change(kind="new", now=LUNCH)
    words = Change(kind="words", before=REVIEW, now=REVIEW)
    assert headline((gone, new), ENGLISH) == "2 changes"
    assert headline((words, gone), ENGLISH) == "no longer in your calendar"
    assert headline((words, words, words), ENGLISH) == "3 changes"
    assert main_changes((words, gone)) == (gone,)
    assert main_changes((words,)) == (words,)


# Which meeting is which.


def test_how_far_a_meeting_is_put_off() -> None:
    """Two weeks to the minute, in either direction."""
    for days, minutes, is_same in ((14, 0, True), (14, 1, False), (-14, 0, True), (-14, -1, False)):
        other = moved(DANA, days=days, minutes=minutes).replace(uid="other")
        assert put_off_meetings([DANA], [other]) == ({0: 0} if is_same else {}), (days, minutes)


@pytest.mark.parametrize(
    "change",
    [
        {"recurrence_id": "20261126T090000Z"},
        {"title": "Another"},
        {"people": frozenset({"lee@acme.example"})},
        {"uid": DANA.uid},
        {"end": DANA.end + timedelta(days=3, minutes=1)},
    ],
)
def test_what_is_not_merely_put_off(change: dict[str, Any]) -> None:
    """One of a row, another title, other people, its own key, another length."""
    later = moved(DANA, days=3).replace(uid="other")
    assert put_off_meetings([DANA], [later]) == {0: 0}
    assert put_off_meetings([DANA], [later.replace(**change)]) == {}
    if "recurrence_id" in change:
        assert put_off_meetings([DANA.replace(**change)], [later]) == {}


def test_nothing_is_put_off_where_too_little_is_known() -> None:
    """Without a title, or without people, two meetings of one length are not one."""
    for less in ({"title": ""}, {"people": frozenset[str]()}):
        before = DANA.replace(**less)
        after = moved(before, days=3).replace(uid="other")
        assert put_off_meetings([before], [after]) == {}


def test_of_several_under_one_key() -> None:
    """Those unchanged come first, then those at the same time, then those of the same title."""
    early = REVIEW.replace(title="Early")
    both = [early, early.replace(title="Late")]
    assert same_meetings(both, both[::-1]) == {0: 1, 1: 0}
    assert same_meetings([early], [moved(early, hours=1), early.replace(title="New")]) == {0: 1}
    twins = [DANA, DANA.replace(uid="twin")]
    assert same_meetings(twins, twins[::-1]) == {0: 1, 1: 0}
    late = moved(REVIEW, hours=3).replace(title="Late")
    renamed = early.replace(title="Renamed")
    assert same_meetings([early, late], [late, renamed]) == {0: 1, 1: 0}
    shifted = moved(late, hours=1)
    assert same_meetings([early, late], [shifted, moved(early, hours=9)]) == {0: 1, 1: 0}
    assert same_meetings([early], [moved(renamed, hours=2)]) == {0: 0}
    assert same_meetings([early, early], [early]) == {0: 0}


def test_a_number_that_is_used_again() -> None:
    """One UID for two meetings with other people, times and titles: two meetings."""
    lee = moved(DANA, hours=4).replace(title="Call", people=frozenset({"lee@acme.example"}))
    assert same_meetings([DANA], [lee]) == {}
    for people in (frozenset[str](), frozenset({"dana@acme.example", "lee@acme.example"})):
        assert same_meetings([DANA], [lee.replace(people=people)]) == {0: 0}
    assert same_meetings([DANA.replace(people=frozenset())], [lee]) == {0: 0}


def test_another_uid_for_the_same() -> None:
    """The same time, title and people; each of them counts."""
    now = DANA.replace(uid="other")
    assert same_meetings([DANA], [now]) == {0: 0}
    more = frozenset({"dana@acme.example", "lee@acme.example"})
    assert same_meetings([DANA], [now.replace(people=more)]) == {0: 0}
    assert same_meetings([DANA.replace(people=more)], [now]) == {0: 0}
    assert same_meetings([DANA], [now.replace(people=frozenset({"lee@acme.example"}))]) == {}
    assert same_meetings([DANA], [moved(now, minutes=1)]) == {}
    assert same_meetings([DANA], [now.replace(title="Call")]) == {}
    assert same_meetings([DANA.replace(title="")], [now]) == {0: 0}, "a struck title"


def test_two_of_three_agree() -> None:
    """Of time, title and people two agree, and no other would do: most likely one meeting."""
    now = DANA.replace(uid="other")
    lee = frozenset({"lee@acme.example"})
    both = DANA.people | lee
    assert probably_same([DANA], [now.replace(people=both)]) == {0: 0}
    assert probably_same([DANA], [now.replace(title="Call")]) == {0: 0}
    assert probably_same([DANA], [moved(now, hours=2)]) == {0: 0}
    assert probably_same([DANA], [moved(now, days=1)]) == {}
    assert probably_same([DANA], [now.replace(people=lee)]) == {}
    assert probably_same([DANA], [now.replace(people=lee, title="Call")]) == {}
    assert probably_same([DANA], [moved(now, hours=2).replace(title="Call")]) == {}
    assert probably_same([DANA], [moved(now, hours=2).replace(people=lee)]) == {}
    nobody = DANA.replace(people=frozenset())
    assert probably_same([nobody], [now.replace(title="Call")]) == {}
    assert probably_same([nobody], [moved(now, hours=2)]) == {}
    partly = DANA.replace(people=both), now.replace(people=DANA.people | {"kim@acme.example"})
    assert probably_same([partly[0]], [partly[1]]) == {0: 0}
    assert probably_same([partly[0]], [moved(partly[1], hours=1)]) == {}


def test_rivals() -> None:
    """Where a second one would do on either side, none is taken; a third does not matter."""
    now = DANA.replace(uid="other", title="Call")
    assert probably_same([DANA], [now, now.replace(uid="third")]) == {}
    assert probably_same([DANA, DANA], [now]) == {}
    lunch = LUNCH.replace(people=frozenset({"kim@acme.example"}))
    assert probably_same([lunch, DANA], [lunch.replace(uid="x", title="Meal"), now]) == {0: 0, 1: 1}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Review!", "review"),
        ("Call – a1b2c3d4", "Call"),
        ("ACME  House", "acme house"),
        ("12345678", "12345678"),
    ],
)
def test_words_that_are_the_same(one: str, other: str) -> None:
    """Case, signs, spaces and random words of booking tools are no difference."""
    assert words_in(one) == words_in(other)


def test_words_that_are_not() -> None:
    """A short mixture, a number or letters alone are words; what is only random stays as it is."""
    assert words_in("Room a1b2c3d") == "room a1b2c3d"
    assert words_in("Order 12345678 abcdefgh") == "order 12345678 abcdefgh"
    assert words_in(" a1b2c3d4 ") == "a1b2c3d4"
    assert words_in("") == ""


def test_the_key_of_a_meeting() -> None:
    """Its UID and its place in the series; without a UID, its title."""
    assert meeting_key("a", "1", "x") == ("a", "1")
    assert meeting_key("", "1", "x")[1] == "1"
    assert meeting_key("", None, "x") != meeting_key("", None, "y")


def test_digests_of_two_forms() -> None:
    """Only digests of one form can differ."""
    assert not DANA.replace(digest="3:a").says_the_same(DANA.replace(digest="3:b"))
    assert DANA.replace(digest="3:a").says_the_same(DANA.replace(digest="3:a"))
    assert DANA.replace(digest="3:a").says_the_same(DANA.replace(digest="2:b"))
    assert DANA.replace(digest="3:a").says_the_same(DANA.replace(digest="b"))


# What is remembered of a page.

COUNT = line("history", "7 times in your calendar").replace(rule="count")
BRIEF = brief_of(
    place="Acme House",
    join_link="https://meet.example/room?token=1",
    organizations=("Acme",),
    marks=("moved from 9:00", "tentative"),
    moved_mark="moved from 9:00",
    faces=(face("Dana Smith", email="Dana@Acme.example", role="VP"), face("Lee Wong")),
    lines=(line("say", "Ask for the plan"), line("promises", "Draft")),
    prompts=(Prompt(question="What?", lines=(line("prompt", "a fact"),), suggested="listen"),),
    glance=Glance(
        stance=GlanceStance(text="Listen", rule="x", source=Source(file="f"), evidence="it is said")
    ),
)


def test_what_is_remembered_of_a_brief() -> None:
    """Key, times, title and place as they are; people by address, else by name."""
    kept = memory_of(BRIEF)
    assert (kept.uid, kept.recurrence_id, kept.start, kept.end) == (
        BRIEF.uid, None, BRIEF.start, BRIEF.end,
    )  # fmt: skip
    assert (kept.title, kept.place) == (BRIEF.title, "Acme House")
    assert kept.people == {"dana@acme.example", "lee wong"}
    assert len(kept.digest.partition(":")[2]) == 32


def test_what_is_remembered_of_a_meeting_without_a_brief() -> None:
    """The same, as far as the calendar knows; whoever has neither address nor name is not kept."""
    meeting = Meeting(
        feed="work",
        uid="a",
        recurrence_id=date(2026, 11, 23),
        start=TEN,
        end=TEN + timedelta(hours=1),
        title="Review",
        place="Acme House",
        attendees=(
            Attendee(name="Dana Smith", address="dana@acme.example"),
            Attendee(name="Lee WONG"),
            Attendee(),
        ),
    )
    kept = memory_of_meeting(meeting)
    assert (kept.uid, kept.recurrence_id, kept.digest) == ("a", "2026-11-23", "")
    assert (kept.start, kept.end) == (meeting.start, meeting.end)
    assert (kept.title, kept.place) == ("Review", "Acme House")
    assert kept.people == {"dana@acme.example", "lee wong"}


def _with_face(**more: Any) -> Callable[[Brief], Brief]:  # noqa: ANN401  # a field each
    return lambda one: one.replace(faces=(one.faces[0].replace(**more), *one.faces[1:]))


def _with_line(name: str) -> Callable[[Brief], Brief]:
    return lambda one: one.replace(lines=(one.lines[0].replace(**{name: "new"}), *one.lines[1:]))


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.replace(title="Another"),
        lambda one: one.replace(place="Room 2"),
        lambda one: one.replace(join_link="https://meet.example/other?token=1"),
        lambda one: one.replace(join_link="https://other.example/room?token=1"),
        lambda one: one.replace(join_link=None),
        lambda one: one.replace(start=one.start + timedelta(minutes=1)),
        lambda one: one.replace(end=one.end + timedelta(minutes=1)),
        lambda one: one.replace(edition="table"),
        lambda one: one.replace(marks=one.marks[:1]),
        lambda one: one.replace(organizations=("Other",)),
        lambda one: one.replace(faces=one.faces[:1]),
        _with_face(name="Dora Smith"),
        _with_face(role="CEO"),
        _with_face(remark="new"),
        _with_face(decides=True),
        _with_face(lines=(line("person", "opera"),)),
        lambda one: one.replace(uncounted=3),
        lambda one: one.replace(lines=one.lines[:1]),
        lambda one: one.replace(prompts=()),
        lambda one: one.replace(prompts=(one.prompts[0].replace(question="How?"),)),
        lambda one: one.replace(prompts=(one.prompts[0].replace(lines=()),)),
        lambda one: one.replace(prompts=(one.prompts[0].replace(suggested=None),)),
        lambda one: one.replace(prompts=(one.prompts[0].replace(suggested="teach"),)),
        lambda one: one.replace(glance=Glance()),
        lambda one: one.replace(glance=Glance(stance=one.glance.stance.replace(evidence="z"))),
        lambda one: one.replace(glance=one.glance.replace(lead=line("say", "lead"))),
        *map(
            _with_line, ("section", "label", "text", "note", "channel", "mark", "who")
        ),
    ],
)  # fmt: skip
def test_what_a_reader_would_notice(change: Callable[[Brief], Brief]) -> None:
    """Each of these makes another digest."""
    assert memory_of(change(BRIEF)).digest != memory_of(BRIEF).digest


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.replace(faces=one.faces[::-1]),
        lambda one: one.replace(lines=one.lines[::-1]),
        lambda one: one.replace(join_link="https://meet.example/room?token=2"),
        lambda one: one.replace(marks=("tentative",)),
        lambda one: one.replace(start=one.start.astimezone(UTC), end=one.end.astimezone(UTC)),
        lambda one: one.replace(title=one.title.upper() + "!"),
        _with_face(name="SMITH, Dana"),
        lambda one: one.replace(lines=(*one.lines, COUNT)),
    ],
)  # fmt: skip
def test_what_a_reader_would_not_notice(change: Callable[[Brief], Brief]) -> None:
    """Nor does any of these make another digest."""
    assert memory_of(change(BRIEF)).digest == memory_of(BRIEF).digest


def test_what_an_older_ledger_kept() -> None:
    """Entries without people are read too, and an empty name is nobody."""
    kept = {**DANA.as_json(), "people": ["", "dana@acme.example"]}
    assert remembered_meetings({"meetings": [kept]}, BERLIN) == (DANA,)
    del kept["people"]
    assert remembered_meetings({"meetings": [kept]}, BERLIN) == (DANA.replace(people=frozenset()),)
    assert remembered_meetings({}, BERLIN) == ()
