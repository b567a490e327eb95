"""Groups of commands that are imported only when they are called."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class CommandsOnDemand(click.Group):
    """A group that imports a command when it is called, so that none waits for the others.

    Args:
        places: from each command's name to where it is made, like `briefgen.cli.run:run`, in the
            order of the documentation.
        settings: as `click.Group` takes them.
    """

    def __init__(
        self,
        *,
        places: Mapping[str, str],
        **settings: Any,  # noqa: ANN401  # click's own
    ) -> None:
        super().__init__(**settings)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The commands in the order of the documentation."""
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of this name, or None."""
        if cmd_name not in self._places:
            return None
        module, _, name = self._places[cmd_name].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101  # the table names commands
        return command
