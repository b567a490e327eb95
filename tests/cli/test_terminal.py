"""What the command line leaves to the desktop and to installers."""

import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from briefgen.cli.terminal import wrapped_lines
from briefgen.upkeep import doctor


def test_the_desktops_messages_stay_out_of_the_terminal(tmp_path: Path) -> None:
    """`xdg-open` gets the file, and what it complains about is not shown."""
    opener, opened = tmp_path / "xdg-open", tmp_path / "opened"
    opener.write_text(
        f'#!/bin/sh\necho "no method available"; echo failed >&2\necho "$1" >{opened}\n'
    )
    opener.chmod(0o755)
    program = "from briefgen.cli.terminal import launch; launch('briefings/1000-talk.pdf')"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
    )
    for _ in range(100):
        if opened.exists() and opened.read_text():
            break
        time.sleep(0.1)
    assert opened.read_text() == "briefings/1000-talk.pdf\n"
    assert done.stdout == done.stderr == ""


@pytest.mark.parametrize(
    ("prefix", "source", "line"),
    [
        (
            "/home/ann/.local/share/pipx/venvs/briefgen",
            None,
            'pipx install --force "briefgen[web]"',
        ),
        (
            "/home/ann/.local/share/uv/tools/briefgen",
            '{"url": "file:///home/ann/briefgen", "dir_info": {}}',
            'uv tool install "/home/ann/briefgen[web]"',
        ),
        ("/home/ann/venv", None, f'{sys.executable} -m pip install "briefgen[web]"'),
    ],
)
def test_an_extra_is_installed_as_briefgen_was(
    prefix: str, source: str | None, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By pipx, uv or pip; from a checkout where it came from one."""
    found = SimpleNamespace(read_text=lambda _: source)
    monkeypatch.setattr(doctor, "distribution", lambda _: found)
    monkeypatch.setattr(sys, "prefix", prefix)
    assert doctor.install_line("web") == line


def test_long_lines_keep_their_indentation_and_their_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """No word is cut at the terminal's edge; in a pipe the text stays as it is."""
    text = "Review\n\n  Ask how the twins are\n"
    assert wrapped_lines(text) == text
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setenv("COLUMNS", "17")
    assert wrapped_lines(text) == "Review\n\n  Ask how the\n  twins are\n"
