"""`briefgen contacts`: everything about contact files; each subcommand is imported when called."""

from importlib import import_module
from typing import Final

import click

_PLACE = "briefgen.cli.contact_commands"
COMMANDS: Final = {
    "new": f"{_PLACE}.new:new",
    "list": f"{_PLACE}.listing:list_contacts",
    "show": f"{_PLACE}.show:show",
    "find": f"{_PLACE}.find:find",
    "duplicates": f"{_PLACE}.duplicates:duplicates",
    "undo": f"{_PLACE}.undo:undo_change",
}
"""Every subcommand and where it is made."""


class _SubcommandsOnDemand(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The subcommands in the order of the documentation."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The subcommand of this name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101  # the table above names commands
        return command


@click.group(cls=_SubcommandsOnDemand)
def contacts() -> None:
    """Contact files: list, find, make, bring in, give out and forget."""
