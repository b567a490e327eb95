"""`briefgen contacts set`."""

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.completion import complete_contact
from briefgen.cli.contacts.change_file import change_file
from briefgen.cli.contacts.lookup import the_contact
from briefgen.contacts.edits import set_field
from briefgen.contacts.reader import read_book
from briefgen.night import exit_status
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem


@click.command("set")
@click.argument("contact", shell_complete=complete_contact)
@click.argument("field")
@click.argument("value")
@with_call
def set_value(*, call: Call, contact: str, field: str, value: str) -> None:
    """Give FIELD of CONTACT another value: set dana-smith title "COO".

    A field inside another goes by both names: relationship.status, custom.Contract. To a list the
    value is added: set dana-smith interests sailing. briefgen contacts undo takes it back.
    """
    workspace = call.workspace()
    settings = call.settings(workspace)
    book, problems = read_book(workspace)
    found = the_contact(call, book, contact, problems)
    if not value.strip():
        message = Phrase(
            "an empty value is none; take the line away with: briefgen contacts edit {file}",
            file=found.stem,
        )
        call.fail(message, exit_status.WRONG_USE)
    additions = set_field(found, field, value.strip())
    if isinstance(additions, Problem):
        call.fail(f"{additions.file}: {additions.message}", exit_status.WRONG_USE)
    if additions:
        change_file(call, workspace, settings, found, additions)
    if call.as_json:
        changed = {"contact": found.stem, "file": found.file, "field": field}
        call.report({"changed": changed if additions else None, "problems": []})
    if additions:
        call.say(f"{found.file}: {field}: {value.strip()}")
    else:
        call.say(Phrase("{file}: says so already", file=found.file))
