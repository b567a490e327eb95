"""An import written into files: all of it is prepared first, then written, or all taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from briefgen.contacts.book import parse_contact, parse_organization
from briefgen.contacts.changes import HeldFile, hold, new_batch, put_in_place, put_new, take_back
from briefgen.contacts.edits import contact_text, organization_text
from briefgen.contacts.exchange.additions import Remembered, remember
from briefgen.contacts.exchange.plan import Plan, Step
from briefgen.contacts.pictures import small_picture
from briefgen.contacts.splice import Put, splice
from briefgen.workspace.atomic import write_whole
from briefgen.workspace.folder import Workspace
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, unwritten
from briefgen.workspace.progress import waiting


@dataclass(frozen=True, kw_only=True)
class Change:
    """A file's new text, to be written together with others or not at all.

    Attributes:
        held: the file as it was read; None if it is new.
        picture: a JPEG for it, and where to put it.
        whose: the name of the person it is about.
    """

    path: Path
    content: bytes = field(default=b"", repr=False)
    held: HeldFile | None = field(default=None, repr=False)
    picture: tuple[Path, bytes] | None = field(default=None, repr=False)
    whose: str = ""


@dataclass(frozen=True, kw_only=True)
class Prepared(Step):
    """A step, with what it will write."""

    change: Change


def prepare(plan: Plan, workspace: Workspace) -> Plan:
    """The plan with each file's new text, checked by the reader; nothing is written.

    People who cannot be taken are refused.
    """
    steps = []
    with waiting(len(plan.steps), Phrase("Preparing contacts")) as progress:
        for step in plan.steps:
            is_work = step.action in {"new", "merge"}
            steps.append(_prepared(step, workspace) if is_work else step)
            progress(1)
    return replace(plan, steps=tuple(steps))


def _prepared(step: Step, workspace: Workspace) -> Step:
    folder = workspace.organizations if step.is_organization else workspace.contacts
    change = Change(path=folder / f"{step.stem}.yaml", whose=step.name)
    step, picture = _with_picture(step, workspace)
    change = replace(change, picture=picture)
    outcome = (_new_text if step.action == "new" else _merged_text)(step, change, workspace)
    if isinstance(outcome, str):
        remarks = (*step.remarks, f"{step.stem}.yaml {outcome}")
        return replace(step, action="refused", remarks=remarks)
    if outcome.held and outcome.held.content == outcome.content:
        return replace(step, action="unchanged", adds=())
    return Prepared(**vars(step), change=outcome)


def _with_picture(step: Step, workspace: Workspace) -> tuple[Step, tuple[Path, bytes] | None]:
    """The step and its photo, made small; one that cannot be used is only a remark."""
    if step.photo is None:
        return step, None
    made = small_picture(step.photo)
    step = replace(step, photo=None)
    if isinstance(made, str):
        adds = tuple(name for name in step.adds if name != "photo")
        return replace(step, adds=adds, remarks=(*step.remarks, made)), None
    number, path = 1, workspace.photos / f"{step.stem}.jpg"
    while path.exists() and path.read_bytes() != made:
        number += 1
        path = workspace.photos / f"{step.stem}-{number}.jpg"
    return step, (path, made)


def _photo_field(change: Change) -> str | None:
    return f"photos/{change.picture[0].name}" if change.picture else None


def _new_text(step: Step, change: Change, workspace: Workspace) -> Change | str:
    file = workspace.relative(change.path)
    if step.is_organization:
        content = organization_text(step.fields).encode()
        _, problems = parse_organization(content, file)
    else:
        fields = {**step.fields, "photo": _photo_field(change)}
        content = contact_text(fields, hints=False).encode()
        _, problems = parse_contact(content, file)
    if problems:
        return "; ".join(problem.message for problem in problems)
    return replace(change, content=content)


def _merged_text(step: Step, change: Change, workspace: Workspace) -> Change | str:
    held = hold(change.path, workspace=workspace)
    if isinstance(held, Problem):
        return held.message
    additions = list(step.additions)
    if photo := _photo_field(change):
        additions.append(Put(keys=("photo",), value=photo))
    made = splice(held.content, additions, file=held.file)
    return made.message if isinstance(made, Problem) else replace(change, held=held, content=made)


def write_all(plan: Plan, workspace: Workspace, *, keep: int, remember_all: bool) -> Problem | None:
    """Write a prepared plan: all of it, or nothing.

    If a file cannot be written, those before it are taken back; the answer says which it was. With
    `remember_all`, a later import can take over changes in the cards.
    """
    work = [step.change for step in plan.steps if isinstance(step, Prepared)]
    problem = write_changes(work, workspace, keep=keep)
    if problem is None and remember_all:
        return _remember(plan, workspace)
    return problem


def write_changes(changes: Sequence[Change], workspace: Workspace, *, keep: int) -> Problem | None:
    """Write all of the changes, or none; the answer says which could not be written."""
    batch = new_batch()
    written: list[Path] = []
    pictures: list[Path] = []
    with waiting(len(changes), Phrase("Writing contacts")) as progress:
        for change in changes:
            problem = _write_picture(change, workspace, pictures)
            problem = problem or _write(change, workspace, batch, keep=keep)
            if problem is not None:
                take_back([*written, change.path], workspace=workspace, batch=batch)
                for picture in pictures:
                    picture.unlink(missing_ok=True)
                message = Phrase(
                    "{message_}; nothing of this import is kept", message_=problem.message
                )
                return replace(problem, field=change.whose, message=message)
            written.append(change.path)
            progress(1)
    return None


def _write_picture(change: Change, workspace: Workspace, written: list[Path]) -> Problem | None:
    if change.picture is None or change.picture[0].exists():
        return None
    place, content = change.picture
    written.append(place)
    try:
        write_whole(place, content)
    except OSError as error:
        return unwritten(workspace.relative(place), error)
    return None


def _write(change: Change, workspace: Workspace, batch: str, *, keep: int) -> Problem | None:
    if change.held is None:
        return put_new(change.path, change.content, workspace=workspace, batch=batch)
    return put_in_place(change.held, change.content, workspace=workspace, keep=keep, batch=batch)


def _remember(plan: Plan, workspace: Workspace) -> Problem | None:
    for step in plan.steps:
        taken = step.action in {"new", "merge", "unchanged"} and not step.is_organization
        if taken and step.stem and step.incoming is not None:
            try:
                remember(workspace, Remembered.of(step.incoming, step.stem))
            except OSError as error:
                message = Phrase(
                    "cannot be written: {reason}; the contacts are written", reason=error.strerror
                )
                return unwritten(".briefgen/imported", error, message)
    return None
