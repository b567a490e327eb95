"""What the docs show works as written."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from briefgen.contacts.book import parse_contact
from briefgen.workspace.settings import read_settings

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of a page in one language, without their indentation."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    """A link or picture of the docs points to a file that is there."""
    for target in re.findall(r"\]\(([^)#\s]+)\)", page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target


def test_the_readme_works_as_written(tmp_path: Path) -> None:
    """A newcomer who types what the README says has a brief, a contact and no problem."""
    install, *steps = blocks("README.md", "sh")
    assert "pipx install" in install
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("BRIEFGEN")},
        "HOME": str(tmp_path),
        "EDITOR": "true",
        "PATH": f"{_commands(tmp_path)}:{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(steps)],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "1 brief written" in done.stdout
    assert (tmp_path / "meetings/briefgen.yaml").is_file()
    assert (tmp_path / "sample/data/contacts/dana-smith.yaml").is_file()


def _commands(folder: Path) -> Path:
    """A folder with `briefgen` in it, run from the source."""
    commands = folder / "commands"
    commands.mkdir()
    script = commands / "briefgen"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m briefgen "$@"\n')
    script.chmod(0o755)
    return commands


def test_the_settings_of_the_docs_are_right(tmp_path: Path) -> None:
    """The examples of README and reference are read without a problem."""
    for page in ("README.md", "docs/settings.md"):
        for block in blocks(page, "yaml"):
            (tmp_path / "briefgen.yaml").write_text(block, encoding="utf-8")
            settings, problems = read_settings(tmp_path)
            assert settings is not None
            assert problems == ()


def test_the_contact_of_the_docs_is_right() -> None:
    """The example of the reference uses every field rightly."""
    (block,) = blocks("docs/contact-files.md", "yaml")
    contact, problems = parse_contact(block.encode(), "data/contacts/dana-smith.yaml")
    assert contact is not None
    assert problems == ()
