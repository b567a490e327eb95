from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy

from briefgen.contacts.book import parse_contact
from briefgen.contacts.splice import Addition, Append, Put, Remove, splice, used, without_unreadable
from briefgen.contacts.yaml_text import Word
from briefgen.workspace.document import Document, parse_document
from briefgen.workspace.problems import Problem

FILE = "data/contacts/dana.yaml"
DAY = date(2026, 11, 23)


def spliced(text: str, *additions: Addition) -> str:
    """The text after the additions; a refusal fails the test."""
    result = splice(text.encode(), additions, file=FILE)
    assert isinstance(result, bytes), str(result)
    return result.decode()


def is_spread_over(old: bytes, new: bytes) -> bool:
    """Whether every byte of `old` is in `new`, in order."""
    rest = iter(new)
    return all(byte in rest for byte in old)


def one_insertion(old: bytes, new: bytes) -> bool:
    """Whether `new` is `old` with one piece put in."""
    front = 0
    while front < len(old) and old[front] == new[front]:
        front += 1
    return new.endswith(old[front:]) and len(new) >= len(old)


INTERACTION = {
    "date": DAY,
    "channel": Word("meeting"),
    "meeting": {"uid": "a:b #c@x.example", "recurrence_id": None},
    "summary": "First line: yes\n\nSecond # line",
    "words": '"nobody" calls',
    "signals": ["frustrated", "in a rush, again"],
    "needs_met": Word("no"),
    "reflection": {"needs_answered": Word("yes"), "adjust": "no"},
}


def additions(texts: SearchStrategy[str]) -> SearchStrategy[Addition]:
    """Every kind of addition that a reflection makes."""
    return st.one_of(
        texts.map(
            lambda text: Append(
                keys=("interactions",), value={"date": DAY, "summary": text, "signals": [text]}
            )
        ),
        st.just(Append(keys=("interactions",), value=INTERACTION)),
        texts.map(lambda text: Append(keys=("promises",), value={"by": Word("me"), "text": text})),
        texts.map(
            lambda text: Append(
                keys=("life_events",),
                value={"date": DAY, "note": text, "expect": {"after": "4y", "note": text}},
            )
        ),
        texts.map(lambda text: Append(keys=("interests",), value=text)),
        texts.map(lambda text: Append(keys=("agreed",), value=text, first=True)),
        texts.map(lambda text: Append(keys=("concerns",), value={"date": DAY, "text": text})),
        texts.map(lambda text: Put(keys=("situation", "desired_outcome"), value=text)),
        texts.map(lambda text: Put(keys=("title",), value=text)),
        st.integers(0, 2).map(lambda at: used(at, DAY)),
        st.just(Put(keys=("photo",), value="photos/dana.jpg")),
        st.just(Put(keys=("promises", 0, "kept"), value=DAY)),
        texts.map(lambda text: Put(keys=("interactions", 0, "unsaid"), value=text)),
        texts.map(lambda text: Append(keys=("interactions", 0, "signals"), value=text)),
    )


def meant(text: str) -> bool:
    """Whether a contact file may hold this text at all: neither empty nor with control signs."""
    return bool(text.strip()) and without_unreadable(text) == text


def _of_text(old: Document, addition: object) -> bool:
    """Whether a field is put into an item that was a plain text: braces go around it."""
    if not isinstance(addition, Put) or len(addition.keys) < 2:
        return False
    held = old.data.get(str(addition.keys[0]))
    at = addition.keys[1]
    return isinstance(held, list) and isinstance(at, int) and isinstance(held[at], str)


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_nothing_but_the_addition_changes(
    contact_files: SearchStrategy[bytes], texts: SearchStrategy[str], data: DataObject
) -> None:
    """Whatever the style, old bytes stay in order and the data are the old and the addition."""
    before = data.draw(contact_files)
    addition = data.draw(additions(texts.filter(meant)))
    old, old_problems = parse_document(before, FILE)
    assert old is not None, (before, old_problems)

    after = splice(before, [addition], file=FILE)

    if isinstance(after, Problem):  # refused: what is there is not touched
        return
    if b"null" not in before and b"~" not in before:  # one that stands for nothing may give way
        assert is_spread_over(before, after)
        clipped = before.endswith((b"|", b"notes", b"text"))
        if addition.keys[0] != "talking_points" and not clipped and not _of_text(old, addition):
            assert one_insertion(before, after)
    new, new_problems = parse_document(after, FILE)
    assert new is not None
    assert len(new_problems) <= len(old_problems)
    for key, value in old.data.items():
        if key != addition.keys[0]:
            assert new.data[key] == value
    if isinstance(addition, Append) and len(addition.keys) == 1:
        held = new.data[str(addition.keys[0])]
        was = old.data.get(str(addition.keys[0])) or []
        assert isinstance(held, list)
        assert (held[1:] if addition.first else held[:-1]) == was


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_the_styles_people_use_are_seldom_refused(
    contact_files: SearchStrategy[bytes], data: DataObject
) -> None:
    """A new interaction, a promise and an interest go into every style that is generated."""
    before = data.draw(contact_files)
    wanted = [
        Append(keys=("interactions",), value=INTERACTION),
        Append(keys=("promises",), value={"by": Word("me"), "text": "a: b", "due": DAY}),
        Append(keys=("interests",), value="long, walks"),
    ]
    after = splice(before, wanted, file=FILE)
    assert isinstance(after, bytes), (before.decode(), str(after))
    contact, _ = parse_contact(after, FILE)
    assert contact is not None
    assert contact.contact.interactions[-1].summary == INTERACTION["summary"]
    assert contact.contact.promises[-1].due == DAY
    assert contact.contact.interests[-1].text == "long, walks"


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_texts_read_back_exactly(texts: SearchStrategy[str], data: DataObject) -> None:
    """Any text goes in so that the reader returns it sign for sign."""
    text = data.draw(texts.filter(meant))
    before = b"name: Dana\ninterests: [a]\nagreed:\n- b\n"
    for addition in (
        Put(keys=("title",), value=text),
        Append(keys=("interests",), value=text),
        Append(keys=("agreed",), value=text),
    ):
        after = splice(before, [addition], file=FILE)
        assert isinstance(after, bytes), str(after)
        document, problems = parse_document(after, FILE)
        assert document is not None
        assert not problems
        held = document.data[str(addition.keys[0])]
        assert (held if isinstance(held, str) else held[-1]) == text  # type: ignore[index]


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_what_is_taken_out_takes_nothing_else_along(
    contact_files: SearchStrategy[bytes], data: DataObject
) -> None:
    """Whatever the style, the field is gone, the other data are the same, no byte is new."""
    before = data.draw(contact_files)
    old, _ = parse_document(before, FILE)
    assert old is not None
    name = data.draw(st.sampled_from([key for key in old.data if key != "name"] or ["title"]))
    after = splice(before, [Remove(keys=(name,))], file=FILE)
    if isinstance(after, Problem):
        assert old.data.get(name) is None or b"&" in before or b"*" in before, str(after)
        return
    new, _ = parse_document(after, FILE)
    assert new is not None
    assert new.data == {key: value for key, value in old.data.items() if key != name}
    assert is_spread_over(after, before)


def test_a_control_sign_is_refused_by_name() -> None:
    """The reader takes no control signs, so that none is written."""
    for sign in ("\x08", "\x1b", "\ud800"):
        refused = splice(b"name: Dana\n", [Put(keys=("title",), value=f"VP{sign}")], file=FILE)
        assert isinstance(refused, Problem)
        assert "control character" in refused.message


def test_faults_that_were_there_do_not_stop_an_addition() -> None:
    """A wrong date further down stays wrong, even where the item before it moves it on."""
    before = (
        b"name: Dana\ninteractions:\n- {date: 2026-11-02}\n- {date: 2026-13-01}\n"
        b"- {date: 2026-10-02}\nextra: 1\n"
    )
    added = Append(keys=("interactions",), value=INTERACTION, first=True)
    assert isinstance(splice(before, [added], file=FILE), bytes)


def test_an_addition_that_is_wrong_itself_is_refused() -> None:
    """What the reader would complain of is not written."""
    refused = splice(b"name: Dana\n", [Append(keys=("emails",), value="nobody")], file=FILE)
    assert isinstance(refused, Problem)
    assert "not an email address" in refused.message
    assert refused.field == "emails[0]"


@pytest.mark.parametrize(
    ("held", "keys", "left"),
    [
        ("relationship: {status: strained}", ("relationship", "status"), {}),
        (
            "relationship: {status: strained, reason: late}",
            ("relationship", "status"),
            {"relationship": {"reason": "late"}},
        ),
        ("interests: [sailing]", ("interests", 0, "text"), {}),
        ("interests: [sailing, chess]", ("interests", 0, "text"), {"interests": ["chess"]}),
        ("life_events: [moved house]", ("life_events", 0, "note"), {}),
        (
            "life_events: [{note: moved house, expect: {after: 1y}}]",
            ("life_events", 0, "expect", "after"),
            {"life_events": [{"note": "moved house"}]},
        ),
    ],
)
def test_what_holds_nothing_afterwards_goes_too(
    held: str, keys: tuple[str | int, ...], left: dict[str, object]
) -> None:
    """The outermost field that would be empty is removed, and a list's item with its only text."""
    after = splice(f"name: Dana\n{held}\n".encode(), [Remove(keys=keys)], file=FILE)
    assert isinstance(after, bytes), after
    document, problems = parse_document(after, FILE)
    assert problems == ()
    assert document is not None
    assert document.data == {"name": "Dana", **left}
