"""The dialogue goes through what is open, shows everything once more, and goes back."""

import os
import signal
from pathlib import Path

import pytest
from click.testing import Result
from small_workspaces import Place
from terminals import Terminal

from briefgen.brief.sheet_memory import read_line_uses
from briefgen.cli import main
from briefgen.workspace.folder import Workspace

AFTER = "2026-11-23T18:00"
REVIEW = "review@calendar.example"
DANA = """\
name: Dana Smith
emails: [dana.smith@acme.example]
relationship: {reason: the missed go-live, apology_owed: yes}
concerns:
  - {date: 2026-09-01, text: support answers too slowly}
promises:
  - {text: send the plan, made: 2026-11-02, due: 2026-11-20}
  - {by: them, text: name a lead, made: 2026-11-02, due: 2026-11-27}
to_share: [article on carrier pricing]
talking_points: [ask how the Lisbon trip went]
interactions:
  - {date: 2026-11-02, channel: call, needs: a named engineer, needs_met: partly}
"""
OPEN = 6
"""How many open items are asked about, one key each."""


@pytest.fixture
def open_place(place: Place) -> Place:
    """A meeting with Dana, with whom much is open."""
    place.write("data/contacts/dana-smith.yaml", DANA)
    return place


def _file(place: Place) -> str:
    return (place.root / "data/contacts/dana-smith.yaml").read_text()


def _answered(place: Place, *lines: str) -> Result:
    return place.runner.invoke(
        main,
        ["reflect", "-w", str(place.root), "--as-of", AFTER, REVIEW],
        input="".join(f"{line}\n" for line in lines),
        catch_exceptions=False,
    )


def _drafts(place: Place) -> list[Path]:
    return sorted((place.root / ".briefgen/drafts").glob("*"))


def test_what_is_open_comes_first_and_one_key_settles_it(open_place: Place) -> None:
    """Kept, moved, apologised, resolved, met and shared: all of it in the file afterwards."""
    keys = ("1", "2", "in two weeks", "2", "a named engineer", "1", "yes", "1")
    result = _answered(open_place, *keys, *[""] * 40)
    assert result.exit_code == 0, result.output
    text = _file(open_place)
    for line in (
        "due: 2026-11-20, kept: 2026-11-23}",
        "due: 2026-12-07, moved: [2026-11-27]}",
        "    taken: not yet\n    proof: a named engineer\n",
        "apology_owed: no}",
        "text: support answers too slowly, resolved: 2026-11-23}",
        "needs: a named engineer, needs_met: yes}",
        "shared: 2026-11-23",
    ):
        assert line in text, text
    asked = result.output
    assert asked.index("You promised Dana Smith: send the plan") < asked.index("what they needed?")
    assert "(due 20 Nov, 3 days late)" in asked


def test_enter_leaves_everything_as_it_is(open_place: Place) -> None:
    """Nothing is closed that no key was pressed for."""
    result = _answered(open_place, *[""] * 60)
    assert result.exit_code == 0, result.output
    assert _file(open_place) == DANA


def test_a_full_stop_leaves_the_rest(open_place: Place) -> None:
    """After it comes the first question of what is new."""
    result = _answered(open_place, "3", ".", "yes", *[""] * 40)
    assert result.exit_code == 0, result.output
    assert "dropped: 2026-11-23" in _file(open_place)
    assert "needs_answered: yes" in _file(open_place)
    assert "complained" not in result.output.partition("what they needed?")[0]


def test_back_to_the_question_before(open_place: Place) -> None:
    """`<` asks the one before once more, and its new answer counts."""
    result = _answered(open_place, "1", "<", "3", *[""] * 60)
    assert result.exit_code == 0, result.output
    assert "so far: kept" in result.output
    assert "dropped: 2026-11-23" in _file(open_place)
    assert "kept" not in _file(open_place)


def test_a_look_at_everything_before_it_is_written(open_place: Place) -> None:
    """All answers are shown with numbers; a number goes back, `-` takes away, Enter writes."""
    given = [*["."], "yes", "a named enginer"]
    rest = [""] * 14
    changed = [f"{OPEN + 2}", "a named engineer", "1", "1", f"{OPEN + 1}", "-", "99", ""]
    result = _answered(open_place, *given, *rest, *changed)
    assert result.exit_code == 0, result.output
    assert "All answers again:" in result.output
    assert "write a number from 1 to" in result.output
    text = _file(open_place)
    assert "    needs: a named engineer\n" in text
    assert "needs_answered" not in text
    assert "kept: 2026-11-23}" in text


def test_nothing_is_written_before_the_look(open_place: Place) -> None:
    """Who breaks off at the look has the file as it was, and a draft."""
    result = _answered(open_place, ".", "yes", "a named engineer", *[""] * 14)
    assert result.exit_code == 1
    assert "All answers again:" in result.output
    assert _file(open_place) == DANA
    (draft,) = _drafts(open_place)
    assert "needs: a named engineer" in draft.read_text()


def test_decisions_outlive_a_break(open_place: Place) -> None:
    """What became of open items is in the draft, and is shown and written the next time."""
    _answered(open_place, "1", "2", "in two weeks")
    result = _answered(open_place, "", *[""] * 60)
    assert result.exit_code == 0, result.output
    assert "so far: kept" in result.output
    assert "moved: [2026-11-27]" in _file(open_place)
    assert not _drafts(open_place)


def test_answers_that_are_taken_back_leave_no_draft(open_place: Place) -> None:
    """An answer that is cleared again leaves nothing behind, neither draft nor interaction."""
    result = _answered(open_place, "1", "<", "-", *[""] * 60)
    assert result.exit_code == 0, result.output
    assert _file(open_place) == DANA
    assert not _drafts(open_place)


SIGNALS_AT = 6
"""How many questions of what is new come before the signals."""


@pytest.mark.parametrize(("reply", "noted"), [("1", "frustrated"), ("", "furstrated")])
def test_an_unknown_signal_gets_a_suggestion(open_place: Place, reply: str, noted: str) -> None:
    """A slip is answered with the word that was meant; Enter keeps it as it was typed."""
    lines = (".", *[""] * (SIGNALS_AT - 1), "furstrated", reply)
    result = _answered(open_place, *lines, *[""] * 40)
    assert "did you mean: 1 frustrated" in " ".join(result.output.split())
    assert f"signals: [{noted}]" in _file(open_place)


def test_a_question_explains_itself(open_place: Place) -> None:
    """`?` says what is meant and asks again, of what is open as of what is new."""
    result = _answered(open_place, "?", ".", "?", "yes", *[""] * 40)
    said = " ".join(result.output.split())
    assert "Enter leaves it as it is" in said
    assert "Whether you knew it when you left the room" in said
    assert "needs_answered: yes" in _file(open_place)


def test_answers_in_german(open_place: Place) -> None:
    """`ja`, `teils` and German days are understood where the workspace is German."""
    settings = open_place.root / "briefgen.yaml"
    settings.write_text(settings.read_text() + "locale: de_DE\n")
    lines = (
        "erledigt",
        "versch",
        "Freitag in zwei Wochen",
        "in zwei Wochen",
        ".",
        "ja",
        "",
        "teils",
    )
    result = _answered(open_place, *lines, *[""] * 60)
    assert result.exit_code == 0, result.output
    text = _file(open_place)
    assert "kept: 2026-11-23}" in text
    assert "due: 2026-12-07, moved: [2026-11-27]}" in text
    assert "needs_answered: yes" in text
    assert "help_answered: partly" in text


def test_used_lines_of_the_sheet_are_recorded(open_place: Place) -> None:
    """Own talking points get `used`; every printed line's use is kept without words or names."""
    result = _answered(open_place, ".", *[""] * 20)
    listed = result.output.partition("did you use?")[2].partition("concern?")[0]
    number = next(line.split()[0] for line in listed.splitlines() if "Lisbon" in line)
    lines_at = 11
    result = _answered(open_place, ".", *[""] * lines_at, number, *[""] * 40)
    assert result.exit_code == 0, result.output
    assert "used: [2026-11-23]" in _file(open_place)
    workspace = Workspace(root=open_place.root)
    uses = read_line_uses(workspace)
    assert [(use.rule, use.day) for use in uses if use.used] == [("written", "2026-11-23")]
    stored = (open_place.root / ".briefgen/lines").read_text()
    assert "Lisbon" not in stored
    assert "ana" not in stored


def test_one_key_is_enough_in_a_terminal(open_place: Place) -> None:
    """No Enter is needed; one typed from habit belongs to the key; every answer is kept at once."""
    terminal = Terminal(open_place.root, AFTER, REVIEW)
    with terminal:
        terminal.wait_for("send the plan")
        terminal.wait_for("> ")
        terminal.type("1")
        terminal.wait_for("name a lead")
        terminal.wait_for("> ")
        (draft,) = _drafts(open_place)
        assert "kept: 2026-11-23" in draft.read_text(), "kept while the next question waits"
        terminal.type("1\r")
        terminal.wait_for("Did you make it")
        terminal.wait_for("> ")
        terminal.type("x")
        terminal.wait_for("one of: ")
        terminal.wait_for("> ")
        terminal.type("\x7f")  # the backspace key goes back
        terminal.wait_for("name a lead")
        terminal.wait_for("> ")
        terminal.type("\x03")
        assert terminal.status() == 1
    (draft,) = _drafts(open_place)
    assert draft.read_text().count("kept: 2026-11-23") == 2
    assert _file(open_place) == DANA


def test_a_machine_that_dies_costs_no_answer(open_place: Place) -> None:
    """Even kill -9 leaves the draft of all answers before it."""
    terminal = Terminal(open_place.root, AFTER, REVIEW)
    with terminal:
        terminal.wait_for("send the plan")
        terminal.wait_for("> ")
        terminal.type("1")
        terminal.wait_for("name a lead")
        os.kill(terminal.child, signal.SIGKILL)
        assert terminal.status() == -signal.SIGKILL
    (draft,) = _drafts(open_place)
    assert "kept: 2026-11-23" in draft.read_text()


def test_a_disk_that_takes_no_draft_is_told_once(open_place: Place) -> None:
    """The dialogue goes on, says so once, and still writes the file at the end."""
    (open_place.root / ".briefgen").mkdir()
    (open_place.root / ".briefgen/drafts").symlink_to(open_place.root / "not there")
    result = _answered(open_place, "1", "1", *[""] * 60)
    assert result.exit_code == 0, result.output
    assert result.output.count("no draft can be kept") == 1
    assert _file(open_place).count("kept: 2026-11-23") == 2


def test_two_windows_lose_nothing(open_place: Place) -> None:
    """A draft that another window wrote meanwhile is put aside, and named."""
    terminal = Terminal(open_place.root, AFTER, REVIEW)
    with terminal:
        terminal.wait_for("send the plan")
        terminal.wait_for("> ")
        terminal.type("1")
        terminal.wait_for("name a lead")
        terminal.wait_for("> ")
        (draft,) = _drafts(open_place)
        draft.write_text("summary: typed elsewhere\n")
        terminal.type("1")
        terminal.wait_for("Did you make it")
        terminal.type("\x03")
        assert terminal.status() == 1
    both = [path.read_text() for path in _drafts(open_place)]
    assert len(both) == 2
    assert "summary: typed elsewhere\n" in both
    assert "an earlier draft is kept" in terminal.screen
