"""`briefgen contacts undo`."""

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.completion import complete_contact
from briefgen.cli.contacts.lookup import the_contact
from briefgen.contacts.changes import Undone, undo
from briefgen.contacts.history import history_folder
from briefgen.contacts.reader import read_book
from briefgen.night import exit_status
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem


@click.command("undo")
@click.argument("contact", required=False, shell_complete=complete_contact)
@with_call
def undo_change(*, call: Call, contact: str | None) -> None:
    """Take the last change back: of CONTACT, or everything that was last changed together.

    A file that the change had made is taken away. What is taken out is kept in .briefgen/history/.
    A file that was edited since stays as it is.
    """
    workspace = call.workspace()
    results = undo(workspace, _stem(call, workspace, contact) if contact else None)
    done = [result for result in results if isinstance(result, Undone)]
    problems = [result for result in results if isinstance(result, Problem)]
    for one in done:
        what = (
            Phrase("was made new, and is taken away")
            if one.removed
            else Phrase("the last change is taken back")
        )
        what = Phrase("was taken away, and is there again") if one.restored else what
        if one.kept:
            kept = Phrase("what it held is kept in {kept}", kept=one.kept)
            what = Phrase("{one}; {other}", one=what, other=kept)
        call.say(Phrase("{label}: {text}", label=one.file, text=what))
    if call.as_json:
        undone = [{"file": one.file, "kept": one.kept} for one in done]
        call.report({"undone": undone, "problems": [problem.as_json() for problem in problems]})
    call.tell_problems(problems)
    if not results:
        call.fail(Phrase("there is no change to take back"), exit_status.NOTHING_MADE)
    if problems:
        raise SystemExit(exit_status.of_parts(len(done), len(problems)))


def _stem(call: Call, workspace: Workspace, contact: str) -> str:
    """The contact that is meant; a file that can no longer be read is still named by its stem."""
    if "/" not in contact and history_folder(workspace, contact).is_dir():
        return contact
    book, problems = read_book(workspace)
    return the_contact(call, book, contact, problems).stem
