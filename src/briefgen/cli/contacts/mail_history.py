"""`briefgen contacts import --history`: past interactions from the headers of mail."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from briefgen.cli import exit_status
from briefgen.cli.call import Call, parse_day
from briefgen.contacts.changes import change, hold, new_batch
from briefgen.contacts.exchange.mail_headers import Message, Unread, read_messages
from briefgen.contacts.exchange.mail_history import Correspondence, plan_correspondence
from briefgen.contacts.index import open_book
from briefgen.workspace.folder import Workspace
from briefgen.workspace.problems import Problem

_MONTH = timedelta(days=30.44)


def import_history(
    call: Call,
    workspace: Workspace,
    files: Sequence[Path],
    *,
    since: str | None,
    dry_run: bool,
    yes: bool,
) -> None:
    """Add an interaction for each day and subject of mail with a contact; nothing of the body."""
    settings = call.settings(workspace)
    today = call.as_of(settings.zone).date()
    first = parse_day(since, today) if since else today - settings.history.months * _MONTH
    if not settings.me.emails:
        message = "briefgen.yaml does not say which addresses are yours (me.emails)"
        call.fail(message, exit_status.WRONG_USE)
    messages, problems = _read(call, files, first, today)
    book, _ = open_book(workspace)
    plan = plan_correspondence(messages, book, mine=frozenset(settings.me.emails))
    for one in plan:
        count = len(one.additions)
        counted = "1 interaction" if count == 1 else f"{count} interactions"
        call.say(f"{one.stem}.yaml: {counted}, {_span(one)}")
    if not plan:
        call.say("nothing new from these mails")
    if plan and not dry_run:
        call.confirm("Write this?", yes=yes)
        problems += _write(workspace, plan, keep=settings.keep.history_versions)
    if call.as_json:
        listed = [{"contact": one.stem, "interactions": len(one.additions)} for one in plan]
        told = [problem.as_json() for problem in problems]
        call.report({"dry_run": dry_run, "contacts": listed, "problems": told})
    call.tell_problems(problems)
    if any(problem.severity == "error" for problem in problems):
        raise SystemExit(exit_status.PARTLY_DONE)


def _read(
    call: Call, files: Sequence[Path], first: date, last: date
) -> tuple[list[Message], list[Problem]]:
    """The messages of these days, and what cannot be read."""
    messages: list[Message] = []
    problems: list[Problem] = []
    try:
        for found in (message for file in files for message in read_messages(file)):
            if isinstance(found, Unread):
                problem = Problem(
                    file=found.file, line=found.line, message=found.reason, severity="warning"
                )
                problems.append(problem)
            elif first <= found.day <= last:
                messages.append(found)
    except OSError as error:
        call.fail(f"{error.filename}: {error.strerror}", exit_status.NOTHING_MADE)
    return messages, problems


def _span(one: Correspondence) -> str:
    first, last = min(one.days), max(one.days)
    return f"{first}" if first == last else f"{first} to {last}"


def _write(workspace: Workspace, plan: Sequence[Correspondence], *, keep: int) -> list[Problem]:
    problems: list[Problem] = []
    batch = new_batch()
    for one in plan:
        held = hold(workspace.contacts / f"{one.stem}.yaml", workspace=workspace)
        if isinstance(held, Problem):
            problems.append(held)
            continue
        made = change(held, one.additions, workspace=workspace, keep=keep, batch=batch)
        if isinstance(made, Problem):
            problems.append(made)
    return problems
