"""What an addition does, case by case, and what is refused in which words."""

from datetime import date
from typing import Any

import pytest

from briefgen.contacts.splice import (
    Addition,
    Append,
    Put,
    Remove,
    Replace,
    splice,
    used,
    without_unreadable,
)
from briefgen.workspace.problems import Problem

DAY = date(2026, 11, 23)


def spliced(text: str, *additions: Addition) -> str:
    """The text afterwards."""
    made = splice(text.encode(), additions, file="dana.yaml")
    assert isinstance(made, bytes), made
    return made.decode()


def refusal(text: str | bytes, *additions: Addition) -> Problem:
    """Why nothing is written."""
    content = text if isinstance(text, bytes) else text.encode()
    made = splice(content, additions, file="dana.yaml")
    assert isinstance(made, Problem), made
    return made


@pytest.mark.parametrize(
    ("text", "addition", "after"),
    [
        ("name: Dana\n", Put(keys=("call_me",), value="D"), "name: Dana\ncall_me: D\n"),
        (
            "name: Dana\nnext_step: sign\n",
            Put(keys=("next_step", "due"), value=DAY),
            "name: Dana\nnext_step:\n  text: sign\n  due: 2026-11-23\n",
        ),
        (
            "name: Dana\ntalking_points:\n  - ask\n  - tell\n",
            used(1, DAY),
            "name: Dana\ntalking_points:\n  - ask\n  - text: tell\n    used: [2026-11-23]\n",
        ),
        (
            "name: Dana\nlife_events: [moved]\n",
            Put(keys=("life_events", 0, "kind"), value="good"),
            "name: Dana\nlife_events: [{note: moved, kind: good}]\n",
        ),
        (
            "name: Dana\ninterests: [opera]\n",
            Append(keys=("interests",), value="chess"),
            "name: Dana\ninterests: [opera, chess]\n",
        ),
        (
            "name: Dana\ninterests: [opera]\n",
            Append(keys=("interests",), value="chess", first=True),
            "name: Dana\ninterests: [chess, opera]\n",
        ),
        (
            "name: Dana\ncall_me: D\n",
            Replace(keys=("call_me",), value="Dee"),
            "name: Dana\ncall_me: Dee\n",
        ),
        (
            "name: Dana\ndecides: yes\n",
            Replace(keys=("decides",), value=False),
            "name: Dana\ndecides: no\n",
        ),
        ("name: Dana\ncall_me: D\n", Remove(keys=("call_me",)), "name: Dana\n"),
        (
            "name: Dana\ninterests: [opera, chess]\n",
            Remove(keys=("interests", 0)),
            "name: Dana\ninterests: [chess]\n",
        ),
        ("name: Dana\ninterests: [opera]\n", Remove(keys=("interests", 0)), "name: Dana\n"),
    ],
)
def test_an_addition(text: str, addition: Addition, after: str) -> None:
    """The one thing that it does, and nothing beside it."""
    assert spliced(text, addition) == after


def test_a_point_that_was_used() -> None:
    """Its day goes to those on which it was used before."""
    assert used(1, DAY) == Append(keys=("talking_points", 1, "used"), value=DAY)


def test_what_lies_in_no_field_takes_no_field_along() -> None:
    """A place within a plain text is none; nor is the file itself a field that may go."""
    refused = refusal("name: Dana\nparked: [prices]\n", Remove(keys=("parked", 0, "text", "x")))
    assert refused.message == "there is nothing of this kind here"
    only = splice(b"call_me: D\n", [Remove(keys=("call_me",))], file="dana.yaml")
    assert isinstance(only, bytes | Problem)


def test_what_two_levels_down_was_not_there() -> None:
    """The field around it is made too, within a new field as within an item."""
    made = spliced("name: Dana\n", Put(keys=("relationship", "reason"), value="late"))
    assert made == "name: Dana\nrelationship: {reason: late}\n" or "reason: late" in made
    text = "name: Dana\ninteractions:\n  - date: 2026-11-02\n    summary: met\n"
    made = spliced(text, Put(keys=("interactions", 0, "reflection", "adjust"), value="less"))
    assert "adjust: less" in made
    assert made.startswith(text.rstrip("\n"))


def test_several_at_once() -> None:
    """Each sees what those before it have written."""
    made = spliced(
        "name: Dana\n",
        Append(keys=("interests",), value="opera"),
        Append(keys=("interests",), value="chess"),
        Put(keys=("call_me",), value="D"),
    )
    assert [line.strip() for line in made.splitlines() if "interests" not in line] == [
        "name: Dana", *(["- opera", "- chess"] if "- opera" in made else []), "call_me: D",
    ]  # fmt: skip
    assert made.count("interests") == 1


def test_a_byte_order_mark_stays() -> None:
    """And is there once, at the beginning."""
    mark = b"\xef\xbb\xbf"
    made = splice(mark + b"name: Dana\n", [Put(keys=("call_me",), value="D")], file="dana.yaml")
    assert made == mark + b"name: Dana\ncall_me: D\n"


@pytest.mark.parametrize(
    ("text", "addition", "message"),
    [
        ("name: Dana\ncall_me: D\n", Put(keys=("call_me",), value="E"), "exists already"),
        (
            "name: Dana\n",
            Replace(keys=("call_me",), value="E"),
            "does not exist, so nothing can replace it",
        ),
        (
            "name: Dana\n",
            Remove(keys=("call_me",)),
            "does not exist, so nothing can be removed",
        ),
        (
            "name: Dana\ninterests: opera\n",
            Append(keys=("interests",), value="chess"),
            "must be a list before something can be added to it",
        ),
        (
            "name: Dana\ninterests: [opera]\n",
            Remove(keys=("interests", 1)),
            "there is nothing of this kind here",
        ),
        (
            "name: Dana\nrelationship: {reason: late}\n",
            Remove(keys=("relationship", "status")),
            "does not exist, so nothing can be removed",
        ),
        (
            "name: Dana\ninterests: [opera]\n",
            Put(keys=("interests", 1, "x"), value="chess"),
            "there is nothing of this kind here",
        ),
        (
            "name: Dana\norganization: Acme\n",
            Put(keys=("organization", "text"), value="x"),
            "there is nothing of this kind here",
        ),
        (
            "name: Dana\nlife_events: [moved]\n",
            Put(keys=("life_events", 0, "expect", "note"), value="x"),
            "there is nothing of this kind here",
        ),
        (
            "name: Dana\ninterests: [opera]\n",
            Put(keys=("interests", "x"), value="chess"),
            "there is nothing of this kind here",
        ),
        (
            "name: Dana\ninterests:\n- |+\n  opera",
            Append(keys=("interests",), value="chess"),
            "written in a way that cannot be added to without changing the rest; add it by hand",
        ),
        (
            "name: Dana\n",
            Put(keys=("call_me",), value="a\x07b"),
            r"\x07 is a control character; delete it",
        ),
        (
            "name: Dana\n",
            Put(keys=("relationship",), value={"reason": ["a\x07b"]}),
            r"\x07 is a control character; delete it",
        ),
    ],
)  # fmt: skip
def test_a_refusal(text: str, addition: Addition, message: str) -> None:
    """It says what is in the way, and where."""
    problem = refusal(text, addition)
    assert problem.message == message
    assert problem.file == "dana.yaml"
    assert problem.field.startswith(str(addition.keys[0]))


def test_a_field_that_stands_twice() -> None:
    """It is named by its own name, the first of several, wherever it lies."""
    addition = Put(keys=("call_me",), value="D")
    problem = refusal(
        "name: Dana\ninterests: [a]\ninterests: [b]\ntags: [x]\ntags: [y]\n", addition
    )
    assert problem.message.startswith("'interests' is there twice")
    nested = "name: Dana\nrelationship: {status: warm, status: new}\n"
    assert refusal(nested, addition).message.startswith("'status' is there twice")


@pytest.mark.parametrize("content", [b"name: [", b"\xff\xfe\x00", b"- a\n- b\n"])
def test_a_file_that_cannot_be_read(content: bytes) -> None:
    """Its own fault is the answer."""
    assert refusal(content, Put(keys=("call_me",), value="D")).message


def test_faults_of_one_kind_are_counted() -> None:
    """Two that were there before are no new one; a third one is."""
    text = "name: Dana\nconcerns:\n  - {text: a, date: soon}\n  - {text: b, date: soon}\n"
    made = spliced(text, Append(keys=("interests",), value="opera"))
    assert "opera" in made
    wrong = Append(keys=("concerns",), value={"text": "c", "date": "soon"})
    assert refusal(text, wrong).field == "concerns[2].date"


@pytest.mark.parametrize(
    ("text", "keys", "after"),
    [
        ("name: Dana\nrelationship: {reason: late}\n", ("relationship", "reason"), "name: Dana\n"),
        (
            "name: Dana\nrelationship: {reason: late, status: warm}\n",
            ("relationship", "reason"),
            "name: Dana\nrelationship: {status: warm}\n",
        ),
        ("name: Dana\nparked: [prices]\n", ("parked", 0, "text"), "name: Dana\n"),
        (
            "name: Dana\nparked: [prices, terms]\n",
            ("parked", 0, "text"),
            "name: Dana\nparked: [terms]\n",
        ),
        (
            "name: Dana\npromises:\n  - {text: send, by: me}\n",
            ("promises", 0, "by"),
            "name: Dana\npromises:\n  - {text: send}\n",
        ),
    ],
)
def test_what_would_be_empty_goes_too(text: str, keys: Any, after: str) -> None:  # noqa: ANN401  # keys
    """And what would not be, stays."""
    assert spliced(text, Remove(keys=keys)) == after


def test_values_as_they_are_read_back() -> None:
    """Nothing is left out but what holds nothing; numbers and days are texts."""
    value = {"text": "send", "due": DAY, "made": None, "moved": [DAY], "kept": ""}
    made = spliced("name: Dana\n", Append(keys=("promises",), value=value))
    assert "made" not in made
    assert "2026-11-23" in made
    assert spliced("name: Dana\n", Put(keys=("decides",), value=True)).endswith("decides: yes\n")


def test_control_characters_are_taken_out() -> None:
    """All that no file may hold; line ends, tabs and signs of every script stay."""
    assert without_unreadable("a\x00b\x1f\x7f\ud800c\n\tä日\x85") == "abc\n\tä日\x85"
