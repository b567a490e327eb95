"""What `contacts set`, `note` and `merge` share: a change to a file, told with the way back."""

from collections.abc import Sequence
from typing import NoReturn

from briefgen.cli.call import Call
from briefgen.contacts.book import ContactFile
from briefgen.contacts.changes import change, hold, new_batch
from briefgen.contacts.splice import Addition
from briefgen.night import exit_status
from briefgen.workspace.folder import Workspace
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import Settings


def change_file(
    call: Call,
    workspace: Workspace,
    settings: Settings,
    contact: ContactFile,
    additions: Sequence[Addition],
) -> None:
    """Splice additions into a contact's file; tells and ends with status 1 where that fails."""
    held = hold(workspace.root / contact.file, workspace=workspace)
    if isinstance(held, Problem):
        refuse(call, held)
    result = change(
        held,
        additions,
        workspace=workspace,
        keep=settings.keep.history_versions,
        batch=new_batch(),
    )
    if isinstance(result, Problem):
        refuse(call, result)


def refuse(call: Call, problem: Problem) -> NoReturn:
    """Tell why nothing was changed, and end."""
    if call.as_json:
        call.report({"changed": None, "problems": [problem.as_json()]})
    call.tell_problems([problem])
    raise SystemExit(exit_status.NOTHING_MADE)
