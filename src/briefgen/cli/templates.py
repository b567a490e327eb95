"""`briefgen templates`: the templates, and a copy of them to change."""

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.help import HelpfulGroup
from briefgen.night import exit_status
from briefgen.page.templates import has_own_templates, template_folder
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase

_FOR_PEOPLE = {
    "brief.html.j2": Phrase("the page"),
    "brief.css": Phrase("its type, grid and colours"),
    "signals.yaml": Phrase("the words for signals, and the stance each asks for"),
    "day-sheet.html.j2": Phrase("the day sheet in front of a packet"),
    "day-sheet.css": Phrase("its type and grid"),
    "mail.html.j2": Phrase("the mail that carries the briefs"),
}
"""What each template is for; one that is not named here is for briefgen alone."""


@click.group(cls=HelpfulGroup)
def templates() -> None:
    """The templates, and a copy of them to change."""


@templates.command("list")
@with_call
def list_templates(*, call: Call) -> None:
    """List the templates, and which of them are yours."""
    workspace = call.workspace
    found = [
        {"name": name, "purpose": _FOR_PEOPLE[name], "own": _is_own(workspace, name)}
        for name in _names()
    ]
    call.report({"folder": workspace.relative(workspace.templates), "templates": found})
    if call.as_json:
        return
    for one in found:
        whose = call.aligned(Phrase("yours") if one["own"] else Phrase("built in"), 9)
        call.say(f"{one['name']:18}  {whose} {call.said(str(one['purpose']))}")


@templates.command("copy")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--force", is_flag=True, help="Write over your own copies.")
@with_call
def copy_templates(*, call: Call, names: tuple[str, ...], force: bool) -> None:
    """Copy built-in templates into the workspace: those named, or all.

    A copy wins over the built-in template of its name; delete it to have the built-in one back.
    """
    workspace = call.workspace
    if unknown := sorted(set(names) - set(_names())):
        known = _names()
        call.fail(
            Phrase("no template '{unknown}'; there are {known}", unknown=unknown[0], known=known),
            exit_status.WRONG_USE,
        )
    if workspace.templates.resolve() == template_folder():
        call.fail(
            Phrase("the templates here are the built-in ones; change them as they are"),
            exit_status.WRONG_USE,
        )
    copied = []
    for name in names or _names():
        if _is_own(workspace, name) and not force:
            call.say(
                Phrase(
                    "kept     templates/{name}, which is yours; --force writes over it", name=name
                )
            )
            continue
        write_whole(workspace.templates / name, (template_folder() / name).read_bytes())
        copied.append(name)
        call.say(Phrase("copied   templates/{name}", name=name))
    call.report({"copied": [f"templates/{name}" for name in copied]})


def _names() -> list[str]:
    """The templates that are there to be changed, the page first."""
    return [name for name in _FOR_PEOPLE if (template_folder() / name).is_file()]


def _is_own(workspace: Workspace, name: str) -> bool:
    own = workspace.templates
    return has_own_templates(own) and (own / name).is_file()
