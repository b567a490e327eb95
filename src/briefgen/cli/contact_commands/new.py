"""`briefgen contacts new`."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import click

from briefgen.cli import exit_status
from briefgen.cli.call import Call, with_call
from briefgen.contacts.drafting import contact_text, stem_for
from briefgen.contacts.reader import parse_contact, read_contact
from briefgen.document import Plain
from briefgen.values import exact_address
from briefgen.workspace import Workspace
from briefgen.writing import write_whole


@click.command("new")
@click.argument("name")
@click.option("--email", "emails", multiple=True, help="An address; may be given several times.")
@click.option("--organization", help="Where they work.")
@click.option("--title", help="What they do there.")
@click.option(
    "--edit/--no-edit", default=None, help="Open the file in $EDITOR; default in a terminal."
)
@with_call
def new(
    *,
    call: Call,
    name: str,
    emails: tuple[str, ...],
    organization: str | None,
    title: str | None,
    edit: bool | None,
) -> None:
    """Make a contact file for NAME, with comments that show what else can stand in it."""
    workspace = call.workspace()
    fields: dict[str, Plain] = {
        "name": name.strip(),
        "emails": [_address(email) for email in emails],
        "organization": organization,
        "title": title,
    }
    path = write_new(call, workspace, fields)
    if call.as_json:
        call.report({"contacts": [{"contact": path.stem, "file": workspace.relative(path)}]})
    call.say(f"{workspace.relative(path)} made")
    if edit or (edit is None and sys.stdin.isatty() and sys.stdout.isatty()):
        open_in_editor(call, workspace, (path,))


def _address(given: str) -> str:
    try:
        return exact_address(given)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--email") from None


def write_new(call: Call, workspace: Workspace, fields: dict[str, Plain]) -> Path:
    """Write a new contact file, never over one that is there; proved with the reader first."""
    stem = stem_for(str(fields["name"]), lambda s: (workspace.contacts / f"{s}.yaml").exists())
    path = workspace.contacts / f"{stem}.yaml"
    content = contact_text(fields).encode()
    contact, problems = parse_contact(content, workspace.relative(path))
    if contact is None or problems:
        call.tell_problems(problems)
        call.fail("no file made", exit_status.WRONG_USE)
    try:
        write_whole(path, content)
    except OSError as error:
        call.fail(f"{workspace.relative(path)}: {error.strerror}", exit_status.NOTHING_MADE)
    return path


def open_in_editor(call: Call, workspace: Workspace, paths: tuple[Path, ...]) -> None:
    """Open files in `$VISUAL` or `$EDITOR`, and say what is wrong in them afterwards."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        subprocess.run([*shlex.split(editor), *map(str, paths)], check=False)
    except (OSError, ValueError) as error:
        call.fail(f"the editor '{editor}' cannot be started: {error}", exit_status.NOTHING_MADE)
    for path in paths:
        _, problems = read_contact(path, workspace.relative(path))
        call.tell_problems(problems)
