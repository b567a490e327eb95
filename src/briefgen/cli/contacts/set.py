"""`briefgen contacts set` and `briefgen contacts note`."""

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.completion import complete_contact
from briefgen.cli.contacts.change_file import change_file
from briefgen.cli.contacts.lookup import the_contact
from briefgen.contacts.edits import add_note, set_field, unset_field
from briefgen.contacts.reader import read_book
from briefgen.night import exit_status
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem


@click.command("set")
@click.argument("contact", shell_complete=complete_contact)
@click.argument("field")
@click.argument("value", required=False)
@click.option("--unset", is_flag=True, help="Take FIELD out; of a list only VALUE, where given.")
@with_call
def set_value(*, call: Call, contact: str, field: str, value: str | None, unset: bool) -> None:
    """Give FIELD of CONTACT another value: set dana-smith title "COO".

    A field inside another goes by both names: relationship.status, custom.Contract. To a list the
    value is added: set dana-smith interests sailing. An empty value ("") takes the field out, as
    --unset does. briefgen contacts undo takes it back.
    """
    if value is None and not unset:
        call.fail(Phrase("give a value, or --unset to take the field out"), exit_status.WRONG_USE)
    workspace = call.workspace()
    settings = call.settings(workspace)
    book, problems = read_book(workspace)
    found = the_contact(call, book, contact, problems)
    value = (value or "").strip()
    if unset or not value:
        additions = unset_field(found, field, value)
    else:
        additions = set_field(found, field, value)
    if isinstance(additions, Problem):
        call.fail(f"{additions.file}: {call.said(additions.message)}", exit_status.WRONG_USE)
    if additions:
        change_file(call, workspace, settings, found, additions)
    if call.as_json:
        changed = {"contact": found.stem, "file": found.file, "field": field}
        call.report({"changed": changed if additions else None, "problems": []})
    if additions:
        line = f"{found.file}: {field}" + (f": {value}" if value else "")
        call.say(Phrase("{line} (taken out)", line=line) if unset or not value else line)
    else:
        call.say(Phrase("{file}: says so already", file=found.file))


@click.command("note")
@click.argument("contact", shell_complete=complete_contact)
@click.argument("text")
@with_call
def note(*, call: Call, contact: str, text: str) -> None:
    """Add a line to the notes of CONTACT, with today's date: note dana "likes early trains"."""
    workspace = call.workspace()
    settings = call.settings(workspace)
    if not text.strip():
        call.fail(Phrase("an empty note says nothing"), exit_status.WRONG_USE)
    book, problems = read_book(workspace)
    found = the_contact(call, book, contact, problems)
    today = call.as_of(settings.zone).date()
    change_file(call, workspace, settings, found, add_note(found, text, today))
    if call.as_json:
        changed = {"contact": found.stem, "file": found.file, "field": "notes"}
        call.report({"changed": changed, "problems": []})
    call.say(Phrase("{file}: noted", file=found.file))
