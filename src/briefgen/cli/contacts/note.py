"""`briefgen contacts note`."""

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.completion import complete_contact
from briefgen.cli.contacts.change_file import change_file
from briefgen.cli.contacts.lookup import the_contact
from briefgen.contacts.edits import add_note
from briefgen.contacts.reader import read_book
from briefgen.night import exit_status
from briefgen.workspace.phrase import Phrase


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
