from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from told import BERLIN, ENGLISH, LUNCH, NIGHT, REVIEW, TEN, delivery, moved, told

from briefgen.delivery.ledger_entry import Delivery
from briefgen.delivery.mail_changes import Content, changes, decide, headline, sentence
from briefgen.delivery.mailed_meetings import MailedMeeting, facts_of, remembered_meetings


def test_nothing_told_yet() -> None:
    """The first message of a day is sent where a meeting is ahead, and not where none is."""
    assert decide((), told(REVIEW), as_of=NIGHT, zone=BERLIN).action == "send"
    assert decide((), told(), as_of=NIGHT, zone=BERLIN).action == "nothing"
    late = TEN + timedelta(minutes=1)
    assert decide((), told(REVIEW), as_of=late, zone=BERLIN).action == "nothing"


def test_an_empty_day_only_where_it_is_wanted() -> None:
    """`empty_days` writes on a day without meetings, once."""
    empty = Content(meetings=(), wanted_empty=True)
    assert decide((), empty, as_of=NIGHT, zone=BERLIN).action == "send"
    assert decide((delivery(),), empty, as_of=NIGHT, zone=BERLIN).action == "nothing"


def test_the_same_again_is_nothing() -> None:
    """What was told is not told again, though the night has moved on."""
    decision = decide((delivery(REVIEW, LUNCH),), told(REVIEW, LUNCH), as_of=NIGHT, zone=BERLIN)
    assert decision.action == "nothing"


def test_moved() -> None:
    """A meeting that moved is an update in the same thread, with its new time in the subject."""
    now = moved(REVIEW, hours=5)
    decision = decide((delivery(REVIEW, LUNCH),), told(now, LUNCH), as_of=NIGHT, zone=BERLIN)
    assert (decision.action, decision.kind) == ("send", "update")
    assert decision.thread == ("<1@keller.example>",)
    assert headline(decision.changes, ENGLISH) == "moved to 15:00"
    assert sentence(decision.changes[0], ENGLISH) == "Review: moved to 15:00 (was 10:00)"


def test_moved_to_another_day_is_not_gone() -> None:
    """A meeting that is on another day now has moved there."""
    now = moved(REVIEW, days=1)
    content = told(LUNCH).replace(elsewhere=(now,))
    (change,) = changes((REVIEW, LUNCH), content, NIGHT)
    assert change.kind == "moved"
    assert headline((change,), ENGLISH) == "moved to 24 Nov, 10:00"


def test_a_series_that_moved_within_the_day_is_not_gone() -> None:
    """Its instance has another original start now, and is still the meeting that was mentioned."""
    monday = REVIEW.replace(recurrence_id="2026-11-23T10:00:00+01:00")
    now = moved(monday, hours=5).replace(recurrence_id="2026-11-23T15:00:00+01:00")
    (change,) = changes((monday, LUNCH), told(now, LUNCH), NIGHT)
    assert sentence(change, ENGLISH) == "Review: moved to 15:00 (was 10:00)"
    again = now.replace(recurrence_id="2026-11-23T17:00:00+01:00", start=TEN + timedelta(hours=7))
    kinds = [change.kind for change in changes((monday,), told(now, again), NIGHT)]
    assert kinds == ["gone", "new", "new"]  # which of the two it is, nobody can know


def test_two_meetings_under_one_uid() -> None:
    """Each of them is mentioned separately, whichever of them moves or goes."""
    other = LUNCH.replace(uid=REVIEW.uid)
    assert changes((REVIEW, other), told(REVIEW, other), NIGHT) == ()
    (change,) = changes((REVIEW, other), told(other, moved(REVIEW, hours=5)), NIGHT)
    assert sentence(change, ENGLISH) == "Review: moved to 15:00 (was 10:00)"
    (change,) = changes((REVIEW, other), told(REVIEW), NIGHT)
    assert sentence(change, ENGLISH) == "Lunch, 13:00: no longer in your calendar"


def test_meetings_without_uid() -> None:
    """Their titles stand for it: none is taken for another."""
    one, other = REVIEW.replace(uid=""), LUNCH.replace(uid="")
    (change,) = changes((one, other), told(other, moved(one, hours=1)), NIGHT)
    assert sentence(change, ENGLISH) == "Review: moved to 11:00 (was 10:00)"
    kinds = [change.kind for change in changes((one,), told(other), NIGHT)]
    assert kinds == ["gone", "new"]


def test_cancelled_once() -> None:
    """A cancelled meeting is mentioned once; afterwards it is no news."""
    content = told(LUNCH).replace(cancelled=frozenset({REVIEW.key}))
    decision = decide((delivery(REVIEW, LUNCH),), content, as_of=NIGHT, zone=BERLIN)
    assert (decision.action, decision.kind) == ("send", "cancellation")
    thread = (delivery(REVIEW, LUNCH), delivery(LUNCH, number=2))
    assert decide(thread, content, as_of=NIGHT, zone=BERLIN).action == "nothing"


def test_an_unread_calendar_cancels_nothing() -> None:
    """Where a feed could not be read, or this event could not, nothing is called gone."""
    lost = told(LUNCH).replace(complete=False)
    doubtful = told(LUNCH).replace(doubtful=frozenset({REVIEW.uid}))
    skipped = told(LUNCH).replace(skipped=frozenset({REVIEW.key}))
    for content in (lost, doubtful, skipped):
        assert changes((REVIEW, LUNCH), content, NIGHT) == ()
    assert [c.kind for c in changes((REVIEW, LUNCH), told(LUNCH), NIGHT)] == ["gone"]


def test_what_has_begun_is_no_news() -> None:
    """After a meeting's start, neither its going nor its words are news."""
    later = TEN + timedelta(minutes=5)
    assert changes((REVIEW, LUNCH), told(LUNCH), later) == ()
    assert changes((LUNCH,), told(REVIEW.replace(digest="z"), LUNCH), later) == ()


def test_unsure_is_sent_once_more() -> None:
    """What may have arrived is repeated once, under its own id; news goes in its place."""
    unsure = delivery(REVIEW, state="unsure")
    decision = decide((unsure,), told(REVIEW), as_of=NIGHT, zone=BERLIN)
    assert (decision.action, decision.entry) == ("resend", unsure)
    repeated = unsure.replace(resent=True)
    assert decide((repeated,), told(REVIEW), as_of=NIGHT, zone=BERLIN).action == "nothing"
    decision = decide((unsure,), told(moved(REVIEW, hours=1)), as_of=NIGHT, zone=BERLIN)
    assert (decision.action, decision.kind, decision.entry) == ("send", "update", None)


def test_unsure_is_not_repeated_when_all_is_over() -> None:
    """Nobody needs yesterday's mail."""
    unsure = delivery(REVIEW, state="unsure")
    late = TEN + timedelta(hours=2)
    assert decide((unsure,), told(), as_of=late, zone=BERLIN).action == "nothing"


def test_intent_is_taken_up() -> None:
    """What was decided and not sent goes on as the same message, though an hour has passed."""
    intent = delivery(REVIEW, LUNCH, state="intent")
    later = TEN + timedelta(minutes=5)
    decision = decide((intent,), told(LUNCH), as_of=later, zone=BERLIN)
    assert (decision.action, decision.entry) == ("resume", intent)


def test_outdated_intent_is_withdrawn() -> None:
    """What was decided and never sent gives way to what is so now."""
    intent = delivery(REVIEW, state="intent")
    decision = decide((intent,), told(moved(REVIEW, hours=1)), as_of=NIGHT, zone=BERLIN)
    assert (decision.action, decision.kind, decision.withdraw) == ("send", "first", intent)


def test_refused_for_good_is_over() -> None:
    """A lasting refusal is not repeated, until the content changes."""
    refused = delivery(REVIEW, state="failed")
    assert decide((refused,), told(REVIEW), as_of=NIGHT, zone=BERLIN).action == "over"
    decision = decide((refused,), told(moved(REVIEW, hours=1)), as_of=NIGHT, zone=BERLIN)
    assert decision.action == "send"


def test_forgotten_people_make_no_update() -> None:
    """Texts that were struck from the ledger do not look like a change."""
    struck = REVIEW.replace(title="", place="", digest="a")
    assert changes((struck,), told(REVIEW.replace(digest="z")), NIGHT, forgotten=True) == ()


def test_a_feed_that_makes_new_uids() -> None:
    """Under another UID, the same time, title and people are the same meeting: no news."""
    dana = REVIEW.replace(people=frozenset({"dana@acme.example"}))
    now = dana.replace(uid="another@acme.example")
    assert changes((dana, LUNCH), told(now, LUNCH.replace(uid="x")), NIGHT) == ()
    assert changes((REVIEW,), told(now), NIGHT) == (), "an older entry does not know who was in it"
    struck = dana.replace(title="", people=frozenset())
    assert changes((struck,), told(now), NIGHT, forgotten=True) == ()


def test_other_people_at_the_same_time_are_another_meeting() -> None:
    """One interview is gone and one with someone else is new, though both have one title."""
    dana = REVIEW.replace(people=frozenset({"dana@acme.example"}))
    lee = REVIEW.replace(uid="other", people=frozenset({"lee@acme.example"}))
    assert [one.kind for one in changes((dana,), told(lee), NIGHT)] == ["gone", "new"]


def test_changed_under_a_new_uid() -> None:
    """Where the UID changes with the time, the title or the people, the change is told as such."""
    dana = REVIEW.replace(people=frozenset({"dana@acme.example"}))
    now = dana.replace(uid="another@acme.example", digest="z")
    later = moved(dana, hours=5).replace(uid="another@acme.example")
    (change,) = changes((dana, LUNCH), told(later, LUNCH), NIGHT)
    assert sentence(change, ENGLISH) == "Review: moved to 15:00 (was 10:00)"
    (change,) = changes((dana,), told(now.replace(title="Second review")), NIGHT)
    assert change.kind == "title"
    both = frozenset({"dana@acme.example", "lee@acme.example"})
    (change,) = changes((dana,), told(now.replace(people=both)), NIGHT)
    assert change.kind == "words"
    tomorrow = moved(dana, days=1).replace(uid="another@acme.example")
    kinds = [one.kind for one in changes((dana,), told(tomorrow), NIGHT)]
    assert kinds == ["gone", "new"], "on another day it may be another one of a row"


def test_put_off_to_another_day_under_a_new_uid() -> None:
    """A single meeting that is gone and one like it within two weeks are one that was put off."""
    dana = REVIEW.replace(people=frozenset({"dana@acme.example"}))
    later = moved(dana, days=3).replace(uid="another@acme.example")

    def kinds(*unheard: MailedMeeting, before: MailedMeeting = dana) -> list[str]:
        content = told(LUNCH).replace(elsewhere=unheard, unheard=unheard)
        return [one.kind for one in changes((before, LUNCH), content, NIGHT)]

    assert kinds(later) == ["moved"]
    assert kinds(later, moved(later, days=1).replace(uid="third")) == ["gone"], "either would do"
    assert kinds(moved(later, days=14)) == ["gone"], "too far away"
    assert kinds(later.replace(end=later.end + timedelta(minutes=30))) == ["gone"]
    assert kinds(later.replace(title="Second review")) == ["gone"]
    assert kinds(later.replace(people=frozenset({"lee@acme.example"}))) == ["gone"]
    assert kinds(later.replace(recurrence_id="20261126T090000Z")) == ["gone"], "one of a row"
    known = told(LUNCH).replace(elsewhere=(later,))
    assert [one.kind for one in changes((dana, LUNCH), known, NIGHT)] == ["gone"], "told of before"


def test_two_that_could_be_the_one_that_is_missing() -> None:
    """Where two new meetings would do as well, none of them is taken for the missing one."""
    dana = REVIEW.replace(people=frozenset({"dana@acme.example"}))
    now = [moved(dana, hours=h).replace(uid=f"{h}") for h in (2, 5)]
    assert [one.kind for one in changes((dana,), told(*now), NIGHT)] == ["gone", "new", "new"]


def test_left_out_under_a_new_uid() -> None:
    """A meeting that the settings leave out now is not called gone because its UID changed too."""
    now = REVIEW.replace(uid="another@acme.example")
    skipped = told(LUNCH).replace(left_out=(now,), skipped=frozenset({now.key}))
    assert changes((REVIEW, LUNCH), skipped, NIGHT) == ()
    cancelled = told(LUNCH).replace(left_out=(now,), cancelled=frozenset({now.key}))
    assert [one.kind for one in changes((REVIEW, LUNCH), cancelled, NIGHT)] == ["cancelled"]


def test_a_digest_of_an_older_form_is_no_change() -> None:
    """An update of briefgen that notices more about a page mails nothing by itself."""
    assert changes((REVIEW,), told(REVIEW.replace(digest="2:b")), NIGHT) == ()
    before, now = REVIEW.replace(digest="2:a"), REVIEW.replace(digest="2:b")
    assert [one.kind for one in changes((before,), told(now), NIGHT)] == ["words"]


meetings = st.lists(
    st.builds(
        lambda uid, hour, digest: REVIEW.replace(
            uid=uid,
            start=TEN.replace(hour=hour),
            end=TEN.replace(hour=hour) + timedelta(hours=1),
            digest=digest,
        ),
        st.sampled_from("abcde"),
        st.integers(0, 22),
        st.sampled_from("xy"),
    ),
    max_size=5,
    unique_by=lambda told: told.uid,
)


@settings(max_examples=80, deadline=None)
@given(meetings, meetings, st.integers(0, 30))
def test_no_news_after_being_told(
    before: list[MailedMeeting], now: list[MailedMeeting], hours: int
) -> None:
    """Whatever changed: once it was told, and it stays so, nothing more is sent, ever later."""
    as_of = NIGHT
    thread: tuple[Delivery, ...] = (delivery(*before),) if before else ()
    decision = decide(thread, told(*now), as_of=as_of, zone=BERLIN)
    if decision.action == "send":
        thread = (*thread, delivery(*now, number=2))
    later = as_of + timedelta(hours=hours)
    ahead = [one for one in now if one.start > later]
    again = decide(thread, told(*ahead), as_of=later, zone=BERLIN)
    assert again.action == "nothing"


@settings(max_examples=80, deadline=None)
@given(meetings)
def test_facts_come_back(now: list[MailedMeeting]) -> None:
    """What the ledger keeps is what was told."""
    assert remembered_meetings(facts_of(now), BERLIN) == tuple(now)
