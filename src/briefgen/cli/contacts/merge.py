"""`briefgen contacts merge`."""

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.completion import complete_contact
from briefgen.cli.contacts.change_file import refuse
from briefgen.cli.contacts.lookup import the_contact
from briefgen.contacts.book import ContactFile
from briefgen.contacts.changes import Held, hold, new_batch, put_in_place, remove, take_back
from briefgen.contacts.merge import merge
from briefgen.contacts.reader import parse_contact, read_book
from briefgen.contacts.splice import splice
from briefgen.night import exit_status
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, errors
from briefgen.workspace.settings import Settings


@click.command("merge")
@click.argument("contact", shell_complete=complete_contact)
@click.argument("other", shell_complete=complete_contact)
@click.option("--yes", "-y", is_flag=True, help="Do not ask first.")
@click.option("--dry-run", is_flag=True, help="Say what would be added, and change nothing.")
@with_call
def merge_contacts(*, call: Call, contact: str, other: str, yes: bool, dry_run: bool) -> None:
    """Add what the file of OTHER says to the file of CONTACT, and take OTHER's file away.

    Nothing is lost: what contradicts goes to the notes, and OTHER's file is kept in
    .briefgen/history/. briefgen contacts undo takes all of it back.
    """
    workspace = call.workspace()
    settings = call.settings(workspace)
    book, problems = read_book(workspace)
    stays = the_contact(call, book, contact, problems)
    goes = the_contact(call, book, other, problems)
    if stays.stem == goes.stem:
        call.fail(Phrase("both are {file}", file=stays.file), exit_status.WRONG_USE)
    held, gone = _held(call, workspace, stays), _held(call, workspace, goes)
    merged = merge(*(_sound(call, one) for one in (held, gone)))
    content = splice(held.content, merged.additions, file=held.file)
    if isinstance(content, Problem):
        refuse(call, content)
    for one in merged.additions:
        call.say(f"  + {'.'.join(map(str, one.keys))}")
    for noted in merged.noted:
        call.say(
            Phrase(
                "  to the notes, since {file} says otherwise: {noted}", file=stays.file, noted=noted
            )
        )
    if dry_run:
        call.say(Phrase("nothing was changed"))
        return
    call.confirm(
        Phrase("Add this to {file}, and take {other} away?", file=stays.file, other=goes.file),
        yes=yes,
    )
    problem = _write(held, content, gone, workspace, settings)
    if problem is not None:
        refuse(call, problem)
    if call.as_json:
        call.report({"merged": {"contact": stays.stem, "removed": goes.stem}, "problems": []})
    call.say(
        Phrase(
            "{file}: has it all; {other} is kept in {folder}",
            file=stays.file,
            other=goes.file,
            folder=f".briefgen/history/{goes.stem}/",
        )
    )
    call.say(Phrase("  briefgen contacts undo {what}  takes it back", what=stays.stem))


def _held(call: Call, workspace: Workspace, contact: ContactFile) -> Held:
    held = hold(workspace.root / contact.file, workspace=workspace)
    if isinstance(held, Problem):
        refuse(call, held)
    return held


def _sound(call: Call, held: Held) -> ContactFile:
    """The contact in a file without a fault: what cannot be read could be lost."""
    contact, problems = parse_contact(held.content, held.file)
    if contact is None or errors(problems):
        call.tell_problems(errors(problems))
        call.fail(Phrase("correct this first, so that nothing is lost"), exit_status.NOTHING_MADE)
    return contact


def _write(
    held: Held, content: bytes, gone: Held, workspace: Workspace, settings: Settings
) -> Problem | None:
    """Write the one file and take the other away: both, or neither."""
    keep, batch = settings.keep.history_versions, new_batch()
    problem = put_in_place(held, content, workspace=workspace, keep=keep, batch=batch)
    if problem is not None:
        return problem
    problem = remove(gone, workspace=workspace, keep=keep, batch=batch)
    if problem is not None:
        take_back([held.path], workspace=workspace, batch=batch)
    return problem
