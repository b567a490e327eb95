"""`briefgen promises` and `briefgen done`: what is open, and what becomes of it."""

import os
from pathlib import Path

import pytest
from small_workspaces import Place

AS_OF = "2026-11-23T18:00"
DANA = """\
name: Dana Smith
emails: [dana.smith@acme.example]
promises:
  - {text: send the plan, made: 2026-11-02, due: 2026-11-20}   # by post
  - {by: them, text: name a lead, due: 2026-11-27}
  - {text: long done, due: 2026-10-01, kept: 2026-10-01}
concerns:
  - support answers too slowly
to_share:
  - article on carrier pricing
"""
LEE = """\
name: Lee Wong
emails: [lee.wong@acme.example]
promises:
  - {text: send the offer, due: 2026-11-10}
  - {text: visit, dropped: 2026-11-01}
"""


@pytest.fixture
def open_place(place: Place) -> Place:
    """Dana and Lee with promises of both sides."""
    place.write("data/contacts/dana-smith.yaml", DANA)
    place.write("data/contacts/lee-wong.yaml", LEE)
    return place


def _dana(place: Place) -> str:
    return (place.root / "data/contacts/dana-smith.yaml").read_text()


def test_promises_of_both_sides_by_due_date(open_place: Place) -> None:
    """The one due first comes first, with whose it is and how late."""
    lines = open_place.call("promises", as_of=AS_OF).stdout.splitlines()
    assert lines == [
        "10 Nov  you to Lee Wong: send the offer (13 days late)",
        "20 Nov  you to Dana Smith: send the plan (3 days late)",
        "27 Nov  Dana Smith to you: name a lead",
    ]


def test_only_what_is_overdue_or_one_contacts(open_place: Place) -> None:
    """`--overdue` and `--contact` narrow the list; due today is not overdue."""
    overdue = open_place.call("promises", "--overdue", as_of="2026-11-20T18:00").stdout
    assert "offer" in overdue
    assert "plan" not in overdue
    assert "Lee" not in open_place.call("promises", "--contact", "dana", as_of=AS_OF).stdout
    assert open_place.call("promises", "--contact", "nobody", as_of=AS_OF).exit_code == 2


def test_json_has_every_promise_with_its_place(open_place: Place) -> None:
    """The report has the fields it promises, kept and dropped ones too."""
    found = open_place.report("promises", as_of=AS_OF)["promises"]
    assert [(one["text"], one["state"]) for one in found] == [
        ("long done", "kept"),
        ("send the offer", "open"),
        ("send the plan", "open"),
        ("name a lead", "open"),
        ("visit", "dropped"),
    ]
    assert found[2] == {
        "contact": "dana-smith",
        "by": "me",
        "text": "send the plan",
        "made": "2026-11-02",
        "due": "2026-11-20",
        "state": "open",
        "file": "data/contacts/dana-smith.yaml",
        "line": 4,
    }


@pytest.mark.parametrize(
    ("call", "written"),
    [
        (("plan",), "due: 2026-11-20, kept: 2026-11-23}   # by post"),
        (("the plan", "--date", "yesterday"), "kept: 2026-11-22}"),
        (("the plan", "--moved", "in two weeks"), "due: 2026-12-07, moved: [2026-11-20]}"),
        (("the plan", "--dropped"), "dropped: 2026-11-23}"),
        (("lead",), "2026-11-27, kept: 2026-11-23}"),
        (("support", "--resolved"), "resolved: 2026-11-23"),
        (("too slowly",), "resolved: 2026-11-23"),
        (("carrier", "--shared"), "shared: 2026-11-23"),
        (("send", "--contact", "dana"), "kept: 2026-11-23}   # by post"),
    ],
)
def test_done_is_spliced_in_and_taken_back(
    open_place: Place, call: tuple[str, ...], written: str
) -> None:
    """One line changes, the comments stay, and undo gives the old file byte for byte."""
    result = open_place.call("done", *call, as_of=AS_OF)
    assert result.exit_code == 0, result.output
    assert written in _dana(open_place)
    changed = set(_dana(open_place).splitlines()) ^ set(DANA.splitlines())
    assert len(changed) <= 3
    undone = open_place.runner.invoke(_main(), ["contacts", "undo", "-w", str(open_place.root)])
    assert undone.exit_code == 0, undone.output
    assert _dana(open_place) == DANA


def _main():  # type: ignore[no-untyped-def]  # noqa: ANN202  # click's group
    from briefgen.cli import main

    return main


def test_several_are_listed_and_nothing_is_written(open_place: Place) -> None:
    """A text that fits two promises ends with status 2 and their places."""
    result = open_place.call("done", "send", as_of=AS_OF)
    assert result.exit_code == 2
    assert "Dana Smith: send the plan, 20 Nov  (data/contacts/dana-smith.yaml:4)" in result.output
    assert "Lee Wong: send the offer" in result.output
    assert _dana(open_place) == DANA


def test_a_slip_is_answered_with_what_was_meant(open_place: Place) -> None:
    """What is nearly an open item is offered, and not done; what is kept is no longer open."""
    result = open_place.call("done", "send the plam", as_of=AS_OF)
    assert result.exit_code == 2
    assert "did you mean" in result.output
    assert "send the plan" in result.output
    assert open_place.call("done", "long done", as_of=AS_OF).exit_code == 2
    assert open_place.call("done", "plan", "--moved", "soon", as_of=AS_OF).exit_code == 2
    both = open_place.call("done", "plan", "--moved", "Friday", "--dropped", as_of=AS_OF)
    assert both.exit_code == 2
    assert _dana(open_place) == DANA


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_takes_nothing(open_place: Place) -> None:
    """Where the file cannot be replaced the old one stays, and it is reported."""
    folder = open_place.root / "data/contacts"
    folder.chmod(0o500)
    try:
        result = open_place.call("done", "plan", as_of=AS_OF)
    finally:
        folder.chmod(0o700)
    assert result.exit_code == 1
    assert _dana(open_place) == DANA


def test_a_read_only_file_is_left_alone(open_place: Place) -> None:
    """A file that may not be written is named, with what to do."""
    path: Path = open_place.root / "data/contacts/dana-smith.yaml"
    path.chmod(0o400)
    result = open_place.call("done", "plan", as_of=AS_OF)
    assert result.exit_code == 1
    assert "read-only" in result.output
    assert _dana(open_place) == DANA


def test_the_answers_are_in_the_users_language(open_place: Place) -> None:
    """German days are understood in `--moved` where the workspace is German."""
    settings = open_place.root / "briefgen.yaml"
    settings.write_text(settings.read_text() + "locale: de_DE\n")
    assert open_place.call("done", "plan", "--moved", "Freitag", as_of=AS_OF).exit_code == 0
    assert "due: 2026-11-27, moved" in _dana(open_place)
