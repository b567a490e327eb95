from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy

from briefgen.contacts.book import ContactFile, parse_contact
from briefgen.contacts.splice import splice, without_unreadable
from briefgen.reflection.answers import (
    Answered,
    Answers,
    ReflectedMeeting,
    answers_on_file,
    answers_text,
    read_answers,
)
from briefgen.reflection.record import record

FILE = "data/contacts/dana.yaml"
OCCASION = ReflectedMeeting(
    day=date(2026, 11, 23), uid="a: b@c.example", recurrence_id="2026-11-23T09:00:00Z"
)


def _answers(texts: SearchStrategy[str]) -> SearchStrategy[Answers]:
    """Any reflection."""
    said = texts.map(lambda text: without_unreadable(text).strip()).filter(bool)
    maybe = st.none() | said
    degree = st.sampled_from([None, "yes", "partly", "no"])
    promise = st.fixed_dictionaries(
        {
            "by": st.sampled_from(["me", "them"]),
            "text": said,
            "due": st.sampled_from([None, "Friday", "in two weeks", "2026-12-01"]),
        }
    )
    event = st.fixed_dictionaries(
        {"note": said, "date": st.sampled_from([None, "2026-11", "11-23", "2026-11-23"])}
    )
    return st.builds(
        Answers,
        summary=maybe,
        words=maybe,
        needs=maybe,
        needs_met=degree,
        needs_answered=degree,
        help_answered=degree,
        signals=st.lists(said, max_size=3),
        unsaid=maybe,
        stance=st.sampled_from([None, "listen", "coach"]),
        promises=st.lists(promise, max_size=2),
        life_events=st.lists(event, max_size=2),
        interests=st.lists(said, max_size=2),
        concerns=st.lists(said, max_size=2),
        adjust=maybe,
    )


def _contact(content: bytes) -> ContactFile:
    contact, _ = parse_contact(content, FILE)
    assert contact is not None
    return contact


def _reflected(content: bytes, answers: Answers) -> bytes:
    recording = record(Answered(answers=answers), _contact(content), OCCASION)
    assert not recording.problems
    after = splice(content, recording.additions[FILE], file=FILE)
    assert isinstance(after, bytes), (content.decode(), str(after))
    return after


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_reflection_changes_nothing_else(
    contact_files: SearchStrategy[bytes], texts: SearchStrategy[str], data: DataObject
) -> None:
    """In any style of file, what was there is there, in order, and the answers are on file."""
    before = data.draw(contact_files)
    answers = data.draw(_answers(texts))
    after = _reflected(before, answers)
    if b"~" not in before and b"null" not in before:
        rest = iter(after)
        assert all(byte in rest for byte in before)
    old, new = _contact(before).contact, _contact(after).contact
    unchanged = {"interactions", "promises", "life_events", "interests", "concerns"}
    for name in set(type(old).model_fields) - unchanged:
        assert getattr(new, name) == getattr(old, name)
    for name in unchanged:
        was, now = getattr(old, name), getattr(new, name)
        assert now[: len(was)] == was or now[len(now) - len(was) :] == was
    on_file = answers_on_file(new, OCCASION)
    if not answers.is_empty:
        assert on_file is not None
        assert on_file.summary == answers.summary
        assert on_file.signals == answers.signals
        assert on_file.help_answered == answers.help_answered


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_same_reflection_again_adds_nothing(
    contact_files: SearchStrategy[bytes], texts: SearchStrategy[str], data: DataObject
) -> None:
    """Reflecting twice with the same answers changes the file once."""
    answers = data.draw(_answers(texts))
    after = _reflected(data.draw(contact_files), answers)
    assert _reflected(after, answers) == after


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_another_reflection_amends(
    contact_files: SearchStrategy[bytes], texts: SearchStrategy[str], data: DataObject
) -> None:
    """A second, different one leaves one interaction for the meeting, with the newer answers."""
    first, second = data.draw(_answers(texts)), data.draw(_answers(texts))
    after = _reflected(_reflected(data.draw(contact_files), first), second)
    meetings = [i for i in _contact(after).contact.interactions if i.meeting is not None]
    assert len(meetings) == int(not (first.is_empty and second.is_empty))
    if meetings:
        assert meetings[0].summary == (second.summary or first.summary)
        assert meetings[0].stance == (second.stance or first.stance)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_draft_reads_back_as_the_answers(texts: SearchStrategy[str], data: DataObject) -> None:
    """What is kept after Ctrl-C is what was answered."""
    several = data.draw(
        st.lists(_answers(texts).filter(lambda a: not a.is_empty), min_size=1, max_size=2)
    )
    read, problems = read_answers(answers_text(several).encode(), "draft.yaml")
    assert problems == ()
    assert [one.answers for one in read] == several
