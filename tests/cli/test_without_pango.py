"""A machine on which no page can be made is told so in one line, and a machine without a zone."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from briefgen.cli import main
from briefgen.page import system_libraries
from briefgen.workspace.zone_data import local_zone

SETTINGS = "version: 1\nme: {name: Robin, emails: [robin@keller-advisory.example]}\n"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace on a machine where Pango is not found."""
    (tmp_path / "briefgen.yaml").write_text(SETTINGS)
    monkeypatch.setattr(system_libraries, "_load", lambda _name, _file: None)

    def forbidden(*_: object) -> None:
        raise AssertionError("no worker is started where no page can be made")

    monkeypatch.setattr("briefgen.cli.run.warm_up", forbidden)
    return tmp_path


def call(*arguments: str, workspace: Path) -> Result:
    """One call of the command line in the workspace."""
    return CliRunner().invoke(main, [*arguments, "--workspace", str(workspace)])


@pytest.mark.parametrize("command", ["run", "nightly"])
def test_one_line_says_what_to_install(command: str, workspace: Path) -> None:
    """Every command that typesets ends with status 1 and the line that installs Pango."""
    result = call(command, workspace=workspace)
    assert result.exit_code == 1
    said = [line for line in result.stderr.splitlines() if "Pango" in line and "time=" not in line]
    assert said[-1].startswith("briefgen: Pango: not installed; no page can be made: ")
    assert "libpangoft2-1.0-0" in said[-1] or "brew install pango" in said[-1]
    assert "Traceback" not in result.stderr
    assert "Aborted" not in result.stderr


def test_what_makes_no_page_works_without(workspace: Path) -> None:
    """`run --dry-run` and `list` need no Pango."""
    assert call("run", "--dry-run", workspace=workspace).exit_code == 0
    assert call("list", workspace=workspace).exit_code == 0


def test_doctor_says_the_same(workspace: Path) -> None:
    """`doctor` names the library and the line, as the other commands do."""
    result = call("doctor", "--offline", workspace=workspace)
    assert result.exit_code == 1
    assert "Pango: not found; no page can be made" in result.output


@pytest.mark.parametrize("named", [None, "", "No/Such_Zone"])
def test_a_machine_without_a_zone_is_in_utc(
    named: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the machine names no zone, or one nobody knows, UTC counts, and nothing warns."""
    monkeypatch.setattr("tzlocal.get_localzone_name", lambda: named)
    assert local_zone().key == "UTC"
