"""`briefgen contacts`: everything about contact files; each subcommand is imported when called."""

from typing import Final

import click

from briefgen.cli.help import LazyGroup

_PLACE = "briefgen.cli.contacts"
COMMANDS: Final = {
    "new": f"{_PLACE}.new:new",
    "edit": f"{_PLACE}.change:edit",
    "set": f"{_PLACE}.change:set_value",
    "note": f"{_PLACE}.change:note",
    "merge": f"{_PLACE}.change:merge_contacts",
    "list": f"{_PLACE}.lookup:list_contacts",
    "show": f"{_PLACE}.lookup:show",
    "find": f"{_PLACE}.lookup:find",
    "duplicates": f"{_PLACE}.lookup:duplicates",
    "undo": f"{_PLACE}.change:undo_change",
    "import": f"{_PLACE}.imports:import_contacts",
    "export": f"{_PLACE}.lookup:export",
    "forget": f"{_PLACE}.change:forget_contact",
}
"""Every subcommand and where it is defined."""


@click.group(cls=LazyGroup, places=COMMANDS)
def contacts() -> None:
    """Contact files: make, change, list, find, import, export and forget."""
