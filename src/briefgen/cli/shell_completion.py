"""`briefgen completion`: the Tab key for bash, zsh and fish, set up by one command."""

import os
from pathlib import Path
from typing import Final

import click
from click.shell_completion import get_completion_class

from briefgen.cli.call import Call, with_call
from briefgen.night import exit_status
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.phrase import Phrase

SHELLS: Final = ("bash", "zsh", "fish")
_ZSH_HINT: Final = "in ~/.zshrc, before compinit: fpath=(~/.zfunc $fpath)"


@click.command()
@click.argument("shell", type=click.Choice(SHELLS), required=False)
@click.option("--install", is_flag=True, help="Write it where the shell looks for it.")
@with_call
def completion(*, call: Call, shell: str | None, install: bool) -> None:
    """Print the completion script of SHELL (default: your own), or install it."""
    chosen = shell or Path(os.environ.get("SHELL", "")).name
    if chosen not in SHELLS:
        call.fail(Phrase("name your shell: {shells}", shells=tuple(SHELLS)), exit_status.WRONG_USE)
    script = completion_script(chosen)
    if not install:
        click.echo(script)
        return
    path = _place(chosen, Path.home())
    write_whole(path, script.encode(), mode=0o644)
    call.say(Phrase("wrote {path}; it works in every new shell", path=path))
    if chosen == "zsh":
        call.say(_ZSH_HINT)


def completion_script(shell: str) -> str:
    """The script that a shell sources."""
    from briefgen.cli import main  # noqa: PLC0415  # this is one of its commands

    found = get_completion_class(shell)
    assert found is not None  # noqa: S101  # the choices are click's own
    return found(main, {}, "briefgen", "_BRIEFGEN_COMPLETE").source()


def _place(shell: str, home: Path) -> Path:
    """The file that the shell reads by itself when it completes `briefgen`."""
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    return {
        "bash": data / "bash-completion" / "completions" / "briefgen",
        "zsh": home / ".zfunc" / "_briefgen",
        "fish": settings / "fish" / "completions" / "briefgen.fish",
    }[shell]
