"""The documentation that comes with briefgen, its versions, and the shell's Tab key."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from briefgen import __version__
from briefgen.cli import main
from briefgen.cli.bundled import documentation, write_html

ROOT = Path(__file__).parents[2]


def call(*arguments: str) -> Result:
    """One call of the command line."""
    return CliRunner().invoke(main, arguments)


def test_every_page_is_listed_with_its_title() -> None:
    """`briefgen docs` names each page of the documentation."""
    listed = call("docs").stdout
    for path in (ROOT / "docs").glob("*.md"):
        title = path.read_text().partition("\n")[0].removeprefix("# ")
        assert any(line.split(maxsplit=1) == [path.stem, title] for line in listed.splitlines())


def test_a_page_is_shown() -> None:
    """`briefgen docs reflect` shows that page; piped, it is the Markdown itself."""
    assert call("docs", "reflect").stdout == (ROOT / "docs/reflect.md").read_text()


def test_a_page_that_is_not_there_is_answered_with_the_nearest() -> None:
    """Status 2, and the page that was probably meant."""
    result = call("docs", "relfect")
    assert result.exit_code == 2
    assert "did you mean reflect?" in result.stderr


def test_the_pages_in_the_browser_lead_to_each_other(tmp_path: Path) -> None:
    """Links between pages lead to pages that are written, pictures to files that are there."""
    pages = documentation()
    write_html(pages, tmp_path)
    start = (tmp_path / "index.html").read_text()
    assert 'href="reflect.html"' in start
    assert ".md" not in start.partition("<nav>")[0]
    for name in pages:
        assert (tmp_path / f"{name}.html").exists()
    picture = start.partition('<img src="')[2].partition('"')[0]
    assert Path(picture.removeprefix("file://")).exists()


def test_every_page_has_a_place_on_the_site() -> None:
    """The site's menu names each page, so that none can only be found by its address."""
    menu = (ROOT / "mkdocs.yml").read_text()
    assert [p.name for p in (ROOT / "docs").glob("*.md") if p.name not in menu] == []


def test_the_version_names_what_draws_the_page() -> None:
    """`briefgen --version` says briefgen's, Python's, WeasyPrint's and Pango's."""
    said = call("--version").stdout
    assert f"briefgen {__version__}\n" in said
    assert "WeasyPrint 70" in said
    assert "Pango 1." in said


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_tab_key_is_set_up_by_one_command(
    shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`briefgen completion SHELL --install` writes a script that the shell accepts."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    done = call("completion", shell, "--install")
    assert done.exit_code == 0, done.output
    (script,) = [path for path in tmp_path.rglob("*briefgen*") if path.is_file()]
    subprocess.run([shell, "-n", str(script)], check=True, capture_output=True)


def test_a_shell_that_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a shell's name and without SHELL it says which there are."""
    monkeypatch.setenv("SHELL", "/bin/other")
    result = call("completion")
    assert result.exit_code == 2
    assert "bash, zsh, fish" in result.stderr
