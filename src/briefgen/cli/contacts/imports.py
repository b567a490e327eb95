"""`briefgen contacts import`: people from address books, past interactions from mail."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import click

from briefgen.cli.call import Call, parse_day, with_call
from briefgen.cli.terminal import wrapped_lines
from briefgen.contacts.changes import hold
from briefgen.contacts.exchange.additions import (
    Correspondence,
    plan_correspondence,
    read_remembered,
)
from briefgen.contacts.exchange.charset import Charset, known_charset
from briefgen.contacts.exchange.columns import FIELDS
from briefgen.contacts.exchange.importers import files_in, read_people
from briefgen.contacts.exchange.mail import LeftOut, Message, Unread, read_messages
from briefgen.contacts.exchange.person import NotOfPeople, Options, Place
from briefgen.contacts.exchange.plan import Plan, Step, plan_import
from briefgen.contacts.exchange.write import Change, prepare, write_all, write_changes
from briefgen.contacts.index import open_book
from briefgen.contacts.splice import splice
from briefgen.night import exit_status
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, errors

_SHOWN = 40
"""How many lines of each kind are shown without `--verbose`."""


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show the plan and write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before writing.")
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="What a column of a table is, like Mobile=telephone; another one shows the fields.",
)
@click.option(
    "--dates",
    type=click.Choice(["day-first", "month-first"]),
    help="What 03/04/1985 means.",
)
@click.option("--encoding", metavar="NAME", help="The files' charset, like windows-1251.")
@click.option(
    "--sync", is_flag=True, help="Also take over what changed in FILES since the last --sync."
)
@click.option(
    "--history", is_flag=True, help="FILES are mail: past interactions, only from the headers."
)
@click.option("--since", metavar="DAY", help="With --history: nothing before this day.")
@with_call
def import_contacts(
    *,
    call: Call,
    files: tuple[Path, ...],
    dry_run: bool,
    yes: bool,
    columns: tuple[str, ...],
    dates: str | None,
    encoding: str | None,
    sync: bool,
    history: bool,
    since: str | None,
) -> None:
    """Bring in people from FILES: vCards, tables (CSV, xlsx), Monica's JSON, Markdown notes; mail.

    Shows what will happen to each person and each column, then writes all of it or nothing: new
    files for people who are not on file, and for others only what their file does not have yet. A
    second run changes nothing. A folder means the vCards and notes in it.
    """
    if history:
        import_history(call, files, since=since, dry_run=dry_run, yes=yes)
        return
    workspace = call.workspace
    options = Options(
        columns=_mapping(columns),
        day_first={"day-first": True, "month-first": False}.get(dates or ""),
        charset=_charset(encoding),
    )
    keep = call.settings.keep.history_versions
    plan = prepare(_plan(call, files, options, sync=sync), workspace)
    show_plan(call, plan)
    fault = None
    to_write = any(step.action in {"new", "merge"} for step in plan.steps)
    if to_write and not dry_run:
        call.confirm(Phrase("Save these changes?"), yes=yes)
    if (to_write or sync) and not dry_run:
        fault = write_all(plan, workspace, keep=keep, remember_all=sync)
    if call.as_json:
        _report(call, plan, dry_run=dry_run, fault=fault)
    if fault is not None:
        call.report_problems([fault])
        raise SystemExit(exit_status.NOTHING_MADE)
    if to_write and not dry_run:
        call.say(Phrase("saved; to undo: briefgen contacts undo"))
    if any(step.action in {"refused", "doubtful"} for step in plan.steps):
        raise SystemExit(exit_status.PARTLY_DONE)


def _mapping(columns: Sequence[str]) -> dict[str, str]:
    made = {}
    for given in columns:
        column, equals, kind = given.rpartition("=")
        if not equals or kind not in FIELDS:
            message = Phrase(
                "'{given}' is not COLUMN=FIELD with a field of: {fields}",
                given=given,
                fields=tuple(FIELDS),
            )
            raise click.BadParameter(message, param_hint="--map")
        made[column] = kind
    return made


def _charset(name: str | None) -> Charset | None:
    try:
        return known_charset(name) if name else None
    except LookupError:
        message = Phrase(
            "'{name}' is not a charset; write it like windows-1251, utf-8 or shift_jis", name=name
        )
        raise click.BadParameter(message, param_hint="--encoding") from None


def _plan(call: Call, files: Sequence[Path], options: Options, *, sync: bool) -> Plan:
    """The plan; a file that cannot be read ends the command with status 1."""
    book, _ = open_book(call.workspace)
    remembered = read_remembered(call.workspace) if sync else None
    try:
        paths = [inner for file in files for inner in files_in(file)]
        return plan_import(read_people(paths, options), book, remembered=remembered)
    except OSError as error:
        problem = Problem(file=str(error.filename or files[0]), message=str(error.strerror))
    except NotOfPeople as error:
        problem = Problem(file=error.file or str(files[0]), message=str(error))
    call.report({"people": [], "columns": []}, [problem])
    return call.fail(f"{problem.file}: {call.said(problem.message)}")


def show_plan(call: Call, plan: Plan) -> None:
    """Print where each column goes, and what will happen to each person."""
    _show_columns(call, plan)
    kinds: dict[str, list[Step]] = {}
    for step in plan.steps:
        kinds.setdefault(step.action, []).append(step)
    for action in ("new", "merge", "doubtful", "refused"):
        found = kinds.get(action, [])
        for step in found if call.verbose else found[:_SHOWN]:
            call.say(_line(call, step))
        if len(found) > _SHOWN and not call.verbose:
            call.say(
                "{action}: and {count} more; --verbose shows them",
                action=_ACTIONS[action],
                count=len(found) - _SHOWN,
            )
    for step in kinds.get("unchanged", ()):
        if step.remarks:
            call.say(_line(call, step))
    for file in dict.fromkeys(step.source for step in plan.steps):
        counts = {action: sum(s.source == file for s in found) for action, found in kinds.items()}
        shown = [
            Phrase("{count} {what}", count=count, what=_ACTIONS[action])
            for action, count in sorted(counts.items(), key=lambda one: f"{one[1]} {one[0]}")
            if count
        ]
        call.say("{label}: {text}", label=file, text=Phrase.listed(shown))
    if not plan.steps:
        call.say(Phrase("nobody in these files"))


def _show_columns(call: Call, plan: Plan) -> None:
    for file in dict.fromkeys(place.file for place in plan.places):
        places = [place for place in plan.places if place.file == file]
        taken = [place for place in places if place.field or not place.is_fixed]
        told = Phrase.chained(list(dict.fromkeys(map(str, taken))))
        _say(call, Phrase("{label}: {text}", label=file, text=told))
        if any(place.field == "notes" for place in places):
            notes = Phrase(
                "notes are kept, but not printed; briefgen contacts show NAME shows them"
            )
            _say(call, Phrase("{label}: {text}", label=file, text=notes))
        if left := _not_taken(places):
            sources = [place.source for place in left]
            _say(call, Phrase("{file}: columns not taken: {sources}", file=file, sources=sources))
    for remark in plan.remarks:
        call.say("{label}: {text}", label=remark.file, text=remark.text)


def _say(call: Call, text: str) -> None:
    """Print a line that may be long, broken between words."""
    call.say(wrapped_lines(call.said(text)).rstrip("\n"))


def _not_taken(places: Iterable[Place]) -> list[Place]:
    return [place for place in places if place.field is None]


_ACTIONS: Final = {
    "new": Phrase("new"),
    "merge": Phrase("merge"),
    "doubtful": Phrase("doubtful"),
    "refused": Phrase("refused"),
    "unchanged": Phrase("unchanged"),
}
"""What happens to a person, by the word in the report."""


def _line(call: Call, step: Step) -> str:
    remarks = f" ({call.said(Phrase.chained(step.remarks))})" if step.remarks else ""
    action = call.said(_ACTIONS[step.action])
    if step.action == "new":
        kind = f"{call.said(Phrase('organization'))} " if step.is_organization else ""
        return f"{action}: {kind}{step.name} → {step.stem}.yaml{remarks}"
    if step.action == "merge":
        return f"{action}: {step.name} → {step.stem}.yaml + {', '.join(step.adds)}{remarks}"
    place = f"{step.source}:{step.line}:"
    return f"{action}: {place}{step.name and f' {step.name}'}{remarks}"


def _report(call: Call, plan: Plan, *, dry_run: bool, fault: Problem | None) -> None:
    problems = [
        *([fault] if fault else []),
        *(Problem(file=r.file, message=r.text, severity="warning") for r in plan.remarks),
        *(
            Problem(
                file=p.file, field=p.source, message=Phrase("column not taken"), severity="warning"
            )
            for p in _not_taken(plan.places)
        ),
        *(
            Problem(
                file=step.source,
                line=step.line,
                field=step.name,
                message=remark,
                severity="error" if step.action in {"refused", "doubtful"} else "warning",
            )
            for step in plan.steps
            for remark in step.remarks
        ),
    ]
    told = {
        "dry_run": dry_run,
        "written": not dry_run and fault is None,
        "columns": [
            {"file": p.file, "column": p.source, "field": p.field, "guess": p.is_guess}
            for p in plan.places
        ],
        "people": [
            {
                "source": f"{step.source}:{step.line}",
                "name": step.name or None,
                "action": step.action,
                "kind": "organization" if step.is_organization else "person",
                "file": _file(step, call.workspace),
                "adds": list(step.adds),
                "remarks": list(step.remarks),
            }
            for step in plan.steps
        ],
    }
    call.report(told, problems)


def _file(step: Step, workspace: Workspace) -> str | None:
    if not step.stem:
        return None
    folder = workspace.organizations if step.is_organization else workspace.contacts
    return workspace.relative(folder / f"{step.stem}.yaml")


@dataclass(kw_only=True)
class _Mails:
    """What was found in the mails.

    Attributes:
        left_out: how many of each kind say nothing about what happened.
    """

    messages: list[Message] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def import_history(
    call: Call,
    files: Sequence[Path],
    *,
    since: str | None,
    dry_run: bool,
    yes: bool,
) -> None:
    """Add an interaction for each day and subject of mail with a contact; nothing of the body."""
    workspace, settings, today = call.workspace, call.settings, call.today
    first = parse_day(since, today, past=True) if since else today - settings.history.span
    if not settings.me.emails:
        message = Phrase("briefgen.yaml does not say which addresses are yours (me.emails)")
        call.wrong_use(message)
    mails = _read(call, files, first, today)
    book, _ = open_book(workspace)
    plan = plan_correspondence(mails.messages, book, mine=frozenset(settings.me.emails))
    for one in plan:
        count = len(one.additions)
        counted = Phrase.plural("{count} interaction", "{count} interactions", count)
        told = Phrase.listed([counted, _span(one)])
        call.say("{label}: {text}", label=f"{one.stem}.yaml", text=told)
    if mails.left_out:
        left_out = [_LEFT_OUT[kind](count) for kind, count in mails.left_out.items()]
        call.say("left out: {counted}", counted=Phrase.listed(left_out))
    if not plan:
        call.say(Phrase("nothing new from these mails"))
    problems = mails.problems
    if plan and not dry_run:
        call.confirm(Phrase("Save these changes?"), yes=yes)
        problems = [*problems, *_write(workspace, plan, keep=settings.keep.history_versions)]
    report = {
        "dry_run": dry_run,
        "contacts": [{"contact": one.stem, "interactions": len(one.additions)} for one in plan],
        "left_out": dict(mails.left_out),
    }
    call.report(report, problems)
    call.report_problems(problems)
    if errors(problems):
        raise SystemExit(exit_status.PARTLY_DONE)


def _read(call: Call, files: Sequence[Path], first: date, last: date) -> _Mails:
    """The messages of these days, and what was left out or cannot be read."""
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
        call.report({"contacts": [], "left_out": {}}, [problem])
        call.fail(f"{problem.place}: {call.said(problem.message)}")
    return mails


_LEFT_OUT: Final[dict[str, Callable[[int], str]]] = {
    "draft": lambda n: Phrase.plural("{count} draft", "{count} drafts", n),
    "spam": lambda n: Phrase.plural("{count} spam", "{count} spam", n),
    "deleted": lambda n: Phrase.plural("{count} deleted mail", "{count} deleted mails", n),
    "automatic": lambda n: Phrase.plural("{count} automatic reply", "{count} automatic replies", n),
    "calendar": lambda n: Phrase.plural("{count} calendar answer", "{count} calendar answers", n),
    "list": lambda n: Phrase.plural("{count} mail of a list", "{count} mails of lists", n),
}
"""The count of a kind of mail that is left out."""


def _span(one: Correspondence) -> str:
    first, last = min(one.days), max(one.days)
    if first == last:
        return str(first)
    return Phrase("{first} to {last}", first=first, last=last)


def _write(workspace: Workspace, plan: Sequence[Correspondence], *, keep: int) -> list[Problem]:
    """Write the interactions; a bad file is skipped, but a full disk stops everything."""
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
