"""The command line: the outermost layer, which alone reads the clock, prints and exits."""

from importlib import import_module
from typing import Final

import click

from briefgen import __version__

COMMANDS: Final = {
    "init": "briefgen.cli.init:init",
    "run": "briefgen.cli.run:run",
    "list": "briefgen.cli.listing:list_meetings",
    "show": "briefgen.cli.show:show",
    "check": "briefgen.cli.check:check",
    "nightly": "briefgen.cli.nightly:nightly",
    "send": "briefgen.cli.send:send",
    "print": "briefgen.cli.printing:print_briefs",
    "reflect": "briefgen.cli.reflect:reflect",
    "contacts": "briefgen.cli.contacts:contacts",
    "stats": "briefgen.cli.stats:stats",
    "log": "briefgen.cli.log:log",
    "templates": "briefgen.cli.templates:templates",
    "schedule": "briefgen.cli.schedule:schedule",
    "feed": "briefgen.cli.feed:feed",
    "doctor": "briefgen.cli.doctor:doctor",
    "schema": "briefgen.cli.schema:schema",
}
"""Every command and where it is made; each is imported only when it is called."""


class CommandsOnDemand(click.Group):
    """A group whose commands are imported when they are called, so that none waits for others."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The commands in the order of the documentation."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of this name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101  # the table above names commands
        return command


@click.group(cls=CommandsOnDemand, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="briefgen")
def main() -> None:
    """A one-page brief for every meeting ahead, from your own contact files and calendar."""
