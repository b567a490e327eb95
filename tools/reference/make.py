"""Writes the reference pages from the code: commands, settings, contact files.

Run it from the repository's root: `python tools/reference/make.py`. A test holds the pages
against it.
"""

import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, get_args, get_origin

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from briefgen import __version__
from briefgen.cli import main
from briefgen.cli.schema import field_descriptions
from briefgen.contacts.contact import Contact, Organization
from briefgen.contacts.dates import PartialDate, Span
from briefgen.workspace.settings import Settings

sys.path.insert(0, str(Path(__file__).parent))
from states import states_page

MANUAL_DATE = "2026-11-30"
"""The date on the manual pages: that of the version, so that equal commands give equal pages."""
HEADS = Path(__file__).parent
TAKES: dict[type, str] = {
    bool: "yes or no",
    date: "a date",
    int: "a number",
    PartialDate: "a date or a part of one",
    Span: "a length of time",
}
COMMON = ("workspace_option", "as_of_option", "as_json", "verbose", "quiet")


def pages() -> dict[str, str]:
    """Each reference page's path and text."""
    return {
        "docs/commands.md": commands_page(),
        "docs/states.md": states_page(),
        "docs/settings.md": fields_page("settings.md", ("`briefgen.yaml`", Settings)),
        "docs/contact-files.md": fields_page(
            "contact-files.md",
            ("A contact: `data/contacts/*.yaml`", Contact),
            ("An organization: `data/organizations/*.yaml`", Organization),
        ),
        "docs/man/briefgen.1": manual_page(),
    }


def manual_page() -> str:
    """The manual page briefgen(1): every command with its arguments and options, for man(7)."""
    lines = [
        f'.TH BRIEFGEN 1 "{MANUAL_DATE}" "briefgen {__version__}" "User Commands"',
        ".SH NAME",
        "briefgen \\- a one-page brief for every meeting ahead",
        ".SH SYNOPSIS",
        ".B briefgen",
        "COMMAND [OPTIONS] [ARGUMENTS]",
        ".SH DESCRIPTION",
        _roff(main.help or ""),
        ".SH OPTIONS OF EVERY COMMAND",
        *_manual_options(click.Context(main), _first_command(), common=True),
        ".SH COMMANDS",
    ]
    for path, command in _commands(main, "briefgen"):
        context = click.Context(command, info_name=path)
        usage = " ".join(command.collect_usage_pieces(context))
        told = re.sub(r"\s+", " ", (command.help or "").replace("\b", "").strip())
        lines += [f'.SS "{_roff(path)} {_roff(usage)}"', _roff(told)]
        lines += _manual_options(context, command, common=False)
    lines += [".SH SEE ALSO", "briefgen docs lists the documentation; briefgen docs PAGE shows it."]
    return "\n".join(lines) + "\n"


def _manual_options(
    context: click.Context, command: click.Command, *, common: bool
) -> Iterator[str]:
    for option in _options(context, command, common=common):
        name, _, meaning = option.removeprefix("- `").partition("`: ")
        yield from (".TP", f".B {_roff(name)}", _roff(meaning))


def _roff(text: str) -> str:
    """Text as roff takes it: hyphens that can be copied, no line that begins a request."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").strip()
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


def commands_page() -> str:
    """Every command with its arguments and options."""
    lines = [
        "# Commands",
        "",
        "Every command takes, after its name:",
        "",
        *_options(click.Context(main), _first_command(), common=True),
        "",
        "A MEETING is a sheet's code, a UID, a time like `2026-11-23T10:00`, or a piece of the",
        "title that only one meeting has, looked for 14 days back and ahead, or in `--date` and",
        "`--days`.",
        "",
        "Exit status: 0 all done; 1 nothing usable could be made, or the settings cannot be read;",
        "2 wrong use, or no workspace; 3 some briefs or deliveries failed, a feed's last good copy",
        "had to serve or a feed was cut, or a sheet lost a contact that it had last time, and the",
        "rest are done; 75 another run holds the lock.",
        "",
    ]
    for path, command in _commands(main, "briefgen"):
        lines += _command_section(path, command)
    return "\n".join(lines).rstrip() + "\n"


def _first_command() -> click.Command:
    command = main.get_command(click.Context(main), "run")
    assert command is not None
    return command


def _commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path} {name}")


def _command_section(path: str, command: click.Command) -> list[str]:
    context = click.Context(command, info_name=path)
    usage = " ".join(command.collect_usage_pieces(context))
    told = re.sub(r"\s+", " ", (command.help or "").replace("\b", "").strip())
    options = list(_options(context, command, common=False))
    return [f"## `{path}`", "", told, "", f"    {path} {usage}", "", *options, ""]


def _options(context: click.Context, command: click.Command, *, common: bool) -> Iterator[str]:
    for parameter in command.get_params(context):
        if not isinstance(parameter, click.Option) or (parameter.name in COMMON) != common:
            continue
        if "--help" in parameter.opts:
            continue
        record = parameter.get_help_record(context)
        if record is not None:
            yield f"- `{record[0]}`: {record[1]}"


def fields_page(head: str, *parts: tuple[str, type[BaseModel]]) -> str:
    """A hand-written head, then every field of each model with its meaning."""
    lines = [(HEADS / head).read_text(encoding="utf-8").rstrip(), ""]
    for title, model in parts:
        lines += [f"## Fields of {title}", "", "| field | takes | meaning |", "| --- | --- | --- |"]
        lines += [*_rows(model, ""), ""]
    return "\n".join(lines).rstrip() + "\n"


def _rows(model: type[BaseModel], path: str) -> Iterator[str]:
    described = field_descriptions(model)
    for name, field in model.model_fields.items():
        written = field.alias or name
        meaning = re.sub(r"\s+", " ", described[written]).replace("|", "\\|")
        yield f"| `{path}{written}` | {_takes(field.annotation)} | {meaning}{_default(field)} |"
        inner = _model_in(field.annotation)
        if inner is not None:
            many = "[]" if _is_list(field.annotation) else ""
            yield from _rows(inner, f"{path}{written}{many}.")


def _default(field: FieldInfo) -> str:
    default = field.default
    if isinstance(default, bool):
        return f" Default: {'yes' if default else 'no'}."
    return f" Default: {default}." if isinstance(default, str | int) and default != "" else ""


def _arguments(annotation: object) -> tuple[object, ...]:
    given = get_args(annotation)
    if get_origin(annotation) is Annotated:
        return _arguments(given[0]) or (given[0],)
    return tuple(part for part in given if part not in {type(None), Ellipsis})


def _is_list(annotation: object) -> bool:
    return get_origin(annotation) is tuple or any(_is_list(a) for a in _arguments(annotation))


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for a in _arguments(annotation) if (m := _model_in(a))), None)


def _takes(annotation: object) -> str:
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(annotation))
    if get_origin(annotation) is tuple:
        return f"a list: {_takes(_arguments(annotation)[0])}"
    if isinstance(annotation, type):
        return "fields" if issubclass(annotation, BaseModel) else TAKES.get(annotation, "text")
    return " or ".join(dict.fromkeys(_takes(part) for part in _arguments(annotation))) or "text"


def write() -> None:
    """Write every page."""
    for path, text in pages().items():
        Path(path).parent.mkdir(exist_ok=True)
        Path(path).write_text(text, encoding="utf-8")
        print(path)


if __name__ == "__main__":
    write()
