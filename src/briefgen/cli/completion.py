"""`briefgen completion`, and what the Tab key offers: contacts, and the codes of sheets."""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Final

import click
from click.shell_completion import CompletionItem, get_completion_class

from briefgen.cli.call import Call, with_call
from briefgen.contacts.book import name_key
from briefgen.contacts.index import open_book
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import NoWorkspace, Workspace, find_workspace
from briefgen.workspace.phrase import one_line

_MOST: Final = 200


def complete_contact(
    ctx: click.Context,
    param: click.Parameter,  # noqa: ARG001  # as click calls it
    incomplete: str,
) -> list[CompletionItem]:
    """The contacts of whose file name, or part of whose name, this is the beginning."""
    workspace = _workspace(ctx)
    if workspace is None:
        return []
    begun = name_key(incomplete)
    found = [
        CompletionItem(
            _typed(entry.stem), help=" · ".join(p for p in (entry.name, entry.role) if p)
        )
        for entry in open_book(workspace)[0].entries()
        if entry.stem.startswith(incomplete.casefold())
        or any(part.startswith(begun) for part in name_key(entry.name).split())
    ]
    return found[:_MOST]


def complete_meeting(
    ctx: click.Context,
    param: click.Parameter,  # noqa: ARG001  # as click calls it
    incomplete: str,
) -> list[CompletionItem]:
    """The codes of sheets that begin so, each with its meeting's title."""
    from briefgen.brief.sheet_codes import read_codes  # noqa: PLC0415  # imports all of brief/

    workspace = _workspace(ctx)
    begun = incomplete.strip().upper()
    found = [
        CompletionItem(code, help=one_line(sheet.title))
        for code, sheet in (read_codes(workspace) if workspace else {}).items()
        if code.startswith(begun)
    ]
    return found[:_MOST]


def _typed(word: str) -> str:
    """A word as it must be typed: zsh and fish quote it themselves, bash does not.

    click's script for bash removes one backslash (its `read` has no `-r`).
    """
    if os.environ.get("_BRIEFGEN_COMPLETE", "").startswith("bash"):
        return re.sub(r"([^\w@%+,./-])", r"\\\\\1", word)
    return word


def _workspace(ctx: click.Context) -> Workspace | None:
    """The workspace of the command line being typed."""
    given = ctx.params.get("workspace_option")
    with suppress(NoWorkspace, OSError):
        named = Path(given) if given else None
        return find_workspace(named, environment=os.environ, current=Path.cwd())
    return None


SHELLS: Final = ("bash", "zsh", "fish")
_ZSH_HINT: Final = "in ~/.zshrc, before compinit: fpath=(~/.zfunc $fpath)"


@click.command()
@click.argument("shell", type=click.Choice(SHELLS), required=False)
@click.option("--install", is_flag=True, help="Write it where the shell finds it.")
@with_call
def completion(*, call: Call, shell: str | None, install: bool) -> None:
    """Print the completion script of SHELL (default: your own), or install it."""
    chosen = shell or Path(os.environ.get("SHELL", "")).name
    if chosen not in SHELLS:
        call.wrong_use("name your shell: {shells}", shells=tuple(SHELLS))
    script = completion_script(chosen)
    if not install:
        click.echo(script)
        return
    path = _place(chosen, Path.home())
    write_whole(path, script.encode(), mode=0o644)
    call.say("wrote {path}; it works in every new shell", path=path)
    if chosen == "zsh":
        call.say(_ZSH_HINT)


def completion_script(shell: str) -> str:
    """The script that a shell sources."""
    from briefgen.cli import main  # noqa: PLC0415  # this is one of its commands

    found = get_completion_class(shell)
    assert found is not None  # noqa: S101  # the choices are click's own
    return found(main, {}, "briefgen", "_BRIEFGEN_COMPLETE").source()


def _place(shell: str, home: Path) -> Path:
    """The file that the shell loads when it completes `briefgen`."""
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    return {
        "bash": data / "bash-completion" / "completions" / "briefgen",
        "zsh": home / ".zfunc" / "_briefgen",
        "fish": settings / "fish" / "completions" / "briefgen.fish",
    }[shell]
