"""Groups of commands that are imported only when they are called."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from briefgen.cli.call import spoken
from briefgen.cli.help import Context, paragraphs
from briefgen.workspace.phrase import Phrase


class HelpfulGroup(click.Group):
    """A group that lists its commands with whole sentences and corrects a mistyped one."""

    context_class = Context

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or None; it writes its help as the group does."""
        command = super().get_command(ctx, cmd_name)
        if command is not None:
            command.context_class = Context
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called; one that does not exist is answered with the nearest."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            from difflib import get_close_matches  # noqa: PLC0415  # only for what was mistyped

            near = get_close_matches(name, self.list_commands(ctx), n=2, cutoff=0.6)
            message = Phrase("there is no command '{name}'", name=name)
            if near:
                found = tuple(f"'{one}'" for one in near)
                message = Phrase("{message}; did you mean {near}?", message=message, near=found)
            ctx.fail(message)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their first sentence, whole: click would cut it with an ellipsis."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [
            (name, paragraphs(command.help or "")[0][0])
            for name, command in commands
            if command is not None and not command.hidden
        ]
        with formatter.section(spoken(Phrase("Commands"))):
            formatter.write_dl(rows)


class LazyGroup(HelpfulGroup):
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
        command.context_class = Context
        return command
