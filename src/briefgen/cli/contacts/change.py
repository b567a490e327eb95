"""Changes to contact files: `briefgen contacts set`, `note`, `edit`, `merge`, `undo`, `forget`."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from briefgen.brief.doubts import doubts_in
from briefgen.brief.signals import read_vocabulary
from briefgen.cli.call import Call, with_call
from briefgen.cli.completion import complete_contact
from briefgen.cli.contacts.lookup import contact_on_file, stem_on_file
from briefgen.cli.questions import Back, reply_yes
from briefgen.contacts.book import ContactFile, parse_contact
from briefgen.contacts.changes import (
    HeldFile,
    Undone,
    change,
    history_folder,
    hold,
    keep_former,
    new_batch,
    put_in_place,
    remove,
    take_back,
    undo,
)
from briefgen.contacts.edits import add_note, merge, set_field, unset_field
from briefgen.contacts.splice import Addition, splice
from briefgen.night import exit_status
from briefgen.upkeep.forget import Traces, find_traces, forget
from briefgen.workspace.folder import only_run
from briefgen.workspace.language import language_of
from briefgen.workspace.phrase import Phrase
from briefgen.workspace.problems import Problem, errors


@click.command("set")
@click.argument("contact", shell_complete=complete_contact)
@click.argument("field")
@click.argument("value", required=False)
@click.option("--unset", is_flag=True, help="Remove FIELD; from a list only VALUE, if given.")
@with_call
def set_value(*, call: Call, contact: str, field: str, value: str | None, unset: bool) -> None:
    """Give FIELD of CONTACT another value: set dana-smith title "COO".

    A field inside another has both names: relationship.status, custom.Contract. To a list the value
    is added: set dana-smith interests sailing. An empty value ("") removes the field, as --unset
    does. briefgen contacts undo undoes it.
    """
    if value is None and not unset:
        call.wrong_use(Phrase("give a value, or --unset to remove the field"))
    found = contact_on_file(call, contact)
    value = (value or "").strip()
    unset = unset or not value
    additions = unset_field(found, field, value) if unset else set_field(found, field, value)
    if isinstance(additions, Problem):
        call.wrong_use(f"{additions.file}: {call.said(additions.message)}")
    problems = _change(call, found, additions) if additions else ()
    changed = {"contact": found.stem, "file": found.file, "field": field}
    call.report({"changed": changed if additions else None}, problems)
    call.report_problems(problems)
    if additions:
        line = f"{found.file}: {field}" + (f": {value}" if value else "")
        call.say(Phrase("{line} (removed)", line=line) if unset else line)
    else:
        call.say("{file}: says so already", file=found.file)


@click.command("note")
@click.argument("contact", shell_complete=complete_contact)
@click.argument("text")
@with_call
def note(*, call: Call, contact: str, text: str) -> None:
    """Add a line to the notes of CONTACT, with today's date: note dana "likes early trains"."""
    if not text.strip():
        call.wrong_use(Phrase("the note is empty"))
    found = contact_on_file(call, contact)
    _change(call, found, add_note(found, text, call.today))
    call.report({"changed": {"contact": found.stem, "file": found.file, "field": "notes"}}, [])
    call.say(
        "{file}: noted. Notes are not printed; for the sheet:\n  {command}",
        file=found.file,
        command=f'briefgen contacts set {found.stem} talking_points "…"',
    )


def _change(call: Call, contact: ContactFile, additions: Sequence[Addition]) -> tuple[Problem, ...]:
    """Splice additions into a contact's file, and return the doubts that they raise.

    Ends with status 1 if it cannot be changed.
    """
    result = change(
        _held(call, call.workspace.root / contact.file),
        additions,
        workspace=call.workspace,
        keep=call.settings.keep.history_versions,
        batch=new_batch(),
    )
    if isinstance(result, Problem):
        _refuse(call, result)
    if contact.is_shared:
        call.say(Phrase("your colleagues can read this file"))
    changed, _ = parse_contact(
        _held(call, call.workspace.root / contact.file).content, contact.file
    )
    before = {one.message for one in _doubts(call, contact)}
    return tuple(one for one in _doubts(call, changed) if one.message not in before)


def _held(call: Call, path: Path) -> HeldFile:
    """A contact's file as it is now; ends with status 1 if it cannot be read."""
    held = hold(path, workspace=call.workspace)
    if isinstance(held, Problem):
        _refuse(call, held)
    return held


def _refuse(call: Call, problem: Problem) -> NoReturn:
    call.refuse([problem], {"changed": None})


@click.command("edit")
@click.argument("contact", shell_complete=complete_contact)
@with_call
def edit(*, call: Call, contact: str) -> None:
    """Open the file of CONTACT in your editor ($VISUAL, $EDITOR), and check it afterwards.

    Its former content is kept: briefgen contacts undo undoes the change.
    """
    folder, keep = call.workspace.contacts, call.settings.keep.history_versions
    stem = stem_on_file(call, contact, lambda stem: folder / f"{stem}.yaml")
    before = _held(call, folder / f"{stem}.yaml")
    after = _edited(call, before)
    if after == before.content:
        call.say("{file}: not changed", file=before.file)
        return
    unkept = keep_former(before, after, workspace=call.workspace, keep=keep, batch=new_batch())
    contact_file, problems = parse_contact(after, before.file)
    problems += _doubts(call, contact_file)
    call.report({"changed": {"contact": stem, "file": before.file}}, problems)
    call.report_problems([*problems, *([unkept] if unkept else [])])
    call.say("{file}: changed", file=before.file)
    call.say("  briefgen contacts undo {what}  undoes it", what=stem)
    if contact_file is None:
        raise SystemExit(exit_status.NOTHING_MADE)


def _doubts(call: Call, contact: ContactFile | None) -> tuple[Problem, ...]:
    """The doubts of `briefgen check` about a file that has just been changed."""
    if contact is None:
        return ()
    vocabulary, _ = read_vocabulary(call.workspace.templates, language_of(call.settings.locale))
    return tuple(doubts_in(contact, call.today, vocabulary))


def _edited(call: Call, before: HeldFile) -> bytes:
    """The file's content after editing; the editor is opened again to correct what is wrong."""
    language = call.language
    at_a_terminal = sys.stdin.isatty() and sys.stdout.isatty() and not call.as_json
    while True:
        run_editor(call, (before.path,))
        now = _held(call, before.path)
        _, problems = parse_contact(now.content, now.file)
        if not (at_a_terminal and errors(problems)):
            return now.content
        call.report_problems(problems)
        try:
            if not reply_yes(language.text("Open it again to correct this?"), language):
                return now.content
        except Back:
            return now.content


def run_editor(call: Call, paths: Sequence[Path]) -> None:
    """Open files in `$VISUAL` or `$EDITOR` and wait until the editor is closed."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or _plain_editor()
    try:
        subprocess.run([*shlex.split(editor), *map(str, paths)], check=False)
    except (OSError, ValueError):
        call.fail(
            "the editor '{editor}' cannot be started; open the file in one of yours", editor=editor
        )


def _plain_editor() -> str:
    """Without a choice, the system's default editor rather than vi, which few know how to leave."""
    found = (name for name in ("sensible-editor", "editor", "nano") if shutil.which(name))
    return next(found, "vi")


@click.command("merge")
@click.argument("contact", shell_complete=complete_contact)
@click.argument("other", shell_complete=complete_contact)
@click.option("--yes", "-y", is_flag=True, help="Do not ask first.")
@click.option("--dry-run", is_flag=True, help="Show what would be added, and change nothing.")
@with_call
def merge_contacts(*, call: Call, contact: str, other: str, yes: bool, dry_run: bool) -> None:
    """Add what the file of OTHER says to the file of CONTACT, and remove OTHER's file.

    Nothing is lost: contradictory values go into the notes, and OTHER's file is kept in
    .briefgen/history/. briefgen contacts undo undoes all of it.
    """
    stays, goes = contact_on_file(call, contact), contact_on_file(call, other)
    if stays.stem == goes.stem:
        call.wrong_use("both are {file}", file=stays.file)
    held, gone = (_held(call, call.workspace.root / one.file) for one in (stays, goes))
    merged = merge(*(_sound(call, one) for one in (held, gone)))
    content = splice(held.content, merged.additions, file=held.file)
    if isinstance(content, Problem):
        _refuse(call, content)
    for one in merged.additions:
        call.say(f"  + {'.'.join(map(str, one.keys))}")
    for noted in merged.noted:
        call.say(
            "  to the notes, since {file} says otherwise: {noted}", file=stays.file, noted=noted
        )
    if dry_run:
        call.say(Phrase("nothing was changed"))
        return
    call.confirm(
        Phrase("Add this to {file}, and remove {other}?", file=stays.file, other=goes.file),
        yes=yes,
    )
    if problem := _write_merged(call, held, content, gone):
        _refuse(call, problem)
    call.report({"merged": {"contact": stays.stem, "removed": goes.stem}}, [])
    call.say(
        "{file}: has it all; {other} is kept in {folder}",
        file=stays.file,
        other=goes.file,
        folder=f".briefgen/history/{goes.stem}/",
    )
    call.say("  briefgen contacts undo {what}  undoes it", what=stays.stem)


def _sound(call: Call, held: HeldFile) -> ContactFile:
    """The contact in a file; ends with status 1 on any fault, since something could be lost."""
    contact, problems = parse_contact(held.content, held.file)
    if contact is None or errors(problems):
        call.report_problems(errors(problems))
        call.fail(Phrase("correct this first, so that nothing is lost"))
    return contact


def _write_merged(call: Call, held: HeldFile, content: bytes, gone: HeldFile) -> Problem | None:
    """Write the one file and remove the other: both, or neither."""
    workspace, keep = call.workspace, call.settings.keep.history_versions
    batch = new_batch()
    problem = put_in_place(held, content, workspace=workspace, keep=keep, batch=batch)
    if problem is not None:
        return problem
    problem = remove(gone, workspace=workspace, keep=keep, batch=batch)
    if problem is not None:
        take_back([held.path], workspace=workspace, batch=batch)
    return problem


@click.command("undo")
@click.argument("contact", required=False, shell_complete=complete_contact)
@with_call
def undo_change(*, call: Call, contact: str | None) -> None:
    """Take the last change back: of CONTACT, or everything that was last changed together.

    A file that the change had made is removed. What is removed is kept in .briefgen/history/. A
    file that was edited since stays as it is.
    """
    workspace = call.workspace
    stem = contact and stem_on_file(call, contact, lambda stem: history_folder(workspace, stem))
    results = undo(workspace, stem)
    done = [result for result in results if isinstance(result, Undone)]
    problems = [result for result in results if isinstance(result, Problem)]
    for one in done:
        what = (
            Phrase("was new, and is removed")
            if one.removed
            else Phrase("was removed, and is restored")
            if one.restored
            else Phrase("the last change is taken back")
        )
        if one.kept:
            kept = Phrase("its former content is kept in {kept}", kept=one.kept)
            what = Phrase("{one}; {other}", one=what, other=kept)
        call.say("{label}: {text}", label=one.file, text=what)
        for line in one.lines:
            call.say(f"  {line}")
    call.report({"undone": [{"file": one.file, "kept": one.kept} for one in done]}, problems)
    call.report_problems(problems)
    if not results:
        call.fail(Phrase("there is no change to take back"))
    if problems:
        raise SystemExit(exit_status.of_parts(len(done), len(problems)))


@click.command("forget")
@click.argument("contact", shell_complete=complete_contact)
@click.option("--dry-run", is_flag=True, help="Only show what would be removed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_call
def forget_contact(*, call: Call, contact: str, dry_run: bool, yes: bool) -> None:
    """Remove CONTACT everywhere: file, photo, history, drafts, briefs, codes, ledger, caches.

    Shows first what will be removed, and asks. It cannot be undone. What is in your calendar, in
    mail already sent, and in backups is beyond briefgen's reach; a file that your colleagues share
    stays, and is named.
    """
    workspace = call.workspace
    place = workspace.contacts
    stem = stem_on_file(call, contact, lambda stem: place / f"{stem}.yaml", with_shared=True)
    try:
        traces = find_traces(workspace, stem)
        _show(call, traces, dry_run=dry_run)
        if dry_run:
            return
        if not yes:
            _ask(call, stem)
        with only_run(call.workspace):
            forget(workspace, traces)
    except OSError as error:
        message = Phrase(
            "{filename}: {reason}; a second run continues from here",
            filename=error.filename,
            reason=error.strerror,
        )
        call.fail(message, exit_status.PARTLY_DONE)
    call.say("{stem} is forgotten", stem=stem)


def _show(call: Call, traces: Traces, *, dry_run: bool) -> None:
    workspace = call.workspace
    files = [workspace.relative(path) for path in (*traces.files, *traces.caches)]
    briefs = [
        workspace.relative(workspace.briefings / day.day.isoformat() / name)
        for day in traces.days
        for name in day.files
    ]
    codes = [code for day in traces.days for code in day.codes]
    told = {
        "contact": traces.stem,
        "dry_run": dry_run,
        "files": [*files, *briefs],
        "codes": codes,
        "deliveries": traces.entries,
        "logs": [workspace.relative(log) for log in traces.logs],
    }
    call.report(told, traces.mentions)
    for file in (*files, *briefs):
        call.say("removes {file}", file=file)
    if codes:
        call.say("removes the codes {codes}", codes=tuple(codes))
    if traces.entries:
        call.say(
            Phrase.plural(
                "removes their name from {count} entry of the ledger",
                "removes their name from {count} entries of the ledger",
                traces.entries,
            )
        )
    for log in traces.logs:
        call.say("removes the lines that name them from {log}", log=workspace.relative(log))
    call.report_problems(traces.mentions)


def _ask(call: Call, stem: str) -> None:
    try:
        agreed = call.answers_yes(
            Phrase("Forget {stem}? This cannot be undone", stem=stem), default=False, err=True
        )
    except click.Abort:
        call.wrong_use(Phrase("there is nobody to answer; nothing was removed; use --yes"))
    if not agreed:
        call.fail(Phrase("nothing removed"), exit_status.DONE)
