"""Groups of commands, and help in the user's language, translated as it is printed.

Commands and options are defined with English texts, so that a call without `--help` loads no
catalogue; `tools/catalogues.py` finds the texts there.
"""

import inspect
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any, Final

import click
from click import core, exceptions, formatting, parser, termui, types

from briefgen.cli.call import translated
from briefgen.cli.terminal import columns_of, wrapped
from briefgen.workspace.phrase import Phrase

_Catalogued: Final = Phrase
"""A message that the catalogues take from the definition of a command, or from `CLICKS_OWN`."""
_SENTENCES: Final = re.compile(r"(.+?\.) (?=[A-Z])(.+)")
_WITH_EXTRA: Final = re.compile(r"(.*?)(  \[[^\]]*\])?", re.DOTALL)
"""What an option does, followed by its default or range in brackets."""
_WIDEST_TERM: Final = 30
_METAVAR: Final = re.compile(r"(?<=[\w-] )[A-Z][A-Z/=]*$")
"""The value of an option, as in `--as-of TIME`."""
_OF_USAGE: Final = re.compile(r"\[OPTIONS\]|COMMAND \[ARGS\]\.\.\.")


def paragraphs(text: str) -> list[tuple[str, ...]]:
    """A command's help in the parts that are translated: paragraphs, and the first sentence."""
    first, *others = (" ".join(part.split()) for part in inspect.cleandoc(text).split("\n\n"))
    sentences = _SENTENCES.fullmatch(first)
    return [sentences.groups() if sentences else (first,), *((one,) for one in others)]


class Formatter(click.HelpFormatter):
    """Writes help in the language of the terminal."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """How the command is called."""
        super().write_usage(prog, _OF_USAGE.sub(_translated, args), prefix)

    def write_text(self, text: str) -> None:
        """What a command does."""
        columns = self.width - self.current_indent
        said = [_in_columns(_joined(one), columns) for one in paragraphs(text)]
        super().write_text("\n\n".join(said))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = _WIDEST_TERM, col_spacing: int = 2
    ) -> None:
        """Options or commands, and what they do."""
        rows = [(_METAVAR.sub(_translated, term), what) for term, what in rows]
        terms = min(max(columns_of(term) for term, _ in rows), col_max) + col_spacing
        columns = max(self.width - terms - 2, 10)
        super().write_dl(
            [(term, _in_columns(_said(what), columns)) for term, what in rows], col_max, col_spacing
        )


class Context(click.Context):
    """A click context whose help is written in the language of the terminal."""

    formatter_class = Formatter


class HelpfulGroup(click.Group):
    """A group that lists its commands with whole sentences and suggests one for a typing error."""

    context_class = Context

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or None; its help is formatted like the group's."""
        command = super().get_command(ctx, cmd_name)
        if command is not None:
            command.context_class = Context
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called; for one that does not exist, suggest the nearest."""
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
        """The commands with their whole first sentence, which click would cut with an ellipsis."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [
            (name, paragraphs(command.help or "")[0][0])
            for name, command in commands
            if command is not None and not command.hidden
        ]
        with formatter.section(translated(Phrase("Commands"))):
            formatter.write_dl(rows)


class LazyGroup(HelpfulGroup):
    """A group that imports a command only when it is called.

    Args:
        places: from each command's name to where it is defined, like `briefgen.cli.run:run`, in the
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


def _joined(sentences: Sequence[str]) -> str:
    first, *others = map(_Catalogued, sentences)
    for other in others:
        first = Phrase("{one} {other}", one=first, other=other)
    return translated(first)


def _translated(found: re.Match[str]) -> str:
    return translated(_Catalogued(found[0]))


def _said(what: str) -> str:
    parts = _WITH_EXTRA.fullmatch(what)
    assert parts is not None  # noqa: S101  # it takes any text
    return translated(_Catalogued(parts[1])) + (parts[2] or "")


def _in_columns(text: str, columns: int) -> str:
    """A text with its own line breaks if it has wide characters, which click counts as narrow."""
    if columns_of(text) == len(text):
        return text
    return "\n".join(["\b", *wrapped(text, columns)])


CLICKS_OWN: Final = (
    Phrase("Usage:"),
    Phrase("[OPTIONS]"),
    Phrase("COMMAND [ARGS]..."),
    Phrase("PATH"),
    Phrase("SPAN"),
    Phrase("TEXT"),
    Phrase("Options"),
    Phrase("Commands"),
    Phrase("Show this message and exit."),
    Phrase("default: {default}"),
    Phrase("required"),
    Phrase("Error: {message}"),
    Phrase("Try '{command} {option}' for help."),
    Phrase("Invalid value: {message}"),
    Phrase("Invalid value for {param_hint}: {message}"),
    Phrase("Missing argument"),
    Phrase("Missing option"),
    Phrase("Missing command."),
    Phrase("No such option {name!r}."),
    Phrase("Did you mean {possibility}?"),
    Phrase("(Did you mean one of: {possibilities}?)"),
    Phrase("Option {name!r} requires an argument."),
    Phrase("Option {name!r} does not take a value."),
    Phrase("Got unexpected extra argument ({args})"),
    Phrase("Got unexpected extra arguments ({args})"),
    Phrase("{value!r} is not one of {choices}."),
    Phrase("{value!r} is not a valid {number_type}."),
    Phrase("{value} is not in the range {range}."),
    Phrase("{name} {filename!r} does not exist."),
    Phrase("Aborted!"),
)
"""The texts of click's own that users meet, for the catalogues."""
_CLICKS_OWN: Final = frozenset(CLICKS_OWN)


class _ClickText(str):
    """A translated text of click's; its values are translated too."""

    __slots__ = ()

    def format(self, *given: object, **values: Any) -> str:  # noqa: ANN401  # as `str.format`
        """The text with these values."""
        said = {name: translated(v) if isinstance(v, str) else v for name, v in values.items()}
        return super().format(*given, **said)


def _of_click(message: str) -> str:
    return _ClickText(translated(_Catalogued(message))) if message in _CLICKS_OWN else message


def _of_click_by_number(one: str, many: str, count: int) -> str:
    return _of_click(one if count == 1 else many)


def translate_click() -> None:
    """Let click print its own texts in the language of the terminal.

    It looks them up by gettext, which knows the language of the machine but not of a workspace.
    """
    for module in (core, exceptions, formatting, parser, termui, types):
        vars(module)["_"] = _of_click
        vars(module)["ngettext"] = _of_click_by_number
    vars(formatting)["term_len"] = columns_of  # click counts wide characters as narrow
