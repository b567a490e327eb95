"""What is wrong with one person's place in a roster, before the night finds out."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from briefgen.team.night import workspace_of
from briefgen.team.remote import NoCopy, private_copy
from briefgen.team.roster import Member, Roster, is_server
from briefgen.workspace.folder import NoWorkspace, find_workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem
from briefgen.workspace.settings import read_settings


def check_member(roster: Roster, member: Member) -> Iterator[Problem]:
    """Every problem of one person's workspace and settings; files go by the person's name."""
    with ExitStack() as stack:
        place = workspace_of(roster, member)
        try:
            if member.remote:
                root = stack.enter_context(private_copy(place)).folder
            else:
                root = find_workspace(Path(place), environment={}, current=Path.cwd()).root
        except (NoCopy, NoWorkspace) as error:
            yield _of(roster, member, str(error))
            return
        over, under = roster.layers(member)
        settings, problems = read_settings(root, over=over, under=under)
        for problem in problems:
            own = problem.file != roster.file
            yield replace(problem, file=f"{member.person}: {problem.file}") if own else problem
        if settings is not None and not settings.feeds:
            message = Phrase(
                "{person}: no calendar, so that there is nothing to make briefs for;"
                " write `feeds` into their briefgen.yaml",
                person=member.person,
            )
            yield replace(_of(roster, member, message), severity="warning", field="feeds")
        if member.remote and not is_server(roster.store):
            message = Phrase(
                "{person}: a workspace elsewhere, and the ledger is a file here; other machines"
                " will not know what was mailed. Write `ledger: postgresql://…`",
                person=member.person,
            )
            yield replace(_of(roster, member, message), severity="warning")


def _of(roster: Roster, member: Member, message: str) -> Problem:
    return Problem(file=roster.file, line=member.line, field="workspace", message=message)
