"""`briefgen completion`, and what the Tab key offers: contacts and meetings, without a network."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from click.shell_completion import CompletionItem, get_completion_class

from briefgen.cli.call import Call, with_call
from briefgen.contacts.book import name_key
from briefgen.contacts.exchange.text import one_line
from briefgen.contacts.index import open_book
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import NoWorkspace, Workspace, find_workspace
from briefgen.workspace.settings import Settings, read_settings

if TYPE_CHECKING:
    from briefgen.meetings.fetch import FeedCopy


_MOST = 200
_HARMLESS = re.compile(r"\w[\w ,.@+/-]*")
"""Titles that are safe on a command line; strangers write titles, and others go by their time."""


def complete_contact(
    ctx: click.Context,
    param: click.Parameter,  # noqa: ARG001  # as click calls it
    incomplete: str,
) -> list[CompletionItem]:
    """The contacts whose file name or a part of whose name begins so, each with the name."""
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
    """The titles of meetings, two weeks back and ahead, and sheets' codes that begin so."""
    workspace = _workspace(ctx)
    settings, _ = read_settings(workspace.root) if workspace else (None, ())
    if workspace is None or settings is None:
        return []
    begun = incomplete.casefold()
    offered: dict[str, str] = {}
    for word, beside in (*_titles(ctx, workspace, settings), *_codes(workspace)):
        if word.casefold().startswith(begun):
            offered.setdefault(word, beside)
    items = list(offered.items())[:_MOST]
    return [CompletionItem(_typed(word), help=one_line(beside)) for word, beside in items]


def _asks(shell: str) -> bool:
    """Whether this shell asks; click's script for fish cuts a word at its first comma."""
    return os.environ.get("_BRIEFGEN_COMPLETE", "").startswith(shell)


def _typed(word: str) -> str:
    """A word as it goes into the line: zsh and fish quote it themselves, bash does not.

    click's script for bash removes one backslash (its `read` has no `-r`).
    """
    if _asks("bash"):
        return re.sub(r"([^\w@%+,./-])", r"\\\\\1", word)
    return word


def _workspace(ctx: click.Context) -> Workspace | None:
    """The workspace of the command line being typed."""
    given = ctx.params.get("workspace_option")
    with suppress(NoWorkspace, OSError):
        named = Path(given) if given else None
        return find_workspace(named, environment=os.environ, current=Path.cwd())
    return None


def _titles(
    ctx: click.Context, workspace: Workspace, settings: Settings
) -> Iterator[tuple[str, str]]:
    from briefgen.cli.window import Around  # noqa: PLC0415  # with the calendar
    from briefgen.meetings.calendar import read_calendar  # noqa: PLC0415  # slow to import

    zone = settings.zone
    given = ctx.params.get("as_of_option")
    as_of = Call(as_of_option=given).as_of(zone)
    try:
        window = Around(date=ctx.params.get("date"), days=ctx.params.get("days")).window(as_of)
    except click.BadParameter:  # not a day
        return
    calendar = read_calendar(tuple(_copies(workspace, settings)), window=window, zone=zone)
    near = sorted(calendar.meetings, key=lambda meeting: abs(meeting.start - as_of))
    for meeting in near:
        moment = f"{meeting.start:%Y-%m-%dT%H:%M}"
        title = meeting.title.strip()
        if _HARMLESS.fullmatch(title) and not ("," in title and _asks("fish")):
            yield title, moment
        yield moment, title


def _copies(workspace: Workspace, settings: Settings) -> Iterator["FeedCopy"]:
    """The feeds as they are on this machine: files, and last good copies."""
    from briefgen.meetings.copies import Shelf  # noqa: PLC0415  # slow to import
    from briefgen.meetings.fetch import FeedCopy, unique_names  # noqa: PLC0415  # as above

    for feed, name in zip(settings.feeds, unique_names(settings.feeds), strict=True):
        content = None
        if feed.path is not None:
            with suppress(OSError):
                content = (workspace.root / Path(feed.path).expanduser()).read_bytes()
        else:
            shelf = Shelf(workspace, name, None)
            about = shelf.about()
            content = shelf.content(about) if about else None
        yield FeedCopy(name=name, content=content)


def _codes(workspace: Workspace) -> Iterator[tuple[str, str]]:
    from briefgen.brief.sheet_codes import read_codes  # noqa: PLC0415  # with the others

    for code, sheet in read_codes(workspace).items():
        yield code, sheet.title


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
