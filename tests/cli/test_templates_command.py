import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from briefgen.cli import main
from briefgen.page.look import template_folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """An empty workspace."""
    (tmp_path / "briefgen.yaml").write_text("version: 1\n")
    return tmp_path


def call(workspace: Path, *words: str) -> Result:
    """What a command of this workspace does."""
    return CliRunner().invoke(main, [*words, "--workspace", str(workspace)])


def listed(workspace: Path) -> dict[str, bool]:
    """Each template, and whether it is the user's."""
    report = json.loads(call(workspace, "templates", "list", "--json").stdout)
    return {one["name"]: one["own"] for one in report["templates"]}


def test_the_page_is_listed_and_copied(workspace: Path) -> None:
    """A copy is the built-in template word for word, and is the user's from then on."""
    assert listed(workspace)["brief.html.j2"] is False
    assert call(workspace, "templates", "copy").exit_code == 0
    assert all(listed(workspace).values())
    for name in listed(workspace):
        copied = (workspace / "templates" / name).read_bytes()
        assert copied == (template_folder() / name).read_bytes()


def test_a_copy_that_was_changed_is_kept(workspace: Path) -> None:
    """Unless `--force` says otherwise."""
    call(workspace, "templates", "copy", "brief.css")
    style = workspace / "templates" / "brief.css"
    style.write_text("p { color: red }")
    assert "kept" in call(workspace, "templates", "copy").stdout
    assert style.read_text() == "p { color: red }"
    call(workspace, "templates", "copy", "brief.css", "--force")
    assert style.read_bytes() == (template_folder() / "brief.css").read_bytes()


def test_only_templates_are_copied(workspace: Path) -> None:
    """A name that is none is wrong use, and the known names are reported."""
    answer = call(workspace, "templates", "copy", "../briefgen.yaml")
    assert answer.exit_code == 2
    assert "brief.html.j2" in answer.stderr


def test_a_copy_is_clean_and_a_mistake_in_it_is_found_by_check(workspace: Path) -> None:
    """`check` tries the user's templates on a whole brief and says file and line."""
    call(workspace, "templates", "copy")
    assert json.loads(call(workspace, "check", "--json").stdout)["problems"] == []
    page = workspace / "templates" / "brief.html.j2"
    page.write_text("<p>\n{{ page.titel }}")
    (problem,) = json.loads(call(workspace, "check", "--json").stdout)["problems"]
    assert (problem["file"], problem["line"]) == ("templates/brief.html.j2", 2)
    assert "titel" in problem["message"]


def test_an_endless_template_is_found_by_check(workspace: Path) -> None:
    """`check` comes to an end."""
    folder = workspace / "templates"
    folder.mkdir()
    loop = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    (folder / "brief.html.j2").write_text(loop)
    (problem,) = json.loads(call(workspace, "check", "--json").stdout)["problems"]
    assert "did not end" in problem["message"]
