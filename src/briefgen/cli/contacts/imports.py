"""`briefgen contacts import`."""

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import click

from briefgen.cli import exit_status
from briefgen.cli.call import Call, with_call
from briefgen.contacts.changes import change, hold, new_batch, put_new
from briefgen.contacts.exchange.csv_table import FIELDS, read_table
from briefgen.contacts.exchange.person import Incoming, Refused
from briefgen.contacts.exchange.plan import Step, plan_import
from briefgen.contacts.exchange.vcard import read_vcards
from briefgen.contacts.index import open_book
from briefgen.contacts.new_file import contact_text
from briefgen.contacts.pictures import small_picture
from briefgen.contacts.reader import parse_contact
from briefgen.contacts.splice import Put
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.problems import Problem

_SHOWN = 40
"""So many lines of each kind are shown where `--verbose` does not ask for all."""


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show the plan and write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before writing.")
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="COLUMN=FIELD",
    help=f"What a column of a CSV is; FIELD is one of: {', '.join(FIELDS)}.",
)
@click.option(
    "--dates",
    type=click.Choice(["day-first", "month-first"]),
    help="What 03/04/1985 means.",
)
@click.option(
    "--history", is_flag=True, help="FILES are mail: past interactions from the headers alone."
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
    history: bool,
    since: str | None,
) -> None:
    """Bring in people from FILES: vCard (.vcf), CSV of any address book; with --history, mail.

    Shows what will become of each person, then writes: new files for those who are not on file,
    and for others only what their file does not have yet. Once more changes nothing.
    """
    workspace = call.workspace()
    if history:
        from briefgen.cli.contacts.mail_history import import_history  # noqa: PLC0415

        import_history(call, workspace, files, since=since, dry_run=dry_run, yes=yes)
        return
    keep = call.settings(workspace).keep.history_versions
    writing = _Writing(workspace=workspace, keep=keep, batch=new_batch())
    day_first = {"day-first": True, "month-first": False}.get(dates or "")
    mapping = _mapping(columns)
    status = exit_status.DONE
    documents = []
    for file in files:
        steps = _plan(call, workspace, file, mapping, day_first=day_first)
        show_plan(call, file, steps)
        if not dry_run and any(step.action in {"new", "merge"} for step in steps):
            call.confirm("Write this?", yes=yes)
            steps = tuple(_done(writing, file, step) for step in steps)
        documents.append((file, steps))
        if any(step.action in {"refused", "doubtful"} for step in steps):
            status = exit_status.PARTLY_DONE
    if call.as_json:
        call.report(_report(documents, workspace, dry_run=dry_run))
    raise SystemExit(status)


def _mapping(columns: Sequence[str]) -> dict[str, str]:
    made = {}
    for given in columns:
        column, equals, kind = given.rpartition("=")
        if not equals or kind not in FIELDS:
            message = f"'{given}' is not COLUMN=FIELD with a field of: {', '.join(FIELDS)}"
            raise click.BadParameter(message, param_hint="--map")
        made[column] = kind
    return made


def _plan(
    call: Call,
    workspace: Workspace,
    file: Path,
    mapping: dict[str, str],
    *,
    day_first: bool | None,
) -> tuple[Step, ...]:
    book, _ = open_book(workspace)
    try:
        with closing(_people(file, mapping, day_first=day_first)) as people:
            return plan_import(people, book)
    except OSError as error:
        call.fail(f"{file}: {error.strerror}", exit_status.NOTHING_MADE)
    except (ValueError, UnicodeError) as error:
        call.fail(f"{file}: {error}", exit_status.NOTHING_MADE)


def _people(
    file: Path, mapping: dict[str, str], *, day_first: bool | None
) -> Generator[Incoming | Refused, None, None]:
    """The people of a file, which is told by its content: a vCard begins with BEGIN:VCARD."""
    with file.open("rb") as stream:
        start = stream.read(4096).replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe\r\n\t ")
        stream.seek(0)
        if start[:2] == b"PK":
            raise ValueError("a zipped file or spreadsheet; save it as CSV or vCard first")
        if start[:11].upper() == b"BEGIN:VCARD" or file.suffix.casefold() in {".vcf", ".vcard"}:
            yield from read_vcards(stream)
        else:
            yield from read_table(stream, columns=mapping, day_first=day_first)


def show_plan(call: Call, file: Path, steps: Iterable[Step]) -> None:
    """Tell what will become of each person."""
    kinds: dict[str, list[Step]] = {}
    for step in steps:
        kinds.setdefault(step.action, []).append(step)
    for action in ("new", "merge", "doubtful", "refused"):
        found = kinds.get(action, [])
        for step in found if call.verbose else found[:_SHOWN]:
            call.say(_line(file, step))
        if len(found) > _SHOWN and not call.verbose:
            call.say(f"{action}: and {len(found) - _SHOWN} more; --verbose shows them")
    counts = [f"{len(found)} {action}" for action, found in kinds.items()]
    call.say(f"{file.name}: {', '.join(sorted(counts)) or 'nobody in it'}")


def _line(file: Path, step: Step) -> str:
    remarks = f" ({'; '.join(step.remarks)})" if step.remarks else ""
    if step.action == "new":
        return f"new: {step.name} → {step.stem}.yaml{remarks}"
    if step.action == "merge":
        return f"merge: {step.name} → {step.stem}.yaml + {', '.join(step.adds)}{remarks}"
    return f"{step.action}: {file.name}:{step.line}:{step.name and f' {step.name}'}{remarks}"


@dataclass(frozen=True, kw_only=True)
class _Writing:
    """Where changes go: those of one import are taken back together."""

    workspace: Workspace
    keep: int
    batch: str


def _done(writing: _Writing, file: Path, step: Step) -> Step:
    """The step as it turned out."""
    if step.action not in {"new", "merge"}:
        return step
    try:
        fault = _write_new(writing, step) if step.action == "new" else _merge(writing, step)
    except OSError as error:
        fault = f"{step.stem}.yaml: {error.strerror}"
    if fault is None:
        return step
    click.echo(f"error: {file.name}:{step.line}: {step.name}: {fault}", err=True)
    return replace(step, action="refused", remarks=(*step.remarks, fault))


def _write_new(writing: _Writing, step: Step) -> str | None:
    workspace = writing.workspace
    path = workspace.contacts / f"{step.stem}.yaml"
    fields = dict(step.fields)
    photo, fault = _photo(workspace, step)
    if photo:
        fields["photo"] = photo
    content = contact_text(fields, hints=False).encode()
    contact, problems = parse_contact(content, workspace.relative(path))
    if contact is None or problems:
        return "; ".join(problem.message for problem in problems)
    problem = put_new(path, content, workspace=workspace, batch=writing.batch)
    if problem is not None:
        return str(problem)
    _tell_photo(step, fault)
    return None


def _merge(writing: _Writing, step: Step) -> str | None:
    workspace = writing.workspace
    additions = list(step.additions)
    photo, fault = _photo(workspace, step)
    if photo:
        additions.append(Put(keys=("photo",), value=photo))
    _tell_photo(step, fault)
    if not additions:
        return None
    held = hold(workspace.contacts / f"{step.stem}.yaml", workspace=workspace)
    if isinstance(held, Problem):
        return str(held)
    made = change(held, additions, workspace=workspace, keep=writing.keep, batch=writing.batch)
    return str(made) if isinstance(made, Problem) else None


def _tell_photo(step: Step, fault: str | None) -> None:
    if fault is not None:
        click.echo(f"warning: {step.name}: {fault}", err=True)


def _photo(workspace: Workspace, step: Step) -> tuple[str | None, str | None]:
    """Write the photo of a step; its path as contact files give it, or why there is none."""
    if step.photo is None:
        return None, None
    made = small_picture(step.photo)
    if isinstance(made, str):
        return None, made
    number, path = 1, workspace.photos / f"{step.stem}.jpg"
    while path.exists() and path.read_bytes() != made:
        number += 1
        path = workspace.photos / f"{step.stem}-{number}.jpg"
    write_whole(path, made)
    return f"photos/{path.name}", None


def _report(
    documents: Sequence[tuple[Path, Sequence[Step]]], workspace: Workspace, *, dry_run: bool
) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "people": [
            {
                "source": f"{file.name}:{step.line}",
                "name": step.name or None,
                "action": step.action,
                "file": workspace.relative(workspace.contacts / f"{step.stem}.yaml")
                if step.stem
                else None,
                "adds": list(step.adds),
                "remarks": list(step.remarks),
            }
            for file, steps in documents
            for step in steps
        ],
        "problems": [
            Problem(
                file=file.name,
                line=step.line,
                field=step.name,
                message=remark,
                severity="error" if step.action in {"refused", "doubtful"} else "warning",
            ).as_json()
            for file, steps in documents
            for step in steps
            for remark in step.remarks
        ],
    }
