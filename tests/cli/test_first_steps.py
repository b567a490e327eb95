"""What commands say to someone who uses them for the first time."""

from pathlib import Path

import pytest
from small_workspaces import DANA, REVIEW, SETTINGS, Place, event

from briefgen.cli import main
from briefgen.cli.call import Call
from briefgen.cli.window import Around, day_around, the_meeting
from briefgen.reflection.reflections import Reflected

MONDAY_AT_EIGHT = "2026-11-23T08:00"
TUESDAY = event("talk@calendar.example", "20261124T090000", "20261124T100000", "Budget talk")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A workspace with Dana on file, a meeting with her on Monday and one on Tuesday."""
    made = Place(tmp_path / "w")
    made.write("briefgen.yaml", SETTINGS)
    made.write("data/contacts/dana-smith.yaml", f"{DANA}birthday: 1980-11-25\n")
    made.feed(REVIEW, TUESDAY)
    return made


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("run", "friday"), "--date friday"),
        (("run", "Q4", "review"), "--only 'Q4 review'"),
        (("list", "dana"), "--only dana"),
        (("print", "today"), "--date today"),
        (("send", "2026-11-23"), "--date 2026-11-23"),
    ],
)
def test_a_word_too_many_names_the_option(words: tuple[str, ...], meant: str, place: Place) -> None:
    """A day or a title that stands alone is refused with the option it belongs to; status 2."""
    result = place.call(*words)
    assert result.exit_code == 2
    assert f"did you mean {meant}?" in result.output


@pytest.mark.parametrize("command", ["list", "run"])
def test_what_is_still_to_come_today_is_told(command: str, place: Place) -> None:
    """Where the days begin with tomorrow; not where the day was named, or the meeting has begun."""
    more = "1 more meeting today, at 10:00: Q4 service review  (--date today)"
    assert more in place.call(command, as_of=MONDAY_AT_EIGHT).output
    assert more not in place.call(command, "--date", "tuesday", as_of=MONDAY_AT_EIGHT).output
    assert "more meeting" not in place.call(command, as_of="2026-11-23T10:30").output


@pytest.mark.parametrize(
    ("language", "word"), [("de", "heute"), ("fr", "aujourd'hui"), ("ja", "今日"), ("de", "today")]
)
def test_a_day_is_understood_in_the_users_language(
    language: str, word: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Today and tomorrow as weekdays are; English words always."""
    monkeypatch.setenv("BRIEFGEN_LANG", language)
    report = place.report("list", "--date", word, as_of=MONDAY_AT_EIGHT)
    assert [brief["title"] for brief in report["briefs"]] == ["Q4 service review"]


def test_list_says_which_days_it_counts(place: Place) -> None:
    """One day, or the first and the last of several."""
    assert "Mon 23 Nov: 1 meeting gets a brief" in place.call("list").output
    several = place.call("list", "--date", "today", "--days", "3").output
    assert "Sun 22 Nov to Tue 24 Nov: 2 meetings get a brief" in several


def test_a_night_tells_of_a_template_once(place: Place) -> None:
    """However many sheets and packets it could not be used for."""
    place.write("templates/brief.html.j2", "{{ nothing of the kind ")
    night = place.call("nightly", as_of=MONDAY_AT_EIGHT)
    assert night.exit_code == 0
    assert night.output.count("the built-in template was used instead") == 1
    assert ", 1 problem" in night.output


def _contacts(place: Place, command: str, *options: str) -> str:
    given = ["contacts", command, "-w", str(place.root), *options]
    return place.runner.invoke(main, given, catch_exceptions=False).output


NO_NOTE = "not printed: the notes on dana-smith; to read them:\n  briefgen contacts show dana-smith"


@pytest.mark.parametrize("command", ["list", "run"])
def test_notes_that_no_sheet_prints_are_told_of(command: str, place: Place) -> None:
    """Whose they are and how to read them, where the person is in one of the meetings."""
    assert "not printed" not in place.call(command).output
    noted = _contacts(place, "note", "dana", "Widowed in 2024.")
    assert (
        "Notes are not printed; for the sheet:\n  briefgen contacts set dana-smith talking" in noted
    )
    assert NO_NOTE in place.call(command).output
    assert "not printed" not in place.call(command, "--quiet").output
    assert "not printed" not in place.call(command, "--date", "2026-11-26").output


def test_an_import_says_that_notes_are_not_printed(place: Place) -> None:
    """The plan names the fields, and not the vCard's properties."""
    card = ("BEGIN:VCARD", "VERSION:3.0", "N:Pickering;Joan;;;", "FN:Joan Pickering", "NOTE:Rows")
    file = place.write("joan.vcf", "\r\n".join([*card, "END:VCARD", ""]))
    said = _contacts(place, "import", str(file), "--dry-run")
    assert "joan.vcf: name; notes\n" in said
    assert "notes are kept, but not printed" in said


def _lines(place: Place) -> list[str]:
    """The lines that a reflection on Monday's meeting asks about."""
    call = Call(workspace_option=place.root, as_of_option="2026-11-23T12:00")
    day = day_around(call, "Q4 service review", Around())
    reflected = Reflected.begin(the_meeting(call, day, "Q4 service review"), day)
    return [line.text for line in reflected.lines]


def test_lines_of_a_sheet_are_asked_about_only_where_there_is_one(place: Place) -> None:
    """Without a sheet only what the user meant to say is in the question."""
    assert _lines(place) == ["ask how the Lisbon trip went"]
    place.call("run")
    assert len(_lines(place)) > 1
