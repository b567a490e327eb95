"""`briefgen contacts import --history`: past interactions from the headers of mail."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from briefgen.cli.call import Call, parse_day
from briefgen.contacts.changes import hold
from briefgen.contacts.exchange.mail_headers import LeftOut, Message, Unread, read_messages
from briefgen.contacts.exchange.mail_history import Correspondence, plan_correspondence
from briefgen.contacts.exchange.write import Change, write_changes
from briefgen.contacts.index import open_book
from briefgen.contacts.splice import splice
from briefgen.night import exit_status
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem


@dataclass(kw_only=True)
class _Mails:
    """What was read of the mails.

    Attributes:
        left_out: how many of each kind tell nothing of what happened.
    """

    messages: list[Message] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


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
    first = parse_day(since, today, past=True) if since else today - settings.history.span
    if not settings.me.emails:
        message = Phrase("briefgen.yaml does not say which addresses are yours (me.emails)")
        call.fail(message, exit_status.WRONG_USE)
    mails = _read(call, files, first, today)
    book, _ = open_book(workspace)
    plan = plan_correspondence(mails.messages, book, mine=frozenset(settings.me.emails))
    for one in plan:
        count = len(one.additions)
        counted = Phrase.plural("{count} interaction", "{count} interactions", count)
        told = Phrase.listed([counted, _span(one)])
        call.say(Phrase("{label}: {text}", label=f"{one.stem}.yaml", text=told))
    if mails.left_out:
        call.say(Phrase("left out: {counted}", counted=_counted(mails.left_out)))
    if not plan:
        call.say(Phrase("nothing new from these mails"))
    problems = mails.problems
    if plan and not dry_run:
        call.confirm(Phrase("Write this?"), yes=yes)
        problems = [*problems, *_write(workspace, plan, keep=settings.keep.history_versions)]
    if call.as_json:
        listed = [{"contact": one.stem, "interactions": len(one.additions)} for one in plan]
        call.report(
            {
                "dry_run": dry_run,
                "contacts": listed,
                "left_out": dict(mails.left_out),
                "problems": [problem.as_json() for problem in problems],
            }
        )
    call.tell_problems(problems)
    if any(problem.severity == "error" for problem in problems):
        raise SystemExit(exit_status.PARTLY_DONE)


def _read(call: Call, files: Sequence[Path], first: date, last: date) -> _Mails:
    """The messages of these days, what is left out, and what cannot be read."""
    mails = _Mails()
    try:
        for found in (message for file in files for message in read_messages(file)):
            if isinstance(found, LeftOut):
                mails.left_out[found.kind] += 1
            elif isinstance(found, Unread):
                problem = Problem(
                    file=found.file, line=found.line, message=found.reason, severity="warning"
                )
                mails.problems.append(problem)
            elif first <= found.day <= last:
                mails.messages.append(found)
    except OSError as error:
        problem = Problem(file=str(error.filename), message=str(error.strerror))
        if call.as_json:
            call.report({"contacts": [], "left_out": {}, "problems": [problem.as_json()]})
        call.fail(f"{problem.place}: {call.said(problem.message)}", exit_status.NOTHING_MADE)
    return mails


def _counted(left_out: Mapping[str, int]) -> str:
    return Phrase.listed([_named(kind, count) for kind, count in left_out.items()])


def _named(kind: str, count: int) -> str:
    """So many mails of a kind that is left out."""
    if kind == "draft":
        return Phrase.plural("{count} draft", "{count} drafts", count)
    if kind == "spam":
        return Phrase.plural("{count} spam", "{count} spam", count)
    if kind == "deleted":
        return Phrase.plural("{count} deleted mail", "{count} deleted mails", count)
    if kind == "automatic":
        return Phrase.plural("{count} automatic reply", "{count} automatic replies", count)
    return Phrase.plural("{count} calendar answer", "{count} calendar answers", count)


def _span(one: Correspondence) -> str:
    first, last = min(one.days), max(one.days)
    if first == last:
        return str(first)
    return Phrase("{first} to {last}", first=first, last=last)


def _write(workspace: Workspace, plan: Sequence[Correspondence], *, keep: int) -> list[Problem]:
    """Write the interactions; a file that cannot be changed costs itself, a full disk all."""
    problems: list[Problem] = []
    changes = []
    for one in plan:
        path = workspace.contacts / f"{one.stem}.yaml"
        held = hold(path, workspace=workspace)
        made = held if isinstance(held, Problem) else splice(
            held.content, one.additions, file=held.file
        )  # fmt: skip
        if isinstance(held, Problem) or isinstance(made, Problem):
            problems += [one for one in (made,) if isinstance(one, Problem)]
        else:
            changes.append(Change(path=path, content=made, held=held, whose=one.stem))
    fault = write_changes(changes, workspace, keep=keep)
    return [*problems, *([fault] if fault else [])]
