"""`briefgen contacts edit`, in the user's own editor."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from briefgen.cli.call import Call, with_call
from briefgen.cli.completion import complete_contact
from briefgen.cli.contacts.change_file import refuse
from briefgen.cli.contacts.lookup import the_contact
from briefgen.cli.questions import Back, reply_yes
from briefgen.contacts.changes import Held, hold, keep_former, new_batch
from briefgen.contacts.index import open_book
from briefgen.contacts.reader import parse_contact
from briefgen.night import exit_status
from briefgen.workspace.folder import Workspace
from briefgen.workspace.language import Language
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, errors


@click.command("edit")
@click.argument("contact", shell_complete=complete_contact)
@with_call
def edit(*, call: Call, contact: str) -> None:
    """Open the file of CONTACT in your editor ($VISUAL, $EDITOR), and check it afterwards.

    What it said before is kept: briefgen contacts undo takes the change back.
    """
    workspace = call.workspace()
    settings = call.settings(workspace)
    path = workspace.contacts / f"{_stem(call, workspace, contact)}.yaml"
    before = hold(path, workspace=workspace)
    if isinstance(before, Problem):
        refuse(call, before)
    after = _edited(call, workspace, before, call.language)
    if after == before.content:
        call.say(Phrase("{file}: not changed", file=before.file))
        return
    batch, keep = new_batch(), settings.keep.history_versions
    unkept = keep_former(before, after, workspace=workspace, keep=keep, batch=batch)
    contact_file, problems = parse_contact(after, before.file)
    if call.as_json:
        found = [problem.as_json() for problem in problems]
        call.report({"changed": {"contact": path.stem, "file": before.file}, "problems": found})
    call.tell_problems([*problems, *([unkept] if unkept else [])])
    call.say(Phrase("{file}: changed", file=before.file))
    call.say(Phrase("  briefgen contacts undo {what}  takes it back", what=path.stem))
    if contact_file is None:
        raise SystemExit(exit_status.NOTHING_MADE)


def _edited(call: Call, workspace: Workspace, before: Held, language: Language) -> bytes:
    """What the file says after the editor, which opens once more where something is wrong."""
    at_a_terminal = sys.stdin.isatty() and sys.stdout.isatty() and not call.as_json
    while True:
        run_editor(call, (before.path,))
        now = hold(before.path, workspace=workspace)
        if isinstance(now, Problem):
            refuse(call, now)
        _, problems = parse_contact(now.content, now.file)
        if not (at_a_terminal and errors(problems)):
            return now.content
        call.tell_problems(problems)
        try:
            if not reply_yes(language.text("Open it again to correct this?"), language):
                return now.content
        except Back:
            return now.content


def _stem(call: Call, workspace: Workspace, contact: str) -> str:
    """The file that is meant; one that cannot be read is still named by its stem."""
    if "/" not in contact and (workspace.contacts / f"{contact}.yaml").is_file():
        return contact
    book, problems = open_book(workspace)
    return the_contact(call, book, contact, problems).stem


def run_editor(call: Call, paths: Sequence[Path]) -> None:
    """Open files in `$VISUAL` or `$EDITOR` and wait until it is closed."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or _plain_editor()
    try:
        subprocess.run([*shlex.split(editor), *map(str, paths)], check=False)
    except (OSError, ValueError):
        message = Phrase(
            "the editor '{editor}' cannot be started; open the file in one of yours", editor=editor
        )
        call.fail(message, exit_status.NOTHING_MADE)


def _plain_editor() -> str:
    """Where nobody chose one: what the system calls its editor, before vi, which few can leave."""
    found = (name for name in ("sensible-editor", "editor", "nano") if shutil.which(name))
    return next(found, "vi")
