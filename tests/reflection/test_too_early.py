"""A reflection before the meeting, misspelt signals, and the help of a question within another."""

from pathlib import Path

from click.testing import Result
from small_workspaces import DANA, Place

from briefgen.cli import main

REVIEW = "review@calendar.example"


def _answered(place: Place, *lines: str, as_of: str = "2026-11-23T18:00") -> Result:
    return place.runner.invoke(
        main,
        ["reflect", "-w", str(place.root), "--as-of", as_of, REVIEW],
        input="".join(f"{line}\n" for line in lines),
        catch_exceptions=False,
    )


def _dana(place: Place) -> Path:
    return place.root / "data/contacts/dana-smith.yaml"


def test_a_meeting_ahead_is_asked_about_first(place: Place) -> None:
    """Enter means no, and nothing is written."""
    result = _answered(place, "", as_of="2026-11-23T08:00")
    assert result.exit_code == 0, result.output
    assert "'Q4 service review' has not begun yet" in result.output
    assert "Reflect already?" in result.output
    assert "Did you know" not in result.output
    assert _dana(place).read_text() == DANA


def test_an_early_reflection_is_neither_doubted_nor_used(place: Place) -> None:
    """It bears the meeting's date, which is right; until then no brief changes because of it."""
    early = "2026-11-22T08:00"
    stranger = "version: 1\nname: Dana Smith\nemails: [dana.smith@acme.example]\n"
    _dana(place).write_text(stranger)
    before = place.call("show", REVIEW, as_of=early).output
    assert "ASK FIRST" in before
    promise = [*[""] * 5, "send the plan", "tomorrow"]
    given = ["yes", "y", "a named engineer", *[""] * 2, *promise, *[""] * 40]
    result = _answered(place, *given, as_of=early)
    noted = _dana(place).read_text()
    assert "needs: a named engineer" in noted, result.output
    assert "made: 2026-11-23" in noted, result.output
    assert place.call("check", "--strict", as_of=early).exit_code == 0
    assert place.call("show", REVIEW, as_of=early).output == before


def test_a_bare_yes_is_no_answer_in_words(place: Place) -> None:
    """It is asked for in words, and a bare no is none."""
    result = _answered(place, "", "yes", "a named engineer", "", "", "no", *[""] * 40)
    assert "In a few words:" in result.output
    noted = _dana(place).read_text()
    assert "needs: a named engineer" in noted
    assert "summary: no" not in noted


def test_a_word_that_is_only_misspelt_is_asked_about(place: Place) -> None:
    """`hopefull` is understood by its stem, but would be on the next sheet as it was typed."""
    result = _answered(place, "", "", "", "", "", "hopefull", "1")
    asked = "'hopefull' is not in the vocabulary; did you mean 'hopeful'? 1 hopeful"
    assert asked in " ".join(result.output.split())
    _dana(place).write_text(DANA.replace("channel", "signals: [hopefull], channel"))
    assert "did you mean 'hopeful'?" in place.call("check").output


def test_a_due_date_has_its_own_help(place: Place) -> None:
    """`?` at it explains due dates, not the promise."""
    about = "One promise, and then when it is due."
    result = _answered(place, *[""] * 8, "send the plan", "?", "Friday")
    _, _, behind = result.output.partition("due when?")
    assert "tomorrow, in 10 days, end of March" in behind
    assert about not in behind
