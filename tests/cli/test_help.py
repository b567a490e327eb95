"""What the command line says when it is asked, or asked wrongly."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from briefgen.cli import COMMANDS, main
from briefgen.cli.contacts import COMMANDS as CONTACT_COMMANDS


def call(*arguments: str) -> Result:
    """One call of the command line."""
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize("group", [(), ("contacts",), ("feed",), ("schedule",)])
def test_no_sentence_of_the_command_list_is_cut(group: tuple[str, ...]) -> None:
    """Each command's first sentence stands whole in the list of commands."""
    listed = call(*group, "--help").output
    assert "..." not in listed.partition("Commands:")[2]
    assert "…" not in listed.partition("Commands:")[2]


def test_every_command_is_in_the_list() -> None:
    """The help lists every command, in the order of the documentation."""
    listed = call("--help").output.partition("Commands:")[2]
    places = [listed.index(f"\n  {name} ") for name in COMMANDS]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [(("lst",), "list"), (("nightli",), "nightly"), (("contacts", "fnd"), "find")],
)
def test_a_mistyped_command_is_answered_with_the_nearest(
    wrong: tuple[str, ...], right: str
) -> None:
    """`briefgen lst` asks whether `list` was meant, and ends with status 2."""
    result = call(*wrong)
    assert result.exit_code == 2
    assert f"did you mean '{right}'?" in result.output


def test_a_command_like_no_other_is_only_refused() -> None:
    """If nothing comes near, nothing is suggested."""
    result = call("zzzz")
    assert result.exit_code == 2
    assert "there is no command 'zzzz'" in result.output
    assert "did you mean" not in result.output


def test_contacts_commands_are_known() -> None:
    """The group's own table is what its help lists."""
    listed = call("contacts", "--help").output.partition("Commands:")[2]
    assert all(f"\n  {name} " in listed for name in CONTACT_COMMANDS)


@pytest.mark.parametrize(
    ("given", "answer"), [("tomorow", "did you mean tomorrow?"), ("soon", "write today, tomorrow")]
)
def test_a_mistyped_day_is_answered(given: str, answer: str, tmp_path: Path) -> None:
    """`--date tomorow` asks whether tomorrow was meant; status 2."""
    (tmp_path / "briefgen.yaml").write_text("version: 1\n")
    result = call("list", "--workspace", f"{tmp_path}", "--date", given)
    assert result.exit_code == 2
    assert answer in result.output


@pytest.mark.parametrize(
    ("language", "yesterday", "thursday"),
    [("de", "gestern", "Donnerstag"), ("fr", "hier", "jeudi"), ("nl", "gisteren", "donderdag")],
)
def test_days_are_understood_in_the_language_of_the_terminal(
    language: str, yesterday: str, thursday: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the help of `--date` names them there."""
    monkeypatch.setenv("BRIEFGEN_LANG", language)
    (tmp_path / "briefgen.yaml").write_text("version: 1\n")
    for given in (yesterday, thursday):
        refused = call("show", "x", "--workspace", f"{tmp_path}", "--date", given).output
        assert given not in refused
    assert yesterday in call("show", "--help").output
