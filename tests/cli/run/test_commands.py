"""`init`, `list` and `check`."""

import json
import shutil
import stat
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from small_workspaces import DANA, REVIEW, SETTINGS, Place, event

from briefgen.brief import compose as brief_compose
from briefgen.brief.brief import Brief
from briefgen.cli import COMMANDS, main
from briefgen.cli.call import parse_day
from briefgen.meetings.meeting import Meeting


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    """Each command of the table is there and explains itself."""
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


def test_init_makes_a_workspace_that_is_right(tmp_path: Path) -> None:
    """A new workspace has no problem, and keeps people's data out of version control."""
    folder = tmp_path / "my meetings"
    result = CliRunner().invoke(
        main, ["init", str(folder), "--sample", "--as-of", "2026-11-22T10:00"]
    )
    assert result.exit_code == 0, result.output
    assert "/data/" in (folder / ".gitignore").read_text()
    assert stat.S_IMODE((folder / "briefgen.yaml").stat().st_mode) == 0o600
    checked = CliRunner().invoke(main, ["check", "-w", str(folder), "--strict"])
    assert checked.exit_code == 0, checked.output


def test_init_never_overwrites(place: Place) -> None:
    """A folder that is a workspace already is left as it is: status 2."""
    result = CliRunner().invoke(main, ["init", str(place.root)])
    assert result.exit_code == 2
    assert (place.root / "briefgen.yaml").read_text() == SETTINGS


def test_init_keeps_files_that_are_there(tmp_path: Path) -> None:
    """A calendar of the user's own stays; only what is missing is added."""
    mine = tmp_path / "data" / "calendar.ics"
    mine.parent.mkdir()
    mine.write_text("mine")
    CliRunner().invoke(main, ["init", str(tmp_path), "--sample"])
    assert mine.read_text() == "mine"
    assert (tmp_path / "briefgen.yaml").is_file()


def test_list_tells_who_is_met(place: Place) -> None:
    """Time, title, code, and each participant with their file."""
    text = place.call("list").stdout
    assert "Mon 23 Nov 10:00-11:00" in text
    assert "Q4 service review" in text
    assert "Dana Smith <dana.smith@acme.example> (dana-smith)" in text


def test_list_why_tells_what_was_left_out(place: Place) -> None:
    """Every meeting of the window is either listed or has its reason."""
    place.feed(
        REVIEW,
        event("c@c.example", "20261123T120000", "20261123T130000", "Off", "STATUS:CANCELLED"),
    )
    assert "Off" not in place.call("list").stdout
    text = place.call("list", "--why").stdout
    assert "Off" in text
    assert "cancelled" in text


def test_list_reports_as_run_does(place: Place) -> None:
    """The JSON of `list` is that of a dry run, with remarks; nothing is written."""
    report = place.report("list")
    (brief,) = report["briefs"]
    assert brief["state"] == "planned"
    assert "remarks" in brief
    assert not (place.root / "briefings").exists()


def test_check_tells_every_problem_at_once(place: Place) -> None:
    """Settings and two contacts are wrong: one run reports all three, with file, line and fix."""
    place.write("briefgen.yaml", SETTINGS + "locale: xx_YY\n")
    place.write("data/contacts/a.yaml", "name: A\norganisation: Acme\nbirthday: 2024-02-30\n")
    place.write("data/contacts/b.yaml", "name: B\nemails: [b(at)acme.example]\n")
    result = place.call("check")
    assert result.exit_code == 1
    for expected in (
        "briefgen.yaml:8: locale: ",
        "data/contacts/a.yaml:2: organisation: unknown field 'organisation'; did you mean",
        "data/contacts/a.yaml:3: birthday: there is no day '2024-02-30'",
        "data/contacts/b.yaml:2: emails[0]: not an email address: 'b(at)acme.example'",
    ):
        assert expected in result.stdout


def test_check_as_json(place: Place) -> None:
    """Problems come with file, line, field, message and severity."""
    place.write("data/contacts/a.yaml", "name: A\nphone: 1\n")
    document = json.loads(place.call("check", "--json").stdout)
    (problem,) = document["problems"]
    assert problem["file"] == "data/contacts/a.yaml"
    assert problem["line"] == 2
    assert problem["field"] == "phone"
    assert problem["severity"] == "error"


def test_check_looks_at_every_photo(place: Place) -> None:
    """One that is not there, lies elsewhere or is no picture is told at the line that names it."""
    place.write("data/contacts/photos/torn.jpg", "no picture")
    for stem, photo in (("a", "photos/none.jpg"), ("b", "../../b.jpg"), ("c", "photos/torn.jpg")):
        place.write(f"data/contacts/{stem}.yaml", f"name: {stem.upper()} X\nphoto: {photo}\n")
    problems = json.loads(place.call("check", "--json").stdout)["problems"]
    told = [(one["file"], one["line"], one["field"]) for one in problems]
    assert told == [(f"data/contacts/{stem}.yaml", 2, "photo") for stem in "abc"]
    assert "does not exist; correct the path" in problems[0]["message"]


def test_a_warning_counts_only_when_strict(place: Place) -> None:
    """A `.yml` file is a warning: status 0, and 1 with `--strict`."""
    place.write("data/contacts/b.yml", "name: B\n")
    assert place.call("check").exit_code == 0
    assert place.call("check", "--strict").exit_code == 1


def test_one_address_in_two_files_is_told_twice(place: Place) -> None:
    """Both files are named, each with the other, and neither contact is used."""
    place.write("data/contacts/dana-two.yaml", DANA)
    text = place.call("check").stdout
    assert "data/contacts/dana-smith.yaml:3: emails[0]: dana.smith@acme.example is also in" in text
    assert "data/contacts/dana-two.yaml:3: emails[0]: dana.smith@acme.example is also in" in text


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A copy of the sample workspace at the repository's root."""
    root = Path(__file__).parents[3]
    shutil.copytree(root / "data", tmp_path / "sample" / "data")
    shutil.copy(root / "briefgen.yaml", tmp_path / "sample")
    return tmp_path / "sample"


def test_the_sample_workspace_is_right(sample: Path) -> None:
    """The files in the repository have no problem, not even a warning."""
    result = CliRunner().invoke(main, ["check", "-w", str(sample), "--strict"])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("day", [f"2026-11-{day}" for day in range(23, 30)] + ["2027-02-28"])
def test_the_sample_calendar_has_meetings_on_any_day(sample: Path, day: str) -> None:
    """On every day of the week at least three meetings are worth a brief."""
    result = CliRunner().invoke(
        main, ["list", "--json", "-w", str(sample), "--as-of", "2026-11-22", "--date", day]
    )
    assert len(json.loads(result.stdout)["briefs"]) >= 3


def test_an_open_secret_is_a_warning(place: Place) -> None:
    """A feed's address in a file that others can read is reported with the line that fixes it."""
    feed = "https://calendar.example/private-0123/basic.ics"
    path = place.write("briefgen.yaml", SETTINGS.replace("data/calendar.ics", f'"{feed}"'))
    path.chmod(0o644)
    result = place.call("check")
    assert "briefgen.yaml:7: feeds[0]: this address is a secret" in result.stdout
    assert "0123" not in result.output
    path.chmod(0o600)
    assert "no problems" in place.call("check").stdout


def test_what_cannot_be_written_is_told_in_a_line(place: Place) -> None:
    """A full disk or a folder that is no place to write in is no reason for a traceback."""
    (place.root / ".briefgen/lock").mkdir(parents=True)
    result = place.call("run", "--date", "2026-11-23")
    assert result.exit_code == 1
    assert "lock: Is a directory" in result.stderr


def test_settings_without_a_calendar_say_so(place: Place) -> None:
    """No meeting at all looks like a free day; that no feed is named is the reason."""
    place.write("briefgen.yaml", SETTINGS.replace("feeds: [data/calendar.ics]\n", ""))
    for command in ("list", "run"):
        result = place.call(command)
        assert result.exit_code == 0
        assert "write yours under `feeds` in briefgen.yaml" in result.output


def test_list_composes_no_brief_that_is_not_written_yet(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first run `list` says the same without composing; afterwards it looks again."""
    told = place.call("list").stdout
    composed: list[str] = []
    compose = brief_compose.compose

    def counted(meeting: Meeting, *rest: object, **options: object) -> Brief:
        composed.append(meeting.title)
        return compose(meeting, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(brief_compose, "compose", counted)
    assert place.call("list").stdout == told
    assert composed == []
    place.call("run")
    composed.clear()
    assert place.call("list").stdout == told
    assert composed == ["Q4 service review"]


@pytest.mark.parametrize(
    ("given", "past", "day"),
    [
        ("thursday", False, "2026-11-26"),
        ("Sunday", False, "2026-11-29"),
        ("sunday", True, "2026-11-22"),
        ("Tomorrow", False, "2026-11-23"),
        ("2026-12-01", False, "2026-12-01"),
    ],
)
def test_a_day_can_be_a_weekday(given: str, past: bool, day: str) -> None:  # noqa: FBT001
    """The next one of that name, never today; where the day is past, the last one."""
    sunday = date(2026, 11, 22)
    assert parse_day(given, sunday, past=past).isoformat() == day


@pytest.mark.parametrize("given", ["soon", "december", "thrusdy", "3w"])
def test_what_is_no_single_day_is_refused(given: str) -> None:
    """With what can be written instead."""
    with pytest.raises(click.BadParameter, match="is not a day"):
        parse_day(given, date(2026, 11, 22))
