"""The Tab key offers contacts and codes, and puts nothing dangerous into the line."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.shell_completion import get_completion_class

from briefgen.brief.sheet_codes import SheetCode, write_codes
from briefgen.cli import main
from briefgen.workspace.folder import Workspace

ODD = "service; touch pwned $(touch pwned) `touch pwned`"
"""The name of a file that a shell would run."""


@pytest.fixture
def filled(home: Workspace, tmp_path: Path) -> Workspace:
    """A workspace with people and sheets, and a `briefgen` on the PATH."""
    sheet = SheetCode(
        uid="u",
        recurrence_id=None,
        start="2026-11-24T09:00:00Z",
        title="Steering",
        used="2026-11-24",
    )
    write_codes(home, {"K7Q4": sheet, "K8AA": sheet.replace(title="Service levels")})
    for stem, name in (("dana-smith", "Dana Smith"), ("jörg", "Jörg Müller"), ("eve", "Eve"),
                       ("steering round", "Sten"), (ODD, "Odd")):  # fmt: skip
        (home.contacts / f"{stem}.yaml").write_text(f"name: {name}\n")
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "briefgen"
    program.write_text(
        f'#!/bin/sh\nexec {sys.executable} -c "from briefgen.cli import main;'
        ' main(prog_name=\'briefgen\')" "$@"\n'
    )
    program.chmod(0o700)
    return home


@pytest.fixture
def offered(filled: Workspace, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """What a shell's own script is told for a line."""

    def ask(shell: str, words: str) -> list[str]:
        monkeypatch.chdir(filled.root)
        monkeypatch.setenv("COMP_WORDS", words)
        last = words.rsplit(maxsplit=1)[-1] if shell == "fish" else str(len(words.split()) - 1)
        monkeypatch.setenv("COMP_CWORD", last)
        monkeypatch.setenv("_BRIEFGEN_COMPLETE", f"{shell}_complete")
        completing = get_completion_class(shell)
        assert completing is not None
        return completing(main, {}, "briefgen", "_BRIEFGEN_COMPLETE").complete().splitlines()

    return ask


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_contacts_are_offered_by_file_and_name(
    offered: Callable[..., list[str]], shell: str
) -> None:
    """Also by the last name."""
    for begun in ("da", "smi"):
        lines = "\n".join(offered(shell, f"briefgen contacts show {begun}"))
        assert "dana-smith" in lines
        assert "eve" not in lines


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_meetings_are_offered_by_their_code(offered: Callable[..., list[str]], shell: str) -> None:
    """The title is beside it, where the shell shows one."""
    lines = "\n".join(offered(shell, "briefgen show k7"))
    assert "K7Q4" in lines
    assert "K8AA" not in lines
    assert ("Steering" in lines) is (shell != "bash")


def test_outside_of_a_workspace_nothing_is_offered(
    offered: Callable[..., list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is reported."""
    (tmp_path / "home" / "briefgen.yaml").unlink()
    monkeypatch.delenv("BRIEFGEN_WORKSPACE", raising=False)
    assert offered("bash", "briefgen contacts show d") == []


def test_in_a_real_bash_the_word_is_put_in_as_one(filled: Workspace) -> None:
    """The script that bash is given completes a file name with spaces so that it stays one word."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    script = """
    PATH="$PWD/../bin:$PATH"
    eval "$(_BRIEFGEN_COMPLETE=bash_source briefgen)"
    COMP_WORDS=(briefgen contacts show serv)
    COMP_CWORD=3
    _briefgen_completion briefgen
    printf '%s\\n' "${COMPREPLY[@]}"
    eval "set -- ${COMPREPLY[0]}"
    echo "$#"
    """
    done = subprocess.run(
        [bash, "--norc", "-c", script], cwd=filled.root, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "1"
    assert not (filled.root / "pwned").exists()


class _Shell:
    """A shell in a real terminal, driven by its keys."""

    def __init__(self, command: str, folder: Path) -> None:
        self.tmux = ["tmux", "-f", "/dev/null", "-S", str(folder / "terminal")]
        size = ["-x", "160", "-y", "40"]
        self.run("new-session", "-d", *size, "-c", str(folder), command)

    def run(self, *words: str) -> str:
        done = subprocess.run([*self.tmux, *words], capture_output=True, text=True, check=True)
        return done.stdout

    def type(self, text: str) -> None:
        self.run("send-keys", "-l", text)

    def press(self, key: str) -> None:
        self.run("send-keys", key)

    def wait_for(self, text: str) -> str:
        """The screen, as soon as this text is on it."""
        for _ in range(600):
            screen = self.run("capture-pane", "-p", "-J")
            if text in screen:
                return screen
            time.sleep(0.1)
        raise AssertionError(f"no {text!r} in:\n{screen}")


SHELLS = {
    "zsh": "ZDOTDIR=/nonexistent PS1='> ' zsh -f -i",
    "fish": "HOME=$PWD/.fish-home XDG_CONFIG_HOME=$PWD/.fish-home fish --no-config -i",
    "bash": "PS1='> ' bash --norc -i",
}
SET_UP = {
    "zsh": 'autoload -U compinit; compinit -u -D; eval "$(_BRIEFGEN_COMPLETE=zsh_source briefgen)"',
    "fish": "_BRIEFGEN_COMPLETE=fish_source briefgen | source",
    "bash": 'eval "$(_BRIEFGEN_COMPLETE=bash_source briefgen)"',
}


@pytest.mark.parametrize("shell", SHELLS)
def test_in_a_real_terminal_tab_puts_in_one_word(
    filled: Workspace, shell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tab and Enter give the command the whole name as one argument, and run nothing in it."""
    if shutil.which(shell) is None or shutil.which("tmux") is None:
        pytest.skip(f"no {shell} or no tmux here")
    programs = filled.root.parent / "bin"
    show = programs / "each"
    show.write_text('#!/bin/sh\nfor word in "$@"; do printf "<%s>\\n" "$word"; done\n')
    show.chmod(0o700)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    terminal = _Shell(SHELLS[shell], filled.root)
    try:
        terminal.type(f"{SET_UP[shell]}; each rea''dy")
        terminal.press("Enter")
        terminal.wait_for("<ready>")
        terminal.type("briefgen contacts show steer")
        terminal.press("Tab")
        terminal.wait_for("round")
        terminal.press("C-a")
        terminal.type("each ")
        terminal.press("Enter")
        assert "<steering round>" in terminal.wait_for("round>")
    finally:
        terminal.run("kill-server")
    assert not (filled.root / "pwned").exists()
